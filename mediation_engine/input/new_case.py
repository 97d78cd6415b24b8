"""The id of what is to be opened where it is known outside by a number: it follows from that, so that it is one."""

from __future__ import annotations

from ..domain.command import Command
from ..domain.names import plain_number
from ..domain.workflow import Workflow
from ..ids import id_of


def id_to_open(workflow: Workflow, command: Command, organisation: str) -> str | None:
    """The id, always the same for an organisation and a number; None for what has no number outside."""
    number = workflow.known_as(command) if workflow.known_as else None
    return id_of(workflow.matter.code, organisation, *map(plain_number, number)) if number else None
