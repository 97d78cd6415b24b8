"""Tokens: what a program shows to the API instead of signing in.

256 random bits, shown once to whoever makes it; the database has a digest. Each acts for one member of the staff under
one office, until a day, and within its scopes.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from mediation_engine.domain.formatting import CHINA, span
from mediation_engine.domain.roles import MEDIATOR, Actor, Office
from mediation_engine.errors import MediationError, OfficeNotHeld
from mediation_engine.ids import Randomness, new_id
from mediation_engine.ports.store import Store, Unit
from mediation_engine.ports.tokens import Scope, Token
from mediation_engine.services.authorization import READERS

from .age import has_been

SECRET_BYTES = 32
PREFIX = "mt_"
"""So that one that has got lost is known for what it is, by people and by scanners."""
LASTING, LONGEST = span(90), span(366)
LONGEST_NAME = 40
FITTING: dict[Scope, frozenset[Office]] = {Scope.READ: READERS, Scope.WRITE: MEDIATOR, Scope.AUDIT: READERS}
"""Under which offices each scope is of use."""


class ScopeUnfit(MediationError):
    """{office}不能有“{scope}”的令牌。"""


class TokenPeriod(MediationError):
    """令牌的截止日应在今天到 {last} 之间。"""


class TokenNotFound(MediationError):
    """没有令牌“{token}”；编号见 mediation token list。"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A token who comes in with, and who that is."""

    token: Token
    actor: Actor


def key_of(secret: str) -> str:
    """What a token is known by in the database. It is random: no salt is needed, nor slowness."""
    return sha256(secret.encode(errors="replace")).hexdigest()


def make(
    store: Store,
    randomness: Randomness,
    actor: Actor,
    office: Office,
    name: str,
    scopes: frozenset[Scope],
    last: date | None,
) -> tuple[str, Token]:
    """A new token, and what is kept of it. OfficeNotHeld, ScopeUnfit, TokenPeriod."""
    if office not in actor.offices:
        raise OfficeNotHeld(actor=actor.name, office=office.label)
    for scope in sorted(scopes, key=list(Scope).index):
        if office not in FITTING[scope]:
            raise ScopeUnfit(office=office.label, scope=scope.label)
    secret = PREFIX + urlsafe_b64encode(randomness(SECRET_BYTES)).decode().rstrip("=")
    with store.write("tokens") as unit:
        token = Token(
            key=key_of(secret),
            id=new_id(randomness, 8),
            name=name,
            actor=actor.id,
            office=office,
            scopes=scopes,
            made=unit.now,
            until=_last_day(today(unit), last),
        )
        unit.tokens.put_token(token)
    return secret, token


def _last_day(first: date, last: date | None) -> date:
    if last is None:
        return first + LASTING
    if not timedelta() <= last - first <= LONGEST:
        raise TokenPeriod(last=first + LONGEST)
    return last


def end(store: Store, id: str) -> Token:
    """End a token; once ended, always ended. TokenNotFound."""
    with store.write("tokens") as unit:
        held = next((token for token in unit.tokens.tokens() if token.id == id), None)
        if held is None:
            raise TokenNotFound(token=id)
        ended = replace(held, ended=held.ended or unit.now)
        unit.tokens.put_token(ended)
    return ended


def known(unit: Unit, secret: str) -> Shown | None:
    """Whose token it is, if it is good now: not ended, not run out, of somebody who still holds the office."""
    token = unit.tokens.token(key_of(secret))
    if token is None or token.ended or not _is_good(token, unit.now, today(unit)):
        return None
    actor = unit.register.actor(token.actor)
    if actor is None or not actor.active or token.office not in actor.offices:
        return None
    return Shown(token, actor)


def _is_good(token: Token, now: datetime, day: date) -> bool:
    """Whether its days are not over; a day is over, too, of which the clock says now that it has not come."""
    return day <= token.until and has_been(token.made, now) and (token.seen is None or token.seen <= day)


def used(store: Store, token: Token) -> None:
    """Keep the day of its last use; at most one write a day."""
    with store.write("tokens") as unit:
        held = unit.tokens.token(token.key)
        if held and held.seen != today(unit):
            unit.tokens.put_token(replace(held, seen=today(unit)))


def today(unit: Unit) -> date:
    """The day in China."""
    return unit.now.astimezone(CHINA).date()
