"""这一页怎么用: every page says how it is used, in a few lines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mediation_engine.domain.roles import Office
from web.presenters.page_help import HELP
from web.security.permissions import POLICIES

from ...browser.test_pages import PAGES
from ..conftest import Browser

Client = Callable[[Office], Browser]
OF_PARTIES = ("links", "confirm", "portal", "own", "own_papers", "acts", "apply", "monthly")
"""The blueprints of the pages for people without an account."""
NO_PAGE = {"links.call", "portal.leave", "apply.leave", "monthly.send_up", "monthly.leave"}
"""What leads on to one."""
THE_HANDBOOK = "handbook."


def test_every_page_says_how_it_is_used() -> None:
    of_parties = {it for it in POLICIES if it.partition(".")[0] in OF_PARTIES} - NO_PAGE
    of_staff = {it for it in PAGES if not it.startswith(THE_HANDBOOK)}
    assert HELP.keys() >= of_staff | of_parties
    assert HELP.keys() <= POLICIES.keys()


def test_the_handbook_has_the_chapter_that_says_more(web_client: Client) -> None:
    chapters = {it.chapter for it in HELP.values()}
    found = {it: web_client(Office.MEDIATOR).get(f"/help/{it}").status_code for it in chapters}
    assert found == dict.fromkeys(chapters, 200)


@pytest.mark.parametrize("endpoint", HELP)
def test_it_is_a_few_short_lines(endpoint: str) -> None:
    lines = HELP[endpoint].lines
    assert 1 <= len(lines) <= 5
    assert all(len(line) <= 60 and line[-1] in "。！？" for line in lines)


def test_it_stands_closed_at_the_end_of_the_page(web_client: Client) -> None:
    page = web_client(Office.MEDIATOR).get("/work").text
    assert '<details class="usage"><summary>这一页怎么用</summary>' in page
    assert all(line in page for line in HELP["dashboard.index"].lines)


def test_a_screen_that_everybody_looks_at_has_none(web_client: Client, told: object) -> None:
    assert "这一页怎么用" not in web_client(Office.MEDIATOR).get("/cases/A1?show=joint").text
