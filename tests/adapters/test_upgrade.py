"""Migrations on a database with something in it: nothing of the record changes, whatever happens in the middle.

There are few revisions yet; so that what is tested here works for those to come, some are made for the test alone.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, inspect, select

from mediation_engine.adapters.sql import SqlStore, open_store, prepare
from mediation_engine.adapters.sql import engine as engines
from mediation_engine.adapters.sql import schema as schemas
from mediation_engine.adapters.sql.backup import back_up
from mediation_engine.adapters.sql.copying import tables_of
from mediation_engine.adapters.sql.guards import unguarded
from mediation_engine.adapters.sql.keeping import Kept, digest_of_orders, kept
from mediation_engine.adapters.sql.options import WRITES
from mediation_engine.adapters.sql.restore import audit_backup, restore
from mediation_engine.adapters.sql.revisions import bring_up, revision_of
from mediation_engine.adapters.sql.schema import APPEND_ONLY
from mediation_engine.errors import FileFault, StoreNotReady
from mediation_engine.services.maintenance import audit_store, rebuild
from web.wiring import catalogue

from ..support.apart import kill_in
from ..support.postgres import Server
from ..support.story import Story

MIGRATIONS = Path(engines.__file__).with_name("migrations")
REVISIONS = [s.revision for s in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]
LAST = REVISIONS[-1]

MADE_UP = f"""
import sys
import sqlalchemy as sa
from alembic import op
revision, down_revision = "9000", "{LAST}"
"""
ADD_A_COLUMN = """
def upgrade():
    op.add_column("case_list", sa.Column("colour", sa.String(40), nullable=False, server_default="red"))
    op.create_index("case_list_by_colour", "case_list", ["colour"])
def downgrade():
    op.drop_index("case_list_by_colour", "case_list")
    op.drop_column("case_list", "colour")
"""
STOP_IN_THE_MIDDLE = """
def upgrade():
    op.create_table("more", sa.Column("id", sa.String(40), primary_key=True))
    op.execute("UPDATE case_list SET open_parts = 99")
    print("here", flush=True)
    sys.stdin.read()
"""
REBUILD_THE_TABLE = """
def upgrade():
    with op.batch_alter_table("orders", recreate="always") as orders:
        orders.add_column(sa.Column("more", sa.String(40)))
"""
REWRITE_THE_ORDERS = """
def upgrade():
    op.execute("DROP TRIGGER orders_no_update")
    op.execute("UPDATE orders SET body = CAST(replace(body, 'labour_pay', 'consumer') AS BLOB)")
    op.execute("CREATE TRIGGER orders_no_update BEFORE UPDATE ON orders "
               "BEGIN SELECT RAISE(ABORT, 'orders is append-only'); END")
"""
LOSE_A_TRIGGER = """
def upgrade():
    op.execute("DROP TRIGGER orders_append_only ON orders")
"""
REWRITE_THEM_THERE = """
def upgrade():
    op.execute("ALTER TABLE orders DISABLE TRIGGER orders_append_only")
    op.execute("UPDATE orders SET body = body || ' '::bytea")
    op.execute("ALTER TABLE orders ENABLE ALWAYS TRIGGER orders_append_only")
"""
THROW_AN_ORDER_AWAY = """
def upgrade():
    op.execute("DROP TRIGGER orders_no_delete")
    op.execute("DELETE FROM orders WHERE first = 6")
    op.execute("CREATE TRIGGER orders_no_delete BEFORE DELETE ON orders "
               "BEGIN SELECT RAISE(ABORT, 'orders is append-only'); END")
"""

Migrate = Callable[[str], Path]


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def write_migration(folder: Path, body: str) -> Path:
    """A migration after the last one, in a folder of its own."""
    folder.mkdir(exist_ok=True)
    (folder / "9000_made_up.py").write_text(MADE_UP + body, encoding="utf-8")
    return folder


def more_migrations(folder: Path) -> Callable[[Connection], Config]:
    """Alembic's configuration with the migrations of another folder, too."""
    migrations = engines.migrations

    def both(connection: Connection) -> Config:
        config = migrations(connection)
        config.set_main_option("path_separator", "os")
        config.set_main_option("version_locations", os.pathsep.join((str(MIGRATIONS / "versions"), str(folder))))
        return config

    return both


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Migrate:
    """A program with one more migration: told which, it is the newest there is."""

    def install(body: str) -> Path:
        folder = write_migration(tmp_path / "later", body)
        monkeypatch.setattr(engines, "migrations", more_migrations(folder))
        monkeypatch.setattr(engines, "HEAD", "9000")
        monkeypatch.setattr(schemas, "HEAD", "9000")
        return folder

    return install


@pytest.fixture
def told(kept: Story) -> SqlStore:
    """A store with two cases told to it."""
    kept.effective()
    Story(kept.store, kept.clock, "A2").accepted()
    assert isinstance(kept.store, SqlStore)
    return kept.store


@pytest.fixture(params=["sqlite", "postgres"])
def nothing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with nothing in it, of either kind."""
    if request.param == "sqlite":
        yield url(tmp_path / "old.db")
        return
    server: Server = request.getfixturevalue("server")
    with server.database() as name:
        yield server.url(name)


@contextmanager
def writing(at: str) -> Iterator[Connection]:
    engine = engines.open_engine(at)
    try:
        with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()


def populated(at: str, revision: str, like: SqlStore) -> None:
    """A database of a revision with all that it can hold of what another one does."""
    with writing(at) as connection, like.engine.connect() as source:
        bring_up(connection, revision)
        there = tables_of(source)
        for name, table in tables_of(connection).items():
            known = [c for c in there[name].c if c.name in table.c] if name in there else []
            rows = (
                [dict(row._mapping) for row in source.execute(select(*known).order_by(*there[name].primary_key))]
                if known
                else []
            )
            if rows:
                connection.execute(insert(table), rows)


def held_by(at: str) -> Kept:
    with writing(at) as connection:
        return kept(connection)


def sound(at: str, orders: str) -> None:
    """The orders are what they were; chain, texts and read models agree; rebuilt is current."""
    store = open_store(at)
    assert [f for _, found in audit_store(store, catalogue()) for f in found if not f.known] == []
    assert rebuild(store, catalogue()) == []
    with store.engine.connect() as connection:
        assert digest_of_orders(connection) == orders
        assert unguarded(connection) == set()
    store.close()


class TestPopulated:
    @pytest.mark.parametrize("revision", REVISIONS)
    def test_every_revision_goes_up_to_the_newest_with_all_it_holds(
        self, told: SqlStore, nothing: str, revision: str
    ) -> None:
        populated(nothing, revision, told)
        orders = held_by(nothing).orders
        assert prepare(nothing, catalogue()) == (revision, LAST)
        assert orders
        sound(nothing, orders)

    @pytest.mark.parametrize("revision", REVISIONS)
    def test_and_to_one_that_is_still_to_come(
        self, told: SqlStore, later: Migrate, nothing: str, revision: str
    ) -> None:
        populated(nothing, revision, told)
        orders = held_by(nothing).orders
        later(ADD_A_COLUMN)
        assert prepare(nothing, catalogue()) == (revision, "9000")
        assert orders
        sound(nothing, orders)

    def test_down_one_and_up_again(self, told: SqlStore, later: Migrate, nothing: str) -> None:
        later(ADD_A_COLUMN)
        populated(nothing, "9000", told)
        before = held_by(nothing)
        with writing(nothing) as connection:
            command.downgrade(engines.migrations(connection), "-1")
        assert held_by(nothing) == before
        assert prepare(nothing, catalogue()) == (LAST, "9000")
        assert before.orders
        sound(nothing, before.orders)


class TestAnOlderBackup:
    def test_it_is_put_back_and_upgraded(self, told: SqlStore, later: Migrate, tmp_path: Path, nothing: str) -> None:
        backup = tmp_path / "b.db"
        taken = back_up(str(told.engine.url), backup)
        later(ADD_A_COLUMN)
        found = restore(backup, nothing, catalogue())
        assert (found.held, found.findings) == (taken, [])
        with writing(nothing) as connection:
            assert revision_of(connection) == "9000"
            assert "colour" in {c["name"] for c in inspect(connection).get_columns("case_list")}
        orders = held_by(nothing).orders
        assert orders == held_by(str(told.engine.url)).orders
        assert orders
        sound(nothing, orders)

    def test_into_an_empty_database_of_the_newer_schema(
        self, told: SqlStore, later: Migrate, tmp_path: Path, nothing: str
    ) -> None:
        back_up(str(told.engine.url), tmp_path / "b.db")
        later(ADD_A_COLUMN)
        prepare(nothing)
        assert restore(tmp_path / "b.db", nothing, catalogue()).findings == []

    def test_a_backup_can_be_taken_before_the_upgrade(
        self, told: SqlStore, later: Migrate, tmp_path: Path, nothing: str
    ) -> None:
        populated(nothing, LAST, told)
        later(ADD_A_COLUMN)
        assert back_up(nothing, tmp_path / "b.db").revision == LAST
        with pytest.raises(FileFault, match="请恢复到新库后再校验"):
            audit_backup(tmp_path / "b.db", catalogue())


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("nothing", "body", "words"),
        [
            ("sqlite", REBUILD_THE_TABLE, "去掉只增不改的保护（orders_no_delete、.*orders_no_update）"),
            ("sqlite", REWRITE_THE_ORDERS, "改动已有的记录"),
            ("sqlite", THROW_AN_ORDER_AWAY, "改动已有的记录"),
            ("postgres", LOSE_A_TRIGGER, "去掉只增不改的保护（orders_append_only）"),
            ("postgres", REWRITE_THEM_THERE, "改动已有的记录"),
        ],
        indirect=["nothing"],
    )
    def test_a_migration_that_touches_the_record_is_undone(
        self, told: SqlStore, later: Migrate, nothing: str, body: str, words: str
    ) -> None:
        populated(nothing, LAST, told)
        before = held_by(nothing)
        later(body)
        with pytest.raises(StoreNotReady, match=words):
            prepare(nothing, catalogue())
        assert held_by(nothing) == before
        with writing(nothing) as connection:
            assert revision_of(connection) == LAST

    def test_a_database_newer_than_the_program(self, nothing: str, tmp_path: Path) -> None:
        with pytest.MonkeyPatch.context() as newer:
            folder = write_migration(tmp_path / "newer", ADD_A_COLUMN)
            newer.setattr(engines, "migrations", more_migrations(folder))
            prepare(nothing)
        with pytest.raises(StoreNotReady, match="比程序新"):
            prepare(nothing, catalogue())


class TestKilled:
    def script(self, at: str, folder: Path) -> str:
        return f"""
from pathlib import Path
from mediation_engine.adapters.sql import engine, prepare
from tests.adapters.test_upgrade import more_migrations
from web.wiring import catalogue
engine.migrations = more_migrations(Path({str(folder)!r}))
prepare({at!r}, catalogue())
"""

    def test_in_the_middle_of_an_upgrade_everything_is_as_it_was_and_the_next_one_goes_through(
        self, told: SqlStore, later: Migrate, tmp_path: Path, nothing: str
    ) -> None:
        populated(nothing, LAST, told)
        before = held_by(nothing)
        kill_in(self.script(nothing, write_migration(tmp_path / "later", STOP_IN_THE_MIDDLE)))
        with writing(nothing) as connection:
            assert revision_of(connection) == LAST
            assert "more" not in inspect(connection).get_table_names()
        assert held_by(nothing) == before
        assert before.orders
        sound(nothing, before.orders)
        later(ADD_A_COLUMN)
        assert prepare(nothing, catalogue()) == (LAST, "9000")

    def test_in_the_middle_of_the_very_first_there_is_nothing(self, tmp_path: Path, nothing: str) -> None:
        kill_in(self.script(nothing, write_migration(tmp_path / "later", STOP_IN_THE_MIDDLE)))
        with writing(nothing) as connection:
            assert inspect(connection).get_table_names() == []
        assert prepare(nothing, catalogue()) == (None, LAST)


def batched(source: str) -> set[str]:
    """The tables a migration works on in Alembic's batch mode; it makes them anew, and their triggers are gone."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    batch = (c for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "batch_alter_table")
    return {ast.literal_eval(call.args[0]) for call in batch}


@pytest.mark.parametrize("migration", sorted((MIGRATIONS / "versions").glob("*.py")), ids=lambda path: path.stem)
def test_no_migration_makes_an_append_only_table_anew(migration: Path) -> None:
    assert batched(migration.read_text(encoding="utf-8")).isdisjoint(APPEND_ONLY)


def test_and_one_that_did_would_be_seen() -> None:
    assert batched(MADE_UP + REBUILD_THE_TABLE) == {"orders"}
