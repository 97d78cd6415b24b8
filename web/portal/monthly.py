"""月报 by a link: the committee of an enterprise says that there was nothing, or lists its small disputes, itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, make_response, redirect, request, url_for
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from mediation_engine.domain.case import Case
from mediation_engine.domain.month import Month
from mediation_engine.domain.roles import Office, Organisation
from mediation_engine.errors import (
    ActorNotFound,
    CaseAlreadyOpen,
    CaseNotFound,
    CommandIdReused,
    FormFaults,
    InstanceNotFound,
    NumberTaken,
    OfficeNotHeld,
    OutsideOwnRemit,
    PersonTaken,
    Refused,
    StaleInstance,
    UnfitText,
)
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.ports.links import Link
from workflows.zone.returns.facts import facts_of
from workflows.zone.returns.filing import item_of
from workflows.zone.returns.vocabulary import RETURN, EntryState, Result

from ..forms.return_form import NOTHING, ROWS, ReturnForm, hand_up
from ..http.link_session import entered_by, forget, page
from ..http.request_context import door, settings
from ..presenters import returns as shown
from ..security import links
from ..security.return_links import RETURN_LINK, committee_of

pages = Blueprint("monthly", __name__, url_prefix="/monthly")
Answer = str | Response | tuple[str, int]
TWICE = "您刚才已经交过一份，内容和这一份不同。请核对后再交。"
MOVED = "刚刚有变动，没有记下。请看过再办。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """Who has come in, for which committee."""

    link: Link
    committee: Organisation
    name: str


@pages.get("")
def home() -> Answer:
    """The month that is to be reported, and those before it."""
    came = _came()
    if came is None:
        return redirect(url_for("links.closed"))
    months = shown.own_months(door(), came.committee)
    return _page("home", came, months=months, now=next(iter(months), None))


@pages.get("/<code>")
def month(code: str) -> Answer:
    """What was reported of a month, and what can be done with it."""
    came, asked = _came(), _month(code)
    if came is None:
        return redirect(url_for("links.closed"))
    case = _case(came, asked)
    if case is None:
        return redirect(url_for("monthly.home"))
    return _shown(came, asked, case)


@pages.route("/<code>/report", methods=["GET", "POST"])
def report(code: str) -> Answer:
    """To say that there was nothing, or to list; what is there already is put right."""
    came, asked = _came(), _month(code)
    if came is None:
        return redirect(url_for("links.closed"))
    case, employer = _case(came, asked), shown.employer_of(came.committee)
    given = request.form if request.method == "POST" else request.args
    before = case if given.get("again") == "1" else None
    if case is not None and before is None and request.method != "POST":
        return redirect(url_for("monthly.month", code=asked.code))
    form = ReturnForm.of(
        came.committee,
        asked,
        MultiDict(request.form),
        door().today(),
        nothing=given.get(NOTHING) == "1",
        before=before,
    )
    if request.method != "POST":
        words = door().words(before.id, Office.MEDIATOR) if before else {}
        return _form(came, form.begun(came.name, employer, _names(before), words))
    if request.form.get("do", "").startswith("more:"):
        return _form(came, form.with_row(employer))
    return _reported(came, asked, form)


def _reported(came: Coming, asked: Month, form: ReturnForm) -> Answer:
    """Give it in; what was sent before is answered the same again."""
    workflow = next(iter(door().catalogue.for_new_cases(door().today(), RETURN)), None)
    if workflow is None:
        return _form(came, form, wrong="现在收不了月报，请打电话告诉调解室。"), 409
    try:
        order, people = form.read(workflow, came.link.person, Office.COMMITTEE)
        door().submit(order, people)
    except FormFaults as fault:
        return _form(came, form.wrong(fault.faults)), 422
    except (CaseAlreadyOpen, NumberTaken):
        return _form(came, form, wrong="这个月已经报过了。要改的，请回到月报，按“更正”。"), 409
    except UnfitText as fault:
        return _form(came, form, wrong=fault.sentence), 422
    except Refused as refused:
        return _form(came, form, refused=refused.refusals), 422
    except StaleInstance:
        now = _case(came, asked)
        return _form(came, form.renewed(now) if now else form, wrong=_moved(now)), 409
    except (CommandIdReused, PersonTaken):
        return _form(came, form.renumbered(), wrong=TWICE), 409
    links.stay(door().store, came.link, used=True)
    return redirect(url_for("monthly.month", code=asked.code, done=1), 303)


def _moved(case: Case | None) -> str:
    """What to do where the month was put right, or something of it was handed up, while a correction was typed."""
    facts, names = facts_of(case) if case else None, _names(case)
    up = "、".join(names.get(facts.entries[key].worker, "") for key in facts.handed_up()) if facts else ""
    told = f"{up}的已经转到调解室，不用再写，请删去那一行。" if up else ""
    return f"您打开这张表以后，这个月的月报有过变动，没有记下。{told}请对照现在的月报核对过再交。"


@pages.post("/<code>/hand-up")
def send_up(code: str) -> Answer:
    """Hand a small dispute up to the room, which makes a case of it."""
    came, asked = _came(), _month(code)
    if came is None:
        return redirect(url_for("links.closed"))
    case, key, id = _case(came, asked), request.form.get("key", "")[:40], request.form.get("id", "")[:64]
    if case is None or key not in facts_of(case).entries or len(id) < 8:
        abort(404)
    try:
        door().submit(hand_up(case, key, came.link.person, Office.COMMITTEE, id))
    except (Refused, InstanceNotFound) as fault:
        return make_response(_shown(came, asked, case, wrong=fault.sentence), 422)
    except (StaleInstance, CommandIdReused):
        return make_response(_shown(came, asked, _case(came, asked) or case, wrong=MOVED), 409)
    links.stay(door().store, came.link, used=True)
    return redirect(url_for("monthly.month", code=asked.code), 303)


@pages.post("/leave")
def leave() -> Response:
    """End it in this browser."""
    link = entered_by(RETURN_LINK)
    if link is not None:
        links.leave(door().store, link)
    return forget(redirect(url_for("links.done", what="left"), 303), RETURN_LINK)


def _came() -> Coming | None:
    """Who is in by a link, while the committee is there and it is still its contact's; None otherwise."""
    link = entered_by(RETURN_LINK)
    if link is None:
        return None
    with door().store.read() as unit:
        committee, person = committee_of(unit, link), unit.register.person(link.person)
    if committee is None or person is None:
        return None
    links.stay(door().store, link)
    return Coming(link=link, committee=committee, name=person.name)


def _month(code: str) -> Month:
    return Month.read(code) or abort(404)


def _case(came: Coming, asked: Month) -> Case | None:
    """The return of the committee for a month, where there is one."""
    try:
        return door().case(item_of(came.committee.id, asked))
    except CaseNotFound:
        return None


def _names(case: Case | None) -> dict[str, str]:
    """Names of those in a return that is put right, by id."""
    if case is None:
        return {}
    ids = {id for it in facts_of(case).entries.values() for id in (it.worker, it.other)}
    with door().store.read() as unit:
        return {id: person.name for id, person in unit.register.people(ids).items()}


def _shown(came: Coming, asked: Month, case: Case, wrong: str = "") -> str | Response:
    """A month as it was reported; the look at it is on record."""
    try:
        door().look_by_link(came.link.person, RETURN_LINK.office, case, "return")
    except (ActorNotFound, OfficeNotHeld, OutsideOwnRemit):
        return redirect(url_for("links.closed"))
    facts, words = facts_of(case), door().words(case.id, Office.MEDIATOR)
    names = _names(case)
    entries = [(key, it, names.get(it.worker, ""), names.get(it.other, "")) for key, it in facts.standing().items()]
    able = {key for key, it in facts.standing().items() if _may_go_up(it)}
    return _page(
        "month",
        came,
        month=asked,
        facts=facts,
        entries=entries,
        able=able,
        words=words,
        id=new_id(system_randomness, 16),
        wrong=wrong,
        done=request.args.get("done") == "1",
    )


def _may_go_up(entry: Any) -> bool:
    return entry.state is EntryState.LISTED and entry.result is not Result.SETTLED


def _form(came: Coming, form: ReturnForm, *, wrong: str = "", refused: object = ()) -> str:
    return _page("report", came, form=form, rows=ROWS, wrong=wrong, refused=refused)


def _page(name: str, came: Coming, **more: Any) -> str:
    return page(f"portal/monthly_{name}.html", came=came, phone=settings().telephone, **more)
