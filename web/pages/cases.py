"""The list of cases, and one case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from mediation_engine.domain.roles import MEDIATOR, Office
from mediation_engine.errors import RulesNotInForce, UnknownWorkflow
from mediation_engine.record.disclosure import LookReason
from mediation_engine.record.fold import DecodedLine
from mediation_engine.services.authorization import reach
from mediation_engine.services.case_view import CaseView

from ..http import searches
from ..http.case_access import case, look, record_list
from ..http.request_context import door, reader
from ..presenters.case_acts import CaseActs, case_acts
from ..presenters.case_details import Casework
from ..presenters.case_head import case_head, seats
from ..presenters.case_list import LONGEST, Choices, a_page, choices, unknown, wanted
from ..presenters.case_options import Asking
from ..presenters.case_tabs import OVERVIEW, RECORD, Tab, papers_tab, tabs
from ..presenters.deadlines import shown_clocks
from ..presenters.following import related
from ..presenters.next_steps import Next, next_steps
from ..presenters.papers import grouped, listed
from ..presenters.timeline import Corrections, Narrowing, by_day, narrowed, told_to, whole_orders
from ..presenters.visibility import on_screen
from ..security.permissions import may

pages = Blueprint("cases", __name__, url_prefix="/cases")


@pages.get("")
def index() -> str:
    """Cases of one's organisation and those below it, narrowed to what is asked for, a page at a time."""
    own = _own()
    asked = {name: value for name, value in request.args.items() if value and name != "after"}
    offered, after, today = choices(door(), own), request.args.get("after", "")[:80], door().today()
    words = searches.words_of(asked["search"]) if "search" in asked else ""
    faults = unknown(asked, offered) if words is not None else [searches.GONE]
    sort = asked.get("sort", "")
    shown, further = ([], "") if faults else a_page(door(), wanted(asked, words or "", own, today), after, today, sort)
    record_list("search" if words else "list", len(shown))
    kept = _narrowing(asked, offered)
    address = kept | ({"search": asked["search"]} if words else {})
    given = {"asked": kept, "words": words or "", "address": address, "offered": offered, "faults": faults}
    return render_template("cases.html", listed=shown, after=after, further=further, longest=LONGEST, **given)


@pages.post("")
def search() -> Response:
    """The same narrowed by words: they are kept with the session, and the address has their number."""
    kept, words = _narrowing(request.form, choices(door(), _own())), request.form.get("q", "").strip()[:LONGEST]
    address: dict[str, Any] = kept | ({"search": searches.keep(words)} if words else {})
    return redirect(url_for("cases.index", **address), 303)


def _own() -> frozenset[str]:
    with door().store.read() as unit:
        return reach(unit.register, reader().actor.organisation)


def _narrowing(asked: Mapping[str, str], offered: Sequence[Choices]) -> dict[str, str]:
    """What a list is narrowed to besides words: codes, nobody's names."""
    return {c.name: asked[c.name][:LONGEST] for c in offered if asked.get(c.name)}


@pages.get("/<case_id>")
def show(case_id: str) -> str:
    """One case: where it stands, what comes next, and what it consists of, tab by tab; `show=joint` for a screen all
    look at."""
    joint = request.args.get("show") == "joint"
    view = look(case_id, "screen" if joint else "case", Office.AUDITOR if joint else None)
    view = on_screen(view) if joint else view
    asked, why_not = (None, "") if joint else _asked(view)
    work, clocks, told = Casework(view=view, joint=joint), shown_clocks(view, joint=joint), told_to(view, joint)
    papers = () if joint else grouped(listed(view))
    shown = tabs(work, sum(len(group.papers) for group in papers), len(told))
    tab = _chosen(shown)
    return render_template(
        "case.html",
        case=view.case,
        reasons=tuple(LookReason) if view.access.apart and not view.stepped_back else (),
        stepped_back=view.stepped_back,
        workflow=view.workflow,
        teller=view.teller,
        work=work,
        head=case_head(work, clocks),
        joint=joint,
        clocks=clocks,
        panel=None if joint else next_steps(asked) if asked else Next(why_not=why_not),
        acts=case_acts(asked) if asked and not view.stepped_back and may(reader(), "steps.step") else CaseActs(),
        related=() if joint else related(view),
        papers=papers,
        papers_tab=papers_tab(view.workflow),
        tabs=shown,
        tab=tab,
        seats=seats(work),
        **_history(view, told if joint or tab.code in (OVERVIEW, RECORD) else (), joint),
    )


def _chosen(shown: Sequence[Tab]) -> Tab:
    """The tab that is asked for: the history where a line of it is; the first one where there is none of that name."""
    asked = request.args.get("tab", RECORD if "upto" in request.args else "")
    return next((tab for tab in shown if tab.code == asked), shown[0])


def _history(view: CaseView, told: Sequence[DecodedLine], joint: bool) -> dict[str, Any]:
    """A page of the history, by day, as far as it is asked for; and by what it can be narrowed."""
    wanted = Narrowing() if joint else _wanted()
    lines = narrowed(view, told, wanted)
    begin, upto = whole_orders(lines, _upto(len(lines)))
    corrections = _corrections(view, told, joint)
    days = by_day(lines[begin:upto], view.teller, joint=joint, first=begin + 1, corrections=corrections)
    people = dict.fromkeys(it.line.actor for it in told if it.line.actor)
    return {
        "days": days,
        "earlier": begin,
        "found": len(lines),
        "wanted": wanted,
        "actors": {} if joint else {id: view.actors.get(id, id) for id in people},
        "last": [act for day in days for act in day.acts if act.first.line.command][-MOST_LAST:][::-1],
    }


MOST_LAST = 5
"""So many of the latest acts stand on the first tab."""


def _wanted() -> Narrowing:
    said = {name: request.args.get(name, "")[:80] for name in ("phase", "who", "kind")}
    return Narrowing(**said, marked=bool(request.args.get("marked")))


@pages.post("/<case_id>/private")
def private(case_id: str) -> Response:
    """A mediator who does not handle the case says why he looks at what is private in it."""
    found, reason = case(case_id), LookReason.named(request.form.get("reason", ""))
    if reason is None:
        flash("请先选一个理由。")
    else:
        door().give_reason(reader().actor.id, reader().office, found, reason)
        flash("理由已记入查阅记录，今天看得到本案私下说的话和底线。")
    return redirect(url_for("cases.show", case_id=case_id), 303)


def _corrections(view: CaseView, told: Sequence[DecodedLine], joint: bool) -> Corrections:
    """What has been corrected in the lines there are for the reader, and whether he may correct something."""
    return Corrections(
        marks=view.corrected,
        restated=view.restated,
        numbers={it.line.version: number if joint else it.line.version for number, it in enumerate(told, 1)},
        offered=not joint and view.office in MEDIATOR and not view.access.apart,
    )


def _asked(view: CaseView) -> tuple[Asking | None, str]:
    """The case to be asked what can be done next; or why nothing can, where its rules are not in force."""
    try:
        return Asking(view=view, workflow=door().catalogue.in_force(view.case.rules)), ""
    except (UnknownWorkflow, RulesNotInForce) as fault:
        return None, fault.sentence


def _upto(count: int) -> int:
    """Up to which line of so many is asked for; all of them where nothing sensible is."""
    asked = request.args.get("upto", "")
    return min(count, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 9 else count
