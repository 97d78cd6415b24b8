"""The record edited behind the door's back, by somebody who can write the database and knows how it is made."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Any

import msgspec

from mediation_engine.adapters.sql import SqlStore
from mediation_engine.audit import CaseFile, Finding, Head, audit
from mediation_engine.clock import FixedClock
from mediation_engine.domain.line import GENESIS
from mediation_engine.errors import LineUnreadable
from mediation_engine.export.checkpoint import read_checkpoint, write_checkpoint
from mediation_engine.record.sealing import refs_in
from mediation_engine.services.maintenance import audit_store, case_file, checkpoint, rebuild

from ..support.story import NOW
from ..workflows.test_walk import walk
from .golden import Retelling, Step, histories, steps
from .promises import CATALOGUE
from .target import Rows, Target
from .trial import Trial, fault


class Hands:
    """Somebody's hands in a database: the lines of a case, and the chain made good again where he cares to."""

    def __init__(self, db: Any, random: Random, case: str, other: str) -> None:
        self.db, self.random, self.case, self.other = db, random, case, other
        ((self.last,),) = self.ask('SELECT max(version) FROM lines WHERE "case"=?', case)
        self.at = random.randrange(2, self.last - 1)
        """A line in the middle."""

    def do(self, sql: str, *given: Any) -> None:
        self.db.execute(sql, given)

    def ask(self, sql: str, *given: Any) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.db.execute(sql, given).fetchall()
        return found

    def body(self, at: int) -> dict[str, Any]:
        ((body,),) = self.ask('SELECT body FROM lines WHERE "case"=? AND version=?', self.case, at)
        read: dict[str, Any] = msgspec.json.decode(body)
        return read

    def edit(self, at: int, **changes: Any) -> None:
        body = written(self.body(at) | changes)
        self.do('UPDATE lines SET body=? WHERE "case"=? AND version=?', body, self.case, at)

    def move(self, at: int, to: int) -> None:
        self.do('UPDATE lines SET version=? WHERE "case"=? AND version=?', to, self.case, at)

    def digest(self, at: int) -> bytes:
        ((digest,),) = self.ask('SELECT digest FROM lines WHERE "case"=? AND version=?', self.case, at)
        return bytes(digest)

    def order(self, at: int) -> tuple[str, int, int]:
        """The order a line belongs to, and its first and last line."""
        where = 'SELECT command_id, first, last FROM answers WHERE "case"=? AND first<=? AND last>=?'
        ((command_id, first, last),) = self.ask(where, self.case, at, at)
        return command_id, first, last

    def drop(self, at: int) -> tuple[int, int]:
        """An order with everything that was written with it: lines, receipt, notices, texts. Which lines they were."""
        command_id, first, last = self.order(at)
        refs = [ref.id for n in range(first, last + 1) for ref in refs_in(self.body(n))]
        for table in ("lines", "outbox"):
            self.do(f'DELETE FROM {table} WHERE "case"=? AND version BETWEEN ? AND ?', self.case, first, last)
        self.do("DELETE FROM answers WHERE command_id=?", command_id)
        for ref in refs:
            self.do("DELETE FROM texts WHERE id=?", ref)
        return first, last

    def close_up(self, first: int, last: int) -> None:
        """Renumber what comes after a gap, in every place where a number stands."""
        by = last - first + 1
        for version in range(last + 1, self.last + 1):
            self.edit(version, version=version - by)
            self.move(version, version - by)
        for column, table in (("version", "outbox"), ("first", "answers"), ("last", "answers")):
            which = f'WHERE "case"=? AND {column}=?'
            for version in range(last + 1, self.last + 1):
                self.do(f"UPDATE {table} SET {column}=? {which}", version - by, self.case, version)

    def rehash(self) -> None:
        """Chain every line of the case anew."""
        before = GENESIS
        for version, body in self.ask('SELECT version, body FROM lines WHERE "case"=? ORDER BY version', self.case):
            before = hashlib.sha256(before + body).digest()
            self.do('UPDATE lines SET digest=? WHERE "case"=? AND version=?', before, self.case, version)


def written(body: dict[str, Any]) -> bytes:
    """A line's bytes, as the program would have written them."""
    return msgspec.json.encode(body, order="sorted")


Lines = range
"""The lines one of which has to be the first that is named."""


def just(at: int) -> Lines:
    return range(at, at + 1)


def edit_body(hands: Hands) -> Lines:
    """Something else was recorded."""
    data = hands.body(hands.at)["data"]
    hands.edit(hands.at, data=data | {"given": {"amount": 1}})
    return just(hands.at)


def edit_actor(hands: Hands) -> Lines:
    """Somebody else did it."""
    hands.edit(hands.at, actor="nobody")
    return just(hands.at)


def edit_time(hands: Hands) -> Lines:
    """It happened on another day."""
    hands.edit(hands.at, occurred="2020-01-01", precision="day")
    return just(hands.at)


def delete_one(hands: Hands) -> Lines:
    """It did not happen."""
    hands.do('DELETE FROM lines WHERE "case"=? AND version=?', hands.case, hands.at)
    return just(hands.at)


def insert_one(hands: Hands) -> Lines:
    """It happened twice: a line well chained to the one before; only what comes after can betray it."""
    for version in range(hands.last, hands.at, -1):
        hands.move(version, version + 1)
    body = written(hands.body(hands.at) | {"version": hands.at + 1, "command_id": "forged", "ordinal": 0})
    digest = hashlib.sha256(hands.digest(hands.at) + body).digest()
    hands.do("INSERT INTO lines VALUES (?,?,?,?,?,?)", hands.case, hands.at + 1, "forged", 0, body, digest)
    return range(hands.at + 1, hands.at + 3)


def swap_two(hands: Hands) -> Lines:
    """It happened the other way round."""
    hands.move(hands.at, 10_000)
    hands.move(hands.at + 1, hands.at)
    hands.move(10_000, hands.at + 1)
    return just(hands.at)


def move_one(hands: Hands) -> Lines:
    """It happened in another case."""
    hands.do('DELETE FROM lines WHERE "case"=? AND version=?', hands.other, hands.at)
    hands.do('UPDATE lines SET "case"=? WHERE "case"=? AND version=?', hands.other, hands.case, hands.at)
    return just(hands.at)


def cut_tail(hands: Hands) -> Lines:
    """The end never happened: whole orders are gone, with everything that was written with them."""
    last, (_, _, opening) = hands.last, hands.order(1)
    while last >= max(hands.at, opening + 1):
        last = hands.drop(last)[0] - 1
    return just(last + 1)


def edit_and_rehash(hands: Hands) -> Lines:
    """Somebody else did it, and the chain is made good."""
    _, first, last = hands.order(hands.at)
    for at in range(first, last + 1):
        if hands.body(at)["actor"]:
            hands.edit(at, actor="chen")
    hands.rehash()
    return range(1, hands.last + 1)


def delete_and_rehash(hands: Hands) -> Lines:
    """An order never happened, and the rest is made good."""
    first, last = hands.drop(hands.at)
    hands.close_up(first, last)
    hands.rehash()
    return range(1, hands.last + 1)


def garble_and_rehash(hands: Hands) -> Lines:
    """Nonsense instead of something that was recorded, and the chain is made good: audit has to bear it."""
    body = hands.body(hands.at)
    inside = hands.random.choice([body, body["data"], body["data"].get("given") or body])
    name = hands.random.choice([*inside, "new"])
    inside[name] = hands.random.choice([x for x in NONSENSE if x != inside.get(name)])
    hands.do('UPDATE lines SET body=? WHERE "case"=? AND version=?', written(body), hands.case, hands.at)
    hands.rehash()
    return range(1, hands.last + 1)


NONSENSE: list[Any] = [
    None,
    0,
    -1,
    1 << 70,
    "",
    "nobody",
    [],
    ["party/9"],
    {},
    {"x": 1},
    True,
    "2026-13-45",
    "party/99",
]
Edit = Callable[[Hands], Lines]
PLAIN: dict[str, Edit] = {
    "改内容": edit_body,
    "改经办人": edit_actor,
    "改时间": edit_time,
    "删中间": delete_one,
    "插入": insert_one,
    "对调": swap_two,
    "移到别案": move_one,
}
"""What the chain alone betrays."""
THOROUGH: dict[str, Edit] = {
    "截尾": cut_tail,
    "改后重算": edit_and_rehash,
    "删后重算": delete_and_rehash,
    "乱改后重算": garble_and_rehash,
}
"""What only a checkpoint kept elsewhere betrays for certain: everything beside the lines is put right, too."""
OLDER = "换回旧库"


@dataclass
class Bench:
    """A clean database with two cases in it, as it is, as it was halfway, and the checkpoint kept elsewhere."""

    target: Target
    store: SqlStore
    case: str
    other: str
    now: Rows
    older: Rows
    checkpoint: bytes

    def found(self, heads: dict[str, Head] | None = None) -> list[Finding]:
        """What audit finds in the case, apart from what the lines own up to."""
        results = dict(audit_store(self.store, CATALOGUE, [self.case], heads))
        return [f for f in results[self.case] if not f.known]


@fault("F28", "绕过程序改库：十二种手法", few=120, many=10_000)
def record_tampered_with(trial: Trial) -> None:
    """Every one is found, with its first bad line; the last five by the checkpoint, which is kept elsewhere."""
    blind: Counter[str] = Counter()
    each: Counter[str] = Counter()
    ways = [*PLAIN, *THOROUGH, OLDER]
    counts = trial.tries()
    share = max(len(ways), trial.size // len(histories()))
    while trial.tried < trial.size:
        with bench(trial) as clean, clean.target.unguarded() as db:
            for n in islice(counts, share):
                each[ways[n % len(ways)]] += 1
                tamper(trial, clean, db, ways[n % len(ways)], blind)
    missed = "、".join(f"{way} {blind[way]}/{each[way]}" for way in [*THOROUGH, OLDER])
    trial.note = f"不用存证点时查不出：{missed}"


@contextmanager
def bench(trial: Trial) -> Iterator[Bench]:
    """A golden history in a new database, and another case beside it."""
    file = trial.random.choice(histories())
    beside = next(f for f in histories() if f.case != file.case)
    clock, target = FixedClock(NOW), trial.target.anew()
    with target.opened(clock) as store:
        retold(store, clock, beside, list(steps(beside)))
        orders = list(steps(file))
        retold(store, clock, file, orders[: len(orders) // 2])
        older = target.rows()
        retold(store, clock, file, orders[len(orders) // 2 :])
        now, heads = checkpoint(store)
        kept = write_checkpoint(heads, now.isoformat())
        yield Bench(target, store, file.case, beside.case, target.rows(), older, kept)


def retold(store: SqlStore, clock: FixedClock, file: CaseFile, orders: list[Step]) -> None:
    """Some orders of a golden history, told to a store."""
    retelling = Retelling(store, clock, file)
    for step in orders:
        retelling.give(step)


def tamper(trial: Trial, clean: Bench, db: Any, way: str, blind: Counter[str]) -> None:
    """Edit in one way, look with and without the checkpoint, and put everything back."""
    suspects = edit(trial, clean, db, way)
    if way not in PLAIN:
        with suppress(LineUnreadable):
            rebuild(clean.store, CATALOGUE)
        blind[way] += not clean.found()
    heads = None if way in PLAIN else read_checkpoint(clean.checkpoint, "存证点")
    findings = clean.found(heads)
    first = min((f.version for f in findings if f.version is not None), default=None)
    trial.hold(first in suspects, f"{way}：应指出第{suspects[0]}至{suspects[-1]}条，指出的是第{first}条")
    replace_all(db, clean.now)


def edit(trial: Trial, clean: Bench, db: Any, way: str) -> Lines:
    """Do it, in one transaction."""
    if way == OLDER:
        replace_all(db, clean.older)
        ((last,),) = db.execute('SELECT max(version) FROM lines WHERE "case"=?', (clean.case,)).fetchall()
        return just(last + 1)
    with at_once(db):
        return (PLAIN | THOROUGH)[way](Hands(db, trial.random, clean.case, clean.other))


@contextmanager
def at_once(db: Any) -> Iterator[None]:
    """One transaction over a raw connection."""
    db.execute("BEGIN")
    yield
    db.execute("COMMIT")


def replace_all(db: Any, rows: Rows) -> None:
    """Every row of every table as it was at another time."""
    with at_once(db):
        for table, wanted in rows.items():
            db.execute(f"DELETE FROM {table}")
            for row in wanted:
                db.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)


@fault("F28", "干净案件不误报", few=120, many=5_000)
def clean_cases(trial: Trial) -> None:
    """Of every history, as it was after each of its orders, nothing is found that the lines do not own up to."""
    for file, upto in prefixes(trial):
        part = CaseFile(case=file.case, lines=file.lines[:upto], texts=file.texts, has_projection=False)
        trial.hold_all([f.sentence for f in audit(part, CATALOGUE) if not f.known], f"{file.case} 前{upto}条")
        trial.count()


def prefixes(trial: Trial) -> Iterator[tuple[CaseFile, int]]:
    """Histories and where to cut them, between two orders; the golden ones first, then random walks."""
    golden = [pair for file in histories() for pair in ends_of(file)]
    yield from trial.random.sample(golden, min(len(golden), trial.size))
    while trial.tried < trial.size:
        story = walk(trial.random.randrange(1 << 32))
        left = trial.size - trial.tried
        yield from list(ends_of(case_file(story.store, story.name)))[:left]


def ends_of(file: CaseFile) -> Iterator[tuple[CaseFile, int]]:
    """A history and the last line of each of its orders."""
    starts = [stored.version for stored in file.lines if stored.ordinal == 0]
    yield from ((file, start - 1) for start in starts[1:])
    yield file, len(file.lines)
