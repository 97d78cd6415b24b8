"""例会: those to be held and those that were; one is called by its four things."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from mediation_engine.domain.formatting import day_words
from mediation_engine.errors import NothingInForce
from workflows.zone.meeting.calling import S as State
from workflows.zone.meeting.vocabulary import MEETING

from ..forms.meeting_form import MeetingForm
from ..http import drafts, error_pages, new_item
from ..http.case_access import record_list
from ..http.request_context import door, reader
from ..presenters.meetings import STEPS, Asked, bodies, listed, staff, themes

pages = Blueprint("meetings", __name__, url_prefix="/meetings")
TWICE = "这张表刚才已经召集过一次例会，内容与现在填写的不同。确实是另一次的，请核对后再按“召集例会”。"


@pages.get("")
def index() -> str:
    """Meetings by how far they are, those to be held first; of one theme."""
    given = request.args
    asked = Asked(group=given.get("group", ""), kind=given.get("kind", "")[:40], after=given.get("after", "")[:80])
    found = listed(door(), reader().office, reader().actor, asked)
    record_list("meetings", len(found.rows))
    return render_template(
        "meetings.html",
        meetings=found,
        asked=asked,
        groups=tuple(State),
        step=STEPS.get(found.group),
        themes=themes(),
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> new_item.Answer:
    """The form; and the meeting it calls."""
    today = door().today()
    workflow = next(iter(door().catalogue.for_new_cases(today, MEETING)), None)
    if workflow is None:
        return error_pages.page(409, ("现在不能召集例会", NothingInForce(day=day_words(today)).sentence))
    if put_by := drafts.answer():
        return put_by
    own, known = staff(door(), reader().actor), bodies(door(), reader().actor)
    about = request.args.get("about", "")[:80]
    return new_item.register(
        lambda typed: MeetingForm.of(typed, today, own, known, about),
        drafts.here(),
        workflow,
        "meeting_new.html",
        number="例会",
        twice=TWICE,
    )
