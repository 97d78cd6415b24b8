"""A database that fails at any moment of a request: a calm page, one clear line of the log, never a trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import structlog
from flask import Flask

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.domain.roles import Office
from mediation_engine.errors import StoreNotReady, StoreUnavailable

from ...support.calling import EVERYTHING, Program, token_for
from ...support.story import Story
from ..conftest import PASSWORD, Browser

SignedIn = Callable[[Office | str], Browser]
FAULTS = [StoreUnavailable(why="磁盘读写出错"), StoreNotReady(why="数据库文件在使用中被移走或换掉了")]


class Failing:
    """A store that fails from its nth transaction on."""

    def __init__(self, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left, self.fault = 1 << 30, FAULTS[0]
        read, write = story.store.read, story.store.write
        monkeypatch.setattr(story.store, "read", lambda: self.passed(read))
        monkeypatch.setattr(story.store, "write", lambda *about: self.passed(write, *about))

    @contextmanager
    def passed(self, transaction: Callable[..., Any], *about: Any) -> Iterator[Any]:
        self.left -= 1
        if self.left < 0:
            raise self.fault
        with transaction(*about) as unit:
            yield unit


@pytest.fixture
def failing(told: Story, monkeypatch: pytest.MonkeyPatch) -> Failing:
    assert isinstance(told.store, MemoryStore)
    return Failing(told, monkeypatch)


@pytest.fixture
def log() -> list[dict[str, Any]]:
    capture = structlog.testing.LogCapture()
    structlog.configure(processors=[capture])
    return capture.entries  # type: ignore[misc]


@pytest.fixture
def no_trace(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert "Traceback" not in "".join(capfd.readouterr())
    assert caplog.records == []


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("path", ["/work", "/cases/A1", "/me/sign-ins", "/no-such-page", "/sign-in", "/api/v1/cases"])
def test_while_a_session_opens(
    web_client: SignedIn, failing: Failing, log: list[dict[str, Any]], no_trace: None, fault: Any, path: str
) -> None:
    li = web_client(Office.MEDIATOR)
    failing.left, failing.fault = 0, fault
    answer = li.get(path)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    lines = [line for line in log if line["event"] == "unavailable"]
    assert [(line["fault"], line["why"]) for line in lines] == [(type(fault).__name__, fault.about["why"])]
    failing.left = 1 << 30
    assert li.get("/me/sign-ins").status_code == 200


@pytest.mark.parametrize("path", ["/work", "/cases", "/cases/A1", "/cases/A1/steps/RecordNote", "/audit", "/healthz"])
def test_at_whatever_transaction_of_a_page(
    web_client: SignedIn, failing: Failing, log: list[dict[str, Any]], no_trace: None, path: str
) -> None:
    lead = web_client(Office.LEAD)
    lead.get(path)  # what is kept of a first look is kept
    before = failing.left
    usual = lead.get(path).status_code
    for n in range(before - failing.left):
        failing.left = n
        log.clear()
        answer = lead.get(path)
        assert answer.status_code == 503, n
        assert [line["event"] for line in log].count("unavailable") == 1
    failing.left = 1 << 30
    assert lead.get(path).status_code == usual == 200


def test_what_was_done_is_not_called_undone_because_the_session_could_not_be_kept(
    web_client: SignedIn, failing: Failing, told: Story, log: list[dict[str, Any]], no_trace: None
) -> None:
    li = web_client(Office.MEDIATOR)
    li.get("/cases/A1/steps/RecordNote")
    told.clock.now += timedelta(minutes=2)
    before = failing.left
    li.get("/me/password")
    used = before - failing.left
    told.clock.now += timedelta(minutes=2)
    failing.left = used - 1
    answer = li.get("/me/password")
    assert answer.status_code == 200
    assert [line["event"] for line in log if line.get("log_level") == "error"] == ["session not kept"]


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out"])
def test_a_sign_in_or_a_sign_out_that_could_not_be_kept_says_so(
    app: Flask, failing: Failing, log: list[dict[str, Any]], no_trace: None, path: str
) -> None:
    browser: Browser = app.test_client()  # type: ignore[assignment]
    filled = {"name": "li", "password": PASSWORD}
    if path == "/sign-out":
        browser.sign_in("li")
        browser.get("/me/password")
    else:
        browser.get("/sign-in")
    for n in range(20):
        failing.left = n
        answer = browser.send(path, **filled)
        failing.left = 1 << 30
        if answer.status_code == 302:
            break
        assert answer.status_code == 503, n
    assert answer.status_code == 302
    assert n > 0


def test_a_program_is_told_as_a_program(
    app: Flask, failing: Failing, told: Story, log: list[dict[str, Any]], no_trace: None
) -> None:
    program = Program(app.test_client(), token_for(told, Office.MEDIATOR, EVERYTHING))
    for n in range(3):
        failing.left = n
        answer = program.get("/cases/A1")
        assert (answer.status_code, answer.content_type) == (503, "application/problem+json"), n
        failing.left = 1 << 30
