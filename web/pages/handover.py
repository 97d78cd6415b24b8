"""移交: all open cases of a colleague to another, in one press; the lead's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request

from mediation_engine.domain.roles import Actor, may_handle
from mediation_engine.services.authorization import reach
from mediation_engine.services.handover import MOST, Led, hand_over, led_by

from ..forms.handover_form import ordering
from ..http import drafts
from ..http.case_access import record_list
from ..http.request_context import door, reader
from ..presenters.case_list import mediators
from ..presenters.handover import Listing, listing, told

pages = Blueprint("handover", __name__, url_prefix="/handover")
Answer = Any
LONGEST = 2000
"""Characters of what is said about the handing over."""


@pages.route("", methods=["GET", "POST"])
def index() -> Answer:
    """Choose a colleague, see the cases, press once."""
    if put_by := drafts.answer():
        return put_by
    draft = drafts.here()
    asked: Mapping[str, str] = draft or (request.form if request.method == "POST" else request.args)
    giver = next((a for a in _colleagues() if a.id == asked.get("from")), None)
    shown = _listing(giver) if giver else None
    if request.method != "POST" or giver is None or shown is None:
        return _page(shown, asked, draft=bool(draft))
    faults = _faults(shown, asked)
    if faults:
        return _page(shown, asked, faults=faults), 422
    order = ordering(asked["to"], asked.get("note", "").strip(), reader().actor.id, reader().office)
    outcomes = list(hand_over(door(), _chosen(shown), order))
    record_list("handover", len(outcomes))
    drafts.done()
    return _page(_listing(giver), {"from": giver.id}, done=told(shown, outcomes))


def _colleagues() -> list[Actor]:
    """Those of the reader's organisations who mediate or once did, active or not."""
    with door().store.read() as unit:
        own = reach(unit.register, reader().actor.organisation)
        return mediators(unit, own)


def _listing(giver: Actor) -> Listing:
    with door().store.read() as unit:
        own = reach(unit.register, reader().actor.organisation)
        takers = [a for a in unit.register.actors() if may_handle(a, giver.organisation) and a.id != giver.id]
    found = listing(door(), giver, takers, led_by(door(), giver.id, own, most=MOST + 1))
    record_list("handover", len(found.cases))
    return found


def _chosen(shown: Listing) -> list[Led]:
    """The cases on the page that was looked at, as they were then."""
    posted = {name[2:]: value for name, value in request.form.items() if name.startswith("v.")}
    seen = {case: int(value) for case, value in posted.items() if value.isascii() and value.isdecimal()}
    return [Led(case=it.led.case, key=it.led.key, seen=seen[it.led.case]) for it in shown.cases if it.led.case in seen]


def _faults(shown: Listing, asked: Mapping[str, str]) -> dict[str, str]:
    faults = {}
    if asked.get("to") not in {a.id for a in shown.takers}:
        faults["to"] = "请选择由谁接手"
    if len(asked.get("note", "")) > LONGEST:
        faults["note"] = f"不能超过{LONGEST}个字"
    return faults


def _page(shown: Listing | None, asked: Mapping[str, str], **more: Any) -> str:
    return render_template("handover.html", colleagues=_colleagues(), shown=shown, asked=asked, longest=LONGEST, **more)
