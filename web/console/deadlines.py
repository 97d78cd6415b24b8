"""`mediation case deadlines`: the periods that run in a case, or ran."""

from __future__ import annotations

import click

from mediation_engine.domain.roles import Office

from ..presenters.deadlines import clock_json, shown_clocks
from . import output
from .cases import read_case
from .cli_context import Desk, acting, as_json, desk
from .groups import Command


@click.command("deadlines", cls=Command)
@click.argument("case_id", metavar="案件")
@acting
@as_json
@desk
def deadlines(desk: Desk, case_id: str, actor: str | None, office: Office | None, json_: bool) -> None:
    """列出一件案的期限：哪天到期、依据什么、从哪件事起算、过期以后怎样。

    \b
    例：mediation case deadlines A1
    """
    found = shown_clocks(read_case(desk, case_id, actor, office, "deadlines"))
    if json_:
        return desk.json([clock_json(it) for it in found])
    return desk.out.print(output.clocks(found) if found else "这件案没有期限在走。")
