"""`mediation case roster`: a table of people into a case; and the terms that pay each of them."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from mediation_engine.adapters.files import write_whole
from mediation_engine.domain.formatting import money_words
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.errors import FileFault, UnknownCommand, why
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.input.roster import layout, read_roster
from mediation_engine.input.tables import write_table
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.people import People
from workflows.parts.party import EnterRoster
from workflows.vocabulary import Side

from ..forms import roster_terms
from ..forms.roster_form import Choices, Looked, looked, order_of, unmatched
from ..forms.term_clauses import labelled
from ..http.statuses import USAGE
from ..presenters.roster import HEAD, shown_rows
from . import output
from .cases import read_case
from .cli_context import Desk, acting, as_json, desk
from .groups import Command
from .param_types import Day, Id, Label


@click.command("roster", cls=Command)
@click.argument("case_id", metavar="案件")
@click.argument("file", required=False, type=click.Path(path_type=Path), metavar="文件")
@click.option("--dry-run", is_flag=True, help="只看读到了什么、有哪些错，不录入")
@click.option("--template", type=click.Path(path_type=Path), metavar="文件", help="写出一张空白花名册（Excel）")
@click.option("--same", default="", metavar="行号", help="哪几行就是名册里已有的人，如 7,12；先用 --dry-run 看")
@click.option(
    "--side", type=Label(Side), default=Side.APPLICANT.label, show_default=True, metavar="哪一方", help="他们是哪一方"
)
@click.option("--group", metavar="当事人", help="逐人列出的是哪个群体；全部列出后由各人代替它")
@click.option("--cohort", metavar="批次", help="逐人列出的是哪一批申请人")
@click.option("--terms", is_flag=True, help="写出按花名册逐人付款的条款，供 case do --set 协议条款=… 用")
@click.option("--payer", metavar="当事人", help="条款由谁付")
@click.option("--due", type=Day(), metavar="日期", help="条款的期限")
@click.option("--command-id", type=Id(), metavar="编号", help="操作编号；同一编号重复提交只生效一次")
@acting
@as_json
@desk
def roster(
    desk: Desk,
    /,
    case_id: str,
    file: Path | None,
    template: Path | None,
    actor: str | None,
    office: Office | None,
    json_: bool,
    **given: Any,
) -> None:
    """登记花名册（Excel 或 CSV）：一人一行，有一处错就一行也不录，每处错写明第几行、哪一列。

    \b
    例：mediation case roster A1 --template 花名册.xlsx --as li
        mediation case roster A1 花名册.xlsx --dry-run --as li
        mediation case roster A1 花名册.xlsx --same 7,12 --as li
        mediation case roster A1 --terms --payer 某五金厂 --due 2026-12-31 --as li
    """
    who = desk.actor(actor)
    if template is not None:
        _write(desk, template, json_)
        return
    view = read_case(desk, case_id, actor, office, "roster")
    if given["terms"]:
        _print_terms(desk, view, given)
        return
    if file is None:
        raise click.UsageError("请写明花名册文件，或用 --template、--terms")
    if EnterRoster not in desk.service.catalogue.in_force(view.case.rules).commands.values():
        raise UnknownCommand(workflow=view.workflow.label if view.workflow else "", command=EnterRoster.label)
    people = desk.register
    id = given["command_id"] or new_id(system_randomness, 16)
    view = view.when_given(who.organisation, id)
    shown = looked(read_roster(_bytes(file), desk.service.today()), view, people, who, id)
    if shown.alike:
        desk.look_at_list(who, view.office, "people", len(shown.alike))
    same = _rows(given["same"])
    if shown.faults or given["dry_run"]:
        _print(desk, shown, json_)
        raise click.exceptions.Exit(USAGE if shown.faults else 0)
    if wrong := unmatched(shown, same):
        raise click.UsageError(f"第{'、'.join(map(str, wrong))}行在名册里没有可能是同一人的，--same 不要写")
    _take(desk, shown, view, people, who, same, id, json_, given)


def _take(
    desk: Desk,
    shown: Looked,
    view: CaseView,
    people: People,
    who: Actor,
    same: list[int],
    id: str,
    json_: bool,
    given: Any,
) -> None:
    key = desk.key_of(view)
    choices = Choices(
        side=given["side"],
        group=key(given["group"], "party") if given["group"] else None,
        cohort=key(given["cohort"]) if given["cohort"] else None,
        same=frozenset(same),
    )
    order, entered = order_of(shown, view.case.id, id, choices, people, who, view.office, desk.service.today())
    desk.naming = view.teller.thing
    receipt = desk.service.submit(order, entered=entered)
    if json_:
        keys = [line.instance for line in receipt.lines if line.event in ("RosterEntered", "PartyRegistered")]
        desk.json({"case": receipt.case, "id": id, "first": receipt.first, "last": receipt.last, "parties": keys})
        return
    for sentence in shown.warnings:
        click.echo(f"! {sentence}", err=True)
    total = money_words(shown.roster.total)
    told = f"已登记 {len(shown.roster.people)} 人，共 {total}（第{receipt.first}—{receipt.last}条）。"
    desk.out.print(told)


def _print(desk: Desk, shown: Looked, json_: bool) -> None:
    """What was read, and what speaks against it."""
    alike = {row: [(one.person.id, one.person.name, one.why) for one in found] for row, found in shown.alike.items()}
    if json_:
        told = {"people": len(shown.roster.people), "total": shown.roster.total, "alike": alike}
        said = {"faults": [asdict(it) for it in shown.faults], "warnings": shown.warnings, "notes": shown.roster.notes}
        desk.json(told | said)
        return
    if shown.roster.people:
        table = output.grid(*HEAD)
        for cells in shown_rows(shown.roster):
            table.add_row(*cells)
        desk.out.print(table)
        desk.out.print(f"读到 {len(shown.roster.people)} 人，共 {money_words(shown.roster.total)}；还没有录入。")
    for row, found in alike.items():
        desk.out.print(f"? 第{row}行 可能是同一人：{found[0][1]}（已在名册，{found[0][2]}）；是的话加 --same {row}")
    for sentence in (*shown.warnings, *shown.roster.notes):
        desk.out.print(f"! {sentence}")
    for fault in shown.faults:
        click.echo(f"✗ {fault}", err=True)


def _print_terms(desk: Desk, view: CaseView, given: Any) -> None:
    key = desk.key_of(view)
    payer = key(given["payer"], "party") if given["payer"] else ""
    if payer not in roster_terms.payers(view.case):
        raise click.UsageError("请用 --payer 写明由谁付，须是本案的当事人")
    rows = roster_terms.terms(view, payer, given["due"].isoformat() if given["due"] else "")
    if not rows:
        raise click.UsageError("本案还没有花名册")
    desk.json([labelled(row) for row in rows])


def _write(desk: Desk, path: Path, json_: bool) -> None:
    try:
        write_whole(path, write_table(layout(desk.service.today())))
    except OSError as fault:
        raise FileFault(path=path, why=f"写不进去（{why(fault)}）") from fault
    if json_:
        desk.json({"file": str(path)})
    else:
        desk.out.print(f"已写出空白花名册：{path}")


def _rows(typed: str) -> list[int]:
    numbers = [part for part in re.split(r"[,，、\s]+", typed) if part]
    if not all(re.fullmatch("[0-9]{1,7}", part) for part in numbers):
        raise click.UsageError("--same 应写成行号，如 7,12")
    return [int(part) for part in numbers]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise FileFault(path=path, why=why(fault)) from fault
