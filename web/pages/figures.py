"""数说战果: the figures of a period, what is behind each; for a wall, for paper, as a file in the columns of a form."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug import Response

from mediation_engine.errors import Refused
from workflows.figures.declared import BY_CODE, UNTOLD
from workflows.figures.form import COLUMNS

from ..http.case_access import record_list
from ..http.downloads import XLSX, download
from ..http.request_context import door, reader, settings
from ..presenters import figures

Answer = str | Response | tuple[str, int]
pages = Blueprint("figures", __name__, url_prefix="/figures")


def _sought(usual: str = "") -> tuple[figures.Sought, list[str]]:
    """What is asked for; unasked the period that is usual."""
    asked = {name: request.args.get(name, "")[:40] for name in ("period", "day", "by", "forms", "to")}
    return figures.sought(asked | ({} if asked["period"] else {"period": usual}), door().today())


def _board(it: figures.Sought) -> figures.Board:
    return figures.board(door(), reader().actor, it, settings().counting, settings().figures)


@pages.get("")
def index() -> str:
    """The figures of a period, each leading to what is behind it."""
    return _page("figures.html")


@pages.get("/screen")
def screen() -> str:
    """A few of them, large, for a screen on a wall: small numbers of a group are not told there."""
    return _page("figures_screen.html")


def _page(template: str) -> str:
    it, faults = _sought()
    found, today = _board(it), door().today()
    given = {"board": found, "it": it, "faults": faults, "address": it.address(today), "f": figures}
    given |= {"campaigns": door().catalogue.zone.campaigns, "today": today, "named": figures.named_periods(today)}
    return render_template(template, untold=UNTOLD, periods=figures.periods(today), **given)


@pages.get("/behind/<code>")
def behind(code: str) -> str:
    """What is behind a number: what its lines add is the number."""
    it, figure = _sought()[0], BY_CODE.get(code) or abort(404)
    group, undated = request.args.get("group"), request.args.get("undated") == "1"
    group = group[:80] if group is not None and it.by else None
    after, counting = request.args.get("after", "")[:240], settings().counting
    narrowed = {"group": group, "undated": undated, "after": after}
    found = figures.what_is_behind(door(), reader().actor, it, counting, figure, **narrowed)  # type: ignore[arg-type]
    record_list("figures", len({item.case for item in found.items if item.case}))
    address = it.address(door().today()) | ({"group": group} if group is not None else {})
    address |= {"undated": "1"} if undated else {}
    return render_template("figures_behind.html", found=found, it=it, address=address, further=after, f=figures)


@pages.get("/form")
def form() -> str:
    """The form in its own columns, for an A4 sheet."""
    it, faults = _sought()
    rows = figures.form_rows(door(), reader().actor, it, settings().counting)
    given = {"rows": rows, "columns": COLUMNS, "address": it.address(door().today()), "faults": faults}
    given |= {"notes": figures.notes(_board(it)), "days": [] if it.outside else figures.days_told()}
    return render_template("figures_form.html", it=it, f=figures, **given)


@pages.get("/reports")
def reports() -> str:
    """What was sent upwards, frozen, the latest first."""
    last = figures.last_over(door().today())
    return _reports(*_sought(last.code))


@pages.post("/reports")
def freeze() -> Answer:
    """Freeze the figures of a period as they are now."""
    asked = {name: request.form.get(name, "")[:40] for name in ("period", "forms")}
    it, faults = figures.sought(asked, door().today())
    if not asked["period"].strip():
        faults.append("请写明上报哪个期间，如 上个月")
    if faults:
        return _reports(it, faults), 422
    try:
        made = figures.freeze_now(door(), reader().actor, it, settings().counting)
    except Refused as refused:
        return _reports(it, [one.sentence for one in refused.refusals]), 422
    flash(f"{it.period.words}的数字已经冻结，校验码 {made.digest[:16]}。")
    return redirect(url_for("figures.report", id=made.id), 303)


def _reports(it: figures.Sought, faults: Sequence[str]) -> str:
    found = figures.reports(door(), reader().actor)
    given = {"found": found, "it": it, "faults": faults, "today": door().today()}
    return render_template("figures_reports.html", f=figures, **given)


@pages.get("/reports/<id>")
def report(id: str) -> str:
    """A frozen report, beside the one that it adds to and what its figures are now."""
    found = figures.one_report(door(), reader().actor, id[:80], settings().counting) or abort(404)
    told, rows = found
    is_same = all(row.now in (None, row.value) for row in rows)
    return render_template("figures_report.html", told=told, rows=rows, is_same=is_same, f=figures)


@pages.get("/file")
def file() -> Response:
    """The same as a file."""
    it, _ = _sought()
    rows = figures.form_rows(door(), reader().actor, it, settings().counting)
    return download([figures.as_xlsx(_board(it), rows)], f"数说战果-{it.period.code}.xlsx", XLSX)
