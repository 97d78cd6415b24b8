"""Makes the golden histories and the pinned fingerprints anew: `make golden`. The difference is read by eye."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import msgspec

import workflows
from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.adapters.plugins import installed_workflows
from mediation_engine.clock import FixedClock
from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.correcting import CorrectOrder, StrikeOrder
from mediation_engine.domain.fields import Readers, Text
from mediation_engine.domain.matter import CASE
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.export.case_file import write_case
from mediation_engine.rules.fingerprint import rules_of
from mediation_engine.services.maintenance import case_file
from workflows.facts import BatchRow, Term
from workflows.parts.agreement import (
    AbandonAgreement,
    AdoptOrally,
    AffixSeal,
    AmendAgreement,
    DraftAgreement,
    ReachAgreement,
    SignAsMediator,
    SplitOff,
    WaivePaper,
)
from workflows.parts.assignment import (
    AcceptRecused,
    AddHelper,
    AskForChange,
    AssignMediator,
    ChangeGround,
    EndHelp,
    GrantChange,
    HandOverAssignment,
    Helping,
    RecusalGround,
    RecuseMediator,
    RefuseChange,
    TakeCase,
    WithdrawWish,
)
from workflows.parts.batch import RecordBatch
from workflows.parts.block import MarkSettled, RecordTalk
from workflows.parts.call import Answered, RecordCall
from workflows.parts.capacity import DisownCapacity, EndCapacity, RatifyCapacity
from workflows.parts.cohort import DeclareCohort
from workflows.parts.confirmation import (
    ConfirmOnline,
    DeclineToSign,
    Denial,
    DisownConfirmation,
    RaiseObjection,
    RatifyConfirmation,
    RecordDenial,
    RecordGenuine,
    RecordOpinion,
    RecordSignatures,
    Signature,
)
from workflows.parts.custody import HoldForPayee
from workflows.parts.data_request import AskForCorrection, CloseDataRequest
from workflows.parts.delivery import DeliverPaper, RecordReceipt, RecordUndelivered, SendPaper
from workflows.parts.erasure import EraseExhibits, ErasureGround
from workflows.parts.exhibit import FileExhibit, HandInExhibit, SupersedeExhibit, WithdrawExhibit
from workflows.parts.extension import JoinExtension, RecordExtension
from workflows.parts.host import HandOverCase
from workflows.parts.loan import LendDossier, RecordConsultation, ReturnDossier
from workflows.parts.member import AcceptMember, DiscloseConflict, InviteMember, NameStandIn, RecordMember, SeatMember
from workflows.parts.note import RecordNote
from workflows.parts.obligation import RecordBreach, TellPayee, UrgePerformance
from workflows.parts.origin import NoteTold
from workflows.parts.party import (
    DiscloseTie,
    EnterRoster,
    JoinCase,
    RecordAbility,
    RecordConsent,
    RefuseMediation,
    RosterRow,
    TellRemedies,
)
from workflows.parts.payment import (
    AcknowledgePayment,
    AllocatePayment,
    DisputePayment,
    RecordPayment,
    RecordReturn,
    ResendPayment,
    UpholdPayment,
)
from workflows.parts.proceeding import (
    FileProceeding,
    RecordConfirmed,
    RecordDecided,
    RecordDismissed,
    RecordGranted,
    RecordLifted,
    RecordObjection,
    RecordReturned,
    RecordSettledThere,
    RecordUpheld,
)
from workflows.parts.session import CallOffSession, ScheduleSession
from workflows.parts.statement import MakeStatement, ReadStatement
from workflows.parts.visit import (
    AnswerQuestions,
    EndEntrustment,
    EntrustVisit,
    Finding,
    MoveVisit,
    PlanQualityVisit,
    RecordQualityVisit,
    RecordUnreachable,
    RecordVisit,
)
from workflows.phases.challenge import CloseAsDecided, ResumeSupervision
from workflows.phases.endings import CloseAsDuplicate, Ground, RecordReapplication, TerminateMediation
from workflows.phases.follow_up import CloseAsPerformed, CloseNamingRemainder, Planned, ReopenTalks
from workflows.phases.intake import AcceptCase, TransferCase
from workflows.vocabulary import (
    Ability,
    AuthorityPaper,
    CapacityEnd,
    CapacityKind,
    Conflict,
    DayPart,
    DeliveredPaper,
    Dispute,
    ExhibitKind,
    LoanPurpose,
    News,
    OnlineMeaning,
    PaymentResult,
    ProceedingEffect,
    ProceedingKind,
    Receiver,
    Reply,
    ReturnReason,
    Satisfaction,
    Side,
    SigningManner,
    TermKind,
    Undelivered,
)
from workflows.zone.alert.contact import RecordContact
from workflows.zone.alert.disposal import FinishAlert
from workflows.zone.alert.feedback import TellPolice
from workflows.zone.alert.inbox import RerouteAlert, ReturnAlert, SignForAlert
from workflows.zone.alert.involved import AddInvolved
from workflows.zone.alert.outcome import EscalateToPanel, SettleOnSpot
from workflows.zone.alert.vocabulary import ALERT, ContactResult, Returning, Standing, TellingManner
from workflows.zone.matter.concerned import AddConcerned
from workflows.zone.matter.entry import AssignMatter, EndMatter, FillInMatter
from workflows.zone.matter.handling import AnswerMatter, SendBackMatter, SignForMatter, VerifyMatter
from workflows.zone.matter.measure import RecordMeasure
from workflows.zone.matter.rating import RecordRating
from workflows.zone.matter.vocabulary import MATTER, Content, Manner
from workflows.zone.matter.vocabulary import Standing as MatterStanding
from workflows.zone.meeting.attendee import InviteAttendee
from workflows.zone.meeting.calling import CallMeeting, CallOffMeeting, FixMeeting, HoldMeeting
from workflows.zone.meeting.task import GiveTask, RecordTaskInHand, TaskRow
from workflows.zone.meeting.topic import PutOnTable
from workflows.zone.meeting.vocabulary import MEETING
from workflows.zone.outcome import (
    LinkCase,
    RecordAgreed,
    RecordCaseOpened,
    RecordNotAgreed,
    RecordPerformed,
    RecordTalksResumed,
    RecordUnperformed,
    ReferToMediation,
)
from workflows.zone.returns.entry import HandUp, RecordHandedUp, RecordNews
from workflows.zone.returns.filing import EntryRow, ReplaceReturn
from workflows.zone.returns.vocabulary import RETURN, ReportManner

from ..support.exhibits import handed, made_up
from ..support.filling import WORDS
from ..support.story import (
    APPLICANT,
    FILLED,
    FIRM,
    NOW,
    PAY,
    ROBOT,
    ROOM,
    WORKER,
    ZHANG,
    Story,
    apply_for,
    erase,
    filed,
    register,
)
from ..workflows.test_walk import walk

HERE = Path(__file__).parent
BOTH = ("party/1", "party/2")
ERASED = ("别告诉他我住院了", "电话记错了人", WORDS)
"""The words that are erased in the histories: to tell one again one has to know them."""
PINNED = Path(workflows.__file__).parent / "pinned.toml"
HEAD = "# The fingerprint of each version of the rules, made by `make golden`. A released line never changes.\n"
RELEASED: frozenset[str] = frozenset()
"""Versions that have been released: their histories and pins are never made anew."""
WALKS = 400


def covering(workflow: Workflow, walks: Iterable[Story]) -> list[Story]:
    """Random walks that together write every event of a workflow, as few as a greedy choice gives."""
    walks = [story for story in walks if story.case.workflow == workflow.name]
    said = {id(s): {line.event for line in s.lines} for s in walks}
    chosen = told(workflow)
    wanted = set(workflow.events) - {line.event for s in chosen for line in s.lines}
    while wanted:
        best = max(walks, key=lambda s: len(said[id(s)] & wanted) / len(s.lines) ** 0.5)
        if not said[id(best)] & wanted:
            break
        wanted -= said[id(best)]
        chosen.append(best)
    return chosen


def told(workflow: Workflow) -> list[Story]:
    """Cases told on purpose, for what random walks seldom come to."""
    if workflow.matter == ALERT:
        return list(alerts())
    if workflow.matter == MATTER:
        return list(matters())
    if workflow.matter == MEETING:
        return list(meetings())
    if workflow.matter == RETURN:
        return list(returns())
    stories = [_story(workflow, f"T{n}") for n in range(1, 6)]
    paid, left, moved, raised, replaced = stories
    agreed(paid).do(RecordConfirmed(kind=ProceedingKind.JUDICIAL, agreement="agreement/1"))
    paid.do(ScheduleSession(invited=("party/1", "party/2")))
    paid.do(CallOffSession(), "session/1")
    paid.do(RecordPayment(obligation="obligation/1", amount=1_200_000))
    paid.do(DisputePayment(), "payment/1")
    paid.do(UpholdPayment(), "payment/1")
    paid.do(AllocatePayment(obligation="obligation/1"), "payment/1")
    paid.do(CloseAsPerformed(visits=Planned.CANCELLED, visits_reason=Text("都已履行")))
    agreed(left).do(TellRemedies(), "party/1", "party/2")
    left.do(UrgePerformance(note=Text("电话催过")), "obligation/1")
    left.do(TellPayee(court=True), "obligation/1")
    left.do(RecordConfirmed(kind=ProceedingKind.JUDICIAL, agreement="agreement/1"))
    left.do(CloseNamingRemainder(remainder=Text("未付，已告知起诉")))
    moved.do(TransferCase(receiver=Text("市仲裁院")), by=Office.LEAD)
    raised.do(AcceptCase(), by=Office.LEAD)
    raised.do(DraftAgreement(signers=("party/1", "party/2"), terms=(PAY,)))
    agent, clerk = raised.acting_for("party/1", settle=False), raised.acting_for("party/2", settle=False)
    raised.confirm("confirmation/1", capacity=agent)
    raised.do(RatifyConfirmation(), "confirmation/1")
    raised.do(RecordDenial(ground=Denial.NO_AUTHORITY), "confirmation/1")
    raised.do(RecordGenuine(), "confirmation/1")
    raised.confirm("confirmation/2", capacity=clerk)
    raised.do(DisownConfirmation(), "confirmation/2")
    raised.do(RecordConfirmed(kind=ProceedingKind.JUDICIAL, agreement="agreement/1"))
    raised.do(RecordLifted(), "proceeding/1")
    agreed(replaced).do(ReopenTalks(issues=("issue/1",)))
    replaced.do(ReachAgreement(terms=(PAY,), replaces="agreement/1"))
    replaced.do(AdoptOrally(), "agreement/2")
    replaced.do(FileProceeding(kind=ProceedingKind.JUDICIAL, agreement="agreement/2", applicants=BOTH))
    replaced.do(RecordGranted(), "proceeding/1")
    for step in (RecordObjection(by="party/1"), RecordUpheld(), RecordObjection(), RecordLifted()):
        replaced.do(step, "proceeding/1")
    odd = through_a_custodian(workflow), informed(workflow), corrected(workflow), erased(workflow), handled(workflow)
    rest = (
        paid_in_batches(workflow),
        exhibited(workflow),
        delivered(workflow),
        visited(workflow),
        represented(workflow),
        signed_together(workflow),
        by_phone(workflow),
        by_itself(workflow),
        listed(workflow),
        applied(workflow),
        linked(workflow),
        tied(workflow),
    )
    return [*stories, *odd, *rest, *challenged(workflow)]


def through_a_custodian(workflow: Workflow) -> Story:
    """A payment in two legs: the money comes in, is disputed, comes in again and is held for the payee."""
    story = agreed(_story(workflow, "T6"), replace(PAY, custodian="town"))
    story.do(RecordPayment(obligation="obligation/1", amount=1_200_000))
    story.do(DisputePayment(), "payment/1")
    story.do(UpholdPayment(), "payment/1")
    story.do(HoldForPayee(), "obligation/2")
    story.do(RecordPayment(agreement="agreement/1", payee="party/1", amount=1_200_000))
    return story


def paid_in_batches(workflow: Workflow) -> Story:
    """Wages in two parts and some paid before: of a batch one comes back at once, the other days later."""
    part, paid = replace(PAY, amount=600_000), replace(PAY, kind=TermKind.PAID, amount=100_000)
    story = agreed(_story(workflow, "B1"), part, replace(part, words=Text("加班费")), paid)
    lost = {"result": PaymentResult.RETURNED, "reason": ReturnReason.OTHER, "note": Text("银行系统故障")}
    owed = ("obligation/1", {}), ("obligation/2", lost)
    rows = tuple(BatchRow(obligation=key, amount=600_000, **result) for key, result in owed)
    story.do(RecordBatch(agreement="agreement/1", rows=rows))
    story.do(RecordReturn(reason=ReturnReason.CLOSED), "payment/1")
    story.do(RecordReturn(reason=ReturnReason.NAME), "payment/2")
    story.do(ResendPayment(), "payment/1", "payment/2")
    assert story.state("agreement/1") == "performed"
    return story


def informed(workflow: Workflow) -> Story:
    """Talks that settle it; a member with a conflict, and a term extended, both agreed to by everyone in the end."""
    story, both = _story(workflow, "T7"), ("party/1", "party/2")
    story.do(AcceptCase(), by=Office.LEAD)
    story.do(RecordTalk(party="party/1"))
    story.do(MarkSettled(), "block/1")
    story.do(RecordMember(role="mentor", person="elder", agreed_by=both))
    story.do(InviteMember(role="mentor", person="younger", agreed_by=both))
    story.do(SeatMember(), "member/2")
    story.do(DiscloseConflict(conflict=Conflict.KIN), "member/1")
    story.do(AcceptMember(accepted_by=both), "member/1")
    story.do(NameStandIn(person="younger", authority=Text("委托书"), until=date(2026, 12, 31)), "member/1")
    story.do(RecordExtension(agreed_by=both[:1], until=date(2027, 1, 31)))
    story.do(JoinExtension(agreed_by=both[1:]), "extension/1")
    return story


def listed(workflow: Workflow) -> Story:
    """A group and a cohort named one by one; one of them does not sign, is split off, and nothing comes of it."""
    story, firm, hands = _story(workflow, "L1"), "party/2", ("party/4", "party/5")
    story.do(AcceptCase(), by=Office.LEAD)
    story.do(JoinCase(person="crowd", side=Side.APPLICANT, kind=PartyKind.GROUP, count=2))
    story.do(DeclareCohort(party="party/1", count=2))
    people = tuple(RosterRow(person=f"hand{n}", claimed=100_000 * n, months=Text("8月—10月")) for n in (1, 2))
    story.do(EnterRoster(rows=people, group="party/3", cohort="cohort/1"))
    terms = tuple(replace(PAY, payee=key, amount=100_000) for key in hands)
    story.do(DraftAgreement(signers=(firm, *hands), terms=terms))
    story.confirm("confirmation/1", "confirmation/2")
    story.do(SplitOff(absent=hands[1:], reason=Text("回了老家")), "agreement/1")
    story.do(SignAsMediator(), "agreement/1")
    story.do(AffixSeal(), "agreement/1", by=Office.LEAD)
    story.do(AbandonAgreement(), "agreement/2")
    return story


def represented(workflow: Workflow) -> Story:
    """A worker of seventeen and a firm, each by somebody: replaced, disowned, ratified; before and after effect."""
    story = _story(workflow, "R1")
    story.do(AcceptCase(), by=Office.LEAD)
    story.do(RecordAbility(ability=Ability.OWN_WAGES), "party/1")
    agent = story.acting_for("party/1")
    head = story.acting_for("party/2", person="head", kind=CapacityKind.HEAD, paper=AuthorityPaper.CERTIFICATE)
    story.do(DraftAgreement(signers=BOTH))
    story.do(AmendAgreement(terms=(PAY,)), "agreement/1")
    story.do(RecordOpinion(opinion=Text("嫌少，但愿意签")), "confirmation/3", capacity=agent)
    story.confirm("confirmation/3", capacity=agent)
    story.confirm("confirmation/4", capacity=head)
    story.do(DisownCapacity(), agent)
    story.do(RatifyCapacity(), agent)
    story.do(SignAsMediator(), "agreement/1")
    story.do(AffixSeal(), "agreement/1", by=Office.LEAD)
    story.acting_for("party/2", person="head", kind=CapacityKind.HEAD, replaces=head)
    story.do(EndCapacity(reason=CapacityEnd.RESIGNED), agent)
    story.do(DisownCapacity(), agent)
    story.do(RatifyCapacity(), agent)
    return story


def signed_together(workflow: Workflow) -> Story:
    """All sign on one sheet: the worker by name, the firm by its head and its seal, so that the text takes effect."""
    story = _story(workflow, "S1")
    story.do(AcceptCase(), by=Office.LEAD)
    story.do(DraftAgreement(signers=BOTH, terms=(PAY,)))
    head = story.acting_for("party/2", kind=CapacityKind.HEAD)
    worker = Signature(confirmation="confirmation/1", manner=SigningManner.SIGNATURE)
    firm = Signature(confirmation="confirmation/2", manner=SigningManner.SIGNATURE_SEAL, capacity=head)
    story.do(RecordSignatures(signatures=(worker, firm), identity_checked=True))
    story.do(SignAsMediator(), "agreement/1")
    story.do(AffixSeal(), "agreement/1", by=Office.LEAD)
    assert story.state("agreement/1") == "effective"
    return story


def by_phone(workflow: Workflow) -> Story:
    """What was said without paper, then put on paper: confirmed by phone, objected to, amended, declined, signed."""
    story, key = _story(workflow, "O1"), "agreement/1"
    story.do(AcceptCase(), by=Office.LEAD)
    agent = story.acting_for("party/1")
    with story.store.write() as unit:
        unit.register.put_actor(ZHANG)

    def say(command: Command, on: str) -> None:
        story.do(command, on, by=Office.REPRESENTATIVE, actor="zhang", capacity=agent)

    def yes(on: str, meaning: OnlineMeaning = OnlineMeaning.UNSIGNED, *, shared: bool = False) -> None:
        say(ConfirmOnline(text_hash=seen(), meaning=meaning, shared=shared, present=Text("李调解")), on)

    def no(on: str) -> None:
        say(RaiseObjection(text_hash=seen(), party="party/1", clause=1, words=Text("太晚")), on)

    def seen() -> str:
        return story.case.facts.agreements[key].text_hash or ""

    story.do(ReachAgreement(terms=(PAY,)))
    story.do(WaivePaper(waived_by=BOTH), key)
    yes("confirmation/1", OnlineMeaning.ORAL)
    story.do(DraftAgreement(signers=BOTH), key)
    yes("confirmation/3")
    story.do(RecordOpinion(opinion=Text("就这样")), "confirmation/3")
    no("confirmation/3")
    no("confirmation/3")
    story.do(RecordOpinion(opinion=Text("要早一点")), "confirmation/3")
    story.do(AmendAgreement(amount=1_200_000), key)
    no("confirmation/5")
    say(DeclineToSign(), "confirmation/5")
    yes("confirmation/5", shared=True)
    say(DeclineToSign(), "confirmation/5")
    no("confirmation/5")
    yes("confirmation/5")
    story.confirm("confirmation/5", capacity=agent)
    story.do(DeclineToSign(), "confirmation/6")
    return story


def by_itself(workflow: Workflow) -> Story:
    """A party says what came and what did not, answers questions, wishes for another mediator, says and shows more."""
    part = replace(PAY, amount=600_000)
    story = agreed(_story(workflow, "O2"), part, replace(part, words=Text("加班费")))
    with story.store.write() as unit:
        unit.register.put_actor(ZHANG)
    agent = story.acting_for("party/1", receive_money=True)

    def say(command: Command, *on: str) -> None:
        by = {"by": Office.REPRESENTATIVE, "actor": "zhang", "capacity": agent}
        story.door.submit(story.order(command, *on, **by), (), handed(command, story.name))
        story.clock.now += timedelta(minutes=1)

    say(AcknowledgePayment(party="party/1", obligation="obligation/1", amount=600_000))
    say(DisputePayment(reason=Text("看错了，没有到账")), "payment/1")
    story.do(UpholdPayment(), "payment/1")
    say(RecordBreach(), "obligation/2")
    say(AnswerQuestions(party="party/1", agreement="agreement/1", fair=Reply.YES, said=Text("就是慢了点")))
    story.do(PlanQualityVisit(due=date(2026, 12, 9), party="party/2"))
    head = story.acting_for("party/2", person="head", kind=CapacityKind.HEAD)
    with story.store.write() as unit:
        unit.register.put_actor(replace(ZHANG, id="head"))
    answered = AnswerQuestions(party="party/2", agreement="agreement/1", willing=Reply.YES)
    story.do(answered, story.case.of("visit")[-1], by=Office.REPRESENTATIVE, actor="head", capacity=head)
    say(AskForChange(party="party/1", reason=Text("说话冲")), "assignment/1")
    story.do(AskForChange(party="party/2"), "assignment/1")
    say(WithdrawWish(party="party/1"), "assignment/1")
    story.do(WithdrawWish(party="party/2"), "assignment/1")
    say(MakeStatement(party="party/1", words=Text("其实八千就够")))
    story.do(ReadStatement(), "statement/1")
    story.do(MakeStatement(party="party/2", readers=Readers.JOINT, words=Text("月底一定付")))
    say(HandInExhibit(party="party/1", payment="payment/1", title=Text("流水"), files=(made_up(1),)))
    say(AskForCorrection(party="party/1", words=Text("电话换了")))
    story.do(CloseDataRequest(done=Text("已改")), "data_request/1")
    say(RefuseMediation(reason=Text("不想谈了")), "party/1")
    say(RecordConsent(), "party/1")
    return story


def corrected(workflow: Workflow) -> Story:
    """A payment of a wrong sum put right, a talk that never was struck out, and a case that was entered twice."""
    story = _story(workflow, "C1")
    story.do(AcceptCase(), by=Office.LEAD)
    story.do(RecordPayment(amount=100_000, note=Text("现金")))
    wrong = story.case.version
    story.do(RecordTalk(party="party/1", said=Text("记错了人")))
    talk = story.case.version
    right, unchanged = RecordPayment(amount=1_000_000), frozenset({"note"})
    put_right = CorrectOrder(order=wrong, reason=Text("少写一个零"))
    story.do(put_right, by=Office.LEAD, instead=right, unchanged=unchanged)
    story.do(StrikeOrder(order=talk, reason=Text("记到别人名下了")), by=Office.LEAD)
    story.do(CloseAsDuplicate(other="T1"), by=Office.LEAD)
    return story


def erased(workflow: Workflow) -> Story:
    """Words that had to go, while the case was open and after it was closed."""
    story = _story(workflow, "E1")
    story.do(AcceptCase(), by=Office.LEAD)
    illness, call, _ = ERASED
    story.do(RecordTalk(party="party/1", said=Text(illness)))
    erase(story, illness)
    story.do(RecordNote(words=Text(call)))
    story.do(RecordCall(party="party/2", answered=Answered.NOBODY, said=Text("留了话")))
    story.do(CloseAsDuplicate(other="T1"), by=Office.LEAD)
    erase(story, call)
    return story


def handled(workflow: Workflow) -> Story:
    """A case that goes from hand to hand: every way into an assignment, and every way out of one."""
    story = _story(workflow, "H1").with_colleague()
    ground, first, second = RecusalGround.KIN, "assignment/1", "assignment/2"
    story.do(AddHelper(staff="zhou", role=Helping.CO_MEDIATOR))
    story.do(AddHelper(staff="wang", role=Helping.RECORDER))
    story.do(EndHelp(), "assignment/3")
    story.do(AskForChange(party="party/1", reason=Text("说话太冲")), first)
    story.do(WithdrawWish(party="party/1"), first)
    story.do(AskForChange(party="party/2"), first)
    story.do(RefuseChange(reason=Text("没有别的调解员")), first, by=Office.LEAD)
    story.do(HandOverAssignment(to="zhou", note=Text("还差厂方的账册")), first)
    story.do(AskForChange(party="party/2", ground=ChangeGround.KIN), "assignment/4")
    story.do(GrantChange(), "assignment/4", by=Office.LEAD)
    story.do(TakeCase())
    story.do(RecuseMediator(ground=ground, words=Text("是厂长的表弟")), "assignment/5")
    story.do(AcceptRecused(accepted_by=BOTH), "assignment/5", by=Office.LEAD)
    story.do(AssignMediator(staff="wang"), by=Office.LEAD)
    story.do(AcceptCase(), by=Office.LEAD)
    story.do(TellRemedies(), "party/1", "party/2", by=Office.LEAD)
    story.do(HandOverCase(organisation="other"), by=Office.LEAD)
    story.do(HandOverCase(organisation="room"), by=Office.LEAD)
    story.do(TerminateMediation(ground=Ground.NO_AGREEMENT), by=Office.LEAD)
    assert story.state(second) == story.state("assignment/6") == "ended"
    return story


def exhibited(workflow: Workflow) -> Story:
    """Photos handed in together, one taken anew, one withdrawn, one that had to go; and one for a party alone."""
    story = _story(workflow, "F1")
    story.do(AcceptCase(), by=Office.LEAD)
    identity = FileExhibit(kind=ExhibitKind.IDENTITY, party="party/1", files=(made_up(1), made_up(2)))
    anew = FileExhibit(kind=ExhibitKind.IDENTITY, party="party/1", files=(made_up(3),))
    own = FileExhibit(
        kind=ExhibitKind.EVIDENCE, party="party/2", readers=Readers.OWN, files=(made_up(4, "audio/mpeg"),)
    )
    for command in (identity, anew, own):
        story.door.submit(story.order(command), (), handed(command, story.name))
    story.do(SupersedeExhibit(by="exhibit/3"), "exhibit/1")
    story.do(WithdrawExhibit(reason=Text("本人要求")), "exhibit/2")
    grounds = {"basis": Text("个人信息保护法第47条"), "reason": Text("本人申请")}
    story.do(EraseExhibits(exhibits=("exhibit/2",), ground=ErasureGround.WITHDRAWN, **grounds), by=Office.LEAD)
    return story


def delivered(workflow: Workflow) -> Story:
    """Papers handed over, sent and signed for, and come back; the dossier looked at, and lent."""
    story = _story(workflow, "F2")
    story.do(AcceptCase(), by=Office.LEAD)
    story.do(DeliverPaper(paper=DeliveredPaper.RIGHTS, party="party/1"))
    story.do(SendPaper(paper=DeliveredPaper.SUMMONS, party="party/2", place=Text("永康市某路1号")))
    clerk = {"receiver": Receiver.CLERK, "signed_by": Text("前台小陈"), "reason": Text("公司负责收件")}
    story.do(RecordReceipt(**clerk), "delivery/2")
    story.do(SendPaper(paper=DeliveredPaper.OTHER, title=Text("补充材料通知"), party="party/2"))
    story.do(RecordUndelivered(why=Undelivered.REFUSED), "delivery/3")
    story.do(RecordConsultation(borrower=Text("王某"), purpose=LoanPurpose.PARTY))
    story.do(LendDossier(borrower=Text("司法所老吴"), purpose=LoanPurpose.REVIEW, due=date(2026, 9, 30)))
    story.do(ReturnDossier(), "loan/2")
    return story


def visited(workflow: Workflow) -> Story:
    """A visit moved and made, somebody not reached, and somebody asked how the mediation was."""
    story = agreed(_story(workflow, "V1"))
    story.do(MoveVisit(due=date(2026, 12, 5), part=DayPart.EVENING, place=Text("宿舍三楼")), "visit/1")
    for _ in range(3):
        story.do(RecordUnreachable(), "visit/1")
    story.do(EntrustVisit(person="grid", party="party/1"), "visit/1")
    story.do(EndEntrustment(), "visit/1")
    story.do(EntrustVisit(person="grid"), "visit/1")
    story.do(MoveVisit(due=date(2026, 12, 6), visitor="li"), "visit/1")
    story.do(RecordVisit(party="party/1", finding=Finding.PERFORMING, satisfied=Satisfaction.FAIRLY), "visit/1")
    story.do(PlanQualityVisit(due=date(2026, 12, 9), party="party/2"))
    story.do(RecordQualityVisit(party="party/2", fair=Reply.YES, charged=Reply.NO), "visit/4", by=Office.LEAD)
    return story


def challenged(workflow: Workflow) -> Iterator[Story]:
    """Closed cases opened again by a suit, one for each way out."""
    results: tuple[tuple[Command, Command | None], ...] = (
        (RecordDismissed(), None),
        (RecordDecided(effect=ProceedingEffect.VARIES), None),
        (RecordSettledThere(), None),
        (RecordDecided(effect=ProceedingEffect.SETS_ASIDE), ReopenTalks(issues=("issue/1",))),
        (RecordDecided(effect=ProceedingEffect.SUPERSEDES), CloseAsDecided()),
        (RecordDecided(effect=ProceedingEffect.SETS_ASIDE, orders=(PAY,)), ResumeSupervision()),
        (RecordReturned(), ResumeSupervision()),
        (RecordReturned(), ReopenTalks(issues=("issue/1",))),
    )
    for n, (result, then) in enumerate(results, 8):
        story = agreed(_story(workflow, f"T{n}"))
        story.do(RecordPayment(obligation="obligation/1", amount=1_200_000))
        story.do(CloseAsPerformed())
        story.do(FileProceeding(kind=ProceedingKind.LITIGATION, agreement="agreement/1"))
        story.do(result, "proceeding/1")
        if then:
            story.do(then)
        yield story


def applied(workflow: Workflow) -> Story:
    """An application sent with a photo, taken up by a mediator, and accepted."""
    clock = FixedClock(NOW)
    story = Story(MemoryStore(clock), clock, "A2", [APPLICANT])
    command = apply_for(files=(made_up(5),), amount_claimed=1_800_000)
    order = story.order(command, by=Office.APPLICANT, actor=APPLICANT.id, workflow=workflow.name)
    story.door.submit(order, (), handed(command, story.name))
    story.do(RecordReapplication(note=Text("又打电话来问")))
    story.do(register(track="labour_mediation", in_zone=True))
    story.do(AcceptCase(), by=Office.LEAD)
    return story


def alerts() -> Iterator[Story]:
    """Alerts: one settled at once, one taken back and forth as its case went, one sent on and returned."""
    spot, case, sent, back = (_alert(f"J{n}") for n in range(1, 5))
    spot.signed(number="J1").do(RecordContact(result=ContactResult.CALM, whom="involved/1", said=Text("消气了")))
    spot.do(
        CorrectOrder(order=spot.case.version - 1, reason=Text("记错了结果")),
        instead=RecordContact(result=ContactResult.NOT_MET),
    )
    spot.do(AddInvolved(person="zhang"))
    spot.do(StrikeOrder(order=spot.case.version, reason=Text("认错了人")))
    spot.do(SettleOnSpot(words=Text("赔礼道歉，当场付医药费")))
    spot.do(TellPolice(outcome="outcome/1", receiver=Text("值班民警")))
    spot.do(FinishAlert(words=Text("当场化解")))
    case.signed(number="J2").do(RecordContact(result=ContactResult.NOT_MET))
    case.do(ReferToMediation(dispute=Dispute.DAMAGE, matter=Text("推搡致伤，要医药费")))
    case.do(RecordCaseOpened(case="C2", issue="issue/1"), "outcome/1")
    case.do(RecordAgreed(), "outcome/1")
    case.do(TellPolice(outcome="outcome/1"))
    case.do(RecordUnperformed(), "outcome/1")
    case.do(TellPolice(outcome="outcome/1", manner=TellingManner.CALL))
    case.do(RecordTalksResumed(), "outcome/1")
    case.do(RecordNotAgreed(), "outcome/1")
    case.do(TellPolice(outcome="outcome/1"))
    case.do(FinishAlert())
    case.do(RecordPerformed(), "outcome/1")  # after it had ended: it is taken up again
    case.do(TellPolice(outcome="outcome/1"))
    case.do(FinishAlert())
    sent.pushed(number="J3", district="west").do(AddInvolved(person="zhang", standing=Standing.RELATED))
    sent.do(RerouteAlert(district="east", reason=Text("在东片区")))
    sent.do(SignForAlert(), by=Office.LEAD)
    sent.do(EscalateToPanel(dispute=Dispute.DAMAGE))
    sent.do(RecordNotAgreed(), "outcome/1")
    sent.do(LinkCase(case="C9"))
    sent.do(RecordNotAgreed(), "outcome/2")
    sent.do(TellPolice(outcome="outcome/1"))
    sent.do(TellPolice(outcome="outcome/2"))
    sent.do(ReturnAlert(reason=Returning.REFUSED, words=Text("双方都不愿调解")))
    back.pushed(number="J4").do(ReturnAlert(reason=Returning.POLICE_MATTER))
    yield from (spot, case, sent, back)


def matters() -> Iterator[Story]:
    """Matters: one of each kind from first to last, one taken up again, one that a case was opened for, one undone;
    one that a grid worker reported and verified."""
    grid, reception, errand, petition, spot, case, own = (_alert(f"S{n}") for n in range(1, 8))
    walker = Office.GRID_WORKER
    own.found().do(AssignMatter(staff="li"))
    own.do(SignForMatter())
    own.do(RecordMeasure(words=Text("联系了市政")))
    own.do(AnswerMatter(words=Text("已换好")))
    own.do(VerifyMatter(words=Text("去看过了")), by=walker)
    own.do(EndMatter(ending="finished"))
    grid.came(number="7", origin="四平台").do(AssignMatter(body=Text("某社区"), note=Text("今天就去看")))
    grid.do(AssignMatter(staff="li", by=date(2026, 11, 30)))
    grid.do(SignForMatter())
    grid.do(RecordMeasure(words=Text("上门看了，工资册对过了"), people=2))
    grid.do(StrikeOrder(order=grid.case.version, reason=Text("记重了")))
    grid.do(RecordMeasure(words=Text("上门看了，工资册对过了"), manner=Manner.VISIT))
    grid.do(AnswerMatter(words=Text("周五发")))
    grid.do(SendBackMatter(words=Text("还没有发")))
    grid.do(AnswerMatter(words=Text("已发")))
    grid.do(VerifyMatter(words=Text("打电话问过了")))
    grid.do(EndMatter(ending="finished", words=Text("已发")))
    grid.do(RecordRating(content=Content.NOT, words=Text("少了一天")))
    grid.do(AssignMatter(staff="li"))
    grid.do(SignForMatter())
    grid.do(RecordMeasure(words=Text("又去了一趟")))
    grid.do(AnswerMatter(words=Text("补了一天")))
    grid.do(VerifyMatter())
    grid.do(EndMatter(ending="finished"))
    grid.do(RecordRating(content=Content.CONTENT))
    reception.came("reception", details=()).do(FillInMatter(details=FILLED["reception"]))
    reception.do(AddConcerned(person="zhang", standing=MatterStanding.RELATED))
    reception.do(AssignMatter(staff="wang"))
    reception.do(SignForMatter(), by=Office.LEAD)
    reception.do(RecordMeasure(words=Text("约了厂里来谈"), manner=Manner.MEETING))
    reception.do(AnswerMatter(words=Text("厂里答应下周发")))
    reception.do(EndMatter(ending="answered"))
    errand.came("errand").do(RecordMeasure(words=Text("代办了社保卡")))
    errand.do(
        CorrectOrder(order=errand.case.version, reason=Text("写错了卡")),
        instead=RecordMeasure(words=Text("代办了居住证"), manner=Manner.OTHER),
    )
    errand.do(EndMatter(ending="finished"))
    errand.do(RecordRating(content=Content.FAIRLY))
    petition.came("petition", number="XF-3").do(SignForMatter())
    petition.do(RecordMeasure(words=Text("包案领导约谈")))
    petition.do(EndMatter(ending="resolved", ground="pledge"))
    spot.came().do(EndMatter(ending="on_spot", words=Text("当场劝开了")))
    case.taken_on().do(ReferToMediation(dispute=Dispute.LABOUR_PAY, matter=Text("欠两个月工资")))
    case.do(RecordCaseOpened(case="C3", issue="issue/1"), "outcome/1")
    case.do(RecordAgreed(), "outcome/1")
    case.do(RecordPerformed(), "outcome/1")
    case.do(AnswerMatter(words=Text("已调解，已付清")))
    case.do(VerifyMatter())
    case.do(EndMatter(ending="finished"))
    case.do(RecordUnperformed(), "outcome/1")  # after it had ended: it is taken up again
    case.do(RecordTalksResumed(), "outcome/1")
    case.do(RecordNotAgreed(), "outcome/1")
    case.do(LinkCase(case="C9"))
    case.do(RecordNotAgreed(), "outcome/2")
    yield from (grid, reception, errand, petition, spot, case, own)


def meetings() -> Iterator[Story]:
    """Meetings: called by degrees, held, with what it gave people to do; called though something was not fixed, and
    called off; one that had been held before anybody called it."""
    held, urgent, past = (_alert(f"N{n}") for n in (1, 2, 3))
    held.with_colleague(ROBOT).holders[Office.AUTOMATIC] = ROBOT.id
    held.convened(plan=None, day=None).do(FixMeeting(day=date(2026, 11, 25), place=Text("二楼会议室")))
    held.do(InviteAttendee(staff="wang"))
    moved = held.do(FixMeeting(plan=Text("先排查，再整治"), about=Text("电动车进楼道")))
    held.do(
        CorrectOrder(order=moved.first, reason=Text("写错了")),
        instead=FixMeeting(plan=Text("先排查出租房，再整治"), about=Text("电动车进楼道")),
    )
    held.do(FixMeeting(time="15:00"))
    held.do(PutOnTable(about="N1", words=Text("上次布置的办得怎样")))
    twice = held.do(PutOnTable(words=Text("上次布置的办得怎样")))
    held.do(StrikeOrder(order=twice.first, reason=Text("写重了")))
    rows = (
        TaskRow(words=Text("查三条街的出租房"), staff="li", due=date(2026, 11, 27)),
        TaskRow(words=Text("通知各企业自查"), body=Text("安监所"), due=date(2026, 11, 30)),
    )
    held.do(HoldMeeting(came=("attendee/1", "attendee/3"), minutes=Text("定了两件事"), tasks=rows))
    held.do(GiveTask(words=Text("报一份总结"), staff="wang", due=date(2026, 12, 4)))
    for n in (1, 2, 3):
        held.do(RecordTaskInHand(item=f"S{n}"), f"task/{n}", by=Office.AUTOMATIC)
    urgent.convened(theme=None, named=())
    urgent.do(CallMeeting(reason=Text("今晚就要开")), by=Office.LEAD)
    urgent.do(CallOffMeeting(reason=Text("已经处置了")))
    past.convened(plan=None, topics=()).do(HoldMeeting(minutes=Text("当场开的"), besides=Text("村里来了两人")))
    yield from (held, urgent, past)


def returns() -> Iterator[Story]:
    """Returns: nothing to report, put right later; a small dispute handed up, and what became of it in the room."""
    zero, sent = (_alert(f"M{n}") for n in (1, 2))
    zero.do(filed(nothing=True, named=(), signer=Text("王人事")), workflow="return_2026")
    row = EntryRow(worker="worker", other="firm", amount=500_000)
    again = ReplaceReturn(named=(row,), signer=Text("王人事"), reason=Text("漏了一件"))
    zero.door.submit(zero.order(again), (WORKER, FIRM))
    sent.do(filed(), workflow="return_2026")
    sent.do(HandUp(note=Text("谈了三次")), "entry/1")
    sent.do(RecordHandedUp(case="C3"), "entry/1")
    sent.do(RecordNews(news=News.PERFORMED), "entry/1")
    replaced = sent.do(ReplaceReturn(signer=Text("王人事"), manner=ReportManner.PAPER))
    sent.do(
        CorrectOrder(order=replaced.first, reason=Text("签名的是别人")),
        instead=ReplaceReturn(signer=Text("李人事"), manner=ReportManner.PAPER),
    )
    sent.do(StrikeOrder(order=replaced.first, reason=Text("报错了月份")))
    yield from (zero, sent)


def linked(workflow: Workflow) -> Story:
    """A case that a police alert led to, which was told what became of it."""
    story = agreed(_story(workflow, "O1").linked())
    for news in (News.AGREED, News.BREACHED):
        story.do(NoteTold(news=news), "origin/1", by=Office.AUTOMATIC)
    return story


def tied(workflow: Workflow) -> Story:
    """A worker before the committee of his own enterprise, told of it."""
    clock = FixedClock(NOW)
    story = Story(MemoryStore(clock), clock, "E2")
    with story.store.write() as unit:
        unit.register.put_organisation(replace(ROOM, kind="labour_committee"))
    story.do(register("labour_mediation", in_zone=True, weighty=True), workflow=workflow.name)
    story.do(AcceptCase(), by=Office.LEAD)
    story.do(DiscloseTie(), "party/1")
    story.do(ReachAgreement(terms=(PAY,)))
    return story


def _alert(name: str) -> Story:
    clock = FixedClock(NOW)
    return Story(MemoryStore(clock), clock, name)


def _story(workflow: Workflow, name: str) -> Story:
    clock = FixedClock(NOW)
    story = Story(MemoryStore(clock), clock, name)
    story.do(register(in_zone=True, weighty=True), workflow=workflow.name)
    return story


def agreed(story: Story, *terms: Term) -> Story:
    """An agreement signed by all, by the mediator, and sealed."""
    story.do(AcceptCase(), by=Office.LEAD)
    story.do(DraftAgreement(signers=("party/1", "party/2"), terms=terms or (PAY,)))
    story.confirm("confirmation/1", "confirmation/2")
    story.do(SignAsMediator(), "agreement/1")
    story.do(AffixSeal(), "agreement/1", by=Office.LEAD)
    return story


def folded(case: Case) -> bytes:
    """What a history folds to, as pinned: every state and every fact."""
    states = {key: [i.state, i.version] for key, i in case.instances.items()}
    return msgspec.json.encode({"phase": case.phase, "states": states, "facts": case.facts}, order="sorted")


def main() -> None:
    """Write the histories of every installed workflow, what each folds to, and the pins; not of released versions."""
    unreleased = [w for w in installed_workflows() if w.name not in RELEASED]
    walks = [walk(seed, matter=matter) for matter in (CASE, ALERT, MATTER, MEETING, RETURN) for seed in range(WALKS)]
    for workflow in unreleased:
        with (HERE / f"{workflow.name}.jsonl").open("wb") as out:
            for story in covering(workflow, walks):
                lines = list(write_case(case_file(story.store, story.name)))
                out.write(b"\n".join([*lines, folded(story.case)]) + b"\n")
    pins = tomllib.loads(PINNED.read_text(encoding="utf-8")) | dict(pin(w) for w in unreleased)
    text = "".join(f'{name} = "{fingerprint}"\n' for name, fingerprint in sorted(pins.items()))
    PINNED.write_text(HEAD + text, encoding="utf-8")


def pin(workflow: Workflow) -> tuple[str, str]:
    """A workflow's name and fingerprint."""
    name, _, fingerprint = rules_of(workflow).partition(":")
    return name, fingerprint


if __name__ == "__main__":
    main()
