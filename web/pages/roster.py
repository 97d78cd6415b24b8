"""花名册: a table of people brought as a file, looked at first, then taken into a case by one order."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from werkzeug import Response

from mediation_engine.domain.guard import with_day
from mediation_engine.domain.people import PartyKind
from mediation_engine.encryption.boxes import Place
from mediation_engine.errors import (
    BoxUnreadable,
    CommandIdReused,
    PersonTaken,
    Refused,
    RulesNotInForce,
    TableUnfit,
    UnfitText,
    UnknownWorkflow,
)
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.input import roster as rosters
from mediation_engine.input.tables import LARGEST, write_table
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.mediation import Preview
from workflows.facts import facts_of
from workflows.parts.queries import in_dispute
from workflows.vocabulary import Side

from ..forms.roster_form import Choices, Looked, brought_back, carried, looked, order_of
from ..http.case_access import look, record_list
from ..http.downloads import XLSX
from ..http.request_context import door, reader, register, room_key
from ..presenters.case_options import Asking
from ..presenters.refusal_reasons import Reason, reasons
from ..presenters.roster import HEAD, shown_rows

pages = Blueprint("roster", __name__, url_prefix="/cases/<case_id>/roster")
Answer = str | Response | tuple[str, int]
FILE, CARRIED, ID, SAME = "file", "carried", "id", "same"
TWICE = "这张花名册刚才已经登记过，内容与现在的不同。请重新交文件。"
GONE = "这一页不完整或已失效，请重新交文件。"
MOST_FAULTS_SHOWN = 200


@pages.get("/template")
def template(case_id: str) -> Response:
    """An empty roster to fill in."""
    look(case_id, "roster")
    content = write_table(rosters.layout(door().today()))
    return send_file(BytesIO(content), mimetype=XLSX, as_attachment=True, download_name="花名册.xlsx")


@pages.route("", methods=["GET", "POST"])
def roster(case_id: str) -> Answer:
    """Hand in the file; see what was read; press."""
    view = look(case_id, "roster")
    try:
        door().catalogue.in_force(view.case.rules)
    except (UnknownWorkflow, RulesNotInForce) as fault:
        flash(fault.sentence)
        return redirect(url_for("cases.show", case_id=case_id))
    if request.method == "GET":
        return _page(view)
    try:
        if request.form.get("do") == "take":
            return _take(view)
        return _look(view, rosters.read_roster(_sent(), door().today()), new_id(system_randomness, 16))
    except (TableUnfit, UnfitText) as fault:
        return _page(view, wrong=fault.sentence), 422
    except BoxUnreadable:
        return _page(view, wrong=GONE), 422
    except (CommandIdReused, PersonTaken):
        return _page(view, wrong=TWICE), 409


def _sent() -> bytes:
    sent = request.files.get(FILE)
    content = sent.read(LARGEST + 1) if sent else b""
    if not content:
        raise TableUnfit(why="没有选择文件")
    return content


def _place(view: CaseView, id: str) -> Place:
    """Where a roster that the browser holds belongs: to this form of this person about this case."""
    return "roster", view.case.id, reader().actor.id, id


def _choices(view: CaseView) -> Choices:
    typed, same = request.form, request.form.getlist(SAME)
    groups, cohorts = dict(_groups(view)), dict(_cohorts(view))
    return Choices(
        side=Side.named(typed.get("side", "")) or Side.APPLICANT,
        group=typed["group"] if typed.get("group") in groups else None,
        cohort=typed["cohort"] if typed.get("cohort") in cohorts else None,
        same=frozenset(int(n) for n in same if n.isascii() and n.isdecimal() and len(n) < 8),
    )


def _groups(view: CaseView) -> list[tuple[str, str]]:
    facts = facts_of(view.case)
    groups = (key for key in in_dispute(view.case) if facts.parties[key].kind is PartyKind.GROUP)
    return [(key, view.teller.thing(key)) for key in groups]


def _cohorts(view: CaseView) -> list[tuple[str, str]]:
    waiting = view.workflow.open_parts(view.case) if view.workflow else ()
    return [(key, view.teller.thing(key)) for key in waiting if key in facts_of(view.case).cohorts]


def _look(view: CaseView, read: rosters.Roster, id: str, said: str = "", choices: Choices | None = None) -> Answer:
    """What was read and what speaks against it; to be pressed where nothing does."""
    shown = looked(read, view, register(), reader().actor, id)
    if shown.alike:
        record_list("people", len(shown.alike))
    chosen = choices or _choices(view)
    preview = _preview(view, shown, id, chosen) if not shown.faults else None
    refused = preview.refused if preview else None
    held = carried(read, room_key(), _place(view, id), door().randomness) if not shown.faults else ""
    return _page(
        view,
        shown=shown,
        rows=shown_rows(shown.roster),
        head=HEAD,
        chosen=chosen,
        held=held,
        id=id,
        marks=_marks(view, preview),
        against=_reasons(view, refused),
        wrong=said,
    ), 422 if shown.faults or refused or said else 200


def _preview(view: CaseView, shown: Looked, id: str, choices: Choices) -> Preview:
    order, entered = _order(view, shown, id, choices)
    return door().preview(order, [it.person for it in entered])


def _order(view: CaseView, shown: Looked, id: str, choices: Choices) -> Any:
    who = reader()
    return order_of(shown, view.case.id, id, choices, register(), who.actor, who.office, door().today())


def _marks(view: CaseView, preview: Preview | None) -> list[str]:
    """With which defects it would be recorded."""
    sentences = view.workflow.guard_sentences if view.workflow else {}
    defects = [it for line in (preview.lines if preview else ()) for it in line.defects if not it.unjudged]
    return list(dict.fromkeys(with_day(sentences.get(it.code, it.code), it.since) for it in defects))


def _reasons(view: CaseView, refused: Refused | None) -> list[Reason]:
    if refused is None or view.workflow is None:
        return []
    asked = Asking(view=view, workflow=view.workflow)
    return reasons(view.case, refused.refusals, view.teller, view.office, asked.allowed)


def _take(view: CaseView) -> Answer:
    """Give the order, of the very roster that was looked at."""
    id = request.form.get(ID, "")[:64]
    read, choices = brought_back(request.form.get(CARRIED, ""), room_key(), _place(view, id)), _choices(view)
    then = view.when_given(reader().actor.organisation, id)  # pressed twice, the second is the same order
    shown = looked(read, then, register(), reader().actor, id)
    if shown.faults:
        return _look(view, read, id, choices=choices)
    choices = replace(choices, same=choices.same & shown.alike.keys())
    order, entered = _order(then, shown, id, choices)
    try:
        door().submit(order, entered=entered)
    except Refused:
        return _look(view, read, id, choices=choices)
    flash(f"已登记 {len(read.people)} 人。")
    return redirect(url_for("cases.show", case_id=view.case.id, tab="parties") + "#party", 303)


def _page(view: CaseView, **more: Any) -> str:
    if view.workflow is None or "EnterRoster" not in view.workflow.commands:
        abort(404)
    return render_template(
        "roster.html",
        case=view.case,
        names=[view.teller.thing(key) for key in facts_of(view.case).parties][:3],
        sides=[(side.value, side.label) for side in Side],
        groups=_groups(view),
        cohorts=_cohorts(view),
        largest=LARGEST,
        most=MOST_FAULTS_SHOWN,
        **more,
    )
