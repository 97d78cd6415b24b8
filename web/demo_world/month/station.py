"""The station below the room in which the month is told, and its staff."""

from __future__ import annotations

from mediation_engine.domain.roles import Actor, Office, Organisation

from ..room import ROOM

STATION = Organisation(
    id="demo-station", name="开发区调解站（演示）", short_name="演示站", kind="mediation_room", parent=ROOM.id
)
STAFF = tuple(
    Actor(id=id, name=name, organisation=STATION.id, offices=frozenset({office}))
    for id, name, office in (
        ("sun", "孙调解", Office.MEDIATOR),
        ("wu", "吴调解", Office.MEDIATOR),
        ("qin", "秦站长", Office.LEAD),
    )
)
MEDIATORS, LEAD = ("sun", "wu"), "qin"
