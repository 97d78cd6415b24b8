"""Who may open what: the one table. A page that does not stand in it keeps the application from starting."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask

from mediation_engine.domain.roles import LEAD, MEDIATOR, MEDIATOR_OR_GRID_WORKER, Office
from mediation_engine.ports.tokens import Scope
from mediation_engine.services.authorization import LOOKERS, READERS
from mediation_engine.services.calendar import KEEPERS
from mediation_engine.services.directory import KEEPERS as DIRECTORY_KEEPERS

from .api_tokens import FITTING
from .sessions import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Who may open a page."""

    signed_in: bool = True
    offices: frozenset[Office] = frozenset(Office)
    """Under one of which the reader must have come."""
    himself: bool = False
    """Whether the office must be his own: who stands in for the lead does so for orders of some kinds alone."""
    ready: bool = True
    """Whether whoever must first change a password, say, is sent there."""

    def admits(self, reader: Reader | None) -> bool:
        """Whether somebody (None: not signed in) may."""
        if reader is None:
            return not self.signed_in
        return (
            (reader.himself or not self.himself) and reader.office in self.offices and not (self.ready and reader.must)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ByToken(Policy):
    """Who may call an endpoint of the API: a token with the scope (None: any), under one of the offices.

    Whoever is signed in in a browser may not, unless that is said.
    """

    scope: Scope | None = None
    or_signed_in: bool = False

    def admits(self, reader: Reader | None) -> bool:
        return self.or_signed_in and reader is not None and Policy.admits(self, reader)


ANYONE = Policy(signed_in=False, ready=False)
STAFF = Policy()
STAFF_UNREADY = Policy(ready=False)
READING = Policy(offices=READERS)
"""Cases of one's organisation and those below it; which ones, `case_access.look` decides case by case."""
LOOKING = Policy(offices=LOOKERS)
"""The same, and what is one's own under an office that sees nothing else."""
CHECKING = Policy(offices=LEAD | {Office.AUDITOR})
MEDIATING = Policy(offices=MEDIATOR)
HANDLING = Policy(offices=MEDIATOR_OR_GRID_WORKER)
LEADING = Policy(offices=LEAD, himself=True)
KEEPING_CALENDAR = Policy(offices=KEEPERS, himself=True)
KEEPING_DIRECTORY = Policy(offices=DIRECTORY_KEEPERS)
ADMINISTERING = Policy(offices=frozenset({Office.ADMINISTRATOR}))

BY_TOKEN = {scope: ByToken(scope=scope, offices=offices) for scope, offices in FITTING.items()}

POLICIES: dict[str, Policy] = {
    "static": ANYONE,
    "health.healthz": ANYONE,
    "sign_in.sign_in": ANYONE,
    "sign_in.sign_out": STAFF_UNREADY,
    "home.home": STAFF,
    "account.office": STAFF,
    "account.password": STAFF_UNREADY,
    "account.codes": STAFF_UNREADY,
    "account.sign_ins": STAFF,
    "account.end": STAFF,
    "dashboard.index": STAFF,
    "calls.index": MEDIATING,
    "calls.look": MEDIATING,
    "messages.index": STAFF,
    "messages.follow": STAFF,
    "messages.read": STAFF,
    "messages.contacts": STAFF,
    "messages.unsent": ADMINISTERING,
    "notes.index": MEDIATING,
    "notes.new": MEDIATING,
    "notes.show": MEDIATING,
    "notes.file": MEDIATING,
    "notes.picture": MEDIATING,
    "notes.drop": MEDIATING,
    "drafts.index": STAFF,
    "drafts.drop": STAFF,
    "handover.index": LEADING,
    "room.index": LEADING,
    "ledger.index": LEADING,
    "ledger.template": LEADING,
    "substitutes.index": LEADING,
    "substitutes.end": LEADING,
    "cases.index": READING,
    "cases.search": READING,
    "cases.show": LOOKING,
    "cases.private": MEDIATING,
    "new_case.new": MEDIATING,
    "settle.new": MEDIATING,
    "alerts.index": READING,
    "alerts.search": READING,
    "alerts.new": MEDIATING,
    "matters.index": READING,
    "matters.search": READING,
    "matters.new": HANDLING,
    "meetings.index": READING,
    "meetings.new": MEDIATING,
    "organisations.index": STAFF,
    "organisations.export": KEEPING_DIRECTORY,
    "organisations.take_in": KEEPING_DIRECTORY,
    "organisations.new": KEEPING_DIRECTORY,
    "organisations.edit": KEEPING_DIRECTORY,
    "returns.index": READING,
    "returns.links": MEDIATING,
    "returns.file": MEDIATING,
    "applications.index": MEDIATING,
    "applications.new": MEDIATING,
    "applications.receipt": MEDIATING,
    "applications.poster": MEDIATING,
    "steps.step": HANDLING,
    "visits.sheet": MEDIATING,
    "visits.link": MEDIATING,
    "links.enter": ANYONE,
    "links.closed": ANYONE,
    "links.done": ANYONE,
    "links.visit": ANYONE,
    "links.enter_by_code": ANYONE,
    "links.call": ANYONE,
    "confirm.summary": ANYONE,
    "confirm.whole": ANYONE,
    "confirm.answer": ANYONE,
    "confirm.receipt": ANYONE,
    "portal.home": ANYONE,
    "portal.leave": ANYONE,
    "own.record": ANYONE,
    "own.money": ANYONE,
    "own.reads": ANYONE,
    "own.me": ANYONE,
    "own_papers.papers": ANYONE,
    "own_papers.paper": ANYONE,
    "own_papers.receipt": ANYONE,
    "acts.index": ANYONE,
    "acts.act": ANYONE,
    "acts.receipt": ANYONE,
    "monthly.home": ANYONE,
    "monthly.month": ANYONE,
    "monthly.report": ANYONE,
    "monthly.send_up": ANYONE,
    "monthly.leave": ANYONE,
    "apply.form": ANYONE,
    "apply.receipt": ANYONE,
    "apply.status": ANYONE,
    "apply.leave": ANYONE,
    "party_links.index": MEDIATING,
    "party_links.hand_over": MEDIATING,
    "steps.index": READING,
    "steps.missing": READING,
    "corrections.correct": MEDIATING,
    "roster.roster": MEDIATING,
    "roster.template": MEDIATING,
    "particulars.edit": MEDIATING,
    "people.index": MEDIATING,
    "people.find": MEDIATING,
    "people.show": MEDIATING,
    "people.look": MEDIATING,
    "people.edit": MEDIATING,
    "people.same": MEDIATING,
    "people.erase": LEADING,
    "exhibits.download": READING,
    "exhibits.picture": READING,
    "papers.dossier": READING,
    "papers.show": READING,
    "self_check.show": READING,
    "self_check.exempt": CHECKING,
    "self_check.index": READING,
    "self_check.exempt_many": CHECKING,
    "papers.download": MEDIATING,
    "papers.check": ANYONE,
    "dossiers.file": MEDIATING,
    "dossiers.whole": MEDIATING,
    "dossiers.folder": MEDIATING,
    "replay.show": READING,
    "audit.show": READING,
    "audit.corrections": CHECKING,
    "audit.check": READING,
    "marks.index": CHECKING,
    "figures.index": READING,
    "figures.screen": READING,
    "figures.behind": READING,
    "figures.form": READING,
    "figures.file": READING,
    "figures.reports": READING,
    "figures.report": READING,
    "figures.freeze": LEADING,
    "campaigns.show": READING,
    "campaigns.file": READING,
    "file_check.check": READING,
    "exports.export": READING,
    "exports.with_exhibits": READING,
    "access_log.reads": READING,
    "access_log.lists": CHECKING,
    "audit.index": CHECKING,
    "audit.compare": CHECKING,
    "exports.checkpoint": CHECKING,
    "exports.verifier": READING,
    "calendar.index": STAFF,
    "calendar.year": STAFF,
    "calendar.count": STAFF,
    "calendar.take": KEEPING_CALENDAR,
    "workflows.index": STAFF,
    "workflows.show": STAFF,
    "workflows.text": STAFF,
    "handbook.index": STAFF,
    "handbook.chapter": STAFF,
    "handbook.party": ANYONE,
    "api.openapi": ByToken(or_signed_in=True),
    "api.cases": BY_TOKEN[Scope.READ],
    "api.search": BY_TOKEN[Scope.READ],
    "api.case": BY_TOKEN[Scope.READ],
    "api.commands": BY_TOKEN[Scope.READ],
    "api.history": BY_TOKEN[Scope.READ],
    "api.replay": BY_TOKEN[Scope.READ],
    "api.export": BY_TOKEN[Scope.READ],
    "api.export_with_exhibits": BY_TOKEN[Scope.READ],
    "api.private": BY_TOKEN[Scope.READ],
    "api.verifier": BY_TOKEN[Scope.READ],
    "api.list_exhibits": BY_TOKEN[Scope.READ],
    "api.get_exhibit": BY_TOKEN[Scope.READ],
    "api.file_exhibits": BY_TOKEN[Scope.WRITE],
    "api.open_case": BY_TOKEN[Scope.WRITE],
    "api.order": BY_TOKEN[Scope.WRITE],
    "api.correct": BY_TOKEN[Scope.WRITE],
    "api.audit": BY_TOKEN[Scope.AUDIT],
}
"""By endpoint, `blueprint.view`: it holds for every method."""

OF_CASES = frozenset(
    {
        *("applications.receipt", "new_case.new", "particulars.edit", "party_links.index"),
        *("papers.dossier", "dossiers.file", "dossiers.whole", "dossiers.folder"),
        *("roster.roster", "roster.template", "visits.link", "visits.sheet"),
    }
)
"""Pages that cases alone have; of what is of another kind, such as an alert, they are not there."""


def may(reader: Reader | None, endpoint: str) -> bool:
    """Whether somebody may open a page; templates ask this before they show a link."""
    return POLICIES[endpoint].admits(reader)


def check(app: Flask) -> None:
    """RuntimeError where a page has no policy, or a policy no page."""
    pages = {rule.endpoint for rule in app.url_map.iter_rules()}
    if pages != POLICIES.keys():
        raise RuntimeError(
            f"web/security/permissions.py: no policy for {pages - POLICIES.keys()}, no page {POLICIES.keys() - pages}"
        )
