"""The pages in a real browser: nothing breaks the policy, nothing goes elsewhere, axe finds nothing wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from ..web.conftest import PASSWORD

AXE = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    *("/work", "/cases", "/cases?q=王某&state=open", "/cases?phase=none", "/cases/A1", "/cases/A1?show=joint"),
    *("/me/sign-ins", "/me/codes", "/me/password", "/none"),
)
WIDTHS = (360, 768, 1280)


class Watched:
    """A window of which every complaint, and every request to another host, is noted."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.page: Page = context.new_page()
        self.site, self.complaints = site, []  # type: ignore[var-annotated]
        self.elsewhere: list[str] = []
        self.page.on("console", lambda said: said.type in ("error", "warning") and self.complaints.append(said.text))
        self.page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        self.page.on("request", lambda asked: self._note(asked.url))
        # What the policy refuses is told to the page itself, whatever the console says of it.
        self.page.add_init_script(
            "window.refused = []; document.addEventListener('securitypolicyviolation',"
            " e => window.refused.push(`${e.violatedDirective} ${e.blockedURI}`))"
        )

    def _note(self, url: str) -> None:
        if urlsplit(url)[:2] != urlsplit(self.site)[:2] and not url.startswith("data:"):
            self.elsewhere.append(url)

    def look(self, path: str) -> None:
        """Open a page and hold it to everything."""
        self.page.goto(self.site + path)
        self.hold()

    def hold(self) -> None:
        """Nothing refused, nothing from elsewhere, nothing wider than the window, nothing axe objects to."""
        refused = self.page.evaluate("window.refused")
        found = self._axe()
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        where = self.page.url
        assert (where, refused, found, self.elsewhere) == (where, [], [], [])
        assert (where, wide) == (where, 0)
        real = [c for c in self.complaints if "status of 404" not in c]
        assert (where, real) == (where, [])

    def _axe(self) -> list[str]:
        """By the browser's own door, which the policy does not bind: the page stays as it is served."""
        door = self.page.context.new_cdp_session(self.page)
        door.send("Runtime.evaluate", {"expression": AXE})
        run = f"axe.run({{runOnly: {RULES}}}).then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html))"
        answer = door.send("Runtime.evaluate", {"expression": run, "awaitPromise": True, "returnByValue": True})
        door.detach()
        found: list[str] = answer["result"]["value"]
        return found


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=WIDTHS)
def context(request: pytest.FixtureRequest, chromium: Browser, scheme: str) -> Iterator[BrowserContext]:
    """A fresh profile with a window of each width, in light and dark."""
    context = chromium.new_context(
        viewport={"width": request.param, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
        locale="zh-CN",
        reduced_motion="reduce",
    )
    yield context
    context.close()


def sign_in(window: Watched, name: str = "li") -> None:
    """As people do it: by the form."""
    window.page.fill("#name", name)
    window.page.fill("#password", PASSWORD)
    window.page.click("main button")


def test_from_the_door_to_a_case_and_out(context: BrowserContext, site: str) -> None:
    window = Watched(context, site)
    window.look("/cases/A1")
    assert "/sign-in" in window.page.url
    sign_in(window)
    window.page.wait_for_url(f"{site}/cases/A1")
    window.hold()
    assert window.page.inner_text("h1") == "王某 与 某五金厂"
    for path in PAGES:
        window.look(path)
    window.page.goto(f"{site}/cases")
    window.page.click("details.who summary")
    window.hold()
    window.page.click("text=退出")
    window.page.wait_for_url(f"{site}/sign-in?out=1")
    window.hold()


@pytest.mark.parametrize("name", ["chen", "zhao"])
def test_the_work_pages_of_those_who_do_not_mediate(context: BrowserContext, site: str, name: str) -> None:
    window = Watched(context, site)
    window.look("/sign-in")
    sign_in(window, name)
    window.page.wait_for_url(f"{site}/work")
    window.hold()


def test_the_watch_sees_what_is_wrong(chromium: Browser, site: str) -> None:
    """A watch that never complains is none."""
    context = chromium.new_context(locale="zh-CN")
    window = Watched(context, site)
    for spoil in (
        "document.body.setAttribute('style', 'color: red')",
        "document.querySelector('main').append(document.createElement('img'))",
        "document.querySelector('main').append(Object.assign(document.createElement('img'), {src: 'https://a.example/'}))",
    ):
        window.page.goto(f"{site}/sign-in")
        window.page.evaluate(spoil)
        with pytest.raises(AssertionError):
            window.hold()
    context.close()


def test_a_wrong_password_is_told(chromium: Browser, site: str) -> None:
    context = chromium.new_context(locale="zh-CN")
    window = Watched(context, site)
    window.look("/sign-in")
    window.page.fill("#name", "li")
    window.page.fill("#password", "wrong")
    window.page.click("main button")
    assert "不对" in window.page.inner_text("[role=alert]")
    context.close()


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


def test_every_target_is_large_enough_for_a_thumb(chromium: Browser, site: str) -> None:
    """44 px for what one presses; links within a sentence are as large as the sentence."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    window = Watched(context, site)
    window.look("/sign-in")
    sign_in(window)
    for path in ("/work", "/cases", "/cases/A1", "/me/sign-ins", "/me/password"):
        window.page.goto(site + path)
        small = window.page.evaluate(
            "[...document.querySelectorAll('button, input:not([type=hidden]):not([hidden]), summary, nav a')]"
            ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
        )
        assert (path, small) == (path, [])
    context.close()
