"""Who may send more than a form: whoever is let in where files are handed in, and nobody before that is known."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, g, request
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from mediation_engine.domain.files import takes_files
from mediation_engine.errors import MediationError
from mediation_engine.input.tables import LARGEST
from mediation_engine.services.mediation import MediationService

from ..security.party_links import PARTY_LINK
from ..security.permissions import POLICIES, ByToken
from ..server.connections import MEGABYTE
from ..server.wsgi import Asked, environ
from .link_session import entered_by
from .request_context import door, settings

BY_STEP, BY_PROGRAM, BY_ROSTER, BY_VISIT = "steps.step", "api.file_exhibits", "roster.roster", "visits.sheet"
BY_PARTY = "acts.act"
WITH_SHEET = "ConfirmAgreement"
"""The command on whose form a sheet that many have signed can be filed."""


def init(app: Flask, let_in: Callable[[ByToken], None]) -> None:
    """Let an application take longer bodies, and tell the server which: those of people it knows.

    `let_in` sets who calls by a token.
    """

    def widen() -> None:
        if _hands_in() and (_is_party_in() if request.endpoint == BY_PARTY else g.reader is not None):
            request.max_content_length = _most()

    def longer(asked: Asked) -> int:
        """How long a body may be of which only the head has come; 0: no longer than usual."""
        with app.request_context(environ(asked)):
            policy = POLICIES.get(request.endpoint or "")
            if policy is None or not _hands_in():
                return 0
            try:
                if isinstance(policy, ByToken):
                    g.reader = None
                    let_in(policy)
                    return _most()
                if request.endpoint == BY_PARTY:
                    return _most() if _is_party_in() else 0
                reader = current_user if current_user.is_authenticated else None
                return _most() if policy.admits(reader) else 0
            except (MediationError, HTTPException):
                return 0

    app.before_request(widen)
    app.longer_body = longer  # type: ignore[attr-defined]


def _hands_in() -> bool:
    """Whether files are handed in with this request."""
    if request.endpoint == BY_PROGRAM:
        return request.method == "POST"
    is_form = request.method == "POST" and request.mimetype == "multipart/form-data"
    if is_form and request.endpoint in (BY_ROSTER, BY_VISIT, BY_PARTY):
        return True
    return is_form and request.endpoint == BY_STEP and (request.view_args or {}).get("command") in _commands(door())


def _is_party_in() -> bool:
    """Whether somebody is in by a link of a party, who has no account."""
    return entered_by(PARTY_LINK) is not None


def _commands(door: MediationService) -> frozenset[str]:
    """The commands with which files are handed in."""
    workflows = door.catalogue.workflows.values()
    return frozenset({WITH_SHEET, *(n for w in workflows for n, kind in w.commands.items() if takes_files(kind))})


def _most() -> int:
    """A file, and a form around it; a third more of one in base 64."""
    if request.endpoint == BY_ROSTER:
        return LARGEST + MEGABYTE
    each = settings().exhibits.limits.each
    return (each * 4 // 3 if request.endpoint == BY_PROGRAM else each) + MEGABYTE
