"""`mediation key …`: the key that signs checkpoints."""

from __future__ import annotations

import click

from mediation_engine.export.signing import public_half

from ..security.signing_key import key_in, make_key
from .cli_context import Desk, desk
from .groups import Command, Group


@click.group("key", cls=Group)
def key() -> None:
    """给存证点签名的密钥：产生，显示公钥。"""


@key.command("make", cls=Command)
@desk
def make(desk: Desk) -> None:
    """产生签名密钥；已有的不会覆盖。"""
    made = make_key(desk.settings.key)
    desk.out.print(f"已产生签名密钥：{desk.settings.key}。请另存一份，不要与数据库和备份放在一起。")
    desk.out.print(f"公钥：{public_half(made)}")


@key.command("public", cls=Command)
@desk
def public(desk: Desk) -> None:
    """显示公钥：可以公开，别的电脑用它核对存证点是不是本室的（audit --public）。"""
    click.echo(public_half(key_in(desk.settings.key)))
