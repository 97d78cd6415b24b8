"""What no migration, copy or restore may change: the bytes of the orders, and the triggers that guard them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, inspect, select, text

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


def kept(connection: Connection) -> Kept:
    """A digest over all orders as stored, and the names of the triggers."""
    if not inspect(connection).has_table(s.orders.name):
        return Kept(None, frozenset())
    return Kept(digest_of_orders(connection), triggers(connection))


def hold(before: Kept, after: Kept) -> None:
    """StoreNotReady where a migration has changed what must stay. Alembic's batch mode drops triggers silently."""
    if before.orders is not None and after.orders not in (None, before.orders):
        raise StoreNotReady(why="这次升级会改动已有的记录，已全部撤回；请换用正确的程序版本")
    lost = before.triggers - after.triggers
    if after.orders is not None and lost:
        raise StoreNotReady(why=f"这次升级会去掉只增不改的保护（{'、'.join(sorted(lost))}），已全部撤回")


def digest_of_orders(connection: Connection) -> str:
    """One digest over every order, byte for byte, in order of case and version."""
    columns = (s.orders.c.case, s.orders.c.first, s.orders.c.body, s.orders.c.digest)
    seen = hashlib.sha256()
    for case, first, body, digest in connection.execute(
        select(*columns).order_by(*columns[:2]), execution_options={"yield_per": BATCH}
    ):
        seen.update(f"{case}\0{first}\0{len(body)}\0".encode() + body + digest)
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
