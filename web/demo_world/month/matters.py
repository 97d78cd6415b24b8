"""Matters of the month: what grid workers found, who came on a reception day, errands, petitions from above."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from mediation_engine.domain.fields import Text
from workflows.zone.matter.entry import AssignMatter, DetailRow, EndMatter
from workflows.zone.matter.handling import AnswerMatter, SignForMatter, VerifyMatter
from workflows.zone.matter.rating import RecordRating
from workflows.zone.matter.vocabulary import Content, Manner

from ..cases.matters import came, done, said
from ..crowd import workers
from ..days import Days
from ..room import BY_ID, DISTRICTS, GRIDS
from ..script import MATTER, Step, Story, step
from .dice import Dice, Size, month_of, taken
from .station import LEAD, MEDIATORS, STATION

FOUND = (
    ("劳资", "车间里有人说工资少发。"),
    ("邻里", "楼道堆东西，上下楼吵过。"),
    ("消防", "出租房门口拉了电线充电。"),
    ("噪声", "凌晨卸货，楼上睡不着。"),
)
"""What grid workers find, by its kind."""
ASKED = ("问工伤认定到哪里办。", "反映加班费算少了。", "要求恢复小区道路照明。")
ERRANDS = ("代办社保卡补卡。", "代办居住证续签。", "代交老人体检材料。")
PETITIONS = ("多年前货款纠纷，多次来信。", "征用场地的补偿没有结清。", "工亡待遇计算有出入，要求复核。")
RECEPTION_DAYS = (1, 15)


def matters(seed: int, size: Size) -> Iterator[Story]:
    """So many of each kind."""
    kinds: tuple[tuple[str, int, Callable[[Dice, str, int], Iterator[Step]]], ...] = (
        ("grid", size.grid, _grid),
        ("reception", size.receptions, _reception),
        ("errand", size.errands, _errand),
        ("petition", size.petitions, _petition),
    )
    for kind, count, tell in kinds:
        for number in range(1, count + 1):
            name = f"month-{kind}-{number}"
            yield Story(case=name, family=MATTER, steps=partial(_told, tell, seed, name, number))


def _told(
    tell: Callable[[Dice, str, int], Iterator[Step]], seed: int, name: str, number: int, days: Days
) -> Iterator[Step]:
    dice = Dice.of(days, seed, name)
    yield from taken(tell(dice, MEDIATORS[number % len(MEDIATORS)], number))


def _came(dice: Dice, back: int, by: str, kind: str, words: str, *details: DetailRow, **more: Any) -> Step:
    who, district = dice.one_of(workers()).person.id, dice.one_of(DISTRICTS).code
    at = more.pop("at", None) or dice.clock(range(9, 12))
    usual = {"details": details, "district": district, "organisation": STATION.id}
    return came(back, at, by, kind, words, who, **usual | more)


def _grid(dice: Dice, by: str, number: int) -> Iterator[Step]:
    """Reported by who walks the grid, or by way of the platform; solved on the spot, or assigned and done."""
    back, (category, words) = dice.back(), dice.one_of(FOUND)
    grid, is_own = dice.one_of(GRIDS), dice.number(0, 1)
    reporter = grid.worker if is_own else by
    details = said("reporter", BY_ID[grid.worker].name), said("grid", grid.name), said("category", category)
    origin: dict[str, Any] = {} if is_own else {"origin": "四平台", "number": f"演示月-{number}"}
    yield _came(dice, back, reporter, "grid", words, *details, district=grid.district, **origin)
    if dice.number(1, 10) <= 6:
        yield step(back, "15:10", reporter, EndMatter(ending="on_spot", words=Text("当场说好了。")))
        return
    yield step(back, "15:30", LEAD, AssignMatter(staff=by))
    late = dice.one_of((1, 3), (5, 1))
    yield step(back - late, "09:10", by, SignForMatter())
    yield done(back - late, "10:00", by, "上门看过，约定了日子。", Manner.VISIT)
    yield step(back - late - 1, "10:00", by, AnswerMatter(words=Text("已经改好。")))
    yield step(back - late - 2, "10:00", grid.worker if is_own else LEAD, VerifyMatter())
    yield step(back - late - 2, "10:10", by, EndMatter(ending=dice.one_of(("finished", "passed_on"), (9, 1))))


def _reception(dice: Dice, by: str, number: int) -> Iterator[Step]:
    """Answered at once, or by the day that was promised."""
    back = reception_days(dice.days)[number % len(RECEPTION_DAYS)]
    people = DetailRow(field="people", number=dice.number(1, 4))
    details = people, said("leader", "演示街道分管领导")
    yield _came(dice, back, by, "reception", dice.one_of(ASKED), *details)
    if dice.number(0, 1):
        yield step(back, "14:00", by, EndMatter(ending="answered_at_once", words=Text("当面说清楚了。")))
        return
    yield step(back, "14:10", LEAD, AssignMatter(staff=by))
    yield step(back, "14:20", by, SignForMatter())
    yield done(back - 2, "10:00", by, "问过有关部门。", Manner.CALL)
    yield step(back - 4, "10:00", by, AnswerMatter(words=Text("电话答复了。")))
    yield step(back - 4, "10:10", by, EndMatter(ending="answered"))


def _errand(dice: Dice, by: str, number: int) -> Iterator[Step]:
    """Done by the promised day, mostly; some say how content they are."""
    back, span = dice.back(), dice.number(3, 6)
    promised = dice.day(back - span)
    details = said("agent", "演示网格员"), DetailRow(field="promised", day=promised)
    yield _came(dice, back, by, "errand", dice.one_of(ERRANDS), *details)
    yield done(back - 1, "10:00", by, "材料递上去了。", Manner.OTHER)
    ended = back - span + dice.one_of((1, 0, -2), (5, 4, 1))
    yield step(ended, "16:00", by, EndMatter(ending="finished"))
    if dice.number(0, 1):
        yield step(ended - 1, "10:00", by, RecordRating(content=dice.one_of((Content.CONTENT, Content.FAIRLY))))


def _petition(dice: Dice, by: str, number: int) -> Iterator[Step]:
    """From above, with a limit of about a month."""
    back = month_of(dice.days)[-1] - number
    details = (
        said("assigner", "演示市信访局"),
        DetailRow(field="assigned", day=dice.day(back)),
        DetailRow(field="limit", day=dice.day(back - 20)),
        said("leader", "演示街道分管领导"),
    )
    words = PETITIONS[number % len(PETITIONS)]
    sheet = {"origin": "信访局", "number": f"演示月信{number}号"}
    yield _came(dice, back, LEAD, "petition", words, *details, at="14:00", **sheet)
    yield step(back, "14:10", LEAD, SignForMatter())
    yield done(back - 3, "09:30", LEAD, "包案领导约谈。", Manner.MEETING)
    yield step(back - 8, "10:00", LEAD, EndMatter(ending="resolved", ground="pledge"))


def reception_days(days: Days) -> list[int]:
    """The days of the month on which people are received; the next working day where that is a day of rest."""
    backs = sorted(month_of(days), reverse=True)
    return [next((n for n in backs if days.back(n).day >= day), backs[-1]) for day in RECEPTION_DAYS]
