"""`mediation ledger`: the room's own ledger, checked, then taken into cases row by row."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import click

from mediation_engine.adapters.files import write_whole
from mediation_engine.domain.names import like
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.errors import FileFault, OfficeNotHeld, TableUnfit, why
from mediation_engine.input.tables import Sheet, write_table

from ..case_import import ledger_columns as columns
from ..case_import.ledger import Looked, Standing, is_described, take
from ..forms.ledger_form import (
    HEAD,
    LedgerLooked,
    Opened,
    faults_table,
    keep_headers,
    kept_headers,
    looked,
    opened,
    rows_shown,
)
from ..http.statuses import USAGE
from . import output
from .cli_context import Desk, acting, as_json, desk
from .groups import Command, Group
from .table_file import table_bytes

SHOWN = 20
"""So many of the rows are listed; the rest is counted."""


@click.group(cls=Group)
def ledger() -> None:
    """台账：本室自己的台账（Excel 或 CSV），一行一件案件，先检查，再录入。

    \b
    例：mediation ledger check 台账.xlsx --as wang
        mediation ledger check 台账.xlsx --map 收件时间=受理日期 --map 来电人=申请人 --as wang
        mediation ledger take 台账.xlsx --as wang
    """


def of_file(command: click.decorators.FC) -> click.decorators.FC:
    """What is said of a file."""
    for option in (
        click.argument("file", type=click.Path(path_type=Path), metavar="文件"),
        click.option(
            "--map", "said", multiple=True, metavar="列名=栏目", help="表里的这一列是什么；“列名=”是不读。录入后记住"
        ),
        click.option("--sheet", default="", metavar="工作表", help="有几张工作表的，读哪一张"),
    ):
        command = option(command)
    return command


@ledger.command("check", cls=Command)
@of_file
@click.option("--write", type=click.Path(path_type=Path), metavar="文件", help="把要改的写成一张 Excel 清单")
@acting
@as_json
@desk
def check(
    desk: Desk,
    file: Path,
    said: tuple[str, ...],
    sheet: str,
    write: Path | None,
    actor: str | None,
    office: Office | None,
    json_: bool,
) -> None:
    """检查台账：读到什么，有哪些错（第几行、哪一列、怎样改），录入后会怎样；什么也不录。"""
    who = _lead(desk, actor, office)
    found, shown = _looked(desk, who, file, said, sheet)
    desk.look_at_list(who, Office.LEAD, "ledger", len(shown.rows))
    if write is not None and shown.faults:
        _write(write, faults_table(shown.faults))
    _print(desk, found, shown, json_)
    if shown.faults:
        raise click.exceptions.Exit(USAGE)


@ledger.command("take", cls=Command)
@of_file
@acting
@as_json
@desk
def take_(
    desk: Desk, file: Path, said: tuple[str, ...], sheet: str, actor: str | None, office: Office | None, json_: bool
) -> None:
    """录入台账：有一处错就一件也不录；一行一件，中断了再录一次，接着录剩下的；录过的不会再录一件。"""
    who = _lead(desk, actor, office)
    found, shown = _looked(desk, who, file, said, sheet)
    if shown.faults:
        _print(desk, found, shown, json_)
        raise click.exceptions.Exit(USAGE)
    people = desk.register if is_described(it.taking for it in shown.to_give) else None
    keep_headers(desk.service, who, found)
    failed = list(take(desk.service, people, shown.to_give))
    _print_taken(desk, shown, failed, json_)


@ledger.command("template", cls=Command)
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
@desk
def template(desk: Desk, file: Path) -> None:
    """写出一张空白台账（Excel），另一页写着怎样填。"""
    _write(file, write_table(columns.LEDGER))
    desk.out.print(f"已写出空白台账：{file}")


def _lead(desk: Desk, named: str | None, office: Office | None) -> Actor:
    """Who takes a ledger: a lead, as on the page. OfficeNotHeld."""
    actor = desk.actor(named)
    if Office.LEAD not in actor.offices or office not in (None, Office.LEAD):
        raise OfficeNotHeld(actor=actor.name, office=Office.LEAD.label)
    return actor


def _looked(desk: Desk, who: Actor, file: Path, said: tuple[str, ...], title: str) -> tuple[Opened, LedgerLooked]:
    """FileFault where the file cannot be read; click.UsageError where something about its columns is wrong."""
    content = table_bytes(file)
    try:
        found = opened(content, kept_headers(desk.service, who), title, lambda sheet: _said(sheet, said))
        if title and found.sheet.title != title:
            raise click.UsageError(f"没有工作表“{title}”，有内容的是：{'、'.join(found.sheets)}")
        if len(found.sheets) > 1 and not title:
            raise click.UsageError(f"有几张工作表，请用 --sheet 写明哪一张：{'、'.join(found.sheets)}")
        if found.wrong:
            heads = "、".join(filter(None, found.sheet.headers))
            raise click.UsageError(f"{'；'.join(found.wrong)}。请用 --map 列名=栏目 写明；表里的列：{heads}")
        today = desk.service.today()
        return found, looked(desk.service, found, who, today, in_zone=desk.settings.in_zone)
    except TableUnfit as fault:
        raise FileFault(path=file, why=fault.sentence.rstrip("。")) from fault


def _said(sheet: Sheet, said: tuple[str, ...]) -> dict[str, str]:
    """What the options say the headers mean."""
    found: dict[str, str] = {}
    for word in said:
        header, equals, name = re.sub("＝", "=", word).rpartition("=")
        if not equals:
            raise click.UsageError(f"“{word}”应写成 列名=栏目，如 收件时间=受理日期")
        if header not in sheet.headers:
            near = like(header, filter(None, sheet.headers)) or [*filter(None, sheet.headers)]
            raise click.UsageError(f"表里没有列“{header}”；有：{'、'.join(near)}")
        if name and name not in columns.BY_NAME:
            raise click.UsageError(f"没有栏目“{name}”；有：{'、'.join(columns.BY_NAME)}")
        found[header] = name
    return found


def _write(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content)
    except OSError as fault:
        raise FileFault(path=path, why=f"写不进去（{why(fault)}）") from fault


def _print(desk: Desk, found: Opened, shown: LedgerLooked, json_: bool) -> None:
    """What was read, and what speaks against it."""
    if json_:
        told = {"rows": shown.read.rows, "columns": dict(found.headers), "digest": found.digest}
        counts = {it.name.lower(): shown.count(it) for it in Standing}
        said = {"faults": [asdict(it) for it in shown.faults], "warnings": [*shown.warnings, *map(str, shown.others)]}
        desk.json(told | {"counts": counts, "notes": shown.read.notes} | said)
        return
    if rows := rows_shown(shown):
        table = output.grid(*HEAD)
        for cells in rows[:SHOWN]:
            table.add_row(*cells)
        desk.out.print(table)
        if len(rows) > SHOWN:
            desk.out.print(f"……后面还有 {len(rows) - SHOWN} 件。")
    for sentence in (*shown.read.notes, *map(str, shown.others), *shown.warnings):
        desk.out.print(f"! {sentence}")
    for fault in shown.faults:
        click.echo(f"✗ {fault}", err=True)
    if shown.faults:
        desk.out.print(f"读到 {shown.read.rows} 件，有 {len(shown.faults)} 处要改，还没有录入。")
        return
    new, more, there = (shown.count(it) for it in (Standing.NEW, Standing.MORE, Standing.THERE))
    told_ = f"新的 {new} 件，补上新内容的 {more} 件，以前录过没有变化的 {there} 件"
    desk.out.print(f"读到 {shown.read.rows} 件：{told_}；还没有录入。")


def _print_taken(desk: Desk, shown: LedgerLooked, failed: list[Looked], json_: bool) -> None:
    """What was taken, and of which rows nothing came."""
    counts = {it: shown.count(it) - sum(row.standing is it for row in failed) for it in Standing}
    wrong = {it.taking.case for it in failed}
    taken = [it for it in shown.to_give if it.taking.case not in wrong]
    new, more = (sum(it.standing is standing for it in taken) for standing in (Standing.NEW, Standing.MORE))
    if json_:
        others = [str(it) for it in (*shown.others, *failed)]
        cases = [it.taking.case for it in taken]
        desk.json({"new": new, "more": more, "there": counts[Standing.THERE], "others": others, "cases": cases})
        return
    for it in (*shown.others, *failed):
        click.echo(f"! {it}", err=True)
    desk.out.print(f"录入了 {new} 件新案，{more} 件补上了新内容，{counts[Standing.THERE]} 件以前录过、没有变化。")
