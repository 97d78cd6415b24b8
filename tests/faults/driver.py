"""A driver that breaks at its n-th call. Below SQLAlchemy, so that nothing the store does goes past it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar
from unittest.mock import patch

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Strike:
    """At which call a driver breaks, and how. Calls are execute, executemany, commit and rollback of any connection."""

    at: int = 0
    """The n-th call; 0: none is struck."""
    at_commit: bool = False
    """The first commit, whichever call that is."""
    after: bool = False
    """The call is carried out, and only its answer is lost."""
    lost: bool = False
    """The connection is gone from then on, and those made after it go the same way; otherwise the one call fails."""


NEVER = Strike()


class Striker:
    """What stands between the program and a driver. Lets everything pass until it is armed."""

    def __init__(self) -> None:
        self._strike, self._calls = NEVER, 0
        self.struck = False

    @contextmanager
    def armed(self, strike: Strike) -> Iterator[None]:
        """While it lasts, calls are counted, and one is struck."""
        self._strike, self._calls, self.struck = strike, 0, False
        try:
            yield
        finally:
            self._strike = NEVER

    def call(
        self, connection: Any, fault: Callable[[], Exception], really: Callable[[], T], *, commit: bool = False
    ) -> T:
        """Carry out a call of a connection, or not."""
        if connection.gone:
            raise fault()
        self._calls += 1
        strike = self._strike
        over = self.struck and not strike.lost
        if over or not (self._calls == strike.at or (strike.at_commit and commit)):
            return really()
        self.struck = True
        if strike.after:
            really()
            connection.settle()
        if strike.lost:
            self._calls, connection.gone = 0, True
            connection.break_off()
        raise fault()


@contextmanager
def sqlite_struck(driver: ModuleType, striker: Striker) -> Iterator[None]:
    """While it lasts, every connection made with SQLite's driver goes through a striker."""

    def fault() -> Exception:
        broken: Exception = driver.OperationalError("disk I/O error")
        return broken

    class Cursor(driver.Cursor):  # type: ignore[misc, name-defined]
        def execute(self, *given: Any) -> Any:
            return striker.call(self.connection, fault, lambda: super(Cursor, self).execute(*given))

        def executemany(self, *given: Any) -> Any:
            return striker.call(self.connection, fault, lambda: super(Cursor, self).executemany(*given))

    class Connection(driver.Connection):  # type: ignore[misc, name-defined]
        gone = False

        def cursor(self, *_: Any) -> Any:
            return super().cursor(Cursor)

        def commit(self) -> None:
            striker.call(self, fault, super().commit, commit=True)

        def rollback(self) -> None:
            striker.call(self, fault, super().rollback)

        def settle(self) -> None:
            """All that was asked for is done already."""

        def break_off(self) -> None:
            super().close()

    real = driver.connect
    with patch.object(driver, "connect", lambda *given, **named: real(*given, factory=Connection, **named)):
        yield
