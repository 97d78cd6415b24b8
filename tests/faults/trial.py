"""A fault, a trial of it, and what was found."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from time import perf_counter

from .target import Target


class CannotBeTried(Exception):
    """A fault that this machine cannot bring about; says why, in Chinese."""


class DoesNotApply(CannotBeTried):
    """A fault that this kind of database does not know."""


@dataclass
class Trial:
    """One fault tried on one kind of database, so many times, by one seed."""

    target: Target
    size: int
    seed: int
    told: Callable[[int], object] = lambda tried: None
    """Is told how many have been tried."""
    random: Random = field(init=False)
    tried: int = 0
    broken: list[str] = field(default_factory=list)
    """Each promise that was not kept."""
    note: str = ""
    """What else there is to say of it."""
    log: list[str] = field(default_factory=list)
    """What was written to the log meanwhile."""
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def tries(self, size: int | None = None) -> Iterator[int]:
        """Counts. Each try has its own randomness, so that it comes out the same without those before it."""
        for n in range(self.size if size is None else size):
            self.random = Random(f"{self.seed}/{n}")
            yield n
            self.count()

    def count(self) -> None:
        """One more was tried."""
        self.tried += 1
        self.told(self.tried)

    def hold(self, kept: bool, otherwise: str) -> None:
        """Put on record that a promise was not kept."""
        if not kept:
            self.broken.append(f"第{self.tried + 1}次：{otherwise}")

    def hold_all(self, otherwise: list[str], when: str) -> None:
        """The same for everything that was found not to hold."""
        for sentence in otherwise:
            self.hold(False, f"{when}：{sentence}")


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong, and the function that brings it about."""

    code: str
    """Of the row it is asked for by."""
    label: str
    few: int
    """How often `make test` tries it."""
    many: int
    """How often `make faults` does."""
    happens: Callable[[Trial], None]

    def tried(
        self, target: Target, size: float, seed: int, told: Callable[[int], object] = lambda tried: None
    ) -> Trial:
        """Try it about so often. CannotBeTried."""
        trial = Trial(target, max(1, round(size * target.share)), seed, told)
        began = perf_counter()
        with logged(trial.log):
            self.happens(trial)
        trial.seconds = perf_counter() - began
        return trial


@contextmanager
def logged(log: list[str]) -> Iterator[None]:
    """While it lasts, what is logged is kept with its tracebacks, and not shown: faults are loud."""
    handler = logging.Handler()
    handler.emit = lambda record: log.append(logging.Formatter().format(record))  # type: ignore[method-assign]
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)


FAULTS: list[Fault] = []


def fault(code: str, label: str, *, few: int, many: int) -> Callable[[Callable[[Trial], None]], Fault]:
    """Declare the function below as a fault."""

    def declare(happens: Callable[[Trial], None]) -> Fault:
        FAULTS.append(Fault(code, label, few, many, happens))
        return FAULTS[-1]

    return declare
