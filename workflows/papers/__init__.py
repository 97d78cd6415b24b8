"""The official papers, as declarations (司法部 人民调解文书格式; 劳动争议调解仲裁法; 浙江省劳动人事争议调解仲裁条例).

What is wanted of each is said where it is filled in; the sentences stand in ``wording.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any

from mediation_engine.domain.paper import PaperKind, Wording

from .afterwards import ADDRESS, CONFIRMATION, REPORT, SERVING, TERMINATION
from .agreement import AGREEMENT, ORAL
from .authority import ELECTION, MANDATE
from .binding import BACK, COVER, INDEX
from .opening import APPLICATION, INTAKE, RIGHTS
from .performance import RECEIPT, VISIT
from .talks import MINUTES

PAPERS: tuple[PaperKind, ...] = (
    *(COVER, INDEX, APPLICATION, INTAKE, RIGHTS, MANDATE, ELECTION, MINUTES),
    *(AGREEMENT, ORAL, TERMINATION, RECEIPT, VISIT, CONFIRMATION, ADDRESS, SERVING, REPORT, BACK),
)
"""In the order of the dossier."""


@cache
def wording() -> Wording:
    """The sentences as the forms have them."""
    return tomllib.loads(resources.files(__name__).joinpath("wording.toml").read_text(encoding="utf-8"))


def wording_with(own: Mapping[str, Any]) -> Wording:
    """The sentences with a room's own in their place.

    Raises:
        ValueError: what is wrong with them, each with its name.
    """
    faults = [fault for name, words in own.items() for fault in _faults(name, words)]
    if faults:
        raise ValueError("；".join(faults))
    return {**wording(), **own}


def _faults(name: str, words: Any) -> Iterator[str]:
    usual = wording().get(name)
    if usual is None:
        yield f"没有叫 {name} 的句子"
    elif not isinstance(words, str) or not words.strip():
        yield f"{name} 应为文字"
    else:
        try:
            unknown = _places(words) - _places(usual)
        except ValueError:
            yield f"{name} 里的花括号不成对"
            return
        if unknown:
            there = "、".join(f"{{{place}}}" for place in sorted(_places(usual))) or "没有"
            yield f"{name} 里填不了 {'、'.join(sorted(unknown))}；能填的：{there}"


def _places(words: str) -> set[str]:
    """Names of what is filled in. ValueError."""
    parsed = [(place, more, how) for _, place, more, how in Formatter().parse(words) if place is not None]
    if any(more or how for _, more, how in parsed):
        raise ValueError
    return {place for place, _, _ in parsed}
