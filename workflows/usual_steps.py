"""What is usual next in a mediated dispute, the most pressing first, as a good mediator would do it. Decides nothing.

A row is a step and where it is usual; who may give it, and whether its gates are open, the tables of the machines say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from mediation_engine.domain.case import Case, machine_of
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.proposal import SEVERAL, Proposed, Usual
from mediation_engine.domain.roles import Office

from .facts import OUTLIVING, Agreement, Obligation, Party, Visit, facts_of
from .parts import member
from .parts.agreement import (
    AdoptOrally,
    AffixSeal,
    AmendAgreement,
    DraftAgreement,
    ReachAgreement,
    ReportPerformance,
    SignAsMediator,
)
from .parts.assignment import AssignMediator, TakeCase
from .parts.batch import RecordBatch
from .parts.block import MarkReady, RecordTalk
from .parts.capacity import EnterCapacity
from .parts.cohort import DeclareCohort, EndCohort
from .parts.confirmation import ConfirmAgreement, DeclineToSign, RecordSignatures
from .parts.delivery import DeliverPaper
from .parts.exhibit import FileExhibit
from .parts.grading import SetGrade
from .parts.ledger import owed_now
from .parts.member import AgreeToMember, InvitePanel, RecordMember, SeatMember
from .parts.obligation import RecordBreach, RecordPerformance, TellPayee, UrgePerformance
from .parts.party import DeclareListComplete, DiscloseTie, RecordConsent, TellRemedies, TellRights
from .parts.payment import RecordPayment
from .parts.proceeding import CONFIRMABLE, FileProceeding, RecordGranted
from .parts.queries import MOST_ON_SHEET, asked_to_sign, binds, confirmed, counts, only_agreement, opponents, unasked
from .parts.risk import EaseRisk, RaiseRisk, ReportRisk
from .parts.session import CallOffSession, RecordSession, ScheduleSession
from .parts.states import (
    VISIT_AHEAD,
    AgreementState,
    BlockState,
    CapacityState,
    CohortState,
    ConfirmationState,
    DeliveryState,
    IssueState,
    MemberState,
    ObligationState,
    PartyState,
    ProceedingState,
    RiskState,
    SessionState,
    SuspensionState,
    VisitState,
)
from .parts.suspension import ResumeCase
from .parts.tie import untold as untold_of_tie
from .parts.visit import PlanVisit, RecordQualityVisit, RecordVisit
from .phases.coordination import ConveneConsultation
from .phases.endings import TerminateMediation
from .phases.follow_up import CloseAsPerformed, CloseNamingRemainder
from .phases.intake import AcceptCase
from .phases.mediation import RaiseToConsultation
from .tracks import LABOUR, track_of
from .vocabulary import (
    AgreementForm,
    AuthorityPaper,
    CapacityKind,
    DeliveredPaper,
    ExhibitKind,
    ProceedingKind,
    SessionResult,
    Side,
    Source,
    TermKind,
)

HANDED = (DeliveryState.SENT, DeliveryState.RECEIVED)
UNDER_WAY = (AgreementState.REACHED, AgreementState.DRAFTED)
OWED = (ObligationState.PENDING, ObligationState.BREACHED)
FIRST_PHASE, PANEL_PHASES = "intake", frozenset({"coordination", "consultation"})
MANY = 10
"""So many choose who speaks for them (劳动争议调解仲裁法 第7条)."""

# -- what stands where


def _in(case: Case, keys: Iterable[str], *states: Labelled) -> list[str]:
    return [key for key in keys if case.is_in(key, *states)]


def _is_registered(case: Case) -> bool:
    """Whether a case is taken down and not accepted yet."""
    return machine_of(case.phase) == FIRST_PHASE and facts_of(case).registered is not None


def _is_open(case: Case) -> bool:
    """Whether a case is accepted, and neither closed nor suspended."""
    facts = facts_of(case)
    is_suspended = bool(_in(case, facts.suspensions, SuspensionState.SUSPENDED))
    return machine_of(case.phase) != FIRST_PHASE and facts.closed is None and not is_suspended


def _unsettled(case: Case) -> list[str]:
    """The open issues that no agreement under way is about."""
    facts = facts_of(case)
    under_way = {i for k, held in facts.agreements.items() if case.is_in(k, *UNDER_WAY) for i in held.issues}
    return [key for key in _in(case, facts.issues, IssueState.OPEN) if key not in under_way] if _is_open(case) else []


def _agreements(case: Case, *states: Labelled) -> dict[str, Agreement]:
    return {k: held for k, held in facts_of(case).agreements.items() if case.is_in(k, *states)}


def _met(case: Case) -> set[str]:
    """The parties that have been at a session."""
    return {k for s in facts_of(case).sessions.values() if s.held is not None for k in s.attended}


def _spoken_to(case: Case) -> set[str]:
    """The parties that somebody has spoken to alone, as far as the reader is told, or that have been at a session."""
    facts = facts_of(case)
    return {b.party for b in facts.blocks.values() if b.party in facts.parties and b.talks} | _met(case)


def _willing(case: Case) -> list[str]:
    return [key for key in opponents(case) if not case.is_in(key, PartyState.REFUSING)]


def _last_result(case: Case) -> SessionResult | None:
    """What came of the last session that was held."""
    held = [s for s in facts_of(case).sessions.values() if s.held is not None]
    return held[-1].result if held else None


def _is_arranged(case: Case) -> bool:
    return bool(_in(case, facts_of(case).sessions, SessionState.SCHEDULED))


def _bound(case: Case) -> list[str]:
    return [key for key in facts_of(case).agreements if binds(case, key)]


def _owed(case: Case) -> dict[str, Obligation]:
    """What is still to be performed, the first to fall due first; what outlives a case is not."""
    found = {k: o for k, o in facts_of(case).obligations.items() if case.is_in(k, *OWED) and o.kind not in OUTLIVING}
    return dict(sorted(found.items(), key=lambda it: it[1].due or date.max))


def _sums(case: Case) -> dict[str, Obligation]:
    return {key: owed for key, owed in _owed(case).items() if owed.kind is TermKind.PAY}


# -- danger, and what stops all else


def risks_to_report(case: Case, _today: date) -> Iterator[Proposed]:
    if keys := _in(case, case.of("risk"), RiskState.RAISED):
        yield Proposed(on=tuple(keys), why="有激化风险，要马上报告")


def risks_to_watch(case: Case, _today: date) -> Iterator[Proposed]:
    if keys := _in(case, case.of("risk"), RiskState.REPORTED):
        yield Proposed(on=tuple(keys), why="风险已经报告，缓解了就记")


def suspended(case: Case, _today: date) -> Iterator[Proposed]:
    if keys := _in(case, facts_of(case).suspensions, SuspensionState.SUSPENDED):
        yield Proposed(on=tuple(keys), why="调解中止着")


# -- before acceptance


def nobody_leads(case: Case, _today: date) -> Iterator[Proposed]:
    """Somebody handled it and does so no more, or it came of something else by itself; where nobody did, it was said at
    acceptance why."""
    facts = facts_of(case)
    if facts.lead_mediator() is None and (_is_registered(case) or _is_open(case)):
        if facts.assignments:
            yield Proposed(why="承办的人不再承办，还没有人接")
        elif facts.origins:
            yield Proposed(why="自动登记的案件，还没有人承办")


def never_led(case: Case, _today: date) -> Iterator[Proposed]:
    if not facts_of(case).assignments and _is_open(case):
        yield Proposed(why="还没有人承办")


def to_accept(case: Case, _today: date) -> Iterator[Proposed]:
    if _is_registered(case):
        yield Proposed(why="已登记，等受理")


def seats_before_talks(case: Case, _today: date) -> Iterator[Proposed]:
    if _is_registered(case) and member.seats_empty(case):
        yield Proposed(why="已经参与的机关、单位先记下")


def undeclared_groups(case: Case, _today: date) -> Iterator[Proposed]:
    """Applicants of whom there are many, and nobody has said how many and who."""
    facts = facts_of(case)
    declared = {cohort.party for cohort in facts.cohorts.values()}
    for key, party in facts.parties.items() if not facts.agreements and not facts.closed else ():
        if _is_group(party) and party.side is Side.APPLICANT and key not in declared and not party.listed:
            yield Proposed(about=(key,), form=(("party", key),), why="人数多，写明有多少人")


def _is_group(party: Party) -> bool:
    """Whether a party stands for so many that they choose who speaks for them, or for nobody knows how many."""
    return party.kind is PartyKind.GROUP or party.count is None or party.count >= MANY


def _unrepresented(case: Case) -> list[str]:
    """The parties for which nobody acts, until something is agreed."""
    facts = facts_of(case)
    acting = {key for capacity in facts.capacities.values() for key in capacity.principals}
    return [key for key in _willing(case) if key not in acting] if not facts.agreements and not facts.closed else []


def wards(case: Case, _today: date) -> Iterator[Proposed]:
    """Parties that cannot act for themselves; those of a side together, mostly they have one guardian."""
    sides: dict[Side, list[str]] = {}
    for key in _unrepresented(case):
        if not (party := facts_of(case).parties[key]).ability.is_full:
            sides.setdefault(party.side, []).append(key)
    for keys in sides.values():
        whose = (("kind", CapacityKind.GUARDIAN.code), ("paper", AuthorityPaper.KINSHIP.code))
        form = (*(("principals", key) for key in keys), *whose)
        yield Proposed(about=tuple(keys), form=form, why="要由监护人代来谈、代签")


def nobody_acts(case: Case, _today: date) -> Iterator[Proposed]:
    """Parties that cannot come themselves: many, or a firm."""
    for key in _unrepresented(case):
        party = facts_of(case).parties[key]
        if party.kind is not PartyKind.PERSON or _is_group(party):
            yield Proposed(about=(key,), form=(("principals", key),), why="要有人代表来谈、来签")


def consent_unknown(case: Case, _today: date) -> Iterator[Proposed]:
    facts = facts_of(case)
    came = facts.source is Source.APPLICATION
    asked = [key for key in opponents(case) if not (came and facts.parties[key].side is Side.APPLICANT)]
    keys = [key for key in asked if facts.parties[key].consents is None]
    if keys and _is_registered(case):
        yield Proposed(on=tuple(keys), why="还不知道是否愿意调解")


def rights_untold(case: Case, _today: date) -> Iterator[Proposed]:
    """Each has to be told before its first session; a late word is still better than none."""
    return _rights(case, "第一次会议以前都要告知", late=False)


def rights_told_late(case: Case, _today: date) -> Iterator[Proposed]:
    return _rights(case, "开过会了还没有告知，请补告", late=True)


def _rights(case: Case, why: str, *, late: bool) -> Iterator[Proposed]:
    """The parties to be told their rights, before the first session or after it."""
    facts = facts_of(case)
    keys = [key for key in _willing(case) if facts.parties[key].told_rights is None]
    if keys and _unsettled(case) and any(s.held for s in facts.sessions.values()) is late:
        yield Proposed(on=tuple(keys), why=why)


def tie_untold(case: Case, _today: date) -> Iterator[Proposed]:
    """Whoever mediates belongs to the employer: the worker is to know before it comes to an agreement."""
    keys = untold_of_tie(case)
    if keys and _unsettled(case):
        yield Proposed(on=tuple(keys), why="调解的人是本企业的人")


# -- talks


def sessions_to_record(case: Case, today: date) -> Iterator[Proposed]:
    for key in () if _is_settled(case) else _in(case, facts_of(case).sessions, SessionState.SCHEDULED):
        planned = facts_of(case).sessions[key].planned
        yield Proposed(on=(key,), day=planned, why="开完了请记录")


def sessions_to_call_off(case: Case, _today: date) -> Iterator[Proposed]:
    """Meetings still arranged though an agreement is in force, and nothing is left to talk about."""
    for key in _in(case, facts_of(case).sessions, SessionState.SCHEDULED) if _is_settled(case) else ():
        yield Proposed(on=(key,), why="协议已经生效，不再开的就取消；开过的在“全部步骤”里记录")


def _is_settled(case: Case) -> bool:
    return _is_open(case) and bool(_bound(case)) and not _unsettled(case)


def settled_in_session(case: Case, _today: date) -> Iterator[Proposed]:
    if (open_ones := _unsettled(case)) and _last_result(case) is SessionResult.SETTLED:
        yield Proposed(about=tuple(open_ones), why="会议记的是调解成功，把谈妥的内容记下来")


def grade_unset(case: Case, _today: date) -> Iterator[Proposed]:
    if machine_of(case.phase) in PANEL_PHASES and _unsettled(case) and facts_of(case).grade is None:
        yield Proposed(why="还没有定等级")


def invited_members(case: Case, _today: date) -> Iterator[Proposed]:
    """Members who have been asked, while there is still something to talk about."""
    asked = _in(case, facts_of(case).members, MemberState.INVITED)
    if asked and _unsettled(case):
        yield Proposed(on=tuple(asked), why="已邀请，答应来了就记")


def members_to_agree_to(case: Case, _today: date) -> Iterator[Proposed]:
    facts = facts_of(case)
    seated = _in(case, facts.members, MemberState.SEATED)  # of those invited, it is asked when they are seated
    lacking = [k for k in seated if any(unasked(case, facts.members[k], public=p) for p in (False, True))]
    if lacking and _unsettled(case):
        yield Proposed(on=tuple(lacking), why="当事人还没有同意其参加")


def sides_unheard(case: Case, _today: date) -> Iterator[Proposed]:
    """The parties of the sides that nobody has heard yet."""
    heard = _sides_heard(case)
    if unheard := [k for k in _unheard(case) if facts_of(case).parties[k].side not in heard]:
        yield _talk(case, unheard, "还没有听过这一方" if heard else "先分头听听各方怎么说")


def others_unheard(case: Case, _today: date) -> Iterator[Proposed]:
    """The other parties of a side that has been heard."""
    heard = _sides_heard(case)
    if unheard := [k for k in _unheard(case) if facts_of(case).parties[k].side in heard]:
        yield _talk(case, unheard, "还没有听过他怎么说" if len(unheard) == 1 else "这几位还没有听过")


def _unheard(case: Case) -> list[str]:
    """The parties nobody has heard, nor who acts for them; nobody once the talks have come to something."""
    if not _unsettled(case) or _last_result(case) is SessionResult.SETTLED:
        return []
    facts, heard = facts_of(case), _spoken_to(case)
    return [k for k in _willing(case) if k not in heard and facts.parties[k].ability.is_full]


def _sides_heard(case: Case) -> set[Side]:
    return {facts_of(case).parties[key].side for key in _spoken_to(case)}


def _are_heard(case: Case) -> bool:
    """Whether each side has been heard."""
    return {facts_of(case).parties[key].side for key in _willing(case)} <= _sides_heard(case)


def _talk(case: Case, parties: Sequence[str], why: str) -> Proposed:
    """A talk with the first of some; all that wait for one are named."""
    blocks = (key for key, block in facts_of(case).blocks.items() if block.party == parties[0])
    on = tuple(blocks)[:1]
    return Proposed(on=on, about=tuple(parties), form=(("party", parties[0]),) if not on else (), why=why)


def talk_after_session(case: Case, _today: date) -> Iterator[Proposed]:
    """The last session has come to nothing yet."""
    if _is_stuck(case) and not _is_arranged(case):
        yield Proposed(why="上次会上没有谈成，再分头做工作")


def _is_stuck(case: Case) -> bool:
    return bool(_unsettled(case)) and _last_result(case) in (SessionResult.NOT_SETTLED, SessionResult.TO_BE_CONTINUED)


def talk_again(case: Case, _today: date) -> Iterator[Proposed]:
    if _unsettled(case) and _are_heard(case) and not _is_arranged(case):
        yield Proposed(why="分头再做工作")


def talk_before_session(case: Case, _today: date) -> Iterator[Proposed]:
    if _unsettled(case) and _is_arranged(case):
        yield Proposed(why="开会以前，分头再做工作")


def ready_to_meet(case: Case, _today: date) -> Iterator[Proposed]:
    facts = facts_of(case)
    blocks = _in(case, facts.blocks, BlockState.OPEN)
    if blocks and _are_heard(case) and _unsettled(case) and machine_of(case.phase) == "coordination" and not _met(case):
        yield Proposed(on=tuple(blocks), why="各方都听过了，愿意坐下来谈的就标上")


def to_convene(case: Case, _today: date) -> Iterator[Proposed]:
    facts = facts_of(case)
    all_ready = facts.blocks and not _in(case, facts.blocks, BlockState.OPEN)
    if machine_of(case.phase) == "coordination" and all_ready and _unsettled(case):
        yield Proposed(why="各方都可以坐下来谈了")


def seats_empty(case: Case, today: date) -> Iterator[Proposed]:
    """The five parties are asked once those in dispute have been heard."""
    if _are_heard(case):
        yield from seats_empty_early(case, today)


def seats_empty_early(case: Case, _today: date) -> Iterator[Proposed]:
    if machine_of(case.phase) in PANEL_PHASES and _unsettled(case) and member.seats_empty(case):
        yield Proposed(why="五方还没有请齐")


def to_raise(case: Case, _today: date) -> Iterator[Proposed]:
    """One room alone has come to nothing."""
    stuck = _in(case, facts_of(case).blocks, BlockState.BLOCKED)
    if machine_of(case.phase) == "mediation" and _unsettled(case) and (stuck or _has_failed(case)):
        yield Proposed(why="一室谈不拢的，请五方一起来")


def to_meet(case: Case, _today: date) -> Iterator[Proposed]:
    """A meeting of all, once each has been heard."""
    if _may_meet(case) and _are_heard(case) and machine_of(case.phase) != "coordination":
        yield Proposed(why="各方都谈过了，请到一起谈")


def _may_meet(case: Case) -> bool:
    """Whether there is something to talk about, no meeting is arranged, and the last has not settled it."""
    return bool(_unsettled(case)) and not _is_arranged(case) and _last_result(case) is not SessionResult.SETTLED


def to_meet_early(case: Case, _today: date) -> Iterator[Proposed]:
    if _may_meet(case):
        yield Proposed(why="可以先约好日子")


def has_met(case: Case, _today: date) -> Iterator[Proposed]:
    if _may_meet(case):
        yield Proposed(why="已经一起谈过的，记下来")


def has_agreed(case: Case, _today: date) -> Iterator[Proposed]:
    open_ones = _unsettled(case)
    if open_ones and _last_result(case) is not SessionResult.SETTLED:
        yield Proposed(about=tuple(open_ones) if len(open_ones) > 1 else (), why="谈成了就记，口头的也算")


def without_result(case: Case, _today: date) -> Iterator[Proposed]:
    """Sessions have come to nothing: who may go elsewhere is told so before the talks end."""
    keys, failed = _remedies_untold(case), _has_failed(case)
    if keys and _unsettled(case) and (failed or not _willing(case)):
        yield Proposed(on=tuple(keys), why="谈不成，告诉各方还能去哪里")


def to_terminate(case: Case, _today: date) -> Iterator[Proposed]:
    if _unsettled(case) and opponents(case) and not _remedies_untold(case):
        yield Proposed(why="各方都已告知去处，确实谈不成的")


def _remedies_untold(case: Case) -> list[str]:
    return [key for key in opponents(case) if facts_of(case).parties[key].remedy_told is None]


def _has_failed(case: Case) -> bool:
    """Whether a session has come to nothing."""
    return any(s.held and s.result is SessionResult.NOT_SETTLED for s in facts_of(case).sessions.values())


# -- an agreement


def to_be_changed(case: Case, _today: date) -> Iterator[Proposed]:
    """A text that somebody has not signed, or has something against."""
    facts = facts_of(case)
    against = _in(case, facts.confirmations, ConfirmationState.DECLINED, ConfirmationState.OBJECTED)
    for key in dict.fromkeys(facts.confirmations[k].agreement for k in against):
        if case.is_in(key, AgreementState.DRAFTED):
            yield Proposed(on=(key,), why="有人不肯签或有意见，谈好了改文本")


def to_draft(case: Case, _today: date) -> Iterator[Proposed]:
    for key in [*_agreements(case, AgreementState.REACHED)][:1]:
        yield Proposed(on=(key,), why="谈妥的写成协议书")


def to_adopt(case: Case, _today: date) -> Iterator[Proposed]:
    for key in _agreements(case, AgreementState.REACHED):
        yield Proposed(on=(key,), why="各方都说不用写的")


def _uncounted(case: Case, agreement: str) -> list[str]:
    """Those given in a way that does not count by the track of the text."""
    facts = facts_of(case)
    given = _in(case, asked_to_sign(case, agreement), ConfirmationState.GIVEN)
    return [k for k in given if (manner := facts.confirmations[k].manner) and not counts(case, agreement, manner)]


def _lacking(case: Case, agreement: str) -> list[str]:
    return _in(case, asked_to_sign(case, agreement), ConfirmationState.AWAITED, ConfirmationState.ONLINE)


def to_sign_together(case: Case, _today: date) -> Iterator[Proposed]:
    """Several sign on one day, as a rule: a row for each of them."""
    for key in _agreements(case, AgreementState.DRAFTED):
        lacking = _lacking(case, key)
        if 1 < len(lacking) <= MOST_ON_SHEET:
            yield Proposed(on=tuple(lacking), why=f"还差{len(lacking)}方签")


def to_sign(case: Case, today: date) -> Iterator[Proposed]:
    together = {key for sheet in to_sign_together(case, today) for key in sheet.on}
    for key in _agreements(case, AgreementState.DRAFTED):
        if lacking := [k for k in _lacking(case, key) if k not in together]:
            yield Proposed(on=tuple(lacking), why=f"还差{len(lacking)}方签")


def to_sign_again(case: Case, _today: date) -> Iterator[Proposed]:
    for key in _agreements(case, AgreementState.DRAFTED):
        if uncounted := _uncounted(case, key):
            yield Proposed(on=tuple(uncounted), why="这种签法不算数，请补签名或盖章")


def not_signing(case: Case, _today: date) -> Iterator[Proposed]:
    for key in _agreements(case, AgreementState.DRAFTED):
        if lacking := _lacking(case, key):
            yield Proposed(on=tuple(lacking), why="不肯签的照实记")


def _is_signed(case: Case, agreement: str) -> bool:
    """Whether each party has signed, so that it counts."""
    states = [case.is_in(key, ConfirmationState.GIVEN) for key in asked_to_sign(case, agreement)]
    return all(states) and not _uncounted(case, agreement)


def to_sign_as_mediator(case: Case, _today: date) -> Iterator[Proposed]:
    for key, held in _agreements(case, AgreementState.DRAFTED).items():
        if held.mediator_signed is None and _is_signed(case, key):
            yield Proposed(on=(key,), why="各方都签了")


def to_seal(case: Case, _today: date) -> Iterator[Proposed]:
    for key, held in _agreements(case, AgreementState.DRAFTED).items():
        if held.sealed is None and _is_signed(case, key):
            yield Proposed(on=(key,), why="盖了章协议才生效")


def paid_at_once(case: Case, _today: date) -> Iterator[Proposed]:
    """Money that moves once one has agreed, before there is a paper."""
    paid = {payment.agreement for payment in facts_of(case).payments.values()}
    for key, held in _agreements(case, AgreementState.REACHED).items():
        if key not in paid and _is_of_money(held):
            yield Proposed(about=(key,), form=(("agreement", key),), why="当场给了的，记下来")


def done_at_once(case: Case, _today: date) -> Iterator[Proposed]:
    paid = {payment.agreement for payment in facts_of(case).payments.values()}
    for key, held in _agreements(case, AgreementState.REACHED).items():
        if held.reported is None and (not _is_of_money(held) or key in paid or None in paid):
            yield Proposed(on=(key,), why="说好的已经办了的")


def _is_of_money(held: Agreement) -> bool:
    """Whether something is to be paid by an agreement."""
    return bool(held.amount) or any(term.kind is TermKind.PAY for term in held.terms)


def groups_to_close(case: Case, _today: date) -> Iterator[Proposed]:
    """Once there is an agreement, it is to be said what came of a group."""
    keys = _in(case, facts_of(case).cohorts, CohortState.OPEN)
    if keys and facts_of(case).agreements and not _unsettled(case) and not _owed(case):
        yield Proposed(on=tuple(keys), why="这批人怎样了结，写明")


# -- performance


def sums_due(case: Case, today: date) -> Iterator[Proposed]:
    """What is due, one payment for all that one payer owes of one day; those of a roster are recorded together."""
    together = {key for key, _ in _many_due(case, today)}
    due = {k: o for k, o in _sums(case).items() if o.due is None or o.due <= today}
    yield from _sums_by(case, {k: o for k, o in due.items() if o.agreement not in together})


def many_sums_due(case: Case, today: date) -> Iterator[Proposed]:
    for key, own in _many_due(case, today):
        why = f"一次付给{len(own)}笔的，一起记"
        yield Proposed(about=(key,), form=(("agreement", key),), day=own[0].due, why=why)


def _many_due(case: Case, today: date) -> Iterator[tuple[str, list[Obligation]]]:
    """Agreements by which several are to be paid by now, each with what."""
    due = [o for o in _sums(case).values() if o.due is not None and o.due <= today]
    for key in dict.fromkeys(o.agreement for o in due):
        own = [o for o in due if o.agreement == key]
        if key and len({o.payee for o in own}) >= MANY:
            yield key, own


def sums_to_come(case: Case, today: date) -> Iterator[Proposed]:
    owed = _sums(case)
    if owed and not any(o.due is None or o.due <= today for o in owed.values()):
        first = next(iter(owed.values())).due
        yield from _sums_by(case, {k: o for k, o in owed.items() if o.due == first})


def _alarming(case: Case) -> Visit | None:
    """The last visit that was made, where it found that things may go wrong."""
    made = [it for it in facts_of(case).visits.values() if it.made is not None]
    is_open = facts_of(case).closed is None
    return made[-1] if made and made[-1].alarming and is_open else None


def urging_after_visit(case: Case, today: date) -> Iterator[Proposed]:
    """A visit found that somebody may not perform; what is overdue is urged anyway."""
    visit, late = _alarming(case), {key for it in broken(case, today) for key in it.on}
    if visit is None or visit.made is None:
        return
    since = visit.made
    keys = [k for k, o in _owed(case).items() if k not in late and (o.urged is None or o.urged.is_before(since))]
    if keys:
        yield Proposed(on=tuple(keys), why="走访时看出可能不履行，催一催")


def risk_after_visit(case: Case, _today: date) -> Iterator[Proposed]:
    visit = _alarming(case)
    made = visit.made if visit else None
    if made is not None and not any(r.raised and not r.raised.is_before(made) for r in facts_of(case).risks.values()):
        yield Proposed(why="走访有苗头，有激化风险的报告")


def visit_after_visit(case: Case, _today: date) -> Iterator[Proposed]:
    visit = _alarming(case)
    if visit is not None and not _in(case, facts_of(case).visits, *VISIT_AHEAD):
        form = (("party", visit.party),) if visit.party else ()
        yield Proposed(form=form, why="走访有苗头，再排一次")


def _sums_by(case: Case, owed: Mapping[str, Obligation]) -> Iterator[Proposed]:
    """For each payer and day a payment, begun with all that is owed by it."""
    now = set(owed_now(case))
    payments: dict[tuple[str | None, date | None], list[str]] = {}
    for key, of in owed.items():
        payments.setdefault((of.payer, of.due), []).append(key)
    for (_, due), keys in payments.items():
        form = tuple(("obligation", key) for key in keys) if now >= set(keys) else ()
        yield Proposed(about=tuple(keys), form=form, day=due, why="付了就记")


def acts_due(case: Case, today: date) -> Iterator[Proposed]:
    others = {k: o for k, o in _owed(case).items() if o.kind is not TermKind.PAY}
    for key, owed in others.items():
        yield Proposed(on=(key,), day=owed.due, why="办了就记")


def broken(case: Case, today: date) -> Iterator[Proposed]:
    """What is overdue or broken, and nobody has urged since."""
    late = [
        key
        for key, owed in _owed(case).items()
        if case.is_in(key, ObligationState.BREACHED) or (owed.due is not None and owed.due < today)
    ]
    if late:
        yield Proposed(on=tuple(late), why="过了期没有办，催一催")


def default_to_record(case: Case, today: date) -> Iterator[Proposed]:
    """What is overdue though it has been urged."""
    late = [k for k, o in _owed(case).items() if o.due and o.due < today and o.urgings]
    if keys := _in(case, late, ObligationState.PENDING):
        yield Proposed(on=tuple(keys), why="催了还没有办，记为违约")


def payees_to_tell(case: Case, today: date) -> Iterator[Proposed]:
    keys = [k for k, o in _owed(case).items() if o.remedy_told is None and (o.urgings or o.breached is not None)]
    if keys:
        yield Proposed(on=tuple(keys), why="催了还不办的，告诉收款的一方能去哪里")


def visits_due(case: Case, today: date) -> Iterator[Proposed]:
    yield from (it for it in _visits(case, *VISIT_AHEAD) if it.day and it.day <= today)


def visits_to_come(case: Case, today: date) -> Iterator[Proposed]:
    found = [it for it in _visits(case, *VISIT_AHEAD) if not it.day or it.day > today]
    yield from found[:1]


def quality_visits(case: Case, _today: date) -> Iterator[Proposed]:
    yield from [*_visits(case, VisitState.TO_BE_ASKED)][:1]


def _visits(case: Case, *states: Labelled) -> Iterator[Proposed]:
    visits = {key: facts_of(case).visits[key] for key in _in(case, facts_of(case).visits, *states)}
    for key, visit in sorted(visits.items(), key=lambda it: it[1].due or date.max):
        yield Proposed(on=(key,), day=visit.due, why="到了走访的日子")


def to_confirm(case: Case, _today: date) -> Iterator[Proposed]:
    """An agreement that a court or an arbitration body may confirm, if the parties wish."""
    facts = facts_of(case)
    filed = {p.agreement for p in facts.proceedings.values()}
    is_labour = track_of(facts.track) is LABOUR
    kind = ProceedingKind.ARBITRAL if is_labour else ProceedingKind.JUDICIAL
    number, unit = CONFIRMABLE[kind]
    for key, held in _agreements(case, AgreementState.EFFECTIVE).items():
        if key not in filed and held.effective is not None and not confirmed(case, key):
            form = (("kind", kind.code), ("agreement", key), *(("applicants", party) for party in held.signers))
            yield Proposed(about=(key,), form=form, why=f"各方愿意的，生效后{number}{unit.label}内可以申请确认")


def results_awaited(case: Case, _today: date) -> Iterator[Proposed]:
    if keys := _in(case, facts_of(case).proceedings, ProceedingState.FILED):
        yield Proposed(on=tuple(keys), why="已经申请，有了结果就记")


def papers_to_hand_over(case: Case, _today: date) -> Iterator[Proposed]:
    for key, parties in not_handed_over(case):
        first, *others = parties
        form = (("paper", DeliveredPaper.AGREEMENT.code), ("agreement", key), ("party", first))
        why = f"协议书各方一人一份，还差{len(parties)}方"
        yield Proposed(about=(key,), form=(*form, *((SEVERAL, party) for party in others)), why=why)


def not_handed_over(case: Case) -> Iterator[tuple[str, list[str]]]:
    """Written agreements in effect, each with those who have signed it and to whom it is not on its way."""
    sent = {k: d for k, d in facts_of(case).deliveries.items() if case.is_in(k, *HANDED)}
    papers = [d for d in sent.values() if d.paper is DeliveredPaper.AGREEMENT]
    for key, held in facts_of(case).agreements.items():
        there = {d.party for d in papers if (d.agreement or only_agreement(case)) == key}
        parties = [party for party in held.signers if party not in there]
        if binds(case, key) and held.form is not AgreementForm.ORAL and parties:
            yield key, parties


def _authority_lacking(case: Case, *, latest: bool) -> Iterator[Proposed]:
    """Somebody acts by a paper that has not been filed; the latest that happened in the case, or before that."""
    facts, last = facts_of(case), max((it.seen for it in case.instances.values()), default=0)
    filed = {e.party for e in facts.exhibits.values() if e.kind is ExhibitKind.AUTHORITY}
    standing = _in(case, facts.capacities, CapacityState.STANDING) if facts.closed is None else []
    for key in standing:
        parties = [party for party in facts.capacities[key].principals if party not in filed]
        is_own = facts.capacities[key].kind is CapacityKind.HEAD
        if parties and not is_own and (case.instances[key].seen == last) is latest:
            form = (("kind", ExhibitKind.AUTHORITY.code), ("party", parties[0]))
            yield Proposed(about=(parties[0],), form=form, why="授权的书面材料还没有收")
            return


def authority_just_shown(case: Case, _today: date) -> Iterator[Proposed]:
    return _authority_lacking(case, latest=True)


def authority_to_file(case: Case, _today: date) -> Iterator[Proposed]:
    return _authority_lacking(case, latest=False)


def signed_paper_to_file(case: Case, _today: date) -> Iterator[Proposed]:
    signed = [e for e in facts_of(case).exhibits.values() if e.kind is ExhibitKind.SIGNED]
    filed = {key for e in signed for key in e.about or (only_agreement(case),)}
    for key in _agreements(case, AgreementState.EFFECTIVE):
        if key not in filed and facts_of(case).agreements[key].text_hash:
            form = (("kind", ExhibitKind.SIGNED.code), ("agreement", key))
            yield Proposed(about=(key,), form=form, why="签好、盖好章的协议书还没有收")


def receipts_to_file(case: Case, _today: date) -> Iterator[Proposed]:
    filed = {key for e in facts_of(case).exhibits.values() if e.kind is ExhibitKind.RECEIPT for key in e.about}
    last = next(reversed([*facts_of(case).payments]), None)
    if last and last not in filed and facts_of(case).closed is None:
        form = (("kind", ExhibitKind.RECEIPT.code), ("payment", last))
        yield Proposed(about=(last,), form=form, why="付款的凭证还没有收")


def to_close(case: Case, _today: date) -> Iterator[Proposed]:
    if machine_of(case.phase) == "follow_up" and _bound(case) and not _owed(case):
        yield Proposed(why="该办的都办了")


def to_close_with_remainder(case: Case, _today: date) -> Iterator[Proposed]:
    """No money is owed any more, and what is left comes about later, or goes on."""
    facts = facts_of(case)
    left = _in(case, facts.obligations, ObligationState.PENDING)
    if machine_of(case.phase) == "follow_up" and facts.closed is None and _bound(case) and left and not _sums(case):
        yield Proposed(why="钱已付清，还有以后才办、一直要守的事，写明就可以结案")


def gone_elsewhere(case: Case, _today: date) -> Iterator[Proposed]:
    """After the end of a case, a party may still go to a court or to arbitration."""
    if facts_of(case).closed is not None:
        yield Proposed(why="有人去法院或者申请仲裁了，记下来")


def list_open(case: Case, _today: date) -> Iterator[Proposed]:
    facts = facts_of(case)
    if machine_of(case.phase) == "follow_up" and not facts.list_complete and not _owed(case):
        sides = [key for key in opponents(case) if key in facts.parties]
        yield Proposed(on=tuple(sides[:1]), why="结案前要说明申请人都在名单上")


def to_print(case: Case) -> Iterator[tuple[str, str]]:
    """The text of an agreement that somebody has still to sign."""
    for key in _agreements(case, AgreementState.DRAFTED):
        if _lacking(case, key):
            yield "agreement", key


NEXT = (
    # what cannot wait
    Usual(ReportRisk, risks_to_report),
    Usual(ResumeCase, suspended),
    # before acceptance
    Usual(AssignMediator, nobody_leads),
    Usual(TakeCase, nobody_leads, Office.MEDIATOR),
    Usual(AcceptCase, to_accept),
    Usual(RecordConsent, consent_unknown, Office.MEDIATOR, is_aside=True),
    Usual(RecordMember, seats_before_talks, is_aside=True),
    # what has come due
    Usual(RecordVisit, visits_due),
    Usual(RecordSession, sessions_to_record),
    Usual(CallOffSession, sessions_to_call_off, is_aside=True),
    Usual(RecordPayment, sums_due),
    Usual(RecordBatch, many_sums_due),
    Usual(UrgePerformance, broken),
    Usual(UrgePerformance, urging_after_visit),
    Usual(PlanVisit, visit_after_visit),
    Usual(RaiseRisk, risk_after_visit, is_aside=True),
    Usual(TellPayee, payees_to_tell),
    Usual(RecordBreach, default_to_record),
    # an agreement on its way into effect
    Usual(ReachAgreement, settled_in_session),
    Usual(AmendAgreement, to_be_changed),
    Usual(RecordSignatures, to_sign_together),
    Usual(ConfirmAgreement, to_sign),
    Usual(ConfirmAgreement, to_sign_again),
    Usual(SignAsMediator, to_sign_as_mediator),
    Usual(AffixSeal, to_seal),
    Usual(DeclineToSign, not_signing, is_aside=True),
    Usual(DraftAgreement, to_draft),
    Usual(RecordPayment, paid_at_once),
    Usual(ReportPerformance, done_at_once),
    Usual(EndCohort, groups_to_close),
    Usual(AdoptOrally, to_adopt),
    # talks
    Usual(TerminateMediation, to_terminate, is_aside=True),
    Usual(FileExhibit, authority_just_shown, is_aside=True),
    Usual(TellRights, rights_untold),
    Usual(DiscloseTie, tie_untold),
    Usual(EnterCapacity, wards),
    Usual(ConveneConsultation, to_convene),
    Usual(RecordTalk, sides_unheard),
    Usual(ScheduleSession, to_meet),
    Usual(EaseRisk, risks_to_watch, is_aside=True),
    Usual(InvitePanel, seats_empty, is_aside=True),
    Usual(RecordTalk, talk_after_session),
    Usual(RecordTalk, others_unheard),
    Usual(SeatMember, invited_members),
    Usual(MarkReady, ready_to_meet),
    Usual(RecordSession, has_met),
    Usual(ReachAgreement, has_agreed),
    Usual(RecordTalk, talk_again),
    Usual(RecordTalk, talk_before_session, is_aside=True),
    Usual(TellRemedies, without_result),
    Usual(RaiseToConsultation, to_raise, is_aside=True),
    Usual(ScheduleSession, to_meet_early, is_aside=True),
    Usual(AgreeToMember, members_to_agree_to, is_aside=True),
    Usual(InvitePanel, seats_empty_early, is_aside=True),
    Usual(DeclareCohort, undeclared_groups, is_aside=True),
    Usual(EnterCapacity, nobody_acts, is_aside=True),
    Usual(SetGrade, grade_unset, is_aside=True),
    Usual(TellRights, rights_told_late, is_aside=True),
    # after effect
    Usual(CloseAsPerformed, to_close),
    Usual(CloseNamingRemainder, to_close_with_remainder, is_aside=True),
    Usual(DeclareListComplete, list_open),
    Usual(RecordGranted, results_awaited, is_aside=True),
    Usual(FileExhibit, signed_paper_to_file, is_aside=True),
    Usual(DeliverPaper, papers_to_hand_over, is_aside=True),
    Usual(FileExhibit, receipts_to_file, is_aside=True),
    Usual(FileExhibit, authority_to_file, is_aside=True),
    Usual(FileProceeding, to_confirm, is_aside=True),
    Usual(RecordPerformance, acts_due),
    Usual(RecordPayment, sums_to_come),
    Usual(RecordVisit, visits_to_come),
    Usual(FileProceeding, gone_elsewhere, is_aside=True),
    Usual(RecordQualityVisit, quality_visits),
    Usual(AssignMediator, never_led, is_aside=True),
    Usual(TakeCase, never_led, Office.MEDIATOR),
)
"""In this order: what comes first is more pressing."""
