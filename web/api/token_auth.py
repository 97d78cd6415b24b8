"""Who calls: a token, and nothing else. A session's cookie opens nothing here."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import g, request

from mediation_engine.ports.accounts import Tries

from ..http.request_context import door
from ..http.request_faults import OfficeUnfit, ScopeMissing, TokenMissing, TokenUnknown, TooManyBadTokens
from ..security import api_tokens
from ..security.sessions import Reader

if TYPE_CHECKING:
    from ..security.permissions import ByToken

FREE_TRIES, LOCK = 30, timedelta(minutes=10)
"""So many tokens that are none may be shown from one address; a good one is never kept out."""


def let_in(policy: ByToken) -> None:
    """Set who calls. TokenMissing, TokenUnknown, TooManyBadTokens, ScopeMissing, OfficeUnfit."""
    if "Authorization" not in request.headers and policy.admits(g.reader):
        return
    g.reader = None
    shown = _shown(request.headers.get("Authorization", ""))
    if policy.scope and policy.scope not in shown.token.scopes:
        raise ScopeMissing(scope=policy.scope.label)
    if shown.token.office not in policy.offices:
        raise OfficeUnfit(office=shown.token.office.label)
    g.reader = Reader(shown.actor, shown.token.office)


def _shown(header: str) -> api_tokens.Shown:
    scheme, _, secret = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise TokenMissing
    store = door().store
    with store.read() as unit:
        shown, day = api_tokens.known(unit, secret.strip()), api_tokens.today(unit)
    if shown is None:
        _count()
        raise TokenUnknown
    if shown.token.seen != day:
        api_tokens.used(store, shown.token)
    return shown


def _count() -> None:
    """Count a token that is none, in the database: however many servers there are, they count together."""
    key = f"token:{request.remote_addr or ''}"
    with door().store.write("tokens") as unit:
        held = unit.accounts.tries(key)
        recent = held if held and unit.now < held.last + LOCK else None
        failed = recent.failed if recent else 0
        if recent and failed >= FREE_TRIES:
            raise TooManyBadTokens(seconds=int((recent.last + LOCK - unit.now).total_seconds()) + 1)
        unit.accounts.put_tries(Tries(key=key, failed=failed + 1, last=unit.now))
