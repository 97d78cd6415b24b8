"""工作台: what to do first, for whoever comes in."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from mediation_engine.domain.roles import Office
from mediation_engine.services.authorization import reach

from ..http import drafts
from ..http.case_access import record_list
from ..http.request_context import door, reader
from ..presenters import grid_worker_dashboard as grid_worker
from ..presenters.admin_dashboard import staff
from ..presenters.auditor_dashboard import to_verify
from ..presenters.calls import by_person, calls
from ..presenters.mediator_dashboard import board

LONGEST_PLACE = 160
"""Characters of the place from which a board goes on."""

pages = Blueprint("dashboard", __name__, url_prefix="/work")


@pages.get("")
def index() -> str:
    """One's own work, by the office one has come under."""
    after = request.args.get("after", "")[:LONGEST_PLACE]
    if reader().office is Office.GRID_WORKER:
        return _of_grid_worker(after)
    if reader().office is Office.ADMINISTRATOR:
        return render_template("admin_dashboard.html", staff=staff(door()))
    with door().store.read() as unit:
        own = reach(unit.register, reader().actor.organisation)
        begun = [(_called(it), it.address) for it in drafts.listed(unit)]
    if reader().office is Office.AUDITOR:
        found, further = to_verify(door(), own, after)
        record_list("board", len(found))
        return render_template("auditor_dashboard.html", found=found, after=after, further=further)
    shown = board(door(), reader().office, reader().actor, own, after, request.args.get("of", ""), begun)
    to_call = [] if after else by_person(calls(door(), reader().office, reader().actor)[0])
    record_list("board", len({todo.case for todo in shown.todos}))
    return render_template("mediator_dashboard.html", board=shown, after=after, to_call=len(to_call))


def _of_grid_worker(after: str) -> str:
    who = reader()
    shown = grid_worker.board(door(), who.office, who.actor, after)
    record_list("board", len(shown.to_do) + len(shown.waiting) + len(shown.over))
    zone = door().catalogue.zone
    grid = zone.grid_of(who.actor.id)
    district = zone.district(grid.district) if grid else None
    words = " · ".join(filter(None, (district.name if district else "", grid.name if grid else "")))
    return render_template("grid_worker_dashboard.html", board=shown, grid=words, after=after)


def _called(draft: drafts.Listed) -> str:
    return f"{draft.words}（{draft.number}）" if draft.number else draft.words
