"""`mediation access …`: links by which somebody without an account does one thing in a case."""

from __future__ import annotations

from typing import Any

import click

from mediation_engine.domain.case import machine_of
from mediation_engine.domain.formatting import day_words, moment_words
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import MEDIATOR, Actor, Office
from mediation_engine.errors import OfficeNotHeld, RoomKeyMissing
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.input.command_schema import Names, read_form
from mediation_engine.input.new_people import Newcomers, bytes_from
from mediation_engine.services.case_view import CaseView
from workflows.parts.visit import VISIT, EndEntrustment, EntrustVisit

from ..security import links
from ..security.party_links import (
    PARTY_LINK,
    PartyLinkUnfit,
    issue_for_party,
    principals,
)
from ..security.visit_links import (
    VISIT_LINK,
    issue_for_visit,
    with_phone,
    withdraw,
)
from . import output
from .cli_context import Desk, acting, as_json, desk
from .groups import Command, Group
from .param_types import Id

KINDS = {VISIT_LINK.code: VISIT_LINK, PARTY_LINK.code: PARTY_LINK}
"""What links can be for, by code."""
UNREACHABLE = "注意：本系统现在的网址只在这台机器上能打开，手机打不开这个链接（设置 [web] public_url）。"


@click.group("access", cls=Group)
def access() -> None:
    """链接：请没有账号的人办一件事（如请网格员走访一次），列出、撤销。"""


@access.command("issue", cls=Command)
@click.argument("case_id", metavar="案件")
@click.option("--visit", metavar="走访", help="哪一次走访，如 visit/3、走访3")
@click.option("--name", metavar="姓名", help="请谁去；不写就给已经委托的人重新发")
@click.option("--phone", default="", metavar="电话", help="他的电话，加密保存")
@click.option("--party", metavar="当事人", help="请哪位当事人在手机上确认协议；和 --visit 一起用时，是走访谁")
@click.option("--capacity", metavar="身份", help="由代理人、代表确认的，是哪一项，如 capacity/2")
@click.option("--window", is_flag=True, help="在本室设备上确认，当天有效")
@click.option("--place", metavar="地点", help="去哪里，他看得到")
@click.option("--command-id", type=Id(), metavar="编号", help="操作编号；同一编号重复提交只委托一次")
@acting
@as_json
@desk
def issue(
    desk: Desk,
    case_id: str,
    visit: str | None,
    name: str | None,
    phone: str,
    party: str | None,
    place: str | None,
    capacity: str | None,
    window: bool,
    command_id: str | None,
    actor: str | None,
    office: Office | None,
    json_: bool,
) -> None:
    """发链接：请当事人在手机上确认协议，或委托人走访。链接和口令只显示这一次，原来的链接不能再用。

    \b
    例：mediation access issue A1 --party 王某
        mediation access issue A1 --party 某五金厂 --capacity capacity/1
        mediation access issue A1 --visit 走访1 --name 吴网格 --phone 13800000000 --party 王某
    """
    who, held, view = _case(desk, case_id, actor, office)
    if visit is None:
        _issue_for_party(desk, view, who, party, capacity, window=window, json_=json_)
        return
    key = desk.key_of(view)(visit, VISIT.name)
    if key not in view.case.instances or machine_of(key) != VISIT.name:
        raise click.UsageError(f"本案没有“{visit}”这次走访")
    room_key = desk.room_key
    if room_key is None:
        raise RoomKeyMissing
    if name is not None:
        id = command_id or new_id(system_randomness, 16)
        newcomers = Newcomers(bytes_from(view.case.id, id))
        filled = {"person": newcomers.enter(name), "party": party, "place": place}
        command = read_form(EntrustVisit, filled, Names(key=desk.key_of(view)))
        order = Order(id=id, case=view.case.id, command=command, actor=who.id, office=held, on=(key,))
        desk.naming = view.teller.thing
        desk.service.submit(order, entered=with_phone(desk.register, newcomers.people, phone))
    issued = issue_for_visit(desk.service, room_key, who, view.case.id, key, desk.settings.link_days)
    address = f"{desk.settings.web.public_url}/links/{issued.secret}"
    link = issued.link
    if json_:
        desk.json({"id": link.id, "link": address, "pin": issued.pin, "until": link.until, "visit": key})
        return
    desk.out.print(f"{view.teller.numbered(key)}的链接 {link.id}，用到 {day_words(link.until)}。下面两样只显示这一次：")
    click.echo(f"链接 {address}")
    click.echo(f"口令 {issued.pin}")
    desk.out.print("口令当面或打电话告诉他，不要和链接发在一起。")
    if not desk.settings.web.is_https:
        desk.out.print(UNREACHABLE)


def _issue_for_party(
    desk: Desk, view: CaseView, who: Actor, party: str | None, capacity: str | None, *, window: bool, json_: bool
) -> None:
    """A link for a party itself, or for who acts for it in a capacity."""
    if party is None and capacity is None:
        raise click.UsageError("请写明发给谁：--party 当事人，或 --capacity 代理（代表）；请人走访的写 --visit")
    named = desk.key_of(view)
    instance = named(capacity, "capacity") if capacity else named(party or "", "party")
    if party and named(party, "party") not in principals(view.case, instance):
        raise click.UsageError(f"“{capacity or party}”不是“{party}”的代理或代表，也不是本人")
    if desk.room_key is None:
        raise RoomKeyMissing
    days = desk.settings.party_link_days
    try:
        issued = issue_for_party(desk.service, desk.room_key, who, view.case.id, instance, days, window=window)
    except PartyLinkUnfit as fault:
        raise PartyLinkUnfit(who=view.teller.thing(instance)) from fault
    public, link = desk.settings.web.public_url, issued.link
    address, typed_at = f"{public}/links/{issued.secret}", f"{public}/c"
    if json_:
        shown = {"link": address, "code": issued.code, "pin": issued.pin, "until": link.until}
        desk.json({"id": link.id, "instance": instance, "window": window, **shown})
        return
    desk.out.print(f"{view.teller.thing(instance)}的链接 {link.id}，用到 {day_words(link.until)}。下面的只显示这一次：")
    click.echo(f"短码 {issued.code}（在 {typed_at} 输入）")
    click.echo(f"链接 {address}")
    click.echo(f"口令 {issued.pin}")
    desk.out.print("口令当面或打电话告诉他，不要和短码、链接发在一起。协议改了，链接就提前作废。")
    if not desk.settings.web.is_https:
        desk.out.print(UNREACHABLE)


@access.command("list", cls=Command)
@click.argument("case_id", metavar="案件")
@acting
@as_json
@desk
def list_(desk: Desk, case_id: str, actor: str | None, office: Office | None, json_: bool) -> None:
    """列出一件案发过的链接和各自的状态。链接和口令没有保存，不能再显示。"""
    who, held, view = _case(desk, case_id, actor, office)
    desk.look(who, held, view.case, "links")
    found = [it for kind in KINDS.values() for it in links.issued_in(desk.service.store, kind, view.case)]
    if json_:
        desk.json([_row(it) for it in found])
        return
    table = output.grid("编号", "做什么", "给谁", "发出", "用到", "状态")
    for it in found:
        about, link = view.teller.numbered(it.link.instance), it.link
        when = moment_words(link.issued), day_words(link.until)
        ended = link.kind == PARTY_LINK.code and not it.stands and it.state not in links.DEAD
        state = "已失效：文本或身份有变" if ended else it.state.label
        table.add_row(link.id, f"{KINDS[link.kind].label}：{about}", it.name, *when, state)
    desk.out.print(table if found else "还没有发过链接。用 mediation access issue 发一个。")


@access.command("revoke", cls=Command)
@click.argument("link_id", metavar="编号")
@acting
@desk
def revoke(desk: Desk, link_id: str, actor: str | None, office: Office | None) -> None:
    """撤销一个链接，立即生效；走访还委托着他的，一并收回委托。"""
    with desk.service.store.read() as unit:
        link = unit.links.link_named(link_id)
    if link is None:
        raise links.LinkNotFound(link=link_id)
    who, held, view = _case(desk, link.case, actor, office)
    if link.kind == VISIT_LINK.code and VISIT_LINK.stands(view.case, link, desk.service.today()):
        id = new_id(system_randomness, 16)
        order = Order(id=id, case=link.case, command=EndEntrustment(), actor=who.id, office=held, on=(link.instance,))
        withdraw(desk.service, order)
    links.revoke(desk.service.store, who.id, link.id)
    desk.out.print(f"已撤销链接 {link.id}。")


def _case(desk: Desk, case_id: str, actor: str | None, office: Office | None) -> tuple[Actor, Office, CaseView]:
    """Who acts, under an office that mediates, and the case. OfficeNotHeld, OutsideOwnRemit, CaseNotFound."""
    who = desk.actor(actor)
    held = desk.office(who, office)
    if held not in MEDIATOR:
        raise OfficeNotHeld(actor=who.name, office="调解员或室主任")
    return who, held, desk.service.view(desk.case_id(case_id), held, who)


def _row(it: links.IssuedLink) -> dict[str, Any]:
    """For scripts: all but the digests."""
    link = it.link
    return {
        "id": link.id,
        "kind": link.kind,
        "instance": link.instance,
        "person": link.person,
        "name": it.name,
        "issued_by": link.issued_by,
        "issued": link.issued,
        "until": link.until,
        "state": it.state.value,
        "opened": link.opened,
        "used": link.used,
        "revoked": link.revoked,
    }
