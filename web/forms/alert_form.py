"""登记警情 as a form: what the police pushed, who is in it, to which district."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from mediation_engine.domain.zone import Zone
from mediation_engine.input.new_people import Newcomers
from workflows.zone.alert.inbox import PushAlert
from workflows.zone.alert.vocabulary import Standing

from .command_form import Sheet, Typed, without_nobody
from .form_fields import Known
from .item_form import ItemForm, districts_in


@dataclass(frozen=True, kw_only=True)
class AlertForm(ItemForm):
    """An alert about to be registered: asked for are who called, and the other side."""

    leading = "number"
    asked = (Standing.REPORTER, Standing.OTHER)
    further = Standing.OTHER

    @classmethod
    def of(cls, zone: Zone, typed: Typed, today: date) -> AlertForm:
        """The form as it was filled in."""
        known = Known(codes=districts_in(zone), today=today)
        return cls(sheet=Sheet.of(PushAlert, typed, known, leave_out=frozenset({"organisation"})))

    @property
    def has_districts(self) -> bool:
        """Whether there are districts to choose from."""
        return any(it.options for it in self.sheet.fields if it.spec.name == "district")

    def _command(self, typed: Sheet, newcomers: Newcomers, organisation: str) -> Any:
        return typed.with_typed(without_nobody(typed.typed)).read(newcomers.enter_once, {"organisation": organisation})
