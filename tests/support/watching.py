"""A window that is watched: whatever the policy refuses, whatever comes from elsewhere, whatever axe objects to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, CDPSession, Page

from ..web.conftest import PASSWORD
from .thorough import much

AXE = (Path(__file__).parents[1] / "browser" / "axe.min.js").read_text(encoding="utf-8")
EVERYTHING = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']"
CONTRAST = "{type: 'rule', values: ['color-contrast']}"
"""All that can be otherwise in the dark."""
TO_THE_END = (
    "for (const it of [document.documentElement, ...document.querySelectorAll('dialog[open] > .sheet')])"
    " it.scrollTo({top: it.scrollHeight, behavior: 'instant'})"
)
"""A bar that stays in sight at the bottom is looked at where it rests."""
QUICKLY = "resultTypes: ['violations'], preload: false, selectors: false"
WIDTHS = (360, 768, 1280)
LOOKS = much(
    ((360, "light", EVERYTHING), (1280, "dark", CONTRAST)),
    (*((width, "light", EVERYTHING) for width in WIDTHS), (360, "dark", CONTRAST), (1280, "dark", CONTRAST)),
)
FAULT = re.compile(r"the server responded with a status of 4\d\d")
"""What a browser says of a page that tells of a fault, or of a form given back."""


class Watched:
    """A window of which every complaint, and every request to another host, is noted."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.site, self.elsewhere = site, list[str]()
        self.complaints: list[str] = []
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

    def open(self, path: str) -> int:
        """Open a page; its status."""
        answer = self.page.goto(self.site + path)
        return answer.status if answer else 0

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        """As people do it: by the form."""
        self.open("/sign-in")
        self.page.fill("#name", name)
        self.page.fill("#password", password)
        self.page.click("main button")

    # -- holding a page to what is promised

    def look(self, path: str) -> None:
        """Open a page and hold it to everything, as wide as the window is."""
        self.open(path)
        self.hold()

    def hold(self) -> None:
        """Nothing refused, nothing from elsewhere, nothing wider than the window, nothing axe objects to."""
        door = self._door()
        found = [*self._wrong(door, EVERYTHING)]
        door.detach()
        assert not found, "\n".join(found)

    def hold_everywhere(self) -> None:
        """The same at every width, and in the dark at the narrowest and the widest."""
        found = [*self.wrong_anywhere()]
        assert not found, "\n".join(found)

    def wrong_anywhere(self, looks: int | None = None) -> Iterator[str]:
        """What is wrong at any width, in light or in dark; or at the first of these only."""
        door = self._door()
        for width, scheme, rules in LOOKS[:looks]:
            self.page.set_viewport_size({"width": width, "height": 800})
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            yield from (f"{width} {scheme} {found}" for found in self._wrong(door, rules))
        self.page.emulate_media(color_scheme="light")
        door.detach()

    def _door(self) -> CDPSession:
        """The browser's own door, which the policy does not bind: the page stays as it is served."""
        door = self.page.context.new_cdp_session(self.page)
        door.send("Runtime.evaluate", {"expression": AXE})
        return door

    def _wrong(self, door: CDPSession, rules: str) -> Iterator[str]:
        self.page.evaluate(TO_THE_END)
        run = f"axe.run({{{QUICKLY}, runOnly: {rules}}}).then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html))"
        answer = door.send("Runtime.evaluate", {"expression": run, "awaitPromise": True, "returnByValue": True})
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found = [
            *answer["result"]["value"],
            *(f"refused: {what}" for what in self.page.evaluate("window.refused")),
            *(f"from elsewhere: {url}" for url in self.elsewhere),
            *([f"wider than the window by {wide}"] if wide > 0 else []),
            *(f"said: {words}" for words in self.complaints if not FAULT.search(words)),
        ]
        self.complaints.clear()
        yield from (f"{self.page.url.removeprefix(self.site)}: {what}" for what in found)
