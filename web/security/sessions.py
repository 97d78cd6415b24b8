"""Sessions kept on the server: the browser holds a secret, the database its digest and all that belongs to it.

To sign out, to be deactivated, to have been away too long ends a session everywhere: what an old cookie opens is
nothing. Whoever is not signed in gets a short signed cookie instead, for the token of the form that signs in.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import structlog
from flask import Flask, Request, Response, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionInterface
from flask_login import UserMixin
from itsdangerous import BadSignature

from mediation_engine.domain.roles import ACTING_LEAD, Actor, Office, offices_of
from mediation_engine.errors import MediationError, StoreUnavailable
from mediation_engine.ids import Randomness
from mediation_engine.ports.accounts import Account, SignIn
from mediation_engine.ports.drafts import Draft
from mediation_engine.ports.messages import Heartbeat
from mediation_engine.ports.store import Store
from mediation_engine.services.authorization import substitutions_of

from .session_policy import is_live
from .user_agent import device_of

SECRET_BYTES = 32
SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is known when somebody was last seen: not every look at a page is worth a write."""
VISIT = timedelta(hours=12)
"""How long a form to sign in may lie open."""
DRAFT = "draft"
"""In what an ended session keeps: that a form was posted when it had ended, and kept as a draft."""
LEFT = timedelta(days=7)
"""So long such a one stays for more forms of the same browser."""
UNTOUCHED = ("/static/", "/healthz")
"""Paths that nobody's session is looked up for."""


@dataclass(frozen=True, slots=True)
class Reader(UserMixin):  # type: ignore[misc]  # it has no types
    """Who is signed in, and under which office."""

    actor: Actor
    office: Office
    must: str | None = None
    """The endpoint of what must be done before anything else."""
    stands_in: bool = False
    """Whether he stands in for the lead today."""

    def get_id(self) -> str:
        return self.actor.id

    @property
    def offices(self) -> list[Office]:
        """The offices to choose from."""
        return [*offices_of(self.actor), *([Office.LEAD] if self.stands_in else [])]

    @property
    def himself(self) -> bool:
        """Whether the office is his own, and he stands in for nobody."""
        return self.office in self.actor.offices

    def called(self, office: Office) -> str:
        """What he is called under an office."""
        return office.label if office in self.actor.offices else ACTING_LEAD


class StaffSession(SecureCookieSession):
    """What Flask calls the session, with the row behind it."""

    now: datetime | None = None
    row: SignIn | None = None
    actor: Actor | None = None
    account: Account | None = None
    stands_in = False
    """Whether its owner stands in for the lead today."""
    drafts: Sequence[Draft] = ()
    """What its owner has typed and not given, the latest first; what was given lately among them."""
    unread = 0
    """How many messages its owner has not read."""
    unfiled = 0
    """How many jottings its owner has not filed."""
    heartbeat: Heartbeat | None = None
    """When a worker last went through what was due."""
    renewed = False
    """Whether to go on under a new secret: whoever signs in, or comes to other rights, does."""
    device = ""
    ended = ""
    """The key of a row found past its limits."""
    waits = False
    """Whether that row stays until its owner is in again: more forms may follow the one that was kept."""
    fault: MediationError | None = None
    """Why nobody can say whose it is; to be raised where faults are told, which is not yet while it opens."""
    given_up = False
    """Whether it could not be kept: the page that tells so does not try again."""


def mine() -> StaffSession:
    """The session of this request."""
    held: StaffSession = session._get_current_object()  # type: ignore[attr-defined]
    return held


def key_of(secret: str) -> str:
    """What a secret is known by in the database. It is random: no salt is needed, nor slowness."""
    return sha256(secret.encode()).hexdigest()


class Sessions(SessionInterface):
    """Opens and saves them."""

    def __init__(self, store: Store, randomness: Randomness, *, https: bool) -> None:
        self.store, self.randomness, self.https = store, randomness, https
        prefix = "__Host-" if https else ""
        self.staff, self.visitor = f"{prefix}sid", f"{prefix}visit"
        self._signed = SecureCookieSessionInterface()

    def open_session(self, app: Flask, request: Request) -> StaffSession:
        if request.path.startswith(UNTOUCHED):
            return StaffSession()
        secret, device = request.cookies.get(self.staff), device_of(request)
        try:
            session = self._found(key_of(secret), device) if secret else None
        except MediationError as fault:
            session = StaffSession()
            session.fault = fault
        if session is None or session.ended:
            visitor = self._visitor(app, request)
            visitor.ended, visitor.waits = (session.ended, session.waits) if session is not None else ("", False)
            session = visitor
        session.device = device
        return session

    def _found(self, key: str, device: str) -> StaffSession | None:
        with self.store.read() as unit:
            row = unit.accounts.sign_in(key)
            if row is None:
                return None
            actor = unit.register.actor(row.actor)
            account = unit.accounts.account(row.actor)
            now, stands_in = unit.now, actor is not None and bool(substitutions_of(unit, actor))
            unread, heartbeat = unit.messages.unread(row.actor), unit.messages.heartbeat()
            unfiled = unit.jottings.count(row.actor)
            drafts = unit.drafts.of(row.actor)
        if actor is None or account is None or row.device != device or not is_live(row, actor, now):
            session = StaffSession()
            session.ended, session.waits = key, bool(json.loads(row.kept).get(DRAFT))
            return session
        session = StaffSession(json.loads(row.kept))
        session.now, session.row, session.actor, session.account = now, row, actor, account
        session.stands_in, session.unread, session.heartbeat, session.drafts = stands_in, unread, heartbeat, drafts
        session.unfiled = unfiled
        return session

    def _visitor(self, app: Flask, request: Request) -> StaffSession:
        cookie, signer = request.cookies.get(self.visitor), self._signed.get_signing_serializer(app)
        try:
            kept = signer.loads(cookie, max_age=int(VISIT.total_seconds())) if cookie and signer else {}
        except BadSignature:
            kept = {}
        kept.pop("_user_id", None)  # nobody is signed in by a signature
        return StaffSession(kept)

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        if session.fault or session.given_up:
            return
        session.given_up = True
        self._keep(app, session, response)
        session.given_up = False

    def _keep(self, app: Flask, session: StaffSession, response: Response) -> None:
        who = session.get("_user_id")
        if who and (session.row is None or session.renewed):
            self._begin(session, who, response)
        elif session.row and not who:
            self._end(session.row.key, response)
        elif session.row:
            self._go_on(session)
        elif session.modified and session:
            signer = self._signed.get_signing_serializer(app)
            assert signer is not None
            self._set(response, self.visitor, signer.dumps(dict(session)))
        if session.ended and not who and not session.waits:
            self._end(session.ended, response)

    def _begin(self, session: StaffSession, who: str, response: Response) -> None:
        secret = self.randomness(SECRET_BYTES).hex()
        with self.store.write() as unit:
            for key in (session.row.key if session.row else "", session.ended):
                unit.accounts.end(key)
            unit.accounts.end_older(unit.now - LEFT)
            unit.accounts.begin(
                SignIn(
                    key=key_of(secret),
                    actor=who,
                    # A new secret makes nobody stay longer.
                    began=session.row.began if session.row else unit.now,
                    seen=unit.now,
                    device=session.device,
                    kept=json.dumps(dict(session)),
                )
            )
        self._set(response, self.staff, secret)
        self._drop(response, self.visitor)

    def _go_on(self, session: StaffSession) -> None:
        assert session.row is not None
        assert session.now is not None
        if session.modified or session.now - session.row.seen >= SEEN_EVERY:
            try:
                with self.store.write() as unit:
                    unit.accounts.go_on(session.row.key, seen=unit.now, kept=json.dumps(dict(session)))
            except StoreUnavailable as fault:  # what was done is done: to tell of a fault would be wrong
                structlog.get_logger().error("session not kept", fault=fault.code)

    def _end(self, key: str, response: Response) -> None:
        with self.store.write() as unit:
            unit.accounts.end(key)
        self._drop(response, self.staff)

    def _set(self, response: Response, name: str, value: str) -> None:
        # No age: gone with the browser. Lax and not Strict: a link in a message must find one signed in.
        response.set_cookie(name, value, secure=self.https, httponly=True, samesite="Lax", path="/")

    def _drop(self, response: Response, name: str) -> None:
        response.delete_cookie(name, secure=self.https, httponly=True, samesite="Lax", path="/")
