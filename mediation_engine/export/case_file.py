"""A case as a file somebody else can check: JSON lines, the stored bytes unchanged, the texts beside them.

docs/record.md tells outsiders how to read it; `verify.py`, written beside every export, checks one without this
program.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import structs

from ..audit import CaseFile
from ..domain.line import GENESIS
from ..domain.recorded_order import StoredOrder
from ..errors import FileFault
from ..record.disclosure import Access, may_read
from ..record.sealing import StoredText

FORMAT = "mediation-case/2"
VERIFIER = Path(__file__).with_name("verify.py")
"""Handed out with every export, byte for byte."""


class _Opening(msgspec.Struct, tag="case", tag_field="what", forbid_unknown_fields=True):
    format: str
    case: str
    orders: int
    lines: int
    digest: str
    """Of the last order: with the counts, it tells a file whose end was cut off."""


class _Order(msgspec.Struct, tag="order", tag_field="what", forbid_unknown_fields=True):
    case: str
    first: int
    count: int
    command_id: str
    body: str
    """The stored bytes, in base 64: what is verified is what was stored."""
    digest: str


class _Text(msgspec.Struct, tag="text", tag_field="what", forbid_unknown_fields=True):
    id: str
    case: str
    label: str
    state: Literal["given", "withheld", "erased"]
    """Withheld: it is kept, but the reader for whom the file was made may not read it."""
    salt: str | None
    words: str | None


_reader = msgspec.json.Decoder(_Opening | _Order | _Text)


def readable(file: CaseFile, access: Access) -> CaseFile:
    """The file without the texts that somebody may not read.

    As for an erased text, the line's digest stays and the words are gone: whoever checks the file finds it whole.
    """
    withheld = {k for k, t in file.texts.items() if t.words is not None and not may_read(t.label, access)}
    texts = {k: structs.replace(t, salt=None, words=None) if k in withheld else t for k, t in file.texts.items()}
    return replace(file, texts=texts, withheld=file.withheld | withheld)


def write_case(file: CaseFile) -> Iterator[bytes]:
    """The file's lines, one JSON object each, without line ends."""
    last = file.orders[-1] if file.orders else None
    digest = (last.digest if last else GENESIS).hex()
    counts = len(file.orders), sum(order.count for order in file.orders)
    yield msgspec.json.encode(_Opening(FORMAT, file.case, *counts, digest))
    for o in file.orders:
        body = base64.b64encode(o.body).decode()
        yield msgspec.json.encode(_Order(o.case, o.first, o.count, o.command_id, body, o.digest.hex()))
    for t in file.texts.values():
        yield msgspec.json.encode(_text(t, t.id in file.withheld))


def _text(text: StoredText, withheld: bool) -> _Text:
    state: Literal["given", "withheld", "erased"] = "erased" if text.words is None else "given"
    salt = text.salt.hex() if text.salt else None
    return _Text(text.id, text.case, text.label, "withheld" if withheld else state, salt, text.words)


def read_cases(lines: Iterable[bytes], path: str) -> list[CaseFile]:
    """The cases of an exported file; FileFault names the line that cannot be read."""
    files: list[tuple[_Opening, list[StoredOrder], dict[str, StoredText], set[str]]] = []
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            row = _reader.decode(raw)
            if isinstance(row, _Opening):
                if row.format != FORMAT:
                    raise ValueError("another format")
                files.append((row, [], {}, set()))
                continue
            opening, orders, texts, withheld = files[-1]
            if row.case != opening.case:
                raise ValueError("of another case")
            if isinstance(row, _Order):
                orders.append(_stored(row))
            elif texts.setdefault(row.id, kept := _kept(row)) is not kept:
                raise ValueError("twice")
            elif row.state == "withheld":
                withheld.add(row.id)
        except (ValueError, IndexError, RecursionError) as fault:
            raise FileFault(path=path, why=f"第{number}行不是导出的案件记录") from fault
    if not files:
        raise FileFault(path=path, why="其中没有案件")
    return [
        CaseFile(
            case=opening.case,
            orders=orders,
            texts=texts,
            withheld=frozenset(withheld),
            announced=(opening.orders, opening.lines, opening.digest),
            has_projection=False,
        )
        for opening, orders, texts, withheld in files
    ]


def _stored(row: _Order) -> StoredOrder:
    body = base64.b64decode(row.body, validate=True)
    return StoredOrder(row.case, row.first, row.count, row.command_id, body, bytes.fromhex(row.digest))


def _kept(row: _Text) -> StoredText:
    if {bool(row.salt), row.words is not None} != {row.state == "given"}:
        raise ValueError("words that are not there, or should not be")
    salt = bytes.fromhex(row.salt) if row.salt else None
    return StoredText(id=row.id, case=row.case, label=row.label, salt=salt, words=row.words)
