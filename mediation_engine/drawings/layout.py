"""Where everything stands, in whole pixels: heights, then columns."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from .diagram import Diagram
from .heights import Heights
from .order import untangle
from .ranks import Sketch, Spot, Strand, sketch, spots_of

_BEND_APART, _BOX_APART = 4, 22
"""Least room between two spots of a rank: where one of them is a bend, and between two boxes."""
_PORTS, _CORNER, _GROWTH = 14, 10, 24
"""Least distance of two arrows at one side of a box, and of an arrow from its corner; what a box grows by for each."""
_STRAIGHT, _ARRIVING, _LEAVING, _MIDDLE, _MIDDLE_ALONE = 16, 5, 4, 1, 6
"""How much it matters that an arrow is straight between boxes, at its end, at its beginning; that it meets the middle
of a box, and that it does so where it is alone on that side."""
_GAP = (26, 50)
"""Least and greatest room for the curves between two ranks."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Spots with their heights, the columns they stand in, and the height of each strand in each rank it passes."""

    ranks: tuple[tuple[Spot, ...], ...]
    strands: tuple[Strand, ...]
    heights: tuple[tuple[int, ...], ...]
    """For each strand, from left to right: where it leaves a box, its bends, where it meets the other box."""
    columns: tuple[tuple[int, int], ...]
    """Left and right edge of each rank."""
    bottom: int

    @property
    def right(self) -> int:
        return self.columns[-1][1]


def lay_out(diagram: Diagram, left: int, top: int) -> Layout:
    """Everything in its place, right of `left` and below `top`."""
    drawn = sketch(diagram)
    untangle(drawn)
    _make_room(drawn)
    heights = _level(drawn, top)
    return Layout(
        ranks=tuple(tuple(rank) for rank in drawn.ranks),
        strands=tuple(drawn.strands),
        heights=heights,
        columns=tuple(_columns(drawn, heights, left)),
        bottom=max(spot.y + spot.below for spot in spots_of(drawn.ranks)),
    )


def _make_room(drawn: Sketch) -> None:
    """Boxes grow until all their arrows can dock, and are as wide as the widest of their rank."""
    for rank in drawn.ranks:
        widest = max((spot.width for spot in rank), default=0)
        for spot in (s for s in rank if s.node is not None):
            spot.width = widest
            arrows = max(len(drawn.before[spot]), len(drawn.after[spot]), 1)
            lacking = max(arrows * _GROWTH + 2 * _CORNER - spot.above - spot.below, 0)
            spot.above += lacking // 2
            spot.below += lacking - lacking // 2


def _level(drawn: Sketch, top: int) -> tuple[tuple[int, ...], ...]:
    """Give every spot its height and return those of the strands."""
    heights = Heights()
    number = _stack(drawn, heights)
    chains = _chains(drawn, heights, number)
    heights.settle()
    shift = top - min(heights.at[number[s]] - s.above for s in number)
    for spot, place in number.items():
        spot.y = heights.at[place] + shift
    return tuple(tuple(heights.at[place] + shift for place in chain) for chain in chains)


def _stack(drawn: Sketch, heights: Heights) -> dict[Spot, int]:
    """A place for each spot, in the order of its rank, around a common middle."""
    number: dict[Spot, int] = {}
    for rank in drawn.ranks:
        steps = [0, *(_step(upper, lower) for upper, lower in pairwise(rank))]
        middle = sum(steps) // 2
        for index, spot in enumerate(rank):
            number[spot] = heights.place(sum(steps[: index + 1]) - middle)
            if index:
                heights.gaps.append((number[rank[index - 1]], number[spot], steps[index]))
    return number


def _step(upper: Spot, lower: Spot) -> int:
    return upper.below + lower.above + (_BEND_APART if upper.is_bend or lower.is_bend else _BOX_APART)


def _chains(drawn: Sketch, heights: Heights, number: dict[Spot, int]) -> list[list[int]]:
    """For each strand its places from dock to dock, pulled straight."""
    docks: dict[tuple[Strand, bool], int] = {}
    for spot in number:
        docks |= _docks(drawn, heights, number, spot)
    chains = []
    for strand in drawn.strands:
        bends = [number[spot] for spot in strand.spots[1:-1]]
        chain = [docks[strand, False], *bends, docks[strand, True]]
        first, last = (_ARRIVING, _LEAVING) if strand.backward else (_LEAVING, _ARRIVING)
        weights = [first, *[_STRAIGHT] * (len(bends) - 1), last]
        heights.pulls += [(a, b, weight) for (a, b), weight in zip(pairwise(chain), weights, strict=True)]
        chains.append(chain)
    return chains


def _docks(drawn: Sketch, heights: Heights, number: dict[Spot, int], spot: Spot) -> dict[tuple[Strand, bool], int]:
    """Where the arrows meet a box: below each other, clear of the corners, rather in the middle."""
    docks: dict[tuple[Strand, bool], int] = {}
    box = number[spot]
    for right in (False, True):
        own = [s for s in drawn.strands if s.spots[-1 if right else 0] is spot]
        own.sort(key=lambda s: drawn.ranks[s.spots[-2 if right else 1].rank].index(s.spots[-2 if right else 1]))
        if spot.node is None:
            docks |= {(strand, right): box for strand in own}
            continue
        places = [heights.place(heights.at[box] + (2 * i - len(own) + 1) * _PORTS // 2) for i in range(len(own))]
        docks |= {(strand, right): place for strand, place in zip(own, places, strict=True)}
        heights.gaps += [(a, b, _PORTS) for a, b in pairwise(places)]
        heights.gaps += [(box, p, _CORNER - spot.above) for p in places[:1]]
        heights.gaps += [(p, box, _CORNER - spot.below) for p in places[-1:]]
        heights.pulls += [(p, box, _MIDDLE_ALONE if len(own) == 1 else _MIDDLE) for p in places]
    return docks


def _columns(drawn: Sketch, heights: tuple[tuple[int, ...], ...], left: int) -> list[tuple[int, int]]:
    """Ranks as wide as their widest spot; the steeper the curves between two ranks, the more room for them."""
    x, columns = left, []
    for number, rank in enumerate(drawn.ranks):
        width = max((spot.width for spot in rank), default=0)
        columns.append((x, x + width))
        x += width + min(max(_steepest(drawn, heights, number) // 2, _GAP[0]), _GAP[1])
    return columns


def _steepest(drawn: Sketch, heights: tuple[tuple[int, ...], ...], number: int) -> int:
    """The greatest difference in height between this rank and the next."""
    climbs = [0]
    for strand, own in zip(drawn.strands, heights, strict=True):
        index = number - strand.spots[0].rank
        if 0 <= index < len(own) - 1:
            climbs.append(abs(own[index + 1] - own[index]))
    return max(climbs)
