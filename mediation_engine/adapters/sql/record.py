"""Lines, answers and texts in the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter

from sqlalchemy import select, update

from ...domain.line import StoredLine
from ...ports.record import Answer
from ...record.sealing import StoredText
from . import schema as s
from .work import Question, Values, Work, columns, inserting

# The columns of these three stand in the order of the fields they hold.
_LINE = attrgetter(*(c.name for c in s.lines.columns))
_ANSWER = attrgetter(*(c.name for c in s.answers.columns))
_TEXT = attrgetter(*(c.name for c in s.texts.columns))

_PUT_LINE, _PUT_ANSWER, _PUT_TEXT = inserting(s.lines), inserting(s.answers), inserting(s.texts)
_LINES = f'SELECT {columns(s.lines)} FROM lines WHERE "case" = ? AND version >= ? ORDER BY version'
_LAST = f'SELECT {columns(s.lines)} FROM lines WHERE "case" = ? ORDER BY version DESC LIMIT 1'
# Answers lie with their case; where an order went, its first line knows: its id is there once in the whole record.
_GIVEN = (
    f"SELECT {columns(s.answers, 'a')} FROM lines JOIN answers AS a "
    'ON a."case" = lines."case" AND a.command_id = lines.command_id WHERE lines.command_id = ? AND lines.ordinal = 0'
)


def lines_of(case: str, since: int = 0) -> Question:
    """Asks for the lines of a case from a version on."""
    return _LINES, (case, since)


def answer_to(command_id: str) -> Question:
    """Asks for the kept answer to an order."""
    return _GIVEN, (command_id,)


def read_lines(rows: Iterable[Values]) -> list[StoredLine]:
    return [StoredLine(*row) for row in rows]


def read_answer(rows: Sequence[Values]) -> Answer | None:
    return _answer(rows[0]) if rows else None


def _answer(row: Values) -> Answer:
    return Answer(**dict(zip(_ANSWER_FIELDS, row, strict=True)))


_ANSWER_FIELDS = tuple(c.name for c in s.answers.columns)
_ANSWER_COLUMNS = tuple(s.answers.columns)
_TEXT_COLUMNS = tuple(s.texts.columns)


class SqlRecord:
    """See `ports.record.Record`."""

    def __init__(self, work: Work) -> None:
        self._db = work

    def lines(self, case: str, since: int = 0) -> list[StoredLine]:
        [rows] = self._db.ask(lines_of(case, since))
        return read_lines(rows)

    def last(self, case: str) -> StoredLine | None:
        [rows] = self._db.ask((_LAST, (case,)))
        return StoredLine(*rows[0]) if rows else None

    def append(self, lines: Sequence[StoredLine]) -> None:
        # That no version is taken or left out, the database itself sees to.
        self._db.later(_PUT_LINE, map(_LINE, lines))

    def cases(self) -> list[str]:
        # A case whose lines are all gone is still named by its row in the list.
        named = select(s.lines.c.case).union(select(s.case_list.c.case))
        return sorted(self._db.execute(named).scalars())

    def answer(self, command_id: str) -> Answer | None:
        [rows] = self._db.ask(answer_to(command_id))
        return read_answer(rows)

    def answers(self, case: str) -> list[Answer]:
        found = select(*_ANSWER_COLUMNS).where(s.answers.c.case == case).order_by(s.answers.c.first)
        return [_answer(tuple(row)) for row in self._db.execute(found)]

    def keep_answer(self, answer: Answer) -> None:
        self._db.later(_PUT_ANSWER, [_ANSWER(answer)])

    def texts(self, case: str) -> dict[str, StoredText]:
        rows = self._db.execute(select(*_TEXT_COLUMNS).where(s.texts.c.case == case))
        return {row.id: StoredText(**row._mapping) for row in rows}

    def salts(self, case: str, ids: Iterable[str]) -> dict[str, bytes | None]:
        t = s.texts.c
        rows = self._db.execute(select(t.id, t.salt).where(t.case == case, t.id.in_(list(ids))))
        return {row.id: row.salt for row in rows}

    def put_texts(self, texts: Iterable[StoredText]) -> None:
        self._db.later(_PUT_TEXT, map(_TEXT, texts))

    def erase_text(self, case: str, id: str) -> None:
        t = s.texts.c
        self._db.execute(update(s.texts).where(t.case == case, t.id == id).values(salt=None, words=None))
