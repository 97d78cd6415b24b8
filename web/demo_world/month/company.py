"""The month as a whole: its stories, who is in them, who tells them, and where."""

from __future__ import annotations

from ..crowd import crowd
from ..script import Company
from .alerts import alerts
from .cases import cases
from .dice import Size
from .matters import matters
from .station import STAFF, STATION


def month(seed: int = 1, size: Size = Size()) -> Company:  # noqa: B008 (it is never changed)
    """A made-up month, by its seed."""
    return Company(
        stories=(*cases(seed, size.cases), *alerts(seed, size.alerts), *matters(seed, size)),
        people=crowd(),
        organisations=(STATION,),
        staff=STAFF,
    )
