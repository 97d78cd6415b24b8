"""Who may read what is written: one place, fail-closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from msgspec import structs

from ..domain.fields import HOST_ONLY, JOINT, OF_PARTY, REGISTER, FieldSpec, Text, fields_of
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
    was said in private. A representative who acts for nobody any more reads nothing. An unknown label is read by
    mediators only.
    """
    if office in (Office.MEDIATOR, Office.LEAD):
        return True
    if office is Office.AUDITOR:
        return label == JOINT
    if office is Office.REPRESENTATIVE:
        return bool(parties) and (label == JOINT or label in parties)
    return False


def readers_of(disclosure: str) -> str:
    """Who will read what is written in a field, in words for whoever writes it; empty where the page says it."""
    if disclosure == JOINT:
        return "本案各方都能看"
    if disclosure == REGISTER:
        return ""
    return "只有当事人本人和调解员、室主任能看" if disclosure == OF_PARTY else "只有调解员、室主任能看"


NOTHING = raw({})
"""In place of data of which nobody can say what is in it, and for offices that read nothing at all."""


def told_to(
    office: Office, lines: Sequence[DecodedLine], parties: frozenset[str] = frozenset()
) -> tuple[DecodedLine, ...]:
    """Lines as an office may read them: what it is not told stands there as hidden, whatever it was.

    Whom a talk apart was with, say, or what kind of danger there is. What is folded from these lines, and what is told
    of that, knows no more than they do.
    """
    if may_read(HOST_ONLY, office):
        return tuple(lines)
    may = partial(may_read, office=office, parties=parties)
    commands = {line.version: type(event.given) for line, event in lines if event is not None and line.command}
    return tuple(_line_told(it, may, commands) for it in lines)


May = Callable[[str], bool]
"""Whether what bears a label may be read."""


def _line_told(found: DecodedLine, may: May, commands: Mapping[int, type]) -> DecodedLine:
    line, event = found
    if line.correction is not None:
        said = _correction_told(line.correction, commands.get(line.correction.corrects), may)
        line = structs.replace(line, correction=said)
        found = DecodedLine(line, event)
    if event is None or not may(JOINT):
        given = NOTHING if line.command else NOT_GIVEN
        return DecodedLine(structs.replace(line, data=NOTHING, given=given, capacity=""), None)
    hidden = list(_hidden(event.given, may))
    if not hidden and not any(_unreadable(event.given, may)):
        return found
    told = replace(event, given=_without(event.given, hidden, may))
    known = {name: how for name, how in line.field_provenance.items() if name not in {spec.name for spec in hidden}}
    line = structs.replace(
        line, data=event_data(told), given=raw(told.given), schema=event.schema(), field_provenance=known
    )
    return DecodedLine(line, told)


def _correction_told(correction: Correction, kind: type | None, may: May) -> Correction:
    """What a correction says an order should have been, as an office may read it."""
    if correction.strikes:
        return correction
    given = read_command(kind, correction.given) if kind and may(JOINT) else None
    if given is None:
        return structs.replace(correction, given=NOTHING)
    return structs.replace(correction, given=raw(_without(given, list(_hidden(given, may)), may)))


def _hidden(given: Any, may: May) -> Iterator[FieldSpec]:
    """The fields of a command, other than words, that an office is not told."""
    specs = fields_of(type(given)) if given is not None else ()
    return (spec for spec in specs if spec.kind != "text" and not may(spec.disclosure))


def _without(given: Any, hidden: list[FieldSpec], may: May) -> Any:
    """A command without some fields. Whose the words are that it may not read is not told either."""
    unlabelled = {name: _unlabelled(ref) for name, ref in _unreadable(given, may)}
    return replace(given, **{spec.name: HIDDEN for spec in hidden}, **unlabelled)


def _unreadable(given: Any, may: May) -> Iterator[tuple[str, TextRef]]:
    """The words of a command, by field, that an office may not read."""
    for spec in fields_of(type(given)) if given is not None else ():
        ref = TextRef.read(getattr(given, spec.name) or "") if spec.kind == "text" else None
        if ref is not None and not may(ref.label):
            yield spec.name, ref


def _unlabelled(ref: TextRef) -> Text:
    return replace(ref, label=HOST_ONLY).written()
