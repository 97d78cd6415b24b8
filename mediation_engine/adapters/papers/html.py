"""A paper as a piece of a page, or as a page of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import count
from typing import Any

from mediation_engine.domain.paper import Paper
from mediation_engine.papers.text import cleaned

from .parts import blocks

WIDE = '<div class="wide" tabindex="0" role="region" aria-label="表{number}">'
"""Around a table that may be wider than a telephone; each is called otherwise."""


def article(paper: Paper) -> str:
    """It between the tags of an article; all words are escaped."""
    whole = cleaned(paper)
    return "".join(
        (
            f'<article class="paper{" large" if whole.large else ""}" lang="zh-CN">',
            _tag("p", whole.host, "host"),
            *(_tag("p", line, "letterhead") for line in whole.letterhead),
            _tag("h1", whole.title),
            _tag("p", whole.number, "number"),
            *_drawn(blocks(whole)),
            _tag("p", f"校验码 {whole.text_hash}" if whole.text_hash else "", "hash"),
            "</article>",
        )
    )


def page(paper: Paper, styles: str) -> str:
    """It as a page that needs nothing else."""
    head = f'<meta charset="utf-8"><title>{escape(paper.title)}</title><style>{styles}</style>'
    return f'<!doctype html><html lang="zh-CN"><head>{head}</head><body>{article(paper)}</body></html>'


def _drawn(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    numbers = count(1)
    for block in found:
        drawn = DRAWN[block["kind"]](block)
        yield WIDE.format(number=next(numbers)) + drawn + "</div>" if block["kind"] == "grid" else drawn


def _tag(name: str, words: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f"<{name}{named}>{escape(words)}</{name}>" if words else ""


def _paragraph(block: dict[str, Any]) -> str:
    return _tag("p", block["words"], block["style"])


def _entries(block: dict[str, Any]) -> str:
    rows = ("".join(f"<div>{_tag('dt', label)}{_tag('dd', value)}</div>" for label, value in r) for r in block["rows"])
    return f'<div class="entries">{"".join(f"<dl>{row}</dl>" for row in rows)}</div>'


def _grid(block: dict[str, Any]) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in block["head"])
    body = "".join(f"<tr>{_cells(row, block['head'])}</tr>" for row in block["rows"])
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(row: Iterable[str], head: Sequence[str]) -> str:
    """Each with its heading, which a telephone shows beside it."""
    pairs = zip(row, head, strict=True)
    return "".join(f'<td data-label="{escape(label)}">{escape(cell)}</td>' for cell, label in pairs)


def _signatures(block: dict[str, Any]) -> str:
    rows = "".join(f"<div><span>{escape(a)}</span><span>{escape(b)}</span></div>" for a, b in block["rows"])
    return f'<div class="signatures">{rows}{_tag("p", block["seal"], "right")}{_tag("p", block["day"], "right")}</div>'


def _ruled(block: dict[str, Any]) -> str:
    return '<hr class="ruled">' * int(block["lines"])


def _space(block: dict[str, Any]) -> str:
    return '<p class="space">&nbsp;</p>' * int(block["lines"])


DRAWN = {
    "paragraph": _paragraph,
    "entries": _entries,
    "grid": _grid,
    "signatures": _signatures,
    "ruled": _ruled,
    "space": _space,
}
