"""申请 at the window and on the desk: the form, the receipt, those that nobody has registered yet, the poster."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug import Response

from mediation_engine.domain.formatting import day_words
from mediation_engine.errors import (
    NothingInForce,
    RoomKeyMissing,
)
from workflows.facts import facts_of
from workflows.phases.intake import S

from ..forms.application_form import FAULTS, PHOTO, ApplicationForm, Sent, workflow_for
from ..http import drafts, error_pages
from ..http.case_access import look, record_list
from ..http.request_context import door, exhibits, reader, register, room_key, settings, skipped
from ..http.uploads import contents_of
from ..presenters.applications import A_PAGE, INTAKE, new_applications, status_of
from ..presenters.qr_code import qr_code
from ..security import applications

pages = Blueprint("applications", __name__, url_prefix="/applications")
Answer = str | Response | tuple[str, int]
TWICE = "这张表刚才已经交过一份，内容与现在填写的不同。确实要另外申请的，请核对后再按“提交”。"


@pages.get("")
def index() -> str:
    """Applications of the room that nobody has registered yet, the oldest first."""
    skip = skipped()
    rows, count = new_applications(door(), reader().office, reader().actor, skip)
    record_list("applications", len(rows))
    return render_template(
        "applications.html", rows=rows, count=count, skip=skip, onward=skip + A_PAGE if count > skip + A_PAGE else 0
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """The form for who stands at the window; and to send it."""
    today = door().today()
    workflow = workflow_for(door().catalogue.for_new_cases(today))
    if workflow is None:
        return error_pages.page(409, ("现在不能登记新案", NothingInForce(day=day_words(today)).sentence))
    if put_by := drafts.answer():
        return put_by
    draft = drafts.here()
    if request.method != "POST":
        begun = ApplicationForm.of(draft, at_window=True) if draft else ApplicationForm.begun(at_window=True)
        return _page(begun, draft=draft is not None)
    filled = ApplicationForm.of(request.form, at_window=True)
    try:
        sent, contents = filled.read(workflow, settings().organisation.id, reader().actor.id), contents_of(PHOTO)
        filled.check_photos(contents)
        return _sent(sent, contents)
    except RoomKeyMissing as fault:
        return _page(filled, wrong=fault.sentence), 422
    except FAULTS as fault:
        filled, wrong, code = filled.barred(fault, TWICE)
        return _page(filled, wrong=wrong), code


def _page(filled: ApplicationForm, **more: Any) -> str:
    return render_template("application_new.html", form=filled, limits=settings().exhibits.limits, **more)


def _sent(sent: Sent, contents: list[bytes]) -> Response:
    """Send it, and show the receipt."""
    entered = applications.entered_with(register(), sent.people)
    shelf = exhibits() if contents else None
    link = applications.send(door(), room_key(), sent.order, entered, exhibits=shelf, contents=contents)
    drafts.done()
    return redirect(url_for("applications.receipt", case_id=link.case), 303)


@pages.get("/<case_id>/receipt")
def receipt(case_id: str) -> str:
    """The receipt of an application, to be printed or read out; also for who has lost his."""
    view = look(case_id, "application receipt")
    parties = facts_of(view.case).parties
    if facts_of(view.case).submitted is None:
        abort(404)
    applications.keep_code(door(), room_key(), case_id, parties["party/1"].person, reader().actor.id)
    return render_template(
        "application_receipt.html",
        case=view.case,
        status=status_of(view),
        is_waiting=view.case.is_in(INTAKE, S.SUBMITTED),
        code=applications.shown(applications.code_of(room_key(), case_id)),
        where=f"{settings().web.public_url}{url_for('apply.status')}" if settings().web.is_https else "",
        phone=settings().telephone,
    )


@pages.get("/poster")
def poster() -> str:
    """The room's poster: a QR code to apply by, to be printed."""
    address = f"{settings().web.public_url}{url_for('apply.form')}"
    return render_template(
        "poster.html",
        address=address,
        picture=qr_code(address),
        phone=settings().telephone,
        is_open=settings().applications.open,
        is_reachable=settings().web.is_https,
    )
