"""组织名录: the organisations (1+3+N), at which level, below whom; kept by the lead or the administrator."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug import Response

from mediation_engine.domain.roles import Organisation
from mediation_engine.errors import FormFaults, OutsideOwnRemit, RoomKeyMissing
from mediation_engine.services.authorization import READERS
from mediation_engine.services.directory import directory_of, put
from mediation_engine.services.people import People

from ..forms.organisation_form import SEEN, OrganisationForm
from ..http.case_access import record_list
from ..http.request_context import door, reader, register
from ..presenters.organisations import listing

pages = Blueprint("organisations", __name__, url_prefix="/organisations")
Answer = str | Response | tuple[str, int]
ASKED = ("district", "level", "q", "after")
LONGEST = 80


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
