"""A notice moves last days: those that moved are listed, told once, and stand in the calendar of all cases."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from mediation_engine.clock import FixedClock
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.roles import Office
from mediation_engine.ports.calendars import MovedDeadline
from mediation_engine.services.calendar import import_notice
from mediation_engine.services.maintenance import audit_store, rebuild
from mediation_engine.services.recounting import recount
from workflows.phases.intake import AcceptCase

from ...support.notices import OF_2027
from ...support.story import STAFF, Story

LEAD = STAFF[Office.LEAD].id
OTHER = OF_2027.replace("2月20日（周六）上班", "2月21日（周日）上班")


def start(clock: FixedClock, day: str) -> None:
    clock.now = datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=CHINA)


def take(story: Story, text: str = OF_2027, *, replace: bool = False) -> int:
    import_notice(story.store, LEAD, text, replace=replace)
    return recount(story.store, story.door.catalogue)


def moved(story: Story) -> list[MovedDeadline]:
    with story.store.read() as unit:
        return unit.calendars.moved(2027)


def due(story: Story, kind: str) -> date:
    with story.store.read() as unit:
        rows = unit.views.projection(story.name)
    assert rows is not None
    return next(it.due for it in rows.dues if it.kind == kind)


@pytest.fixture
def winter(story: Story, clock: FixedClock) -> Story:
    """An application whose fifteen days end within 春节 of a year whose notice is still to come."""
    start(clock, "2027-01-22")
    return story.accepted("labour_mediation")


def test_what_it_moves_is_listed_and_told_once_to_the_lead_mediator(winter: Story) -> None:
    before = due(winter, "labour_term")
    assert take(winter) == len(moved(winter)) > 0
    it = next(row for row in moved(winter) if row.kind == "labour_term")
    assert (it.before, it.after) == (before, date(2027, 2, 15))
    assert due(winter, "labour_term") == it.after
    with winter.store.read() as unit:
        told = [m for m in unit.messages.of("li") if m.topic == "moved:labour_term"]
    assert [(m.day, m.case) for m in told] == [(it.after, "A1")]
    assert recount(winter.store, winter.door.catalogue) == 0


def test_afterwards_the_lists_are_what_they_would_be_made_anew(winter: Story) -> None:
    take(winter)
    assert rebuild(winter.store, winter.door.catalogue) == []
    assert [f for _, found in audit_store(winter.store, winter.door.catalogue) for f in found] == []


def test_a_notice_that_changes_nothing_moves_nothing(story: Story, clock: FixedClock) -> None:
    start(clock, "2027-03-08")
    story.accepted("labour_mediation")
    take(story)
    assert [row for row in moved(story) if row.kind == "labour_term"] == []


def test_what_is_over_is_not_counted_again(winter: Story) -> None:
    take(winter)
    assert "labour_acceptance" not in {row.kind for row in moved(winter)}


def test_another_notice_is_told_of_anew(winter: Story) -> None:
    take(winter)
    first = len(moved(winter))
    take(winter, OTHER, replace=True)
    assert {row.version for row in moved(winter)} <= {1, 2}
    assert len(moved(winter)) >= first


def test_who_was_cut_off_in_the_middle_goes_on_where_he_was(winter: Story) -> None:
    for n in range(2, 6):
        other = Story(winter.store, winter.clock, case=f"A{n}")
        other.accepted("labour_mediation")
    import_notice(winter.store, LEAD, OF_2027)
    turns = iter([False, False])
    recount(winter.store, winter.door.catalogue, most=1, stop=lambda: next(turns, True))
    some = {row.case for row in moved(winter)}
    assert some == {"A1", "A2"}
    recount(winter.store, winter.door.catalogue)
    assert {row.case for row in moved(winter)} == {f"A{n}" for n in range(1, 6)}
    with winter.store.read() as unit:
        told = [m for m in unit.messages.of("li") if m.topic == "moved:labour_term"]
    assert len(told) == 5


def test_accepting_meanwhile_harms_nothing(winter: Story) -> None:
    other = Story(winter.store, winter.clock, case="A2").registered("labour_mediation")
    import_notice(winter.store, LEAD, OF_2027)
    other.do(AcceptCase(), by=Office.LEAD)
    recount(winter.store, winter.door.catalogue)
    assert rebuild(winter.store, winter.door.catalogue) == []
