"""Every paper of the made-up room and of the reported cases, drawn; what stands on it is what was put in."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.adapters.papers.pdf import FONTS, pdf
from mediation_engine.adapters.papers.word import docx
from mediation_engine.clock import FixedClock
from mediation_engine.domain.paper import Binding, Paper
from mediation_engine.domain.roles import Office
from mediation_engine.ids import seeded_randomness
from mediation_engine.services.mediation import MediationService
from mediation_engine.services.people import People
from web import wiring
from web.case_import.importer import take_reports
from web.case_import.samples import reported_cases
from web.presenters.papers import desk_of, filled_as, listed
from workflows.papers import wording

from ...support.exhibits import ROOM_KEY
from ...support.papers import flat, put_in, read_pdf, read_word_file, relations_of
from ...support.thorough import some
from .test_demo_world import MONDAY, told

typst = pytest.importorskip("typst")
pytestmark = pytest.mark.skipif(
    not set(FONTS) & set(typst.Fonts(include_embedded_fonts=False).families()), reason="no font for Chinese"
)
ONE_IN, TOGETHER = 12, 40


@cache
def reported() -> MediationService:
    """The reported cases, taken in once."""
    door = wiring.door(MemoryStore(FixedClock(MONDAY)), seeded_randomness(1))
    take_reports(door, reported_cases())
    return door


def papers_of(door: MediationService) -> list[tuple[str, Paper]]:
    """Every paper that can be made of every case."""
    with door.store.read() as unit:
        reader = next((it for it in unit.register.actors() if Office.LEAD in it.offices), None)
        cases, people = list(unit.record.cases()), People(door.store, ROOM_KEY, door.randomness)
    found = []
    for case in cases:
        view = door.view(case, Office.LEAD)
        for it in listed(view):
            as_read = door.view(case, filled_as(view, it.code), reader)
            given = {"wordings": wording(), "public_url": "https://example.cn", "whole": True}
            desk = desk_of(as_read, door.store, people, **given)  # type: ignore[arg-type]
            found.append((it.code, desk.filled(it.code, it.key)))
    return found


@cache
def everything() -> list[tuple[str, Paper]]:
    return [*papers_of(told(MONDAY).door), *papers_of(reported())]


def test_there_is_a_case_for_every_kind_of_paper() -> None:
    kinds = [kind for workflow in told(MONDAY).door.catalogue.workflows.values() for kind in workflow.papers]
    assert {code for code, _ in everything()} == {it.code for it in kinds if it.binds is not Binding.INDEX}


def test_every_paper_says_in_every_form_what_was_put_in() -> None:
    first = dict(reversed(everything()))
    for paper in (*first.values(), *(paper for _, paper in some(everything(), ONE_IN))):
        words, _ = read_pdf(pdf(paper), paper)
        assert words == put_in(paper), paper.title
        word_file = docx(paper)
        assert set(flat("".join(read_word_file(word_file)))) >= set(put_in(paper)), paper.title
        assert 'TargetMode="External"' not in relations_of(word_file)


@pytest.mark.skipif(not shutil.which("soffice"), reason="no LibreOffice")
def test_a_word_processor_opens_them_and_shows_all_that_was_put_in(tmp_path: Path) -> None:
    chosen = [paper for _, paper in some(everything(), len(everything()) // 10)]
    assert len(chosen) >= 10
    for number, paper in enumerate(chosen):
        tmp_path.joinpath(f"{number}.docx").write_bytes(docx(paper))
    files = sorted(tmp_path.glob("*.docx"))
    profile = f"-env:UserInstallation={tmp_path.joinpath('profile').as_uri()}"
    how = ("--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path))
    for first in range(0, len(files), TOGETHER):  # it opens no more at once, and says nothing
        some_files = map(str, files[first : first + TOGETHER])
        subprocess.run(["soffice", profile, *how, *some_files], check=True, capture_output=True, timeout=900)
    for file in files:
        shown = file.with_suffix(".txt").read_text(encoding="utf-8-sig")
        assert flat(shown) == flat("".join(read_word_file(file.read_bytes()))), file.stem


def test_nothing_unfilled_is_left_in_a_sentence() -> None:
    for code, paper in everything():
        words = put_in(paper)
        for sign in ("{", "}", "None", "（内容不公开）", "party/", "PartyKind", "text:"):
            assert sign not in words, (code, sign)
