"""月报: a month of the committees of enterprises; links for those that have not reported, and what came on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.month import Month
from mediation_engine.domain.roles import Organisation
from mediation_engine.errors import (
    CaseAlreadyOpen,
    CommandIdReused,
    FormFaults,
    NothingInForce,
    NumberTaken,
    PersonTaken,
    Refused,
    RoomKeyMissing,
    UnfitText,
)
from mediation_engine.services.directory import directory_of
from workflows.zone.returns.filing import item_of
from workflows.zone.returns.vocabulary import RETURN

from ..forms.occurred_field import WHEN, asked
from ..forms.return_form import NOTHING, ROWS, ReturnForm
from ..http import error_pages
from ..http.case_access import record_list
from ..http.request_context import door, reader, room_key, settings
from ..presenters import returns as shown
from ..presenters.qr_code import qr_code
from ..presenters.returns import Group
from ..security.links import Issued
from ..security.return_links import NoContact, issue_for_return

pages = Blueprint("returns", __name__, url_prefix="/returns")
Answer = str | Response | tuple[str, int]
TWICE = "这张表刚才已经交过，内容与现在填写的不同。请核对后再交。"


@pages.get("")
def index() -> Answer:
    """A month by district, and the committees behind each number."""
    month, group = _month(), Group.named(request.args.get("group", "")) or Group.MISSING
    district = request.args.get("district")
    after = request.args.get("after", "")[:80]
    found = shown.board(door(), reader().office, reader().actor, month, group, district, after)
    record_list("returns", len(found.rows))
    today = door().today()
    return render_template(
        "returns.html",
        board=found,
        group=group,
        groups=tuple(Group),
        district=district,
        months=shown.months(today),
        rule=shown.rule_words(door().catalogue.zone.returns),
        today=today,
        after=after,
        is_all=request.args.get("all") == "1",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A link as it is handed to a committee, this once."""

    name: str
    contact: str
    issued: Issued
    address: str
    picture: str


@pages.post("/links")
def links() -> Answer:
    """Links for the committees named, as slips to be printed; the one before of each is revoked."""
    wanted = dict.fromkeys(request.form.getlist("committee")[: shown.A_PAGE])
    committees, slips, without = [_committee(id) for id in wanted], list[Slip](), list[str]()
    for committee in committees:
        try:
            issued = issue_for_return(door(), room_key(), reader().actor, committee.id)
        except NoContact:
            without.append(committee.name)
            continue
        except RoomKeyMissing as fault:
            return error_pages.page(409, ("现在不能发链接", fault.sentence))
        slips.append(_slip(committee, issued))
    return render_template(
        "return_slips.html",
        slips=slips,
        without=without,
        typed_at=f"{settings().web.public_url}{url_for('links.enter_by_code')}",
        is_reachable=settings().web.is_https,
        month=_month(),
    )


def _slip(committee: Organisation, issued: Issued) -> Slip:
    address = f"{settings().web.public_url}{url_for('links.enter', secret=issued.secret)}"
    with door().store.read() as unit:
        person = unit.register.person(issued.link.person)
    name = person.name if person else ""
    return Slip(name=committee.name, contact=name, issued=issued, address=address, picture=qr_code(address))


@pages.route("/<organisation>/<code>", methods=["GET", "POST"])
def file(organisation: str, code: str) -> Answer:
    """A month that came on paper or was told by telephone, typed by a member of staff; or put right."""
    committee, month = _committee(organisation), Month.read(code) or abort(404)
    workflow = next(iter(door().catalogue.for_new_cases(door().today(), RETURN)), None)
    if workflow is None:
        sentence = NothingInForce(day=day_words(door().today())).sentence
        return error_pages.page(409, ("现在不能报月报", sentence))
    form = _form(committee, month)
    if request.method != "POST":
        return _page(form.begun("", shown.employer_of(committee), {}))
    if request.form.get("do", "").startswith("more:"):
        return _page(form.with_row(shown.employer_of(committee)))
    try:
        order, people = form.read(workflow, reader().actor.id, reader().office, when=True)
        door().submit(order, people)
    except FormFaults as fault:
        return _page(form.wrong(fault.faults)), 422
    except (CaseAlreadyOpen, NumberTaken):
        flash("这个月已经报过，就是这一份；要改的，请按“更正月报”。")
        return redirect(url_for("cases.show", case_id=item_of(committee.id, month)), 303)
    except UnfitText as fault:
        return _page(form, wrong=fault.sentence), 422
    except Refused as refused:
        return _page(form, refused=refused.refusals), 422
    except (CommandIdReused, PersonTaken):
        return _page(form.renumbered(), wrong=TWICE), 409
    return redirect(url_for("returns.index", month=month.code, group=Group.REPORTED.code), 303)


def _form(committee: Organisation, month: Month) -> ReturnForm:
    """The form as it was filled in, or as its address begins it."""
    typed = MultiDict(request.form)
    nothing = (request.form if request.method == "POST" else request.args).get(NOTHING) == "1"
    return ReturnForm.of(committee, month, typed, door().today(), nothing=nothing, before=None, by_staff=True)


def _page(form: ReturnForm, *, wrong: str = "", refused: object = ()) -> str:
    faults = form.sheet.faults
    return render_template(
        "return_new.html",
        form=form,
        rows=ROWS,
        when=asked(form.typed, door().today(), faults.get(WHEN, ())),
        wrong=wrong,
        refused=refused,
    )


def _committee(id: str) -> Organisation:
    """A committee of one's own organisation or below it; 404 otherwise."""
    with door().store.read() as unit:
        held = directory_of(unit, reader().actor).by_id.get(id)
    return held or abort(404)


def _month() -> Month:
    """The month that is asked for; unasked, that which is to be reported now."""
    typed: dict[str, Any] = request.values
    return Month.read(typed.get("month", "")) or shown.last_month(door().today())
