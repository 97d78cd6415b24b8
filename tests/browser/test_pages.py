"""The pages in a real browser: nothing breaks the policy, nothing goes elsewhere, axe finds nothing wrong.

Every page under every office that may open it, at three widths, in light and in dark.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from mediation_engine.domain.roles import OWN_ONLY, Office
from web.security import permissions
from web.security.permissions import ByToken
from web.security.sessions import Reader
from workflows.zone.matter.kinds import shipped

from ..support.browser import served, sign_in
from ..support.looks import TABS
from ..support.story import STAFF, Story
from ..support.thorough import AT_LENGTH
from ..support.watching import Watched
from ..web.conftest import PASSWORD, app_over

PAGES: dict[str, tuple[str, ...]] = {
    # the address that all who may open the page are shown; more of it, looked at once
    "sign_in.sign_in": ("/sign-in",),
    "dashboard.index": ("/work",),
    "cases.index": ("/cases", "/cases?state=open", "/cases?search=9", "/cases?phase=none"),
    "cases.show": (
        *("/cases/A1", "/cases/A1?show=joint", "/cases/B1", "/cases/B1?show=joint"),
        *(f"/cases/A1?tab={tab}" for tab in TABS),
        *("/cases/A1?tab=record&kind=talks", "/cases/B1?tab=talks", "/cases/B1?tab=record&marked=1"),
    ),
    "new_case.new": ("/cases/new",),
    "settle.new": ("/settle",),
    "alerts.index": ("/alerts", "/alerts?group=closed"),
    "alerts.new": ("/alerts/new",),
    "ledger.index": ("/ledger",),
    "matters.index": ("/matters", "/matters?group=closed", "/matters?kind=errand&late=1"),
    "matters.new": ("/matters/new", *(f"/matters/new?kind={it.code}" for it in shipped())),
    "meetings.index": ("/meetings", "/meetings?group=held&kind=fire"),
    "meetings.new": ("/meetings/new",),
    "organisations.index": ("/organisations", "/organisations?level=village"),
    "organisations.new": ("/organisations/new",),
    "organisations.take_in": ("/organisations/import",),
    "organisations.edit": ("/organisations/room",),
    "returns.index": ("/returns", "/returns?group=expected"),
    "returns.file": ("/returns/room/2026-10", "/returns/room/2026-10?nothing=1"),
    "notes.index": ("/notes",),
    "notes.new": ("/notes/new", "/notes/new?case=A1"),
    "applications.index": ("/applications",),
    "applications.new": ("/applications/new",),
    "applications.poster": ("/applications/poster",),
    "apply.form": ("/apply",),
    "apply.status": ("/apply/status",),
    "steps.step": (
        "/cases/B1/steps/RecordSession",
        "/cases/A1/steps/RecordVisit?on=visit",
        "/cases/A1/steps/AcceptCase",
        "/cases/A1/steps/FileExhibit",
        "/cases/A1/steps/RecordBatch",
    ),
    "visits.sheet": ("/cases/A1/visits/1",),
    "visits.link": ("/cases/A1/visits/1/link",),
    "links.enter": ("/links/x",),
    "links.closed": ("/links",),
    "links.done": ("/links/done/visit", "/links/done/call", "/links/done/left"),
    "links.enter_by_code": ("/c",),
    "party_links.index": ("/cases/A1/access",),
    "roster.roster": ("/cases/A1/roster",),
    "steps.index": ("/cases/B1/steps", "/cases/A1/steps?q=fk", "/cases/A1/steps?q=没有这一步"),
    "steps.missing": ("/cases/B1/missing", "/cases/A1/missing"),
    "corrections.correct": ("/cases/A1/lines/1/correct",),
    "papers.dossier": ("/cases/A1/dossier",),
    "particulars.edit": ("/cases/A1/people",),
    "self_check.show": ("/cases/A1/self-check", "/cases/B1/self-check"),
    "self_check.index": ("/self-check", "/self-check?rule=place_missing"),
    "papers.show": ("/cases/A1/papers/agreement?about=agreement/1",),
    "papers.check": ("/texts/A1/agreement/1/0",),
    "replay.show": (
        "/cases/A1/replay?at=7",
        "/cases/A1/replay?at=1",
        "/cases/B1/replay?at=999",
        "/cases/A1/replay?day=2026-11-23&by=happened",
    ),
    "audit.show": ("/cases/B1/audit", "/cases/A1/audit"),
    "access_log.reads": ("/cases/A1/reads",),
    "access_log.lists": ("/reads",),
    "audit.index": ("/audit",),
    "audit.corrections": ("/audit/corrections",),
    "marks.index": ("/marks", "/marks?kind=waived&from=2026-01-01", "/marks?kind=none"),
    "figures.index": (
        "/figures",
        "/figures?by=dispute&period=2026",
        "/figures?by=body&period=2026",
        "/figures?period=x",
    ),
    "figures.screen": ("/figures/screen?period=2026",),
    "figures.behind": ("/figures/behind/accepted?period=2026", "/figures/behind/attendance?period=2026"),
    "figures.form": ("/figures/form?period=2026",),
    "figures.reports": ("/figures/reports",),
    "campaigns.show": ("/campaigns/wages",),
    "file_check.check": ("/audit/file",),
    "handover.index": ("/handover",),
    "room.index": ("/room",),
    "substitutes.index": ("/substitutes",),
    "calendar.year": ("/calendar/2026", "/calendar/2027"),
    "calendar.count": (
        "/calendar/count",
        "/calendar/count?from=2026-09-01&number=30&unit=days",
        "/calendar/count?from=2027-01-22&number=15&unit=days",
    ),
    "calendar.take": ("/calendar/import",),
    "calls.index": ("/calls",),
    "drafts.index": ("/drafts",),
    "handbook.index": ("/help", "/help?q=付款", "/help?q=没有这个词"),
    "handbook.chapter": ("/help/first-day", "/help/visit", "/help/glossary"),
    "handbook.party": ("/help/party",),
    "messages.index": ("/messages",),
    "messages.unsent": ("/messages/unsent",),
    "people.index": ("/people",),
    "people.show": ("/people/worker", "/people/firm"),
    "people.edit": ("/people/worker/edit", "/people/firm/edit"),
    "people.erase": ("/people/worker/erase",),
    "workflows.index": ("/workflows",),
    "workflows.show": ("/workflows/consultation_2026/agreement", "/workflows/fast_track_2026/mediation?case=A1"),
    "account.password": ("/me/password",),
    "account.codes": ("/me/codes",),
    "account.sign_ins": ("/me/sign-ins",),
}
NO_PAGES = {
    # files, lines for programs, and what leads on to a page
    *("apply.receipt", "apply.leave", "applications.receipt"),  # tests/browser/test_applications.py
    *("links.visit", "links.call", "confirm.summary", "confirm.whole", "confirm.answer", "confirm.receipt"),
    *("monthly.home", "monthly.month", "monthly.report", "monthly.send_up", "monthly.leave"),  # test_returns
    *("returns.links", "organisations.export"),
    *("portal.home", "portal.leave", "own.record", "own.money", "own.reads", "own.me"),
    *("own_papers.papers", "own_papers.paper", "own_papers.receipt", "acts.index", "acts.act", "acts.receipt"),
    *(
        "party_links.hand_over",
        "static",
        "health.healthz",
        "home.home",
        "workflows.text",
        "calendar.index",
    ),
    *(
        "exhibits.download",
        "exhibits.picture",
        "papers.download",
        "dossiers.whole",
        "dossiers.folder",
        "exports.export",
        "exports.with_exhibits",
        "exports.checkpoint",
        "exports.verifier",
        "roster.template",
        "ledger.template",
        "figures.file",
        "campaigns.file",
        "figures.report",  # tests/web/pages/test_figures.py
        "figures.freeze",
    ),
    *("sign_in.sign_out", "account.office", "account.end", "cases.search", "alerts.search", "matters.search"),
    *("audit.check", "audit.compare"),
    *("self_check.exempt", "self_check.exempt_many"),
    *(
        "dossiers.file",  # see test_registering
        "drafts.drop",
        "people.find",
        "people.look",
        "calls.look",
        "people.same",
        "cases.private",
        "substitutes.end",
        "messages.follow",
        "messages.read",
        "messages.contacts",
    ),
    *("notes.show", "notes.file", "notes.picture", "notes.drop"),  # tests/browser/test_notes.py
}


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh profile."""
    context = chromium.new_context(locale="zh-CN", reduced_motion="reduce")
    yield context
    context.close()


@pytest.mark.parametrize("office", STAFF, ids=lambda office: office.value)
def test_nothing_is_wrong_with_any_page(context: BrowserContext, much: Story, office: Office) -> None:
    with served(much) as site:
        window = Watched(context, site)
        window.sign_in(STAFF[office].id)
        reader, wrong = Reader(STAFF[office], office), []
        for endpoint, (usual, *more) in PAGES.items():
            may = permissions.may(reader, endpoint)
            if endpoint == "sign_in.sign_in":
                continue
            for path in (usual, *(more if may and office is first_to(endpoint) else ())):
                status = window.open(path)
                is_none_of_his = may and office in OWN_ONLY and path.startswith(("/cases/A1", "/cases/B1"))
                assert (path, status) == (path, 404 if is_none_of_his else 200 if may else 403)
                looks = None if AT_LENGTH or office is first_to(endpoint) else 1
                wrong += window.wrong_anywhere(looks) if may or endpoint == refused_first(reader) else ()
        assert wrong == []


def first_to(endpoint: str) -> Office:
    """Under whom the rest of a page is looked at."""
    return next(office for office in STAFF if permissions.may(Reader(STAFF[office], office), endpoint))


def refused_first(reader: Reader) -> str:
    """That a page is not for somebody is told the same of all."""
    return next(endpoint for endpoint in PAGES if not permissions.may(reader, endpoint))


def test_no_page_is_left_out(much: Story) -> None:
    app = app_over(much)
    of_people = {e for e, policy in permissions.POLICIES.items() if not isinstance(policy, ByToken)}
    assert PAGES.keys() | NO_PAGES == of_people
    adapter = app.url_map.bind("127.0.0.1")
    assert {e: adapter.match(path.partition("?")[0])[0] for e, (path, *_) in PAGES.items()} == {e: e for e in PAGES}


def test_what_is_no_page_answers_with_none(much: Story) -> None:
    app = app_over(much)
    browser, adapter = app.test_client(), app.url_map.bind("127.0.0.1")
    browser.sign_in("wang")  # type: ignore[attr-defined]
    known = {"filename": "site.css", "case_id": "A1", "name": "fast_track_2026", "machine": "mediation"}
    known |= {"code": "agreement"}
    elsewhere = {"exhibits.download", "exhibits.picture", "papers.download"}  # see test_exhibits, test_papers
    elsewhere |= {"dossiers.whole", "dossiers.folder"}  # see test_dossiers
    elsewhere |= {"messages.follow"}  # see test_messages
    elsewhere |= {"notes.show", "notes.file", "notes.picture"}  # see test_notes
    elsewhere |= {"applications.receipt", "figures.report"}  # see test_applications, test_figures
    elsewhere |= {"campaigns.file"}  # see test_campaigns
    elsewhere |= {name for name in NO_PAGES if name.startswith("monthly.")}  # by a link: see test_returns
    for rule in app.url_map.iter_rules():
        if rule.endpoint in NO_PAGES - elsewhere and "GET" in (rule.methods or ()):
            answer = browser.get(adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments}))
            assert answer.status_code == 302 or answer.mimetype != "text/html", rule.endpoint


def test_from_the_door_to_a_case_and_out(context: BrowserContext, site: str) -> None:
    window = Watched(context, site)
    window.open("/cases/A1")
    assert "/sign-in" in window.page.url
    window.hold_everywhere()
    window.page.fill("#name", "li")
    window.page.fill("#password", PASSWORD)
    window.page.click("main button")
    window.page.wait_for_url(f"{site}/cases/A1")
    assert window.page.inner_text("h1") == "王某 与 某五金厂"
    window.page.click("details.who summary")
    window.hold_everywhere()
    window.page.click("text=退出")
    window.page.wait_for_url(f"{site}/sign-in?out=1")
    window.hold()


SPOILT = {
    "a style the policy refuses": "document.body.setAttribute('style', 'color: red')",
    "a picture without words": "document.querySelector('main').append(document.createElement('img'))",
    "a picture from elsewhere": "document.querySelector('main').append("
    "Object.assign(document.createElement('img'), {src: 'https://a.example/', alt: ''}))",
    "too wide for a telephone": "sheet().insertRule('main h1 { width: 500px; }')",
    "pale in the dark": "sheet().insertRule('@media (prefers-color-scheme: dark) { main h1 { color: #222; } }')",
    "a complaint": "console.error('x')",
}


@pytest.mark.parametrize("spoil", SPOILT)
def test_the_watch_sees_what_is_wrong(context: BrowserContext, site: str, spoil: str) -> None:
    """A watch that never complains is none."""
    window = Watched(context, site)
    window.open("/sign-in")
    window.page.evaluate("window.sheet = () => document.styleSheets[1]")
    window.page.evaluate(SPOILT[spoil])
    with pytest.raises(AssertionError):
        window.hold_everywhere()


def test_it_all_works_without_scripts(chromium: Browser, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site}/cases/A1")
    page.fill("#name", "li")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{site}/cases/A1")
    page.click("details.who summary")
    page.click("text=退出")
    page.wait_for_url(f"{site}/sign-in?out=1")
    context.close()


@pytest.mark.parametrize("office", STAFF, ids=lambda office: office.value)
def test_the_head_of_a_page_is_one_line(chromium: Browser, much: Story, office: Office) -> None:
    """The places to go are opened by 菜单 on a telephone, without a script; looking for a case is there, too."""
    with served(much) as site:
        for width in (360, 1280):
            context = chromium.new_context(
                viewport={"width": width, "height": 740}, locale="zh-CN", java_script_enabled=False
            )
            page = context.new_page()
            sign_in(page, site, STAFF[office].id)
            box = page.locator("header.top").bounding_box()
            assert box is not None and box["height"] <= 64, (width, box)
            places = page.get_by_role("navigation", name="主要页面")
            assert places.is_visible() is (width == 1280)
            if width == 360:
                page.click("header >> text=菜单")
                assert places.is_visible()
            may_look = permissions.may(Reader(STAFF[office], office), "cases.search")
            assert page.locator("#anywhere").count() == may_look
            assert not may_look or page.locator("#anywhere").is_visible()
            context.close()


TALLEST = {"/cases/A1/visits/1": (4.05, 2.0), "/cases/A1/reads": (6.0, 3.5), "/cases/A1/replay?at=7": (4.5, 2.2)}
"""How many screens of a telephone and of a desk a page may be high."""
BESIDE = """[...document.querySelectorAll('main label')].filter(it => it.checkVisibility()
  && it.querySelector(':scope > :is([type=checkbox], [type=radio])') && getComputedStyle(it).display !== 'flex')
  .map(it => it.outerHTML)"""
BROKEN = """[...document.querySelectorAll('main :is(td, .what, .between)')].filter(it => it.checkVisibility()
  && it.textContent.trim().length > 3 && it.getBoundingClientRect().width < 40).map(it => it.outerHTML)"""
"""Words of which every line is a character or two."""


def test_pages_are_no_higher_than_they_need_be(chromium: Browser, site: str) -> None:
    for number, (width, height) in enumerate(((360, 640), (1280, 800))):
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        page = context.new_page()
        sign_in(page, site, "li")
        for path, most in TALLEST.items():
            page.goto(site + path)
            screens = page.evaluate("document.documentElement.scrollHeight") / height
            assert screens <= most[number], (path, width)
        context.close()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_words_are_not_squeezed_and_begin_where_the_line_above_does(chromium: Browser, much: Story, width: int) -> None:
    with served(much) as site:
        context = chromium.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
        page = context.new_page()
        sign_in(page, site, "wang")
        paths = ("/work", "/room", "/substitutes", "/self-check?rule=place_missing", "/cases/A1/self-check", "/marks")
        for path in (*paths, "/cases/new", "/cases/A1/reads", "/cases/A1?tab=agreement", "/reads", "/cases/A1/missing"):
            page.goto(site + path)
            assert (path, page.evaluate(BESIDE), page.evaluate(BROKEN)) == (path, [], [])
        context.close()


def test_every_target_is_large_enough_for_a_thumb(chromium: Browser, site: str) -> None:
    """44 px for what one presses; links within a sentence are as large as the sentence."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    window = Watched(context, site)
    window.sign_in("li")
    for path in ("/work", "/cases", "/cases/A1", "/me/sign-ins", "/me/password"):
        window.page.goto(site + path)
        small = window.page.evaluate(
            "[...document.querySelectorAll('button, input:not([type=hidden]):not([hidden]), summary, nav a')]"
            ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
        )
        assert (path, small) == (path, [])
    context.close()
