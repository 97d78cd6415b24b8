"""草稿: what the reader has typed and not given yet; to go on with it, or to drop it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from ..http import drafts
from ..http.request_context import door, settings

pages = Blueprint("drafts", __name__, url_prefix="/drafts")


@pages.get("")
def index() -> str:
    """One's own, the latest first."""
    with door().store.read() as unit:
        shown = drafts.listed(unit)
    return render_template("drafts.html", shown=shown, limits=settings().drafts)


@pages.post("")
def drop() -> Response:
    """Drop one; nothing where there is none."""
    drafts.drop(request.form.get("where", ""), request.form.get("form", ""))
    flash("这份草稿已删除。")
    return redirect(url_for("drafts.index"), 303)
