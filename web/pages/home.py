"""`/`: where everybody begins."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug import Response

from ..here import reader
from ..rights import may

pages = Blueprint("home", __name__)


@pages.get("/")
def home() -> Response:
    """The list of cases, for those who may see it."""
    return redirect(url_for("cases.index" if may(reader(), "cases.index") else "me.sign_ins"))
