"""What a run of the bench says: one row for each figure, beside its limit and its goal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from .timing import Spread


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure. The goal is a bound on the ratio where there is one, else on the value."""

    name: str
    value: Spread
    unit: str
    beside: str = ""
    """The limit of the same run, in words."""
    ratio: Spread | None = None
    least: float | None = None
    most: float | None = None
    digits: int = 0

    @property
    def reached(self) -> bool | None:
        """None where no goal is set."""
        held = (self.ratio or self.value).median
        if self.least is None and self.most is None:
            return None
        return (self.least is None or held >= self.least) and (self.most is None or held <= self.most)

    @property
    def goal(self) -> str:
        what = "比值 " if self.ratio else ""
        if self.least is not None:
            return f"{what}≥ {self.least:,g}"
        return f"{what}≤ {self.most:,g}" if self.most is not None else ""


def table(title: str, figures: Iterable[Figure]) -> Table:
    """Figures for people: median, least and greatest."""
    shown = Table(title=title, title_justify="left", show_lines=False)
    for heading in ("项目", "中位数（最小–最大）", "同一次运行的对照", "比值", "目标", ""):
        shown.add_column(heading, overflow="fold")
    for f in figures:
        mark = {True: "达到", False: "未达到", None: ""}[f.reached]
        ratio = f.ratio.words(2) if f.ratio else ""
        shown.add_row(f.name, f"{f.value.words(f.digits)} {f.unit}", f.beside, ratio, f.goal, mark)
    return shown


def show(title: str, figures: Iterable[Figure]) -> None:
    """Print a table, wide enough wherever it goes."""
    Console(width=150, highlight=False).print(table(title, figures))
