"""自查 over all cases: what rules find in each, what is found by holding them against each other, what is set aside.

A case is checked again only once it has moved, somebody in it has, or the day is another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.roles import LEAD, Actor, Office
from mediation_engine.domain.self_check import CheckRule, Weight
from mediation_engine.errors import ExhibitDamaged
from mediation_engine.ports.exemptions import Exemption, standing
from mediation_engine.ports.store import Unit
from mediation_engine.read_models.projections import CaseRow
from mediation_engine.services.authorization import reach
from mediation_engine.services.exhibits import Shelf
from mediation_engine.services.mediation import MediationService
from workflows.facts import MediationFacts
from workflows.self_check import RULES
from workflows.self_check.across import ACROSS, AcrossRule, Cases, CheckFlag
from workflows.self_check.sheet import CaseSheet, sheet_of

from .self_check import Found, desk_of, found_in

AT_ONCE = 200
"""Cases that are read in one transaction."""
SETS_ASIDE = LEAD
"""Whose it is to set aside what is found in one case: the lead answers for the room's dossiers."""
SETS_ASIDE_FLAGS = LEAD | {Office.AUDITOR}
"""Whose it is to set aside what is found over all cases: the auditor asks these questions, and may take an answer."""
Stamp = tuple[object, ...]
"""By what it is known that a case is as it was when it was checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCase:
    """What was found in a case."""

    stamp: Stamp
    found: tuple[Found, ...]
    sheet: CaseSheet | None
    """None where it is not of a kind that is held against others."""


@dataclass
class CheckBook:
    """What was found in cases, as long as they are as they were. Shared by all requests of a process."""

    kept: dict[tuple[str, str], CheckedCase] = field(default_factory=dict)
    """By case, and by who reads it (id; empty for any auditor)."""
    flags: dict[Stamp, tuple[Stamp, tuple[CheckFlag, ...]]] = field(default_factory=dict)
    """What each rule over all cases found last: for an organisation, by who reads, of all or of what is not
    set aside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of all findings is to be listed; empty for everything."""

    rule: str = ""
    weight: str = ""
    mediator: str = ""
    month: str = ""
    """Of registration: 2026-11."""
    below: bool = False
    """With the organisations below one's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCase:
    """A case with what is found in it."""

    row: CaseRow
    open: tuple[Found, ...]
    """What is not set aside, of what is asked for."""
    aside: int
    """How much is set aside."""

    @property
    def counts(self) -> list[tuple[Weight, int]]:
        """How much of each weight that there is."""
        counted = Counter(found.weight for found in self.open)
        return [(weight, counted[weight]) for weight in Weight if weight in counted]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """What a rule over all cases found."""

    rule: AcrossRule
    flag: CheckFlag
    aside: tuple[Exemption, ...] = ()
    """By which it is set aside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The self-check of all cases of a reader."""

    counted: int
    """How many cases were looked at."""
    unread: int
    """How many could not be read: those are for the audit."""
    waiting: int
    """How many are to be checked the next time; until then nothing is held against each other."""
    rules: Sequence[tuple[CheckRule, int, int]]
    """Every rule that finds something: how often, and in how many cases."""
    cases: Sequence[ListedCase]
    """Those in which something is found that is asked for, the heaviest first."""
    flags: Sequence[Flagged]
    """What is not set aside, and then what is; nothing for whoever mediates."""
    months: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Checking:
    """Somebody who checks all cases that are his."""

    door: MediationService
    actor: Actor
    office: Office
    policy: Mapping[str, int]
    shelf: Shelf
    book: CheckBook
    most: int | None = None
    """So many cases are checked at a time that are not known yet; None for all of them."""

    @property
    def read_as(self) -> Office:
        """As whom cases are read: who only stands in for the lead reads what everybody reads."""
        return self.office if self.office in self.actor.offices else Office.AUDITOR

    @property
    def _reader(self) -> str:
        """Whose eyes it was found with: all auditors read alike, of the others each what he may (he may have stepped
        back from a case)."""
        return "" if self.read_as is Office.AUDITOR else self.actor.id

    def overview(self, asked: Asked) -> Overview:
        """What is found, as far as it is asked for."""
        with self.door.store.read() as unit:
            rows = list(self._rows(unit, asked.below))
            stamps = self._stamps(unit, rows)
            entries = standing(unit.exemptions.exemptions())
        checked, waiting = self._checked(stamps)
        months = sorted({_month(row) for row in rows}, reverse=True)
        wanted = [row for row in rows if _is_wanted(row, asked)]
        aside = {(it.case, it.rule, it.about) for it in entries}
        listed = [self._listed(row, checked[row.case], aside, asked) for row in wanted if row.case in checked]
        return Overview(
            counted=len([row for row in wanted if row.case in checked]),
            unread=len([row for row in rows if row.case not in checked]) - waiting,
            waiting=waiting,
            rules=_by_rule(listed),
            cases=sorted((it for it in listed if it.open), key=_heaviest),
            flags=self._flags(rows, checked, entries, asked) if self.office in SETS_ASIDE_FLAGS and not waiting else (),
            months=months,
        )

    def _rows(self, unit: Unit, below: bool) -> Iterator[CaseRow]:
        """Those of one's organisation; whoever mediates sees those he leads in handling."""
        own = reach(unit.register, self.actor.organisation) if below else {self.actor.organisation}
        after = ""
        while rows := unit.views.case_rows(after=after, organisations=own):
            yield from (row for row in rows if self.office is not Office.MEDIATOR or row.mediator == self.actor.id)
            after = rows[-1].case

    def _stamps(self, unit: Unit, rows: Sequence[CaseRow]) -> dict[str, Stamp]:
        today = unit.now.astimezone(CHINA).date()
        stamps: dict[str, Stamp] = {}
        for some in _parted(rows):
            named = unit.views.named([row.case for row in some])
            versions = {id: person.version for id, person in unit.register.people({n.person for n in named}).items()}
            people: dict[str, list[int]] = {}
            for n in named:
                people.setdefault(n.case, []).append(versions.get(n.person, 0))
            stamps |= {row.case: (today, row.version, *people.get(row.case, ())) for row in some}
        return stamps

    def _checked(self, stamps: Mapping[str, Stamp]) -> tuple[dict[str, CheckedCase], int]:
        """What is known of cases, and how many are left for the next time."""
        kept = {case: self.book.kept.get((case, self._reader)) for case in stamps}
        fresh = {case: it for case, it in kept.items() if it is not None and it.stamp == stamps[case]}
        old = [case for case in stamps if case not in fresh]
        for some in _parted(old[: self.most]):
            views = self.door.views(some, self.read_as, self.actor)
            with self.door.store.read() as unit:
                for view in views:
                    desk = desk_of(view, unit, self.policy)
                    opened = view.case.opened
                    of_ours = isinstance(view.case.facts, MediationFacts) and opened is not None
                    day = opened.astimezone(CHINA).date() if opened else view.today
                    it = CheckedCase(
                        stamp=stamps[view.case.id],
                        found=tuple(found_in(desk)),
                        sheet=sheet_of(desk, day, view.people.values()) if of_ours else None,
                    )
                    fresh[view.case.id] = self.book.kept[view.case.id, self._reader] = it
        return fresh, max(0, len(old) - self.most) if self.most is not None else 0

    def _listed(
        self, row: CaseRow, checked: CheckedCase, aside: Collection[tuple[str, str, str]], asked: Asked
    ) -> ListedCase:
        wanted = [
            it for it in checked.found if asked.rule in ("", it.rule.code) and asked.weight in ("", it.weight.value)
        ]
        left = tuple(it for it in wanted if (row.case, *it.key) not in aside)
        return ListedCase(row=row, open=left, aside=len(wanted) - len(left))

    def _flags(
        self,
        rows: Sequence[CaseRow],
        checked: Mapping[str, CheckedCase],
        entries: Sequence[Exemption],
        asked: Asked,
    ) -> list[Flagged]:
        """What is found over all cases; set aside is what is found no more without the cases that are set aside."""
        wanted = {row.case for row in rows if _is_wanted(row, asked)}
        sheets = [it.sheet for row in rows if (it := checked.get(row.case)) is not None and it.sheet is not None]
        found: list[Flagged] = []
        for rule in ACROSS:
            if asked.rule not in ("", rule.code) or asked.weight not in ("", rule.weight.value):
                continue
            mine = [it for it in entries if it.rule == rule.code]
            flags = self._found(rule, sheets, checked, of_all=True)
            if rule.of_event:
                found += [_of_event(rule, flag, mine) for flag in flags]
                continue
            gone = {it.case for it in mine}
            left = (
                self._found(rule, [it for it in sheets if it.case not in gone], checked, of_all=False)
                if gone
                else flags
            )
            found += [Flagged(rule=rule, flag=flag) for flag in left]
            live = {case for flag in left for case in flag.cases}
            for flag in flags:
                if gone & set(flag.cases) and not set(flag.cases) <= live:
                    own = tuple(it for it in mine if it.case in flag.cases)
                    found.append(Flagged(rule=rule, flag=flag, aside=own))
        found = [it for it in found if not wanted.isdisjoint(it.flag.cases)]
        return sorted(found, key=lambda it: (bool(it.aside), list(Weight).index(it.rule.weight)))

    def _found(
        self, rule: AcrossRule, sheets: Sequence[CaseSheet], checked: Mapping[str, CheckedCase], *, of_all: bool
    ) -> tuple[CheckFlag, ...]:
        stamp = (self._reader, *((it.case, checked[it.case].stamp) for it in sheets))
        key = (rule.code, self.actor.organisation, self._reader, of_all)
        held = self.book.flags.get(key)
        if held is None or held[0] != stamp:
            cases = Cases(sheets=sheets, name=self._name, digest=self._digest, policy=self.policy)
            held = self.book.flags[key] = (stamp, tuple(rule.finds(cases)))
        return held[1]

    def _name(self, id: str) -> str:
        with self.door.store.read() as unit:
            actor, person = unit.register.actor(id), unit.register.person(id)
        return actor.name if actor else person.name if person else id

    def _digest(self, case: str, id: str) -> bytes | None:
        with self.door.store.read() as unit:
            row = unit.exhibits.of(case).get(id)
        try:
            return self.shelf.fingerprint(row) if row else None
        except ExhibitDamaged:
            return None


T = TypeVar("T")


def _of_event(rule: AcrossRule, flag: CheckFlag, entries: Sequence[Exemption]) -> Flagged:
    """An event, set aside where that was done for it in all its cases."""
    own = tuple(it for it in entries if it.about == flag.about and it.case in flag.cases)
    return Flagged(rule=rule, flag=flag, aside=own if {it.case for it in own} >= {*flag.cases} else ())


def _parted(things: Sequence[T]) -> Iterator[Sequence[T]]:
    return (things[n : n + AT_ONCE] for n in range(0, len(things), AT_ONCE))


def _month(row: CaseRow) -> str:
    return row.opened.astimezone(CHINA).strftime("%Y-%m")


def _is_wanted(row: CaseRow, asked: Asked) -> bool:
    return asked.mediator in ("", row.mediator or "-") and asked.month in ("", _month(row))


def _by_rule(listed: Iterable[ListedCase]) -> list[tuple[CheckRule, int, int]]:
    findings, cases = Counter[str](), Counter[str]()
    rules = {rule.code: rule for rule in RULES}
    for it in listed:
        codes = Counter(found.rule.code for found in it.open)
        rules |= {found.rule.code: found.rule for found in it.open}
        findings.update(codes)
        cases.update(codes.keys())
    return [(rule, findings[code], cases[code]) for code, rule in rules.items() if code in findings]


def _heaviest(it: ListedCase) -> tuple[int, ...]:
    """The heaviest first; of those alike, the one with more."""
    counted = Counter(found.weight for found in it.open)
    return tuple(-counted[weight] for weight in Weight)
