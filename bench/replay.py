"""Reading histories back: replay from stored bytes with the digest check, and the audit of many cases."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import msgspec

from mediation_engine.domain.line import GENESIS
from mediation_engine.record.codec import digest_of
from mediation_engine.record.fold import fold_under
from mediation_engine.services.maintenance import audit_store, case_ids
from mediation_engine.services.mediation import MediationService

from .door import door_on, steps
from .figures import Figure
from .timing import in_turn, ratio, seconds

CASES = 60


def filled(folder: Path) -> MediationService:
    """A database of mediated cases."""
    door = door_on(f"sqlite:///{folder / 'replay.db'}")
    steps(door, [f"H{n:03d}" for n in range(CASES)])
    return door


def replay(door: MediationService, ids: list[str]) -> int:
    """Every case folded from its stored bytes, each order's digest checked; how many lines that were."""
    lines = 0
    with door.store.read() as unit:
        for case in ids:
            stored, before = unit.record.orders(case), GENESIS
            for order in stored:
                if digest_of(before, order.body) != order.digest:
                    raise AssertionError(f"{case}: the chain is broken")
                before = order.digest
            fold_under(door.catalogue, case, stored)
            lines += sum(order.count for order in stored)
    return lines


def raw(path: Path, ids: list[str]) -> int:
    """The limit: the driver alone reads the rows, each body is hashed and decoded as plain JSON."""
    from pysqlite3 import dbapi2

    db, lines = dbapi2.connect(str(path)), 0
    for case in ids:
        rows = db.execute('SELECT body, count FROM orders WHERE "case" = ? ORDER BY first', (case,)).fetchall()
        for body, count in rows:
            sha256(body).digest()
            msgspec.json.decode(body)
            lines += count
    db.close()
    return lines


def figures(folder: Path, rounds: int = 9) -> list[Figure]:
    door = filled(folder)
    ids = case_ids(door.store)
    lines = replay(door, ids)

    def per_second(work: object) -> float:
        return lines / seconds(work)  # type: ignore[arg-type]

    ours, limit = in_turn(
        [lambda _: per_second(lambda: replay(door, ids)), lambda _: per_second(lambda: raw(folder / "replay.db", ids))],
        rounds,
        warm=2,
    )
    [audit] = in_turn([lambda _: per_second(lambda: list(audit_store(door.store, door.catalogue)))], 3)
    beside = f"裸读取、散列、解码 {limit.words()} 条/秒"
    return [
        Figure(
            name="回放：从存储字节折叠并核对散列", value=ours, unit="条/秒", beside=beside, ratio=ratio(ours, limit)
        ),
        Figure(name="　同上，绝对值", value=ours, unit="条/秒", least=150_000),
        Figure(name="整库校验（每道命令重新裁定一遍）", value=audit, unit="条/秒"),
    ]
