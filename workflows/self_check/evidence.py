"""证据收集是否恰当: whether what the record tells can have been so (真实性)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from mediation_engine.domain.self_check import CheckFinding, CheckReading, Mend, Weight

from ..facts import facts_of
from ..parts.ledger import paid_for
from ..parts.queries import STRENGTHENING, binds, obligations_of
from ..parts.states import ObligationState
from ..vocabulary import Side
from .heads import CheckHead, marked, rule


def _paid_before(reading: CheckReading) -> Iterator[CheckFinding]:
    """What is said to perform an agreement was paid before the room had the case; unless that is agreed to count."""
    case, facts = reading.case, facts_of(reading.case)
    for key, payment in facts.payments.items():
        since = facts.accepted
        if since is None or payment.credited or not payment.occurred.is_before(since):
            continue
        if payment.obligation or payment.agreement or paid_for(case, key):
            words = f"{reading.thing(key)}（{payment.occurred.words()}）早于受理（{since.words()}）"
            yield CheckFinding(about=key, words=words, mends=(Mend(line=case.instances[key].version),))


def _all_in_one_day(reading: CheckReading) -> Iterator[CheckFinding]:
    """Agreed, performed and taken to be confirmed on one day, and nobody is known to have talked."""
    case, facts = reading.case, facts_of(reading.case)
    for key, held in facts.agreements.items():
        day = held.effective.day if held.effective else None
        duties = obligations_of(case, key)
        filings = [p for p in facts.proceedings.values() if p.agreement == key and p.kind in STRENGTHENING]
        done = bool(duties) and all(case.is_in(k, ObligationState.PERFORMED) for k in duties)
        days = {held.reached.day, day, *(p.filed and p.filed.day for p in filings)}
        days |= {p.occurred.day for k, p in facts.payments.items() if set(duties) & set(paid_for(case, k))}
        if filings and done and days == {day} and day is not None and not _talked(reading):
            words = f"{reading.numbered(key)}谈妥、履行、申请确认都在{held.reached.words()}，没有会议或沟通的记录"
            yield CheckFinding(about=key, words=words, mends=(Mend(step="RecordSession"),))


def _talked(reading: CheckReading) -> bool:
    facts = facts_of(reading.case)
    return facts.sessions_held() > 0 or any(block.talks for block in facts.blocks.values())


def _nobody_talked(reading: CheckReading) -> Iterator[CheckFinding]:
    bound = [key for key in facts_of(reading.case).agreements if binds(reading.case, key)]
    if bound and not _talked(reading):
        words = f"{reading.numbered(bound[0])}已生效，没有一次会议或沟通的记录，看不出是怎样谈成的"
        yield CheckFinding(words=words, mends=(Mend(step="RecordSession"),))


def _one_telephone(reading: CheckReading) -> Iterator[CheckFinding]:
    facts = facts_of(reading.case)
    sides = [[k for k, p in facts.parties.items() if p.side is side] for side in (Side.APPLICANT, Side.RESPONDENT)]
    for one, other in product(*sides):
        if not set(reading.telephones(one)).isdisjoint(reading.telephones(other)):
            words = f"{reading.thing(one)}与{reading.thing(other)}登记的是同一个电话"
            mends = tuple(Mend(person=facts.parties[key].person) for key in (one, other))
            yield CheckFinding(about=f"{one} {other}", words=words, mends=mends)


RULES = (
    rule(
        code="marked_evidence",
        label="材料和付款注明的瑕疵",
        tells="收存材料、记付款时就注明不合规的",
        basis="人民调解法 第31条",
        head=CheckHead.EVIDENCE,
        weight=Weight.MIDDLE,
        finds=marked("exhibit", "payment", "batch"),
    ),
    rule(
        code="paid_before_acceptance",
        label="付款早于受理",
        tells="记作履行协议的付款，日期早于受理，也没有写明约定抵作已付",
        basis="policy",
        head=CheckHead.EVIDENCE,
        weight=Weight.HEAVY,
        finds=_paid_before,
    ),
    rule(
        code="all_in_one_day",
        label="一天之内全部办完",
        tells="谈妥、履行、申请确认在同一天，没有任何会议或沟通记录",
        basis="policy",
        head=CheckHead.EVIDENCE,
        weight=Weight.HEAVY,
        finds=_all_in_one_day,
    ),
    rule(
        code="no_talks",
        label="没有调解经过",
        tells="协议已生效，没有记过一次会议或分头沟通",
        basis="人民调解法 第27条",
        head=CheckHead.EVIDENCE,
        weight=Weight.MIDDLE,
        finds=_nobody_talked,
    ),
    rule(
        code="one_telephone",
        label="双方是同一个电话",
        tells="申请人和被申请人登记的电话相同（只比对，不显示号码）",
        basis="policy",
        head=CheckHead.EVIDENCE,
        weight=Weight.HEAVY,
        finds=_one_telephone,
    ),
)
