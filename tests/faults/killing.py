"""kill -9 in the middle of commits: what was acknowledged is there, what is there is whole."""

from __future__ import annotations

from typing import Any

from .nursery import Nursery, nursery
from .promises import unkept, unkept_after_reopening
from .target import Target
from .trial import Trial, fault

LIVES = 100
"""How many kills one database goes through."""
LONGEST = 0.06
"""Seconds of work, at most, before the kill: a dozen commits."""


@fault("F1", "提交中途强杀进程（kill -9）", few=20, many=1000)
def processes_killed(trial: Trial) -> None:
    """One or two processes work on one database until they are killed; over and over on the same database."""
    target, acked, unacked = trial.target.anew(), 0, 0
    with nursery() as children:
        for n in trial.tries():
            if n % LIVES == LIVES - 1:  # what is looked through after each kill is not to grow for ever
                trial.hold_all(unkept_after_reopening(target), "最后")
                target = trial.target.anew()
            said = killed_at_work(trial, target, children, n)
            acked += len(said)
            unacked += recovered(trial, target, n, said)
    trial.hold_all(unkept_after_reopening(target), "最后")
    trial.note = f"已答复 {acked}，丢失 0；未及答复而已落盘 {unacked}" if not trial.broken else f"已答复 {acked}"


def killed_at_work(trial: Trial, target: Target, children: Nursery, n: int) -> list[dict[str, Any]]:
    """What was acknowledged to the processes of one round before each was killed, in the middle of whatever it did."""
    pids = [children.born("work", target.url, f"R{n}P{p}") for p in range(trial.random.choice((1, 2)))]
    said: list[dict[str, Any]] = []
    if trial.random.random() < 0.7:  # otherwise perhaps while the database is being opened
        said += children.hear(until="command")
    for pid in pids:
        said += children.hear(seconds=trial.random.uniform(0, LONGEST))
        said += children.kill(pid)
    return [line for line in said if "command" in line]


def recovered(trial: Trial, target: Target, n: int, said: list[dict[str, Any]]) -> int:
    """Open again and look: nothing that was acknowledged is lost. How many landed without an answer."""
    with target.opened() as store:
        with store.read() as unit:
            cases = [case for case in unit.record.cases() if case.startswith(f"R{n}P")]
            there = {(o.case, o.command_id): (o.first, o.last) for c in cases for o in unit.record.orders(c)}
        lost = [s["command"] for s in said if there.get((s["case"], s["command"])) != (s["first"], s["last"])]
        trial.hold(not lost, f"已答复的操作丢失：{lost}")
        trial.hold_all(target.unsound() + unkept(store, cases), "重开后")
    return len(there) - len(said)
