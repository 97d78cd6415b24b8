"""The list of cases, and one case."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from mediation_engine.domain.roles import Office
from mediation_engine.errors import RulesNotInForce, UnknownWorkflow
from mediation_engine.services.authorization import reach
from mediation_engine.services.case_view import CaseView

from ..http.case_access import look
from ..http.request_context import door, reader
from ..presenters.case_details import Casework
from ..presenters.case_list import LONGEST, a_page, choices, unknown, wanted
from ..presenters.case_options import Asking
from ..presenters.next_steps import Next, next_steps
from ..presenters.timeline import A_PAGE, Corrections, by_day, told_to

pages = Blueprint("cases", __name__, url_prefix="/cases")


@pages.get("")
def index() -> str:
    """Cases of one's organisation and those below it, narrowed to what is asked for, a page at a time."""
    with door().store.read() as unit:
        own = reach(unit.register, reader().actor.organisation)
    asked = {name: value for name, value in request.args.items() if value and name != "after"}
    offered, after, today = choices(door(), own), request.args.get("after", "")[:80], door().today()
    faults = unknown(asked, offered)
    shown, more = ([], False) if faults else a_page(door(), wanted(asked, own, today), after, today)
    kept = {n: asked[n] for n in ("q", *(c.name for c in offered)) if n in asked}
    given = {"asked": kept, "offered": offered, "faults": faults, "longest": LONGEST}
    return render_template("cases.html", listed=shown, after=after, more=more, **given)


@pages.get("/<case_id>")
def show(case_id: str) -> str:
    """One case: where it stands, what it consists of, how it came there; `show=joint` for a screen all look at."""
    joint = request.args.get("show") == "joint"
    view = look(case_id, "screen" if joint else "case", Office.AUDITOR if joint else None)
    told = told_to(view.workflow, view.lines, joint)
    begin = max(0, _upto(len(told)) - A_PAGE)
    return render_template(
        "case.html",
        case=view.case,
        workflow=view.workflow,
        teller=view.teller,
        work=Casework(view=view, joint=joint),
        joint=joint,
        panel=None if joint else _panel(view),
        days=by_day(
            told[begin : _upto(len(told))],
            view.teller,
            joint=joint,
            first=begin + 1,
            corrections=_corrections(view, joint),
        ),
        earlier=begin,
    )


def _corrections(view: CaseView, joint: bool) -> Corrections:
    """What has been corrected; and whether the reader may correct something."""
    offered = not joint and view.office in (Office.MEDIATOR, Office.LEAD)
    return Corrections(marks=view.corrected, restated=view.restated, offered=offered)


def _panel(view: CaseView) -> Next:
    """What can be done next; or why nothing can, where the rules of the case are not in force."""
    try:
        workflow = door().catalogue.in_force(view.case.rules)
    except (UnknownWorkflow, RulesNotInForce) as fault:
        return Next(why_not=fault.sentence)
    return next_steps(Asking(view=view, workflow=workflow))


def _upto(count: int) -> int:
    """Up to which line of so many is asked for; all of them where nothing sensible is."""
    asked = request.args.get("upto", "")
    return min(count, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 9 else count
