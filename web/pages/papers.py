"""文书: looked at with numbers masked, taken away whole as PDF or Word file; and whether a text is the current one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

from flask import Blueprint, abort, render_template, request, send_file, session
from markupsafe import Markup
from werkzeug import Response

from mediation_engine.adapters.papers import MEDIA, drawn
from mediation_engine.adapters.papers.html import article
from mediation_engine.domain.roles import Office
from mediation_engine.errors import CaseNotFound
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.services.case_view import CaseView

from ..forms.command_form import PREFIX
from ..http.case_access import UNREADABLE, find, look, record, record_paper
from ..http.request_context import door, register, settings
from ..presenters.case_tabs import papers_tab
from ..presenters.dossier import delivering, filing, is_bound, lacking, lent, lying, places, printed
from ..presenters.papers import PaperDesk, desk_of, filled_as, kinds, retention_of
from ..presenters.text_check import status_of

pages = Blueprint("papers", __name__)
FILED = "filed"
"""How many files were filed since that was said last, by case and line, as the session has it."""


def _desk(view: CaseView, code: str, *, whole: bool) -> PaperDesk:
    """What a paper is filled from."""
    read_as = find(view.case.id, filled_as(view, code))
    return desk_of(read_as, door().store, register(), whole=whole, **settings().for_papers())


def _typed(given: Mapping[str, str]) -> dict[str, str]:
    """Fields of a form as its address has them."""
    return {f"{PREFIX}{name}": value for name, value in given.items()}


@pages.get("/cases/<case_id>/dossier")
def dossier(case_id: str) -> str:
    """What lies in each place of the dossier, and what is missing by now."""
    return dossier_page(look(case_id, "dossier"))


def dossier_page(
    view: CaseView, faults: Mapping[str, str] | None = None, *, said: bool = True, same: Sequence[str] = ()
) -> str:
    """The same of a view; `faults` are of files that were not filed, by what was wanted, the empty name for all.

    How many were filed is `said` once; with which exhibits (keys) one of them is the `same`, the form says when it is
    sent again.
    """
    inside, kept = lying(view), retention_of(view, settings().terms)
    given = {
        "printed": printed(inside),
        "lacking": lacking(inside),
        "lent": lent(view),
        "is_bound": is_bound(view),
        "kept": kept,
        "today": view.today,
        "limits": settings().exhibits.limits,
        "faults": faults or {},
        "filed": _filed(view.case.id) if said else 0,
        "same": same,
        "id": new_id(system_randomness, 16),
    }
    found = places(view)
    names = {it.name: f"{place.label}{f'（{it.whose}）' if it.whose else ''}" for place in found for it in place.wanted}
    return render_template("dossier.html", case=view.case, places=found, names=names, typed=_typed, **given)


def _filed(case: str) -> int:
    """How many files were filed in a case, said this once."""
    counts = session.pop(FILED, {})
    of_case = counts.pop(case, {})
    if counts:
        session[FILED] = counts
    return sum(of_case.values())


@pages.get("/cases/<case_id>/papers/<code>")
def show(case_id: str, code: str) -> str:
    """A paper on a page, with numbers and addresses masked."""
    about, large = _asked()
    desk = _desk(find(case_id), code, whole=False)
    paper = desk.filled(code, about, large=large)
    record(desk.case, f"paper {code} {about}".strip())
    kind = kinds(desk.view)[code]
    ways = {"back": _typed(filing(kind, about)), "onward": _typed(delivering(kind, about))}
    given = {"case": desk.case, "code": code, "about": about, "title": paper.title, "large": large}
    given["papers_tab"] = papers_tab(desk.view.workflow)
    given["has_dossier"] = bool(desk.view.workflow and desk.view.workflow.dossier)
    return render_template("paper.html", article=Markup(article(paper)), **given, **ways)


@pages.get("/cases/<case_id>/papers/<code>.<ending>")
def download(case_id: str, code: str, ending: str) -> Response:
    """The same to be printed and signed, with all that stands on it; that is on record, for each person on it."""
    if ending not in MEDIA:
        abort(404)
    about, large = _asked()
    view = find(case_id)
    view.check_whole()
    desk = _desk(view, code, whole=True)
    paper = desk.filled(code, about, large=large)
    content = drawn(paper, ending, settings().papers.fonts)
    record_paper(desk.case, f"print {code} {about}".strip(), desk.asked)
    name = f"{paper.title}{'（大字版）' if large else ''}{desk.case.facts.number or case_id}.{ending}"
    return send_file(BytesIO(content), mimetype=MEDIA[ending], as_attachment=True, download_name=name)


def _asked() -> tuple[str, bool]:
    """What the paper is about, and whether it is wanted in large print."""
    return request.args.get("about", ""), request.args.get("print") == "large"


@pages.get("/texts/<case_id>/<path:key>/<text_hash>")
def check(case_id: str, key: str, text_hash: str) -> str:
    """Whether a text on paper is the current one, for whoever has it in hand: nobody else knows its digest."""
    try:
        status = status_of(door().view(case_id, Office.AUDITOR), key, text_hash)
    except (CaseNotFound, *UNREADABLE):
        status = None
    return render_template("text_check.html", status=status, text_hash=text_hash)
