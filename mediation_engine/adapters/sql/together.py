"""Writing to many tables by few statements, for a server: each costs both sides more than what it writes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from .work import Question, Writing

MOST_ROWS = 50
"""So many rows are inserted by one statement: those of nearly every order, and few enough to count its parameters."""
_ROW = re.compile(r"(?<=VALUES )\([?, ]+\)")
_WRITES = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)")


def together(waiting: Iterable[Writing]) -> Iterator[Question]:
    """Few statements that write many tables: what a statement costs beside its rows is most of what an order costs.

    The parts of one do not see what the others write. So no table is written by two of them, and all that is written to
    one table keeps its order; between tables it does not matter, since none looks at another.
    """
    statements: list[list[Question]] = []
    of_table: Counter[str] = Counter()
    for part in _parts(waiting):
        table = _table_of(part[0])
        if of_table[table] == len(statements):
            statements.append([])
        statements[of_table[table]].append(part)
        of_table[table] += 1
    for parts in statements:
        yield _at_once(tuple(text for text, _ in parts)), tuple(value for _, values in parts for value in values)


def _parts(waiting: Iterable[Writing]) -> Iterator[Question]:
    """Rows to be inserted together, some at a time; whatever else is done to rows, one by one."""
    for statement, rows in waiting:
        most = MOST_ROWS if statement.startswith("INSERT") else 1
        for first in range(0, len(rows), most):
            some = rows[first : first + most]
            yield _inserting(statement, len(some)), tuple(value for row in some for value in row)


@cache
def _inserting(statement: str, rows: int) -> str:
    """A statement that inserts a row, for several."""
    return statement if rows == 1 else _ROW.sub(lambda row: ", ".join([row[0]] * rows), statement, count=1)


@cache
def _table_of(statement: str) -> str:
    """The table that a statement writes."""
    found = _WRITES.match(statement)
    assert found, statement
    return found[1]


@lru_cache(maxsize=4096)
def _at_once(parts: tuple[str, ...]) -> str:
    """One statement that does what several do."""
    if len(parts) == 1:
        return parts[0]
    return f"WITH {', '.join(f'w{n} AS ({part})' for n, part in enumerate(parts))} SELECT"
