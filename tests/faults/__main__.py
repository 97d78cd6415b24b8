"""`make faults`: every fault many times on every kind of database here, and one table of what was found."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory
from traceback import format_exc

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from . import crowding, failing, filing, golden, killing, machine, saving, serving, tampering, tearing, trouble  # noqa: F401
from .server import own_target
from .target import SqliteTarget, Target
from .trial import FAULTS, CannotBeTried, DoesNotApply, Fault, Trial

COLUMNS = ("编号", "故障", "数据库", "次数", "结论", "说明", "秒")
WIDE = 150
"""Columns of the table where it is not for a screen."""


def main() -> int:
    """Try everything; 0 only where everything held."""
    factor, seed = (
        float(os.environ.get("FAULTS") or 1),
        int(os.environ.get("SEED") or SystemRandom().randrange(1 << 32)),
    )
    console = Console(width=None if sys.stdout.isatty() else WIDE)
    console.print(f"种子 {seed}（重做：make faults SEED={seed} FAULTS={factor:g}）")
    table, broken = Table(title="故障试验"), []
    for column in COLUMNS:
        table.add_column(column, overflow="fold")
    with ExitStack() as stack, progress(console) as bar:
        for target in targets(stack):
            for fault in sorted(FAULTS, key=lambda f: int(f.code[1:])):
                row, found = tried(fault, target, factor, seed, bar)
                if row:
                    table.add_row(*row)
                broken += found
    console.print(table)
    for sentence in broken:
        console.print(f"[red]没有守住[/red] {sentence}", highlight=False)
    console.print(f"种子 {seed}：{'全部守住' if not broken else f'{len(broken)} 处没有守住'}")
    return 1 if broken else 0


def targets(stack: ExitStack) -> Iterator[Target]:
    """Every kind of database that can be had on this machine."""
    yield SqliteTarget(Path(stack.enter_context(TemporaryDirectory())))
    yield stack.enter_context(own_target(f"{os.getpid()}"))


def progress(console: Console) -> Progress:
    """A bar for each fault."""
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )


def tried(fault: Fault, target: Target, factor: float, seed: int, bar: Progress) -> tuple[list[str], list[str]]:
    """Its row of the table, and what did not hold."""
    task = bar.add_task(f"{fault.code} {fault.label}", total=None)
    try:
        trial = fault.tried(target, fault.many * factor, seed, lambda tried: bar.update(task, completed=tried))
    except DoesNotApply:
        bar.remove_task(task)
        return [], []
    except CannotBeTried as reason:
        return [fault.code, fault.label, target.name, "0", "未试", str(reason), ""], []
    except Exception:  # a trial that breaks off has not shown that anything holds
        return [fault.code, fault.label, target.name, "", "中断", "", ""], [f"{fault.code} {format_exc()}"]
    bar.update(task, total=trial.tried, completed=trial.tried)
    if not bar.console.is_terminal:
        bar.console.print(f"{fault.code} {fault.label}（{target.name}）{trial.tried} 次，{trial.seconds:.0f} 秒")
    return row_of(fault, trial), [f"{fault.code} {fault.label}（{target.name}）{s}" for s in trial.broken]


def row_of(fault: Fault, trial: Trial) -> list[str]:
    """What was tried and what came of it."""
    verdict = f"{len(trial.broken)} 处没有守住" if trial.broken else "守住"
    return [fault.code, fault.label, trial.target.name, f"{trial.tried}", verdict, trial.note, f"{trial.seconds:.0f}"]


if __name__ == "__main__":
    sys.exit(main())
