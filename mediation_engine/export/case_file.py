"""A case as a file somebody else can check: JSON lines, the stored bytes unchanged, the texts beside them."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import replace

import msgspec
from msgspec import structs

from ..audit import CaseFile
from ..domain.line import StoredLine
from ..domain.roles import Office
from ..errors import FileFault
from ..record.disclosure import may_read
from ..record.sealing import StoredText

FORMAT = "mediation-case/1"


class _Opening(msgspec.Struct, tag="case", tag_field="what"):
    format: str
    case: str


class _Line(msgspec.Struct, tag="line", tag_field="what"):
    case: str
    version: int
    command_id: str
    ordinal: int
    body: str
    """The stored bytes, in base 64: what is verified is what was stored."""
    digest: str


class _Text(msgspec.Struct, tag="text", tag_field="what"):
    id: str
    case: str
    label: str
    salt: str | None
    words: str | None


_reader = msgspec.json.Decoder(_Opening | _Line | _Text)


def readable(file: CaseFile, office: Office) -> CaseFile:
    """The file without the texts an office may not read.

    As for an erased text, the line's digest stays and the words are gone: whoever checks the file finds it whole.
    """
    texts = {
        k: t if may_read(t.label, office) else structs.replace(t, salt=None, words=None) for k, t in file.texts.items()
    }
    return replace(file, texts=texts)


def write_case(file: CaseFile) -> Iterator[bytes]:
    """The file's lines, one JSON object each, without line ends."""
    yield msgspec.json.encode(_Opening(format=FORMAT, case=file.case))
    for s in file.lines:
        body = base64.b64encode(s.body).decode()
        yield msgspec.json.encode(_Line(s.case, s.version, s.command_id, s.ordinal, body, s.digest.hex()))
    for t in file.texts.values():
        yield msgspec.json.encode(_Text(t.id, t.case, t.label, t.salt.hex() if t.salt else None, t.words))


def read_cases(lines: Iterable[bytes], path: str) -> list[CaseFile]:
    """The cases of an exported file; FileFault names the line that cannot be read."""
    files: list[tuple[str, list[StoredLine], dict[str, StoredText]]] = []
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            _take(_reader.decode(raw), files)
        except (ValueError, IndexError, RecursionError) as fault:
            raise FileFault(path=path, why=f"第{number}行不是导出的案件记录") from fault
    if not files:
        raise FileFault(path=path, why="其中没有案件")
    return [CaseFile(case=c, lines=stored, texts=texts, has_projection=False) for c, stored, texts in files]


def _take(row: _Opening | _Line | _Text, files: list[tuple[str, list[StoredLine], dict[str, StoredText]]]) -> None:
    if isinstance(row, _Opening):
        if row.format != FORMAT:
            raise ValueError("another format")
        files.append((row.case, [], {}))
    elif isinstance(row, _Line):
        body = base64.b64decode(row.body, validate=True)
        stored = StoredLine(row.case, row.version, row.command_id, row.ordinal, body, bytes.fromhex(row.digest))
        files[-1][1].append(stored)
    else:
        salt = bytes.fromhex(row.salt) if row.salt else None
        text = StoredText(id=row.id, case=row.case, label=row.label, salt=salt, words=row.words)
        files[-1][2][row.id] = text
