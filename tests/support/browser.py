"""A real server in a thread and a real browser that talks to it, for what only a browser can show."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import product
from pathlib import Path
from threading import Thread
from typing import Any
from unittest.mock import patch

from flask import Flask
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

from ..web.conftest import NOWHERE, PASSWORD, app_over
from .story import Story
from .watching import TO_THE_END

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
AXE = Path(__file__).parents[1] / "browser" / "axe.min.js"
Around = Callable[[Any], Any]
"""Something about the whole of an application."""
FRONT = "dialog[open]"
"""A form that is open over a page."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser itself; whoever presses sees the whole of the page that he is led to."""
    with ExitStack() as presses, sync_playwright() as driver:
        for kind, name in product((Page, Locator), ("click", "dblclick", "press")):
            presses.enter_context(patch.object(kind, name, _patient(getattr(kind, name))))
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def _patient(press: Callable[..., None]) -> Callable[..., None]:
    """A press that comes back when the page is there: by itself it does at the first byte, and a part would be read."""

    def pressed(on: Page | Locator, *args: Any, **more: Any) -> None:
        press(on, *args, **more)
        page = on.page if isinstance(on, Locator) else on
        if not page.is_closed():
            page.wait_for_load_state()

    return pressed


@contextmanager
def served(story: Story, folder: Path = NOWHERE, around: Around = lambda app: app) -> Iterator[str]:
    """The address of the pages over a story, with a folder for its exhibits where one is given."""
    server = make_server("127.0.0.1", 0, Flask("nothing"), threaded=True)
    address = f"http://127.0.0.1:{server.port}"
    server.app = _whole(around(app_over(story, public_url=address, folder=folder)))
    running = Thread(target=server.serve_forever)
    running.start()
    try:
        yield address
    finally:
        server.shutdown()
        running.join()
        server.server_close()


def _whole(app: Any) -> Any:
    """Answers at once: a file that is sent piece by piece stays open where a browser goes away in the middle."""

    def answer(environ: dict[str, Any], start: Any) -> list[bytes]:
        with closing(ClosingIterator(app(environ, start))) as pieces:
            return [b"".join(pieces)]

    return answer


def until_lost(page: Page) -> None:
    """Until the browser says that no answer has come: before that it cannot be asked to send anything again."""
    page.get_by_text("ERR_EMPTY_RESPONSE").wait_for()


def sign_in(page: Page, address: str, name: str) -> None:
    """As people do it: by the form; whoever comes back is in. A page that is closed before would never be closed."""
    page.goto(f"{address}/sign-in")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda url: not url.startswith(f"{address}/sign-in"))


@contextmanager
def pages_of(page: Page) -> Iterator[list[str]]:
    """The addresses of the documents that are loaded meanwhile."""
    loaded: list[str] = []

    def note(of: Page) -> None:
        loaded.append(of.url)

    page.on("domcontentloaded", note)
    yield loaded
    page.remove_listener("domcontentloaded", note)


def objections(page: Page) -> list[str]:
    """What axe finds wrong; through the browser's own door, which the policy of the page does not bind."""
    page.evaluate(TO_THE_END)
    door = page.context.new_cdp_session(page)
    door.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    run = f"axe.run({{runOnly: {RULES}}}).then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ' ' + n.html)))"
    answer = door.send("Runtime.evaluate", {"expression": run, "awaitPromise": True, "returnByValue": True})
    door.detach()
    found: list[str] = answer["result"]["value"]
    return found
