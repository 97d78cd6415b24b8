"""`mediation key …`: the key that signs checkpoints, and the room's key, under which people are encrypted."""

from __future__ import annotations

import sys

import click

from mediation_engine.encryption.room_key import LINES, digits_in, paper_copy
from mediation_engine.errors import RoomKeyMissing
from mediation_engine.export.signing import public_half

from ..security import room_key_file
from ..security.signing_key import key_in, make_key
from .cli_context import Desk, desk
from .groups import Command, Group


@click.group("key", cls=Group)
def key() -> None:
    """密钥：给存证点签名的，和加密证件号码、电话、材料的保密钥匙。"""


@key.command("make", cls=Command)
@desk
def make(desk: Desk) -> None:
    """产生还没有的密钥：存证点的签名密钥和保密钥匙；已有的不会覆盖。"""
    told = []
    if desk.key is None:
        make_key(desk.settings.key)
        told.append(f"已产生签名密钥：{desk.settings.key}。请另存一份，不要与数据库和备份放在一起。")
    if desk.room_key is None:
        room_key_file.make_room_key(desk.settings.room_key)
        told.append(f"已产生保密钥匙：{desk.settings.room_key}。请打印一份锁好：mediation key print。")
    for line in told or [f"两把密钥都已有了，没有改动：{desk.settings.key}、{desk.settings.room_key}。"]:
        desk.out.print(line)
    desk.out.print(f"签名公钥：{public_half(key_in(desk.settings.key))}")


@key.command("public", cls=Command)
@desk
def public(desk: Desk) -> None:
    """显示签名公钥：可以公开，别的电脑用它核对存证点是不是本室的（audit --public）。"""
    click.echo(public_half(key_in(desk.settings.key)))


@key.command("print", cls=Command)
@desk
def print_(desk: Desk) -> None:
    """打印保密钥匙的纸质备份：丢了钥匙文件，证件号码、电话、住址和材料就再也打不开。

    \b
    例：mediation key print | lp        （直接送打印机，不在电脑上留文件）
    """
    path = desk.settings.room_key
    found = room_key_file.known_room_key(path)
    if found is None:
        raise RoomKeyMissing
    click.echo(f"{desk.settings.organisation.name}　保密钥匙（编号 {found.fingerprint}）")
    click.echo("请锁进保险柜，不要拍照、不要与备份放在一起。恢复时运行 mediation key enter，逐行照打。\n")
    for number, line in enumerate(paper_copy(room_key_file.room_key_text(path)), start=1):
        click.echo(f"    第{number}行　{line}")
    room_key_file.note_printed(path, found)


@key.command("enter", cls=Command)
@desk
def enter(desk: Desk) -> None:
    """照纸质备份恢复保密钥匙：逐行照打，每行末尾两位用来核对；已有的不会覆盖。"""
    lines = [_line(number) for number in range(1, LINES + 1)]
    made = room_key_file.room_key_from_paper(desk.settings.room_key, lines)
    desk.out.print(
        f"已恢复保密钥匙（编号 {made.fingerprint}）：{desk.settings.room_key}。请运行 mediation db check 核对。"
    )


def _line(number: int) -> str:
    """The digits of one line of the paper copy, asked again until they fit; where nobody sits there it is refused."""
    while (digits := digits_in(number, str(click.prompt(f"第{number}行")))) is None:
        if not sys.stdin.isatty():
            raise click.UsageError(f"第{number}行与末尾的核对数字不符，请对照纸质备份重打")
        click.echo(f"第{number}行与末尾的核对数字不符，请看清再打一遍（只有 0–9 和 a–f）")
    return digits
