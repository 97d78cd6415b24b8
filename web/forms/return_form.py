"""月报 as a form: nothing new this month, or the small disputes one by one; the same for a correction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from werkzeug.datastructures import MultiDict

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import Text
from mediation_engine.domain.month import Month
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.order import ABSENT, Order
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office, Organisation
from mediation_engine.domain.workflow import Workflow
from mediation_engine.errors import FormFaults
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.input.new_case import id_to_open
from mediation_engine.input.new_people import Newcomers, bytes_from
from mediation_engine.ports.register import Person
from mediation_engine.record.sealing import TextRef
from workflows.zone.returns.entry import HandUp
from workflows.zone.returns.facts import Entry, facts_of
from workflows.zone.returns.filing import FileReturn, ReplaceReturn
from workflows.zone.returns.vocabulary import EntryState, ReportManner

from .command_form import ID, NEW, PREFIX, Faults, Sheet, Typed, count_of, without_nobody
from .form_fields import Known
from .occurred_field import happened
from .step_form import SEEN

ROWS = f"{PREFIX}named"
NOTHING = "nothing"
"""Whether the form states that there was nothing: it then has no rows."""
NOTHING_SAID: Mapping[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class ReturnForm:
    """A month about to be reported, or put right. Made with `of`, and never changed."""

    sheet: Sheet
    today: date
    committee: Organisation
    month: Month
    nothing: bool
    before: Case | None = None
    """The return as it stands, where it is put right."""

    @classmethod
    def of(
        cls,
        committee: Organisation,
        month: Month,
        typed: Typed,
        today: date,
        *,
        nothing: bool,
        before: Case | None,
        by_staff: bool = False,
    ) -> ReturnForm:
        """The form as it was filled in."""
        kind = ReplaceReturn if before else FileReturn
        left_out = {
            "organisation",
            "month",
            "nothing",
            *(["named"] if nothing else []),
            *([] if by_staff else ["manner"]),
        }
        sheet = Sheet.of(kind, typed, Known(today=today), leave_out=frozenset(left_out))
        return cls(sheet=sheet, today=today, committee=committee, month=month, nothing=nothing, before=before)

    @property
    def typed(self) -> Typed:
        return self.sheet.typed

    def begun(
        self, signer: str, employer: str, names: Mapping[str, str], words: Mapping[str, str] = NOTHING_SAID
    ) -> ReturnForm:
        """As it begins: a row for a first dispute, or those that are put right; signed by who has the link.

        Args:
            names: of those in a return that is put right, by id.
            words: its texts, by id.
        """
        typed = MultiDict(self._over(self.before))
        typed.setdefault(ID, new_id(system_randomness, 16))
        typed.setdefault(f"{PREFIX}signer", signer)
        if not self.nothing:
            typed.setdefault(ROWS, "0")
        if "manner" not in self.sheet.leave_out:
            typed.setdefault(f"{PREFIX}manner", ReportManner.PAPER.code)
        begun = replace(self, sheet=self.sheet.with_typed(typed).begun())
        if self.nothing:
            return begun
        for row in self._rows(names, words) or [{"other": employer}]:
            begun = begun._with(row)
        return begun

    def _with(self, row: dict[str, str]) -> ReturnForm:
        """The form with one more row, filled in so far; the rest of it as is usual."""
        at = count_of(self.typed, ROWS)
        typed = MultiDict(self.typed)
        for name, value in row.items():
            typed[f"{ROWS}.{at}.{name}{NEW if name in ('worker', 'other') else ''}"] = value
        return replace(self, sheet=self.sheet.with_typed(typed).with_row(ROWS))

    def _over(self, before: Case | None) -> Typed:
        """What was typed, with the version of each part of a return as it is seen now."""
        typed = MultiDict((name, value) for name, value in self.typed.items(multi=True) if not name.startswith(SEEN))
        if before is not None:
            for key in (*facts_of(before).statements, *_own(before)):
                typed[SEEN + key] = str(before.instances[key].seen)
        return typed

    def renewed(self, before: Case) -> ReturnForm:
        """The same over the return as it stands now."""
        return replace(self, sheet=self.sheet.with_typed(self._over(before)), before=before)

    @property
    def seen(self) -> dict[str, str]:
        """What was stated, and the disputes on the form, as they were when it was opened: versions by the name of the
        control. A form without is out of date."""
        statements = facts_of(self.before).statements if self.before else ()
        given = {name: value for name, value in self.typed.items() if name.startswith(SEEN)}
        return {SEEN + key: "" for key in statements} | given

    def _rows(self, names: Mapping[str, str], words: Mapping[str, str]) -> list[dict[str, str]]:
        """Those of the return that are still the enterprise's own, as they would be typed."""
        if self.before is None:
            return []
        return [
            {
                "worker": names.get(it.worker, ""),
                "other": names.get(it.other, ""),
                "about": it.about.code,
                "result": it.result.code,
                "people": str(it.people),
                "amount": f"{it.amount / 100:.2f}" if it.amount is not None else "",
                "raised": it.raised,
                "told": "是" if it.told else "",
                "words": _said(it.words, words),
            }
            for it in _own(self.before).values()
        ]

    def with_row(self, employer: str) -> ReturnForm:
        """The form with a row for one more."""
        return self._with({"other": employer})

    def wrong(self, faults: Faults) -> ReturnForm:
        """The form with what is wrong on it."""
        return replace(self, sheet=self.sheet.with_faults(faults))

    def renumbered(self) -> ReturnForm:
        """The form as another order, whatever has been ordered before."""
        return replace(self, sheet=self.sheet.renumbered())

    def read(self, workflow: Workflow, actor: str, office: Office, when: bool = False) -> tuple[Order, list[Person]]:
        """What is ordered, and who is named in it; FormFaults with every sentence under the name of its control."""
        id = self.typed.get(ID, "")[:64]
        if len(id) < 8:
            raise FormFaults({f"{PREFIX}signer": ["这张表不完整，请重新打开"]})
        newcomers = Newcomers(bytes_from(self.committee.id, id))
        given: dict[str, object] = {"nothing": self.nothing}
        if self.before is None:
            given |= {"organisation": self.committee.id, "month": self.month.code}
        if office is Office.COMMITTEE:
            given["manner"] = ReportManner.LINK
        command = self.sheet.with_typed(without_nobody(self.typed, "worker")).read(newcomers.enter_once, given)
        if not self.nothing and not command.named:
            raise FormFaults({ROWS: ["请至少写一件；本月没有纠纷的，请按“本月无新纠纷”"]})
        occurred = happened(self.typed, self.today) if when else None
        others = {row.other for row in command.named}
        people = [replace(it, kind=PartyKind.ENTERPRISE if it.id in others else it.kind) for it in newcomers.people]
        return self._order(workflow, command, actor, office, id, occurred), [*people]

    def _order(
        self, workflow: Workflow, command: Command, actor: str, office: Office, id: str, occurred: Occurred | None
    ) -> Order:
        case = self.before.id if self.before else id_to_open(workflow, command, self.committee.id) or ""
        opens = "" if self.before else workflow.name
        seen = {
            name.removeprefix(SEEN): int(it) if it.isdecimal() and len(it) < 10 else ABSENT
            for name, it in self.seen.items()
        }
        return Order(
            id=id,
            case=case,
            command=command,
            actor=actor,
            office=office,
            workflow=opens,
            expects=seen,
            occurred=occurred,
        )


def _own(before: Case) -> dict[str, Entry]:
    """The disputes of a return that are still the enterprise's own."""
    return {key: it for key, it in facts_of(before).standing().items() if it.state is EntryState.LISTED}


def _said(text: Text | None, words: Mapping[str, str]) -> str:
    ref = TextRef.read(text) if text else None
    return words.get(ref.id, "") if ref else text or ""


def hand_up(case: Case, key: str, actor: str, office: Office, id: str) -> Order:
    """The order that hands a small dispute up to the room."""
    seen = case.instances[key].seen
    return Order(id=id, case=case.id, command=HandUp(), actor=actor, office=office, on=(key,), expects={key: seen})
