"""Where the parts meet: a store, the installed workflows, a clock, randomness. Tests call the same functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mediation_engine.adapters.plugins import installed_roles, installed_workflows
from mediation_engine.adapters.sql import SqlStore, open_store, prepare
from mediation_engine.clock import Clock
from mediation_engine.domain.roles import Actor, Organisation
from mediation_engine.domain.zone import Zone
from mediation_engine.ids import Randomness, system_randomness
from mediation_engine.ports.store import Store
from mediation_engine.rules.catalogue import Catalogue
from mediation_engine.services.mediation import MediationService
from mediation_engine.services.tasks import FinishingService

from .config import Settings

if TYPE_CHECKING:
    from flask import Flask


def catalogue(deadlines: Mapping[str, int] | None = None, zone: Zone | None = None) -> Catalogue:
    """The installed workflows and roles, with what the room sets itself of its deadlines and of the zone around it."""
    workflows = installed_workflows()
    return Catalogue([w.tuned(deadlines) for w in workflows] if deadlines else workflows, installed_roles(), zone)


def door(
    store: Store,
    randomness: Randomness = system_randomness,
    deadlines: Mapping[str, int] | None = None,
    zone: Zone | None = None,
) -> MediationService:
    """The door to a store, under the installed rules."""
    return FinishingService(store, catalogue(deadlines, zone), randomness)


def open_door(
    url: str, clock: Clock | None = None, deadlines: Mapping[str, int] | None = None, zone: Zone | None = None
) -> MediationService:
    """The door to a database that is there and sound; StoreNotReady, StoreUnavailable."""
    return door(open_store(url, clock), deadlines=deadlines, zone=zone)


def open_pages(url: str, settings: Settings, secret: bytes, clock: Clock | None = None) -> Flask:
    """The pages over a database that is there and sound."""
    from .app import create_app  # the console does without Flask

    return create_app(open_door(url, clock, settings.deadlines, settings.zone), settings, secret)


def close(door: MediationService) -> None:
    """Give a database opened here back."""
    if isinstance(door.store, SqlStore):
        door.store.close()


def set_up(url: str, organisation: Organisation, staff: tuple[Actor, ...], clock: Clock | None = None) -> None:
    """Create or upgrade a database, and enter an organisation and its staff."""
    prepare(url, catalogue())
    store = open_store(url, clock)
    with store.write("register") as unit:
        unit.register.put_organisation(organisation)
        for actor in staff:
            unit.register.put_actor(actor)
    store.close()
