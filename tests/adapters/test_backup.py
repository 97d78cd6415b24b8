"""Backups: taken under load, put back into nothing, told when they are old, refused when they are damaged."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import event

from mediation_engine.adapters.blobs.carrying import Carried, beside_backup, carry
from mediation_engine.adapters.blobs.folder import Folder
from mediation_engine.adapters.sql import SqlStore, open_store, prepare
from mediation_engine.adapters.sql import engine as engines
from mediation_engine.adapters.sql.backup import Held, back_up
from mediation_engine.adapters.sql.checks import checks
from mediation_engine.adapters.sql.copying import contents, copy_all
from mediation_engine.adapters.sql.files import LEFT_BESIDE, beside, digest_file, digest_line, library
from mediation_engine.adapters.sql.keeping import digest_of_orders
from mediation_engine.adapters.sql.restore import Behind, Restored, audit_backup, exhibits_in, restore
from mediation_engine.adapters.sql.revisions import bring_up
from mediation_engine.audit import Checkpoint, Fault, Head
from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.errors import FileFault, MediationError, StoreNotEmpty, StoreNotReady
from mediation_engine.export.checkpoint import read_checkpoint
from mediation_engine.ports.exhibits import StoredExhibit
from mediation_engine.record.codec import digest_of
from mediation_engine.record.journal import Chain
from mediation_engine.services.exhibits import Shelf
from mediation_engine.services.maintenance import audit_store, checkpoint, rebuild
from web.wiring import catalogue
from workflows.parts.erasure import EraseExhibits, ErasureGround

from ..contracts.samples import ONE_OF_EVERYTHING, READ, ROOM, put_one_of_everything
from ..contracts.store import seen
from ..support.apart import apart, kill_in
from ..support.exhibits import ROOM_KEY, Shelved
from ..support.files import photo
from ..support.postgres import Server
from ..support.story import Story

BACKUPS = int(os.environ.get("MEDIATION_BACKUPS", "5"))
"""How many are taken under load: a few each time, 25 before a release."""
FLIPS = 200


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def raw(path: Path, *statements: str) -> list[Any]:
    """SQL past everything of ours; the rows of the last statement."""
    with closing(library().connect(str(path), isolation_level=None)) as db:
        return [db.execute(statement).fetchall() for statement in statements][-1]


def file_of(store: SqlStore) -> Path:
    return Path(str(store.engine.url.database))


def audited(store: SqlStore) -> list[Any]:
    """Every finding that the record does not own up to."""
    return [f for _, found in audit_store(store, catalogue()) for f in found if not f.known]


def record(store: SqlStore) -> tuple[str, dict[str, tuple[int, str]]]:
    with store.engine.connect() as connection:
        return digest_of_orders(connection), contents(connection)


@pytest.fixture
def told(kept: Story) -> SqlStore:
    """A store with two cases told to it: one closed in writing, one just accepted."""
    kept.effective()
    Story(kept.store, kept.clock, "A2").accepted()
    assert isinstance(kept.store, SqlStore)
    return kept.store


@pytest.fixture
def address(told: SqlStore) -> str:
    return str(told.engine.url)


@pytest.fixture
def taken(address: str, tmp_path: Path) -> Path:
    """A backup of it."""
    path = tmp_path / "backup.db"
    back_up(address, path)
    return path


def put_back(path: Path, into: Path, heads: Checkpoint | None = None, **given: Any) -> Restored:
    return restore(path, url(into), catalogue(), heads, **given)


class TestBackup:
    def test_it_is_one_file_with_its_digest_for_its_owner_alone(
        self, address: str, tmp_path: Path, clock: FixedClock
    ) -> None:
        folder = tmp_path / "new" / "备份"
        back_up(address, folder / "one.db", folder / "heads.json", clock)
        assert {p.name for p in folder.iterdir()} == {"one.db", "one.db.sha256", "heads.json"}
        assert {stat.S_IMODE(p.stat().st_mode) for p in folder.iterdir()} == {0o600}

    def test_the_digest_is_one_that_everybody_can_check(self, taken: Path) -> None:
        subprocess.run(["sha256sum", "-c", "--quiet", digest_file(taken).name], cwd=taken.parent, check=True)

    def test_it_is_a_database_like_the_one_it_was_taken_from(self, told: SqlStore, taken: Path) -> None:
        drawn = "SELECT name, sql FROM sqlite_master ORDER BY name"
        assert raw(taken, drawn) == raw(file_of(told), drawn)
        copy = open_store(url(taken))
        assert record(copy) == record(told)
        assert audited(copy) == []
        copy.close()

    def test_the_record_in_it_is_guarded_too(self, taken: Path) -> None:
        for statement in ("DELETE FROM orders", "UPDATE orders SET first = 9"):
            with pytest.raises(library().IntegrityError, match="append-only"):
                raw(taken, statement)

    def test_the_checkpoint_is_of_the_same_moment(
        self, told: SqlStore, address: str, tmp_path: Path, clock: FixedClock
    ) -> None:
        held = back_up(address, tmp_path / "b.db", tmp_path / "heads.json", clock)
        made = json.loads((tmp_path / "heads.json").read_bytes())["made"]
        assert datetime.fromisoformat(made) == clock.now
        heads = read_checkpoint((tmp_path / "heads.json").read_bytes(), "")
        assert heads == held.stands == checkpoint(told)[1]
        assert (held.lines, held.newest) == (sum(h.version for h in heads.cases.values()), told_last(told))

    def test_what_was_erased_is_not_in_it(self, told: SqlStore, address: str, tmp_path: Path) -> None:
        with told.read() as unit:
            words = {id: text.words or "" for id, text in unit.record.texts("A1").items()}
        with told.write() as unit:
            for id in words:
                unit.record.erase_text("A1", id)
        back_up(address, tmp_path / "b.db")
        content = (tmp_path / "b.db").read_bytes()
        assert words
        assert not any(said.encode() in content for said in words.values())

    @pytest.mark.parametrize("name", ["b.db", "b.db.sha256", "heads.json"])
    def test_nothing_is_overwritten(self, address: str, tmp_path: Path, clock: FixedClock, name: str) -> None:
        (tmp_path / name).write_text("mine", encoding="utf-8")
        before = sorted(tmp_path.iterdir())
        with pytest.raises(FileFault, match="不会覆盖") as refused:
            back_up(address, tmp_path / "b.db", tmp_path / "heads.json", clock)
        assert name in str(refused.value)
        assert sorted(tmp_path.iterdir()) == before
        assert (tmp_path / name).read_text(encoding="utf-8") == "mine"

    def test_nor_is_what_came_to_be_there_meanwhile(
        self, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "b.db"
        in_the_middle(monkeypatch, lambda: path.write_text("mine", encoding="utf-8"))
        with pytest.raises(FileFault, match="不会覆盖"):
            back_up(address, path)
        assert path.read_text(encoding="utf-8") == "mine"
        assert not digest_file(path).exists()

    def test_of_nothing_there_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(StoreNotReady, match="没有可备份的内容"):
            back_up(url(tmp_path / "gone.db"), tmp_path / "b.db")
        assert list(tmp_path.iterdir()) == []

    def test_nor_of_a_database_newer_than_the_program(self, told: SqlStore, address: str, tmp_path: Path) -> None:
        raw(file_of(told), "UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(StoreNotReady, match="比程序新"):
            back_up(address, tmp_path / "b.db")
        assert not (tmp_path / "b.db").exists()

    def test_a_full_disk_is_said_to_be_full_and_nothing_is_left(
        self, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "away"
        driver = library()

        class Narrow(driver.Connection):  # type: ignore[misc, name-defined]
            """A file that cannot grow."""

            def execute(self, statement: str, *given: Any) -> Any:
                if statement == "VACUUM":
                    raise driver.OperationalError("database or disk is full")
                return super().execute(statement, *given)

        connect = driver.connect
        narrow = lambda *given, **named: connect(*given, factory=Narrow, **named)  # noqa: E731
        with monkeypatch.context() as patch:
            patch.setattr(driver, "connect", narrow)
            with pytest.raises(FileFault, match="没有备份成（磁盘空间不足）"):
                back_up(address, folder / "b.db")
        assert list(folder.iterdir()) == []

    def test_what_was_written_wrongly_is_noticed_and_not_kept(
        self, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "away"
        for spoil in (
            lambda: raw(part(folder), "DELETE FROM texts"),
            lambda: raw(part(folder), "DROP TRIGGER orders_no_delete", "DELETE FROM orders WHERE first = 20"),
            lambda: raw(part(folder), "DROP TRIGGER orders_no_delete"),
            lambda: flip(part(folder), 8 * part(folder).read_bytes().index("一次付清".encode())),
        ):
            in_the_middle(monkeypatch, spoil)
            with pytest.raises(FileFault, match=r"没有备份成|已损坏"):
                back_up(address, folder / "b.db")
            assert list(folder.iterdir()) == []

    def test_killed_in_the_middle_there_is_none_and_the_next_one_is_whole(self, address: str, tmp_path: Path) -> None:
        path = tmp_path / "away" / "b.db"
        kill_in(f"""
from pathlib import Path
from mediation_engine.adapters.sql import backup
backup._verify = stop
backup.back_up({address!r}, Path({str(path)!r}))
""")
        assert not path.exists()
        back_up(address, path)
        assert put_back(path, tmp_path / "c.db").findings == []

    def test_a_database_whose_guards_were_taken_off_can_be_saved_and_gets_them_back(
        self, told: SqlStore, address: str, tmp_path: Path
    ) -> None:
        raw(file_of(told), "DROP TRIGGER orders_no_update")
        held = back_up(address, tmp_path / "b.db")
        assert held.unguarded == {"orders_no_update 不见了"}
        put_back(tmp_path / "b.db", tmp_path / "c.db")
        open_store(url(tmp_path / "c.db")).close()


def told_last(store: SqlStore) -> Any:
    with store.read() as unit:
        return max(row.updated for row in unit.views.case_rows())


def part(folder: Path) -> Path:
    """The file a backup is being written to."""
    return max(folder.iterdir(), key=lambda file: file.stat().st_size)


def in_the_middle(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Something happens when a backup is written and not yet verified."""
    from mediation_engine.adapters.sql import backup

    verify = backup._verify

    def then(*given: Any) -> None:
        monkeypatch.undo()
        happens()
        verify(*given)

    monkeypatch.setattr(backup, "_verify", then)


def send(writer: subprocess.Popen[str], cases: int) -> None:
    assert writer.stdin
    writer.stdin.write("\n" * cases)
    writer.stdin.flush()


def said(writer: subprocess.Popen[str]) -> str:
    assert writer.stdout
    return writer.stdout.readline().strip()


def under_load(source: str, folder: Path, clock: FixedClock) -> None:
    """Backups while two others write: each can be put back, is whole, and holds what they had been told is done."""
    acknowledged: set[str] = set()
    taken: list[Held] = []
    with ExitStack() as stack:
        writers = []
        for name in ("E", "W"):  # the one begins when the other is there: both enter the staff first
            writers.append(stack.enter_context(apart("-m", "tests.support.writer", source, name)))
            send(writers[-1], 1)
            acknowledged.add(said(writers[-1]))
        for n in range(BACKUPS):
            for writer in writers:
                send(writer, 20)
                acknowledged.add(said(writer))
            taken.append(back_up(source, folder / f"{n}.db", folder / f"{n}.json", clock))
            assert acknowledged <= taken[-1].stands.cases.keys()
    assert len({held.lines for held in taken}) == BACKUPS
    for n, held in enumerate(taken):
        heads = read_checkpoint((folder / f"{n}.json").read_bytes(), "")
        found = put_back(folder / f"{n}.db", folder / f"restored {n}.db", heads)
        assert (found.held, found.findings, found.behind) == (held, [], [])


def test_under_load_each_holds_all_that_was_acknowledged_before_it_began(
    database: Path, tmp_path: Path, clock: FixedClock
) -> None:
    under_load(url(database), tmp_path, clock)


class TestRestore:
    def test_the_drill(self, told: SqlStore, taken: Path, tmp_path: Path, clock: FixedClock) -> None:
        found = put_back(taken, tmp_path / "there" / "new.db", checkpoint(told)[1])
        assert (found.findings, found.behind) == ([], [])
        restored = open_store(url(tmp_path / "there" / "new.db"), clock)
        assert record(restored) == record(told)
        assert checkpoint(restored)[1] == checkpoint(told)[1]
        assert audited(restored) == []
        assert rebuild(restored, catalogue()) == []
        restored.close()

    def test_it_is_worked_on_as_before(self, taken: Path, tmp_path: Path, kept: Story) -> None:
        put_back(taken, tmp_path / "new.db")
        restored = open_store(url(tmp_path / "new.db"), kept.clock)
        Story(restored, kept.clock, "A3").accepted()
        assert audited(restored) == []
        restored.close()

    def test_one_of_everything_comes_back(self, sqlite: SqlStore, tmp_path: Path) -> None:
        with sqlite.write() as unit:
            put_one_of_everything(unit)
        back_up(str(sqlite.engine.url), tmp_path / "b.db")
        found = put_back(tmp_path / "b.db", tmp_path / "new.db")
        assert [case for case, _ in found.findings] == ["A"]  # its lines are no text at all
        restored = open_store(url(tmp_path / "new.db"))
        assert seen(restored) == ONE_OF_EVERYTHING
        restored.close()

    def test_into_an_empty_database_too(self, taken: Path, tmp_path: Path, empty_database: Path) -> None:
        for name, content in (("none.db", b""), ("empty.db", empty_database.read_bytes())):
            (tmp_path / name).write_bytes(content)
            assert put_back(taken, tmp_path / name).findings == []
            open_store(url(tmp_path / name)).close()

    def test_where_something_is_already_nothing_is_touched(self, taken: Path, database: Path, sqlite: SqlStore) -> None:
        with sqlite.write() as unit:
            unit.register.put_organisation(ROOM)
        sqlite.close()
        before = database.read_bytes()
        with pytest.raises(StoreNotEmpty, match="那里已有数据库"):
            put_back(taken, database)
        assert database.read_bytes() == before

    def test_nor_where_a_damaged_one_is(self, taken: Path, tmp_path: Path) -> None:
        (tmp_path / "broken.db").write_bytes(b"broken" * 1000)
        with pytest.raises(StoreNotEmpty, match="移到别处"):
            put_back(taken, tmp_path / "broken.db")
        assert (tmp_path / "broken.db").read_bytes() == b"broken" * 1000

    def test_nor_where_somebody_elses_tables_are(self, taken: Path, tmp_path: Path) -> None:
        raw(tmp_path / "other.db", "CREATE TABLE letters (id TEXT)")
        with pytest.raises(StoreNotReady, match="没有本程序的数据"):
            put_back(taken, tmp_path / "other.db")
        assert raw(tmp_path / "other.db", "SELECT name FROM sqlite_master") == [("letters",)]

    @pytest.mark.parametrize("left", LEFT_BESIDE)
    def test_the_last_lines_of_a_database_gone_are_not_thrown_away(
        self, taken: Path, tmp_path: Path, left: str
    ) -> None:
        beside(tmp_path / "new.db", left)[0].write_bytes(b"the last lines")
        with pytest.raises(StoreNotReady, match=f"旁边却有 new.db{left}"):
            put_back(taken, tmp_path / "new.db")
        assert not (tmp_path / "new.db").exists()
        assert beside(tmp_path / "new.db", left)[0].read_bytes() == b"the last lines"

    def test_killed_in_the_middle_there_is_no_half_of_it_and_the_next_try_is_whole(
        self, told: SqlStore, taken: Path, tmp_path: Path
    ) -> None:
        into = tmp_path / "new.db"
        kill_in(f"""
from pathlib import Path
from mediation_engine.adapters.sql import restore
from web.wiring import catalogue
restore.audit_store = stop
restore.restore(Path({str(taken)!r}), {url(into)!r}, catalogue())
""")
        assert raw(into, "SELECT name FROM sqlite_master") == []
        assert put_back(taken, into, checkpoint(told)[1]).behind == []

    def test_a_full_disk_leaves_nothing_behind(
        self, taken: Path, tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pages = raw(empty_database, "PRAGMA page_count")[0][0]

        def narrow(at: str) -> Any:
            engine = open_engine(at)
            event.listen(engine, "connect", lambda db, _: db.execute(f"PRAGMA max_page_count={pages}"))
            return engine

        open_engine = engines.open_engine
        with monkeypatch.context() as patch:
            patch.setattr(engines, "open_engine", narrow)
            with pytest.raises(MediationError, match="磁盘空间不足"):
                put_back(taken, tmp_path / "away" / "new.db")
        assert list((tmp_path / "away").iterdir()) == []

    def test_a_line_that_was_missing_is_missing_and_told(self, told: SqlStore, address: str, tmp_path: Path) -> None:
        (guard,) = raw(file_of(told), "SELECT sql FROM sqlite_master WHERE name = 'orders_no_delete'")[0]
        raw(file_of(told), "DROP TRIGGER orders_no_delete", "DELETE FROM orders WHERE first = 6", guard)
        back_up(address, tmp_path / "b.db")
        found = put_back(tmp_path / "b.db", tmp_path / "new.db")
        assert [case for case, _ in found.findings] == ["A1", "A2"]
        restored = open_store(url(tmp_path / "new.db"))
        assert record(restored) == record(told)
        restored.close()

    def test_faults_that_came_with_it_are_told_and_the_rest_is_there(
        self, told: SqlStore, address: str, tmp_path: Path
    ) -> None:
        raw(file_of(told), "UPDATE texts SET words = '别的话'")
        back_up(address, tmp_path / "b.db")
        assert [case for case, _ in put_back(tmp_path / "b.db", tmp_path / "new.db").findings] == ["A1"]
        with pytest.raises(FileFault, match="没有校验码文件，而且校验发现 1 件案件有问题"):
            put_back(tmp_path / "b.db", tmp_path / "other.db", with_digest=False)
        assert not (tmp_path / "other.db").exists()


class TestAnOldBackup:
    @pytest.fixture
    def since(self, taken: Path, told: SqlStore, kept: Story) -> Checkpoint:
        """What was recorded after the backup: a checkpoint kept elsewhere knows of it."""
        Story(told, kept.clock, "A3").accepted()
        Story(told, kept.clock, "A4").registered()
        return checkpoint(told)[1]

    def test_it_is_put_back_and_told(self, taken: Path, since: Checkpoint, tmp_path: Path) -> None:
        found = put_back(taken, tmp_path / "new.db", since)
        assert found.behind == [Behind(case=c, known=since.cases[c].version, there=0) for c in ("A3", "A4")]
        open_store(url(tmp_path / "new.db")).close()

    def test_and_how_far_each_case_is_behind(self, taken: Path, told: SqlStore, tmp_path: Path) -> None:
        now = checkpoint(told)[1].cases
        later = Checkpoint(cases=now | {"A1": Head(version=now["A1"].version + 3, digest="00" * 32)})
        (behind,) = put_back(taken, tmp_path / "new.db", later).behind
        assert (behind.case, behind.known - behind.there) == ("A1", 3)

    def test_an_altered_one_is_refused_though_everything_in_it_agrees(
        self, told: SqlStore, taken: Path, tmp_path: Path
    ) -> None:
        heads = checkpoint(told)[1]
        rewrite(taken)
        with pytest.raises(FileFault, match="案件 A1 第23条以前的记录被改写过，没有恢复"):
            put_back(taken, tmp_path / "new.db", heads)
        assert not (tmp_path / "new.db").exists()


def rewrite(path: Path) -> None:
    """Change a line and hash everything after it anew, as somebody can who has file and digest."""
    with closing(library().connect(str(path), isolation_level=None)) as db:
        (guard,) = db.execute("SELECT sql FROM sqlite_master WHERE name = 'orders_no_update'").fetchone()
        db.execute("DROP TRIGGER orders_no_update")
        digest = bytes(32)
        rows = db.execute("SELECT first, body FROM orders WHERE \"case\" = 'A1' ORDER BY first").fetchall()
        for first, body in rows:
            changed = bytes(body).replace(b"labour_pay", b"consumer")
            digest = digest_of(digest, changed)
            db.execute(
                "UPDATE orders SET body = ?, digest = ? WHERE \"case\" = 'A1' AND first = ?",
                (changed, digest, first),
            )
        db.execute(guard)
    digest_file(path).write_bytes(digest_line(path, path.name))


def flip(path: Path, bit: int) -> None:
    with path.open("r+b") as file:
        file.seek(bit // 8)
        (byte,) = file.read(1)
        file.seek(bit // 8)
        file.write(bytes([byte ^ 1 << bit % 8]))


class TestADamagedBackup:
    def bits(self, path: Path) -> list[int]:
        return Random(25).sample(range(path.stat().st_size * 8), FLIPS)

    def test_a_bit_flipped_anywhere_is_found(self, taken: Path, tmp_path: Path) -> None:
        for bit in self.bits(taken):
            flip(taken, bit)
            with pytest.raises(FileFault, match="校验码不符"):
                put_back(taken, tmp_path / "new.db")
            flip(taken, bit)
        assert not (tmp_path / "new.db").exists()
        assert put_back(taken, tmp_path / "new.db").findings == []

    def test_without_its_digest_it_is_refused_or_the_record_is_what_it_was(
        self, told: SqlStore, taken: Path, tmp_path: Path
    ) -> None:
        """Names and free space have no digest of their own; lines and texts have."""
        whole, refused, bytes_ = record(told)[0], 0, taken.read_bytes()
        somewhere = [bit for bit in self.bits(taken) if bytes_[bit // 8]]  # most of a small file is free space
        for bit in somewhere[: FLIPS // 20]:
            flip(taken, bit)
            into = tmp_path / f"{bit}.db"
            try:
                assert put_back(taken, into, with_digest=False).findings == []
                restored = open_store(url(into))
                assert record(restored)[0] == whole
                assert audited(restored) == []
                restored.close()
            except FileFault:
                refused += 1
                assert not into.exists()
            flip(taken, bit)
        assert refused

    def test_a_name_in_it_that_is_no_text_any_more(self, taken: Path, tmp_path: Path) -> None:
        """What the library then says of the file cannot be read either."""
        damaged = taken.read_bytes().replace(b"tableordersorders", b"table\xf2rdersorders")
        taken.write_bytes(damaged.replace(b"CREATE TABLE orders", b"CREXTE TABLE orders"))
        with pytest.raises(FileFault):
            put_back(taken, tmp_path / "new.db", with_digest=False)
        with pytest.raises(StoreNotReady, match="损坏"):
            open_store(url(taken))

    def test_a_digest_that_is_not_its_own_or_is_gone(self, taken: Path, tmp_path: Path) -> None:
        flip(digest_file(taken), 3)
        with pytest.raises(FileFault, match="校验码不符"):
            put_back(taken, tmp_path / "new.db")
        digest_file(taken).unlink()
        with pytest.raises(FileFault, match="无法确认备份是否完好"):
            put_back(taken, tmp_path / "new.db")
        assert put_back(taken, tmp_path / "new.db", with_digest=False).findings == []

    @pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", "不是数据库".encode() * 1000])
    def test_what_is_no_backup_at_all(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "b.db").write_bytes(content)
        with pytest.raises(FileFault):
            put_back(tmp_path / "b.db", tmp_path / "new.db", with_digest=False)
        assert [p.name for p in tmp_path.iterdir()] == ["b.db"]

    def test_one_that_is_not_there(self, tmp_path: Path) -> None:
        for with_digest in (True, False):
            with pytest.raises(FileFault):
                put_back(tmp_path / "b.db", tmp_path / "new.db", with_digest=with_digest)
        assert list(tmp_path.iterdir()) == []

    def test_one_of_a_newer_program(self, taken: Path, tmp_path: Path) -> None:
        raw(taken, "UPDATE alembic_version SET version_num = '9999'")
        digest_file(taken).write_bytes(digest_line(taken, taken.name))
        with pytest.raises(FileFault, match="结构版本 9999 比程序新"):
            put_back(taken, tmp_path / "new.db")
        assert not (tmp_path / "new.db").exists()


class TestLookingIntoABackup:
    def test_it_is_audited_and_stays_what_it_was(self, told: SqlStore, taken: Path) -> None:
        before = {p: p.read_bytes() for p in taken.parent.iterdir() if p.name.startswith("backup")}
        found, beside = audit_backup(taken, catalogue(), checkpoint(told)[1])
        assert [case for case, _ in found] == ["A1", "A2"]
        assert beside == [(chain, []) for chain in Chain]
        assert not [f for _, findings in found for f in findings if not f.known]
        assert {p: p.read_bytes() for p in taken.parent.iterdir() if p.name.startswith("backup")} == before

    def test_even_opened_as_the_database_itself(self, taken: Path) -> None:
        before = taken.read_bytes()
        store = open_store(url(taken))
        assert audited(store) == []
        store.close()
        assert taken.read_bytes() == before

    def test_damage_is_said(self, taken: Path) -> None:
        flip(taken, 80_000)
        with pytest.raises(FileFault, match="校验码不符"):
            audit_backup(taken, catalogue())


class TestCopying:
    """Row by row, as from another kind of database."""

    def copied(self, source: SqlStore, path: Path) -> tuple[Held | None, SqlStore]:
        prepare(url(path))
        target = open_store(url(path))
        with source.engine.connect() as one, target.engine.begin() as other:
            copy_all(one, other)
        return None, target

    def test_everything_is_the_same_there(self, told: SqlStore, tmp_path: Path) -> None:
        _, target = self.copied(told, tmp_path / "copy.db")
        assert record(target) == record(told)
        assert audited(target) == []
        target.close()

    def test_whatever_it_is(self, sqlite: SqlStore, tmp_path: Path) -> None:
        with sqlite.write() as unit:
            put_one_of_everything(unit)
        _, target = self.copied(sqlite, tmp_path / "copy.db")
        assert seen(target) == ONE_OF_EVERYTHING
        target.close()

    def test_more_rows_than_are_read_at_a_time(
        self, told: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("mediation_engine.adapters.sql.copying.BATCH", 7)
        _, target = self.copied(told, tmp_path / "copy.db")
        assert record(target) == record(told)
        target.close()

    def test_tables_that_are_not_the_same_are_not_copied(self, told: SqlStore, tmp_path: Path) -> None:
        raw(file_of(told), "ALTER TABLE people ADD COLUMN more TEXT")
        engine = engines.open_engine(url(tmp_path / "copy.db"))
        with told.engine.connect() as one, engine.begin() as other:
            bring_up(other)
            with pytest.raises(StoreNotReady, match="表的结构不符：people"):
                copy_all(one, other)
        engine.dispose()


class TestPostgresql:
    """A backup is the same file there; so is the way back, and from one kind of database to the other."""

    @pytest.fixture
    def busy(self, postgres: SqlStore, kept: Story) -> SqlStore:
        """A server's database with two cases in it, reads and a person among them."""
        Story(postgres, kept.clock).effective()
        Story(postgres, kept.clock, "A2").accepted()
        with postgres.write() as unit:
            unit.views.note_read(READ)
        return postgres

    @pytest.fixture
    def nothing(self, server: Server) -> Iterator[str]:
        """The address of a database with nothing in it."""
        with server.database() as name:
            yield server.url(name)

    def test_the_way_there_and_back_changes_nothing(
        self, told: SqlStore, taken: Path, nothing: str, tmp_path: Path
    ) -> None:
        there = restore(taken, nothing, catalogue(), checkpoint(told)[1])
        assert (there.findings, there.behind) == ([], [])
        moved = open_store(nothing)
        assert record(moved) == record(told)
        assert audited(moved) == []
        assert rebuild(moved, catalogue()) == []
        moved.close()
        assert back_up(nothing, tmp_path / "again.db") == there.held
        back = put_back(tmp_path / "again.db", tmp_path / "back.db", checkpoint(told)[1])
        assert (back.held, back.findings, back.behind) == (there.held, [], [])

    def test_one_of_everything_comes_there_and_back(self, sqlite: SqlStore, nothing: str, tmp_path: Path) -> None:
        with sqlite.write() as unit:
            put_one_of_everything(unit)
        back_up(str(sqlite.engine.url), tmp_path / "b.db")
        restore(tmp_path / "b.db", nothing, catalogue())
        moved = open_store(nothing)
        assert seen(moved) == ONE_OF_EVERYTHING
        moved.close()
        back_up(nothing, tmp_path / "c.db")
        put_back(tmp_path / "c.db", tmp_path / "back.db")
        back = open_store(url(tmp_path / "back.db"))
        assert seen(back) == ONE_OF_EVERYTHING
        back.close()

    def test_what_comes_after_is_counted_on(
        self, busy: SqlStore, postgres_url: str, nothing: str, kept: Story, tmp_path: Path
    ) -> None:
        back_up(postgres_url, tmp_path / "b.db")
        restore(tmp_path / "b.db", nothing, catalogue())
        moved = open_store(nothing, kept.clock)
        with moved.write() as unit:
            unit.views.note_read(READ)
        with moved.read() as unit:
            assert unit.views.reads(READ.case) == [READ, READ]
        Story(moved, kept.clock, "A3").accepted()
        assert audited(moved) == []
        moved.close()

    def test_into_a_prepared_one_but_not_where_something_is(
        self, taken: Path, postgres: SqlStore, postgres_url: str
    ) -> None:
        assert restore(taken, postgres_url, catalogue()).findings == []
        before = record(postgres)
        with pytest.raises(StoreNotEmpty, match="那里已有数据库"):
            restore(taken, postgres_url, catalogue())
        assert record(postgres) == before

    def test_killed_in_the_middle_there_is_nothing_and_the_next_try_is_whole(self, taken: Path, nothing: str) -> None:
        kill_in(f"""
from pathlib import Path
from mediation_engine.adapters.sql import restore
from web.wiring import catalogue
restore.audit_store = stop
restore.restore(Path({str(taken)!r}), {nothing!r}, catalogue())
""")
        assert restore(taken, nothing, catalogue()).findings == []

    @pytest.mark.thorough
    def test_under_load_each_holds_all_that_was_acknowledged_before_it_began(
        self, postgres_url: str, tmp_path: Path, clock: FixedClock
    ) -> None:
        under_load(postgres_url, tmp_path, clock)

    def test_it_is_checked(
        self, busy: SqlStore, clock: FixedClock, postgres_url: str, server: Server, postgres_name: str
    ) -> None:
        found = {c.what: c.sound for c in checks(postgres_url, clock(), catalogue())}
        assert all(found.values()), found
        server.run("DROP TRIGGER orders_append_only ON orders; ALTER TABLE outbox SET UNLOGGED", postgres_name)
        server.run("UPDATE texts SET words = '别的话'", postgres_name)
        wrong = [c.what for c in checks(postgres_url, clock(), catalogue()) if not c.sound]
        assert wrong == ["写入方式", "只增不改", "记录与列表"]

    def test_a_server_that_is_not_there(self, tmp_path: Path, clock: FixedClock) -> None:
        nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
        assert [c.sound for c in checks(nowhere, clock())] == [False]
        for refused in (lambda: back_up(nowhere, tmp_path / "b.db"), lambda: prepare(nowhere, catalogue())):
            with pytest.raises(MediationError, match="连接不上"):
                refused()
        assert list(tmp_path.iterdir()) == []


class TestExhibits:
    """The bytes of exhibits, which lie beside the database and beside its backups."""

    def told(self, database: Path, clock: FixedClock, folder: Path) -> Shelved:
        shelved = Shelved(Story(open_store(f"sqlite:///{database}", clock), clock).accepted(), folder / "exhibits")
        shelved.file(photo("a"), photo("b"), party="party/1")
        return shelved

    def backed_up(self, database: Path, shelved: Shelved, away: Path) -> Path:
        away.mkdir(exist_ok=True)
        path = away / f"{len([*away.iterdir()])}.db"
        with shelved.folder.held():
            back_up(f"sqlite:///{database}", path)
            assert carry(exhibits_in(path), shelved.folder, beside_backup(path)).damaged == ()
        return path

    def bring(self, path: Path, to: Folder, brought: list[Carried], rows: Iterator[StoredExhibit]) -> None:
        brought.append(carry(rows, beside_backup(path), to))

    def test_they_go_into_a_backup_once_and_come_back_with_it_into_either_database(
        self, database: Path, clock: FixedClock, tmp_path: Path, server: Server
    ) -> None:
        shelved = self.told(database, clock, tmp_path)
        away, first = tmp_path / "away", shelved.read("exhibit/1")
        self.backed_up(database, shelved, away)
        path = self.backed_up(database, shelved, away)
        assert len([*(away / "exhibits").iterdir()]) == 2
        with server.database() as name:
            for number, url in enumerate((f"sqlite:///{tmp_path / 'again.db'}", server.url(name))):
                target = Folder(tmp_path / f"again-{number}")
                shelf = Shelf(blobs=target, room_key=ROOM_KEY)
                brought: list[Carried] = []
                found = restore(
                    path,
                    url,
                    catalogue(),
                    bring=partial(self.bring, path, target, brought),
                    look=shelf.look_at,
                )
                assert (found.is_sound, [(c.count, c.damaged) for c in brought]) == (True, [(2, ())])
                store = open_store(url, clock)
                again = Shelved(Story(store, clock), target.path)
                assert again.read("exhibit/1") == first
                store.close()

    def test_a_changed_a_missing_and_an_exchanged_one_beside_a_backup_are_named(
        self, database: Path, clock: FixedClock, tmp_path: Path
    ) -> None:
        shelved = self.told(database, clock, tmp_path)
        path = self.backed_up(database, shelved, tmp_path / "away")
        shelf = Shelf(blobs=beside_backup(path), room_key=None)
        one, other = sorted(p for p in beside_backup(path).path.iterdir())
        whole = one.read_bytes(), other.read_bytes()

        def named() -> int:
            cases, _ = audit_backup(path, catalogue(), look=shelf.look_at)
            return sum(f.fault is Fault.EXHIBIT for _, found in cases for f in found)

        assert named() == 0
        for first, second, count in ((whole[0][:-1], whole[1], 1), (whole[1], whole[0], 2), (None, whole[1], 1)):
            one.unlink()
            if first is not None:
                one.write_bytes(first)
            other.write_bytes(second)
            assert named() == count

    def test_what_was_erased_since_is_erased_again(self, database: Path, clock: FixedClock, tmp_path: Path) -> None:
        shelved = self.told(database, clock, tmp_path)
        path, id = self.backed_up(database, shelved, tmp_path / "away"), shelved.id("exhibit/1")
        grounds = {"basis": Text("个人信息保护法第47条"), "reason": Text("本人申请")}
        erasing = EraseExhibits(exhibits=("exhibit/1",), ground=ErasureGround.WITHDRAWN, **grounds)
        shelved.story.do(erasing, by=Office.LEAD)
        _, stood = checkpoint(shelved.story.store, catalogue=catalogue())
        url = f"sqlite:///{tmp_path / 'again.db'}"
        found = restore(path, url, catalogue(), replace(stood, cases={}, chains={}), clock=clock)
        assert ("A1", id) in found.erased_again
        store = open_store(url, clock)
        with store.read() as unit:
            assert id not in unit.exhibits.of("A1")
        store.close()
