"""Who cannot read signs by name and finger, once the text was read out: what a sheet of signatures begins with."""

from __future__ import annotations

from collections.abc import Collection

from werkzeug.datastructures import MultiDict

from workflows.facts import facts_of
from workflows.parts.confirmation import RecordSignatures
from workflows.vocabulary import SigningManner

from .command_form import PREFIX, Typed, count_of
from .step_form import Step

TABLE = f"{PREFIX}signatures"
PLAIN = frozenset({"", SigningManner.SIGNATURE.code})


def signers(step: Step) -> dict[str, str]:
    """Of a sheet of signatures: by confirmation, who signs it (id in the register); nobody for any other step."""
    if step.kind is not RecordSignatures:
        return {}
    facts = facts_of(step.case)
    keys = {place: step.typed.get(f"{place}confirmation", "") for place in _rows(step.typed)}
    signed_for = {key for place, key in keys.items() if step.typed.get(f"{place}capacity")}
    own = (key for key in keys.values() if key in facts.confirmations and key not in signed_for)
    return {key: facts.parties[facts.confirmations[key].party].person for key in own}


def _rows(typed: Typed) -> list[str]:
    """How the names of the controls of each row begin."""
    return [f"{TABLE}.{n}." for n in range(count_of(typed, TABLE))]


def read_out(step: Step, unread: Collection[str], by: str) -> Step:
    """The sheet with the rows of who cannot read (confirmations): signed by name and finger, read out `by` somebody."""
    typed: Typed = MultiDict(step.typed)
    for place in _rows(typed):
        if typed.get(f"{place}confirmation") in unread and typed.get(f"{place}manner", "") in PLAIN:
            typed[f"{place}manner"] = SigningManner.SIGNATURE_FINGERPRINT.code
            typed[f"{place}read_by"] = by
    return step.retyped(typed)
