"""What the parts of a dispute are called in a sentence: who, to whom, how much, by when. Reads facts, decides nothing."""

from __future__ import annotations

from collections.abc import Iterable

from mediation_engine.domain.formatting import short_day, short_sum
from mediation_engine.domain.occurred import Occurred, Precision
from mediation_engine.domain.presentation import Naming

from ..facts import MONEY, Obligation, Payment, facts_of
from ..vocabulary import VisitKind


def obligation(naming: Naming, key: str) -> str:
    """宏业→代管账户 30万元，11月20日前"""
    of = facts_of(naming.case).obligations.get(key)
    duty = owed(naming, of) if of else ""
    return f"{duty}，{short_day(of.due, naming.today)}前" if of and duty and of.due else duty


def owed(naming: Naming, of: Obligation) -> str:
    """Who owes what to whom, without the day; empty where nobody is named."""
    payer, payee = _named(naming, of.payer), _named(naming, of.payee)
    if of.custodian is not None:
        payer, payee = (payer, naming.name(of.custodian)) if of.into_custody else (naming.name(of.custodian), payee)
    what = short_sum(of.amount) if of.kind in MONEY and of.amount is not None else of.kind.label
    return _moved(payer, payee, what)


def payment(naming: Naming, key: str) -> str:
    """宏业→代管账户 30万元，11月20日"""
    of = facts_of(naming.case).payments.get(key)
    return f"{paid}{_when(naming, of)}" if of and (paid := _paid(naming, of)) else ""


def _paid(naming: Naming, of: Payment) -> str:
    what = short_sum(of.amount) if of.amount is not None else "金额不清楚"
    return _moved(_named(naming, of.payer) or payers(naming, of), _named(naming, of.payee) or payees(naming, of), what)


def payers(naming: Naming, of: Payment) -> str:
    """By whom it is owed what a payment was for; empty where it was for nothing that somebody owes."""
    return _names(naming, (it.payer for it in _owed(naming, of)))


def payees(naming: Naming, of: Payment) -> str:
    """To whom it is owed what a payment was for; empty where it was for nothing that is owed to somebody."""
    return _names(naming, (it.payee for it in _owed(naming, of)))


def _owed(naming: Naming, of: Payment) -> list[Obligation]:
    obligations = facts_of(naming.case).obligations
    keys = [share.obligation for share in of.shares] or [of.obligation or ""]
    return [obligations[key] for key in keys if key in obligations]


def _names(naming: Naming, keys: Iterable[str | None]) -> str:
    return "、".join(dict.fromkeys(naming.thing(key) for key in keys if key))


def _when(naming: Naming, of: Payment) -> str:
    if of.occurred.precision is Precision.UNREPORTED:
        return ""
    day = of.occurred.day
    return f"，{short_day(day, naming.today) if day else of.occurred.words()}"


def when(naming: Naming, occurred: Occurred) -> str:
    """When something happened, for a table: 11月6日 16:10; with the year, where it is not this one."""
    day = occurred.day
    if day is None:
        return occurred.words()
    time = f" {occurred.text[11:16]}" if occurred.precision is Precision.MINUTE else ""
    return f"{short_day(day, naming.today)}{time}"


def _moved(payer: str, payee: str, what: str) -> str:
    if payer and payee:
        return f"{payer}→{payee} {what}"
    return f"{payer} {what}" if payer else f"给{payee} {what}" if payee else ""


def _named(naming: Naming, party: str | None) -> str:
    return naming.thing(party) if party else ""


def confirmation(naming: Naming, key: str) -> str:
    """王某签署协议1"""
    of = facts_of(naming.case).confirmations.get(key)
    return f"{naming.thing(of.party)}签署{naming.numbered(of.agreement)}" if of else ""


def visit(naming: Naming, key: str) -> str:
    """走访王某，11月20日"""
    of = facts_of(naming.case).visits.get(key)
    if of is None:
        return ""
    whom = _named(naming, of.party)
    what = f"{whom}自己填的回访" if of.by_party else f"{'质量回访' if of.kind is VisitKind.QUALITY else '走访'}{whom}"
    day = of.made.day if of.made else of.due
    if day:
        return f"{what}，{short_day(day, naming.today)}"
    return what if whom else ""


def member(naming: Naming, key: str) -> str:
    """The role of somebody whose name is not told; who has a name is called by it."""
    of = facts_of(naming.case).members.get(key)
    return naming.name(of.role) if of else ""


def proceeding(naming: Naming, key: str) -> str:
    """司法确认1: counted among those of its kind."""
    all_ = facts_of(naming.case).proceedings
    of = all_.get(key)
    if of is None:
        return ""
    alike = [k for k, other in all_.items() if other.kind is of.kind]
    return f"{of.kind.label.partition('（')[0]}{alike.index(key) + 1}"
