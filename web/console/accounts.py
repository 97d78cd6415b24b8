"""`mediation account …`: who may sign in to the pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

import click

from mediation_engine.domain.formatting import moment_words
from mediation_engine.domain.roles import ACTING_LEAD, STAFF_OFFICES, Actor, LeadAct, Office, offices_of
from mediation_engine.errors import ActorNotFound
from mediation_engine.ids import system_randomness
from mediation_engine.ports.accounts import Account
from mediation_engine.ports.store import Unit
from mediation_engine.services.substituting import end_substitution, name_substitute, substitutions

from ..security.passwords import ABOUT, give_password, given_out
from ..security.secret_file import secret_in
from ..security.session_policy import live_sign_ins
from ..security.throttle import locked_until, unlock
from ..security.totp import Seals
from . import output
from .cli_context import Desk, acting, desk
from .groups import Command, Group
from .param_types import Day, Label


@click.group("account", cls=Group)
def account() -> None:
    """网页的账号：发一次性密码、解锁、重设动态口令、停用。"""


@account.command("list", cls=Command)
@desk
def list_(desk: Desk) -> None:
    """列出工作人员的账号。"""
    table, seals = output.grid("账号", "姓名", "职务", "密码", "动态口令", "登录中", "状态"), _seals(desk)
    with desk.service.store.read() as unit:
        for actor in (it for it in unit.register.actors() if not it.offices.isdisjoint(STAFF_OFFICES)):
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
    """停用一个人：立即退出，不能再登录和办理；没有办理的草稿删除。"""
    actor = desk.actor(name)
    with desk.service.store.write(ABOUT) as unit:
        unit.register.put_actor(replace(actor, active=False))
        unit.accounts.end_all(actor.id)
        unit.drafts.end_all(actor.id)
    desk.out.print(f"{actor.name}（{actor.id}）已停用。要重新启用，请运行 mediation account start {actor.id}。")


@account.command("substitute", cls=Command)
@click.argument("name", metavar="人员", required=False)
@click.option("--from", "first", type=Day(), metavar="日期", help="从哪天起；不写就是今天")
@click.option("--to", "last", type=Day(), metavar="日期", help="到哪天为止（含当天）")
@click.option(
    "--act",
    "acts",
    type=Label(LeadAct),
    multiple=True,
    metavar="职务",
    help="受理、受理简易纠纷、用印、终止、中止、变通，可重复",
)
@click.option("--end", metavar="编号", help="提前收回一项")
@acting
@desk
def substitute(
    desk: Desk,
    name: str | None,
    first: date | None,
    last: date | None,
    acts: tuple[LeadAct, ...],
    end: str | None,
    actor: str | None,
    office: Office | None,
) -> None:
    """代行职务：室主任指定谁在哪些天代行哪些职务；不写人员就列出。

    \b
    例：mediation account substitute li --from 2026-12-01 --to 2026-12-10 --act 受理 --act 用印 --as wang
    """
    lead, service = desk.actor(actor), desk.service
    if end is not None:
        if end_substitution(service.store, lead, end) is None:
            raise click.UsageError(f"没有编号为“{end}”的代行，或已经收回")
        desk.out.print("已收回。")
    elif name is not None:
        if last is None or not acts:
            raise click.UsageError("请写明 --to 到哪天为止，和 --act 可以代行的职务")
        named = name_substitute(
            service.store, system_randomness, lead, desk.actor(name), first or service.today(), last, acts
        )
        how = f"办理时用 --office {ACTING_LEAD}" if named.is_at_desk else "在网页“一页办结”里办小纠纷时代为受理"
        desk.out.print(f"已指定，编号 {named.id}；{how}，记录上写明“代”。")
    table = output.grid("编号", "谁", "从", "到", "职务", "状态")
    with service.store.read() as unit:
        names = {a.id: a.name for a in unit.register.actors()}
    for it in substitutions(service.store, lead.organisation):
        can = "、".join(act.label for act in LeadAct if act in it.acts)
        table.add_row(
            it.id, names.get(it.actor, it.actor), f"{it.first}", f"{it.last}", can, it.standing(service.today())
        )
    desk.out.print(table)


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
