"""文书: texts put to a party or that bind it, receipts of its answers, papers that went to it; numbers masked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from flask import abort, request, send_file, url_for
from markupsafe import Markup

from mediation_engine.adapters.papers import MEDIA, drawn
from mediation_engine.adapters.papers.html import article
from mediation_engine.domain.masking import hidden_number
from mediation_engine.domain.paper import Paper
from mediation_engine.domain.roles import Office
from mediation_engine.errors import FontsMissing, PaperUnfit
from workflows.papers.agreement import AGREEMENT, ORAL

from ..http.link_session import page
from ..http.request_context import door, register, settings
from ..presenters.papers import PaperDesk, desk_of, kinds
from ..presenters.party_case import Delivered, OwnCase, delivered
from ..presenters.party_receipt import receipt_paper
from ..presenters.party_text import PartyText, text_for
from ..security import party_links
from .entry import Answer, Visitor, own_case, party_pages, seen, visitor

pages = party_pages("own_papers")
TEXTS = (AGREEMENT, ORAL)
"""The papers that are the text of an agreement."""
PDF = "pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text of his."""

    title: str
    state: str
    address: str
    receipt: str
    """Where the receipt of his answer to it is; empty where he has not answered."""


@pages.get("/papers")
def papers() -> str:
    """All of his papers."""
    who = visitor()
    own = own_case(who, "party papers")
    desk = _desk(who)
    went = [(it, _address_of(own, desk, it)) for it in delivered(own)]
    return page("portal/papers.html", texts=[*_texts(who, own, desk)], went=went)


@pages.get("/papers/<code>.pdf")
def paper(code: str) -> Answer:
    """One of them, to take away; where no PDF can be made, on a page."""
    who, about = visitor(), request.args.get("about", "")
    own = own_case(who, "party paper")
    desk = _desk(who)
    if (code, about) not in _own_papers(own, desk):
        abort(404)
    return _given(desk.filled(code, about))


@pages.get("/receipt.pdf")
def receipt() -> Answer:
    """The receipt of what he said to a text."""
    who = visitor()
    own_case(who, "party receipt")
    desk = _desk(who)
    text = _answered(who, desk).get(request.args.get("text", ""))
    made = receipt_paper(desk, text, _whom(who, desk)) if text else None
    if made is None:
        abort(404)
    return _given(made)


def _given(made: Paper) -> Answer:
    """A paper as a file whose name names nobody; on a page where the machine cannot make the file, which it says."""
    try:
        content = drawn(made, PDF, settings().papers.fonts)
    except (FontsMissing, PaperUnfit):
        return page("portal/paper.html", title=made.title, article=Markup(article(made)))
    name = f"{made.title}{made.case_number}.{PDF}"
    return send_file(BytesIO(content), mimetype=MEDIA[PDF], as_attachment=True, download_name=name)


def _desk(who: Visitor) -> PaperDesk:
    """What papers are filled from: all that is joint, numbers masked."""
    view = seen(who, "", Office.AUDITOR)
    return desk_of(view, door().store, register(), whole=False, number=hidden_number, **settings().for_papers())


def _texts(who: Visitor, own: OwnCase, desk: PaperDesk) -> Iterator[Text]:
    answered = _answered(who, desk)
    for key in own.agreements():
        code = next((kind.code for kind in TEXTS if key in kind.instances(desk.case)), "")
        yield Text(
            title=own.view.teller.numbered(key),
            state=own.work.state(key),
            address=url_for("own_papers.paper", code=code, about=key) if code else "",
            receipt=url_for("own_papers.receipt", text=key) if key in answered else "",
        )


def _answered(who: Visitor, desk: PaperDesk) -> dict[str, PartyText]:
    """The texts that he has answered as they stand, by agreement."""
    put = party_links.texts_of(desk.case, who.link.instance)
    texts = {key: text_for(desk, who.link.instance, key, keys) for key, keys in put.items()}
    return {key: text for key, text in texts.items() if text.said is not None}


def _whom(who: Visitor, desk: PaperDesk) -> str:
    return "、".join(desk.thing(key) for key in party_links.principals(desk.case, who.link.instance))


def _own_papers(own: OwnCase, desk: PaperDesk) -> set[tuple[str, str]]:
    """The papers he may take away: by code, and what they are about."""
    texts = {(kind.code, key) for kind in TEXTS for key in own.agreements() if key in kind.instances(desk.case)}
    return texts | {found for it in delivered(own) if (found := _made_again(desk, it))}


def _made_again(desk: PaperDesk, it: Delivered) -> tuple[str, str] | None:
    """The paper of ours that was delivered; None where it is none of ours, or is of the room alone."""
    kind = kinds(desk.view).get(it.code)
    about = it.about.get(kind.about) if kind else None
    if kind is None or about is None or kind.of_room or about not in kind.instances(desk.case):
        return None
    return kind.code, about


def _address_of(own: OwnCase, desk: PaperDesk, it: Delivered) -> str:
    found = _made_again(desk, it)
    return url_for("own_papers.paper", code=found[0], about=found[1]) if found else ""
