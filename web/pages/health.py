"""`/healthz`: whether there is a database behind us. For whatever watches the server."""

from __future__ import annotations

from flask import Blueprint

from ..http.request_context import door

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def healthz() -> dict[str, str | int]:
    """200 and ok, or 503; where there ever was a worker also how many seconds ago it last turned."""
    with door().store.read() as unit:
        now, heartbeat = unit.now, unit.messages.heartbeat()
    return {"status": "ok"} | ({"worker_seconds": int(heartbeat.age(now).total_seconds())} if heartbeat else {})
