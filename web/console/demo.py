"""`mediation demo`: real, publicly reported cases through the door, then a look at the record."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import click
from rich.text import Text

from mediation_engine.decisions.closing import missing
from mediation_engine.decisions.options import steps
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.errors import StoreNotReady
from mediation_engine.services import maintenance

from .. import case_import, wiring
from ..case_import.importer import RECORDER, ROOT
from ..case_import.samples import reported_cases
from ..config import ADDRESS, LOOPBACK, ExhibitSettings, Settings, WebSettings
from ..security.passwords import ABOUT, give_password
from ..security.room_key_file import make_room_key
from ..server import AddressUnfit, try_address
from . import case_table, output
from .cli_context import Desk, desk
from .groups import Command
from .serve import pages

URL = "sqlite:///var/demo.db"
ROOM_KEY, EXHIBITS = Path("var/demo.room.key"), Path("var/demo-exhibits")
"""Of the demo alone: whoever plays with it fills in people and files photos as in a room of one's own."""
PASSWORD = "demo-only-five-parties"
"""Known to everybody: for made-up staff over reported cases, on this machine only."""
STAFF = tuple(
    Actor(id=id, name=name, organisation=ROOT.id, offices=frozenset({office}))
    for id, name, office in (
        ("li", "李调解", Office.MEDIATOR),
        ("wang", "王主任", Office.LEAD),
        ("chen", "陈核查", Office.AUDITOR),
        ("zhao", "赵管理", Office.ADMINISTRATOR),
    )
)
PORTS = 20
"""So many ports are tried for the pages."""
SHOWN = "yuanan-eye-injury-15w"
"""The case whose history is shown: paid on the spot, confirmed by the court afterwards."""


@click.command("demo", cls=Command)
@desk
def demo(desk: Desk) -> int:
    """用公开报道的真实案例演示：总表、经过、回放、还差什么、校验。可重复运行。"""
    if desk.db is None:
        desk.db = URL
        _throw_away_another_versions()
    wiring.set_up(desk.url, ROOT, (RECORDER,), desk.clock)
    reported = reported_cases()
    cases = case_import.take_reports(desk.service, reported)
    types = {str(r["id"]): r["dispute_type_zh"] for r in reported}
    desk.out.print(case_table.cases(desk, [(c, types.get(c, "")) for c in cases], "公开报道的真实案例"))
    _one_history(desk, SHOWN)
    _one_replay(desk, SHOWN, 11)
    _one_closing(desk, SHOWN)
    _heading(desk, "校验：记录有没有被改动，每一步是否合乎规则")
    _, faults, _ = output.findings(desk.out, maintenance.audit_store(desk.service.store, desk.service.catalogue))
    desk.out.print(f"\n演示数据存在 {desk.place}。接着可以试试：")
    desk.out.print(f"    .venv/bin/mediation --db {desk.place} case show sanfu --as {RECORDER.name}")
    if not faults and (sys.stdout.isatty() or os.environ.get("SERVE") == "1"):
        _serve(desk)
    return int(faults > 0)


def _throw_away_another_versions() -> None:
    """The demo's own database, where another version of the program made it: nothing in it is anybody's."""
    path = Path(URL.removeprefix("sqlite:///"))
    if path.exists() and not _is_of_this_version():
        for end in ("", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)


def _is_of_this_version() -> bool:
    """Whether it opens, and its cases go by rules that are installed."""
    try:
        door = wiring.open_door(URL)
    except StoreNotReady:
        return False
    with door.store.read() as unit:
        rows = unit.views.case_rows(most=1)
    ours = all(door.catalogue.under(door.case(row.case).rules) for row in rows)
    wiring.close(door)
    return ours


def _serve(desk: Desk) -> None:
    """Open the pages to this machine, with a known password: no real person's name or word is in there."""
    with desk.service.store.write(ABOUT) as unit:
        for actor in STAFF:
            unit.register.put_actor(actor)
            give_password(unit, actor.id, PASSWORD, once=False)
    web = WebSettings(public_url=os.environ.get("DEMO_URL") or free_address(ADDRESS))
    _heading(desk, "网页（只限本机演示）")
    for actor in STAFF:
        desk.out.print(f"    账号 {actor.id:<5} 密码 {PASSWORD}　{actor.name}")
    if not ROOM_KEY.exists():
        make_room_key(ROOM_KEY)
    exhibits = ExhibitSettings(folder=EXHIBITS)
    pages(desk, Settings(url=desk.url, organisation=ROOT, web=web, room_key=ROOM_KEY, exhibits=exhibits))


def free_address(address: str) -> str:
    """An address of this machine, or the next where one can wait: another program may have its port already."""
    where = urlsplit(address)
    host, first = where.hostname or LOOPBACK[0], where.port or 80
    for port in range(first, first + PORTS):
        try:
            try_address(host, port)
        except AddressUnfit:
            continue
        return f"{where.scheme}://{host}:{port}"
    return address  # none: that is told when it is tried


def _one_history(desk: Desk, case_id: str) -> None:
    view = desk.service.view(case_id, Office.MEDIATOR)
    _heading(desk, f"{case_id} 的经过：⤷ 是依规则自动推得的")
    desk.out.print(output.timeline(view.lines, view.teller))


def _one_replay(desk: Desk, case_id: str, at: int) -> None:
    view = desk.service.view(case_id, Office.MEDIATOR)
    case, line, teller = view.at(at), view.lines[at - 1].line, view.teller
    workflow = desk.service.catalogue.in_force(case.rules)
    _heading(desk, f"回放 {case_id} 到第{at}条：那时是什么情况，谁能办理什么")
    desk.out.print(output.one_case(replace(view, case=case)))
    desk.out.print(output.who_can(steps(workflow, case, line.recorded), teller))


def _one_closing(desk: Desk, case_id: str) -> None:
    view = desk.service.view(case_id, Office.MEDIATOR)
    _heading(desk, f"{case_id} 离结案还差什么")
    needs = missing(desk.service.catalogue.in_force(view.case.rules), view.case, view.today)
    desk.out.print(output.needs(needs, view.teller))


def _heading(desk: Desk, words: str) -> None:
    desk.out.print(Text(f"\n── {words} ──", "bold"))
