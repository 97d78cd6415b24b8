"""`mediation application …`: those who have applied and whose cases nobody has registered yet."""

from __future__ import annotations

import click

from mediation_engine.domain.formatting import moment_words
from mediation_engine.domain.roles import MEDIATOR, Office
from mediation_engine.errors import OfficeNotHeld

from ..presenters.applications import new_applications
from .cli_context import Desk, acting, as_json, desk
from .groups import Command, Group
from .output import grid


@click.group("application", cls=Group)
def application() -> None:
    """申请：列出还没有登记的调解申请，最迟哪天答复。"""


@application.command("list", cls=Command)
@acting
@as_json
@desk
def list_(desk: Desk, actor: str | None, office: Office | None, json_: bool) -> None:
    """列出本室还没有登记的申请，最早的在前；登记用网页，或 mediation case do 案件 登记。"""
    reader = desk.actor(actor)
    held = desk.office(reader, office)
    if held not in MEDIATOR:
        raise OfficeNotHeld(actor=reader.name, office="调解员或室主任")
    rows, count = new_applications(desk.service, held, reader)
    desk.look_at_list(reader, held, "applications", len(rows))
    if json_:
        desk.json(
            [
                {"case": it.case, "sent": it.sent, "parties": it.parties, "dispute": it.dispute, "words": it.words}
                | {"last": it.last, "at_window": it.by_staff, "files": it.files}
                for it in rows
            ]
        )
        return
    table = grid("案件", "当事人", "什么事", "申请", "要答复")
    for it in rows:
        how = "窗口" if it.by_staff else "网上"
        table.add_row(it.case, it.parties, it.dispute, f"{moment_words(it.sent)}，{how}", it.due)
    desk.out.print(table if rows else "没有等着登记的申请。")
    if count > len(rows):
        desk.out.print(f"共 {count} 份，只列了最早的 {len(rows)} 份。")
