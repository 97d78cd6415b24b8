"""What every command works at: settings, the door, who acts, how to print."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console

from mediation_engine.adapters.blobs.folder import Folder
from mediation_engine.adapters.sql import shown
from mediation_engine.audit import Checkpoint
from mediation_engine.clock import Clock, system_clock
from mediation_engine.domain.case import Case, machine_of
from mediation_engine.domain.command import Command
from mediation_engine.domain.names import like, written
from mediation_engine.domain.roles import STAFF_OFFICES, Actor, Office, Role
from mediation_engine.domain.workflow import Workflow
from mediation_engine.encryption.room_key import RoomKey
from mediation_engine.errors import (
    ActorNotFound,
    ActorStopped,
    CaseNotFound,
    FileFault,
    LookNotNoted,
    OfficeNotHeld,
    RoomKeyMissing,
    why,
)
from mediation_engine.export.checkpoint import read_checkpoint
from mediation_engine.export.signing import public_half
from mediation_engine.ports.register import Person
from mediation_engine.rules.catalogue import Catalogue
from mediation_engine.services.authorization import offices_today
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.exhibits import ExhibitService, Shelf
from mediation_engine.services.mediation import MediationService
from mediation_engine.services.people import People

from .. import wiring
from ..config import Settings, read_settings
from ..security.room_key_file import known_room_key
from ..security.signing_key import known_key
from .param_types import OfficeName

F = TypeVar("F", bound=Callable[..., Any])


class Keys(Protocol):
    """A name in words to a key."""

    def __call__(self, word: str, *machines: str) -> str:
        """Of several with that name the one of the first machine that has any. click.UsageError."""


CONFIG = Path("config.toml")


@dataclass
class Desk:
    """Made once per call of the program."""

    db: str | None = None
    config: Path | None = None
    out: Console = field(default_factory=lambda: _console(sys.stdout))
    naming: Callable[[str], str] = str
    """How a refusal calls the things it is about, once there is a case."""
    clock: Clock | None = None
    """Instead of the database's and the host's own."""

    @cached_property
    def settings(self) -> Settings:
        """The configuration file where there is one; a file named and missing is an error."""
        path = self.config or CONFIG
        return read_settings(path) if self.config or path.exists() else Settings()

    @property
    def url(self) -> str:
        """Where the database is; a bare path is a SQLite file."""
        named = self.db or os.environ.get("MEDIATION_DB") or self.settings.url
        return named if re.match(r"[a-z0-9+]+:", named) else f"sqlite:///{named}"

    @property
    def place(self) -> str:
        """The same as it may be shown: without passwords."""
        return shown(self.url)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The installed rules, for what looks at a database that may not be sound."""
        return wiring.catalogue(self.settings.deadlines, self.settings.zone)

    @cached_property
    def service(self) -> MediationService:
        """The door."""
        return wiring.open_door(self.url, self.clock, self.settings.deadlines, self.settings.zone)

    @property
    def key(self) -> Ed25519PrivateKey | None:
        """What signs checkpoints; None where it was not made yet. ConfigFault."""
        return known_key(self.settings.key)

    @property
    def room_key(self) -> RoomKey | None:
        """What numbers, addresses and exhibits are encrypted with; None where it was not made yet. ConfigFault."""
        return known_room_key(self.settings.room_key)

    @property
    def exhibits(self) -> Folder:
        """Where the bytes of exhibits lie."""
        return Folder(self.settings.exhibits.folder)

    @property
    def exhibit_service(self) -> ExhibitService:
        """The way of exhibits to and from there. RoomKeyMissing."""
        key, limits = self.room_key, self.settings.exhibits.limits
        if key is None:
            raise RoomKeyMissing
        return ExhibitService(door=self.service, blobs=self.exhibits, room_key=key, limits=limits)

    @property
    def register(self) -> People:
        """The register, to whoever asks. RoomKeyMissing."""
        key = self.room_key
        if key is None:
            raise RoomKeyMissing
        return People(self.service.store, key, self.service.randomness)

    def shelf(self, folder: Folder | None = None) -> Shelf:
        """The same with what opens them, or of another folder."""
        return Shelf(blobs=folder or self.exhibits, room_key=self.room_key)

    def checkpoint(self, path: Path, public: str | None = None) -> Checkpoint:
        """What a checkpoint file says, held against a public half or that of our own key. FileFault, ConfigFault."""
        try:
            raw = path.read_bytes()
        except OSError as fault:
            raise FileFault(path=path, why=why(fault)) from fault
        key = self.key
        return read_checkpoint(raw, str(path), public or (public_half(key) if key else None))

    def now(self) -> datetime:
        """The time by the clock that was given, else by the host's."""
        return (self.clock or system_clock)()

    def close(self) -> None:
        """Give the database back, where it was opened."""
        if "service" in self.__dict__:
            wiring.close(self.service)

    def actor(self, named: str | None) -> Actor:
        """Who acts: as named, else by environment or configuration, else the only one there is.

        ActorNotFound, or ActorStopped.
        """
        chosen = self._chosen(named)
        with self.service.store.read() as unit:
            everybody = list(unit.register.actors())
        actors = [a for a in everybody if a.active and a.offices.intersection(STAFF_OFFICES)]
        found = [a for a in actors if chosen in (a.id, a.name)] if chosen else actors
        if len(found) != 1:
            if not chosen:
                names = "、".join(f"{a.id}（{a.name}）" for a in actors) or "还没有"
                raise click.UsageError(f"请用 --as 指明由谁办理；登记的人员：{names}")
            is_stopped = not found and any(chosen in (a.id, a.name) for a in everybody)
            raise (ActorStopped if is_stopped else ActorNotFound)(actor=chosen)
        return found[0]

    def anybody(self, named: str) -> Actor:
        """One of the staff by id or name, whether still active or not. ActorNotFound."""
        with self.service.store.read() as unit:
            found = [a for a in unit.register.actors() if named in (a.id, a.name)]
        if len(found) != 1:
            raise ActorNotFound(actor=named)
        return found[0]

    def staff(self, named: str) -> str:
        """The id of a member of staff by id or name; what is neither comes back as it is, for the door to refuse."""
        with self.service.store.read() as unit:
            ids = [a.id for a in unit.register.actors() if a.active and named in (a.id, a.name)]
        if len(ids) > 1 and named not in ids:
            raise click.UsageError(f"叫“{named}”的不止一位，请写编号：{'、'.join(ids)}")
        return named if named in ids or not ids else ids[0]

    def _chosen(self, named: str | None) -> str | None:
        return named or os.environ.get("MEDIATION_ACTOR") or self.settings.actor

    def is_known(self, named: str | None) -> bool:
        """Whether it is said who acts."""
        return bool(self._chosen(named))

    def office(self, actor: Actor, named: Office | None) -> Office:
        """Under which office: as named, else the first of those the person holds. OfficeNotHeld."""
        with self.service.store.read() as unit:
            held = offices_today(unit, actor)
        if named not in (None, *held) or not held:
            raise OfficeNotHeld(actor=actor.name, office=named.label if named else "任何职务")
        return named or held[0]

    def case_id(self, words: str) -> str:
        """The id of a case by its id, its number, or the beginning of its id. CaseNotFound."""
        with self.service.store.read() as unit:
            ids = unit.views.find_case(words)
        if len(ids) > 1:
            raise click.UsageError(f"“{words}”对应多个案件：{'、'.join(ids)}")
        if not ids:
            raise CaseNotFound(case=words)
        return ids[0]

    def look(self, reader: Actor, office: Office, case: Case, what: str) -> None:
        """Put a look on record; where nothing can be written it goes on, and says so."""
        self._noted(lambda: self.service.look(reader.id, office, case, what))

    def look_at_list(self, reader: Actor, office: Office, what: str, shown: int) -> None:
        """The same for a list with names."""
        self._noted(lambda: self.service.look_at_list(reader.id, office, what, shown))

    def look_at_person(self, reader: Actor, office: Office, person: Person) -> None:
        """The same for somebody of the register, of whom what is masked is shown."""
        self._noted(lambda: self.service.look_at_person(reader.id, office, person, "person"))

    def _noted(self, look: Callable[[], None]) -> None:
        try:
            look()
        except LookNotNoted as fault:
            click.echo(f"! {fault}", err=True)

    def key_of(self, view: CaseView) -> Keys:
        """What turns a name in words, 王某 or 协议1, into the key of the instance; other words come back unchanged.

        Of several with one name it is that of the machine asked for: a mother who is a party herself and acts for her
        children is both.
        """
        case, teller = view.case, view.teller
        keys: dict[str, list[str]] = {}
        for key in case.instances:
            for word in {teller.thing(key), teller.numbered(key), teller.names.get(key, key)}:
                keys.setdefault(written(word), []).append(key)

        def found(word: str, *machines: str) -> str:
            meant = [word] if word in case.instances else keys.get(written(word), [])
            asked = ([key for key in meant if machine_of(key) == machine] for machine in machines)
            meant = next(filter(None, asked), meant)
            one = not re.search("[、，,]", word)  # several names in one word are taken apart elsewhere
            if one and not meant and (near := like(written(word), keys)):
                raise click.UsageError(f"本案中没有“{word}”，是不是：{'、'.join(near)}")
            meant = meant or [word]
            if len(meant) > 1:
                told = [*map(teller.thing, meant)]
                apart = told if len({*told}) == len(told) else map(teller.numbered, meant)
                raise click.UsageError(f"“{word}”不止一个，请写明：{'、'.join(apart)}")
            return meant[0]

        return found

    def json(self, value: Any) -> None:
        """Print a value for scripts."""
        click.echo(msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=2).decode())


def steps_named(workflows: Sequence[Workflow], word: str) -> list[tuple[Workflow, type[Command]]]:
    """The steps that are called so. click.UsageError with those that are called nearly so."""
    found = [(w, c) for w in workflows for c in w.commands.values() if word in (c.name(), c.label)]
    if found:
        return found
    labels = dict.fromkeys(c.label for w in workflows for c in w.commands.values())
    within = [label for label in labels if word and re.search(".*".join(map(re.escape, word)), label)]
    near = within[:5] or like(word, labels)
    hint = f"，是不是：{'、'.join(near)}" if near else "；能办理的步骤见 mediation case available 案件"
    raise click.UsageError(f"没有“{word}”这一步骤{hint}")


def codes_of(workflow: Workflow, roles: Iterable[Role]) -> dict[str, dict[str, str]]:
    """Labels to codes of what is kept as a code, by the name of its field."""
    return {
        "track": {track.label: track.code for track in workflow.tracks},
        "role": {role.label: role.code for role in roles},
    }


def _console(stream: Any) -> Console:
    """Wide enough for a table where nobody looks: a pipe has no width of its own. Names are never markup."""
    width = None if stream.isatty() else 140
    return Console(file=stream, width=width, highlight=False, soft_wrap=False, markup=False, emoji=False)


desk = click.make_pass_decorator(Desk)


def acting(command: F) -> F:
    """Options that say who acts."""
    by = click.option("--as", "actor", metavar="人员", help="谁在办理或查看（编号或姓名）")
    office = click.option("--office", type=OfficeName(), metavar="职务", help="以哪项职务；不写就取本人的第一项")
    return by(office(command))


def as_json(command: F) -> F:
    """The option for scripts."""
    return click.option("--json", "json_", is_flag=True, help="输出 JSON，供程序使用")(command)
