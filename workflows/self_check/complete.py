"""材料是否齐全: what the places of the dossier want by now, and what lies beside each thing (人民调解法 第27条)."""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.formatting import heading
from mediation_engine.domain.self_check import CheckFinding, CheckReading, Mend, Weight

from ..facts import facts_of
from ..papers.dossier import filed, missing
from ..parts.queries import binds
from ..parts.states import PartyState, PaymentState
from ..vocabulary import AgreementForm, DossierPlace, ExhibitKind
from .heads import CheckHead, rule

FILE = "FileExhibit"


def unseen(reading: CheckReading) -> bool:
    """Whether there are exhibits of which the reader is not told what they are: then nothing is known to be missing."""
    return any(it.kind is None for it in filed(reading.case).values())


def _missing(reading: CheckReading) -> Iterator[CheckFinding]:
    for it in [] if unseen(reading) else missing(reading.case, reading.dossier):
        rule, whose = it.rule, heading([reading.thing(key) for key in it.of])
        given = {"place": rule.place.code} | ({"party": it.of[0]} if it.of else {})
        yield CheckFinding(
            about=rule.place.code,
            words=f"卷内还缺“{rule.place.label}”{f'：{whose}的' if whose else ''}（{rule.since}应有）",
            mends=(Mend(step=FILE, given=given),),
            weight=None if rule.must else Weight.LIGHT,
        )


def _has_place(reading: CheckReading, place: DossierPlace) -> bool:
    return not unseen(reading) and any(it.place is place for it in filed(reading.case).values())


def _copy_missing(reading: CheckReading) -> Iterator[CheckFinding]:
    """Of one agreement among several, where others have theirs; where none has any, the place is missing."""
    case, facts = reading.case, facts_of(reading.case)
    signed = [it for it in filed(case).values() if it.place is DossierPlace.AGREEMENT]
    if not _has_place(reading, DossierPlace.AGREEMENT) or any(not it.about for it in signed):
        return
    for key, held in facts.agreements.items():
        sheets = {c.sheet for c in facts.confirmations.values() if c.agreement == key}
        own = any(key in it.about for it in signed) or any(sheet in filed(case) for sheet in sheets)
        if binds(case, key) and held.form is AgreementForm.WRITTEN and not held.by_court and not own:
            given = {"kind": ExhibitKind.SIGNED.code, "agreement": key}
            words = f"{reading.numbered(key)}已生效，没有收存签好的协议书"
            yield CheckFinding(about=key, words=words, mends=(Mend(step=FILE, given=given),))


def _proof_missing(reading: CheckReading) -> Iterator[CheckFinding]:
    """Of one payment among several, where others have theirs."""
    case, facts = reading.case, facts_of(reading.case)
    proofs = [it for it in filed(case).values() if it.place is DossierPlace.RECEIPT]
    if not _has_place(reading, DossierPlace.RECEIPT) or any(not it.about for it in proofs):
        return
    proven = {key for it in proofs for key in it.about}
    for key, payment in facts.payments.items():
        belongs = {key, payment.batch, payment.agreement}
        if case.is_in(key, PaymentState.RECORDED) and proven.isdisjoint(belongs):
            given = {"kind": ExhibitKind.RECEIPT.code, "payment": key}
            words = f"{reading.thing(key)}：没有收条或转账凭证"
            yield CheckFinding(about=key, words=words, mends=(Mend(step=FILE, given=given),))


NAMED = 3


def _unreachable(reading: CheckReading) -> Iterator[CheckFinding]:
    """One finding however many they are: a group can be of hundreds."""
    case, facts = reading.case, facts_of(reading.case)
    lacking = []
    for key, party in facts.parties.items():
        acting = [k for k, c in facts.capacities.items() if key in c.principals]
        here = facts.accepted is not None and not case.is_in(key, PartyState.LEFT)
        if here and not any(reading.telephones(k) for k in (key, *acting)):
            lacking.append((key, party.person))
    if lacking:
        names = "、".join(reading.thing(key) for key, _ in lacking[:NAMED])
        rest = f"等{len(lacking)}位" if len(lacking) > NAMED else ""
        mends = tuple(Mend(person=person) for _, person in lacking[:NAMED])
        yield CheckFinding(words=f"没有{names}{rest}的电话，也没有代理人的", mends=mends)


RULES = (
    rule(
        code="place_missing",
        label="卷内缺材料",
        tells="到现在为止该有的材料，卷内那一处还空着",
        basis="人民调解法 第27条",
        head=CheckHead.COMPLETE,
        weight=Weight.MIDDLE,
        finds=_missing,
    ),
    rule(
        code="copy_missing",
        label="缺签好的协议书",
        tells="有几份协议的，其中一份已生效却没有收存各方签好的那一份",
        basis="人民调解法 第29条",
        head=CheckHead.COMPLETE,
        weight=Weight.MIDDLE,
        finds=_copy_missing,
    ),
    rule(
        code="proof_missing",
        label="缺付款凭证",
        tells="有几笔付款的，其中一笔没有收条、转账凭证",
        basis="人民调解法 第31条",
        head=CheckHead.COMPLETE,
        weight=Weight.LIGHT,
        finds=_proof_missing,
    ),
    rule(
        code="no_telephone",
        label="当事人没有电话",
        tells="受理后还没有当事人或其代理人的电话：回访、上级抽查都找不到人",
        basis="司法部 人民调解文书格式",
        head=CheckHead.COMPLETE,
        weight=Weight.LIGHT,
        finds=_unreachable,
    ),
)
