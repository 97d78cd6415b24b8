"""Open cases with the same names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mediation_engine.domain.formatting import heading
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


def open_cases_with(store: Store, catalogue: Catalogue, names: set[str], organisation: str, *, but: str) -> list[Same]:
    """Open cases of an organisation and those below it with parties of these names."""
    with store.read() as unit:
        own = reach(unit.register, organisation)
        rows = unit.views.case_rows(most=MOST_LOOKED_AT, organisations=own)
        parties = names_of(unit, [row.case for row in rows if row.closed is None and row.case != but])
    found = ((row, names.intersection(parties.get(row.case, ()))) for row in rows)
    return [_same(catalogue, row, parties[row.case], shared) for row, shared in found if shared]


def _same(catalogue: Catalogue, row: CaseRow, parties: Sequence[str], shared: set[str]) -> Same:
    return Same(
        case=row.case,
        number=row.number or "尚无案号",
        parties=heading(parties),
        standing=naming.standing(catalogue.reading(row.workflow), row.phase, row.state),
        names="、".join(sorted(shared)),
    )
