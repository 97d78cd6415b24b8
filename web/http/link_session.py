"""Who is in by a link, in this browser: a cookie of the link's kind, that the pages for it know and no others."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from werkzeug import Response

from mediation_engine.ports.links import Link

from ..security import links
from ..security.links import LinkKind
from .request_context import door, settings

YEAR = 365 * 24 * 3600
MARK = 16
"""Bytes by which a telephone is known again."""


def entered_by(kind: LinkKind) -> Link | None:
    """By which link of a kind this browser is in."""
    with door().store.read() as unit:
        link = links.entered(unit, request.cookies.get(_cookie(kind.code), ""))
    return link if link is not None and link.kind == kind.code else None


def let_in(response: Response, kind: str, session: str) -> Response:
    """Tell the browser by what it is in, and by what its telephone is known again."""
    _set(response, _cookie(kind), session)
    return mark_phone(response)


def mark_phone(response: Response) -> Response:
    """Mark the browser, unless it is marked."""
    if not phone_mark():
        _set(response, _cookie("phone"), door().randomness(MARK).hex(), YEAR)
    return response


def forget(response: Response, kind: LinkKind) -> Response:
    """Leave nothing in the browser of what was seen."""
    response.delete_cookie(_cookie(kind.code), path="/", secure=settings().web.is_https, samesite="Strict")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def phone_mark() -> str:
    """By what this telephone is known again; empty before it was marked."""
    return request.cookies.get(_cookie("phone"), "")


def page(template: str, **more: Any) -> str:
    """A page for somebody without an account: no menu, no name, whoever of the staff is in there, too."""
    room, telephones = settings().organisation.name, settings().telephones
    return render_template(template, reader=None, **{"room": room, "telephones": telephones} | more)


def _set(response: Response, name: str, value: str, lasting: int | None = None) -> None:
    response.set_cookie(
        name, value, lasting, secure=settings().web.is_https, httponly=True, samesite="Strict", path="/"
    )


def _cookie(kind: str) -> str:
    name = "link" if kind == "visit" else kind
    return f"__Host-{name}" if settings().web.is_https else name
