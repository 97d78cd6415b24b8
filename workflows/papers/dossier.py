"""一案一卷: the places of a dossier, which of them every case fills, and from when on (人民调解法 第27条).

The form knows papers that every dossier has and papers as needed. Which are wanted by now follows from what is on
record: a paper is never asked for before what it tells has happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mediation_engine.domain.case import Case
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.paper import DossierRule

from ..facts import Exhibit, facts_of
from ..parts.queries import in_dispute
from ..parts.states import CapacityState, ExhibitState, PaymentState, ProceedingState, SessionState, VisitState
from ..vocabulary import DossierPlace


def _accepted(case: Case) -> bool:
    return facts_of(case).accepted is not None


def _any(case: Case, machine: str, *states: object) -> bool:
    return any(case.is_in(key, *states) for key in case.of(machine))  # type: ignore[arg-type]


def _somebody_acts(case: Case) -> bool:
    return _any(case, "capacity", CapacityState.STANDING, CapacityState.ENDED, CapacityState.REPLACED)


def _met(case: Case) -> bool:
    return _any(case, "session", SessionState.HELD)


def _agreed_or_told(case: Case) -> bool:
    """An agreement took effect, or it was told what else is open after the talks came to nothing."""
    facts = facts_of(case)
    return any(a.effective for a in facts.agreements.values()) or any(p.remedy_told for p in facts.parties.values())


def _paid(case: Case) -> bool:
    return _any(case, "payment", PaymentState.RECORDED)


def _visited(case: Case) -> bool:
    return _any(case, "visit", VisitState.DONE)


def _in_court(case: Case) -> bool:
    return _any(case, "proceeding", ProceedingState.CONFIRMED, ProceedingState.OBJECTED, ProceedingState.DISMISSED)


def _never(case: Case) -> bool:
    return False


DOSSIER = (
    DossierRule(place=DossierPlace.APPLICATION, must=True, wanted=_accepted, since="受理后"),
    DossierRule(place=DossierPlace.RIGHTS, must=True, wanted=_accepted, since="受理后", each=True),
    DossierRule(place=DossierPlace.IDENTITY, must=True, wanted=_accepted, since="受理后", each=True),
    DossierRule(place=DossierPlace.AUTHORITY, must=False, wanted=_somebody_acts, since="有人代理或代表时"),
    DossierRule(place=DossierPlace.INQUIRY, must=False, wanted=_never, since="作过调查时"),
    DossierRule(place=DossierPlace.EVIDENCE, must=False, wanted=_never, since="当事人交来时"),
    DossierRule(place=DossierPlace.MINUTES, must=True, wanted=_met, since="开过会后"),
    DossierRule(place=DossierPlace.AGREEMENT, must=True, wanted=_agreed_or_told, since="协议生效或告知终止后"),
    DossierRule(place=DossierPlace.RECEIPT, must=False, wanted=_paid, since="有付款后"),
    DossierRule(place=DossierPlace.VISIT, must=False, wanted=_visited, since="走访后"),
    DossierRule(place=DossierPlace.CONFIRMATION, must=False, wanted=_in_court, since="法院或仲裁有结果后"),
    DossierRule(place=DossierPlace.NOTES, must=False, wanted=_never, since="有要说明的时"),
)
"""In the order of the dossier."""

NAMED_BY: Mapping[Labelled, tuple[str, ...]] = {
    DossierPlace.APPLICATION: ("申请书", "登记表", "申请", "登记"),
    DossierPlace.RIGHTS: ("告知书", "权利义务", "告知"),
    DossierPlace.IDENTITY: ("身份证", "身份", "户口", "营业执照", "护照", "法定代表人", "执照"),
    DossierPlace.AUTHORITY: ("授权委托书", "授权", "委托", "推选"),
    DossierPlace.INQUIRY: ("调查",),
    DossierPlace.EVIDENCE: ("证据", "欠条", "借条", "工资条", "劳动合同", "考勤", "聊天", "对账"),
    DossierPlace.MINUTES: ("笔录", "调解记录", "会议记录"),
    DossierPlace.AGREEMENT: ("调解协议", "协议", "签名册"),
    DossierPlace.RECEIPT: ("收条", "收据", "回单", "汇款", "转账", "付款凭证", "凭证"),
    DossierPlace.VISIT: ("回访", "走访"),
    DossierPlace.CONFIRMATION: ("司法确认", "裁定书", "裁定", "送达地址"),
    DossierPlace.NOTES: ("情况说明", "送达回证", "调解报告", "说明"),
}
"""Words by which the name of a file tells where it belongs; of several the longest does."""


def filed(case: Case) -> dict[str, Exhibit]:
    """The exhibits that lie in the dossier, by instance."""
    held = facts_of(case).exhibits
    return {key: it for key, it in held.items() if case.is_in(key, ExhibitState.FILED) and not it.erased}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A place that should be filled by now, and is not."""

    rule: DossierRule
    of: tuple[str, ...] = ()
    """The parties (keys) whose own is missing, where others have theirs; empty where nothing lies there."""


def missing(case: Case, rules: Sequence[DossierRule]) -> list[Gap]:
    """What is missing by now, in order."""
    found = (_gap(case, rule) for rule in rules if rule.wanted(case))
    return [gap for gap in found if gap is not None]


def _gap(case: Case, rule: DossierRule) -> Gap | None:
    """What is about no party in particular is for all of them."""
    there = [it for it in filed(case).values() if it.place is rule.place]
    if not there:
        return Gap(rule=rule)
    whose = {it.party for it in there}
    of = tuple(key for key in in_dispute(case) if key not in whose) if rule.each and None not in whose else ()
    return Gap(rule=rule, of=of) if of else None
