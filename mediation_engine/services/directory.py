"""The directory of organisations: who may change it, and what each must be."""

from __future__ import annotations

from collections.abc import Iterable

from ..domain.directory import Directory
from ..domain.roles import Actor, Office, Organisation
from ..errors import FormFaults, OfficeNotHeld, OutsideOwnRemit
from ..ports.register import Entered
from ..ports.store import Store, Unit
from .authorization import holding, is_within, reach
from .mediation import enter

ABOUT = "register"
KEEPERS = frozenset({Office.LEAD, Office.ADMINISTRATOR})
"""Who keeps the directory."""


def directory(store: Store) -> Directory:
    """All organisations."""
    with store.read() as unit:
        return Directory(unit.register.organisations())


def directory_of(unit: Unit, reader: Actor) -> Directory:
    """Those of somebody's organisation and below it."""
    own = reach(unit.register, reader.organisation)
    return Directory(it for it in unit.register.organisations() if it.id in own)


def put(store: Store, by: Actor, office: Office, organisation: Organisation, contact: Entered | None = None) -> None:
    """Enter an organisation below one's own, or change it; a new contact comes into the register with it.

    FormFaults under `parent`; OfficeNotHeld; OutsideOwnRemit.
    """
    put_all(store, by, office, [organisation], [contact] if contact else [])


def put_all(
    store: Store, by: Actor, office: Office, organisations: Iterable[Organisation], contacts: Iterable[Entered] = ()
) -> None:
    """The same of several, in one transaction; each may lie below one before it."""
    with store.write(ABOUT) as unit:
        actor = holding(unit, by.id, office)
        if office not in KEEPERS:
            raise OfficeNotHeld(actor=actor.name, office=Office.LEAD.label)
        unit.journal.by = actor.id
        for it in contacts:
            enter(unit, it, actor)
        for organisation in organisations:
            _put(unit, actor, organisation)


def _put(unit: Unit, actor: Actor, new: Organisation) -> None:
    there, own = unit.register.organisation(new.id), actor.organisation
    if there is not None and not is_within(unit.register, new.id, own):
        raise OutsideOwnRemit(actor=actor.name)
    if new.id == own and there is not None and new.parent != there.parent:
        raise OutsideOwnRemit(actor=actor.name)  # below whom one's own lies is for those above to say
    if new.id != own and not is_within(unit.register, new.parent or "", own):
        raise OutsideOwnRemit(actor=actor.name)
    if unit.register.organisation(new.id) and not is_within(unit.register, new.id, actor.organisation):
        raise OutsideOwnRemit(actor=actor.name)
    if wrong := list(Directory(unit.register.organisations()).faults(new)):
        raise FormFaults({"parent": wrong})
    unit.register.put_organisation(new)
