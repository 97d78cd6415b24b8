"""`mediation organisation`: the directory of organisations as a table, out and in."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from mediation_engine.adapters.files import write_whole
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.errors import FileFault, OfficeNotHeld, TableUnfit, why
from mediation_engine.ids import system_randomness
from mediation_engine.input.directory import layout, read_directory
from mediation_engine.input.tables import write_csv, write_table
from mediation_engine.services.directory import KEEPERS
from mediation_engine.services.directory_table import DirectoryLooked, Standing, look, rows, take
from workflows.facts import HOST_KINDS

from ..http.statuses import USAGE
from .cli_context import Desk, acting, as_json, desk
from .groups import Command, Group
from .table_file import table_bytes


@click.group(cls=Group)
def organisation() -> None:
    """组织名录：导出成表（Excel 或 CSV），改好了再收回来。

    \b
    例：mediation organisation export 名录.xlsx --as wang
        mediation organisation import 名录.xlsx --dry-run --as wang
        mediation organisation import 名录.xlsx --as wang
    """


@organisation.command("export", cls=Command)
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
@acting
@desk
def export(desk: Desk, file: Path, actor: str | None, office: Office | None) -> None:
    """把本室和下级的组织写成一张表；文件名以 .csv 结尾的写成 CSV，别的写成 Excel。"""
    who, _ = _keeper(desk, actor, office)
    kept, write = rows(desk.service.store, who, HOST_KINDS), write_csv if file.suffix == ".csv" else write_table
    try:
        write_whole(file, write(layout(HOST_KINDS), kept))
    except OSError as fault:
        raise FileFault(path=file, why=f"写不进去（{why(fault)}）") from fault
    desk.out.print(f"已写出 {len(kept)} 个组织：{file}")


@organisation.command("import", cls=Command)
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
@click.option("--dry-run", is_flag=True, help="只看会怎样，什么也不登记")
@acting
@as_json
@desk
def import_(desk: Desk, file: Path, *, dry_run: bool, actor: str | None, office: Office | None, json_: bool) -> None:
    """按表登记、改动组织；有一处错（第几行、哪一列、怎样改）就一个也不收，同一张表再收一次什么也不会多。"""
    who, held = _keeper(desk, actor, office)
    try:
        found = look(desk.service.store, who, read_directory(table_bytes(file), HOST_KINDS))
    except TableUnfit as fault:
        raise FileFault(path=file, why=fault.sentence.rstrip("。")) from fault
    is_taken = not found.faults and not dry_run
    if is_taken:
        people = desk.register if found.has_phones else None
        take(desk.service.store, who, held, found, people, system_randomness)
    _print(desk, found, json_, taken=is_taken)
    if found.faults:
        raise click.exceptions.Exit(USAGE)


def _keeper(desk: Desk, named: str | None, office: Office | None) -> tuple[Actor, Office]:
    """Who keeps the directory, and under which office. OfficeNotHeld."""
    actor = desk.actor(named)
    held = office or next((it for it in Office if it in KEEPERS and it in actor.offices), Office.LEAD)
    if held not in KEEPERS or held not in actor.offices:
        raise OfficeNotHeld(actor=actor.name, office=f"{Office.LEAD.label}或{Office.ADMINISTRATOR.label}")
    return actor, held


def _print(desk: Desk, found: DirectoryLooked, json_: bool, *, taken: bool) -> None:
    counts = {it: found.count(it) for it in Standing}
    if json_:
        told = {"taken": taken, "counts": {it.name.lower(): count for it, count in counts.items()}}
        desk.json(told | {"faults": [asdict(it) for it in found.faults], "notes": found.notes})
        return
    for sentence in found.notes:
        desk.out.print(f"! {sentence}")
    for fault in found.faults:
        click.echo(f"✗ {fault}", err=True)
    if found.faults:
        desk.out.print(f"有 {len(found.faults)} 处要改，一个也没有登记。")
        return
    said = "，".join(f"{it.value} {count} 个" for it, count in counts.items())
    desk.out.print(f"{said}。" if taken else f"{said}；还没有登记。")
