"""What the room sets itself about figures (本室规定): colours of districts, small numbers, when people come again."""

from __future__ import annotations

from collections.abc import Mapping

from mediation_engine.domain.labels import Labelled

BOUNDS: Mapping[str, tuple[int, int, int]] = {
    "small": (3, 1, 50),
    "yellow": (3, 1, 1000),
    "red": (6, 2, 1000),
    "again": (90, 1, 730),
}
"""By name: usually, at least, at most."""
USUAL = {name: usual for name, (usual, _, _) in BOUNDS.items()}


class Colour(Labelled):
    """How a district (片区) stands."""

    RED = "late", "红"
    YELLOW = "now", "黄"
    GREEN = "done", "绿"


def colour(unresolved: int, policy: Mapping[str, int]) -> Colour:
    """By how many of its alerts are not resolved."""
    if unresolved >= policy["red"]:
        return Colour.RED
    return Colour.YELLOW if unresolved >= policy["yellow"] else Colour.GREEN


def rule_words(policy: Mapping[str, int]) -> str:
    """The rule, as it is shown."""
    return (
        f"期内推送、还没有化解的警情：{policy['red']} 件以上是红，{policy['yellow']} 件以上是黄，其余是绿（本室规定）"
    )
