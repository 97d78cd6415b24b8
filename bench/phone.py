"""A party's three screens on a slow line: 400 kbit/s, 400 ms to an answer, as at the edge of an industrial zone."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.roles import Office
from tests.support.browser import CHROMIUM, chromium, served
from tests.support.exhibits import ROOM_KEY
from tests.support.story import NOW, STAFF, Story
from web.security.links import Issued
from web.security.party_links import issue_for_party

from .figures import Figure
from .timing import Spread

SPEED, ANSWER = 400_000 / 8, 400
"""Bytes a second, milliseconds."""
LARGEST = """() => new Promise((found) => new PerformanceObserver((all) => found(all.getEntries().at(-1).startTime))
    .observe({type: "largest-contentful-paint", buffered: true}))"""
GOAL = 2.5


def figures(_: Path) -> list[Figure]:
    """Seconds until the largest part of each screen is there, each visited for the first time; five runs."""
    if not Path(CHROMIUM).exists():
        return []
    clock = FixedClock(NOW)
    story = Story(MemoryStore(clock), clock).drafted()
    issued = issue_for_party(story.door, ROOM_KEY, STAFF[Office.MEDIATOR], "A1", "party/1", 3)
    runs = []
    with served(story) as address, chromium() as browser:
        for _ in range(5):
            context = browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
            runs.append(_screens(context.new_page(), address, issued))
            context.close()
    names = ("输短码和口令", "协议摘要", "全文", "核对后提交")
    return [
        Figure(name=f"慢网上打开：{name}", value=Spread(tuple(run[n] for run in runs)), unit="秒", most=GOAL, digits=2)
        for n, name in enumerate(names)
    ]


def _screens(page: Page, address: str, issued: Issued) -> list[float]:
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    speed = {"downloadThroughput": SPEED, "uploadThroughput": SPEED}
    line.send("Network.emulateNetworkConditions", {"offline": False, "latency": ANSWER, **speed})
    page.goto(f"{address}/c")
    found = [_largest(page)]
    page.fill("#code", issued.code)
    page.fill("#pin", issued.pin)
    for press, there in (("打开", "看全文，再答复"), ("看全文，再答复", "同意"), ("同意", "同意，提交")):
        page.locator("main").get_by_text(press, exact=True).first.click()
        page.locator("main").get_by_text(there, exact=True).first.wait_for()
        found.append(_largest(page))
    return found


def _largest(page: Page) -> float:
    page.wait_for_load_state()
    return float(page.evaluate(LARGEST)) / 1000
