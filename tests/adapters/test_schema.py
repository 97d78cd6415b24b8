"""The database itself: its schema, what it refuses, its settings; and what is said where it cannot be used."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, inspect

from mediation_engine.adapters.sql import SqlStore, open_store, prepare
from mediation_engine.adapters.sql.engine import check, migrations, open_engine
from mediation_engine.adapters.sql.guards import SQLITE
from mediation_engine.adapters.sql.options import WRITES
from mediation_engine.adapters.sql.schema import APPEND_ONLY, HEAD, RETIRED, metadata
from mediation_engine.adapters.sql.sqlite import SETTINGS, SOUND
from mediation_engine.clock import FixedClock
from mediation_engine.errors import StoreNotReady, StoreUnavailable, StoreUnwritable
from mediation_engine.ports.views import Wanted

from ..contracts.samples import ONE_OF_EVERYTHING, ROOM, put_one_of_everything, rows_of, text
from ..contracts.store import put, seen, write
from ..support.disks import small_disk

NOBODY = 65534


def url(path: Path) -> str:
    return f"sqlite:///{path}"


@contextmanager
def writing(path: Path) -> Iterator[Connection]:
    """A connection to a file as `prepare` makes it."""
    engine = open_engine(url(path))
    try:
        with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()


@contextmanager
def statements(store: SqlStore) -> Iterator[list[tuple[str, Any]]]:
    """What a store asks its database meanwhile, with the values."""
    asked: list[tuple[str, Any]] = []

    def hear(_db: Any, _cursor: Any, sql: str, given: Any, *_: Any) -> None:
        asked.append((sql, given))

    event.listen(store.engine, "before_cursor_execute", hear)
    yield asked
    event.remove(store.engine, "before_cursor_execute", hear)


@contextmanager
def raw(path: Path) -> Iterator[Any]:
    """The driver alone, with nothing of ours before it."""
    driver: Any = open_engine("sqlite:///unused").dialect.loaded_dbapi
    with closing(driver.connect(str(path), isolation_level=None)) as connection:
        yield connection


def drawn(path: Path) -> set[tuple[str, str]]:
    """Every table, index and trigger with the words that made it."""
    with raw(path) as db:
        return set(db.execute("SELECT name, sql FROM sqlite_master").fetchall())


@pytest.fixture
def filled(database: Path, sqlite: SqlStore) -> Path:
    """A file with one of everything in it."""
    with sqlite.write() as unit:
        put_one_of_everything(unit)
    return database


class TestMigrations:
    def test_the_migrated_schema_is_the_one_the_code_speaks_of(self, database: Path) -> None:
        with writing(database) as connection:
            assert differences(connection) == []

    @pytest.mark.parametrize(
        "change",
        [
            "ALTER TABLE orders ADD COLUMN more TEXT",
            "ALTER TABLE texts DROP COLUMN words",
            "ALTER TABLE people RENAME COLUMN other_names TO former_names",
            "DROP TABLE outbox",
            "CREATE TABLE more (id TEXT)",
            "DROP INDEX ix_case_list_number",
            "CREATE INDEX more ON case_list (phase)",
        ],
    )
    def test_and_any_difference_would_be_seen(self, database: Path, change: str) -> None:
        with writing(database) as connection:
            connection.exec_driver_sql(change)
            assert differences(connection)

    def test_the_keys_are_the_same_too(self, database: Path) -> None:
        with writing(database) as connection:
            found = inspect(connection)
            for name, table in metadata.tables.items():
                assert found.get_pk_constraint(name)["constrained_columns"] == [c.name for c in table.primary_key]

    def test_there_is_one_head_and_it_is_the_one_the_code_needs(self, database: Path) -> None:
        with writing(database) as connection:
            assert ScriptDirectory.from_config(migrations(connection)).get_heads() == [HEAD]

    def test_the_way_up_down_and_up_again_ends_where_it_began(self, database: Path) -> None:
        before = drawn(database)
        with writing(database) as connection:
            command.downgrade(migrations(connection), "base")
        assert {name for name, _ in drawn(database)} == {"alembic_version", "sqlite_autoindex_alembic_version_1"}
        prepare(url(database))
        assert drawn(database) == before
        open_store(url(database)).close()

    def test_every_step_of_the_way_can_be_taken_back(self, database: Path) -> None:
        with writing(database) as connection:
            config = migrations(connection)
            steps = list(ScriptDirectory.from_config(config).walk_revisions())
            for _ in steps:
                command.downgrade(config, "-1")
            for _ in steps:
                command.upgrade(config, "+1")
                command.downgrade(config, "-1")
                command.upgrade(config, "+1")
            assert differences(connection) == []

    def test_preparing_again_changes_nothing(self, filled: Path, sqlite: SqlStore) -> None:
        before = drawn(filled)
        prepare(url(filled))
        assert drawn(filled) == before
        assert seen(sqlite) == ONE_OF_EVERYTHING

    def test_preparing_makes_the_folders_that_lead_there(self, tmp_path: Path) -> None:
        path = tmp_path / "一层" / "50%" / "mediation.db"
        prepare(url(path))
        open_store(url(path)).close()

    def test_a_migration_that_breaks_off_leaves_the_database_as_it_was(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class PowerCut(Exception):
            pass

        def cut(*_: object) -> None:
            raise PowerCut

        path = tmp_path / "mediation.db"
        monkeypatch.setattr("alembic.op.create_index", cut)
        with pytest.raises(PowerCut):
            prepare(url(path))
        assert drawn(path) == set()
        monkeypatch.undo()
        prepare(url(path))
        open_store(url(path)).close()


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    found: list[Any] = compare_metadata(context, metadata)
    return found


class TestFinding:
    def test_a_page_of_the_latest_is_read_from_the_index_in_its_order(self, sqlite: SqlStore) -> None:
        put(sqlite, rows_of("A5"))
        with statements(sqlite) as asked, sqlite.read() as unit:
            unit.views.newest(Wanted(organisations=["room", "hall"]), after="A5", most=2)
        pages = [(sql, given) for sql, given in asked if "ORDER BY case_list.opened" in sql]
        assert len(pages) == 2
        with sqlite.engine.connect() as db:
            for sql, given in pages:
                [step] = db.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all()
                assert step.detail == (
                    "SEARCH case_list USING INDEX case_list_by_opening (organisation=? AND (opened,case)<(?,?))"
                )

    def test_what_waits_is_found_by_an_index_of_its_own(self, sqlite: SqlStore) -> None:
        with statements(sqlite) as asked, sqlite.read() as unit:
            unit.views.due_dates(date(2026, 12, 1), waiting=True)
        [(sql, given)] = [(sql, given) for sql, given in asked if "due_dates" in sql]
        with sqlite.engine.connect() as db:
            first, *_ = db.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all()
        assert "INDEX due_dates_waiting" in first.detail


class TestAppendOnly:
    @pytest.mark.parametrize("table", APPEND_ONLY)
    @pytest.mark.parametrize(
        "tampering",
        [
            "DELETE FROM {table}",
            "DELETE FROM {table} WHERE {key} = {key}",
            "UPDATE {table} SET {key} = 9",
            "UPDATE {table} SET {key} = {key}",
            "UPDATE OR REPLACE {table} SET {key} = 9",
            "UPDATE OR IGNORE {table} SET {key} = 9",
            "WITH x AS (SELECT 1) DELETE FROM {table}",
        ],
    )
    def test_the_database_refuses_to_change_what_is_written(
        self, filled: Path, sqlite: SqlStore, table: str, tampering: str
    ) -> None:
        with raw(filled) as db, pytest.raises(db.IntegrityError, match=f"{table} is append-only"):
            db.execute(tampering.format(table=table, key=f'"{next(iter(metadata.tables[table].primary_key)).name}"'))
        assert seen(sqlite) == ONE_OF_EVERYTHING

    @pytest.mark.parametrize("table", APPEND_ONLY)
    def test_every_column_of_it(self, filled: Path, table: str) -> None:
        with raw(filled) as db:
            for column in metadata.tables[table].columns:
                with pytest.raises(db.IntegrityError, match="append-only"):
                    db.execute(f'UPDATE {table} SET "{column.name}" = "{column.name}"')

    def test_adding_goes_on(self, filled: Path) -> None:
        with raw(filled) as db:
            db.execute("INSERT INTO orders VALUES ('A', 2, 1, 'c', x'00', x'00')")
            assert db.execute("SELECT count(*) FROM orders").fetchone() == (2,)

    def test_words_can_be_erased(self, filled: Path) -> None:
        with raw(filled) as db:
            assert db.execute("UPDATE texts SET words = NULL, salt = NULL").rowcount == 1


class TestSettings:
    @pytest.mark.parametrize(("name", "value"), SETTINGS.items())
    def test_each_is_in_force_on_every_connection(self, sqlite: SqlStore, name: str, value: object) -> None:
        with sqlite.engine.connect() as one, sqlite.engine.connect() as two:
            for connection in (one, two):
                assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == value

    def test_they_are_the_ones_durability_rests_on(self) -> None:
        full = 2
        assert {"journal_mode": "wal", "synchronous": full, "foreign_keys": 1, "secure_delete": 1} == SETTINGS

    @pytest.mark.parametrize(
        ("name", "value"), [("journal_mode", "delete"), ("synchronous", 1), ("foreign_keys", 0), ("secure_delete", 0)]
    )
    def test_a_database_that_does_not_take_one_is_refused(self, database: Path, name: str, value: object) -> None:
        engine = open_engine(url(database))
        event.listen(engine, "connect", lambda connection, _: connection.execute(f"PRAGMA {name}={value}"))
        with pytest.raises(StoreNotReady, match=f"设置 {name} 是 {value}"):
            check(engine)
        engine.dispose()

    @pytest.mark.parametrize("name", SETTINGS)
    def test_a_connection_that_does_not_take_one_is_never_written_by(
        self, sqlite: SqlStore, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        sqlite.close()
        monkeypatch.setitem(SETTINGS, name, "nonsense")
        for begin in (sqlite.read, sqlite.write):
            with pytest.raises(StoreNotReady, match=f"设置 {name} 是"), begin():
                pass

    def test_the_library_in_use_is_a_sound_one(self, sqlite: SqlStore) -> None:
        with sqlite.engine.connect() as connection:
            version = str(connection.exec_driver_sql("SELECT sqlite_version()").scalar())
        assert tuple(map(int, version.split("."))) >= SOUND

    @pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2), (3, 7, 0)])
    def test_an_older_library_is_refused(
        self, database: Path, monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...]
    ) -> None:
        driver = open_engine(url(database)).dialect.loaded_dbapi
        monkeypatch.setattr(driver, "sqlite_version_info", version)
        for refused in (prepare, open_store):
            with pytest.raises(StoreNotReady, match="数据损坏缺陷"):
                refused(url(database))

    @pytest.mark.parametrize(("version", "sound"), [((3, 51, 2), False), ((3, 51, 3), True)])
    def test_without_the_wheel_the_systems_library_is_used_where_it_is_sound(
        self, database: Path, monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], sound: bool
    ) -> None:
        monkeypatch.setitem(sys.modules, "pysqlite3.dbapi2", None)
        monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
        if sound:
            assert open_engine(url(database)).dialect.loaded_dbapi.__name__ == "sqlite3"
        else:
            with pytest.raises(StoreNotReady, match="可安装 pysqlite3"):
                open_engine(url(database))


def run_sql(*statements: str) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with raw(path) as db:
            for statement in statements:
                db.execute(statement)

    return spoil


def overwrite(first: int, length: int) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with raw(path) as db:
            db.execute("PRAGMA journal_mode=delete")
        content = bytearray(path.read_bytes())
        content[first : first + length] = b"x" * length
        path.write_bytes(content)

    return spoil


def become_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def emptied(name: str) -> str:
    """A trigger of the same name, at the same place, that does nothing."""
    place = SQLITE[name].partition(" WHEN ")[0].partition(" BEGIN ")[0]
    return f"{place} BEGIN SELECT 1; END"


class TestWhatIsNoStore:
    @pytest.mark.parametrize(
        ("spoil", "words"),
        [
            *((run_sql(f"DROP TRIGGER {t}_no_{v}"), f"{t}_no_{v}") for t in APPEND_ONLY for v in ("update", "delete")),
            (run_sql("DROP TRIGGER orders_no_gap"), "orders_no_gap 不见了"),
            *((run_sql(f"DROP TRIGGER {name}", emptied(name)), f"{name} 被换过") for name in SQLITE),
            (run_sql("DROP INDEX ix_case_list_number"), "ix_case_list_number 不见了"),
            (
                run_sql("DROP INDEX ix_case_list_number", "CREATE INDEX ix_case_list_number ON case_list (number)"),
                "ix_case_list_number 被换过",
            ),
            (run_sql("CREATE TRIGGER helper AFTER INSERT ON orders BEGIN SELECT 1; END"), "helper 来历不明"),
            *((run_sql(f"UPDATE alembic_version SET version_num = '{old}'"), "不能升级") for old in RETIRED),
            (run_sql("UPDATE alembic_version SET version_num = '0000'"), "结构版本是 0000"),
            (run_sql("UPDATE alembic_version SET version_num = '9999'"), "结构版本是 9999"),
            (run_sql("DELETE FROM alembic_version"), "结构版本是 None"),
            (run_sql("DROP TABLE alembic_version"), "还没有初始化"),
            (run_sql("DROP TABLE due_dates", "DROP TABLE outbox"), "缺少表 due_dates、outbox"),
            (lambda path: path.write_bytes(b""), "还没有初始化"),
            (lambda path: path.write_text("不是数据库" * 1000, encoding="utf-8"), "文件不是数据库"),
            (lambda path: path.write_text("短", encoding="utf-8"), "文件不是数据库"),
            (overwrite(100, 2000), "已损坏"),
            (lambda path: path.unlink(), "还没有数据库"),
        ],
    )
    def test_what_is_wrong_is_said(self, database: Path, spoil: Callable[[Path], object], words: str) -> None:
        spoil(database)
        with pytest.raises(StoreNotReady, match=words) as refused:
            open_store(url(database))
        assert refused.value.sentence.startswith("数据库还不能使用")

    def test_looking_for_a_database_makes_none(self, tmp_path: Path) -> None:
        with pytest.raises(StoreNotReady):
            open_store(url(tmp_path / "gone" / "mediation.db"))
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_is_no_database(self, database: Path) -> None:
        become_a_folder(database)
        for refused in (prepare, open_store):
            with pytest.raises(StoreUnavailable, match="打不开数据库文件"):
                refused(url(database))

    def test_a_name_too_long_is_none(self) -> None:
        for refused in (prepare, open_store):
            with pytest.raises(StoreUnavailable, match="打不开数据库文件"):
                refused(f"sqlite:///{'x' * 300}")

    def test_what_is_no_database_is_not_prepared_either(self, tmp_path: Path) -> None:
        path = tmp_path / "letter.txt"
        path.write_text("不是数据库" * 1000, encoding="utf-8")
        with pytest.raises(StoreNotReady, match="文件不是数据库"):
            prepare(url(path))
        assert path.read_text(encoding="utf-8") == "不是数据库" * 1000

    def test_nothing_is_prepared_below_a_file(self, database: Path) -> None:
        with pytest.raises(StoreUnavailable, match="文件夹无法建立"):
            prepare(url(database / "mediation.db"))

    def test_a_database_newer_than_the_program_is_not_prepared(self, database: Path) -> None:
        run_sql("UPDATE alembic_version SET version_num = '9999'")(database)
        with pytest.raises(StoreNotReady, match="比程序新"):
            prepare(url(database))

    @pytest.mark.parametrize("revision", sorted(RETIRED))
    def test_one_from_before_the_record_got_its_form_is_refused_and_left_as_it_is(
        self, filled: Path, revision: str
    ) -> None:
        run_sql(f"UPDATE alembic_version SET version_num = '{revision}'")(filled)
        before = filled.read_bytes()
        for refused in (prepare, open_store):
            with pytest.raises(StoreNotReady, match="试用版，记录的写法已经改变，不能升级，内容没有动"):
                refused(url(filled))
        assert filled.read_bytes() == before

    @pytest.mark.parametrize(
        ("address", "words"),
        [
            ("", "写法不对"),
            ("mediation.db", "写法不对"),
            ("sqlite", "写法不对"),
            ("sqlite:/mediation.db", "写法不对"),
            ("sqlite://mediation.db", "三条斜线"),
            ("sqlite://var/mediation.db", "三条斜线"),
            ("sqlite://host:port/mediation.db", "写法不对"),
            ("sqlite:///mediation.db?timeout=x", "不带参数"),
            ("sqlite:///file:x?mode=memory&uri=true", "不带参数"),
            ("sqlite:///a\0b", "写法不对"),
            ("sqlite://", "请给出数据库文件的路径"),
            ("sqlite:///", "请给出数据库文件的路径"),
            ("sqlite:///:memory:", "请给出数据库文件的路径"),
            ("sqlite+aiosqlite:///mediation.db", "只支持 SQLite 和 PostgreSQL，不支持“sqlite\\+aiosqlite”"),
            ("mysql://host/mediation", "只支持 SQLite 和 PostgreSQL，不支持“mysql”"),
            ("nonsense://host/mediation", "只支持 SQLite 和 PostgreSQL，不支持“nonsense”"),
        ],
    )
    def test_an_address_that_is_none_is_said_to_be_none(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, words: str
    ) -> None:
        monkeypatch.chdir(tmp_path)
        for refused in (prepare, open_store):
            with pytest.raises(StoreNotReady, match=words):
                refused(address)
        assert list(tmp_path.iterdir()) == []


@contextmanager
def nobody() -> Iterator[None]:
    """Root may write everywhere; what may not be written is shown as somebody who may not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def shelf(filled: Path) -> Iterator[Path]:
    """A folder everybody may enter and write, and in it a database that everybody may read and write."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        with raw(filled) as db:
            db.execute("VACUUM INTO ?", (str(folder / "mediation.db"),))
        with raw(folder / "mediation.db") as db:
            db.execute("PRAGMA journal_mode=wal")
        folder.chmod(0o777)
        (folder / "mediation.db").chmod(0o666)
        yield folder
        folder.chmod(0o700)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no such permissions here")
class TestWhatMayNotBeWritten:
    def test_a_read_only_file_can_be_read_and_says_why_it_is_not_written(self, shelf: Path) -> None:
        (shelf / "mediation.db").chmod(0o444)
        with nobody():
            store = open_store(url(shelf / "mediation.db"))
            assert seen(store) == ONE_OF_EVERYTHING
            with pytest.raises(StoreUnavailable, match="数据库文件只读") as refused:
                write(store, lambda unit: unit.register.put_organisation(ROOM))
            store.close()
        assert refused.value.sentence.startswith("数据库现在只能看，不能写")

    @pytest.mark.parametrize("mode", [0o444, 0o666])
    def test_in_a_read_only_folder_too_and_all_is_well_again_when_it_is_none(
        self, shelf: Path, mode: int, clock: FixedClock
    ) -> None:
        (shelf / "mediation.db").chmod(mode)
        shelf.chmod(0o555)
        with nobody():
            store = open_store(url(shelf / "mediation.db"), clock)
            for _ in range(2):
                assert seen(store) == ONE_OF_EVERYTHING
                with pytest.raises(StoreUnwritable, match="数据库文件只读"):
                    write(store, lambda unit: unit.register.put_organisation(ROOM))
        shelf.chmod(0o777)
        (shelf / "mediation.db").chmod(0o666)
        with nobody():
            write(store, lambda unit: unit.register.put_organisation(replace(ROOM, name="总室")))
            with store.read() as unit:
                assert [o.name for o in unit.register.organisations()] == ["总室"]
            store.close()

    def test_but_not_while_the_log_holds_what_the_file_does_not(self, shelf: Path) -> None:
        (shelf / "mediation.db-wal").write_bytes(b"not carried over")
        shelf.chmod(0o555)
        with nobody(), pytest.raises(StoreUnwritable, match="数据库文件只读"):
            open_store(url(shelf / "mediation.db"))

    def test_nor_can_one_be_made_there(self, shelf: Path) -> None:
        shelf.chmod(0o555)
        with nobody():
            with pytest.raises(StoreUnavailable, match="打不开数据库文件"):
                prepare(url(shelf / "new.db"))
            with pytest.raises(StoreUnavailable, match="文件夹无法建立"):
                prepare(url(shelf / "new" / "new.db"))

    def test_nor_in_a_folder_nobody_may_enter(self, shelf: Path) -> None:
        shelf.chmod(0o000)
        with nobody(), pytest.raises(StoreUnavailable, match="打不开数据库文件"):
            open_store(url(shelf / "mediation.db"))


class TestADatabaseInTrouble:
    def test_a_full_disk_is_said_to_be_full_and_nothing_is_kept(self, filled: Path, clock: FixedClock) -> None:
        store = open_store(url(filled), clock)
        store.close()
        event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count=1"))
        with pytest.raises(StoreUnavailable, match="磁盘空间不足"):
            write(
                store,
                lambda unit: unit.register.put_organisation(replace(ROOM, name="总室")),
                lambda unit: unit.record.put_texts([text("t2", words="长" * 1_000_000)]),
            )
        assert seen(store) == ONE_OF_EVERYTHING
        store.close()

    def test_on_a_disk_that_is_full_it_is_opened_and_read_and_written_again_when_there_is_room(
        self, filled: Path, clock: FixedClock
    ) -> None:
        with small_disk("1m") as disk:
            if disk is None:
                pytest.skip("no small disk can be mounted here")
            path = disk / "mediation.db"
            with raw(filled) as db:
                db.execute("VACUUM INTO ?", (str(path),))
            with suppress(OSError):
                (disk / "filler").write_bytes(bytes(2**21))
            store = open_store(url(path), clock)
            assert seen(store) == ONE_OF_EVERYTHING
            with pytest.raises(StoreUnwritable, match="磁盘空间不足"):
                write(store, lambda unit: unit.register.put_organisation(replace(ROOM, name="总室")))
            (disk / "filler").unlink()
            write(store, lambda unit: unit.register.put_organisation(replace(ROOM, name="总室")))
            store.close()

    def test_a_database_that_breaks_while_it_is_in_use_is_said_to_be_broken(self, database: Path) -> None:
        store = open_store(url(database))
        store.close()
        overwrite(100, 2000)(database)
        for begin in (store.read, store.write):
            with pytest.raises(StoreNotReady, match="已损坏"), begin():
                pass
        store.close()
