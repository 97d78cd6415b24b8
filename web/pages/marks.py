"""瑕疵、变通、更正: marked lines of all cases, narrowed by kind, rule, day and mediator."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from mediation_engine.services.authorization import reach

from ..http.case_access import record_list
from ..http.request_context import door, reader
from ..presenters.case_list import LONGEST, unknown
from ..presenters.marks import A_PAGE, a_page, choices, day_faults, place_read, wanted

LONGEST_PLACE = 240
DAYS = ("from", "to")

pages = Blueprint("marks", __name__, url_prefix="/marks")


@pages.get("")
def index() -> str:
    """Marked lines of one's organisation and those below it, the latest first, a page at a time."""
    who, today, after = reader(), door().today(), request.args.get("after", "")[:LONGEST_PLACE]
    with door().store.read() as unit:
        own = reach(unit.register, who.actor.organisation)
    offered = choices(door(), own)
    asked = {name: request.args.get(name, "") for name in (*(it.name for it in offered), *DAYS)}
    faults = [*unknown(asked, offered), *day_faults(asked, today)]
    place, most = place_read(after), A_PAGE + 1
    found = [] if faults else door().marks(who.office, who.actor, wanted(asked, own, today), after=place, most=most)
    rows, further = a_page(found)
    record_list("marks", len({it.case for it in rows}))
    address = {name: value[:LONGEST] for name, value in asked.items() if value}
    given = {"rows": rows, "further": further, "address": address, "offered": offered, "faults": faults}
    return render_template("marks.html", after=place is not None, **given)
