"""A real server in a thread, and a real browser that talks to it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock

from ..story import NOW, STAFF, Story
from ..web.conftest import PASSWORD, app_over, quick
from ..web.conftest import accounts as signing

__all__ = ["quick"]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser itself, once."""
    if not shutil.which(CHROMIUM):
        pytest.skip("there is no chromium here; make browser installs one")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def story() -> Story:
    """A case with an agreement, and staff who have a password."""
    clock = FixedClock(NOW)
    story = Story(MemoryStore(clock), clock).effective()
    with story.store.write() as unit:
        for actor in STAFF.values():
            signing.give_password(unit, actor.id, PASSWORD, once=False)
    return story


@pytest.fixture
def site(story: Story) -> Iterator[str]:
    """The address of the pages over that story."""
    server = make_server("127.0.0.1", 0, _late(story), threaded=True)
    address = f"http://127.0.0.1:{server.port}"
    server.app = app_over(story, public_url=address)
    running = Thread(target=server.serve_forever)
    running.start()
    yield address
    server.shutdown()
    running.join()
    server.server_close()


def _late(_story: Story) -> Flask:
    """The port is known only when the server is made; until then there is nothing to serve."""
    return Flask("nothing")
