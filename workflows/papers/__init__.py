"""The official papers, as declarations (司法部 人民调解文书格式; 劳动争议调解仲裁法; 浙江省劳动人事争议调解仲裁条例).

What is wanted of each is said where it is filled in; the sentences stand in ``wording.toml``.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from mediation_engine.domain.paper import PaperKind, Wording

from .agreement import AGREEMENT

PAPERS: tuple[PaperKind, ...] = (AGREEMENT,)


@cache
def wording() -> Wording:
    """The sentences as the forms have them."""
    return tomllib.loads(resources.files(__name__).joinpath("wording.toml").read_text(encoding="utf-8"))
