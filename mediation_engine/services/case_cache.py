"""Cases folded not long ago, so that the next order of a case folds only what came since.

A cache and nothing more: what it holds is used only where the stored digest of its last line is still the same.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from ..domain.case import Case
from ..read_models.projections import Projection

MOST_LINES = 50_000
"""How many lines the kept cases may have together; the one untouched for longest goes first."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A case at its newest known version, and its rows where they have been worked out."""

    case: Case
    rows: Projection | None = None


class RecentCases:
    """The newest known fold of some cases. Several threads may use it."""

    def __init__(self, most_lines: int = MOST_LINES) -> None:
        self._most, self._lines = most_lines, 0
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, case_id: str) -> Kept | None:
        """The case as it was when last kept."""
        with self._lock:
            kept = self._kept.get(case_id)
            if kept:
                self._kept.move_to_end(case_id)
            return kept

    def keep(self, kept: Kept) -> None:
        """Keep a case that nobody will change any more."""
        with self._lock:
            known = self._kept.pop(kept.case.id, None)
            self._lines += kept.case.version - (known.case.version if known else 0)
            self._kept[kept.case.id] = kept
            while self._lines > self._most and self._kept:
                _, oldest = self._kept.popitem(last=False)
                self._lines -= oldest.case.version
