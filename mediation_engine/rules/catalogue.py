"""The installed workflows, by name and by their rules."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from itertools import groupby, pairwise
from threading import Lock

from ..domain.formatting import day_words
from ..domain.machine import DeclarationFault
from ..domain.matter import CASE, Matter
from ..domain.roles import Role, RoleBook
from ..domain.workflow import Workflow
from ..domain.zone import Zone
from ..errors import NothingInForce, RulesNotInForce, UnknownWorkflow
from .fingerprint import rules_of

_WORKING_OUT = Lock()


def _work_anew() -> None:
    """In a child that was forked while somebody worked, nobody does."""
    global _WORKING_OUT
    _WORKING_OUT = Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_work_anew)


class Catalogue:
    """Workflows by name, by the rules a line was written under, and by the day for new cases.

    Raises:
        DeclarationFault: two workflows of one name, or two versions of one family in force on one day.
    """

    def __init__(self, workflows: Iterable[Workflow], roles: Iterable[Role] = (), zone: Zone | None = None) -> None:
        self.workflows: dict[str, Workflow] = {}
        for workflow in workflows:
            if workflow.name in self.workflows:
                raise DeclarationFault(f"two workflows named {workflow.name}")
            self.workflows[workflow.name] = workflow
        for versions in _families(self.workflows.values()):
            self.workflows |= {one.name: one.followed_by(later) for one, later in pairwise(versions)}
        self.roles = RoleBook(roles)
        self.zone = zone or Zone()

    def work_out(self) -> None:
        """The fingerprints of all rules, once in a process: half a second that nobody should hold a database for."""
        with _WORKING_OUT:
            for workflow in self.workflows.values():
                rules_of(workflow)

    def named(self, name: str) -> Workflow:
        """UnknownWorkflow where it is not installed."""
        if name not in self.workflows:
            raise UnknownWorkflow(workflow=name)
        return self.workflows[name]

    def under(self, rules: str) -> Workflow | None:
        """The workflow with exactly these rules, or None."""
        found = self.workflows.get(rules.partition(":")[0])
        return found if found and rules_of(found) == rules else None

    def in_force(self, rules: str) -> Workflow:
        """As `under`; UnknownWorkflow or RulesNotInForce where it is None."""
        found = self.under(rules)
        if found is None:
            self.named(rules.partition(":")[0])
            raise RulesNotInForce(rules=rules)
        return found

    def of(self, matter: Matter) -> list[Workflow]:
        """The workflows that are about one kind of thing."""
        return [w for w in self.workflows.values() if w.matter == matter]

    def for_new_cases(self, today: date, matter: Matter = CASE) -> list[Workflow]:
        """The workflows that a case, or what is of another kind, can be opened by on a day: of each family the version
        in force."""
        return [w for w in self.of(matter) if w.is_in_force(today)]

    def to_open(self, name: str, today: date) -> Workflow:
        """The workflow of this name; or of the family of this name or label the version in force on a day.

        Raises:
            UnknownWorkflow: there is neither.
            NothingInForce: no version of the family is in force.
        """
        versions = [w for w in self.workflows.values() if name in (w.family, w.label)]
        if not versions:
            return self.named(name)
        found = next((w for w in versions if w.is_in_force(today)), None)
        if found is None:
            raise NothingInForce(day=day_words(today))
        return found

    def reading(self, workflow: str) -> Workflow | None:
        """The workflow of this name, whatever its rules: enough to read a history by, not to act under."""
        return self.workflows.get(workflow)


def _families(workflows: Iterable[Workflow]) -> list[list[Workflow]]:
    """The versions of each family, the earliest first."""
    ordered = sorted(workflows, key=lambda w: (w.family, w.in_force_from, w.name))
    return [list(versions) for _, versions in groupby(ordered, key=lambda w: w.family)]
