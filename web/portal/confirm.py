"""看协议、表态: a summary in plain words, the whole text, the PIN once more; then a receipt.

Nothing is written before the last press. What is said is bound to the text that was shown, and given through the door
as the act of a representative.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from markupsafe import Markup

from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import Text
from mediation_engine.domain.masking import hidden_number
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import Office
from mediation_engine.errors import CommandIdReused, Refused, StaleInstance, UnfitText
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.ports.links import Link
from workflows.facts import facts_of
from workflows.parts.confirmation import ConfirmOnline, DeclineToSign, RaiseObjection
from workflows.parts.states import ConfirmationState

from ..http.link_session import page, phone_mark
from ..http.request_context import door, register, room_key, settings
from ..presenters.papers import PaperDesk, desk_of
from ..presenters.party_text import ANSWERABLE, PartyText, text_for, whole_text
from ..security import links, party_links
from ..security.party_links import PARTY_LINK
from .entry import Answer, Gone, TextChanged, party_pages, seen, visitor
from .press import PinWrong, asks_four, check_pin, number, pressed

pages = party_pages("confirm")
AGREE, OBJECT, DECLINE = "agree", "object", "decline"
ANSWERS = {AGREE: "同意", OBJECT: "我有意见", DECLINE: "不同意"}
LONGEST_PRESENT, LONGEST_WORDS = 200, 2000
TOO_LONG = "写得太长了，最多{most}个字；您写的都还在，请删短一些再提交，或者分两次说"
MOVED = "刚有变动，没有记下。请回到第一页再看一遍。"
EMPTY = "请写一写有什么意见，比如哪里不对、想怎么改"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What somebody who is in has before him."""

    link: Link
    paper: PaperDesk
    texts: dict[str, PartyText]

    def chosen(self) -> PartyText | None:
        """The text that is asked for, else the first that waits for an answer, else the first."""
        asked = request.values.get("text", "")
        waiting = [key for key, it in self.texts.items() if it.is_open]
        return self.texts.get(asked) or next((self.texts[key] for key in (*waiting, *self.texts)), None)


@pages.get("")
def summary() -> Answer:
    """What the text asks of whom, in plain words; where none waits for an answer, how the case stands."""
    desk = _desk("party summary")
    text = desk.chosen()
    if text is None or not (text.is_open or request.values.get("text")):
        return redirect(url_for("portal.home"))
    return page("portal/summary.html", desk=desk, text=text, told=_told(desk))


@pages.get("/text")
def whole() -> Answer:
    """All of the text, and the three answers."""
    desk = _desk("party text")
    text = desk.chosen()
    if text is None:
        raise Gone
    return page("portal/text.html", text=text, article=Markup(whole_text(desk.paper, text.agreement)), answers=ANSWERS)


@pages.route("/answer", methods=["GET", "POST"])
def answer() -> Answer:
    """What is about to be said, with the PIN once more; and to say it."""
    desk = _desk("")
    text, wanted = desk.chosen(), request.values.get("answer", "")
    if text is None or wanted not in ANSWERS:
        raise Gone
    if request.values.get("hash") != text.text_hash:
        raise TextChanged
    if wanted == AGREE and text.meaning is None:  # it was signed meanwhile, say
        return redirect(url_for("portal.home"))
    if request.method == "POST" and wanted != OBJECT and _is_said(desk, wanted):
        return redirect(url_for("confirm.receipt", text=text.agreement), 303)
    if request.method == "GET":
        return _check(desk, text, wanted)
    try:
        return _said(desk, text, wanted)
    except (PinWrong, UnfitText) as fault:
        return _check(desk, text, wanted, wrong=fault.sentence), 422
    except (Refused, StaleInstance, CommandIdReused) as fault:
        refusals = fault.refusals if isinstance(fault, Refused) else ()
        said = "；".join(r.sentence for r in refusals) or MOVED
        return _check(desk, text, wanted, wrong=said, again=True), 409


@pages.get("/receipt")
def receipt() -> Answer:
    """What was said, what it means, and a code to ask by."""
    desk = _desk("")
    text = desk.chosen()
    if text is None or text.said is None:
        return redirect(url_for("confirm.summary"))
    return page("portal/receipt.html", text=text, told=_told(desk), window=desk.link.window)


def _desk(what: str) -> Desk:
    """Whoever is in, and what is put to him; the look is on record where it is one. Gone, TextChanged."""
    who = visitor()
    view = seen(who, what, Office.AUDITOR)  # all that is joint: a text names both sides
    paper = desk_of(view, door().store, register(), whole=False, number=hidden_number, **settings().for_papers())
    texts = {
        agreement: text_for(paper, who.link.instance, agreement, keys)
        for agreement, keys in party_links.texts_of(view.case, who.link.instance).items()
    }
    return Desk(link=who.link, paper=paper, texts=texts)


def _told(desk: Desk) -> dict[str, Any]:
    """Whom one speaks for, and who handles the case."""
    own = party_links.principals(desk.paper.case, desk.link.instance)
    names = [desk.paper.thing(key) for key in own]
    mediators = desk.paper.mediators()
    whom, is_self = "、".join(names), own == (desk.link.instance,)
    return {"whom": whom, "is_self": is_self, "mediator": mediators[0] if mediators else ""}


def _check(desk: Desk, text: PartyText, wanted: str, **more: Any) -> str:
    """The page before the last press, with all that was filled in."""
    return page(
        "portal/check.html",
        text=text,
        answer=wanted,
        label=ANSWERS[wanted],
        id=number() or new_id(system_randomness, 16),
        words=request.form.get("words", ""),
        clause=request.form.get("clause", ""),
        present=request.form.get("present", _told(desk)["mediator"]),
        window=desk.link.window,
        asks_four=asks_four(desk.link),
        **more,
    )


def _is_said(desk: Desk, wanted: str) -> bool:
    """Whether it was said before by the very same press, whose answer was lost."""
    command = ConfirmOnline if wanted == AGREE else DeclineToSign
    return any(pressed((it.line for it in desk.paper.view.lines), desk.link, command, number()))


def _said(desk: Desk, text: PartyText, wanted: str) -> Answer:
    """Ask for the PIN, then give the orders. PinWrong; whatever the door refuses."""
    form, link = request.form, desk.link
    if wanted == OBJECT and not form.get("words", "").strip():
        return _check(desk, text, wanted, wrong=EMPTY), 422
    for name, longest in (("words", LONGEST_WORDS), ("present", LONGEST_PRESENT)):
        if len(_typed(name)) > longest:
            return _check(desk, text, wanted, wrong=TOO_LONG.format(most=longest)), 422
    id = number()
    if not id:
        return _check(desk, text, wanted, wrong=MOVED), 422
    check_pin(link)
    phone = party_links.phone_key(room_key(), phone_mark() or link.id)
    is_shared = party_links.is_shared(door(), desk.paper.case, link, phone)
    for n, (command, on) in enumerate(_commands(desk, text, wanted, is_shared=is_shared)):
        order = Order(
            id=f"{id}-{n}" if n else id,
            case=link.case,
            command=command,
            actor=link.person,
            office=PARTY_LINK.office,
            on=on,
            capacity=link.instance,
        )
        door().submit(order)
    links.stay(door().store, link, used=True, phone=phone)
    return redirect(url_for("confirm.receipt", text=text.agreement), 303)


def _commands(desk: Desk, text: PartyText, wanted: str, *, is_shared: bool) -> list[tuple[Command, tuple[str, ...]]]:
    """What is said, and to which confirmations: those that can take it; all, where none can, to be told why."""
    case, form = desk.paper.case, request.form
    if wanted == AGREE:
        meaning = text.meaning
        if meaning is None:
            raise Gone
        present = _typed("present")
        command = ConfirmOnline(
            text_hash=text.text_hash,
            meaning=meaning.code,
            at_window=desk.link.window,
            shared=is_shared,
            present=Text(present) if desk.link.window and present else None,
        )
        return [(command, _fit(case, text, *ANSWERABLE))]
    if wanted == DECLINE:
        return [
            (DeclineToSign(), _fit(case, text, *ANSWERABLE - {ConfirmationState.DECLINED}, ConfirmationState.ONLINE))
        ]
    words, number = Text(_typed("words")), form.get("clause", "")
    clause = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else None
    held = facts_of(case).confirmations
    return [
        (RaiseObjection(text_hash=text.text_hash, party=held[key].party, clause=clause, words=words), (key,))
        for key in _fit(case, text, *ANSWERABLE, ConfirmationState.ONLINE)
    ]


def _typed(name: str) -> str:
    """What was typed: a browser sends an end of line as two."""
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def _fit(case: Any, text: PartyText, *states: ConfirmationState) -> tuple[str, ...]:
    return tuple(key for key in text.keys if case.is_in(key, *states)) or tuple(text.keys)
