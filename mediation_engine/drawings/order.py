"""Which stands above which: the order within the ranks, so that few arrows cross."""

from __future__ import annotations

from .ranks import Sketch, Spot, Strand

_ROUNDS = 24


def untangle(drawn: Sketch) -> None:
    """Bring each rank into an order with few crossings: means of the neighbours, swaps, whole arrows led around."""
    best = Best(drawn)
    for turn in range(_ROUNDS):
        _sweep(drawn, leftward=turn % 2 == 1)
        _swap(drawn)
        best.look()
    for strand in drawn.strands * 2:
        for above in (True, False):
            drawn.ranks[:] = [_led_around(rank, strand, above=above) for rank in best.ranks]
            _swap(drawn)
            best.look()
    drawn.ranks[:] = best.ranks


class Best:
    """The best order seen so far; the earlier one among equals."""

    def __init__(self, drawn: Sketch) -> None:
        self.drawn = drawn
        self.ranks = [list(rank) for rank in drawn.ranks]
        self.crossings = _crossings(drawn)

    def look(self) -> None:
        crossings = _crossings(self.drawn)
        if crossings < self.crossings:
            self.ranks, self.crossings = [list(rank) for rank in self.drawn.ranks], crossings


def _led_around(rank: list[Spot], strand: Strand, *, above: bool) -> list[Spot]:
    """The rank with the strand's bend above or below everything."""
    moved = [spot for spot in rank if spot in strand.spots[1:-1]]
    rest = [spot for spot in rank if spot not in moved]
    return moved + rest if above else rest + moved


def _sweep(drawn: Sketch, *, leftward: bool) -> None:
    """Each rank follows the one looked at before it."""
    numbers = range(len(drawn.ranks))
    near = drawn.after if leftward else drawn.before
    for number in reversed(numbers) if leftward else numbers:
        place = _places(drawn.ranks)
        drawn.ranks[number].sort(key=lambda spot: _mean([place[n] for n in near[spot]], place[spot]))


def _places(ranks: list[list[Spot]]) -> dict[Spot, int]:
    return {spot: index for rank in ranks for index, spot in enumerate(rank)}


def _mean(places: list[int], own: int) -> int:
    """In thousandths, for whole numbers sort alike everywhere; a spot without neighbours stays where it is."""
    return 1000 * sum(places) // len(places) if places else 1000 * own


def _swap(drawn: Sketch) -> None:
    """Exchange neighbours in a rank as long as that removes crossings."""
    improved = True
    while improved:
        improved = False
        for rank in drawn.ranks:
            for index in range(len(rank) - 1):
                improved = _swapped(drawn, rank, index) or improved


def _swapped(drawn: Sketch, rank: list[Spot], index: int) -> bool:
    place = _places(drawn.ranks)
    upper, lower = rank[index], rank[index + 1]
    now = sum(_inverted(near[upper], near[lower], place) for near in (drawn.before, drawn.after))
    then = sum(_inverted(near[lower], near[upper], place) for near in (drawn.before, drawn.after))
    if then < now:
        rank[index], rank[index + 1] = lower, upper
    return then < now


def _inverted(upper: list[Spot], lower: list[Spot], place: dict[Spot, int]) -> int:
    """How often a line of the upper spot ends below one of the lower spot."""
    return sum(place[a] > place[b] for a in upper for b in lower)


def _crossings(drawn: Sketch) -> int:
    place = _places(drawn.ranks)
    pairs = [(a, b) for rank in drawn.ranks for i, a in enumerate(rank) for b in rank[i + 1 :]]
    return sum(_inverted(drawn.after[a], drawn.after[b], place) for a, b in pairs)
