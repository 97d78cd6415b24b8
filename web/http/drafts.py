"""What was typed when a sign-in had ended: kept, sealed, with the ended session until its owner is in again.

A form of the same browser only: the cookie of the ended session does not go along with a request from elsewhere. It is
filled in again where it was typed, and given by nobody but its owner.
"""

from __future__ import annotations

import json

from flask import request, session
from werkzeug.datastructures import MultiDict

from ..security.sessions import DRAFT, mine
from ..security.totp import SeedUnreadable
from .request_context import door, reader, seals

FORMS = frozenset({"steps.step", "new_case.new", "corrections.correct"})
"""Pages on which much is typed; their forms are opened at the address they are posted to."""
MOST = 200_000
"""Characters of a draft; of more none is kept."""
LEFT_OUT = frozenset({"csrf_token", "do"})

Typed = MultiDict[str, str]


def keep() -> bool:
    """Keep what was just posted by somebody whose sign-in had ended; whether there was anything to keep."""
    if request.method != "POST" or request.endpoint not in FORMS or not mine().ended:
        return False
    typed = json.dumps([pair for pair in request.form.items(multi=True) if pair[0] not in LEFT_OUT])
    with door().store.write() as unit:
        row = unit.accounts.sign_in(mine().ended)
        actor = unit.register.actor(row.actor) if row else None
        if row is None or actor is None or not actor.active or row.device != mine().device or len(typed) > MOST:
            return False
        draft = {"path": request.path, "typed": seals().seal(_about(row.actor), typed)}
        unit.accounts.go_on(row.key, seen=row.seen, kept=json.dumps(json.loads(row.kept) | {DRAFT: draft}))
    mine().waits = True
    return True


def taken_over(actor: str) -> dict[str, str] | None:
    """The draft of the session that ended in this browser, for whoever signs in now if it is the same."""
    with door().store.read() as unit:
        row = unit.accounts.sign_in(mine().ended) if mine().ended else None
    return json.loads(row.kept).get(DRAFT) if row and row.actor == actor else None


def here() -> Typed | None:
    """The draft of this page; None where there is none, or it is posted already."""
    draft = session.get(DRAFT)
    if request.method != "GET" or not draft or draft["path"] != request.path:
        return None
    try:
        return MultiDict(map(tuple, json.loads(seals().open(_about(reader().actor.id), draft["typed"]))))
    except SeedUnreadable:
        return None


def done() -> None:
    """What was typed here has been given, or is not wanted any more."""
    if session.get(DRAFT, {}).get("path") == request.path:
        session.pop(DRAFT)


def _about(actor: str) -> str:
    return f"draft {actor}"
