"""随手记: a sentence, a photo, a recording, kept for whoever made it until it is filed where it belongs."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug import Response
from werkzeug.exceptions import NotFound

from mediation_engine.domain.files import MEDIA
from mediation_engine.domain.order import Order, Receipt
from mediation_engine.errors import ExhibitUnfit, JottingNotFound, RoomKeyMissing
from mediation_engine.ports.register import Entered, Person
from mediation_engine.ports.views import Wanted
from mediation_engine.services.authorization import reach
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.jottings import Opened
from mediation_engine.services.numbers import known_by
from workflows.parts.exhibit import FileExhibit

from ..forms.command_form import Typed
from ..forms.jotting_form import JOTTING, SAYS, JottingForm, begun_with, exhibit_order, said_of
from ..http import drafts
from ..http.case_access import find, look, record_list
from ..http.form_data import storable
from ..http.request_context import door, exhibits, jottings, reader, settings
from ..http.uploads import contents_of
from ..presenters.case_list import Listed, a_page
from ..presenters.jottings import TOLD_BEFORE, Jotted, jotted, ways_of

pages = Blueprint("notes", __name__, url_prefix="/notes")
Answer = str | Response | tuple[str, int]
FILES = "files"
"""What the form calls the photos and recordings handed in."""
UNFIT = (ExhibitUnfit, RoomKeyMissing)


@pages.get("")
def index() -> str:
    """Those that are not filed yet, the oldest first; and where the last ones went."""
    held = _shown(jottings().of(reader().actor.id))
    return render_template(
        "notes.html",
        waiting=[it for it in held if it.filed is None],
        filed=[it for it in held if it.filed is not None],
        keep=settings().jotting_days,
        told_before=TOLD_BEFORE,
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """One screen: write, photograph or record, and keep it."""
    if put_by := drafts.answer():
        return put_by
    draft = drafts.here()
    if request.method != "POST":
        return _form(JottingForm(typed=draft) if draft else JottingForm.begun(request.args), draft=draft is not None)
    form, contents = JottingForm(typed=request.form), contents_of(FILES)
    if wrong := form.checked(len(contents)):
        return _form(form, wrong=wrong), 422
    if form.case is not None and form.case not in {it.row.case for it in _cases()}:
        look(form.case, "notes")
    try:
        jottings().make(reader().actor.id, form.typed["id"], form.words, contents, form.case)
    except UNFIT as fault:
        return _form(form, wrong={FILES: [f"{fault.sentence}文字还在，照片和录音请再选一次。"]}), 422
    drafts.done()
    flash("记下了。有空时再归到案件里。")
    return redirect(url_for("notes.index"), 303)


@pages.get("/<id>")
def show(id: str) -> str:
    """One, and to what it can be filed; with a case chosen, as what."""
    [it] = _shown([jottings().one(reader().actor.id, id)])
    number = request.args.get("number", "").strip()[:60]
    found = _numbered(number) if number else request.args.get("case") or it.case
    view = look(found, "notes") if found and it.filed is None else None
    ways = ways_of(view, it) if view is not None else []
    lost = bool(number) and found is None
    return render_template("note.html", it=it, view=view, ways=ways, cases=_listed(), number=number, lost=lost)


@pages.get("/<id>/files/<int:number>")
def file(id: str, number: int) -> Response:
    """A file of one, to take away or listen to."""
    media, content = jottings().content(reader().actor.id, id, number)
    ending = MEDIA[media].ending if media in MEDIA else "bin"
    return send_file(BytesIO(content), mimetype=media, as_attachment=True, download_name=f"{number + 1}.{ending}")


@pages.get("/<id>/files/<int:number>/preview")
def picture(id: str, number: int) -> Response:
    """A picture of it, made here."""
    from mediation_engine.exhibits.previews import LARGE, preview  # it takes a while to read in

    media, content = jottings().content(reader().actor.id, id, number)
    if media not in MEDIA or not MEDIA[media].is_shown:
        raise JottingNotFound
    return send_file(BytesIO(preview(content, media, LARGE)), mimetype="image/jpeg")


@pages.post("/<id>/drop")
def drop(id: str) -> Response:
    """Forget one that need not be filed."""
    jottings().drop(reader().actor.id, id)
    flash("已删掉。")
    return redirect(url_for("notes.index"), 303)


# -- filed with a step of a case, or with a new case


def in_hand(typed: Typed) -> Opened | None:
    """The jotting that is filed with a form; None where there is none. JottingNotFound, RoomKeyMissing."""
    id = storable(typed.get(JOTTING, ""))
    return jottings().one(reader().actor.id, id) if id else None


def begin_with(typed: Typed, command: str, view: CaseView | None = None) -> Typed:
    """What a form begins with that was opened from a jotting: of a case also whom it names."""
    it = in_hand(typed) if command in SAYS else None
    if it is None or it.filed:
        return typed
    kind = view.workflow.commands.get(command) if view and view.workflow else None
    people = {key: view.names[key] for key in view.case.facts.people()} if view else {}
    return begun_with(it, typed, command, said_of(it.words, kind, people) if kind else {})


def gone(typed: Typed) -> Response | None:
    """To where a jotting went that is filed already; None where it is not, or there is none."""
    it = in_hand(typed)
    if it is None or it.filed is None:
        return None
    flash(f"这条随手记已经归到这件案里，记为第{it.filed.line}条。")
    return redirect(url_for("cases.show", case_id=it.filed.case), 303)


def told(typed: Typed) -> Jotted | None:
    """The jotting in hand as it is shown beside the form."""
    it = in_hand(typed)
    return _shown([it])[0] if it else None


def give(
    order: Order,
    people: Sequence[Person],
    typed: Typed,
    contents: Sequence[bytes] = (),
    entered: Sequence[Entered] = (),
) -> Receipt:
    """Give an order; with the jotting in hand, its files too, and close it, all at once."""
    if contents and in_hand(typed) is None:
        return exhibits().file(order, contents, entered)
    return give_together([order], people, typed, contents, entered)[0]


def give_together(
    orders: Sequence[Order],
    people: Sequence[Person],
    typed: Typed,
    contents: Sequence[bytes] = (),
    entered: Sequence[Entered] = (),
) -> list[Receipt]:
    """The same for an order with others that go together with it: what the jotting became is the first of them."""
    it, order = in_hand(typed), orders[0]
    if it is None:
        return door().submit_together(orders, people, entered=entered)
    own = [*jottings().contents(reader().actor.id, it.id)]
    if isinstance(order.command, FileExhibit):
        return exhibits().file_together([], order, [*own, *contents], people, entered, jotting=it.id)
    if own:
        receipts = exhibits().file_together(orders, exhibit_order(order), own, people, entered, jotting=it.id)
        return receipts[: len(orders)]
    return door().submit_together(orders, people, entered=entered, jotting=it.id)


# -- what is shown


def _shown(held: Sequence[Opened]) -> list[Jotted]:
    with door().store.read() as unit:
        now = unit.now
    return [jotted(it, now, settings().jotting_days) for it in held]


def _cases() -> list[Listed]:
    """The open cases that the reader handles."""
    actor = reader().actor
    with door().store.read() as unit:
        organisations = sorted(reach(unit.register, actor.organisation))
    wanted = Wanted(organisations=organisations, closed=False, mediator=actor.id)
    return a_page(door(), wanted, "", door().today())[0]


def _listed() -> list[Listed]:
    """The same, shown: that look is on record."""
    found = _cases()
    record_list("notes", len(found))
    return found


def _numbered(number: str) -> str | None:
    """The one case of a number that is the reader's business; None where there is none."""
    with door().store.read() as unit:
        own = reach(unit.register, reader().actor.organisation)
        found = known_by(unit, door().catalogue, number, lambda it: it.organisation in own)
    try:
        return find(found[0].case).case.id if len(found) == 1 else None
    except NotFound:
        return None


def _form(form: JottingForm, *, wrong: dict[str, list[str]] | None = None, draft: bool = False) -> str:
    cases = _listed()
    numbers = {it.row.case: it.row.number for it in cases}
    view = look(form.case, "notes") if form.case and form.case not in numbers else None
    number = view.case.facts.number if view else numbers.get(form.case or "")
    chosen = (number or "尚无案号") if form.case else ""
    given: dict[str, Any] = {"chosen": chosen, "wrong": wrong or {}, "cases": cases, "view": view, "draft": draft}
    return render_template("note_new.html", form=form, limits=settings().exhibits.limits, **given)
