"""事项: of each kind one that waits and one that is over; with one of them somebody was not content."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mediation_engine.domain.fields import Text
from mediation_engine.domain.zone import Grid
from workflows.zone.matter.concerned import ConcernedRow
from workflows.zone.matter.entry import AssignMatter, DetailRow, EndMatter, RegisterMatter
from workflows.zone.matter.handling import AnswerMatter, SignForMatter, VerifyMatter
from workflows.zone.matter.measure import RecordMeasure
from workflows.zone.matter.rating import RecordRating
from workflows.zone.matter.vocabulary import Content, Manner, Standing

from ..days import Days
from ..room import BY_ID, GRIDS, ROOM
from ..script import MATTER, Step, Story, step
from ..usual import kind_of

GRID_WORKER = Text("演示一片网格员")
LEADER = Text("演示街道分管领导")
FIRST, SECOND = GRIDS


def said(field: str, words: str) -> DetailRow:
    """A field of the kind, filled in with words."""
    return DetailRow(field=field, words=Text(words))


def own(grid: Grid, category: str) -> dict[str, Any]:
    """What a grid worker fills in of what he found himself."""
    details = said("reporter", BY_ID[grid.worker].name), said("grid", grid.name), said("category", category)
    return {"details": details, "district": grid.district}


def came(back: int, at: str, by: str, kind: str, words: str, *who: str, **more: Any) -> Step:
    """Somebody comes with something; the second of them is whom it is against."""
    standings = (Standing.ASKER, *[Standing.OTHER] * len(who))
    both = zip(who, standings, strict=False)
    named = tuple(ConcernedRow(person=id, standing=standing, kind=kind_of(id)) for id, standing in both)
    usual: dict[str, Any] = {"kind": kind, "words": Text(words), "named": named, "organisation": ROOM.id}
    return step(back, at, by, RegisterMatter(**usual | more))


def of(number: str) -> dict[str, str]:
    """The number of the sheet by which it was assigned."""
    return {"origin": "信访局", "number": number}


def done(back: int, at: str, by: str, words: str, manner: Manner = Manner.VISIT) -> Step:
    """Something was done about it."""
    return step(back, at, by, RecordMeasure(words=Text(words), manner=manner))


def reported(days: Days) -> Iterator[Step]:
    """A grid worker reported it, and nobody has it yet."""
    words = "包装车间有人说上月工资少发，聚在门口议论。"
    yield came(1, "16:10", "gao", "grid", words, "qiufen", "cups", **own(FIRST, "劳资"))


def in_hand(days: Days) -> Iterator[Step]:
    """Signed for, and not done: late since yesterday."""
    details = (DetailRow(field="reporter", words=GRID_WORKER), said("category", "邻里"))
    yield came(6, "09:20", "zhou", "grid", "楼道堆了纸箱，楼上楼下为这个吵过。", "chunfen", "xiazhi", details=details)
    yield step(6, "09:30", "wang", AssignMatter(staff="li", by=days.back(1), note=Text("先看通道堵不堵")))
    yield step(5, "09:05", "li", SignForMatter())
    yield done(5, "10:00", "li", "看了现场，约好周末搬走。")


def on_the_spot(days: Days) -> Iterator[Step]:
    """A grid worker saw to it himself: over at once."""
    yield came(3, "15:00", "gao", "grid", "早餐店凌晨卸货吵到楼上。", "xiaoman", "yushui", **own(FIRST, "噪声"))
    yield step(3, "15:10", "gao", EndMatter(ending="on_spot", words=Text("改到六点以后卸货，双方都说行。")))


def given(days: Days) -> Iterator[Step]:
    """Came by the platform, and was given to the grid worker, who has it in hand."""
    details = (DetailRow(field="reporter", words=GRID_WORKER), said("category", "消防"))
    words, more = "出租房门口拉了电线充电。", {"district": FIRST.district, "origin": "四平台", "number": "演示-21"}
    yield came(2, "09:30", "li", "grid", words, "chunfen", details=details, **more)
    yield step(2, "09:40", "wang", AssignMatter(staff=FIRST.worker, by=days.coming(1), note=Text("让房东今天拆掉")))
    yield step(2, "09:50", FIRST.worker, SignForMatter())


def to_verify(days: Days) -> Iterator[Step]:
    """A grid worker reported it, another did it: it waits for the first to go and see."""
    yield came(4, "10:20", SECOND.worker, "grid", "路灯坏了一排，晚上有人摔过。", "dongzhi", **own(SECOND, "环境"))
    yield step(4, "10:40", "wang", AssignMatter(staff="zhou"))
    yield step(4, "11:00", "zhou", SignForMatter())
    yield done(3, "10:00", "zhou", "联系了市政，答应两天内换好。", Manner.CALL)
    yield step(1, "15:00", "zhou", AnswerMatter(words=Text("市政说昨天都换好了")))


def received(days: Days) -> Iterator[Step]:
    """Three people came about pay; to be answered in days."""
    details = (
        DetailRow(field="people", number=3),
        DetailRow(field="leader", words=LEADER),
        DetailRow(field="answer_by", day=days.coming(3)),
    )
    words = "反映加班费算少了，要厂里拿考勤对一对。"
    yield came(2, "09:40", "zhou", "reception", words, "shuangjiang", "hardware", details=details)
    yield step(2, "10:10", "wang", AssignMatter(staff="zhou"))
    yield step(2, "10:20", "zhou", SignForMatter())
    yield done(1, "14:30", "zhou", "厂办答应周内把考勤交来。", Manner.CALL)


def answered(days: Days) -> Iterator[Step]:
    """Answered while they sat there."""
    details = (DetailRow(field="people", number=1), DetailRow(field="leader", words=LEADER))
    yield came(8, "10:00", "li", "reception", "问工伤认定到哪里申请、要带什么。", "dongzhi", details=details)
    words = Text("告诉了去人社局窗口，材料清单当面给了。")
    yield step(8, "10:15", "li", EndMatter(ending="answered_at_once", words=words))


def promised(days: Days) -> Iterator[Step]:
    """To be done tomorrow."""
    details = (DetailRow(field="agent", words=GRID_WORKER), DetailRow(field="promised", day=days.coming(1)))
    yield came(3, "11:00", "li", "errand", "行动不便，代办居住证续签。", "xiazhi", details=details)
    yield done(2, "09:00", "li", "材料已递到窗口。", Manner.OTHER)


def run(days: Days) -> Iterator[Step]:
    """Done a day before it was promised; the one it was done for is content."""
    details = (DetailRow(field="agent", words=GRID_WORKER), DetailRow(field="promised", day=days.back(5)))
    yield came(9, "09:00", "zhou", "errand", "代办社保卡补卡。", "mangzhong", details=details)
    yield done(7, "10:00", "zhou", "银行网点已受理，卡取回送到家。", Manner.OTHER)
    yield step(6, "16:00", "zhou", EndMatter(ending="finished"))
    yield step(4, "10:00", "zhou", RecordRating(content=Content.CONTENT))


def assigned(days: Days) -> Iterator[Step]:
    """From above, with a limit that is near."""
    details = (
        said("assigner", "演示市信访局"),
        DetailRow(field="assigned", day=days.back(10)),
        DetailRow(field="limit", day=days.coming(4)),
        DetailRow(field="leader", words=LEADER),
    )
    words = "多年前货款纠纷，多次来信，要求解决。"
    yield came(9, "14:00", "wang", "petition", words, "mangzhong", "cartons", details=details, **of("演示信字7号"))
    yield step(9, "14:10", "wang", SignForMatter())
    yield done(7, "09:30", "wang", "包案领导约谈，理清了账目和票据。", Manner.MEETING)


def pledged(days: Days) -> Iterator[Step]:
    """Settled: the one who complained has pledged to leave it."""
    details = (
        said("assigner", "演示市信访局"),
        DetailRow(field="limit", day=days.back(2)),
        DetailRow(field="leader", words=LEADER),
    )
    yield came(
        20, "09:00", "wang", "petition", "反映厂房租金押金没有退。", "chunfen", details=details, **of("演示信字5号")
    )
    yield step(20, "09:10", "wang", SignForMatter())
    yield done(15, "10:00", "wang", "当面对了账，差额补足。", Manner.MEETING)
    yield step(4, "16:00", "wang", EndMatter(ending="resolved", ground="pledge"))


def not_content(days: Days) -> Iterator[Step]:
    """Over, and taken up again."""
    details = (DetailRow(field="reporter", words=GRID_WORKER), said("category", "环境"))
    yield came(12, "09:00", "li", "grid", "废品堆在路边，雨天有味道。", "yushui", "mangzhong", details=details)
    yield step(12, "09:10", "wang", AssignMatter(staff="li"))
    yield step(12, "09:30", "li", SignForMatter())
    yield done(11, "10:00", "li", "看着搬进了院里。")
    yield step(11, "11:00", "li", AnswerMatter(words=Text("已搬走")))
    yield step(10, "09:00", "wang", VerifyMatter())
    yield step(10, "09:05", "wang", EndMatter(ending="finished"))
    yield step(1, "10:00", "zhou", RecordRating(content=Content.NOT, words=Text("又堆出来了")))


TOLD = {
    "reported": reported,
    "in-hand": in_hand,
    "on-the-spot": on_the_spot,
    "given": given,
    "to-verify": to_verify,
    "received": received,
    "answered": answered,
    "promised": promised,
    "run": run,
    "assigned": assigned,
    "pledged": pledged,
    "not-content": not_content,
}
MATTERS = tuple(Story(case=f"demo-matter-{name}", family=MATTER, steps=steps) for name, steps in TOLD.items())
