"""Putting a backup back: into an empty database of either kind, in one transaction, verified before it is committed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError, ProgrammingError

from ...audit import Checkpoint, Finding
from ...clock import Clock
from ...errors import FileFault, StoreNotEmpty, StoreNotReady
from ...ports.exhibits import StoredExhibit
from ...ports.store import files_in
from ...record.journal import Chain
from ...rules.catalogue import Catalogue
from ...services.maintenance import Look, audit_chains, audit_store, rebuild, unseen
from . import engine as e
from . import schema as s
from .backup import Held, held, reading
from .copying import Within, contents, copy_all, is_empty, tables_of
from .files import LEFT_BESIDE, beside, check_digest, digest_file, drop, file_of
from .keeping import without_triggers
from .revisions import BOOKMARK, bring_up, known_revision, revision_of, take_down
from .store import SqlStore, SqlUnit
from .work import Work

TROUBLE: dict[str, tuple[type[DBAPIError], ...]] = {
    "sqlite": (OperationalError,),
    "postgresql": (OperationalError, InternalError, ProgrammingError),
}
"""What says of a database that it cannot be written just now, not of what is to be written that it makes no sense."""


Bring = Callable[[Iterator[StoredExhibit]], None]
"""Brings the bytes of exhibits to where they are to lie."""


def nothing(_: Iterator[StoredExhibit]) -> None:
    """For whoever brings no bytes."""


def exhibits_in(path: Path) -> list[StoredExhibit]:
    """The exhibits that a backup speaks of, and the files of jottings. FileFault."""
    with reading(path, path) as backup:
        is_there = inspect(backup.connection).has_table("jotting_files")
        return list(files_in(SqlUnit(backup, None))) if is_there else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A case of which a checkpoint knows more lines than there are."""

    case: str
    known: int
    there: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was put back, and what is to be said of it."""

    held: Held
    findings: list[tuple[str, list[Finding]]]
    """What audit finds, case by case: where the backup is what it was, it was so when the backup was taken."""
    behind: list[Behind]
    beside: list[tuple[Chain, list[Finding]]]
    """The same, of what lies beside the record."""
    chains_behind: list[Chain]
    """Chains of which a checkpoint knows more than there is."""
    erased_again: list[tuple[str, str]]
    """Cases and texts that had been erased after the backup: their words are gone again, the line about it is not
    there yet."""
    people_erased_again: list[str]
    """Ids of those who had been erased from the register after the backup, and are so again."""

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong, and nothing missing that a checkpoint knows."""
        erased = self.erased_again or self.people_erased_again
        return not (self.findings or self.behind or self.beside or self.chains_behind or erased)


def restore(
    path: Path,
    url: str,
    catalogue: Catalogue,
    stood: Checkpoint | None = None,
    *,
    erased: Iterable[tuple[str, str]] = (),
    people: Iterable[str] = (),
    with_digest: bool = True,
    bring: Bring = nothing,
    look: Look = unseen,
    clock: Clock | None = None,
) -> Restored:
    """Put a backup into a database that is empty or not there, and bring it to the newest schema.

    FileFault where the backup is not what it was, or not what a checkpoint kept elsewhere says; StoreNotEmpty where
    something is in the database already: nothing is changed then. Without its digest a backup must be faultless.
    Words, exhibits and people that had been erased since, as the checkpoint or `erased` (cases and ids) and `people`
    know, are erased again. `bring` brings the bytes of exhibits before the database speaks of them; `look` looks at
    them.
    """
    if with_digest:
        check_digest(path)
    with reading(path, path) as backup:
        with _understood(path):
            found = held(backup)
        with _writing(url) as target:
            _refuse_unless_empty(target.connection)
            with _understood(path, TROUBLE[target.engine.dialect.name]):
                _put(backup.connection, found, target.connection, path)
            stood = stood or Checkpoint(cases={})
            bring(Within(target).exhibits())
            restored = _looked_through(target, found, catalogue, stood, path, with_digest, look)
            known = {*erased, *((case, id) for case, ids in stood.erased.items() for id in ids)}
            again = _erase_again(Within(target, clock), known)
            people_again = _erase_people_again(Within(target, clock), {*people, *stood.people})
        if again or people_again:
            _wipe(url)
        return replace(restored, erased_again=again, people_erased_again=people_again)


def fill(path: Path, url: str) -> None:
    """Put a database that was made just now into one that is empty or not there, at one stroke; nothing is audited.

    Args:
        path: the database, which nobody is at work with.
        url: where it goes.

    Raises:
        StoreNotEmpty, FileFault: as of `restore`; nothing is changed then.
    """
    with reading(path, path) as made, _writing(url) as target:
        _refuse_unless_empty(target.connection)
        _put(made.connection, held(made), target.connection, path)


def audit_backup(
    path: Path, catalogue: Catalogue, stood: Checkpoint | None = None, look: Look = unseen
) -> tuple[list[tuple[str, list[Finding]]], list[tuple[Chain, list[Finding]]]]:
    """(case, findings) and (chain, findings) of a backup, only read.

    FileFault where it is not what it was, or of an older schema.
    """
    if digest_file(path).exists():
        check_digest(path)
    with reading(path, path) as backup:
        if revision_of(backup.connection) != s.HEAD:
            raise FileFault(path=path, why="结构版本与程序不同，请恢复到新库后再校验")
        store = Within(backup)
        cases = list(audit_store(store, catalogue, heads=stood.cases if stood else None, look=look))
        return cases, list(audit_chains(store, stood.chains if stood else None))


@contextmanager
def _understood(path: Path, trouble: tuple[type[DBAPIError], ...] = TROUBLE["sqlite"]) -> Iterator[None]:
    """FileFault where what a backup says makes no sense; a database in trouble is another matter."""
    try:
        yield
    except trouble:
        raise
    except StoreNotReady as fault:
        raise FileFault(path=path, why=fault.about["why"]) from fault
    except (DBAPIError, ValueError, ArithmeticError, msgspec.MsgspecError) as fault:
        raise FileFault(path=path, why="其中的内容已损坏") from fault


def _put(backup: Connection, found: Held, target: Connection, path: Path) -> None:
    """Copy everything, and find every row there as it is here; then go up to the newest schema."""
    bring_up(target, found.revision)
    with without_triggers(target):
        copy_all(backup, target)
    if contents(target) != found.contents:
        raise FileFault(path=path, why="恢复出的内容与备份不符，没有恢复；请检查磁盘")
    bring_up(target)


def _looked_through(
    target: Work, found: Held, catalogue: Catalogue, stood: Checkpoint, path: Path, faults_allowed: bool, look: Look
) -> Restored:
    """What is to be said of a database just filled. FileFault where it must not stay so."""
    store = Within(target)
    if found.revision != known_revision(target.connection):
        rebuild(store, catalogue)
    findings = [(c, f) for c, f in audit_store(store, catalogue, look=look) if any(not x.known for x in f)]
    beside = [(chain, found) for chain, found in audit_chains(store) if found]
    if (findings or beside) and not faults_allowed:
        where = f" {len(findings)} 件案件有问题" if findings else f"{beside[0][0].label}有问题"
        raise FileFault(path=path, why=f"没有校验码文件，而且校验发现{where}，没有恢复")
    return Restored(
        held=found,
        findings=findings,
        behind=_behind(store, stood, path),
        beside=beside,
        chains_behind=_chains_behind(store, stood, path),
        erased_again=[],
        people_erased_again=[],
    )


@contextmanager
def _writing(url: str) -> Iterator[Work]:
    """One transaction on a database; one that was not there and came to nothing is not left behind."""
    engine = e.open_engine(url)
    path = file_of(engine)
    new = path is not None and not path.exists()
    if path is not None and new:
        _make_room(path)
    try:
        with SqlStore(engine).work(writes=True, about="schema") as work:
            yield work
        new = False
    except e.FAULTS as fault:
        told = e.as_told(engine, fault)
        damaged = path is not None and isinstance(told, StoreNotReady)  # what lies there is to be moved, too
        raise (StoreNotEmpty() if damaged else told) from fault
    finally:
        engine.dispose()
        if path is not None and new:
            drop(path)


def _make_room(path: Path) -> None:
    """A folder for a new database. StoreNotReady where a part of an old one lies there: it may hold its last lines."""
    left = [file.name for file in beside(path, *LEFT_BESIDE) if file.exists()]
    if left:
        raise StoreNotReady(why=f"数据库文件不在，旁边却有 {'、'.join(left)}，可能存着最后几条记录；请一并移到别处")
    path.parent.mkdir(parents=True, exist_ok=True)


def _refuse_unless_empty(target: Connection) -> None:
    """StoreNotEmpty where any table has a row. Empty tables of ours are taken away, others are not ours to take."""
    names = sorted(tables_of(target))
    if names and target.dialect.name == "postgresql":  # nobody may put anything there between this look and the end
        target.execute(text(f"LOCK TABLE {', '.join(map(target.dialect.identifier_preparer.quote, names))}"))
    if not is_empty(target):
        raise StoreNotEmpty
    if names or inspect(target).has_table(BOOKMARK):
        known_revision(target)
        take_down(target)


def _behind(store: Within, stood: Checkpoint, path: Path) -> list[Behind]:
    """Cases that end before a checkpoint. FileFault where one does not end before it and is yet another: no old
    backup, but an altered one."""
    behind: list[Behind] = []
    for case, head in sorted(stood.cases.items()):
        with store.read() as unit:
            digests = {order.last: order.digest.hex() for order in unit.record.orders(case)}
        if head.version not in digests:
            behind.append(Behind(case=case, known=head.version, there=max(digests, default=0)))
        elif digests[head.version] != head.digest:
            why = f"与存证点不符：案件 {case} 第{head.version}条以前的记录被改写过，没有恢复；请换用另一份备份"
            raise FileFault(path=path, why=why)
    return behind


def _chains_behind(store: Within, stood: Checkpoint, path: Path) -> list[Chain]:
    """Chains that end before a checkpoint. FileFault where one does not end before it and is yet another."""
    behind = []
    for chain in (chain for chain in Chain if chain.value in stood.chains):
        head = stood.chains[chain.value]
        with store.read() as unit:
            there = unit.journal.entry(chain, head.version)
        if there is None:
            behind.append(chain)
        elif there.digest.hex() != head.digest:
            why = f"与存证点不符：{chain.label}第{head.version}笔以前的登记被改写过，没有恢复；请换用另一份备份"
            raise FileFault(path=path, why=why)
    return behind


def _erase_again(store: Within, erased: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Erase what was there once more; which texts that were."""
    again = []
    with store.write() as unit:
        for case, id in sorted(erased):
            if any(unit.record.salts(case, [id]).values()) or id in unit.exhibits.of(case):
                unit.record.erase_text(case, id)
                unit.exhibits.erase(case, id)
                again.append((case, id))
    return again


def _erase_people_again(store: Within, people: set[str]) -> list[str]:
    """Erase those who were there once more; who that was."""
    with store.write() as unit:
        there = unit.register.people(people).keys() - set(unit.register.erased_people())
        for id in sorted(there):
            unit.register.erase_person(id)
    return sorted(there)


def _wipe(url: str) -> None:
    """Leave nothing of it in the files of a database that was just filled."""
    engine = e.open_engine(url)
    try:
        e.dialect_of(engine).wipe(engine)
    finally:
        engine.dispose()
