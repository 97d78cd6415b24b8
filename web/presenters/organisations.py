"""组织名录: the organisations of one's own and below it, narrowed by district, level and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mediation_engine.domain.directory import Directory
from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.roles import Actor, Level, Organisation
from mediation_engine.ports.store import Store
from mediation_engine.services.directory import directory_of
from workflows.facts import HOST_KINDS

A_PAGE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRow:
    """An organisation in the directory."""

    id: str
    name: str
    kind: str
    level: str
    parent: str
    district: str
    days: str
    is_active: bool
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Those that were asked for, a page of them, and what one can narrow to."""

    rows: tuple[OrganisationRow, ...]
    many: int
    districts: tuple[tuple[str, str], ...]
    levels: tuple[tuple[str, str], ...]
    further: str


def listing(store: Store, reader: Actor, asked: Mapping[str, str], today: date, most: int = A_PAGE) -> Listing:
    """The directory, from the one after `after` on; in the order of the levels from above, then by id."""
    with store.read() as unit:
        held = directory_of(unit, reader)
        people = unit.register.people([it.contact for it in held if it.contact])
    names = {id: person.name for id, person in people.items()}
    rows = [_row(held, it, names, today) for it in sorted(held, key=_place)]
    found = [row for row in rows if _is_asked(row, held, asked)]
    at = next((n for n, row in enumerate(found, 1) if row.id == asked.get("after")), 0)
    shown = found[at : at + most]
    return Listing(
        rows=tuple(shown),
        many=len(found),
        districts=tuple((it.id, it.name) for it in held.districts()),
        levels=tuple((it.code, it.label) for it in Level),
        further=shown[-1].id if len(found) > at + most else "",
    )


def _place(it: Organisation) -> tuple[int, str]:
    height = list(Level).index(it.level) if it.level else -1
    return -height, it.id


def _row(held: Directory, it: Organisation, names: Mapping[str, str], today: date) -> OrganisationRow:
    parent, district = held.by_id.get(it.parent or ""), held.district(it.id)
    return OrganisationRow(
        id=it.id,
        name=it.name,
        kind=HOST_KINDS.get(it.kind, HOST_KINDS["other"]),
        level=it.level.label if it.level else "没有写",
        parent=parent.name if parent else "",
        district=district.id if district else "",
        days=_days(it),
        is_active=it.is_active(today),
        contact=names.get(it.contact or "", ""),
    )


def _days(it: Organisation) -> str:
    since = f"{day_words(it.since)}设立" if it.since else ""
    until = f"{day_words(it.until)}撤销" if it.until else ""
    return "，".join(filter(None, (since, until)))


def _is_asked(row: OrganisationRow, held: Directory, asked: Mapping[str, str]) -> bool:
    level, district, words = (asked.get(name, "").strip() for name in ("level", "district", "q"))
    own = held.by_id[row.id].level
    return (
        (not level or (own is not None and own.code == level))
        and (not district or row.district == district)
        and all(word in row.name or word in row.contact for word in words.split())
    )
