"""`mediation case sign`: what many have signed on one sheet, by one order."""

from __future__ import annotations

from typing import Any

import click

from mediation_engine.domain.people import PartyKind
from mediation_engine.ids import new_id, system_randomness
from workflows.facts import facts_of
from workflows.parts.confirmation import ConfirmAgreement
from workflows.parts.states import TO_SIGN
from workflows.vocabulary import SigningManner

from .cases import give_order, giving, named_in
from .cli_context import Desk, desk
from .groups import Command
from .param_types import Label, When


@click.command("sign", cls=Command)
@click.argument("case_id", metavar="案件")
@click.argument("agreement", metavar="协议")
@click.option("--sheet", metavar="材料", help="签名册：已收存的“协议书签署件”，如 材料1")
@click.option("--except", "absent", multiple=True, metavar="当事人", help="谁没有签，可重复")
@click.option(
    "--manner", type=Label(SigningManner), required=True, metavar="方式", help="怎样签的，如 签名、签名并按指印"
)
@click.option("--checked", is_flag=True, help="已逐一核对签署人身份")
@click.option("--at", type=When(), metavar="时间", help="什么时候签的；不写就是现在")
@giving
@desk
def sign(
    desk: Desk,
    /,
    case_id: str,
    agreement: str,
    sheet: str | None,
    absent: tuple[str, ...],
    manner: SigningManner,
    checked: bool,
    **given: Any,
) -> None:
    """按签名册一次记录许多人签了协议：还没有签的个人都算签了，除了 --except 写明的；单位、群体另外记录。

    \b
    例：mediation case sign A1 协议1 --sheet 材料1 --manner 签名并按指印 --checked --except 王某 --as li
    """
    view = named_in(desk, case_id, given)
    key, facts = desk.key_of(view), facts_of(view.case)
    named, missing = key(agreement), [key(word, "party") for word in absent]
    awaited = {
        c.party: k for k, c in facts.confirmations.items() if c.agreement == named and view.case.is_in(k, *TO_SIGN)
    }
    if strangers := [word for word, party in zip(absent, missing, strict=True) if party not in awaited]:
        raise click.UsageError(f"{'、'.join(strangers)}不在等待签署的当事人之列")
    on = [k for p, k in awaited.items() if p not in missing and facts.parties[p].kind is PartyKind.PERSON]
    if not on:
        raise click.UsageError("没有等待签署的个人")
    command = ConfirmAgreement(manner=manner, sheet=key(sheet) if sheet else None, identity_checked=checked)
    given["command_id"] = given["command_id"] or new_id(system_randomness, 16)
    give_order(desk, command, view.case.id, on=tuple(on), **given)
