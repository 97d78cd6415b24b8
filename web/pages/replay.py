"""回放: a case as it was at each of its lines."""

from __future__ import annotations

import re

from flask import Blueprint, render_template, request

from ..here import door, look, reader
from ..reading import parties
from ..replaying import moment, place

pages = Blueprint("replay", __name__, url_prefix="/cases")


@pages.get("/<case_id>/replay")
def show(case_id: str) -> str:
    """The case at line `at`, or at the end of `day`; else at its last line."""
    at, day = request.args.get("at", "").strip(), request.args.get("day", "").strip()
    whole = look(case_id, f"replay {at or day}" if re.fullmatch(r"[\d-]{1,10}", at or day, re.ASCII) else "replay")
    lines = door().history(whole.id)
    found = place(lines, at, day)
    here = moment(door(), whole, lines, found.at, reader().office)
    given = {"case": whole, "names": parties(door(), whole)}
    return render_template("replay.html", here=here, place=found, last=len(lines), day=day, **given)
