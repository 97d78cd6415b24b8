"""One look at a case: all that is shown of it, read in one transaction, every line decoded once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from ..decisions.correct import Standing, standing_order
from ..descriptions.lines import Teller, people_in
from ..domain.calendar import Calendar
from ..domain.case import Case
from ..domain.deadline import Clock, clocks
from ..domain.directory import hosts_of
from ..domain.formatting import CHINA, heading
from ..domain.matter import CASE
from ..domain.roles import MEDIATOR, STAFF_OFFICES, Actor, Office, Role, may_handle
from ..domain.workflow import Workflow
from ..domain.zone import District
from ..errors import ReasonWanted, SteppedBack
from ..ports.register import Person
from ..ports.store import Unit
from ..ports.views import Wanted
from ..read_models.projections import CaseRow
from ..record.disclosure import Access, may_read
from ..record.erasures import erased_in
from ..record.fold import DecodedLine, decoded_under, fold_whole
from ..record.sealing import ERASED, MISSING
from ..record.standing import standing
from ..rules.catalogue import Catalogue
from .calendar import calendar_in

Restated = tuple[DecodedLine | None, DecodedLine | None]
"""A line as it read, and as it reads since a correction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A case that follows on another, that another follows on, or that it came from or led to."""

    row: CaseRow
    names: Sequence[str]
    """Of its parties, in order of joining."""
    workflow: Workflow | None
    """Its rules, to be read by."""
    case: Case | None = None
    """As it stands, where it is anything but a case, linked, and can be read."""

    @property
    def kind(self) -> str:
        """What a thing of its kind is called."""
        return self.workflow.matter.label if self.workflow else ""

    @property
    def words(self) -> str:
        """Its number and parties."""
        number = self.row.number or ("尚无案号" if self.row.matter == CASE.code else "没有编号")
        about = heading(self.names) or ("" if self.row.number else self.row.case)
        return " · ".join(filter(None, (number, about)))


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """A case at one moment, for one reader."""

    case: Case
    workflow: Workflow | None
    """By which its lines are read; None where it is not installed."""
    access: Access
    """As whom it is read."""
    today: date
    calendar: Calendar = Calendar(())
    """In force when it was read."""
    earlier: Sequence[Neighbour] = ()
    """The case that it follows on, where that is the reader's business."""
    later: Sequence[Neighbour] = ()
    """The cases that follow on it, as far as they are."""
    linked: Mapping[str, Neighbour] = field(default_factory=dict)
    """What it came from, and what came of it, by id, as far as they are: an alert and its case."""
    lines: tuple[DecodedLine, ...] = ()
    """All of them; for a preview those it would write, in a list of cases none."""
    stored: int = 0
    """How many lines the record holds: more than `lines` where one of them cannot be read."""
    people: Mapping[str, str] = field(default_factory=dict)
    """Names of the people in the case by id: parties, members, then others whom a line names."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The same, and parties and members by instance key, roles and districts by code, the case's own organisation by
    id; numbers of what it is linked to, by id."""
    words: Mapping[str, str] = field(default_factory=dict)
    """The texts that may be read, by text id."""
    numbers: Mapping[str, str] = field(default_factory=dict)
    """As in `Teller`: for a reader who counts only what he sees."""
    actors: Mapping[str, str] = field(default_factory=dict)
    """Names of the staff by id."""
    staff: Mapping[str, str] = field(default_factory=dict)
    """Names of those who may be given the case to handle, by id."""
    organisations: Mapping[str, str] = field(default_factory=dict)
    """Names of all organisations by id."""
    hosts: Mapping[str, str] = field(default_factory=dict)
    """Of those a case can be handed to: committees of enterprises only where somebody mediates there."""
    roles: Sequence[Role] = ()
    districts: Sequence[District] = ()
    """Of the zone, as the settings have them."""

    @property
    def stepped_back(self) -> bool:
        """Whether the reader has stepped back from the case: then he reads nothing private, and hardly acts."""
        return self.access.apart and self.case.facts.has_stepped_back(self.access.by or "")

    @property
    def office(self) -> Office:
        """The office it is read under."""
        return self.access.office

    @property
    def lead_name(self) -> str:
        """Who handles the case; empty where nobody does yet."""
        return self.actors.get(self.case.facts.lead_mediator() or "", "")

    @cached_property
    def teller(self) -> Teller:
        """Puts its lines and things into words."""
        given = {"names": self.names, "words": self.words, "actors": self.actors, "numbers": self.numbers}
        of = self.case if self.office in STAFF_OFFICES else None  # a party counts in numbers of its own
        return Teller(workflow=self.workflow, of=of, today=self.today, **given)

    @cached_property
    def clocks(self) -> list[Clock]:
        """The periods that run in it, or ran, as they stand today."""
        return clocks(self.workflow.deadlines if self.workflow else (), self.case, self.calendar, self.today)

    def check_whole(self) -> None:
        """ReasonWanted where the reader may not know all that stands in it; SteppedBack where no reason would help."""
        if self.stepped_back:
            raise SteppedBack
        if self.access.apart:
            raise ReasonWanted

    def standing(self, version: int) -> Standing | None:
        """The order that wrote a line, as it stands; None where there is none that could be corrected.

        Raises:
            ReasonWanted: the reader may not know all that stands in it.
            SteppedBack: no reason would help him.
        """
        self.check_whole()
        return standing_order(self.workflow, [it.line for it in self.lines], version) if self.workflow else None

    def before(self, organisation: str, order: str) -> CaseView:
        """The same before an order that was given already, so that the same one can be made again."""
        first = self.case.orders.get((organisation, order))
        return replace(self, lines=tuple(it for it in self.lines if it.line.version < first)) if first else self

    def when_given(self, organisation: str, order: str) -> CaseView:
        """The same with the case as it stood then: what is made of a file, or is not said, comes out the same again."""
        first = self.case.orders.get((organisation, order))
        return replace(self.before(organisation, order), case=self.at(first - 1)) if first else self

    @cached_property
    def corrected(self) -> dict[int, tuple[int, bool]]:
        """Lines that read otherwise by now: the version of the newest correction, and whether they stand no more."""
        marks: dict[int, tuple[int, bool]] = {}
        for it in self.lines:
            if it.line.correction:
                marks |= dict.fromkeys(it.line.correction.void, (it.line.version, True))
                marks |= {new.at: (it.line.version, False) for new in it.line.correction.instead}
        return marks

    @cached_property
    def restated(self) -> dict[int, list[Restated]]:
        """How lines read before and after each correction, by its version; on either side there may have been none."""
        found: dict[int, list[Restated]] = {}
        for number, it in enumerate(self.lines):
            if it.line.correction and it.line.correction.instead:
                places = {new.at for new in it.line.correction.instead}
                was, now = (self._standing(upto, places) for upto in (number, number + 1))
                found[it.line.version] = _paired(was, now)
        return found

    def _standing(self, upto: int, places: Collection[int]) -> tuple[DecodedLine, ...]:
        """So many lines as they stood then, those at some places."""
        stood = standing(found.line for found in self.lines[:upto])
        return decoded_under(self.workflow, (line for line in stood if line.version in places))

    @property
    def parties(self) -> list[str]:
        """The names of its parties, in order of joining."""
        return [self.names[key] for key in self.case.facts.people()]

    def at(self, version: int) -> Case:
        """The case as it was at a line: folded from the lines up to there and from nothing else."""
        return fold_whole(self.case.id, self.workflow, [it for it in self.lines if it.line.version <= version])


def _paired(was: Iterable[DecodedLine], now: Iterable[DecodedLine]) -> list[Restated]:
    """What one order wrote before and after a correction, line by line; a step may be given on another thing."""
    before = {(it.line.version, it.line.event, it.line.instance): it for it in was}
    pairs = [(before.pop((it.line.version, it.line.event, it.line.instance), None), it) for it in now]
    steps = {(version, event): it for (version, event, _), it in before.items() if it.line.command}
    found: list[Restated] = []
    for old, new in pairs:
        step = steps.pop((new.line.version, new.line.event), None) if old is None and new.line.command else None
        found.append((old or step, new))
    return found + [(old, None) for old in before.values() if all(old is not it for it, _ in found)]


def view_of(
    unit: Unit,
    catalogue: Catalogue,
    case: Case,
    lines: Sequence[DecodedLine],
    access: Access,
    *,
    stored: int | None = None,
    entered: Iterable[Person] = (),
    said: dict[str, str] | None = None,
) -> CaseView:
    """A view of a case and some lines of it; `entered` and `said` are people and words that are not stored yet."""
    [outline] = outlines(unit, catalogue, [(case, lines, access)], entered)
    return replace(
        outline,
        lines=tuple(lines),
        stored=len(lines) if stored is None else stored,
        words={**words_for(unit, catalogue, case.id, access), **(said or {})},
    )


def outlines(
    unit: Unit,
    catalogue: Catalogue,
    cases: Sequence[tuple[Case, Sequence[DecodedLine], Access]],
    entered: Iterable[Person] = (),
) -> list[CaseView]:
    """Views of several cases for a list, with the names of all whom some lines of theirs name; without words."""
    named = [_people_of(case, lines) for case, lines, _ in cases]
    known = unit.register.people({id for ids in named for id in ids}) | {person.id: person for person in entered}
    everybody, directory = unit.register.actors(), unit.register.organisations()
    organisations, hosts = {o.id: o.name for o in directory}, hosts_of(directory, everybody)
    actors = {actor.id: actor.name for actor in everybody}
    today, roles, views = unit.now.astimezone(CHINA).date(), tuple(catalogue.roles), []
    calendar, districts = calendar_in(unit), {it.code: it.name for it in catalogue.zone.districts}
    for (case, _, access), ids in zip(cases, named, strict=True):
        people = {id: known[id].name for id in ids if id in known}
        view = CaseView(
            case=case,
            workflow=catalogue.reading(case.workflow),
            access=access,
            today=today,
            calendar=calendar,
            people=people,
            names=names_in(case, people, actors, organisations, roles) | districts,
            actors=actors,
            staff=_able(catalogue.reading(case.workflow), case, everybody),
            organisations=organisations,
            hosts=hosts,
            roles=roles,
            districts=catalogue.zone.districts,
        )
        views.append(view)
    return views


def _able(workflow: Workflow | None, case: Case, everybody: Iterable[Actor]) -> dict[str, str]:
    """The names of those who may be given a case to handle, by id."""
    offices = workflow.handlers if workflow else MEDIATOR
    return {it.id: it.name for it in everybody if may_handle(it, case.facts.organisation, offices)}


def with_neighbours(
    unit: Unit, catalogue: Catalogue, view: CaseView, reach: Collection[str], case_of: Callable[[str], Case | None]
) -> CaseView:
    """A view with what is before and after its case, and what it came from and led to, as far as they belong to some
    organisations; `case_of` gives what is linked to it and small."""
    facts = view.case.facts
    before, beside = facts.predecessor_of(), (*facts.linked(), *unit.views.mentioning(view.case.id))
    earlier = unit.views.search(Wanted(cases=[before], organisations=reach)) if before else []
    later = unit.views.search(Wanted(predecessor=view.case.id, organisations=reach))
    linked = unit.views.search(Wanted(cases=beside, organisations=reach)) if beside else []
    names = names_of(unit, [row.case for row in (*earlier, *later, *linked)])

    def neighbour(row: CaseRow) -> Neighbour:
        return Neighbour(row=row, names=names.get(row.case, ()), workflow=catalogue.reading(row.workflow))

    one, other = ([neighbour(row) for row in rows] for rows in (earlier, later))
    small = {row.case: case_of(row.case) for row in linked if row.matter != CASE.code}
    by_id = {row.case: replace(neighbour(row), case=small.get(row.case)) for row in linked}
    numbers = {id: it.row.number for id, it in by_id.items() if it.row.number}
    linked_to = {id: by_id[id] for id in beside if id in by_id}
    return replace(view, earlier=one, later=other, linked=linked_to, names={**view.names, **numbers})


def names_of(unit: Unit, cases: Collection[str]) -> dict[str, list[str]]:
    """The names of the parties to some cases, in order of joining."""
    named = unit.views.named(cases) if cases else []
    people = unit.register.people({n.person for n in named})
    found: dict[str, list[str]] = defaultdict(list)
    for n in named:
        if n.person in people:
            found[n.case].append(people[n.person].name)
    return found


def words_for(unit: Unit, catalogue: Catalogue, case_id: str, access: Access) -> dict[str, str]:
    """The texts of a case that somebody may read, by text id."""
    texts = unit.record.texts(case_id)
    gone = any(text.words is None for text in texts.values())
    erased = erased_in(catalogue, unit.record.orders(case_id)) if gone else {}
    return {
        id: (ERASED if id in erased else MISSING) if text.words is None else text.words
        for id, text in texts.items()
        if may_read(text.label, access)
    }


def names_in(
    case: Case,
    people: Mapping[str, str],
    actors: Mapping[str, str],
    organisations: Mapping[str, str],
    roles: Iterable[Role],
) -> dict[str, str]:
    """What those in a case are called. A party without a name is called by its key; a member is called by none."""
    facts, host = case.facts, case.facts.organisation
    names = {key: people.get(id, key) for key, id in facts.people().items()}
    names |= {key: people[id] for key, id in facts.others().items() if id in people}
    names |= {key: actors[id] for key, id in facts.staff().items() if id in actors}
    names |= {role.code: role.label for role in roles}
    names |= {host: organisations[host]} if host in organisations else {}
    return {**names, **people}


def _people_of(case: Case, lines: Iterable[DecodedLine]) -> tuple[str, ...]:
    """Ids of the parties, the members, and everybody some lines name: who is invited is no party."""
    facts = case.facts
    return tuple(dict.fromkeys((*facts.people().values(), *facts.others().values(), *_in_lines(lines))))


def _in_lines(lines: Iterable[DecodedLine]) -> Iterator[str]:
    for found in lines:
        if found.line.command and found.given:
            yield from people_in(found.given)
