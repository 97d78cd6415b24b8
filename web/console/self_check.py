"""`mediation self-check …`: what the room finds in its own dossiers, and what is set aside with a reason."""

from __future__ import annotations

from collections import Counter
from typing import Any

import click
from msgspec import to_builtins

from mediation_engine.domain.roles import Actor, Office
from mediation_engine.domain.self_check import Weight
from mediation_engine.errors import OfficeNotHeld
from mediation_engine.ports.exemptions import Exemption
from mediation_engine.services.authorization import READERS
from mediation_engine.services.exempting import set_aside, take_back
from workflows.self_check.across import ACROSS

from ..presenters.self_check import Found, checked, ways
from ..presenters.self_check_all import SETS_ASIDE, SETS_ASIDE_FLAGS, Asked, CheckBook, Checking, Flagged, Overview
from . import output
from .cases import read_case
from .cli_context import Desk, acting, as_json, desk
from .groups import Command

ACROSS_BY_CODE = {rule.code: rule for rule in ACROSS}


@click.command("self-check", cls=Command)
@click.argument("case_id", metavar="[案件]", required=False)
@click.option("--all", "all_", is_flag=True, help="本组织的全部案件：各条规则几处几件，和各案之间的疑点")
@click.option("--below", is_flag=True, help="连同下级组织的案件")
@click.option("--rule", default="", metavar="规则", help="只看一条规则（代号）")
@click.option("--weight", type=click.Choice([it.label for it in Weight]), metavar="轻重", help="只看重、中或轻")
@click.option("--mediator", default="", metavar="人员", help="只看谁承办的（编号或姓名）")
@click.option("--month", default="", metavar="月份", help="只看哪个月登记的，如 2026-11")
@click.option("--set-aside", "aside", default="", metavar="规则", help="说明这条规则在本案找到的，须写 --reason")
@click.option("--about", metavar="哪一处", help="同一条规则有几处时，只说明哪一处（见 --json 的 about）；不写就是全部")
@click.option("--undo", default="", metavar="编号", help="撤回一条说明，须写 --reason")
@click.option("--reason", default="", metavar="理由", help="为什么；核查员也看得到")
@acting
@as_json
@desk
def self_check(
    desk: Desk, /, case_id: str | None, all_: bool, actor: str | None, office: Office | None, json_: bool, **given: Any
) -> int:
    """自查：哪里不合规、依据什么、怎样改；一件案或全部案件，确有理由的说明。

    列出的是请人看一看的地方，不是说谁有错。找到的不影响退出码。

    \b
    例：mediation self-check A1 --as li
        mediation self-check --all --month 2026-11 --as wang
        mediation self-check A1 --set-aside place_missing --about identity --reason 证件已由公安留存 --as wang
    """
    if bool(case_id) == all_ and not given["undo"]:
        raise click.UsageError("请写明一件案件，或用 --all 看全部")
    who = desk.actor(actor)
    held = desk.office(who, office)
    if held not in READERS:
        raise OfficeNotHeld(actor=who.name, office=Office.MEDIATOR.label)
    if given["undo"]:
        return _undone(desk, who, given["undo"], given["reason"])
    if all_:
        return _all(desk, who, held, json_, given)
    return _one(desk, str(case_id), who, held, json_, given)


def _undone(desk: Desk, who: Actor, id: str, reason: str) -> int:
    with desk.service.store.read() as unit:
        entry = next((it for it in unit.exemptions.exemptions() if it.id == id), None)
    entitled = SETS_ASIDE_FLAGS if entry and entry.rule in ACROSS_BY_CODE else SETS_ASIDE
    if take_back(desk.service.store, desk.service.randomness, who, id, reason, entitled) is None:
        raise click.UsageError(f"没有编号为 {id}、还没撤回的说明")
    desk.out.print("已撤回，重新列出。")
    return 0


def _one(desk: Desk, case_id: str, who: Actor, held: Office, json_: bool, given: dict[str, Any]) -> int:
    view = read_case(desk, case_id, who.id, held, "self_check")
    with desk.service.store.read() as unit:
        it = checked(view, unit, desk.settings.self_check)
    if given["aside"]:
        return _set_aside(desk, who, view.case.id, it.open, given)
    open_ = [found for found in it.open if _is_asked(found, given)]
    if json_:
        desk.json([*map(_told, open_), *({**_told(found), "aside": _entry(e)} for found, e in it.aside)])
        return 0
    if it.unseen:
        desk.out.print(f"有 {it.unseen} 件材料不给您看是什么，缺不缺材料这里不判断。")
    table = output.grid("轻重", "规则", "要看的地方", "依据", "怎样改")
    for found in open_:
        how = "、".join(way.label for way in ways(view, found.finding.mends))
        table.add_row(found.weight.label, found.rule.label, found.finding.words, found.basis, how)
    desk.out.print(table if open_ else "没有要看的地方。")
    for found, entry in it.aside:
        why = f"理由：{entry.reason}（{view.actors.get(entry.by, entry.by)}）"
        desk.out.print(f"已说明（{entry.id}）：{found.finding.words}。{why}")
    return 0


def _set_aside(desk: Desk, who: Actor, case: str, open_: tuple[Found, ...], given: dict[str, Any]) -> int:
    rule, about = given["aside"], given["about"]
    if rule in ACROSS_BY_CODE:
        if ACROSS_BY_CODE[rule].of_event and not about:
            raise click.UsageError("请用 --about 写明是哪一处：见 self-check --all --json 的 about")
        findings, entitled = {(case, rule, about or "")}, SETS_ASIDE_FLAGS
    else:
        mine = [it for it in open_ if it.rule.code == rule and about in (None, it.finding.about)]
        findings, entitled = {(case, *it.key) for it in mine}, SETS_ASIDE
    done = set_aside(desk.service.store, desk.service.randomness, who, findings, given["reason"], entitled)
    ids = "、".join(it.id for it in done)
    desk.out.print(f"已说明 {len(done)} 处：{ids}。撤回用 --undo 编号。" if done else "都已经说明过了。")
    return 0


def _all(desk: Desk, who: Actor, held: Office, json_: bool, given: dict[str, Any]) -> int:
    weight = next((it.value for it in Weight if it.label == given["weight"]), "")
    mediator = desk.staff(given["mediator"]) if given["mediator"] else ""
    asked = Asked(rule=given["rule"], weight=weight, mediator=mediator, month=given["month"], below=given["below"])
    checking = Checking(
        door=desk.service,
        actor=who,
        office=held,
        policy=desk.settings.self_check,
        shelf=desk.shelf(),
        book=CheckBook(),
    )
    found = checking.overview(asked)
    desk.look_at_list(who, held, "self_check", len(found.cases))
    if json_:
        desk.json(_told_all(found))
        return 0
    desk.out.print(f"看过 {found.counted} 件，{len(found.cases)} 件有要看的地方。只是请人看一看，不是说谁有错。")
    if found.unread:
        desk.out.print(f"另有 {found.unread} 件读不出来，请先 mediation audit --all。")
    table = output.grid("规则", "代号", "轻重", "处", "件")
    for rule, count, cases in found.rules:
        table.add_row(rule.label, rule.code, rule.weight.label, str(count), str(cases))
    if found.rules:
        desk.out.print(table)
    table = output.grid("案件", "重", "中", "轻", "已说明")
    for it in found.cases:
        counted = Counter(one.weight for one in it.open)
        numbers = (str(counted[weight] or "") for weight in Weight)
        table.add_row(it.row.number or it.row.case, *numbers, str(it.aside or ""))
    if found.cases:
        desk.out.print(table)
    table = output.grid("疑点", "代号", "说明", "案件")
    for flag in found.flags:
        aside = "（已说明：" + "；".join(it.reason for it in flag.aside) + "）" if flag.aside else ""
        table.add_row(flag.rule.label, flag.rule.code, flag.flag.words + aside, "、".join(flag.flag.cases))
    if found.flags:
        desk.out.print(table)
    return 0


def _is_asked(found: Found, given: dict[str, Any]) -> bool:
    return given["rule"] in ("", found.rule.code) and given["weight"] in (None, found.weight.label)


def _told(found: Found) -> dict[str, Any]:
    return {
        "rule": found.rule.code,
        "label": found.rule.label,
        "head": found.rule.head.label,
        "weight": found.weight.label,
        "basis": found.basis,
        "about": found.finding.about,
        "words": found.finding.words,
    }


def _entry(entry: Exemption) -> dict[str, Any]:
    return {name: value for name, value in to_builtins(entry).items() if name != "ends"}


def _told_flag(it: Flagged) -> dict[str, Any]:
    told = {"rule": it.rule.code, "label": it.rule.label, "weight": it.rule.weight.label, "words": it.flag.words}
    return told | {"cases": list(it.flag.cases), "aside": [_entry(entry) for entry in it.aside]}


def _told_all(found: Overview) -> dict[str, Any]:
    return {
        "counted": found.counted,
        "unread": found.unread,
        "rules": [{"rule": r.code, "label": r.label, "findings": n, "cases": c} for r, n, c in found.rules],
        "cases": [
            {"case": it.row.case, "number": it.row.number, "findings": [*map(_told, it.open)], "aside": it.aside}
            for it in found.cases
        ],
        "flags": [_told_flag(it) for it in found.flags],
    }
