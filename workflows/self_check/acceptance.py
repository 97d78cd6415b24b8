"""受理是否合法 (人民调解工作若干规定 第22—24条)."""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.self_check import CheckFinding, CheckReading, Mend, Weight

from ..facts import facts_of
from ..phases.intake import DeclineCase
from .heads import CheckHead, marked, rule


def _met_before(reading: CheckReading) -> Iterator[CheckFinding]:
    facts = facts_of(reading.case)
    for key, session in facts.sessions.items():
        if session.held and facts.accepted and session.counts and session.held.is_before(facts.accepted):
            words = f"{reading.numbered(key)}（{session.held.words()}）早于受理（{facts.accepted.words()}）"
            yield CheckFinding(about=key, words=words, mends=_lines_on(reading, key))


def _lines_on(reading: CheckReading, key: str) -> tuple[Mend, ...]:
    """The last line on an instance, to be corrected."""
    return (Mend(line=reading.case.instances[key].version),)


def _declined_untold(reading: CheckReading) -> Iterator[CheckFinding]:
    for line in reading.steps(DeclineCase):
        given = reading.commands(line.instance)[-1]
        if isinstance(given, DeclineCase) and given.told is None:
            yield CheckFinding(words="不予受理，没有写明怎样告知申请人找哪里", mends=(Mend(line=line.version),))


RULES = (
    rule(
        code="marked_acceptance",
        label="受理时注明的瑕疵",
        tells="登记、受理、当事人各步记录时就注明不合规的",
        basis="人民调解工作若干规定 第23条",
        head=CheckHead.ACCEPTANCE,
        weight=Weight.MIDDLE,
        finds=marked("intake", "party", "assignment"),
    ),
    rule(
        code="met_before_acceptance",
        label="受理前就开了会",
        tells="记录的会议日期早于受理日期：要么日期写错，要么是先调解后补手续",
        basis="人民调解工作若干规定 第23条",
        head=CheckHead.ACCEPTANCE,
        weight=Weight.MIDDLE,
        finds=_met_before,
    ),
    rule(
        code="declined_untold",
        label="不予受理没有告知",
        tells="不予受理的，没有写明告知申请人可以找哪个机关或法院",
        basis="人民调解工作若干规定 第24条",
        head=CheckHead.ACCEPTANCE,
        weight=Weight.MIDDLE,
        finds=_declined_untold,
    ),
)
