"""导出: a case or a checkpoint as a file to take away."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, send_file
from werkzeug import Response

from mediation_engine.domain.formatting import CHINA
from mediation_engine.export.case_file import VERIFIER, readable, write_case
from mediation_engine.export.checkpoint import write_checkpoint
from mediation_engine.services import maintenance

from ..http import case_export
from ..http.case_access import look_at_record
from ..http.request_context import door, key
from .audit import _own

pages = Blueprint("exports", __name__)


@pages.get("/cases/<case_id>/export")
def export(case_id: str) -> Response:
    """The case as a file somebody else can check, without what the reader may not read."""
    view = look_at_record(case_id, "export", whole=True)
    file = readable(maintenance.case_file(door().store, case_id), view.access)
    name = view.case.facts.number or case_id
    return _download(b"\n".join(write_case(file)) + b"\n", f"{name}.jsonl", "application/x-ndjson")


@pages.get("/cases/<case_id>/export.zip")
def with_exhibits(case_id: str) -> Response:
    """The same with the exhibits that the reader may open, and the program that checks them."""
    return case_export.with_exhibits(case_id)


@pages.get("/audit/verify.py")
def verifier() -> Response:
    """The program that checks an exported case by itself."""
    return _download(VERIFIER.read_bytes(), VERIFIER.name, "text/x-python")


@pages.get("/audit/checkpoint")
def checkpoint() -> Response:
    """Where every case of one's organisation and those below it stands now, and what lies beside the record."""
    now, stands = maintenance.checkpoint(door().store, _own(), door().catalogue)
    name = f"存证点-{now.astimezone(CHINA):%Y%m%d-%H%M}.json"
    return _download(write_checkpoint(stands, now.isoformat(), key()), name, "application/json")


def _download(content: bytes, name: str, kind: str) -> Response:
    return send_file(BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)
