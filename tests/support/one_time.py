"""A test knows one time: the injected one or, marked `wall_clock`, the real one. To read the other fails it.

Whatever is written by one clock and read by another agrees only as long as the two happen to agree. Everything of ours
that tells the real time ends in `system_clock` or, on a server, in the time its transactions began.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

from mediation_engine import clock

INJECTED, REAL = "injected", "real"
VARIABLE = "TESTS_TIME"
"""Names the time of the test that runs; its children inherit it, and watch as their parent does."""
CHILDREN = Path(__file__).parent / "children"

mixed: list[str] = []
"""What was read of the wrong time since the test began: code that catches every exception hides no fault here."""


class MixedTimes(AssertionError):
    """Two times in one test."""


def watch(of_servers: type | None = None) -> None:
    """From now on every clock looks whose turn it is; also those of transactions `of_servers`."""
    clock.datetime = _Watched  # type: ignore[assignment, misc]
    clock.FixedClock.__call__ = _only(INJECTED, clock.FixedClock.__call__)  # type: ignore[method-assign]
    if of_servers:
        of_servers.now = _only(REAL, of_servers.now)  # type: ignore[attr-defined]


@contextmanager
def knowing(time: str) -> Iterator[None]:
    """For as long as this lasts there is one time; MixedTimes where the other was read, at the latest at the end."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = time
    mixed.clear()
    try:
        yield
        if mixed:
            raise MixedTimes("\n".join(mixed))
    finally:
        mixed.clear()
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before


def _check(time: str) -> None:
    known = os.environ.get(VARIABLE, time)
    if known != time:
        mixed.append(f"the {time} time was read where the {known} one is known; see tests/support/one_time.py")
        raise MixedTimes(mixed[-1])


def _only(time: str, read: Callable[..., datetime]) -> Callable[..., datetime]:
    @wraps(read)
    def checked(*given: Any) -> datetime:
        _check(time)
        return read(*given)

    return checked


class _Watched(datetime):
    """The class from which `system_clock` has the time."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        _check(REAL)
        return datetime.now(tz)
