"""One's own: password, one-time codes, office, where one is signed in."""

from __future__ import annotations

import re

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from pyotp import TOTP
from werkzeug import Response

from mediation_engine.domain.roles import Office
from mediation_engine.ports.accounts import Account

from ..http.request_context import door, reader, seals, settings
from ..presenters.qr_code import qr_code
from ..security.passwords import change_password, confirm, why_not
from ..security.session_policy import live_sign_ins
from ..security.sessions import mine
from ..security.throttle import TooManyTries
from ..security.totp import SeedUnreadable, keep_seed, new_seed

pages = Blueprint("account", __name__, url_prefix="/me")
Answer = str | Response | tuple[str, int]


@pages.route("/password", methods=["GET", "POST"])
def password() -> Answer:
    """Change one's password; every other session of one's ends."""
    if request.method != "POST":
        return render_template("password.html")
    fault = _fault()
    if fault:
        return render_template("password.html", fault=fault), 422
    change_password(door().store, reader().actor.id, request.form["new"], _here())
    mine().renewed = True
    flash("密码已经改好；别处的登录都已结束。")
    return redirect(url_for("home.home"))


def _fault() -> str | None:
    old, new, again = (request.form.get(name, "")[:200] for name in ("old", "new", "again"))
    who, room = reader().actor, settings().organisation
    try:
        if not confirm(door().store, _account(), old):
            return "原密码不对"
    except TooManyTries as fault:
        return fault.sentence
    if new != again:
        return "两次输入的新密码不一样"
    return "新密码与原密码相同" if new == old else why_not(new, who.id, who.name, room.name, room.short_name)


@pages.route("/codes", methods=["GET", "POST"])
def codes() -> Answer:
    """Begin to use one-time codes: scan the seed, and give a first code."""
    held = _account().totp
    if held:
        return render_template("codes.html", held=True, readable=seals().opens(reader().actor.id, held))
    seed = _offered()
    if request.method != "POST":
        return render_template("codes.html", seed=seed, picture=_picture(seed))
    code = re.sub(r"\s", "", request.form.get("code", "")[:20])
    fault = _refused(seed, code)
    if fault:
        return render_template("codes.html", seed=seed, picture=_picture(seed), fault=fault), 422
    session.pop("seed")
    mine().renewed = True
    flash("动态口令已启用，下次登录时要输入。")
    return redirect(url_for("home.home"))


def _refused(seed: str, code: str) -> str | None:
    """Why a first code will not do."""
    try:
        kept = keep_seed(door().store, seals(), reader().actor.id, seed, code)
    except TooManyTries as fault:
        return fault.sentence
    return None if kept else "这个口令不对。请等手机上换了下一个再输；还是不对，请核对手机的时间。"


def _offered() -> str:
    """The seed shown until there is a first code of it. The session lies in the database: it is sealed there, too."""
    who = reader().actor.id
    try:
        return seals().open(who, session.get("seed", ""))
    except SeedUnreadable:
        seed = new_seed()
        session["seed"] = seals().seal(who, seed)
        return seed


def _picture(seed: str) -> str:
    """The seed to be scanned."""
    address = TOTP(seed).provisioning_uri(name=reader().actor.id, issuer_name="五方会诊")
    return qr_code(address)


@pages.post("/office")
def office() -> Response:
    """Choose the office one goes on under."""
    chosen = Office.named(request.form.get("office", ""))
    if chosen not in reader().offices:
        abort(403)
    session["office"] = chosen.value
    mine().renewed = True
    return redirect(url_for("home.home"))


@pages.get("/sign-ins")
def sign_ins() -> str:
    """Where one is signed in."""
    with door().store.read() as unit:
        rows = live_sign_ins(unit, reader().actor)
    return render_template("sign_ins.html", rows=rows, here=_here(), account=_account())


@pages.post("/sign-ins/end")
def end() -> Response:
    """End one of one's sessions elsewhere, or all of them."""
    wanted = request.form.get("key")
    with door().store.write() as unit:
        elsewhere = {row.key for row in unit.accounts.sign_ins(reader().actor.id)} - {_here()}
        for key in elsewhere if wanted is None else elsewhere & {wanted}:
            unit.accounts.end(key)
    flash("已结束。")
    return redirect(url_for("account.sign_ins"))


def _here() -> str:
    """The key of the session this request belongs to."""
    row = mine().row
    assert row is not None
    return row.key


def _account() -> Account:
    account = mine().account
    assert account is not None
    return account
