"""代行职务 on its page: the lead names who stands in; he does what he may, and nothing beside it."""

from __future__ import annotations

from collections.abc import Callable

from mediation_engine.domain.roles import Office

from ...support.story import Story
from ..conftest import Browser

Client = Callable[[Office | str], Browser]
WEEK = {"who": "li", "first": "2026-11-23", "last": "2026-11-29", "acts": "accept"}


def named(lead: Browser, **given: str) -> str:
    lead.get("/substitutes")
    return lead.send("/substitutes", **WEEK | given).text


def as_lead(client: Client) -> Browser:
    """李调解, who has come under the office of the lead."""
    li = client(Office.MEDIATOR)
    li.get("/", follow_redirects=True)
    assert li.send("/me/office", office="lead").status_code == 302
    return li


def test_whoever_is_named_goes_on_as_lead_and_the_record_says_that_he_stood_in(web_client: Client, told: Story) -> None:
    named(web_client(Office.LEAD))
    li = as_lead(web_client)
    assert "代室主任" in li.whole()
    for path in ("/substitutes", "/handover", "/people/worker/erase"):
        assert li.get(path).status_code == 403, path


def test_leave_to_accept_small_disputes_is_no_seat_at_the_desk(web_client: Client) -> None:
    lead = web_client(Office.LEAD)
    lead.get("/substitutes")
    given = lead.post(
        "/substitutes", data=WEEK | {"acts": "accept_small", "csrf_token": lead.token}, follow_redirects=True
    )
    assert "不用换职务" in given.text
    assert "受理简易纠纷" in given.text
    assert "代室主任" not in web_client(Office.MEDIATOR).get("/work").text


def test_what_is_missing_or_wrong_is_told_and_what_was_typed_stays(web_client: Client) -> None:
    lead = web_client(Office.LEAD)
    assert "请选择由谁代行" in named(lead, who="nobody")
    assert "请写明到哪天为止" in named(lead, last="某天")
    page = named(lead, last="2026-11-22")
    assert "截止日不能早于开始日" in page
    assert 'value="2026-11-23"' in page
    assert "请选择由谁代行" in named(lead, who="wang")
    named(lead)
    assert "日期重叠；要改职务或日期，请先收回那一项" in named(lead, acts="seal")


def test_once_taken_back_it_ends_at_once(web_client: Client, told: Story) -> None:
    lead = web_client(Office.LEAD)
    named(lead)
    li = as_lead(web_client)
    with told.store.read() as unit:
        [held] = unit.substitutions.substitutions()
    lead.get("/substitutes")
    assert lead.send("/substitutes/end", id=held.id).status_code == 303
    assert "代室主任" not in li.whole()
    assert lead.send("/substitutes/end", id=held.id).status_code == 404
