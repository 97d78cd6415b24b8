"""`mediation exhibit …`: file exhibits, list them, take one away, sweep what belongs to none."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from mediation_engine.adapters.files import write_whole
from mediation_engine.domain.fields import Readers
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import Office
from mediation_engine.errors import ExhibitNotFound, ExhibitUnfit, FileFault, UnknownCommand, why
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.input.command_schema import Names, read_form
from mediation_engine.services.exhibits import sweep
from workflows.parts.exhibit import FileExhibit
from workflows.vocabulary import ExhibitKind

from ..presenters.exhibits import listed
from . import output
from .cases import filled_in, ordering, read_case
from .cli_context import Desk, acting, as_json, desk
from .groups import Command, Group
from .param_types import Label

KINDS = "、".join(kind.label for kind in ExhibitKind)


@click.group("exhibit", cls=Group)
def exhibit() -> None:
    """案件的材料：收存、列出、取出、清理。"""


@exhibit.command("add", cls=Command)
@click.argument("case_id", metavar="案件")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="文件...")
@click.option(
    "--kind", type=Label(ExhibitKind), required=True, metavar="种类", help="、".join(k.label for k in ExhibitKind)
)
@click.option("--title", metavar="名称", help="如 身份证正面；文件名不会记下")
@click.option("--party", metavar="当事人", help="谁的材料")
@click.option(
    "--readers", type=Label(Readers), default=Readers.JOINT.label, show_default=True, metavar="谁", help="谁能看"
)
@ordering
@desk
def add(
    desk: Desk,
    /,
    case_id: str,
    files: tuple[Path, ...],
    kind: ExhibitKind,
    title: str | None,
    party: str | None,
    readers: Readers,
    **given: Any,
) -> None:
    """收存材料；一次几个文件的，各收存为一件。

    \b
    例：mediation exhibit add A1 身份证.jpg --kind 身份证明 --title 身份证正面 --party 王某 --as li
    """
    who = desk.actor(given["actor"])
    office = desk.office(who, given["office"])
    view = desk.service.view(desk.case_id(case_id), office)
    workflow = desk.service.catalogue.in_force(view.case.rules)
    if FileExhibit not in workflow.commands.values():
        raise UnknownCommand(workflow=workflow.label, command=FileExhibit.label)
    filled = {"kind": kind, "title": title, "party": party, "readers": readers, **filled_in(given["filled"])}
    command = read_form(FileExhibit, filled, Names(key=desk.key_of(view)))
    id = given["command_id"] or new_id(system_randomness, 16)
    order = Order(id=id, case=view.case.id, command=command, actor=who.id, office=office, occurred=given["at"])
    contents = [_bytes(path) for path in files]
    if given["preview"]:
        raise click.UsageError("收存材料不能预览")
    desk.naming = view.teller.thing
    try:
        receipt = desk.exhibit_service.file(order, contents)
    except ExhibitUnfit as fault:
        raise ExhibitUnfit(why=f"{_which(files, contents)}{fault.about['why']}") from fault
    keys = [line.instance for line in receipt.lines if line.instance.startswith("exhibit/")]
    if given["json_"]:
        desk.json({"case": receipt.case, "id": id, "first": receipt.first, "last": receipt.last, "exhibits": keys})
        return
    desk.out.print(f"已收存 {len(keys)} 件：{'、'.join(map(view.teller.numbered, keys))}，见第{receipt.first}条。")
    written = desk.service.view_of_receipt(receipt, office, who)
    for note in dict.fromkeys(note for it in written.lines for note in written.teller.line(it).notes):
        desk.out.print(f"! {note}")


def _which(files: tuple[Path, ...], contents: list[bytes]) -> str:
    """The file that is not taken, where there are several."""
    from mediation_engine.exhibits.kinds import examined

    for path, content in zip(files, contents, strict=True) if len(files) > 1 else ():
        try:
            examined(content)
        except ExhibitUnfit:
            return f"{path}，"
    return ""


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise FileFault(path=path, why=why(fault)) from fault


@exhibit.command("list", cls=Command)
@click.argument("case_id", metavar="案件")
@acting
@as_json
@desk
def list_(desk: Desk, case_id: str, actor: str | None, office: Office | None, json_: bool) -> None:
    """列出一件案的材料；不归您看的只列出有这一件。"""
    found = [*listed(read_case(desk, case_id, actor, office, "exhibits"))]
    if json_:
        desk.json([asdict(it) for it in found])
        return
    table = output.grid("材料", "状态", "名称", "说明", "编号")
    for it in found:
        table.add_row(it.name, it.state_label, it.title, "　".join(it.about), it.file.id if it.file else "")
    desk.out.print(table if found else "还没有收存材料。")


@exhibit.command("get", cls=Command)
@click.argument("case_id", metavar="案件")
@click.argument("exhibit", metavar="材料")
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), metavar="文件", help="存到哪里")
@acting
@desk
def get(desk: Desk, case_id: str, exhibit: str, out: Path, actor: str | None, office: Office | None) -> None:
    """取出一件材料的原件；材料写编号或 材料1 这样的名称。取出留有查阅记录。"""
    who = desk.actor(actor)
    view = desk.service.view(desk.case_id(case_id), desk.office(who, office))
    ids = {it.file.id for it in listed(view) if it.file and exhibit in (it.key, it.name, it.file.id)}
    if not ids:
        raise ExhibitNotFound
    key, held, content = desk.exhibit_service.content(view, ids.pop())
    desk.look(who, view.office, view.case, f"exhibit {key}")
    try:
        write_whole(out, content)
    except OSError as fault:
        raise FileFault(path=out, why=f"写不进去（{why(fault)}）") from fault
    desk.out.print(f"已取出{view.teller.numbered(key)}：{out}（{held.words}），请妥善保管。")


@exhibit.command("sweep", cls=Command)
@as_json
@desk
def sweep_(desk: Desk, json_: bool) -> None:
    """清理没有哪一件案提到的文件（上传中断留下的、已依法删除的），只清理一天以前的；备份时不清理。"""
    gone = sweep(desk.service.store, desk.exhibits, desk.now())
    if json_:
        desk.json({"swept": gone})
        return
    desk.out.print(f"已清理 {len(gone)} 个文件。" if gone else "没有要清理的。")
