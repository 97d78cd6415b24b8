"""回访是否及时: visits of the plan, and urging what is overdue (人民调解法 第31条; 人民调解工作若干规定 第36、37条)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.self_check import CheckFinding, CheckReading, Mend, Weight

from ..facts import facts_of
from ..parts.queries import binds
from ..parts.states import VISIT_AHEAD, ObligationState, VisitState
from ..vocabulary import TermKind
from .heads import CheckHead, marked, rule


def _late(reading: CheckReading) -> Iterator[CheckFinding]:
    last = reading.today - timedelta(days=reading.policy["visit_days_late"])
    for key, visit in facts_of(reading.case).visits.items():
        if reading.case.is_in(key, *VISIT_AHEAD) and visit.due is not None and visit.due < last:
            words = f"{reading.thing(key)}：应在{day_words(visit.due)}，已过{(reading.today - visit.due).days}天"
            tried = f"（没有联系上{visit.attempts}次）" if visit.attempts else ""
            yield CheckFinding(about=key, words=words + tried, mends=(Mend(step="RecordVisit", on=(key,)),))


def _never(reading: CheckReading) -> Iterator[CheckFinding]:
    """The case is closed, all visits were cancelled, and none was made."""
    case, facts = reading.case, facts_of(reading.case)
    for key in (key for key in facts.agreements if binds(case, key)):
        planned = [k for k, v in facts.visits.items() if v.agreement in (key, None)]
        given_up = bool(planned) and all(case.is_in(k, VisitState.CANCELLED) for k in planned)
        if facts.closed is not None and given_up:
            words = f"{reading.numbered(key)}生效后一次也没有走访，计划的走访都取消了"
            yield CheckFinding(about=key, words=words, mends=(Mend(step="PlanVisit"),))


def _not_urged(reading: CheckReading) -> Iterator[CheckFinding]:
    case, facts = reading.case, facts_of(reading.case)
    last = reading.today - timedelta(days=reading.policy["overdue_days"])
    for key, owed in facts.obligations.items():
        late = case.is_in(key, ObligationState.PENDING, ObligationState.BREACHED) and owed.due and owed.due < last
        told = owed.remedy_told or (owed.payee in facts.parties and facts.parties[owed.payee].remedy_told)
        if late and owed.kind in (TermKind.PAY, TermKind.ACT) and not owed.urgings and not told:
            assert owed.due is not None
            words = f"{reading.thing(key)}：应在{day_words(owed.due)}前履行，没有履行，没有督促，也没有告知可以起诉"
            mends = (Mend(step="UrgePerformance", on=(key,)), Mend(step="RecordPerformance", on=(key,)))
            yield CheckFinding(about=key, words=words, mends=mends)


RULES = (
    rule(
        code="marked_visits",
        label="走访注明的瑕疵",
        tells="记走访时就注明不合规的",
        basis="人民调解工作若干规定 第36条",
        head=CheckHead.VISITS,
        weight=Weight.LIGHT,
        finds=marked("visit"),
    ),
    rule(
        code="visit_late",
        label="走访逾期",
        tells="计划的走访过了几天还没有做（多少天由本室规定）",
        basis="人民调解工作若干规定 第36条",
        head=CheckHead.VISITS,
        weight=Weight.MIDDLE,
        finds=_late,
    ),
    rule(
        code="never_visited",
        label="一次也没有走访",
        tells="已结案，计划的走访全部取消，一次也没有做",
        basis="人民调解工作若干规定 第36条",
        head=CheckHead.VISITS,
        weight=Weight.MIDDLE,
        finds=_never,
    ),
    rule(
        code="overdue_not_urged",
        label="逾期没有督促",
        tells="义务过了期限好几天没有履行，没有督促的记录，也没有告知权利人可以起诉",
        basis="人民调解法 第31条、人民调解工作若干规定 第37条",
        head=CheckHead.VISITS,
        weight=Weight.MIDDLE,
        finds=_not_urged,
    ),
)
