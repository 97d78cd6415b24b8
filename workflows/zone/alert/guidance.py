"""What leads on in an alert, what opens a gate, what the staff are told. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.message import HANDLERS, Audience, Topic
from mediation_engine.domain.proposal import Proposed, Usual
from mediation_engine.domain.workflow import Guidance

from ...vocabulary import Dispute
from ..outcome import LinkCase, RecordNotAgreed, ReferToMediation
from ..vocabulary import RUNNING
from .contact import RecordContact
from .disposal import FinishAlert
from .disposal import S as DisposalState
from .facts import facts_of
from .feedback import TellPolice
from .inbox import PushAlert, RerouteAlert, SignForAlert
from .inbox import S as InboxState
from .involved import AddInvolved
from .outcome import EscalateToPanel, SettleOnSpot
from .papers import PAPERS
from .vocabulary import ContactResult, Standing, Trouble, Urgency

ALL = HANDLERS | {Audience.LEAD}
TOPICS: Mapping[str, Topic] = {
    "inbox": Topic(words="警情还没有签收", to=ALL, step="SignForAlert", urgent=True),
    "AlertPushed": Topic(words="有新的警情，请签收", to=ALL, step="SignForAlert", urgent=True),
    "AlertRerouted": Topic(words="有警情改派过来，请签收", to=ALL, step="SignForAlert", urgent=True),
    "AlertReturned": Topic(to=ALL),
    "EscalatedToPanel": Topic(to=ALL),
    "TalksResumed": Topic(to=HANDLERS),
    "AgreementReported": Topic(words="案件已达成协议，请反馈公安", to=HANDLERS, step="TellPolice"),
    "PerformanceReported": Topic(words="协议已履行，请反馈公安", to=HANDLERS, step="TellPolice"),
    "BreachReported": Topic(words="没有按协议履行，请反馈公安", to=ALL, step="TellPolice"),
    "FailureReported": Topic(words="没有调成，请反馈公安", to=ALL, step="TellPolice"),
}
"""By kind of what falls due, and by name of the event."""


def number_of(command: Command) -> tuple[str, ...] | None:
    """By what number an alert is known to the police."""
    return (command.number,) if isinstance(command, PushAlert) and command.number else None


def _is(case: Case, phase: str, *states: object) -> bool:
    return case.phase.startswith(f"{phase}/") and case.state(case.phase) in {getattr(it, "value", "") for it in states}


def _unsigned(case: Case, _: date) -> Iterator[Proposed]:
    if _is(case, "inbox", InboxState.PUSHED):
        why = "重大警情，当即报告" if facts_of(case).urgency is Urgency.MAJOR else ""
        yield Proposed(why=why)


def _unreached(case: Case) -> list[str]:
    """Those on either side (keys) whom nobody has reached; where it was not written whom, it was all."""
    facts = facts_of(case)
    reached = {it.whom for it in facts.contacts.values() if it.result is not ContactResult.NOT_MET}
    sides = [key for key, it in facts.involved.items() if it.standing in (Standing.REPORTER, Standing.OTHER)]
    return [] if None in reached else [key for key in sides if key not in reached]


def _uncontacted(case: Case, _: date) -> Iterator[Proposed]:
    if _is(case, "disposal", DisposalState.TO_CONTACT):
        first = _unreached(case)[:1]
        yield Proposed(why="先稳住人", form=tuple(("whom", key) for key in first))
    elif _is_undisposed(case):
        for key in _unreached(case):
            yield Proposed(about=(key,), why="还没有联系上", form=(("whom", key),))


def _untold(case: Case, _: date) -> Iterator[Proposed]:
    for key in facts_of(case).untold():
        outcome = facts_of(case).outcomes[key]
        yield Proposed(about=(key,), why=outcome.state.label, form=(("outcome", key),))


def _lost(case: Case, _: date) -> Iterator[Proposed]:
    for key, outcome in facts_of(case).outcomes.items():
        if outcome.is_lost:
            yield Proposed(on=(key,), why="没有找到要并入的案件，记下来再重新并入")


def _is_undisposed(case: Case) -> bool:
    return _is(case, "disposal", DisposalState.IN_HAND) and not facts_of(case).outcomes


def _settled(case: Case, _: date) -> Iterator[Proposed]:
    if _is_undisposed(case):
        yield Proposed(why="当场说好了，不用另外立案的")


def _referred(case: Case, _: date) -> Iterator[Proposed]:
    if _is_undisposed(case):
        yield Proposed(why="要立字据、分期付款，或者一时谈不好的")


def _over(case: Case, _: date) -> Iterator[Proposed]:
    outcomes = facts_of(case).outcomes.values()
    if _is(case, "disposal", DisposalState.IN_HAND) and outcomes and not any(it.state in RUNNING for it in outcomes):
        yield Proposed()


NEXT = (
    Usual(SignForAlert, _unsigned),
    Usual(RecordContact, _uncontacted),
    Usual(TellPolice, _untold),
    Usual(RecordNotAgreed, _lost),
    Usual(SettleOnSpot, _settled),
    Usual(ReferToMediation, _referred),
    Usual(FinishAlert, _over),
)
OPENS: Mapping[str, tuple[type[Command], ...]] = {
    "both_named": (AddInvolved,),
    "is_disposed_of": (SettleOnSpot, ReferToMediation, EscalateToPanel, LinkCase),
    "has_pair": (RerouteAlert,),
}


DISPUTES: Mapping[Trouble, Dispute] = {
    Trouble.FIGHT: Dispute.DAMAGE,
    Trouble.DEBT: Dispute.CONTRACT,
    Trouble.WAGES: Dispute.LABOUR_PAY,
    Trouble.FAMILY: Dispute.FAMILY,
    Trouble.NEIGHBOUR: Dispute.NEIGHBOUR,
    Trouble.TRAFFIC: Dispute.TRAFFIC,
    Trouble.DAMAGE: Dispute.DAMAGE,
    Trouble.CONSUMER: Dispute.CONSUMER,
}
"""What a form begins with: which dispute an alert mostly is."""


def usual_dispute(case: Case, _key: str) -> Mapping[str, str]:
    """By what the alert is about; nothing where that does not say."""
    dispute = DISPUTES.get(facts_of(case).trouble or Trouble.OTHER)
    return {"dispute": dispute.code} if dispute else {}


def to_print(case: Case) -> Iterator[tuple[str, str]]:
    """What goes to the police with what they are told; the parties' own, where all is performed."""
    for key in facts_of(case).untold():
        for paper in PAPERS:
            if paper.when(case, key):
                yield paper.code, key


GUIDANCE = Guidance(
    from_elsewhere=frozenset({"outcome"}),
    for_several={"RecordContact": "whom"},
    opens=OPENS,
    next=NEXT,
    usual={"ReferToMediation": usual_dispute, "EscalateToPanel": usual_dispute},
    prints=to_print,
    also_called={
        "SignForAlert": ("接收", "收到"),
        "RecordContact": ("上门", "走访", "打电话", "稳控"),
        "ReferToMediation": ("立案", "转案"),
        "TellPolice": ("反馈单", "回复派出所"),
    },
    met_in_form=frozenset(
        {"another_district", "signed_by_deputy", "has_result", "none_in_mediation", "nothing_running"}
    ),
)
