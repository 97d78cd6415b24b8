"""回放: a case as it was at each of its lines."""

from __future__ import annotations

import re

from flask import Blueprint, render_template, request

from mediation_engine.domain.formatting import heading

from ..http.case_access import look
from ..presenters.replay import moment, on_day_of_event, place

pages = Blueprint("replay", __name__, url_prefix="/cases")


@pages.get("/<case_id>/replay")
def show(case_id: str) -> str:
    """The case at line `at`, or at the end of `day`; else at its last line.

    With `by=happened` as it was on the day by when things happened, whenever they were recorded.
    """
    at, day = request.args.get("at", "").strip(), request.args.get("day", "").strip()
    happened = request.args.get("by") == "happened"
    view = look(case_id, f"replay {at or day}" if re.fullmatch(r"[\d-]{1,10}", at or day, re.ASCII) else "replay")
    if day and happened and (past := on_day_of_event(view, day)) is not None:
        return render_template("replay_day.html", past=past, case=view.case, names=heading(view.parties), day=day)
    found = place([it.line for it in view.lines], at, day)
    given = {"case": view.case, "names": heading(view.parties), "last": len(view.lines), "day": day}
    return render_template("replay.html", here=moment(view, found.at), place=found, **given)
