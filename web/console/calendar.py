"""`mediation calendar …`: which days are rest days, and where a period ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import click

from mediation_engine.calendar.shipped import calendar_with
from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.periods import PeriodEnd, PeriodUnit, period_end

from ..presenters import calendar as words
from . import output
from .cli_context import Desk, as_json, desk
from .groups import Command, Group
from .param_types import Day, Number


@click.group("calendar", cls=Group)
def calendar() -> None:
    """工作日历：看哪天休息、哪天上班，算期限到哪天，导入放假通知。"""


@calendar.command("show", cls=Command)
@click.argument("year", metavar="年份", type=Number(1, 9999))
@as_json
@desk
def show(desk: Desk, year: int, json_: bool) -> None:
    """看一年：哪些日子放假、补假、调休上班，依据什么。

    \b
    例：mediation calendar show 2026
    """
    it = calendar_with().year(year)
    if json_:
        return desk.json(words.year_json(it))
    desk.out.print(f"{year}年　{words.status_words(it)}\n{words.source_words(it)}")
    table = output.grid("日子", "是什么", "节日")
    for stretch in words.stretches(it.days):
        table.add_row(stretch.words, stretch.first.kind.label, stretch.first.name)
    return desk.out.print(table)


@calendar.command("count", cls=Command)
@click.argument("day", metavar="日期", type=Day())
@click.option("--days", type=Number(1), metavar="天数", help="多少日（自然日）")
@click.option("--workdays", type=Number(1), metavar="天数", help="多少个工作日")
@click.option("--months", type=Number(1), metavar="月数", help="多少个月")
@click.option("--years", type=Number(1), metavar="年数", help="多少年")
@as_json
@desk
def count(desk: Desk, day: date, json_: bool, **lengths: int | None) -> None:
    """从一天起算一个期限到哪天为止：当天不计入，最后一天是休息日的顺延。

    \b
    例：mediation calendar count 2026-09-01 --days 30
    """
    number, unit = _length(lengths)
    end = period_end(calendar_with(), day, number, unit)
    if json_:
        return desk.json(words.period_json(end))
    return _print(desk, end)


def _length(lengths: Mapping[str, int | None]) -> tuple[int, PeriodUnit]:
    named = [(number, PeriodUnit(name)) for name, number in lengths.items() if number is not None]
    if len(named) != 1:
        raise click.UsageError(
            "请写明一个期限，四样里只写一样：--days 天数、--workdays 天数、--months 月数、--years 年数"
        )
    return named[0]


def _print(desk: Desk, end: PeriodEnd) -> None:
    desk.out.print(f"{words.counted_words(end)}：")
    if end.is_settled:
        desk.out.print(f"到{day_words(end.expected)}为止")
    else:
        desk.out.print(words.PROVISIONAL)
        table = output.grid("", "日期", "")
        for row in words.three_days(end):
            table.add_row(*row)
        desk.out.print(table)
    if why := words.why_words(end):
        desk.out.print(why)
