"""A member of the panel: somebody who sits at the joint consultation for a role; the roles are plug-ins."""

from __future__ import annotations

from dataclasses import MISSING, dataclass
from datetime import date
from typing import Any, ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, choice, code, day, person, refs, rows, text
from mediation_engine.domain.guard import MET, UNJUDGED, Answer, guard, met_if, none_of
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR

from ..facts import MediationFacts, Member, facts_of
from ..tabs import Tab
from ..vocabulary import Conflict
from . import cards, naming
from .queries import unaccepting, unasked
from .states import MemberState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seat(Command):
    """Who is to sit for which role."""

    parties: ClassVar[tuple[str, ...]] = ()
    role: str = code("代表哪一方", help="五方之一或另行安装的角色")
    person: str = person("成员")
    agreed_by: tuple[str, ...] = refs("已同意其参加的当事人", "party")


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteMember(_Seat):
    label: ClassVar[str] = "邀请会诊成员"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMember(_Seat):
    label: ClassVar[str] = "记录会诊成员"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Somebody and the role that is to be taken."""

    role: str = code("代表哪一方", kept=True)
    person: str = person("姓名")


def seats_empty(case: Case) -> list[str]:
    """The roles that the panel wants and nobody has yet."""
    facts = facts_of(case)
    taken = {m.role for k, m in facts.members.items() if case.is_in(k, S.INVITED, S.SEATED)}
    return [code for code, rule in facts.roles.items() if rule.counts_for_quorum and code not in taken]


def seats_to_fill(case: Case) -> list[str]:
    """The roles that the panel wants, each as often as two may sit for it and nobody does yet; and some rows more."""
    facts = facts_of(case)
    taken = [m.role for k, m in facts.members.items() if case.is_in(k, S.INVITED, S.SEATED)]
    wanted = [code for code, rule in facts.roles.items() if rule.counts_for_quorum]
    return [*(code for code in wanted for _ in range(EACH_SENDS - taken.count(code))), "", ""]


EACH_SENDS = 2
"""For each role so many sit at most as a rule; the rest are written below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Panel(Command):
    """Several members at once, a row for each."""

    parties: ClassVar[tuple[str, ...]] = ()
    each: ClassVar[str] = "seats"
    seats: tuple[Seat, ...] = rows("成员", help="一人一行；没有写姓名的行不算", about=seats_to_fill)
    agreed_by: tuple[str, ...] = refs(
        "已同意他们都参加的当事人", "party", help="只同意其中几位的，不在这里勾，另记“记录当事人同意成员参加”"
    )

    def homes(self, case: Case) -> tuple[str | None, ...]:
        return (None,) * len(self.seats)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitePanel(_Panel):
    label: ClassVar[str] = "邀请几位会诊成员"
    help: ClassVar[str] = "一张表请齐各方的人；只请一位也可以用它"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPanel(_Panel):
    label: ClassVar[str] = "记录几位会诊成员"
    help: ClassVar[str] = "已经来参加的成员，一人一行补记"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatMember(Command):
    label: ClassVar[str] = "成员加入会诊"
    parties: ClassVar[tuple[str, ...]] = ()
    agreed_by: tuple[str, ...] = refs("已同意其参加的当事人", "party")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeToMember(Command):
    label: ClassVar[str] = "记录当事人同意成员参加"
    help: ClassVar[str] = "随时可以补记；成员披露了利害关系的，另记“知情后同意成员参加”"
    parties: ClassVar[tuple[str, ...]] = ("agreed_by",)
    agreed_by: tuple[str, ...] = refs("同意其参加的当事人", "party", default=MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscloseConflict(Command):
    label: ClassVar[str] = "记录披露利害关系"
    one_by_one: ClassVar[bool] = True
    help: ClassVar[str] = "声明没有的也记这里；披露后，各方当事人知情同意的可以继续参加，否则应当回避"
    parties: ClassVar[tuple[str, ...]] = ()
    conflict: Conflict = choice("什么关系")
    told: Text | None = text("向当事人说明的情况", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptMember(Command):
    label: ClassVar[str] = "知情后同意成员参加"
    parties: ClassVar[tuple[str, ...]] = ("accepted_by",)
    accepted_by: tuple[str, ...] = refs("知情同意的当事人", "party", default=MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecuseMember(Command):
    label: ClassVar[str] = "成员回避"
    one_by_one: ClassVar[bool] = True
    gives_up: ClassVar[bool] = True
    reason: Text | None = text("原因", longest=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameStandIn(Command):
    label: ClassVar[str] = "指定代理成员"
    one_by_one: ClassVar[bool] = True
    person: str = person("代理人")
    until: date | None = day("代理到哪天")
    authority: Text | None = text("书面授权", longest=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseMember(Command):
    label: ClassVar[str] = "成员退出会诊"
    gives_up: ClassVar[bool] = True


def _seat(facts: MediationFacts, key: str, seat: _Seat | Seat, agreed_by: tuple[str, ...]) -> None:
    facts.members[key] = Member(role=seat.role, person=seat.person, agreed_by=agreed_by)


def _change(facts: MediationFacts, key: str, **changes: Any) -> None:
    facts.members[key] = replace(facts.members[key], **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberInvited(Event[InviteMember]):
    label: ClassVar[str] = "已邀请会诊成员"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _seat(facts, line.instance, self.given, self.given.agreed_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRecorded(Event[RecordMember]):
    label: ClassVar[str] = "会诊成员已参加"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _seat(facts, line.instance, self.given, self.given.agreed_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelMemberInvited(Event[InvitePanel]):
    label: ClassVar[str] = "已邀请一位会诊成员"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _seat(facts, line.instance, self.given.seats[line.ordinal], self.given.agreed_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelMemberRecorded(Event[RecordPanel]):
    label: ClassVar[str] = "一位会诊成员已参加"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _seat(facts, line.instance, self.given.seats[line.ordinal], self.given.agreed_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSeated(Event[SeatMember]):
    label: ClassVar[str] = "成员已加入会诊"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        agreed = dict.fromkeys((*facts.members[line.instance].agreed_by, *self.given.agreed_by))
        _change(facts, line.instance, agreed_by=tuple(agreed))


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAgreedTo(Event[AgreeToMember]):
    label: ClassVar[str] = "当事人同意成员参加"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        agreed = dict.fromkeys((*facts.members[line.instance].agreed_by, *self.given.agreed_by))
        _change(facts, line.instance, agreed_by=tuple(agreed))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictDisclosed(Event[DiscloseConflict]):
    label: ClassVar[str] = "已披露利害关系"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        # Nobody has been informed of it before: what was accepted was something else.
        _change(facts, line.instance, conflict=self.given.conflict, accepted_by=())


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAccepted(Event[AcceptMember]):
    label: ClassVar[str] = "当事人知情同意其参加"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        accepted = dict.fromkeys((*facts.members[line.instance].accepted_by, *self.given.accepted_by))
        _change(facts, line.instance, accepted_by=tuple(accepted))


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRecused(Event[RecuseMember]):
    label: ClassVar[str] = "成员已回避"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInNamed(Event[NameStandIn]):
    label: ClassVar[str] = "代理成员已指定"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _change(facts, line.instance, stand_in=self.given.person, stand_in_until=self.given.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberReleased(Event[ReleaseMember]):
    label: ClassVar[str] = "成员已退出会诊"


def _seats(s: Situation) -> tuple[_Seat | Seat, ...]:
    """Who is to sit for which role, as far as that is filled in."""
    if isinstance(s.given, _Panel):
        return s.given.seats
    return (s.given,) if isinstance(s.given, _Seat) else ()


@guard("须写明本机安装的角色", "policy", fixed=True)
def role_installed(s: Situation) -> Answer:
    seats = _seats(s)
    return met_if(all(seat.role in facts_of(s).roles for seat in seats)) if seats else UNJUDGED


@guard("这个人已经以这个角色参加；换人请先记录原成员退出", "policy", fixed=True)
def not_seated_yet(s: Situation) -> Answer:
    seats = {(seat.role, seat.person) for seat in _seats(s)}
    if not seats:
        return UNJUDGED
    sitting = (k for k in facts_of(s).members if s.case.is_in(k, S.INVITED, S.SEATED))
    return none_of(k for k in sitting if (facts_of(s).members[k].role, facts_of(s).members[k].person) in seats)


@guard("同一个人以同一个角色写了两行，请去掉一行", "policy", fixed=True, of_form=True)
def seats_apart(s: Situation) -> Answer:
    seats = [(seat.role, seat.person) for seat in _seats(s)]
    return met_if(len(set(seats)) == len(seats))


def _unasked(s: Situation, *, public: bool) -> Answer:
    if s.given is None:
        return MET
    if s.key is None:
        return UNJUDGED
    given = s.given.agreed_by if isinstance(s.given, SeatMember) else ()
    held = facts_of(s).members[s.key]
    return none_of(unasked(s.case, replace(held, agreed_by=(*held.agreed_by, *given)), public=public))


@guard("成员须由各方当事人同意后再加入", "人民调解法 第20条", of_form=True)
def parties_agreed(s: Situation) -> Answer:
    return _unasked(s, public=False)


@guard("机关、部门派员加入，也应由各方当事人同意", "policy", of_form=True)
def parties_agreed_to_organ(s: Situation) -> Answer:
    return _unasked(s, public=True)


@guard("披露了利害关系的成员，须经各方当事人知情同意参加，否则应当回避", "policy")
def conflicts_accepted(s: Situation) -> Answer:
    return UNJUDGED if s.key is None else none_of(unaccepting(s.case, facts_of(s).members[s.key]))


@guard("须先披露利害关系，当事人才谈得上知情同意", "policy")
def conflict_disclosed(s: Situation) -> Answer:
    return UNJUDGED if s.key is None else met_if(facts_of(s).members[s.key].conflict is not None)


@guard("代理须有书面授权并写明截止日", "policy")
def authority_in_writing(s: Situation) -> Answer:
    return met_if(bool(s.given.authority and s.given.until)) if isinstance(s.given, NameStandIn) else UNJUDGED


A20 = "人民调解法 第20条"
PANEL = (role_installed, not_seated_yet, seats_apart)
ROLE, WRITTEN, INFORMED = (role_installed, not_seated_yet), (authority_in_writing,), (conflict_disclosed,)
AGREED = (parties_agreed, parties_agreed_to_organ, conflicts_accepted)

# fmt: off
ROWS = (
    # from       command           to         by        only if  records            basis     marks
    T(None,      InviteMember,     S.INVITED, MEDIATOR, ROLE,    MemberInvited,     A20),
    T(None,      RecordMember,     S.SEATED,  MEDIATOR, ROLE,    MemberRecorded,    A20),
    T(None,      InvitePanel,      S.INVITED, MEDIATOR, PANEL,   PanelMemberInvited,  A20),
    T(None,      RecordPanel,      S.SEATED,  MEDIATOR, PANEL,   PanelMemberRecorded, A20),
    T(S.INVITED, SeatMember,       S.SEATED,  MEDIATOR, AGREED,  MemberSeated,      A20),
    T(S.INVITED, AgreeToMember,    S.INVITED, MEDIATOR, (),      MemberAgreedTo,    A20),
    T(S.SEATED,  AgreeToMember,    S.SEATED,  MEDIATOR, (),      MemberAgreedTo,    A20),
    T(S.INVITED, DiscloseConflict, S.INVITED, MEDIATOR, (),      ConflictDisclosed, "policy"),
    T(S.SEATED,  DiscloseConflict, S.SEATED,  MEDIATOR, (),      ConflictDisclosed, "policy"),
    T(S.INVITED, AcceptMember,     S.INVITED, MEDIATOR, (),      MemberAccepted,    "policy", INFORMED),
    T(S.SEATED,  AcceptMember,     S.SEATED,  MEDIATOR, (),      MemberAccepted,    "policy", INFORMED),
    T(S.INVITED, RecuseMember,     S.RECUSED, MEDIATOR, (),      MemberRecused,     "policy"),
    T(S.SEATED,  RecuseMember,     S.RECUSED, MEDIATOR, (),      MemberRecused,     "policy"),
    T(S.SEATED,  NameStandIn,      S.SEATED,  MEDIATOR, WRITTEN, StandInNamed,      "policy"),
    T(S.INVITED, ReleaseMember,    S.LEFT,    MEDIATOR, (),      MemberReleased,    "policy"),
    T(S.SEATED,  ReleaseMember,    S.LEFT,    MEDIATOR, (),      MemberReleased,    "policy"),
)
# fmt: on

MEMBER = Machine.declare(
    "member",
    "会诊成员",
    S,
    ROWS,
    final={S.RECUSED, S.LEFT},
    resting={S.SEATED},
    shown=Presentation(title="会诊成员", tab=Tab.TALKS, rows=True, place=41, card=cards.member, called=naming.member),
)
