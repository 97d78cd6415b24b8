"""`mediation case handover`: all open cases of a colleague at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict

import click

from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.services.authorization import reach
from mediation_engine.services.handover import Led, Outcome, hand_over, led_by

from ..forms.handover_form import ordering
from .cli_context import Desk, acting, as_json, desk
from .groups import Command


@click.command("handover", cls=Command)
@click.argument("from_", metavar="移交人")
@click.argument("to", metavar="接手人")
@click.option("--note", default="", metavar="说明", help="交接说明，记在每件案件里，只有调解员、室主任能看")
@acting
@as_json
@desk
def handover(desk: Desk, from_: str, to: str, note: str, actor: str | None, office: Office | None, json_: bool) -> None:
    """把一位同事承办的未结案件全部移交给另一位，逐件办理，逐件报告；中断了再来一次即可。

    \b
    例：mediation case handover li wang --note 产假 --as wang
    """
    who = desk.actor(actor)
    held = desk.office(who, office)
    outcomes = list(_each(desk, desk.anybody(from_).id, ordering(desk.actor(to).id, note, who.id, held), who))
    desk.look_at_list(who, held, "handover", len(outcomes))
    stays = [outcome for outcome in outcomes if outcome.why_not]
    if json_:
        desk.json([asdict(outcome) for outcome in outcomes])
    else:
        for outcome in outcomes:
            desk.out.print(f"{outcome.case}　" + (f"没有移交：{outcome.why_not}" if outcome.why_not else "已移交"))
        left = f"，{len(stays)} 件没有移交，原因见上" if stays else ""
        summary = f"移交了 {len(outcomes) - len(stays)} 件{left}。"
        desk.out.print(summary if outcomes else "没有要移交的案件。")
    if stays:
        raise click.exceptions.Exit(3)


def _each(desk: Desk, giver: str, order: Callable[[Led], Order], who: Actor) -> Iterator[Outcome]:
    """One page of cases after another."""
    with desk.service.store.read() as unit:
        own = reach(unit.register, who.organisation)
    after = ""
    while cases := led_by(desk.service, giver, own, after=after):
        yield from hand_over(desk.service, cases, order)
        after = cases[-1].case
