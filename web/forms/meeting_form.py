"""召集例会 as a form: its four things, whom to ask to come, what is on the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from mediation_engine.domain.fields import FieldSpec
from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.roles import MEDIATOR_OR_GRID_WORKER
from mediation_engine.input.new_people import Newcomers
from workflows.zone.meeting.calling import PlanMeeting

from .checkboxes import Option
from .command_form import PREFIX, Sheet, Typed
from .form_fields import Known
from .item_form import NAMED, ItemForm

TOPICS = f"{PREFIX}topics"
PASSED = "“哪天开”写的是{}，已经过去了。写错了的请改；会已经开过、现在补记的，再按一次“召集例会”。"
ROWS = 3
"""Rows for people to come that an empty form has."""


@dataclass(frozen=True, kw_only=True)
class MeetingForm(ItemForm):
    """A meeting about to be called."""

    leading = "theme"
    today: date
    about: str = ""
    """The number or id of what it is called about; empty where that is still to be typed."""

    @classmethod
    def of(
        cls, typed: Typed, today: date, staff: Sequence[Option], bodies: Sequence[Option], about: str = ""
    ) -> MeetingForm:
        """The form as it was filled in; to choose from are the staff and the organisations of the directory."""

        def codes(spec: FieldSpec) -> list[Option]:
            return list(bodies) if spec.name == "body" else []

        known = Known(codes=codes, staff=tuple(staff), today=today, handlers=MEDIATOR_OR_GRID_WORKER)
        sheet = Sheet.of(PlanMeeting, typed, known, leave_out=frozenset({"organisation"}))
        return cls(sheet=sheet, today=today, about=about)

    def begun(self) -> MeetingForm:
        form = super().begun()
        sheet = form.sheet
        for _ in range(ROWS):
            sheet = sheet.with_row(NAMED)
        typed = MultiDict(sheet.with_row(TOPICS).typed)
        typed.setdefault(f"{TOPICS}.0.about", self.about)
        return replace(form, sheet=sheet.with_typed(typed))

    def doubt(self, command: Any) -> str:
        day: date | None = command.day
        return PASSED.format(day_words(day)) if day is not None and day < self.today else ""

    def _command(self, typed: Sheet, newcomers: Newcomers, organisation: str) -> Any:
        return typed.read(newcomers.enter_once, {"organisation": organisation})
