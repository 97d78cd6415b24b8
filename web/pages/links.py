"""What somebody without an account sees: a page for the PIN, and where a link for a visit leads to.

Nothing is shown before the PIN, and whatever is wrong is told the same. Whoever is in by a link is in by that one
alone, in this browser, for a while; no page of the staff knows the cookie.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from mediation_engine.domain.roles import Office
from mediation_engine.errors import (
    ActorNotFound,
    CommandIdReused,
    FormFaults,
    OfficeNotHeld,
    Refused,
    RoomKeyMissing,
    StaleInstance,
    UnfitText,
)
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.ports.links import Link

from ..forms.visit_link_form import SAID, VisitLinkForm
from ..http.drafts import BY_SCRIPT
from ..http.link_session import entered_by, let_in, page
from ..http.request_context import door, room_key
from ..presenters.visit_sheet import Sent, sent_to
from ..security import links
from ..security.links import LinkShut
from ..security.party_links import PARTY_LINK
from ..security.return_links import RETURN_LINK
from ..security.visit_links import VISIT_LINK
from .steps import TWICE

pages = Blueprint("links", __name__)
Answer = str | Response | tuple[str, int]
INTO = {VISIT_LINK.code: "links.visit", PARTY_LINK.code: "confirm.summary", RETURN_LINK.code: "monthly.home"}
"""The page that a link of a kind leads to."""
MOVED = "这次走访刚有变动，没有记下。请联系承办人，看还要不要去。"
LONGEST_PIN, LONGEST_CODE = 20, 40


@pages.route("/links/<secret>", methods=["GET", "POST"])
def enter(secret: str) -> Answer:
    """The page for the PIN, the same whether there is such a link or not; and to come in."""
    if request.method != "POST":
        return page("link.html", secret=secret)
    return _come_in(links.key_of(secret)) or (page("link.html", secret=secret, wrong=LinkShut().sentence), 422)


@pages.route("/c", methods=["GET", "POST"])
def enter_by_code() -> Answer:
    """The same for a short code, which is typed where a link cannot be opened."""
    if request.method != "POST":
        return page("link.html", secret="")
    code = request.form.get("code", "")[:LONGEST_CODE]
    return _come_in(_opened_by(code)) or (page("link.html", secret="", code=code, wrong=LinkShut().sentence), 422)


@pages.post("/links/call")
def call() -> Response:
    """That whoever has a link or a short code asks to be called; answered the same whether there is one."""
    secret, code = request.form.get("secret", ""), request.form.get("code", "")[:LONGEST_CODE]
    links.ask_for_call(door().store, links.key_of(secret) if secret else _opened_by(code))
    return redirect(url_for("links.done", what="call"), 303)


def _opened_by(code: str) -> str:
    """What a short code is known by; what is known by nothing where the room has no key."""
    try:
        return links.code_key(room_key(), code)
    except RoomKeyMissing:
        return ""


def _come_in(opens: str) -> Response | None:
    """To what the link with a digest is for, if the PIN is right."""
    pin = request.form.get("pin", "")[:LONGEST_PIN]
    try:
        link, session = links.come_in(
            door().store, door().randomness, room_key(), opens, pin, request.remote_addr or ""
        )
    except (LinkShut, RoomKeyMissing):
        return None
    return let_in(redirect(url_for(INTO[link.kind]), 303), link.kind, session)


@pages.get("/links")
def closed() -> str:
    """That the time is over, or there is nothing to do by the link any more."""
    return page("link_closed.html")


@pages.get("/links/done/<what>")
def done(what: str) -> str:
    """That it has arrived."""
    return page("link_closed.html", done=what)


@pages.route("/visit-link", methods=["GET", "POST"])
def visit() -> Answer:
    """The visit that was entrusted, and its questions; and what was found, or that nobody was met."""
    link = entered_by(VISIT_LINK)
    if link is None:
        return redirect(url_for("links.closed"))
    try:
        return _posted(link) if request.method == "POST" else _opened(link)
    except (ActorNotFound, OfficeNotHeld, Over):  # he has been erased, or it is another's by now
        kept = request.form.get(SAID, "").strip() if request.method == "POST" else ""
        if not kept:
            return redirect(url_for("links.closed"))
        return page("link_closed.html", kept=kept), 409


class Over(Exception):
    """The case bears a link out no more: nothing of it is shown."""


def _opened(link: Link) -> Answer:
    """The sheet as it begins."""
    sent = _sent(link)
    return _sheet(link, sent, VisitLinkForm.begun(sent.version, new_id(system_randomness, 16), door().today()))


def _posted(link: Link) -> Answer:
    """Whatever was sent before is answered the same again, also when the visit is over by it."""
    form = VisitLinkForm(typed=MultiDict(request.form), today=door().today())
    try:
        order = form.order(link, VISIT_LINK.office)
        door().submit(order)
    except FormFaults as fault:
        return _again(link, form.wrong(fault.faults)), 422
    except (UnfitText, Refused) as fault:
        return _again(link, form, wrong=fault.sentence), 422
    except StaleInstance:
        return _again(link, form, wrong=MOVED), 409
    except CommandIdReused:
        return _again(link, form.renumbered(new_id(system_randomness, 16)), wrong=TWICE), 409
    links.stay(door().store, link, used=True)
    if request.form.get(BY_SCRIPT):
        return "", 204
    return redirect(_done(form), 303)


def _again(link: Link, form: VisitLinkForm, wrong: str = "") -> str:
    """The sheet with all that was filled in, and what is wrong."""
    return _sheet(link, _sent(link), form, wrong=wrong)


def _sheet(link: Link, sent: Sent, form: VisitLinkForm, **more: Any) -> str:
    links.stay(door().store, link)
    done = {what: url_for("links.done", what=what) for what in ("visit", "nobody")}
    return page("visit_by_link.html", link=link, sent=sent, form=form, done=done, **more)


def _sent(link: Link) -> Sent:
    """What the visitor learns: whom to see, where, when; the look at it is on record. Over."""
    case = door().case(link.case)
    if not VISIT_LINK.stands(case, link, door().today()):
        raise Over
    door().look_by_link(link.person, VISIT_LINK.office, case, "visit link")
    return sent_to(door().view(link.case, Office.MEDIATOR), link.instance)


def _done(form: VisitLinkForm) -> str:
    return url_for("links.done", what="nobody" if form.is_nobody else "visit")
