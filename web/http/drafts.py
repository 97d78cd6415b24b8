"""What was typed when a sign-in had ended: kept, sealed, with the ended session until its owner is in again.

A form of our own pages in the same browser only. It is filled in again where it was typed, and given by nobody but its
owner. Each form is a draft of its own; one that is no longer wanted is dropped with a button.
"""

from __future__ import annotations

import json
from typing import TypedDict
from urllib.parse import urlencode

from flask import redirect, request, session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from ..security.headers import is_own
from ..security.sessions import DRAFT, mine
from ..security.totp import SeedUnreadable
from .request_context import door, reader, seals, settings

FORMS = frozenset(
    {
        "steps.step",
        "visits.sheet",
        "new_case.new",
        "applications.new",
        "corrections.correct",
        "people.edit",
        "particulars.edit",
        "handover.index",
        "calendar.take",
    }
)
"""Pages on which much is typed; their forms are opened at the address they are posted to."""
MOST = 200_000
"""Characters of a draft; of more none is kept."""
MANY = 5
"""So many are kept for one person; the oldest goes."""
LEFT_OUT = frozenset({"csrf_token", "do"})
FRESH = "fresh"
"""What the button says that drops a draft."""

Typed = MultiDict[str, str]


class Draft(TypedDict):
    """What was typed into one form."""

    path: str
    on: list[str]
    """What the step is about."""
    id: str
    """The id of the form: no two forms have the same."""
    typed: str
    """Sealed."""


def keep() -> bool:
    """Keep what was just posted by somebody whose sign-in had ended; whether there was anything to keep."""
    ours = request.method == "POST" and request.endpoint in FORMS and is_own(settings().web)
    if not ours or not mine().ended:
        return False
    pairs = [pair for pair in request.form.items(multi=True) if pair[0] not in LEFT_OUT]
    typed = json.dumps(pairs, ensure_ascii=False)
    with door().store.write() as unit:
        row = unit.accounts.sign_in(mine().ended)
        actor = unit.register.actor(row.actor) if row else None
        if row is None or actor is None or not actor.active or row.device != mine().device or len(typed) > MOST:
            return False
        draft = Draft(
            path=request.path,
            on=request.form.getlist("on"),
            id=request.form.get("id", ""),
            typed=seals().seal(_about(row.actor), typed),
        )
        kept = json.loads(row.kept)
        kept[DRAFT] = [*_but(kept.get(DRAFT, []), draft["path"], draft["id"]), draft][-MANY:]
        unit.accounts.go_on(row.key, seen=row.seen, kept=json.dumps(kept))
    mine().waits = True
    return True


def taken_over(actor: str) -> list[Draft]:
    """The drafts of the session that ended in this browser, for whoever signs in now if it is the same."""
    with door().store.read() as unit:
        row = unit.accounts.sign_in(mine().ended) if mine().ended else None
    return json.loads(row.kept).get(DRAFT, []) if row and row.actor == actor else []


def here() -> Typed | None:
    """The latest draft of this page; None where there is none about what it is opened for."""
    if request.method != "GET":
        return None
    on = request.args.getlist("on")
    mine_here = [d for d in session.get(DRAFT, []) if d["path"] == request.path and on in ([], d["on"])]
    try:
        opened = seals().open(_about(reader().actor.id), mine_here[-1]["typed"]) if mine_here else ""
    except SeedUnreadable:
        return None
    return MultiDict(map(tuple, json.loads(opened))) if opened else None


def done() -> None:
    """What was typed here has been given."""
    left = _but(session.get(DRAFT, []), request.path, request.form.get("id", ""))
    if len(left) < len(session.get(DRAFT, [])):
        session[DRAFT] = left


def dropped() -> Response | None:
    """To the form as it is without the draft, where that is not wanted any more; else None."""
    if request.method != "POST" or request.form.get("do") != FRESH:
        return None
    done()
    on = [("on", key) for key in request.form.getlist("on")]
    return redirect(f"{request.path}?{urlencode(on)}" if on else request.path, 303)


def _but(drafts: list[Draft], path: str, id: str) -> list[Draft]:
    """All but that of one form."""
    return [d for d in drafts if (d["path"], d["id"]) != (path, id)]


def _about(actor: str) -> str:
    return f"draft {actor}"
