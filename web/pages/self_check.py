"""自查 of one case and of all, and what is set aside of it with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug import Response

from mediation_engine.domain.roles import MEDIATOR, Office
from mediation_engine.domain.self_check import Mend, Weight
from mediation_engine.errors import CaseNotFound, OfficeNotHeld, Refused, SteppedBack
from mediation_engine.services.case_view import CaseView, names_of
from mediation_engine.services.exempting import Finding, set_aside, take_back
from workflows.self_check import RULES
from workflows.self_check.across import ACROSS

from ..forms.command_form import PREFIX
from ..http.case_access import find, look, record_list
from ..http.request_context import door, reader, settings, shelf, skipped
from ..presenters.case_list import Choices, handlers
from ..presenters.self_check import checked, ways
from ..presenters.self_check_all import SETS_ASIDE, SETS_ASIDE_FLAGS, Asked, CheckBook, Checking

pages = Blueprint("self_check", __name__)
A_PAGE = 50
CODES = frozenset(rule.code for rule in RULES)
FLAGS_SHOWN = 100
AT_A_TIME = 2_000
"""Cases that one opening of the page checks anew: a few seconds."""
SEPARATOR = "\x1f"
"""Between the parts of what a box to tick stands for."""


def _address(case_id: str, mend: Mend) -> str:
    """Where a finding is put right."""
    if mend.step:
        given: dict[str, Any] = {f"{PREFIX}{name}": value for name, value in mend.given.items()}
        return url_for("steps.step", case_id=case_id, command=mend.step, on=list(mend.on) or None, **given)
    if mend.line:
        return url_for("corrections.correct", case_id=case_id, line=mend.line)
    return url_for("people.edit", id=mend.person)


@pages.get("/cases/<case_id>/self-check")
def show(case_id: str) -> str:
    """What the rules find in a case, the heaviest first, each with where it is put right."""
    return _case_page(case_id)


def _case_page(case_id: str, fault: str = "", reason: str = "") -> str:
    view = look(case_id, "self_check")
    with door().store.read() as unit:
        it = checked(view, unit, settings().self_check)
    return render_template(
        "self_check.html",
        case=view.case,
        it=it,
        ways=lambda finding: ways(view, finding.mends) if reader().office in MEDIATOR else [],
        address=lambda mend: _address(case_id, mend),
        sets_aside=_entitled(SETS_ASIDE),
        actors=view.actors,
        asked=len([rule for rule in view.workflow.checks if rule.when(view.case)]) if view.workflow else 0,
        separator=SEPARATOR,
        fault=fault,
        reason=reason,
    )


@pages.post("/cases/<case_id>/self-check")
def exempt(case_id: str) -> str | Response | tuple[str, int]:
    """Set findings of a case aside with a reason, or take that back."""
    view = find(case_id)
    if view.stepped_back:
        raise SteppedBack
    chosen = {tuple(box.split(SEPARATOR)) for box in request.form.getlist("finding")}
    findings = {(case_id, *key) for key in _keys(view) if key in chosen}
    if fault := _given(findings, SETS_ASIDE):
        return _case_page(case_id, fault, request.form.get("reason", "")), 422
    return redirect(url_for("self_check.show", case_id=case_id), 303)


def _keys(view: CaseView) -> list[tuple[str, str]]:
    """By what is known what is found in a case now, set aside or not: nothing else can be."""
    with door().store.read() as unit:
        it = checked(view, unit, settings().self_check)
    return [found.key for found in (*it.open, *(found for found, _ in it.aside))]


def _given(findings: Collection[Any], entitled: Collection[Office]) -> str:
    """Do what the form asks; why not, where it is refused."""
    service, reason, undone = door(), request.form.get("reason", ""), request.form.get("undo", "")[:80]
    try:
        if undone:
            done = take_back(service.store, service.randomness, reader().actor, undone, reason, entitled)
            flash("已撤回说明，重新列出。" if done else "这条说明已经撤回过了。")
        else:
            entered = set_aside(service.store, service.randomness, reader().actor, findings, reason, entitled)
            flash(f"已说明 {len(entered)} 处：理由、谁、何时都留了记录，仍可在这里看到。")
    except (Refused, OfficeNotHeld) as fault:
        return fault.sentence
    except CaseNotFound:
        return "没有找到这件案件，请重新打开本页"
    return ""


def _entitled(offices: Collection[Office]) -> bool:
    return reader().himself and reader().office in offices


@pages.get("/self-check")
def index() -> str:
    """What is found in all cases, by rule, by case, and over cases."""
    return _all(request.args)


@pages.post("/self-check")
def exempt_many() -> str | Response | tuple[str, int]:
    """Set what is found over cases aside for some of them at once, or a rule in all the cases that are listed."""
    rule = request.form.get("rule", "")[:80]
    flagged = next((it for it in ACROSS if rule == it.code), None)
    event = request.form.get("about", "")[:200] if flagged and flagged.of_event else ""
    findings: set[Finding] = {(it, rule, event) for it in request.form.getlist("case")}
    if not flagged:
        boxes = (tuple(box.split(SEPARATOR)) for box in request.form.getlist("finding"))
        findings = {(c, r, about) for parts in boxes if len(parts) == 3 for c, r, about in [parts] if r in CODES}
    if fault := _given(findings, SETS_ASIDE_FLAGS if flagged or _is_of_flag() else SETS_ASIDE):
        return _all(request.args, fault, request.form.get("reason", "")), 422
    return redirect(url_for("self_check.index", **_narrowing(request.args)), 303)


def _is_of_flag() -> bool:
    """Whether the entry that is to be taken back is about something found over cases."""
    undone = request.form.get("undo", "")
    with door().store.read() as unit:
        held = next((it for it in unit.exemptions.exemptions() if it.id == undone), None)
    return held is not None and any(held.rule == it.code for it in ACROSS)


def _all(args: Mapping[str, str], fault: str = "", reason: str = "") -> str:
    kept = _narrowing(args)
    asked = Asked(**kept)
    checking = Checking(
        door=door(),
        actor=reader().actor,
        office=reader().office,
        policy=settings().self_check,
        shelf=shelf(),
        book=current_app.extensions.setdefault("check_book", CheckBook()),
        most=AT_A_TIME,
    )
    found, skip = checking.overview(asked), skipped()
    rows = found.cases[skip : skip + A_PAGE]
    flags = found.flags[:FLAGS_SHOWN]
    with door().store.read() as unit:
        shown = {it.row.case for it in rows} | {c for it in flags for c in it.flag.cases}
        names, staff = names_of(unit, shown), unit.register.actors()
        held = (unit.views.row(it) for it in sorted(shown))
        numbers = {it.case: it.number for it in held if it}
    record_list("self_check", len(shown))
    mediators = {a.id: a.name for a in staff if a.organisation == reader().actor.organisation and a.offices & MEDIATOR}
    return render_template(
        "self_checks.html",
        found=found,
        rows=rows,
        skip=skip,
        further=skip + A_PAGE if len(found.cases) > skip + A_PAGE else 0,
        flags=flags,
        flags_left=len(found.flags) - len(flags),
        asked=asked,
        address=kept,
        names=names,
        numbers=numbers,
        actors={a.id: a.name for a in staff},
        choices=list(_choices(mediators, found.months)),
        sets_aside=_entitled(SETS_ASIDE),
        sets_aside_flags=_entitled(SETS_ASIDE_FLAGS),
        separator=SEPARATOR,
        fault=fault,
        reason=reason,
    )


def _narrowing(args: Mapping[str, str]) -> dict[str, Any]:
    """What of all findings is asked for, as it stands in the address."""
    return {name: args[name][:80] for name in ("rule", "weight", "mediator", "month") if args.get(name)}


def _choices(mediators: Mapping[str, str], months: Sequence[str]) -> Iterator[Choices]:
    """By what a list can be narrowed."""
    rules = [(rule.code, rule.label) for rule in RULES]
    flags = [(rule.code, rule.label) for rule in ACROSS] if reader().office in SETS_ASIDE_FLAGS else []
    yield Choices(name="rule", label="规则", every="全部规则", pairs=[*rules, *flags])
    yield Choices(name="weight", label="轻重", every="不限", pairs=[(it.value, it.label) for it in Weight])
    if reader().office is not Office.MEDIATOR:
        yield handlers(mediators.items())
    yield Choices(name="month", label="登记月份", every="全部", pairs=[(month, month) for month in months])
