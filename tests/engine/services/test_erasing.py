"""Somebody is erased with what is only theirs, and what everybody in the case was given stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from mediation_engine.audit import Fault
from mediation_engine.clock import FixedClock
from mediation_engine.domain.erasing import ErasureGround
from mediation_engine.domain.fields import Readers, Text
from mediation_engine.domain.roles import Office
from mediation_engine.errors import ExhibitNotFound, OfficeNotHeld, PersonNeeded, RulesNotInForce
from mediation_engine.ids import seeded_randomness
from mediation_engine.ports.store import Store
from mediation_engine.services.erasing import erase_person
from mediation_engine.services.maintenance import audit_chains, audit_store
from mediation_engine.services.people import People
from workflows.phases.endings import CloseAsMistaken
from workflows.vocabulary import ExhibitKind

from ...support.exhibits import ROOM_KEY, Shelved
from ...support.files import photo
from ...support.story import STAFF, Story

WHY = {"ground": ErasureGround.WITHDRAWN, "basis": "个人信息保护法第47条", "reason": "本人申请"}
LEAD = STAFF[Office.LEAD]


@pytest.fixture
def shelved(store: Store, clock: FixedClock, tmp_path: Path) -> Shelved:
    """An identity card of each, a photo for the worker alone, and one of his for everybody."""
    made = Shelved(Story(store, clock).accepted(), tmp_path / "exhibits")
    made.file(photo("card"), kind=ExhibitKind.IDENTITY, party="party/1")
    made.file(photo("own"), readers=Readers.OWN, party="party/1")
    made.file(photo("owed"), party="party/1")
    made.file(photo("licence"), kind=ExhibitKind.IDENTITY, party="party/2")
    return made


def erase(shelved: Shelved, who: str = "worker", by: Office = Office.LEAD) -> int:
    people = People(shelved.story.store, ROOM_KEY, seeded_randomness(1))
    return erase_person(shelved.story.door, people, STAFF[by], who, **WHY)[1]  # type: ignore[arg-type]


def test_what_is_only_theirs_goes_with_them_by_an_order_and_the_rest_stays(shelved: Shelved) -> None:
    story = shelved.story
    story.do(CloseAsMistaken(reason=Text("误登记")), by=Office.LEAD)
    ids = [shelved.id(key) for key in ("exhibit/1", "exhibit/2")]
    assert erase(shelved) == 2
    for id in ids:
        with pytest.raises(ExhibitNotFound):
            shelved.service.content(story.view(Office.LEAD), id)
    assert [shelved.read(key) for key in ("exhibit/3", "exhibit/4")] == [photo("owed"), photo("licence")]
    assert (story.lines[-1].event, story.lines[-1].actor) == ("ExhibitsErased", LEAD.id)
    found = [f for _, some in audit_store(story.store, story.door.catalogue) for f in some if not f.known]
    assert {f.fault for f in found} <= {Fault.ERASED}
    assert [some for _, some in audit_chains(story.store) if some] == []
    assert erase(shelved) == 0


def test_a_paper_filed_under_him_that_others_rest_on_stays(shelved: Shelved) -> None:
    shelved.file(photo("sheet"), kind=ExhibitKind.SIGNED, readers=Readers.HOST, party="party/1")
    shelved.story.do(CloseAsMistaken(reason=Text("误登记")), by=Office.LEAD)
    erase(shelved)
    assert shelved.read("exhibit/5") == photo("sheet")


def test_where_a_case_is_under_rules_that_are_gone_nothing_is_erased(
    shelved: Shelved, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelved.story.do(CloseAsMistaken(reason=Text("误登记")), by=Office.LEAD)
    monkeypatch.setattr(type(shelved.story.door.catalogue), "under", lambda self, rules: None)
    with pytest.raises(RulesNotInForce):
        erase(shelved)
    with shelved.story.store.read() as unit:
        assert unit.register.erasure("worker") is None


def test_where_he_cannot_be_erased_nothing_is(shelved: Shelved) -> None:
    with pytest.raises(PersonNeeded):
        erase(shelved)
    with pytest.raises(OfficeNotHeld):
        erase(shelved, by=Office.MEDIATOR)
    assert list(shelved.story.case.facts.files()) == [f"exhibit/{n}" for n in (1, 2, 3, 4)]
