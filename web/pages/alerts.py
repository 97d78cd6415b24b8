"""警情: the inbox of what the police push; one is registered by hand here, or by a program through the API."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from mediation_engine.domain.formatting import day_words
from mediation_engine.errors import NothingInForce
from workflows.zone.alert.vocabulary import ALERT

from ..forms.alert_form import AlertForm
from ..http import drafts, error_pages, new_item
from ..http.case_access import record_list
from ..http.request_context import door, reader
from ..presenters.alerts import STEPS, Group, choices, inbox

pages = Blueprint("alerts", __name__, url_prefix="/alerts")
TWICE = "这张表刚才已经登记过一件，内容与现在填写的不同。确实是另一件警情的，请核对后再按“登记警情”。"


@pages.get("")
def index() -> str:
    """Alerts by what is to be done with them, the oldest first."""
    districts, district = door().catalogue.zone.districts, request.args.get("district", "")[:80]
    after = request.args.get("after", "")[:80]
    found = inbox(door(), reader().office, reader().actor, request.args.get("group", ""), district, after)
    record_list("alerts", len(found.rows))
    given = {"groups": tuple(Group), "district": district, "districts": choices(districts, district), "after": after}
    return render_template("alerts.html", inbox=found, step=STEPS.get(found.group), **given)


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
