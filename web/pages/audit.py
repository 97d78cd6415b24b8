"""校验: the record held against itself, and against a checkpoint; what was corrected in it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template, request

from mediation_engine.audit import Checkpoint, Finding, Head, Standing
from mediation_engine.domain.limits import MOST_FAULTS
from mediation_engine.domain.roles import Office
from mediation_engine.errors import FileFault, MediationError
from mediation_engine.export.checkpoint import read_checkpoint
from mediation_engine.export.signing import public_half
from mediation_engine.services import maintenance
from mediation_engine.services.authorization import reach
from mediation_engine.services.case_view import CaseView

from ..http.case_access import look_at_record, record_list
from ..http.request_context import door, key, reader, shelf, skipped
from ..presenters.audit_result import shown, verdict, verdict_beside
from ..presenters.corrections import told

pages = Blueprint("audit", __name__)
A_PAGE = 20


class NoFileChosen(MediationError):
    """还没有选择文件。请先选择存证点文件，再核对。"""


@pages.get("/cases/<case_id>/audit")
def show(case_id: str) -> str:
    """One case: is its record whole, was every step lawful."""
    return _verified(look_at_record(case_id, "audit"))


@pages.post("/cases/<case_id>/audit")
def check(case_id: str) -> str | tuple[str, int]:
    """The same, held against a checkpoint kept elsewhere."""
    view = look_at_record(case_id, "audit")
    try:
        return _verified(view, _uploaded())
    except (NoFileChosen, FileFault) as fault:
        return _verified(view, fault=fault.sentence), 422


def _verified(view: CaseView, stood: Checkpoint | None = None, fault: str = "") -> str:
    service, case = door(), view.case
    own = {case.id: stood.cases[case.id]} if stood and case.id in stood.cases else None
    found = next(
        f for _, f in maintenance.audit_store(service.store, service.catalogue, [case.id], own, shelf().look_at)
    )
    return render_template(
        "audit.html",
        case=case,
        count=view.stored,
        verdict=verdict(found),
        findings=shown(found, view),
        against=None if stood is None else own,
        held=own is not None or stood is None,
        standing=stood and stood.standing,
        fault=fault,
        secret=reader().office is Office.AUDITOR,
        exhibits=len(case.facts.files()),
    )


def _uploaded() -> Checkpoint:
    """What the file sent along says. NoFileChosen, FileFault."""
    sent = request.files.get("checkpoint")
    if not sent or not sent.filename:
        raise NoFileChosen
    own = key()
    return read_checkpoint(sent.read(), sent.filename[:80], public_half(own) if own else None)


@pages.get("/audit")
def index() -> str:
    """Cases of one's organisation and those below it, each verified, a page at a time."""
    return _all()


@pages.post("/audit")
def compare() -> str | tuple[str, int]:
    """All of them at once held against a checkpoint: where each of them stood then."""
    try:
        stood = _uploaded()
    except (NoFileChosen, FileFault) as fault:
        return _all(fault=fault.sentence), 422
    counted, found = maintenance.compare(door().store, stood, _own())
    return _all(stood, (len(stood.cases), counted, found))


def _all(
    stood: Checkpoint | None = None, compared: tuple[int, int, list[Finding]] | None = None, fault: str = ""
) -> str:
    after, service = request.args.get("after", "")[:80], door()
    with service.store.read() as unit:
        rows = unit.views.case_rows(after=after, most=A_PAGE + 1, organisations=_own())
    numbers = {row.case: row.number for row in rows[:A_PAGE]}
    found = [(c, numbers[c], verdict(f)) for c, f in maintenance.audit_store(service.store, service.catalogue, numbers)]
    more, most = len(rows) > A_PAGE, MOST_FAULTS
    return render_template(
        "audits.html",
        found=found,
        beside=() if after else verdict_beside(maintenance.audit_chains(service.store, _known_chains(stood))),
        after=after,
        more=more,
        most=most,
        compared=compared,
        standing=stood and stood.standing,
        fault=fault,
    )


def _known_chains(stood: Checkpoint | None) -> Mapping[str, Head]:
    """Where a checkpoint of ours has the chains; a made-up one is no way to ask how many looks there were."""
    return stood.chains if stood is not None and stood.standing is Standing.OURS else {}


@pages.get("/audit/corrections")
def corrections() -> str:
    """Everything that was corrected or struck, with the reason, the latest first."""
    skip, who = skipped(), reader()
    found = door().corrections(who.office, who.actor, skip=skip, most=A_PAGE + 1)
    rows = [told(row, view) for row, view in found[:A_PAGE]]
    record_list("corrections", len({it.row.case for it in rows}))
    further = skip + A_PAGE if len(found) > A_PAGE else 0
    return render_template("corrections.html", rows=rows, skip=skip, further=further)


def _own() -> frozenset[str]:
    with door().store.read() as unit:
        return reach(unit.register, reader().actor.organisation)
