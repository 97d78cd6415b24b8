"""A line for every answer, for whoever runs the server: what, how, how long. No names, no numbers, no addresses.

An address of a page may hold a case's id, so the log names the view and not the address.
"""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, g, request

from mediation_engine.errors import MediationError
from mediation_engine.ids import new_id, system_randomness

QUIET = frozenset({"static", "health.healthz"})


def init(app: Flask) -> None:
    """Number every request, and log its answer."""

    def begin() -> None:
        g.request_id, g.began = new_id(system_randomness, 10), time.monotonic()

    def end(response: Response) -> Response:
        if request.endpoint not in QUIET and "began" in g:
            took = round((time.monotonic() - g.began) * 1000)
            structlog.get_logger().info(
                "answered",
                request=g.request_id,
                method=request.method,
                view=request.endpoint,
                status=response.status_code,
                ms=took,
            )
        return response

    app.before_request(begin)
    app.after_request(end)


def unavailable(fault: MediationError) -> None:
    """The database is not to be had: one line says why, in words of ours; there is no fault of the program to trace."""
    structlog.get_logger().error("unavailable", fault=fault.code, why=fault.about.get("why"), view=request.endpoint)


def look_not_noted(fault: MediationError, actor: str, office: str, case: str, what: str) -> None:
    """Somebody looked while nothing could be written: here, and only here, it says who and at what, by their ids."""
    structlog.get_logger().error(
        "look not noted", why=fault.about.get("why"), actor=actor, office=office, case=case, what=what
    )


def set_up() -> None:
    """One JSON object a line, to standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=__import__("sys").stderr),
    )
