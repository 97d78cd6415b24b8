"""The made-up room and its staff. Its short name is 演示, so that no case number of it looks like a real one."""

from __future__ import annotations

from mediation_engine.domain.roles import Actor, Level, Office, Organisation

ROOM = Organisation(id="demo", name="喜哥调解室（演示）", short_name="演示", kind="mediation_room", level=Level.ZONE)
STAFF = tuple(
    Actor(id=id, name=name, organisation=ROOM.id, offices=frozenset({office}))
    for id, name, office in (
        ("li", "李调解", Office.MEDIATOR),
        ("zhou", "周调解", Office.MEDIATOR),
        ("wang", "王主任", Office.LEAD),
        ("chen", "陈核查", Office.AUDITOR),
        ("zhao", "赵管理", Office.ADMINISTRATOR),
    )
)
BY_ID = {actor.id: actor for actor in STAFF}
