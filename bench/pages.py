"""The pages as one who mediates opens them, with 10,000 cases and with 10, beside a page with nothing on it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import structlog
from flask.testing import FlaskClient
from msgspec import structs

from mediation_engine.domain.people import PartyKind
from mediation_engine.ports.register import Person
from mediation_engine.read_models.projections import Named
from mediation_engine.services.mediation import MediationService
from web.app import create_app
from web.config import ADDRESS, Settings
from web.http import request_log
from web.security import passwords

from .figures import Figure
from .growth import FEW, seeded, told_once
from .looking import mediated
from .timing import Spread, in_turn, percentile, ratio
from .workload import MEDIATOR, ROOM

CASES = 10_000
PASSWORD = "一匹好马配一副好鞍子走天下"
EMPTY = "/me/password"
"""Nothing of any case: the session, the frame, one short form."""
OPENED = "T1"
"""A case that has come to an agreement and stands open; the same in both databases."""
PAGES = (
    ("工作台", "/work", 200),
    ("案件列表，第一页", "/cases", 200),
    ("案件列表，中间一页", "", 200),
    ("查找：两个字", "/cases?q=建国", 200),
    ("查找：案号片段", "/cases?q=0042", 200),
    ("查找：拼音首字母", "/cases?q=wjg", 200),
    ("案件页", f"/cases/{OPENED}", 300),
    ("一个步骤的表单", f"/cases/{OPENED}/steps/RecordSession", 300),
    ("回放页", f"/cases/{OPENED}/replay", 300),
)
"""Title, path and milliseconds that nineteen of twenty may take; the page in the middle is found by its links."""


def figures(folder: Path, many: int = CASES) -> list[Figure]:
    request_log.set_up()
    structlog.configure(logger_factory=structlog.WriteLoggerFactory((folder / "log").open("w")))
    pattern = told_once(folder)
    few, lots = (opened(seeded(folder, pattern, count), count) for count in (FEW, many))
    paths = [(title, path, path or middle(lots, many), most) for title, path, most in PAGES]
    found = [
        f for title, small, large, most in paths for f in page(title, (few, small or "/cases"), (lots, large), most)
    ]
    return [*found, importing(folder)]


# -- a room with its people


SURNAMES, GIVEN = (
    "王李张刘陈杨赵黄周吴",
    ("建国", "秀英", "志强", "桂芳", "海燕", "小军", "丽华", "国庆", "玉兰", "俊杰"),
)


def opened(door: MediationService, count: int) -> FlaskClient:
    """A browser signed in as the one who mediates; the cases have parties with names, one is told further."""
    with door.store.write() as unit:
        for number in range(len(SURNAMES) * len(GIVEN)):
            name = SURNAMES[number // len(GIVEN)] + GIVEN[number % len(GIVEN)]
            unit.register.put_person(Person(id=f"p{number}", name=name, kind=PartyKind.PERSON))
        passwords.give_password(unit, MEDIATOR.id, PASSWORD, once=False)
    after = ""
    while after is not None:
        after = _name(door, after)
    mediated(door, OPENED)
    app = create_app(door, Settings(organisation=ROOM), b"x" * 64)
    client = app.test_client()
    _get(client, "/sign-in")
    sent = {"csrf_token": _token(_get(client, "/sign-in")), "name": MEDIATOR.id, "password": PASSWORD}
    answer = client.post("/sign-in", data=sent, base_url=ADDRESS)
    if answer.status_code != 302:
        raise AssertionError(answer.text)
    return client


def _name(door: MediationService, after: str, batch: int = 500) -> str | None:
    """Give parties to the next cases; the last of them, or None after the last of all."""
    with door.store.write() as unit:
        rows = unit.views.case_rows(after=after, most=batch)
        for row in rows:
            held = unit.views.projection(row.case)
            assert held is not None
            serial = int(re.sub(r"\D", "", row.case) or 0)
            named = (
                Named(case=row.case, instance=f"party/{n}", person=f"p{(serial // 3 * 7 + n * 31 - 31) % 100}")
                for n in (1, 2)
            )
            unit.views.change(held, structs.replace(held, named=frozenset(named)))
    return rows[-1].case if len(rows) == batch else None


def _get(client: FlaskClient, path: str) -> str:
    answer = client.get(path, base_url=ADDRESS)
    if answer.status_code != 200:
        raise AssertionError(f"{path}: {answer.status_code}")
    return answer.text


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def middle(client: FlaskClient, count: int) -> str:
    """The address of a page in the middle of the list, reached by going on from page to page."""
    path = "/cases"
    for _ in range(min(100, count // 100)):
        onward = re.search(r'href="(/cases\?[^"]*after=[^"]+)"', _get(client, path))
        if onward is None:
            break
        path = onward[1].replace("&amp;", "&")
    return path


# -- the pages


def page(title: str, few: tuple[FlaskClient, str], lots: tuple[FlaskClient, str], most: float) -> Iterator[Figure]:
    """Median and 95th percentile of one page, beside those with 10 cases and those of a page with nothing on it."""
    if 'href="/cases/' not in _get(*lots).replace("/cases/new", ""):
        raise AssertionError(f"{title}: no case is there")
    runs: list[tuple[list[float], ...]] = []

    def all_three(turn: int) -> float:
        runs.append(tuple(list(column) for column in zip(*(_taken(few, lots) for _ in range(20)), strict=True)))
        return 0.0

    in_turn([all_three], rounds=7, warm=1)
    for share, words, bound in ((0.5, "中位数", None), (0.95, "p95", most)):
        empty, small, large = (Spread(tuple(percentile(run[n], share) for run in runs[1:])) for n in range(3))
        beside = f"{FEW} 件时 {small.words(1)}；空白页 {empty.words(1)} 毫秒"
        yield Figure(name=f"{title}，{words}", value=large, unit="毫秒", beside=beside, most=bound, digits=1)


def _taken(few: tuple[FlaskClient, str], lots: tuple[FlaskClient, str]) -> tuple[float, ...]:
    """Milliseconds of the empty page, of the page with few cases and of the one with many, one after the other."""
    return tuple(_milliseconds(client, path) for client, path in ((lots[0], EMPTY), few, lots))


def _milliseconds(client: FlaskClient, path: str) -> float:
    began = perf_counter()
    _get(client, path)
    return (perf_counter() - began) * 1000


# -- starting a worker

OURS = "import web.wiring, web.app"
BARE = """
from contextlib import suppress
from importlib import import_module
for name in json.loads(sys.stdin.read()):
    with suppress(ImportError):  # what stands among the modules without being one
        import_module(name)
"""
TIMED = (
    "import json, sys\nfrom time import process_time\nbegan = process_time()\n{work}\ntook = process_time() - began\n"
)
OWN = ("mediation_engine", "workflows", "web")


def importing(folder: Path, rounds: int = 15) -> Figure:
    """The modules of a worker, beside the modules of others alone that it takes with them, compiled both."""
    there, loaded = (_run(folder, work, "print(json.dumps(list(sys.modules)))") for work in ("pass", OURS))
    others = [name for name in loaded if name.partition(".")[0] not in OWN and name not in there]
    ours, bare = in_turn(
        [
            lambda _: float(_run(folder, OURS, "print(took * 1000)")),
            lambda _: float(_run(folder, BARE, "print(took * 1000)", others)),
        ],
        rounds,
        warm=2,
    )
    beside = f"只导入所用的库 {bare.words()} 毫秒"
    return Figure(
        name="导入一个网页进程", value=ours, unit="毫秒（处理器）", beside=beside, ratio=ratio(ours, bare), most=1.5
    )


def _run(folder: Path, work: str, tell: str, given: Sequence[str] = ()) -> Any:
    """What a new process prints after it has imported something; what is compiled is kept, as where it is installed."""
    kept = os.environ | {"PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    whole = [sys.executable, "-c", TIMED.format(work=work) + tell]
    sent = json.dumps(given).encode()
    return json.loads(subprocess.run(whole, env=kept, input=sent, stdout=subprocess.PIPE, check=True).stdout)
