"""经过、钱、谁看过、我的资料: what a party reads of its own case."""

from __future__ import annotations

from contextlib import suppress

from flask import request

from mediation_engine.domain.people import Details
from mediation_engine.errors import BoxUnreadable
from mediation_engine.ports.register import ERASED, Person

from ..http.link_session import page
from ..http.request_context import door, register, settings
from ..presenters.party_case import DAYS_A_PAGE, history, looked, loose
from ..presenters.party_case import money as sums
from ..presenters.person import own_rows
from . import acts
from .entry import own_case, party_pages, visitor

pages = party_pages("own")


@pages.get("/record")
def record() -> str:
    """What happened, as far as it is for everybody or for his own party."""
    own = own_case(visitor(), "party record")
    return page("portal/record.html", history=history(own, _number("upto")))


@pages.get("/money")
def money() -> str:
    """What his parties pay and are paid, and what has been paid."""
    who = visitor()
    own = own_case(who, "party money")
    return page("portal/money.html", owed=sums(own), loose=loose(own), offers=acts.money_acts(who))


@pages.get("/reads")
def reads() -> str:
    """Which office looked at the case, on which days."""
    who = visitor()
    own = own_case(who, "party reads")
    with door().store.read() as unit:
        days = looked(own, unit.views.reads(who.link.case), who.link.person)
    skip = _number("skip")
    more = skip + DAYS_A_PAGE if len(days) > skip + DAYS_A_PAGE else 0
    return page("portal/reads.html", days=days[skip : skip + DAYS_A_PAGE], skip=skip, more=more)


@pages.get("/me")
def me() -> str:
    """What the register knows of him, masked; what for, for how long, and what he can ask."""
    who = visitor()
    own_case(who, "party me")
    person, known = _known(who.link.person)
    return page(
        "portal/me.html",
        name=person.name if person and person.name != ERASED else "",
        rows=own_rows(known) if known else [],
        years=_years(),
        acts=acts.of_own_data(who),
    )


def _known(id: str) -> tuple[Person | None, Details | None]:
    """Somebody of the register, and what is known of him; nothing where it cannot be read any more."""
    with door().store.read() as unit:
        person = unit.register.person(id)
        with suppress(BoxUnreadable):
            return person, register().details(unit, person) if person and person.name != ERASED else None
    return person, None


def _years() -> tuple[int, bool]:
    """For how many years dossiers are kept at least, and whether some are kept for good: which one this is follows from
    its grade, of which parties are not told."""
    terms = settings().terms.values()
    return min((it for it in terms if it is not None), default=0), None in terms


def _number(name: str) -> int:
    asked = request.args.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
