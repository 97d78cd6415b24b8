"""One look at a case: what it holds is what the record holds at one moment, whatever the door remembers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.case import Case
from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import STAFF_OFFICES, Office
from mediation_engine.errors import CaseNotFound, LineUnreadable
from mediation_engine.ports.register import Person
from mediation_engine.ports.store import Store
from mediation_engine.services.case_cache import RecentCases
from workflows.facts import MediationFacts
from workflows.parts.block import RecordTalk
from workflows.parts.member import InviteMember
from workflows.parts.note import RecordNote
from workflows.parts.party import JoinCase, TellRights
from workflows.vocabulary import Side

from ...support.story import ROOM, WORKER, Story
from ...workflows.test_walk import walk

GUEST = Person(id="guest", name="客人", kind=PartyKind.PERSON)


@pytest.fixture
def told(store: Store, clock: FixedClock) -> Story:
    return Story(store, clock).effective()


def test_a_view_folds_to_the_case_that_the_door_has(told: Story) -> None:
    whole = told.case
    assert told.view(Office.MEDIATOR).case == whole
    told.door.recent = RecentCases()
    assert told.view(Office.MEDIATOR).case == whole, "nothing is remembered"
    told.door.recent, early = RecentCases(), told.door.recent
    told.do(TellRights(), "party/1")
    told.door.recent = early
    view = told.view(Office.MEDIATOR)
    assert view.case.version == whole.version + 1
    assert view.case == told.case, "what is remembered is not the newest"
    assert told.door.recent.get("A1").case is view.case  # type: ignore[union-attr]


def test_what_is_remembered_of_another_record_is_not_believed(told: Story) -> None:
    view = told.view(Office.MEDIATOR)
    kept = told.door.recent.get("A1")
    assert kept is not None
    forged = kept.case.copy()
    forged.digest, forged.facts.number = b"x" * 32, "另一件"
    told.door.recent.keep(replace(kept, case=forged))
    assert told.view(Office.MEDIATOR).case == view.case


@pytest.mark.parametrize("seed", range(3))
def test_a_view_goes_back_to_any_line_by_itself(seed: int) -> None:
    story = walk(seed, 20)
    view = story.view(Office.MEDIATOR)
    assert [it.line for it in view.lines] == story.lines
    assert view.at(0) == Case("A1", facts=MediationFacts())
    for line in story.lines:
        then = view.at(line.version)
        then.digest = story.door.case("A1", line.version).digest
        assert then == story.door.case("A1", line.version)


def test_a_view_names_parties_members_and_others_a_line_names_in_that_order(told: Story) -> None:
    told.door.submit(told.order(JoinCase(person=GUEST.id, side=Side.RESPONDENT)), [GUEST])
    mentor = Person(id="elder", name="老陈", kind=PartyKind.PERSON)
    told.door.submit(told.order(InviteMember(role="mentor", person=mentor.id)), [mentor])
    view = told.view(Office.AUDITOR)
    assert view.parties == ["王某", "某五金厂", "客人"]
    assert list(view.people) == ["worker", "firm", "guest", "elder"]
    assert {view.names["party/1"], view.names[WORKER.id]} == {"王某"}
    assert (view.names[ROOM.id], view.names["mentor"]) == (ROOM.name, "社会基层治理导师")
    assert view.organisations[ROOM.id] == ROOM.name
    assert view.actors["li"] == "李调解"


def test_a_view_holds_the_words_that_its_office_may_read(told: Story) -> None:
    told.do(RecordTalk(party="party/1", said=Text("最少八千")))
    told.do(RecordNote(words=Text("记一笔")))
    assert "最少八千" in told.view(Office.MEDIATOR).words.values()
    for office in STAFF_OFFICES:
        assert told.view(office).words == told.door.words("A1", office)
    assert "最少八千" not in told.view(Office.AUDITOR).words.values()


def test_an_outline_for_a_list_holds_names_and_nobodys_words(told: Story) -> None:
    told.do(RecordNote(words=Text("记一笔")))
    [outline] = told.door.outlines(["A1"], Office.MEDIATOR)
    assert outline.case == told.case
    assert outline.parties == ["王某", "某五金厂"]
    assert (outline.lines, outline.words) == ((), {})
    with pytest.raises(CaseNotFound):
        told.door.outlines(["A1", "A9"], Office.MEDIATOR)


def test_there_is_no_view_of_a_case_that_does_not_exist(told: Story) -> None:
    with pytest.raises(CaseNotFound, match="A9"):
        told.door.view("A9", Office.MEDIATOR)


def test_of_a_damaged_record_there_is_a_view_up_to_where_it_can_be_read(story: Story) -> None:
    story.effective()
    assert isinstance(story.store, MemoryStore)
    orders, lines = story.store._tables.orders["A1"], len(story.lines)
    broken = next(n for n, order in enumerate(orders) if order.first == 8)
    orders[broken] = structs.replace(orders[broken], body=b"{")
    with pytest.raises(LineUnreadable):
        story.view(Office.MEDIATOR)
    view = story.door.view_of_record("A1", Office.AUDITOR)
    assert (len(view.lines), view.stored) == (7, lines)
    assert view.case.version == 7
    orders[0] = structs.replace(orders[0], body=b"{")
    view = story.door.view_of_record("A1", Office.AUDITOR)
    assert (view.lines, view.stored, view.workflow) == ((), lines, None)
    assert view.case.facts.organisation == ROOM.id, "whose it is stands in the list, too"


def test_a_preview_is_a_view_of_what_would_be(told: Story) -> None:
    order = told.order(RecordNote(words=Text("记一笔")))
    preview = told.door.preview(order)
    assert preview.view is not None
    assert "记一笔" in dict(preview.view.teller.line(preview.view.lines[0]).details).values()
    receipt = told.door.submit(order)
    view = told.door.view_of_receipt(receipt, Office.MEDIATOR)
    telling = [told.view(Office.MEDIATOR).teller.line(it) for it in view.lines]
    assert [view.teller.line(it) for it in view.lines] == telling
    assert [preview.view.teller.line(it) for it in preview.view.lines] == telling


def test_a_preview_names_whom_it_would_enter(told: Story) -> None:
    order = told.order(JoinCase(person=GUEST.id, side=Side.RESPONDENT))
    view = told.door.preview(order, [GUEST]).view
    assert view is not None
    assert view.parties == ["王某", "某五金厂", "客人"]
    assert view.teller.line(view.lines[0]).about == "客人"
