"""Erasing words: by the lead, for a reason, on record; the words go, the record stays whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mediation_engine.adapters.sql import SqlStore
from mediation_engine.domain.correcting import StrikeOrder
from mediation_engine.domain.erasing import ErasureGround
from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.errors import CommandIdReused, CommandNotAllowed, GuardRefused, Refused
from mediation_engine.record.sealing import ERASED, MISSING
from mediation_engine.services.maintenance import audit_store, checkpoint
from workflows.parts.block import RecordTalk
from workflows.parts.erasure import EraseTexts, Keeping, TextRow
from workflows.phases.endings import WithdrawApplication

from ..support.story import Story, erase

SAID, KEPT = "只要八千就算了", "老板上周找过我"


@pytest.fixture
def told(story: Story) -> Story:
    """Two things said in private."""
    story.accepted()
    story.do(RecordTalk(party="party/1", said=Text(SAID)))
    story.do(RecordTalk(party="party/1", said=Text(KEPT)), "block/1")
    return story


def order(*texts: str, **given: Any) -> EraseTexts:
    fields = {"ground": ErasureGround.EXPIRED, "basis": Text("第47条"), "reason": Text("期满")} | given
    return EraseTexts(texts=tuple(TextRow(text=id) for id in texts), **fields)


def ids(story: Story) -> dict[str | None, str]:
    with story.store.read() as unit:
        return {text.words: id for id, text in unit.record.texts(story.name).items()}


def test_the_words_go_with_their_salt_and_who_and_why_stay(told: Story) -> None:
    id = ids(told)[SAID]
    told.do(order(id, keeping=Keeping.SHORT), by=Office.LEAD)
    with told.store.read() as unit:
        text = unit.record.texts(told.name)[id]
    assert (text.words, text.salt) == (None, None)
    line = told.view(Office.AUDITOR).lines[-1]
    assert line.line.actor == "wang"
    assert (line.given.ground, line.given.keeping) == (ErasureGround.EXPIRED, Keeping.SHORT)
    assert told.view(Office.AUDITOR).words
    assert all(f.known for _, found in audit_store(told.store, told.door.catalogue) for f in found)


def test_pages_say_whether_words_were_erased_or_are_missing(told: Story) -> None:
    erased, missing = ids(told)[SAID], ids(told)[KEPT]
    erase(told, SAID)
    with told.store.write() as unit:
        unit.record.erase_text(told.name, missing)
    words = told.view(Office.MEDIATOR).words
    assert (words[erased], words[missing]) == (ERASED, MISSING)
    assert told.door.words(told.name, Office.MEDIATOR) == words


def test_only_the_lead_erases(told: Story) -> None:
    with pytest.raises(CommandNotAllowed, match="由室主任办理"):
        told.do(order(ids(told)[SAID]))


def test_which_words_has_to_be_said(told: Story) -> None:
    with pytest.raises(GuardRefused, match="请写明要删的是哪几段文字"):
        told.do(order(), by=Office.LEAD)


def test_words_named_twice_are_erased_once(told: Story) -> None:
    id = ids(told)[SAID]
    told.do(order(id, id), by=Office.LEAD)
    assert SAID not in ids(told)


def test_what_is_no_text_of_the_case_is_refused_and_nothing_goes(told: Story) -> None:
    with pytest.raises(GuardRefused, match="本案没有编号为 nothing 的文字"):
        told.do(order(ids(told)[SAID], "nothing"), by=Office.LEAD)
    assert SAID in ids(told)
    preview = told.door.preview(told.order(order("nothing"), by=Office.LEAD))
    assert preview.refused is not None


def test_a_closed_case_is_erased_from_too(told: Story) -> None:
    told.do(WithdrawApplication(), by=Office.MEDIATOR)
    assert told.case.facts.closed
    erase(told, SAID)
    assert told.case.facts.closed
    assert SAID not in ids(told)


def test_what_was_erased_can_be_erased_again_after_an_older_backup_came_back(told: Story) -> None:
    id = ids(told)[SAID]
    with told.store.read() as unit:
        kept = unit.record.texts(told.name)[id]
    erase(told, SAID)
    with pytest.raises(GuardRefused, match="已经删除过"):
        told.do(order(id), by=Office.LEAD)
    told.store._tables.texts[told.name, id] = kept  # type: ignore[attr-defined]
    told.do(order(id), by=Office.LEAD)
    assert SAID not in ids(told)
    assert all(f.known for _, found in audit_store(told.store, told.door.catalogue) for f in found)


def test_an_erasure_is_not_taken_back(told: Story) -> None:
    first = erase(told, SAID).first
    with pytest.raises(Refused):
        told.do(StrikeOrder(order=first, reason=Text("误删")), by=Office.LEAD)


def test_the_same_order_again_gets_the_same_answer(told: Story) -> None:
    given = told.order(order(ids(told)[SAID]), by=Office.LEAD)
    assert told.door.submit(given) == told.door.submit(given)


def test_the_order_that_said_it_given_again_gets_its_answer_and_brings_nothing_back(told: Story) -> None:
    given = told.order(RecordTalk(party="party/1", said=Text("说漏了嘴")), "block/1")
    receipt = told.door.submit(given)
    erase(told, "说漏了嘴")
    assert told.door.submit(given) == receipt
    assert "说漏了嘴" not in ids(told)


def test_another_order_under_its_number_is_still_told_from_it(told: Story) -> None:
    given = told.order(RecordTalk(party="party/1", said=Text("说漏了嘴")), "block/1")
    told.door.submit(given)
    erase(told, "说漏了嘴")
    with pytest.raises(CommandIdReused):
        told.door.submit(replace(given, on=(), command=RecordTalk(party="party/2", said=Text("说漏了嘴"))))


def test_a_checkpoint_names_what_an_order_erased_and_not_what_is_missing(told: Story) -> None:
    erased, missing = ids(told)[SAID], ids(told)[KEPT]
    erase(told, SAID)
    with told.store.write() as unit:
        unit.record.erase_text(told.name, missing)
    stands = checkpoint(told.store, catalogue=told.door.catalogue)[1]
    assert stands.erased == {told.name: (erased,)}
    assert checkpoint(told.store, {"elsewhere"}, told.door.catalogue)[1].erased == {}


def test_nothing_of_it_is_left_in_the_files(kept: Story, sqlite: SqlStore, database: Path) -> None:
    kept.accepted().do(RecordTalk(party="party/1", said=Text(SAID)))
    files = [database, database.with_name(database.name + "-wal")]
    assert any(SAID.encode() in file.read_bytes() for file in files)
    erase(kept, SAID)
    assert not any(SAID.encode() in file.read_bytes() for file in files)
    with sqlite.write() as unit:
        assert unit.register.person("worker")
        unit.register.erase_person("worker")
    assert not any("王某".encode() in file.read_bytes() for file in files)
