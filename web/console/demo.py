"""`mediation demo`: real, publicly reported cases and a made-up room of today through the door, then a look at both."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from rich.text import Text

from mediation_engine.adapters.blobs.folder import Folder
from mediation_engine.adapters.sql import open_store, prepare, untouched
from mediation_engine.adapters.sql.files import drop
from mediation_engine.adapters.sql.restore import fill
from mediation_engine.adapters.sql.sqlite import hasten
from mediation_engine.clock import FixedClock
from mediation_engine.decisions.closing import missing
from mediation_engine.decisions.options import steps
from mediation_engine.domain.formatting import CHINA, day_words
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.encryption.room_key import RoomKey
from mediation_engine.errors import BlobsHeld, CaseNotFound, StoreNotReady, StoreUnavailable
from mediation_engine.ids import seeded_randomness, system_randomness
from mediation_engine.ports.store import Unit
from mediation_engine.services import maintenance
from mediation_engine.services.authorization import reach
from mediation_engine.services.exhibits import ExhibitService, Shelf
from mediation_engine.services.people import People

from .. import case_import, wiring
from ..case_import.importer import RECORDER, ROOT
from ..case_import.samples import reported_cases
from ..config import ADDRESS, LINK_DAYS, LOOPBACK, ApplicationSettings, ExhibitSettings, Settings, WebSettings
from ..demo_world import ROOM, ROOM_ITSELF, STAFF, SURROUNDINGS, World, told_in, with_campaign
from ..demo_world.month import month
from ..presenters.mediator_dashboard import Todo, board
from ..security.party_links import PartyLinkUnfit, issue_for_party
from ..security.passwords import ABOUT, give_password
from ..security.room_key_file import known_room_key, make_room_key
from ..server import AddressUnfit, try_address
from ..worker import post, turn
from . import case_table, output
from .cli_context import Desk, desk
from .groups import Command
from .serve import pages

URL = "sqlite:///var/demo.db"
ROOM_KEY, EXHIBITS = Path("var/demo.room.key"), Path("var/demo-exhibits")
"""Of the demo alone: whoever plays with it fills in people and files photos as in a room of one's own."""
PASSWORD = "demo-only-five-parties"
"""Known to everybody: for made-up staff over reported cases, on this machine only."""
ARCHIVE = replace(ROOT, parent=ROOM.id)
"""The reported cases lie below the room: its staff look at them, and none of them is on a board of its own work."""
PORTS = 20
"""So many ports are tried for the pages."""
SHOWN = "yuanan-eye-injury-15w"
"""The case whose history is shown: paid on the spot, confirmed by the court afterwards."""
ON_BOARD = "demo-instalments"
"""The case of the room that is proposed to be looked at."""
APPLICATIONS = ApplicationSettings(phone="0579-00000000")
"""With a telephone that nobody has."""
INVITED = (("demo-agent", "party/1"), ("demo-this-week", "party/1"))
"""Parties who can come in: one has a text to answer, one waits for money."""


@click.command("demo", cls=Command)
@desk
def demo(desk: Desk) -> int:
    """用公开报道的真实案例和一间虚构的调解室演示：总表、经过、回放、还差什么、工作台、校验。可重复运行。"""
    now, own = desk.now(), desk.db is None
    desk.db = desk.db or URL
    reported = reported_cases()
    with _nobody_else_tells(desk):
        if own:
            _throw_away_what_is_not_of_today(now)
        cases = _open_room(desk, now, reported) or case_import.take_reports(desk.service, reported)
    types = {str(r["id"]): r["dispute_type_zh"] for r in reported}
    desk.out.print(case_table.cases(desk, [(c, types.get(c, "")) for c in cases], "公开报道的真实案例"))
    _one_history(desk, SHOWN)
    _one_replay(desk, SHOWN, 11)
    _one_closing(desk, SHOWN)
    _heading(desk, "校验：记录有没有被改动，每一步是否合乎规则")
    shelf = Shelf(blobs=Folder(_exhibits(desk)), room_key=_room_key())
    found = maintenance.audit_store(desk.service.store, desk.service.catalogue, look=shelf.look_at)
    _, faults, _ = output.findings(desk.out, found, brief=True)
    faults += output.findings_beside(desk.out, maintenance.audit_chains(desk.service.store))
    _one_board(desk, STAFF[0], now)
    _messages(desk)
    anew = "；换一天再运行，就照那一天重新做一份" if desk.url == URL else ""
    desk.out.print(f"\n演示数据存在 {desk.place}{anew}。接着可以试试：")
    desk.out.print(f"    .venv/bin/mediation --db {desk.place} case show {ON_BOARD} --as {STAFF[0].id}")
    desk.out.print(f"    .venv/bin/mediation --db {desk.place} case show sanfu --as {RECORDER.name}")
    if not faults and (sys.stdout.isatty() or os.environ.get("SERVE") == "1"):
        _serve(desk)
    return int(faults > 0)


def _throw_away_what_is_not_of_today(now: datetime) -> None:
    """The demo's own database, of another day or another version of the program: nothing in it is anybody's."""
    path = Path(URL.removeprefix("sqlite:///"))
    if path.exists() and not _is_of_today(now):
        drop(path)


def _is_of_today(now: datetime) -> bool:
    """Whether it opens, its cases go by rules that are installed, and its room is today's."""
    try:
        with untouched(URL) as unit:
            if unit is None:
                return False
            _check_nobody_works_there(unit)
            rows, told = unit.views.case_rows(most=1), told_in(unit)
        door = wiring.open_door(URL)
    except StoreNotReady:
        return False
    ours = all(door.catalogue.under(door.case(row.case).rules) for row in rows)
    wiring.close(door)
    return ours and told == now.astimezone(CHINA).date()


@contextmanager
def _nobody_else_tells(desk: Desk) -> Iterator[None]:
    """One demo at a time gets a database ready; the lock goes with the process, however that ends."""
    folder = Folder(_exhibits(desk))
    folder.path.mkdir(parents=True, exist_ok=True)
    try:
        with folder.alone():
            yield
    except BlobsHeld as fault:
        raise StoreUnavailable(why="另一个演示正在准备它，约要一分钟") from fault


def _open_room(desk: Desk, now: datetime, reported: list[dict[str, Any]]) -> list[str]:
    """The reported cases taken in, and then the made-up room told, where there is none; the ids of those cases.

    In a file of its own, which is put into the database at one stroke: whenever it is killed, there is none or all.
    """
    with untouched(desk.url) as unit:
        if unit is not None:
            _check_nobody_works_there(unit)
            if told_in(unit) is None:
                raise click.UsageError("这个数据库里已有别的内容，不能拿来演示；请用 --db 指明另一个，或不写 --db")
            return []
    exhibits = Folder(_exhibits(desk))
    for name, _ in list(exhibits.names()):  # of a demo that was killed, or whose database is no more
        exhibits.drop(name)
    part = exhibits.path / "telling.db"
    drop(part)
    taken = _tell(part, exhibits, now, reported)
    fill(part, desk.url)
    drop(part)
    return taken


def _tell(part: Path, exhibits: Folder, now: datetime, reported: list[dict[str, Any]]) -> list[str]:
    """By a clock of its own, so that the newest cases are the room's; by bytes that are the same all day."""
    clock, url = FixedClock(now), f"sqlite:///{part}"
    prepare(url, wiring.catalogue())
    store, key = open_store(url, clock), _room_key()
    hasten(store.engine)
    door = wiring.door(store, seeded_randomness(now.astimezone(CHINA).toordinal()), zone=SURROUNDINGS)
    service = ExhibitService(door=door, blobs=exhibits, room_key=key)
    people, company = People(store, key, system_randomness), ROOM_ITSELF | month()
    world = World(exhibits=service, people=people, clock=clock, now=now, company=company)
    clock.now = world.beginning
    with store.write("register") as unit:
        for organisation in (ROOM, ARCHIVE):
            unit.register.put_organisation(organisation)
    taken = case_import.take_reports(door, reported)
    world.tell()
    store.close()
    return taken


def _check_nobody_works_there(unit: Unit) -> None:
    """A room at work is no place for a demo: its staff would be taken for those of the made-up room."""
    own = {*reach(unit.register, ROOM.id), ARCHIVE.id}
    strangers = [a.name for a in unit.register.actors() if a.organisation not in own]
    if strangers:
        raise click.UsageError(
            f"这个数据库里有别的人员（{'、'.join(strangers)}），不能拿来演示；请用 --db 指明另一个，或不写 --db"
        )


def _exhibits(desk: Desk) -> Path:
    """Where its papers lie: where somebody names another database, apart from those that are thrown away."""
    own = hashlib.sha256(desk.url.encode()).hexdigest()[:8]
    return EXHIBITS if desk.url == URL else EXHIBITS.with_name(f"{EXHIBITS.name}-{own}")


def _room_key() -> RoomKey:
    """Made where there is none."""
    return known_room_key(ROOM_KEY) or make_room_key(ROOM_KEY)


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
    _invite(desk, web.public_url)
    exhibits = ExhibitSettings(folder=_exhibits(desk))
    pages(
        desk,
        Settings(
            url=desk.url,
            organisation=ROOM,
            web=web,
            room_key=ROOM_KEY,
            exhibits=exhibits,
            applications=APPLICATIONS,
            zone=with_campaign(desk.service.today()),
        ),
    )


def _invite(desk: Desk, address: str) -> None:
    """Links for parties of two cases, so that one can come in as they do: one text waits, one sum is due."""
    desk.out.print(f"    当事人在手机上看：打开 {address}/c，输短码和口令")
    for case, party in INVITED:
        try:
            issued = issue_for_party(desk.service, _room_key(), STAFF[0], case, party, LINK_DAYS)
        except (CaseNotFound, PartyLinkUnfit):  # somebody has played with it
            continue
        view = desk.service.view(case, Office.MEDIATOR)
        desk.out.print(f"    短码 {issued.code} 口令 {issued.pin}　{view.teller.thing(party)}（{case}）")


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


def _one_board(desk: Desk, actor: Actor, now: datetime) -> None:
    """What one of the staff finds on coming in today."""
    with desk.service.store.read() as unit:
        own = reach(unit.register, actor.organisation)
    shown = board(desk.service, Office.MEDIATOR, actor, own, "")
    day = day_words(now.astimezone(CHINA).date())
    table = output.grid(
        "", "做什么", "当事人", "期限", "谁", "案件", title=f"{ROOM.name}{actor.name}的工作台，{day}（虚构）"
    )
    table.columns[3].no_wrap = True
    for group in shown.groups:
        for todo in group.todos:
            table.add_row(group.title, *_todo(todo))
            for due in todo.also:
                table.add_row("", due.what, "", due.by, due.who, "")
    desk.out.print(table)


def _messages(desk: Desk) -> None:
    """What is due today is told, as `mediation worker --once` does it."""
    _heading(desk, "自动办理一遍：到期的提醒到人，登录后在右上角“消息”里看")
    turn(post(desk.service.store, desk.service.catalogue, Settings()), desk.service)
    with desk.service.store.read() as unit:
        unread = {actor.name: unit.messages.unread(actor.id) for actor in STAFF}
    desk.out.print("，".join(f"{name} {count} 条未读" for name, count in unread.items() if count) or "没有未读的消息")


def _todo(it: Todo) -> list[str]:
    return [it.what, it.title, it.by, it.why or it.who, it.case]


def _heading(desk: Desk, words: str) -> None:
    desk.out.print(Text(f"\n── {words} ──", "bold"))
