"""The blueprint that the endpoints stand on."""

from __future__ import annotations

from flask_smorest import Blueprint

from .request_schemas import PARSER


class ApiBlueprint(Blueprint):
    """flask-smorest's, with our reading of what comes in."""

    ARGUMENTS_PARSER = PARSER


LINES = "application/x-ndjson"
PYTHON = "text/x-python; charset=utf-8"
blueprint = ApiBlueprint("api", __name__, url_prefix="/api/v1", description="五方会诊调解案件")
