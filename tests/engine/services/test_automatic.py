"""What the worker does of itself: each once, by an office that nobody holds; what it may not do is put aside."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from mediation_engine.audit import audit
from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import STAFF_OFFICES, Actor, Office, offices_of
from mediation_engine.errors import GuardRefused, MediationError, RulesNotInForce
from mediation_engine.ports.messages import UNREADABLE
from mediation_engine.ports.register import Person
from mediation_engine.services.automatic import Done, take_steps, worker_of
from mediation_engine.services.due_sweep import sweep
from mediation_engine.services.maintenance import case_file
from mediation_engine.services.mediation import MediationService
from web.security.visit_links import issue_for_visit
from workflows.automatic import LEFT
from workflows.parts.note import RecordNote
from workflows.parts.visit import CancelVisit, EndEntrustment, EntrustVisit, MoveVisit

from ...contracts.samples import order as sample
from ...support.exhibits import ROOM_KEY
from ...support.story import STAFF, Story

DAY = timedelta(days=1)


@pytest.fixture
def sent(story: Story) -> Story:
    """Visit 1 of a case is entrusted to a grid worker."""
    story.effective()
    with story.store.write() as unit:
        unit.register.put_person(Person(id="grid", name="吴网格", kind=PartyKind.PERSON))
    story.do(EntrustVisit(person="grid", party="party/1"), "visit/1")
    return story


def due(story: Story, key: str = "visit/1") -> date:
    found = story.case.facts.visits[key].due
    assert found
    return found


def on(story: Story, day: date) -> Story:
    """The same on another day."""
    story.clock.now += day - story.clock.now.date()
    return story


def test_a_visit_left_undone_comes_back_to_the_room_some_days_after_its_day(sent: Story) -> None:
    assert take_steps(on(sent, due(sent) + LEFT * DAY).door) == Done()
    assert take_steps(on(sent, due(sent) + (LEFT + 1) * DAY).door) == Done(steps=1)
    assert (sent.state("visit/1"), sent.case.facts.visits["visit/1"].entrusted) == ("scheduled", None)
    assert (sent.lines[-1].event, sent.lines[-1].office) == ("EntrustmentEnded", "automatic")
    assert take_steps(sent.door) == Done()


def test_the_mediator_is_told_and_audit_finds_nothing(sent: Story) -> None:
    sweep(sent.store, sent.door.catalogue)
    take_steps(on(sent, due(sent) + (LEFT + 1) * DAY).door)
    sweep(sent.store, sent.door.catalogue)
    with sent.store.read() as unit:
        assert "EntrustmentEnded" in [it.topic for it in unit.messages.of("li")]
    assert [f for f in audit(case_file(sent.store, "A1"), sent.door.catalogue) if not f.known] == []


def test_nothing_is_taken_back_while_a_link_for_it_is_good(sent: Story) -> None:
    on(sent, due(sent) + 2 * DAY)
    issued = issue_for_visit(sent.door, ROOM_KEY, STAFF[Office.MEDIATOR], "A1", "visit/1", 10)
    assert take_steps(on(sent, issued.link.until).door) == Done()
    assert take_steps(on(sent, issued.link.until + DAY).door) == Done(steps=1)


@pytest.mark.parametrize("ending", [EndEntrustment(), MoveVisit(due=date(2099, 1, 1)), CancelVisit()])
def test_what_somebody_has_seen_to_is_left_alone(sent: Story, ending: Command) -> None:
    last = due(sent)
    sent.do(ending, "visit/1")
    before = len(sent.lines)
    assert take_steps(on(sent, last + 30 * DAY).door) == Done()
    assert len(sent.lines) == before


def test_many_workers_at_once_take_it_back_once(sent: Story) -> None:
    on(sent, due(sent) + 30 * DAY)
    workers = [MediationService(sent.store, sent.door.catalogue, sent.door.randomness) for _ in range(3)]
    assert sum(take_steps(worker).steps for worker in workers) == 1
    assert [line.event for line in sent.lines].count("EntrustmentEnded") == 1


def test_entrusted_anew_and_left_again_it_is_taken_back_again(sent: Story) -> None:
    on(sent, due(sent) + 30 * DAY)
    take_steps(sent.door)
    sent.do(EntrustVisit(person="grid", party="party/1"), "visit/1")
    assert take_steps(on(sent, due(sent) + 60 * DAY).door) == Done(steps=1)
    assert [line.event for line in sent.lines].count("EntrustmentEnded") == 2


class TestItsOffice:
    def test_no_account_can_hold_it(self) -> None:
        assert Office.AUTOMATIC not in STAFF_OFFICES
        nobody = Actor(id="x", name="x", organisation="room", offices=frozenset(Office))
        assert Office.AUTOMATIC not in offices_of(nobody)

    def test_nobody_of_the_staff_acts_under_it(self, sent: Story) -> None:
        with pytest.raises(MediationError):
            sent.do(EndEntrustment(), "visit/1", by=Office.AUTOMATIC, actor="li")

    def test_it_does_nothing_but_what_is_its_own_and_nothing_before_its_day(self, sent: Story) -> None:
        take_steps(sent.door)
        with sent.store.write() as unit:
            unit.register.put_actor(
                Actor(
                    id=worker_of("room"),
                    name="自动办理",
                    organisation="room",
                    offices=frozenset({Office.AUTOMATIC}),
                )
            )
        worker = {"by": Office.AUTOMATIC, "actor": worker_of("room")}
        with pytest.raises(GuardRefused, match="没有到走访的日子"):
            sent.do(EndEntrustment(), "visit/1", **worker)
        with pytest.raises(MediationError):
            sent.do(RecordNote(words=Text("记一笔")), **worker)
        with pytest.raises(MediationError):
            sent.do(CancelVisit(), "visit/1", **worker)


class TestPutAside:
    def test_what_the_rules_bar_is_put_aside_once_and_tried_again_on_request(
        self, sent: Story, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        on(sent, due(sent) + 30 * DAY)

        def barred(*_: object, **__: object) -> None:
            raise RulesNotInForce(rules="consultation_2025:0")

        with monkeypatch.context() as at:
            at.setattr(sent.door, "submit", barred)
            assert take_steps(sent.door) == Done(parked=1)
            assert take_steps(sent.door) == Done()
        assert take_steps(sent.door) == Done()
        with sent.store.write() as unit:
            [it] = unit.messages.parked()
            assert (it.case, it.kind, it.instance, it.version) == ("A1", "take_back", "visit/1", 0)
            assert it.why
            unit.messages.take_up()
        assert take_steps(sent.door) == Done(steps=1)

    def test_a_case_that_cannot_be_read_is_put_aside_and_bars_no_other(self, sent: Story) -> None:
        on(sent, due(sent) + 30 * DAY)
        with sent.store.write() as unit:
            unit.record.append(sample(case="B1"))
            held = unit.views.projection("A1")
            assert held is not None
            dues = frozenset(replace(it, case="B1") for it in held.dues)
            unit.views.change(None, replace(held, row=replace(held.row, case="B1", number=None), dues=dues))
        done = take_steps(sent.door)
        assert done == Done(steps=1, parked=1)
        with sent.store.read() as unit:
            assert [(it.case, it.why) for it in unit.messages.parked()] == [("B1", UNREADABLE)]
