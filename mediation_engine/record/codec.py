"""Orders to bytes and back, and the digest chain over them.

Canonical form: UTF-8 JSON, keys sorted, no white space, fields that hold their default left out. The bytes are stored
and verified as stored; nothing is ever re-serialised to check it. A digest is SHA-256 over the digest before and the
body. docs/record.md is the format written down for outsiders: a default is part of it, and never changes its meaning.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

import msgspec

from ..domain.command import Command, Event
from ..domain.line import Line
from ..domain.order import Order
from ..domain.recorded_order import NO_DATA, RecordedOrder, StoredOrder, line_in
from ..errors import UnfitText

_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(RecordedOrder)


def canonical(value: Any) -> bytes:
    """Any value of plain parts, dataclasses, structs, dates and labelled choices as canonical JSON."""
    return _encoder.encode(_plain(value))


def _plain(value: Any) -> Any:
    """Dataclasses and structs as what they hold beside their defaults; all else as it is."""
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind in (tuple, list):
        return [_plain(one) for one in value]
    if kind not in _shapes:
        _shapes[kind] = _shape_of(kind)
    shape = _shapes[kind]
    if shape is None:
        return {key: _plain(held) for key, held in value.items()} if isinstance(value, Mapping) else value
    plain = {}
    for (name, is_default), held in zip(shape.fields, shape.held(value), strict=True):
        if not is_default(held):
            plain[name] = held if type(held) in _ATOMS else _plain(held)
    return plain


_ATOMS = frozenset({str, int, bool, type(None), bytes, msgspec.Raw})


@dataclasses.dataclass(frozen=True, slots=True)
class _Shape:
    """What a class holds: the names of its fields, whether a value is the default, and all values of an instance."""

    fields: tuple[tuple[str, Callable[[Any], bool]], ...]
    held: Callable[[Any], tuple[Any, ...]]


def _shape_of(kind: type) -> _Shape | None:
    if dataclasses.is_dataclass(kind):
        found = [(f.name, f.default, f.default_factory) for f in dataclasses.fields(kind)]
        none: Any = dataclasses.MISSING
    elif issubclass(kind, msgspec.Struct):
        found = [(f.name, f.default, f.default_factory) for f in msgspec.structs.fields(kind)]
        none = msgspec.NODEFAULT
    else:
        return None
    names = [name for name, *_ in found]
    get: Any = attrgetter(*names) if names else lambda _value: ()
    return _Shape(
        tuple((name, _is(value, make, none)) for name, value, make in found),
        get if len(names) != 1 else lambda value: (get(value),),
    )


def _is(value: Any, make: Any, none: Any) -> Callable[[Any], bool]:
    """Whether something is a field's default; nothing is where it has none."""
    if value is not none:
        return lambda held: held is value or (type(held) is type(value) and bool(held == value))
    if make is not none:
        return lambda held: bool(held == make())
    return lambda _held: False


_shapes: dict[type, _Shape | None] = {}


def raw(value: Any) -> msgspec.Raw:
    """The same, to be put into other JSON as it is."""
    return msgspec.Raw(canonical(value))


def event_data(event: Event[Any]) -> msgspec.Raw:
    """What an event holds beside its command, which stands with the order."""
    held = _plain(event)
    held.pop("given", None)
    return msgspec.Raw(_encoder.encode(held))


def recorded(order: Order, lines: Sequence[Line], asked: str) -> RecordedOrder:
    """An order that was carried out, with the lines it wrote and the digest of what was asked."""
    first = lines[0]
    return RecordedOrder(
        case=first.case,
        first=first.version,
        id=order.id,
        organisation=order.organisation,
        asked=asked,
        command=order.command.name(),
        given=first.given,
        actor=order.actor,
        office=order.office.value,
        substitution=order.substitution,
        recorded=first.recorded,
        occurred=first.when,
        provenance=first.provenance,
        field_provenance=first.field_provenance,
        waives=first.waives,
        capacity=first.capacity,
        rules=first.rules,
        correction=first.correction,
        lines=tuple(line_in(line) for line in lines),
    )


def encode_order(order: RecordedOrder) -> bytes:
    """An order's canonical bytes."""
    return canonical(order)


def decode_order(body: bytes) -> RecordedOrder:
    """The order in stored bytes; ValueError where they are none."""
    try:
        order = _decoder.decode(body)
    except RecursionError as fault:  # somebody nested it so deeply on purpose
        raise ValueError("an order nested too deeply") from fault
    if not order.lines:
        raise ValueError("an order without lines")
    return order


def digest_of(before: bytes, body: bytes) -> bytes:
    """The digest of an order, chained to the digest before it."""
    return hashlib.sha256(before + body).digest()


def stored(before: bytes, order: RecordedOrder) -> StoredOrder:
    """An order in its stored form, chained to the one before."""
    body = encode_order(order)
    return StoredOrder(order.case, order.first, len(order.lines), order.id, body, digest_of(before, body))


def check_readable(command: Command) -> None:
    """TypeError where a command holds what its fields do not declare: its line could be written, but never read."""
    try:
        same = _decoder_for(type(command)).decode(canonical(command)) == command
    except msgspec.ValidationError as fault:
        raise TypeError(f"{command.name()}: {fault}") from fault
    if not same:
        raise TypeError(f"{command.name()} does not read back as it was written")


def check_storable(*values: Any) -> None:
    """UnfitText where a text holds what not every database keeps: a NUL, or half of a character."""
    try:
        written = canonical(values)
    except UnicodeEncodeError as fault:
        raise UnfitText from fault
    if b"\\u0000" in written and _NUL.search(written):
        raise UnfitText


_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""In JSON. A backslash before it, itself written as two, would make it four letters."""


def digest_of_value(value: Any) -> bytes:
    """The digest of a value's canonical bytes."""
    return hashlib.sha256(canonical(value)).digest()


def hash_of(command: object) -> str:
    """The digest of a sealed command, in hex: what a confirmation of a text is bound to."""
    return digest_of_value(command).hex()


_decoders: dict[type, msgspec.json.Decoder[Any]] = {}


def _decoder_for(kind: type) -> msgspec.json.Decoder[Any]:
    if kind not in _decoders:
        _decoders[kind] = msgspec.json.Decoder(kind)
    return _decoders[kind]


def read_event(event: type[Event[Any]], line: Line) -> Event[Any] | None:
    """The event in a line, brought to today's schema; None where its data cannot be read as one."""
    data: Any = whole(line)
    try:
        if line.schema == event.schema():
            found: Event[Any] = _decoder_for(event).decode(data)
            return found
        data = msgspec.json.decode(data)
        for upcast in event.upcasts[line.schema - 1 :]:
            data = upcast(data)
        converted: Event[Any] = msgspec.convert(data, event)
        return converted
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError, RecursionError):
        return None


def read_command(kind: type, given: msgspec.Raw) -> Any:
    """A command as it was filled in; None where it is none of its kind."""
    try:
        return _decoder_for(kind).decode(given)
    except msgspec.MsgspecError:
        return None


def whole(line: Line) -> bytes:
    """The event of a line as JSON, the command with it."""
    own = bytes(line.data)
    if line.command is None:
        return own
    return b'{"given":%b%b%b' % (bytes(line.given), b"" if own == NO_DATA else b",", own[1:])
