"""数说战果 as people see it: every number leads to what is behind it; what was sent upwards stays as it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import product
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.errors import Refused
from mediation_engine.ports.store import Unit
from mediation_engine.services.counting import count
from mediation_engine.services.figures import Asked, read_period
from mediation_engine.services.freezing import freeze
from mediation_engine.services.maintenance import audit_chains
from web.presenters.figures import asked_for, board, growth_words, sought, untold_small
from workflows.figures.bodies import Body
from workflows.figures.declared import BY_CODE
from workflows.figures.form import COLUMNS
from workflows.figures.policy import USUAL, colour
from workflows.parts.block import RecordTalk
from workflows.parts.risk import EaseRisk, RaiseRisk
from workflows.phases.endings import WithdrawApplication
from workflows.vocabulary import Danger

from ...support.committees import CUPS, DOORS, GONE, with_committees
from ...support.story import ROOM, STAFF, ZHOU, ZONE, Story, filed
from ..conftest import Browser

Client = Callable[[Office], Browser]
MONTH = "2026-11"


def tile(page: str, label: str) -> str:
    """The number of a tile."""
    found = re.search(rf'<span class="number">([^<]*)</span><span class="label">{label} ?<', page)
    assert found is not None
    return found[1]


def test_a_number_leads_to_the_cases_behind_it(web_client: Client, told: Story) -> None:
    page = web_client(Office.LEAD).get(f"/figures?period={MONTH}").text
    assert tile(page, "受理调处") == "1件"
    behind = web_client(Office.LEAD).get(f"/figures/behind/accepted?period={MONTH}").text
    assert told.case.facts.number in behind
    assert 'href="/cases/A1"' in behind


def test_told_apart_the_parts_are_the_whole_and_lead_to_their_own(web_client: Client, told: Story) -> None:
    page = web_client(Office.AUDITOR).get(f"/figures?period={MONTH}&by=dispute").text
    assert "拖欠劳动报酬" in page
    path = f"/figures/behind/accepted?period={MONTH}&by=dispute&group=labour_pay"
    assert path.replace("&", "&amp;").split("?")[0] in page
    assert "拖欠劳动报酬" in web_client(Office.AUDITOR).get(path).text


def test_a_period_or_a_day_that_is_none_is_said(web_client: Client, told: Story) -> None:
    page = web_client(Office.LEAD).get("/figures?period=2026-13&day=gestern&by=colour").text
    assert "不是期间" in page
    assert "截至哪天：" in page
    assert "不能按" in page


def test_who_went_out_is_counted_by_the_line_that_says_so(web_client: Client, told: Story) -> None:
    before = tile(web_client(Office.LEAD).get(f"/figures?period={MONTH}").text, "出动人次")
    told.do(RecordTalk(party="party/1", said=Text("只要八千")))
    after = tile(web_client(Office.LEAD).get(f"/figures?period={MONTH}").text, "出动人次")
    assert int(after.removesuffix("人次")) == int(before.removesuffix("人次")) + 2


def test_the_file_has_the_columns_of_the_form(web_client: Client, told: Story) -> None:
    answer = web_client(Office.LEAD).get(f"/figures/file?period={MONTH}")
    sheet = load_workbook(BytesIO(answer.data)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "矛盾纠纷排查调处情况表"
    at = rows[3].index("受理登记（件）")
    assert [(row[0], row[at]) for row in rows[4:]] == [
        ("喜哥调解室", 1),
        ("下级上报总计", 0),
        ("本级上报总计（连下级）", 1),
    ]
    assert "口头和书面协议都算" in rows[1][0]


def test_the_form_says_by_which_day_each_column_counts_and_why_a_committee_may_have_none(
    web_client: Client, told: Story
) -> None:
    page = web_client(Office.LEAD).get(f"/figures/form?period={MONTH}").text
    assert all(f"照{BY_CODE[column.figure].by_day}算的：" in page for column in COLUMNS)
    assert "照协议生效日算的：协议涉及金额、协议形式" in page
    assert "照到期日算的：已履行" in page
    assert "“企事业单位调委会”只数它自己立案调解的案件" in page
    assert "算的：" not in web_client(Office.LEAD).get(f"/figures/form?period={MONTH}&to=outside").text


def test_what_was_sent_upwards_stays_and_what_came_later_is_told_beside_it(web_client: Client, told: Story) -> None:
    lead = web_client(Office.LEAD)
    lead.get("/figures/reports")
    answer = lead.send("/figures/reports", period=MONTH)
    assert answer.status_code == 303
    path = answer.location
    assert "差 " not in lead.get(path).text
    again = lead.send("/figures/reports", period=MONTH)
    assert again.status_code == 422
    assert "不用补报" in again.text
    told.clock.now += timedelta(minutes=5)
    told.do(RecordTalk(party="party/1", said=Text("再谈一次")), at="2026-11-23")
    page = lead.get(path).text
    assert "差 +2 人次" in page
    added = lead.send("/figures/reports", period=MONTH)
    assert added.status_code == 303
    page = lead.get(added.location).text
    assert "补报" in page
    assert "+2 人次" in page
    assert [found for _, found in audit_chains(told.store) if found] == []


def test_nobody_but_the_lead_freezes_and_no_period_that_has_not_begun(web_client: Client, told: Story) -> None:
    mediator, lead = web_client(Office.MEDIATOR), web_client(Office.LEAD)
    mediator.get("/figures/reports")
    assert mediator.send("/figures/reports", period=MONTH).status_code == 403
    lead.get("/figures/reports")
    assert "还没有开始" in lead.send("/figures/reports", period="2027-11").text


def test_outside_the_room_small_numbers_are_not_told_nor_to_be_worked_out() -> None:
    assert counts_untold(10, 2, 0, 7) == [10, None, 0, None]
    assert counts_untold(10, 2, 1, 7) == [10, None, None, 7]
    assert counts_untold(10, 7, 0) == [10, 7, 0]
    assert untold_small([1, 2, 3], [1, 2, 3], 0) == [1, 2, 3]


def counts_untold(*values: int) -> list[int | None]:
    return untold_small(values, values, 3)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((2, 0, 0), [None, None, None]),
        ((2, 0, 7, 7, 9), [None, 0, None, None, 9]),
        ((1, 1, 7, 9), [None, None, None, 9]),
        ((2, 2, 7, 9), [None, None, None, 9]),
    ],
)
def test_outside_the_sum_of_what_is_hidden_leaves_a_choice(values: tuple[int, ...], told: list[int | None]) -> None:
    assert counts_untold(*values) == told


@settings(deadline=None)
@given(st.lists(st.integers(0, 4), min_size=2, max_size=4), st.integers(2, 4))
def test_outside_whoever_knows_the_sum_and_the_rule_cannot_tell_a_small_number(values: list[int], small: int) -> None:
    shown = untold_small(values, values, small)
    alike = [
        other
        for other in product(range(sum(values) + 1), repeat=len(values))
        if sum(other) == sum(values) and untold_small(other, other, small) == shown
    ]
    for n, value in enumerate(values if any(it is not None for it in shown) else ()):
        assert not 0 < value < small or len({other[n] for other in alike}) > 1


def test_outside_a_sum_is_hidden_where_few_are_behind_it() -> None:
    assert untold_small([900_000, 5_000_000, 7_000_000], [1, 5, 6], 3) == [None, None, 7_000_000]
    assert untold_small([900_000, 800_000, 7_000_000], [1, 2, 6], 3) == [None, None, 7_000_000]


def test_outside_no_number_of_a_group_leads_anywhere(web_client: Client, told: Story) -> None:
    page = web_client(Office.LEAD).get(f"/figures?period={MONTH}&by=dispute&to=outside").text
    assert "“不写”的，是少于 3 件的" in page
    assert "group=labour_pay" not in page


@pytest.mark.parametrize(
    ("values", "parts", "told"),
    [
        ((10, 9), ([1], [2]), [None, None]),  # of each group one alone is not told elsewhere
        ((10, 9, 8), ([1], [], [2]), [None, 9, None]),
        ((10, 9, 8), ([1, 2], [], [3]), [None, None, None]),  # with the second the third would be alone still
        ((10, 9, 8), ([1, 2], [4, 5], [3]), [10, None, None]),
        ((10, 9), ([1, 2], []), [10, 9]),
        ((10, 9), ([], []), [10, 9]),
    ],
)
def test_outside_a_sum_of_organisations_does_not_tell_what_one_of_them_does_not(
    values: tuple[int, ...], parts: tuple[list[int], ...], told: list[int | None]
) -> None:
    assert untold_small(values, values, 3, parts) == told


def test_told_apart_by_body_a_number_leads_to_its_own_and_the_form_has_its_columns(
    web_client: Client, told: Story
) -> None:
    Story(told.store, told.clock, "A2").accepted().do(WithdrawApplication())
    lead = web_client(Office.LEAD)
    page = lead.get(f"/figures?period={MONTH}&by=body").text
    assert "按主体" in page
    assert "调解室等其他调解组织" in page
    assert "0.0%" in page.partition("按主体</h2>")[2].partition("</table>")[0]  # closed, without success
    behind = lead.get(f"/figures/behind/accepted?period={MONTH}&by=body&group=other").text
    assert 'href="/cases/A1"' in behind
    assert "这个期间没有" in lead.get(f"/figures/behind/accepted?period={MONTH}&by=body&group=village").text
    sheet = load_workbook(BytesIO(lead.get(f"/figures/file?period={MONTH}").data)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    told_of = {label: row for head, label, *row in zip(*rows[2:], strict=True) if head == "不同主体（件）"}
    assert [*told_of] == [it.label for it in Body]
    assert told_of["调解室等其他调解组织"] == [1, 0, 1]
    assert all(not any(cells) for label, cells in told_of.items() if label != "调解室等其他调解组织")


def test_the_room_says_as_what_it_counts_where_the_form_does_not(told: Story) -> None:
    assert asked(told).groups["body"][ROOM.id] == "other"
    told.door.catalogue.zone = replace(ZONE, bodies={"mediation_room": "street"})
    assert asked(told).groups["body"][ROOM.id] == "street"


def asked(told: Story) -> Asked:
    it, _ = sought({"period": MONTH}, told.door.today())
    return asked_for(told.door, STAFF[Office.LEAD], it, {})


def test_who_did_most_stands_first_but_not_for_outside(told: Story) -> None:
    told.with_colleague()
    other = Story(told.store, told.clock, "A2")
    other.holders[Office.MEDIATOR] = ZHOU.id
    other.accepted().do(WithdrawApplication())
    it, _ = sought({"period": MONTH, "by": "mediator"}, told.door.today())
    found = board(told.door, STAFF[Office.LEAD], it, {})
    assert [code for code, *_ in found.groups] == ["zhou", "li"]
    outside = board(told.door, STAFF[Office.LEAD], replace(it, outside=True), {})
    assert [code for code, *_ in outside.groups] == ["li", "zhou"]


def test_what_might_have_come_of_a_dispute_is_not_told_outside(web_client: Client, told: Story) -> None:
    told.do(RaiseRisk(danger=Danger.SUICIDE))
    told.do(EaseRisk(), "risk/1")
    lead = web_client(Office.LEAD)
    assert "防止民间纠纷引起自杀" in lead.get(f"/figures?period={MONTH}").text
    assert "防止民间纠纷引起自杀" not in lead.get(f"/figures?period={MONTH}&to=outside").text
    sheets = load_workbook(BytesIO(lead.get(f"/figures/file?period={MONTH}&to=outside").data))
    assert "防止民间纠纷引起自杀" not in [cell.value for cell in sheets["全部指标"]["A"]]


def test_behind_a_figure_of_the_directory_are_organisations(web_client: Client, told: Story) -> None:
    with_committees(told)
    told.clock.now += timedelta(days=40)
    page = web_client(Office.LEAD).get(f"/figures?period={MONTH}").text
    assert tile(page, "企业调委会") == "3家"
    behind = web_client(Office.LEAD).get(f"/figures/behind/committees_labour?period={MONTH}").text
    assert [name in behind for name in (CUPS.name, DOORS.name, GONE.name)] == [True, True, False]
    assert f'href="/organisations?q={quote(CUPS.name)}"' in behind
    missing = web_client(Office.AUDITOR).get(f"/figures/behind/returns_missing?period={MONTH}").text
    assert "未报" in missing
    assert CUPS.name in missing
    returned = Story(told.store, told.clock, "M1")
    returned.do(filed(organisation=CUPS.id, month=MONTH), workflow="return_2026")
    late = web_client(Office.LEAD).get(f"/figures/behind/returns_late?period={MONTH}").text
    assert f'<a href="/cases/M1">{CUPS.name}</a>' in late
    assert "2026年11月</td>" in late


def test_each_figure_stands_beside_what_it_was_on_the_same_days_a_year_before(web_client: Client, told: Story) -> None:
    told.do(RecordTalk(party="party/1", said=Text("只要八千")), at="2025-11-03")
    told.do(RecordTalk(party="party/1", said=Text("只要九千")), at="2025-11-28")
    told.do(RecordTalk(party="party/1", said=Text("只要一万")), at="2026-11-20")
    page = web_client(Office.LEAD).get(f"/figures?period={MONTH}").text
    assert "上年同期是2025年11月1日至2025年11月23日" in page
    assert re.search(r'出动人次</span></a><span class="by">2026年10月 0人次，同比 \+\d+\.\d%</span>', page)
    assert re.search(r'data-of="上年同期" class="count">2 人次 <span class="by">\+', page)


def test_the_period_before_is_one_press_away(web_client: Client, told: Story) -> None:
    page = web_client(Office.LEAD).get(f"/figures?period={MONTH}").text
    assert '<a href="/figures?period=2026-10">看2026年10月</a>' in page


def test_growth_is_told_in_hundredths_and_not_where_there_was_nothing() -> None:
    assert [growth_words(*both) for both in ((177, 200), (3, 2), (2, 2), (2, 0))] == ["−11.5%", "+50.0%", "+0.0%", ""]


def test_outside_there_is_no_form_that_tells_cell_by_cell(web_client: Client, told: Story) -> None:
    lead = web_client(Office.LEAD)
    assert "对外不列" in lead.get(f"/figures/form?period={MONTH}&to=outside").text
    sheet = load_workbook(BytesIO(lead.get(f"/figures/file?period={MONTH}&to=outside").data)).worksheets[0]
    assert [row for row in sheet.iter_rows(min_row=5, min_col=2, values_only=True) if any(row)] == []


def test_the_file_has_no_formula_whatever_an_organisation_is_called(web_client: Client, told: Story) -> None:
    with told.store.write() as unit:
        unit.register.put_organisation(replace(ROOM, name='=HYPERLINK("http://example.org","看")'))
    book = load_workbook(BytesIO(web_client(Office.LEAD).get(f"/figures/file?period={MONTH}").data))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert "=HYPERLINK" in " ".join(str(cell.value) for cell in cells)
    assert "f" not in {cell.data_type for cell in cells}


def test_what_was_recorded_and_is_not_yet_counted_is_not_left_out_of_a_report(told: Story) -> None:
    with told.store.read() as unit:
        lead, period = unit.register.actor("wang"), read_period(MONTH)
    assert lead is not None
    assert period is not None

    def asked(unit: Unit) -> Asked:
        return Asked(organisations=[ROOM.id], period=period, known=unit.now)

    count(told.store, told.door.catalogue)
    told.do(RecordTalk(party="party/1", said=Text("只要八千")))
    with pytest.raises(Refused, match="再按一次"):
        freeze(told.store, lead, asked, lambda unit, it: [])


def test_a_district_is_red_or_yellow_by_a_rule_that_is_shown(web_client: Client, told: Story) -> None:
    assert [colour(n, USUAL).label for n in (0, 2, 3, 5, 6)] == ["绿", "绿", "黄", "黄", "红"]
    page = web_client(Office.LEAD).get("/figures").text
    assert "东片区" in page
    assert "6 件以上是红，3 件以上是黄，其余是绿（本室规定）" in page


def test_with_the_clock_set_back_an_hour_what_is_on_record_counts_still(web_client: Client, told: Story) -> None:
    lead = web_client(Office.LEAD)
    told.do(RecordTalk(party="party/1", said=Text("只要八千")))
    before = tile(lead.get(f"/figures?period={MONTH}").text, "出动人次")
    assert lead.send("/figures/reports", period=MONTH).status_code == 303
    told.clock.now -= timedelta(hours=1)  # type: ignore[attr-defined]
    lead = web_client(Office.LEAD)
    assert tile(lead.get(f"/figures?period={MONTH}").text, "出动人次") == before
    assert "已经上报过，数字没有变" in lead.send("/figures/reports", period=MONTH).text


def test_the_month_to_report_is_the_last_that_is_over_and_of_another_the_page_says_so(
    web_client: Client, told: Story
) -> None:
    lead = web_client(Office.LEAD)
    page = lead.get("/figures/reports").text
    assert 'value="2026年10月"' in page
    assert "还没有过完" not in page
    assert "2026年11月还没有过完" in lead.get(f"/figures/reports?period={MONTH}").text


def test_a_period_is_asked_for_as_people_say_it_and_the_one_before_stands_beside_it(
    web_client: Client, told: Story
) -> None:
    lead = web_client(Office.LEAD)
    page = lead.get("/figures?period=本月").text
    assert 'aria-current="page">本月</a>' in page
    assert tile(page, "受理调处") == "1件"
    assert "2026年10月 0件" in page
    page = lead.get("/figures?period=2026年12月").text
    assert "2026年11月 1件" in page
    assert "看2026年11月" in page


def test_behind_a_number_stands_who_it_is_about(web_client: Client, told: Story) -> None:
    page = web_client(Office.LEAD).get(f"/figures/behind/accepted?period={MONTH}").text
    row = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "、" in row.partition("</a>")[0]
    assert told.case.facts.number in row


def test_a_body_that_only_owes_monthly_returns_is_no_column_of_the_form(web_client: Client, told: Story) -> None:
    with_committees(told)
    lead = web_client(Office.LEAD)
    lead.get("/returns")
    page = lead.get(f"/returns/{CUPS.id}/2026-10?nothing=1").text
    typed = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    filed = lead.send(f"/returns/{CUPS.id}/2026-10", **typed | {"f.signer": "王人事", "f.manner": "paper", "when": ""})
    assert filed.status_code == 303, filed.text
    assert CUPS.name not in lead.get("/figures/form?period=2026-10").text


def test_while_nothing_moved_a_report_says_so_and_has_no_empty_column(web_client: Client, told: Story) -> None:
    lead = web_client(Office.LEAD)
    lead.get("/figures/reports")
    page = lead.get(lead.send("/figures/reports", period="11月").location).text
    assert "现在的数和报的一样" in page
    assert '<th scope="col">现在</th>' not in page
