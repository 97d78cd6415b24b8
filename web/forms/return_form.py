"""月报 as a form: nothing new this month, or the small disputes one by one; the same for a correction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from werkzeug.datastructures import MultiDict

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.month import Month
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.order import Order
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office, Organisation
from mediation_engine.domain.workflow import Workflow
from mediation_engine.errors import FormFaults
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.input.new_case import id_to_open
from mediation_engine.input.new_people import Newcomers, bytes_from
from mediation_engine.ports.register import Person
from workflows.zone.returns.entry import HandUp
from workflows.zone.returns.facts import facts_of
from workflows.zone.returns.filing import FileReturn, ReplaceReturn
from workflows.zone.returns.vocabulary import EntryState, ReportManner

from .command_form import ID, NEW, PREFIX, Faults, Sheet, Typed, count_of, without_nobody
from .form_fields import Known
from .occurred_field import happened

ROWS = f"{PREFIX}named"
NOTHING = "nothing"
"""Whether the form states that there was nothing: it then has no rows."""


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

    def begun(self, signer: str, employer: str, names: dict[str, str]) -> ReturnForm:
        """As it begins: a row for a first dispute, or those that are put right; signed by who has the link."""
        typed = MultiDict(self.typed)
        typed.setdefault(ID, new_id(system_randomness, 16))
        typed.setdefault(f"{PREFIX}signer", signer)
        if not self.nothing:
            typed.setdefault(ROWS, "0")
        if "manner" not in self.sheet.leave_out:
            typed.setdefault(f"{PREFIX}manner", ReportManner.PAPER.code)
        begun = replace(self, sheet=self.sheet.with_typed(typed).begun())
        if self.nothing:
            return begun
        for row in self._rows(names) or [{"other": employer}]:
            begun = begun._with(row)
        return begun

    def _with(self, row: dict[str, str]) -> ReturnForm:
        """The form with one more row, filled in so far; the rest of it as is usual."""
        at = count_of(self.typed, ROWS)
        typed = MultiDict(self.typed)
        for name, value in row.items():
            typed[f"{ROWS}.{at}.{name}{NEW if name in ('worker', 'other') else ''}"] = value
        return replace(self, sheet=self.sheet.with_typed(typed).with_row(ROWS))

    def _rows(self, names: dict[str, str]) -> list[dict[str, str]]:
        """Those of the return that are still the enterprise's own, as they would be typed."""
        if self.before is None:
            return []
        own = [it for it in facts_of(self.before).standing().values() if it.state is EntryState.LISTED]
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
            }
            for it in own
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
        return Order(id=id, case=case, command=command, actor=actor, office=office, workflow=opens, occurred=occurred)


def hand_up(case: Case, key: str, actor: str, office: Office, id: str) -> Order:
    """The order that hands a small dispute up to the room."""
    seen = case.instances[key].seen
    return Order(id=id, case=case.id, command=HandUp(), actor=actor, office=office, on=(key,), expects={key: seen})
