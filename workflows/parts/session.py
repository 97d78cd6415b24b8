"""A joint session: arranged or not, then held with a result of its own, or called off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation, machine_of
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, choice, count, day, flag, person, ref, refs, rows, text, time
from mediation_engine.domain.guard import MET, UNJUDGED, Answer, given_as, guard, met_if, none_of
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line, Provenance
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR

from ..facts import MediationFacts, Session, facts_of
from ..tabs import Tab
from ..vocabulary import Presence, SessionResult
from . import cards
from .extension import in_first_talks, overdue
from .moments import AFTER_REGISTRATION
from .queries import TALKS, in_dispute, opponents, refuses, unaccepting, unasked, untold
from .states import MemberState
from .states import SessionState as S
from .suspension import not_suspended


class GuestRole(Labelled):
    """Whom one may invite besides the parties (人民调解法 第20条)."""

    RELATIVE = "relative", "亲属、邻里、同事"
    EXPERT = "expert", "有专门知识或经验的人"
    SOCIAL_BODY = "social_body", "社会组织"
    JUSTICE = "justice", "公检法机关"
    DEPARTMENT = "department", "行政职能部门"
    MENTOR = "mentor", "社会基层治理导师"


PUBLIC = (GuestRole.JUSTICE, GuestRole.DEPARTMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody invited who is not a party, and which parties have agreed to it."""

    person: str = person("受邀人")
    role: GuestRole = choice("身份")
    agreed_by: tuple[str, ...] = refs("已同意的当事人", "party")


def seated(case: Case) -> list[str]:
    """The members of the panel who sit."""
    return [key for key in case.of("member") if case.is_in(key, MemberState.SEATED)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """How a member of the panel took part, and its opinion."""

    member: str = ref("会诊成员", "member", kept=True)
    presence: Presence = choice("到会情况", default=Presence.PRESENT)
    opinion: Text | None = text("意见", longest=2000, disclosure="joint")
    reason: Text | None = text("请假或缺席原因", longest=200, disclosure="joint", rare=True)
    by_stand_in: bool = flag("由代理成员到会", rare=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleSession(Command):
    label: ClassVar[str] = "安排会议"
    parties: ClassVar[tuple[str, ...]] = ()
    invited: tuple[str, ...] = refs("请哪些当事人", "party", help="不选即请全部当事人")
    issues: tuple[str, ...] = refs("议题", "issue", rare=True)
    planned: date | None = day("日期")
    planned_at: str | None = time("几点")
    place: Text | None = text("地点", longest=100, disclosure="joint")
    topic: Text | None = text("主题", longest=100, disclosure="joint")
    plan: Text | None = text("方案", longest=2000, disclosure="joint")
    members: tuple[str, ...] = refs("参加的会诊成员", "member")
    guests: tuple[Guest, ...] = rows("受邀人", rare=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSession(Command):
    label: ClassVar[str] = "记录会议"
    one_by_one: ClassVar[bool] = True
    occurs: ClassVar[str] = "什么时候开的"
    parties: ClassVar[tuple[str, ...]] = ()
    ended: str | None = time("几点结束")
    place: Text | None = text("地点", longest=100, disclosure="joint")
    chair: Text | None = text("主持人", longest=50, disclosure="joint")
    clerk: Text | None = text("记录人", longest=50, disclosure="joint")
    attended: tuple[str, ...] = refs("到场的当事人", "party", help="不选表示不清楚谁到了场")
    attendance: tuple[Attendance, ...] = rows("会诊成员到会情况", help="没有请的选“不记”", about=seated)
    result: SessionResult = choice("结果", default=SessionResult.TO_BE_CONTINUED, ask=True)
    rights_told: bool = flag("开场时已告知权利义务")
    minutes: Text | None = text("会议记录", longest=3000, disclosure="joint")
    issues: tuple[str, ...] = refs("议题", "issue", rare=True)
    guests: tuple[Guest, ...] = rows("受邀人", rare=True)
    times: int | None = count("共几次", default=1, help="一并记录几次会议的写次数；不清楚几次的留空", rare=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOffSession(Command):
    label: ClassVar[str] = "取消会议"
    one_by_one: ClassVar[bool] = True
    gives_up: ClassVar[bool] = True
    reason: Text | None = text("原因", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNotHeld(Command):
    label: ClassVar[str] = "记录没开成或休会"
    help: ClassVar[str] = "请了没来、劝回冷静、搁置等；不算拒绝调解"
    reason: Text | None = text("经过", longest=1000, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionScheduled(Event[ScheduleSession]):
    label: ClassVar[str] = "会议已安排"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        g = self.given
        facts.sessions[line.instance] = Session(
            issues=g.issues,
            invited=g.invited,
            planned=g.planned,
            planned_at=g.planned_at,
            place=g.place,
            topic=g.topic,
            plan=g.plan,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionHeld(Event[RecordSession]):
    label: ClassVar[str] = "会议已召开"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        g = self.given
        planned = facts.sessions.get(line.instance) or Session(issues=g.issues, invited=g.attended)
        attended = g.attended or planned.invited
        facts.sessions[line.instance] = replace(
            planned,
            issues=g.issues or planned.issues,
            attended=attended,
            result=g.result,
            held=line.occurred,
            place=g.place or planned.place,
            times=g.times,
            counts=line.provenance is not Provenance.ASSUMED,
        )
        for key in (attended or facts.parties) if g.rights_told else ():
            told = facts.parties[key].told_rights
            facts.parties[key] = replace(facts.parties[key], told_rights=told or line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCalledOff(Event[CallOffSession]):
    label: ClassVar[str] = "会议已取消"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionNotHeld(Event[RecordNotHeld]):
    label: ClassVar[str] = "会议没开成或休会"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.sessions[line.instance] = Session(issues=(), invited=(), counts=False)


def _issues(s: Situation) -> tuple[str, ...]:
    """What it is about, as far as the order and the plan say; empty where nobody says."""
    held = facts_of(s).sessions.get(s.key or "")
    named = s.given.issues if isinstance(s.given, ScheduleSession | RecordSession) else ()
    return named or (held.issues if held else ())


def _named(s: Situation) -> tuple[str, ...]:
    """Who is or was at the table, as far as the order and the plan say; empty where nobody says."""
    named: tuple[str, ...] = ()
    if isinstance(s.given, ScheduleSession):
        named = s.given.invited or tuple(in_dispute(s.case))
    elif isinstance(s.given, RecordSession):
        named = s.given.attended
    if not named and s.key in facts_of(s).sessions:
        named = facts_of(s).sessions[s.key].invited
    return named


def _of_those_present(s: Situation, failing: Iterable[str]) -> Answer:
    """Unmet by those of `failing` who are named; cannot be judged where nobody says who came, and some might."""
    wanting, named = set(failing), _named(s)
    if not named and s.given is not None:
        return UNJUDGED if wanting else MET
    return none_of(k for k in (named or in_dispute(s.case)) if k in wanting)


@guard("明确拒绝调解的当事人，须先取得其本人同意", "人民调解法 第17条")
def nobody_refuses(s: Situation) -> Answer:
    return _of_those_present(s, (k for k in in_dispute(s.case) if refuses(s.case, k, _issues(s))))


@guard("每位当事人第一次参加会议前，须告知其权利义务（口头也可）", "人民调解工作若干规定 第30条")
def rights_told(s: Situation) -> Answer:
    if isinstance(s.given, RecordSession) and s.given.rights_told:
        return MET
    return _of_those_present(s, untold(s, in_dispute(s.case)))


def _not_asked_about_guests(s: Situation, *, public: bool) -> Answer:
    if not isinstance(s.given, ScheduleSession | RecordSession):
        return UNJUDGED
    guests = [g for g in s.given.guests if (g.role in PUBLIC) == public]
    wanted = opponents(s.case)
    asked = {k for k in _named(s) if k in wanted} if _named(s) else set(wanted)
    lacking = sorted({k for g in guests for k in asked - set(g.agreed_by)})
    return none_of(lacking) if _named(s) or not lacking else UNJUDGED


@guard("邀请当事人以外的人参加，须先征得各方当事人同意", "人民调解法 第20条")
def outsiders_agreed_to(s: Situation) -> Answer:
    return _not_asked_about_guests(s, public=False)


@guard("请机关、部门的人参加，也应征得各方当事人同意", "policy")
def organs_agreed_to(s: Situation) -> Answer:
    return _not_asked_about_guests(s, public=True)


@guard("会议至少要有两位当事人；只见一方请用“记录单独沟通”", "policy")
def two_at_the_table(s: Situation) -> Answer:
    named = _named(s)
    return met_if(not named or len(set(named)) >= 2)


@guard("召集会诊须定主题、定时间、定人员、定方案", "policy")
def four_fixed(s: Situation) -> Answer:
    given = given_as(s, ScheduleSession)
    if not _is_consultation(s):
        return MET
    return UNJUDGED if given is None else met_if(bool(given.topic and given.planned and given.members and given.plan))


def _is_consultation(s: Situation) -> bool:
    """The five parties are wanted in the joint consultation; a meeting before it or after it is a smaller one."""
    return machine_of(s.case.phase) == "consultation"


def _filled_seats(s: Situation) -> Iterable[str]:
    """The members who take part in some way that counts, as far as the order says; none it excuses without a reason."""
    if isinstance(s.given, ScheduleSession):
        yield from s.given.members
    elif isinstance(s.given, RecordSession):
        for a in s.given.attendance:
            here = a.presence in (Presence.PRESENT, Presence.WRITTEN) and _may_sit(s, a)
            if here or (a.presence is Presence.EXCUSED and a.reason):
                yield a.member


def _may_sit(s: Situation, attendance: Attendance) -> bool:
    """Whether whoever sat may sit: the member, or a stand-in whose authority had not run out."""
    until = facts_of(s).members[attendance.member].stand_in_until
    sat = s.occurred.day or s.today
    return not attendance.by_stand_in or (until is not None and sat <= until)


def _in_conflict(s: Situation) -> list[str]:
    """The members who take part, or are to, in spite of a conflict that not every disputant concerned has accepted."""
    sitting: tuple[str, ...] = ()
    if isinstance(s.given, ScheduleSession):
        sitting = s.given.members
    elif isinstance(s.given, RecordSession):
        # A stand-in does not share the conflict of the member it stands in for.
        took_part = (a for a in s.given.attendance if a.presence in (Presence.PRESENT, Presence.WRITTEN))
        sitting = tuple(a.member for a in took_part if not a.by_stand_in)
    return [k for k in sitting if unaccepting(s.case, facts_of(s).members[k], _issues(s))]


@guard("披露了利害关系的成员，须经各方当事人知情同意参加，否则应当回避", "policy")
def conflicts_accepted(s: Situation) -> Answer:
    return none_of(_in_conflict(s))


@guard("五方须各有人到会、提交书面意见或说明理由请假", "policy")
def quorum(s: Situation) -> Answer:
    if not _is_consultation(s):
        return MET
    if s.given is None or (isinstance(s.given, RecordSession) and not s.given.attendance):
        return UNJUDGED
    seats = set(_filled_seats(s)) - set(_in_conflict(s))
    filled = {facts_of(s).members[k].role for k in seats if s.case.is_in(k, MemberState.SEATED)}
    return met_if(all(r.code in filled for r in facts_of(s).roles.values() if r.counts_for_quorum))


def _not_asked_about_members(s: Situation, *, public: bool) -> Answer:
    return none_of(k for k in sorted(set(_filled_seats(s))) if unasked(s.case, facts_of(s).members[k], public=public))


@guard("会诊成员参加前，须先征得各方当事人同意", "人民调解法 第20条")
def members_agreed_to(s: Situation) -> Answer:
    return _not_asked_about_members(s, public=False)


@guard("机关、部门的会诊成员参加前，也应征得各方当事人同意", "policy")
def organ_members_agreed_to(s: Situation) -> Answer:
    return _not_asked_about_members(s, public=True)


@guard(
    "劳动争议应在收到申请15日内、人民调解一般应在受理一个月内调结；逾期的可另走仲裁或诉讼，续调须各方同意",
    "劳动争议调解仲裁法 第14条、人民调解工作若干规定 第33条",
)
def within_term(s: Situation) -> Answer:
    """A warning where it is known to be late, in the first talks; it never blocks or ends a case."""
    return met_if(not (in_first_talks(s.case) and overdue(s.case, s.occurred)))


R22 = "人民调解法 第22条"
CONSENTS = (outsiders_agreed_to, organs_agreed_to, members_agreed_to, organ_members_agreed_to)
TO_COME = (nobody_refuses, *CONSENTS, conflicts_accepted, two_at_the_table, not_suspended, four_fixed, quorum)
HAPPENED = (
    *(nobody_refuses, *CONSENTS, conflicts_accepted, rights_told, two_at_the_table, quorum),
    *(within_term, AFTER_REGISTRATION),
)

# fmt: off
ROWS = (
    # from         command          to            by        only if  records           basis     marks
    T(None,        ScheduleSession, S.SCHEDULED,  MEDIATOR, TO_COME, SessionScheduled, R22),
    T(None,        RecordSession,   S.HELD,       MEDIATOR, (),      SessionHeld,      R22,      HAPPENED),
    T(S.SCHEDULED, RecordSession,   S.HELD,       MEDIATOR, (),      SessionHeld,      R22,      HAPPENED),
    T(S.SCHEDULED, CallOffSession,  S.CALLED_OFF, MEDIATOR, (),      SessionCalledOff, "policy"),
    T(None,        RecordNotHeld,   S.CALLED_OFF, MEDIATOR, (),      SessionNotHeld,   "policy"),
)
# fmt: on

SESSION = Machine.declare(
    "session",
    "会议",
    S,
    ROWS,
    final={S.HELD, S.CALLED_OFF},
    alive=TALKS,
    shown=Presentation(
        title="会议",
        tab=Tab.TALKS,
        rows=True,
        empty="还没有开过会。",
        place=40,
        card=cards.session,
        summary=cards.session_summary,
        due=cards.session_due,
    ),
)
