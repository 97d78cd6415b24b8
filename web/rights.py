"""Who may open what: the one table. A page that does not stand in it keeps the application from starting."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask

from mediation_engine.domain.roles import LEAD, MEDIATOR, Office
from mediation_engine.rights import READERS

from .sessions import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Who may open a page."""

    signed_in: bool = True
    offices: frozenset[Office] = frozenset(Office)
    """Under one of which the reader must have come."""
    ready: bool = True
    """Whether whoever must first change a password, say, is sent there."""

    def admits(self, reader: Reader | None) -> bool:
        """Whether somebody (None: not signed in) may."""
        if reader is None:
            return not self.signed_in
        return reader.office in self.offices and not (self.ready and reader.must)


ANYONE = Policy(signed_in=False, ready=False)
STAFF = Policy()
STAFF_UNREADY = Policy(ready=False)
READING = Policy(offices=READERS)
"""Cases of one's organisation and those below it; which ones, `here.look` decides case by case."""
CHECKING = Policy(offices=LEAD | {Office.AUDITOR})
MEDIATING = Policy(offices=MEDIATOR)
LEADING = Policy(offices=LEAD)
ADMINISTERING = Policy(offices=frozenset({Office.ADMINISTRATOR}))

POLICIES: dict[str, Policy] = {
    "static": ANYONE,
    "health.healthz": ANYONE,
    "entrance.sign_in": ANYONE,
    "entrance.sign_out": STAFF_UNREADY,
    "home.home": STAFF,
    "me.office": STAFF,
    "me.password": STAFF_UNREADY,
    "me.codes": STAFF_UNREADY,
    "me.sign_ins": STAFF,
    "me.end": STAFF,
    "cases.index": READING,
    "cases.show": READING,
    "replay.show": READING,
    "audit.show": READING,
    "audit.check": READING,
    "audit.export": READING,
    "audit.reads": READING,
    "audit.index": CHECKING,
    "audit.compare": CHECKING,
    "audit.checkpoint": CHECKING,
    "workflows.index": STAFF,
    "workflows.show": STAFF,
    "workflows.text": STAFF,
}
"""By endpoint, `blueprint.view`: it holds for every method."""


def may(reader: Reader | None, endpoint: str) -> bool:
    """Whether somebody may open a page; templates ask this before they show a link."""
    return POLICIES[endpoint].admits(reader)


def check(app: Flask) -> None:
    """RuntimeError where a page has no policy, or a policy no page."""
    pages = {rule.endpoint for rule in app.url_map.iter_rules()}
    if pages != POLICIES.keys():
        raise RuntimeError(f"web/rights.py: no policy for {pages - POLICIES.keys()}, no page {POLICIES.keys() - pages}")
