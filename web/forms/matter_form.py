"""登记事项 as a form: made of what its kind declares, and of what is the same for all."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, make_dataclass, replace
from dataclasses import fields as dataclass_fields
from datetime import date
from functools import cache
from typing import Any, get_type_hints

from werkzeug.datastructures import MultiDict

from mediation_engine.domain.command import Called
from mediation_engine.domain.fields import FieldSpec, Text, count, day, fields_of, flag, money, text
from mediation_engine.domain.item_kind import FieldSort, ItemField, ItemKind
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.domain.zone import Zone
from mediation_engine.errors import FormFaults
from mediation_engine.ids import new_case_id, new_id, system_randomness
from mediation_engine.input.new_case import id_to_open
from mediation_engine.input.new_people import Newcomers, bytes_from
from mediation_engine.ports.register import Person
from workflows.zone.matter.concerned import ConcernedRow
from workflows.zone.matter.entry import DetailRow, RegisterMatter, details_of, wanting
from workflows.zone.matter.vocabulary import Standing

from .checkboxes import Option
from .command_form import PREFIX, Faults, Sheet, Typed, count_of, without_nobody
from .form_fields import Known

ID = "id"
OWN = "k_"
"""How the name of a control begins that asks a field of the kind."""
MAKES: dict[FieldSort, tuple[Any, Any, str]] = {
    FieldSort.TEXT: (text, Text | None, "words"),
    FieldSort.DAY: (day, date | None, "day"),
    FieldSort.COUNT: (count, int | None, "number"),
    FieldSort.MONEY: (money, int | None, "amount"),
    FieldSort.FLAG: (flag, bool, "said"),
}
"""By the sort of a field: how it is specified, its type, and where in a row of details its value stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMatter:
    """What is to be registered, and who is named in it."""

    order: Order
    people: tuple[Person, ...]


@cache
def asked_of(kind: ItemKind) -> type[Called]:
    """The form of a kind: its own fields between what happened and who is concerned."""
    fields = [_same("words", label=kind.words), *map(_own, kind.fields)]
    fields += [_same("named", label=f"{kind.asker}、对方"), _same("place"), _same("district")]
    fields += [_same("number", label=kind.number), _same("origin")]
    made: type[Called] = make_dataclass("MatterAsked", fields, bases=(Called,), frozen=True, kw_only=True)
    made.label = RegisterMatter.label
    return made


def _same(name: str, **changes: Any) -> tuple[str, Any, Any]:
    """A field of the command, called otherwise where the kind says so."""
    declared = next(it for it in dataclass_fields(RegisterMatter) if it.name == name)
    spec = {"spec": {**declared.metadata["spec"], **changes}}
    made = field(metadata=spec) if declared.default is MISSING else field(default=declared.default, metadata=spec)
    return name, get_type_hints(RegisterMatter)[name], made


def _own(of: ItemField) -> tuple[str, Any, Any]:
    make, type_, _ = MAKES[of.sort]
    more: dict[str, Any] = {"help": of.help}
    more |= {"longest": 200} if of.sort is FieldSort.TEXT else {}
    if of.required and of.sort is not FieldSort.FLAG:
        more["default"] = MISSING
    return OWN + of.code, type_, make(of.label, **more)


@dataclass(frozen=True, kw_only=True)
class MatterForm:
    """A matter about to be registered, as it was filled in. Made with `of`, and never changed."""

    kind: ItemKind
    sheet: Sheet

    @classmethod
    def of(cls, kind: ItemKind, zone: Zone, typed: Typed, today: date) -> MatterForm:
        """The form as it was filled in."""
        districts = [(it.code, it.name) for it in zone.districts]

        def codes(spec: FieldSpec) -> list[Option]:
            return districts if spec.name == "district" else []

        def choices(spec: FieldSpec, options: list[Option]) -> list[Option]:
            named = {Standing.ASKER.code: kind.asker} if spec.name == "standing" else {}
            return [(code, named.get(code, label)) for code, label in options]

        known = Known(codes=codes, choices=choices, today=today)
        none = frozenset() if districts else frozenset({"district"})
        return cls(kind=kind, sheet=Sheet.of(asked_of(kind), typed, known, none))

    @property
    def typed(self) -> Typed:
        return self.sheet.typed

    def begun(self) -> MatterForm:
        """An empty form, with a row for who comes."""
        typed = MultiDict(self.typed)
        typed.setdefault(ID, new_id(system_randomness, 16))
        typed.setdefault(f"{PREFIX}named", "1")
        return replace(self, sheet=_with_usual_row(self.sheet.with_typed(typed), 0, Standing.ASKER).begun())

    def with_row(self) -> MatterForm:
        """The form with a row for one more."""
        name = f"{PREFIX}named"
        at = count_of(self.typed, name)
        return replace(self, sheet=_with_usual_row(self.sheet.with_row(name), at, Standing.OTHER))

    def wrong(self, faults: Faults) -> MatterForm:
        """The form with what is wrong on it."""
        return replace(self, sheet=self.sheet.with_faults(faults))

    def renumbered(self) -> MatterForm:
        """The form as another order, whatever has been ordered before."""
        typed = MultiDict(self.typed)
        typed[ID] = new_id(system_randomness, 16)
        return replace(self, sheet=self.sheet.with_typed(typed))

    def read(self, workflow: Workflow, actor: Actor, office: Office) -> NewMatter:
        """What is to be registered; FormFaults with every sentence under the name of its control."""
        id = self.typed.get(ID, "")[:64]
        if len(id) < 8:
            raise FormFaults({f"{PREFIX}words": ["这张表不完整，请重新打开"]})
        randomness = bytes_from(actor.organisation, id)
        made_up, newcomers = new_case_id(randomness), Newcomers(randomness)
        filled = self.sheet.with_typed(without_nobody(self.typed)).read(newcomers.enter_once)
        command = self._command(filled, actor.organisation)
        if wanted := wanting(self.kind, details_of(command.details, self.kind)):
            raise FormFaults({f"{PREFIX}{OWN}{it.code}": [it.help or "这一项要填"] for it in wanted})
        kinds = {row.person: row.kind for row in command.named}
        people = tuple(replace(it, kind=kinds.get(it.id, it.kind)) for it in newcomers.people)
        case = id_to_open(workflow, command, actor.organisation) or made_up
        order = Order(id=id, case=case, command=command, actor=actor.id, office=office, workflow=workflow.name)
        return NewMatter(order=order, people=people)

    def _command(self, filled: Any, organisation: str) -> RegisterMatter:
        rows = (self._row(it, getattr(filled, OWN + it.code)) for it in self.kind.fields)
        same = ("words", "named", "place", "district", "number", "origin")
        return RegisterMatter(
            kind=self.kind.code,
            details=tuple(row for row in rows if row is not None),
            organisation=organisation,
            **{name: getattr(filled, name) for name in same},
        )

    def _row(self, of: ItemField, value: Any) -> DetailRow | None:
        return DetailRow(field=of.code, **{MAKES[of.sort][2]: value}) if value not in (None, False) else None


def _with_usual_row(sheet: Sheet, n: int, standing: Labelled) -> Sheet:
    typed, row = MultiDict(sheet.typed), f"{PREFIX}named.{n}."
    usual = {it.name: it.default for it in fields_of(ConcernedRow) if isinstance(it.default, Labelled)}
    for name, held in {**usual, "standing": standing}.items():
        typed.setdefault(row + name, held.code)
    return sheet.with_typed(typed)
