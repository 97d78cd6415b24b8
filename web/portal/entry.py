"""Who is in the party's pages, by which link, and what case he sees: what all of them begin with.

Errors that any of them may meet lead to one page each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, url_for
from werkzeug import Response

from mediation_engine.domain.case import Case
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.errors import ActorNotFound, CaseNotFound, OfficeNotHeld, OutsideOwnRemit
from mediation_engine.ports.links import Link
from mediation_engine.services.case_view import CaseView

from ..http.link_session import entered_by, page
from ..http.request_context import door
from ..presenters.party_case import OwnCase, for_party
from ..security import links, party_links
from ..security.party_links import PARTY_LINK

Answer = str | Response | tuple[str, int]


class Gone(Exception):
    """Nobody is in, or the link is good for nothing any more."""


class TextChanged(Exception):
    """The text was changed since the link was issued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody who is in by a link."""

    link: Link
    actor: Actor
    case: Case
    """Whole, to decide by: not to be shown."""
    today: date


def party_pages(name: str, prefix: str = "/party") -> Blueprint:
    """A blueprint whose pages know what to answer where nobody is in, or the text was changed."""
    pages = Blueprint(name, __name__, url_prefix=prefix)
    for fault in (Gone, ActorNotFound, OfficeNotHeld, OutsideOwnRemit):
        pages.register_error_handler(fault, _gone)
    pages.register_error_handler(TextChanged, _changed)
    return pages


def _gone(_: Exception) -> Response:
    return redirect(url_for("links.closed"))


def _changed(_: Exception) -> Answer:
    return page("portal/changed.html"), 409


def visitor() -> Visitor:
    """Whoever is in by a link that still stands. Gone, TextChanged."""
    link = entered_by(PARTY_LINK)
    if link is None:
        raise Gone
    try:
        with door().store.read() as unit:
            actor, today = unit.register.actor(link.person), links.today(unit)
        case = door().case(link.case)
    except CaseNotFound:
        raise Gone from None
    if actor is None or not actor.active:
        raise Gone
    if not PARTY_LINK.stands(case, link, today):
        if party_links.may_confirm(case, link.instance, today):
            raise TextChanged
        raise Gone
    return Visitor(link=link, actor=actor, case=case, today=today)


def seen(who: Visitor, what: str = "", office: Office = Office.REPRESENTATIVE) -> CaseView:
    """The case as he may read it, or, for what is put to him, as an office does; he is there still. Gone.

    The look is on record where `what` says what it is at.
    """
    try:
        view = door().view(who.link.case, office, who.actor if office is Office.REPRESENTATIVE else None)
        if what:
            door().look_by_link(who.link.person, PARTY_LINK.office, who.case, what)
    except (ActorNotFound, OfficeNotHeld, OutsideOwnRemit, CaseNotFound):
        raise Gone from None
    links.stay(door().store, who.link)
    return view


def own_case(who: Visitor, what: str) -> OwnCase:
    """His own case, counted as he sees it; the look is on record. Gone."""
    own = frozenset(party_links.principals(who.case, who.link.instance))
    return OwnCase(view=for_party(seen(who, what)), own=own)
