"""The official papers, as declarations (司法部 人民调解文书格式; 劳动争议调解仲裁法; 浙江省劳动人事争议调解仲裁条例).

What is wanted of each is said where it is filled in; the sentences stand in ``wording.toml``.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from mediation_engine.domain.paper import PaperKind, Wording

from .afterwards import ADDRESS, CONFIRMATION, REPORT, SERVING, TERMINATION
from .agreement import AGREEMENT, ORAL
from .authority import ELECTION, MANDATE
from .opening import APPLICATION, INTAKE, RIGHTS
from .performance import RECEIPT, VISIT
from .talks import MINUTES

PAPERS: tuple[PaperKind, ...] = (
    *(APPLICATION, INTAKE, RIGHTS, MANDATE, ELECTION, MINUTES),
    *(AGREEMENT, ORAL, TERMINATION, RECEIPT, VISIT, CONFIRMATION, ADDRESS, SERVING, REPORT),
)
"""In the order of the dossier."""


@cache
def wording() -> Wording:
    """The sentences as the forms have them."""
    return tomllib.loads(resources.files(__name__).joinpath("wording.toml").read_text(encoding="utf-8"))
