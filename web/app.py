"""The application: pages over a door. Everything it needs is handed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Flask, abort, g, redirect, request, url_for
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from werkzeug import Response
from werkzeug.middleware.proxy_fix import ProxyFix

from mediation_engine.domain.roles import Office, offices_of
from mediation_engine.ports.accounts import Account
from mediation_engine.services.mediation import MediationService

from . import api, pages, portal
from .config import Settings
from .http import compression, drafts, error_pages, form_data, in_place, request_log, templating, uploads
from .http.request_context import settings
from .http.said import said
from .presenters.messages import worker_words
from .presenters.page_help import PARTY, PageHelp, help_for
from .security import headers, permissions
from .security.room_key_file import known_room_key
from .security.sessions import Reader, Sessions, mine
from .security.signing_key import known_key
from .security.totp import Seals
from .server.connections import MEGABYTE, MOST_BODY


def create_app(door: MediationService, given: Settings, secret: bytes) -> Flask:
    """An application; RuntimeError where a page has no policy."""
    app = Flask(__name__, static_folder=None)  # its files come below, under the same settings as all else
    _set(app, given, secret)
    app.extensions |= {"door": door, "settings": given, "seals": Seals(secret)}
    app.extensions |= {"key": known_key(given.key), "room_key": known_room_key(given.room_key)}
    if given.web.proxies:
        n = given.web.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    app.session_interface = Sessions(door.store, door.randomness, https=given.web.is_https)
    for part in (request_log, form_data, error_pages, templating, in_place):
        part.init(app)
    _guard(app)
    uploads.init(app, api.let_in)
    headers.init(app, given.web)
    compression.init(app)
    csrf = CSRFProtect(app)
    app.register_error_handler(CSRFError, _of_expired)
    app.static_folder = "static"
    app.add_url_rule("/static/<path:filename>", "static", app.send_static_file)
    app.jinja_env.globals |= {"room": given.organisation.name, "draft_forms": drafts.FORMS, "said": said}
    for blueprint in (*pages.BLUEPRINTS, *portal.BLUEPRINTS):
        app.register_blueprint(blueprint)
    csrf.exempt(api.init(app))  # it knows no cookies
    permissions.check(app)
    return app


def _of_expired(_: CSRFError) -> Response:
    """What was posted from a page that is older than the sign-in: kept where it can be, or told of."""
    return drafts.keep_of_expired() or error_pages.page(400, error_pages.EXPIRED)


def _set(app: Flask, given: Settings, secret: bytes) -> None:
    """Flask's own settings."""
    app.config.from_mapping(
        SECRET_KEY=secret,
        TRUSTED_HOSTS=given.web.hosts,
        MAX_CONTENT_LENGTH=MOST_BODY,
        MAX_FORM_MEMORY_SIZE=MEGABYTE,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        # Bound to the session, which has limits of its own: minutes are written for longer than an hour.
        WTF_CSRF_TIME_LIMIT=None,
        # The origin is looked at in `headers`, also where there is no https.
        WTF_CSRF_SSL_STRICT=False,
    )


def _guard(app: Flask) -> None:
    """Let nobody in where he may not go, whatever the method."""
    manager = LoginManager(app)
    manager.session_protection = None  # what binds a session stands in `sessions`
    manager.user_loader(_reader)

    def guard() -> Response | None:
        fault = mine().fault
        if fault:
            raise fault
        g.reader = current_user if current_user.is_authenticated else None
        if request.routing_exception is not None:
            return None  # there is nothing to guard: it is about to be told
        policy = permissions.POLICIES[request.endpoint or ""]
        if isinstance(policy, permissions.ByToken):
            api.let_in(policy)
            return None
        return None if policy.admits(g.reader) else _turn_away(g.reader, policy)

    app.before_request(guard)

    @app.context_processor
    def seen() -> dict[str, Any]:
        who = g.get("reader")
        asked = {"reader": who, "may": lambda endpoint: permissions.may(who, endpoint), "menu": pages.MENU}
        asked |= {"seldom": pages.SELDOM, "usage": help_for(request.endpoint or "", who.office if who else None)}
        asked |= {"usage_more": _more(asked["usage"], who)}
        return asked | ({"bell": mine().unread, "unfiled": mine().unfiled, "standstill": _standstill()} if who else {})


def _more(usage: PageHelp | None, who: Reader | None) -> str:
    """Where the handbook says more of a page; empty where it does not, or not for this reader."""
    page = "handbook.party" if usage and usage.chapter == PARTY else "handbook.chapter"
    if usage is None or not permissions.may(who, page):
        return ""
    return url_for(page) if usage.chapter == PARTY else url_for(page, chapter=usage.chapter)


def _standstill() -> str:
    """That no worker turns where one should, in words."""
    held, wanted = mine(), settings().worker
    if held.now is None:
        return ""
    return worker_words(held.heartbeat, held.now, timedelta(seconds=wanted.late), expected=wanted.expected)


def _turn_away(reader: Reader | None, policy: permissions.Policy) -> Response:
    """To where one signs in, or to what must be done first; else it is not for this reader."""
    if reader and not (reader.must and policy.ready):
        abort(403)
    if reader and reader.must:
        return redirect(url_for(reader.must))
    kept, typed = drafts.keep_of_ended(), request.method == "POST" and request.endpoint in drafts.FORMS
    if typed and drafts.is_by_itself():
        return Response(drafts.ENDED_KEPT if kept else drafts.ENDED, 401, content_type="text/plain; charset=utf-8")
    onward = kept or (request.path if typed or request.method == "GET" else None)
    late = "kept" if kept else "typed" if typed else "1" if mine().ended else None
    return redirect(url_for("sign_in.sign_in", next=onward, late=late))


def _reader(_id: str) -> Reader | None:
    """Who the session's row belongs to, under the office chosen if it is still held, else the first."""
    held = mine()
    offices = offices_of(held.actor) if held.actor else []
    if held.actor is None or held.account is None or not offices:
        return None
    chosen, first = Office.named(held.get("office", "")), Reader(held.actor, offices[0], None, held.stands_in)
    office = chosen if chosen in first.offices else offices[0]
    return replace(first, office=office, must=_first(held.account))


def _first(account: Account) -> str | None:
    """What must be done before anything else."""
    if account.once_until:
        return "account.password"
    return "account.codes" if settings().web.totp and not account.totp else None
