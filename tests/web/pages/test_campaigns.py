"""专项行动: every dispute of some kinds that came within some days, until none is open; its days add up to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from urllib.parse import quote

import pytest
from openpyxl import load_workbook

from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from web.presenters.campaigns import Followed, Progress, Standing, as_xlsx, find, progress
from workflows.parts.payment import RecordPayment
from workflows.phases.endings import CloseAsMistaken
from workflows.phases.intake import TransferCase
from workflows.vocabulary import Dispute

from ...support.story import FIRM, PAY, STAFF, WORKER, ZONE, Story, register
from ..conftest import Browser

Client = Callable[[Office], Browser]


def followed(story: Story) -> Progress:
    """The campaign for wages as the lead sees it."""
    campaign = find(story.door, "wages")
    assert campaign is not None
    return progress(story.door, Office.LEAD, STAFF[Office.LEAD], campaign)


def only(story: Story) -> Followed:
    [row] = followed(story).rows
    return row


def test_a_dispute_is_open_until_all_that_was_agreed_is_performed(story: Story) -> None:
    story.effective()
    row = only(story)
    assert (row.standing, row.paid, row.firms) == (Standing.OPEN, 0, ("某五金厂",))
    story.clock.now += timedelta(days=2)
    story.do(RecordPayment(obligation="obligation/1", amount=PAY.amount), at="2026-11-25")
    row = only(story)
    assert (row.standing, row.paid, row.since) == (Standing.CLEARED, PAY.amount, date(2026, 11, 25))


def test_what_was_cleared_on_a_day_nobody_says_is_said_to_be_in_no_day(story: Story) -> None:
    story.effective().do(RecordPayment(obligation="obligation/1", amount=PAY.amount), at="..")
    found = followed(story)
    assert (len(found.of(Standing.CLEARED)), sum(it.cleared for it in found.days), found.undated) == (1, 0, 1)


def test_what_was_passed_on_is_open_no_more(story: Story) -> None:
    story.registered().do(TransferCase(receiver=Text("市劳动监察大队")), by=Office.LEAD)
    row = only(story)
    assert (row.standing, row.since) == (Standing.SENT_ON, date(2026, 11, 23))


def test_another_kind_of_dispute_is_none_of_it(story: Story) -> None:
    story.registered(dispute=Dispute.NEIGHBOUR)
    assert followed(story).rows == ()


@pytest.mark.parametrize(("day", "many"), [("2026-10-31", 0), ("2026-11-01", 1), ("2026-11-23", 1)])
def test_the_day_it_came_says_whether_it_is_of_it(story: Story, day: str, many: int) -> None:
    story.do(register(), at=day, workflow="fast_track_2026")
    assert len(followed(story).rows) == many


def test_what_came_after_its_last_day_is_none_of_it(story: Story) -> None:
    campaign = replace(ZONE.campaigns[0], until=date(2026, 11, 22))
    story.registered()
    assert progress(story.door, Office.LEAD, STAFF[Office.LEAD], campaign).rows == ()


def test_what_was_registered_by_mistake_is_none_of_it(story: Story) -> None:
    story.registered().do(CloseAsMistaken(reason=Text("登重了")), by=Office.LEAD)
    assert followed(story).rows == ()


def test_its_days_add_up_to_its_disputes(story: Story) -> None:
    story.effective().do(RecordPayment(obligation="obligation/1", amount=PAY.amount), at="2026-11-23")
    for n in range(4):
        story.clock.now += timedelta(days=n)
        story.name = f"B{n}"
        story.registered(amount_claimed=100_00 * (n + 1))
    found = followed(story)
    assert len(found.rows) == 5
    assert sum(it.came for it in found.days) == len(found.rows)
    assert sum(it.amount for it in found.days) == found.amount == 1_000_00
    assert sum(it.people for it in found.days) == found.people == 5
    assert sum(it.cleared for it in found.days) == len(found.of(Standing.CLEARED)) == 1
    assert found.unsaid == 1


def test_the_page_leads_to_each_dispute_and_the_figures_lead_to_it(web_client: Client, told: Story) -> None:
    assert 'href="/campaigns/wages"' in web_client(Office.LEAD).get("/figures").text
    page = web_client(Office.AUDITOR).get("/campaigns/wages").text
    assert 'href="/cases/A1"' in page
    assert "某五金厂" in page


def test_it_is_kept_as_a_file_of_its_name_and_day(web_client: Client, told: Story) -> None:
    answer = web_client(Office.LEAD).get("/campaigns/wages/file")
    assert [sheet.title for sheet in load_workbook(BytesIO(answer.data))] == ["逐日", "逐件"]
    assert quote("无欠薪-2026-11-23.xlsx") in answer.headers["Content-Disposition"]


def test_a_name_that_looks_like_a_formula_stays_words_in_the_file(story: Story) -> None:
    firm = replace(FIRM, name="=HYPERLINK(1)")
    story.door.submit(story.order(register(), workflow="fast_track_2026"), (WORKER, firm))
    book = load_workbook(BytesIO(as_xlsx(followed(story))))
    cell = next(cell for row in book["逐件"] for cell in row if cell.value == firm.name)
    assert cell.data_type == "s"


def test_who_looks_at_it_is_on_record(web_client: Client, told: Story) -> None:
    web_client(Office.LEAD).get("/campaigns/wages")
    with told.store.read() as unit:
        assert "campaign 1" in {it.what for it in unit.views.list_reads(["wang"])}
