"""本人的案件: where it stands, who handles it, and what is asked; the way out."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug import Response

from ..http.link_session import entered_by, forget, page
from ..http.request_context import door
from ..presenters.party_case import ahead, standing
from ..security import links
from ..security.party_links import PARTY_LINK
from . import acts
from .entry import own_case, party_pages, visitor
from .offers import asked

pages = party_pages("portal")


@pages.get("/case")
def home() -> str:
    """How the case stands, in one screen."""
    who = visitor()
    own = own_case(who, "party case")
    facts = own.case.facts
    return page(
        "portal/home.html",
        own=own,
        number=facts.number,
        about="，".join(facts.subject()[:1]),
        sides=[[own.thing(key) for key in keys] for _, keys in facts.sides()],
        whom=[own.thing(key) for key in sorted(own.own)],
        is_self=own.own == frozenset({who.link.instance}),
        standing=standing(own),
        ahead=ahead(own),
        asked=asked(own, who),
        acts=acts.offered(who),
        mediator=own.view.lead_name,
    )


@pages.post("/leave")
def leave() -> Response:
    """End it here: nothing stays in the browser, which may be somebody else's."""
    link = entered_by(PARTY_LINK)
    if link is not None:
        links.leave(door().store, link)
    return forget(redirect(url_for("links.done", what="left"), 303), PARTY_LINK)
