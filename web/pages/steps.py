"""Taking a case a step on: one form for every command; and what is still missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug import Response

from mediation_engine.domain.line import Line
from mediation_engine.domain.order import Order, Receipt
from mediation_engine.errors import (
    CommandIdReused,
    FormFaults,
    PersonTaken,
    Refused,
    RulesNotInForce,
    StaleInstance,
    UnfitText,
    UnknownWorkflow,
)
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.ports import Person

from .. import happening, nexts
from ..here import door, look
from ..lacking import lacking
from ..stepping import ID, Step, open_step, told_ahead, told_since

pages = Blueprint("steps", __name__, url_prefix="/cases/<case_id>")
Answer = str | Response | tuple[str, int]
MOST_TOLD = 4
AGAIN = frozenset({"more", "all", "none", "find"})
"""Buttons that bring the form again and do nothing else."""
TWICE = "这张表刚才已经办理过一次，内容与现在填写的不同。确实要另外再办一次的，请核对后再按“办理”。"


@pages.app_context_processor
def panel() -> dict[str, Any]:
    """What the panel on the page of a case is filled with."""
    return {"next_steps": nexts.next_steps}


@pages.app_template_test("dayish")
def dayish(typed: str) -> bool:
    """Whether a browser's own field for days can show it; what else was typed is kept as it is."""
    return not typed or re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", typed, re.ASCII) is not None


@pages.route("/steps/<command>", methods=["GET", "POST"])
def step(case_id: str, command: str) -> Answer:
    """The form of a command; and the command itself."""
    case = look(case_id, "step")
    try:
        asked = open_step(case, command, request.form if request.method == "POST" else request.args)
    except (UnknownWorkflow, RulesNotInForce) as fault:
        flash(fault.sentence)
        return redirect(url_for("cases.show", case_id=case_id))
    return _posted(asked) if request.method == "POST" else _fresh(asked)


def _fresh(step: Step) -> Answer:
    step.begin()
    step.look_ahead()
    return _page(step)


def _posted(step: Step) -> Answer:
    """The form again with one more row or other ticks, a preview, or the step itself."""
    wanted, _, place = step.typed.get("do", "").partition(":")
    match wanted:
        case "more":
            step.sheet.add_row(place)
        case "all" | "none":
            step.pick(place, every=wanted == "all")
    if wanted in AGAIN:
        return _page(step)
    try:
        order, people = step.order()
        return _preview(step, order, people) if wanted == "preview" else _give(step, order, people)
    except FormFaults:
        return _page(step), 422
    except UnfitText as fault:
        return _page(step, wrong=fault.sentence), 422
    except StaleInstance as stale:
        return _moved(step, stale.since)
    except (CommandIdReused, PersonTaken):
        step.typed[ID] = new_id(system_randomness, 16)
        return _page(step, wrong=TWICE), 409


def _preview(step: Step, order: Order, people: Sequence[Person]) -> Answer:
    preview = door().preview(order, people)
    if preview.refused:
        return _refused(step, preview.refused)
    return _page(step, ahead=told_ahead(step, preview, people))


def _give(step: Step, order: Order, people: Sequence[Person]) -> Answer:
    try:
        receipt = door().submit(order, people)
    except Refused as refused:
        return _refused(step, refused)
    for sentence in _recorded(step, receipt):
        flash(sentence)
    return redirect(url_for("cases.show", case_id=step.case.id), 303)


def _refused(step: Step, refused: Refused) -> Answer:
    step.refusals = refused.refusals
    return _page(step), 422


def _moved(step: Step, since: Sequence[Line]) -> Answer:
    """Somebody was faster: who and what, and the form with all that was typed, now over how things stand."""
    step.renew()
    step.look_ahead()
    return _page(step, moved=told_since(step, since) or [None]), 409


def _page(step: Step, **more: Any) -> str:
    return render_template("step.html", step=step, case=step.case, whens=happening.KINDS, **more)


def _recorded(step: Step, receipt: Receipt) -> list[str]:
    """What was written, without names: it is kept with the session until it is shown."""
    teller, lines = step.asked.teller, [line for line in receipt.lines if not line.command]
    numbers = f"第{receipt.first}条" if receipt.first == receipt.last else f"第{receipt.first}—{receipt.last}条"
    told = [teller.line(line) for line in lines]
    also = "；".join(f"{teller.numbered(line.instance)}：{t.what}" for line, t in zip(lines, told, strict=True))
    follows = "；".join(also.split("；")[:MOST_TOLD]) + ("等" if len(lines) > MOST_TOLD else "")
    return [f"已办理“{step.kind.label}”，记为{numbers}。" + (f"随之：{follows}。" if lines else "")]


@pages.get("/missing")
def missing(case_id: str) -> Answer:
    """离结案还差什么."""
    case = look(case_id, "missing")
    try:
        found = lacking(case)
    except (UnknownWorkflow, RulesNotInForce):
        abort(409)
    return render_template("missing.html", case=case, lacking=found)
