"""The database fails at its n-th call, for every n and every kind of command; and a commit whose answer is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from traceback import format_exception
from unittest.mock import patch

from mediation_engine.adapters.plugins import installed_workflows
from mediation_engine.audit import CaseFile
from mediation_engine.clock import FixedClock
from mediation_engine.domain.order import Receipt
from mediation_engine.domain.roles import Office
from mediation_engine.errors import StoreUnavailable
from mediation_engine.services.maintenance import case_file

from ..support.story import FIRM, NOW, STAFF, WORKER
from .driver import Strike, Striker
from .golden import Retelling, Step, histories, steps
from .promises import unkept_after_reopening
from .target import Target
from .trial import Trial, fault

MOST_CALLS = 200
"""An order that needs more calls than this would never come to its end here."""


def all_commands() -> set[str]:
    """Every command of every installed workflow."""
    return {c.name() for w in installed_workflows() for m in w.machines.values() for c in m.commands}


KINDS = len(all_commands())
MANY = 10 * KINDS
"""So that a server, which is given a tenth, is tried with every kind of command too."""


def chosen(trial: Trial) -> Iterator[tuple[CaseFile, list[tuple[Step, bool]]]]:
    """Histories, and which of their orders to strike: every kind of command equally often, or some kinds."""
    kinds = sorted(all_commands())
    wanted = set(trial.random.sample(kinds, min(trial.size, len(kinds))))
    left = Counter(dict.fromkeys(wanted, max(1, trial.size // len(kinds))))
    for file in histories():
        marked = []
        for step in steps(file):
            name = step.order.command.name()
            marked.append((step, left[name] > 0))
            left[name] -= 1
        while marked and not marked[-1][1]:
            marked.pop()
        if marked:
            yield file, marked


@dataclass(frozen=True)
class Struck:
    """An order that is due in a case, the case's database, and what can strike the connections to it."""

    target: Target
    retelling: Retelling
    step: Step
    striker: Striker
    log: list[str]
    """Where the tracebacks go."""

    @property
    def name(self) -> str:
        return self.step.order.command.name()

    def give(self, strike: Strike) -> Receipt | StoreUnavailable:
        """Give the order while the driver breaks; what came of it."""
        with self.striker.armed(strike), patch("mediation_engine.services.mediation.TRIES", 2):
            try:
                return self.retelling.give(self.step)
            except StoreUnavailable as told:
                self.log.append("".join(format_exception(told)))
                return told


def in_turn(trial: Trial) -> Iterator[Struck]:
    """Each order to strike, in a case that has come to it; the caller sees to it that it is done in the end."""
    for file, marked in chosen(trial):
        target, clock, striker = trial.target.anew(), FixedClock(NOW), Striker()
        with target.struck(striker), target.opened(clock) as store:
            retelling = Retelling(store, clock, file)
            for step, struck in marked:
                if struck:
                    yield Struck(target, retelling, step, striker, trial.log)
                else:
                    retelling.give(step)
            written = retelling.stored()
        trial.hold(written == list(file.orders[: len(written)]), f"{file.case} 重述后与原记录不同")
        trial.hold_all(unkept_after_reopening(target), file.case)


@fault("F6", "每种操作的第 n 次数据库调用失败", few=KINDS, many=MANY)
def fails_at_every_call(trial: Trial) -> None:
    """All or nothing at every call; the next try works, and the same order again gets the same receipt."""
    seen = set()
    for struck in in_turn(trial):
        seen.add(struck.name)
        strike_each_call(trial, struck)
    trial.hold(len(seen) == min(trial.size, KINDS), f"没有试到 {'、'.join(sorted(all_commands() - seen))}")
    trial.hold_all(leaked(trial.log), "日志")
    trial.note = f"{len(seen)} 种操作"


def strike_each_call(trial: Trial, struck: Struck) -> None:
    """One order, struck at its first call, then at its second, until it goes through."""
    before = struck.target.rows()
    for n in range(1, MOST_CALLS):
        # Now and then the call itself is done, and only its answer does not come; now and then nothing more is.
        strike = Strike(at=n, after=trial.random.random() < 0.3, lost=trial.random.random() < 0.5)
        came = struck.give(strike)
        after = struck.target.rows()
        trial.hold(after == before or isinstance(came, Receipt) or strike.after, f"{struck.name} 第{n}次：写下了一部分")
        trial.count()
        if after != before:
            break
    receipt = struck.retelling.give(struck.step)
    trial.hold(isinstance(came, StoreUnavailable) or came == receipt, f"{struck.name} 重发得到不同的回执")
    trial.hold(struck.target.rows() == after != before, f"{struck.name} 重发后又写了一次")


@fault("F6", "读取途中的第 n 次数据库调用失败", few=12, many=54)
def fails_while_reading(trial: Trial) -> None:
    """A reader is told so; whoever comes next on the same connections reads and writes as if nothing had been."""
    for file in trial.random.sample(histories(), min(trial.size, len(histories()))):
        target, clock, striker = trial.target.anew(), FixedClock(NOW), Striker()
        with target.struck(striker), target.opened(clock) as store:
            retelling = Retelling(store, clock, file)
            *orders, last = steps(file)
            for step in orders:
                retelling.give(step)
            read_struck(trial, retelling, striker)
            retelling.give(last)
            trial.hold(retelling.stored() == list(file.orders), f"{file.case} 重述后与原记录不同")
        trial.hold_all(unkept_after_reopening(target), file.case)
        trial.count()


def read_struck(trial: Trial, retelling: Retelling, striker: Striker) -> None:
    """Struck at the first call, then at the second, until the reading goes through."""
    before, case, chen = case_file(retelling.store, retelling.name), retelling.case, STAFF[Office.AUDITOR].id
    for n, after, lost in product(range(1, MOST_CALLS), (False, True), (False, True)):
        with striker.armed(Strike(at=n, after=after, lost=lost)):
            try:
                case_file(retelling.store, retelling.name)
            except StoreUnavailable as told:
                trial.log.append("".join(format_exception(told)))
        try:  # whoever comes next gets the connection the reader had
            retelling.door.look(chen, Office.AUDITOR, case, "case")
        except StoreUnavailable as told:
            trial.hold(False, f"第{n}次调用失败后（{after=}，{lost=}）写不成：{told}")
        trial.hold(case_file(retelling.store, retelling.name) == before, f"第{n}次调用失败后再读，读到的不同")
        if not striker.struck:
            break


def leaked(log: list[str]) -> list[str]:
    """Whose words and names stand in the log."""
    words = {text.words for file in histories() for text in file.texts.values()} | {WORKER.name, FIRM.name}
    return sorted(f"写入了当事人的字句：{w}" for w in words if w and any(w in entry for entry in log))


@fault("F7", "提交已落盘，答复却丢了", few=KINDS, many=MANY)
def answers_lost(trial: Trial) -> None:
    """The commit lands, then the connection breaks; the same order again has exactly the one effect."""
    for struck in in_turn(trial):
        came = struck.give(Strike(at_commit=True, after=True, lost=True))
        landed = struck.target.rows()
        receipt = struck.retelling.give(struck.step)
        trial.hold(isinstance(came, StoreUnavailable), f"{struck.name} 的答复没有丢")
        there = {(case, command_id) for case, _, _, command_id, *_ in landed["orders"]}
        trial.hold((receipt.case, receipt.command_id) in there, f"{struck.name} 没有落盘")
        trial.hold(struck.target.rows() == landed, f"{struck.name} 重发后又写了一次")
        trial.count()
