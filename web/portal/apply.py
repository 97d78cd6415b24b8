"""申请调解 by anybody, by the room's poster: one page, a receipt with a code, and how it stands.

Nobody who applies learns anything about anybody: names and numbers are not compared here, and whatever stands in the
way is told in one sentence.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, request, url_for
from werkzeug import Response
from werkzeug.exceptions import HTTPException

from mediation_engine.domain.files import size_words
from mediation_engine.domain.roles import Office
from mediation_engine.errors import (
    ActorNotFound,
    BlobsUnwritable,
    CaseNotFound,
    OfficeNotHeld,
    RoomKeyMissing,
)
from mediation_engine.ids import system_randomness
from mediation_engine.ports.links import Link

from ..forms.application_form import FAULTS, PHOTO, ApplicationForm, Sent, workflow_for
from ..http import error_pages
from ..http.link_session import entered_by, forget, let_in, mark_phone, page, phone_mark
from ..http.request_context import door, exhibits, register, room_key, settings
from ..http.uploads import contents_of, is_too_many
from ..presenters.applications import ApplicationStatus, status_of
from ..security import applications, links
from ..security.applications import APPLICATION, CodeUnknown
from ..security.throttle import NothingLeft

pages = Blueprint("apply", __name__, url_prefix="/apply")
Answer = str | Response | tuple[str, int]
FULL = "现在网上收到的申请太多，这一份没有交上。请过一会儿再按“提交”，或者到窗口来、打电话；您填的都还在下面。"
TWICE = "您刚才已经交过一份，内容和这一份不同。确实另有一件事的，请核对后再按“提交”。"
NO_PHOTOS = "照片现在收不了，这一份没有交上。请不选照片再按“提交”，照片以后带到窗口来；您填的都还在下面。"
LONGEST_CODE = 40


@pages.errorhandler(413)
def too_large(_: HTTPException) -> Response:
    """That the photos are too large, or that none can be taken now, and that the rest is still there."""
    if is_too_many():
        phone = settings().telephone
        said = "没有交上。请按浏览器的“返回”，不选照片再提交，照片以后带到窗口来；也可以直接到窗口申请"
        return error_pages.page(413, ("照片现在收不了", f"{said}，或打电话 {phone}。" if phone else f"{said}。"))
    most = size_words(settings().exhibits.limits.each)
    said = f"没有交上。照片合起来不超过 {most}。请按浏览器的“返回”，少选几张再提交；还不行的，请到窗口来。"
    return error_pages.page(413, ("照片太大", said))


@pages.route("", methods=["GET", "POST"])
def form() -> Answer:
    """The form; and an application."""
    workflow = workflow_for(door().catalogue.for_new_cases(door().today()))
    try:
        room_key()
    except RoomKeyMissing:
        workflow = None
    if workflow is None or not settings().applications.open:
        return page("portal/apply_closed.html", phone=settings().telephone), 404
    if request.method != "POST":
        return mark_phone(make_response(_page(ApplicationForm.begun())))
    filled = ApplicationForm.of(request.form)
    try:
        sent, contents = filled.read(workflow, settings().organisation.id), contents_of(PHOTO)
        filled.check_photos(contents)
        return _sent(sent, contents)
    except BlobsUnwritable:
        return _page(filled, wrong=NO_PHOTOS), 503
    except NothingLeft:
        return _page(filled, wrong=FULL), 429
    except FAULTS as fault:
        filled, wrong, code = filled.barred(fault, TWICE)
        return _page(filled, wrong=wrong), code


def _page(filled: ApplicationForm, **more: Any) -> str:
    return page("portal/apply.html", form=filled, **_told(), limits=settings().exhibits.limits, **more)


def _told() -> dict[str, str]:
    """Whom to call, and where."""
    return {"phone": settings().telephone}


def _sent(sent: Sent, contents: list[bytes]) -> Response:
    """Send it, within the limits, and show the receipt; what comes twice is sent once and counted once."""
    entered = applications.entered_with(register(), sent.people)
    shelf = exhibits() if contents else None
    store, wanted, case, where = door().store, settings().applications, sent.order.case, request.remote_addr or ""
    with applications.counted(store, wanted, room_key(), case, where, phone_mark(), sent.phone):
        link = applications.send(door(), room_key(), sent.order, entered, exhibits=shelf, contents=contents)
    session = applications.let_in(door().store, system_randomness, link)
    return let_in(redirect(url_for("apply.receipt"), 303), APPLICATION.code, session)


@pages.get("/receipt")
def receipt() -> Answer:
    """That it has arrived, the code, and what comes next by which day."""
    link = entered_by(APPLICATION)
    shown = _shown(link) if link else None
    if link is None or shown is None:
        return redirect(url_for("apply.status"))
    code = applications.shown(applications.code_of(room_key(), link.case))
    return page("portal/apply_receipt.html", code=code, status=shown, **_told())


@pages.route("/status", methods=["GET", "POST"])
def status() -> Answer:
    """How it stands, for who has typed the code."""
    if request.method == "POST":
        return _asked(request.form.get("code", "")[:LONGEST_CODE])
    link = entered_by(APPLICATION)
    shown = _shown(link) if link else None
    return page("portal/apply_status.html", status=shown, **_told())


def _asked(code: str) -> Answer:
    """In by a code; whatever is wrong is told the same."""
    try:
        _, session = applications.come_in(door().store, system_randomness, room_key(), code, request.remote_addr or "")
    except (CodeUnknown, RoomKeyMissing):
        return page("portal/apply_status.html", code=code, wrong=CodeUnknown().sentence, **_told()), 422
    return let_in(redirect(url_for("apply.status"), 303), APPLICATION.code, session)


def _shown(link: Link) -> ApplicationStatus | None:
    """How an application stands; the look is on record, or there is none. None where it is gone."""
    try:
        view = door().view(link.case, Office.AUDITOR)
        door().look_by_link(link.person, APPLICATION.office, view.case, "application status")
    except (ActorNotFound, OfficeNotHeld, CaseNotFound):
        return None
    links.stay(door().store, link)
    return status_of(view)


@pages.post("/leave")
def leave() -> Response:
    """End it here: nothing stays in the browser, which may be somebody else's."""
    link = entered_by(APPLICATION)
    if link is not None:
        links.leave(door().store, link)
    return forget(redirect(url_for("links.done", what="left"), 303), APPLICATION)
