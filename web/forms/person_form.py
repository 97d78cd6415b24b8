"""Somebody's details as a form: what is known filled in, every number looked at, and what was typed kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from mediation_engine.domain.fields import fields_of
from mediation_engine.domain.people import Details
from mediation_engine.errors import FormFaults
from mediation_engine.input.person_details import NAME, OTHERS, checked, name_typed, others_typed
from mediation_engine.ports.register import Person

from .command_form import PREFIX, Sheet, Typed
from .filled_form import typed_of_fields

VERSION = "version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What was filled in, sound: the name, others, the details."""

    name: str
    other_names: str
    details: Details
    warnings: tuple[str, ...] = ()
    """What is strange but may be so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonForm:
    """The form; what is wrong with it."""

    person: Person
    known: Details
    sheet: Sheet
    faults: Mapping[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, person: Person, known: Details, kept: frozenset[str]) -> PersonForm:
        """The form filled in with what is known, but for what is kept: not shown, not asked, and left as it is."""
        typed = typed_of_fields(known, {})
        for spec in fields_of(type(known)):
            if spec.row and not getattr(known, spec.name):
                typed.pop(PREFIX + spec.name)  # an empty table begins with a row
        typed |= {NAME: person.name, OTHERS: person.other_names or "", VERSION: str(person.version)}
        return cls(person=person, known=known, sheet=Sheet.of(type(known), typed, leave_out=kept).begun())

    @classmethod
    def typed(cls, person: Person, known: Details, masked: frozenset[str], typed: Typed) -> PersonForm:
        """The form as it was posted: what is masked is kept, unless the whole of it was asked.

        Part of it held against the rest would tell what the rest is.
        """
        kept = frozenset() if all(PREFIX + name in typed for name in masked) else masked
        return cls(person=person, known=known, sheet=Sheet.of(type(known), typed, leave_out=kept))

    def with_row(self, place: str) -> PersonForm:
        return replace(self, sheet=self.sheet.with_row(place))

    def with_faults(self, faults: Mapping[str, list[str]]) -> PersonForm:
        """The same with what is wrong, by the name of the control."""
        return replace(self, sheet=self.sheet.with_faults(faults), faults=faults)

    @property
    def version(self) -> int:
        """Which version was seen; 0 where the page does not say so."""
        said = self.sheet.typed.get(VERSION, "")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0

    def read(self, today: date) -> Filled:
        """What was filled in; FormFaults with every sentence under the name of its control."""
        faults: dict[str, list[str]] = {}
        typed, names, details = self.sheet.typed, ["", ""], None
        try:
            names[0] = name_typed(typed.get(NAME, ""), self.person.kind)
        except FormFaults as fault:
            faults |= fault.faults
        try:
            names[1] = others_typed(typed.get(OTHERS, ""), self.person.kind)
        except FormFaults as fault:
            faults |= fault.faults
        try:
            details = replace(self.sheet.read(str), **{it: getattr(self.known, it) for it in self.sheet.leave_out})
        except FormFaults as fault:
            faults |= fault.faults
        if details is None:
            raise FormFaults(faults)
        found = checked(details, today)
        faults |= {_control(place): [sentence] for place, sentence in found.faults.items()}
        if faults:
            raise FormFaults(faults)
        warnings = tuple(found.warnings.values())
        return Filled(name=names[0], other_names=names[1], details=found.details, warnings=warnings)


def _control(place: tuple[str, ...]) -> str:
    return PREFIX + ".".join(place)
