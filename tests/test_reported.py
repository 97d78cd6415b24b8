"""Three real, publicly reported cases, run in their own order: what each history must say, from the report."""

from __future__ import annotations

from typing import Any

import pytest

from mediation_engine.domain.facts import TermKind
from mediation_engine.domain.line import Line, Provenance
from mediation_engine.sealing import TextRef
from mediation_engine.upkeep import audit_store
from web import reported
from web.samples import reported_cases

from .story import Story


def run(story: Story, name: str) -> list[Line]:
    reported.run(story.door, report(name), name)
    story.name = name
    return story.lines


def report(name: str) -> dict[str, Any]:
    return next(r for r in reported_cases() if name in r["id"])


def ordered(lines: list[Line]) -> list[tuple[str, Provenance]]:
    return [(line.command, line.provenance) for line in lines if line.command]


def defects(lines: list[Line]) -> set[str]:
    return {d.code for line in lines for d in line.defects if not d.unjudged}


def words(story: Story) -> list[str]:
    with story.store.read() as unit:
        return [t.words or "" for t in unit.record.texts(story.name).values()]


def test_sanfu_is_settled_by_word_of_mouth_with_no_sum_and_no_number_of_days(story: Story) -> None:
    lines = run(story, "sanfu")
    assert ordered(lines) == [
        ("RegisterCase", Provenance.REPORTED),
        ("AcceptCase", Provenance.ASSUMED),
        ("RecordSession", Provenance.REPORTED),
        ("ReachAgreement", Provenance.REPORTED),
        ("AdoptOrally", Provenance.INFERRED),
    ]
    case = story.case
    agreement = case.facts.agreements["agreement/1"]
    assert agreement.total is None
    assert agreement.effective is not None
    assert agreement.effective.text == ".."
    assert [t.kind for t in agreement.terms] == [TermKind.ACT, TermKind.ACT]
    assert {"队员认识到错误", "队长今后管理中冷静处理"} <= set(words(story))
    assert case.phase == "follow_up/1"
    assert defects(lines) == {"rights_told"}, "no notice of rights is reported; that is marked, not made up"


def test_meicun_stays_open_where_the_report_ends(story: Story) -> None:
    lines = run(story, "meicun")
    assert [command for command, _ in ordered(lines)] == ["RegisterCase", "AcceptCase", "ReachAgreement"]
    assert {provenance for _, provenance in ordered(lines)} == {Provenance.REPORTED}
    case = story.case
    assert case.state("agreement/1") == "reached", "nobody reports who signed: no effect is declared"
    assert case.facts.agreements["agreement/1"].total == 75_000_000
    assert case.facts.agreements["agreement/1"].reached.text == "2019-10-31"
    (term,) = case.facts.agreements["agreement/1"].terms
    assert (term.payer, term.payee, term.amount, term.due) == ("party/2", "party/1", 75_000_000, None)
    assert case.facts.parties["party/1"].count is None
    assert case.phase == "mediation/1"
    assert not case.facts.sessions, "no session is reported, so there is none"


def test_yuanan_is_paid_first_and_confirmed_by_the_court_afterwards(story: Story) -> None:
    lines = run(story, "yuanan")
    assert ordered(lines) == [
        ("RegisterCase", Provenance.REPORTED),
        ("AcceptCase", Provenance.ASSUMED),
        ("RecordSession", Provenance.REPORTED),
        ("ReachAgreement", Provenance.REPORTED),
        ("RecordPayment", Provenance.REPORTED),
        ("RecordConfirmed", Provenance.REPORTED),
    ]
    case = story.case
    assert case.state("agreement/1") == "effective"
    assert case.state("obligation/1") == "performed"
    assert case.state("obligation/2") == "pending"
    assert case.facts.obligations["obligation/2"].kind is TermKind.CONTINGENT
    assert case.facts.obligations["obligation/2"].amount is None
    assert {"host_fits_track", "agreement_in_effect", "filed_before", "rights_told"} == defects(lines)


@pytest.mark.parametrize("name", ["sanfu", "meicun", "yuanan"])
def test_every_word_of_the_timeline_is_kept(story: Story, name: str) -> None:
    run(story, name)
    kept = words(story)
    for entry in report(name)["timeline"]:
        assert any(entry["note_zh"] in w for w in kept)
    assert any(report(name)["summary_en_zh"] in w for w in kept)


@pytest.mark.parametrize("name", ["sanfu", "meicun", "yuanan"])
def test_a_second_run_adds_nothing_and_the_audit_knows_every_defect(story: Story, name: str) -> None:
    first = run(story, name)
    assert run(story, name) == first
    (findings,) = [f for _, f in audit_store(story.store, story.door.catalogue)]
    assert [f for f in findings if not f.known] == []


def test_no_name_and_no_free_words_stand_in_a_line(story: Story) -> None:
    for name in ("sanfu", "meicun", "yuanan"):
        lines = run(story, name)
        spoken = "".join(words(story))
        for line in lines:
            data = line.data.decode()
            assert not any(person["name_masked"] in data for person in report(name)["disputants"])
            for part in data.split('"'):
                ref = TextRef.read(part)
                assert ref is not None or not (len(part) > 8 and part in spoken)
