"""Read models: what lists and calendars show, derived from a case; rebuilt from lines at any time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime

from msgspec import Struct, structs

from ..domain.calendar import Calendar
from ..domain.case import Case, machine_of
from ..domain.deadline import Whose, due_days
from ..domain.facts import ListRow
from ..domain.marks import MarkKind
from ..domain.matter import CASE, held_by
from ..domain.workflow import WAIT, Workflow
from ..errors import UNFIT, LineUnreadable
from .counted import Rows


class CaseRow(Struct, frozen=True, kw_only=True):
    """A case in a list. No names: those are in the register."""

    case: str
    version: int
    workflow: str
    organisation: str
    matter: str
    """What kind of thing it is (code)."""
    track: str | None
    """None here and below where what is of its kind has no such thing."""
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
    kind: str | None = None
    """Its kind (code), where things of one matter are of several."""
    district: str | None = None
    """The district (code) that it belongs to."""
    raised: str | None = None
    """At which level (code) it was raised."""
    settled: str | None = None
    """At which level (code) it was settled."""
    reporter: str | None = None
    """Who of the staff (id) reported it, where he sees only what is his own."""
    predecessor: str | None = None
    """The case it follows on."""
    kept: int = 0
    """Duties that are to be kept day by day, for as long as they bind."""

    @property
    def held(self) -> tuple[str, str, str] | None:
        """What nothing else may have of it."""
        return held_by(self.matter, self.organisation, self.number) if self.number else None


def by_opening(row: CaseRow) -> tuple[datetime, str]:
    """By when a case was registered; those of one moment by id."""
    return row.opened, row.case


def by_last_move(row: CaseRow) -> tuple[datetime, str]:
    """By when a case was last moved; those of one moment by id."""
    return row.updated, row.case


class DueDate(Struct, frozen=True, kw_only=True):
    """A day by which something should have happened, or since which it waits. Overdue is computed from today, never
    stored."""

    case: str
    instance: str
    """What it is about; empty for the case as a whole."""
    kind: str
    """The code of a deadline rule, `WAIT`, or else the machine of the instance."""
    due: date
    lapses: bool = False
    """Whether it is the last day of a right, with which nobody is late afterwards."""


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


class MarkRow(Struct, frozen=True, kw_only=True):
    """Why a line is marked, in a list. What it is about and for which reason stands in the record."""

    case: str
    version: int
    """Of the line."""
    code: str
    """Of the rule; empty for a correction."""
    kind: str
    """The code of a `MarkKind`."""
    actor: str | None
    recorded: datetime


def by_marking(row: MarkRow) -> tuple[datetime, str, int, str]:
    """By when a line was recorded; of one moment by case, line and rule."""
    return row.recorded, row.case, row.version, row.code


def of_correction(row: CorrectionRow) -> MarkRow:
    """A correction among what lines are marked with."""
    kind = MarkKind.STRUCK if row.struck else MarkKind.CORRECTED
    return MarkRow(case=row.case, version=row.version, code="", kind=kind.value, actor=row.actor, recorded=row.recorded)


class TaskRow(Struct, frozen=True, kw_only=True):
    """Something that a case leaves to be done in another."""

    case: str
    instance: str
    kind: str
    """The code of the rule."""


class Mention(Struct, frozen=True, kw_only=True):
    """Something that a case names and that says nothing of it itself."""

    case: str
    other: str
    """Its id."""


class Projection(Struct, frozen=True, kw_only=True):
    """All rows of one case."""

    row: CaseRow
    dues: frozenset[DueDate]
    named: frozenset[Named] = frozenset()
    corrections: frozenset[CorrectionRow] = frozenset()
    marks: frozenset[MarkRow] = frozenset()
    tasks: frozenset[TaskRow] = frozenset()
    mentions: frozenset[Mention] = frozenset()
    counted: Rows | None = None
    """What figures are counted from; None where that is still to be brought up to date."""

    def agrees_with(self, fresh: Projection | None) -> bool:
        """Whether it is what follows from the record, as far as it is up to date."""
        if fresh is not None and self.counted is None:
            fresh = structs.replace(fresh, counted=None)
        return self == fresh


def project(workflow: Workflow | None, case: Case, calendar: Calendar, counted: Rows | None = None) -> Projection:
    """The rows of a case by the calendar in force, with what was `counted` of it order by order, where that is known;
    where its workflow is not installed, what can be told without it.

    Raises:
        LineUnreadable: its lines speak of things that no line has told of: some of them are missing, or edited.
    """
    try:
        return _project(workflow, case, calendar, counted)
    except UNFIT as fault:
        raise LineUnreadable(case=case.id) from fault


def _project(workflow: Workflow | None, case: Case, calendar: Calendar, counted: Rows | None) -> Projection:
    facts, parts = case.facts, workflow.open_parts(case) if workflow else []
    named = frozenset(Named(case=case.id, instance=k, person=id) for k, id in facts.people().items())
    return Projection(
        row=case_row(workflow, case, parts),
        dues=frozenset(_dues(workflow, case, calendar, set(parts))),
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
        marks=frozenset(
            MarkRow(case=case.id, version=version, code=code, kind=kind.value, actor=it.actor, recorded=it.recorded)
            for version, it in case.marks.items()
            for code, kind in it.kinds
        ),
        tasks=frozenset(
            TaskRow(case=case.id, instance=key, kind=rule.code)
            for rule in (workflow.tasks if workflow else ())
            for key in rule.due(case)
        ),
        mentions=frozenset(Mention(case=case.id, other=id) for id in facts.mentions()),
        counted=counted,
    )


def case_row(workflow: Workflow | None, case: Case, open_parts: Collection[str]) -> CaseRow:
    """The row of a case in the list, given the instances in which something is still open."""
    facts = case.facts
    assert case.opened is not None and case.recorded is not None
    shown = list_row(workflow, case)
    raised, settled = workflow.levels(case) if workflow else (None, None)
    return CaseRow(
        case=case.id,
        version=case.version,
        workflow=case.workflow,
        organisation=facts.organisation,
        matter=workflow.matter.code if workflow else CASE.code,
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
        kind=shown.kind,
        district=shown.district,
        raised=raised.value if raised else None,
        settled=settled.value if settled else None,
        reporter=shown.reporter,
        predecessor=shown.predecessor,
        kept=shown.kept,
        open_parts=len(open_parts),
    )


def list_row(workflow: Workflow | None, case: Case) -> ListRow:
    """What lists show of the facts of a case."""
    machines = workflow.machines if workflow else {}

    def is_over(key: str) -> bool:
        machine, state = machines.get(machine_of(key)), case.state(key)
        return machine is not None and any(s.value == state for s in machine.final)

    return case.facts.list_row(is_over)


def _dues(workflow: Workflow | None, case: Case, calendar: Calendar, waiting: set[str]) -> Iterator[DueDate]:
    for rule, run, last in due_days(workflow.deadlines if workflow else (), case, calendar):
        lapses = rule.whose is Whose.PARTY
        yield DueDate(case=case.id, instance=run.instance, kind=rule.code, due=last, lapses=lapses)
    for key, day in case.facts.due_days(waiting):
        yield DueDate(case=case.id, instance=key, kind=machine_of(key), due=day)
    for wait in workflow.waits(case) if workflow else ():
        yield DueDate(case=case.id, instance=wait.keys[0], kind=WAIT, due=wait.since)
