"""事项: what comes to the room besides cases and alerts; one is registered by hand by what its kind asks."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
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
from workflows.zone.matter.kinds import kind_named, kinds_of
from workflows.zone.matter.vocabulary import MATTER

from ..forms.matter_form import MatterForm
from ..http import drafts, error_pages
from ..http.case_access import record_list
from ..http.request_context import door, reader
from ..presenters.alerts import choices
from ..presenters.matters import STEPS, Asked, Group, kind_choices, listed, reception_words

pages = Blueprint("matters", __name__, url_prefix="/matters")
Answer = str | Response | tuple[str, int]
TWICE = "这张表刚才已经登记过一件，内容与现在填写的不同。确实是另一件的，请核对后再按“登记事项”。"


@pages.get("")
def index() -> str:
    """Matters by what is to be done with them, the oldest first; of one kind, one district, or late ones only."""
    given = request.args
    asked = Asked(
        group=given.get("group", ""),
        kind=given.get("kind", "")[:40],
        district=given.get("district", "")[:80],
        late="late" in given,
        after=given.get("after", "")[:80],
    )
    found = listed(door(), reader().office, reader().actor, asked)
    record_list("matters", len(found.rows))
    zone = door().catalogue.zone
    return render_template(
        "matters.html",
        matters=found,
        asked=asked,
        groups=tuple(Group),
        step=STEPS.get(found.group),
        kinds=kind_choices(zone),
        districts=choices(zone.districts, asked.district),
        reception=reception_words(door()),
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """The form of a kind; and the matter it registers. The same number twice is the same matter."""
    today, zone = door().today(), door().catalogue.zone
    kinds = [it for it in kinds_of(zone) if it.use]
    workflow = next(iter(door().catalogue.for_new_cases(today, MATTER)), None)
    if workflow is None:
        return error_pages.page(409, ("现在不能登记事项", NothingInForce(day=day_words(today)).sentence))
    if put_by := drafts.answer():
        return put_by
    draft = drafts.here()
    code = request.values.get("kind", "") or (draft.get("kind", "") if draft else "")
    if not code:
        return render_template("matter_kinds.html", kinds=kinds)
    kind = kind_named(zone, code)
    if kind is None or not kind.use:
        abort(404)
    form = MatterForm.of(kind, zone, draft or request.form, today)
    if draft or request.method != "POST":
        return _page(form if draft else form.begun(), draft=draft is not None)
    if form.typed.get("do", "").startswith("more:"):
        return _page(form.with_row())
    try:
        matter = form.read(workflow, reader().actor, reader().office)
    except FormFaults as fault:
        return _page(form.wrong(fault.faults)), 422
    try:
        door().submit(matter.order, matter.people)
    except (CaseAlreadyOpen, NumberTaken):
        flash(f"{kind.number} {matter.order.command.number} 已经登记过，就是这一件。")  # type: ignore[attr-defined]
    except UnfitText as fault:
        return _page(form, wrong=fault.sentence), 422
    except Refused as refused:
        return _page(form, refused=refused.refusals), 422
    except (CommandIdReused, PersonTaken):
        return _page(form.renumbered(), wrong=TWICE), 409
    drafts.done()
    return redirect(url_for("cases.show", case_id=matter.order.case), 303)


def _page(form: MatterForm, *, draft: bool = False, wrong: str = "", refused: object = ()) -> str:
    return render_template("matter_new.html", form=form, draft=draft, wrong=wrong, refused=refused)
