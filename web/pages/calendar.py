"""工作日历: a year on a page, where a period ends, and the form for the yearly notice."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from mediation_engine.domain.periods import period_end
from mediation_engine.errors import NoticeUnfit, YearOfficial, YearUnknown
from mediation_engine.input.holiday_notice import MOST_CHARACTERS
from mediation_engine.services.authorization import READERS, reach
from mediation_engine.services.calendar import Taking, import_notice, imported_years, known_calendar, preview_notice
from mediation_engine.services.recounting import recount

from ..forms.period_form import PeriodForm
from ..http import drafts
from ..http.request_context import door, reader, settings
from ..presenters import calendar as shown
from ..presenters.deadlines import ShownMove, moved_in

pages = Blueprint("calendar", __name__, url_prefix="/calendar")
Answer = str | Response | tuple[str, int]


@pages.get("")
def index() -> Response:
    """To this year."""
    return redirect(url_for("calendar.year", year=door().today().year))


@pages.get("/<int:year>")
def year(year: int) -> Answer:
    """Twelve months, what is off and worked, and where that is from. YearUnknown."""
    calendar = known_calendar(door().store)
    known = calendar.year(year)
    with door().store.read() as unit:
        names = {actor.id: actor.name for actor in unit.register.actors()}
    older = [
        shown.older_words(it, names.get(it.imported_by, it.imported_by))
        for it in imported_years(door().store, year)[1:]
    ]
    return render_template(
        "calendar.html",
        known=known,
        status=shown.status_words(known),
        source=shown.source_words(known, names.get(known.imported_by, known.imported_by)),
        months=shown.months(calendar, year, door().today()),
        around=[it for it in (year - 1, year + 1) if it in calendar.years],
        older=older,
        moved=_moved(year),
        longest=MOST_CHARACTERS,
    )


@pages.get("/count")
def count() -> Answer:
    """Where a period ends that is counted from a day."""
    form = PeriodForm.typed(request.args, door().today())
    if not form.is_asked or form.faults:
        return render_template("calendar_count.html", form=form), 422 if form.faults else 200
    assert form.start is not None and form.number is not None and form.unit is not None
    try:
        end = period_end(known_calendar(door().store), form.start, form.number, form.unit)
    except YearUnknown as unknown:
        return render_template("calendar_count.html", form=form, wrong=unknown.sentence), 422
    told = {"counted": shown.counted_words(end), "why": shown.why_words(end), "days": [*shown.three_days(end)]}
    return render_template("calendar_count.html", form=form, end=end, provisional=shown.PROVISIONAL, **told)


@pages.route("/import", methods=["GET", "POST"])
def take() -> Answer:
    """The form for the notice: it is read and shown first, and taken when the same text is sent again."""
    if put_by := drafts.answer():
        return put_by
    draft = drafts.here()
    typed = draft or request.form
    text = typed.get("text", "")
    if request.method != "POST":
        return _form(text, draft=draft is not None)
    try:
        taking = preview_notice(door().store, text)
        if request.form.get("do") != "take" or request.form.get("checked") != taking.notice.digest:
            return _form(text, taking)
        taken = import_notice(door().store, reader().actor.id, text, replace="replace" in request.form)
    except NoticeUnfit as unfit:
        return _form(text, faults=[str(fault) for fault in unfit.faults]), 422
    except YearOfficial:
        return _form(text, taking, faults=["内容与现有的官方安排不同；确要换掉，请勾选“换掉现有的安排”再导入"]), 422
    drafts.done()
    moved = recount(door().store, door().catalogue, settings().channels)
    flash(shown.outcome_words(taken, dry_run=False) + shown.moved_words(moved))
    return redirect(url_for("calendar.year", year=taken.notice.year), 303)


def _moved(year: int) -> list[ShownMove]:
    """What the notices of a year moved in the reader's cases; nothing for whoever may not look at cases."""
    if reader().office not in READERS:
        return []
    with door().store.read() as unit:
        own = reach(unit.register, reader().actor.organisation)
    return moved_in(door().store, door().catalogue, year, own)


def _form(text: str, taking: Taking | None = None, **more: Any) -> str:
    read = {}
    if taking is not None:
        read = {
            "taking": taking,
            "outcome": shown.outcome_words(taking, dry_run=True),
            "stretches": shown.stretches(taking.notice.days),
            "calls": shown.notice_words(taking.notice),
        }
    return render_template("calendar_import.html", text=text, longest=MOST_CHARACTERS, **read, **more)
