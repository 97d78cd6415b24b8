"""The moments of a dispute that a step may not come before: as gates for what the office does, as marks for the rest.

The order of days is plain sense, and policy where no article says it.
"""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.case import Situation
from mediation_engine.domain.chronology import Happened, Moment, not_before

from ..facts import Agreement, facts_of
from .states import ConfirmationState, PaymentState

SIGNED = (ConfirmationState.GIVEN, ConfirmationState.HELD, ConfirmationState.DENIED)
"""States of a confirmation that was given, whatever it is worth."""


def _registered(s: Situation) -> Iterator[Happened]:
    yield None, facts_of(s).registered or facts_of(s).submitted


def _accepted(s: Situation) -> Iterator[Happened]:
    yield None, facts_of(s).accepted


def _met(s: Situation) -> Iterator[Happened]:
    for key, session in facts_of(s).sessions.items():
        yield key, session.held


def _agreement(s: Situation) -> Iterator[tuple[str, Agreement]]:
    """The agreement a step is about, where it is about one."""
    facts, key = facts_of(s), s.key or ""
    part = facts.confirmations.get(key) or facts.visits.get(key) or facts.obligations.get(key) or s.given
    named = key if key in facts.agreements else getattr(part, "agreement", None) or ""
    if named in facts.agreements:
        yield named, facts.agreements[named]


def _reached(s: Situation) -> Iterator[Happened]:
    for key, agreement in _agreement(s):
        yield key, agreement.reached


def _drafted(s: Situation) -> Iterator[Happened]:
    for key, agreement in _agreement(s):
        yield key, agreement.drafted


def _confirmed(s: Situation) -> Iterator[Happened]:
    """The signatures to the present text of an agreement; or the one that a step is about."""
    facts = facts_of(s)
    for key, it in facts.confirmations.items():
        mine = key == s.key or (it.agreement == s.key and it.text_hash == facts.agreements[it.agreement].text_hash)
        if mine and s.case.is_in(key, *SIGNED):
            yield key, it.ratified or it.occurred


def _signed(s: Situation) -> Iterator[Happened]:
    for key, agreement in _agreement(s):
        yield key, agreement.mediator_signed


def _effective(s: Situation) -> Iterator[Happened]:
    for key, agreement in _agreement(s):
        yield key, agreement.effective


def _first_effective(s: Situation) -> Iterator[Happened]:
    """The effect of the agreement that is followed up; where nobody says which, of the first that took effect."""
    facts, own = facts_of(s), list(_effective(s))
    if own:
        yield from own
        return
    known = [(a.effective.text, k) for k, a in facts.agreements.items() if a.effective and a.effective.first_day()]
    if known:
        _, first = min(known)
        yield first, facts.agreements[first].effective


def _all_effective(s: Situation) -> Iterator[Happened]:
    for key, agreement in facts_of(s).agreements.items():
        yield key, agreement.effective


def _paid(s: Situation) -> Iterator[Happened]:
    for key, payment in facts_of(s).payments.items():
        if s.case.is_in(key, PaymentState.RECORDED):
            yield key, payment.occurred


def _sent(s: Situation) -> Iterator[Happened]:
    """The payment that a step is about."""
    payment = facts_of(s).payments.get(s.key or "")
    if payment is not None:
        yield s.key, payment.occurred


def _settled(s: Situation) -> Iterator[Happened]:
    """Performance and breach that are on record as such; what the ledger shows has its payments."""
    for key, owed in facts_of(s).obligations.items():
        yield key, owed.settled


def _told(s: Situation) -> Iterator[Happened]:
    for key, party in facts_of(s).parties.items():
        yield key, party.remedy_told


def _filed(s: Situation) -> Iterator[Happened]:
    held = facts_of(s).proceedings.get(s.key or "")
    if held is not None:
        yield s.key, held.filed


def _decided(s: Situation) -> Iterator[Happened]:
    """What came of the proceeding a step is about; of all where it is about none."""
    for key, held in facts_of(s).proceedings.items():
        if s.key in (None, key) or s.key not in facts_of(s).proceedings:
            yield key, held.decided


AFTER_REGISTRATION = not_before(Moment("registered", "登记（申请）的日期", _registered))
AFTER_ACCEPTANCE = not_before(Moment("accepted", "受理的日期", _accepted))
AFTER_MEETINGS = not_before(Moment("met", "已经开过的会议", _met))
AFTER_REACHING = not_before(Moment("reached", "谈妥的日期", _reached))
AFTER_DRAFTING = not_before(Moment("drafted", "这份协议书文本拟定的日期", _drafted))
AFTER_CONFIRMING = not_before(Moment("confirmed", "当事人签署的日期", _confirmed))
AFTER_MEDIATOR = not_before(Moment("signed", "调解员签名的日期", _signed))
AFTER_EFFECT = not_before(Moment("effective", "协议生效的日期", _effective))
AFTER_FIRST_EFFECT = not_before(Moment("first_effective", "协议生效的日期", _first_effective))
AFTER_ALL_EFFECT = not_before(Moment("all_effective", "最后一份协议生效的日期", _all_effective))
AFTER_PAYMENTS = not_before(Moment("paid", "最后一笔付款的日期", _paid))
AFTER_SENDING = not_before(Moment("sent", "这笔款付出的日期", _sent))
AFTER_PERFORMANCE = not_before(Moment("settled", "最近一次履行或违约的日期", _settled))
AFTER_REMEDIES = not_before(Moment("told", "告知其他救济途径的日期", _told))
AFTER_FILING = not_before(Moment("filed", "提出该申请或起诉的日期", _filed))
AFTER_DECISION = not_before(Moment("decided", "裁判或和解的日期", _decided))
