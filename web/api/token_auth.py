"""Who calls: a token, and nothing else. A session's cookie opens nothing here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, request

from ..http.request_context import door
from ..http.request_faults import OfficeUnfit, ScopeMissing, TokenMissing, TokenUnknown, TooManyBadTokens
from ..security import api_tokens
from ..security.sessions import Reader
from ..security.throttle import TooManyTries, count, of_tokens

if TYPE_CHECKING:
    from ..security.permissions import ByToken


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
    """Count a token that is none. TooManyBadTokens."""
    try:
        with door().store.write("tokens") as unit:
            count(unit, of_tokens(request.remote_addr or ""))
    except TooManyTries as fault:
        raise TooManyBadTokens(seconds=fault.seconds) from fault
