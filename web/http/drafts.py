"""Drafts: what was typed into a form and not given yet, sealed for its owner, filled in again on any device.

Kept by a button, by the script while somebody types, and where a sign-in had ended before a form was posted: a form of
our own pages only. It is given by nobody but its owner. One that is no longer wanted is dropped with a button.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from flask import current_app, flash, g, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from mediation_engine.ports.drafts import Draft
from mediation_engine.ports.store import Unit
from mediation_engine.services.authorization import reach

from ..security.headers import is_own
from ..security.permissions import may
from ..security.sessions import DRAFT, mine
from ..security.totp import SeedUnreadable
from . import case_access, error_pages
from .form_data import storable
from .request_context import door, reader, seals, settings

FORMS = {
    "steps.step": "",
    "visits.sheet": "走访单",
    "new_case.new": "登记案件",
    "applications.new": "申请调解",
    "alerts.new": "登记警情",
    "matters.new": "登记事项",
    "meetings.new": "召集例会",
    "corrections.correct": "更正记录",
    "people.edit": "修改名册",
    "particulars.edit": "各人的资料",
    "handover.index": "移交案件",
    "calendar.take": "导入放假通知",
    "notes.new": "随手记",
    "settle.new": "一页办结",
}
"""Pages on which much is typed, and what their forms are called; that of a step by its command. A form is opened at the
address it is posted to."""
MOST = 200_000
"""Characters of a draft; of more none is kept."""
KEEP, FRESH = "keep", "fresh"
"""What the buttons say that keep a draft, and drop it."""
WHICH = "draft"
"""What an address calls the draft that a form is to be opened with."""
WHO = "who"
"""What a form calls who it was opened by."""
BY_SCRIPT = "by_script"
"""What a form says that a script sends, which goes on by itself."""
LEFT_OUT = frozenset({"csrf_token", "do", WHO, BY_SCRIPT})
FROM = "from"
"""What the form of a handover calls whose cases they are."""
WHOLLY = ("of", "application", "again", "jotting", "kind")
"""What a form calls what it is wholly about: one that is opened without it is another form."""
ABOUT = ("on", FROM, *WHOLLY)
"""What a form is opened again with, once its draft is dropped."""
TOO_LONG = f"填的内容太长（超过{MOST // 10_000}万字），没有存成草稿。请先办理一部分，或把长的文字作为材料交存。"
GIVEN = "这张表已经在别处办理过，没有再存成草稿。请看案件现在的情况。"
ENDED = "登录已经结束，刚才填的没有存成草稿。请另开一页登录，再回到这一页接着填。"
ENDED_KEPT = "登录已经结束，填的内容已存成草稿。请另开一页登录，再回到这一页接着填。"
KEPT = "草稿已存，还没有办理。"
ONWARD = "下次打开这张表，填的内容还在；点右上角您的名字，“草稿”里也列着。"
FILES = "选好的文件、照片没有存，下次请再选。"

Typed = MultiDict[str, str]


# -- one form


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The draft that a form is filled in with."""

    at: datetime
    others: int
    """How many more there are of the same page."""


def answer() -> Response | None:
    """The answer to a form that is to be kept or dropped; None for all else.

    Nobody looks at a case by keeping a draft: it is asked before the look, which is on record. 404 as `look`.
    """
    wanted = request.form.get("do") if request.method == "POST" else None
    if wanted == FRESH:
        return _dropped()
    if wanted != KEEP:
        return None
    if "case_id" in (request.view_args or {}):
        case_access.case((request.view_args or {})["case_id"])
    return _told(_keep(reader().actor.id))


def here() -> Typed | None:
    """The latest draft of this page, or the one that is asked for; None where there is none about what it is opened
    for."""
    if request.method != "GET":
        return None
    mine_here = [it for it in _own() if it.path == request.path]
    if WHICH in request.args:
        mine_here = [it for it in mine_here if it.form and it.form == request.args[WHICH]]
    if not mine_here:
        return None
    with door().store.read() as unit:
        found = [(it, typed) for it in mine_here if (typed := _typed(unit, it)) is not None]
    fitting = [(it, typed) for it, typed in found if WHICH in request.args or _fits(typed)]
    if not fitting:
        return None
    draft, typed = fitting[0]
    g.draft = Opened(at=draft.at, others=len(fitting) - 1)
    return typed


def done() -> None:
    """What was typed here has been given: its draft ends, and what arrives of this form late is kept no more, though
    nothing of it was kept before."""
    path, form, owner = request.path, _form(), reader().actor.id
    g.is_given = True
    if not form and not any((it.path, it.form) == (path, form) for it in mine().drafts):
        return
    with door().store.write() as unit:
        given = Draft(owner=owner, path=path, form=form, at=unit.now, given=True)
        if form:
            _put(unit, given, "")
        else:
            unit.drafts.end(given)


def drop(path: str, form: str) -> None:
    """End one of the reader's; nothing where there is none."""
    with door().store.write() as unit:
        unit.drafts.end(Draft(owner=reader().actor.id, path=storable(path), form=storable(form), at=unit.now))


def _dropped() -> Response:
    form = _form()
    drop(request.path, form)
    about = [(name, value) for name in ABOUT for value in request.form.getlist(name)]
    others = any(it.path == request.path and it.form != form for it in _own())
    asked = [*about, *([(WHICH, "")] if others else [])]
    return redirect(f"{request.path}?{urlencode(asked)}" if asked else request.path, 303)


def _fits(typed: Typed) -> bool:
    """Whether a draft is about what the address names: things of a case go by keys with a stroke."""
    named = {(name, value) for name, value in request.args.items(multi=True) if "/" in value or name == FROM}
    wholly = all(typed.get(name, "") == request.args.get(name, "") for name in WHOLLY)
    return wholly and named <= set(typed.items(multi=True))


# -- keeping


def keep_of_ended() -> str:
    """Keep what was just posted by somebody whose sign-in had ended; where to open it again, empty where nothing was
    kept."""
    if not _is_of_ours() or not mine().ended:
        return ""
    with door().store.read() as unit:
        row = unit.accounts.sign_in(mine().ended)
        actor = unit.register.actor(row.actor) if row else None
    if row is None or actor is None or not actor.active or row.device != mine().device or _keep(row.actor):
        return ""
    with door().store.write() as unit:
        unit.accounts.go_on(row.key, seen=row.seen, kept=json.dumps(json.loads(row.kept) | {DRAFT: True}))
    mine().waits = True
    return address(request.path, _form())


def keep_of_expired() -> Response | None:
    """The form again with what was posted from a page that is older than the sign-in, by the same person; else None.

    Its token is another's, so that the browser itself must say that the form is ours. Nothing is given by it.
    """
    said = {"Origin", "Sec-Fetch-Site"} & {name for name, _ in request.headers}
    who = g.get("reader")
    if not said or not _is_of_ours() or who is None or request.form.get(WHO) != who.actor.id:
        return None
    wrong = _keep(who.actor.id)
    if is_by_itself():
        return _told(wrong)
    if wrong or BY_SCRIPT in request.form:
        return None
    flash("这一页是登录以前打开的，没有办理。填的内容都在，请核对后再按一次按钮。")
    return redirect(address(request.path, _form()), 303)


def _form() -> str:
    """The id of the form that was posted; what a script sends one by one has ids of its own and says of which form."""
    return storable(request.form.get("of_form", request.form.get("id", ""))[:64])


def is_by_itself() -> bool:
    """Whether the script keeps what is typed, and nobody has pressed anything."""
    return request.form.get("do") == KEEP and BY_SCRIPT in request.form


def _is_of_ours() -> bool:
    return request.method == "POST" and request.endpoint in FORMS and is_own(settings().web)


def _keep(owner: str) -> str:
    """Keep what was posted; why not, empty where it is kept."""
    typed = json.dumps([it for it in request.form.items(multi=True) if it[0] not in LEFT_OUT], ensure_ascii=False)
    if len(typed) > MOST:
        return TOO_LONG
    sealed = seals().seal(_about(owner), typed)
    with door().store.write() as unit:
        draft = Draft(owner=owner, path=request.path, form=_form(), at=unit.now)
        before = {(it.path, it.form): it for it in unit.drafts.of(owner)}.get((draft.path, draft.form))
        if before is not None and before.given:
            return GIVEN
        _put(unit, draft, sealed)
    return ""


def _put(unit: Unit, draft: Draft, sealed: str) -> None:
    """Write one, and end those that are too old or too many."""
    limits = settings().drafts
    unit.drafts.end_older(unit.now - timedelta(days=limits.days))
    own = [it for it in unit.drafts.of(draft.owner) if (it.path, it.form) != (draft.path, draft.form)]
    unit.drafts.put(draft, sealed)
    for given in (False, True):
        most = limits.most - (draft.given is given)
        for it in [it for it in own if it.given is given][most:]:
            unit.drafts.end(it)


def _told(wrong: str) -> Response:
    """What comes of keeping: to a script that goes on by itself, to others back to the case."""
    status = {"": 204, TOO_LONG: 413}.get(wrong, 409)
    if is_by_itself():
        return Response(wrong, status, content_type="text/plain; charset=utf-8")
    if wrong:
        return error_pages.page(status, ("草稿没有存", f"{wrong}请按浏览器的“返回”，填的内容还在。"))
    case = (request.view_args or {}).get("case_id")
    files = FILES if any(it.filename for it in request.files.values()) else ""
    flash(KEPT + (ONWARD if case else "") + files)
    return redirect(url_for("cases.show", case_id=case) if case else url_for("drafts.index"), 303)


def _own() -> Sequence[Draft]:
    """The reader's, the latest first."""
    now = mine().now
    oldest = now - timedelta(days=settings().drafts.days) if now else None
    return [it for it in mine().drafts if not it.given and oldest and it.at >= oldest]


def _typed(unit: Unit, draft: Draft) -> Typed | None:
    """What was typed; None where it cannot be opened any more."""
    try:
        opened = seals().open(_about(draft.owner), unit.drafts.sealed(draft))
    except SeedUnreadable:
        return None
    return MultiDict(map(tuple, json.loads(opened)))


def _about(owner: str) -> str:
    return f"draft {owner}"


# -- all of somebody's


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A draft in a list."""

    words: str
    """What the form is called."""
    number: str
    """Of its case; empty where it is of none."""
    case: str
    """The case (id); empty where it is of none."""
    address: str
    """Where it is opened."""
    at: datetime
    draft: Draft


def listed(unit: Unit, case: str = "") -> list[Listed]:
    """The reader's drafts that can be opened, the latest first; or those of one case."""
    if not (mine_now := _own()):
        return []
    own = reach(unit.register, reader().actor.organisation)
    found = (_listed(unit, own, it) for it in mine_now)
    return [it for it in found if it is not None and case in ("", it.case)]


def _listed(unit: Unit, own: frozenset[str], draft: Draft) -> Listed | None:
    """A draft in words; None where the reader may not open it."""
    try:
        endpoint, given = current_app.url_map.bind("").match(draft.path, method="GET")
    except HTTPException:
        return None
    if endpoint not in FORMS or not may(reader(), endpoint):
        return None
    case = given.get("case_id", "")
    there = unit.views.row(case) if case else None
    if case and (there is None or there.organisation not in own):
        return None
    words, number = FORMS[endpoint], there.number or "尚无案号" if there else ""
    if endpoint == "steps.step":
        kind = door().catalogue.reading(there.workflow if there else "")
        command = kind.commands.get(given["command"]) if kind else None
        words = command.label if command else "办理一步"
    where = address(draft.path, draft.form)
    return Listed(words=words, number=number, case=case, address=where, at=draft.at, draft=draft)


def address(path: str, form: str) -> str:
    """Where a draft is opened."""
    return f"{path}?{urlencode({WHICH: form})}" if form else path
