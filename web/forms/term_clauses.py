"""Terms to begin with: 常用条款, and those of an older case without its people, sums and days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mediation_engine.domain.case import Case
from mediation_engine.domain.fields import fields_of
from workflows.facts import Term, facts_of
from workflows.papers.clauses import BLANK, Clause, blanks_in, somebody_of, without_names
from workflows.parts.states import CAME_TO_NOTHING
from workflows.vocabulary import TermKind

from ..presenters.case_details import Casework
from .roster_terms import Filled

WRITTEN = ("words", "formula", "trigger", "default")
"""Fields of a term that hold words."""


def of_clause(clause: Clause, case: Case) -> Filled:
    """A clause as a row, with who pays whom where there is only one on either side."""
    found = {"words": clause.words, "kind": clause.kind.code, "default": clause.default}
    found |= {name: somebody_of(case, side) for name, side in (("payer", clause.payer), ("payee", clause.payee))}
    return {name: value for name, value in found.items() if value}


def of_case(older: Casework, case: Case) -> list[Filled]:
    """The terms of another case's last agreement as rows for this one: sides for people; no sum and no day."""
    held = facts_of(older.case).agreements.items()
    drafted = [a for key, a in held if a.terms and not older.case.is_in(key, *CAME_TO_NOTHING)]
    return [_of_term(older, term, case) for term in drafted[-1].terms] if drafted else []


def _of_term(older: Casework, term: Term, case: Case) -> Filled:
    parties = facts_of(older.case).parties
    names = {*older.view.people.values(), *map(older.thing, parties)}
    filled = {"kind": term.kind.code, "part_of": str(term.part_of or "")}
    for name in WRITTEN:
        if said := getattr(term, name):
            filled[name] = without_names(older.said(said), names)
    for name in ("payer", "payee"):
        key = getattr(term, name)
        filled[name] = somebody_of(case, parties[key].side) if key else ""
    return {name: value for name, value in filled.items() if value}


def labelled(row: Filled) -> dict[str, str]:
    """A row as the console takes it: by the labels of its fields, its kind by its label; what is empty left out."""
    labels = {spec.name: spec.label for spec in fields_of(Term)}
    kind = TermKind.named(row["kind"])
    said = row | ({"kind": kind.label} if kind else {})
    return {labels[name]: value for name, value in said.items() if value}


def unfilled(rows: Sequence[Filled]) -> Iterator[tuple[int, str, str]]:
    """Where something is still to be filled in: number of the row, name of the field, and what to do."""
    for n, row in enumerate(rows):
        for name in WRITTEN:
            if BLANK in row.get(name, ""):
                yield n, name, f"还有 {blanks_in(row[name])} 处“{BLANK * 2}”没有填，请填好或删去"
