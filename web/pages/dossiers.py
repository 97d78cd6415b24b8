"""The dossier: what is missing handed in on one page; taken away, bound as one PDF or as a folder, on record for each
person in it."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, redirect, request, send_file, session, url_for
from werkzeug import Response

from mediation_engine.domain.roles import Office
from mediation_engine.errors import CommandIdReused, ExhibitUnfit, FormFaults, Refused, RoomKeyMissing, UnfitText
from mediation_engine.export.bundle import zipped
from mediation_engine.export.folder import folder as in_folder
from mediation_engine.export.folder import safe
from mediation_engine.services.case_view import CaseView

from ..forms.dossier_form import FIELD, TITLE, order_of
from ..http.case_access import find, look, record_paper
from ..http.case_export import ZIP
from ..http.request_context import door, exhibits, reader, register, settings
from ..http.uploads import contents_of
from ..presenters.binder import Binder, binder_of
from .papers import FILED, dossier_page

pages = Blueprint("dossiers", __name__, url_prefix="/cases/<case_id>")
Answer = str | Response | tuple[str, int]
UNFIT = (ExhibitUnfit, RoomKeyMissing, Refused, CommandIdReused, UnfitText, FormFaults)
"""Why one place is not filled, whatever becomes of the others."""
TWICE = "刚才已经收存过一次，内容与现在选的不同；还要再放的，请再选一次。"
STRANGE = "这一页不完整，请重新打开再选"
NOTHING = "没有选择文件：请在缺的地方选好文件，再按“收存”。"


@pages.post("/dossier")
def file(case_id: str) -> Answer:
    """File what was handed in for places of the dossier, each by itself; what is refused is said there.

    A script sends one file at a time, for one place.
    """
    view = look(case_id, "dossier")
    names = [field.removeprefix(FIELD) for field in request.files if field.startswith(FIELD)]
    handed = {name: contents for name in names if (contents := contents_of(FIELD + name))}
    faults, filed = ({} if handed else {"": NOTHING}), dict[str, int]()
    for name, contents in handed.items():
        try:
            filed |= _filed(view, name, contents)
        except UNFIT as fault:
            faults[name] = TWICE if isinstance(fault, CommandIdReused) else fault.sentence
    before = session.get(FILED, {})
    session[FILED] = before | {case_id: before.get(case_id, {}) | filed}
    by_script = bool(request.form.get("by_script"))
    if faults:
        return dossier_page(find(case_id), faults, said=not by_script), 422
    if by_script:
        return Response(status=204)
    return redirect(url_for("papers.dossier", case_id=case_id), 303)


def _filed(view: CaseView, name: str, contents: list[bytes]) -> dict[str, int]:
    """How many files were filed, by the line that says so: what was filed before is told once."""
    order = order_of(view.case, request.form.get("id", ""), name, _title(name), reader().actor.id, reader().office)
    if order is None:
        raise ExhibitUnfit(why=STRANGE)
    return {str(exhibits().file(order, contents).first): len(contents)}


def _title(name: str) -> str:
    return request.form.get(TITLE + name, "")


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
