"""The mark of a browser in which somebody has signed in: his tries there are nobody else's, see `security/throttle`.

Signed, and good for nothing else: it opens no page, it only counts. One browser may be several people's.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug import Response

from .request_context import door, settings

LASTING = timedelta(days=400)
"""As long as browsers keep a cookie at most."""
MOST = 20
"""People who share a browser; who came first is forgotten first."""


def known(name: str) -> str:
    """The id of the browser where an account has been signed in to before; empty in any other."""
    mark = _mark()
    return str(mark["id"]) if _digest(name) in mark["of"] else ""


def remember(response: Response, name: str) -> None:
    """Mark the browser."""
    mark = _mark()
    own = _digest(name)
    content = {
        "id": mark["id"] or door().randomness(16).hex(),
        "of": [*(digest for digest in mark["of"] if digest != own), own][-MOST:],
    }
    response.set_cookie(
        _name(), _signer().dumps(content), LASTING, secure=settings().web.is_https, httponly=True, samesite="Lax"
    )


def _mark() -> dict[str, Any]:
    try:
        return dict(_signer().loads(request.cookies.get(_name(), "")))
    except BadData:
        return {"id": "", "of": []}


def _signer() -> URLSafeSerializer:
    assert current_app.secret_key
    return URLSafeSerializer(current_app.secret_key, salt="browsers where somebody has signed in")


def _name() -> str:
    return "__Host-device" if settings().web.is_https else "device"


def _digest(name: str) -> str:
    """Nobody who looks into the browser reads who uses it."""
    return sha256(name.encode(errors="replace")).hexdigest()[:16]
