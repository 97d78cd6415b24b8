"""An obligation: what one term of an agreement in effect asks for, until it is performed or lapses. Due is never a state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, choice, day, flag, money, refs, text
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.guard import MET, UNJUDGED, Answer, given_as, guard, met_if
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Follows, Machine, Spawns, T
from mediation_engine.domain.presentation import Presentation, Wait
from mediation_engine.domain.roles import MEDIATOR, PARTY_OR_MEDIATOR

from ..facts import OUTLIVING, MediationFacts, Obligation, Term, facts_of
from ..tabs import Tab
from ..vocabulary import AgreementForm, Extent, TermKind
from . import cards, naming
from .authority import may_act_for
from .custody import (
    HeldForPayee,
    HoldForPayee,
    PayoutCreated,
    PayoutDue,
    PayoutWaits,
    handed_on,
    money_in,
    money_in_custody,
    money_not_in,
    payouts,
)
from .ledger import paid_on
from .moments import AFTER_REACHING
from .party import Told
from .queries import REPLACING, binds, confirmed, ends
from .states import AgreementState
from .states import ObligationState as S


class Release(Labelled):
    """Why an obligation need not be performed any more."""

    WAIVED = "waived", "收款方（权利人）放弃"
    SET_ASIDE = "set_aside", "被裁判撤销或变更"
    SET_OFF = "set_off", "抵销"
    IMPOSSIBLE = "impossible", "条件未成就"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPerformance(Command):
    label: ClassVar[str] = "记录已履行"
    note: Text | None = text("履行情况或凭证", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBreach(Command):
    label: ClassVar[str] = "记录违约"
    note: Text | None = text("违约情况", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgePerformance(Command):
    label: ClassVar[str] = "督促履行"
    help: ClassVar[str] = "催到了人的记在这里；电话没人接的，用“记录通话”"
    note: Text | None = text("督促情况")


@dataclass(frozen=True, slots=True, kw_only=True)
class TellPayee(Command):
    label: ClassVar[str] = "告知对方可走的途径"
    help: ClassVar[str] = "督促后仍不履行的，告诉权利人还能走哪些路；已按程序和是否经过确认勾好，请核对"
    manner: Told = choice("告知方式", default=Told.ORALLY)
    court: bool = flag("可以向人民法院起诉")
    arbitration: bool = flag("可以申请劳动仲裁")
    payment_order: bool = flag("可以凭协议向人民法院申请支付令（劳动报酬、工伤医疗费、经济补偿或者赔偿金）")
    enforcement: bool = flag("可以申请人民法院强制执行（协议已经确认，或者由裁判确定）")
    note: Text | None = text("说明", longest=500)


class Determining(Labelled):
    """Why an amount or a last day is known now, or another than before."""

    OCCURRED = "occurred", "条件已成就"
    RESULT = "result", "金额已算出"
    ACCELERATED = "accelerated", "提前到期"
    RESCHEDULED = "rescheduled", "双方同意改期"
    ACKNOWLEDGED = "acknowledged", "付款方承认欠款"


@dataclass(frozen=True, slots=True, kw_only=True)
class DetermineObligation(Command):
    label: ClassVar[str] = "确定金额或期限"
    one_by_one: ClassVar[bool] = True
    help: ClassVar[str] = "条件成就、金额算出、提前到期或同意改期时用；不改协议书文本，金额可以是零"
    parties: ClassVar[tuple[str, ...]] = ("agreed_by",)
    ground: Determining = choice("原因")
    amount: int | None = money("金额", help="不变就留空")
    due: date | None = day("期限", help="不变就留空", ahead=True)
    turned: bool = flag("结果反转，由收款方付给付款方", rare=True)
    agreed_by: tuple[str, ...] = refs("已同意的当事人", "party")
    note: Text | None = text("说明", longest=500, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseObligation(Command):
    label: ClassVar[str] = "免除义务"
    gives_up: ClassVar[bool] = True
    reason: Release = choice("原因")
    note: Text | None = text("说明", disclosure="joint")


def _owed(term: Term, number: int) -> Obligation:
    """What a term asks for, whoever it binds by."""
    return Obligation(term=number, kind=term.kind, payer=term.payer, payee=term.payee, amount=term.amount, due=term.due)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationCreated(Event[None]):
    label: ClassVar[str] = "义务已产生"
    given: None = None
    agreement: str
    term: int

    def apply(self, facts: MediationFacts, line: Line) -> None:
        term = facts.agreements[self.agreement].terms[self.term - 1]
        custodian = term.custodian if term.kind is TermKind.PAY else None
        owed = _owed(term, self.term)
        facts.obligations[line.instance] = replace(owed, agreement=self.agreement, custodian=custodian)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationOrdered(Event[None]):
    label: ClassVar[str] = "裁判确定的义务已产生"
    given: None = None
    proceeding: str
    term: int

    def apply(self, facts: MediationFacts, line: Line) -> None:
        owed = _owed(facts.proceedings[self.proceeding].orders[self.term - 1], self.term)
        facts.obligations[line.instance] = replace(owed, proceeding=self.proceeding)


def _set(facts: MediationFacts, key: str, **changes: Any) -> None:
    facts.obligations[key] = replace(facts.obligations[key], **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationPerformed(Event[RecordPerformance]):
    label: ClassVar[str] = "义务已履行"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _set(facts, line.instance, by_record=True, settled=line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationBreached(Event[RecordBreach]):
    label: ClassVar[str] = "义务被违反"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _set(facts, line.instance, by_record=False, settled=line.occurred, breached=line.version)
        agreement = facts.obligations[line.instance].agreement or ""
        held = facts.agreements.get(agreement)
        if held and held.reported is Extent.ALL:  # what was reported is contradicted
            facts.agreements[agreement] = replace(held, reported=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceUrged(Event[UrgePerformance]):
    label: ClassVar[str] = "已督促履行"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _set(facts, line.instance, urged=line.occurred, urgings=facts.obligations[line.instance].urgings + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeTold(Event[TellPayee]):
    label: ClassVar[str] = "已告知对方可走的途径"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _set(facts, line.instance, remedy_told=line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationDetermined(Event[DetermineObligation]):
    label: ClassVar[str] = "金额或期限已确定"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        g, held = self.given, facts.obligations[line.instance]
        amount = held.amount if g.amount is None else g.amount
        kind = held.kind
        if g.ground is Determining.OCCURRED and kind is TermKind.CONTINGENT:
            kind = TermKind.ACT if amount is None else TermKind.PAY
        payer, payee = (held.payee, held.payer) if g.turned else (held.payer, held.payee)
        occurred = line.occurred if g.ground is Determining.OCCURRED else held.occurred
        changed = replace(
            held, kind=kind, amount=amount, due=g.due or held.due, payer=payer, payee=payee, occurred=occurred
        )
        facts.obligations[line.instance] = changed
        for key, other in facts.obligations.items():
            if other.waits_for == line.instance:  # the same money on its second leg
                facts.obligations[key] = replace(other, amount=amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationReleased(Event[ReleaseObligation]):
    label: ClassVar[str] = "义务已免除"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationMet(Event[None]):
    label: ClassVar[str] = "义务已履行完毕"
    given: None = None
    by_report: bool = False

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _set(facts, line.instance, by_record=self.by_report)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationUnmet(Event[None]):
    label: ClassVar[str] = "款项又未付清"
    given: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationLapsed(Event[None]):
    label: ClassVar[str] = "义务随协议失效"
    given: None = None


def terms_in_effect(case: Case) -> Iterator[ObligationCreated]:
    """Each term of an agreement in effect that is not an obligation yet; one that is split lives in its parts.

    What has been paid before is owed no more.

    None arises for whoever did not sign the paper; a benefit to somebody who did not may (民法典 第522条). What a court
    or an arbitration body has confirmed binds as it stands.
    """
    created = {(o.agreement, o.term) for o in facts_of(case).obligations.values()}
    for key, held in facts_of(case).agreements.items():
        if binds(case, key):
            split = {t.part_of for t in held.terms}
            for number, term in enumerate(held.terms, 1):
                known = number in split or (key, number) in created or number in held.left_out
                known = known or term.kind is TermKind.PAID
                if not known and _is_bound(case, key, term):
                    yield ObligationCreated(agreement=key, term=number)


def ordered_elsewhere(case: Case) -> Iterator[ObligationOrdered]:
    """Each term of a decision or a settlement elsewhere that is not an obligation yet."""
    created = {(o.proceeding, o.term) for o in facts_of(case).obligations.values()}
    for key, held in facts_of(case).proceedings.items():
        if held.effect in REPLACING and not ends(case, held):
            continue  # what has been confirmed is still owed instead
        split = {t.part_of for t in held.orders}
        for number, term in enumerate(held.orders, 1):
            if number not in split and (key, number) not in created and term.kind is not TermKind.PAID:
                yield ObligationOrdered(proceeding=key, term=number)


def _is_bound(case: Case, key: str, term: Term) -> bool:
    """Whether the obligor of a term is bound by it."""
    held = facts_of(case).agreements[key]
    if term.payer is None or held.form is not AgreementForm.WRITTEN or term.payer in held.signers:
        return True
    return confirmed(case, key)


def _paid_up(case: Case, key: str) -> bool | None:
    """Whether the ledger covers it; None where that cannot be judged (no sum, or no money)."""
    owed = facts_of(case).obligations[key]
    if owed.kind is not TermKind.PAY or owed.amount is None:
        return None
    return paid_on(case, key) >= owed.amount


def paid_up(case: Case, key: str) -> ObligationMet | None:
    """The ledger covers it; a breach is cured by that alone (若干规定 第37条)."""
    return ObligationMet() if _paid_up(case, key) else None


def reported_performed(case: Case, key: str) -> ObligationMet | None:
    """The whole agreement is reported performed."""
    owed = facts_of(case).obligations[key]
    held = facts_of(case).agreements.get(owed.agreement or "")
    told = held is not None and held.reported is Extent.ALL and owed.kind not in OUTLIVING
    return ObligationMet(by_report=True) if told else None


def payee_has_it(case: Case, key: str) -> ObligationMet | None:
    """The payee has the money: whether the custodian's books show it coming in does not matter any more."""
    return ObligationMet() if handed_on(case, key) else None


def no_longer_paid(case: Case, key: str) -> ObligationUnmet | None:
    """A payment it rested on is disputed or struck."""
    rests = facts_of(case).obligations[key].by_record or handed_on(case, key)
    return ObligationUnmet() if _paid_up(case, key) is False and not rests else None


def agreement_gone(case: Case, key: str) -> ObligationLapsed | None:
    """Its agreement has been superseded or revoked; or the leg it waits for is no longer owed."""
    owed = facts_of(case).obligations[key]
    released = case.is_in(owed.waits_for or "", S.LAPSED)
    ended = case.is_in(owed.agreement or "", AgreementState.SUPERSEDED, AgreementState.REVOKED)
    return ObligationLapsed() if released or ended else None


def awaits_event(case: Case, key: str) -> bool:
    """Whether an obligation falls due on no day, but with an event that has not come about."""
    owed = facts_of(case).obligations[key]
    if not case.is_in(key, S.PENDING) or owed.due is not None or owed.occurred is not None:
        return False
    term = cards.term_of(case, owed)
    return owed.kind is TermKind.CONTINGENT or (term is not None and bool(term.trigger))


def waits_for_events(case: Case) -> Wait | None:
    """The obligations that wait for an event, since the first of their agreements took effect."""
    keys = tuple(key for key in facts_of(case).obligations if awaits_event(case, key))
    if not keys or case.opened is None:
        return None
    held = (facts_of(case).agreements.get(facts_of(case).obligations[key].agreement or "") for key in keys)
    days = [it.effective.day for it in held if it and it.effective and it.effective.day]
    since = min(days, default=case.opened.astimezone(CHINA).date())
    what = f"等条件成就的义务{len(keys)}项，成就了就记"
    return Wait(what=what, keys=keys, step="DetermineObligation", since=since, is_idle=True)


@guard("账上付款应达到这项义务的金额，请核对是否漏记付款", "policy")
def covered(s: Situation) -> Answer:
    paid = _paid_up(s.case, s.key) if s.key else None
    return MET if paid is None else met_if(paid)


@guard("账上已付清的，须先对有关付款提出异议", "policy", fixed=True)
def not_paid_up(s: Situation) -> Answer:
    return met_if(s.key is None or not _paid_up(s.case, s.key))


@guard("这项义务的期限应已届满", "policy")
def is_overdue(s: Situation) -> Answer:
    due = facts_of(s).obligations[s.key].due if s.key else None
    day = s.occurred.day
    return UNJUDGED if due is None or day is None else met_if(day > due)


@guard("告知对方可走的途径前，应先督促付款方（义务人）履行", "人民调解工作若干规定 第37条")
def urged_first(s: Situation) -> Answer:
    """Of several urgings only the last has its time on record."""
    owed = facts_of(s).obligations[s.key] if s.key else None
    if owed is None or not owed.urgings:
        return UNJUDGED if owed is None else met_if(False)
    before = owed.urged is not None and s.occurred.is_before(owed.urged)
    return UNJUDGED if before and owed.urgings > 1 else met_if(not before)


@guard("应写明告知了哪些途径", "人民调解工作若干规定 第37条", of_form=True)
def ways_told(s: Situation) -> Answer:
    given = given_as(s, TellPayee)
    return met_if(given is None or any((given.court, given.arbitration, given.payment_order, given.enforcement)))


@guard("金额不能小于零", "policy", fixed=True, of_form=True)
def amount_is_no_debt(s: Situation) -> Answer:
    given = given_as(s, DetermineObligation)
    return met_if(given is None or given.amount is None or given.amount >= 0)


@guard("改期须经付款方（义务人）和收款方（权利人）同意", "民法典 第543条")
def both_agreed(s: Situation) -> Answer:
    given = given_as(s, DetermineObligation)
    if given is None or s.key is None:
        return UNJUDGED
    owed = facts_of(s).obligations[s.key]
    if given.ground is not Determining.RESCHEDULED:
        return MET
    return UNJUDGED if None in (owed.payer, owed.payee) else met_if({owed.payer, owed.payee} <= set(given.agreed_by))


A31, R37 = "人民调解法 第31条", "人民调解工作若干规定 第37条"
LEDGER, OVERDUE, UNPAID, KEPT = (
    (covered, AFTER_REACHING),
    (is_overdue, AFTER_REACHING, may_act_for),
    (not_paid_up,),
    (money_in_custody,),
)
BOTH, SUM = (both_agreed,), (amount_is_no_debt,)
LATE, BROKEN = (is_overdue, urged_first, ways_told, AFTER_REACHING), (urged_first, ways_told, AFTER_REACHING)

# fmt: off
ROWS = (
    Spawns(S.PENDING, terms_in_effect, ObligationCreated, A31),
    Spawns(S.PENDING, ordered_elsewhere, ObligationOrdered, "人民调解法 第32条"),
    Spawns(S.WAITING, payouts,         PayoutCreated,     A31),
    # from         command              to           by                 only if records               basis               marks
    T(S.PENDING,   RecordPerformance,   S.PERFORMED, MEDIATOR,          (),     ObligationPerformed,  A31,                LEDGER),
    T(S.BREACHED,  RecordPerformance,   S.PERFORMED, MEDIATOR,          (),     ObligationPerformed,  A31,                LEDGER),
    T(S.WAITING,   RecordPerformance,   S.PERFORMED, MEDIATOR,          (),     ObligationPerformed,  A31,                LEDGER),
    T(S.HELD,      RecordPerformance,   S.PERFORMED, MEDIATOR,          (),     ObligationPerformed,  A31,                LEDGER),
    T(S.PENDING,   HoldForPayee,        S.HELD,      MEDIATOR,          (),     HeldForPayee,         "policy",           KEPT),
    T(S.PENDING,   RecordBreach,        S.BREACHED,  PARTY_OR_MEDIATOR, (),     ObligationBreached,   A31,                OVERDUE),
    T(S.HELD,      RecordBreach,        S.BREACHED,  PARTY_OR_MEDIATOR, (),     ObligationBreached,   A31,                OVERDUE),
    T(S.PERFORMED, RecordBreach,        S.BREACHED,  PARTY_OR_MEDIATOR, UNPAID, ObligationBreached,   A31,                OVERDUE),
    T(S.PENDING,   DetermineObligation, S.PENDING,   MEDIATOR,          SUM,    ObligationDetermined, "policy",           BOTH),
    T(S.BREACHED,  DetermineObligation, S.BREACHED,  MEDIATOR,          SUM,    ObligationDetermined, "policy",           BOTH),
    T(S.PENDING,   UrgePerformance,     S.PENDING,   MEDIATOR,          (),     PerformanceUrged,     A31),
    T(S.BREACHED,  UrgePerformance,     S.BREACHED,  MEDIATOR,          (),     PerformanceUrged,     R37),
    T(S.PENDING,   TellPayee,           S.PENDING,   MEDIATOR,          (),     PayeeTold,            R37,                LATE),
    T(S.BREACHED,  TellPayee,           S.BREACHED,  MEDIATOR,          (),     PayeeTold,            R37,                BROKEN),
    T(S.PENDING,   ReleaseObligation,   S.LAPSED,    MEDIATOR,          (),     ObligationReleased,   "民法典 第557条"),
    T(S.BREACHED,  ReleaseObligation,   S.LAPSED,    MEDIATOR,          (),     ObligationReleased,   "民法典 第557条"),
    T(S.HELD,      ReleaseObligation,   S.LAPSED,    MEDIATOR,          (),     ObligationReleased,   "民法典 第557条"),
    Follows(S.WAITING,   S.LAPSED,    agreement_gone,     ObligationLapsed, R37),
    Follows(S.PENDING,   S.LAPSED,    agreement_gone,     ObligationLapsed, R37),
    Follows(S.HELD,      S.LAPSED,    agreement_gone,     ObligationLapsed, R37),
    Follows(S.BREACHED,  S.LAPSED,    agreement_gone,     ObligationLapsed, R37),
    Follows(S.WAITING,   S.PERFORMED, paid_up,            ObligationMet,    A31),
    Follows(S.PENDING,   S.PERFORMED, paid_up,            ObligationMet,    A31),
    Follows(S.HELD,      S.PERFORMED, paid_up,            ObligationMet,    A31),
    Follows(S.BREACHED,  S.PERFORMED, paid_up,            ObligationMet,    R37),
    Follows(S.WAITING,   S.PERFORMED, reported_performed, ObligationMet,    A31),
    Follows(S.PENDING,   S.PERFORMED, reported_performed, ObligationMet,    A31),
    Follows(S.HELD,      S.PERFORMED, reported_performed, ObligationMet,    A31),
    Follows(S.BREACHED,  S.PERFORMED, reported_performed, ObligationMet,    R37),
    Follows(S.PENDING,   S.PERFORMED, payee_has_it,       ObligationMet,    A31),
    Follows(S.BREACHED,  S.PERFORMED, payee_has_it,       ObligationMet,    R37),
    Follows(S.WAITING,   S.PENDING,   money_in,           PayoutDue,        A31),
    Follows(S.PENDING,   S.WAITING,   money_not_in,       PayoutWaits,      A31),
    Follows(S.PERFORMED, S.PENDING,   no_longer_paid,     ObligationUnmet,  A31),
)
# fmt: on

OBLIGATION = Machine.declare(
    "obligation",
    "协议义务",
    S,
    ROWS,
    final={S.LAPSED},
    resting={S.PERFORMED, S.WAITING},  # what waits for another leg is open on that leg
    alive=ALWAYS,
    outlives=True,  # what a closing named, and what is kept day by day
    shown=Presentation(
        title="长期遵守",
        tab=Tab.AGREEMENT,
        place=44,
        groups=cards.kept_after_closing,
        card=cards.kept,
        urgent=frozenset({S.BREACHED}),
        called=naming.obligation,
        summary=cards.obligation_summary,
        row=cards.obligation_row,
        due=cards.obligation_due,
        near=3,
        alarm=cards.obligation_alarm,
        waits=waits_for_events,
    ),
)
