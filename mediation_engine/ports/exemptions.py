"""The port of exemptions: what somebody set aside of what a self-check finds, and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """One entry: that a finding is set aside with a reason, or that an earlier entry stands no more."""

    id: str
    case: str
    rule: str
    """The rule (code) whose finding it is."""
    about: str
    """What of the case the finding is about, as the rule tells it from others."""
    reason: str
    by: str
    """Who says so (id of a member of staff)."""
    office: str
    at: datetime
    ends: str | None = None
    """The entry (id) that stands no more since; None where it sets a finding aside."""


class Exemptions(Protocol):
    """All entries there are. None is ever changed: one is undone by another."""

    def exemptions(self, cases: Collection[str] | None = None) -> list[Exemption]:
        """The entries about some cases, or about all, the first first."""

    def put_exemption(self, exemption: Exemption) -> None:
        """Add an entry; VersionClash where there is one of its id, at the latest when the transaction ends."""


def standing(entries: Collection[Exemption]) -> list[Exemption]:
    """The entries by which findings are set aside now."""
    ended = {it.ends for it in entries}
    return [it for it in entries if it.ends is None and it.id not in ended]
