"""走访单: one visit on one screen of a telephone, sent through the door, once; and who goes in the mediator's place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from mediation_engine.domain.guard import Refusal
from mediation_engine.domain.order import Order
from mediation_engine.domain.people import RegisterReason
from mediation_engine.errors import (
    CommandIdReused,
    ExhibitUnfit,
    FormFaults,
    PersonTaken,
    Refused,
    RoomKeyMissing,
    RulesNotInForce,
    StaleInstance,
    UnfitText,
    UnknownWorkflow,
)
from mediation_engine.input.identity_numbers import read_phone
from mediation_engine.ports.register import Person
from workflows.facts import facts_of
from workflows.parts.cards import UNREACHED
from workflows.parts.visit import EndEntrustment, EntrustVisit

from ..forms import companions
from ..forms.step_form import ON, Step, begun, order_of, renewed, step_of
from ..forms.visit_form import VisitForm, open_visit
from ..http import drafts
from ..http.case_access import find, look, record_person
from ..http.request_context import door, exhibits, reader, register, room_key, settings
from ..http.said import say
from ..http.uploads import contents_of
from ..presenters.preview import told_since
from ..presenters.qr_code import qr_code
from ..presenters.visit_sheet import reachable, told_visit, ways
from ..presenters.visits import visit_number
from ..security.links import Issued, issued_in
from ..security.visit_links import PHONE, VISIT_LINK, LinkUnfit, issue_for_visit, with_phone, withdraw
from .steps import TWICE, asking, recorded

pages = Blueprint("visits", __name__, url_prefix="/cases/<case_id>/visits/<int:number>")
Answer = str | Response | tuple[str, int]
PHOTOS = "photos"
"""What the sheet calls the photos handed in."""


@pages.route("", methods=["GET", "POST"])
def sheet(case_id: str, number: int) -> Answer:
    """The sheet of a visit; and what was found, or that nobody was met."""
    key = f"visit/{number}"
    if put_by := drafts.answer():
        return put_by
    try:
        asked = asking(look(case_id, "visit"))
    except (UnknownWorkflow, RulesNotInForce) as fault:
        flash(fault.sentence)
        return redirect(url_for("cases.show", case_id=case_id))
    draft = None if asked.view.stepped_back else drafts.here()
    is_fresh = request.method == "GET" and draft is None
    form = open_visit(asked, key, draft or request.form, fresh=is_fresh)
    if form is None:
        abort(404)
    if draft or is_fresh:
        return _page(form, draft=bool(draft))
    return _posted(form)


def _posted(form: VisitForm) -> Answer:
    """The photos filed, whatever becomes of the rest; then what was pressed."""
    wanted, _, place = form.typed.get("do", "").partition(":")
    try:
        filed = _file(form)
        form = _again(form)
        match wanted:
            case "photo":
                return _done(form) if filed else (_page(form, wrong="没有选择照片"), 422)
            case "all" | "none":
                return _page(form.with_found(form.found.with_picked(place, every=wanted == "all")))
            case "find":
                return _page(form)
            case "look":
                return _looked(form, place)
            case "nobody":
                return _nobody(form)
        return _give(form)
    except FormFaults as fault:
        return _page(form.wrong(fault.faults)), 422
    except (UnfitText, ExhibitUnfit, RoomKeyMissing) as fault:
        return _page(_again(form), wrong=fault.sentence), 422
    except Refused as refused:
        return _refused(form, refused), 422
    except StaleInstance as stale:
        now = find(form.found.case.id)
        return _page(form.renewed(asking(now)), moved=told_since(now, stale.since) or [None]), 409
    except CommandIdReused:
        return _page(form.with_found(form.found.renumbered()), wrong=TWICE), 409


def _refused(form: VisitForm, refused: Refused) -> str:
    """The sheet with why the visit, or what goes together with it, cannot be recorded."""
    codes = [it.code for it in companions.companions_of(form.found)]
    if (command := refused.about.get("command")) in codes:
        return _page(form, refused={command: refused.refusals})
    return _page(form.with_found(form.found.asked_of(refused.refusals)))


def _again(form: VisitForm) -> VisitForm:
    """The same sheet over the case as it is by now."""
    found = open_visit(asking(find(form.found.case.id)), form.key, form.typed)
    assert found is not None  # a visit stays in the record
    return found


def _file(form: VisitForm) -> int:
    """File the photos that came with it, each by an order of its own, so that what is sent again is filed once."""
    contents = contents_of(PHOTOS)
    for content in contents:
        exhibits().file(form.photo(reader().actor.id, content), [content])
    return len(contents)


def _give(form: VisitForm) -> Answer:
    """Record the visit, plan the next one, and what goes together with it: all of it, or nothing is recorded."""
    found, *following = form.orders(reader().actor.id)
    given = companions.given_of(form.found, found, (), reader().actor.id)
    for order in following:
        _check_next(form, order)
    steps = (form.found, *(form.following for _ in following), *given.by[1:])
    receipts = door().submit_together([given.orders[0], *following, *given.orders[1:]], given.people)
    for step, receipt in zip(steps, receipts, strict=True):
        say(recorded(step, receipt), receipt)
    drafts.done()
    return _done(form)


def _check_next(form: VisitForm, order: Order) -> None:
    """That the next visit can be planned, as long as it is not: before anything is recorded. FormFaults."""
    if (reader().actor.organisation, order.id) in form.found.case.orders:
        return
    refused = door().preview(order).refused
    if refused is not None:
        raise FormFaults({"next.due": [r.sentence for r in refused.refusals]})


def _nobody(form: VisitForm) -> Answer:
    """That nobody was met, why, and how often by now."""
    receipt = door().submit(form.nobody_there(reader().actor.id))
    attempts = told_visit(find(receipt.case), form.key, form.party).attempts
    onward = "，请室主任决定换人、换时间，或向邻居、单位了解" if attempts >= UNREACHED else ""
    say([f"已记下：没有见到人，这是第{attempts}次{onward}。"], receipt)
    drafts.done()
    return _done(form)


def _done(form: VisitForm) -> Answer:
    """To the case; to a script nothing but that it was done."""
    if request.form.get(drafts.BY_SCRIPT):
        return "", 204
    return redirect(url_for("cases.show", case_id=form.found.case.id), 303)


def _looked(form: VisitForm, place: str) -> Answer:
    """The sheet with a number or an address whole; that look is on record, as on the page of the person."""
    name, _, id = place.partition(":")
    if name not in ("phones", "address") or id not in reachable(form.found.asked.view, form.party):
        return _page(form)
    record_person(register().known(reader().actor, id).person, f"person {name}", RegisterReason.VISIT.code)
    return _page(form, whole=frozenset({(id, name)}))


def _page(
    form: VisitForm,
    *,
    whole: frozenset[tuple[str, str]] = frozenset(),
    refused: Mapping[str, Sequence[Refusal]] | None = None,
    **more: Any,
) -> str:
    view, together = form.found.asked.view, companions.companions_of(form.found, refused)
    told = told_visit(view, form.key, form.party)
    people = reachable(view, form.party)
    try:
        held = register().all_details(reader().actor, people)
        known = {id: details for id, (_, details) in held.items()}
    except RoomKeyMissing:
        known = {}
    return render_template(
        "visit.html",
        form=form,
        step=form.found,
        case=view.case,
        number=visit_number(form.key),
        told=told,
        ways=ways(people, known, whole, place=told.place),
        limits=settings().exhibits.limits,
        together=together,
        wrong_together=[it for beside in together for it in beside.summary()],
        **more,
    )


# -- entrusted to somebody without an account


@pages.route("/link", methods=["GET", "POST"])
def link(case_id: str, number: int) -> Answer:
    """To whom the visit is entrusted, and the links issued for it; and to entrust it, issue a link, take it back."""
    key = f"visit/{number}"
    try:
        asked = asking(look(case_id, "visit"))
    except (UnknownWorkflow, RulesNotInForce) as fault:
        flash(fault.sentence)
        return redirect(url_for("cases.show", case_id=case_id))
    if key not in asked.case.instances:
        abort(404)
    is_back = request.form.get("do") == "back"
    typed = MultiDict(request.form)
    typed.setlist(ON, [key])
    step = step_of(asked, EndEntrustment if is_back else EntrustVisit, typed)
    if request.method == "GET":
        return _links(begun(step), key)
    try:
        return _linked(step, key, typed.get("do", ""))
    except FormFaults as fault:
        return _links(step.wrong(fault.faults), key), 422
    except (UnfitText, RoomKeyMissing, LinkUnfit, Refused) as fault:
        return _links(step, key, wrong=fault.sentence), 422
    except StaleInstance as stale:
        now = asking(find(case_id))
        return _links(renewed(step, now), key, wrong=f"{stale.sentence}。请看过再办。"), 409
    except (CommandIdReused, PersonTaken):
        return _links(step.renumbered(), key, wrong=TWICE), 409


def _linked(step: Step, key: str, wanted: str) -> Answer:
    """Take it back; or entrust it to somebody where that is asked, and issue a link, which is shown this once."""
    case_id, who = step.case.id, reader().actor
    if wanted == "back":
        withdraw(door(), order_of(step, who.id)[0])
        flash("已收回，发出去的链接不能再用。")
        return redirect(url_for("visits.link", case_id=case_id, number=visit_number(key)), 303)
    if wanted == "do":
        order, new = _entrusting(step)
        door().submit(order, entered=with_phone(register(), new, step.typed.get(PHONE, "")))
    issued = issue_for_visit(door(), room_key(), who, case_id, key, settings().link_days)
    now = asking(find(case_id))
    return _links(begun(step_of(now, EntrustVisit, MultiDict({ON: key}))), key, issued=issued)


def _entrusting(step: Step) -> tuple[Order, list[Person]]:
    """The order that entrusts it, and who is to go; FormFaults, that of the number among them."""
    wrong = dict[str, list[str]]()
    try:
        made = order_of(step, reader().actor.id)
    except FormFaults as fault:
        wrong |= {name: list(said) for name, said in fault.faults.items()}
    if said := read_phone(step.typed.get(PHONE, "")).fault:
        wrong[PHONE] = [said]
    if wrong:
        raise FormFaults(wrong)
    return made


def _links(step: Step, key: str, *, issued: Issued | None = None, **more: Any) -> str:
    """The page of the links of a visit; with what is shown once where one was just issued."""
    view = step.asked.view
    visit = facts_of(view.case).visits[key]
    address = f"{settings().web.public_url}{url_for('links.enter', secret=issued.secret)}" if issued else ""
    return render_template(
        "visit_link.html",
        step=step,
        case=view.case,
        key=key,
        number=visit_number(key),
        told=told_visit(view, key, visit.party),
        entrusted=view.people.get(visit.entrusted or "", visit.entrusted or ""),
        links=issued_in(door().store, VISIT_LINK, view.case, key),
        issued=issued,
        address=address,
        picture=qr_code(address) if issued else "",
        is_reachable=settings().web.is_https,
        **more,
    )
