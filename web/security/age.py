"""How long ago something was. A clock that was put back must make nothing young again."""

from __future__ import annotations

from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)
"""So much the clocks of several servers may differ."""


def has_been(moment: datetime, now: datetime) -> bool:
    """Whether a time that was written down has come: where it has not, the clock was put back since."""
    return moment - now <= TOLERANCE


def is_younger(moment: datetime, now: datetime, than: timedelta) -> bool:
    """Whether something began less than so long ago. What began later than now did not."""
    return has_been(moment, now) and now - moment < than
