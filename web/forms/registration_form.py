"""Opening a case: who, against whom, what about; the rest folded away.

New people enter the register with what is known of them in the same commit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from mediation_engine.domain.command import Command
from mediation_engine.domain.companion import Companion, Sitting
from mediation_engine.domain.fields import FieldSpec, count, fields_of
from mediation_engine.domain.limits import MOST_PARTIES_SHOWN
from mediation_engine.domain.order import Order
from mediation_engine.domain.people import DETAILS, Details, PartyKind
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.errors import FormFaults
from mediation_engine.ids import Randomness, new_case_id, new_id, system_randomness
from mediation_engine.input.command_schema import read_form, typed_sum
from mediation_engine.input.firms import ALSO_OF_PEOPLE, ENDINGS, is_of_a_firm
from mediation_engine.input.new_people import bytes_from, someone
from mediation_engine.ports.register import Person
from workflows.facts import facts_of
from workflows.vocabulary import Ability, Side, Source

from ..presenters.applications import Applied
from ..presenters.following import Before
from .checkboxes import Option
from .command_form import ID, PREFIX, Faults, Sheet, Typed, count_of
from .companions import TOGETHER, alongside
from .form_fields import Asked, Run, runs_of
from .party_lines import Cell, ability_of, cells, filled

PROGRAM = "program"
AT_ONCE = ("dispute", "matter", "amount_claimed", "source", "in_zone")
"""What is asked of everybody, in this order; whatever else the command has is folded away."""
USUAL_KIND = {Side.APPLICANT: PartyKind.PERSON, Side.RESPONDENT: PartyKind.ENTERPRISE}
USUAL_LINES = {Side.APPLICANT: 3, Side.RESPONDENT: 1}
"""So many lines there are for each side to begin with; those left blank do not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A line on the form for a party."""

    place: str
    name: str
    kind: str
    count: str
    ability: str
    cells: tuple[Cell, ...]
    faults: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """Whether nobody was named in it."""
        return not (self.name.strip() or self.count.strip()) and not any(cell.value.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody named on the form, with what is said of him there."""

    person: Person
    details: Details
    is_known: bool
    """Whether he stands in the register already."""

    @property
    def is_described(self) -> bool:
        """Whether more is said of him than the name."""
        return self.details != DETAILS[self.person.kind]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What is to be registered: the order, who is named in it, and what looks strange."""

    order: Order
    people: tuple[Newcomer, ...]
    warnings: tuple[str, ...]
    together: tuple[Order, ...] = ()
    """What is done at the same sitting."""


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A case about to be opened, as it was filled in. Made with `of`, and never changed."""

    workflows: Mapping[str, Workflow]
    """Those by which a case can be opened today, by name."""
    sheet: Sheet
    before: Before | None = None
    """What it follows on, where there is trouble again (再起纠纷)."""
    applied: Applied | None = None
    """The application that is registered by it."""

    @classmethod
    def of(
        cls,
        workflows: Mapping[str, Workflow],
        typed: Typed,
        before: Before | None = None,
        applied: Applied | None = None,
    ) -> Opening:
        """The form as it was filled in."""
        return cls(workflows=workflows, sheet=_sheet(workflows, typed), before=before, applied=applied)

    def begun(self, *, in_zone: bool = False) -> Opening:
        """An empty form; with the parties of the case that it follows on, or what an application says.

        `in_zone`: whether what comes to the room has mostly happened in the zone (a setting).
        """
        typed = MultiDict(self.typed)
        if in_zone:
            typed.setdefault(f"{PREFIX}in_zone", "是")
        for name, value in _as_applied(self.applied) if self.applied else ():
            typed.setdefault(name, value)
        for name, value in _as_before(self.before) if self.before else ():
            typed.setdefault(name, value)
        if self.before and self.before.program in dict(self.programs):
            typed.setdefault(PROGRAM, self.before.program)
        typed.setdefault(ID, new_id(system_randomness, 16))
        typed.setdefault(PROGRAM, self.programs[0][0])
        for side, lines in USUAL_LINES.items():
            typed.setdefault(side.value, "1" if self.applied else str(lines))
        return replace(self, sheet=_sheet(self.workflows, typed).begun())

    # -- what is asked

    @property
    def typed(self) -> Typed:
        return self.sheet.typed

    @property
    def faults(self) -> Faults:
        """What is wrong, with the fields and beside them."""
        return self.sheet.faults

    @property
    def programs(self) -> list[Option]:
        """By which workflow, on which track: one question, in words."""
        return _programs(self.workflows)

    @property
    def workflow(self) -> Workflow:
        """The one chosen; the first while none is."""
        return _chosen(self.workflows, self.typed)

    @property
    def at_once(self) -> list[Run]:
        """What is asked of everybody as it lies on the page; a choice at one press."""
        by_name = {a.spec.name: a for a in self.sheet.fields}
        asked = (by_name[name] for name in AT_ONCE)
        return runs_of([replace(a, look="radio") if a.look == "pick" else a for a in asked])

    @property
    def most_lines(self) -> int:
        """How many lines there may be for a side."""
        return MOST_PARTIES_SHOWN

    @property
    def endings(self) -> str:
        """With what names of firms end, for the script: always, and names that are longer than those of people."""
        return f"(?:{'|'.join(ENDINGS)}|.{{2,}}(?:{'|'.join(ALSO_OF_PEOPLE)}))$"

    @property
    def besides(self) -> list[Asked]:
        return [a for a in self.sheet.fields if a.spec.name not in AT_ONCE]

    @property
    def is_told_besides(self) -> bool:
        """Whether something stands in what is folded away."""
        return any(a.faults or a.value not in ("", "none") for a in self.besides)

    @property
    def labels(self) -> dict[str, FieldSpec]:
        """The fields of a party."""
        row = next(s.row for s in fields_of(self.workflow.opening) if s.name == "named")
        return {spec.name: spec for spec in fields_of(row)} if row else {}

    @property
    def kinds(self) -> list[Option]:
        return [(kind.value, kind.label) for kind in PartyKind]

    @property
    def abilities(self) -> list[Option]:
        return [(ability.value, ability.label) for ability in Ability]

    @property
    def sides(self) -> list[tuple[Side, list[Named]]]:
        """The lines for each side that disputes."""
        asked = (Side.APPLICANT, Side.RESPONDENT)
        return [(side, [self._named(side, n) for n in range(self._count(side))]) for side in asked]

    def _count(self, side: Side) -> int:
        return min(count_of(self.typed, side.value) or 1, MOST_PARTIES_SHOWN)

    def _named(self, side: Side, n: int) -> Named:
        place = f"{side.value}.{n}"
        return Named(
            place=place,
            name=self.typed.get(f"{place}.name", ""),
            kind=self._kind(side, place),
            count=self.typed.get(f"{place}.count", ""),
            ability=self.typed.get(f"{place}.ability", Ability.FULL.value),
            cells=tuple(cells(place, self.typed, self.faults)),
            faults=tuple(self.faults.get(place, ())),
        )

    def _kind(self, side: Side, place: str) -> str:
        """What a party is: as was chosen; a firm by its name where a person stands there only because nobody chose."""
        chosen: str = self.typed.get(f"{place}.kind", USUAL_KIND[side].code)
        is_usual = chosen == USUAL_KIND[side].value == PartyKind.PERSON.value
        is_firm = is_usual and is_of_a_firm(self.typed.get(f"{place}.name", ""))
        return PartyKind.ENTERPRISE.code if is_firm else chosen

    @property
    def together(self) -> list[tuple[Companion, bool]]:
        """What can be done at the same sitting, and whether it is ticked."""
        ticked = self.typed.getlist(TOGETHER)
        declared = self.workflow.guidance.companions.get(self.workflow.opening.name(), ())
        return [(it, it.command.name() in ticked) for it in declared]

    def summary(self) -> list[tuple[str, str, str]]:
        """(id, label, sentence) of all that is wrong."""
        besides = [(PROGRAM, "办理方式")]
        for side, lines in self.sides:
            for n, line in enumerate(lines, 1):
                called = f"{side.label}第{n}行"
                besides.append((line.place, called))
                besides += [(cell.name, f"{called}，{cell.label}") for cell in line.cells]
        found = [(place, label, s) for place, label in besides for s in self.faults.get(place, ())]
        return [*found, *self.sheet.summary()]

    # -- another form

    def with_row(self, side: str) -> Opening:
        """The form with one more line for a side."""
        if not Side.named(side):
            return self
        typed = MultiDict(self.typed)
        typed[side] = str(min(count_of(typed, side) + 1, MOST_PARTIES_SHOWN))
        return replace(self, sheet=self.sheet.with_typed(typed))

    def wrong(self, faults: Faults) -> Opening:
        """The form with what is wrong on it."""
        return replace(self, sheet=self.sheet.with_faults(faults))

    def renumbered(self) -> Opening:
        """The form as another order, whatever has been ordered before."""
        return replace(self, sheet=self.sheet.renumbered())


def _sheet(workflows: Mapping[str, Workflow], typed: Typed) -> Sheet:
    left_out = frozenset({"named", "track", "organisation", "predecessor"})
    return Sheet.of(_chosen(workflows, typed).opening, typed, leave_out=left_out)


def _as_before(before: Before) -> Iterator[tuple[str, str]]:
    """The parties of an earlier case as they would be typed."""
    for side in (Side.APPLICANT, Side.RESPONDENT):
        own = [(person, many) for which, person, many in before.parties if which is side][:MOST_PARTIES_SHOWN]
        if own:
            yield side.value, str(len(own))
        for n, (person, many) in enumerate(own):
            yield f"{side.value}.{n}.name", person.name
            yield f"{side.value}.{n}.kind", person.kind.value
            if person.kind is PartyKind.GROUP and many:
                yield f"{side.value}.{n}.count", str(many)


def _as_applied(applied: Applied) -> Iterator[tuple[str, str]]:
    """What an application says as it would be typed; its parties stand in the case already."""
    facts = facts_of(applied.case)
    yield PROGRAM, f"{applied.case.workflow}/{facts.track}"
    yield f"{PREFIX}matter", applied.words
    yield f"{PREFIX}dispute", facts.dispute.value if facts.dispute else ""
    yield f"{PREFIX}source", Source.APPLICATION.value
    if facts.amount_claimed is not None:
        yield f"{PREFIX}amount_claimed", typed_sum(facts.amount_claimed)


def _programs(workflows: Mapping[str, Workflow]) -> list[Option]:
    found = sorted(workflows.values(), key=lambda w: w.label, reverse=True)
    return [(f"{w.name}/{t.code}", f"{w.label} · {t.label}") for w in found for t in w.tracks]


def _chosen(workflows: Mapping[str, Workflow], typed: Typed) -> Workflow:
    named = typed.get(PROGRAM, "").partition("/")[0]
    return workflows.get(named) or workflows[_programs(workflows)[0][0].partition("/")[0]]


def registration_of(opening: Opening, actor: Actor, office: Office, today: date) -> Registration:
    """What is to be registered; FormFaults with every sentence under the name of its control."""
    id, applied = opening.typed.get(ID, "")[:64], opening.applied
    randomness, faults = bytes_from(actor.organisation, id), dict[str, list[str]]()
    case = applied.case.id if applied else new_case_id(randomness)
    reading = _Reading(opening, randomness, today, faults)
    named = reading.parties()
    track = _track(opening, id, faults)
    where = applied.case.facts.organisation if applied else actor.organisation
    given: dict[str, Any] = {"track": track, "organisation": where, "named": [row for _, row in named]}
    given |= {"predecessor": opening.before.case if opening.before else None}
    try:
        command = opening.sheet.read(lambda name: name, given)
    except FormFaults as fault:
        raise FormFaults(faults | fault.faults) from fault
    if faults:
        raise FormFaults(faults)
    workflow = "" if applied else opening.workflow.name
    order = Order(id=id, case=case, command=command, actor=actor.id, office=office, workflow=workflow)
    begun = applied.case if applied else opening.workflow.begin(case)
    sitting = Sitting(case=begun, on=(), given=command, today=today, actor=actor.id)
    return Registration(
        order=order,
        people=tuple(who for who, _ in named),
        warnings=tuple(reading.warnings),
        together=tuple(alongside(order, it, sitting) for it, is_ticked in opening.together if is_ticked),
    )


def _track(opening: Opening, id: str, faults: dict[str, list[str]]) -> str:
    chosen = opening.typed.get(PROGRAM, "")
    if chosen not in dict(opening.programs):
        faults[PROGRAM] = ["请选择一种"]
    if len(id) < 8:
        faults[PROGRAM] = ["这张表不完整，请重新打开"]
    return chosen.partition("/")[2]


Row = dict[str, Any]
"""A party as a row of the command."""


class _Reading:
    """The lines of a form, read into people and rows; what is wrong and what is strange is gathered."""

    def __init__(self, opening: Opening, randomness: Randomness, today: date, faults: dict[str, list[str]]) -> None:
        self.opening, self.randomness, self.today, self.faults = opening, randomness, today, faults
        self.warnings: list[str] = []
        before = opening.before.parties if opening.before else ()
        self.known = {(person.name, person.kind): person for _, person, _ in before}

    def parties(self) -> list[tuple[Newcomer, Row]]:
        """Everybody named, as somebody of the register and as a row of the command."""
        lines = [(side, line) for side, lines in self.opening.sides for line in lines if not line.is_blank]
        found = [pair for side, line in lines if (pair := self._party(side, line)) is not None]
        first = f"{Side.APPLICANT.value}.0"
        somebody = self.opening.applied is not None or any(side is Side.APPLICANT for side, _ in lines)
        if not somebody:
            self.faults.setdefault(first, ["请写明申请人"])
        return found

    def _party(self, side: Side, line: Named) -> tuple[Newcomer, Row] | None:
        """A line as somebody of the register: who was in the earlier case under this name is the same."""
        kind = PartyKind.named(line.kind) or PartyKind.PERSON
        read = filled(line.place, self.opening.typed, kind, DETAILS[kind](), self.today)
        self.faults.update({name: list(said) for name, said in read.faults.items()})
        wrong = self.faults.setdefault(line.place, [])
        if line.count.strip() and kind is not PartyKind.GROUP:
            wrong.append(f"只有“{PartyKind.GROUP.label}”才填人数")
        number = line.count.strip() if kind is PartyKind.GROUP else "1"
        try:
            read_form(_Counted, {"count": number})
        except FormFaults as fault:
            wrong += fault.sentences
        ability = self._ability(line, kind, read.details, wrong)
        person = self._person(line, kind, wrong)
        if not wrong:
            del self.faults[line.place]
        if person is None:
            return None
        self.warnings += [f"{person.name}的证件号码：{sentence}" for sentence in read.warnings]
        row = {"person": person.id, "side": side.value, "kind": kind.value, "count": number, "ability": ability.value}
        is_known = person.id in {it.id for it in self.known.values()}
        return Newcomer(person=person, details=read.details, is_known=is_known), row

    def _person(self, line: Named, kind: PartyKind, wrong: list[str]) -> Person | None:
        try:
            new = someone(line.place, line.name.strip(), kind, self.randomness)
        except FormFaults as fault:
            wrong += fault.sentences
            return None
        return self.known.get((new.name, kind), new)

    def _ability(self, line: Named, kind: PartyKind, details: Details, wrong: list[str]) -> Ability:
        chosen = Ability.named(line.ability) or Ability.FULL
        if kind is not PartyKind.PERSON and chosen is not Ability.FULL:
            wrong.append(f"“{kind.label}”不填行为能力，请选“{Ability.FULL.label}”")
        try:
            return ability_of(chosen, details, self.today)
        except FormFaults as fault:
            wrong += fault.faults["ability"]
            return chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted(Command):
    """A number of people alone, to read it as every form does."""

    count: int | None = count("人数")
