"""What no migration, copy or restore may change: the bytes of orders and journal, and the triggers that guard them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Table, inspect, select, text

from ...errors import StoreNotReady
from . import schema as s

BATCH = 1000
"""Rows read and written at a time."""
_TRIGGERS = {
    "sqlite": "SELECT name, sql, 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT tgname, format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', tgrelid::regclass, tgname), "
        "format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname) "
        "FROM pg_trigger WHERE tgenabled = 'A' AND NOT tgisinternal"
    ),
}
"""The name of each trigger, what puts it in force, and what takes it out of force."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a database holds that must stay; None and nothing where there is no record yet."""

    orders: str | None
    triggers: frozenset[str]
    journal: str | None = None


def kept(connection: Connection) -> Kept:
    """Digests over all orders and all entries of the journal as stored, and the names of the triggers."""
    if not inspect(connection).has_table(s.orders.name):
        return Kept(None, frozenset())
    return Kept(digest_of_orders(connection), triggers(connection), digest_of_rows(connection, s.journal))


def hold(before: Kept, after: Kept) -> None:
    """StoreNotReady where a migration has changed what must stay. Alembic's batch mode drops triggers silently."""
    if before.orders is not None and after.orders is not None and _bytes(before) != _bytes(after):
        raise StoreNotReady(why="这次升级会改动已有的记录，已全部撤回；请换用正确的程序版本")
    lost = before.triggers - after.triggers
    if after.orders is not None and lost:
        raise StoreNotReady(why=f"这次升级会去掉只增不改的保护（{'、'.join(sorted(lost))}），已全部撤回")


def _bytes(held: Kept) -> tuple[str | None, str | None]:
    return held.orders, held.journal


def digest_of_orders(connection: Connection) -> str:
    """One digest over every order, byte for byte, in order of case and version."""
    return digest_of_rows(connection, s.orders)


def digest_of_rows(connection: Connection, table: Table) -> str:
    """One digest over every chained row of a table, every column byte for byte, in order of its key."""
    seen, asked = hashlib.sha256(), select(*table.columns).order_by(*table.primary_key)
    for row in connection.execute(asked, execution_options={"yield_per": BATCH}):
        seen.update(repr(tuple(row)).encode())
    return seen.hexdigest()


def triggers(connection: Connection) -> frozenset[str]:
    """The names of the triggers in force."""
    return frozenset(connection.execute(text(_TRIGGERS[connection.dialect.name])).scalars())


@contextmanager
def without_triggers(connection: Connection) -> Iterator[None]:
    """Let anything be written, within a transaction: a record is put back as it was, be it damaged."""
    found = connection.execute(text(_TRIGGERS[connection.dialect.name])).all()
    for _, _, out_of_force in found:
        connection.exec_driver_sql(out_of_force)
    yield
    for _, in_force, _ in found:
        connection.exec_driver_sql(in_force)
