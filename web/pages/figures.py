"""数说战果: the figures of a period, what is behind each; for a wall, for paper, as a file in the columns of a form."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from werkzeug import Response

from workflows.figures.declared import BY_CODE, UNTOLD
from workflows.figures.form import COLUMNS

from ..http.case_access import record_list
from ..http.downloads import download
from ..http.request_context import door, reader, settings
from ..presenters import figures

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
pages = Blueprint("figures", __name__, url_prefix="/figures")


def _sought() -> tuple[figures.Sought, list[str]]:
    asked = {name: request.args.get(name, "")[:40] for name in ("period", "day", "by", "forms")}
    return figures.sought(asked, door().today())


def _board(it: figures.Sought) -> figures.Board:
    return figures.board(door(), reader().actor, it, settings().deadlines)


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
    return render_template(template, untold=UNTOLD, periods=figures.periods(today), **given)


@pages.get("/behind/<code>")
def behind(code: str) -> str:
    """What is behind a number: what its lines add is the number."""
    it, figure = _sought()[0], BY_CODE.get(code) or abort(404)
    group, undated = request.args.get("group"), request.args.get("undated") == "1"
    group = group[:80] if group is not None and it.by else None
    after, deadlines = request.args.get("after", "")[:240], settings().deadlines
    narrowed = {"group": group, "undated": undated, "after": after}
    found = figures.what_is_behind(door(), reader().actor, it, deadlines, figure, **narrowed)  # type: ignore[arg-type]
    record_list("figures", len({item.case for item in found.items}))
    address = it.address(door().today()) | ({"group": group} if group is not None else {})
    address |= {"undated": "1"} if undated else {}
    return render_template("figures_behind.html", found=found, it=it, address=address, further=after, f=figures)


@pages.get("/form")
def form() -> str:
    """The form in its own columns, for an A4 sheet."""
    it, faults = _sought()
    rows = figures.form_rows(door(), reader().actor, it, settings().deadlines)
    given = {"rows": rows, "columns": COLUMNS, "address": it.address(door().today()), "faults": faults}
    return render_template("figures_form.html", it=it, f=figures, notes=figures.notes(_board(it)), **given)


@pages.get("/file")
def file() -> Response:
    """The same as a file."""
    it, _ = _sought()
    rows = figures.form_rows(door(), reader().actor, it, settings().deadlines)
    return download([figures.as_xlsx(_board(it), rows)], f"数说战果-{it.period.code}.xlsx", XLSX)
