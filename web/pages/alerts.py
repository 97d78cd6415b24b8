"""警情: the inbox of what the police push; one is registered by hand here, or by a program through the API."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from mediation_engine.domain.formatting import day_words
from mediation_engine.errors import NothingInForce
from workflows.zone.alert.vocabulary import ALERT

from ..forms.alert_form import AlertForm
from ..http import drafts, error_pages, new_item, searches
from ..http.case_access import record_list
from ..http.request_context import door, reader
from ..presenters.alerts import STEPS, Group, choices, inbox
from ..presenters.case_list import LONGEST

pages = Blueprint("alerts", __name__, url_prefix="/alerts")
TWICE = "这张表刚才已经登记过一件，内容与现在填写的不同。确实是另一件警情的，请核对后再按“登记警情”。"


@pages.get("")
def index() -> str:
    """Alerts by what is to be done with them, the oldest first."""
    districts, district = door().catalogue.zone.districts, request.args.get("district", "")[:80]
    after = request.args.get("after", "")[:80]
    number = request.args.get("search", "")
    words = searches.words_of(number) if number else ""
    asked = request.args.get("group", "")
    found = inbox(door(), reader().office, reader().actor, asked, district, after, words or "")
    record_list("alerts", len(found.rows))
    given = {"groups": tuple(Group), "district": district, "districts": choices(districts, district), "after": after}
    given |= {"only": dict(choices(districts, district)).get(district, "") if district else ""}
    given |= {"words": words or "", "search": number, "gone": searches.GONE if words is None else ""}
    return render_template("alerts.html", inbox=found, step=STEPS.get(found.group), longest=LONGEST, **given)


@pages.post("")
def search() -> Response:
    """Alerts found by words: they are kept with the session, and the address has their number."""
    words = request.form.get("q", "").strip()[:LONGEST]
    return redirect(url_for("alerts.index", search=searches.keep(words) if words else None), 303)


@pages.route("/new", methods=["GET", "POST"])
def new() -> new_item.Answer:
    """The form; and the alert it registers. The same number twice is the same alert."""
    today = door().today()
    workflow = next(iter(door().catalogue.for_new_cases(today, ALERT)), None)
    if workflow is None:
        return error_pages.page(409, ("现在不能登记警情", NothingInForce(day=day_words(today)).sentence))
    if put_by := drafts.answer():
        return put_by
    zone = door().catalogue.zone
    return new_item.register(
        lambda typed: AlertForm.of(zone, typed, today),
        drafts.here(),
        workflow,
        "alert_new.html",
        number="警情编号",
        twice=TWICE,
    )
