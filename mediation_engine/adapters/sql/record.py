"""Orders and texts in the database."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

from sqlalchemy import select, update

from ...domain.recorded_order import StoredOrder
from ...record.sealing import StoredText
from . import schema as s
from .work import Question, Values, Work, columns, inserting

# The columns of these two stand in the order of the fields they hold.
_ORDER = attrgetter(*(c.name for c in s.orders.columns))
_TEXT = attrgetter(*(c.name for c in s.texts.columns))

_PUT_ORDER, _PUT_TEXT = inserting(s.orders), inserting(s.texts)
_ORDERS = f'SELECT {columns(s.orders)} FROM orders WHERE "case" = ? AND first >= ? ORDER BY first'
_LAST = f'SELECT {columns(s.orders)} FROM orders WHERE "case" = ? ORDER BY first DESC LIMIT 1'
_TEXT_COLUMNS = tuple(s.texts.columns)


def orders_of(case: str, since: int = 0) -> Question:
    """Asks for the orders of a case from a version on."""
    return _ORDERS, (case, since)


def read_orders(rows: Iterable[Values]) -> list[StoredOrder]:
    return [StoredOrder(*row) for row in rows]


class SqlRecord:
    """See `ports.record.Record`."""

    def __init__(self, work: Work) -> None:
        self._db = work

    def orders(self, case: str, since: int = 0) -> list[StoredOrder]:
        [rows] = self._db.ask(orders_of(case, since))
        return read_orders(rows)

    def last(self, case: str) -> StoredOrder | None:
        [rows] = self._db.ask((_LAST, (case,)))
        return StoredOrder(*rows[0]) if rows else None

    def append(self, order: StoredOrder) -> None:
        # That it follows on the last one, the database itself sees to.
        self._db.later(_PUT_ORDER, [_ORDER(order)])

    def cases(self) -> list[str]:
        # A case whose orders are all gone is still named by its row in the list.
        named = select(s.orders.c.case).union(select(s.case_list.c.case))
        return sorted(self._db.execute(named).scalars(), key=str)

    def texts(self, case: str) -> dict[str, StoredText]:
        rows = self._db.execute(select(*_TEXT_COLUMNS).where(s.texts.c.case == case))
        return {row.id: StoredText(**row._mapping) for row in rows}

    def salts(self, case: str, ids: Iterable[str]) -> dict[str, bytes | None]:
        t = s.texts.c
        rows = self._db.execute(select(t.id, t.salt).where(t.case == case, t.id.in_(list(ids))))
        return {row.id: row.salt for row in rows}

    def put_texts(self, texts: Iterable[StoredText]) -> None:
        self._db.later(_PUT_TEXT, map(_TEXT, texts))

    def wordless(self) -> dict[str, list[str]]:
        t, found = s.texts.c, dict[str, list[str]]()
        for row in self._db.execute(select(t.case, t.id).where(t.words.is_(None)).order_by(t.case, t.id)):
            found.setdefault(row.case, []).append(row.id)
        return found

    def erase_text(self, case: str, id: str) -> None:
        t = s.texts.c
        self._db.erases = True
        self._db.execute(update(s.texts).where(t.case == case, t.id == id).values(salt=None, words=None))
