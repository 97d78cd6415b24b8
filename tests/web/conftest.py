"""Pages over a store in memory, and browsers signed in under each office."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import structlog
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mediation_engine.domain.roles import Actor, Office, Organisation
from web.app import create_app
from web.config import ExhibitSettings, Settings, WebSettings
from web.security import passwords
from web.security.totp import Seals

from ..support.exhibits import ROOM_KEY
from ..support.story import ROOM, STAFF, Story

HOST = "http://127.0.0.1:8000"
PASSWORD = "一匹好马配一副好鞍子走天下"
SECRET = sha256(b"a secret of the tests").hexdigest().encode()
SEALS = Seals(SECRET)
ELSEWHERE = Organisation(id="elsewhere", name="别处调委会", short_name="别", kind="mediation_committee")
STRANGER = Actor(id="sun", name="孙调解", organisation="elsewhere", offices=frozenset({Office.MEDIATOR}))
SETTINGS = Settings(organisation=ROOM, web=WebSettings(public_url=HOST))


class Browser(FlaskClient):
    """A browser at the address of the pages; it takes the token from the page it saw last."""

    seen = ""

    def open(self, *args: Any, **given: Any) -> TestResponse:
        given.setdefault("base_url", HOST)
        given.setdefault("buffered", True)  # files are closed
        answer = super().open(*args, **given)
        answer.request.environ["wsgi.input"].close()  # a large body lies in a file, which nobody else closes
        for name, value in answer.headers:
            assert f"{name}: {value}".isascii(), "a server sends no other letters in a head"
        if "Content-Encoding" not in answer.headers and b"csrf_token" in answer.data:
            self.seen = answer.text
        return answer

    @property
    def token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.seen)
        return found[1] if found else ""

    def send(self, path: str, **filled: Any) -> TestResponse:
        """Post a form with the token of the page seen last."""
        return self.post(path, data={"csrf_token": self.token} | filled)

    def find(self, words: str, **narrowed: str) -> TestResponse:
        """Search for words; the page that is led to."""
        if 'name="q"' not in self.seen:
            self.get("/cases")
        return self.get(self.send("/cases", q=words, **narrowed).headers["Location"])

    def whole(self, path: str = "/cases/A1") -> str:
        """All tabs of a case, one after the other."""
        first = self.get(path).text
        tabs = dict.fromkeys(re.findall(r'href="([^"]*[?&]tab=[a-z]+)"', first))
        return "".join((first, *(self.get(html.unescape(tab)).text for tab in tabs)))

    def sign_in(self, name: str, password: str = PASSWORD, **more: Any) -> TestResponse:
        """Open the form, fill it in, send it."""
        self.get("/sign-in")
        return self.send("/sign-in", name=name, password=password, **more)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hashes that cost nothing, and no log."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()
    structlog.configure(processors=[structlog.testing.LogCapture()])
    yield
    passwords._nobodys.cache_clear()
    structlog.reset_defaults()


@pytest.fixture
def told(story: Story) -> Story:
    """Case A1 of the room, with an agreement; everybody has a password, also somebody of another organisation."""
    story.effective()
    with story.store.write() as unit:
        unit.register.put_organisation(ELSEWHERE)
        unit.register.put_actor(STRANGER)
        for actor in (*STAFF.values(), STRANGER):
            passwords.give_password(unit, actor.id, PASSWORD, once=False)
    return story


NOWHERE = Path("/nowhere/exhibits")
"""For pages on which no exhibits are filed."""


def app_over(story: Story, secret: bytes = SECRET, folder: Path = NOWHERE, **web: Any) -> Flask:
    """The pages over a story's store; exhibits lie in a folder."""
    kept = ExhibitSettings(folder=folder)
    settings = replace(SETTINGS, web=replace(SETTINGS.web, **web), exhibits=kept)
    app = create_app(story.door, settings, secret)
    app.extensions["room_key"] = ROOM_KEY
    app.test_client_class = Browser
    return app


@pytest.fixture
def app(told: Story, tmp_path: Path) -> Flask:
    return app_over(told, folder=tmp_path / "exhibits")


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser nobody has signed in with."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def web_client(app: Flask) -> Callable[[Office | str], Browser]:
    """Makes browsers: signed in under an office, or as the one of an id."""

    def signed_in(who: Office | str) -> Browser:
        client = app.test_client()
        answer = client.sign_in(STAFF[who].id if isinstance(who, Office) else who)  # type: ignore[attr-defined]
        assert answer.status_code == 302, answer.text
        return client  # type: ignore[return-value]

    return signed_in
