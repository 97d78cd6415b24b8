"""Cases in a list, in words, without reading any case: names are asked of the register, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

from mediation_engine.domain.directory import hosts_of
from mediation_engine.domain.fields import fields_of
from mediation_engine.domain.formatting import heading, near_words
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.matter import CASE
from mediation_engine.domain.presentation import Pair
from mediation_engine.domain.roles import MEDIATOR, Actor, Level
from mediation_engine.domain.workflow import Workflow
from mediation_engine.ports.store import Unit
from mediation_engine.ports.views import Wanted
from mediation_engine.read_models.projections import CaseRow
from mediation_engine.rules.catalogue import Catalogue
from mediation_engine.services.case_view import names_of
from mediation_engine.services.mediation import MediationService
from workflows.vocabulary import CALLED

from .naming import standing

A_PAGE = 50
SHORTEST = 2
"""Characters of a word that may say what a case is about."""
NOBODY = "-"
"""In place of a mediator: cases that have none."""
OLDEST, BY_DATE = "oldest", "date"
SORTS = {OLDEST: "登记早的在前", BY_DATE: "日子近的在前（逾期的最前，没有日子的不列）"}
"""Orders that a list may have, by code: only those that an index has already (decision 51)."""
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
    levels: str = ""
    """At which level it was raised and settled, in words; empty where neither is known."""
    next_date: str = ""
    """The first day on which something falls due, in words."""


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
    workflows = door.catalogue.of(CASE)
    phases = {m.name: m.label for w in workflows for m in w.phases}
    tracks = {t.code: t.label for w in workflows for t in w.tracks}
    with door.store.read() as unit:
        directory = unit.register.organisations()
        own, levels = [o for o in directory if o.id in reach], {o.level for o in directory}
        organisations = hosts_of(own, unit.register.actors())
        staff = mediators(unit, reach)
    disputes = dict(pair for w in workflows for pair in _pairs(_dispute_choices(w)))
    found = [
        Choices(name="sort", label="次序", every="登记新的在前", pairs=[*SORTS.items()]),
        Choices(name="phase", label="阶段", every="全部阶段", pairs=list(phases.items())),
        Choices(name="state", label="结案与否", every="全部", pairs=[("open", "在办"), ("closed", "已结案")]),
        Choices(name="dispute", label="纠纷类型", every="全部类型", pairs=list(disputes.items())),
        Choices(name="track", label="调解程序", every="全部程序", pairs=list(tracks.items())),
        handlers((a.id, a.name) for a in staff),
        *_by_level(levels),
        Choices(name="late", label="期限", every="不限", pairs=[("1", "有逾期的")]),
        Choices(name="kept", label="长期遵守", every="不限", pairs=[("1", "已结案，有义务要长期遵守的")]),
    ]
    if len(organisations) > 1:
        found.append(
            Choices(name="organisation", label="所属组织", every="全部组织", pairs=list(organisations.items()))
        )
    return found


def _by_level(levels: Collection[Level | None]) -> list[Choices]:
    """By where cases were raised and settled, of the levels that organisations have."""
    pairs = [(it.value, it.label) for it in Level if it in levels]
    both = (("raised", "提出的层级"), ("settled", "化解的层级"))
    return [Choices(name=name, label=label, every="不限", pairs=pairs) for name, label in both if pairs]


def mediators(unit: Unit, reach: Collection[str]) -> list[Actor]:
    """Those of some organisations who mediate or once did, active or not."""
    return [a for a in unit.register.actors() if a.organisation in reach and not MEDIATOR.isdisjoint(a.offices)]


def handlers(staff: Iterable[Pair]) -> Choices:
    """By who handles a case; `staff` are (id, name)."""
    return Choices(name="mediator", label="承办调解员", every="不限", pairs=[(NOBODY, "还没有"), *staff])


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
        raised=asked.get("raised", ""),
        settled=asked.get("settled", ""),
        due_before=today if asked.get("late") else None,
        kept=bool(asked.get("kept")),
    )


def mediator_of(asked: str | None) -> str | None:
    """A lead mediator as the store is asked for one."""
    return "" if asked == NOBODY else asked or None


def a_page(door: MediationService, wanted: Wanted, after: str, today: date, sort: str = "") -> tuple[list[Listed], str]:
    """A page of cases from the place `after`, in some order, and the place from which there are more."""
    with door.store.read() as unit:
        rows = _rows(door, unit, wanted, after, sort)
        shown = rows[:A_PAGE]
        names, days = names_of(unit, [row.case for row in shown]), unit.views.next_dates([row.case for row in shown])
        staff = {a.id: a.name for a in unit.register.actors()}
    found = [
        replace(
            listed(door.catalogue, row, names[row.case], _is_before(days.get(row.case), today), staff),
            next_date=near_words(days[row.case], today) if row.case in days else "",
        )
        for row in shown
    ]
    if len(rows) <= A_PAGE:
        return found, ""
    last = shown[-1].case
    return found, f"{days[last].isoformat()}~{last}" if sort == BY_DATE and not wanted.words else last


def _rows(door: MediationService, unit: Unit, wanted: Wanted, after: str, sort: str) -> list[CaseRow]:
    most = A_PAGE + 1
    if wanted.words:
        ways = [wanted, *meant(door, wanted)]
        met = {row.case: row for way in ways for row in unit.views.search(way, after=after, most=most)}
        return [met[case] for case in sorted(met)][:most]
    if sort == BY_DATE:
        return [row for row, _ in unit.views.by_next_date(wanted, after=_place_read(after), most=most)]
    return unit.views.newest(wanted, after=after, most=most, oldest_first=sort == OLDEST)


def _is_before(day: date | None, today: date) -> bool:
    return day is not None and day < today


def read_moment(words: str) -> datetime | None:
    """The moment in the place of a row; None for what is none that a store could hold."""
    try:
        when = datetime.fromisoformat(words)
        return when.astimezone(UTC) if when.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _place_read(words: str) -> tuple[date, str] | None:
    day, _, case = words.partition("~")
    try:
        return (date.fromisoformat(day), case) if case else None
    except ValueError:
        return None


def meant(door: MediationService, wanted: Wanted) -> Iterator[Wanted]:
    """The same where one of the words says what a case is about: 工伤 means those about injuries at work."""
    words = wanted.words.split()
    for at, word in enumerate(words):
        rest = " ".join(words[:at] + words[at + 1 :])
        # Each by itself: so their index gives the order, and no more than a page of each is read.
        for code, one in product(sorted(disputes_of(door.catalogue, word)), sorted(wanted.organisations or ())):
            yield replace(wanted, words=rest, disputes=[code], organisations=[one])


def disputes_of(catalogue: Catalogue, word: str) -> frozenset[str]:
    """The kinds of dispute (codes) that a word is a piece of, or one of the words people use for."""
    if len(word) < SHORTEST:
        return frozenset()
    pairs = {pair for w in catalogue.of(CASE) for pair in _pairs(_dispute_choices(w))}
    named = {code for code, label in pairs if word in label}
    return frozenset(named | {code for code, words in CALLED.items() if word in words})


def listed(
    catalogue: Catalogue,
    row: CaseRow,
    names: Sequence[str],
    overdue: bool,
    staff: Mapping[str, str],
) -> Listed:
    """A row in words; `staff` are names by id."""
    workflow = catalogue.reading(row.workflow)
    return Listed(
        row=row,
        parties=heading(names) or row.case,
        dispute=dispute_words(workflow, row.dispute),
        standing=standing(workflow, row.phase, row.state),
        mediator=staff.get(row.mediator or "", row.mediator or ""),
        overdue=overdue,
        levels=level_words(row),
    )


def level_words(row: CaseRow) -> str:
    """At which level a case was raised and settled: 企业提出，片区化解."""
    both = ((Level.named(row.raised or ""), "提出"), (Level.named(row.settled or ""), "化解"))
    return "，".join(f"{level.label}{what}" for level, what in both if level)


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
