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
    keys = (step.typed.get(f"{TABLE}.{n}.confirmation", "") for n in range(count_of(step.typed, TABLE)))
    parties = {key: facts.parties[facts.confirmations[key].party] for key in keys if key in facts.confirmations}
    return {key: party.person for key, party in parties.items() if not _is_signed_for(step, key)}


def _is_signed_for(step: Step, key: str) -> bool:
    """Whether somebody else signs for the party, as its row stands."""
    places = (f"{TABLE}.{n}." for n in range(count_of(step.typed, TABLE)))
    return any(step.typed.get(f"{p}capacity") for p in places if step.typed.get(f"{p}confirmation") == key)


def read_out(step: Step, unread: Collection[str], by: str) -> Step:
    """The sheet with the rows of who cannot read (confirmations): signed by name and finger, read out `by` somebody."""
    typed: Typed = MultiDict(step.typed)
    for n in range(count_of(typed, TABLE)):
        place = f"{TABLE}.{n}."
        if typed.get(f"{place}confirmation") in unread and typed.get(f"{place}manner", "") in PLAIN:
            typed[f"{place}manner"] = SigningManner.SIGNATURE_FINGERPRINT.code
            typed[f"{place}read_by"] = by
    return step.retyped(typed)
