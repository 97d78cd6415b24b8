"""`/healthz`: whether there is a database behind us. For whatever watches the server."""

from __future__ import annotations

from flask import Blueprint

from ..http.request_context import door

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def healthz() -> dict[str, str]:
    """200 and ok, or 503."""
    door().today()
    return {"status": "ok"}
