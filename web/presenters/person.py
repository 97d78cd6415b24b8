"""Somebody of the register on a page: what is known, masked until asked for, and what the papers still want."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from mediation_engine.domain.fields import FieldSpec, fields_of
from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.masking import MASKS, hidden_number
from mediation_engine.domain.people import DETAILS, WANTED, Details, PartyKind

NOT_ALONE = frozenset({"number_kind"})
"""Fields that say nothing where the one beside them is empty."""


FORM, FORM_OF_CASE = "/people/{id}/edit", "/cases/{case}/people"
"""Where somebody is changed, alone or with all parties of a case: drafts of that end with an erasure."""


def forms(id: str, cases: Iterable[str]) -> list[str]:
    """The addresses of the forms on which somebody of some cases is changed."""
    return [FORM.format(id=id), *(FORM_OF_CASE.format(case=case) for case in cases)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that is known."""

    name: str
    label: str
    value: str
    is_masked: bool = False


def rows(details: Details, shown: Collection[str] = ()) -> list[Row]:
    """All that is known, in the order of the form; the whole of some fields only."""
    return list(_rows(details, shown))


def own_rows(details: Details) -> list[Row]:
    """The same for somebody himself, on his telephone; not the end of his number, by which he is known there."""
    hidden = {"number": hidden_number(getattr(details, "number", None) or "")}
    return [replace(row, value=hidden.get(row.name, row.value)) for row in rows(details)]


def masked(details: Details) -> frozenset[str]:
    """The fields that are known and not shown whole, and what says nothing without them."""
    found = frozenset(row.name for row in rows(details) if row.is_masked)
    return found | NOT_ALONE if "number" in found else found


def _rows(details: Details, shown: Collection[str]) -> Iterator[Row]:
    for spec in fields_of(type(details)):
        held = getattr(details, spec.name)
        if held in (None, (), False) or (spec.name in NOT_ALONE and not getattr(details, "number", None)):
            continue
        if spec.name in MASKS and spec.name not in shown:
            yield Row(name=spec.name, label=spec.label, value=MASKS[spec.name](details), is_masked=True)
        else:
            yield Row(name=spec.name, label=spec.label, value=_words(spec, held))


def _words(spec: FieldSpec, held: Any) -> str:
    if spec.kind == "rows":
        return "、".join(" ".join(filter(None, (row.label, row.number))) for row in held)
    if isinstance(held, Labelled):
        return held.label
    if isinstance(held, date):
        return day_words(held)
    return "是" if held is True else str(held)


def wanting(kind: PartyKind, details: Details) -> list[str]:
    """Labels of what the official papers ask and nobody has filled in."""
    labels = {spec.name: spec.label for spec in fields_of(DETAILS[kind])}
    return [labels[name] for name in WANTED[kind] if not getattr(details, name)]


def label_of(kind: PartyKind, name: str) -> str:
    """What a field is called; empty where there is none."""
    return next((spec.label for spec in fields_of(DETAILS[kind]) if spec.name == name), "")
