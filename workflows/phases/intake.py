"""受理: somebody applies or a dispute is registered; then it is accepted, declined, or handed to whom it belongs.

An application is on record from the moment it is sent: its clocks run from then, and none is left lying.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass
from typing import Any, ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.decision_context import Outside
from mediation_engine.domain.fields import (
    HOST_ONLY,
    JOINT,
    Text,
    choice,
    code,
    count,
    files,
    flag,
    money,
    person,
    rows,
    text,
)
from mediation_engine.domain.files import FileRef
from mediation_engine.domain.guard import MET, UNJUDGED, Answer, given_as, guard, met_if, none_of
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import (
    LEAD,
    MEDIATOR,
    MEDIATOR_OR_APPLICANT,
    MEDIATOR_OR_WORKER,
    LeadAct,
    Level,
    Office,
)

from ..facts import Assignment, MediationFacts, RoleRule, facts_of
from ..parts.moments import AFTER_REGISTRATION
from ..parts.queries import in_dispute, refuses
from ..questions import CASE_NUMBER, HOST_KIND, LEVEL, RAISED, ROLES, SIDES_BEFORE, VISIT_DAYS
from ..tracks import PEOPLE, track_of, usual_track
from ..vocabulary import DISPUTE_OF, Ability, Dispute, Elsewhere, Grade, Grievance, Handling, Side, Source
from .endings import (
    DOUBLES,
    MISTAKES,
    WITHDRAWAL,
    ApplicationRenewed,
    ApplicationWithdrawn,
    CloseAsDuplicate,
    CloseAsMistaken,
    ClosedAsDuplicate,
    ClosedAsMistaken,
    RecordReapplication,
    WithdrawApplication,
)


class S(Labelled):
    """An accepted case has a number and may be mediated."""

    SUBMITTED = "submitted", "已申请"
    REGISTERED = "registered", "已登记"
    ACCEPTED = "accepted", "已受理"
    DECLINED = "declined", "不予受理"
    TRANSFERRED = "transferred", "已转办"
    WITHDRAWN = "withdrawn", "已撤回"
    MISTAKEN = "mistaken", "误登记"
    DUPLICATE = "duplicate", "重复登记"


class Declining(Labelled):
    """Why a case is not accepted (若干规定 第22条、第24条)."""

    NOT_A_CIVIL_DISPUTE = "not_civil", "不属于民间纠纷或劳动争议"
    RESERVED_BY_LAW = "reserved", "法律规定由专门机关处理"
    ELSEWHERE = "elsewhere", "已由法院、公安或行政机关受理或解决"
    REFUSED = "refused", "一方明确拒绝调解"
    OTHER = "other", "其他"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRow:
    """A party named at registration."""

    person: str = person("当事人")
    side: Side = choice("哪一方")
    kind: PartyKind = choice("当事人是", default=PartyKind.PERSON)
    count: int | None = count("人数", default=1)
    ability: Ability = choice("行为能力", default=Ability.FULL)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitApplication(Command):
    label: ClassVar[str] = "提交申请"
    help: ClassVar[str] = "从提交时起算数：答复的期限、诉讼或仲裁的时效都从这一刻算"
    parties: ClassVar[tuple[str, ...]] = ()
    applicant: str = person("申请人")
    respondent: str = person("和谁有纠纷")
    respondent_kind: PartyKind = choice("对方是", default=PartyKind.ENTERPRISE)
    about: Grievance = choice("什么事")
    words: Text = text("事情经过", longest=2000, disclosure=JOINT, default=MISSING)
    amount_claimed: int | None = money("要多少钱", default=None)
    organisation: str = code("调解组织")
    files: tuple[FileRef, ...] = files("照片", disclosure=HOST_ONLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCase(Command):
    label: ClassVar[str] = "登记"
    parties: ClassVar[tuple[str, ...]] = ()
    named: tuple[PartyRow, ...] = rows("当事人")
    track: str = code("调解程序", help="人民调解，或劳动争议调解")
    dispute: Dispute = choice("纠纷类型")
    matter: Text | None = text("简要情况", longest=3000, disclosure="joint")
    source: Source = choice("来源", default=Source.APPLICATION)
    elsewhere: Elsewhere = choice("是否已有机关受理", default=Elsewhere.NONE)
    sent_by_it: bool = flag("由该机关委托或移送")
    elsewhere_over: bool = flag("该机关已无果而终，或处理的是另一问题")
    in_zone: bool = flag("发生在开发区范围")
    weighty: bool = flag("社会影响大、化解难度高")
    organisation: str = code("调解组织")
    reference: str | None = code("对方单位的编号", default=None, help="法院、仲裁委等转来的，写他们那边的编号")
    handed_up: str | None = code(
        "由哪个调解组织上交", default=None, rare=True, help="企业、村社调委会没有调成转来的；期限仍从当事人提出的那天算"
    )
    predecessor: str | None = code("以前的案子", default=None, help="承接哪件案件")
    amount_claimed: int | None = money("请求金额")
    origin: Text | None = text("来源说明", longest=3000, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptCase(Command):
    label: ClassVar[str] = "受理"
    act: ClassVar[LeadAct | None] = LeadAct.ACCEPT
    note: Text | None = text("受理意见", disclosure="joint")

    def acts_in(self, case: Case) -> frozenset[LeadAct]:
        return frozenset({LeadAct.ACCEPT, LeadAct.ACCEPT_SMALL} if is_small(case) else {LeadAct.ACCEPT})


def is_small(case: Case) -> bool:
    """Whether a case is small enough to be accepted by standing leave of the lead (policy): one against one, each able
    to act for itself, nothing weighty about it, and no other body in it."""
    facts = facts_of(case)
    parties = list(facts.parties.values())
    one_on_one = sorted(p.side.value for p in parties) == sorted((Side.APPLICANT.value, Side.RESPONDENT.value))
    alone = all(p.count == 1 and p.kind is not PartyKind.GROUP and p.ability.is_full for p in parties)
    elsewhere = facts.assigned or facts.elsewhere is not None
    grade = facts.grade in (None, Grade.SIMPLE)
    return one_on_one and alone and grade and not (facts.weighty or elsewhere or facts.repeats)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineCase(Command):
    label: ClassVar[str] = "不予受理"
    gives_up: ClassVar[bool] = True
    reason: Declining = choice("理由")
    told: Text | None = text("告知申请人的内容", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferCase(Command):
    label: ClassVar[str] = "转办"
    receiver: Text = text("转给哪个单位", longest=100, disclosure="joint", default=MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationSubmitted(Event[SubmitApplication]):
    label: ClassVar[str] = "申请已提交"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        g, dispute = self.given, DISPUTE_OF[self.given.about]
        facts.organisation, facts.submitted = g.organisation, line.occurred
        facts.dispute, facts.track, facts.source = dispute, usual_track(dispute).code, Source.APPLICATION
        facts.amount_claimed = g.amount_claimed
        facts.announced = (
            PartyRow(person=g.applicant, side=Side.APPLICANT),
            PartyRow(person=g.respondent, side=Side.RESPONDENT, kind=g.respondent_kind),
        )
        facts.brought = g.files if isinstance(g.files, tuple) else ()  # a reader may not be told of them


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRegistered(Event[RegisterCase]):
    label: ClassVar[str] = "案件已登记"
    host_kind: str
    level: Level | None
    raised: Level | None
    roles: tuple[RoleRule, ...]
    visit_days: tuple[int, ...]
    sides_before: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, given: Any, situation: Situation, outside: Outside) -> CaseRegistered:
        return cls(
            given=given,
            host_kind=outside.ask(HOST_KIND, given.organisation),
            level=outside.ask(LEVEL, given.organisation),
            raised=outside.ask(RAISED, given.handed_up or given.organisation),
            roles=outside.ask(ROLES),
            visit_days=outside.ask(VISIT_DAYS),
            sides_before=outside.ask(SIDES_BEFORE, given.predecessor),
        )

    def apply(self, facts: MediationFacts, line: Line) -> None:
        g = self.given
        facts.organisation, facts.host_kind = g.organisation, self.host_kind
        facts.level, facts.raised_at = self.level, self.raised
        facts.track, facts.dispute = g.track, g.dispute
        facts.source, facts.reference = g.source, g.reference
        facts.elsewhere = None if g.elsewhere is Elsewhere.NONE else g.elsewhere
        facts.sent_by_it, facts.elsewhere_over = g.sent_by_it, g.elsewhere_over
        facts.visit_days = self.visit_days
        facts.in_zone, facts.weighty = g.in_zone, g.weighty
        facts.assigned = g.source is Source.SUPERIOR
        facts.predecessor, facts.amount_claimed = g.predecessor, g.amount_claimed
        people = {row.person for row in g.named}  # some of either side stand against each other again
        facts.repeats = bool(self.sides_before) and all(not people.isdisjoint(side) for side in self.sides_before)
        facts.roles = {r.code: r for r in self.roles}
        known = {party.person: key for key, party in facts.parties.items()}
        for row in g.named:
            if row.person in known:  # named in the application already
                facts.parties[known[row.person]] = replace(
                    facts.parties[known[row.person]],
                    side=row.side,
                    kind=row.kind,
                    count=row.count,
                    ability=row.ability,
                )
        facts.registered = line.occurred
        facts.announced = tuple(row for row in g.named if row.person not in known)
        if line.office == Office.MEDIATOR.value and line.actor:  # whoever takes a matter down goes on with it
            begun = Assignment(staff=line.actor, role=Handling.LEAD, host=g.organisation, since=line.occurred)
            facts.assigning = (begun,)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAccepted(Event[AcceptCase]):
    label: ClassVar[str] = "案件已受理"
    tells: ClassVar[bool] = True
    number: str

    @classmethod
    def of(cls, given: Any, situation: Situation, outside: Outside) -> CaseAccepted:
        facts = facts_of(situation)
        accepted = situation.occurred.first_day() or situation.today
        return cls(given=given, number=outside.ask(CASE_NUMBER, facts.organisation, facts.track, accepted.year))

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.number, facts.accepted = self.number, line.occurred


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDeclined(Event[DeclineCase]):
    label: ClassVar[str] = "不予受理"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.closed, facts.declined = line.target, line.occurred


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTransferred(Event[TransferCase]):
    label: ClassVar[str] = "案件已转办"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.closed, facts.declined = line.target, line.occurred


SENT_BY = {Source.POLICE: Elsewhere.POLICE, Source.COURT: Elsewhere.COURT}
"""A source that says by itself that the body which has the matter has sent it."""


@guard("须至少写明一位申请人", "人民调解工作若干规定 第23条")
def applicant_named(s: Situation) -> Answer:
    given = given_as(s, RegisterCase)
    applied = any(p.side is Side.APPLICANT for p in facts_of(s).parties.values())
    return UNJUDGED if given is None else met_if(applied or any(p.side is Side.APPLICANT for p in given.named))


@guard("须选择本流程适用的调解程序：人民调解或劳动争议调解", "policy", fixed=True)
def track_served(s: Situation) -> Answer:
    given = given_as(s, RegisterCase)
    return UNJUDGED if given is None else met_if(track_of(given.track) is not None)


@guard("请由收到申请的组织登记；要交给别的组织的，登记后移交主办", "policy", fixed=True)
def where_submitted(s: Situation) -> Answer:
    given = given_as(s, RegisterCase)
    return UNJUDGED if given is None else met_if(given.organisation == facts_of(s).organisation)


@guard(
    "已由法院、公安或行政机关受理或解决的，不得受理，除非由其委托移送、已无果而终或处理的是另一问题",
    "人民调解工作若干规定 第22条",
)
def not_taken_elsewhere(s: Situation) -> Answer:
    """What this rule names; an arbitration body is none of them, and labour mediation has no such rule."""
    facts = facts_of(s)
    bars = facts.elsewhere in (None, Elsewhere.ARBITRATION) or facts.track != PEOPLE.code
    sent = facts.sent_by_it or (facts.source in SENT_BY and SENT_BY[facts.source] is facts.elsewhere)
    return met_if(bars or sent or facts.elsewhere_over)


@guard("一方明确拒绝调解的，不得调解", "人民调解法 第17条")
def nobody_refuses_to_begin(s: Situation) -> Answer:
    return none_of(k for k in in_dispute(s.case) if refuses(s.case, k))


@guard("主动调解劳动争议的，须先征得各方当事人同意", "浙江省劳动人事争议调解仲裁条例 第10条")
def consented_first(s: Situation) -> Answer:
    track = track_of(facts_of(s).track)
    if facts_of(s).source is not Source.PROACTIVE or track is None or not track.proactive_needs_consent:
        return MET
    return none_of(k for k in in_dispute(s.case) if not facts_of(s).parties[k].consents)


@guard("未经当事人申请而介入劳动争议的，应征得各方当事人同意", "浙江省劳动人事争议调解仲裁条例 第10条")
def application_known(s: Situation) -> Answer:
    """A case that was sent may rest on an application or not: that cannot be judged from its source."""
    track, asked = track_of(facts_of(s).track), all(facts_of(s).parties[k].consents for k in in_dispute(s.case))
    sure = facts_of(s).source in (Source.APPLICATION, Source.PROACTIVE)
    return MET if sure or asked or track is None or not track.proactive_needs_consent else UNJUDGED


@guard("受理前须有承办调解员：可以自行承办，或由室主任指定", "policy")
def somebody_leads(s: Situation) -> Answer:
    return met_if(facts_of(s).lead_mediator() is not None)


@guard("应写明被申请人", "policy")
def respondent_named(s: Situation) -> Answer:
    return met_if(any(p.side is Side.RESPONDENT for p in facts_of(s).parties.values())) if facts_of(s).parties else MET


@guard(
    "本机构应属于所选程序的法定调解组织，否则只作为其他机构的调解留存记录",
    "人民调解法 第34条、劳动争议调解仲裁法 第10条",
)
def host_fits_track(s: Situation) -> Answer:
    track = track_of(facts_of(s).track)
    return UNJUDGED if track is None or not facts_of(s).host_kind else met_if(facts_of(s).host_kind in track.host_kinds)


R22, R23, R24 = (f"人民调解工作若干规定 第{n}条" for n in (22, 23, 24))
OPENS, NAMED, GATES = (
    (track_served,),
    (applicant_named,),
    (not_taken_elsewhere, nobody_refuses_to_begin, consented_first, somebody_leads, AFTER_REGISTRATION),
)
COMPLETES = (*OPENS, where_submitted, AFTER_REGISTRATION)
MARKS = (respondent_named, host_fits_track, application_known)
AFTER = (AFTER_REGISTRATION,)
EITHER, WORKER = MEDIATOR_OR_APPLICANT, MEDIATOR_OR_WORKER

# fmt: off
BEGINNINGS = (
    # from          command              to             by        only if    records               basis         marks
    T(None,         RegisterCase,        S.REGISTERED,  WORKER,   OPENS,     CaseRegistered,       R23,          NAMED),
    T(None,         SubmitApplication,   S.SUBMITTED,   EITHER,   (),        ApplicationSubmitted, R23),
    T(S.SUBMITTED,  RegisterCase,        S.REGISTERED,  MEDIATOR, COMPLETES, CaseRegistered,       R23,          NAMED),
)
ENDINGS = tuple(row for source in (S.SUBMITTED, S.REGISTERED) for row in (
    T(source,       DeclineCase,         S.DECLINED,    LEAD,     AFTER,     CaseDeclined,         R24),
    T(source,       TransferCase,        S.TRANSFERRED, LEAD,     AFTER,     CaseTransferred,      R24),
    T(source,       RecordReapplication, source,        MEDIATOR, (),        ApplicationRenewed,   R23),
    T(source,       WithdrawApplication, S.WITHDRAWN,   MEDIATOR, (),        ApplicationWithdrawn, "人民调解法 第23条", WITHDRAWAL),
    T(source,       CloseAsMistaken,     S.MISTAKEN,    LEAD,     MISTAKES,  ClosedAsMistaken,     "policy"),
    T(source,       CloseAsDuplicate,    S.DUPLICATE,   LEAD,     DOUBLES,   ClosedAsDuplicate,    "policy"),
))
ROWS = (
    *BEGINNINGS,
    T(S.REGISTERED, AcceptCase,          S.ACCEPTED,    LEAD,     GATES,     CaseAccepted,         R23,          MARKS),
    *ENDINGS,
)
# fmt: on
FINAL = {S.ACCEPTED, S.DECLINED, S.TRANSFERRED, S.WITHDRAWN, S.MISTAKEN, S.DUPLICATE}

INTAKE = Machine.declare("intake", "受理", S, ROWS, final=FINAL)
