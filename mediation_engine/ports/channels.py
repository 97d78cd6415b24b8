"""The port of channels: ways by which messages leave the house. A kind of channel is a plug-in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A message as it is handed to a channel: in it is no name and no word of what anybody said."""

    id: str
    """Always the same for a message and who gets it: a second arrival is known by it."""
    address: str
    subject: str
    body: str
    urgent: bool
    written: datetime


class Channel(Protocol):
    """A way by which messages leave the house, set up."""

    def send(self, envelope: Envelope) -> None:
        """Hand a message over, for another to keep. NotSent; it may have arrived all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKind:
    """A kind of channel, registered under a name in the entry points ``mediation_engine.channels``."""

    label: str
    """What people call it: 邮件."""
    address: str
    """What an address of it is called: 邮箱地址."""
    check: Callable[[str], bool]
    """Whether something may be an address of it."""
    open: Callable[[Mapping[str, Any]], Channel]
    """Sets one up with its section of the settings. ValueError says in Chinese what is wrong with that."""
