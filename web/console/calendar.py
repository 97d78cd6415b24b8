"""`mediation calendar …`: which days are rest days, where a period ends, and taking the yearly notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.periods import PeriodEnd, PeriodUnit, period_end
from mediation_engine.domain.roles import Office
from mediation_engine.errors import FileFault, OutsideOwnRemit, why
from mediation_engine.input.holiday_notice import notice_text
from mediation_engine.services.authorization import READERS, reach
from mediation_engine.services.calendar import import_notice, imported_years, known_calendar, preview_notice
from mediation_engine.services.recounting import recount

from ..presenters import calendar as words
from ..presenters.deadlines import moved_in
from . import output
from .cli_context import Desk, acting, as_json, desk
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
    it = known_calendar(desk.service.store).year(year)
    if json_:
        return desk.json(words.year_json(it))
    desk.out.print(f"{year}年　{words.status_words(it)}")
    desk.out.print(words.source_words(it, _name(desk, it.imported_by)))
    table = output.grid("日子", "是什么", "节日")
    for stretch in words.stretches(it.days):
        table.add_row(stretch.words, stretch.kind.label, stretch.name)
    desk.out.print(table)
    for older in imported_years(desk.service.store, year)[1:]:
        desk.out.print(f"以前导入过：{words.older_words(older, _name(desk, older.imported_by))}")
    return None


@calendar.command("import", cls=Command)
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="只核对，看看读到了什么，不导入")
@click.option("--replace", is_flag=True, help="这一年已有官方安排而内容不同时，换成这份；原来的仍留有记录")
@click.option("--as", "actor", metavar="人员", help="谁在导入（编号或姓名）：管理员或室主任")
@as_json
@desk
def import_(desk: Desk, file: Path, dry_run: bool, replace: bool, actor: str | None, json_: bool) -> None:
    """导入国务院办公厅的放假通知：从标题到落款，整篇复制到记事本，存成 .txt。

    \b
    例：mediation calendar import 通知.txt --dry-run
    """
    try:
        text = notice_text(file.read_bytes())
    except OSError as fault:
        raise FileFault(path=file, why=why(fault)) from fault
    store = desk.service.store
    if dry_run:
        taking = preview_notice(store, text)
    else:
        taking = import_notice(store, desk.actor(actor).id, text, replace=replace)
    moved = 0 if dry_run else recount(store, desk.service.catalogue, desk.settings.channels)
    if json_:
        return desk.json(words.taking_json(taking, dry_run=dry_run) | {"moved": moved})
    for line in words.taking_lines(taking, dry_run=dry_run):
        desk.out.print(line)
    if not dry_run:
        desk.out.print(words.moved_words(moved))
    return None


@calendar.command("moved", cls=Command)
@click.argument("year", metavar="年份", type=Number(1))
@acting
@as_json
@desk
def moved_(desk: Desk, year: int, actor: str | None, office: Office | None, json_: bool) -> None:
    """列出放假通知改了哪些期限：哪一件案、哪个期限、原来哪天、现在哪天。

    
    例：mediation calendar moved 2027
    """
    who = desk.actor(actor)
    if desk.office(who, office) not in READERS:
        raise OutsideOwnRemit(actor=who.name)
    with desk.service.store.read() as unit:
        own = reach(unit.register, who.organisation)
    rows = moved_in(desk.service.store, desk.service.catalogue, year, own)
    if json_:
        return desk.json([asdict(row) for row in rows])
    table = output.grid("案件", "期限", "原来最后一天", "现在最后一天")
    for row in rows:
        table.add_row(row.number, row.label, row.before, row.after)
    return desk.out.print(table if rows else f"{year}年没有因为放假通知而改变的期限。")


def _name(desk: Desk, id: str) -> str:
    """What somebody is called; the id where nobody of it is known."""
    with desk.service.store.read() as unit:
        actor = unit.register.actor(id) if id else None
    return actor.name if actor else id


@calendar.command("count", cls=Command)
@click.argument("day", metavar="日期", type=Day())
@click.option("--days", type=Number(1), metavar="天数", help="多少日（自然日，周末和节日也算在内）")
@click.option("--workdays", type=Number(1), metavar="天数", help="多少个工作日")
@click.option("--months", type=Number(1), metavar="月数", help="多少个月")
@click.option("--years", type=Number(1), metavar="年数", help="多少年")
@as_json
@desk
def count(desk: Desk, /, day: date, json_: bool, **lengths: int | None) -> None:
    """从一天起算一个期限到哪天为止：当天不计入，最后一天是休息日的顺延。

    \b
    例：mediation calendar count 2026-09-01 --days 30
    """
    number, unit = _length(lengths)
    end = period_end(known_calendar(desk.service.store), day, number, unit)
    if json_:
        return desk.json(words.period_json(end))
    return _print(desk, end)


def _length(lengths: Mapping[str, int | None]) -> tuple[int, PeriodUnit]:
    named = [(number, unit) for unit in PeriodUnit if (number := lengths[unit.code]) is not None]
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
    if said := words.why_words(end):
        desk.out.print(said)
