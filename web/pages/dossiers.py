"""The dossier taken away: bound as one PDF, or as a folder; on record, for each person in it."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, send_file

from mediation_engine.domain.roles import Office
from mediation_engine.export.bundle import zipped
from mediation_engine.export.folder import folder as in_folder
from mediation_engine.export.folder import safe

from ..http.case_access import find, record_paper
from ..http.case_export import ZIP
from ..http.request_context import door, exhibits, register, settings
from ..presenters.binder import Binder, binder_of

pages = Blueprint("dossiers", __name__, url_prefix="/cases/<case_id>")


def _binder(case_id: str) -> Binder:
    """404; ReasonWanted; RoomKeyMissing."""
    view, joint = find(case_id), find(case_id, Office.AUDITOR)
    return binder_of(view, joint, door().store, register(), exhibits, **settings().for_papers())


@pages.get("/dossier.pdf")
def whole(case_id: str) -> Response:
    """All of it as one PDF."""
    binder, out = _binder(case_id), BytesIO()
    binder.write_pdf(out, settings().papers.fonts)
    record_paper(binder.view.case, "bound dossier", binder.people(), binder.opened())
    out.seek(0)
    name = f"整卷{binder.name}.pdf"
    return send_file(out, mimetype="application/pdf", as_attachment=True, download_name=name)


@pages.get("/dossier.zip")
def folder(case_id: str) -> Response:
    """All of it as files of a folder, made while they are sent."""
    binder = _binder(case_id)
    files = binder.files(settings().papers.fonts)
    record_paper(binder.view.case, "dossier folder", binder.people(), binder.opened())
    answer = Response(zipped(in_folder(safe(binder.name), files)), mimetype=ZIP)
    answer.headers.set("Content-Disposition", "attachment", filename=f"电子卷{binder.name}.zip")
    return answer
