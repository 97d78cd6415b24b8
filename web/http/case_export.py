"""A case with the exhibits that its reader may open, to be taken away; each of them is a look on record."""

from __future__ import annotations

from flask import Response

from mediation_engine.domain.files import FileHeld
from mediation_engine.export.bundle import bundle
from mediation_engine.export.case_file import readable, write_case
from mediation_engine.services import maintenance

from .case_access import look_at_record, record
from .downloads import download
from .request_context import door, exhibits, shelf

ZIP = "application/zip"


def with_exhibits(case_id: str, media: str = ZIP) -> Response:
    """The zip, under a media type. What is damaged is missing in it, and whoever checks it is told so.

    404 as in `look_at_record`; ReasonWanted; RoomKeyMissing.
    """
    service = exhibits()
    view = look_at_record(case_id, "export", whole=True)
    held = {it.id: (key, it) for key, ref in view.case.facts.files().items() if (it := FileHeld.read(ref))}
    file = maintenance.case_file(door().store, case_id, shelf().look_at)
    sound = {id for id in held if id in file.exhibits and not file.exhibits[id].fault}
    with door().store.read() as unit:
        rows = {id: row for id, row in unit.exhibits.of(case_id).items() if id in sound}
    for id in (id for id in held if id in rows):
        record(view.case, f"exhibit {held[id][0]}")
    name = view.case.facts.number or case_id
    kept = ((f"{id}.{held[id][1].ending}", service.parts(row)) for id, row in sorted(rows.items()))
    parts = bundle(name, write_case(readable(file, view.access, held)), kept)
    return download(parts, f"{name}.zip", media)
