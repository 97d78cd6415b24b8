"""组织名录: the organisations (1+3+N), at which level, below whom; kept by the lead or the administrator."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from werkzeug import Response

from mediation_engine.domain.roles import Organisation
from mediation_engine.encryption.boxes import Place
from mediation_engine.errors import BoxUnreadable, FormFaults, OutsideOwnRemit, RoomKeyMissing, TableUnfit
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.input.directory import MOST, layout, read_directory
from mediation_engine.input.tables import LARGEST, write_table
from mediation_engine.services.authorization import READERS
from mediation_engine.services.directory import directory_of, put
from mediation_engine.services.directory_table import Standing, look, rows, take
from mediation_engine.services.people import People
from workflows.facts import HOST_KINDS

from ..forms.carried import brought_back, carried
from ..forms.organisation_form import SEEN, OrganisationForm
from ..http.case_access import record_list
from ..http.downloads import XLSX
from ..http.request_context import door, reader, register, room_key
from ..presenters.organisations import listing

pages = Blueprint("organisations", __name__, url_prefix="/organisations")
Answer = str | Response | tuple[str, int]
ASKED = ("district", "level", "q", "after")
LONGEST = 80
GONE = "这一页不完整或已失效，请重新交文件。"


@pages.get("")
def index() -> str:
    """The directory, narrowed to what is asked for."""
    asked = {name: request.args.get(name, "")[:LONGEST] for name in ASKED}
    found = listing(door().store, reader().actor, asked, door().today())
    if reader().office in READERS:
        record_list("organisations", len(found.rows))
    return render_template("organisations.html", found=found, asked=asked)


@pages.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """One more."""
    form = _form(request.form.to_dict())
    if form.made:
        return _done(form.made)
    return _edited(form if form.directory.by_id.get(form.id) is None and form.typed.get("id") else form.begun())


@pages.get("/table")
def export() -> Response:
    """The directory as a table, to be filled in elsewhere and brought back."""
    kept = rows(door().store, reader().actor, HOST_KINDS)
    if reader().office in READERS:
        record_list("organisations", len(kept))
    return send_file(
        BytesIO(write_table(layout(HOST_KINDS), kept)), mimetype=XLSX, as_attachment=True, download_name="组织名录.xlsx"
    )


@pages.route("/import", methods=["GET", "POST"])
def take_in() -> Answer:
    """A table of organisations: what it would do, and then, at one press, all of it."""
    if request.method != "POST":
        return _table()
    try:
        id, content = _handed_in()
        held = carried(content, room_key(), _place(id), door().randomness)
        found = look(door().store, reader().actor, read_directory(content, HOST_KINDS))
    except (TableUnfit, RoomKeyMissing) as fault:
        return _table(wrong=fault.sentence), 422
    except BoxUnreadable:
        return _table(wrong=GONE), 422
    if request.form.get("do") != "take" or found.faults:
        return _table(found=found, id=id, held=held), 422 if found.faults else 200
    try:
        people = _people() if found.has_phones else None
        take(door().store, reader().actor, reader().office, found, people, door().randomness)
    except FormFaults as fault:
        return _table(wrong="；".join(fault.sentences)), 422
    except (OutsideOwnRemit, RoomKeyMissing) as fault:
        return _table(wrong=fault.sentence), 422
    new, changed = found.count(Standing.NEW), found.count(Standing.CHANGED)
    flash(f"新登记 {new} 个，改动 {changed} 个，{found.count(Standing.SAME)} 个没有变化。")
    return redirect(url_for("organisations.index"), 303)


def _handed_in() -> tuple[str, bytes]:
    """The form and its file: handed in just now, or held by the browser since."""
    if request.form.get("carried"):
        id = request.form.get("id", "")[:64]
        return id, brought_back(request.form["carried"], room_key(), _place(id))
    sent = request.files.get("file")
    content = sent.read(LARGEST + 1) if sent else b""
    if not content:
        raise TableUnfit(why="没有选择文件")
    return new_id(system_randomness, 16), content


def _place(id: str) -> Place:
    """Where a file that the browser holds belongs: to this form of this person."""
    return "organisations", reader().actor.organisation, reader().actor.id, id


def _table(**more: object) -> str:
    return render_template("organisation_table.html", largest=LARGEST, most=MOST, standings=Standing, **more)


@pages.route("/<id>", methods=["GET", "POST"])
def edit(id: str) -> Answer:
    """One that is there: its name, its level, who answers for it; that it was dissolved."""
    with door().store.read() as unit:
        held = directory_of(unit, reader().actor)
        before = held.by_id.get(id) or abort(404)
        person = unit.register.person(before.contact) if before.contact else None
    name = person.name if person else ""
    now = OrganisationForm.of(before, name, held, door().today())
    if request.method != "POST":
        return _page(now)
    form = replace(now, typed=request.form.to_dict() | {"contact.was": name})
    if form.typed.get(SEEN) != now.typed[SEEN]:
        told = f"您打开这张表以后，别人改过它，没有记下。{form.otherwise(now)}。请核对后再按“记下”。"
        return _page(form.over(now), wrong=told), 409
    return _edited(form)


def _form(typed: dict[str, str]) -> OrganisationForm:
    with door().store.read() as unit:
        held = directory_of(unit, reader().actor)
    return OrganisationForm(typed=typed, directory=held, today=door().today())


def _edited(form: OrganisationForm) -> Answer:
    if request.method != "POST":
        return _page(form)
    try:
        organisation, contact = form.read(_people() if form.typed.get("phone", "").strip() else None)
        put(door().store, reader().actor, reader().office, organisation, contact)
    except FormFaults as fault:
        return _page(form.wrong(fault.faults)), 422
    except (OutsideOwnRemit, RoomKeyMissing) as fault:
        return _page(form, wrong=fault.sentence), 422
    return _done(organisation)


def _done(organisation: Organisation) -> Answer:
    flash(f"已记下：{organisation.name}。")
    return redirect(url_for("organisations.index", q=organisation.name), 303)


def _people() -> People:
    return register()


def _page(form: OrganisationForm, wrong: str = "") -> str:
    return render_template("organisation.html", form=form, wrong=wrong)
