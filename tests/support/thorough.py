"""How much is tried: by `make test` a fair share, by `make proof` (which sets THOROUGH) all there is."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")
THOROUGH = "THOROUGH" in os.environ


def some(usual: Iterable[T], every: int) -> list[T]:
    """One in so many of many alike; all of them where time is no matter."""
    return list(usual)[:: much(every, 1)]


def much(usual: T, thorough: T) -> T:
    """Of two amounts, the one for now."""
    return thorough if THOROUGH else usual
