"""Many at once: all wait at a barrier, then all go. Nobody sleeps."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import TypeVar

from mediation_engine.errors import MediationError

T = TypeVar("T")
HANGS = 60
"""Seconds after which somebody who never comes to the barrier is a fault of the test."""


def together(calls: Sequence[Callable[[], T]]) -> list[T | MediationError]:
    """What each call returned, or the fact it was refused with; any other exception is raised."""
    barrier = Barrier(len(calls), timeout=HANGS)

    def run(call: Callable[[], T]) -> T | MediationError:
        barrier.wait()
        try:
            return call()
        except MediationError as refused:
            return refused

    with restless(), ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@contextmanager
def restless() -> Iterator[None]:
    """Python changes threads as often as it can, so that whoever is not made to wait is soon in another's way."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
