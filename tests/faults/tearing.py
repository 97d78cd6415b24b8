"""Power cuts, as a process that is merely killed never sees them: the end of the log is missing, torn or garbage."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from mediation_engine.clock import FixedClock
from mediation_engine.record.erasures import erased_in

from ..support.story import NOW
from .golden import Retelling, histories, steps
from .promises import CATALOGUE, unkept
from .target import Rows, SqliteTarget
from .trial import DoesNotApply, Trial, fault

HEADER, FRAME_HEADER, SECTOR = 32, 24, 512


@dataclass
class Written:
    """A database as it lay on the disk when the power went, and what was in it after each commit of its log."""

    target: SqliteTarget
    states: list[Rows]
    """Before the log, and after each commit in it."""
    ends: list[int]
    """Where in the log each commit ends, by its own frames."""
    seen: set[int] = field(default_factory=set)
    """Of the states, those that were found to keep every promise."""

    def survivors(self, damaged_from: int) -> int:
        """How many commits have to be there where the log is sound up to a byte and no further."""
        return sum(end <= damaged_from for end in self.ends)


@fault("F4", "断电：预写日志截断或撕裂", few=80, many=5000)
def logs_torn(trial: Trial) -> None:
    """Opened again, the database is where one of its commits left it: the last that was wholly on the disk."""
    if not isinstance(trial.target, SqliteTarget):
        raise DoesNotApply("只有 SQLite 有这样的日志文件")
    databases = [written(trial.target, number, restarted) for number in (0, -1) for restarted in (False, True)]
    for n in trial.tries():
        look_after(trial, databases[n % len(databases)])
    seen, all_states = (
        sum(len(held) for held in kind) for kind in zip(*((d.seen, d.states) for d in databases), strict=True)
    )
    trial.note = f"{all_states} 个提交状态中回到过 {seen} 个"


def look_after(trial: Trial, lying: Written) -> None:
    """Damage a copy, open it, and look what it holds."""
    other = lying.target.copied()
    damaged_from = damage(trial, other)
    wanted = lying.survivors(damaged_from)
    with other.opened() as store:
        same = other.rows() == lying.states[wanted]
        trial.hold(same, f"第{damaged_from}字节起损坏，打开后不是第{wanted}次提交后的样子")
        if wanted not in lying.seen:
            lying.seen.add(wanted)
            trial.hold_all(other.unsound() + unkept(store), f"第{damaged_from}字节起损坏")


def written(target: SqliteTarget, number: int, restarted: bool) -> Written:
    """A golden history told to a database that is not closed; `restarted`: its log was begun again over an old one.

    One that erases nothing: whoever erases cuts the log off.
    """
    lasting = [file for file in histories() if not erased_in(CATALOGUE, file.orders)]
    file, clock, live = lasting[number], FixedClock(NOW), target.anew()
    with live.opened(clock) as store:
        states = [live.rows()]
        retelling = Retelling(store, clock, file)
        states.append(live.rows())
        for n, step in enumerate(steps(file)):
            if restarted and n == len(file.orders) // 4:
                checkpoint(live)
                del states[:-1]
            retelling.give(step)
            states.append(live.rows())
        lying = live.copied()
    ends = commits(lying.wal.read_bytes())
    assert len(ends) == len(states) - 1
    return Written(lying, states, ends)


def checkpoint(target: SqliteTarget) -> None:
    """Move the log into the file, so that the next commit begins it again."""
    with target.raw() as db:
        db.execute("PRAGMA wal_checkpoint(RESTART)")


def commits(wal: bytes) -> list[int]:
    """Where each commit ends: after a frame that says how large the database then is, and bears the log's salt."""
    page, salt = struct.unpack_from(">I", wal, 8)[0], wal[16:24]
    ends = []
    for start in range(HEADER, len(wal), FRAME_HEADER + page):
        if wal[start + 8 : start + 16] != salt:
            break
        if struct.unpack_from(">I", wal, start + 4)[0]:
            ends.append(start + FRAME_HEADER + page)
    return ends


def damage(trial: Trial, target: SqliteTarget) -> int:
    """Cut the log off, or spoil a sector, or all of the rest; from which byte on it is not what was written."""
    before = target.wal.read_bytes()
    wal = bytearray(before)
    at = trial.random.randrange(len(wal))
    kind = trial.random.choice(("cut", "sector", "rest", "zeros"))
    end = {"cut": at, "sector": min(at + SECTOR, len(wal))}.get(kind, len(wal))
    if kind == "zeros":
        wal[at:] = bytes(len(wal) - at)
    elif kind == "cut":
        del wal[at:]
    else:
        mask = trial.random.randrange(1, 256)
        wal[at:end] = wal[at:end].translate(bytes(b ^ mask for b in range(256)))
    damaged_from = next((n for n in range(at, len(wal)) if wal[n] != before[n]), len(wal))
    target.wal.write_bytes(wal)
    return damaged_from
