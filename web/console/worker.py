"""`mediation worker`: what falls due becomes messages, and they are sent."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable
from datetime import datetime
from threading import Thread
from typing import TYPE_CHECKING

import click
import msgspec

from mediation_engine.errors import MediationError

from ..worker import Turn, beat, post, turn
from .cli_context import Desk, as_json, desk
from .groups import Command

if TYPE_CHECKING:
    from mediation_engine.adapters.scheduler import Ticker


@click.command("worker", cls=Command)
@click.option("--once", is_flag=True, help="只办一遍，说明办了什么，然后结束")
@click.option("--while-open", is_flag=True, help="标准输入一关闭就结束（mediation serve --with-worker 用它）")
@as_json
@desk
def worker(desk: Desk, once: bool, while_open: bool, json_: bool) -> None:
    """自动办理：到期的提醒承办人，该发的消息发出去。一直运行，按 Ctrl+C 停止。

    \b
    不运行它，什么步骤都照常可办，只是没有人提醒。停几天再运行，停的时候到期的一件不少，各提醒一次，注明迟了几天。
    可以同时运行几个，同一件事只提醒一次。多久看一遍、怎样发，写在 config.toml 的 [worker]、[messages]、[mail] 各节。
    """
    if json_ and not once:
        raise click.UsageError("--json 要和 --once 一起写")
    making = post(desk.service.store, desk.service.catalogue, desk.settings)
    if once:
        done = turn(making, desk.service, jotting_days=desk.settings.jotting_days)
        if json_:
            desk.json(done)
        else:
            desk.out.print("\n".join(told(done)))
        return
    from mediation_engine.adapters.scheduler import Ticker

    looked: datetime | None = None

    def tick() -> None:
        nonlocal looked
        hour = desk.now().replace(minute=0, second=0, microsecond=0)
        try:
            done = turn(
                making,
                desk.service,
                stop=lambda: ticker.is_stopped,
                takes_steps=hour != looked,
                jotting_days=desk.settings.jotting_days,
            )
            looked = hour
            beat(desk.service.store)
        except MediationError as fault:  # say the database is away: the next tick tries again
            _log(event="unavailable", fault=fault.code, why=str(fault.about.get("why", "")))
            return
        if not done.idle:
            _log(event="turned", **msgspec.to_builtins(done))

    ticker = Ticker(tick, desk.settings.worker.tick)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ticker.stop())
    if while_open:
        Thread(target=_until_closed, args=(ticker,), name="pipe", daemon=True).start()
    _log(event="working", tick=desk.settings.worker.tick, channels=sorted(making.channels))
    ticker.run()
    _log(event="ended")


def _until_closed(ticker: Ticker) -> None:
    while os.read(sys.stdin.fileno(), 1024):  # past Python's own buffer: nobody may hold its lock at the end
        continue
    ticker.stop()


def told(done: Turn) -> Iterable[str]:
    """What a turn did, in words."""
    swept, sent = done.swept, done.sent
    late = f"（其中 {swept.late} 项本该早几天提醒）" if swept.late else ""
    yield f"到期 {swept.due} 项{late}，办理中的新情况 {swept.notices} 项；写了 {swept.messages} 条消息。"
    if swept.untold:
        yield f"有 {swept.untold} 项没有人可以提醒：案件没有承办人，也没有在岗的室主任。"
    if done.steps:
        yield f"自动办理 {done.steps} 步：收回过期没有办的走访委托。"
    if swept.parked or done.parked:
        yield f"有 {swept.parked + done.parked} 项办不了，先搁着：网页“没有发到的消息”里看原因，改好后“再试一次”。"
    if done.digests:
        yield f"写了晨报 {done.digests} 封。"
    if sent != type(sent)():
        given_up = f"，其中 {sent.given_up} 条不再试（mediation message list）" if sent.given_up else ""
        yield f"发出 {sent.sent} 条，没有发成 {sent.failed} 条{given_up}。"


def _log(**entry: object) -> None:
    """One JSON object a line, to standard error, as the pages do; no names, no numbers."""
    click.echo(msgspec.json.encode(entry).decode(), err=True)
