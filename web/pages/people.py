"""名册: people and firms, found, looked at masked or whole, filled in, erased."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug import Response

from mediation_engine.domain.erasing import ErasureGround
from mediation_engine.domain.masking import MASKS
from mediation_engine.domain.people import RegisterReason
from mediation_engine.domain.roles import Office
from mediation_engine.errors import BoxUnreadable, FormFaults, PersonErased, PersonMoved, PersonNeeded, UnfitText
from mediation_engine.ports.views import Read
from mediation_engine.services.erasing import erase_person
from mediation_engine.services.people import Known

from ..forms.person_form import PersonForm
from ..http import drafts, searches
from ..http.case_access import record_list, record_person
from ..http.form_data import storable
from ..http.request_context import door, reader, register
from ..presenters import person as shown
from .access_log import look_words

pages = Blueprint("people", __name__, url_prefix="/people")
Answer = str | Response | tuple[str, int]
LONGEST = 40
SECONDS_SHOWN = 60
"""So long a whole number stays on the page."""
LOOKS_SHOWN = 20
LONGEST_REASON = 200


def _is_lead() -> bool:
    """Who stands in for the lead gives his reasons as every mediator does."""
    return reader().office is Office.LEAD and reader().himself


@pages.get("")
def index() -> str:
    """Who is found by what was typed."""
    number = request.args.get("search", "")
    words = searches.words_of(number) if number else ""
    found = register().find(reader().actor, words) if words else []
    if words:
        record_list("people", len(found))
    return render_template("people.html", found=found, words=words or "", gone=words is None, longest=LONGEST)


@pages.post("")
def find() -> Response:
    """The same: the words are kept with the session, and the address has their number."""
    words = request.form.get("q", "").strip()[:LONGEST]
    return redirect(url_for("people.index", search=searches.keep(words) if words else None), 303)


@pages.get("/<id>")
def show(id: str) -> Answer:
    """What is known of somebody, numbers and address masked."""
    known = register().known(reader().actor, id)
    record_person(known.person, "person")
    return _page(known)


@pages.post("/<id>/look")
def look(id: str) -> Answer:
    """The same with one field whole, for a minute; that look is on record, with the reason where one is asked."""
    known = register().known(reader().actor, id)
    name, reason = request.form.get("field", ""), RegisterReason.named(request.form.get("reason", ""))
    if name not in MASKS or not getattr(known.details, name, None):
        return redirect(url_for("people.show", id=id), 303)
    if reason is None and not _is_lead():
        record_person(known.person, "person")
        return _page(known, asked=name), 422
    record_person(known.person, f"person {name}", reason.code if reason else "")
    answer = make_response(_page(known, whole=frozenset({name})))
    answer.headers["Refresh"] = f"{SECONDS_SHOWN}; url={url_for('people.show', id=id)}"
    return answer


def _page(known: Known, *, whole: frozenset[str] = frozenset(), asked: str = "") -> str:
    is_lead, rows = _is_lead(), shown.rows(known.details, whole)
    with door().store.read() as unit:
        actors = {actor.id: actor.name for actor in unit.register.actors()}
        looks = unit.views.reads_of_person(known.person.id) if is_lead else []
    return render_template(
        "person.html",
        known=known,
        case=_case_of(known),
        person=known.person,
        rows=rows,
        masked=[row for row in rows if row.is_masked],
        wanting=shown.wanting(known.person.kind, known.details),
        whole=whole,
        asked=asked,
        reasons=() if is_lead else tuple(RegisterReason),
        actors=actors,
        ground=ErasureGround.named(known.erasure.ground) if known.erasure else None,
        looks=[_look(it) for it in reversed(looks[-LOOKS_SHOWN:])],
        seconds=SECONDS_SHOWN,
    )


def _case_of(known: Known) -> str:
    """The case that one comes from, where it is one of his."""
    named = request.values.get("case", "")
    return named if any(row.case == named for row in known.cases) else ""


def _look(read: Read) -> dict[str, Any]:
    reason = RegisterReason.named(read.reason or "")
    return {"at": read.at, "who": read.actor, "what": look_words(read.what), "reason": reason.label if reason else ""}


@pages.route("/<id>/edit", methods=["GET", "POST"])
def edit(id: str) -> Answer:
    """The form, filled in with what is known; and what is changed.

    What is masked stays as it is, unless somebody says why he has to see it.
    """
    known = register().known(reader().actor, id)
    if known.is_erased:
        raise PersonErased
    if not known.readable:
        raise BoxUnreadable
    if put_by := drafts.answer():
        return put_by
    draft = drafts.here()
    if draft is None and request.method == "GET":
        why = RegisterReason.named(request.args.get("why", ""))
        record_person(known.person, "person edit", why.code if why else "")
        is_whole = why is not None or _is_lead()
        kept = frozenset() if is_whole else shown.masked(known.details)
        return _form(known, PersonForm.of(known.person, known.details, kept))
    form = PersonForm.typed(known.person, known.details, shown.masked(known.details), draft or request.form)
    wanted, _, place = form.sheet.typed.get("do", "").partition(":")
    if draft is not None:
        record_person(known.person, "person edit")
    if draft is not None or wanted == "more":
        return _form(known, form.with_row(place) if wanted == "more" else form, draft=draft is not None)
    try:
        return _changed(known, form)
    except FormFaults as fault:
        return _form(known, form.with_faults(fault.faults)), 422
    except (PersonMoved, UnfitText) as fault:
        return _form(known, form, wrong=fault.sentence), 409 if isinstance(fault, PersonMoved) else 422


def _changed(known: Known, form: PersonForm) -> Answer:
    """Enter it, and tell of what is strange."""
    filled = form.read(door().today())
    made = register().change(
        reader().actor,
        known.person.id,
        expects=form.version,
        name=filled.name,
        other_names=filled.other_names,
        details=filled.details,
    )
    drafts.done()
    flash("没有改动。" if made == known.person else "已保存。")
    for sentence in filled.warnings:
        flash(f"请核对证件号码：{sentence}。")
    case = _case_of(known)
    return redirect(url_for("cases.show", case_id=case) if case else url_for("people.show", id=made.id), 303)


def _form(known: Known, form: PersonForm, *, draft: bool = False, **more: Any) -> str:
    kept = [row for row in shown.rows(known.details) if row.name in form.sheet.leave_out]
    given = {"form": form, "draft": draft, "kept": kept, "reasons": RegisterReason, "case": _case_of(known)}
    return render_template("person_form.html", known=known, person=known.person, **given, **more)


@pages.post("/<id>/same")
def same(id: str) -> Response:
    """Say that somebody else is the same, or that he is not."""
    other, stands = storable(request.form.get("other", "")), request.form.get("do") != "apart"
    register().say_same(reader().actor, id, other, stands=stands)
    flash("已记下：是同一人。各案里的记录不变，这里一起看。" if stands else "已记下：不是同一人。")
    return redirect(url_for("people.show", id=id), 303)


@pages.route("/<id>/erase", methods=["GET", "POST"])
def erase(id: str) -> Answer:
    """Ask for the ground, and erase."""
    known = register().known(reader().actor, id)
    if request.method == "GET":
        return render_template("person_erase.html", known=known, person=known.person, grounds=ErasureGround)
    typed = {name: request.form.get(name, "").strip()[:LONGEST_REASON] for name in ("ground", "basis", "reason")}
    ground = ErasureGround.named(typed["ground"])
    wrong = "" if ground and typed["basis"] and typed["reason"] else "情形、依据和理由都要填写。"
    if not wrong and ground:
        try:
            why = {"basis": typed["basis"], "reason": typed["reason"]}
            _, files = erase_person(door(), register(), reader().actor, id, ground=ground, **why)
            with door().store.write() as unit:
                for path in shown.forms(id, (row.case for row in known.cases)):
                    unit.drafts.end_at(path)
            with_files = f"，连同只属于他的材料{files}件" if files else ""
            flash(f"已依法删除：姓名、号码、电话和住址都找不回来了{with_files}。案件的记录完整保留。")
            return redirect(url_for("people.show", id=id), 303)
        except (PersonNeeded, UnfitText) as fault:
            wrong = fault.sentence
    given = {"known": known, "person": known.person, "grounds": ErasureGround, "typed": typed, "wrong": wrong}
    return render_template("person_erase.html", **given), 422
