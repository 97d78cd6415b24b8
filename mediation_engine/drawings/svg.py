"""A machine as an SVG of our own making: boxes, curves, words; whole numbers only."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from ..domain.machine import Machine
from .diagram import Diagram, Node, Step, diagram_of
from .layout import Layout, lay_out
from .legend import legend
from .ranks import CLEARANCE, LINE, Spot, Strand, word_lines

STYLE = """\
.machine-drawing { font-family: "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif; }
.machine-drawing .sheet { fill: #fff; }
.machine-drawing text { fill: #1f2a37; font-size: 12px; text-anchor: middle; }
.machine-drawing .heading { font-size: 20px; font-weight: 600; text-anchor: start; }
.machine-drawing .state { font-size: 16px; font-weight: 600; }
.machine-drawing .loop { fill: #4b5866; }
.machine-drawing .legend { fill: #4b5866; text-anchor: start; }
.machine-drawing .box { fill: #f5f7fa; stroke: #41505f; stroke-width: 1.5; }
.machine-drawing .final .box { fill: #fff; }
.machine-drawing .inner { fill: none; stroke: #41505f; stroke-width: 1; }
.machine-drawing .resting .inner { stroke: #7b8794; stroke-dasharray: 2 3; }
.machine-drawing .start, .machine-drawing .tip { fill: #41505f; }
.machine-drawing .line { fill: none; stroke: #41505f; stroke-width: 1.3; }
.machine-drawing .automatic .line { stroke-dasharray: 5 4; }
.machine-drawing .taken .line { stroke: #0b5394; stroke-width: 3; }
.machine-drawing .taken .tip { fill: #0b5394; }
.machine-drawing .taken .word, .machine-drawing .taken .state, .machine-drawing .loop.taken,
.machine-drawing .taken .legend { fill: #0b5394; font-weight: 700; }
.machine-drawing .taken .box { stroke: #0b5394; stroke-width: 2.5; }
"""
"""The drawing's own rules. A page that forbids style blocks serves them itself."""

_MARGIN, _HEADING, _FOOT, _LEAST_WIDTH = 24, 44, 40, 480
"""Around the sheet; for the heading above and the legend below the drawing; what the legend may fill at least."""
_TIP = 9
"""Length of an arrow's head."""

Visited = frozenset[tuple[str | None, str]]


def svg(machine: Machine, visited: Iterable[tuple[str | None, str]] = frozenset()) -> str:
    """The drawing; `visited` are the pairs of state codes (None: the start) a case has gone along."""
    drawn, taken = diagram_of(machine), frozenset(visited)
    layout = lay_out(drawn, _MARGIN, _MARGIN + _HEADING)
    foot = legend(drawn, _MARGIN, layout.bottom + _FOOT, max(layout.right, _LEAST_WIDTH), shows_case=bool(taken))
    body = [
        f'<text class="heading" x="{_MARGIN}" y="{_MARGIN + 18}">{escape(drawn.label)}</text>',
        *(
            _arrow(layout, strand, heights, taken)
            for strand, heights in zip(layout.strands, layout.heights, strict=True)
        ),
        *(_place(drawn, layout, spot, taken) for rank in layout.ranks for spot in rank if not spot.is_bend),
        *foot.lines,
    ]
    return _sheet(drawn, max(layout.right, foot.right) + _MARGIN, foot.bottom + _MARGIN, body)


def _sheet(drawn: Diagram, width: int, height: int, body: list[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="machine-drawing" role="img" lang="zh-CN" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    )
    title = f"<title>{escape(drawn.label)}：状态与步骤</title>"
    sheet = f'<rect class="sheet" width="{width}" height="{height}"/>'
    return "\n".join([head, title, f"<style>\n{STYLE}</style>", sheet, *body, "</svg>"]) + "\n"


def _arrow(layout: Layout, strand: Strand, heights: tuple[int, ...], taken: Visited) -> str:
    arrow = strand.arrow
    names = ["arrow", "automatic" * arrow.automatic, "taken" * ((arrow.source, arrow.target) in taken)]
    ends = f"data-from={quoteattr(arrow.source or '')} data-to={quoteattr(arrow.target)}"
    parts = [_curve(layout, strand, heights), _tip(layout, strand, heights), *_words(layout, strand)]
    return f'<g class="{" ".join(filter(None, names))}" {ends}>{"".join(parts)}</g>'


def _curve(layout: Layout, strand: Strand, heights: tuple[int, ...]) -> str:
    """Level through every column, bent only in the gaps between: there it can meet no box and no words."""
    first = strand.spots[0].rank
    x, y = layout.columns[first][1] + _TIP * strand.backward, heights[0]
    path = [f"M{x} {y}"]
    for step, height in enumerate(heights[1:], start=1):
        is_last = step == len(heights) - 1
        left, right = layout.columns[first + step]
        left -= _TIP * (is_last and not strand.backward)
        middle = (x + left) // 2
        path.append(f"H{left}" if height == y else f"C{middle} {y} {middle} {height} {left} {height}")
        path.append("" if is_last else f"H{right}")
        x, y = right, height
    return f'<path class="line" d="{"".join(path)}"/>'


def _tip(layout: Layout, strand: Strand, heights: tuple[int, ...]) -> str:
    y = heights[0 if strand.backward else -1]
    if strand.backward:
        return f'<path class="tip" d="M{layout.columns[strand.spots[0].rank][1]} {y}l{_TIP + 1} -4v8z"/>'
    return f'<path class="tip" d="M{layout.columns[strand.spots[-1].rank][0]} {y}l-{_TIP + 1} -4v8z"/>'


def _words(layout: Layout, strand: Strand) -> list[str]:
    """Above the line, in the middle of their column."""
    left, right = layout.columns[strand.words.rank]
    lines = word_lines(strand.arrow)
    base = strand.words.y - CLEARANCE - (len(lines) - 1) * LINE
    return [_text("word", (left + right) // 2, base + n * LINE, line) for n, line in enumerate(lines)]


def _place(drawn: Diagram, layout: Layout, spot: Spot, taken: Visited) -> str:
    left, right = layout.columns[spot.rank]
    node = spot.node
    if node is None:
        return f'<circle class="start" cx="{(left + right) // 2}" cy="{spot.y}" r="{spot.above}"/>'
    kinds = {"final": node.final, "resting": node.resting, "taken": any(node.code in pair for pair in taken)}
    names = " ".join(["node", *(name for name, holds in kinds.items() if holds)])
    parts = [_frame("box", left, right, spot, 0)]
    parts += [_frame("inner", left, right, spot, 4)] if node.final or node.resting else []
    parts += _inscription(node, drawn.loops(node.code), (left + right) // 2, spot, (node.code, node.code) in taken)
    return f'<g class="{names}" data-state={quoteattr(node.code)}>{"".join(parts)}</g>'


def _frame(name: str, left: int, right: int, spot: Spot, inset: int) -> str:
    x, y = left + inset, spot.y - spot.above + inset
    width, height = right - left - 2 * inset, spot.above + spot.below - 2 * inset
    return f'<rect class="{name}" x="{x}" y="{y}" width="{width}" height="{height}" rx="{8 - inset}"/>'


def _inscription(node: Node, loops: tuple[Step, ...], x: int, spot: Spot, repeated: bool) -> list[str]:
    """The state's label, and under it what can be done without leaving the state."""
    middle = spot.y + (spot.below - spot.above) // 2
    base = middle + 6 - (len(loops) * LINE + 4 * bool(loops)) // 2
    name = "loop taken" if repeated else "loop"
    lines = [_text(name, x, base + 4 + n * LINE, f"↻ {step.words}") for n, step in enumerate(loops, start=1)]
    return [_text("state", x, base, node.label), *lines]


def _text(name: str, x: int, y: int, words: str) -> str:
    return f'<text class="{name}" x="{x}" y="{y}">{escape(words)}</text>'
