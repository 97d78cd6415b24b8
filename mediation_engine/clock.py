"""Clocks. The domain never reads one: the time comes in with the store's transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the current time, aware, in UTC."""


def system_clock() -> datetime:
    """The host's clock."""
    return datetime.now(UTC)


class FixedClock:
    """A clock for tests and told stories: stands still until it is set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now
