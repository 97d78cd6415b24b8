"""What somebody without an account sees: a page for the PIN, and the one thing the link is for.

Nothing is shown before the PIN, and whatever is wrong is told the same. Whoever is in by a link is in by that one
alone, in this browser, for a while; no page of the staff knows the cookie.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
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

from ..forms import occurred_field
from ..forms.visit_link_form import VisitLinkForm
from ..http.request_context import door, room_key, settings
from ..presenters.visit_sheet import Sent, sent_to
from ..security import links
from ..security.links import LinkShut
from ..security.visit_links import VISIT_LINK
from .steps import BY_SCRIPT, TWICE

pages = Blueprint("links", __name__)
Answer = str | Response | tuple[str, int]
INTO = {VISIT_LINK.code: "links.visit"}
"""The page that a link of a kind leads to."""
MOVED = "这次走访刚有变动，没有记下。请联系承办人，看还要不要去。"
LONGEST_PIN = 20


@pages.route("/links/<secret>", methods=["GET", "POST"])
def enter(secret: str) -> Answer:
    """The page for the PIN, the same whether there is such a link or not; and to come in."""
    if request.method != "POST":
        return _page("link.html", secret=secret)
    pin = request.form.get("pin", "").strip()[:LONGEST_PIN]
    try:
        link, session = links.come_in(
            door().store, door().randomness, room_key(), secret, pin, request.remote_addr or ""
        )
    except (LinkShut, RoomKeyMissing):
        return _page("link.html", secret=secret, wrong=LinkShut().sentence), 422
    response = redirect(url_for(INTO[link.kind]), 303)
    response.set_cookie(_cookie(), session, secure=settings().web.is_https, httponly=True, samesite="Strict", path="/")
    return response


@pages.get("/links")
def closed() -> str:
    """That the time is over, or there is nothing to do by the link any more."""
    return _page("link_closed.html")


@pages.get("/links/done/<what>")
def done(what: str) -> str:
    """That it has arrived."""
    return _page("link_closed.html", done=what)


@pages.route("/visit-link", methods=["GET", "POST"])
def visit() -> Answer:
    """The visit that was entrusted, and its questions; and what was found, or that nobody was met."""
    link = _entered()
    if link is None or link.kind != VISIT_LINK.code:
        return redirect(url_for("links.closed"))
    try:
        return _posted(link) if request.method == "POST" else _opened(link)
    except (ActorNotFound, OfficeNotHeld, Over):  # he has been erased, or it is another's by now
        return redirect(url_for("links.closed"))


class Over(Exception):
    """The case bears a link out no more: nothing of it is shown."""


def _opened(link: Link) -> Answer:
    """The sheet as it begins."""
    sent = _sent(link)
    return _sheet(link, sent, VisitLinkForm.begun(sent.version, new_id(system_randomness, 16)))


def _posted(link: Link) -> Answer:
    """Whatever was sent before is answered the same again, also when the visit is over by it."""
    form = VisitLinkForm(typed=MultiDict(request.form))
    try:
        order = form.order(link, VISIT_LINK.office)
        door().submit(order)
    except FormFaults as fault:
        return _again(link, form.wrong(fault.faults)), 422
    except UnfitText as fault:
        return _again(link, form, wrong=fault.sentence), 422
    except StaleInstance:
        return _again(link, form, wrong=MOVED), 409
    except CommandIdReused:
        return _again(link, form.renumbered(new_id(system_randomness, 16)), wrong=TWICE), 409
    except Refused as refused:
        return _again(link, form, wrong="；".join(r.sentence for r in refused.refusals)), 422
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
    return _page("visit_by_link.html", link=link, sent=sent, form=form, whens=occurred_field.KINDS, done=done, **more)


def _sent(link: Link) -> Sent:
    """What the visitor learns: whom to see, where, when; the look at it is on record. Over."""
    case = door().case(link.case)
    if not VISIT_LINK.stands(case, link):
        raise Over
    door().look_as_visitor(link.person, case, "visit link")
    return sent_to(door().view(link.case, Office.MEDIATOR), link.instance)


def _done(form: VisitLinkForm) -> str:
    return url_for("links.done", what="nobody" if form.is_nobody else "visit")


def _entered() -> Link | None:
    """By which link this browser is in."""
    with door().store.read() as unit:
        return links.entered(unit, request.cookies.get(_cookie(), ""))


def _cookie() -> str:
    return "__Host-link" if settings().web.is_https else "link"


def _page(template: str, **more: Any) -> str:
    """A page for somebody without an account: no menu, no name, whoever of the staff is in there, too."""
    return render_template(template, reader=None, room=settings().organisation.name, **more)
