"""事项: what comes to the room besides cases and alerts; one is registered by hand by what its kind asks."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug import Response

from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.roles import OWN_ONLY
from mediation_engine.errors import NothingInForce
from workflows.zone.matter.kinds import kinds_of
from workflows.zone.matter.vocabulary import MATTER

from ..forms.matter_form import MatterForm
from ..http import drafts, error_pages, new_item, searches
from ..http.case_access import record_list
from ..http.request_context import door, reader
from ..presenters.alerts import choices
from ..presenters.case_list import LONGEST
from ..presenters.matters import Asked, Group, kind_choices, listed, only_words, reception_words

pages = Blueprint("matters", __name__, url_prefix="/matters")
TWICE = "这张表刚才已经登记过一件，内容与现在填写的不同。确实是另一件的，请核对后再按“登记事项”。"


@pages.get("")
def index() -> str:
    """Matters by what is to be done with them, the oldest first; of one kind, one district, or late ones only."""
    given = request.args
    number = given.get("search", "")
    words = searches.words_of(number) if number else ""
    asked = Asked(
        words=words or "",
        group=given.get("group", ""),
        kind=given.get("kind", "")[:40],
        district=given.get("district", "")[:80],
        late="late" in given,
        after=given.get("after", "")[:80],
    )
    found = listed(door(), reader().office, reader().actor, asked)
    record_list("matters", len(found.rows))
    zone = door().catalogue.zone
    kinds, districts = kind_choices(zone), choices(zone.districts, asked.district)
    return render_template(
        "matters.html",
        matters=found,
        asked=asked,
        groups=tuple(Group),
        kinds=kinds,
        districts=districts,
        only=only_words(asked, kinds, districts),
        reception=reception_words(door()),
        search=number,
        gone=searches.GONE if words is None else "",
        longest=LONGEST,
    )


@pages.post("")
def search() -> Response:
    """Matters found by words: they are kept with the session, and the address has their number."""
    words = request.form.get("q", "").strip()[:LONGEST]
    return redirect(url_for("matters.index", search=searches.keep(words) if words else None), 303)


@pages.route("/new", methods=["GET", "POST"])
def new() -> new_item.Answer:
    """The form of a kind; and the matter it registers. The same number twice is the same matter."""
    today, zone = door().today(), door().catalogue.zone
    own = reader().actor if reader().office in OWN_ONLY else None
    kinds = [it for it in kinds_of(zone) if it.use and (it.grid_worker or not own)]
    workflow = next(iter(door().catalogue.for_new_cases(today, MATTER)), None)
    if workflow is None:
        return error_pages.page(409, ("现在不能登记事项", NothingInForce(day=day_words(today)).sentence))
    if put_by := drafts.answer():
        return put_by
    draft = drafts.here()
    code = request.values.get("kind", "") or (draft.get("kind", "") if draft else "")
    if not code and len(kinds) != 1:
        return render_template("matter_kinds.html", kinds=kinds)
    kind = next((it for it in kinds if code in ("", it.code)), None) or abort(404)
    return new_item.register(
        lambda typed: MatterForm.of(kind, zone, typed, today, own),
        draft,
        workflow,
        "matter_new.html",
        number=kind.number,
        twice=TWICE,
    )
