"""材料: what is shown of an exhibit, and the file itself to take away. Filing one is a step like any other."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from flask import Blueprint, request, send_file
from werkzeug import Response

from mediation_engine.domain.files import FileHeld
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.order import Order
from mediation_engine.errors import ExhibitNotFound
from mediation_engine.services.case_view import CaseView
from workflows.facts import Exhibit, facts_of
from workflows.parts.exhibit import FileExhibit, filed
from workflows.parts.states import ExhibitState

from ..http.case_access import find, record
from ..http.request_context import exhibits, reader
from ..presenters.dossier import named

pages = Blueprint("exhibits", __name__, url_prefix="/cases/<case_id>/exhibits")

SAME = "same"
"""What a form calls the exhibits (keys) of which its sender was told that they are the same as what he hands in."""


class FiledBefore(Exception):
    """The very same file is there already, and nobody was told."""

    def __init__(self, view: CaseView, keys: Sequence[str]) -> None:
        self.keys = keys
        names = "、".join(named(view, key) for key in keys)
        self.sentence = f"同样的文件已经收存过：{names}。这次没有收。确实要再收一份的，再交一次。"
        super().__init__(self.sentence)


def check_new(view: CaseView, order: Order, contents: Sequence[bytes]) -> None:
    """Say which exhibits are the same as what is handed in, of the same party at the same place of the dossier, unless
    that was said before. FiledBefore. What was given already is given once anyhow."""
    given = order.command
    if (reader().actor.organisation, order.id) in view.case.orders or not isinstance(given, FileExhibit):
        return
    there, about, told = facts_of(view.case).exhibits, _about(filed(given)), {*request.form.getlist(SAME)}
    same = dict.fromkeys(key for content in contents for key in exhibits().same_as(view, content))
    meant = [key for key in same if view.case.is_in(key, ExhibitState.FILED) and _about(there[key]) == about]
    if not told.issuperset(meant):
        raise FiledBefore(view, meant)


def _about(it: Exhibit) -> tuple[Labelled | None, str | None]:
    return it.place, it.party


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
