"""What was filled in before, filled in again: a correction changes some fields and leaves the others as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from ..domain.command import Command
from ..domain.correcting import StrikeOrder
from ..domain.fields import FieldSpec, Text, fields_of, typed_fields
from ..domain.limits import LONGEST_REASON
from ..errors import FormFaults
from ..record.sealing import TextRef, refs_by_place, texts_by_place
from .command_schema import Names, Sum, read_form

C = TypeVar("C", bound=Command)


def filled_of(value: Any, words: Mapping[str, str]) -> dict[str, Any]:
    """A command or a row as `read_form` takes it, with the texts that are there to be read."""
    filled = {spec.name: _filled(spec, getattr(value, spec.name), words) for spec in typed_fields(type(value))}
    return {name: held for name, held in filled.items() if held is not None}


def _filled(spec: FieldSpec, held: Any, words: Mapping[str, str]) -> Any:
    if held is None or held == ():
        return None
    match spec.kind:
        case "text":
            ref = TextRef.read(held)
            return words.get(ref.id) if ref else held
        case "money":
            return Sum(held)
        case "rows":
            return [filled_of(row, words) for row in held]
        case "refs":
            return list(held)
    return held


def read_reason(words: str) -> Text:
    """Why something is corrected, as it was typed. FormFaults under ``reason``."""
    read = read_form(StrikeOrder, {"order": 1, "reason": words}, Names()).reason
    if not read:
        raise FormFaults({"reason": ["请写明更正的原因"]})
    if len(read) > LONGEST_REASON:
        raise FormFaults({"reason": [f"不能超过{LONGEST_REASON}个字"]})
    return read


def corrected(old: C, changes: Mapping[str, Any], words: Mapping[str, str], names: Names) -> C:
    """A command with some of its fields, by name or label, filled in otherwise. FormFaults."""
    by_label = {spec.label: spec.name for spec in fields_of(type(old))}
    changed = {by_label.get(name, name): value for name, value in changes.items()}
    return in_old_order(old, read_form(type(old), filled_of(old, words) | changed, names))


def in_old_order(old: C, new: C) -> C:
    """A command whose files stay, and whose choices of several stand as they stood, where they are the same: a form has
    its own order."""
    same = {
        spec.name: getattr(old, spec.name)
        for spec in fields_of(type(old))
        if spec.kind == "refs" and set(getattr(old, spec.name) or ()) == set(getattr(new, spec.name) or ())
    }
    same |= {spec.name: getattr(old, spec.name) for spec in fields_of(type(old)) if spec.kind == "files"}
    return replace(new, **same)


def unchanged(old: Command, new: Command, words: Mapping[str, str]) -> frozenset[str]:
    """The places of words that were left as they were: there they stay sealed as they are."""
    said = texts_by_place(new)
    kept = refs_by_place(old)
    return frozenset(place for place, ref in kept.items() if said.get(place) == words.get(ref.id, ""))
