"""Guidance for people: what leads on where no table says it, and which steps open which gate. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.workflow import Guidance

from .companions import COMPANIONS
from .facts import OUTLIVING, facts_of
from .parts import moments
from .parts.agreement import (
    AbandonAgreement,
    AdoptOrally,
    AffixSeal,
    AmendAgreement,
    DraftAgreement,
    ReachAgreement,
    ReportPerformance,
    SignAsMediator,
)
from .parts.assignment import AcceptRecused, AssignMediator, GrantChange, HandOverAssignment, RefuseChange, TakeCase
from .parts.batch import RecordBatch
from .parts.block import MarkBlocked, MarkReady, MarkSettled, RecordTalk
from .parts.capacity import EnterCapacity, RatifyCapacity
from .parts.cohort import EndCohort, ReopenCohort
from .parts.confirmation import ConfirmAgreement, RatifyConfirmation, RecordGenuine, RecordSignatures
from .parts.issue import DisposeIssue
from .parts.ledger import came_back, is_owed, owed_now
from .parts.member import AcceptMember, AgreeToMember, InviteMember, InvitePanel, RecordMember, RecuseMember, SeatMember
from .parts.obligation import Determining, RecordPerformance, TellPayee, UrgePerformance, awaits_event
from .parts.party import DeclareListComplete, DiscloseTie, RecordConsent, TellRemedies, TellRights
from .parts.payment import DisputePayment, RecordPayment, RecordReturn, ResendPayment
from .parts.proceeding import (
    RecordDecided,
    RecordDismissed,
    RecordGranted,
    RecordReturned,
    RecordSettledThere,
    WithdrawProceeding,
)
from .parts.queries import MOST_ON_SHEET, confirmed, in_dispute, obligations_of, only_agreement, opponents, unsigned
from .parts.session import RecordSession, ScheduleSession, seated
from .parts.states import (
    AgreementState,
    AssignmentState,
    CapacityState,
    ConfirmationState,
    ObligationState,
)
from .parts.suspension import ResumeCase
from .parts.visit import PlanQualityVisit, PlanVisit, RecordVisit
from .phases import challenge, follow_up, mediation
from .phases.challenge import ResumeSupervision
from .phases.coordination import ConveneConsultation
from .phases.follow_up import CloseAsPerformed, CloseNamingRemainder, ReopenTalks
from .tracks import LABOUR
from .usual_steps import MANY, NEXT, UNDER_WAY, not_handed_over, to_print
from .vocabulary import DeliveredPaper, Dispute, ExhibitKind, Handling, SessionResult, Side, TermKind

Commands = tuple[type[Command], ...]
Onward = tuple[type[Command] | tuple[type[Command], str], ...]


def towards_settling(case: Case, key: str) -> Commands:
    """Steps towards settling an issue: talks about it, until an agreement on it is under way."""
    facts = facts_of(case)
    if any(key in held.issues and case.is_in(name, *UNDER_WAY) for name, held in facts.agreements.items()):
        return ()
    held_last = [s for s in facts.sessions.values() if s.held is not None and (not s.issues or key in s.issues)]
    if held_last and held_last[-1].result is SessionResult.SETTLED:
        return (ReachAgreement,)
    return (RecordTalk, ScheduleSession, RecordSession, ReachAgreement, ConveneConsultation)


def towards_effect(case: Case, key: str) -> Commands:
    """Steps towards the effect of an agreement; the parties sign first, each by a confirmation of its own."""
    held = facts_of(case).agreements[key]
    if case.is_in(key, AgreementState.REACHED):
        return (DraftAgreement, AdoptOrally)
    if held.mediator_signed is None:
        return () if unsigned(case, key) else (SignAsMediator,)
    return (AffixSeal,) if held.sealed is None else ()


def towards_deciding(case: Case, key: str) -> Onward:
    """A wish for another mediator is granted or refused; until then nothing leads on."""
    return ((GrantChange, key), (RefuseChange, key)) if case.is_in(key, AssignmentState.CHALLENGED) else ()


def towards_signing(case: Case, key: str) -> Onward:
    """Who declined to sign may think again; or the text is changed, as for whoever denies having signed.

    Before a ward signs, its guardian is entered; of a disowned authority it is recorded that there was some.
    """
    held = facts_of(case).confirmations[key]
    agreement, party = held.agreement, facts_of(case).parties[held.party]
    acting = [k for k, c in facts_of(case).capacities.items() if held.party in c.principals]
    if case.is_in(key, ConfirmationState.AWAITED) and not acting and not party.ability.is_full:
        return (EnterCapacity,)
    if case.is_in(key, ConfirmationState.AWAITED) and 1 < len(unsigned(case, agreement)) <= MOST_ON_SHEET:
        return ((RecordSignatures, key),)
    disowned = [k for k in held.signers if k in acting and case.is_in(k, CapacityState.DISOWNED)]
    if case.is_in(key, ConfirmationState.HELD) and disowned:
        return ((RatifyConfirmation, key), (RatifyCapacity, disowned[0]))
    if case.is_in(key, ConfirmationState.ONLINE):
        return ((ConfirmAgreement, key),)
    if case.is_in(key, ConfirmationState.OBJECTED):
        return ((AmendAgreement, agreement), (ConfirmAgreement, key))
    if case.is_in(key, ConfirmationState.DECLINED) and case.is_in(agreement, AgreementState.DRAFTED):
        return ((ConfirmAgreement, key), (AmendAgreement, agreement))
    return ()


def towards_performance(case: Case, key: str) -> Onward:
    """Money is booked, that of a roster at once; whatever else is owed is recorded as done. What is broken is urged."""
    owed = facts_of(case).obligations[key]
    done: Onward = (RecordPayment, RecordPerformance) if owed.kind is TermKind.PAY else (RecordPerformance,)
    if back := came_back(case, key):
        done = ((ResendPayment, back), (RecordReturn, back), *done)
    elif len([*islice((k for k in obligations_of(case, owed.agreement or "") if is_owed(case, k)), MANY)]) == MANY:
        done = (RecordBatch, *done)
    urged: Onward = ((TellPayee, key),) if owed.urgings and owed.remedy_told is None else ()
    if case.is_in(key, ObligationState.BREACHED):
        return (*done, (UrgePerformance, key), *urged)
    if not case.is_in(key, ObligationState.PENDING) or owed.kind in OUTLIVING:
        return ()
    return (*done, (UrgePerformance, key), *urged) if owed.due else done


def usual_remedies(case: Case, key: str) -> Mapping[str, str]:
    """What the payee of an obligation is probably told: by its track, and by whether it can be enforced.

    人民调解法 第33条; 劳动争议调解仲裁法 第15、16条.
    """
    owed, facts = facts_of(case).obligations[key], facts_of(case)
    if owed.proceeding or confirmed(case, owed.agreement or ""):
        return {"enforcement": YES}
    agreement = facts.agreements.get(owed.agreement or "")
    if ((agreement and agreement.track) or facts.track) != LABOUR.code:
        return {"court": YES}
    pay = owed.kind is TermKind.PAY and facts.dispute is not Dispute.LABOUR_OTHER
    return {"arbitration": YES} | ({"payment_order": YES} if pay else {})


def usual_ground(case: Case, key: str) -> Mapping[str, str]:
    """Why something is determined about an obligation: what waits for an event is when that comes about."""
    return {"ground": Determining.OCCURRED.code} if awaits_event(case, key) else {}


def usual_signers(case: Case, key: str) -> Mapping[str, str]:
    """Who signs a text: all between whom the dispute is, while nobody has said who."""
    held = facts_of(case).agreements.get(key)
    signers = {} if held and held.signers else {"signers": " ".join(opponents(case))}
    return {**signers, **usual_terms(case, key)}


def usual_terms(case: Case, key: str) -> Mapping[str, str]:
    """Between whom terms mostly are: the one respondent pays, the one applicant is paid."""
    parties = facts_of(case).parties
    sides = {"payer": Side.RESPONDENT, "payee": Side.APPLICANT}
    found = {name: [k for k in in_dispute(case) if parties[k].side is side] for name, side in sides.items()}
    return {name: keys[0] for name, keys in found.items() if len(keys) == 1}


def usual_session(case: Case, key: str) -> Mapping[str, str]:
    """What a session that was held begins with: as it was called; else who came last time, or all in dispute."""
    facts = facts_of(case)
    planned = facts.sessions.get(key)
    last = next((s.attended for s in reversed(facts.sessions.values()) if s.attended), ())
    expected = (planned.invited or tuple(in_dispute(case))) if planned else ()
    came = expected or last or tuple(in_dispute(case))
    day = f"{planned.planned}" if planned and planned.planned else ""
    hour = planned.planned_at if planned and day else ""
    return _filled(
        attended=_ticked(came),
        chair=facts.lead_mediator(),
        clerk=next((a.staff for a in facts.standing() if a.role is Handling.RECORDER), None),
        place=(planned and planned.place) or _last_place(case),
        when=f"{day}T{hour}" if hour else day,
    )


def usual_principals(case: Case, _key: str) -> Mapping[str, str]:
    """For whom somebody comes, where one alone can be meant: the firm for which nobody acts yet."""
    facts = facts_of(case)
    acting = {key for capacity in facts.capacities.values() for key in capacity.principals}
    firms = [k for k in opponents(case) if facts.parties[k].kind is not PartyKind.PERSON and k not in acting]
    return {"principals": firms[0]} if len(firms) == 1 else {}


def usual_payment(case: Case, key: str) -> Mapping[str, str]:
    """Who pays: whoever owes all that the form is opened for, or else all that is owed."""
    owed = facts_of(case).obligations
    payers = {owed[k].payer for k in ([k for k in key.split() if k in owed] or owed_now(case))}
    payer = payers.pop() if len(payers) == 1 else None
    return _filled(payer=payer)


def due_together(case: Case, key: str) -> Sequence[str]:
    """What one payer owes of the same day is mostly paid at once; of many it is not guessed."""
    owed = facts_of(case).obligations
    alike = [k for k, o in owed.items() if (o.payer, o.due) == (owed[key].payer, owed[key].due)]
    now = set(owed_now(case)) if 1 < len(alike) <= MOST_TICKED else set[str]()
    return [k for k in alike if k in now] if key in now else [key]


def usual_paper(case: Case, _key: str) -> Mapping[str, str]:
    """What is handed over: the only agreement, until all have it."""
    lacking = {key for key, _ in not_handed_over(case)}
    key = only_agreement(case)
    return {"paper": DeliveredPaper.AGREEMENT.code, "agreement": key} if key in lacking and key else {}


def texts_on_their_way(case: Case) -> Iterator[tuple[str, ...]]:
    """Texts that somebody has still to sign, each with the signatures that are lacking."""
    for _, key in to_print(case):
        yield key, *unsigned(case, key)


def usual_agreeing(case: Case, _key: str) -> Mapping[str, str]:
    """Who agrees to a member: mostly all in dispute."""
    return _filled(agreed_by=_ticked(opponents(case)))


def usual_calling(case: Case, key: str) -> Mapping[str, str]:
    """What a session to be called begins with: all in dispute, the members who sit; where, on what and how last."""
    sessions = [*reversed(facts_of(case).sessions.values())]
    return _filled(
        invited=_ticked(in_dispute(case)),
        members=" ".join(seated(case)),
        place=_last_place(case),
        topic=next((s.topic for s in sessions if s.topic), None),
        plan=next((s.plan for s in sessions if s.plan), None),
    )


MOST_TICKED = 8
"""So many at most are ticked beforehand."""


def _ticked(parties: Sequence[str]) -> str:
    return " ".join(parties) if len(parties) <= MOST_TICKED else ""


def _last_place(case: Case) -> str | None:
    """Where one met last."""
    return next((s.place for s in reversed(facts_of(case).sessions.values()) if s.place), None)


def _filled(**found: str | None) -> Mapping[str, str]:
    return {name: words for name, words in found.items() if words}


def usual_answer(case: Case, key: str) -> Mapping[str, str]:
    """Whom a refusal of another mediator is told to: who asked for one."""
    asked = facts_of(case).assignments[key].asked_by
    return {"party": asked[0]} if asked else {}


YES = "是"


OPENS: Mapping[str, Commands] = {
    "agreement_in_effect": (AffixSeal, AdoptOrally),
    "agreement_replaced": (RecordDecided, RecordSettledThere),
    "agreements_performed": (RecordPerformance, RecordPayment, ReportPerformance),
    "all_confirmed": (ConfirmAgreement, RatifyConfirmation, EnterCapacity),
    "all_performed": (RecordPerformance, RecordPayment),
    "blocks_ended": (MarkReady, MarkSettled, MarkBlocked),
    "case_open": (RecordVisit,),
    "not_denied": (RecordGenuine, RatifyConfirmation, ConfirmAgreement),
    "nothing_denied": (RecordGenuine, RatifyConfirmation, ConfirmAgreement),
    "nothing_open": (DisposeIssue, ReopenTalks, CloseNamingRemainder),
    "claimants_answered": (EndCohort, DeclareListComplete),
    "conflicts_accepted": (AcceptMember, RecuseMember),
    "consented_first": (RecordConsent,),
    "contents_recorded": (DraftAgreement,),
    "may_talk_again": (RecordReturned, RecordDecided),
    "mediator_signed": (SignAsMediator,),
    "helps_only": (HandOverAssignment,),
    "members_agreed_to": (AgreeToMember,),
    "nobody_refuses": (RecordConsent,),
    "nobody_refuses_to_begin": (RecordConsent,),
    "not_paid_up": (DisputePayment,),
    "not_recused": (AcceptRecused,),
    "nobody_leads": (HandOverAssignment,),
    "not_suspended": (ResumeCase,),
    "nothing_binding": (DisposeIssue,),
    "nothing_else_owed": (ResumeSupervision,),
    "nothing_unsigned": (DraftAgreement, ConfirmAgreement, AbandonAgreement),
    "oral_allowed": (DraftAgreement,),
    "organ_members_agreed_to": (AgreeToMember,),
    "parties_agreed": (AgreeToMember,),
    "parties_agreed_to_organ": (AgreeToMember,),
    "quorum": (InvitePanel, InviteMember, SeatMember, RecordMember),
    "remedies_told": (TellRemedies,),
    "remedies_told_on_default": (TellRemedies, TellPayee),
    "results_known": (RecordGranted, RecordDismissed, RecordDecided, RecordReturned, WithdrawProceeding),
    "rights_told": (TellRights,),
    "something_binds": (AffixSeal,),
    "something_remains": (CloseAsPerformed,),
    "somebody_leads": (AssignMediator, TakeCase),
    "still_open": (ReopenCohort,),
    "tie_told": (DiscloseTie,),
    "totals_agree": (AmendAgreement,),
    "two_at_the_table": (RecordTalk,),
}
"""By code of a gate: the steps that can open it."""

MET_IN_FORM = frozenset(
    {
        *("absent_named", "absent_unsigned", "payers_stay", "terms_apart", "replaces_none", "sheet_filed"),
        "parted_stay_apart",
        *("text_seen", "meaning_as_told", "objects_for_itself", "clause_known", "all_waive"),
        *("not_a_party", "whom_to_see", "has_lapsed", "tied_to_employer"),
        *("due_to_party", "paid_straight", "will_count"),  # of what a party does by itself
        *("has_effect", "own_visit", "not_answered", "own_wish"),
        *("somebody_listed", "sums_positive", "each_listed_once", "group_named", "group_signs_nothing"),
        "acts_for_another",
        "admitted",
        "agreement_named",
        "amount_is_positive",
        "applicant_named",
        "authority_in_writing",
        "days_in_order",
        "exhibits_named",
        "file_given",
        "filed_jointly",
        "not_assigned_yet",
        "not_seated_yet",
        "seats_apart",
        "together_apart",
        "signed_once",
        "signed_for_itself",
        "not_weaker",
        "each_once",
        "return_explained",
        "returns_explained",
        "rows_named",
        "rows_owed",
        "amount_is_no_debt",
        "of_one_agreement",
        "own_case",
        "orders_in_order",
        "principals_named",
        "replaces_another",
        "replaces_standing",
        "shares_add_up",
        "something_changed",
        "visits_answered",
        *(guard.code for name, guard in vars(moments).items() if name.startswith("AFTER_")),
        "four_fixed",
        "is_strengthening",
        "issues_named",
        "not_taken_elsewhere",
        "organs_agreed_to",
        "outsiders_agreed_to",
        "another_case",
        "paper_named",
        "reason_given",
        "remainder_named",
        "role_installed",
        "own_named",
        "same_party",
        "same_readers",
        "signers_named",
        "signs_for_the_same",
        "some_are_left",
        "still_kept",
        "text_is_current",
        "to_another",
        "track_known",
        "track_served",
        "where_submitted",
        "with_one",
    }
)
"""Codes of gates that are met by what is filled in, or never."""

ALSO_CALLED: Mapping[str, tuple[str, ...]] = {
    "RecordPayment": ("付款", "打款", "转账", "汇款", "给钱", "收款", "到账"),
    "AllocatePayment": ("付款用途", "指明付款用途", "这笔钱付的什么"),
    "RecordBatch": ("发工资", "代发", "一起付款"),
    "RecordReturn": ("退款", "没到账"),
    "ResendPayment": ("重新打款", "补打"),
    "DisputePayment": ("没收到钱", "账不对"),
    "RecordPerformance": ("履行", "做完了", "办完了"),
    "UrgePerformance": ("催款", "催办", "催促", "提醒"),
    "RecordBreach": ("违约", "逾期", "没付", "不履行"),
    "TellPayee": ("救济", "起诉仲裁途径", "告诉收款方"),
    "ReleaseObligation": ("免债", "不要了", "减免"),
    "DetermineObligation": ("改日子", "确定金额", "条件成就"),
    "RecordTalk": ("谈话", "背对背", "单独谈", "会中单独谈", "做工作", "沟通"),
    "ScheduleSession": ("开会", "约时间", "定日子", "会议通知"),
    "RecordSession": ("开会", "会议记录", "笔录", "调解会", "书面意见", "成员意见"),
    "RecordNotHeld": ("没来", "不能来", "休会", "改天再谈"),
    "CallOffSession": ("不开了", "取消开会"),
    "ReachAgreement": ("谈成", "达成", "成功", "口头协议"),
    "DraftAgreement": ("写协议", "起草", "协议书"),
    "AmendAgreement": ("改协议", "改条款", "变更协议"),
    "ConfirmAgreement": ("签字", "签协议", "按手印", "盖公章"),
    "RecordSignatures": ("签名册", "签字", "签协议", "大家都签了", "各方签字"),
    "DeclineToSign": ("不签", "不肯签", "反悔"),
    "SignAsMediator": ("我签字", "调解员签字"),
    "AffixSeal": ("盖章", "公章"),
    "AdoptOrally": ("口头协议", "不写协议"),
    "TellRights": ("权利义务告知书", "告知书", "权利义务"),
    "TellRemedies": ("救济", "去法院", "去仲裁"),
    "RecordConsent": ("愿意调解", "同意"),
    "RefuseMediation": ("不愿调解", "不调"),
    "JoinCase": ("加人", "追加当事人", "新当事人"),
    "LeaveCase": ("退出", "撤走"),
    "EnterCapacity": ("委托书", "代理人", "律师", "代表人", "监护人", "授权"),
    "EnterRoster": ("名单", "花名册", "工人名单"),
    "DeclareCohort": ("人数", "多少人", "群体"),
    "FileExhibit": ("上传", "拍照", "照片", "附件", "扫描", "签名册", *(kind.label for kind in ExhibitKind)),
    "InviteMember": ("请人", "邀请", "五方"),
    "RecordMember": ("请人", "参加的单位", "五方"),
    "RecordVisit": ("回访", "上门", "走访", "家访"),
    "PlanVisit": ("回访", "安排回访"),
    "EntrustVisit": ("请网格员", "代访"),
    "RecordQualityVisit": ("满意度", "回访"),
    "FileProceeding": ("司法确认", "起诉", "仲裁", "法院"),
    "RecordGranted": ("确认裁定", "法院确认"),
    "RecordDecided": ("判决", "裁决"),
    "RaiseRisk": ("闹事", "自杀", "上访", "跳楼", "危险"),
    "ReportRisk": ("上报", "报警", "报告", "公安"),
    "EaseRisk": ("没事了", "平息"),
    "SuspendCase": ("暂停", "先放一放"),
    "ResumeCase": ("继续", "恢复"),
    "AcceptCase": ("立案", "接案"),
    "DeclineCase": ("不接", "不立案"),
    "TransferCase": ("移送", "转出"),
    "AssignMediator": ("派人", "分案", "交给谁"),
    "TakeCase": ("我来办", "接手"),
    "HandOverAssignment": ("换人", "交接", "转给同事"),
    "AddHelper": ("书记员", "记录员", "协办"),
    "RecuseMediator": ("回避", "避嫌"),
    "AskForChange": ("换调解员",),
    "SetGrade": ("等级", "难易"),
    "RecordExtension": ("延期", "延长"),
    "DeliverPaper": ("送达", "送文书", "签收", *(paper.label for paper in DeliveredPaper)),
    "SendPaper": ("邮寄", "快递", *(paper.label for paper in DeliveredPaper)),
    "RecordCall": ("打电话", "电话"),
    "RecordNote": ("备注", "记一笔", "补充"),
    "CloseAsPerformed": ("结案", "办结", "归档"),
    "CloseNamingRemainder": ("结案", "办结"),
    "TerminateMediation": ("调解不成", "终止", "失败"),
    "WithdrawApplication": ("撤诉", "不告了", "撤回"),
    "LendDossier": ("借卷", "调卷"),
    "RecordConsultation": ("看卷", "查卷"),
    "CloseAsMistaken": ("登记错了", "误录"),
    "CloseAsDuplicate": ("重复", "录重了"),
}
"""By name of a command: what people call it who look for it."""

GUIDANCE = Guidance(
    onward={
        "issue": towards_settling,
        "agreement": towards_effect,
        "assignment": towards_deciding,
        "confirmation": towards_signing,
        "obligation": towards_performance,
    },
    usual={
        "TellPayee": usual_remedies,
        "DetermineObligation": usual_ground,
        "RefuseChange": usual_answer,
        "ReachAgreement": usual_terms,
        "DraftAgreement": usual_signers,
        "ScheduleSession": usual_calling,
        "RecordSession": usual_session,
        "EnterCapacity": usual_principals,
        "RecordPayment": usual_payment,
        "AgreeToMember": usual_agreeing,
        "DeliverPaper": usual_paper,
        "SendPaper": usual_paper,
    },
    opens=OPENS,
    arranged_by={
        "RecordSession": ScheduleSession,
        "RecordVisit": PlanVisit,
        "RecordQualityVisit": PlanQualityVisit,
    },
    together={"RecordPayment": due_together},
    on_its_way={"DraftAgreement": texts_on_their_way},
    for_several={"DeliverPaper": "party", "SendPaper": "party"},
    answered_by={"four_fixed": ("topic", "planned", "members", "plan")},
    next=NEXT,
    prints=to_print,
    for_all=frozenset(
        {"TellRights", "DiscloseTie", "TellRemedies", "RecordConsent", "AgreeToMember", "MarkReady", "UrgePerformance"}
    ),
    also_called=ALSO_CALLED,
    companions=COMPANIONS,
    met_in_form=MET_IN_FORM,
    detours=frozenset({mediation.S.RAISED, follow_up.S.TALKS_AGAIN, challenge.S.TALKS_AGAIN}),
)
