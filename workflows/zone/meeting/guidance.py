"""What leads on in a meeting, what opens a gate, what the staff are told. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from mediation_engine.domain.case import Case
from mediation_engine.domain.message import HANDLERS, Audience, Topic
from mediation_engine.domain.proposal import Proposed, Usual
from mediation_engine.domain.roles import Office
from mediation_engine.domain.workflow import Guidance

from .attendee import InviteAttendee
from .calling import CallMeeting, FixMeeting, HoldMeeting, S
from .facts import facts_of
from .papers import PAPERS
from .task import GiveTask
from .vocabulary import Four

CALLED = Topic(words="有例会要参加", to=HANDLERS)
TOPICS: Mapping[str, Topic] = {
    "MeetingFixed": CALLED,
    "MeetingCalled": CALLED,
    "MeetingChanged": Topic(words="例会改了，请看一看", to=HANDLERS),
    "MeetingCalledOff": Topic(words="例会取消了", to=HANDLERS | {Audience.LEAD}),
}
"""By name of the event."""


def _missing(case: Case) -> list[Four]:
    """What is not fixed of one that waits for that."""
    return [*facts_of(case).unfixed()] if case.is_in(case.phase, S.PLANNED) else []


def _unfixed(case: Case, _: date) -> Iterator[Proposed]:
    if missing := [it for it in _missing(case) if it is not Four.PEOPLE]:
        yield Proposed(why=f"还没有定：{'、'.join(it.label for it in missing)}")


def _nobody_named(case: Case, _: date) -> Iterator[Proposed]:
    if Four.PEOPLE in _missing(case):
        yield Proposed(why=f"还没有定：{Four.PEOPLE.label}")


def _urgent(case: Case, _: date) -> Iterator[Proposed]:
    if _missing(case):
        yield Proposed(why="四定齐了才自动通知，现在还没有通知任何人")


def _called(case: Case, _: date) -> Iterator[Proposed]:
    if case.is_in(case.phase, S.CALLED):
        yield Proposed(day=facts_of(case).day)


def _without_tasks(case: Case, _: date) -> Iterator[Proposed]:
    facts = facts_of(case)
    if facts.held is not None and not facts.tasks:
        yield Proposed(why="会上定了要办的事，写明谁办、哪天以前")


NEXT = (
    Usual(FixMeeting, _unfixed),
    Usual(InviteAttendee, _nobody_named),
    Usual(CallMeeting, _urgent, Office.LEAD, is_aside=True),
    Usual(HoldMeeting, _called),
    Usual(GiveTask, _without_tasks, is_aside=True),
)


def to_print(case: Case) -> Iterator[tuple[str, str]]:
    """What asks people to come, once they are to be told; what came of it, once it was held."""
    if not case.is_in(case.phase, S.PLANNED):
        yield from ((paper.code, "") for paper in PAPERS if paper.when(case, ""))


def all_there(case: Case, _key: str) -> Mapping[str, str]:
    """As most meetings are held: everybody came."""
    return {"came": " ".join(facts_of(case).attendees)}


GUIDANCE = Guidance(
    from_elsewhere=frozenset({"task"}),
    usual={"HoldMeeting": all_there},
    next=NEXT,
    prints=to_print,
    also_called={
        "CallMeeting": ("四定未齐", "紧急", "通知"),
        "FixMeeting": ("改期", "四定", "补方案"),
        "HoldMeeting": ("会议纪要", "到会", "签到"),
        "GiveTask": ("交办", "任务清单", "分工"),
        "InviteAttendee": ("通知", "请人"),
        "PutOnTable": ("上会", "议题"),
    },
    met_in_form=frozenset(
        {
            *("tasks_have_somebody", "somebody_does_it", "somebody_named", "something_said"),
            *("still_to_be_held", "was_held", "something_fixed"),
        }
    ),
)
