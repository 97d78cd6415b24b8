"""回放: a case as it was at each of its lines."""

from __future__ import annotations

import re
from datetime import date

from flask import Blueprint, render_template, request

from mediation_engine.domain.formatting import heading
from mediation_engine.input.days import Unread, read_day

from ..http.case_access import look
from ..presenters.replay import moment, on_day_of_event, place

pages = Blueprint("replay", __name__, url_prefix="/cases")


@pages.get("/<case_id>/replay")
def show(case_id: str) -> str:
    """The case at line `at`, or at the end of `day`; else at its last line.

    With `by=happened` as it was on the day by when things happened, whenever they were recorded.
    """
    at, day = request.args.get("at", "").strip(), request.args.get("day", "").strip()
    happened, asked = request.args.get("by") == "happened", at or _day(day, None)
    view = look(case_id, f"replay {asked}" if re.fullmatch(r"[\d-]{1,10}", asked, re.ASCII) else "replay")
    on = _day(day, view.today)
    if day and happened and (past := on_day_of_event(view, on)) is not None:
        return render_template("replay_day.html", past=past, case=view.case, names=heading(view.parties), day=day)
    found = place([it.line for it in view.lines], at, on)
    given = {"case": view.case, "names": heading(view.parties), "last": len(view.lines), "day": day}
    return render_template("replay.html", here=moment(view, found.at), place=found, **given)


def _day(typed: str, today: date | None) -> str:
    """A day as it was typed, as 2026-11-23; what is none stays as it is."""
    try:
        return read_day(typed, today, past=True).isoformat()
    except Unread:
        return typed
