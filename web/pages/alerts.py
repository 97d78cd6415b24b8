"""警情: the inbox of what the police push; one is registered by hand here, or by a program through the API."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from mediation_engine.domain.formatting import day_words
from mediation_engine.errors import (
    CaseAlreadyOpen,
    CommandIdReused,
    FormFaults,
    NothingInForce,
    NumberTaken,
    PersonTaken,
    Refused,
    UnfitText,
)
from workflows.zone.alert.vocabulary import ALERT

from ..forms.alert_form import AlertForm
from ..http import drafts, error_pages
from ..http.case_access import record_list
from ..http.request_context import door, reader
from ..presenters.alerts import STEPS, Group, choices, inbox

pages = Blueprint("alerts", __name__, url_prefix="/alerts")
Answer = str | Response | tuple[str, int]
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
def new() -> Answer:
    """The form; and the alert it registers. The same number twice is the same alert."""
    today = door().today()
    workflow = next(iter(door().catalogue.for_new_cases(today, ALERT)), None)
    if workflow is None:
        return error_pages.page(409, ("现在不能登记警情", NothingInForce(day=day_words(today)).sentence))
    if put_by := drafts.answer():
        return put_by
    draft = drafts.here()
    form = AlertForm.of(door().catalogue.zone, draft or request.form, today)
    if draft or request.method != "POST":
        return _page(form if draft else form.begun(), draft=draft is not None)
    if form.typed.get("do", "").startswith("more:"):
        return _page(form.with_row())
    try:
        alert = form.read(workflow, reader().actor, reader().office)
    except FormFaults as fault:
        return _page(form.wrong(fault.faults)), 422
    try:
        door().submit(alert.order, alert.people)
    except (CaseAlreadyOpen, NumberTaken):
        flash(f"警情编号 {alert.order.command.number} 已经登记过，就是这一件。")  # type: ignore[attr-defined]
    except UnfitText as fault:
        return _page(form, wrong=fault.sentence), 422
    except Refused as refused:
        return _page(form, refused=refused.refusals), 422
    except (CommandIdReused, PersonTaken):
        return _page(form.renumbered(), wrong=TWICE), 409
    drafts.done()
    return redirect(url_for("cases.show", case_id=alert.order.case), 303)


def _page(form: AlertForm, *, draft: bool = False, wrong: str = "", refused: object = ()) -> str:
    return render_template("alert_new.html", form=form, draft=draft, wrong=wrong, refused=refused)
