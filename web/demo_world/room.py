"""The made-up room and its staff. Its short name is 演示, so that no case number of it looks like a real one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from mediation_engine.domain.roles import Actor, Level, Office, Organisation
from mediation_engine.domain.zone import Campaign, District, Grid, Zone
from workflows.vocabulary import Dispute

ROOM = Organisation(id="demo", name="喜哥调解室（演示）", short_name="演示", kind="mediation_room", level=Level.ZONE)
STAFF = tuple(
    Actor(id=id, name=name, organisation=ROOM.id, offices=frozenset({office}))
    for id, name, office in (
        ("li", "李调解", Office.MEDIATOR),
        ("zhou", "周调解", Office.MEDIATOR),
        ("wang", "王主任", Office.LEAD),
        ("chen", "陈核查", Office.AUDITOR),
        ("zhao", "赵管理", Office.ADMINISTRATOR),
        ("gao", "高网格", Office.GRID_WORKER),
        ("he", "何网格", Office.GRID_WORKER),
    )
)
DISTRICTS = (
    District(code="one", name="演示一片", security="zhou", zone="li"),
    District(code="two", name="演示二片", security="zhou", zone="wang"),
    District(code="three", name="演示三片", security="wang", zone="li"),
)
GRIDS = (
    Grid(name="演示第一网格", worker="gao", district="one"),
    Grid(name="演示第二网格", worker="he", district="two"),
)
SURROUNDINGS = Zone(districts=DISTRICTS, grids=GRIDS)
"""Three districts of the zone, each with its pair; two grids of theirs, each with who walks it."""


def with_campaign(today: date) -> Zone:
    """The same, in the middle of a campaign for wages."""
    around = timedelta(days=45)
    since, until, pay = today - around, today + around, Dispute.LABOUR_PAY.code
    wages = Campaign(code="wages", name="无欠薪回头看", since=since, until=until, disputes=(pay,))
    return replace(SURROUNDINGS, campaigns=(wages,))


BY_ID = {actor.id: actor for actor in STAFF}
