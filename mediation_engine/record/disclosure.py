"""Who may read what is written: one place, fail-closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from msgspec import structs

from ..domain.facts import CaseFacts
from ..domain.fields import (
    CHOSEN,
    HOST_ONLY,
    JOINT,
    OF_PARTY,
    REGISTER,
    FieldSpec,
    Readers,
    Text,
    chosen_label,
    fields_of,
)
from ..domain.labels import Labelled
from ..domain.line import Correction
from ..domain.presentation import HIDDEN
from ..domain.recorded_order import NOT_GIVEN
from ..domain.roles import MEDIATOR, OWN_ONLY, Office
from .codec import event_data, raw, read_command
from .fold import DecodedLine
from .sealing import TextRef


class LookReason(Labelled):
    """Why a mediator of the room looks at what is private in a case that others handle. It is on record."""

    STANDING_IN = "standing_in", "替承办人接待或办理"
    ASKED = "asked", "承办人请我一起商量"
    DANGER = "danger", "有激化苗头，须马上了解"
    COMPLAINT = "complaint", "处理投诉或信访"
    REVIEW = "review", "检查办案质量"


LOOK = "private"
"""How a look at what is private is noted: the reason (code) follows."""


@dataclass(frozen=True, slots=True)
class Access:
    """As whom somebody reads a case."""

    office: Office
    parties: frozenset[str] = frozenset()
    """Those a representative acts for."""
    apart: bool = False
    """Whether as a mediator of the room who does not handle the case, and has given no reason today."""
    by: str | None = None
    """Who of the staff reads (id); None for the house itself, and for representatives."""


def access_of(
    office: Office, by: str | None, facts: CaseFacts, has_given_reason: Callable[[], bool], *, acting: bool = False
) -> Access:
    """As whom a member of staff (id; None for the house itself) reads a case with these facts.

    Private words and the bottom line are for those who handle the case and for the lead; `acting` is whether somebody
    only stands in for the lead. Other mediators say first why they want to know; no reason opens them to somebody who
    has stepped back from the case.
    """
    if office in OWN_ONLY:
        return Access(office, apart=by is None or not facts.concerns(by), by=by)
    asked = by is not None and (office is Office.MEDIATOR or (office is Office.LEAD and acting))
    staff = office in (Office.MEDIATOR, Office.LEAD)
    if by is not None and staff and facts.has_stepped_back(by):
        return Access(office, apart=True, by=by)
    return Access(office, apart=asked and not facts.is_handled(by or "") and not has_given_reason(), by=by)


def may_read(label: str, access: Access) -> bool:
    """Whether a text with this label may be read.

    Those who handle a case read everything in it, and so does the lead. Other mediators and auditors see that
    something was said and that it is unaltered, not what was said in private. A representative who acts for nobody
    any more reads nothing. Who sees only what is his own reads all of that, and nothing else. An unknown label is read
    by the first only.
    """
    if access.office in OWN_ONLY:
        return access.by is not None and not access.apart
    if access.office in (Office.MEDIATOR, Office.LEAD):
        return label == JOINT or not access.apart
    if access.office is Office.AUDITOR:
        return label == JOINT
    if access.office is Office.REPRESENTATIVE:
        return bool(access.parties) and (label == JOINT or label in access.parties)
    return False


def readers_of(disclosure: str, chosen: Readers | None = None, handlers: frozenset[Office] = MEDIATOR) -> str:
    """Who will read what is written in a field, in words for whoever writes it; empty where the page says it.

    `chosen` is who may see a whole command of which nobody is asked who may; `handlers` are the offices under which it
    is handled.
    """
    if disclosure == JOINT:
        return "本案各方都能看"
    if disclosure == REGISTER:
        return ""
    if disclosure == CHOSEN and chosen is not None:
        return chosen.label
    if disclosure == CHOSEN:
        return "谁能看，按“谁能看”一项"
    staff = "、".join(it.label for it in Office if it in handlers)
    return f"只有当事人本人和本案的{staff}能看" if disclosure == OF_PARTY else f"只有本案的{staff}能看"


NOTHING = raw({})
"""In place of data of which nobody can say what is in it, and for offices that read nothing at all."""


def told_to(access: Access, lines: Sequence[DecodedLine]) -> tuple[DecodedLine, ...]:
    """Lines as somebody may read them: what he is not told stands there as hidden, whatever it was.

    Whom a talk apart was with, say, or what kind of danger there is. What is folded from these lines, and what is told
    of that, knows no more than they do.
    """
    if may_read(HOST_ONLY, access):
        return tuple(lines)
    commands = {line.version: type(event.given) for line, event in lines if event is not None and line.command}
    return tuple(_line_told(it, access, commands) for it in lines)


def _line_told(found: DecodedLine, access: Access, commands: Mapping[int, type]) -> DecodedLine:
    line, event = found
    if line.correction is not None:
        said = _correction_told(line.correction, commands.get(line.correction.corrects), access)
        line = structs.replace(line, correction=said)
        found = DecodedLine(line, event)
    if event is None or not may_read(JOINT, access):
        given = NOTHING if line.command else NOT_GIVEN
        return DecodedLine(structs.replace(line, data=NOTHING, given=given, capacity=""), None)
    hidden = list(_hidden(event.given, access))
    if not hidden and not any(_unreadable(event.given, access)):
        return found
    told = replace(event, given=_without(event.given, hidden, access))
    known = {name: how for name, how in line.field_provenance.items() if name not in {spec.name for spec in hidden}}
    line = structs.replace(
        line, data=event_data(told), given=raw(told.given), schema=event.schema(), field_provenance=known
    )
    return DecodedLine(line, told)


def _correction_told(correction: Correction, kind: type | None, access: Access) -> Correction:
    """What a correction says an order should have been, as somebody may read it."""
    if correction.strikes:
        return correction
    given = read_command(kind, correction.given) if kind and may_read(JOINT, access) else None
    if given is None:
        return structs.replace(correction, given=NOTHING)
    return structs.replace(correction, given=raw(_without(given, list(_hidden(given, access)), access)))


def _hidden(given: Any, access: Access) -> Iterator[FieldSpec]:
    """The fields of a command, other than words, that somebody is not told."""
    specs = fields_of(type(given)) if given is not None else ()
    chosen = chosen_label(given)
    return (spec for spec in specs if spec.kind != "text" and not may_read(chosen or spec.disclosure, access))


def _without(given: Any, hidden: list[FieldSpec], access: Access) -> Any:
    """A command without some fields. Whose the words are that he may not read is not told either."""
    unlabelled = {name: _unlabelled(ref) for name, ref in _unreadable(given, access)}
    return replace(given, **{spec.name: HIDDEN for spec in hidden}, **unlabelled)


def _unreadable(given: Any, access: Access) -> Iterator[tuple[str, TextRef]]:
    """The words of a command, by field, that somebody may not read."""
    for spec in fields_of(type(given)) if given is not None else ():
        ref = TextRef.read(getattr(given, spec.name) or "") if spec.kind == "text" else None
        if ref is not None and not may_read(ref.label, access):
            yield spec.name, ref


def _unlabelled(ref: TextRef) -> Text:
    return replace(ref, label=HOST_ONLY).written()
