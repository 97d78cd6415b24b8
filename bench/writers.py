"""Four processes that write one SQLite file: how long the unluckiest order waits."""

from __future__ import annotations

from .door import Place, together
from .figures import Figure


def figures(place: Place, least: float | None) -> list[Figure]:
    """Their rate, and the longest step of each round."""
    reached, longest = together(place, least)
    name = f"最慢的一步，{place.name}，4 个进程同写"
    return [reached, Figure(name=name, value=longest, unit="毫秒", most=100, digits=1)]
