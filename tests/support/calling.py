"""Programs that call the API in tests: one for each office, with a token."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mediation_engine.domain.roles import Actor, Office
from mediation_engine.ids import system_randomness
from mediation_engine.ports.tokens import Scope
from web.security import api_tokens

from ..web.conftest import HOST
from .story import STAFF, Story

API = "/api/v1"
EVERYTHING = tuple(Scope)


def token_for(story: Story, who: Office | Actor, scopes: Iterable[Scope], office: Office = Office.MEDIATOR) -> str:
    """A token of somebody of the staff, with some scopes."""
    actor, held = (STAFF[who], who) if isinstance(who, Office) else (who, office)
    return api_tokens.make(story.store, system_randomness, actor, held, "试", frozenset(scopes), None)[0]


@dataclass
class Program:
    """Calls with a token; every order under an id of its own."""

    client: FlaskClient
    token: str
    name: str = "order"

    def __post_init__(self) -> None:
        self._ids = count(1)

    def send(self, method: str, path: str, **given: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"} | given.pop("headers", {})
        return self.client.open(API + path, method=method, headers=headers, base_url=HOST, **given)

    def get(self, path: str, **given: Any) -> TestResponse:
        return self.send("GET", path, **given)

    def do(self, path: str, *on: str, id: str | None = None, headers: Any = (), **body: Any) -> TestResponse:
        """Give an order."""
        key = {} if headers else {"Idempotency-Key": id or f"{self.name}-{next(self._ids)}"}
        return self.send("POST", path, json=({"on": on} if on else {}) | body, headers=key | dict(headers))
