"""The directory as a table: written out it comes back as it was; with one fault nothing is taken; twice is once."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.roles import Level, Office, Organisation
from mediation_engine.errors import OfficeNotHeld
from mediation_engine.ids import seeded_randomness
from mediation_engine.input.directory import layout, read_directory
from mediation_engine.input.tables import write_csv, write_table
from mediation_engine.services.directory import directory
from mediation_engine.services.directory_table import DirectoryLooked, Standing, look, rows, take
from workflows.facts import HOST_KINDS

from ...support.committees import with_committees
from ...support.sheets import xlsx
from ...support.story import NOW, STAFF, Story

WANG, LI = STAFF[Office.LEAD], STAFF[Office.MEDIATOR]
HEAD = [column.label for column in layout(HOST_KINDS).columns]
CUP = [
    "",
    "某杯业调委会",
    "某杯",
    "企事业单位人民调解委员会",
    "企业",
    "喜哥调解室",
    "2026-01-05",
    "",
    "孙某",
    "13812345678",
]


@pytest.fixture
def room() -> Story:
    clock = FixedClock(NOW)
    story = Story(MemoryStore(clock), clock)
    with_committees(story)
    return story


def looked(room: Story, *lines: Sequence[Any]) -> DirectoryLooked:
    return look(room.store, WANG, read_directory(xlsx([HEAD, *lines]), HOST_KINDS))


def taken(room: Story, found: DirectoryLooked) -> None:
    take(room.store, WANG, Office.LEAD, found, None, seeded_randomness(3))


def everything(room: Story) -> dict[str, Organisation]:
    return dict(directory(room.store).by_id)


@pytest.mark.parametrize("write", [write_table, write_csv])
def test_what_is_written_out_and_brought_back_changes_nothing(room: Story, write: Any) -> None:
    kept = rows(room.store, WANG, HOST_KINDS)
    found = look(room.store, WANG, read_directory(write(layout(HOST_KINDS), kept), HOST_KINDS))
    assert found.faults == () and found.to_put == []
    assert found.count(Standing.SAME) == len(kept) == len(everything(room))


def test_a_new_one_is_entered_with_who_answers_for_it_and_twice_is_once(room: Story) -> None:
    found = looked(room, CUP)
    assert [it.standing for it in found.planned] == [Standing.NEW]
    taken(room, found)
    [new] = [it for it in everything(room).values() if it.name == "某杯业调委会"]
    assert (new.level, new.parent, new.kind) == (Level.ENTERPRISE, "room", "enterprise_committee")
    with room.store.read() as unit:
        assert new.contact and unit.register.person(new.contact).name == "孙某"  # type: ignore[union-attr]
    before = everything(room)
    again = looked(room, CUP)
    assert again.count(Standing.SAME) == 1
    taken(room, again)
    assert everything(room) == before


def test_those_below_may_stand_before_those_above(room: Story) -> None:
    village = ["", "某新村调委会", "新村", "人民调解委员会", "村社", "某新片区", "", "", "", ""]
    district = ["d-new", "某新片区", "新片", "调解室", "片区", "room", "", "", "", ""]
    taken(room, looked(room, village, district))
    [made] = [it for it in everything(room).values() if it.name == "某新村调委会"]
    assert made.parent == "d-new"


@pytest.mark.parametrize(
    ("place", "words", "label", "said"),
    [
        (1, "", "名称", "要填"),
        (3, "派出所", "性质", "没有“派出所”"),
        (4, "省", "层级", "没有“省”"),
        (4, "", "层级", "要填"),
        (5, "", "上级", "要填"),
        (2, "永开", "简称", "别的组织在用"),
        (5, "某某中心", "上级", "名录里和这张表里都没有"),
        (6, "2026年13月3日", "设立日期", "不是"),
        (7, "2025-01-01", "撤销日期", "撤销的日子不能早于设立的日子"),
        (0, "ORG 1", "编号", "编号只能用小写字母"),
        (9, "12", "联系人电话", "电话"),
    ],
)
def test_each_fault_is_named_by_row_and_column_and_then_nothing_is_taken(
    room: Story, place: int, words: str, label: str, said: str
) -> None:
    bad = [*CUP]
    bad[place] = words
    found = looked(room, [*CUP[:1], "另一家", "另家", *CUP[3:]], bad)
    assert [(it.row, it.label) for it in found.faults] == [(3, label)]
    assert said in str(found.faults[0])


def test_the_same_one_twice_in_a_table_is_a_fault(room: Story) -> None:
    assert "与第2行是同一个" in str(looked(room, CUP, CUP).faults[0])


def test_a_circle_is_a_fault(room: Story) -> None:
    one = ["x-one", "甲片区", "甲", "调解室", "片区", "x-two", "", "", "", ""]
    two = ["x-two", "乙片区", "乙", "调解室", "片区", "x-one", "", "", "", ""]
    assert looked(room, one, two).faults


def test_what_lies_elsewhere_is_not_taken_over(room: Story) -> None:
    with room.store.write() as unit:
        unit.register.put_organisation(
            Organisation(id="far", name="别处调解室", short_name="别", kind="mediation_room", level=Level.ZONE)
        )
    found = looked(room, ["far", *CUP[1:]])
    assert "已经是别处的组织" in str(found.faults[0])


def test_a_column_that_is_not_there_leaves_what_there_is(room: Story) -> None:
    before = everything(room)
    kept = [[row[name] for name in HEAD[:5]] for row in rows(room.store, WANG, HOST_KINDS)]
    found = look(room.store, WANG, read_directory(xlsx([HEAD[:5], *kept]), HOST_KINDS))
    assert found.faults == () and found.to_put == []
    assert everything(room) == before


def test_only_who_keeps_the_directory_takes_a_table(room: Story) -> None:
    with pytest.raises(OfficeNotHeld):
        take(room.store, LI, Office.MEDIATOR, looked(room, CUP), None, seeded_randomness(3))


def test_a_name_that_looks_like_a_formula_stays_words(room: Story) -> None:
    odd = dict(zip(HEAD, [CUP[0], "=1+1调委会", *CUP[2:]], strict=True))
    taken(room, look(room.store, WANG, read_directory(write_csv(layout(HOST_KINDS), [odd]), HOST_KINDS)))
    content = write_table(layout(HOST_KINDS), rows(room.store, WANG, HOST_KINDS))
    cells = [cell for row in load_workbook(BytesIO(content)).worksheets[0].iter_rows() for cell in row]
    assert [it.data_type for it in cells if it.value == "=1+1调委会"] == ["s"]
    back = write_csv(layout(HOST_KINDS), rows(room.store, WANG, HOST_KINDS))
    assert b"'=1+1" in back
    assert look(room.store, WANG, read_directory(back, HOST_KINDS)).to_put == []
