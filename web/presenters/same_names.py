"""Open cases with the same names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mediation_engine.domain.formatting import heading
from mediation_engine.domain.matter import CASE
from mediation_engine.domain.people import PartyKind
from mediation_engine.ports.register import Person
from mediation_engine.ports.store import Store
from mediation_engine.read_models.projections import CaseRow
from mediation_engine.rules.catalogue import Catalogue
from mediation_engine.services.authorization import reach
from mediation_engine.services.case_view import names_of

from . import naming

MOST_LOOKED_AT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """An open case with somebody of the same name."""

    case: str
    number: str
    parties: str
    standing: str
    names: str


def open_cases_with(
    store: Store, catalogue: Catalogue, names: Mapping[str, bool], organisation: str, *, but: str
) -> list[Same]:
    """Open cases of an organisation and those below it that may be the same dispute.

    `names` are of parties, each with whether it is a natural person. A firm is in many disputes: its name alone says
    nothing, beside that of another party it does.
    """
    with store.read() as unit:
        own = reach(unit.register, organisation)
        rows = unit.views.case_rows(most=MOST_LOOKED_AT, organisations=own)
        parties = names_of(
            unit, [row.case for row in rows if row.matter == CASE.code and row.closed is None and row.case != but]
        )
    found = ((row, names.keys() & set(parties.get(row.case, ()))) for row in rows)
    return [_same(catalogue, row, parties[row.case], shared) for row, shared in found if _says_much(shared, names)]


def _says_much(shared: Collection[str], names: Mapping[str, bool]) -> bool:
    return len(shared) > 1 or any(names[name] for name in shared)


def called(people: Iterable[Person]) -> dict[str, bool]:
    """Names, each with whether somebody of that name is a natural person."""
    found: dict[str, bool] = {}
    for person in people:
        found[person.name] = found.get(person.name, False) or person.kind is PartyKind.PERSON
    return found


def _same(catalogue: Catalogue, row: CaseRow, parties: Sequence[str], shared: Collection[str]) -> Same:
    return Same(
        case=row.case,
        number=row.number or "尚无案号",
        parties=heading(parties),
        standing=naming.standing(catalogue.reading(row.workflow), row.phase, row.state),
        names="、".join(sorted(shared)),
    )


def cases_with_just(
    store: Store, names: Iterable[frozenset[str]], organisation: str
) -> dict[frozenset[str], list[str]]:
    """By the names of its parties, the latest cases of an organisation that have just those; each by its number."""
    wanted = set(names)
    with store.read() as unit:
        own = reach(unit.register, organisation)
        rows = unit.views.case_rows(most=MOST_LOOKED_AT, organisations=own)
        rows = [row for row in rows if row.matter == CASE.code]
        parties = names_of(unit, [row.case for row in rows])
    found: dict[frozenset[str], list[str]] = {}
    for row in rows:
        both = frozenset(parties.get(row.case, ()))
        if both in wanted:
            found.setdefault(both, []).append(row.number or "尚无案号")
    return found
