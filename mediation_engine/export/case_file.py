"""A case as a file somebody else can check: JSON lines, the stored bytes unchanged, the texts beside them.

docs/record.md tells outsiders how to read it; `verify.py`, written beside every export, checks one without this
program.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import structs

from ..audit import CaseFile, FileKept
from ..domain.files import FileHeld
from ..domain.line import GENESIS
from ..domain.recorded_order import StoredOrder
from ..errors import FileFault, why
from ..record.disclosure import Access, may_read
from ..record.sealing import StoredText, files_named_in

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


class _Exhibit(msgspec.Struct, tag="exhibit", tag_field="what", forbid_unknown_fields=True):
    id: str
    case: str
    label: str
    state: Literal["given", "withheld", "erased"]
    """Given: its bytes lie in the folder beside the file."""
    salt: str | None
    words: None = None


_reader = msgspec.json.Decoder(_Opening | _Order | _Text | _Exhibit)
Beside = Callable[[str, bytes], FileKept]
"""Looks, by id and salt, at the bytes of an exhibit that lie beside a file."""


def folder_beside(path: Path) -> Path:
    """Where the bytes of exhibits lie that belong to an exported file."""
    return path.with_suffix(".exhibits")


def look_beside(path: Path) -> Beside:
    """Looks into that folder."""

    def look(id: str, salt: bytes) -> FileKept:
        for found in sorted(folder_beside(path).glob(f"{id}.*")):
            try:
                return FileKept(digest=hmac.new(salt, found.read_bytes(), sha256).hexdigest(), salt=salt)
            except OSError as fault:
                return FileKept(fault=why(fault))
        return FileKept(fault=f"文件不在 {folder_beside(path).name} 目录里")

    return look


def not_beside(id: str, salt: bytes) -> FileKept:
    """For whoever does not look at them."""
    return FileKept(salt=salt)


def readable(file: CaseFile, access: Access, opens: Collection[str] = ()) -> CaseFile:
    """The file without the texts that somebody may not read, and without the exhibits but those (ids) he opens.

    As for an erased text, the line's digest stays and the words are gone: whoever checks the file finds it whole.
    """
    exhibits = {k: x if k in opens else FileKept(is_withheld=True) for k, x in file.exhibits.items()}
    withheld = {k for k, t in file.texts.items() if t.words is not None and not may_read(t.label, access)}
    texts = {k: structs.replace(t, salt=None, words=None) if k in withheld else t for k, t in file.texts.items()}
    return replace(file, texts=texts, exhibits=exhibits, withheld=file.withheld | withheld)


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
    named = (ref for o in file.orders for ref in files_named_in(_decoded(o.body)))
    for ref in dict.fromkeys(named):
        yield msgspec.json.encode(_exhibit(file.case, ref, file.exhibits.get(ref.id)))


def _decoded(body: bytes) -> Any:
    """What stands in an order; nothing where it cannot be read."""
    try:
        return msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return None


def _exhibit(case: str, ref: FileHeld, kept: FileKept | None) -> _Exhibit:
    salt = kept.salt.hex() if kept and kept.salt and not kept.is_withheld else None
    return _Exhibit(ref.id, case, ref.label, "erased" if kept is None else "given" if salt else "withheld", salt)


def _text(text: StoredText, withheld: bool) -> _Text:
    state: Literal["given", "withheld", "erased"] = "erased" if text.words is None else "given"
    salt = text.salt.hex() if text.salt else None
    return _Text(text.id, text.case, text.label, "withheld" if withheld else state, salt, text.words)


def read_cases(lines: Iterable[bytes], path: str, look: Beside = not_beside) -> list[CaseFile]:
    """The cases of an exported file; FileFault names the line that cannot be read."""
    files: list[tuple[_Opening, list[StoredOrder], dict[str, StoredText], set[str], dict[str, FileKept]]] = []
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            row = _reader.decode(raw)
            if isinstance(row, _Opening):
                if row.format != FORMAT:
                    raise ValueError("another format")
                files.append((row, [], {}, set(), {}))
                continue
            opening, orders, texts, withheld, exhibits = files[-1]
            if row.case != opening.case:
                raise ValueError("of another case")
            if isinstance(row, _Order):
                orders.append(_stored(row))
            elif isinstance(row, _Exhibit):
                if row.id in exhibits:
                    raise ValueError("twice")
                exhibits |= _found(row, look)
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
            exhibits=exhibits,
            withheld=frozenset(withheld),
            announced=(opening.orders, opening.lines, opening.digest),
            has_projection=False,
        )
        for opening, orders, texts, withheld, exhibits in files
    ]


def _stored(row: _Order) -> StoredOrder:
    body = base64.b64decode(row.body, validate=True)
    return StoredOrder(row.case, row.first, row.count, row.command_id, body, bytes.fromhex(row.digest))


def _found(row: _Exhibit, look: Beside) -> dict[str, FileKept]:
    """What there is of an exhibit, by its id; nothing of one that was erased."""
    if bool(row.salt) != (row.state == "given") or not re.fullmatch("[0-9a-f]{32}", row.id):
        raise ValueError("an exhibit that is not there, or should not be")
    if row.state == "erased":
        return {}
    return {row.id: look(row.id, bytes.fromhex(row.salt)) if row.salt else FileKept(is_withheld=True)}


def _kept(row: _Text) -> StoredText:
    if {bool(row.salt), row.words is not None} != {row.state == "given"}:
        raise ValueError("words that are not there, or should not be")
    salt = bytes.fromhex(row.salt) if row.salt else None
    return StoredText(id=row.id, case=row.case, label=row.label, salt=salt, words=row.words)
