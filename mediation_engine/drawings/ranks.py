"""Where things stand from left to right: states in even ranks, the words of arrows in the odd ranks between them.

Words have ranks of their own so that no arrow, box or other words can come to lie on them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from .diagram import Arrow, Diagram, Node

STATE_SIZE, WORD_SIZE, LINE, CLEARANCE, PADDING = 16, 12, 16, 5, 14
"""Sizes of letters, height of a line of words, room around words and within boxes, in pixels."""
_START_RADIUS, _LEAST_WIDTH, _HEAD_HEIGHT, _LONG = 7, 92, 50, 12


@dataclass(eq=False, slots=True)
class Spot:
    """A place in a rank: a state's box, the start, or a bend of an arrow; `y` is where arrows meet it."""

    rank: int
    width: int = 0
    above: int = CLEARANCE
    below: int = CLEARANCE
    node: Node | None = None
    is_bend: bool = False
    y: int = 0


@dataclass(eq=False, slots=True)
class Strand:
    """An arrow laid through the ranks, its spots from left to right whichever way it points."""

    arrow: Arrow
    spots: tuple[Spot, ...]
    words: Spot
    backward: bool


@dataclass(eq=False, slots=True)
class Sketch:
    """All spots by rank, from top to bottom, and the arrows through them."""

    ranks: list[list[Spot]]
    strands: list[Strand]
    before: dict[Spot, list[Spot]] = field(default_factory=dict)
    after: dict[Spot, list[Spot]] = field(default_factory=dict)


def text_width(text: str, size: int) -> int:
    """Chinese letters and signs are as wide as high, Latin ones about three fifths of that."""
    tenths = sum(6 if ord(letter) < 0x2000 else 10 for letter in text)
    return (tenths * size + 9) // 10


def word_lines(arrow: Arrow) -> list[str]:
    """The words of an arrow, one line for each step; a long one breaks after its comma."""
    return [line for step in arrow.steps for line in _broken(step.words)]


def _broken(words: str) -> list[str]:
    head, comma, tail = words.partition("，")
    return [head + comma, tail] if comma and len(words) > _LONG else [words]


def sketch(diagram: Diagram) -> Sketch:
    """Spots for everything, each rank in the order of declaration."""
    layers = _layers(diagram)
    spots = {code: _spot(diagram, code, layer) for code, layer in layers.items()}
    drawn = Sketch([[] for _ in range(2 * max(layers.values()) + 1)], [])
    declared = _declared(diagram)
    for spot in (spots[code] for code in declared):
        drawn.ranks[spot.rank].append(spot)
    for arrow in sorted(diagram.arrows, key=lambda a: (declared.index(a.source), declared.index(a.target))):
        if arrow.source != arrow.target:
            drawn.strands.append(_strand(drawn.ranks, arrow, spots[arrow.source], spots[arrow.target]))
    _connect(drawn)
    return drawn


def _declared(diagram: Diagram) -> list[str | None]:
    return [None, *(node.code for node in diagram.nodes)]


def _spot(diagram: Diagram, code: str | None, layer: int) -> Spot:
    node = next((n for n in diagram.nodes if n.code == code), None)
    if node is None:
        return Spot(2 * layer, 2 * _START_RADIUS, _START_RADIUS, _START_RADIUS)
    loops = [text_width(f"↻ {step.words}", WORD_SIZE) for step in diagram.loops(node.code)]
    width = max([text_width(node.label, STATE_SIZE), *loops]) + 2 * PADDING
    height = _HEAD_HEIGHT + len(loops) * LINE + (4 if loops else 0)
    return Spot(2 * layer, max(width, _LEAST_WIDTH), height // 2, height - height // 2, node)


def _strand(ranks: list[list[Spot]], arrow: Arrow, source: Spot, target: Spot) -> Strand:
    """The words stand next to the state the arrow leaves: there one looks for what can be done."""
    backward = source.rank > target.rank
    left, right = (target, source) if backward else (source, target)
    bends = [Spot(rank, is_bend=True) for rank in range(left.rank + 1, right.rank)]
    words = bends[-1] if backward else bends[0]
    lines = word_lines(arrow)
    words.width = max(text_width(line, WORD_SIZE) for line in lines) + 2 * CLEARANCE
    words.above = len(lines) * LINE + CLEARANCE
    for bend in bends:
        ranks[bend.rank].append(bend)
    return Strand(arrow, (left, *bends, right), words, backward)


def _connect(drawn: Sketch) -> None:
    for spot in (s for rank in drawn.ranks for s in rank):
        drawn.before[spot], drawn.after[spot] = [], []
    for strand in drawn.strands:
        for left, right in pairwise(strand.spots):
            drawn.after[left].append(right)
            drawn.before[right].append(left)


def _layers(diagram: Diagram) -> dict[str | None, int]:
    """Steps from the start by the longest way that never turns back, so that no arrow stays within a layer."""
    order = _onward(diagram)
    place = {code: index for index, code in enumerate(order)}
    layers = dict.fromkeys(order, 0)
    pairs = [(a.source, a.target) for a in diagram.arrows if a.source != a.target]
    onward = sorted((sorted(pair, key=place.__getitem__) for pair in pairs), key=lambda pair: place[pair[0]])
    for left, right in onward:
        layers[right] = max(layers[right], layers[left] + 1)
    return layers


def _onward(diagram: Diagram) -> list[str | None]:
    """All states so that few arrows point back: depth first from the start, in the order of declaration."""
    declared, order, seen = _declared(diagram), [], set()

    def visit(code: str | None) -> None:
        seen.add(code)
        targets = {a.target for a in diagram.arrows if a.source == code}
        for target in declared:
            if target in targets and target not in seen:
                visit(target)
        order.append(code)

    visit(None)
    return order[::-1]


def spots_of(ranks: Iterable[Iterable[Spot]]) -> list[Spot]:
    """All of them, from left to right and top to bottom."""
    return [spot for rank in ranks for spot in rank]
