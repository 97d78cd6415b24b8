"""一页办结: a small dispute that was settled on the spot goes onto the record in one press, and its paper is there."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.order import Receipt
from mediation_engine.domain.roles import Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.errors import (
    CaseAlreadyOpen,
    CommandIdReused,
    CommandNotAllowed,
    FormFaults,
    NothingInForce,
    OfficeNotHeld,
    PersonTaken,
    Refused,
    RoomKeyMissing,
    UnfitText,
)
from mediation_engine.services.authorization import may_accept_small
from workflows.papers.agreement import ORAL
from workflows.parts.agreement import DraftAgreement

from ..forms import occurred_field
from ..forms.occurred_field import WHEN
from ..forms.settlement_form import AGREEMENT, FAMILY, Made, SettlementForm
from ..http import drafts, error_pages
from ..http.case_access import record_list
from ..http.request_context import door, reader, register, settings
from ..presenters.same_names import Same, called, open_cases_with
from ..security.applications import entered_with

pages = Blueprint("settle", __name__)
Answer = str | Response | tuple[str, int]
BEYOND = "室主任给您的授权不包括这一件（重大、上级交办、别处受理或反复的）：请用“登记”，由室主任受理。"
TWICE = "这张表刚才已经办过一件，内容与现在填写的不同。确实是另外一件的，请核对后再按“办结”。"


@pages.route("/settle", methods=["GET", "POST"])
def new() -> Answer:
    """The form; and all that it says, in one transaction."""
    today = door().today()
    workflow = _workflow()
    if workflow is None:
        return error_pages.page(409, ("现在不能登记新案", NothingInForce(day=day_words(today)).sentence))
    if put_by := drafts.answer():
        return put_by
    draft = drafts.here()
    if request.method != "POST":
        return _page(SettlementForm.of(draft) if draft else SettlementForm.begun(), draft=draft is not None)
    form = SettlementForm.of(request.form)
    try:
        made = form.read(workflow, reader().actor, _office(), today, settings().small_sum)
        if same := _same(made, form):
            return _page(form, same=same)
        receipts = door().submit_together(made.orders, entered=entered_with(register(), made.people))
    except FormFaults as fault:
        return _page(form.wrong(fault.faults)), 422
    except (UnfitText, RoomKeyMissing) as fault:
        return _page(form, wrong=[fault.sentence]), 422
    except (OfficeNotHeld, CommandNotAllowed):
        return _page(form, wrong=[BEYOND]), 422
    except Refused as refused:
        return _page(form, wrong=[f"{refused.about['command']}：{r.sentence}" for r in refused.refusals]), 422
    except (CommandIdReused, PersonTaken, CaseAlreadyOpen):
        return _page(form.renumbered(), wrong=[TWICE]), 409
    drafts.done()
    return _done(made, receipts)


def _office() -> Office:
    """Under which office the steps are taken that every mediator may take: who stands in for the lead, as himself."""
    return reader().office if reader().himself else Office.MEDIATOR


def _workflow() -> Workflow | None:
    """By which rules such a case is opened today."""
    return next((w for w in door().catalogue.for_new_cases(door().today()) if w.family == FAMILY), None)


def _same(made: Made, form: SettlementForm) -> list[Same]:
    """Open cases with the same names that the form has not told of yet."""
    names = called(person for person, _ in made.people)
    case, actor = made.orders[0].case, reader().actor
    found = open_cases_with(door().store, door().catalogue, names, actor.organisation, but=case)
    if {it.case for it in found} <= set(form.typed.getlist("told")):
        return []
    record_list("same", len(found))
    return found


def _done(made: Made, receipts: list[Receipt]) -> Response:
    """To the paper; or to where it is put in writing, where the law wants that."""
    case, count = receipts[0].case, receipts[-1].last
    if made.is_written_next:
        flash(f"已记下 {count} 条。劳动争议说好以后办的，要写成协议书、双方签字才算数（劳动争议调解仲裁法 第14条）。")
        return redirect(url_for("steps.step", case_id=case, command=DraftAgreement.name(), on=AGREEMENT), 303)
    flash(f"已办好，记下 {count} 条。请打印下面的登记表，由您签名、盖章后归卷。")
    return redirect(url_for("papers.show", case_id=case, code=ORAL.code, about=AGREEMENT), 303)


def _page(form: SettlementForm, **more: Any) -> str:
    with door().store.read() as unit:
        may_accept = may_accept_small(unit, reader().actor)
    return render_template(
        "settle.html",
        form=form,
        when=occurred_field.asked(form.typed, door().today(), form.faults.get(WHEN, ())),
        may_accept=may_accept,
        most=settings().small_sum,
        **more,
    )
