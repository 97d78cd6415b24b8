"""A first visit to any page is light: its words, styles, scripts and pictures, packed."""

from __future__ import annotations

import gzip
import re

import pytest

from mediation_engine.domain.roles import Office
from web.security import passwords
from workflows.parts.agreement import AffixSeal, SignAsMediator

from ...support.two_cases import in_effect, two_cases
from ..conftest import PASSWORD, Browser, app_over

MOST = 60 * 1024
HEAVIEST = (
    *("/cases/A1", "/cases/A1?tab=agreement", "/cases/A1?tab=papers", "/cases/A1?tab=record", "/cases/A1/steps"),
    *("/cases/B1", "/cases/B1?tab=talks", "/work", "/cases", "/cases/new", "/settle"),
    "/cases/B1/steps/RecordSession?on=session/1",
    "/cases/B1/steps/ReachAgreement",
    "/cases/A1/steps/RecordPayment?on=obligation/1",
)


def files_of(browser: Browser, path: str) -> set[str]:
    """The files that a page names."""
    return set(re.findall(r'(?:src|href)="(/static/[^"]+)"', browser.get(path).text))


def weight(browser: Browser, path: str) -> int:
    """Bytes of a page and of every file it names, each packed by itself."""
    page = browser.get(path)
    assert page.status_code == 200, path
    return sum(len(gzip.compress(browser.get(it).data)) for it in files_of(browser, path)) + len(
        gzip.compress(page.data)
    )


@pytest.fixture
def li() -> Browser:
    """A mediator before two cases of a usual size."""
    story = in_effect(two_cases())
    story.do(SignAsMediator(), "agreement/1")
    story.do(AffixSeal(), "agreement/1", by=Office.LEAD)
    with story.store.write() as unit:
        passwords.give_password(unit, "li", PASSWORD, once=False)
    browser = app_over(story).test_client()
    assert isinstance(browser, Browser)
    browser.sign_in("li")
    return browser


def test_a_first_visit_is_light(li: Browser) -> None:
    weights = {path: weight(li, path) for path in HEAVIEST}
    assert {path: it for path, it in weights.items() if it > MOST} == {}


def test_a_form_that_opens_over_a_page_asks_for_nothing_but_itself(li: Browser) -> None:
    there, form = (files_of(li, path) for path in ("/cases/A1", "/cases/A1/visits/1"))
    assert form <= there
    assert all("immutable" in li.get(it).headers["Cache-Control"] for it in there)
