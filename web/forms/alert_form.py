"""登记警情 as a form: what the police pushed, who is in it, to which district."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from werkzeug.datastructures import MultiDict

from mediation_engine.domain.fields import FieldSpec
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
from workflows.zone.alert.inbox import PushAlert
from workflows.zone.alert.vocabulary import Standing

from .checkboxes import Option
from .command_form import PREFIX, Faults, Sheet, Typed, count_of, without_nobody
from .form_fields import Known

ID = "id"
USUAL_ROWS = 2
"""So many people are asked for at first: who called, and the other side."""
REPORTER, OTHER, PERSON = Standing.REPORTER.code, Standing.OTHER.code, PartyKind.PERSON.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What is to be registered, and who is named in it."""

    order: Order
    people: tuple[Person, ...]


@dataclass(frozen=True, kw_only=True)
class AlertForm:
    """An alert about to be registered, as it was filled in. Made with `of`, and never changed."""

    sheet: Sheet

    @classmethod
    def of(cls, zone: Zone, typed: Typed, today: date) -> AlertForm:
        """The form as it was filled in."""
        districts = [(it.code, it.name) for it in zone.districts]

        def codes(spec: FieldSpec) -> list[Option]:
            return districts if spec.name == "district" else []

        known = Known(codes=codes, today=today)
        return cls(sheet=Sheet.of(PushAlert, typed, known, leave_out=frozenset({"organisation"})))

    @property
    def has_districts(self) -> bool:
        """Whether there are districts to choose from."""
        return any(it.options for it in self.sheet.fields if it.spec.name == "district")

    @property
    def typed(self) -> Typed:
        return self.sheet.typed

    def begun(self) -> AlertForm:
        """An empty form, with a row for who called and one for the other side."""
        typed = MultiDict(self.typed)
        typed.setdefault(ID, new_id(system_randomness, 16))
        typed.setdefault(f"{PREFIX}named", str(USUAL_ROWS))
        for n, standing in enumerate((REPORTER, OTHER)):
            typed.setdefault(f"{PREFIX}named.{n}.standing", standing)
            typed.setdefault(f"{PREFIX}named.{n}.kind", PERSON)
        return replace(self, sheet=self.sheet.with_typed(typed).begun())

    def with_row(self) -> AlertForm:
        """The form with a row for one more."""
        name, typed = f"{PREFIX}named", MultiDict(self.typed)
        at = count_of(typed, name)
        sheet = self.sheet.with_row(name)
        again = MultiDict(sheet.typed)
        again[f"{name}.{at}.standing"], again[f"{name}.{at}.kind"] = OTHER, PERSON
        return replace(self, sheet=sheet.with_typed(again))

    def wrong(self, faults: Faults) -> AlertForm:
        """The form with what is wrong on it."""
        return replace(self, sheet=self.sheet.with_faults(faults))

    def renumbered(self) -> AlertForm:
        """The form as another order, whatever has been ordered before."""
        typed = MultiDict(self.typed)
        typed[ID] = new_id(system_randomness, 16)
        return replace(self, sheet=self.sheet.with_typed(typed))

    def read(self, workflow: Workflow, actor: Actor, office: Office) -> Alert:
        """What is to be registered; FormFaults with every sentence under the name of its control."""
        id = self.typed.get(ID, "")[:64]
        if len(id) < 8:
            raise FormFaults({f"{PREFIX}number": ["这张表不完整，请重新打开"]})
        randomness = bytes_from(actor.organisation, id)
        made_up, newcomers = new_case_id(randomness), Newcomers(randomness)
        sheet = self.sheet.with_typed(without_nobody(self.typed))
        command = sheet.read(newcomers.enter_once, {"organisation": actor.organisation})
        kinds = {row.person: row.kind for row in command.named}
        people = tuple(replace(it, kind=kinds.get(it.id, it.kind)) for it in newcomers.people)
        case = id_to_open(workflow, command, actor.organisation) or made_up
        order = Order(id=id, case=case, command=command, actor=actor.id, office=office, workflow=workflow.name)
        return Alert(order=order, people=people)
