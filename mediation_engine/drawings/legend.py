"""What the signs of a drawing mean: only those that occur in it, in rows no wider than they need to be."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

from .diagram import AUTOMATIC, Diagram
from .ranks import WORD_SIZE, text_width

_ROW, _BETWEEN = 24, 24
"""Height of a row, room between two entries."""

_BOX = '<rect class="box" x="{x}" y="{box}" width="26" height="16" rx="4"/>'
_INNER = '<rect class="inner" x="{inside}" y="{inner}" width="20" height="10" rx="2"/>'
_LINE = '<path class="line" d="M{x} {y}h26"/>'
_SIGNS = {
    "commanded": (_LINE, 34, "有人办理"),
    "automatic": (_LINE, 34, f"条件具备时自动发生（{AUTOMATIC}）"),
    "loop": ('<text class="loop" x="{letter}" y="{base}">↻</text>', 18, "办理后仍在原状态"),
    "final": (_BOX + _INNER, 34, "结局，不再变动"),
    "resting": (_BOX + _INNER, 34, "无须再办，可随案结案"),
    "taken": (_LINE, 34, "本案走过的路"),
}
"""A sample, where the words begin beside it, and the words."""


@dataclass(frozen=True, slots=True)
class Legend:
    """The finished lines and how far they reach."""

    lines: tuple[str, ...]
    right: int
    bottom: int


def legend(diagram: Diagram, left: int, top: int, widest: int, *, shows_case: bool) -> Legend:
    """Entries side by side, in a new row wherever one would reach beyond `widest`."""
    x, y, right, lines = left, top, left, []
    for sign in _occurring(diagram, shows_case):
        _, indent, words = _SIGNS[sign]
        width = indent + text_width(words, WORD_SIZE)
        if x > left and x + width > widest:
            x, y = left, y + _ROW
        lines.append(_entry(sign, x, y))
        right = max(right, x + width)
        x += width + _BETWEEN
    return Legend(tuple(lines), right, y + _ROW // 2)


def _occurring(diagram: Diagram, shows_case: bool) -> list[str]:
    steps = [step for arrow in diagram.arrows for step in arrow.steps]
    occurs = {
        "commanded": any(not step.automatic for step in steps),
        "automatic": any(step.automatic for step in steps),
        "loop": any(arrow.source == arrow.target for arrow in diagram.arrows),
        "final": any(node.final for node in diagram.nodes),
        "resting": any(node.resting for node in diagram.nodes),
        "taken": shows_case,
    }
    return [sign for sign in _SIGNS if occurs[sign]]


def _entry(sign: str, x: int, y: int) -> str:
    sample, indent, words = _SIGNS[sign]
    drawn = sample.format(x=x, y=y, letter=x + 6, base=y + 4, box=y - 8, inside=x + 3, inner=y - 5)
    return f'<g class="sign {sign}">{drawn}<text class="legend" x="{x + indent}" y="{y + 4}">{escape(words)}</text></g>'
