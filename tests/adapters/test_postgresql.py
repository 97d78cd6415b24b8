"""What a PostgreSQL database promises beyond the contract: its schema, what it refuses, its settings, its faults."""

from __future__ import annotations

import re
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from tempfile import TemporaryFile
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from mediation_engine.adapters.sql import SqlStore, open_store, prepare, shown
from mediation_engine.adapters.sql import postgresql as pg
from mediation_engine.adapters.sql.engine import migrations, open_engine
from mediation_engine.adapters.sql.options import WRITES
from mediation_engine.adapters.sql.schema import APPEND_ONLY, HEAD, metadata
from mediation_engine.adapters.sql.work import Writing
from mediation_engine.clock import FixedClock, system_clock
from mediation_engine.domain.order import Order
from mediation_engine.errors import MediationError, StoreInterrupted, StoreNotReady, StoreUnavailable, UnfitText
from mediation_engine.ports.store import Store
from mediation_engine.ports.views import Wanted
from mediation_engine.services.maintenance import audit_store
from mediation_engine.services.mediation import TRIES
from workflows.parts.party import TellRights

from ..contracts.samples import ONE_OF_EVERYTHING, put_one_of_everything, rows_of
from ..contracts.store import put, seen
from ..support.postgres import RUN, WORKER, Server, own_server
from ..support.story import Story
from ..support.together import together
from .test_schema import differences, statements

LATIN = re.compile("[A-Za-z]{4,}")


@contextmanager
def writing(url: str) -> Iterator[Connection]:
    """A connection as `prepare` makes it."""
    engine = open_engine(url)
    try:
        with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()


@pytest.fixture
def filled(postgres: SqlStore) -> SqlStore:
    """A store with one of everything in it."""
    with postgres.write() as unit:
        put_one_of_everything(unit)
    return postgres


@pytest.fixture
def told(postgres: SqlStore, clock: FixedClock) -> Story:
    """A case told to a PostgreSQL database."""
    return Story(postgres, clock).accepted()


@pytest.fixture
def alter(server: Server, postgres_name: str) -> Callable[[str], object]:
    """Carries out statements in the database of the test, by the driver alone."""
    return lambda statement: server.run(statement, postgres_name)


def refusal(url: str) -> str:
    """Why a database is not opened; in Chinese, and without the password."""
    with pytest.raises((StoreNotReady, StoreUnavailable)) as refused:
        open_store(url)
    assert "geheim" not in refused.value.sentence
    return refused.value.sentence


class TestMigrations:
    def test_the_migrated_schema_is_the_one_the_code_speaks_of(self, postgres_url: str) -> None:
        with writing(postgres_url) as connection:
            assert differences(connection) == []
            found = inspect(connection)
            for name, table in metadata.tables.items():
                assert found.get_pk_constraint(name)["constrained_columns"] == [c.name for c in table.primary_key]

    def test_every_text_is_compared_by_its_bytes(self, postgres_url: str) -> None:
        with writing(postgres_url) as connection:
            otherwise = connection.exec_driver_sql(
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND "
                "data_type ~ 'char|text' AND collation_name IS DISTINCT FROM 'C' AND table_name <> 'alembic_version'"
            )
            assert otherwise.all() == []

    def test_every_step_of_the_way_can_be_taken_back_and_nothing_is_left(self, postgres_url: str) -> None:
        with writing(postgres_url) as connection:
            config = migrations(connection)
            for _ in ScriptDirectory.from_config(config).walk_revisions():
                command.downgrade(config, "-1")
            assert inspect(connection).get_table_names() == ["alembic_version"]
            functions = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            assert connection.exec_driver_sql(functions).all() == []
        prepare(postgres_url)
        open_store(postgres_url).close()

    def test_preparing_again_changes_nothing(self, postgres_url: str, filled: SqlStore) -> None:
        prepare(postgres_url)
        assert seen(filled) == ONE_OF_EVERYTHING

    def test_several_who_prepare_at_once_take_turns(self, server: Server) -> None:
        with server.database() as name:
            found = together([partial(prepare, server.url(name))] * 3)
            assert sorted(found, key=str) == [(HEAD, HEAD), (HEAD, HEAD), (None, HEAD)]
            open_store(server.url(name)).close()

    def test_a_migration_that_breaks_off_leaves_the_database_as_it_was(
        self, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class PowerCut(Exception):
            pass

        def cut(*_: object) -> None:
            raise PowerCut

        with server.database() as name:
            monkeypatch.setattr("alembic.op.create_index", cut)
            with pytest.raises(PowerCut):
                prepare(server.url(name))
            assert "还没有初始化，请先运行 mediation init" in refusal(server.url(name))


class TestFinding:
    def test_a_beginning_is_looked_up_in_the_index(self, postgres: SqlStore) -> None:
        put(postgres, *(rows_of(case) for case in ("A1", "A\U0010ffff", "案1")))
        with postgres.engine.connect() as db:
            db.exec_driver_sql("SET LOCAL enable_seqscan = off")
            asked = f'SELECT "case" FROM case_list WHERE "case" >= \'A\' AND "case" < \'A{chr(sys.maxunicode)}\''
            plan = "\n".join(db.exec_driver_sql(f'EXPLAIN {asked} ORDER BY "case"').scalars())
        assert "Index Cond" in plan and "Sort" not in plan
        with postgres.read() as unit:
            assert unit.views.find_case("A") == ["A1"]
            assert unit.views.find_case("案") == ["案1"]

    def test_a_page_of_the_latest_is_read_from_the_index_in_its_order(self, postgres: SqlStore) -> None:
        put(postgres, *(rows_of(f"A{n}") for n in range(9)))
        with statements(postgres) as asked, postgres.read() as unit:
            assert len(unit.views.newest(Wanted(organisations=["room", "hall"]), after="A5", most=2)) == 2
        pages = [(sql, given) for sql, given in asked if "ORDER BY case_list.opened" in sql]
        assert len(pages) == 2
        with postgres.engine.connect() as db:
            db.exec_driver_sql("SET LOCAL enable_seqscan = off")
            for sql, given in pages:
                plan = "\n".join(db.exec_driver_sql(f"EXPLAIN {sql}", given).scalars())
                assert "Backward using case_list_by_opening" in plan, plan
                assert "Sort" not in plan


class TestAppendOnly:
    @pytest.mark.parametrize(
        "tampering",
        [
            "DELETE FROM {table}",
            "DELETE FROM {table} WHERE false",
            "UPDATE {table} SET {first} = '9'",
            "UPDATE {table} SET {first} = {first}",
            "TRUNCATE {table}",
            "TRUNCATE {table} CASCADE",
            "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({key}) DO UPDATE SET {first} = '9'",
            "MERGE INTO {table} USING (SELECT 1) AS x ON true WHEN MATCHED THEN DELETE",
            "WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT * FROM gone",
            "SET session_replication_role = replica; DELETE FROM {table}",
        ],
    )
    def test_the_database_refuses_to_change_what_is_written(
        self, filled: SqlStore, alter: Callable[[str], object], tampering: str
    ) -> None:
        for table in APPEND_ONLY:
            key = ", ".join(f'"{c.name}"' for c in metadata.tables[table].primary_key)
            with pytest.raises(psycopg.IntegrityError, match=f"{table} is append-only"):
                alter(tampering.format(table=table, key=key, first=key.partition(",")[0]))
        assert seen(filled) == ONE_OF_EVERYTHING

    def test_every_column_of_it(self, filled: SqlStore, alter: Callable[[str], object]) -> None:
        for table in APPEND_ONLY:
            for column in metadata.tables[table].columns:
                with pytest.raises(psycopg.IntegrityError, match="append-only"):
                    alter(f'UPDATE {table} SET "{column.name}" = "{column.name}"')

    def test_adding_goes_on_and_words_can_be_erased(self, filled: SqlStore, alter: Callable[[str], object]) -> None:
        alter("INSERT INTO orders VALUES ('A', 2, 1, 'c', '', '')")
        alter("UPDATE texts SET words = NULL, salt = NULL")
        with filled.read() as unit:
            assert [o.first for o in unit.record.orders("A")] == [1, 2]

    def test_what_an_administrator_changes_past_the_triggers_is_found_by_the_audit(
        self, told: Story, alter: Callable[[str], object]
    ) -> None:
        alter(
            "ALTER TABLE orders DISABLE TRIGGER orders_append_only;"
            "UPDATE orders SET body = overlay(body placing 'x' from 20) WHERE first = 6;"
            "ALTER TABLE orders ENABLE ALWAYS TRIGGER orders_append_only"
        )
        ((_, found),) = audit_store(told.store, told.door.catalogue)
        assert found[0].version == 6


GUTTED = "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
AT_ONCE = "EXECUTE FUNCTION suppress_redundant_updates_trigger()"


class TestStartingUp:
    @pytest.mark.parametrize(
        ("spoil", "words"),
        [
            *((f"DROP TRIGGER {t}_append_only ON {t}", f"{t}_append_only 不见了") for t in APPEND_ONLY),
            ("ALTER TABLE orders DISABLE TRIGGER ALL", "orders_append_only 被换过或停用、orders_no_gap 被换过或停用"),
            ("ALTER TABLE orders ENABLE TRIGGER orders_no_gap", "orders_no_gap 被换过或停用"),
            ("ALTER TABLE orders DISABLE TRIGGER orders_append_only", "orders_append_only 被换过或停用"),
            ("ALTER TABLE orders ENABLE TRIGGER orders_append_only", "orders_append_only 被换过或停用"),
            ("ALTER TABLE orders ENABLE REPLICA TRIGGER orders_append_only", "orders_append_only 被换过或停用"),
            (
                "DROP FUNCTION append_only() CASCADE",
                "orders_append_only 不见了、people_erasures_append_only 不见了、reads_append_only 不见了",
            ),
            (GUTTED.format(name="append_only"), "append_only() 被换过"),
            (GUTTED.format(name="orders_gapless"), "orders_gapless() 被换过"),
            (GUTTED.format(name="journal_gapless"), "journal_gapless() 被换过"),
            ("DROP INDEX ix_case_list_number", "ix_case_list_number 不见了"),
            (
                "DROP INDEX ix_case_list_number; CREATE INDEX ix_case_list_number ON case_list (number)",
                "ix_case_list_number 被换过",
            ),
            ("CREATE RULE swallow AS ON INSERT TO orders DO INSTEAD NOTHING", "swallow 来历不明"),
            (f"CREATE TRIGGER helper BEFORE UPDATE ON orders FOR EACH ROW {AT_ONCE}", "helper 来历不明"),
            ("ALTER TABLE orders SET UNLOGGED", "表 orders 在断电后会被清空"),
            ("ALTER TABLE case_list SET UNLOGGED", "表 case_list 在断电后会被清空"),
            ("UPDATE alembic_version SET version_num = '0000'", "结构版本是 0000"),
            ("UPDATE alembic_version SET version_num = '9999'", "结构版本是 9999"),
            ("DELETE FROM alembic_version", "结构版本是 None"),
            ("DROP TABLE alembic_version", "还没有初始化"),
            ("DROP TABLE due_dates; DROP TABLE outbox", "缺少表 due_dates、outbox"),
            ("ALTER DATABASE {name} SET synchronous_commit = off", "设置 synchronous_commit 是 off，须为 on 或"),
            ("ALTER DATABASE {name} SET synchronous_commit = local", "设置 synchronous_commit 是 local，须为 on 或"),
            ("ALTER DATABASE {name} SET synchronous_commit = remote_write", "须为 on 或 remote_apply"),
            ("ALTER DATABASE {name} SET session_replication_role = replica", "session_replication_role 是 replica"),
        ],
    )
    def test_what_is_wrong_is_said(
        self, postgres_url: str, postgres_name: str, alter: Callable[[str], object], spoil: str, words: str
    ) -> None:
        alter(spoil.format(name=postgres_name))
        assert words in refusal(postgres_url)

    def test_waiting_for_the_standbys_to_show_a_commit_is_more_than_enough(
        self, postgres_url: str, postgres_name: str, alter: Callable[[str], object]
    ) -> None:
        alter(f"ALTER DATABASE {postgres_name} SET synchronous_commit = remote_apply")
        open_store(postgres_url).close()

    def test_a_database_newer_than_the_program_is_not_prepared(
        self, postgres_url: str, alter: Callable[[str], object]
    ) -> None:
        alter("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(StoreNotReady, match="比程序新"):
            prepare(postgres_url)

    def test_another_encoding_is_refused(self, server: Server) -> None:
        with server.database("template0", "ENCODING 'LATIN1' LOCALE 'C'") as name:
            assert "设置 server_encoding 是 LATIN1，须为 UTF8" in refusal(server.url(name))
            with pytest.raises(StoreNotReady, match="LATIN1"):
                prepare(server.url(name))

    def test_an_old_server_is_refused(self, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pg, "OLDEST", 99)
        assert "过旧，须 99 或更新" in refusal(postgres_url)

    @pytest.mark.parametrize("name", pg.SETTINGS)
    def test_each_setting_is_asked_for(self, name: str) -> None:
        right = {name: allowed[0] for name, allowed in pg.SETTINGS.items()}
        pg._check_server(False, pg.OLDEST, right)
        with pytest.raises(StoreNotReady, match=f"PostgreSQL 设置 {name} 是 off"):
            pg._check_server(False, pg.OLDEST, right | {name: "off"})

    def test_those_durability_rests_on_are_among_them(self) -> None:
        assert {"fsync", "full_page_writes", "synchronous_commit"} <= pg.SETTINGS.keys()

    def test_every_connection_is_asked_not_the_first_alone(
        self, told: Story, postgres_name: str, alter: Callable[[str], object]
    ) -> None:
        alter(f"ALTER DATABASE {postgres_name} SET synchronous_commit = off")
        told.do(TellRights(), "party/1")
        with told.store.read(), pytest.raises(StoreNotReady, match="synchronous_commit 是 off"), told.store.read():
            pass

    def test_the_code_needs_the_migration_there_is(self, postgres_url: str) -> None:
        with writing(postgres_url) as connection:
            assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == HEAD


class TestAddresses:
    @pytest.mark.parametrize(
        ("address", "words"),
        [
            ("postgresql://", "写明是哪个数据库"),
            ("postgresql://u:geheim@localhost", "写明是哪个数据库"),
            ("postgresql://u:geheim@localhost:port/db", "写法不对"),
            ("postgresql+asyncpg://u:geheim@localhost/db", "不支持“postgresql+asyncpg”"),
            ("postgresql+psycopg2://u:geheim@localhost/db", "不支持“postgresql+psycopg2”"),
            ("postgres://u:geheim@localhost/db", "不支持“postgres”"),
            ("postgresql://u:geheim@localhost:1/db", "连接不上数据库服务器"),
            ("postgresql+psycopg://u:geheim@localhost:1/db", "连接不上数据库服务器"),
            ("postgresql://u:geheim@localhost:99999/db", "参数不对"),
            ("postgresql://u:geheim@/db?host=/no/such/folder", "连接不上数据库服务器"),
            ("postgresql://u:geheim@localhost:1/db?no_such_option=1", "参数不对"),
            ("postgresql://u:geheim@localhost:1/db?connect_timeout=soon", "参数不对"),
            ("postgresql://u@localhost:1/db?sslmode=perhaps&password=geheim", "参数不对"),
        ],
    )
    def test_an_address_that_leads_nowhere_is_said_to_lead_nowhere(self, address: str, words: str) -> None:
        assert words in refusal(address)

    def test_a_database_or_user_that_is_not_there(self, server: Server) -> None:
        assert "服务器上没有这个数据库" in refusal(server.url("mediation_none"))
        nobody = server.url("postgres").replace("postgres:@", "nobody_at_all:geheim@")
        assert re.search("没有这个用户|用户名或密码不对", refusal(nobody)) or nobody == server.url("postgres")

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ('FATAL:  password authentication failed for user "u"', "用户名或密码不对"),
            ("fe_sendauth: no password supplied", "用户名或密码不对"),
            ('FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "u"', "不许该用户从这里连接"),
            ('FATAL:  permission denied for database "db"', "没有所需的权限"),
            ("FATAL:  sorry, too many clients already", "连接已满"),
            ("FATAL:  remaining connection slots are reserved", "连接已满"),
            ("FATAL:  the database system is starting up", "正在启动或停止"),
            ("FATAL:  the database system is in recovery mode", "正在启动或停止"),
            ("用户 password 认证失败", "连接不上数据库服务器"),
        ],
    )
    def test_why_nobody_is_let_in(self, said: str, words: str) -> None:
        assert words in pg._not_let_in(said).sentence

    @pytest.mark.parametrize(
        ("address", "place"),
        [
            ("postgresql://u:geheim@h/db", "postgresql://u:***@h/db"),
            ("postgresql://u:ge@he/im:@h:5432/db", "postgresql://u:***@h:5432/db"),
            ("postgresql://:geheim@h/db", "postgresql://:***@h/db"),
            ("postgresql://u@h/db?password=geheim&sslmode=require", "postgresql://u@h/db?password=***&sslmode=require"),
            ("postgresql://u@h/db?SSLPASSWORD=geheim", "postgresql://u@h/db?SSLPASSWORD=***"),
            ("postgresql:///db?host=/run/postgresql", "postgresql:///db?host=/run/postgresql"),
            ("sqlite:///var/a:b@c.db", "sqlite:///var/a:b@c.db"),
        ],
    )
    def test_a_password_is_never_shown(self, address: str, place: str) -> None:
        assert shown(address) == place

    def test_without_the_driver_it_is_said_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "psycopg", None)
        with pytest.raises(StoreNotReady, match=r"没有安装 PostgreSQL 的驱动.*mediation-engine\[postgresql\]"):
            open_store("postgresql://localhost/db")

    def test_a_server_that_never_answers_is_given_up_after_seconds(self) -> None:
        assert pg.CONNECTING["connect_timeout"] <= 5
        with closing(socket.create_server(("127.0.0.1", 0))) as silent:
            host, port = silent.getsockname()
            begun = time.monotonic()
            assert "连接不上" in refusal(f"postgresql://u:geheim@{host}:{port}/db?connect_timeout=1")
        assert time.monotonic() - begun < 5


class TestTransactions:
    @pytest.mark.wall_clock
    def test_the_time_is_the_servers(self, postgres_url: str, server: Server) -> None:
        store = open_store(postgres_url)
        ((before,),) = server.run("SELECT clock_timestamp()")
        with store.write("A") as written:
            assert before <= written.now
            assert written.now.tzinfo is UTC
        with store.read() as looked:
            assert written.now <= looked.now
        ((after,),) = server.run("SELECT clock_timestamp()")
        assert looked.now <= after
        store.close()

    @pytest.mark.wall_clock
    def test_it_is_the_time_at_which_a_writer_had_its_turn(self, postgres_url: str) -> None:
        store = open_store(postgres_url)
        times: list[tuple[datetime, datetime]] = []

        def one() -> None:
            with store.write("A") as unit:
                times.append((unit.now, system_clock()))

        together([one] * 8)
        assert times == sorted(times)
        store.close()

    def test_an_order_takes_two_round_trips_and_a_look_takes_three(self, told: Story) -> None:
        assert round_trips(told.store, lambda: told.do(TellRights(), "party/1")) == 2
        assert round_trips(told.store, lambda: told.door.history("A1")) == 3

    def test_readers_cannot_write(self, postgres: SqlStore) -> None:
        with pytest.raises(StoreUnavailable, match="数据库只读"), postgres.read() as unit:
            put_one_of_everything(unit)

    def test_writers_about_different_things_do_not_wait_for_each_other(self, postgres: SqlStore) -> None:
        with postgres.write("A") as a, postgres.write("B") as b, postgres.write() as c, postgres.read() as d:
            assert all(unit.record.orders("A") == [] for unit in (a, b, c, d))

    def test_a_writer_that_waits_in_vain_is_told_so(self, postgres_url: str, clock: FixedClock) -> None:
        store = open_store(f"{postgres_url}&options=-c%20lock_timeout=10ms", clock)
        with store.write("A") as first:
            first.record.orders("A")
            with pytest.raises(StoreUnavailable, match="正被其他程序占用"), store.write("A") as second:
                second.record.orders("A")
        with store.write("A") as third:
            third.record.orders("A")
        store.close()

    @pytest.mark.parametrize(
        ("name", "limit"), [("lock_timeout", "5s"), ("idle_in_transaction_session_timeout", "1min")]
    )
    def test_a_writer_that_stops_in_the_middle_does_not_keep_the_others_out(
        self, postgres: SqlStore, name: str, limit: str
    ) -> None:
        with postgres.engine.connect() as db:
            assert db.exec_driver_sql(f"SHOW {name}").scalar() == limit

    def test_many_numbers_taken_at_once_and_some_in_vain_leave_no_gap(self, postgres: SqlStore) -> None:
        class Stop(MediationError):
            """停下。"""

        def take(vain: bool) -> int:
            with postgres.write() as unit:
                number = unit.register.next_number("room", "p", 2026, take=True)
                if vain:
                    raise Stop
                return number

        taken = together([partial(take, n % 2 == 0) for n in range(12)])
        assert sorted(n for n in taken if isinstance(n, int)) == [1, 2, 3, 4, 5, 6]


def round_trips(store: Store, act: Callable[[], object]) -> int:
    """How often the server says that it is ready again, on the one connection that lies in the pool."""
    assert isinstance(store, SqlStore)
    with TemporaryFile("r") as log:
        with closing(store.engine.raw_connection()) as pooled:
            traced: Any = pooled.driver_connection
        traced.pgconn.trace(log.fileno())
        act()
        traced.pgconn.untrace()
        log.seek(0)
        return log.read().count("ReadyForQuery")


AT_COMMIT = "CONSTRAINT TRIGGER strike AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
STRIKES = """
CREATE SEQUENCE struck;
CREATE FUNCTION strike() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN IF nextval('struck') <= {times} THEN {happens}; END IF; RETURN NULL; END $$;
CREATE {when} EXECUTE FUNCTION strike()
"""
"""Something happens to the first few who come there; a sequence counts on, whatever is rolled back."""
LOST = "PERFORM pg_terminate_backend(pg_backend_pid())"


def raising(state: str) -> str:
    return f"RAISE EXCEPTION 'a table of secrets' USING ERRCODE = '{state}'"


HANGS_UP = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{}' AND pid <> pg_backend_pid()"
)


def faults(story: Story) -> list[str]:
    found = audit_store(story.store, story.door.catalogue)
    return [f.sentence for _, findings in found for f in findings if not f.known]


class TestTrouble:
    def order(self, told: Story) -> Order:
        return told.order(TellRights(), "party/1")

    @pytest.mark.parametrize("happens", [raising("40001"), raising("40P01"), LOST])
    @pytest.mark.parametrize(
        "when",
        ["TRIGGER strike BEFORE INSERT ON orders", "TRIGGER strike BEFORE UPDATE ON case_list", AT_COMMIT],
    )
    def test_the_door_tries_again_after_a_clash_or_a_lost_connection(
        self, told: Story, alter: Callable[[str], object], when: str, happens: str
    ) -> None:
        order, version = self.order(told), told.case.version
        alter(STRIKES.format(times=TRIES - 1, happens=happens, when=when))
        receipt = told.door.submit(order)
        assert (receipt.first, receipt.last) == (version + 1, told.case.version)
        assert list(receipt.lines) == told.lines[version:]
        assert faults(told) == []
        assert alter("SELECT last_value FROM struck") == [(TRIES,)]

    @pytest.mark.parametrize(
        ("happens", "words"),
        [
            (raising("40001"), "与同时进行的操作相撞"),
            (raising("40P01"), "与同时进行的操作相撞"),
            (LOST, "连接中断|正在停止"),
        ],
    )
    def test_but_not_for_ever(self, told: Story, alter: Callable[[str], object], happens: str, words: str) -> None:
        order, version = self.order(told), told.case.version
        alter(STRIKES.format(times=TRIES, happens=happens, when="TRIGGER strike BEFORE INSERT ON orders"))
        with pytest.raises(StoreInterrupted, match=words) as refused:
            told.door.submit(order)
        assert not LATIN.search(refused.value.sentence)
        assert told.case.version == version

    @pytest.mark.parametrize(
        ("state", "words"),
        [
            ("25006", "只读"),
            ("42501", "权限"),
            ("53100", "磁盘空间不足"),
            ("53200", "内存不足"),
            ("53300", "连接已满"),
            ("55P03", "占用"),
            ("57014", "中止"),
            ("57P03", "启动或停止"),
            ("XX001", "代码 XX001"),
            ("58030", "代码 58030"),
        ],
    )
    def test_other_trouble_is_told_in_chinese_and_nothing_is_kept(
        self, told: Story, alter: Callable[[str], object], state: str, words: str
    ) -> None:
        order, version = self.order(told), told.case.version
        alter(STRIKES.format(times=1, happens=raising(state), when="TRIGGER strike BEFORE INSERT ON orders"))
        with pytest.raises(StoreUnavailable, match=words) as refused:
            told.door.submit(order)
        assert not isinstance(refused.value, StoreInterrupted)
        assert not LATIN.search(refused.value.sentence)
        assert told.case.version == version
        assert told.door.submit(order).first == version + 1

    def test_a_commit_whose_answer_is_lost_is_not_done_twice(
        self, told: Story, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        really, commits = pg.PostgresWork._send, []

        def lost(work: pg.PostgresWork, waiting: list[Writing], *, commit: bool) -> None:
            really(work, waiting, commit=commit)
            commits.append(commit)
            if commits == [True]:
                work._raw.close()
                raise psycopg.OperationalError("server closed the connection unexpectedly")

        order, version = self.order(told), told.case.version
        monkeypatch.setattr(pg.PostgresWork, "_send", lost)
        receipt = told.door.submit(order)
        assert (receipt.first, told.case.version, commits) == (version + 1, receipt.last, [True, True])
        assert faults(told) == []

    def test_connections_that_were_hung_up_while_they_lay_idle_are_not_noticed(
        self, told: Story, server: Server, postgres_name: str
    ) -> None:
        with told.store.read(), told.store.read(), told.store.read():
            pass
        server.run(HANGS_UP.format(postgres_name))
        with told.store.read(), told.store.read(), told.store.read(), told.store.write("A1"):
            pass

    @pytest.mark.parametrize("words", ["a\0b", "\ud800"])
    def test_what_a_database_cannot_even_be_asked_for_is_refused_in_chinese(self, told: Story, words: str) -> None:
        with pytest.raises(UnfitText, match="无法保存的字符"), told.store.read() as unit:
            unit.views.find_case(words)

    def test_an_id_too_long_for_any_index_is_refused_in_chinese(self, told: Story) -> None:
        noise = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(6000))
        with pytest.raises(UnfitText, match="过长"), told.store.write() as unit:
            unit.views.change(None, rows_of(noise))


@pytest.fixture(scope="module")
def own() -> Iterator[Any]:
    """A server of one's own."""
    with own_server(f"{RUN}-{WORKER}") as started:
        yield started


class TestARestart:
    """Of a server of its own: it is stopped, killed, turned into a standby, and its settings are spoilt."""

    @pytest.fixture
    def story(self, own: Any, clock: FixedClock) -> Iterator[Story]:
        server = Server(own.get_uri())
        with server.database() as name:
            prepare(server.url(name))
            store = open_store(server.url(name), clock)
            yield Story(store, clock).accepted()
            store.close()

    def test_orders_go_on_after_a_restart_and_are_refused_in_chinese_until_then(self, own: Any, story: Story) -> None:
        order = story.order(TellRights(), "party/1")
        own.stop()
        begun = time.monotonic()
        for _ in range(2):
            with pytest.raises(StoreUnavailable) as refused:
                story.door.submit(order)
            assert not LATIN.search(refused.value.sentence)
        assert time.monotonic() - begun < 5
        own.start()
        receipt = story.door.submit(order)
        assert receipt.last == story.case.version
        own.stop()
        own.start()
        assert story.case.version == receipt.last
        assert faults(story) == []

    def test_what_was_acknowledged_survives_the_death_of_the_server(self, own: Any, story: Story) -> None:
        receipts = [story.do(TellRights(), key) for key in ("party/1", "party/2")]
        kill(own)
        own.start()
        assert story.case.version == receipts[-1].last
        assert story.door.submit(story.order(TellRights(), "party/1", id=receipts[0].command_id)) == receipts[0]
        assert faults(story) == []

    @pytest.mark.parametrize("name", ["fsync", "full_page_writes"])
    def test_a_server_that_does_not_write_to_the_disk_is_refused(self, own: Any, story: Story, name: str) -> None:
        assert isinstance(story.store, SqlStore)
        server, url = Server(own.get_uri()), story.store.engine.url.render_as_string(hide_password=False)
        server.run(f"ALTER SYSTEM SET {name} = off")
        own.stop()
        own.start()
        try:
            assert f"PostgreSQL 设置 {name} 是 off，须为 on" in refusal(url)
            with pytest.raises(StoreNotReady, match=name):
                story.do(TellRights(), "party/1")
        finally:
            server.run(f"ALTER SYSTEM RESET {name}")
            server.run("SELECT pg_reload_conf()")

    def test_a_standby_is_refused(self, own: Any, story: Story) -> None:
        assert isinstance(story.store, SqlStore)
        url = story.store.engine.url.render_as_string(hide_password=False)
        own.stop()
        (own.pgdata / "standby.signal").touch()
        own.start()
        try:
            assert "备用服务器" in refusal(url)
            with pytest.raises(StoreNotReady, match="备用服务器"):
                story.do(TellRights(), "party/1")
        finally:
            own.stop()
            (own.pgdata / "standby.signal").unlink()
            own.start()


def kill(own: Any) -> None:
    """The server and its children, all at once, as a power cut does it."""
    parent = own.get_postmaster_info().process
    processes = [parent, *parent.children(recursive=True)]
    for process in processes:
        process.kill()
    for process in processes:
        process.wait(10)
