"""今天要打的电话: whom of the parties something concerns today, and who is reached by telephone alone."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, render_template, request, url_for
from werkzeug import Response

from mediation_engine.domain.people import RegisterReason
from mediation_engine.domain.roles import Office

from ..http.case_access import record_list, record_person
from ..http.request_context import door, reader, register
from ..presenters.calls import MINE, ROOM, CallRow, by_person, calls, with_numbers
from .people import SECONDS_SHOWN

pages = Blueprint("calls", __name__, url_prefix="/calls")


@pages.get("")
def index() -> str:
    """All of them, numbers masked."""
    rows, more = _calls()
    record_list("calls", len({row.case for row in rows}))
    return _page(rows, more)


@pages.post("/look")
def look() -> Response:
    """The same with the numbers of one person whole, for a minute; that look is on record."""
    rows, more = _calls()
    id = request.form.get("person", "")
    if not any(id in row.speakers for row in rows):
        abort(404)
    record_person(register().known(reader().actor, id).person, "person phones", RegisterReason.CONTACT.code)
    answer = make_response(_page(rows, more, whole=id))
    answer.headers["Refresh"] = f"{SECONDS_SHOWN}; url={url_for('calls.index', of=_of())}"
    return answer


def _of() -> str:
    """Whose: the room's for the lead who asks, else one's own."""
    return ROOM if reader().office is Office.LEAD and request.args.get("of") == ROOM else MINE


def _calls() -> tuple[list[CallRow], bool]:
    rows, more = calls(door(), reader().office, reader().actor, _of())
    return by_person(rows), more


def _page(rows: list[CallRow], more: bool, whole: str = "") -> str:
    known = register().all_details(reader().actor, {id for row in rows for id in row.speakers})
    shown = with_numbers(rows, known, whole)
    by_case = dict[str, list[CallRow]]()
    for row in shown:
        by_case.setdefault(row.case, []).append(row)
    scopes = [(MINE, "我的"), (ROOM, "全室")] if reader().office is Office.LEAD else []
    given = {"of": _of(), "scopes": scopes, "seconds": SECONDS_SHOWN, "whole": whole}
    return render_template("calls.html", cases=by_case, count=len(shown), more=more, **given)
