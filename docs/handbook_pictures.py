"""Takes the pictures of the handbook from the made-up room, on a day of its own: ``make handbook``; with ``--check``
says which of them no longer show what the pages say.

Needs Chromium. A picture is written again only where the words of the page are others than those it was taken with, so
that on the same code nothing changes.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import structlog
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page

from mediation_engine.adapters.blobs.folder import Folder
from mediation_engine.adapters.sql import open_store, prepare
from mediation_engine.clock import FixedClock
from mediation_engine.domain.formatting import CHINA
from mediation_engine.ids import seeded_randomness
from mediation_engine.services.exhibits import ExhibitService
from mediation_engine.services.people import People
from tests.support.browser import chromium, served, sign_in
from tests.support.exhibits import ROOM_KEY
from tests.support.story import Story
from tests.web.conftest import PASSWORD
from web import wiring
from web.demo_world import ROOM, STAFF, SURROUNDINGS, World
from web.security.party_links import issue_for_party
from web.security.passwords import ABOUT, give_password

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "web" / "static" / "handbook"
KNOWN = ROOT / "docs" / "handbook" / "pictures.json"
"""Of each picture its size, and a digest of the words of the page it was taken of."""
DAY = datetime(2026, 11, 30, 9, 0, tzinfo=CHINA)
"""A Monday: the day of the room that is shown."""
SEED = 20261130
DESK, PHONE, LONG = (1280, 760), (360, 700), (360, 1050)
SHARPNESS = 62
"""Quality of WebP: words can be read, and a picture has some 30 KB."""
ON_PHONE = "-phone"
"""How the name ends of what a telephone shows instead."""
LINK_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What is shown, to whom, and what is done on the page first."""

    path: str = ""
    by: str = "li"
    size: tuple[int, int] = DESK
    first: Callable[[Page], object] = Page.content


def _chosen(page: Page) -> None:
    """Some papers of a case, chosen for its dossier."""
    names = ("申请书.jpg", "IMG_0412.jpg", "身份证.jpg", "营业执照.jpg", "银行回单.jpg")
    paper = BytesIO()
    Image.new("RGB", (300, 420), (245, 243, 236)).save(paper, "JPEG")
    files = [{"name": name, "mimeType": "image/jpeg", "buffer": paper.getvalue()} for name in names]
    page.set_input_files("#many", cast(Any, files))
    page.locator(".sheet canvas").nth(len(names) - 1).wait_for()


DESKS: Mapping[str, Picture] = {
    "board": Picture(path="/work"),
    "case": Picture(path="/cases/demo-instalments"),
    "registering": Picture(path="/cases/new"),
    "talk": Picture(path="/cases/demo-injury-apart/steps/RecordTalk"),
    "session": Picture(path="/cases/demo-five-parties/steps/RecordSession"),
    "draft": Picture(path="/cases/demo-to-draft/steps/DraftAgreement"),
    "sign": Picture(path="/cases/demo-to-sign/steps/RecordSignatures", by="zhou"),
    "payment": Picture(path="/cases/demo-this-week/steps/RecordPayment"),
    "visit": Picture(path="/cases/demo-instalments/visits/2", size=LONG),
    "calls": Picture(path="/calls", size=PHONE),
    "dossier": Picture(path="/cases/demo-instalments/dossier", first=_chosen),
    "correcting": Picture(path="/cases/demo-five-parties/lines/1/correct"),
    "jotting": Picture(path="/notes/new", size=PHONE),
    "settling": Picture(path="/settle"),
    "alerts": Picture(path="/alerts"),
    "matters": Picture(path="/matters?group=in_hand"),
    "matter": Picture(path="/cases/demo-matter-in-hand"),
    "alert": Picture(path="/cases/demo-alert-paid"),
    "room": Picture(path="/room", by="wang"),
    "audit": Picture(path="/cases/demo-performed/audit", by="chen"),
    "party-home": Picture(by="party", size=PHONE, path="/party/case"),
    "party-text": Picture(by="party", size=LONG, path="/party/text"),
}
"""By name; what is wide is shown narrow, too, to who reads on a telephone."""
PICTURE = DESKS | {
    f"{name}{ON_PHONE}": replace(it, size=PHONE) for name, it in DESKS.items() if it.size == DESK and it.by == "li"
}


IN_CHINESE = """() => document.querySelectorAll("input[type=file]").forEach(it => {
    const shown = document.createElement("span"), button = document.createElement("span");
    button.textContent = "选择文件";
    const style = {border: "1px solid", borderRadius: "0.5rem", padding: "0.5rem 1rem", color: "#14566f"};
    Object.assign(button.style, style);
    shown.append(button, "　未选择文件");
    shown.style.display = "inline-block";
    shown.style.padding = "0.6rem 0";
    if (getComputedStyle(it).display !== "none") it.after(shown);
    it.style.display = "none";
})"""
"""A field for files says it in the language of the browser: here in that of those who read the handbook."""


@contextmanager
def room(folder: Path) -> Iterator[Any]:
    """The made-up room, told until the day that is shown; the clock stands still."""
    clock, url = FixedClock(DAY), f"sqlite:///{folder / 'room.db'}"
    prepare(url, wiring.catalogue())
    store = open_store(url, clock)
    door = wiring.door(store, seeded_randomness(SEED), zone=SURROUNDINGS)
    service = ExhibitService(door=door, blobs=Folder(folder / "exhibits"), room_key=ROOM_KEY)
    people = People(store, ROOM_KEY, seeded_randomness(SEED + 1))
    World(exhibits=service, people=people, clock=clock, now=DAY).tell()
    with store.write(ABOUT) as unit:
        for actor in STAFF:
            unit.register.put_actor(actor)
            give_password(unit, actor.id, PASSWORD, once=False)
    try:
        yield SimpleNamespace(door=door, store=store, clock=clock)
    finally:
        store.close()


def of_room(app: Flask) -> Flask:
    """The pages as those of the made-up room."""
    app.extensions["settings"] = replace(app.extensions["settings"], organisation=ROOM)
    return app


def taken(browser: Browser, address: str, place: Any) -> Iterator[tuple[str, str, bytes]]:
    """Name, words and bytes (PNG) of each picture."""
    for by in dict.fromkeys(it.by for it in PICTURE.values()):
        context = browser.new_context(locale="zh-CN", reduced_motion="reduce", timezone_id="Asia/Shanghai")
        page = context.new_page()
        if by == "party":
            _come_in(page, address, place)
        else:
            sign_in(page, address, by)
        for name, picture in PICTURE.items():
            if picture.by == by:
                yield name, *_taken(page, address, picture)
        context.close()


def _come_in(page: Page, address: str, place: Any) -> None:
    """As a party comes in: by a short code, with a PIN."""
    issued = issue_for_party(place.door, ROOM_KEY, STAFF[0], "demo-agent", "party/1", LINK_DAYS)
    page.goto(f"{address}/c")
    page.fill("#code", issued.code)
    page.fill("#pin", issued.pin)
    page.get_by_role("button", name="打开").click()
    page.wait_for_url("**/party*")


def _taken(page: Page, address: str, picture: Picture) -> tuple[str, bytes]:
    width, height = picture.size
    page.set_viewport_size({"width": width, "height": height})
    if picture.path:
        answer = page.goto(address + picture.path)
        assert answer and answer.ok, picture.path
    picture.first(page)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.evaluate(IN_CHINESE)
    words = re.sub(r"\s+", " ", page.inner_text("body"))
    return words, page.screenshot(animations="disabled", caret="hide")


def digest(words: str) -> str:
    return sha256(words.encode()).hexdigest()[:16]


def main(arguments: Iterable[str]) -> int:
    """Take all and write those that show other words now; with ``--check`` only name them."""
    check, old = "--check" in arguments, json.loads(KNOWN.read_text(encoding="utf-8")) if KNOWN.exists() else {}
    PICTURES.mkdir(parents=True, exist_ok=True)
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    known: dict[str, Any] = {}
    stale = sorted({it.stem for it in PICTURES.glob("*.webp")} - PICTURE.keys())
    with (
        tempfile.TemporaryDirectory() as folder,
        room(Path(folder)) as place,
        served(cast(Story, place), Path(folder) / "exhibits", of_room) as address,
        chromium() as browser,
    ):
        for name, words, png in taken(browser, address, place):
            file, said = PICTURES / f"{name}.webp", digest(words)
            if file.exists() and old.get(name, {}).get("said") == said:
                known[name] = old[name]
                continue
            stale.append(name)
            image = Image.open(BytesIO(png))
            known[name] = {"height": image.height, "said": said, "width": image.width}
            if not check:
                image.save(file, "WEBP", quality=SHARPNESS, method=6)
    if stale:
        print(f"{'不是现在的样子' if check else '重做了'}：{'、'.join(stale)}")
    if check:
        return int(bool(stale))
    for file in PICTURES.glob("*.webp"):
        if file.stem not in PICTURE:
            file.unlink()
    KNOWN.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
