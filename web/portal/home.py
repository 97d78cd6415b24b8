"""本人的案件: where it stands, who handles it, and what is asked; the way out."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug import Response

from ..http.link_session import entered_by, forget, page
from ..http.request_context import door
from ..security import links
from ..security.party_links import PARTY_LINK
from .entry import party_pages, seen, visitor

pages = party_pages("portal")


@pages.get("/case")
def home() -> str:
    """How the case stands."""
    who = visitor()
    view = seen(who, "party case")
    return page("portal/home.html", view=view)


@pages.post("/leave")
def leave() -> Response:
    """End it here: nothing stays in the browser, which may be somebody else's."""
    link = entered_by(PARTY_LINK)
    if link is not None:
        links.leave(door().store, link)
    return forget(redirect(url_for("links.done", what="left"), 303), PARTY_LINK)
