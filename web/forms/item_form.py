"""Registering an item of the zone as a form: what is the same for alerts and for matters of every kind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from werkzeug.datastructures import MultiDict

from mediation_engine.domain.fields import FieldSpec
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.order import Order
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.domain.zone import Zone
from mediation_engine.errors import FormFaults
from mediation_engine.ids import new_case_id, new_id, system_randomness
from mediation_engine.input.new_case import id_to_open
from mediation_engine.input.new_people import Newcomers, bytes_from
from mediation_engine.ports.register import Person

from .checkboxes import Option
from .command_form import ID, PREFIX, Faults, Sheet, Typed, count_of

NAMED, SEEN = f"{PREFIX}named", "seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """What is to be registered, and who is named in it."""

    order: Order
    people: tuple[Person, ...]


@dataclass(frozen=True, kw_only=True)
class ItemForm(ABC):
    """An item about to be registered, as it was filled in. Made with `of`, and never changed."""

    leading: ClassVar[str]
    """The field at which it is said that the form is not whole."""
    asked: ClassVar[tuple[Labelled, ...]] = ()
    """As what those are in it who are asked for at first."""
    further: ClassVar[Labelled | None] = None
    """As what one more is, where that is asked."""
    sheet: Sheet

    @abstractmethod
    def _command(self, typed: Sheet, newcomers: Newcomers, organisation: str) -> Any:
        """The command; FormFaults."""

    def doubt(self, command: Any) -> str:
        """What is asked back once before it is registered, as it may be a slip; empty for nothing."""
        return ""

    @property
    def typed(self) -> Typed:
        return self.sheet.typed

    def begun(self) -> Self:
        """An empty form, with a row for each who is asked for at first."""
        typed = MultiDict(self.typed)
        typed.setdefault(ID, new_id(system_randomness, 16))
        typed.setdefault(NAMED, str(len(self.asked)))
        sheet = self.sheet.with_typed(typed)
        for n, standing in enumerate(self.asked):
            sheet = _with_usual_row(sheet, n, standing)
        return replace(self, sheet=sheet.begun())

    def with_row(self, name: str = NAMED) -> Self:
        """The form with one more row in a table."""
        at, sheet = count_of(self.typed, name), self.sheet.with_row(name)
        further = self.further if name == NAMED else None
        return replace(self, sheet=_with_usual_row(sheet, at, further) if further else sheet)

    def wrong(self, faults: Faults) -> Self:
        """The form with what is wrong on it."""
        return replace(self, sheet=self.sheet.with_faults(faults))

    def renumbered(self) -> Self:
        """The form as another order, whatever has been ordered before."""
        return replace(self, sheet=self.sheet.renumbered())

    def read(self, workflow: Workflow, actor: Actor, office: Office) -> NewItem:
        """What is to be registered; FormFaults with every sentence under the name of its control."""
        id = self.typed.get(ID, "")[:64]
        if len(id) < 8:
            raise FormFaults({f"{PREFIX}{self.leading}": ["这张表不完整，请重新打开"]})
        randomness = bytes_from(actor.organisation, id)
        made_up, newcomers = new_case_id(randomness), Newcomers(randomness)
        command = self._command(self.sheet, newcomers, actor.organisation)
        kinds = {row.person: row.kind for row in command.named if hasattr(row, "kind")}
        people = tuple(replace(it, kind=kinds.get(it.id, it.kind)) for it in newcomers.people)
        case = id_to_open(workflow, command, actor.organisation) or made_up
        order = Order(id=id, case=case, command=command, actor=actor.id, office=office, workflow=workflow.name)
        return NewItem(order=order, people=people)


def districts_in(zone: Zone) -> Callable[[FieldSpec], list[Option]]:
    """The districts of the zone, for the field that asks for one."""
    districts = [(it.code, it.name) for it in zone.districts]
    return lambda spec: districts if spec.name == "district" else []


def _with_usual_row(sheet: Sheet, n: int, standing: Labelled) -> Sheet:
    typed, row = MultiDict(sheet.typed), f"{NAMED}.{n}."
    for name, usual in {"standing": standing, "kind": PartyKind.PERSON}.items():
        typed.setdefault(row + name, usual.code)
    return sheet.with_typed(typed)
