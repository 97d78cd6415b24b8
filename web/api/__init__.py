"""`/api/v1`: cases for programs. JSON in and out, problem details for what goes wrong, tokens instead of cookies."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, current_app
from flask_smorest import Api

from ..http import problems
from ..http.request_context import door, settings
from . import cases, exhibits, orders
from .blueprint import blueprint
from .openapi import INFO, describe
from .token_auth import let_in

__all__ = ["cases", "exhibits", "init", "let_in", "orders"]


class _Api(Api):
    """flask-smorest's, which leaves faults of pages to the pages."""

    def _register_error_handlers(self) -> None:
        pass


def init(app: Flask) -> Blueprint:
    """Put the API into an application; its blueprint."""
    app.config.update(API_TITLE=INFO["title"], API_VERSION=INFO["version"], OPENAPI_VERSION="3.1.0")
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    api = _Api(app)
    api.register_blueprint(blueprint)
    app.extensions["api"] = api
    return blueprint


def openapi() -> dict[str, Any]:
    """The description of the API, for programs."""
    known: dict[tuple[str, ...], dict[str, Any]] = current_app.extensions.setdefault("described", {})
    today = door().today()
    opening = [w for w in door().catalogue.workflows.values() if w.is_in_force(today)]
    names = tuple(w.name for w in opening)
    if names not in known:
        spec, server = current_app.extensions["api"].spec.to_dict(), settings().web.public_url
        known[names] = describe(spec, door().catalogue, opening, server)
    return known[names]


problems.init(blueprint)
# Not with `route`, which would describe it, too.
Blueprint.add_url_rule(blueprint, "/openapi.json", "openapi", openapi, methods=["GET"])
