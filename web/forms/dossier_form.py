"""What is missing in a dossier, handed in on one page: each place its own order, once."""

from __future__ import annotations

from mediation_engine.domain.case import Case
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import Office
from mediation_engine.input.command_schema import read_form
from workflows.parts.exhibit import FileExhibit

from ..presenters.dossier import filing_at, wanted_at

FIELD, TITLE = "files.", "title."
"""How the fields begin by which files are handed in, and those that say what they are called; then what is wanted."""
SHORTEST, LONGEST = 8, 40
"""Characters of the id of a form; those of an order's id are what is wanted besides."""


def order_of(case: Case, id: str, name: str, title: str, actor: str, office: Office) -> Order | None:
    """The order that files what was handed in by a field, without the files; None where there is no such field.

    The same field of the same form makes the same order. FormFaults: of what it is called.
    """
    found = wanted_at(case, name)
    if found is None or not SHORTEST <= len(id) <= LONGEST:
        return None
    place, party = found
    own = f"{id}.{list(type(place)).index(place)}.{party.rpartition('/')[2]}"
    begun = filing_at(case, place, party)
    command = read_form(FileExhibit, begun | _called(title.strip(), begun.get("title", "")))
    return Order(id=own, case=case.id, command=command, actor=actor, office=office)


def _called(title: str, usual: str) -> dict[str, str]:
    """What it is called: a paper that has a name of its own keeps it, by that it is found again."""
    if not title:
        return {}
    return {"title": title if usual in title else f"{usual}：{title}"}
