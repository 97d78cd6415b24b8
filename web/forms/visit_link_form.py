"""The sheet of a visit as whom it was entrusted to fills it in: the questions, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from werkzeug.datastructures import MultiDict

from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import Text
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import Office
from mediation_engine.errors import FormFaults
from mediation_engine.ports.links import Link
from workflows.parts.visit import RecordUnreachable, RecordVisit

from .command_form import PREFIX, Faults, Sheet, Typed
from .form_fields import Asked
from .occurred_field import WHEN, asked, happened

ID, SEEN, NOBODY = "id", "seen", "nobody"
SAID = f"{PREFIX}said"
NOT_ASKED = frozenset({"party", "also"})
"""Whom he is to see is known; of others in the case he knows nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitLinkForm:
    """What was filled in."""

    typed: Typed
    today: date
    faults: Faults | None = None

    @classmethod
    def begun(cls, version: int, id: str, today: date) -> VisitLinkForm:
        """A fresh one; `version` is that of the visit as it is shown."""
        sheet = Sheet.of(RecordVisit, MultiDict({ID: id, SEEN: str(version)})).begun()
        return cls(typed=sheet.typed, today=today)

    @property
    def sheet(self) -> Sheet:
        """The questions."""
        sheet = Sheet.of(RecordVisit, self.typed, leave_out=NOT_ASKED)
        return sheet.with_faults(self.faults or {})

    @property
    def fields(self) -> Sequence[Asked]:
        return self.sheet.fields

    @property
    def when(self) -> Asked:
        """When it was, as a line."""
        return asked(self.typed, self.today, (self.faults or {}).get(WHEN, ()))

    @property
    def is_nobody(self) -> bool:
        """Whether it says that nobody was met."""
        return self.typed.get("do") == NOBODY

    def wrong(self, faults: Faults) -> VisitLinkForm:
        """The same with what is wrong."""
        return replace(self, faults=faults)

    def renumbered(self, id: str) -> VisitLinkForm:
        """The same as another order."""
        typed = MultiDict(self.typed)
        typed[ID] = id
        return replace(self, typed=typed)

    def order(self, link: Link, office: Office) -> Order:
        """What is ordered. FormFaults with every sentence under the name of its control."""
        typed, wrong = self.typed, dict[str, list[str]]()
        id, seen = typed.get(ID, ""), typed.get(SEEN, "")
        if not 8 <= len(id) <= 57 or not (seen.isascii() and seen.isdecimal() and len(seen) < 10):
            wrong[ID] = ["这张表不完整，请重新打开链接"]
        occurred, command = None, None
        try:
            occurred = happened(typed, self.today)
        except FormFaults as fault:
            wrong |= fault.faults
        try:
            command = self._command()
        except FormFaults as fault:
            wrong |= fault.faults
        if wrong or command is None:
            raise FormFaults(wrong)
        return Order(
            id=f"{id}.{NOBODY}" if self.is_nobody else id,
            case=link.case,
            command=command,
            actor=link.person,
            office=office,
            on=(link.instance,),
            expects={link.instance: int(seen)},
            occurred=occurred,
        )

    def _command(self) -> Command:
        if not self.is_nobody:
            asked = MultiDict(p for p in self.typed.items(multi=True) if p[0].removeprefix(PREFIX) not in NOT_ASKED)
            command: Command = Sheet.of(RecordVisit, asked, leave_out=NOT_ASKED).read(str)
            return command
        return RecordUnreachable(note=written(self.typed.get(SAID, "")))


def written(said: str) -> Text | None:
    """What was written of a visit on which nobody was met."""
    return Text(said.strip()) if said.strip() else None
