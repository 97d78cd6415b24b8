"""`mediation account …`: who may sign in to the pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import click

from mediation_engine.domain.formatting import moment_words
from mediation_engine.domain.roles import Actor, Office, offices_of
from mediation_engine.errors import ActorNotFound
from mediation_engine.ports.accounts import Account
from mediation_engine.ports.store import Unit

from ..security.passwords import ABOUT, give_password, given_out
from ..security.secret_file import secret_in
from ..security.session_policy import live_sign_ins
from ..security.throttle import locked_until, unlock
from ..security.totp import Seals
from . import output
from .cli_context import Desk, desk
from .groups import Command, Group


@click.group("account", cls=Group)
def account() -> None:
    """网页的账号：发一次性密码、解锁、重设动态口令、停用。"""


@account.command("list", cls=Command)
@desk
def list_(desk: Desk) -> None:
    """列出工作人员的账号。"""
    table, seals = output.grid("账号", "姓名", "职务", "密码", "动态口令", "登录中", "状态"), _seals(desk)
    with desk.service.store.read() as unit:
        for actor in unit.register.actors():
            table.add_row(*_row(unit, seals, actor))
    desk.out.print(table)


def _seals(desk: Desk) -> Seals | None:
    """None before the pages were ever served here; looking makes no secret file."""
    path = desk.settings.web.secret
    return Seals(secret_in(path)) if path.exists() else None


def _row(unit: Unit, seals: Seals | None, actor: Actor) -> Iterable[str]:
    held = unit.accounts.account(actor.id)
    until = locked_until(unit, actor.id)
    state = "已停用" if not actor.active else f"有浏览器锁定到 {moment_words(until)}" if until else "正常"
    return (
        actor.id,
        actor.name,
        "、".join(o.label for o in Office if o in actor.offices),
        _password(held, unit.now),
        _codes(seals, held),
        f"{len(live_sign_ins(unit, actor))} 处",
        state,
    )


def _codes(seals: Seals | None, held: Account | None) -> str:
    if held is None or held.totp is None:
        return "未启用"
    return "须重设" if seals and not seals.opens(held.actor, held.totp) else "已启用"


def _password(held: Account | None, now: datetime) -> str:
    if held is None:
        return "没有"
    if held.once_until is None:
        return f"{moment_words(held.changed)} 设"
    return f"一次性，{moment_words(held.once_until)} 到期" if now < held.once_until else "一次性，已过期"


@account.command("set-password", cls=Command)
@click.argument("name", metavar="人员")
@desk
def set_password(desk: Desk, name: str) -> None:
    """发一个一次性密码：24小时内登录，登录后须改成自己的。原有登录全部结束。"""
    actor = desk.actor(name)
    desk.out.print(f"{actor.name}（{actor.id}）的一次性密码：{give(desk, actor)}")
    desk.out.print("只显示这一次，24小时内有效，请当面或电话告诉本人。")


def give(desk: Desk, actor: Actor) -> str:
    """A new one-time password."""
    if not offices_of(actor):
        raise click.UsageError(f"{actor.name}没有可以登录的职务")
    password = given_out()
    with desk.service.store.write(ABOUT) as unit:
        give_password(unit, actor.id, password)
    return password


@account.command("unlock", cls=Command)
@click.argument("name", metavar="人员")
@desk
def unlock_(desk: Desk, name: str) -> None:
    """解除因连续输错造成的锁定。"""
    actor = desk.actor(name)
    with desk.service.store.write(ABOUT) as unit:
        unlock(unit, actor.id)
    desk.out.print(f"{actor.name}（{actor.id}）可以再试了。")


@account.command("totp", cls=Command)
@click.argument("name", metavar="人员")
@desk
def totp(desk: Desk, name: str) -> None:
    """重设动态口令（换了手机，或列出“须重设”时）：旧的作废，原有登录全部结束，本人登录后在“动态口令”一页重新启用。"""
    actor = desk.actor(name)
    with desk.service.store.write(ABOUT) as unit:
        held = unit.accounts.account(actor.id)
        if held:
            unit.accounts.put_account(replace(held, totp=None, totp_step=0))
            unit.accounts.end_all(actor.id)
            unlock(unit, actor.id)
    desk.out.print(f"{actor.name}（{actor.id}）的动态口令已取消，请本人登录后重新启用。")


@account.command("stop", cls=Command)
@click.argument("name", metavar="人员")
@desk
def stop(desk: Desk, name: str) -> None:
    """停用一个人：立即退出，不能再登录和办理。"""
    actor = desk.actor(name)
    with desk.service.store.write(ABOUT) as unit:
        unit.register.put_actor(replace(actor, active=False))
        unit.accounts.end_all(actor.id)
    desk.out.print(f"{actor.name}（{actor.id}）已停用。要重新启用，请运行 mediation account start {actor.id}。")


@account.command("start", cls=Command)
@click.argument("name", metavar="人员")
@desk
def start(desk: Desk, name: str) -> None:
    """重新启用一个停用的人。"""
    with desk.service.store.write(ABOUT) as unit:
        named = [a for a in unit.register.actors() if name in (a.id, a.name)]
        if len(named) != 1:  # of two of one name the id says which
            raise ActorNotFound(actor=name)
        (actor,) = named
        unit.register.put_actor(replace(actor, active=True))
    desk.out.print(f"{actor.name}（{actor.id}）已启用。")
