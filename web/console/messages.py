"""`mediation message …`: how the staff are reached, what did not get there, sending it again; calls to parties."""

from __future__ import annotations

import click

from mediation_engine.adapters.plugins import installed_channels
from mediation_engine.descriptions.messages import message_words
from mediation_engine.domain.formatting import moment_words
from mediation_engine.domain.message import Takes
from mediation_engine.domain.roles import MEDIATOR, Office
from mediation_engine.errors import OfficeNotHeld
from mediation_engine.ports.messages import Contact
from mediation_engine.services.sending import resend

from ..presenters.calls import MINE, ROOM, CallRow, calls, with_numbers
from ..presenters.messages import standing_of
from .cli_context import Desk, acting, as_json, desk
from .groups import Command, Group
from .output import grid


@click.group("message", cls=Group)
def message() -> None:
    """消息：谁用什么方式接收，没有发到的列出、重发；今天要打的电话。"""


@message.command("list", cls=Command)
@as_json
@desk
def list_(desk: Desk, json_: bool) -> None:
    """列出还没有发到的消息（邮件、短信……）和原因；网页上的消息不在其内。"""
    with desk.service.store.read() as unit:
        found = unit.messages.sendings(dead=False)
        names = {actor.id: actor.name for actor in unit.register.actors()}
    if json_:
        desk.json(
            [
                {"message": it.id, "to": it.recipient, "channel": way.channel, "tries": way.tries, "fault": way.fault}
                | {"dead": way.dead is not None}
                for it, way in found
            ]
        )
        return
    table, kinds = grid("消息", "给谁", "方式", "什么事", "写于", "情况"), installed_channels()
    for it, way in found:
        what = message_words(desk.service.catalogue.reading(it.workflow), it).title
        label = kinds[way.channel].label if way.channel in kinds else way.channel
        who = names.get(it.recipient, it.recipient)
        table.add_row(it.id[:8], who, label, what, moment_words(it.written), standing_of(way))
    desk.out.print(table if found else "都发到了。")


@message.command("calls", cls=Command)
@click.option("--room", is_flag=True, help="全室的（室主任）")
@acting
@as_json
@desk
def calls_(desk: Desk, room: bool, actor: str | None, office: Office | None, json_: bool) -> None:
    """列出今天要打的电话：打给谁、为什么、打完记哪一步；号码遮住，要看全的到网页上。"""
    reader = desk.actor(actor)
    held = desk.office(reader, office)
    if held not in MEDIATOR or (room and held is not Office.LEAD):
        raise OfficeNotHeld(actor=reader.name, office=Office.LEAD.label if room else Office.MEDIATOR.label)
    rows, more = calls(desk.service, held, reader, ROOM if room else MINE)
    if desk.room_key is not None:
        rows = with_numbers(rows, desk.register.all_details(reader, {id for row in rows for id in row.speakers}))
    desk.look_at_list(reader, held, "calls", len({row.case for row in rows}))
    if json_:
        desk.json([_as_data(row) for row in rows])
        return
    table = grid("案号", "打给谁", "为什么", "电话", "打完记录")
    for row in rows:
        whom = f"{row.whom}（找{row.speaker}）" if row.speaker else row.whom
        phones = "、".join(phone.words for phone in row.phones) or "没有电话"
        table.add_row(row.number, whom, row.call.why, phones, row.step)
    desk.out.print(table if rows else "今天没有要打的电话。")
    if more:
        desk.out.print("只列了最急的一些案件，记录了这些再看后面的。")


def _as_data(row: CallRow) -> dict[str, object]:
    call = row.call
    return {
        "case": row.case,
        "number": row.number,
        "party": call.party,
        "whom": row.whom,
        "person": row.person or row.speakers[0],
        "why": call.why,
        "due": call.due.isoformat(),
        "step": call.rule.step,
        "on": list(row.on),
        "fields": call.filled,
        "phones": [phone.words for phone in row.phones],
    }


@message.command("resend", cls=Command)
@click.argument("messages", nargs=-1, metavar="[消息]...")
@desk
def resend_(desk: Desk, messages: tuple[str, ...]) -> None:
    """把不再试的消息重新发送：写开头几位就够，不写就是全部。下一遍自动办理时发出。"""
    with desk.service.store.read() as unit:
        dead = {it.id for it, _ in unit.messages.sendings(dead=True, most=10_000)}
    wanted = {id for id in dead if not messages or id.startswith(messages)}
    unknown = [word for word in messages if not any(id.startswith(word) for id in dead)]
    if unknown:
        raise click.UsageError(f"没有不再试的消息“{unknown[0]}”；用 mediation message list 查看")
    desk.out.print(f"{resend(desk.service.store, wanted)} 条重新发送。")


@message.command("contact", cls=Command)
@click.argument("name", metavar="人员")
@click.argument("channel", metavar="[方式]", required=False)
@click.argument("address", metavar="[地址]", required=False)
@click.option("--drop", is_flag=True, help="不再用这种方式")
@click.option(
    "--takes",
    metavar="哪些",
    type=click.Choice([it.code for it in Takes]),
    help="发什么：" + "；".join(f"{it.code} {it.label}" for it in Takes) + "。不写就不变",
)
@desk
def contact(desk: Desk, name: str, channel: str | None, address: str | None, drop: bool, takes: str | None) -> None:
    """谁用什么方式接收消息：只写人员就列出；方式是 mail（邮件）、spool（短信）、apprise（钉钉等）。"""
    actor, kinds = desk.actor(name), installed_channels()
    if channel is not None and channel not in kinds:
        raise click.UsageError(f"没有“{channel}”这种方式；可用：{'、'.join(kinds)}")
    with desk.service.store.read() as unit:
        before = next((it for it in unit.messages.contacts(actor.id) if it.channel == channel), None)
    address = address or (before.address if before and takes else None)
    if channel and not drop and not (address and kinds[channel].check(address)):
        raise click.UsageError(f"请写明{kinds[channel].address}，或用 --drop 不再用这种方式")
    if channel:
        with desk.service.store.write() as unit:
            if drop:
                unit.messages.drop_contact(actor.id, channel)
            else:
                wanted = Takes.named(takes or "") or (before.takes if before else Takes.ALL)
                made = Contact(actor=actor.id, channel=channel, address=address or "", takes=wanted)
                unit.messages.put_contact(made)
    with desk.service.store.read() as unit:
        held = unit.messages.contacts(actor.id)
    ways = "、".join(map(_way, held))
    desk.out.print(f"{actor.name}（{actor.id}）：网页上的消息{f'、{ways}' if ways else ''}")


def _way(contact: Contact) -> str:
    """A channel, the address, and what is sent there where that is not all."""
    kind = installed_channels().get(contact.channel)
    only = "" if contact.takes is Takes.ALL else f"（{contact.takes.label}）"
    return f"{kind.label if kind else contact.channel} {contact.address}{only}"
