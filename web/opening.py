"""Opening a case: seven fields in words, the rest folded away; new people enter the register in the same commit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from werkzeug.datastructures import MultiDict

from mediation_engine.adapters.forms import read_form
from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import FieldSpec, count, fields_of
from mediation_engine.domain.order import Order
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.workflow import Workflow
from mediation_engine.errors import FormFaults
from mediation_engine.ids import Randomness, new_id, system_randomness
from mediation_engine.ports import Person
from mediation_engine.rights import reach
from workflows.vocabulary import Side

from . import reading
from .asking import Asked, Sheet, Typed, count_of
from .choosing import Option
from .here import door, reader
from .newcomers import bytes_from, someone
from .stepping import ID

PROGRAM = "program"
AT_ONCE = ("dispute", "matter", "source", "in_zone")
"""What is asked of everybody; whatever else the command has is folded away."""
MOST_PARTIES = 50
MOST_LOOKED_AT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A line on the form for a party."""

    place: str
    name: str
    kind: str
    count: str
    faults: tuple[str, ...]


@dataclass(kw_only=True)
class Opening:
    """A case about to be opened."""

    typed: Typed
    faults: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, typed: Typed) -> Opening:
        return cls(typed=MultiDict(typed))

    def begin(self) -> None:
        """An empty form."""
        self.typed.setdefault(ID, new_id(system_randomness, 16))
        self.typed.setdefault(PROGRAM, self.programs[0][0])
        for side in Side:
            self.typed.setdefault(side.value, "1")
        self.sheet.begin()

    # -- what is asked

    @cached_property
    def programs(self) -> list[Option]:
        """By which workflow, on which track: one question, in words."""
        return [(f"{w.name}/{t.code}", f"{w.label} · {t.label}") for w in self.workflows for t in w.tracks]

    @cached_property
    def workflows(self) -> list[Workflow]:
        """Those by which a case can be opened today."""
        return sorted(door().catalogue.for_new_cases(door().today()), key=lambda w: w.label, reverse=True)

    @property
    def workflow(self) -> Workflow:
        """The one chosen; the first while none is."""
        named = self.typed.get(PROGRAM, "").partition("/")[0]
        return next((w for w in self.workflows if w.name == named), self.workflows[0])

    @cached_property
    def sheet(self) -> Sheet:
        left_out = frozenset({"named", "track", "organisation"})
        return Sheet(command=self.workflow.opening, typed=self.typed, faults=self.faults, leave_out=left_out)

    @property
    def at_once(self) -> list[Asked]:
        return [a for a in self.sheet.asked() if a.spec.name in AT_ONCE]

    @property
    def besides(self) -> list[Asked]:
        return [a for a in self.sheet.asked() if a.spec.name not in AT_ONCE]

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
    def sides(self) -> list[tuple[Side, list[Named]]]:
        """The lines for each side that disputes."""
        asked = (Side.APPLICANT, Side.RESPONDENT)
        return [(side, [self._named(side, n) for n in range(self._count(side))]) for side in asked]

    def _count(self, side: Side) -> int:
        return min(count_of(self.typed, side.value) or 1, MOST_PARTIES)

    def _named(self, side: Side, n: int) -> Named:
        place = f"{side.value}.{n}"
        kind = self.typed.get(f"{place}.kind", PartyKind.PERSON.value)
        name, count = self.typed.get(f"{place}.name", ""), self.typed.get(f"{place}.count", "")
        return Named(place=place, name=name, kind=kind, count=count, faults=tuple(self.faults.get(place, ())))

    def add_row(self, side: str) -> None:
        """One more line for a side."""
        if Side.named(side):
            self.typed[side] = str(min(count_of(self.typed, side) + 1, MOST_PARTIES))

    def summary(self) -> list[tuple[str, str, str]]:
        """(id, label, sentence) of all that is wrong."""
        besides = [(PROGRAM, "办理方式"), *((n.place, side.label) for side, lines in self.sides for n in lines)]
        found = [(place, label, s) for place, label in besides for s in self.faults.get(place, ())]
        return [*found, *self.sheet.summary()]

    # -- what is ordered

    def order(self) -> tuple[Order, list[Person]]:
        """The order that opens it; FormFaults with every fault beside its field."""
        order_id = self.typed.get(ID, "")[:64]
        randomness = bytes_from(order_id)
        case = new_id(randomness, 16)
        people, rows = self._parties(randomness)
        command = self._read(order_id, rows)
        order = Order(
            id=order_id,
            case=case,
            command=command,
            actor=reader().actor.id,
            office=reader().office,
            workflow=self.workflow.name,
        )
        return order, people

    def _read(self, order_id: str, rows: list[dict[str, Any]]) -> Command:
        """The command that registers it."""
        if self.typed.get(PROGRAM) not in dict(self.programs):
            self.faults[PROGRAM] = ["请选择一种"]
        if len(order_id) < 8:
            self.faults[PROGRAM] = ["这张表不完整，请重新打开"]
        track = self.typed.get(PROGRAM, "").partition("/")[2]
        given = {"track": track, "organisation": reader().actor.organisation, "named": rows}
        command = self.sheet.read(lambda name: name, given)
        if self.faults:
            raise FormFaults(self.faults)
        return command

    def _parties(self, randomness: Randomness) -> tuple[list[Person], list[dict[str, Any]]]:
        """Everybody named, as people for the register and as rows of the command."""
        found = [pair for side, lines in self.sides for n in lines for pair in self._party(side, n, randomness)]
        first = f"{Side.APPLICANT.value}.0"
        if not any(row["side"] == Side.APPLICANT.value for _, row in found) and first not in self.faults:
            self.faults[first] = ["请写明申请人"]
        return [person for person, _ in found], [row for _, row in found]

    def _party(self, side: Side, line: Named, randomness: Randomness) -> Iterator[tuple[Person, dict[str, Any]]]:
        kind = PartyKind.named(line.kind) or PartyKind.PERSON
        if not line.name.strip() and not line.count.strip():
            return
        if line.count.strip() and kind is not PartyKind.GROUP:
            self.faults[line.place] = [f"只有“{PartyKind.GROUP.label}”才填人数"]
        try:
            person = someone(line.place, line.name.strip(), kind, randomness)
            row = {"person": person.id, "side": side.value, "kind": kind.value}
            number = line.count.strip() if kind is PartyKind.GROUP else "1"
            read_form(_Counted, {"count": number})
            yield person, row | {"count": number}
        except FormFaults as fault:
            self.faults.setdefault(line.place, []).extend(s for told in fault.faults.values() for s in told)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted(Command):
    """A number of people alone, to read it as every form does."""

    count: int | None = count("人数")


# -- the same names in other cases


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """An open case with somebody of the same name."""

    case: str
    number: str
    parties: str
    standing: str
    names: str


def open_cases_with(names: set[str], organisation: str, *, but: str) -> list[Same]:
    """Open cases of an organisation and those below it with parties of these names."""
    with door().store.read() as unit:
        own = reach(unit.register, organisation)
        rows = unit.views.case_rows(most=MOST_LOOKED_AT, organisations=own)
        cases = {row.case: door().case(row.case) for row in rows if row.closed is None and row.case != but}
        parties = {id: [*case.facts.people().values()] for id, case in cases.items()}
        people = unit.register.people({person for own in parties.values() for person in own})
    found = []
    for row in rows:
        shared = sorted(names & {people[p].name for p in parties.get(row.case, ()) if p in people})
        if shared:
            workflow = door().catalogue.reading(row.workflow)
            told = Same(
                case=row.case,
                number=row.number or "尚无案号",
                parties=reading.parties(door(), cases[row.case]),
                standing=reading.standing(workflow, row.phase, row.state),
                names="、".join(shared),
            )
            found.append(told)
    return found
