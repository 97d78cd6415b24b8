"""What is known of the parties of a case, on one form: a line each, and all saved at one press."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from werkzeug.datastructures import MultiDict

from mediation_engine.domain.people import Details
from mediation_engine.ports.register import Person

from ..presenters import person as shown
from .command_form import Faults, Typed
from .party_lines import Cell, Filled, cells, filled, typed_of

VERSION = "version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody of a case, with what is known of him."""

    key: str
    side: str
    """In words."""
    person: Person
    details: Details

    @property
    def masked(self) -> dict[str, str]:
        """What is known and not shown whole, by field: it is left as it is."""
        return {row.name: row.value for row in shown.rows(self.details) if row.is_masked}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A party on the form."""

    party: Party
    version: str
    """As the reader saw it."""
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticularsForm:
    """The form; what is wrong with it."""

    parties: tuple[Party, ...]
    typed: Typed
    faults: Faults = field(default_factory=dict)

    @classmethod
    def of(cls, parties: tuple[Party, ...]) -> ParticularsForm:
        """The form filled in with what is known."""
        typed: Typed = MultiDict()
        for it in parties:
            masked = {f"{it.key}.{name}" for name in it.masked}
            for name, value in typed_of(it.key, it.details, it.person.kind):
                if name not in masked:
                    typed[name] = value
            typed[f"{it.key}.{VERSION}"] = str(it.person.version)
        return cls(parties=parties, typed=typed)

    def wrong(self, faults: Mapping[str, list[str]]) -> ParticularsForm:
        return replace(self, faults=faults)

    @property
    def lines(self) -> Iterator[Line]:
        for it in self.parties:
            found = tuple(cells(it.key, self.typed, self.faults, (it.person.kind,), it.masked))
            yield Line(party=it, version=self.typed.get(f"{it.key}.{VERSION}", ""), cells=found)

    def summary(self) -> list[tuple[str, str, str]]:
        """(id, label, sentence) of all that is wrong."""
        return [
            (cell.name, f"{line.party.person.name}，{cell.label}", sentence)
            for line in self.lines
            for cell in line.cells
            for sentence in cell.faults
        ]

    def read(self, today: date) -> dict[str, Filled]:
        """What was filled in, by party; of some of them something may be wrong.

        A party that is not on the form stays as it is.
        """
        return {
            it.key: filled(it.key, self.typed, it.person.kind, it.details, today, it.masked)
            for it in self.parties
            if f"{it.key}.{VERSION}" in self.typed
        }

    def renewed(self) -> ParticularsForm:
        """The form over how things stand, what was typed kept."""
        typed = MultiDict(self.typed)
        for it in self.parties:
            typed[f"{it.key}.{VERSION}"] = str(it.person.version)
        return replace(self, typed=typed)

    def is_current(self, party: Party) -> bool:
        """Whether nobody has changed what is known of a party since the form was opened."""
        return self.typed.get(f"{party.key}.{VERSION}", "") == str(party.person.version)

    def is_late(self, party: Party) -> bool:
        """Whether something was typed that somebody else has filled in meanwhile."""
        return any(self.typed.get(f"{party.key}.{name}", "").strip() for name in party.masked)
