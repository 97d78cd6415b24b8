"""Two rooms alike to the last byte, who signs in there, and all that each of them gets to see."""

from __future__ import annotations

import base64
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

from structlog.testing import capture_logs

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import JOINT
from mediation_engine.domain.roles import Office
from mediation_engine.ids import seeded_randomness
from mediation_engine.ports.tokens import Scope
from mediation_engine.record.codec import decode_order
from mediation_engine.record.journal import Chain
from mediation_engine.record.sealing import refs_in
from mediation_engine.services.case_cache import RecentCases
from web.security import passwords

from ..web.conftest import ELSEWHERE, HOST, PASSWORD, STRANGER, Browser, app_over
from .calling import API, token_for
from .story import NOW, STAFF, STORY_SEED, ZHOU, Story

EXPIRES = re.compile("Expires=[^;]*; ")
"""When a browser forgets a cookie, by the clock of the machine."""
MARK = re.compile(r"\bphone=[0-9a-f]{32}")
"""By what a telephone is known again: drawn at random."""
LATER = NOW + timedelta(days=1, hours=2)
"""When it is looked at."""
EVERYBODY = {office.value: actor for office, actor in STAFF.items()} | {"stranger": STRANGER, "colleague": ZHOU}
Ask = tuple[str, str, str, Any]
"""Who asks, how, where, and what is sent along."""


@dataclass(frozen=True)
class Seen:
    """An answer, all of it."""

    ask: Ask
    status: int
    headers: tuple[tuple[str, str], ...]
    length: int
    body: str
    logged: str


class World:
    """A room with its pages, and everybody signed in; told anew as often as one likes."""

    def __init__(self) -> None:
        self.clock, self._draw = FixedClock(LATER), seeded_randomness(STORY_SEED)
        store = MemoryStore(self.clock, lambda n: self._draw(n))
        self.story = Story(store, self.clock)
        with self.story.store.write() as unit:
            unit.register.put_organisation(ELSEWHERE)
            unit.register.put_actor(STRANGER)
            unit.register.put_actor(ZHOU)
            for actor in EVERYBODY.values():
                passwords.give_password(unit, actor.id, PASSWORD, once=False)
        self.app = app_over(self.story)
        self.browsers = {who: self._signed_in(actor.id) for who, actor in EVERYBODY.items()}
        self.browsers["nobody"] = self.app.test_client()  # type: ignore[assignment]
        self.browsers["nobody"].get("/sign-in")
        self.tokens = {
            "auditor": token_for(self.story, Office.AUDITOR, [Scope.READ, Scope.AUDIT]),
            "stranger": token_for(self.story, STRANGER, list(Scope)),
            "colleague": token_for(self.story, ZHOU, [Scope.READ, Scope.AUDIT]),
        }
        self._begun = self.story.store._tables.copy()  # type: ignore[attr-defined]

    def _signed_in(self, id: str) -> Browser:
        browser: Browser = self.app.test_client()  # type: ignore[assignment]
        assert browser.sign_in(id).status_code == 302
        browser.get("/me/password")
        return browser

    def begin_anew(self) -> Story:
        """As if nothing had happened yet."""
        self._draw = seeded_randomness(STORY_SEED + 1)
        self.story.store._tables = self._begun.copy()  # type: ignore[attr-defined]
        self.story.door.recent = RecentCases()
        return self.story

    # -- looking

    def see(self, asks: Iterable[Ask]) -> Iterator[Seen]:
        """All answers, asked for one after another."""
        self.clock.now = LATER
        own = self.digests()
        for ask in asks:
            yield self._see(ask, own)

    def _see(self, ask: Ask, own: dict[str, str]) -> Seen:
        who, method, path, sent = ask
        browser = self.browsers[who]
        given: dict[str, Any] = {}
        if path.startswith(API):
            given = {"headers": {"Authorization": f"Bearer {self.tokens[who]}"}, "json": sent}
        elif method == "POST":
            given = {"data": {"csrf_token": browser.token} | (sent or {})}
        with capture_logs() as logged:
            answer = browser.open(path, method=method, base_url=HOST, **given)
        assert answer.status_code < 500, (ask, answer.text)
        content = _unpacked(answer.data) if answer.data.startswith(b"PK") else answer.data
        body = _in_plain(content)
        return Seen(
            ask=ask,
            status=answer.status_code,
            # The time of the machine stands on files to take away.
            headers=tuple((name, _timeless(it)) for name, it in answer.headers.items() if name != "Date"),
            length=len(content),
            body=_without_what_must_differ(body, own),
            logged=str([{k: v for k, v in entry.items() if k not in ("request", "ms")} for entry in logged]),
        )

    # -- what must differ

    def digests(self) -> dict[str, str]:
        """What each digest is of: those of orders, and those of words that not everybody may read.

        Both are given out so that whoever has a file can check it. Those of words are keyed by a salt that is not.
        """
        found = {}
        with self.story.store.read() as unit:
            # Passwords and tokens are kept under salts of their own; nothing of a case stands in this chain.
            if staff := unit.journal.last(Chain.STAFF):
                found[staff.digest.hex()] = f"digest of entry {staff.serial} of staff"
            if exhibits := unit.journal.last(Chain.EXHIBITS):  # of rows that say how long a file is
                found[exhibits.digest.hex()] = f"digest of entry {exhibits.serial} of exhibits"
        with self.story.store.read() as unit:
            for stored in unit.record.orders("A1"):
                found[stored.digest.hex()] = f"digest of order {stored.first}"
                found[decode_order(stored.body).asked] = f"digest of what was asked in {stored.first}"
                for ref in refs_in(json.loads(stored.body)):
                    if ref.label != JOINT:
                        found[ref.digest] = f"digest of words {ref.id}"
        return found


def _unpacked(packed: bytes) -> bytes:
    """All files of a zip, each after its name: how small they were made says nothing that they do not say."""
    with zipfile.ZipFile(BytesIO(packed)) as files:
        return b"\n".join(part for name in files.namelist() for part in (name.encode(), files.read(name)))


def _in_plain(content: bytes) -> str:
    """What was answered; the orders of an exported file as they were stored, not in base 64."""
    return "\n".join(map(_order_in_plain, content.decode(errors="backslashreplace").split("\n")))


def _order_in_plain(row: str) -> str:
    if not row.startswith("{") or '"what":"order"' not in row:
        return row
    order = json.loads(row)
    order["body"] = base64.b64decode(order["body"]).decode()
    return json.dumps(order, ensure_ascii=False)


TOKEN = re.compile(r'(?<=name="csrf_token" value=")[^"]+')
"""Signed anew for every page, with the time of the machine in it."""
FORM = re.compile(r'(?<=name="id" value=")[^"]+')
"""The number of a form, drawn anew for each."""
SIGNATURE = re.compile(r'(?<="signature": ")[0-9a-f]{128}')
"""Over the digests it stands below, which differ."""


def _without_what_must_differ(body: str, own: dict[str, str]) -> str:
    body = SIGNATURE.sub("signature", FORM.sub("form", TOKEN.sub("token", body)))
    return re.sub(r"[0-9a-f]{64}", lambda m: own.get(m[0], m[0]), body)


def _timeless(header: str) -> str:
    """What a header says, but for the mark of a telephone and when it is forgotten."""
    return EXPIRES.sub("", MARK.sub("phone", header))


def differences(one: Iterable[Seen], other: Iterable[Seen]) -> Iterator[str]:
    """Where two worlds give different answers, each with the place where it begins."""
    for a, b in zip(one, other, strict=True):
        for name in ("ask", "status", "headers", "length", "body", "logged"):
            x, y = str(getattr(a, name)), str(getattr(b, name))
            if x != y:
                at = next((n for n, (p, q) in enumerate(zip(x, y, strict=False)) if p != q), min(len(x), len(y)))
                yield f"{a.ask[:3]} {name}: …{x[max(0, at - 60) : at + 60]!r} / {y[max(0, at - 60) : at + 60]!r}"
