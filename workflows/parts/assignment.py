"""承办: who of the staff handles a case. One lead mediator at a time, and those who help; what ended stays on record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import OF_PARTY, Text, choice, ref, refs, staff, text
from mediation_engine.domain.guard import MET, UNJUDGED, Answer, given_as, guard, met_if
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Follows, Machine, Spawns, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import LEAD, MEDIATOR, PARTY_OR_MEDIATOR, Office

from ..facts import Assignment, MediationFacts, facts_of
from ..tabs import Tab
from ..vocabulary import Handling
from . import cards
from .queries import opponents
from .states import AssignmentState as S


class Helping(Labelled):
    """What somebody does beside the lead mediator; each is a way of handling a case, too."""

    CO_MEDIATOR = Handling.CO_MEDIATOR.code, Handling.CO_MEDIATOR.label
    RECORDER = Handling.RECORDER.code, Handling.RECORDER.label


class ChangeGround(Labelled):
    """Why a party asks for another mediator: it may just wish so (人民调解法 第19条), or see a reason to step back."""

    WISH = "wish", "另选调解员（不必说明理由）"
    KIN = "kin", "与一方当事人有近亲属关系"
    INTEREST = "interest", "与争议有利害关系"
    OTHER = "other", "有其他可能影响公正的情形"


class RecusalGround(Labelled):
    """Why a mediator steps back."""

    KIN = "kin", "与一方当事人有近亲属关系"
    INTEREST = "interest", "与争议有利害关系"
    OTHER = "other", "有其他可能影响公正的情形"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCase(Command):
    label: ClassVar[str] = "自行承办"
    help: ClassVar[str] = "还没有承办调解员的案件，由自己承办"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignMediator(Command):
    label: ClassVar[str] = "指定承办"
    help: ClassVar[str] = "已有承办调解员的，请用“移交承办”"
    staff: str = staff("承办调解员")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddHelper(Command):
    label: ClassVar[str] = "增加协办或记录人"
    staff: str = staff("人员")
    role: Helping = choice("身份")


@dataclass(frozen=True, slots=True, kw_only=True)
class EndHelp(Command):
    label: ClassVar[str] = "不再协办或记录"
    gives_up: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverAssignment(Command):
    label: ClassVar[str] = "移交承办"
    help: ClassVar[str] = "移交后由接手的人承办，原来的记录保留；自己承办的可以移交，别人的由室主任移交"
    to: str = staff("移交给谁")
    note: Text | None = text("交接说明", longest=2000)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForChange(Command):
    label: ClassVar[str] = "当事人要求更换调解员"
    help: ClassVar[str] = "申请回避的也记这里；要求更换不算拒绝调解"
    single: ClassVar[bool] = True
    party: str = ref("哪位当事人", "party")
    ground: ChangeGround = choice("理由", default=ChangeGround.WISH)
    reason: Text | None = text("说明", disclosure=OF_PARTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawWish(Command):
    label: ClassVar[str] = "当事人不再要求更换"
    party: str = ref("哪位当事人", "party")


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantChange(Command):
    label: ClassVar[str] = "同意更换调解员"
    help: ClassVar[str] = "换一位调解员接着调解；原来的调解员不再承办"
    single: ClassVar[bool] = True
    to: str | None = staff("由谁接手", default=None, help="可以以后再指定")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseChange(Command):
    label: ClassVar[str] = "不予更换调解员"
    help: ClassVar[str] = "仍由原来的调解员办；理由告诉要求更换的人，别的当事人看不到"
    single: ClassVar[bool] = True
    parties: ClassVar[tuple[str, ...]] = ()
    party: str | None = ref("答复哪位当事人", "party", default=None, help="要求更换的人；不选，理由只有本室看得到")
    reason: Text = text("理由", disclosure=OF_PARTY, default=MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecuseMediator(Command):
    label: ClassVar[str] = "调解员回避"
    help: ClassVar[str] = "回避的人不再办理本案，也不再看得到私下说的话"
    gives_up: ClassVar[bool] = True
    single: ClassVar[bool] = True
    ground: RecusalGround = choice("原因")
    words: Text | None = text("说明")
    to: str | None = staff("由谁接手", default=None, help="可以以后再指定")


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptRecused(Command):
    label: ClassVar[str] = "当事人知情后仍同意其办理"
    help: ClassVar[str] = "把回避的原因告诉各方当事人；各方都同意的，可以再指定他承办或协办"
    single: ClassVar[bool] = True
    parties: ClassVar[tuple[str, ...]] = ("accepted_by",)
    accepted_by: tuple[str, ...] = refs("知情后仍同意的当事人", "party", default=MISSING)


def _begin(facts: MediationFacts, line: Line, person: str, role: Handling) -> None:
    """An assignment begins with this line."""
    facts.assignments[line.instance] = _assignment(facts, line, person, role)


def _assignment(facts: MediationFacts, line: Line, person: str, role: Handling) -> Assignment:
    return Assignment(staff=person, role=role, host=facts.organisation, since=line.occurred)


def _end(facts: MediationFacts, line: Line, to: str | None = None, *, recused: bool = False) -> None:
    """An assignment ends with this line; another takes its place where somebody is named."""
    held = facts.assignments[line.instance]
    facts.assignments[line.instance] = replace(held, until=line.occurred, recused=recused)
    if to is not None:
        facts.assigning = (*facts.assigning, _assignment(facts, line, to, held.role))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTaken(Event[TakeCase]):
    label: ClassVar[str] = "已自行承办"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _begin(facts, line, line.actor or "", Handling.LEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediatorAssigned(Event[AssignMediator]):
    label: ClassVar[str] = "承办调解员已指定"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _begin(facts, line, self.given.staff, Handling.LEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperAdded(Event[AddHelper]):
    label: ClassVar[str] = "协办或记录人已增加"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _begin(facts, line, self.given.staff, Handling[self.given.role.name])


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentBegun(Event[None]):
    """Follows from a registration by a mediator, a handover, a change or a recusal that names who comes next."""

    label: ClassVar[str] = "开始承办"
    given: None = None
    staff: str
    role: Handling

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.assigning = facts.assigning[1:]
        _begin(facts, line, self.staff, self.role)


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpEnded(Event[EndHelp]):
    label: ClassVar[str] = "不再协办或记录"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _end(facts, line)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentHandedOver(Event[HandOverAssignment]):
    label: ClassVar[str] = "承办已移交"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _end(facts, line, self.given.to)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAsked(Event[AskForChange]):
    label: ClassVar[str] = "当事人要求更换调解员"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        held = facts.assignments[line.instance]
        asked = tuple(dict.fromkeys((*held.asked_by, self.given.party)))
        facts.assignments[line.instance] = replace(held, asked_by=asked, asked=line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class WishWithdrawn(Event[WithdrawWish]):
    label: ClassVar[str] = "当事人不再要求更换"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        held = facts.assignments[line.instance]
        asked = tuple(key for key in held.asked_by if key != self.given.party)
        facts.assignments[line.instance] = replace(held, asked_by=asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class WishRemains(Event[None]):
    label: ClassVar[str] = "还有当事人要求更换调解员"
    given: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeGranted(Event[GrantChange]):
    label: ClassVar[str] = "调解员已更换"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _end(facts, line, self.given.to)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRefused(Event[RefuseChange]):
    label: ClassVar[str] = "不予更换调解员"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.assignments[line.instance] = replace(facts.assignments[line.instance], asked_by=())


@dataclass(frozen=True, slots=True, kw_only=True)
class MediatorRecused(Event[RecuseMediator]):
    label: ClassVar[str] = "调解员已回避"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _end(facts, line, self.given.to, recused=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusedAccepted(Event[AcceptRecused]):
    label: ClassVar[str] = "当事人知情后仍同意其办理"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        held = facts.assignments[line.instance]
        accepted = tuple(dict.fromkeys((*held.accepted_by, *self.given.accepted_by)))
        facts.assignments[line.instance] = replace(held, accepted_by=accepted)


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperLeads(Event[None]):
    label: ClassVar[str] = "改任承办调解员"
    given: None = None

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _end(facts, line)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentLapsed(Event[None]):
    label: ClassVar[str] = "随主办移交结束"
    given: None = None

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _end(facts, line)


def to_begin(case: Case) -> Iterator[AssignmentBegun]:
    """Those that an order names to come."""
    for coming in facts_of(case).assigning:
        yield AssignmentBegun(staff=coming.staff, role=coming.role)


def leads_now(case: Case, key: str) -> HelperLeads | None:
    """Who helped has become the lead mediator."""
    held = facts_of(case).assignments[key]
    leads = held.role is not Handling.LEAD and facts_of(case).lead_mediator() == held.staff
    return HelperLeads() if leads else None


def still_wished(case: Case, key: str) -> WishRemains | None:
    """One of several parties that wish for another mediator has changed its mind."""
    return WishRemains() if facts_of(case).assignments[key].asked_by else None


def host_changed(case: Case, key: str) -> AssignmentLapsed | None:
    """Another body leads the case: its own staff go on with it."""
    gone = facts_of(case).assignments[key].host != facts_of(case).organisation
    return AssignmentLapsed() if gone else None


@guard("本案已有承办调解员；换人请用“移交承办”", "policy", fixed=True)
def nobody_leads(s: Situation) -> Answer:
    return met_if(facts_of(s).lead_mediator() is None)


@guard("别人承办的案件，请由承办人员或室主任办理", "policy", fixed=True)
def own_case(s: Situation) -> Answer:
    if s.office is None:
        return UNJUDGED
    return met_if(s.office is Office.LEAD or any(a.staff == s.actor for a in facts_of(s).standing()))


@guard("这位当事人没有要求更换调解员", "policy", fixed=True)
def own_wish(s: Situation) -> Answer:
    given = given_as(s, WithdrawWish)
    return met_if(given is None or s.key is None or given.party in facts_of(s).assignments[s.key].asked_by)


@guard("承办调解员请用“移交承办”，不能只是退出", "policy", fixed=True)
def helps_only(s: Situation) -> Answer:
    return UNJUDGED if s.key is None else met_if(facts_of(s).assignments[s.key].role is not Handling.LEAD)


def _named(s: Situation) -> str | None:
    """Who is to handle the case from now on, where the order says so."""
    if isinstance(s.given, TakeCase):
        return s.actor
    return getattr(s.given, "staff", None) or getattr(s.given, "to", None)


def _role(s: Situation) -> Handling:
    """As what."""
    if isinstance(s.given, AddHelper):
        return Handling[s.given.role.name]
    return facts_of(s).assignments[s.key].role if s.key else Handling.LEAD


@guard("这个人已经在承办本案", "policy", fixed=True)
def not_assigned_yet(s: Situation) -> Answer:
    if s.given is None:
        return UNJUDGED
    named, roles = _named(s), (_role(s), Handling.LEAD)
    return met_if(not any(a.staff == named and a.role in roles for a in facts_of(s).standing()))


def unaccepting(case: Case, staff: str) -> list[str] | None:
    """The parties that have not accepted somebody again after he stepped back; None where he may handle the case."""
    left = [a for a in facts_of(case).assignments.values() if a.recused and a.staff == staff]
    asked = opponents(case)
    missing = [k for k in asked if any(k not in a.accepted_by for a in left)]
    return missing if missing or (left and not asked) else None


@guard("这个人在本案中回避过，不再办理；各方当事人知情后仍同意的，先记下他们的同意", "policy")
def not_recused(s: Situation) -> Answer:
    """The law on people's mediation has no article on recusal; rules of courts let informed parties agree."""
    if s.given is None:
        return UNJUDGED
    missing = unaccepting(s.case, _named(s) or "")
    return MET if missing is None else Answer(False, tuple(missing))


@guard("当事人仍同意由他办理的，应由别人去问、去记", "policy")
def accepted_before_another(s: Situation) -> Answer:
    return met_if(s.key is None or facts_of(s).assignments[s.key].staff != s.actor)


NEW, NEXT, OWN = (nobody_leads, not_recused), (not_assigned_yet, not_recused), (own_case,)
HELPS, ADDED, PASSED = (helps_only, own_case), (own_case, not_assigned_yet, not_recused), (own_case, *NEXT)
ACCEPTED, WISHED = (accepted_before_another,), (own_wish,)
A19 = "人民调解法 第19条"

# fmt: off
ROWS = (
    Spawns(S.STANDING, to_begin, AssignmentBegun, "policy"),
    # from          command             to             by                 only if records               basis
    T(None,         TakeCase,           S.STANDING,    MEDIATOR,          NEW,    CaseTaken,            "policy"),
    T(None,         AssignMediator,     S.STANDING,    LEAD,              NEW,    MediatorAssigned,     "policy"),
    T(None,         AddHelper,          S.STANDING,    MEDIATOR,          ADDED,  HelperAdded,          "policy"),
    T(S.STANDING,   EndHelp,            S.ENDED,       MEDIATOR,          HELPS,  HelpEnded,            "policy"),
    T(S.CHALLENGED, EndHelp,            S.ENDED,       MEDIATOR,          HELPS,  HelpEnded,            "policy"),
    T(S.STANDING,   HandOverAssignment, S.HANDED_OVER, MEDIATOR,          PASSED, AssignmentHandedOver, "policy"),
    T(S.CHALLENGED, HandOverAssignment, S.HANDED_OVER, MEDIATOR,          PASSED, AssignmentHandedOver, "policy"),
    T(S.STANDING,   AskForChange,       S.CHALLENGED,  PARTY_OR_MEDIATOR, (),     ChangeAsked,          A19),
    T(S.CHALLENGED, AskForChange,       S.CHALLENGED,  PARTY_OR_MEDIATOR, (),     ChangeAsked,          A19),
    T(S.CHALLENGED, WithdrawWish,       S.STANDING,    PARTY_OR_MEDIATOR, WISHED, WishWithdrawn,        A19),
    T(S.CHALLENGED, GrantChange,        S.REPLACED,    LEAD,              NEXT,   ChangeGranted,        A19),
    T(S.CHALLENGED, RefuseChange,       S.STANDING,    LEAD,              (),     ChangeRefused,        A19),
    T(S.STANDING,   RecuseMediator,     S.RECUSED,     MEDIATOR,          PASSED, MediatorRecused,      "policy"),
    T(S.CHALLENGED, RecuseMediator,     S.RECUSED,     MEDIATOR,          PASSED, MediatorRecused,      "policy"),
    T(S.RECUSED,    AcceptRecused,      S.RECUSED,     MEDIATOR,          (),     RecusedAccepted,      "policy", ACCEPTED),
    Follows(S.STANDING, S.ENDED, host_changed, AssignmentLapsed, "policy"),
    Follows(S.CHALLENGED, S.ENDED, host_changed, AssignmentLapsed, "policy"),
    Follows(S.STANDING, S.ENDED, leads_now, HelperLeads, "policy"),
    Follows(S.STANDING, S.CHALLENGED, still_wished, WishRemains, A19),
)
# fmt: on

ASSIGNMENT = Machine.declare(
    "assignment",
    "承办",
    S,
    ROWS,
    final={S.HANDED_OVER, S.REPLACED, S.ENDED},
    resting={S.STANDING, S.RECUSED},
    shown=Presentation(
        title="承办",
        tab=Tab.PARTIES,
        rows=True,
        place=12,
        urgent=frozenset({S.CHALLENGED}),
        waits=cards.changes_asked,
        waits_for_lead=True,
        groups=cards.standing_first,
        card=cards.assignment,
        summary=cards.assignment_summary,
    ),
)
