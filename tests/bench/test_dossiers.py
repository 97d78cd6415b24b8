"""The bench of dossiers, with few photos: bound within its bound of memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader

from bench.dossiers import MOST_MEGABYTES, timed, told
from mediation_engine.adapters.papers.pdf import FONTS
from tests.support.papers import flat

typst = pytest.importorskip("typst")
pytestmark = pytest.mark.skipif(
    not set(FONTS) & set(typst.Fonts(include_embedded_fonts=False).families()), reason="no font for Chinese"
)
PHOTOS = 12


def test_photos_are_bound_without_being_held_together(tmp_path: Path) -> None:
    told(tmp_path, PHOTOS)
    _, megabytes = timed(tmp_path, "make", tmp_path / "whole.pdf")
    assert megabytes < MOST_MEGABYTES
    words = [flat(page.extract_text()) for page in PdfReader(tmp_path / "whole.pdf").pages]
    assert sum("身份证明：身份证正面" in page and "材料" not in page for page in words) == PHOTOS
