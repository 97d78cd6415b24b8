"""`mediation case batch`: many payments at once, from the bank's table; or the table to be given to the bank."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from mediation_engine.adapters.files import write_whole
from mediation_engine.domain.fields import Text
from mediation_engine.domain.limits import MOST_FAULTS
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.errors import FileFault, FormFaults, UnknownCommand, why
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.input.tables import TableFault
from workflows.parts.batch import RecordBatch
from workflows.vocabulary import PaymentGround, PaymentWay

from ..presenters import batch_sheet
from .cases import give_order, read_case
from .cli_context import Desk, acting, as_json, desk
from .groups import Command
from .param_types import Id, Label, When


@click.command("batch", cls=Command)
@click.argument("case_id", metavar="案件")
@click.argument("agreement", metavar="协议")
@click.argument("file", required=False, type=click.Path(path_type=Path), metavar="文件")
@click.option(
    "--template", type=click.Path(path_type=Path), metavar="文件", help="写出给银行的表：姓名和还没付清的金额已填好"
)
@click.option("--dry-run", is_flag=True, help="只核对，看会记下什么，不写入")
@click.option("--date", "at", type=When(), metavar="时间", help="哪天付的，如 2026-11-23；不写就是现在")
@click.option("--payer", metavar="当事人", help="谁付的；不写就是每笔本来该付的人")
@click.option("--for-payer", metavar="当事人", help="代谁付的")
@click.option(
    "--ground",
    type=Label(PaymentGround),
    default=PaymentGround.OWN.label,
    show_default=True,
    metavar="依据",
    help="、".join(it.label for it in PaymentGround),
)
@click.option(
    "--way",
    type=Label(PaymentWay),
    default=PaymentWay.PAYROLL.label,
    show_default=True,
    metavar="方式",
    help="、".join(it.label for it in PaymentWay),
)
@click.option("--note", metavar="凭证", help="如 银行回单号")
@click.option("--command-id", type=Id(), metavar="编号", help="操作编号；同一编号重复提交只生效一次")
@acting
@as_json
@desk
def batch(
    desk: Desk,
    /,
    case_id: str,
    agreement: str,
    file: Path | None,
    template: Path | None,
    dry_run: bool,
    at: Occurred | None,
    payer: str | None,
    for_payer: str | None,
    ground: PaymentGround,
    way: PaymentWay,
    note: str | None,
    command_id: str | None,
    actor: str | None,
    office: Office | None,
    json_: bool,
) -> None:
    """一次付给许多人的，按银行的结果表记：哪些成功，哪些退汇、为什么。

    表里要有姓名、金额、结果（成功或退汇），退汇的写原因；有一处对不上，就一笔也不记。退汇的改好账号重新付了，再交一张表。

    \b
    例：mediation case batch 7K3M 协议1 --template 代发.xlsx --as li
        mediation case batch 7K3M 协议1 回单.xlsx --dry-run --as li
        mediation case batch 7K3M 协议1 回单.xlsx --date 2026-11-23 --payer 某建设公司 \\
          --for-payer 某劳务公司 --ground 总包先行清偿 --as li
    """
    if (file is None) == (template is None):
        raise click.UsageError("请写银行的结果表；或者写 --template，先写出给银行的表")
    id = command_id or new_id(system_randomness, 16)
    view = read_case(desk, case_id, actor, office, "batch").when_given(desk.actor(actor).organisation, id)
    if RecordBatch not in desk.service.catalogue.in_force(view.case.rules).commands.values():
        raise UnknownCommand(workflow=view.case.workflow, command=RecordBatch.label)
    key = desk.key_of(view)
    named = key(agreement)
    if template is not None:
        owed = len(batch_sheet.still_owed(view, named))
        if owed:
            _write(template, batch_sheet.template(view, named))
        if json_:
            desk.json({"rows": owed})
            return
        told = (
            f"已写出 {template}，{owed} 行；表里有姓名，请妥善保管。"
            if owed
            else "这份协议没有还没付清的款，没有写出。"
        )
        desk.out.print(told)
        return
    assert file is not None
    found = batch_sheet.matched(view, named, _read(file))
    if found.faults:
        raise FormFaults(_by_place(found.faults[:MOST_FAULTS]), more=len(found.faults) > MOST_FAULTS)
    for words in found.notes if not json_ else ():
        desk.out.print(f"! {words}")
    _say_other_accounts(desk, found, desk.actor(actor), view.office)
    command = RecordBatch(
        agreement=named,
        payer=key(payer, "party") if payer else None,
        for_payer=key(for_payer, "party") if for_payer else None,
        ground=ground,
        way=way,
        note=Text(note) if note else None,
        rows=found.rows,
    )
    given: dict[str, Any] = {"actor": actor, "office": office, "preview": dry_run, "json_": json_, "at": at}
    give_order(desk, command, view.case.id, command_id=id, **given)


def _say_other_accounts(desk: Desk, found: batch_sheet.Matched, who: Actor, office: Office) -> None:
    """Which accounts are not as in the register, where there is one that can be read; that look is on record."""
    if desk.room_key is None:
        return
    compared = batch_sheet.compared(found, desk.register, who)
    if compared.read:
        desk.look_at_list(who, office, "accounts", compared.read)
    for person in compared.shown:
        desk.look_at_person(who, office, person)
    for words in compared.warnings:
        click.echo(f"! {words}", err=True)


def _by_place(faults: Iterable[TableFault]) -> dict[str, list[str]]:
    """What is wrong, by row and column."""
    told: dict[str, list[str]] = {}
    for fault in faults:
        told.setdefault(str(fault).partition("：")[0], []).append(fault.sentence)
    return told


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise FileFault(path=file, why=why(fault)) from fault


def _write(file: Path, content: bytes) -> None:
    try:
        write_whole(file, content)
    except OSError as fault:
        raise FileFault(path=file, why=f"写不进去（{why(fault)}）") from fault
