"""How much is tried: by `make test` a fair share, by `make proof` all there is.

It sets THOROUGH: to "tests" for every test there is, each tried as often as usual; to "length" for all of it at length.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")
THOROUGH = os.environ.get("THOROUGH", "")
EVERY_TEST, AT_LENGTH = bool(THOROUGH), THOROUGH not in ("", "tests")


def some(usual: Iterable[T], every: int) -> list[T]:
    """One in so many of many alike; all of them where time is no matter."""
    return list(usual)[:: much(every, 1)]


def much(usual: T, thorough: T) -> T:
    """Of two amounts, the one for now."""
    return thorough if AT_LENGTH else usual
