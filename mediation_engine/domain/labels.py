"""Choices with a stored code and a Chinese label."""

from __future__ import annotations

from enum import Enum
from typing import Self


class Labelled(Enum):
    """A choice with a stored code (its value) and a Chinese label: ``NAME = "code", "标签"``."""

    code: str
    """The value, read at the cost of any attribute; of an enumeration's own it is a call."""
    label: str

    def __new__(cls, code: str, label: str) -> Self:
        member = object.__new__(cls)
        member._value_ = member.code = code
        member.label = label
        return member

    @classmethod
    def named(cls, words: str) -> Self | None:
        """The member whose code or label is `words`, or None."""
        return next((m for m in cls if words in (m.value, m.label)), None)
