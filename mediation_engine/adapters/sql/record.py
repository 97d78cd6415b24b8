"""Lines, answers and texts in the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from ...domain.line import StoredLine
from ...errors import VersionClash
from ...ports import Answer
from ...sealing import StoredText
from . import schema as s

# Built once: on the append path building a statement costs more than running it.
_LAST = select(func.max(s.lines.c.version)).where(s.lines.c.case == bindparam("of_case"))
_LINE = [s.lines.c[f.name] for f in fields(StoredLine)]
_ANSWER = [s.answers.c[f.name] for f in fields(Answer)]
_TEXT = [s.texts.c[f.name] for f in fields(StoredText)]


class SqlRecord:
    """See `ports.Record`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def lines(self, case: str) -> list[StoredLine]:
        rows = self._db.execute(select(*_LINE).where(s.lines.c.case == case).order_by(s.lines.c.version))
        return [StoredLine(*row) for row in rows]

    def append(self, lines: Sequence[StoredLine]) -> None:
        following = (self._db.execute(_LAST, {"of_case": lines[0].case}).scalar() or 0) + 1
        if [line.version for line in lines] != list(range(following, following + len(lines))):
            raise VersionClash
        try:
            self._db.execute(insert(s.lines), [asdict(line) for line in lines])
        except IntegrityError as fault:
            raise VersionClash from fault

    def cases(self) -> list[str]:
        # A case whose lines are all gone is still named by its row in the list.
        named = select(s.lines.c.case).union(select(s.case_list.c.case))
        return sorted(self._db.execute(named).scalars())

    def answer(self, command_id: str) -> Answer | None:
        row = self._db.execute(select(*_ANSWER).where(s.answers.c.command_id == command_id)).first()
        return Answer(**row._mapping) if row else None

    def answers(self, case: str) -> list[Answer]:
        rows = self._db.execute(select(*_ANSWER).where(s.answers.c.case == case).order_by(s.answers.c.first))
        return [Answer(**row._mapping) for row in rows]

    def keep_answer(self, answer: Answer) -> None:
        self._db.execute(insert(s.answers), [asdict(answer)])

    def texts(self, case: str) -> dict[str, StoredText]:
        rows = self._db.execute(select(*_TEXT).where(s.texts.c.case == case))
        return {row.id: StoredText(**row._mapping) for row in rows}

    def salts(self, ids: Iterable[str]) -> dict[str, bytes | None]:
        rows = self._db.execute(select(s.texts.c.id, s.texts.c.salt).where(s.texts.c.id.in_(list(ids))))
        return {row.id: row.salt for row in rows}

    def put_texts(self, texts: Iterable[StoredText]) -> None:
        rows = [asdict(text) for text in texts]
        if rows:
            self._db.execute(insert(s.texts), rows)

    def erase_text(self, id: str) -> None:
        self._db.execute(update(s.texts).where(s.texts.c.id == id).values(salt=None, words=None))
