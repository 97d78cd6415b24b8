"""Boxes to tick, of one thing or of two hundred."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

Option = tuple[str, str]
"""What a choice posts, and what it says."""
FIND = "find."
"""Before the name of a list of choices: what it is narrowed to."""
MOST_AT_ONCE = 8
"""More boxes than these stay in a window of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosing:
    """Boxes to tick. Many of them can be narrowed to a name, ticked and let go together."""

    name: str
    options: Sequence[Option]
    chosen: Collection[str]
    away: str = ""
    """What is not offered: it is chosen beside this already."""
    finding: str = ""
    """What the names of those shown contain."""
    states: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_many(self) -> bool:
        return len(self.options) > MOST_AT_ONCE

    @property
    def shown(self) -> list[Option]:
        return [(key, words) for key, words in self.options if self.finding in words]

    @property
    def ticked(self) -> list[str]:
        """What is ticked, shown or not."""
        return [key for key, _ in self.options if key in self.chosen]

    @property
    def kept(self) -> list[str]:
        """What is ticked and not shown."""
        return [key for key, words in self.options if key in self.chosen and self.finding not in words]

    def picked(self, every: bool) -> list[str]:
        """What is ticked once all that is shown has been, or has been let go."""
        return [*self.kept, *(key for key, _ in self.shown if every)]
