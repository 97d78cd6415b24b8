"""更正 and 误录 of one step, from its line in 经过."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug import Response

from mediation_engine.decisions.correct import Standing
from mediation_engine.domain.correcting import CorrectOrder, StrikeOrder
from mediation_engine.domain.fields import Text, staff_in
from mediation_engine.domain.guard import Refusal
from mediation_engine.domain.limits import LONGEST_REASON
from mediation_engine.domain.order import Order
from mediation_engine.errors import CommandIdReused, FormFaults, PersonTaken, Refused, RulesNotInForce, UnknownWorkflow
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.input.corrections import in_old_order, read_reason, unchanged
from mediation_engine.input.new_people import Newcomers, bytes_from
from mediation_engine.ports.register import Person

from ..forms.command_form import ID, Faults, Sheet, Typed
from ..forms.filled_form import typed_of
from ..forms.form_fields import Asked, Run, runs_of
from ..forms.occurred_field import TOO_EARLY, WHEN, asked, happened, not_yet
from ..forms.step_form import CAPACITY, known
from ..http import drafts
from ..http.case_access import look
from ..http.request_context import door, reader
from ..presenters.capacities import offered
from ..presenters.case_options import Asking
from ..presenters.refusal_reasons import reasons

pages = Blueprint("corrections", __name__, url_prefix="/cases/<case_id>")
Answer = str | Response | tuple[str, int]
REASON, STOOD = "reason", "stood"
ID_FORM = "[A-Za-z0-9._:-]{8,64}"


@dataclass(frozen=True, kw_only=True)
class Correcting:
    """An order about to be corrected, and what was filled in instead."""

    asked: Asking
    standing: Standing
    line: int
    sheet: Sheet
    stood: str
    """By which line the step was corrected last; empty where by none."""
    refusals: tuple[Refusal, ...] = ()

    @property
    def typed(self) -> Typed:
        return self.sheet.typed

    @property
    def label(self) -> str:
        """What the step is called."""
        return self.standing.order.command.label

    @property
    def capacities(self) -> list[tuple[str, str]]:
        """In which capacities somebody could have done it for the party."""
        order = self.standing.order
        return offered(self.asked.workflow, self.asked.view, type(order.command), order.on)

    @property
    def runs(self) -> list[Run]:
        """What is asked at once, as it lies on the page."""
        return runs_of([self.when, *self.sheet.first])

    @property
    def when(self) -> Asked:
        """When it happened, as a line."""
        faults, label = self.sheet.faults.get(WHEN, ()), type(self.standing.order.command).occurs
        return asked(self.typed, self.asked.view.today, faults, label=label, help="空着就是照原来的记录")


@pages.route("/lines/<int:line>/correct", methods=["GET", "POST"])
def correct(case_id: str, line: int) -> Answer:
    """The step that wrote a line, filled in as it stands; and its correction."""
    if put_by := drafts.answer():
        return put_by
    draft = drafts.here()
    whole, typed = look(case_id, "correct"), draft or Typed(request.form)
    view = whole.before(reader().actor.organisation, typed.get(ID, ""))
    standing = view.standing(line)
    if standing is None:
        abort(404)
    try:
        asked = Asking(view=view, workflow=door().catalogue.in_force(view.case.rules))
    except (UnknownWorkflow, RulesNotInForce) as fault:
        flash(fault.sentence)
        return redirect(url_for("cases.show", case_id=case_id))
    order, by = standing.order, view.corrected.get(standing.first)
    stood = str(by[0]) if by else ""
    if request.method == "GET" and draft is None:
        assert order.occurred is not None
        typed = typed_of(order.command, order.occurred, view.words)
        typed |= {ID: new_id(system_randomness, 16), STOOD: stood, CAPACITY: order.capacity}
    sheet = Sheet.of(type(order.command), typed, known(asked, order.on, staff_in(order.command)))
    if request.method == "GET" and draft is None:
        sheet = sheet.with_sum_of_rows()
    it = Correcting(asked=asked, standing=standing, line=line, sheet=sheet, stood=stood)
    return _posted(it) if request.method == "POST" else _page(it, draft=draft is not None)


def _posted(it: Correcting) -> Answer:
    wanted, _, place = it.typed.get("do", "").partition(":")
    if wanted == "more":
        return _page(replace(it, sheet=it.sheet.with_row(place)))
    try:
        order, people = _strike(it) if wanted == "strike" else _correction(it)
        receipt = door().submit(order, people)
        drafts.done()
    except FormFaults as fault:
        return _page(replace(it, sheet=it.sheet.with_faults(fault.faults))), 422
    except Refused as refused:
        rest = tuple(refusal for refusal in refused.refusals if refusal.code != TOO_EARLY)
        early = not_yet(it.typed, door().now()) if len(rest) < len(refused.refusals) else {}
        return _page(replace(it, sheet=it.sheet.with_faults(early), refusals=rest)), 422
    except (CommandIdReused, PersonTaken):
        flash("这张表刚才已经办理过一次，请看“经过”中的结果。")
        return redirect(url_for("cases.show", case_id=it.asked.case.id), 303)
    flash(f"已记下，见第{receipt.first}条。原来的记录保留，并注明了更正。")
    return redirect(url_for("cases.show", case_id=it.asked.case.id, tab="record") + f"#l{receipt.first}", 303)


def _strike(it: Correcting) -> tuple[Order, list[Person]]:
    faults = _beside(it)
    if faults:
        raise FormFaults(faults)
    return _order(it, StrikeOrder(order=it.standing.first, reason=_reason(it))), []


def _correction(it: Correcting) -> tuple[Order, list[Person]]:
    faults, old, words = _beside(it), it.standing.order, it.asked.view.words
    occurred = old.occurred
    try:
        occurred = happened(it.typed, it.asked.view.today) or old.occurred
    except FormFaults as fault:
        faults |= fault.faults
    newcomers = Newcomers(bytes_from(it.asked.case.id, it.typed.get(ID, "")))
    try:
        read = it.sheet.read(newcomers.enter_once).completed(it.asked.case)
        instead = in_old_order(old.command, read)
    except FormFaults as fault:
        raise FormFaults(faults | fault.faults) from fault
    if differs := it.sheet.sums_differ():
        faults[differs[0]] = [differs[1]]
    if faults:
        raise FormFaults(faults)
    order = replace(
        _order(it, CorrectOrder(order=it.standing.first, reason=_reason(it))),
        instead=instead,
        unchanged=unchanged(old.command, instead, words),
        on=tuple(it.typed.getlist("on")) or old.on,
        occurred=occurred,
        provenance=old.provenance,
        field_provenance=old.field_provenance,
        capacity=it.typed.get(CAPACITY, ""),
    )
    return order, newcomers.of_kind(instead)


def _order(it: Correcting, command: CorrectOrder | StrikeOrder) -> Order:
    return Order(
        id=it.typed.get(ID, "")[:64],
        case=it.asked.case.id,
        command=command,
        actor=reader().actor.id,
        office=it.asked.office,
    )


def _reason(it: Correcting) -> Text:
    return read_reason(it.typed.get(REASON, ""))


def _beside(it: Correcting) -> dict[str, list[str]]:
    """What is wrong beside the step's own fields."""
    faults: dict[str, list[str]] = {}
    try:
        _reason(it)
    except FormFaults as fault:
        faults[REASON] = fault.sentences
    if it.typed.get(STOOD, "") != it.stood:
        faults[ID] = [f"您打开这张表以后，这一步又经更正（第{it.stood}条）。请回到案件看过，再从那里打开"]
    elif not re.fullmatch(ID_FORM, it.typed.get(ID, "")):
        faults[ID] = ["这张表不完整，请从案件页重新打开"]
    return faults


def _page(it: Correcting, *, draft: bool = False) -> str:
    against = reasons(it.asked.case, it.refusals, it.asked.teller, it.asked.office, it.asked.allowed)
    beside: Faults = {name: it.sheet.faults[name] for name in (ID, REASON, WHEN) if name in it.sheet.faults}
    return render_template(
        "correct.html",
        it=it,
        case=it.asked.case,
        against=against,
        beside=beside,
        longest=LONGEST_REASON,
        draft=draft,
    )
