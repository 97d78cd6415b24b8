"""代行职务: the lead names who stands in, for some days and some acts; and takes it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug import Response

from mediation_engine.domain.roles import Actor, LeadAct, Office, may_handle
from mediation_engine.errors import Refused
from mediation_engine.ids import system_randomness
from mediation_engine.input.days import Unread, read_day
from mediation_engine.services.substituting import end_substitution, name_substitute, substitutions

from ..http.request_context import door, reader

pages = Blueprint("substitutes", __name__, url_prefix="/substitutes")
AT_DESK = "代行的人在右上角换成“代室主任”后办理"
ON_ONE_PAGE = "他用“一页办结”办小纠纷时代为受理，不用换职务"
Answer = str | Response | tuple[str, int]


@pages.route("", methods=["GET", "POST"])
def index() -> Answer:
    """Those who stand in and once did; and a form to name one."""
    if request.method != "POST":
        return _page({})
    who = next((a for a in _able() if a.id == request.form.get("who")), None)
    first, last = _day("first"), _day("last")
    if who is None or first is None or last is None:
        missing = ((who, "请选择由谁代行"), (first, "请写明从哪天起"), (last, "请写明到哪天为止"))
        return _page(request.form, faults=[words for value, words in missing if value is None]), 422
    acts = [act for act in LeadAct if act.value in request.form.getlist("acts")]
    try:
        named = name_substitute(door().store, system_randomness, reader().actor, who, first, last, acts)
    except Refused as refused:
        return _page(request.form, faults=[r.sentence for r in refused.refusals]), 422
    flash(f"已指定。{AT_DESK if named.is_at_desk else ON_ONE_PAGE}，记录上写明“代”。")
    return redirect(url_for("substitutes.index"), 303)


@pages.post("/end")
def end() -> Response:
    """Take one back at once."""
    if end_substitution(door().store, reader().actor, request.form.get("id", "")) is None:
        abort(404)
    flash("已收回。")
    return redirect(url_for("substitutes.index"), 303)


def _able() -> list[Actor]:
    """Who may stand in."""
    with door().store.read() as unit:
        staff = [a for a in unit.register.actors() if may_handle(a, reader().actor.organisation)]
    return [a for a in staff if Office.LEAD not in a.offices]


def _day(name: str) -> date | None:
    try:
        return read_day(request.form.get(name, ""), door().today())
    except Unread:
        return None


def _page(typed: Mapping[str, Any], faults: Sequence[str] = ()) -> str:
    with door().store.read() as unit:
        names = {a.id: a.name for a in unit.register.actors()}
    return render_template(
        "substitutes.html",
        named=substitutions(door().store, reader().actor.organisation),
        names=names,
        able=_able(),
        acts=tuple(LeadAct),
        chosen=request.form.getlist("acts"),
        typed=typed,
        faults=faults,
        today=door().today(),
    )
