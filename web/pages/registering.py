"""登记: at most seven fields, and a case is open."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from mediation_engine.errors import CommandIdReused, FormFaults, NothingInForce, PersonTaken, Refused, UnfitText
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.labels import day_words

from .. import faults
from ..here import door, reader
from ..opening import Opening, open_cases_with
from ..stepping import ID

pages = Blueprint("registering", __name__)
Answer = str | Response | tuple[str, int]
TWICE = "这张表刚才已经登记过一件，内容与现在填写的不同。确实要另外登记一件的，请核对后再按“登记”。"


@pages.route("/cases/new", methods=["GET", "POST"])
def new() -> Answer:
    """The form; and the case it opens."""
    opening = Opening.of(request.form if request.method == "POST" else request.args)
    if not opening.workflows:
        return faults.page(409, ("现在不能登记新案", NothingInForce(day=day_words(door().today())).sentence))
    if request.method != "POST":
        opening.begin()
        return _page(opening)
    wanted, _, place = opening.typed.get("do", "").partition(":")
    if wanted == "more":
        opening.add_row(place)
        return _page(opening)
    try:
        return _open(opening)
    except FormFaults:
        return _page(opening), 422
    except UnfitText as fault:
        return _page(opening, wrong=fault.sentence), 422
    except Refused as refused:
        return _page(opening, refused=refused.refusals), 422
    except (CommandIdReused, PersonTaken):
        opening.typed[ID] = new_id(system_randomness, 16)
        return _page(opening, wrong=TWICE), 409


def _open(opening: Opening) -> Answer:
    """Open it; first tell of open cases with the same names, once."""
    order, people = opening.order()
    same = open_cases_with({p.name for p in people}, reader().actor.organisation, but=order.case)
    if {s.case for s in same} - set(opening.typed.getlist("told")):
        return _page(opening, same=same)
    receipt = door().submit(order, people)
    flash(f"已登记，记为第{receipt.first}—{receipt.last}条。")
    return redirect(url_for("cases.show", case_id=receipt.case), 303)


def _page(opening: Opening, **more: Any) -> str:
    return render_template("new.html", opening=opening, **more)
