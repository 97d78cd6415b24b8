"""Lines to bytes and back, and the digest chain over them.

Canonical form: UTF-8 JSON, keys sorted, no white space. The bytes are stored and verified as stored; nothing is ever
re-serialised to check it. A digest is SHA-256 over the digest before and the body, so it covers every column.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any

import msgspec

from ..domain.command import Command, Event
from ..domain.line import Line, StoredLine
from ..errors import UnfitText

_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Line)


def canonical(value: Any) -> bytes:
    """Any value of plain parts, dataclasses, dates and labelled choices as canonical JSON."""
    return _encoder.encode(value)


def raw(value: Any) -> msgspec.Raw:
    """The same, to be put into other JSON as it is."""
    return msgspec.Raw(_encoder.encode(value))


def encode_line(line: Line) -> bytes:
    """A line's canonical bytes."""
    return _encoder.encode(line)


def decode_line(body: bytes) -> Line:
    """The line in stored bytes; ValueError where they are none."""
    return _decoder.decode(body)


def digest_of(before: bytes, body: bytes) -> bytes:
    """The digest of a line, chained to the digest before it."""
    return hashlib.sha256(before + body).digest()


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


def chain(before: bytes, lines: Iterable[Line]) -> list[StoredLine]:
    """Lines in their stored form, each chained to the one before."""
    stored = []
    for line in lines:
        body = encode_line(line)
        before = digest_of(before, body)
        stored.append(StoredLine(line.case, line.version, line.command_id, line.ordinal, body, before))
    return stored


_decoders: dict[type, msgspec.json.Decoder[Any]] = {}


def _decoder_for(kind: type) -> msgspec.json.Decoder[Any]:
    if kind not in _decoders:
        _decoders[kind] = msgspec.json.Decoder(kind)
    return _decoders[kind]


def read_event(event: type[Event[Any]], line: Line) -> Event[Any] | None:
    """The event in a line, brought to today's schema; None where its data cannot be read as one."""
    try:
        if line.schema == event.schema():
            found: Event[Any] = _decoder_for(event).decode(line.data)
            return found
        data = msgspec.json.decode(line.data)
        for upcast in event.upcasts[line.schema - 1 :]:
            data = upcast(data)
        converted: Event[Any] = msgspec.convert(data, event)
        return converted
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError):
        return None
