"""Read models: what lists and calendars show, derived from a case; rebuilt from lines at any time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct

from ..domain.case import Case, machine_of
from ..domain.facts import ListRow
from ..domain.workflow import Workflow
from ..errors import UNFIT, LineUnreadable

TERM = "term"
"""Kind of a day by which the talks should be over; other days are of the kind of their instance."""
WAIT = "wait"
"""Kind of a day since which something waits to be taken up: nobody is late with it."""


class CaseRow(Struct, frozen=True, kw_only=True):
    """A case in a list. No names: those are in the register."""

    case: str
    version: int
    workflow: str
    organisation: str
    kind: str | None
    """Kind of case: ``dispute``; None here and below where a case of its kind has no such thing."""
    track: str | None
    number: str | None
    dispute: str | None
    phase: str
    state: str
    closed: str | None
    opened: datetime
    updated: datetime
    rounds: int | None
    parties: int | None
    mediator: str | None
    """Lead mediator (id of a member of staff)."""
    agreed: int | None
    """Sum agreed over live agreements, in 分; None where nothing is agreed or no sum is reported."""
    open_parts: int
    predecessor: str | None = None
    """The case it follows on."""
    kept: int = 0
    """Duties that are to be kept day by day, for as long as they bind."""


def by_opening(row: CaseRow) -> tuple[datetime, str]:
    """By when a case was registered; those of one moment by id."""
    return row.opened, row.case


class DueDate(Struct, frozen=True, kw_only=True):
    """A day by which something should have happened, or since which it waits. Overdue is computed from today, never
    stored."""

    case: str
    instance: str
    kind: str
    due: date


class Named(Struct, frozen=True, kw_only=True):
    """Somebody who is a party to a case: who it is stands in the register."""

    case: str
    instance: str
    person: str


def in_order(named: Named) -> tuple[str, int]:
    """By case and order of joining: party/2 comes before party/10."""
    return named.case, int(named.instance.rpartition("/")[2])


class CorrectionRow(Struct, frozen=True, kw_only=True):
    """A correction in a list. Why stands in the record."""

    case: str
    version: int
    """Of the line that corrects."""
    corrects: int
    """The version of the first line of the order it corrects."""
    struck: bool
    actor: str | None
    recorded: datetime


def by_recording(row: CorrectionRow) -> tuple[datetime, str, int]:
    """By when something was corrected; what was at one moment by case and line."""
    return row.recorded, row.case, row.version


class Projection(Struct, frozen=True, kw_only=True):
    """All rows of one case."""

    row: CaseRow
    dues: frozenset[DueDate]
    named: frozenset[Named] = frozenset()
    corrections: frozenset[CorrectionRow] = frozenset()


def project(workflow: Workflow | None, case: Case) -> Projection:
    """The rows of a case; where its workflow is not installed, what can be told without it.

    Raises:
        LineUnreadable: its lines speak of things that no line has told of: some of them are missing, or edited.
    """
    try:
        return _project(workflow, case)
    except UNFIT as fault:
        raise LineUnreadable(case=case.id) from fault


def _project(workflow: Workflow | None, case: Case) -> Projection:
    facts = case.facts
    parts = workflow.open_parts(case) if workflow else []
    assert case.opened is not None and case.recorded is not None
    shown = list_row(workflow, case)
    row = CaseRow(
        case=case.id,
        version=case.version,
        workflow=case.workflow,
        organisation=facts.organisation,
        kind=shown.kind,
        track=shown.track,
        number=facts.number,
        dispute=shown.dispute,
        phase=machine_of(case.phase),
        state=case.state(case.phase) or "",
        closed=facts.closed,
        opened=case.opened,
        updated=case.recorded,
        rounds=shown.rounds,
        parties=shown.parties,
        mediator=facts.lead_mediator(),
        agreed=shown.agreed,
        predecessor=shown.predecessor,
        kept=shown.kept,
        open_parts=len(parts),
    )
    named = frozenset(Named(case=case.id, instance=k, person=id) for k, id in facts.people().items())
    return Projection(
        row=row,
        dues=frozenset(_dues(workflow, case, set(parts))),
        named=named,
        corrections=frozenset(
            CorrectionRow(
                case=case.id,
                version=version,
                corrects=it.order,
                struck=it.struck,
                actor=it.actor,
                recorded=it.recorded,
            )
            for version, it in case.corrections.items()
        ),
    )


def list_row(workflow: Workflow | None, case: Case) -> ListRow:
    """What lists show of the facts of a case."""
    machines = workflow.machines if workflow else {}

    def is_over(key: str) -> bool:
        machine, state = machines.get(machine_of(key)), case.state(key)
        return machine is not None and any(s.value == state for s in machine.final)

    return case.facts.list_row(is_over)


def _dues(workflow: Workflow | None, case: Case, waiting: set[str]) -> Iterator[DueDate]:
    ends = workflow.term_ends(case) if workflow and workflow.term_ends else None
    if ends is not None:
        yield DueDate(case=case.id, instance=case.phase, kind=TERM, due=ends)
    for key, day in case.facts.due_days(waiting):
        yield DueDate(case=case.id, instance=key, kind=machine_of(key), due=day)
    for wait in workflow.waits(case) if workflow else ():
        yield DueDate(case=case.id, instance=wait.keys[0], kind=WAIT, due=wait.since)
