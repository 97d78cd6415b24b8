"""室务: what waits for the lead's decision, who has how much in hand, what was set aside; the lead's."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from ..http.case_access import look, record_list
from ..http.request_context import door, reader
from ..presenters.mediator_dashboard import place_read
from ..presenters.room import decisions, loads, undecided
from .dashboard import LONGEST_PLACE

pages = Blueprint("room", __name__, url_prefix="/room")


@pages.get("")
def index() -> str:
    """Each case that waits for a decision is looked at, on record, since its text is shown."""
    after = request.args.get("after", "")[:LONGEST_PLACE]
    cases, further = undecided(door(), reader().actor, place_read(after))
    found = [decision for case in cases for decision in decisions(look(case, "decide"))]
    record_list("room", len(cases))
    own = [] if after else loads(door(), reader().actor)
    return render_template("room.html", decisions=found, loads=own, after=after, further=further)
