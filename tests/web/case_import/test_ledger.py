"""The room's own ledger: read with every fault named, taken once, row by row, and nothing said that it does not say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.case import Case
from mediation_engine.domain.line import Provenance
from mediation_engine.domain.occurred import UNREPORTED
from mediation_engine.domain.people import PartyKind, PersonDetails
from mediation_engine.domain.roles import Office
from mediation_engine.errors import TableUnfit
from mediation_engine.ids import seeded_randomness
from mediation_engine.record.codec import decode_order
from mediation_engine.services.people import People
from web.case_import import ledger_columns as columns
from web.case_import.ledger import Looked, Standing, look, take
from web.forms import ledger_form
from web.forms.ledger_form import LedgerLooked, Opened, faults_table, opened
from workflows.facts import facts_of
from workflows.vocabulary import Dispute, Source

from ...support import ledgers
from ...support.exhibits import ROOM_KEY
from ...support.sheets import resident, xlsx
from ...support.story import NOW, STAFF, Story

LEAD = STAFF[Office.LEAD]
ASKED = ("编号", "受理日期", "申请人", "被申请人", "纠纷类型")
USUAL = ("2026-1", "2026-03-02", "王某", "某五金厂", "合同")


@pytest.fixture
def room() -> Story:
    return Story(MemoryStore(FixedClock(NOW)), FixedClock(NOW))


def looked(room: Story, content: bytes, **said: str) -> LedgerLooked:
    found = opened(content, ledger_form.kept_headers(room.door, LEAD), said=lambda _: said)
    return ledger_form.looked(room.door, found, LEAD, NOW.date(), in_zone=True)


def people(room: Story) -> People:
    return People(room.store, ROOM_KEY, seeded_randomness(5))


def taken(room: Story, content: bytes, **said: str) -> LedgerLooked:
    shown = looked(room, content, **said)
    assert shown.faults == ()
    assert [*map(str, take(room.door, people(room), shown.to_give))] == []
    return shown


def of(*rows: Sequence[Any], head: Sequence[str] = ASKED) -> bytes:
    return xlsx([head, *rows])


def more(**said: Any) -> bytes:
    """A ledger of one row that says something besides what is asked."""
    return of((*USUAL, *said.values()), head=(*ASKED, *said))


def the_case(room: Story) -> Case:
    with room.store.read() as unit:
        [row] = unit.views.case_rows(most=5)
    return room.door.case(row.case)


def words_of(room: Story, case: Case) -> str:
    with room.store.read() as unit:
        return "\n".join(text.words or "" for text in unit.record.texts(case.id).values())


def events(room: Story, case: Case) -> list[tuple[str, str, str]]:
    """What was ordered, when it happened, and where that comes from."""
    with room.store.read() as unit:
        orders = [decode_order(it.body) for it in unit.record.orders(case.id)]
    return [(it.command, it.occurred, it.provenance.value) for it in orders]


def said_of(room: Story, content: bytes) -> list[str]:
    return [str(fault) for fault in looked(room, content).faults]


# -- all faults, then all rows, then nothing


def test_twenty_faults_among_three_hundred_rows_are_all_named_by_row_and_column_and_nothing_is_taken(
    room: Story,
) -> None:
    shown = looked(room, xlsx([ledgers.TITLE, ledgers.HEAD, *ledgers.spoilt(ledgers.rows(300))]))
    found = [(it.row, it.label, it.sentence) for it in shown.faults]
    assert [(row, label) for row, label, _ in found] == [(row, label) for row, label, _ in ledgers.expected()]
    for (_, _, sentence), (_, _, wanted) in zip(found, ledgers.expected(), strict=True):
        assert wanted in sentence
    assert shown.to_give == [] and shown.rows == ()


def test_mended_they_are_taken_once_and_the_second_time_nothing_is_new(room: Story) -> None:
    content = xlsx([ledgers.TITLE, ledgers.HEAD, *ledgers.rows(300), ("合计", "", "", "", "", "", "", "", 345_150)])
    shown = taken(room, content)
    assert (shown.count(Standing.NEW), shown.read.rows) == (300, 300)
    with room.store.read() as unit:
        first = {case: unit.record.orders(case)[-1].digest for case in unit.record.cases()}
        assert len(first) == 300 and unit.views.notices() == []
    again = looked(room, content)
    assert (again.count(Standing.THERE), again.to_give, again.others) == (300, [], [])
    assert [*take(room.door, people(room), again.to_give)] == []
    with room.store.read() as unit:
        assert {case: unit.record.orders(case)[-1].digest for case in unit.record.cases()} == first


def test_who_is_killed_halfway_leaves_whole_cases_and_the_second_run_takes_the_rest(
    room: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, given = xlsx([ledgers.HEAD, *ledgers.rows(10)]), room.door.submit_together
    left = [4]

    def dies(*orders: Any, **more: Any) -> Any:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return given(*orders, **more)

    monkeypatch.setattr(room.door, "submit_together", dies)
    with pytest.raises(KeyboardInterrupt):
        [*take(room.door, people(room), looked(room, content).to_give)]
    monkeypatch.undo()
    shown = looked(room, content)
    assert (shown.count(Standing.THERE), shown.count(Standing.NEW)) == (4, 6)
    taken(room, content)
    assert looked(room, content).count(Standing.THERE) == 10


# -- the next month


def test_next_month_the_same_ledger_with_more_rows_and_more_said_takes_what_is_new(room: Story) -> None:
    head = (*ASKED, "调解结果", "调解日期", "履行情况", "结案日期")
    taken(room, of((*USUAL, "调解中", "", "", ""), head=head))
    grown = of(
        (*USUAL, "调解成功", "2026-03-09", "全部履行", "2026-03-20"),
        ("2026-2", "2026-04-02", "李某", "某五金厂", "合同", "", "", "", ""),
        head=head,
    )
    shown = taken(room, grown)
    assert (shown.count(Standing.MORE), shown.count(Standing.NEW)) == (1, 1)
    case = room.door.case(shown.rows[0].taking.case)
    assert case.facts.closed == "performed"
    assert looked(room, grown).count(Standing.THERE) == 2


@pytest.mark.parametrize(
    ("column", "value", "what"), [("被申请人", "某铜厂", "当事人的名字"), ("纠纷类型", "邻里", "登记的内容")]
)
def test_a_row_that_says_otherwise_now_changes_nothing_and_says_so(
    room: Story, column: str, value: str, what: str
) -> None:
    taken(room, of(USUAL))
    row = list(USUAL)
    row[ASKED.index(column)] = value
    [it] = looked(room, of(row)).others
    assert it.why == f"以前录过，现在写的与录入时不同（{what}），没有改动；请在案件里更正或补记"
    assert what in str(it) and str(it).startswith("第2行（编号 2026-1）")


def test_a_case_that_has_gone_on_in_the_system_is_left_alone(room: Story) -> None:
    head = (*ASKED, "调解结果")
    shown = taken(room, of((*USUAL, ""), head=head))
    room.name = shown.rows[0].taking.case
    from workflows.parts.note import RecordNote

    room.do(RecordNote())
    [it] = looked(room, of((*USUAL, "调解不成"), head=head)).others
    assert "已在系统里接着办" in it.why


def test_the_same_number_on_another_day_is_another_case_and_the_same_parties_are_pointed_at(room: Story) -> None:
    taken(room, of(USUAL))
    shown = looked(room, of(("2026-1", "2026-05-06", *USUAL[2:])))
    assert shown.count(Standing.NEW) == 1
    assert "当事人与已经登记的" in shown.warnings[0]


# -- what the record says is what the row says


def test_a_row_is_recorded_as_it_says_and_says_where_it_came_from(room: Story) -> None:
    content = more(
        简要情况="欠货款",
        请求金额="3.2万",
        承办调解员="李调解",
        来源="派出所移送",
        调解结果="达成协议",
        达成协议日期="2026.3.9",
        协议金额="32,000.00",
        协议内容="分两次付清，每次各半",
        履行情况="全部履行",
        履行日期="2026年3月19日",
        结案日期=date(2026, 3, 20),
        备注="双方握手言和",
    )
    shown = taken(room, content)
    case = the_case(room)
    facts = facts_of(case)
    assert (facts.amount_claimed, facts.dispute, facts.source) == (3_200_000, Dispute.CONTRACT, Source.POLICE)
    assert facts.lead_mediator() == "li"
    assert (facts.agreements["agreement/1"].total, facts.agreements["agreement/1"].terms) == (3_200_000, ())
    assert not facts.obligations and not facts.payments
    unknown = UNREPORTED.text
    assert events(room, case) == [
        ("RegisterCase", "2026-03-02", "reported"),
        ("AssignMediator", unknown, "reported"),
        ("AcceptCase", "2026-03-02", "inferred"),
        ("RecordNote", unknown, "reported"),
        ("ReachAgreement", "2026-03-09", "reported"),
        ("ReportPerformance", "2026-03-19", "reported"),
        ("DeclareListComplete", unknown, "assumed"),
        ("CloseAsPerformed", "2026-03-20", "reported"),
    ]
    told = words_of(room, case)
    assert "分两次付清，每次各半" in told and "双方握手言和" in told
    assert f"第2行，编号 2026-1，文件校验码 {opened(content, {}).digest}" in told
    assert shown.rows[0].orders[0].id == f"{case.id}.register"


def test_what_a_ledger_does_not_say_is_recorded_as_unknown_or_assumed_and_never_as_a_day(room: Story) -> None:
    taken(room, more(调解结果="调解不成"))
    found = {event: (day, source) for event, day, source in events(room, the_case(room))}
    assert found["TerminateMediation"] == (UNREPORTED.text, Provenance.REPORTED.value)
    assert found["TellRemedies"] == (UNREPORTED.text, Provenance.ASSUMED.value)
    assert found["AcceptCase"] == ("2026-03-02", Provenance.INFERRED.value)
    assert facts_of(the_case(room)).source is Source.OTHER


def test_what_only_a_gate_asks_for_is_assumed(room: Story) -> None:
    taken(room, of(("1", "2026-03-02", "王某", "某五金厂", "工伤", "主动介入"), head=(*ASKED, "来源")))
    assert ("RecordConsent", UNREPORTED.text, "assumed") in events(room, the_case(room))


def test_not_performed_alone_is_words_and_no_breach(room: Story) -> None:
    taken(room, more(调解结果="调解成功", 履行情况="未履行"))
    case = the_case(room)
    assert not any(event in ("ReportPerformance", "RecordPayment") for event, *_ in events(room, case))
    assert case.facts.closed is None
    assert "台账履行情况：未履行" in words_of(room, case)


def test_a_closing_day_without_performance_is_kept_in_words_and_pointed_at(room: Story) -> None:
    shown = taken(room, more(调解结果="调解成功", 结案日期="2026-04-01"))
    assert shown.warnings == ("第2行：有结案日期，但没有写全部履行；案件录入后仍在办，结案日期照原话记下",)
    assert "台账结案日期：2026-04-01" in words_of(room, the_case(room))
    assert the_case(room).facts.closed is None


def test_parties_are_told_apart_by_kind_number_and_side(room: Story) -> None:
    row = ("2026-1", "2026-03-02", "王某、李某等12人", f"{resident(3)}、无", "某五金厂；某铜厂", "合同")
    head = ("编号", "受理日期", "申请人", "申请人证件号码", "被申请人", "纠纷类型")
    taken(room, of(row, head=head))
    parties = facts_of(the_case(room)).parties.values()
    assert [(it.side.value, it.kind, it.count) for it in parties] == [
        ("applicant", PartyKind.PERSON, 1),
        ("applicant", PartyKind.GROUP, 12),
        ("respondent", PartyKind.ENTERPRISE, 1),
        ("respondent", PartyKind.ENTERPRISE, 1),
    ]
    known = people(room).all_details(LEAD, [it.person for it in parties])
    [details] = [held for _, held in known.values() if isinstance(held, PersonDetails)]
    assert details.number == resident(3)


@pytest.mark.parametrize(
    ("words", "count"), [("王某等五人", 5), ("王某等12名工人", 12), ("王某等30户", None), ("王某等人", None)]
)
def test_a_head_count_is_what_is_counted_in_people(words: str, count: int | None) -> None:
    [it] = columns.names(words)
    assert (it.kind, it.count) == (PartyKind.GROUP, count)


def test_old_cases_plan_no_visits_whose_days_have_gone_by_and_recent_ones_do(room: Story) -> None:
    done = {"调解结果": "调解成功", "达成协议日期": "", "履行情况": "全部履行", "结案日期": ""}
    for number, day in (("1", "2026-03-20"), ("2", "2026-11-20")):
        said = done | {"达成协议日期": day, "结案日期": day}
        taken(room, of((number, day, *USUAL[2:], *said.values()), head=(*ASKED, *said)))
    with room.store.read() as unit:
        cases = [room.door.case(row.case) for row in unit.views.case_rows(most=5)]
    planned = {
        facts_of(case).accepted.text: {case.state(key) for key in case.of("visit")}
        for case in cases
        if facts_of(case).accepted
    }
    assert planned == {"2026-03-20": {"cancelled"}, "2026-11-20": {"scheduled"}}


ANYTHING = st.fixed_dictionaries(
    {
        "请求金额": st.sampled_from(["", "100", "3.2万", "32,000.00"]),
        "来源": st.sampled_from(["", *columns.SOURCES]),
        "承办调解员": st.sampled_from(["", "李调解", "老周"]),
        "调解结果": st.sampled_from(["", *columns.RESULTS]),
        "达成协议日期": st.sampled_from(["", "2026-03-02", "2026.4.1"]),
        "协议形式": st.sampled_from(["", *columns.FORMS]),
        "协议金额": st.sampled_from(["", "500", "1亿"]),
        "履行情况": st.sampled_from(["", *columns.EXTENTS]),
        "履行日期": st.sampled_from(["", "2026-04-02"]),
        "已履行金额": st.sampled_from(["", "0", "300"]),
        "结案日期": st.sampled_from(["", "2026-05-01", "2026年11月23日"]),
        "纠纷类型": st.sampled_from(sorted(columns.DISPUTES)),
        "被申请人": st.sampled_from(["", "某五金厂", "李某、张某等3人"]),
    }
)


@settings(max_examples=60, deadline=None)
@given(ANYTHING)
def test_whatever_row_is_found_sound_goes_through_the_door_and_the_second_time_is_there(said: dict[str, str]) -> None:
    room = Story(MemoryStore(FixedClock(NOW)), FixedClock(NOW))
    content = of(("1", "2026-03-02", "王某", *said.values()), head=("编号", "受理日期", "申请人", *said))
    shown = looked(room, content)
    if shown.faults:
        return
    taken(room, content)
    assert looked(room, content).count(Standing.THERE) == 1


# -- headers


def test_headers_of_their_own_are_asked_once_and_known_the_next_month(room: Story) -> None:
    head = ("流水", "哪天来的", "谁来的", "对方", "什么事")
    content = of(USUAL, head=head)
    found = opened(content, {})
    assert found.wrong == ["还没有说哪一列是“编号”、“受理日期”、“申请人”、“纠纷类型”"]
    said = {"流水": "编号", "哪天来的": "受理日期", "谁来的": "申请人", "什么事": "纠纷类型"}
    found = opened(content, {}, said=lambda _: said)
    assert found.wrong == []
    ledger_form.keep_headers(room.door, LEAD, found)
    assert opened(content, ledger_form.kept_headers(room.door, LEAD)).wrong == []


def test_a_column_meant_twice_is_told_with_both_headers() -> None:
    found = opened(of(USUAL), {}, said=lambda _: {"被申请人": "申请人"})
    assert found.wrong == ["“申请人”、“被申请人”都选了“申请人”，只能有一列"]


def test_two_headers_of_the_same_words_are_two_columns() -> None:
    head = ("编号", "受理日期", "姓名", "电话", "姓名", "电话", "纠纷类型")
    found = opened(of(("1", "2026-03-02", "王某", "", "李某", "", "合同"), head=head), {})
    assert [*found.headers][2:6] == ["姓名", "电话", "姓名（第2个）", "电话（第2个）"]


def test_sums_in_ten_thousands_are_read_as_such(room: Story) -> None:
    taken(room, more(**{"涉案金额（万元）": 3.2}))
    assert facts_of(the_case(room)).amount_claimed == 3_200_000


def test_of_several_sheets_one_is_chosen_and_the_help_of_our_own_template_is_none() -> None:
    def twice(sheet: Any) -> None:
        sheet.title = "一月"
        sheet.parent.copy_worksheet(sheet).title = "二月"
        sheet.parent.create_sheet("怎样填").append(["列", "必填", "怎样填"])

    content = xlsx([ASKED, USUAL], twice)
    assert opened(content, {}).sheets == ("一月", "二月")
    assert opened(content, {}, "二月").sheet.title == "二月"


# -- what people hand in


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_what_people_save_it_is_read(room: Story, encoding: str) -> None:
    text = "\r\n".join(",".join(row) for row in (ASKED, USUAL))
    assert looked(room, text.encode(encoding)).count(Standing.NEW) == 1


def test_blank_rows_hidden_sheets_and_the_total_at_the_end_are_no_cases(room: Story) -> None:
    def hide(sheet: Any) -> None:
        other = sheet.parent.copy_worksheet(sheet)
        other.title, other.sheet_state = "旧的", "hidden"

    content = xlsx([("某调解室台账",), (), ASKED, USUAL, (), ("合计",), ("制表：李某",)], hide)
    shown = looked(room, content)
    assert (shown.read.rows, shown.faults) == (1, ())
    assert shown.read.notes == ("“旧的”是隐藏的，没有读", "合计下面的第7行没有读") or "隐藏" in shown.read.notes[0]


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-11-03", date(2026, 11, 3)),
        ("2026.11.3", date(2026, 11, 3)),
        ("2026/11/3", date(2026, 11, 3)),
        ("2026年11月3日", date(2026, 11, 3)),
        ("2026-11-03 09:30", date(2026, 11, 3)),
        ("20261103", date(2026, 11, 3)),
    ],
)
def test_a_day_is_read_as_people_write_it(said: str, day: date) -> None:
    assert columns.BY_NAME[columns.DAY].read(said) == day


def test_merged_cells_and_formulas_without_a_value_are_told() -> None:
    room = Story(MemoryStore(FixedClock(NOW)), FixedClock(NOW))

    def merge(sheet: Any) -> None:
        sheet.merge_cells("B2:B3")

    content = xlsx([ASKED, USUAL, ("2026-2", "", *USUAL[2:])], merge)
    assert "第2行：有合并的单元格，请取消合并，每一行单独填" in said_of(room, content)
    assert any("公式" in it for it in said_of(room, of((*USUAL[:4], '=A1&"合同"'))))


# -- hostile files


def with_member(name: str, content: bytes) -> bytes:
    kept = BytesIO()
    with ZipFile(BytesIO(of(USUAL))) as whole, ZipFile(kept, "w", ZIP_DEFLATED) as changed:
        for old in whole.namelist():
            changed.writestr(old, whole.read(old))
        changed.writestr(name, content)
    return kept.getvalue()


LINK = (
    b'<Relationships><Relationship Id="r1" Type="x" Target="http://evil.example/" TargetMode="External"/>'
    b"</Relationships>"
)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (lambda: with_member("xl/media/bomb.bin", b"0" * (200 << 20)), "展开后太大"),
        (lambda: with_member("xl/vbaProject.bin", b"macro"), "宏"),
        (lambda: with_member("xl/externalLinks/_rels/externalLink1.xml.rels", LINK), "链接着别的文件|宏"),
        (lambda: b"0" * (50 << 20), "文件太大"),
        (lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 200, "不是表格"),
        (lambda: ",".join(ASKED).encode() + b"\n1,2026-03-02,\x00,b,c\n", "不是表格"),
        (lambda: b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (lambda: b"", "空的"),
        (lambda: of(), "没有内容"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(content: Any, why: str) -> None:
    with pytest.raises(TableUnfit, match=why):
        opened(content(), {})


def test_what_looks_like_a_formula_is_written_back_as_words(room: Story) -> None:
    from openpyxl import load_workbook

    evil = "=cmd|' /C calc'!A1"
    text = "\r\n".join((",".join(ASKED), f"{evil},2026-03-02,{evil},+1+1,{evil}")).encode()
    book = load_workbook(BytesIO(faults_table(looked(room, text).faults)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert cells and all(cell.data_type == "s" for cell in cells)


def test_two_at_once_take_each_row_once(room: Story) -> None:
    content = of(USUAL)
    mine, other = looked(room, content), looked(room, content)
    assert [*take(room.door, people(room), mine.to_give)] == []
    found: Opened = opened(content, {})
    assert found.wrong == []
    failed: list[Looked] = [*take(room.door, people(room), other.to_give)]
    assert len(failed) <= 1
    with room.store.read() as unit:
        assert len([*unit.record.cases()]) == 1
    assert look(room.door, [it.taking for it in mine.rows])[0].standing is Standing.THERE
