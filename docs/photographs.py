"""Photograph every page there is, as wide as a telephone, a tablet and a desk, to be looked at.

    python -m docs.photographs FOLDER [BEGINNING …]      the pages whose endpoint or address begins so; all of them
    python -m docs.photographs FOLDER --task a [PATH …]  the pages of one of the two measured tasks, when it is done
                                                         or with --orders N when so many of its steps are

A picture a page and width, and a line that says how many screens it is high.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser

from bench import nexts
from bench.task_orders import TASKS
from mediation_engine.clock import FixedClock
from tests.browser.conftest import much_told
from tests.browser.test_case_tabs import in_the_room
from tests.browser.test_pages import PAGES, first_to
from tests.support.browser import chromium, served, sign_in
from tests.support.looks import TABS
from tests.support.story import STAFF, Story
from web.presenters.case_tabs import OVERVIEW

WIDTHS = ((360, 640), (768, 1024), (1280, 800))
TALL = "document.documentElement.scrollHeight"
Shot = tuple[str, str]
"""Who looks, and at what."""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("wanted", nargs="*")
    asked.add_argument("--task", choices=("a", "b"))
    asked.add_argument("--orders", type=int)
    given = asked.parse_intermixed_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as room, chromium() as browser:
        story = _task(Path(room), given.task, given.orders) if given.task else much_told()
        shots = _of_task(given.task, given.wanted) if given.task else _of_all(given.wanted)
        with served(story, folder=Path(room) / "exhibits") as site:
            for words in _taken(browser, site, shots, given.folder):
                print(words)


def _of_all(wanted: list[str]) -> Iterator[Shot]:
    for endpoint, paths in PAGES.items():
        for path in paths:
            if not wanted or any(it.startswith(begin) for it in (endpoint, path) for begin in wanted):
                yield STAFF[first_to(endpoint)].id if endpoint != "sign_in.sign_in" else "", path


def _of_task(task: str, paths: list[str]) -> Iterator[Shot]:
    case = TASKS["ab".index(task)].case
    for path in paths or ["missing", "dossier", "self-check", "steps", *(f"?tab={tab}" for tab in (OVERVIEW, *TABS))]:
        yield "li", f"/cases/{case}{path if path.startswith('?') else f'/{path}'}"


def _task(folder: Path, task: str, orders: int | None) -> Story:
    """One of the measured tasks, done, or with so many of its orders given."""
    wanted = TASKS["ab".index(task)]
    store = nexts.tasks(folder, [replace(wanted, orders=wanted.orders[:orders])]).door.store
    with store.read() as unit:
        now = unit.now
    return in_the_room(Story(store, FixedClock(now), wanted.case))


def _taken(browser: Browser, site: str, shots: Iterable[Shot], folder: Path) -> Iterator[str]:
    wanted = [*shots]
    for width, height in WIDTHS:
        for who in dict.fromkeys(who for who, _ in wanted):
            context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
            page = context.new_page()
            if who:
                sign_in(page, site, who)
            for path in (path for own, path in wanted if own == who):
                page.goto(site + path)
                name = re.sub(r"[^\w=]+", "_", path).strip("_") or "home"
                page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
                yield f"{width:5} {page.evaluate(TALL) / height:5.1f}  {path}"
            context.close()


if __name__ == "__main__":
    main()
