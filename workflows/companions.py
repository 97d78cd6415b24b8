"""Steps that happen at one sitting, by the step on whose form they stand. Tells people their way; decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mediation_engine.domain.case import machine_of
from mediation_engine.domain.companion import Companion, Filling, Sitting, fields
from mediation_engine.domain.people import PartyKind

from .facts import STANDING, facts_of
from .parts.agreement import DraftAgreement, ReachAgreement, SignAsMediator
from .parts.block import RecordTalk
from .parts.call import RecordCall
from .parts.capacity import EnterCapacity
from .parts.confirmation import ConfirmAgreement, RecordSignatures
from .parts.member import AgreeToMember, SeatMember
from .parts.obligation import RecordPerformance
from .parts.party import TellRights
from .parts.payment import RecordPayment
from .parts.queries import in_dispute
from .parts.risk import RaiseRisk, ReportRisk
from .parts.session import RecordSession, ScheduleSession
from .parts.states import AgreementState, CapacityState, MemberState, ObligationState, SessionState
from .parts.visit import RecordVisit
from .phases.follow_up import CloseAsPerformed
from .phases.intake import RegisterCase
from .vocabulary import CapacityKind, Side

# -- rights


def _untold(sitting: Sitting) -> Iterator[str]:
    facts = facts_of(sitting.case)
    return (key for key in in_dispute(sitting.case) if facts.parties[key].told_rights is None)


def _was_there(sitting: Sitting, party: str) -> bool:
    return isinstance(sitting.given, RecordTalk) and party in sitting.given.whom


def _is_acted_for(sitting: Sitting, party: str) -> bool:
    return isinstance(sitting.given, EnterCapacity) and party in sitting.given.principals


def _applying(sitting: Sitting) -> Iterator[str]:
    """The applicants, as they will be numbered: in a case that was applied for some are there already."""
    facts, given = facts_of(sitting.case), sitting.given
    yield from (key for key in in_dispute(sitting.case) if facts.parties[key].side is Side.APPLICANT)
    there = {party.person for party in facts.parties.values()}
    new = [row for row in given.named if row.person not in there] if isinstance(given, RegisterCase) else []
    for number, row in enumerate(new, sitting.case.counts.get("party", 0) + 1):
        if row.side is Side.APPLICANT:
            yield f"party/{number}"


# -- who came for a firm


def _unrepresented(sitting: Sitting) -> Iterator[None]:
    """One, where a firm that may have been spoken to has nobody who acts for it."""
    facts, given = facts_of(sitting.case), sitting.given
    acted_for = {
        principal
        for key, held in facts.capacities.items()
        if sitting.case.is_in(key, CapacityState.STANDING)
        for principal in held.principals
    }
    met = given.party if isinstance(given, RecordTalk) else None
    firms = (key for key in in_dispute(sitting.case) if facts.parties[key].kind is PartyKind.ENTERPRISE)
    if any(key not in acted_for and met in (None, key) for key in firms):
        yield None


def _of_whom(sitting: Sitting) -> Filling:
    """For whom somebody came: who was spoken to."""
    given = sitting.given
    return {"principals": (given.party,)} if isinstance(given, RecordTalk) and given.party else {}


def _employee(_: Sitting) -> Filling:
    """Mostly an employee; for whom is not guessed, it is who was spoken to."""
    return {"kind": CapacityKind.EMPLOYEE.code, "principals": ()}


# -- the next session


def _not_called(sitting: Sitting) -> Iterator[None]:
    """One, where no session is called but this one."""
    called = (k for k in sitting.case.of("session") if sitting.case.is_in(k, SessionState.SCHEDULED))
    if not [key for key in called if key not in sitting.on]:
        yield None


def _of_session(sitting: Sitting) -> tuple[str, ...]:
    """What a joint consultation is called with, too (四定)."""
    is_consultation = machine_of(sitting.case.phase) == "consultation"
    return ("planned", "planned_at", "place", *(("topic", "plan") if is_consultation else ()))


# -- the agreement


def _to_come(sitting: Sitting) -> Iterator[str]:
    yield sitting.next_of("agreement")


def _yes(_: Sitting) -> bool:
    return True


def _unsigned(sitting: Sitting) -> Iterator[str]:
    """Texts that wait for the mediator's own signature."""
    for key, held in facts_of(sitting.case).agreements.items():
        if held.mediator_signed is None and sitting.case.is_in(key, AgreementState.DRAFTED):
            yield key


def _is_signed(sitting: Sitting, agreement: str) -> bool:
    given = sitting.given
    rows = given.signatures if isinstance(given, RecordSignatures) else ()
    confirmations = facts_of(sitting.case).confirmations
    signed = (confirmations.get(key) for key in (*sitting.on, *(row.confirmation for row in rows)))
    return any(it is not None and it.agreement == agreement for it in signed)


def _is_his(sitting: Sitting) -> bool:
    """The signature is the own act of who handles the case."""
    return facts_of(sitting.case).lead_mediator() == sitting.actor


# -- the end


def _last(sitting: Sitting) -> Iterator[str]:
    """The phase, where nothing more falls due later."""
    case, owed = sitting.case, facts_of(sitting.case).obligations
    waiting = (owed[key] for key in owed if case.is_in(key, ObligationState.PENDING))
    later = any(it.due is not None and it.due > sitting.today and it.kind not in STANDING for it in waiting)
    if machine_of(case.phase) == "follow_up" and not later:
        yield case.phase


# -- danger, and the panel


def _risk(sitting: Sitting) -> Iterator[str]:
    yield sitting.next_of("risk")


def _invited(sitting: Sitting) -> Iterator[str]:
    return (key for key in sitting.case.of("member") if sitting.case.is_in(key, MemberState.INVITED))


def _is_on(sitting: Sitting, key: str) -> bool:
    return key in sitting.on


RIGHTS = "同时：告知权利义务"
NEXT_SESSION = Companion(
    command=ScheduleSession, words="同时：约好开会的日子（安排会议）", about=_not_called, asks=_of_session
)
SIGNATURE = Companion(
    command=SignAsMediator,
    words="同时：调解员签名",
    about=_unsigned,
    concerns=_is_signed,
    nobody="上面没有勾谁签了这份协议",
    ticked=_is_his,
)
CLOSING = Companion(command=CloseAsPerformed, words="都履行完了，同时：履行完毕结案", about=_last, at_once=False)

COMPANIONS: Mapping[str, tuple[Companion, ...]] = {
    RegisterCase.name(): (
        Companion(command=TellRights, words="同时：告知权利义务（给来登记的申请人）", about=_applying),
    ),
    RecordTalk.name(): (
        Companion(
            command=TellRights,
            words=RIGHTS,
            about=_untold,
            concerns=_was_there,
            nobody="在场的都已经告知过，不用再告知；请去掉这一项的勾",
            asks=fields("manner"),
        ),
        Companion(
            command=EnterCapacity,
            words="同时：登记代理与代表（谁代单位来谈的）",
            about=_unrepresented,
            asks=fields("person", "kind", "settle", "paper", "paper_day"),
            begins=_employee,
            follows=_of_whom,
        ),
        NEXT_SESSION,
    ),
    EnterCapacity.name(): (
        Companion(
            command=TellRights,
            words=RIGHTS,
            about=_untold,
            concerns=_is_acted_for,
            nobody="所代的当事人都已经告知过，不用再告知；请去掉这一项的勾",
            asks=fields("manner"),
        ),
    ),
    RecordSession.name(): (NEXT_SESSION,),
    ReachAgreement.name(): (
        Companion(
            command=DraftAgreement,
            words="同时：照此拟定协议书（各方都签）",
            about=_to_come,
            ticked=_yes,
        ),
    ),
    RecordSignatures.name(): (SIGNATURE,),
    ConfirmAgreement.name(): (SIGNATURE,),
    RecordPayment.name(): (CLOSING,),
    RecordPerformance.name(): (CLOSING,),
    RecordCall.name(): (CLOSING,),
    RecordVisit.name(): (CLOSING,),
    RaiseRisk.name(): (
        Companion(command=ReportRisk, words="同时：报告激化风险", about=_risk, asks=fields("receiver", "note")),
    ),
    AgreeToMember.name(): (Companion(command=SeatMember, words="同时：成员加入会诊", about=_invited, concerns=_is_on),),
}
"""By name of a command: what goes together with it, in the order of the form."""
