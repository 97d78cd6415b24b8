"""The list of cases, and one case."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from mediation_engine.domain.roles import Office
from mediation_engine.rights import reach

from ..casework import Casework
from ..here import door, look, reader
from ..listing import LONGEST, a_page, choices, unknown, wanted
from ..reading import teller
from ..timeline import A_PAGE, by_day, told_to

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
    case = look(case_id, "screen" if joint else "case")
    lines, workflow = door().history(case.id), door().catalogue.reading(case.workflow)
    telling = teller(door(), case, Office.AUDITOR if joint else reader().office, lines)
    work = Casework(case=case, workflow=workflow, teller=telling, lines=lines, joint=joint)
    told = told_to(workflow, lines, joint)
    begin = max(0, _upto(len(told)) - A_PAGE)
    days = by_day(told[begin : _upto(len(told))], telling, joint=joint, first=begin + 1)
    given = {"case": case, "workflow": workflow, "teller": telling, "work": work, "joint": joint}
    return render_template("case.html", days=days, earlier=begin, **given)


def _upto(count: int) -> int:
    """Up to which line of so many is asked for; all of them where nothing sensible is."""
    asked = request.args.get("upto", "")
    return min(count, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 9 else count
