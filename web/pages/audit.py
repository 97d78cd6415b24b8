"""校验, 导出, 查阅记录: the record held against itself, taken away, and who looked at it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO

from flask import Blueprint, render_template, request, send_file
from werkzeug import Response

from mediation_engine.audit import Finding, Head
from mediation_engine.domain.formatting import CHINA, heading
from mediation_engine.domain.roles import Office
from mediation_engine.errors import FileFault, MediationError
from mediation_engine.export.case_file import readable, write_case
from mediation_engine.export.checkpoint import read_checkpoint, write_checkpoint
from mediation_engine.ports.views import Read
from mediation_engine.services import maintenance
from mediation_engine.services.authorization import reach
from mediation_engine.services.case_view import CaseView

from ..http.case_access import look, look_at_record
from ..http.request_context import door, reader
from ..verifying import shown, verdict

pages = Blueprint("audit", __name__)
A_PAGE, READS_A_PAGE = 20, 50


class NoFileChosen(MediationError):
    """还没有选择文件。请先选择存证点文件，再核对。"""


@pages.get("/cases/<case_id>/audit")
def show(case_id: str) -> str:
    """One case: is its record whole, was every step lawful."""
    return _verified(look_at_record(case_id, "audit"))


@pages.post("/cases/<case_id>/audit")
def check(case_id: str) -> str | tuple[str, int]:
    """The same, held against a checkpoint kept elsewhere."""
    view = look_at_record(case_id, "audit")
    try:
        return _verified(view, _uploaded())
    except (NoFileChosen, FileFault) as fault:
        return _verified(view, fault=fault.sentence), 422


def _verified(view: CaseView, heads: Mapping[str, Head] | None = None, fault: str = "") -> str:
    service, case = door(), view.case
    own = {case.id: heads[case.id]} if heads and case.id in heads else None
    found = next(f for _, f in maintenance.audit_store(service.store, service.catalogue, [case.id], own))
    return render_template(
        "audit.html",
        case=case,
        count=view.stored,
        verdict=verdict(found),
        findings=shown(found, view),
        against=None if heads is None else own,
        held=own is not None or heads is None,
        fault=fault,
        secret=reader().office is Office.AUDITOR,
    )


def _uploaded() -> dict[str, Head]:
    """The heads in the file sent along. NoFileChosen, FileFault."""
    sent = request.files.get("checkpoint")
    if not sent or not sent.filename:
        raise NoFileChosen
    return read_checkpoint(sent.read(), sent.filename[:80])


@pages.get("/audit")
def index() -> str:
    """Cases of one's organisation and those below it, each verified, a page at a time."""
    return _all()


@pages.post("/audit")
def compare() -> str | tuple[str, int]:
    """All of them at once held against a checkpoint: where each of them stood then."""
    try:
        heads = _uploaded()
    except (NoFileChosen, FileFault) as fault:
        return _all(fault=fault.sentence), 422
    counted, found = maintenance.compare(door().store, heads, _own())
    return _all(compared=(len(heads), counted, found))


def _all(compared: tuple[int, int, list[Finding]] | None = None, fault: str = "") -> str:
    after, service = request.args.get("after", "")[:80], door()
    with service.store.read() as unit:
        rows = unit.views.case_rows(after=after, most=A_PAGE + 1, organisations=_own())
    numbers = {row.case: row.number for row in rows[:A_PAGE]}
    found = [(c, numbers[c], verdict(f)) for c, f in maintenance.audit_store(service.store, service.catalogue, numbers)]
    return render_template(
        "audits.html", found=found, after=after, more=len(rows) > A_PAGE, compared=compared, fault=fault
    )


def _own() -> frozenset[str]:
    with door().store.read() as unit:
        return reach(unit.register, reader().actor.organisation)


# -- files to take away


@pages.get("/cases/<case_id>/export")
def export(case_id: str) -> Response:
    """The case as a file somebody else can check, without what the reader may not read."""
    view = look_at_record(case_id, "export")
    file = readable(maintenance.case_file(door().store, case_id), reader().office)
    name = view.case.facts.number or case_id
    return _download(b"\n".join(write_case(file)) + b"\n", f"{name}.jsonl", "application/x-ndjson")


@pages.get("/audit/checkpoint")
def checkpoint() -> Response:
    """Where every case of one's organisation and those below it stands now."""
    now, heads = maintenance.checkpoint(door().store, _own())
    name = f"存证点-{now.astimezone(CHINA):%Y%m%d-%H%M}.json"
    return _download(write_checkpoint(heads, now.isoformat()), name, "application/json")


def _download(content: bytes, name: str, kind: str) -> Response:
    return send_file(BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)


# -- who looked

LOOKS = {
    "case": "案件页",
    "screen": "投屏",
    "audit": "校验",
    "export": "导出",
    "reads": "查阅记录",
    "replay": "回放",
    "history": "经过",
    "workflow": "流程图",
    "available": "能办什么",
    "missing": "还差什么",
    "step": "填写步骤",
}


def look_words(what: str) -> str:
    """What was looked at, in words."""
    at = re.fullmatch(r"replay (\d+)", what)
    day = re.fullmatch(r"replay (\d{4}-\d\d-\d\d)", what)
    return f"回放第{at[1]}条" if at else f"回放到{day[1]}" if day else LOOKS.get(what, what)


@pages.get("/cases/<case_id>/reads")
def reads(case_id: str) -> str:
    """Who looked at a case, the latest first, this look among them."""
    view = look(case_id, "reads")
    case = view.case
    with door().store.read() as unit:
        noted = unit.views.reads(case.id)
    asked = request.args.get("upto", "")
    upto = min(int(asked), len(noted)) if asked.isascii() and asked.isdigit() and len(asked) < 9 else len(noted)
    begin = max(0, upto - READS_A_PAGE)
    rows = [_row(number, read, view.actors) for number, read in reversed(list(enumerate(noted[begin:upto], begin + 1)))]
    given = {"total": len(noted), "earlier": begin, "names": heading(view.parties)}
    return render_template("reads.html", case=case, rows=rows, **given)


def _row(number: int, read: Read, names: Mapping[str, str]) -> dict[str, object]:
    office = Office.named(read.office)
    return {
        "number": number,
        "at": read.at,
        "who": names.get(read.actor, read.actor),
        "office": office.label if office else read.office,
        "what": look_words(read.what),
    }
