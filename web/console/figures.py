"""`mediation figures …`: 数说战果, the figures of a period as known on any day, with what is behind each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mediation_engine.adapters.files import writing_whole
from mediation_engine.domain.formatting import moment_words
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.errors import OfficeNotHeld
from mediation_engine.services.authorization import READERS
from workflows.figures.declared import BY_CODE

from ..presenters.figures import (
    BY,
    OUTSIDE,
    RATE_APART,
    TOLD_APART,
    WRITTEN,
    Board,
    Item,
    Sought,
    as_xlsx,
    board,
    form_rows,
    freeze_now,
    growth_words,
    hidden_words,
    notes,
    rate_words,
    reports,
    sought,
    what_is_behind,
    words_of,
)
from . import output
from .cli_context import Desk, acting, as_json, desk
from .groups import Command


@click.command("figures", cls=Command)
@click.option("--period", default="", metavar="期间", help="2026-11、2026-Q4、2026-H2 或 2026；不写就是本月")
@click.option("--as-of", "day", default="", metavar="日期", help="截至哪天的记录；不写就是现在")
@click.option("--by", type=click.Choice([*BY.values()]), metavar="按什么分", help="、".join(BY.values()))
@click.option("--written", is_flag=True, help="仅书面：口头协议不算")
@click.option("--outside", is_flag=True, help="对外：分开看时太小的数不写出来")
@click.option("--behind", default="", metavar="指标", help="列出一个指标（代号或名称）背后的案件")
@click.option("--freeze", is_flag=True, help="冻结这个期间的数字，作为上报（室主任）；报过的是补报")
@click.option("--reports", is_flag=True, help="列出上报过的，核对有没有被改动")
@click.option("--xlsx", type=click.Path(path_type=Path), metavar="文件", help="存成 Excel：按报表的列")
@acting
@as_json
@desk
def figures(
    desk: Desk, /, xlsx: Path | None, actor: str | None, office: Office | None, json_: bool, **given: Any
) -> None:
    """数说战果：一个期间的各项数字，每个数字算什么、背后是哪些案件。

    \b
    例：mediation figures --period 2026-11 --as wang
        mediation figures --period 2026-Q4 --by 类型 --as wang
        mediation figures --period 2026-11 --as-of 2026-12-05 --xlsx 11月.xlsx --as wang
    """
    who = desk.actor(actor)
    held = desk.office(who, office)
    if held not in READERS:
        raise OfficeNotHeld(actor=who.name, office=Office.MEDIATOR.label)
    by = next((code for code, label in BY.items() if label == given["by"]), "")
    asked = {"period": given["period"], "day": given["day"], "by": by, "forms": WRITTEN if given["written"] else ""}
    asked["to"] = OUTSIDE if given["outside"] else ""
    it, faults = sought(asked, desk.service.today())
    if faults:
        raise click.UsageError("；".join(faults))
    if given["freeze"]:
        made = freeze_now(desk.service, who, it, desk.settings.counting)
        return desk.out.print(f"{it.period.words}的数字已经冻结（{made.id}），校验码 {made.digest[:16]}。")
    if given["reports"]:
        return _reports(desk, who, json_)
    if given["behind"]:
        return _behind(desk, who, held, it, given["behind"], json_)
    found = board(desk.service, who, it, desk.settings.counting, desk.settings.figures)
    if xlsx is not None:
        with writing_whole(xlsx) as out:
            out.write(as_xlsx(found, form_rows(desk.service, who, it, desk.settings.counting)))
        desk.out.print(f"已存到 {xlsx}。")
        return None
    return desk.json(as_data(found)) if json_ else _print(desk, found)


def as_data(found: Board) -> dict[str, Any]:
    """The figures for programs: sums in 分."""
    it = found.sought
    return {
        "period": it.period.code,
        "first": it.period.first.isoformat(),
        "last": it.period.last.isoformat(),
        "as_of": it.day.isoformat(),
        "oral": it.forms,
        "figures": [
            {"code": n.figure.code, "label": n.figure.label, "value": n.value, "unit": n.figure.unit.code}
            | {"late": n.late, "undated": n.undated, "unsaid": n.unsaid, "year_before": found.ago[n.figure.code]}
            for _, numbers, _ in found.heads
            for n in numbers
        ],
        "rates": [
            {"code": q.rate.code, "label": q.rate.label, "of": q.of, "by": q.by}
            for _, _, rates in found.heads
            for q in rates
        ],
        "groups": [
            {"group": code, "label": label}
            | dict(zip((f.code for f in TOLD_APART), values, strict=True))
            | {RATE_APART.code: rate.value if rate else None}
            for code, label, values, rate in found.groups
        ],
    }


def _print(desk: Desk, found: Board) -> None:
    for head, numbers, rates in found.heads:
        table = output.grid("指标", "数", "上年同期", "算什么、不算什么", title=head)
        for n in numbers:
            ago, basis = found.ago[n.figure.code], f"【{n.figure.by_day}】{n.figure.counts}"
            said = f"{words_of(n.figure, ago)} {growth_words(n.value, ago)}" if ago else ""
            table.add_row(n.figure.label, words_of(n.figure, n.value), said, basis)
        for q in rates:
            table.add_row(q.rate.label, rate_words(q), "", f"{q.rate.counts}（{q.of} ÷ {q.by}）")
        desk.out.print(table)
    if found.groups:
        table = output.grid(f"按{BY[found.sought.by]}", *(f.label for f in TOLD_APART), RATE_APART.label)
        for _, label, values, rate in found.groups:
            told = ("不写" if v is None else words_of(f, v) for f, v in zip(TOLD_APART, values, strict=True))
            table.add_row(label, *told, rate_words(rate) if rate else "不写")
        desk.out.print(table)
        if found.sought.hides:
            desk.out.print(f"{hidden_words(found)}。")
    for words in notes(found):
        desk.out.print(words)


def _reports(desk: Desk, who: Actor, json_: bool) -> None:
    found = reports(desk.service, who)
    if json_:
        told = ("id", "organisation", "period", "forms", "digest", "by", "after")
        rows = [{name: getattr(it.report, name) for name in told} | {"whole": it.is_whole} for it in found]
        return desk.json([row | {"at": it.report.at.isoformat()} for row, it in zip(rows, found, strict=True)])
    table = output.grid("编号", "", "单位", "期间", "冻结于", "谁", "校验码", "")
    for it in found:
        whole = "相符" if it.is_whole else "与校验码不符，被改动过"
        table.add_row(
            it.report.id, it.kind, it.organisation, it.period, moment_words(it.report.at), it.by, it.sign, whole
        )
    desk.out.print(table if found else "还没有上报过。")
    return None


def _behind(desk: Desk, who: Actor, held: Office, it: Sought, named: str, json_: bool) -> None:
    figure = next((f for f in BY_CODE.values() if named in (f.code, f.label)), None)
    if figure is None:
        raise click.UsageError(f"没有“{named}”这个指标；可用：{'、'.join(f.label for f in BY_CODE.values())}")
    items, after, total = list[Item](), "", ""
    while after or not total:
        found = what_is_behind(desk.service, who, it, desk.settings.counting, figure, after=after)
        items += found.items
        after, total = found.after, found.total
        if not after:
            break
    desk.look_at_list(who, held, "figures", len({item.case for item in items}))
    if json_:
        desk.json([{"case": i.case, "number": i.number, "about": i.about, "day": i.day, "adds": i.adds} for i in items])
        return
    table = output.grid("案件", "哪一项", figure.by_day, "加多少", "")
    for i in items:
        table.add_row(i.number, i.about, i.day, i.adds, "期后补记" if i.is_late else "")
    desk.out.print(table)
    desk.out.print(f"{figure.label}：{total}。{figure.counts}。")
