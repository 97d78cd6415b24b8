"""A paper as PDF/A-2b. The same paper gives the same bytes.

In plain PDF a character that no font has is a box that nobody sees; PDF/A names it. With no font at all the text would
be empty, with a warning: so every warning is a failure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Literal

from mediation_engine.domain.paper import Paper
from mediation_engine.errors import FontsMissing, PaperUnfit
from mediation_engine.papers.fonts import FONTS

from .parts import CODE_SAYS, code_svg, data_of, made_at

UNKNOWN = re.compile(r'the text `"(.+?)"` could not be displayed')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
STANDARD: Literal["a-2b"] = "a-2b"


def pdf(paper: Paper, fonts: Sequence[str] = FONTS, folio: int = 0) -> bytes:
    """Draw it; with `folio` as part of a dossier, in which its first page has that number.

    Raises:
        FontsMissing: the machine has no font of ours for Chinese.
        PaperUnfit: a character is in none of the fonts, or it cannot be drawn otherwise.
    """
    given = data_of(paper) | {"code": code_svg(paper), "code-says": CODE_SAYS, "folio": folio}
    return compiled("paper.typ", given, paper, fonts)


def compiled(source: str, given: Mapping[str, Any], about: Paper, fonts: Sequence[str]) -> bytes:
    """What one of our sources makes of some data, as a PDF of the day and title of a paper. As above."""
    import typst

    here = [name for name in fonts if name in _families()]
    if not here:
        raise FontsMissing(wanted="、".join(fonts))
    inputs = {"given": json.dumps(given, ensure_ascii=False), "fonts": json.dumps(here)}
    try:
        made, warnings = typst.compile_with_warnings(
            _source(source), format="pdf", sys_inputs=inputs, pdf_standards=[STANDARD], timestamp=made_at(about)
        )
    except typst.TypstError as fault:
        lacking = _lacking(fault.message)
        why = _said(lacking) if lacking else fault.message.splitlines()[0]
        raise PaperUnfit(title=about.title, why=why, lacking=lacking) from fault
    if warnings or not isinstance(made, bytes):
        raise PaperUnfit(title=about.title, why="；".join(it.message for it in warnings) or "没有生成")
    return made


def _lacking(message: str) -> str:
    """The characters that no font has, by what the compiler says; empty where it says something else."""
    found = UNKNOWN.search(message)
    return ESCAPED.sub(lambda it: chr(int(it[1], 16)), found[1]) if found else ""


def _said(lacking: str) -> str:
    """Which characters no font has, and their numbers for whoever has to look them up."""
    return f"没有一种字体能显示“{lacking}”（{'、'.join(f'U+{ord(one):04X}' for one in lacking)}）"


@cache
def _source(name: str) -> bytes:
    return resources.files(__package__).joinpath(name).read_bytes()


@cache
def _families() -> frozenset[str]:
    import typst

    return frozenset(typst.Fonts(include_embedded_fonts=False).families())
