"""召集与开会: a meeting is planned, called once its four things are fixed, held or called off."""

from __future__ import annotations

from dataclasses import MISSING, dataclass
from datetime import date
from typing import Any, ClassVar

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.decision_context import Outside
from mediation_engine.domain.fields import Text, choice, code, day, refs, rows, text, time
from mediation_engine.domain.guard import MET, POLICY, Answer, given_as, guard, met_if
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Follows, Machine, T
from mediation_engine.domain.roles import LEAD, MEDIATOR, LeadAct

from .attendee import AttendeeRow, attendees_of, names_somebody
from .facts import MeetingFacts, facts_of
from .questions import BODY_NAMES, FOUND, MEETING_NUMBER
from .task import TaskRow, is_given_to_somebody, tasks_of
from .topic import TopicRow, topics_of
from .vocabulary import Theme


class S(Labelled):
    """How far it is."""

    PLANNED = "planned", "四定未齐"
    CALLED = "called", "待召开"
    HELD = "held", "已召开"
    CALLED_OFF = "called_off", "已取消"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMeeting(Command):
    label: ClassVar[str] = "召集例会"
    help: ClassVar[str] = "四定：主题、时间、人员、方案。还没有定的可以先空着，定齐了自动通知"
    occurs: ClassVar[str] = "什么时候召集的"
    theme: Theme | None = choice("主题", default=None)
    about: Text | None = text("具体说什么事", longest=200)
    day: date | None = day("哪天开", ahead=True)
    time: str | None = time("几点")
    place: Text | None = text("地点", longest=200)
    named: tuple[AttendeeRow, ...] = rows("参会人员")
    plan: Text | None = text("方案", longest=2000, help="会上怎样议、准备怎样办")
    topics: tuple[TopicRow, ...] = rows("要议的案件、警情、事项")
    organisation: str = code("调解组织")


@dataclass(frozen=True, slots=True, kw_only=True)
class FixMeeting(Command):
    label: ClassVar[str] = "补充、改期"
    help: ClassVar[str] = "填了的照新的，空着的不变；加人、加议题另有一步"
    theme: Theme | None = choice("主题", default=None)
    about: Text | None = text("具体说什么事", longest=200)
    day: date | None = day("哪天开", ahead=True)
    time: str | None = time("几点")
    place: Text | None = text("地点", longest=200)
    plan: Text | None = text("方案", longest=2000)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMeeting(Command):
    label: ClassVar[str] = "急着开，先通知"
    act: ClassVar[LeadAct | None] = LeadAct.WAIVE
    help: ClassVar[str] = "来不及定齐四样的，由室主任写明理由，先通知已经写上的人"
    reason: Text = text("为什么等不及定齐", longest=200, default=MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldMeeting(Command):
    label: ClassVar[str] = "记录开会"
    occurs: ClassVar[str] = "什么时候开的"
    came: tuple[str, ...] = refs("到会的", "attendee", help="没有勾的记为缺席")
    besides: Text | None = text("没有通知、也来了的人", longest=200)
    minutes: Text = text("会议纪要", longest=2000, default=MISSING, help="几句话：议了什么、定了什么")
    tasks: tuple[TaskRow, ...] = rows("布置的任务")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOffMeeting(Command):
    label: ClassVar[str] = "取消例会"
    gives_up: ClassVar[bool] = True
    reason: Text = text("为什么取消", longest=200, default=MISSING)


def _fixed(facts: MeetingFacts, given: PlanMeeting | FixMeeting) -> None:
    facts.theme, facts.about = given.theme or facts.theme, given.about or facts.about
    facts.place, facts.plan = given.place or facts.place, given.plan or facts.plan
    facts.day, facts.time = given.day or facts.day, given.time or facts.time


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPlanned(Event[PlanMeeting]):
    label: ClassVar[str] = "例会已召集"
    number: str
    body_names: tuple[str, ...]
    found: tuple[str, ...]

    @classmethod
    def of(cls, given: Any, situation: Situation, outside: Outside) -> MeetingPlanned:
        year = (given.day or situation.today).year
        bodies = tuple(it.body or "" for it in given.named)
        return cls(
            given=given,
            number=outside.ask(MEETING_NUMBER, given.organisation, year),
            body_names=outside.ask(BODY_NAMES, bodies),
            found=outside.ask(FOUND, given.organisation, tuple(it.about or "" for it in given.topics)),
        )

    def apply(self, facts: MeetingFacts, line: Line) -> None:
        facts.organisation, facts.number = self.given.organisation, self.number
        facts.convener, facts.called = line.actor, line.occurred
        _fixed(facts, self.given)
        facts.to_come = attendees_of(self.given.named, self.body_names)
        facts.on_table = topics_of(self.given.topics, self.found)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingChanged(Event[FixMeeting]):
    label: ClassVar[str] = "例会已补充、改期"
    tells: ClassVar[bool] = True

    def apply(self, facts: MeetingFacts, line: Line) -> None:
        _fixed(facts, self.given)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFixed(Event[None]):
    label: ClassVar[str] = "四定已齐，通知开会"
    tells: ClassVar[bool] = True
    given: None = None

    def apply(self, facts: MeetingFacts, line: Line) -> None:
        facts.told = line.occurred


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCalled(Event[CallMeeting]):
    label: ClassVar[str] = "四定未齐，已通知开会"
    tells: ClassVar[bool] = True

    def apply(self, facts: MeetingFacts, line: Line) -> None:
        facts.told = line.occurred


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingHeld(Event[HoldMeeting]):
    label: ClassVar[str] = "例会已召开"

    def apply(self, facts: MeetingFacts, line: Line) -> None:
        facts.held, facts.closed, facts.came = line.occurred, line.target, tuple(dict.fromkeys(self.given.came))
        facts.minutes, facts.besides = self.given.minutes, self.given.besides
        facts.to_give = tasks_of(self.given.tasks, line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCalledOff(Event[CallOffMeeting]):
    label: ClassVar[str] = "例会已取消"
    tells: ClassVar[bool] = True

    def apply(self, facts: MeetingFacts, line: Line) -> None:
        facts.closed = line.target


def all_fixed(case: Case, key: str) -> MeetingFixed | None:
    """Its four things are fixed."""
    return None if any(facts_of(case).unfixed()) else MeetingFixed()


@guard("四定没有齐：主题、时间（哪天几点）、人员、方案", POLICY)
def four_fixed(s: Situation) -> Answer:
    return met_if(not any(facts_of(s).unfixed()))


@guard("开会的日子不应写成已经过去的一天，请核对；会已经开过的，直接“记录开会”", POLICY)
def day_is_to_come(s: Situation) -> Answer:
    given = given_as(s, FixMeeting)
    return met_if(given is None or given.day is None or given.day >= (s.occurred.day or s.today))


@guard("布置的每一项任务都要写明责任人", POLICY, fixed=True, of_form=True)
def tasks_have_somebody(s: Situation) -> Answer:
    given = given_as(s, HoldMeeting)
    return MET if given is None else met_if(all(map(is_given_to_somebody, given.tasks)))


@guard("至少先定一样：主题、时间、人员或方案", POLICY, fixed=True, of_form=True)
def something_fixed(s: Situation) -> Answer:
    given = given_as(s, PlanMeeting)
    return (
        MET
        if given is None
        else met_if(any((given.theme, given.day, any(map(names_somebody, given.named)), given.plan)))
    )


ONE, WHOLE, FOUR = (something_fixed,), (tasks_have_somebody,), (four_fixed,)
AHEAD = (day_is_to_come,)

# fmt: off
ROWS = (
    # from       command         to            by        only if records           basis   marks
    T(None,      PlanMeeting,    S.PLANNED,    MEDIATOR, ONE,    MeetingPlanned,   POLICY),
    T(S.PLANNED, FixMeeting,     S.PLANNED,    MEDIATOR, (),     MeetingChanged,   POLICY, AHEAD),
    T(S.CALLED,  FixMeeting,     S.CALLED,     MEDIATOR, (),     MeetingChanged,   POLICY, AHEAD),
    T(S.PLANNED, CallMeeting,    S.CALLED,     LEAD,     (),     MeetingCalled,    POLICY),
    T(S.PLANNED, HoldMeeting,    S.HELD,       MEDIATOR, WHOLE,  MeetingHeld,      POLICY, FOUR),
    T(S.CALLED,  HoldMeeting,    S.HELD,       MEDIATOR, WHOLE,  MeetingHeld,      POLICY, FOUR),
    T(S.PLANNED, CallOffMeeting, S.CALLED_OFF, MEDIATOR, (),     MeetingCalledOff, POLICY),
    T(S.CALLED,  CallOffMeeting, S.CALLED_OFF, MEDIATOR, (),     MeetingCalledOff, POLICY),
    Follows(S.PLANNED, S.CALLED, all_fixed, MeetingFixed, POLICY),
)
# fmt: on

CALLING = Machine.declare("calling", "召集与开会", S, ROWS, final={S.HELD, S.CALLED_OFF})
