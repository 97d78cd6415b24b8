"""`/`: where everybody begins."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug import Response

pages = Blueprint("home", __name__)


@pages.get("/")
def home() -> Response:
    """To one's own work."""
    return redirect(url_for("dashboard.index"))
