"""更正 and 误录 on the console."""

from __future__ import annotations

from typing import Any

import click
from msgspec import structs

from mediation_engine.decisions.correct import Standing
from mediation_engine.domain.case import machine_of
from mediation_engine.domain.correcting import CorrectOrder, StrikeOrder
from mediation_engine.domain.formatting import moment_words
from mediation_engine.domain.roles import Office
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.input.command_schema import Names
from mediation_engine.input.corrections import corrected, read_reason, unchanged
from mediation_engine.input.new_people import Newcomers, bytes_from
from mediation_engine.services.case_view import CaseView

from ..presenters.corrections import told
from . import output
from .cases import capacity_named, filled_in, give_order, giving, ordering
from .cli_context import Desk, acting, as_json, desk
from .groups import Command
from .param_types import Number

CORRECTING = (
    click.argument("case_id", metavar="案件"),
    click.argument("version", type=Number(1, 10**9), metavar="第几条"),
    click.option("--reason", required=True, metavar="原因", help="为什么更正"),
)


def correcting(function: Any) -> Any:
    """What 更正 and 误录 both take."""
    for part in reversed(CORRECTING):
        function = part(function)
    return function


@click.command("correct", cls=Command)
@correcting
@click.option("--on", multiple=True, metavar="事项", help="改为针对哪一项，可重复；不写就不改")
@click.option("--capacity", metavar="身份", help="改为由谁办理：本人，或代理与代表1；不写就不改")
@ordering
@desk
def correct(
    desk: Desk,
    /,
    case_id: str,
    version: int,
    reason: str,
    on: tuple[str, ...],
    capacity: str | None,
    **given: Any,
) -> None:
    """更正一步：--set 写要改的项，--at 写要改的时间，没写的照旧。

    原来的记录保留，改正后的内容从此生效；第几条见 mediation case history。

    \b
    例：mediation case correct 7K3M 12 --set 金额=8000 --reason 金额输错
    """
    given["command_id"] = given["command_id"] or new_id(system_randomness, 16)
    view, standing = _standing(desk, case_id, version, given)
    key, newcomers = desk.key_of(view), Newcomers(bytes_from(view.case.id, given["command_id"]))
    known = set(view.people)
    names = Names(
        key=key,
        person=lambda name: name if name in known else newcomers.enter(name),
        staff=desk.staff,
        today=desk.service.today(),
    )
    words = view.words
    old = standing.order
    instead = corrected(old.command, filled_in(given["filled"]), words, names)
    given["at"] = given["at"] or old.occurred
    more: dict[str, Any] = {
        "on": tuple(key(word, machine_of(old.on[0]) if old.on else "") for word in on) or old.on,
        "instead": instead,
        "unchanged": unchanged(old.command, instead, words),
        "provenance": old.provenance,
        "field_provenance": old.field_provenance,
        "capacity": old.capacity if capacity is None else capacity_named(key, capacity),
    }
    order = CorrectOrder(order=standing.first, reason=read_reason(reason))
    give_order(desk, order, view.case.id, people=newcomers.of_kind(instead), **more, **given)


@click.command("corrections", cls=Command)
@click.option("--skip", type=Number(0, 10**9), default=0, metavar="条数", help="跳过最近的多少条")
@click.option("--most", type=Number(1, 10_000), default=50, show_default=True, metavar="条数", help="最多列出多少条")
@acting
@as_json
@desk
def corrections(desk: Desk, skip: int, most: int, actor: str | None, office: Office | None, json_: bool) -> None:
    """列出本组织和下级各案的更正和误录：哪一步、谁、什么时候、为什么，最近的在前。"""
    who = desk.actor(actor)
    under = desk.office(who, office)
    found = [told(row, view) for row, view in desk.service.corrections(under, who, skip=skip, most=most)]
    desk.look_at_list(who, under, "corrections", len({it.row.case for it in found}))
    if json_:
        desk.json([{**structs.asdict(it.row), "number": it.number, "reason": it.reason} for it in found])
        return
    if not found:
        desk.out.print("前面没有了。" if skip else "还没有更正过什么。")
        return
    table = output.grid("案件", "条", "更正了", "谁", "什么时候", "原因")
    for it in found:
        table.add_row(
            it.number or it.row.case,
            str(it.row.version),
            f"第{it.row.corrects}条“{it.what}”{'作误录' if it.row.struck else ''}",
            it.who,
            moment_words(it.row.recorded),
            it.reason or ("（只有调解员看得到）" if it.what else "（记录读不出来，请先校验）"),
        )
    desk.out.print(table)


@click.command("strike", cls=Command)
@correcting
@giving
@desk
def strike(desk: Desk, /, case_id: str, version: int, reason: str, **given: Any) -> None:
    """误录：这一步没有发生过。原来的记录保留，但从此不算。

    \b
    例：mediation case strike 7K3M 12 --reason 记到别人的案子里了
    """
    given["command_id"] = given["command_id"] or new_id(system_randomness, 16)
    view, standing = _standing(desk, case_id, version, given)
    give_order(desk, StrikeOrder(order=standing.first, reason=read_reason(reason)), view.case.id, **given)


def _standing(desk: Desk, case_id: str, version: int, given: dict[str, Any]) -> tuple[CaseView, Standing]:
    actor = desk.actor(given["actor"])
    office = desk.office(actor, given["office"])
    view = desk.service.view(desk.case_id(case_id), office, actor).before(actor.organisation, given["command_id"])
    standing = view.standing(version)
    if standing is None:
        raise click.UsageError(f"第{version}条不是可以更正的一步；各条见 mediation case history {case_id}")
    own = [it.line.version for it in view.lines if it.line.command_id == standing.order.id]
    if len(own) > 1:
        click.echo(f"! 第{own[0]}—{own[-1]}条是同一次办理的，一并更正", err=True)
    return view, standing
