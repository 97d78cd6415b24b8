"""Committees of enterprises in tests: two districts, three committees, each with somebody who answers for it."""

from __future__ import annotations

from datetime import date

from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Actor, Level, Office, Organisation
from mediation_engine.ports.register import Person

from .story import ROOM, Story

EAST = Organisation(id="d-east", name="东片区", short_name="东", kind="other", parent=ROOM.id, level=Level.DISTRICT)
WEST = Organisation(id="d-west", name="西片区", short_name="西", kind="other", parent=ROOM.id, level=Level.DISTRICT)


def committee(id: str, name: str, district: Organisation, **more: object) -> Organisation:
    """The committee of an enterprise in a district."""
    given = {"kind": "labour_committee", "level": Level.ENTERPRISE, "since": date(2026, 1, 1)} | more
    return Organisation(  # type: ignore[arg-type]
        id=id, name=f"{name}劳动争议调解委员会", short_name=name, parent=district.id, contact=f"{id}-hr", **given
    )


CUPS = committee("c-cups", "范例杯业", EAST)
DOORS = committee("c-doors", "范例门业", EAST)
GONE = committee("c-gone", "范例旧厂", WEST, until=date(2026, 9, 15))
NEW = committee("c-new", "范例新厂", WEST, since=date(2026, 11, 10))
ALL = (EAST, WEST, CUPS, DOORS, GONE, NEW)


def with_committees(story: Story) -> Story:
    """The room with its districts and committees; who answers for each may report for it."""
    with story.store.write() as unit:
        for it in ALL:
            unit.register.put_organisation(it)
        for it in (CUPS, DOORS, GONE, NEW):
            id = it.contact or ""
            unit.register.put_person(
                Person(id=id, name=f"{it.short_name}人事", kind=PartyKind.PERSON, organisation=ROOM.id)
            )
            unit.register.put_actor(
                Actor(id=id, name=f"{it.short_name}人事", organisation=it.id, offices=frozenset({Office.COMMITTEE}))
            )
    return story
