"""Many at once: all wait at a barrier, then all go. Nobody sleeps."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event, Thread
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
def no_longer(pool: ProcessPoolExecutor, seconds: float = 5 * HANGS) -> Iterator[None]:
    """While it lasts, at most so long: then the processes of a pool are killed, and whoever waits for them is told."""

    over = Event()

    def watch() -> None:
        wait = seconds
        while not over.wait(wait):
            wait = 0.1  # those that are only just being born are killed in the next round
            for process in list((pool._processes or {}).values()):
                process.kill()

    watching = Thread(target=watch)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()


@contextmanager
def restless() -> Iterator[None]:
    """Python changes threads as often as it can, so that whoever is not made to wait is soon in another's way."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
