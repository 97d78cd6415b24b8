"""An agreement: reached in words, drafted on paper, signed and sealed into effect, performed; or adopted orally."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.decision_context import Outside
from mediation_engine.domain.fields import Text, choice, money, ref, refs, rows, text
from mediation_engine.domain.guard import MET, UNJUDGED, Answer, given_as, guard, met_if, none_of
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Follows, Machine, Spawns, T
from mediation_engine.domain.occurred import UNREPORTED, Occurred
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import LEAD, MEDIATOR, LeadAct

from ..facts import (
    MONEY,
    OUTLIVING,
    Agreement,
    MediationFacts,
    Term,
    facts_of,
    leaves,
    leaves_and_acts,
    taken,
    terms_of,
)
from ..tabs import Tab
from ..tracks import track_of
from ..vocabulary import AgreementForm, Extent, HintKind, ProceedingEffect, TermKind
from . import cards
from .ledger import received
from .moments import (
    AFTER_CONFIRMING,
    AFTER_DRAFTING,
    AFTER_MEDIATOR,
    AFTER_REACHING,
    AFTER_REGISTRATION,
)
from .queries import TALKS, binds, confirmed, counts, ends, in_dispute, kin, obligations_of, untold
from .states import CAME_TO_NOTHING, ConfirmationState, ObligationState
from .states import AgreementState as S
from .suspension import not_suspended
from .tie import tie_told


class Ground(Labelled):
    """What the effect of an agreement rests on."""

    ALL_ACTS = "all_acts", "签署用印齐全"
    COURT = "court", "经法院或仲裁确认"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contents(Command):
    """What an agreement says."""

    parties: ClassVar[tuple[str, ...]] = ()
    issues: tuple[str, ...] = refs("解决哪些争议事项", "issue", help="不选即全部未决事项", rare=True)
    terms: tuple[Term, ...] = rows("协议条款")
    amount: int | None = money("协议总金额")
    words: Text | None = text("协议全文或要点", longest=5000, disclosure="joint", rare=True)
    replaces: str | None = ref("替代哪份协议", "agreement", default=None, rare=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachAgreement(_Contents):
    label: ClassVar[str] = "记录谈妥"
    help: ClassVar[str] = "口头或原则上谈成；不必在会上"


@dataclass(frozen=True, slots=True, kw_only=True)
class HintAnswer:
    """That a hint was looked at."""

    hint: HintKind = choice("提示")
    note: Text | None = text("理由或处理", longest=200, help="已看过就可以；条款可能无效的须写明为什么仍这样写")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftAgreement(_Contents):
    label: ClassVar[str] = "拟定协议书"
    one_by_one: ClassVar[bool] = True
    aside: ClassVar[tuple[str, ...]] = ("hints",)
    signers: tuple[str, ...] = refs("签署的当事人", "party", help="协议书由哪些当事人签署")
    hints: tuple[HintAnswer, ...] = rows("核对提示", rare=True)

    @classmethod
    def drawn_from(cls, case: Case, key: str) -> Self | None:
        there = facts_of(case).agreements.get(key)
        if there is None:
            return None
        held = there.remaining()
        return cls(
            issues=held.issues,
            terms=held.terms,
            amount=held.amount,
            words=held.words,
            replaces=held.replaces,
            signers=held.signers,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendAgreement(DraftAgreement):
    label: ClassVar[str] = "修改协议书"
    help: ClassVar[str] = "修改后，此前的确认全部作废，须重新确认"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptOrally(Command):
    label: ClassVar[str] = "按口头协议生效"
    help: ClassVar[str] = "当事人认为无需制作协议书的，调解员记录协议内容，自达成之日起生效"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaivePaper(Command):
    label: ClassVar[str] = "记录无需制作协议书"
    help: ClassVar[str] = "各方都说不用写协议书的；此后各方可以在手机上确认口头谈好的内容，作为证据"
    single: ClassVar[bool] = True
    parties: ClassVar[tuple[str, ...]] = ()
    waived_by: tuple[str, ...] = refs("哪些当事人说不用写", "party")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignAsMediator(Command):
    label: ClassVar[str] = "调解员签名"


@dataclass(frozen=True, slots=True, kw_only=True)
class AffixSeal(Command):
    label: ClassVar[str] = "加盖调解组织印章"
    act: ClassVar[LeadAct | None] = LeadAct.SEAL
    hints: tuple[HintAnswer, ...] = rows("核对提示")


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitOff(Command):
    label: ClassVar[str] = "分出未到场的人"
    help: ClassVar[str] = "其他人签过的照样算数，文本不变；给未到场的人的条款划去，另成一份协议，由他们自己签"
    single: ClassVar[bool] = True
    parties: ClassVar[tuple[str, ...]] = ()
    absent: tuple[str, ...] = refs("哪些人没有签", "party")
    reason: Text | None = text("原因", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class AbandonAgreement(Command):
    label: ClassVar[str] = "记录未签成"
    gives_up: ClassVar[bool] = True
    reason: Text | None = text("原因", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPerformance(Command):
    label: ClassVar[str] = "记录协议履行情况"
    one_by_one: ClassVar[bool] = True
    help: ClassVar[str] = "当事人来电、走访得知或当场履行；协议未生效也可以记"
    parties: ClassVar[tuple[str, ...]] = ()
    extent: Extent = choice("履行到什么程度", default=Extent.UNREPORTED)
    note: Text | None = text("情况", longest=1000, disclosure="joint")


def _contents(facts: MediationFacts, key: str, given: _Contents, occurred: Occurred) -> Agreement:
    """The agreement with the contents of an order; what an order leaves out stays as it was reached."""
    held = (facts.agreements.get(key) or Agreement(issues=(), reached=occurred)).remaining()
    open_issues = tuple(k for k, i in facts.issues.items() if i.settled_by is None and i.disposition is None)
    return replace(
        held,
        issues=given.issues or held.issues or open_issues,
        terms=given.terms or held.terms,
        amount=given.amount if given.amount is not None else held.amount,
        words=given.words or held.words,
        replaces=given.replaces or held.replaces,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementReached(Event[ReachAgreement]):
    label: ClassVar[str] = "已谈妥"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.agreements[line.instance] = _contents(facts, line.instance, self.given, line.occurred)


def _text_hash(situation: Situation, given: DraftAgreement, outside: Outside) -> str:
    """What a confirmation is bound to: the whole text, with what an order leaves as it was, and its version."""
    facts, key = facts_of(situation), situation.key or ""
    held = _contents(facts, key, given, situation.occurred)
    signers = _signers(given, held)
    text = (held.issues, held.terms, held.amount, held.replaces, signers, held.words, held.text_version + 1)
    return outside.hash_of((situation.case.id, key, text))


def _signers(given: DraftAgreement, held: Agreement) -> tuple[str, ...]:
    return tuple(dict.fromkeys(given.signers)) or held.signers


def _take_text(facts: MediationFacts, line: Line, given: DraftAgreement, text_hash: str) -> None:
    held = _contents(facts, line.instance, given, line.occurred)
    facts.agreements[line.instance] = replace(
        held,
        form=AgreementForm.WRITTEN,
        signers=_signers(given, held),
        text_version=held.text_version + 1,
        text_hash=text_hash,
        drafted=line.occurred,
        track=facts.track,
        mediator_signed=None,
        sealed=None,
        split=None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperWaived(Event[WaivePaper]):
    """What was agreed by word of mouth is, from now on, a text that those concerned may confirm as it stands."""

    label: ClassVar[str] = "各方无需制作协议书"
    relied_on: ClassVar[bool] = True
    text_hash: str

    @classmethod
    def of(cls, given: Any, situation: Situation, outside: Outside) -> PaperWaived:
        held = facts_of(situation).agreements[situation.key or ""]
        said = (held.issues, held.terms, held.amount, held.replaces, given.waived_by, held.words, "oral")
        return cls(given=given, text_hash=outside.hash_of((situation.case.id, situation.key, said)))

    def apply(self, facts: MediationFacts, line: Line) -> None:
        held = facts.agreements[line.instance]
        signers = tuple(dict.fromkeys(self.given.waived_by))
        facts.agreements[line.instance] = replace(held, text_hash=self.text_hash, signers=signers, track=facts.track)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementDrafted(Event[DraftAgreement]):
    label: ClassVar[str] = "协议书已拟定"
    relied_on: ClassVar[bool] = True
    tells: ClassVar[bool] = True
    text_hash: str

    @classmethod
    def of(cls, given: Any, situation: Situation, outside: Outside) -> AgreementDrafted:
        return cls(given=given, text_hash=_text_hash(situation, given, outside))

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _take_text(facts, line, self.given, self.text_hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementAmended(Event[AmendAgreement]):
    label: ClassVar[str] = "协议书已修改"
    relied_on: ClassVar[bool] = True
    tells: ClassVar[bool] = True
    text_hash: str

    @classmethod
    def of(cls, given: Any, situation: Situation, outside: Outside) -> AgreementAmended:
        return cls(given=given, text_hash=_text_hash(situation, given, outside))

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _take_text(facts, line, self.given, self.text_hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsentSplitOff(Event[SplitOff]):
    """Those who did not come are no signers of this text any more, and the terms that are for them alone bind nobody
    by it. The text itself, its hash and what others signed stay: the paper lists all, some lines of it are struck.

    That an agreement with many can be parted so is our reading: 民法典 第156条 keeps the rest of an act in force where
    a part of it fails and the rest does not depend on it. That it may be done without asking those who have signed
    again, since nothing that is owed to them or by them changes, is policy.
    """

    label: ClassVar[str] = "未到场的人已分出"
    relied_on: ClassVar[bool] = True
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        held = facts.agreements[line.instance]
        absent, rest = _parted(held, self.given.absent)
        own = _own_terms(held, absent)
        terms = taken(held.terms, _terms_of_part(held, own))
        payers = dict.fromkeys(t.payer for t in terms if t.payer in rest)
        new = Agreement(
            issues=held.issues,
            reached=held.reached,
            terms=terms,
            split_from=line.instance,
            signers=(*(payer for payer in payers if payer), *absent),
        )
        facts.splitting = (*facts.splitting, new)
        left_out = tuple(sorted({*held.left_out, *own}))
        facts.agreements[line.instance] = replace(held, signers=rest, left_out=left_out, split=line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSplitOff(Event[None]):
    """What was agreed with those who did not come, as an agreement of their own: reached, and not on paper yet."""

    label: ClassVar[str] = "分出的人另成一份协议"
    given: None = None
    split_from: str

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.agreements[line.instance] = facts.splitting[0]
        facts.splitting = facts.splitting[1:]


def _parted(held: Agreement, named: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The signers who are split off, and the others."""
    absent = tuple(k for k in held.signers if k in named)
    return absent, tuple(k for k in held.signers if k not in named)


def _own_terms(held: Agreement, absent: tuple[str, ...]) -> tuple[int, ...]:
    return terms_of(held.terms, absent, held.left_out)


def _terms_of_part(held: Agreement, own: tuple[int, ...]) -> list[int]:
    """Numbers of the terms that those split off take with them: their own, those that are owed to nobody in particular
    and so hold for them as well, and the headings over either. Money stays with whom it is owed to.

    What somebody who is paid by the text himself promises on his side is of his own bargain; where he stands surety, it
    is for all.
    """
    paying = {t.payer for t in held.terms if t.kind is TermKind.PAY}
    paid = {t.payee for t in held.terms if t.kind in MONEY} - paying - {None}
    headings = {t.part_of for t in held.terms}
    named, kept = set[int](), set(own)
    for n, term in enumerate(held.terms, 1):
        if term.payee is not None or term.part_of in named:
            named.add(n)
    for n in range(len(held.terms), 0, -1):  # a part stands after what it is part of
        term = held.terms[n - 1]
        general = n not in named and n not in held.left_out and term.kind not in MONEY
        promise = term.payer in paid and term.kind is not TermKind.CONTINGENT
        parts = n in headings and any(held.terms[m - 1].part_of == n for m in kept)
        if general and (parts or not (n in headings or promise)):
            kept.add(n)
    return sorted(kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementAdopted(Event[AdoptOrally]):
    label: ClassVar[str] = "口头协议已生效"
    relied_on: ClassVar[bool] = True
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        held = facts.agreements[line.instance]
        # 人民调解法 第30条: an oral agreement takes effect on the day it was reached, never on the day it is entered.
        facts.agreements[line.instance] = replace(held, form=AgreementForm.ORAL, effective=held.reached)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementTookEffect(Event[None]):
    label: ClassVar[str] = "协议已生效"
    relied_on: ClassVar[bool] = True
    tells: ClassVar[bool] = True
    given: None = None
    ground: Ground
    effective: Occurred

    def apply(self, facts: MediationFacts, line: Line) -> None:
        held, by_court = facts.agreements[line.instance], self.ground is Ground.COURT
        facts.agreements[line.instance] = replace(held, effective=self.effective, by_court=by_court)


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectEnded(Event[None]):
    label: ClassVar[str] = "协议失去效力"
    tells: ClassVar[bool] = True
    given: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediatorSigned(Event[SignAsMediator]):
    label: ClassVar[str] = "调解员已签名"
    relied_on: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.agreements[line.instance] = replace(facts.agreements[line.instance], mediator_signed=line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealAffixed(Event[AffixSeal]):
    label: ClassVar[str] = "已加盖印章"
    relied_on: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.agreements[line.instance] = replace(facts.agreements[line.instance], sealed=line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementAbandoned(Event[AbandonAgreement]):
    label: ClassVar[str] = "协议未签成"


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceReported(Event[ReportPerformance]):
    label: ClassVar[str] = "履行情况已记录"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        held = facts.agreements[line.instance]
        facts.agreements[line.instance] = replace(held, reported=self.given.extent)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementPerformed(Event[None]):
    label: ClassVar[str] = "协议已履行完毕"
    given: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceReopened(Event[None]):
    label: ClassVar[str] = "履行又有未了事项"
    given: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRevoked(Event[None]):
    label: ClassVar[str] = "协议已被撤销"
    tells: ClassVar[bool] = True
    given: None = None
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementSuperseded(Event[None]):
    label: ClassVar[str] = "协议已被替代"
    given: None = None
    by: str


def _unconfirmed(case: Case, key: str) -> list[str]:
    """Signing parties whose confirmation of the current text is missing, or does not count on this track."""
    held = facts_of(case).agreements[key]
    valid = {
        c.party
        for k, c in facts_of(case).confirmations.items()
        if c.agreement == key
        and c.text_hash == held.text_hash
        and case.is_in(k, ConfirmationState.GIVEN)
        and c.manner is not None
        and counts(case, key, c.manner)
    }
    return [k for k in held.signers if k not in valid]


@guard("协议书须写明由哪些在案当事人签署，至少两位", "人民调解法 第29条")
def signers_named(s: Situation) -> Answer:
    if not isinstance(s.given, DraftAgreement):
        return UNJUDGED
    held = facts_of(s).agreements.get(s.key or "")
    signers = set(s.given.signers or (held.signers if held else ()))
    return met_if(len(signers) >= 2 and signers <= set(in_dispute(s.case)))


@guard("协议不能替代它自己", "policy", fixed=True, of_form=True)
def replaces_another(s: Situation) -> Answer:
    return MET if not isinstance(s.given, _Contents) else met_if(s.given.replaces is None or s.given.replaces != s.key)


@guard(
    "已经分出的人，他们的条款现在在另一份协议里，不能再写进这一份，否则同一项要履行两次；要改的请改那一份协议",
    "policy",
    fixed=True,
    of_form=True,
)
def parted_stay_apart(s: Situation) -> Answer:
    """Nobody who was parted from the signers of a text comes into it while his own terms stand elsewhere."""
    if s.given is None:
        return MET
    facts, key = facts_of(s), s.key or ""
    text = _contents(facts, key, s.given, s.occurred) if isinstance(s.given, _Contents) else facts.agreements[key]
    before = [facts.agreements[k].signers for k in (key, text.replaces or "") if k in facts.agreements]
    own = next(filter(None, before), ())
    named = {t.payee for t in text.terms} | set(getattr(s.given, "signers", ()))
    return none_of(_standing_elsewhere(s.case, key, text.replaces, named.difference(own)))


def _standing_elsewhere(case: Case, key: str, replaces: str | None, named: Collection[str | None]) -> Iterator[str]:
    """Those of some parties who sign a living agreement that this one was parted from, or that from it; each agreement
    after those whose terms stand in it. Texts in the place of one another were not parted."""
    held, same = facts_of(case).agreements, kin(case, key, replaces, parted=False)
    for other in kin(case, key, replaces):
        if other not in same and not case.is_in(other, *CAME_TO_NOTHING):
            there = [k for k in held[other].signers if k in named]
            yield from (*there, other) if there else ()


@guard("没有改动：修改协议书须改动条款、金额、签署人等至少一处", "policy", fixed=True)
def something_changed(s: Situation) -> Answer:
    given = given_as(s, AmendAgreement)
    if given is None or s.key is None:
        return UNJUDGED
    held = facts_of(s).agreements[s.key].remaining()
    new = _contents(facts_of(s), s.key, given, s.occurred)
    return met_if(replace(new, signers=given.signers or held.signers) != held)


@guard("条款的付款方（义务人）应在签署的当事人之列：没有签署的，不因此负担义务", "民法典 第522条")
def obligors_sign(s: Situation) -> Answer:
    if not isinstance(s.given, DraftAgreement):
        return UNJUDGED
    text = _contents(facts_of(s), s.key or "", s.given, s.occurred)
    signers = s.given.signers or text.signers
    owing = (t.payer for t in text.terms if t.kind is not TermKind.PAID)
    return none_of(dict.fromkeys(payer for payer in owing if payer is not None and payer not in signers))


@guard("现行文本各项付款之和须等于协议总金额，请先修改协议书", "policy")
def totals_agree(s: Situation) -> Answer:
    held = facts_of(s).agreements.get(s.key or "")
    return met_if(held is None or not contradictory(held))


def contradictory(held: Agreement) -> bool:
    """Whether the payments of a text, all known, are not its total."""
    sums = [t.amount for t in leaves(held.terms)]
    if held.amount is None or not sums or None in sums:
        return False
    return sum(a for a in sums if a is not None) != held.amount


@guard("各项付款之和应等于协议总金额", "policy")
def sums_agree(s: Situation) -> Answer:
    """A warning only: any sum may be unreported (domain §2.16 no. 14)."""
    if not isinstance(s.given, _Contents) or s.given.amount is None:
        return MET
    sums = [t.amount for t in leaves(s.given.terms)]
    if not sums or None in sums:
        return UNJUDGED
    return met_if(sum(a for a in sums if a is not None) == s.given.amount)


@guard("条款应写明谁、向谁、做什么或付多少、什么时候；没有写明的，申请确认时常被退回", "policy")
def terms_clear(s: Situation) -> Answer:
    if not isinstance(s.given, DraftAgreement):
        return UNJUDGED
    return met_if(all(map(_is_clear, leaves_and_acts(_contents(facts_of(s), s.key or "", s.given, s.occurred).terms))))


def _is_clear(term: Term) -> bool:
    """Who has to do what, for whom and by when, or has paid how much to whom; who keeps from something needs no day, and owes it to everyone."""
    if term.kind in OUTLIVING:
        return term.payer is not None
    is_paid = term.kind is TermKind.PAID
    sum_known = not (is_paid or term.kind is TermKind.PAY) or term.amount is not None or bool(term.formula)
    day_known = is_paid or term.due is not None or bool(term.trigger)
    return None not in (term.payer, term.payee) and sum_known and day_known


@guard("分期、分担须写明在它之前的上级条款", "policy", fixed=True)
def parts_in_order(s: Situation) -> Answer:
    if not isinstance(s.given, _Contents):
        return UNJUDGED
    return met_if(all(t.part_of is None or t.part_of < n for n, t in enumerate(s.given.terms, 1)))


@guard("账上付款应达到协议金额，请核对是否漏记付款", "policy")
def ledger_agrees(s: Situation) -> Answer:
    given = given_as(s, ReportPerformance)
    if given is None or s.key is None or given.extent is not Extent.ALL:
        return MET
    paid, held = received(s.case, s.key), facts_of(s).agreements[s.key]
    if held.total is None or held.deducted is None or None in paid:
        return UNJUDGED
    return met_if(sum(p or 0 for p in paid) >= held.total - held.deducted)


@guard("适用的程序须允许口头协议；劳动争议调解须制作书面协议书", "劳动争议调解仲裁法 第14条")
def oral_allowed(s: Situation) -> Answer:
    track = track_of(facts_of(s).track)
    return met_if(track is not None and track.oral_allowed)


@guard("须各方都说过不用写协议书，一方要写的就写", "人民调解法 第28条")
def all_waive(s: Situation) -> Answer:
    given = given_as(s, WaivePaper)
    held = facts_of(s).agreements.get(s.key or "")
    if given is None or held is None:
        return UNJUDGED
    concerned = {p for issue in held.issues for p in facts_of(s).issues[issue].parties}
    named = {p for t in held.terms for p in (t.payer, t.payee) if p}
    return none_of(p for p in in_dispute(s.case) if p in concerned | named and p not in given.waived_by)


@guard("口头协议须由调解员记录协议内容（至少一条）", "人民调解法 第28条")
def contents_recorded(s: Situation) -> Answer:
    return met_if(s.key is not None and bool(facts_of(s).agreements[s.key].terms))


@guard(
    "签署的当事人须全都确认现在这一版：签名、盖章或按指印（劳动争议的，按指印不算）",
    "人民调解法 第29条、劳动争议调解仲裁法 第14条",
)
def all_confirmed(s: Situation) -> Answer:
    return none_of(_unconfirmed(s.case, s.key) if s.key else ())


@guard("须先由调解员签名", "policy")
def mediator_signed(s: Situation) -> Answer:
    return met_if(s.key is not None and facts_of(s).agreements[s.key].mediator_signed is not None)


@guard("签署的当事人应已被告知权利义务（口头也可）", "人民调解工作若干规定 第30条")
def signers_told(s: Situation) -> Answer:
    held = facts_of(s).agreements.get(s.key or "")
    return none_of(untold(s, (held and held.signers) or in_dispute(s.case)))


def _latest(times: list[Occurred]) -> Occurred:
    """The last of several acts; unreported where one of them is not known to the day (no effect date is guessed)."""
    if any(t.day is None for t in times):
        return UNREPORTED
    return max(times, key=lambda t: t.text)


def all_acts_done(case: Case, key: str) -> AgreementTookEffect | None:
    """Drafted, signed by every signing party and by the mediator, and sealed: in effect from the last of these acts."""
    held = facts_of(case).agreements[key]
    if held.mediator_signed is None or held.sealed is None or _unconfirmed(case, key):
        return None
    signed = [
        c.ratified or c.occurred or UNREPORTED
        for k, c in facts_of(case).confirmations.items()
        if c.agreement == key and c.text_hash == held.text_hash and case.is_in(k, ConfirmationState.GIVEN)
    ]
    parted = [held.split] if held.split else []
    last = _latest([held.drafted or UNREPORTED, *parted, *signed, held.mediator_signed, held.sealed])
    return AgreementTookEffect(ground=Ground.ALL_ACTS, effective=last)


@guard("请选择这份协议的签署人中没有签的人", "policy", fixed=True, of_form=True)
def absent_named(s: Situation) -> Answer:
    given = given_as(s, SplitOff)
    if given is None or s.key is None:
        return MET
    signers = facts_of(s).agreements[s.key].signers
    return met_if(
        bool(given.absent) and set(given.absent) <= set(signers), [k for k in given.absent if k not in signers]
    )


@guard("已经确认现行文本的人不能分出；签得不对的，先记录否认或重新签署", "policy", fixed=True, of_form=True)
def absent_unsigned(s: Situation) -> Answer:
    given = given_as(s, SplitOff)
    if given is None or s.key is None:
        return MET
    held, facts = facts_of(s).agreements[s.key], facts_of(s)
    signed = {
        c.party
        for k, c in facts.confirmations.items()
        if (c.agreement, c.text_hash) == (s.key, held.text_hash) and s.case.is_in(k, ConfirmationState.GIVEN)
    }
    return none_of(k for k in given.absent if k in signed)


@guard("分出后须还有至少两位签署人，付款的一方在内；一份协议只能分出收款、受益的人", "policy", fixed=True, of_form=True)
def payers_stay(s: Situation) -> Answer:
    given = given_as(s, SplitOff)
    if given is None or s.key is None:
        return MET
    held = facts_of(s).agreements[s.key]
    payers = {t.payer for t in held.terms if t.payer is not None}
    absent, rest = _parted(held, given.absent)
    paying = [k for k in absent if k in payers]
    return none_of(paying) if paying else met_if(len(rest) >= 2 and not payers.isdisjoint(rest))


@guard("分出的人各须有自己的条款；与留下的人分不开的条款，请先修改协议书", "民法典 第156条", fixed=True, of_form=True)
def terms_apart(s: Situation) -> Answer:
    """Something is due to each of them, and nothing that is due to them has a part that is due to somebody who stays."""
    given = given_as(s, SplitOff)
    if given is None or s.key is None:
        return MET
    held = facts_of(s).agreements[s.key]
    absent, _ = _parted(held, given.absent)
    own = _own_terms(held, absent)
    without = [k for k in absent if not any(held.terms[n - 1].payee == k for n in own)]
    stays = [t for n, t in enumerate(held.terms, 1) if n not in (*own, *held.left_out)]
    mixed = [t.payee for t in stays if t.payee is not None and t.part_of in own]
    return none_of((*without, *mixed))


@guard("替代以前协议的，不能分出：没有签的人以前的权利还在；请修改协议书，去掉没有来的人", "policy", fixed=True)
def replaces_none(s: Situation) -> Answer:
    return met_if(s.key is None or facts_of(s).agreements[s.key].replaces is None)


def parts_split_off(case: Case) -> Iterator[PartSplitOff]:
    """An agreement for those who were just split off."""
    return (PartSplitOff(split_from=it.split_from or "") for it in facts_of(case).splitting)


def confirmed_by_court(case: Case, key: str) -> AgreementTookEffect | None:
    """A court or arbitration body has confirmed it: it binds, whatever papers of ours are on record."""
    if confirmed(case, key):
        return AgreementTookEffect(ground=Ground.COURT, effective=UNREPORTED)
    return None


def rests_on_nothing(case: Case, key: str) -> EffectEnded | None:
    """What alone gave it its effect has been lifted: nobody is bound who has not signed; what is agreed then is new."""
    return EffectEnded() if facts_of(case).agreements[key].by_court and not confirmed(case, key) else None


def _outstanding(case: Case, key: str) -> list[str]:
    """Its obligations that are still to be performed, those that outlive a case left out."""
    done = (ObligationState.PERFORMED, ObligationState.LAPSED)
    owed = facts_of(case).obligations
    return [k for k in obligations_of(case, key) if owed[k].kind not in OUTLIVING and not case.is_in(k, *done)]


def all_performed(case: Case, key: str) -> AgreementPerformed | None:
    """It has obligations, and none of them is outstanding; or all that it says was paid before."""
    held = facts_of(case).agreements[key]
    terms = [term for n, term in enumerate(held.terms, 1) if n not in held.left_out]
    owes = bool(obligations_of(case, key)) or (bool(terms) and all(t.kind is TermKind.PAID for t in terms))
    return AgreementPerformed() if owes and not _outstanding(case, key) else None


def not_all_performed(case: Case, key: str) -> PerformanceReopened | None:
    """Something that counted as performed does so no longer."""
    return PerformanceReopened() if _outstanding(case, key) else None


def performed_in_fact(case: Case, key: str) -> AgreementPerformed | None:
    """Reported performed in full: what has been given and taken stands, whatever papers of ours are on record."""
    return AgreementPerformed() if facts_of(case).agreements[key].reported == Extent.ALL else None


def revoked(case: Case, key: str) -> AgreementRevoked | None:
    """A decision has put it aside, and nothing in its place."""
    for name, p in facts_of(case).proceedings.items():
        if p.agreement == key and p.effect is ProceedingEffect.SETS_ASIDE and ends(case, p):
            return AgreementRevoked(by=name)
    return None


def superseded(case: Case, key: str) -> AgreementSuperseded | None:
    """A decision stands in its place, or a settlement before that body does."""
    for name, p in facts_of(case).proceedings.items():
        if p.agreement == key and p.effect is ProceedingEffect.SUPERSEDES and ends(case, p):
            return AgreementSuperseded(by=name)
    return None


def replaced(case: Case, key: str) -> AgreementSuperseded | None:
    """Another agreement that says it replaces this one is in effect."""
    for name, other in facts_of(case).agreements.items():
        if other.replaces == key and binds(case, name):
            return AgreementSuperseded(by=name)
    return None


PARTED = (replaces_none, absent_named, absent_unsigned, payers_stay, terms_apart)
A29, A28, A206 = "人民调解法 第29条", "人民调解法 第28条", "民事诉讼法 第206条"
A372 = "民事诉讼法司法解释 第372条"
SEAL_GATES = (
    *(all_confirmed, mediator_signed, totals_agree, not_suspended),
    *(AFTER_DRAFTING, AFTER_CONFIRMING, AFTER_MEDIATOR),
)
WAIVED = (oral_allowed, contents_recorded, all_waive)
ORAL_GATES = (oral_allowed, contents_recorded, parted_stay_apart, not_suspended)
SUMS, LEDGER = (sums_agree, parts_in_order, AFTER_REGISTRATION), (ledger_agrees, AFTER_REACHING)
TEXT, TOTALS = (*SUMS, obligors_sign, terms_clear, AFTER_REACHING), (totals_agree, AFTER_DRAFTING)
AMENDED, CHANGED = (
    (*SUMS, obligors_sign, terms_clear, AFTER_DRAFTING),
    (signers_named, replaces_another, parted_stay_apart, something_changed),
)
DRAFT = (signers_named, replaces_another, parted_stay_apart)
PARTING = (AFTER_DRAFTING,)
ADOPTED, SEALED, REACHED = (signers_told, AFTER_REACHING), (signers_told,), (AFTER_REACHING,)

# fmt: off
ROWS = (
    # from         command            to           by                 only if           records              basis                marks
    T(None,        ReachAgreement,    S.REACHED,   MEDIATOR,          (),               AgreementReached,    A28,                 (*SUMS, tie_told)),
    T(None,        DraftAgreement,    S.DRAFTED,   MEDIATOR,          DRAFT,            AgreementDrafted,    A28,                 TEXT),
    T(S.REACHED,   DraftAgreement,    S.DRAFTED,   MEDIATOR,          DRAFT,            AgreementDrafted,    A28,                 TEXT),
    T(S.DRAFTED,   AmendAgreement,    S.DRAFTED,   MEDIATOR,          CHANGED,          AgreementAmended,    A28,                 AMENDED),
    T(S.REACHED,   AdoptOrally,       S.EFFECTIVE, MEDIATOR,          ORAL_GATES,       AgreementAdopted,    "人民调解法 第30条", ADOPTED),
    T(S.DRAFTED,   SignAsMediator,    S.DRAFTED,   MEDIATOR,          TOTALS,           MediatorSigned,      A29),
    T(S.DRAFTED,   AffixSeal,         S.DRAFTED,   LEAD,              SEAL_GATES,       SealAffixed,         A29,                 SEALED),
    T(S.DRAFTED,   SplitOff,          S.DRAFTED,   MEDIATOR,          PARTED,           AbsentSplitOff,      "policy",            PARTING),
    Spawns(S.REACHED, parts_split_off, PartSplitOff, "民法典 第156条"),
    T(S.REACHED,   WaivePaper,        S.REACHED,   MEDIATOR,          WAIVED,           PaperWaived,         A28,                 REACHED),
    T(S.REACHED,   AbandonAgreement,  S.ABANDONED, MEDIATOR,          (),               AgreementAbandoned,  "人民调解法 第23条", REACHED),
    T(S.DRAFTED,   AbandonAgreement,  S.ABANDONED, MEDIATOR,          (),               AgreementAbandoned,  "人民调解法 第23条", REACHED),
    T(S.REACHED,   ReportPerformance, S.REACHED,   MEDIATOR,          (),               PerformanceReported, "人民调解法 第31条", LEDGER),
    T(S.DRAFTED,   ReportPerformance, S.DRAFTED,   MEDIATOR,          (),               PerformanceReported, "人民调解法 第31条", LEDGER),
    T(S.EFFECTIVE, ReportPerformance, S.EFFECTIVE, MEDIATOR,          (),               PerformanceReported, "人民调解法 第31条", LEDGER),
    T(S.PERFORMED, ReportPerformance, S.PERFORMED, MEDIATOR,          (),               PerformanceReported, "人民调解法 第31条", LEDGER),
    Follows(S.DRAFTED,   S.EFFECTIVE,  all_acts_done,      AgreementTookEffect, A29),
    Follows(S.REACHED,   S.EFFECTIVE,  confirmed_by_court, AgreementTookEffect, A206),
    Follows(S.DRAFTED,   S.EFFECTIVE,  confirmed_by_court, AgreementTookEffect, A206),
    Follows(S.EFFECTIVE, S.REVOKED,    revoked,            AgreementRevoked,    "人民调解法 第32条"),
    Follows(S.PERFORMED, S.REVOKED,    revoked,            AgreementRevoked,    "人民调解法 第32条"),
    Follows(S.EFFECTIVE, S.SUPERSEDED, superseded,         AgreementSuperseded, "人民调解法 第32条"),
    Follows(S.PERFORMED, S.SUPERSEDED, superseded,         AgreementSuperseded, "人民调解法 第32条"),
    Follows(S.EFFECTIVE, S.REVOKED,    rests_on_nothing,   EffectEnded,         A372),
    Follows(S.EFFECTIVE, S.SUPERSEDED, replaced,           AgreementSuperseded, "人民调解工作若干规定 第37条"),
    Follows(S.PERFORMED, S.SUPERSEDED, replaced,           AgreementSuperseded, "人民调解工作若干规定 第37条"),
    Follows(S.EFFECTIVE, S.PERFORMED,  all_performed,      AgreementPerformed,  "人民调解法 第31条"),
    Follows(S.REACHED,   S.PERFORMED,  performed_in_fact,  AgreementPerformed,  "民法典 第490条"),
    Follows(S.DRAFTED,   S.PERFORMED,  performed_in_fact,  AgreementPerformed,  "民法典 第490条"),
    Follows(S.PERFORMED, S.EFFECTIVE,  not_all_performed,  PerformanceReopened, "人民调解法 第31条"),
)
# fmt: on

AGREEMENT = Machine.declare(
    "agreement",
    "协议",
    S,
    ROWS,
    final=set(CAME_TO_NOTHING),
    resting={S.EFFECTIVE, S.PERFORMED},  # what is still to be done stands on its obligations
    alive=TALKS,
    shown=Presentation(
        title="协议",
        tab=Tab.AGREEMENT,
        empty="还没有谈成。谈成后先记录谈妥，再拟定协议书。",
        place=30,
        newest_first=True,
        papers=True,
        urgent=frozenset({S.REVOKED, S.ABANDONED}),
        card=cards.agreement,
        summary=cards.agreement_summary,
    ),
)
