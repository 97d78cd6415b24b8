"""Taking a case a step on: one form for every command; and what is still missing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug import Response
from werkzeug.exceptions import NotFound

from mediation_engine.domain.case import machine_of
from mediation_engine.domain.fields import Text
from mediation_engine.domain.guard import Refusal, with_day
from mediation_engine.domain.limits import MOST_ROWS_SHOWN
from mediation_engine.domain.line import Line
from mediation_engine.domain.order import Order, Receipt
from mediation_engine.errors import (
    CommandIdReused,
    ExhibitUnfit,
    FormFaults,
    PersonTaken,
    Refused,
    RoomKeyMissing,
    RulesNotInForce,
    StaleInstance,
    TableUnfit,
    UnfitText,
    UnknownWorkflow,
)
from mediation_engine.services.authorization import reach
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.mediation import Preview
from mediation_engine.services.numbers import known_by
from workflows.papers.clauses import suited
from workflows.parts.exhibit import FileExhibit
from workflows.vocabulary import ExhibitKind

from ..forms import companions
from ..forms.command_form import PREFIX
from ..forms.companions import Given
from ..forms.occurred_field import TOO_EARLY, not_yet
from ..forms.reading_out import read_out, signers
from ..forms.several import for_several
from ..forms.step_form import CLAUSES, Step, begun, emptied, looked_ahead, open_step, order_of, renewed
from ..forms.term_clauses import of_case, of_clause
from ..http import drafts
from ..http.case_access import find, look, record_list, record_person
from ..http.form_data import storable
from ..http.request_context import door, exhibits, reader, register, settings
from ..http.said import say
from ..http.uploads import contents_of
from ..presenters import batch_sheet
from ..presenters.applications import applied_in
from ..presenters.case_details import Casework
from ..presenters.case_head import short_head
from ..presenters.case_options import Asking
from ..presenters.closing_checklist import lacking, lacking_papers
from ..presenters.marks_ahead import Mark, marks_in
from ..presenters.on_its_way import on_its_way
from ..presenters.preview import told_ahead, told_difference, told_since
from ..presenters.step_groups import step_groups
from ..presenters.step_picker import LONGEST, found, only_way, picker
from . import notes
from .exhibits import FiledBefore, check_new

pages = Blueprint("steps", __name__, url_prefix="/cases/<case_id>")
Answer = str | Response | tuple[str, int]
MOST_TOLD = 4
FILES = "files"
"""What a form calls the files handed in."""
CLAUSE, OLDER = "clause", "older.case"
"""What a form calls the clauses that are ticked, and the older case whose terms are wanted."""
SHEET = "sheet"
"""What a form calls a table that fills its rows, or a sheet that many have signed."""
ANOTHER = "another"
"""In an address: something new is wanted though such a thing is on its way."""
GIVING = ("", "do", "preview")
"""What a press says that gives the step, or shows what giving it would do; a form sent by a program says nothing."""
UNKNOWN_PRESS = "没有看懂要做什么，什么也没有办；填的内容都在，请再按一次下面的按钮。"
TWICE = "这张表刚才已经办理过一次，内容与现在填写的不同。确实要另外再办一次的，请核对后再按一次下面的按钮。"


@pages.route("/steps/<command>", methods=["GET", "POST"])
def step(case_id: str, command: str) -> Answer:
    """The form of a command; and the command itself."""
    if put_by := drafts.answer():
        return put_by
    try:
        asked = asking(look(case_id, "step"))
    except (UnknownWorkflow, RulesNotInForce) as fault:
        flash(fault.sentence)
        return redirect(url_for("cases.show", case_id=case_id))
    if asked.workflow.commands.get(command) is asked.workflow.opening and applied_in(door().store, asked.view):
        return redirect(url_for("new_case.new", application=case_id))
    draft = None if asked.view.stepped_back else drafts.here()
    typed = draft or (request.form if request.method == "POST" else notes.begin_with(request.args, command, asked.view))
    opened = open_step(asked, command, typed)
    if opened is None:
        abort(404)
    if draft:
        return _page(looked_ahead(opened), draft=True)
    is_fresh = request.method == "GET" and opened.targets.is_new and ANOTHER not in request.args
    if is_fresh and (there := on_its_way(asked, opened.kind)):
        return render_template(
            "on_its_way.html", step=opened, case=asked.case, found=there, head=short_head(asked.view)
        )
    return _posted(opened) if request.method == "POST" else _page(_with_reader(begun(opened)))


def _with_reader(step: Step) -> Step:
    """A sheet of signatures with who cannot read, as the register knows; a look at these is on record."""
    asked = signers(step)
    if not asked:
        return step
    try:
        known = register().all_details(reader().actor, set(asked.values()))
    except RoomKeyMissing:
        return step
    unread = {key for key, id in asked.items() if id in known and getattr(known[id][1], "cannot_read", False)}
    for key in unread:
        record_person(known[asked[key]][0], "person")
    return read_out(step, unread, reader().actor.name)


def asking(view: CaseView) -> Asking:
    """The case asked what can be done with it. UnknownWorkflow, RulesNotInForce."""
    return Asking(view=view, workflow=door().catalogue.in_force(view.case.rules))


def _posted(step: Step) -> Answer:
    """The form again with one more row or other ticks, a preview, or the step itself."""
    wanted, _, place = step.typed.get("do", "").partition(":")
    match wanted:
        case "more" | "all" | "none" if companions.is_of_companion(place):
            return _page(companions.changed(step, wanted, place))
        case "more":
            return _page(step.with_row(place))
        case "sums" | "nosums":
            return _page(step.with_sums(place, every=wanted == "sums"))
        case "all" | "none":
            return _page(step.with_picked(place, every=wanted == "all"))
        case "find":
            return _page(step)
        case "roster":
            return _page(step.with_roster())
        case "plan" if step.has_plan:
            planned = step.with_plan()
            return (_page(planned), 422) if planned.faults else _page(planned)
        case "clauses" if step.has_terms:
            return _clauses(step)
        case "older" if step.has_terms:
            return _older(step)
        case "fill" if step.takes_table:
            return _filled(step)
        case "sheet" if step.sheet_of:
            return _with_sheet(step)
        case other if other not in GIVING:
            return _page(step, wrong=UNKNOWN_PRESS), 422
    if filed := notes.gone(step.typed):
        return filed
    if gone := emptied(step):
        return _page(step.wrong(gone)), 422
    try:
        given = _given_of(step)
        if step.takes_files and any(request.files.getlist(FILES)):
            return _file(step, given.orders[0])
        return _preview(step, given) if wanted == "preview" else _give(step, given)
    except FormFaults as fault:
        return _page(step.wrong(fault.faults)), 422
    except FiledBefore as before:
        return _page(step, wrong=before.sentence, same=before.keys), 422
    except (UnfitText, ExhibitUnfit, RoomKeyMissing) as fault:
        return _page(step, wrong=fault.sentence), 422
    except Refused as refused:
        return _refused(step, refused), 422
    except StaleInstance as stale:
        return _moved(step, stale.since)
    except (CommandIdReused, PersonTaken):
        return _page(step.renumbered(), wrong=TWICE), 409


def _given_of(step: Step) -> Given:
    """What was ordered, with what goes together with it; FormFaults with all that is wrong with either."""
    try:
        order, people = order_of(step, reader().actor.id)
    except FormFaults as fault:
        try:
            companions.given_of(step, None, (), reader().actor.id)
        except FormFaults as besides:
            raise FormFaults(besides.faults | fault.faults) from fault
        raise
    try:
        given = companions.given_of(step, order, people, reader().actor.id)
        return for_several(step, given, reader().actor.id)
    except FormFaults:
        if (refused := door().preview(order, people).refused) is not None:
            raise refused from None  # what goes together with a step that cannot be given is not looked into
        raise


def _refused(step: Step, refused: Refused) -> str:
    """The form with why it, or which of its companions, cannot be given."""
    command = refused.about.get("command", "")
    beside = next((it.code for it in companions.companions_of(step) if command == it.code), None)
    if beside is None:
        again = step.asked_of([it for it in refused.refusals if it.code != TOO_EARLY])
        if len(again.refusals) < len(refused.refusals):
            again = again.wrong(dict(again.faults) | not_yet(step.typed, door().now(), step.instead))
        return _page(again)
    return _page(companions.asked_of(step, beside, refused.refusals), refused={beside: refused.refusals})


def _clauses(step: Step) -> Answer:
    """The form with the clauses that were ticked."""
    ticked, among = step.typed.getlist(CLAUSE), suited(settings().papers.clauses, step.case)
    return _page(step.with_terms([of_clause(it, step.case) for it in among if it.name in ticked], "请勾选要用的条款"))


def _older(step: Step) -> Answer:
    """The form with the terms of an older case, named by its number, which the reader may look at."""
    with door().store.read() as unit:
        typed, own = storable(step.typed.get(OLDER, "").strip()), reach(unit.register, reader().actor.organisation)
        found = known_by(unit, door().catalogue, typed, lambda it: it.organisation in own)
    if len(found) != 1:
        return _page(step.wrong({CLAUSES: ["没有找到这件案件，请填完整的案号"]})), 422
    try:
        older = look(found[0].case, "terms")
    except NotFound:
        return _page(step.wrong({CLAUSES: ["没有找到这件案件，或它不归您办理"]})), 422
    return _page(step.with_terms(of_case(Casework(view=older), step.case), "那件案件没有写成条款的协议"))


def _filled(step: Step) -> Answer:
    """The form with what a table says that was handed in; or all that is wrong with the table."""
    sheet, agreement = request.files.get(SHEET), step.typed.get(f"{PREFIX}agreement", "")
    try:
        found = batch_sheet.matched(step.asked.view, agreement, sheet.read() if sheet else b"")
    except TableUnfit as fault:
        return _page(step, wrong=fault.sentence), 422
    if found.faults:
        return _page(step, of_table=found.faults), 422
    if len(found.rows) > MOST_ROWS_SHOWN:
        return _page(step, wrong=f"网页上一次最多 {MOST_ROWS_SHOWN} 行，请把表分成几张"), 422
    filled = (len(found.rows), found.notes)
    return _page(step.filled_with(found.rows), filled=filled, accounts=_other_accounts(found))


def _other_accounts(found: batch_sheet.Matched) -> tuple[str, ...]:
    """Which accounts are not as in the register, where there is one that can be read; that look is on record."""
    try:
        people = register()
    except RoomKeyMissing:
        return ()
    compared = batch_sheet.compared(found, people, reader().actor)
    if compared.read:
        record_list("accounts", compared.read)
    for person in compared.shown:
        record_person(person, "person")
    return compared.warnings


def _with_sheet(step: Step) -> Answer:
    """The form resting on a sheet that was handed in with it: filed by an order of its own, once, whatever comes of the
    form."""
    sent = request.files.get(SHEET)
    content = sent.read() if sent else b""
    who, id = reader(), f"{step.typed.get('id', '')[:47]}.{hashlib.sha256(content).hexdigest()[:16]}"
    command = FileExhibit(kind=ExhibitKind.SIGNED, title=Text(step.title), agreement=step.sheet_of)
    order = Order(id=id, case=step.case.id, command=command, actor=who.actor.id, office=who.office)
    if not content:
        return _page(step, wrong="没有选择文件"), 422
    try:
        sheet = exhibits().file(order, [content]).lines[0].instance
    except (ExhibitUnfit, RoomKeyMissing, Refused) as fault:
        return _page(step, wrong=fault.sentence), 422
    return _page(step.over(asking(find(step.case.id))).with_sheet(sheet), filed=True)


def _preview(step: Step, given: Given) -> Answer:
    previews = _none_refused(door().preview_together(given.orders, given.people))
    views = [it.view for it in previews if it.view is not None]
    ahead = [told for view in views for told in told_ahead(view)]
    return _page(_marked(step, given, previews), ahead=ahead, differs=told_difference(given.orders[0], previews[0]))


def _none_refused(previews: Sequence[Preview]) -> Sequence[Preview]:
    """The same. Refused, where one of the orders would be."""
    if (refused := previews[-1].refused) is not None:
        raise refused
    return previews


def _marked(step: Step, given: Given, previews: Sequence[Preview], *, asks: bool = False) -> Step:
    """The step with all that it and what goes together with it would be recorded with."""
    found = list[Mark]()
    for own, preview in zip(given.by, previews, strict=True):
        assert preview.view is not None
        marks = marks_in(replace(own.asked, view=preview.view), preview.view)
        is_first = own is given.by[0]
        found += marks if is_first else (it.of(own.kind) for it in marks)
    return step.marked(found, asks=asks)


def _file(step: Step, order: Order) -> Answer:
    """File what was handed in; told to a script that sends one file after another only that it was done."""
    contents = contents_of(FILES)
    check_new(step.asked.view, order, contents)
    receipt = notes.give(order, (), step.typed, contents)
    if request.form.get(drafts.BY_SCRIPT):
        drafts.done()
        say(recorded(step, receipt), receipt)
        return "", 204
    return _given(step, receipt)


def _give(step: Step, given: Given) -> Answer:
    """The step given; before that, once, what it would be recorded with that the form has not said yet."""
    if (reader().actor.organisation, given.orders[0].id) not in step.case.orders:
        previews = door().preview_together(given.orders, given.people)
        if previews[0].refused is None:  # what a jotting brings with it is not seen ahead
            marked = _marked(step, given, _none_refused(previews), asks=True)
            if marked.unseen:
                return _page(marked)
    receipts = notes.give_together(given.orders, given.people, step.typed)
    return _given(step, *receipts, by=given.by)


def _given(step: Step, *receipts: Receipt, by: Sequence[Step] = ()) -> Answer:
    drafts.done()
    for own, receipt in zip(by or (step,), receipts, strict=True):
        say(recorded(own, receipt), receipt)
    return redirect(url_for("cases.show", case_id=step.case.id), 303)


def _moved(step: Step, since: Sequence[Line]) -> Answer:
    """Somebody was faster: who and what, and the form with all that was typed, now over how things stand."""
    now = find(step.case.id)
    return _page(renewed(companions.forgotten(step), asking(now)), moved=told_since(now, since) or [None]), 409


def _page(step: Step, *, refused: Mapping[str, Sequence[Refusal]] | None = None, **more: Any) -> str:
    limits = settings().exhibits.limits
    more["together"] = together = companions.companions_of(step, refused)
    more["wrong_together"] = [it for beside in together for it in beside.summary()]
    more["note"] = notes.told(step.typed)
    more["clauses"] = suited(settings().papers.clauses, step.case) if step.has_terms else ()
    more["head"] = short_head(step.asked.view)
    return render_template("step.html", step=step, case=step.case, limits=limits, **more)


def recorded(step: Step, receipt: Receipt) -> list[str]:
    """What was written, without names: it is kept with the session until it is shown."""
    teller, lines = step.asked.teller, [line for line in receipt.lines if not line.command]
    also = Counter(_of_kind(step, line.instance) + teller.what(line) for line in lines)
    follows = "；".join(f"{what} {n}项" if n > 1 else what for what, n in [*also.items()][:MOST_TOLD])
    told = [
        f"已办理“{step.kind.label}”。" + (f"因此还记下：{follows}{'等' * (len(also) > MOST_TOLD)}。" if also else "")
    ]
    return [
        *told,
        *(f"记录时注明了{kind}：{'；'.join(said)}。" for kind, said in _marks(step, receipt).items() if said),
    ]


def _of_kind(step: Step, key: str) -> str:
    """What kind of thing follows, and not which: 协议义务："""
    machine = step.asked.workflow.machines[machine_of(key)]
    return "" if machine in step.asked.workflow.phases else f"{machine.label}："


def _marks(step: Step, receipt: Receipt) -> dict[str, list[str]]:
    """With which defects it was recorded, and what could not be judged: about how many things of a kind, not which."""
    sentences = step.asked.workflow.guard_sentences
    found: dict[str, dict[str, None]] = {"瑕疵": {}, "无法判断的事项": {}}
    for line in receipt.lines:
        for defect in line.defects:
            kinds = Counter(_of_kind(step, key).removesuffix("：") for key in defect.about)
            about = f"（{'、'.join(f'{n}项{kind}' for kind, n in kinds.items() if kind)}）" if any(kinds) else ""
            sentence = with_day(sentences.get(defect.code, defect.code), defect.since) + about
            if defect.waived is None:
                found["无法判断的事项" if defect.unjudged else "瑕疵"][sentence] = None
    return {kind: list(said) for kind, said in found.items()}


@pages.get("/steps")
def index(case_id: str) -> Answer:
    """全部步骤: all of them by kind; or those that what is typed may mean."""
    view = look(case_id, "steps")
    try:
        asked = asking(view)
    except (UnknownWorkflow, RulesNotInForce) as fault:
        flash(fault.sentence)
        return redirect(url_for("cases.show", case_id=case_id))
    query = request.args.get("q", "").strip()[:LONGEST]
    groups, picks = (None, found(picker(asked), query)) if query else (step_groups(asked), [])
    alone = None if request.args.get("list") else only_way(picks, query)
    if alone:
        named: dict[str, Any] = dict(alone.fields)
        return redirect(url_for("steps.step", case_id=case_id, command=alone.command, on=alone.on or None, **named))
    given = {"case": view.case, "head": short_head(view), "groups": groups, "picks": picks}
    return render_template("step_picker.html", q=query, longest=LONGEST, **given)


@pages.get("/missing")
def missing(case_id: str) -> Answer:
    """离结案还差什么."""
    view = look(case_id, "missing")
    try:
        asked = asking(view)
    except (UnknownWorkflow, RulesNotInForce):
        abort(409)
    papers = [] if view.stepped_back else lacking_papers(asked)
    given = {"case": view.case, "head": short_head(view), "lacking": lacking(asked), "papers": papers}
    given["has_dossier"] = bool(asked.workflow.dossier)
    return render_template("missing.html", **given)
