"""Which revision a database's schema has, and bringing it to another, within a transaction."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from ...errors import StoreNotReady
from . import engine as e
from .schema import why_unknown

BOOKMARK = "alembic_version"
"""The table in which Alembic keeps the revision."""


def revision_of(connection: Connection) -> str | None:
    """The revision of a database's schema; None where it has none."""
    if not inspect(connection).has_table(BOOKMARK):
        return None
    return connection.execute(text(f"SELECT version_num FROM {BOOKMARK}")).scalar()


def known_revision(connection: Connection) -> str:
    """The same, of a database with a schema this program knows. StoreNotReady."""
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    found = revision_of(connection)
    if found is None:
        raise StoreNotReady(why="其中没有本程序的数据")
    try:
        ScriptDirectory.from_config(e.migrations(connection)).get_revision(found)
    except CommandError as fault:
        raise StoreNotReady(why=why_unknown(found)) from fault
    return found


def bring_up(connection: Connection, revision: str = "head") -> None:
    """Migrate up to a revision."""
    from alembic import command

    command.upgrade(e.migrations(connection), revision)


def take_down(connection: Connection) -> None:
    """Undo all migrations, in a database that holds nothing."""
    from alembic import command

    command.downgrade(e.migrations(connection), "base")
