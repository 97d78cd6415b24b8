"""The port of messages: what is due and claimed, told to whom, and how it is sent; what is put aside; the heartbeat."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from ..domain.message import Takes
from .views import Notice


class Item(NamedTuple):
    """Something that fell due and was claimed, with what of its case says whom to tell. Another day is another item."""

    case: str
    instance: str
    kind: str
    due: date
    organisation: str
    workflow: str
    mediator: str | None

    @property
    def place(self) -> Place:
        """Where it stands in the order of what falls due."""
        return self.due, self.case, self.instance, self.kind


Place = tuple[date, str, str, str]
"""Day, case, instance and kind of something that falls due."""
BEGINNING: Place = (date.min, "", "", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is told now of what falls due: on some days, so long before."""

    since: date = date.min
    until: date
    before: int = 0
    """How many days before its day it is told of at the latest; each of these is claimed by itself."""
    lapses: bool = False
    """Of rights, or of duties."""
    kinds: frozenset[str] = frozenset()
    """Of some kinds; empty for all."""
    workflows: frozenset[str] = frozenset()
    """In cases under some workflows, by name; empty for all."""

    def claim(self, kind: str) -> str:
        """Under which kind something is claimed."""
        return f"{kind}{self.mark}"

    @property
    def mark(self) -> str:
        """What is put to a kind to claim it."""
        return f":{self.before}" if self.before else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something told to one member of the staff. No word of what anybody said, no name but the recipient's id."""

    id: str
    """Made of what it is about and of who gets it, so that the same is never told to somebody twice."""
    recipient: str
    topic: str
    """The kind of what fell due, or the name of an event."""
    case: str
    instance: str
    workflow: str
    day: date
    """On which it fell due, or happened, in China."""
    written: datetime
    late: bool
    """Whether it should have been told on an earlier day."""
    urgent: bool
    version: int | None = None
    """The line it tells of, where it tells of an event."""
    read: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A message on its way through a channel."""

    message: str
    channel: str
    tries: int = 0
    next: datetime
    """Not before then it is tried; while somebody tries it, when it is given up that he still does."""
    sent: datetime | None = None
    dead: datetime | None = None
    """When it was given up; by hand it is sent again."""
    fault: str = ""
    """Why it did not go through the last time, in Chinese, without an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """That somebody wants messages through a channel, and at which address."""

    actor: str
    channel: str
    address: str
    takes: Takes = Takes.ALL


UNREADABLE = "案件读不出来，请先校验"
"""Why something is put aside whose case cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """Something that the worker could not do, put aside until somebody has it tried again: nothing is lost by it."""

    case: str
    kind: str
    """The name of an event that should have been told, or of a step that should have been taken."""
    instance: str = ""
    """What the step is about; empty for an event."""
    version: int = 0
    """The line of an event; 0 for a step."""
    why: str
    """In Chinese, without a name."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """When a worker last went through what was due."""

    at: datetime

    def age(self, now: datetime) -> timedelta:
        """How long ago; a beat of the future is of a clock that was put back, and no fresher for it."""
        return abs(now - self.at)


class Messages(Protocol):
    """Claims, messages, sendings, contacts, what is put aside, the heartbeat."""

    def claim_due(
        self, window: Window, *, after: Place = BEGINNING, most: int = 500
    ) -> tuple[list[Item], Place | None]:
        """Claim what falls due in a window and nobody has claimed, the oldest first, from a place on.

        What another claims meanwhile is passed over. With it the place to go on from; None where there is no more.
        """

    def claim_notices(self, most: int = 500) -> list[Notice]:
        """Take notices out of the outbox, those that nobody takes out meanwhile."""

    def put(self, messages: Iterable[Message], sendings: Iterable[Sending]) -> None:
        """Add those that are not there: the same is told once, whatever became of a claim."""

    def withdraw(self, case: str, versions: Collection[int]) -> None:
        """Take away those that tell of some lines of a case and that nobody has read or been sent."""

    def unread(self, recipient: str) -> int:
        """How many messages somebody has not read."""

    def of(self, recipient: str, *, skip: int = 0, most: int = 50, unread: bool = False) -> list[Message]:
        """Somebody's messages but digests, the latest first, from the one after so many; only those not read."""

    def some(self, recipient: str, ids: Collection[str]) -> list[Message]:
        """Some of somebody's messages, by id."""

    def mark_read(self, recipient: str, ids: Collection[str] | None = None) -> None:
        """Some of somebody's messages, or all, are read now."""

    def take(
        self, until: datetime, furthest: datetime, channels: Collection[str], *, urgent: bool
    ) -> tuple[Message, Sending] | None:
        """Take a sending by one of some channels whose time has come, for oneself until a moment.

        What is to wait beyond `furthest` was set by a clock that has been put back: its time has come. With `urgent`
        only what is.
        """

    def sending(self, message: str, channel: str) -> Sending | None: ...

    def put_sending(self, sending: Sending) -> None:
        """Replace."""

    def sendings(self, *, dead: bool, most: int = 200) -> list[tuple[Message, Sending]]:
        """Those that were given up, or all that were not sent; the oldest first."""

    def contacts(self, actor: str | None = None) -> Sequence[Contact]:
        """Everybody's or somebody's, by actor and channel."""

    def put_contact(self, contact: Contact) -> None:
        """Add or replace."""

    def drop_contact(self, actor: str, channel: str) -> None: ...

    def park(self, parked: Iterable[Parked]) -> None:
        """Put aside what could not be done; what is aside already stays as it is."""

    def parked(self) -> list[Parked]:
        """All that is put aside, the oldest first."""

    def take_up(self) -> int:
        """Have all that is put aside tried again: events go back into the outbox. How many there were."""

    def beat(self) -> None:
        """A worker has just gone through what was due."""

    def heartbeat(self) -> Heartbeat | None:
        """None where there never was a worker."""
