"""Signing in and out."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from flask_login import login_user, logout_user
from werkzeug import Response
from werkzeug.exceptions import HTTPException

from mediation_engine.domain.roles import Actor, offices_of

from ..http import device_cookie
from ..http.drafts import WHICH
from ..http.request_context import door, seals
from ..security.authentication import WrongPassword, come_in
from ..security.sessions import Reader, mine
from ..security.throttle import TooManyTries
from ..security.totp import SeedUnreadable

pages = Blueprint("sign_in", __name__)


@pages.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Response | tuple[str, int]:
    """The form; who is in already goes on."""
    onward = own_path(request.values.get("next", ""))
    if g.reader:
        return redirect(onward)
    if request.method != "POST":
        return render_template("sign_in.html", onward=onward)
    try:
        actor = _who()
    except (WrongPassword, TooManyTries, SeedUnreadable) as fault:
        status = 429 if isinstance(fault, TooManyTries) else 422
        return render_template("sign_in.html", onward=onward, fault=fault.sentence, name=_typed("name")), status
    _enter(actor)
    response = redirect(onward)
    device_cookie.remember(response, actor.id)
    return response


@pages.post("/sign-out")
def sign_out() -> Response:
    """End the session, here and wherever its cookie has been copied to."""
    logout_user()
    session.clear()
    response = redirect(url_for("sign_in.sign_in", out=1))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _who() -> Actor:
    code = re.sub(r"\s", "", _typed("code"))
    name, address = _typed("name").strip(), request.remote_addr or ""
    return come_in(door().store, seals(), name, _typed("password"), code, address, device_cookie.known(name))


def _typed(field: str) -> str:
    return request.form.get(field, "")[:200]


def _enter(actor: Actor) -> None:
    """Begin a session of one's own: nothing of what was in the browser before goes along."""
    session.clear()
    mine().renewed = True
    login_user(Reader(actor, offices_of(actor)[0]))


def own_path(wanted: str) -> str:
    """Where to go on: a page of ours that can be looked at; else the beginning."""
    begin = url_for("home.home")
    whole = re.fullmatch(r"(/(?![/\\])[\w.~:/%-]*)(?:\?draft=([\w.-]{1,64}))?", wanted, re.ASCII)
    if whole is None:
        return begin
    path, form = whole.groups()
    try:
        endpoint, given = current_app.url_map.bind_to_environ(request.environ).match(path, method="GET")
        asked: dict[str, Any] = {**given, WHICH: form or None}
        return begin if endpoint == "sign_in.sign_in" else url_for(endpoint, **asked)
    except HTTPException:
        return begin
