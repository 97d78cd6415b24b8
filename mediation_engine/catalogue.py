"""The installed workflows, by name and by their rules."""

from __future__ import annotations

from collections.abc import Iterable

from .domain.machine import DeclarationFault
from .domain.roles import Role, RoleBook
from .domain.workflow import Workflow
from .errors import RulesNotInForce, UnknownWorkflow
from .rules.fingerprint import rules_of


class Catalogue:
    """Workflows by name; and by the rules a line was written under."""

    def __init__(self, workflows: Iterable[Workflow], roles: Iterable[Role] = ()) -> None:
        self.workflows: dict[str, Workflow] = {}
        for workflow in workflows:
            if workflow.name in self.workflows:
                raise DeclarationFault(f"two workflows named {workflow.name}")
            self.workflows[workflow.name] = workflow
        self.roles = RoleBook(roles)

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

    def reading(self, workflow: str) -> Workflow | None:
        """The workflow of this name, whatever its rules: enough to read a history by, not to act under."""
        return self.workflows.get(workflow)
