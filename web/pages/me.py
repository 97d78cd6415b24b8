"""One's own: password, office, where one is signed in."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug import Response

from mediation_engine.domain.roles import Office

from ..accounts import change_password, fits, why_not
from ..here import door, reader, settings
from ..sessions import live_sign_ins

pages = Blueprint("me", __name__, url_prefix="/me")


@pages.route("/password", methods=["GET", "POST"])
def password() -> str | Response | tuple[str, int]:
    """Change one's password; every other session of one's ends."""
    if request.method == "GET":
        return render_template("password.html")
    fault = _fault()
    if fault:
        return render_template("password.html", fault=fault), 422
    change_password(door().store, reader().actor.id, request.form["new"])
    _end_others()
    session.renewed = True  # type: ignore[attr-defined]
    flash("密码已经改好；别处的登录都已结束。")
    return redirect(url_for("home.home"))


def _fault() -> str | None:
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    who, room = reader().actor, settings().organisation
    if not fits(session.account, old):  # type: ignore[attr-defined]
        return "原密码不对"
    if new != again:
        return "两次输入的新密码不一样"
    if new == old:
        return "新密码与原密码相同"
    return why_not(new, who.id, who.name, room.name, room.short_name)


@pages.post("/office")
def office() -> Response:
    """Choose the office one goes on under."""
    chosen = Office.named(request.form.get("office", ""))
    if chosen not in reader().offices:
        abort(403)
    session["office"] = chosen.value
    return redirect(url_for("home.home"))


@pages.get("/sign-ins")
def sign_ins() -> str:
    """Where one is signed in."""
    with door().store.read() as unit:
        rows = live_sign_ins(unit, reader().actor)
    return render_template("sign_ins.html", rows=rows, here=_here())


@pages.post("/sign-ins/end")
def end() -> Response:
    """End one of one's sessions elsewhere, or all of them."""
    with door().store.write() as unit:
        own = [row.key for row in unit.accounts.sign_ins(reader().actor.id) if row.key != _here()]
        wanted = request.form.get("key")
        for key in own if wanted is None else {wanted}.intersection(own):
            unit.accounts.end(key)
    flash("已结束。")
    return redirect(url_for("me.sign_ins"))


def _end_others() -> None:
    with door().store.write() as unit:
        unit.accounts.end_all(current_user.get_id(), but=_here())


def _here() -> str:
    """The key of the session this request belongs to."""
    return str(session.row.key)  # type: ignore[attr-defined]
