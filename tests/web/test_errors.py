"""What can go wrong in one process is told in another as it was."""

from __future__ import annotations

import pickle
import pkgutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import timedelta
from importlib import import_module
from multiprocessing import get_context
from string import Formatter
from threading import Event
from typing import Any

import pytest

import mediation_engine
import web
from mediation_engine.domain.guard import Refusal
from mediation_engine.errors import FormFaults, LineUnreadable, MediationError, Refused, StaleInstance
from web.http.request_faults import InvalidInput
from web.security.throttle import NothingLeft, TooManyTries

from ..support.story import Story
from ..support.together import no_longer

for package in (mediation_engine, web):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if "migrations" not in module.name and "__main__" not in module.name:
            import_module(module.name)


def every(kind: type[MediationError]) -> Iterator[type[MediationError]]:
    yield kind
    for lower in kind.__subclasses__():
        yield from every(lower)


def made(kind: type[MediationError], story: Story) -> MediationError:
    """An error of a kind, filled in."""
    if issubclass(kind, Refused):
        return kind([Refusal("office", "不能办理", about=("party/1",))], command="RecordNote")
    if issubclass(kind, StaleInstance):
        return kind("party/1", story.lines[:2], "已变化")
    if issubclass(kind, FormFaults):
        return kind({"金额": ["必填", "须为数字"]}, {"terms": {0: {"amount": "必填"}}})
    if issubclass(kind, InvalidInput):
        return kind({"金额": ["必填"]})
    if issubclass(kind, TooManyTries | NothingLeft):
        return kind(timedelta(minutes=5))
    names = [name for _, name, _, _ in Formatter().parse((kind.__doc__ or "").splitlines()[0]) if name]
    return kind(**dict.fromkeys(names, "某处"))


def told(error: MediationError) -> tuple[Any, ...]:
    return type(error), error.args, error.sentence, vars(error)


@pytest.mark.parametrize("kind", sorted(set(every(MediationError)), key=lambda kind: kind.__qualname__))
def test_every_error_comes_out_of_another_process_as_it_went_in(kind: type[MediationError], story: Story) -> None:
    error = made(kind, story.registered())
    assert told(pickle.loads(pickle.dumps(error))) == told(error)


def fail() -> None:
    raise LineUnreadable(case="A1")


def hang() -> None:
    Event().wait()


def test_an_error_in_a_worker_reaches_whoever_waits() -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool, no_longer(pool):
        failed = pool.submit(fail)
        with pytest.raises(LineUnreadable, match="A1 的记录无法读取"):
            failed.result()


def test_a_worker_that_never_ends_is_ended_and_whoever_waits_is_told() -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool, no_longer(pool, 0.01):
        hung = pool.submit(hang)
        with pytest.raises(BrokenProcessPool):
            hung.result()
