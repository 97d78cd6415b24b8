"""Who may read what is written: one place, fail-closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from msgspec import structs

from ..domain.fields import CHOSEN, HOST_ONLY, JOINT, OF_PARTY, FieldSpec, Text, chosen_label, fields_of
from ..domain.line import Correction
from ..domain.presentation import HIDDEN
from ..domain.recorded_order import NOT_GIVEN
from ..domain.roles import Office
from .codec import event_data, raw, read_command
from .fold import DecodedLine
from .sealing import TextRef


def may_read(label: str, office: Office, parties: frozenset[str] = frozenset()) -> bool:
    """Whether an office may read a text with this label; `parties` are those a representative acts for.

    Mediators read everything in their cases. Auditors see that something was said and that it is unaltered, not what
    was said in private. An unknown label is read by mediators only.
    """
    if office in (Office.MEDIATOR, Office.LEAD):
        return True
    if office is Office.AUDITOR:
        return label == JOINT
    if office is Office.REPRESENTATIVE:
        return label == JOINT or label in parties
    return False


def readers_of(disclosure: str) -> str:
    """Who will read what is written in a field, in words for whoever writes it."""
    if disclosure == JOINT:
        return "本案各方都能看"
    if disclosure == CHOSEN:
        return "谁能看，按“谁能看”一项"
    return "只有当事人本人和调解员、室主任能看" if disclosure == OF_PARTY else "只有调解员、室主任能看"


NOTHING = raw({})
"""In place of data of which nobody can say what is in it, and for offices that read nothing at all."""


def told_to(office: Office, lines: Sequence[DecodedLine]) -> tuple[DecodedLine, ...]:
    """Lines as an office may read them: what it is not told stands there as hidden, whatever it was.

    Whom a talk apart was with, say, or what kind of danger there is. What is folded from these lines, and what is told
    of that, knows no more than they do.
    """
    if may_read(HOST_ONLY, office):
        return tuple(lines)
    commands = {line.version: type(event.given) for line, event in lines if event is not None and line.command}
    return tuple(_line_told(it, office, commands) for it in lines)


def _line_told(found: DecodedLine, office: Office, commands: Mapping[int, type]) -> DecodedLine:
    line, event = found
    if line.correction is not None:
        said = _correction_told(line.correction, commands.get(line.correction.corrects), office)
        line = structs.replace(line, correction=said)
        found = DecodedLine(line, event)
    if event is None or not may_read(JOINT, office):
        given = NOTHING if line.command else NOT_GIVEN
        return DecodedLine(structs.replace(line, data=NOTHING, given=given), None)
    hidden = list(_hidden(event.given, office))
    if not hidden and not any(_unreadable(event.given, office)):
        return found
    told = replace(event, given=_without(event.given, hidden, office))
    known = {name: how for name, how in line.field_provenance.items() if name not in {spec.name for spec in hidden}}
    line = structs.replace(
        line, data=event_data(told), given=raw(told.given), schema=event.schema(), field_provenance=known
    )
    return DecodedLine(line, told)


def _correction_told(correction: Correction, kind: type | None, office: Office) -> Correction:
    """What a correction says an order should have been, as an office may read it."""
    if correction.strikes:
        return correction
    given = read_command(kind, correction.given) if kind and may_read(JOINT, office) else None
    if given is None:
        return structs.replace(correction, given=NOTHING)
    return structs.replace(correction, given=raw(_without(given, list(_hidden(given, office)), office)))


def _hidden(given: Any, office: Office) -> Iterator[FieldSpec]:
    """The fields of a command, other than words, that an office is not told."""
    specs = fields_of(type(given)) if given is not None else ()
    chosen = chosen_label(given)
    return (spec for spec in specs if spec.kind != "text" and not may_read(chosen or spec.disclosure, office))


def _without(given: Any, hidden: list[FieldSpec], office: Office) -> Any:
    """A command without some fields. Whose the words are that it may not read is not told either."""
    unlabelled = {name: _unlabelled(ref) for name, ref in _unreadable(given, office)}
    return replace(given, **{spec.name: HIDDEN for spec in hidden}, **unlabelled)


def _unreadable(given: Any, office: Office) -> Iterator[tuple[str, TextRef]]:
    """The words of a command, by field, that an office may not read."""
    for spec in fields_of(type(given)) if given is not None else ():
        ref = TextRef.read(getattr(given, spec.name) or "") if spec.kind == "text" else None
        if ref is not None and not may_read(ref.label, office):
            yield spec.name, ref


def _unlabelled(ref: TextRef) -> Text:
    return replace(ref, label=HOST_ONLY).written()
