"""A form filled in with what was recorded, to be corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import FieldSpec, typed_fields
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.occurred import Occurred
from mediation_engine.input.command_schema import Sum, typed_sum
from mediation_engine.input.corrections import filled_of
from mediation_engine.input.days import typed_day, typed_when

from .command_form import PREFIX, Typed
from .occurred_field import WHEN


def typed_of(command: Command, occurred: Occurred, words: Mapping[str, str]) -> Typed:
    """What a browser would have posted for a command and the time it is recorded for."""
    typed = typed_of_fields(command, words)
    typed[WHEN] = typed_when(occurred)
    return typed


def typed_of_fields(held: Any, words: Mapping[str, str]) -> Typed:
    """The same for fields alone, of a command or of somebody's details."""
    typed: Typed = Typed()
    _fill(type(held), filled_of(held, words), PREFIX, typed)
    return typed


def typed_of_rows(table: str, rows: Sequence[Any]) -> Typed:
    """The same for the rows of a table, whose words are not sealed yet."""
    typed: Typed = Typed({PREFIX + table: str(len(rows))})
    for n, row in enumerate(rows):
        _fill(type(row), filled_of(row, {}), f"{PREFIX}{table}.{n}.", typed)
    return typed


def _fill(kind: type, filled: Mapping[str, Any], place: str, typed: Typed) -> None:
    for spec in typed_fields(kind):
        held = filled.get(spec.name)
        if spec.row is not None:
            rows = held or []
            typed[place + spec.name] = str(len(rows))
            for n, row in enumerate(rows):
                _fill(spec.row, row, f"{place}{spec.name}.{n}.", typed)
        elif spec.kind == "refs":
            typed.setlist(place + spec.name, list(held or ()))
        elif held is not None:
            _put(spec, held, place + spec.name, typed)


def _put(spec: FieldSpec, held: Any, name: str, typed: Typed) -> None:
    if isinstance(held, bool):
        typed.update({name: "1"} if held else {})
    elif isinstance(held, Sum):
        typed[name] = typed_sum(held.fen or 0)
    elif isinstance(held, Labelled):
        typed[name] = held.code
    else:
        typed[name] = typed_day(held) if isinstance(held, date) else str(held)
