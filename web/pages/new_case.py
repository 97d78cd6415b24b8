"""登记: who, against whom, what about, and a case is open; what is known of the parties is filled in with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from mediation_engine.domain.fields import fields_of
from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.people import DETAILS, Details
from mediation_engine.errors import (
    CaseAlreadyOpen,
    CommandIdReused,
    FormFaults,
    NothingInForce,
    PersonTaken,
    Refused,
    RoomKeyMissing,
    UnfitText,
)
from mediation_engine.ports.register import Entered, Person
from mediation_engine.services.case_view import CaseView
from workflows.phases.intake import RegisterCase

from ..forms.command_form import Typed
from ..forms.registration_form import Newcomer, Opening, registration_of
from ..http import drafts, error_pages
from ..http.case_access import look, record_list
from ..http.request_context import door, reader, register, settings
from ..presenters.applications import applied_in
from ..presenters.following import before_of
from ..presenters.same_names import called, open_cases_with
from . import notes

pages = Blueprint("new_case", __name__)
Answer = str | Response | tuple[str, int]
APPLICATION = "application"
"""What a form calls the case that somebody has applied for and that is registered by it."""
AGAIN = "again"
"""What a form calls the closed case between whose parties there is trouble again."""
TWICE = "这张表刚才已经登记过一件，内容与现在填写的不同。确实要另外登记一件的，请核对后再按“登记”。"


@pages.route("/cases/new", methods=["GET", "POST"])
def new() -> Answer:
    """The form; and the case it opens."""
    today = door().today()
    workflows = {w.name: w for w in door().catalogue.for_new_cases(today)}
    if not workflows:
        return error_pages.page(409, ("现在不能登记新案", NothingInForce(day=day_words(today)).sentence))
    if put_by := drafts.answer():
        return put_by
    draft = drafts.here()
    is_sent = request.method == "POST"
    typed = draft or (request.form if is_sent else notes.begin_with(request.args, RegisterCase.name()))
    if is_sent and (filed := notes.gone(typed)):
        return filed
    if typed.get(APPLICATION):
        return _of_application(look(typed[APPLICATION], "application"), typed, draft=draft is not None)
    before = look(typed[AGAIN], "again") if typed.get(AGAIN) else None
    if before and before.case.facts.closed is None:
        flash("这件案件还没有结案：新的争议请加到本案的争议事项里，不必另立一案。")
        return redirect(url_for("cases.show", case_id=before.case.id))
    return _asked(
        Opening.of(workflows, typed, before_of(door().store, before) if before else None), draft=draft is not None
    )


def _of_application(view: CaseView, typed: Typed, *, draft: bool) -> Answer:
    """The same for a case that somebody has applied for: under the rules that it began by."""
    id = typed.get("id", "")[:64]
    as_it_was = view.when_given(reader().actor.organisation, id)
    applied = applied_in(door().store, as_it_was)
    if applied is None:
        return _registered_already(view.case.id)
    rules = door().catalogue.in_force(view.case.rules)
    return _asked(Opening.of({rules.name: rules}, typed, applied=applied), draft=draft)


def _registered_already(case: str) -> Response:
    flash("这份申请已经登记或办结。")
    return redirect(url_for("cases.show", case_id=case), 303)


def _asked(opening: Opening, *, draft: bool) -> Answer:
    """The form as it begins or is asked again; and the case it opens."""
    if draft:
        return _page(opening, draft=True)
    if request.method != "POST":
        return _page(opening.begun(in_zone=settings().in_zone))
    wanted, _, place = opening.typed.get("do", "").partition(":")
    if wanted == "more":
        return _page(opening.with_row(place))
    try:
        return _open(opening)
    except FormFaults as fault:
        return _page(opening.wrong(fault.faults)), 422
    except (UnfitText, RoomKeyMissing) as fault:
        return _page(opening, wrong=fault.sentence), 422
    except Refused as refused:
        return _page(opening, refused=refused.refusals), 422
    except CaseAlreadyOpen:
        assert opening.applied is not None
        return _registered_already(opening.applied.case.id)
    except (CommandIdReused, PersonTaken):
        return _page(opening.renumbered(), wrong=TWICE), 409


def _open(opening: Opening) -> Answer:
    """Open it; first tell of open cases with the same names, once."""
    service, actor = door(), reader().actor
    wanted = registration_of(opening, actor, reader().office, service.today())
    names = called([*(it.person for it in wanted.people), *(opening.applied.people if opening.applied else ())])
    same = open_cases_with(service.store, service.catalogue, names, actor.organisation, but=wanted.order.case)
    if {s.case for s in same} - set(opening.typed.getlist("told")):
        record_list("same", len(same))
        return _page(opening, same=same)
    plain = [it.person for it in wanted.people if not it.is_described and not it.is_known]
    orders = [wanted.order, *wanted.together]
    receipt = notes.give_together(orders, plain, opening.typed, entered=_entered(wanted.people))[0]
    drafts.done()
    flash("".join(("已登记。", *(f"已办理“{order.command.label}”。" for order in wanted.together))))
    for sentence in (*wanted.warnings, *_left_as_they_are(wanted.people)):
        flash(f"请核对{sentence}。")
    return redirect(url_for("cases.show", case_id=receipt.case), 303)


def _entered(people: Sequence[Newcomer]) -> list[Entered]:
    """Those of whom something is said, to come into the register with the order; what is known stays.

    RoomKeyMissing.
    """
    told = [it for it in people if it.is_described]
    if not told:
        return []
    kept, actor = register(), reader().actor
    found = (
        kept.filled_up(actor, it.person.id, it.details) if it.is_known else kept.sealed(it.person, it.details)
        for it in told
    )
    return [it for it in found if it is not None]


def _left_as_they_are(people: Sequence[Newcomer]) -> list[str]:
    """Of whom the register knows otherwise than was typed: he was in an earlier case, or the form was sent again."""
    told = [it for it in people if it.is_described]
    if not told:
        return []
    known = register().all_details(reader().actor, [it.person.id for it in told])
    return [f"{it.person.name}的资料：名册里已有的没有改动" for it in told if _differs(it, known)]


def _differs(it: Newcomer, known: Mapping[str, tuple[Person, Details]]) -> bool:
    if it.person.id not in known:
        return False
    stands, empty = known[it.person.id][1], DETAILS[it.person.kind]()
    said = (f.name for f in fields_of(type(empty)) if getattr(it.details, f.name) != getattr(empty, f.name))
    return any(getattr(it.details, name) != getattr(stands, name, None) for name in said)


def _page(opening: Opening, **more: Any) -> str:
    return render_template("new_case.html", opening=opening, note=notes.told(opening.typed), **more)
