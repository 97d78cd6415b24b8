"""The value types of the case page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A phase on the way of a case."""

    key: str
    """The instance of its last round; empty for one that has not come yet."""
    label: str
    stands: str
    """done | now | next"""
    state: str = ""
    rounds: int = 0
