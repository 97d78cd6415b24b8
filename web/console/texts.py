"""`mediation text …`: the words of a case, and erasing them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from msgspec import json

from mediation_engine.domain.erasing import ErasureGround
from mediation_engine.domain.fields import HOST_ONLY, JOINT
from mediation_engine.domain.roles import Office
from mediation_engine.errors import FileFault, UnknownCommand, why
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.input.command_schema import Names, read_form
from mediation_engine.record.disclosure import may_read
from mediation_engine.record.sealing import refs_in
from mediation_engine.services.maintenance import case_ids, erased_people, erasures
from workflows.parts.erasure import EraseTexts, Keeping

from . import output
from .cases import give_order, giving, read_case
from .cli_context import Desk, F, acting, desk
from .groups import Command, Group
from .param_types import Label

PEOPLE = "@people"
"""In place of the case before somebody erased from the register: no case is called so."""
SHOWN = 30
"""So much of some words tells which they are."""


@click.group("text", cls=Group)
def text() -> None:
    """案件里的文字：列出编号，依法删除。"""


@text.command("list", cls=Command)
@click.argument("case_id", metavar="案件")
@acting
@desk
def list_(desk: Desk, case_id: str, actor: str | None, office: Office | None) -> None:
    """列出一件案的文字：编号、在第几条、谁能看、开头几个字。"""
    view = read_case(desk, case_id, actor, office, "texts")
    with desk.service.store.read() as unit:
        texts, orders = unit.record.texts(view.case.id), unit.record.orders(view.case.id)
    table = output.grid("文字编号", "条", "谁能看", "开头")
    for order in orders:
        for ref in dict.fromkeys(refs_in(json.decode(order.body))):
            if ref.id in texts:
                words = view.words.get(ref.id, "（无权查看）")
                label = (
                    ref.label if may_read(ref.label, view.access) else HOST_ONLY
                )  # whose they are is not told either
                table.add_row(ref.id, str(order.first), _who(view.teller.thing, label), _short(words))
    desk.out.print(table)


def _who(thing: Any, label: str) -> str:
    """Who may read a text, by its label."""
    return "各方" if label == JOINT else f"{thing(label)}和调解员" if "/" in label else "调解员"


def _short(words: str) -> str:
    return words if len(words) <= SHOWN else f"{words[:SHOWN]}……"


def erasing(command: F) -> F:
    """Options of every erasure: why, on what basis, on which ground."""
    reason = click.option("--reason", required=True, metavar="理由", help="为什么删；不要重复删去的内容")
    basis = click.option("--basis", required=True, metavar="依据", help="法条，或本室的哪项规定")
    ground = click.option(
        "--ground",
        type=Label(ErasureGround),
        default=ErasureGround.PURPOSE.label,
        show_default=True,
        metavar="情形",
        help="个人信息保护法第47条的哪一种情形",
    )
    return reason(basis(ground(command)))


@text.command("erase", cls=Command)
@click.argument("case_id", metavar="案件")
@click.argument("texts", nargs=-1, required=True, metavar="文字编号...")
@erasing
@click.option(
    "--keeping",
    type=Label(Keeping),
    default=Keeping.UNSET.label,
    show_default=True,
    metavar="期限",
    help="案卷保管期限",
)
@giving
@desk
def erase(
    desk: Desk,
    /,
    case_id: str,
    texts: tuple[str, ...],
    reason: str,
    basis: str,
    ground: ErasureGround,
    keeping: Keeping,
    **given: Any,
) -> None:
    """依法删除文字：原文当场删去，找不回来；谁、为什么、依据什么删的留在记录上。由室主任办理。

    \b
    例：mediation text erase 7K3M 5f0c… --reason 本人申请，纠纷已了结 --basis 个人信息保护法第47条 --as wang
    """
    view = desk.service.view(desk.case_id(case_id), Office.AUDITOR)  # for the names alone
    workflow = desk.service.catalogue.in_force(view.case.rules)
    if EraseTexts not in workflow.commands.values():
        raise UnknownCommand(workflow=workflow.label, command=EraseTexts.label)
    filled = {"texts": [{"text": id} for id in texts], "ground": ground.value, "keeping": keeping.value}
    command = read_form(EraseTexts, {**filled, "basis": basis, "reason": reason}, Names())
    given["command_id"] = given["command_id"] or new_id(system_randomness, 16)
    give_order(desk, command, view.case.id, **given)


@text.command("erasures", cls=Command)
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="文件", help="存到文件；不写则输出到屏幕")
@desk
def erasures_(desk: Desk, out: Path | None) -> None:
    """列出依法删除的文字（案件、文字编号）和当事人，一行一项；恢复旧备份时用 --erasures 照它再删一遍。"""
    service = desk.service
    with service.store.read() as unit:
        found = erasures(unit, service.catalogue, case_ids(service.store)) | {PEOPLE: erased_people(unit)}
    lines = "".join(f"{case}\t{id}\n" for case, ids in sorted(found.items()) for id in ids)
    if out is None:
        click.echo(lines, nl=False)
        return
    try:
        out.write_text(lines, encoding="utf-8")
    except OSError as fault:
        raise FileFault(path=out, why=f"写不进去（{why(fault)}）") from fault
    desk.out.print(f"已写下 {lines.count(chr(10))} 项：{out}。请与存证点放在一起。")


def read_erasures(path: Path) -> tuple[list[tuple[str, str]], list[str]]:
    """Cases with texts, and people, in such a file. FileFault."""
    try:
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except UnicodeDecodeError as fault:
        raise FileFault(path=path, why="不是删除清单") from fault
    except OSError as fault:
        raise FileFault(path=path, why=why(fault)) from fault
    if not all(len(row) == 2 and all(row) for row in rows):
        raise FileFault(path=path, why="不是删除清单")
    return [(case, id) for case, id in rows if case != PEOPLE], [id for case, id in rows if case == PEOPLE]
