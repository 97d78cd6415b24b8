"""Bringing what figures are counted from up to date with the record: case by case, when somebody asks, and each turn.

An order leaves no more than a mark on its case, so that it waits for no figure. Which moment is asked about, what is
counted says by itself: it is the same whenever it is brought up to date.
"""

from __future__ import annotations

from collections.abc import Callable

from ..errors import LineUnreadable
from ..ports.store import Store
from ..read_models.counted import NONE
from ..record.counting import counted_case
from ..rules.catalogue import Catalogue

BATCH = 200
"""Cases looked up at once."""


def count(store: Store, catalogue: Catalogue, stop: Callable[[], bool] = lambda: False) -> int:
    """Count anew what was done since; in how many cases."""
    done = 0
    while not stop():
        with store.read() as unit:
            cases = unit.views.uncounted(BATCH)
        for case in cases:
            with store.write(case) as unit:
                try:
                    rows = counted_case(catalogue, case, unit.record.orders(case))[1]
                except LineUnreadable:
                    rows = NONE  # for audit to tell
                unit.views.put_counted(case, rows)
        done += len(cases)
        if not cases:
            break
    return done
