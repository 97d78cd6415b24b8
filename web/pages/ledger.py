"""台账: the room's own ledger brought as a file, its columns named, looked at, then taken into cases row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug import Response

from mediation_engine.encryption.boxes import Place
from mediation_engine.errors import BoxUnreadable, NothingInForce, RoomKeyMissing, TableUnfit
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.input.tables import LARGEST, Sheet, write_table

from ..case_import import ledger_columns as columns
from ..case_import.ledger import Looked, Standing, is_described, take
from ..forms.carried import brought_back, carried
from ..forms.ledger_form import (
    HEAD,
    LedgerLooked,
    Opened,
    faults_table,
    headers_shown,
    keep_headers,
    kept_headers,
    looked,
    opened,
    rows_shown,
)
from ..http.case_access import record_list
from ..http.downloads import XLSX
from ..http.request_context import door, reader, register, room_key, settings

pages = Blueprint("ledger", __name__, url_prefix="/ledger")
Answer = str | Response | tuple[str, int]
FILE, CARRIED, ID, SINCE = "file", "carried", "id", "since"
SHEET, OF, COLUMN = "sheet", "of", "column."
"""The sheet that is meant, the one whose columns the page shows, and what each of those means, by its place."""
A_PRESS = 500
"""So many rows at most are taken by one press: about ten seconds."""
MOST_CARRIED = 900_000
"""Characters of a file that a page holds between the look and the press."""
MOST_SHOWN = 200
GONE = "这一页不完整或已失效，请重新交文件。"
TOO_LONG = "这张表在网页上一次录不了，请分成两份（如上半年、下半年）各交一次；或请管理员用 mediation ledger take 录入"


@pages.get("/template")
def template() -> Response:
    """An empty ledger to fill in."""
    content = write_table(columns.LEDGER)
    return send_file(BytesIO(content), mimetype=XLSX, as_attachment=True, download_name="台账.xlsx")


@pages.route("", methods=["GET", "POST"])
def index() -> Answer:
    """Hand in the file; say what its columns mean; see what was read; press."""
    if request.method == "GET":
        return _page()
    try:
        id, content = _handed_in()
        held = carried(content, room_key(), _place(id), door().randomness)
        if len(held) > MOST_CARRIED:
            raise TableUnfit(why=TOO_LONG)
        found = opened(content, kept_headers(door(), reader().actor), request.form.get(SHEET, ""), _said)
        return _answer(found, id, held)
    except (TableUnfit, NothingInForce, RoomKeyMissing) as fault:
        return _page(wrong=fault.sentence), 422
    except BoxUnreadable:
        return _page(wrong=GONE), 422


def _handed_in() -> tuple[str, bytes]:
    """The form and its file: handed in just now, or held by the browser since."""
    if request.form.get(CARRIED):
        id = request.form.get(ID, "")[:64]
        return id, brought_back(request.form[CARRIED], room_key(), _place(id))
    sent = request.files.get(FILE)
    content = sent.read(LARGEST + 1) if sent else b""
    if not content:
        raise TableUnfit(why="没有选择文件")
    return new_id(system_randomness, 16), content


def _place(id: str) -> Place:
    """Where a file that the browser holds belongs: to this form of this person."""
    return "ledger", reader().actor.organisation, reader().actor.id, id


def _said(sheet: Sheet) -> dict[str, str]:
    """What was chosen on the page for each header; nothing where that was said of another sheet."""
    asked = {name[len(COLUMN) :]: value for name, value in request.form.items() if name.startswith(COLUMN)}
    if request.form.get(OF, request.form.get(SHEET)) != request.form.get(SHEET):
        return {}
    return {header: asked[str(n)] for n, header in enumerate(sheet.headers) if str(n) in asked}


def _answer(found: Opened, id: str, held: str) -> Answer:
    do = request.form.get("do", "look")
    if found.wrong:
        return _page(found=found, id=id, held=held, asks=True), 200 if do == "look" else 422
    since = _since() if do == "take" else 0
    shown = looked(door(), found, reader().actor, door().today(), in_zone=settings().in_zone, since=since)
    if do == "faults" and shown.faults:
        return send_file(
            BytesIO(faults_table(shown.faults)), mimetype=XLSX, as_attachment=True, download_name="台账要改的.xlsx"
        )
    if do != "take" or shown.faults:
        record_list("ledger", len(shown.rows))
        return _page(found=found, id=id, held=held, shown=shown, asks=do == "columns"), 422 if shown.faults else 200
    return _take(found, id, held, shown)


def _since() -> int:
    """The row up to which everything was taken by the presses before."""
    typed = request.form.get(SINCE, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 8 else 0


def _take(found: Opened, id: str, held: str, shown: LedgerLooked) -> Answer:
    """Give the orders of the next rows; where there are more, the page that goes on."""
    to_give = shown.to_give
    now, later = to_give[:A_PRESS], to_give[A_PRESS:]
    people = register() if is_described(it.taking for it in now) else None
    keep_headers(door(), reader().actor, found)
    failed = list(take(door(), people, now))
    taken = len(now) - len(failed)
    if later:
        last = now[-1].taking.entry.row
        return _page(found=found, id=id, held=held, going=last, taken=taken, left=len(later), failed=failed)
    new = sum(it.standing is Standing.NEW for it in now) - sum(it.standing is Standing.NEW for it in failed)
    flash(_told(new, taken - new, shown))
    for it in islice(_others(shown, failed), 20):
        flash(it)
    return redirect(url_for("ledger.index"), 303)


def _told(new: int, more: int, shown: LedgerLooked) -> str:
    there = shown.count(Standing.THERE)
    said = [f"录入了 {new} 件新案"]
    if more:
        said.append(f"{more} 件补上了台账里新写的内容")
    if there:
        said.append(f"{there} 件以前录过，没有变化")
    return f"{'，'.join(said)}。"


def _others(shown: LedgerLooked, failed: Iterable[Looked]) -> Iterator[str]:
    yield from (f"{it}。" for it in (*shown.others, *failed))


def _page(**more: object) -> str:
    shown, found = more.get("shown"), more.get("found")
    extra: dict[str, object] = {}
    if isinstance(found, Opened):
        extra |= {"headers": headers_shown(found), "offered": [(c.name, c.label) for c in columns.LEDGER.columns]}
    if isinstance(shown, LedgerLooked):
        extra |= {"rows": rows_shown(shown)[:MOST_SHOWN], "head": HEAD, "standings": Standing}
    return render_template(
        "ledger.html",
        largest=LARGEST,
        most=columns.MOST_ROWS,
        most_shown=MOST_SHOWN,
        a_press=A_PRESS,
        asked=[column.label for column in columns.LEDGER.columns if column.required],
        **more,
        **extra,
    )
