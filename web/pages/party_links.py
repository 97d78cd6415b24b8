"""当事人链接: issued for who may settle for a party, for his telephone or on the room's own device; how each stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_login import logout_user
from werkzeug import Response

from mediation_engine.domain.people import PartyKind
from mediation_engine.errors import RoomKeyMissing
from mediation_engine.services.case_view import CaseView
from workflows.facts import facts_of
from workflows.parts.states import PartyState

from ..http.case_access import find, look
from ..http.request_context import door, reader, room_key, settings
from ..presenters.qr_code import qr_code
from ..security import links
from ..security.links import Issued, IssuedLink, LinkNotFound, issued_in
from ..security.party_links import (
    PARTY_LINK,
    PartyLinkUnfit,
    able,
    issue_for_party,
    principals,
    texts_of,
)

pages = Blueprint("party_links", __name__, url_prefix="/cases/<case_id>/access")
Answer = str | Response | tuple[str, int]


@pages.route("", methods=["GET", "POST"])
def index(case_id: str) -> Answer:
    """To whom links can be issued, and how those issued stand; to issue one, or to revoke it."""
    view = look(case_id, "party links")
    if request.method == "GET":
        return _page(view)
    wanted, _, about = request.form.get("do", "").partition(":")
    try:
        if wanted == "revoke":
            return _revoked(view, about)
        issued = issue_for_party(
            *(door(), room_key(), reader().actor, case_id, about, settings().party_link_days),
            window=wanted == "window",
        )
    except PartyLinkUnfit:
        return _page(view, wrong=PartyLinkUnfit(who=view.teller.thing(about)).sentence), 422
    except (RoomKeyMissing, LinkNotFound) as fault:
        return _page(view, wrong=fault.sentence), 422
    return _page(find(case_id), issued=issued)


@pages.post("/hand-over")
def hand_over(case_id: str) -> Response:
    """Hand the device over: the member of staff is signed out, and the page for the PIN comes."""
    look(case_id, "party links")
    secret = request.form.get("secret", "")[:100] or "x"
    logout_user()
    session.clear()
    return redirect(url_for("links.enter", secret=secret), 303)


def _revoked(view: CaseView, id: str) -> Response:
    """End a link of this case. LinkNotFound."""
    if id not in {it.link.id for it in issued_in(door().store, PARTY_LINK, view.case)}:
        raise LinkNotFound(link=id)
    links.revoke(door().store, reader().actor.id, id)
    flash("已撤销，立即失效。")
    return redirect(url_for("party_links.index", case_id=view.case.id), 303)


def _page(view: CaseView, *, issued: Issued | None = None, **more: Any) -> str:
    """With what is shown once where a link was just issued."""
    public = settings().web.public_url
    address = f"{public}{url_for('links.enter', secret=issued.secret)}" if issued else ""
    return render_template(
        "party_links.html",
        case=view.case,
        holders=_holders(view, issued_in(door().store, PARTY_LINK, view.case)),
        unable=_unable(view),
        issued=issued,
        whom=view.teller.thing(issued.link.instance) if issued else "",
        address=address,
        typed_at=f"{public}{url_for('links.enter_by_code')}",
        picture=qr_code(address) if issued else "",
        is_reachable=settings().web.is_https,
        days=settings().party_link_days,
        **more,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody to whom links can be issued, or were."""

    key: str
    name: str
    as_what: str
    """By what he acts, in words; 本人 for the party itself."""
    texts: Sequence[str]
    """What is put to him and how it stands, in words."""
    is_able: bool
    """Whether a link can be issued now."""
    links: Sequence[IssuedLink]
    """The latest first."""


def _holders(view: CaseView, issued: Sequence[IssuedLink]) -> list[Holder]:
    """All of them, those that can be issued a link first."""
    case, keys = view.case, list(able(view.case, view.today))
    known = dict.fromkeys((*keys, *(row.link.instance for row in issued)))
    return [
        Holder(
            key=key,
            name=view.teller.thing(key),
            as_what=_as_what(view, key),
            texts=[_text(view, agreement, own) for agreement, own in texts_of(case, key).items()],
            is_able=key in keys,
            links=[row for row in issued if row.link.instance == key],
        )
        for key in known
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unable:
    """A party for whom nobody can be issued a link."""

    name: str
    why: str
    step: bool
    """Whether it helps to enter who acts for it."""


def _unable(view: CaseView) -> list[Unable]:
    """The parties for whom nobody can be issued a link, each with why."""
    case, facts = view.case, facts_of(view.case)
    served = {party for key in able(case, view.today) for party in principals(case, key)}
    left = {key for key in facts.parties if case.is_in(key, PartyState.LEFT)}
    return [
        Unable(name=view.teller.thing(key), why=_why_not(view, key), step=facts.closed is None)
        for key in facts.parties
        if key not in served | left
    ]


def _why_not(view: CaseView, key: str) -> str:
    facts = facts_of(view.case)
    acting = [k for k, it in facts.capacities.items() if key in it.principals]
    if facts.closed is not None:
        return "案件已经结案，不再发链接。"
    if acting:
        return "登记的代理人、代表不能签协议（权限不包括和解，或已经终止）。请登记有权和解的代理人、代表，或改登权限。"
    if facts.parties[key].kind is not PartyKind.PERSON:
        return "单位、群体自己不能按手机，要由法定代表人、负责人、代表或有权和解的代理人来按。请先登记。"
    return "他自己还不能签协议（如未成年）。请先登记他的监护人。"


def _as_what(view: CaseView, key: str) -> str:
    facts = facts_of(view.case)
    if key in facts.parties:
        return "本人"
    stood_for = "、".join(view.teller.thing(party) for party in principals(view.case, key))
    return f"{facts.capacities[key].kind.label}，代{stood_for}"


def _text(view: CaseView, agreement: str, keys: Sequence[str]) -> str:
    states = "、".join(dict.fromkeys(view.teller.state(key, view.case.state(key)) for key in keys))
    return f"{view.teller.numbered(agreement)}：{states}"
