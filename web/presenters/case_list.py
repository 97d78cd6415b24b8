"""Cases in a list, in words, without reading any case: names are asked of the register, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mediation_engine.domain.fields import fields_of
from mediation_engine.domain.formatting import heading
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.roles import MEDIATOR
from mediation_engine.domain.workflow import Workflow
from mediation_engine.ports.store import Unit
from mediation_engine.ports.views import Wanted
from mediation_engine.read_models.projections import CaseRow
from mediation_engine.rules.catalogue import Catalogue
from mediation_engine.services.case_view import names_of
from mediation_engine.services.mediation import MediationService

from .naming import standing

A_PAGE = 50
NOBODY = "-"
"""In place of a mediator: cases that have none."""
LONGEST = 40
"""Characters of what is searched for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A case in a list, in words."""

    row: CaseRow
    parties: str
    dispute: str
    standing: str
    mediator: str
    """The lead mediator's name."""
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """One thing to narrow a list by: (code, label) of each choice."""

    name: str
    label: str
    every: str
    pairs: Sequence[tuple[str, str]]

    def label_of(self, code: str) -> str:
        """What a choice is called."""
        return dict(self.pairs).get(code, code)


def choices(door: MediationService, reach: Collection[str]) -> list[Choices]:
    """All a list can be narrowed by, for somebody whose organisations these are."""
    workflows = door.catalogue.workflows.values()
    phases = {m.name: m.label for w in workflows for m in w.phases}
    tracks = {t.code: t.label for w in workflows for t in w.tracks}
    with door.store.read() as unit:
        organisations = {o.id: o.name for o in unit.register.organisations() if o.id in reach}
        staff = [a for a in unit.register.actors() if a.organisation in reach and not MEDIATOR.isdisjoint(a.offices)]
    disputes = dict(pair for w in workflows for pair in _pairs(_dispute_choices(w)))
    found = [
        Choices(name="phase", label="阶段", every="全部阶段", pairs=list(phases.items())),
        Choices(name="state", label="结案与否", every="全部", pairs=[("open", "在办"), ("closed", "已结案")]),
        Choices(name="dispute", label="纠纷类型", every="全部类型", pairs=list(disputes.items())),
        Choices(name="track", label="调解程序", every="全部程序", pairs=list(tracks.items())),
        Choices(
            name="mediator",
            label="承办调解员",
            every="不限",
            pairs=[(NOBODY, "还没有"), *((a.id, a.name) for a in staff)],
        ),
        Choices(name="late", label="期限", every="不限", pairs=[("1", "有逾期的")]),
        Choices(name="kept", label="长期遵守", every="不限", pairs=[("1", "已结案，有义务要长期遵守的")]),
    ]
    if len(organisations) > 1:
        found.append(
            Choices(name="organisation", label="所属组织", every="全部组织", pairs=list(organisations.items()))
        )
    return found


def _pairs(choices: object) -> list[tuple[str, str]]:
    members = choices if isinstance(choices, type) and issubclass(choices, Labelled) else ()
    return [(c.value, c.label) for c in members]


def unknown(asked: Mapping[str, str], offered: Sequence[Choices]) -> list[str]:
    """What is asked for and no choice, in words."""
    given = ((c, asked.get(c.name, "")) for c in offered)
    return [f"{c.label}里没有“{value[:LONGEST]}”这一项" for c, value in given if value and value not in dict(c.pairs)]


def wanted(asked: Mapping[str, str], words: str, reach: Collection[str], today: date) -> Wanted:
    """What is asked for, as the store is asked for it; nothing beyond one's own organisations."""
    one = asked.get("organisation")
    return Wanted(
        words=words,
        organisations=[o for o in sorted(reach) if not one or o == one],
        phase=asked.get("phase", ""),
        closed={"open": False, "closed": True}.get(asked.get("state", "")),
        dispute=asked.get("dispute", ""),
        track=asked.get("track", ""),
        mediator=mediator_of(asked.get("mediator")),
        due_before=today if asked.get("late") else None,
        kept=bool(asked.get("kept")),
    )


def mediator_of(asked: str | None) -> str | None:
    """A lead mediator as the store is asked for one."""
    return "" if asked == NOBODY else asked or None


def a_page(door: MediationService, wanted: Wanted, after: str, today: date) -> tuple[list[Listed], bool]:
    """A page of cases from the one after `after`, the latest registered first, and whether there are more."""
    with door.store.read() as unit:
        look = unit.views.search if wanted.words else unit.views.newest
        rows = look(wanted, after=after, most=A_PAGE + 1)
        shown = rows[:A_PAGE]
        names = names_of(unit, [row.case for row in shown])
        late, staff = _late(unit, today, shown), {a.id: a.name for a in unit.register.actors()}
    found = [listed(door.catalogue, row, names[row.case], row.case in late, staff) for row in shown]
    return found, len(rows) > A_PAGE


def _late(unit: Unit, today: date, shown: Sequence[CaseRow]) -> set[str]:
    """Which of the cases shown have something overdue."""
    late = unit.views.search(Wanted(cases=[row.case for row in shown], due_before=today), most=A_PAGE)
    return {row.case for row in late}


def listed(catalogue: Catalogue, row: CaseRow, names: Sequence[str], overdue: bool, staff: Mapping[str, str]) -> Listed:
    """A row in words; `staff` are names by id."""
    workflow = catalogue.reading(row.workflow)
    return Listed(
        row=row,
        parties=heading(names) or row.case,
        dispute=dispute_words(workflow, row.dispute),
        standing=standing(workflow, row.phase, row.state),
        mediator=staff.get(row.mediator or "", row.mediator or ""),
        overdue=overdue,
    )


def dispute_words(workflow: Workflow | None, code: str | None) -> str:
    """What a case is about, as the form that opened it calls it; the workflow where it has no such thing."""
    if code is None:
        return workflow.label if workflow else ""
    return dict(_pairs(_dispute_choices(workflow))).get(code, code) if workflow else code


def _dispute_choices(workflow: Workflow) -> object:
    return next((spec.choices for spec in fields_of(workflow.opening) if spec.name == "dispute"), None)


def days_late(due: date, today: date) -> int:
    """How many days ago something fell due."""
    return (today - due) // timedelta(days=1)
