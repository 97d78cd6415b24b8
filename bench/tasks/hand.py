"""A hand on a page: it finds things by words and labels, as a person sees them, and all that it does is counted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, Response, TimeoutError

from tests.support.browser import FRONT
from web.http.in_place import ASKED

DESK, PHONE = (1280, 800), (360, 640)
FIELDS = "input:not([type=hidden], [type=radio]), select, textarea"
PRESSABLE = "a, button:not([aria-hidden=true]), summary"
READ = """all => all.map(it => [
        it.textContent, it.closest("li, tr")?.textContent ?? "", !it.closest("main"), it.checkVisibility()]
    .map(one => one.trim ? one.trim().replace(/\\s+/g, " ") : one))"""
BUSY = "[aria-busy=true]"
"""What a script is sending, or asking for."""
TALL = """front => front
    ? front.offsetHeight - front.firstElementChild.clientHeight + front.firstElementChild.scrollHeight
    : document.documentElement.scrollHeight"""
CASE = "案件页"
REACH = 3_000.0
"""Milliseconds within which a pointer reaches what can be seen."""
TAB = re.compile(r"\s+")


class NotSeen(Exception):
    """Nothing on the page reads like that."""


class Refused(Exception):
    """The page did not do it, and says why."""


@dataclass(slots=True)
class Count:
    """Presses and pages."""

    clicks: int = 0
    pages: int = 0


@dataclass(slots=True)
class Tally:
    """What everybody's hands did in a task, by what they were doing."""

    acts: dict[str, Count] = field(default_factory=dict)
    signing_in: Count = field(default_factory=Count)
    refusals: int = 0
    dead_ends: list[str] = field(default_factory=list)
    screens: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Height of each kind of page, at most: on a desk, on a phone."""

    @property
    def clicks(self) -> int:
        return sum(it.clicks for it in self.acts.values())

    @property
    def pages(self) -> int:
        return sum(it.pages for it in self.acts.values())

    def measure(self, name: str, desk: float, phone: float) -> None:
        """Keep the greatest height of a kind of page."""
        before = self.screens.get(name, (0.0, 0.0))
        self.screens[name] = max(before[0], desk), max(before[1], phone)


@dataclass(slots=True)
class _Now:
    """What one person is doing."""

    act: str = ""
    status: int = 200
    answers: int = 0
    """How often a page or a form in place has come."""
    signing_in: bool = False
    refused: str = ""
    """What has just been refused."""
    left: datetime | None = None
    """When they last did something."""


@dataclass(frozen=True, slots=True)
class Hand:
    """One person at one browser; `scope` is the part of the page that is looked at.

    A form that is open over the page is all that is seen and can be pressed until it is gone.
    """

    page: Page
    tally: Tally
    now: _Now = field(default_factory=_Now)
    scope: Locator | None = None

    @classmethod
    def at(cls, page: Page, tally: Tally) -> Hand:
        """A hand whose pages are counted from now on."""
        hand = cls(page, tally)
        page.on("domcontentloaded", lambda _: hand._landed())
        page.on("response", lambda it: hand._answered(it))
        return hand

    # -- doing

    @contextmanager
    def doing(self, act: str) -> Iterator[None]:
        """Count what follows under a name."""
        before, self.now.act = self.now.act, act
        yield
        self.now.act = before

    def press(self, words: str, about: str = "", *, follow: bool = True) -> None:
        """Press what reads so; folds that hide it are opened first, a press each; then look at what follows."""
        self._press(self._find_pressable(words, about), follow)

    def send(self, words: str) -> None:
        """Press what a script sends, and wait for the page that follows."""
        self._press(self._find_pressable(words), sent_by_script=True)

    def sees(self, words: str, about: str = "") -> bool:
        """Whether something that can be pressed reads so, folded or not."""
        return self._pressable(words, about) is not None

    def heading(self) -> str:
        """What the page calls itself, or the form in front of it."""
        return TAB.sub(" ", self._front.locator("h1").first.inner_text()).strip()

    def has_form(self) -> bool:
        """Whether a form is open over the page."""
        return self.page.locator(FRONT).count() > 0

    def has_group(self, label: str) -> bool:
        """Whether the page has a group of that heading."""
        return self._group(label) is not None

    def type(self, label: str, words: str) -> None:
        """Type into the field of that label."""
        found = self._field(label)
        self._reveal(found)
        found.fill(words)

    def choose(self, label: str, option: str) -> None:
        """Choose one: of a list, with two presses; of those shown, with one; what is chosen already, with none."""
        if (group := self._group(label)) is not None:
            self._tick(group, option)
            return
        found = self._field(label)
        words = [TAB.sub(" ", it).strip() for it in found.locator("option").all_text_contents()]
        chosen = found.evaluate("it => it.selectedOptions[0]?.textContent.trim() ?? ''")
        wanted = next((it for it in words if it == option), None) or next((it for it in words if option in it), None)
        if wanted is None:
            raise NotSeen(f"{label}: {option}; {words}")
        if option not in chosen:
            self._reveal(found)
            self._count(2)
            found.select_option(index=words.index(wanted))

    def name(self, label: str, name: str) -> None:
        """Say who it is: somebody the case knows is chosen, others are typed."""
        if not self.has_group(label):
            self.type(label, name)
            return
        fields = self.group(label).fields("")
        for one in fields:
            if one.evaluate("it => it.tagName") == "SELECT" and name in one.inner_text():
                self._reveal(one)
                self._count(2)
                one.select_option(label=name)
                return
        new = next(it for it in fields if it.evaluate("it => it.tagName") == "INPUT")
        self._reveal(new)
        new.fill(name)

    def attach(self, label: str, files: Sequence[Path]) -> None:
        """Choose some files at once: a press to be asked, one for a file; of several, for the first and the last."""
        found = self._field(label)
        self._reveal(found)
        self._count(1 + min(len(files), 2))
        found.set_input_files([str(it) for it in files])

    def tick(self, label: str, *options: str, on: bool = True) -> None:
        """Tick a box, or some of a group, or let it go; what is so already is left."""
        if not options:
            found = self._visible_first(self._in.get_by_label(_begins(label)))
            if found is None:
                raise NotSeen(label)
            if found.is_checked() != on:
                self._reveal(found)
                self._press(found, follow=False)
            return
        group = self.group(label)._in
        for option in options:
            self._tick(group, option)

    def only(self, label: str, *options: str) -> None:
        """Have these of a group ticked and no others."""
        group = self.group(label)._in
        for box in group.locator("label:has(input[type=checkbox])").all():
            wanted = any(it in box.inner_text() for it in options)
            if box.locator("input").is_checked() != wanted:
                self._press(box.locator("input"), follow=False)

    def group(self, label: str) -> Hand:
        """The same hand, looking only at the group of that heading."""
        found = self._group(label)
        if found is None:
            raise NotSeen(label)
        return replace(self, scope=found)

    def row(self, table: str, number: int) -> Hand:
        """The same hand, looking only at one row of a table; another row is added where there are fewer."""
        while (found := self.group(table)._group(f"第{number}行")) is None:
            self.group(table).press("再加一")
        return replace(self, scope=found)

    def row_of(self, table: str, name: str) -> Hand:
        """The same hand, looking only at the row of a table that says so."""
        rows = self.group(table)._in.locator("fieldset").filter(has_text=name)
        return replace(self, scope=rows.first)

    def says(self, words: str) -> bool:
        """Whether that is seen where the hand looks."""
        return words in self._in.inner_text()

    def reads(self, words: str) -> None:
        """Be sure that the page says so."""
        said = self._front.inner_text()
        if words not in said:
            raise NotSeen(f"{self.now.act}: {words}; {TAB.sub(' ', said)}")

    # -- counting

    def _count(self, clicks: int = 0, pages: int = 0) -> None:
        count = self.tally.signing_in if self.now.signing_in else self.tally.acts.setdefault(self.now.act, Count())
        count.clicks += clicks
        count.pages += pages

    def _landed(self) -> None:
        self._count(pages=1)

    def _answered(self, answer: Response) -> None:
        is_page = answer.request.is_navigation_request() and answer.status not in (302, 303)
        if is_page or ASKED.lower() in answer.request.headers:
            self.now.status, self.now.answers = answer.status, self.now.answers + 1

    def _press(self, found: Locator, follow: bool = True, sent_by_script: bool = False) -> None:
        self._reveal(found)
        self._go_on(found)
        self._count(1)
        if not follow:
            self._turn(found)
            return
        if found.evaluate("it => it.tagName === 'BUTTON' && !!it.form"):
            self.look_over()
        before, self.now.status, answers = self.page.evaluate("performance.timeOrigin"), 200, self.now.answers
        found.click()
        if sent_by_script:
            self.page.wait_for_function("before => performance.timeOrigin !== before", arg=before)
        self.page.wait_for_function(f"() => !document.querySelector('{BUSY}')")
        self.page.wait_for_load_state()
        if self.now.answers != answers or self.page.evaluate("performance.timeOrigin") != before:
            self.look_over()
            self._heed()

    def _turn(self, found: Locator) -> None:
        """Press a box; where the pointer cannot reach it, which is a dead end, the key that activates."""
        try:
            found.click(timeout=REACH)
        except TimeoutError:
            self.tally.dead_ends.append(f"{self.now.act}: 够不着 {found.get_attribute('name')}")
            found.press("Space")

    def _heed(self) -> None:
        """Notice what the page refuses."""
        if self.now.status < 400:
            return
        said = " ".join(self._front.get_by_role("alert").all_inner_texts()) or self._front.inner_text()
        self.now.refused = f"{self.now.act}: {TAB.sub(' ', said)}"
        self.tally.refusals += 1
        raise Refused(self.now.refused)

    def _go_on(self, found: Locator) -> None:
        """After a refusal the way on is what it offers to press, or the same form; any other is out of a dead end."""
        if self.now.refused and not found.evaluate("it => !!it.closest('[role=alert], main form')"):
            self.tally.dead_ends.append(self.now.refused)
        self.now.refused = ""

    def look_over(self) -> None:
        """Measure the page as it is, or the form in front of it, in screens of a desk and of a phone."""
        heights = []
        for width, height in (PHONE, DESK):
            self.page.set_viewport_size({"width": width, "height": height})
            heights.append(self.page.evaluate(f"({TALL})(document.querySelector('{FRONT}'))") / height)
        self.tally.measure(self._kind(), heights[1], heights[0])

    def _kind(self) -> str:
        path = urlsplit(self.page.url).path.strip("/").split("/")
        if path[0] == "cases" and len(path) == 2 and path[1] != "new":
            return CASE
        heading = self._front.locator("h1")
        return TAB.sub(" ", heading.first.inner_text()) if heading.count() else self.page.title()

    # -- seeing

    @property
    def _front(self) -> Locator:
        """The form that is open over the page, else the page."""
        over = self.page.locator(FRONT)
        return over if over.count() else self.page.locator("body")

    @property
    def _in(self) -> Locator:
        return self.scope or self._front

    def _find_pressable(self, words: str, about: str = "") -> Locator:
        found = self._pressable(words, about)
        if found is None:
            raise NotSeen(f"{self.now.act}: {words} {about} ({self.page.url})")
        return found

    def _pressable(self, words: str, about: str = "") -> Locator | None:
        """What is seen before what is folded; what says itself what it is about before what stands in such a line; what
        reads exactly so before what begins so; the page before its head.
        """
        found: list[tuple[bool, bool, bool, bool, int]] = []
        all_ = self._in.locator(PRESSABLE)
        for n, (said, line, head, seen) in enumerate(all_.evaluate_all(READ)):
            if said.startswith(words) and about in line + said:
                found.append((not seen, about not in said, bool(not about and said != words), head, n))
        return all_.nth(min(found)[-1]) if found else None

    def fields(self, label: str) -> list[Locator]:
        """The fields of that label, those that are seen first."""
        found = self._in.get_by_label(_begins(label)).and_(self.page.locator(FIELDS)).all()
        return sorted(found, key=lambda it: not it.is_visible())

    def _field(self, label: str) -> Locator:
        found = next(iter(self.fields(label)), None)
        if found is None:
            raise NotSeen(f"{self.now.act}: {label} ({self.page.url})")
        return found

    def _group(self, label: str) -> Locator | None:
        """A group by the words of its heading."""
        found = self._visible_first(self._in.locator("legend").filter(has_text=_begins(label)))
        return found.locator("xpath=..") if found is not None else None

    def _tick(self, group: Locator, option: str) -> None:
        boxes = group.locator("label").filter(has_text=option)
        exact = [it for it in boxes.all() if TAB.sub(" ", it.inner_text()).strip() == option]
        label = next(iter([*exact, *boxes.all()]), None)
        if label is None:
            raise NotSeen(f"{self.now.act}: {option}; {group.inner_text()}")
        box = label.locator("input")
        if not box.is_checked():
            self._reveal(box)
            self._press(box, follow=False)

    def _visible_first(self, found: Locator) -> Locator | None:
        all_ = found.all()
        return next((it for it in all_ if it.is_visible()), next(iter(all_), None))

    def _reveal(self, found: Locator) -> None:
        """Open the folds that hide it, a press each."""
        folds = found.locator("xpath=ancestor::details[not(@open)]")
        for fold in folds.all():
            summary = fold.locator("> summary")
            if not found.is_visible() and summary.is_visible():
                self._count(1)
                summary.click()
        if not found.is_visible():
            raise NotSeen(f"{self.now.act}: hidden")


def _begins(label: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(label)}")
