"""Workflows and roles that are installed, found by entry point: ours and those of other packages alike."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from ..domain.roles import Role
from ..domain.workflow import Workflow
from ..ports.channels import ChannelKind

V = TypeVar("V")
WORKFLOWS, ROLES = "mediation_engine.workflows", "mediation_engine.roles"
CHANNELS = "mediation_engine.channels"


def installed_workflows() -> list[Workflow]:
    """Every installed workflow, each version beside the others, by name; TypeError names an entry that is none."""
    return [_loaded(entry, Workflow) for entry in sorted(entry_points(group=WORKFLOWS), key=lambda e: e.name)]


def installed_roles() -> list[Role]:
    """Every installed role, by the name it is registered under."""
    return [_loaded(entry, Role) for entry in sorted(entry_points(group=ROLES), key=lambda e: e.name)]


def installed_channels() -> dict[str, ChannelKind]:
    """Every installed kind of channel by its name; one whose package is not there is left out."""
    found = {}
    for entry in sorted(entry_points(group=CHANNELS), key=lambda e: e.name):
        found[entry.name] = _loaded(entry, ChannelKind)
    return found


def _loaded(entry: EntryPoint, kind: type[V]) -> V:
    value = entry.load()
    if not isinstance(value, kind):
        raise TypeError(f"entry point {entry.group}: {entry.value} is no {kind.__name__}")
    return value
