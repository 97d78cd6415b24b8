"""What two made-up cases cost who records them: presses, pages, dead ends, and how tall the pages are.

Counted as a person counts: a press of the pointer or a key that activates is a click (typing is free, a native list is
two, choosing a file is one to be asked and one for the file); a page is a navigation with a new document; a screen is
1280 × 800 on a desk, 360 × 640 on a phone; a dead end is a refusal after which the way on is not one press away.
Signing in is counted apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.browser import CHROMIUM

from ..figures import Figure
from ..timing import Spread
from . import task_a, task_b
from .hand import CASE, Tally
from .room import Room, room


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task with what it may cost at most."""

    name: str
    begins: str
    do: Callable[[Room], None]
    recorded: Callable[[Room], None]
    clicks: int
    pages: int


TASKS = (
    Task(
        name="甲（速调，三人欠薪）",
        begins=task_a.BEGINS,
        do=task_a.task,
        recorded=task_a.recorded,
        clicks=60,
        pages=25,
    ),
    Task(
        name="乙（五方会诊，工亡赔偿）",
        begins=task_b.BEGINS,
        do=task_b.task,
        recorded=task_b.recorded,
        clicks=200,
        pages=80,
    ),
)
FORM = 1.2
"""Screens of a form that is filled in often."""
BOUNDS = {CASE: (2.5, 6.0), "记录会议": (FORM, None), "记录谈妥": (FORM, None), "拟定协议书": (FORM, None)}
"""Screens on a desk and on a phone, at most."""


def figures(folder: Path) -> list[Figure]:
    """Both tasks, done once each."""
    if not Path(CHROMIUM).exists():
        return []
    return [figure for task in TASKS for figure in _figures(task, counted(task, folder))]


def counted(task: Task, folder: Path) -> Tally:
    """Do a task; AssertionError where the record does not say all of it."""
    own = folder / task.name[0]
    own.mkdir()
    with room(own, task.begins) as place:
        task.do(place)
        task.recorded(place)
        return place.tally


def _figures(task: Task, tally: Tally) -> Iterator[Figure]:
    signing_in = f"另有登录 {tally.signing_in.clicks} 击 {tally.signing_in.pages} 页"
    yield Figure(
        name=f"任务{task.name}：点击", value=_one(tally.clicks), unit="击", beside=signing_in, most=task.clicks
    )
    yield Figure(name="　打开的页", value=_one(tally.pages), unit="页", most=task.pages)
    yield Figure(name="　走不下去的地方", value=_one(len(tally.dead_ends)), unit="处", most=0)
    for act, count in tally.acts.items():
        yield Figure(name=f"　　{act}", value=_one(count.clicks), unit="击", beside=f"{count.pages} 页")
    for name, (desk, phone) in sorted(tally.screens.items(), key=lambda it: -it[1][0]):
        if name in BOUNDS or desk > FORM:
            most, most_phone = BOUNDS.get(name, (None, None))
            on_phone = f"手机 {phone:.1f} 屏" + (f"，目标 ≤ {most_phone:g}" if most_phone else "")
            yield Figure(name=f"　{name}", value=_one(desk), unit="屏", beside=on_phone, most=most, digits=1)


def _one(value: float) -> Spread:
    return Spread((value,))
