"""Who may send more than a form: whoever is let in where files are handed in, and nobody before that is known; and who
applies, within limits that are counted before a byte of it is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, g, request
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from mediation_engine.domain.files import takes_files
from mediation_engine.errors import MediationError
from mediation_engine.input.tables import LARGEST
from mediation_engine.services.mediation import MediationService

from ..security.applications import spend_on_upload
from ..security.party_links import PARTY_LINK
from ..security.permissions import POLICIES, ByToken
from ..security.throttle import NothingLeft
from ..server.connections import MEGABYTE
from ..server.wsgi import UNREAD, Asked, environ
from .link_session import entered_by
from .request_context import door, settings

BY_STEP, BY_PROGRAM, BY_ROSTER, BY_VISIT = "steps.step", "api.file_exhibits", "roster.roster", "visits.sheet"
BY_PARTY, BY_APPLICANT, AT_WINDOW = "acts.act", "apply.form", "applications.new"
JOTTED, TO_DOSSIER = "notes.new", "dossiers.file"
TABLES = (BY_ROSTER, "ledger.index", "organisations.take_in")
"""The pages where tables are handed in."""
TAKING = (*TABLES, BY_VISIT, BY_PARTY, BY_APPLICANT, AT_WINDOW, JOTTED, TO_DOSSIER)
"""The pages where files are handed in."""
WITH_SHEET = "ConfirmAgreement"
"""The command on whose form a sheet that many have signed can be filed."""


def init(app: Flask, let_in: Callable[[ByToken], None]) -> None:
    """Let an application take longer bodies, and tell the server which: those of people it knows.

    `let_in` sets who calls by a token.
    """

    def widen() -> None:
        if _hands_in() and _is_known() and not _is_unread():
            request.max_content_length = _most()

    def longer(asked: Asked) -> int:
        """How long a body may be of which only the head has come; 0: no longer than usual."""
        with app.request_context(_as_forwarded(app, asked)):
            policy = POLICIES.get(request.endpoint or "")
            if policy is None or not _hands_in():
                return 0
            try:
                if request.endpoint == BY_APPLICANT:
                    return _most() if _may_apply() else 0
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


def _as_forwarded(app: Flask, asked: Asked) -> dict[str, Any]:
    """What is asked, from where our own proxies say that it comes: what is counted must not be counted of them."""
    seen, n = environ(asked), app.extensions["settings"].web.proxies
    if n:
        ProxyFix(lambda _environ, _start: (), x_for=n, x_proto=n, x_host=n)(seen, lambda *_: lambda _: None)
    return seen


def _hands_in() -> bool:
    """Whether files are handed in with this request."""
    if request.endpoint == BY_PROGRAM:
        return request.method == "POST"
    is_form = request.method == "POST" and request.mimetype == "multipart/form-data"
    if is_form and request.endpoint in TAKING:
        return True
    return is_form and request.endpoint == BY_STEP and (request.view_args or {}).get("command") in _commands(door())


def _is_unread() -> bool:
    """Whether the server has not read what was sent, since it was too long or more than may come now."""
    return bool(request.environ.get(UNREAD))


def is_too_many() -> bool:
    """Whether what was sent would be short enough at another time."""
    return _is_unread() and (request.content_length or 0) <= _most()


def _is_known() -> bool:
    """Whether it is known who sends this, or he is one who need not be."""
    if request.endpoint == BY_PARTY:
        return _is_party_in()
    return request.endpoint == BY_APPLICANT or g.reader is not None


def _is_party_in() -> bool:
    """Whether somebody is in by a link of a party, who has no account."""
    return entered_by(PARTY_LINK) is not None


def _may_apply() -> bool:
    """Whether who is not known may send photos from this address now."""
    wanted = settings().applications
    try:
        if wanted.open:
            spend_on_upload(door().store, wanted, request.remote_addr or "")
    except NothingLeft:
        return False
    return wanted.open


def contents_of(name: str) -> list[bytes]:
    """The files handed in under a name, those that are none left out."""
    return [content for sent in request.files.getlist(name) if (content := sent.read())]


def _commands(door: MediationService) -> frozenset[str]:
    """The commands with which files are handed in."""
    workflows = door.catalogue.workflows.values()
    return frozenset({WITH_SHEET, *(n for w in workflows for n, kind in w.commands.items() if takes_files(kind))})


def _most() -> int:
    """A file, and a form around it; a third more of one in base 64."""
    if request.endpoint in TABLES:
        return LARGEST + MEGABYTE
    each = settings().exhibits.limits.each
    return (each * 4 // 3 if request.endpoint == BY_PROGRAM else each) + MEGABYTE
