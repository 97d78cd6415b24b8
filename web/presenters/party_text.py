"""An agreement as somebody reads it who is asked whether he agrees: plain words, then all of it; what he has said."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from mediation_engine.adapters.papers.html import article
from mediation_engine.domain.formatting import day_words, ordinal_words, sum_words
from mediation_engine.domain.line import Line
from mediation_engine.domain.occurred import Occurred
from mediation_engine.papers.text import cleaned
from workflows.facts import Agreement, Term, facts_of
from workflows.papers.agreement import oral, text
from workflows.papers.parties import is_labour
from workflows.parts.cards import lunar_words
from workflows.parts.online import MEANINGS, Meaning, meaning_of
from workflows.parts.states import ConfirmationState
from workflows.vocabulary import AgreementForm, TermKind

from .papers import PaperDesk

SHOWN = 12
"""So many characters of a text's digest are shown."""
ANSWERABLE = frozenset({ConfirmationState.AWAITED, ConfirmationState.OBJECTED, ConfirmationState.DECLINED})
"""States in which one may agree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What one clause asks for, in plain words."""

    number: str
    words: str
    facts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyText:
    """One text put to somebody."""

    agreement: str
    """The key."""
    title: str
    short: str
    """Of its digest."""
    text_hash: str
    mine: Sequence[Duty]
    theirs: Sequence[Duty]
    others: Sequence[Duty]
    """What nobody in particular is named for."""
    total: str
    default: str
    """What happens where it is not done."""
    onward: Sequence[str]
    """What may be asked for afterwards."""
    clauses: Sequence[tuple[int, str]]
    keys: Sequence[str]
    """The confirmations."""
    states: Collection[str]
    meaning: Meaning | None
    """What agreeing would mean now."""
    said: Said | None
    is_voided: bool
    """Whether an earlier text of the same was confirmed and is so no more."""
    version: int

    @property
    def is_open(self) -> bool:
        """Whether one may agree now."""
        return self.meaning is not None and bool({it.value for it in ANSWERABLE} & set(self.states))

    @property
    def is_signed(self) -> bool:
        return set(self.states) <= {ConfirmationState.GIVEN.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody has said to a text."""

    answer: str
    """agree | object | decline"""
    when: Occurred | None
    after: Sequence[str]
    code: str
    """Of the receipt."""


def text_for(desk: PaperDesk, capacity: str, agreement: str, keys: Sequence[str]) -> PartyText:
    """A text as it is put to who acts in a capacity; `keys` are the confirmations asked of those parties."""
    case, of = desk.case, facts_of(desk.case).agreements[agreement]
    held = facts_of(case).confirmations
    own = {held[key].party for key in keys}
    duties = [(term.payer, _duty(desk, number, term)) for number, term in _duties(of)]
    return PartyText(
        agreement=agreement,
        title=desk.numbered(agreement),
        short=(of.text_hash or "")[:SHOWN],
        text_hash=of.text_hash or "",
        mine=[duty for payer, duty in duties if payer in own],
        theirs=[duty for payer, duty in duties if payer is not None and payer not in own],
        others=[duty for payer, duty in duties if payer is None],
        total=sum_words(of.total) if of.total is not None else "",
        default=_default(desk, of, agreement),
        onward=_onward(desk, agreement),
        clauses=[(n, f"第{ordinal_words(n)}条　{desk.said(t.words)}"[:60]) for n, t in enumerate(of.terms, 1)],
        keys=keys,
        states=[case.state(key) or "" for key in keys],
        meaning=meaning_of(case, keys[0], capacity),
        said=_said(desk, keys),
        is_voided=any(
            it.agreement == agreement and it.party in own and it.online_at and case.is_in(key, ConfirmationState.VOID)
            for key, it in held.items()
        ),
        version=of.text_version,
    )


def whole_text(desk: PaperDesk, agreement: str) -> str:
    """All of it, as it is signed, or as it was said, with numbers masked."""
    is_written = facts_of(desk.case).agreements[agreement].form is AgreementForm.WRITTEN
    return article(cleaned(text(desk, agreement) if is_written else oral(desk, agreement)))


def _duties(of: Agreement) -> Iterator[tuple[int, Term]]:
    """The clauses that somebody has to do as they stand; those that are only parted are told by their parts."""
    parents = {term.part_of for term in of.terms}
    return ((n, term) for n, term in enumerate(of.terms, 1) if n not in parents and n not in of.left_out)


def _duty(desk: PaperDesk, number: int, term: Term) -> Duty:
    return Duty(number=f"第{ordinal_words(number)}条", words=desk.said(term.words), facts=[*_facts(desk, term)])


def _facts(desk: PaperDesk, term: Term) -> Iterator[tuple[str, str]]:
    pays = term.kind in (TermKind.PAY, TermKind.PAID)
    if term.payer:
        yield "谁", desk.thing(term.payer)
    if term.payee:
        yield "付给谁" if pays else "对谁", desk.thing(term.payee)
    if term.amount is not None:
        yield "已付" if term.kind is TermKind.PAID else "多少", sum_words(term.amount)
    if term.formula:
        yield "怎么算", desk.said(term.formula)
    if term.due:
        lunar = lunar_words(desk, term)
        yield "什么时候", f"{day_words(term.due)}{f'（{lunar}）' if lunar else ''}以前"
    if term.trigger:
        yield "条件", desk.said(term.trigger)
    if term.custodian:
        yield "钱经谁转", desk.name(term.custodian)
    if term.default:
        yield "不做到", desk.said(term.default)


def _default(desk: PaperDesk, of: Agreement, key: str) -> str:
    """人民调解法 第32条; 劳动争议调解仲裁法 第15条."""
    own = "协议里写明了的，按协议；" if any(term.default for term in of.terms) else ""
    way = "申请劳动仲裁" if is_labour(desk, key) else "向法院起诉"
    return f"{own}生效以后一方不照着做的，另一方可以找调解室催，也可以{way}。"


def _onward(desk: PaperDesk, key: str) -> Sequence[str]:
    """人民调解法 第23、33条; 劳动人事争议 调解协议的仲裁审查."""
    later = (
        "协议生效起15天内，双方可以一起请劳动仲裁委审查协议（仲裁审查确认）；通过了换成仲裁调解书，不照做可以申请强制执行。"
        if is_labour(desk, key)
        else "协议生效起30天内，双方可以一起申请法院司法确认；确认了，不照做可以申请强制执行。"
    )
    return (later, "调解不收钱。您可以不同意，可以要求改，可以到调解室当面说，也可以不再调解。")


ANSWERS = {"OnlineConfirmed": "agree", "ObjectionRaised": "object", "SigningDeclined": "decline"}


def receipt_code(line: Line) -> str:
    """By which a party asks about what it has sent."""
    return line.command_id[:8].upper()


def _said(desk: PaperDesk, keys: Sequence[str]) -> Said | None:
    """The last that was said by telephone to this text."""
    lines = [it.line for it in desk.view.lines if it.line.instance in keys and it.line.event in ANSWERS]
    if not lines or lines[-1].office != "representative":
        return None
    last = lines[-1]
    answer, held = ANSWERS[last.event], facts_of(desk.case).confirmations[last.instance]
    if answer == "agree" and held.online is None:
        return None
    return Said(
        answer=answer,
        when=last.occurred,
        after=_after(held.online.value) if answer == "agree" and held.online else (),
        code=receipt_code(last),
    )


def _after(code: str) -> Sequence[str]:
    return next(it.after for it in MEANINGS if it.code.value == code)
