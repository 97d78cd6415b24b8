"""`mediation token …`: what programs come in with."""

from __future__ import annotations

from typing import Any

import click

from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.roles import Office
from mediation_engine.ports.tokens import Scope, Token

from ..security import api_tokens
from .cli_context import Desk, as_json, desk
from .groups import Command, Group
from .output import grid
from .param_types import OfficeName, When

SCOPES = "、".join(f"{s.value}（{s.label}）" for s in Scope)


class ScopeName(click.ParamType[Scope]):
    """A scope by code or label."""

    name = "范围"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Scope:
        found = Scope.named(str(value))
        if found is None:
            self.fail(f"没有“{value}”这个范围；可用：{SCOPES}", param, ctx)
        return found


@click.group("token", cls=Group)
def token() -> None:
    """管理接口令牌：其他程序凭令牌经 /api/v1 查看和办理案件。"""


@token.command("new", cls=Command)
@click.argument("name", metavar="用途")
@click.option("--for", "actor", required=True, metavar="人员", help="代表谁办理（编号或姓名）")
@click.option("--office", type=OfficeName(), metavar="职务", help="以哪项职务；不写就取本人的第一项")
@click.option(
    "--scope", "scopes", type=ScopeName(), multiple=True, metavar="范围", help=f"可重复；不写只能查看。{SCOPES}"
)
@click.option("--until", type=When(), metavar="日期", help="用到哪一天为止；不写为 90 天，最长一年")
@as_json
@desk
def new(
    desk: Desk,
    name: str,
    actor: str,
    office: Office | None,
    scopes: tuple[Scope, ...],
    until: Occurred | None,
    json_: bool,
) -> None:
    """发一个令牌，只显示这一次。

    \b
    例：mediation token new 数据上报 --for 李调解 --scope read --scope write --until 2026-12-31
    """
    if not 1 <= len(name.strip()) <= api_tokens.LONGEST_NAME or not name.isprintable():
        raise click.UsageError(f"用途应有1到{api_tokens.LONGEST_NAME}个字")
    if until is not None and until.day is None:
        raise click.UsageError("--until 应写到哪一天，如 2026-12-31")
    person, last = desk.actor(actor), until.day if until else None
    held, wanted = desk.office(person, office), frozenset(scopes or (Scope.READ,))
    service = desk.service
    secret, made = api_tokens.make(service.store, service.randomness, person, held, name.strip(), wanted, last)
    if json_:
        desk.json({"token": secret} | _row(made))
        return
    desk.out.print(
        f"令牌 {made.id}（{made.name}）：{person.name}，{held.label}，{_scopes(made)}，用到 {day_words(made.until)}"
    )
    desk.out.print("下面一行就是令牌，只显示这一次，请当作密码保管：")
    click.echo(secret)


@token.command("list", cls=Command)
@as_json
@desk
def list_(desk: Desk, json_: bool) -> None:
    """列出令牌。令牌本身没有保存，不能再显示。"""
    with desk.service.store.read() as unit:
        held, day = unit.tokens.tokens(), api_tokens.today(unit)
        names = {actor.id: actor.name for actor in unit.register.actors()}
    if json_:
        desk.json([_row(row) for row in held])
        return
    if not held:
        desk.out.print("还没有令牌。用 mediation token new 发一个。")
        return
    table = grid("编号", "用途", "代表", "范围", "用到", "最近使用", "状态")
    for row in held:
        seen = day_words(row.seen) if row.seen else "未用过"
        stands = "已停用" if row.ended else "已到期" if day > row.until else "有效"
        who = f"{names.get(row.actor, row.actor)} {row.office.label}"
        table.add_row(row.id, row.name, who, _scopes(row), day_words(row.until), seen, stands)
    desk.out.print(table)


@token.command("end", cls=Command)
@click.argument("token_id", metavar="编号")
@desk
def end(desk: Desk, token_id: str) -> None:
    """停用一个令牌，立即生效，不能恢复。"""
    ended = api_tokens.end(desk.service.store, token_id)
    desk.out.print(f"已停用令牌 {ended.id}（{ended.name}）。")


def _scopes(row: Token) -> str:
    return "、".join(scope.label for scope in Scope if scope in row.scopes)


def _row(row: Token) -> dict[str, Any]:
    """For scripts: all but the digest."""
    return {
        "id": row.id,
        "name": row.name,
        "actor": row.actor,
        "office": row.office.value,
        "scopes": [scope.value for scope in Scope if scope in row.scopes],
        "made": row.made,
        "until": row.until,
        "seen": row.seen,
        "ended": row.ended,
    }
