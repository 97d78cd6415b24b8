"""材料: what is shown of an exhibit, and the file itself to take away. Filing one is a step like any other."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, request, send_file
from werkzeug import Response

from mediation_engine.domain.files import FileHeld
from mediation_engine.errors import ExhibitNotFound

from ..http.case_access import find, record
from ..http.request_context import exhibits

pages = Blueprint("exhibits", __name__, url_prefix="/cases/<case_id>/exhibits")


@pages.get("/<exhibit>")
def download(case_id: str, exhibit: str) -> Response:
    """The file as it was handed in."""
    key, held, content = _opened(case_id, exhibit, "exhibit")
    name = f"{case_id}-{key.replace('/', '-')}.{held.ending}"
    return send_file(BytesIO(content), mimetype=held.media, as_attachment=True, download_name=name)


@pages.get("/<exhibit>/preview")
def picture(case_id: str, exhibit: str) -> Response:
    """A picture of it, made here: nothing of the file itself, and nothing that was not seen."""
    from mediation_engine.exhibits.previews import LARGE, SMALL, preview  # it takes a while to read in

    _, held, content = _opened(case_id, exhibit, "preview")
    if not held.is_shown:
        raise ExhibitNotFound
    longest = SMALL if request.args.get("size") == "small" else LARGE
    return send_file(BytesIO(preview(content, held.media, longest)), mimetype="image/jpeg")


def _opened(case_id: str, exhibit: str, what: str) -> tuple[str, FileHeld, bytes]:
    """What a reader may open, with the look at it on record; 404 for whatever else, be it there or not."""
    view = find(case_id)
    opened = exhibits().content(view, exhibit)
    record(view.case, f"{what} {opened[0]}")
    return opened
