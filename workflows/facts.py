"""Facts of a mediated dispute: parties, issues, talks, agreements, obligations, payments, visits.

The values are structs: a replay makes and replaces them by the hundred thousand. Labels stand on the fields.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, replace
from datetime import date
from typing import Annotated, Any, cast

from msgspec import Struct, structs

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.facts import CaseFacts, ListRow, fact
from mediation_engine.domain.fields import HOST_ONLY, Text, choice, count, day, money, person, ref, text
from mediation_engine.domain.files import FileRef
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Level

from .tracks import track_of
from .vocabulary import (
    Ability,
    AgreementForm,
    CapacityEnd,
    CapacityKind,
    CohortOutcome,
    Conflict,
    Danger,
    DayPart,
    DeliveredPaper,
    DeliveryManner,
    Disposition,
    Dispute,
    DossierPlace,
    Elsewhere,
    ExhibitKind,
    Extent,
    Grade,
    Handling,
    LoanPurpose,
    News,
    OnlineMeaning,
    PaidBy,
    PaymentGround,
    PaymentResult,
    PaymentWay,
    Power,
    ProceedingEffect,
    ProceedingKind,
    Receiver,
    ReturnReason,
    Satisfaction,
    SessionResult,
    Side,
    SigningManner,
    Source,
    TermKind,
    Undelivered,
    VisitKind,
)

HOST_KINDS: Mapping[str, str] = {
    "mediation_committee": "人民调解委员会",
    "village_committee": "村人民调解委员会",
    "residents_committee": "居民（社区）人民调解委员会",
    "township_committee": "乡镇人民调解委员会",
    "street_committee": "街道人民调解委员会",
    "enterprise_committee": "企事业单位人民调解委员会",
    "association_committee": "社会团体、其他组织人民调解委员会",
    "labour_committee": "企业劳动争议调解委员会",
    "mediation_room": "调解室",
    "labour_organisation": "乡镇街道劳动争议调解组织",
    "other": "其他",
}
"""What a body is, by the code in its configuration; a committee of which nobody says more is the first."""
STANDING = frozenset({TermKind.CONTINUING, TermKind.ABSTAINING})
"""Duties that are kept day by day: they are never done with, and bar no closing while nobody breaks them (长期遵守)."""
OUTLIVING = frozenset({TermKind.CONTINUING, TermKind.CONTINGENT, TermKind.ABSTAINING})
MONEY = frozenset({TermKind.PAY, TermKind.PAID})
"""Kinds of terms that are summed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term of an agreement; every part of it but its words may be unreported."""

    words: Text = text("内容", longest=1000, disclosure="joint", default=MISSING)
    kind: TermKind = choice("种类", default=TermKind.PAY)
    payer: str | None = ref("付款方（义务人）", "party", default=None)
    payee: str | None = ref("收款方（权利人）", "party", default=None)
    amount: int | None = money("金额")
    due: date | None = day("期限", words_in="trigger", ahead=True)
    formula: Text | None = text(
        "金额算法", longest=200, disclosure="joint", help="金额要另算的写这里，金额留空", rare=True
    )
    trigger: Text | None = text(
        "日子没定的，写明什么时候办",
        longest=200,
        disclosure="joint",
        help="如伤愈后；写农历腊月二十的，期限空着就按它算",
        rare=True,
    )
    part_of: int | None = count("这笔是第几条的分期", default=None, help="金额只计最末一级", rare=True)
    custodian: str | None = person("代收代付人", default=None, help="付款经谁转交；不必是当事人", rare=True)
    default: Text | None = text("违约后果", longest=500, disclosure="joint", rare=True)


class Party(Struct, frozen=True, kw_only=True):
    """A disputant: `person` is its id in the register; a group has a head-count, or none where it is unreported."""

    person: Annotated[str, fact("姓名或名称", "person")]
    side: Annotated[Side, fact("立场")]
    kind: Annotated[PartyKind, fact("主体")]
    count: Annotated[int | None, fact("人数")] = 1
    ability: Annotated[Ability, fact("行为能力")] = Ability.FULL
    ability_since: Annotated[Occurred | None, fact("行为能力起于")] = None
    """Since when its ability is as it is; None for all along."""
    told_rights: Annotated[Occurred | None, fact("告知权利义务")] = None
    """When it was first told of them; None while it has not been."""
    tie_told: Annotated[Occurred | None, fact("告知利害关系")] = None
    """When it was first told that who mediates belongs to its employer."""
    refuses: Annotated[tuple[str, ...], fact("拒绝调解的事项")] = ()
    """The issues it refuses to be mediated on, where it refuses; empty for all."""
    refused: Annotated[Occurred | None, fact("拒绝调解的时间")] = None
    """When it last refused, whether or not it has come round since."""
    consents: Annotated[bool | None, fact("同意调解")] = None
    """To being mediated: None while nobody has asked or reported."""
    remedy_told: Annotated[Occurred | None, fact("告知其他救济途径")] = None
    """When it was told of arbitration, administrative routes and court, or tried to reach (人民调解法 第26条)."""
    claimed: Annotated[int | None, fact("本人请求金额", "money")] = None
    """Of somebody on a roster: what he asks for himself."""
    months: Annotated[Text | None, fact("所欠月份")] = None
    group: Annotated[str | None, fact("所属群体")] = None
    """The group whose roster he stands on."""
    cohort: Annotated[str | None, fact("所属一批人")] = None
    """The cohort whose roster he stands on."""
    listed: Annotated[int, fact("已逐人登记的人数")] = 0
    """Of a group: how many of it stand on rosters."""

    def is_ward(self, when: Occurred | None) -> bool:
        """Whether a guardian acted for it at some time: it lacked full ability (民法典 第19—23条)."""
        changed_later = self.ability_since is not None and when is not None and when.is_before(self.ability_since)
        return not self.ability.is_full and not changed_later


class Issue(Struct, frozen=True, kw_only=True):
    """A matter in dispute with its own sides; `disposition` says where an unsettled one went."""

    parties: Annotated[tuple[str, ...], fact("涉及的当事人")]
    matter: Annotated[Text | None, fact("争议内容")] = None
    amount_claimed: Annotated[int | None, fact("请求金额", "money")] = None
    disposition: Annotated[Disposition | None, fact("去向")] = None
    settled_by: Annotated[str | None, fact("解决于")] = None
    left_from: Annotated[str | None, fact("分出后没有签成的协议")] = None
    """The agreement of those split off which came to nothing, where that is what it is about."""
    past: Annotated[tuple[str, ...], fact("曾经解决于")] = ()
    """Agreements it was settled by before it was taken up again."""


class Block(Struct, frozen=True, kw_only=True):
    """Separate talks with one disputant or body; `talks` counts reported contacts, not assumed ones."""

    party: Annotated[str | None, fact("与谁谈")]
    """None for bodies, for fact-finding, and where nobody says whom it was with."""
    member: Annotated[str | None, fact("与哪个机关、单位谈")] = None
    """The member of the panel whose body it is with."""
    talks: Annotated[int, fact("谈过次数")] = 0


class Session(Struct, frozen=True, kw_only=True):
    """A joint session."""

    issues: Annotated[tuple[str, ...], fact("讨论的事项")]
    invited: Annotated[tuple[str, ...], fact("邀请")]
    attended: Annotated[tuple[str, ...], fact("到场")] = ()
    planned: Annotated[date | None, fact("计划日期")] = None
    planned_at: Annotated[str | None, fact("计划几点")] = None
    place: Annotated[Text | None, fact("地点")] = None
    topic: Annotated[Text | None, fact("主题")] = None
    plan: Annotated[Text | None, fact("方案")] = None
    result: Annotated[SessionResult | None, fact("结果")] = None
    held: Annotated[Occurred | None, fact("召开时间")] = None
    times: Annotated[int | None, fact("次数")] = 1
    """How many sessions this stands for, where several are reported together; None: several, nobody says how many."""
    counts: Annotated[bool, fact("计入次数")] = True
    """An assumed session counts in no figure."""


class Agreement(Struct, frozen=True, kw_only=True):
    """An agreement and its current text; a new text is a new version and voids what was confirmed before."""

    issues: Annotated[tuple[str, ...], fact("解决的事项")]
    reached: Annotated[Occurred, fact("谈妥时间")]
    form: Annotated[AgreementForm | None, fact("形式")] = None
    text_version: Annotated[int, fact("文本第几版")] = 0
    text_hash: Annotated[str | None, fact("文本校验码", "digest")] = None
    drafted: Annotated[Occurred | None, fact("文本拟定时间")] = None
    """When the present text was made."""
    track: Annotated[str, fact("依据的程序", "track")] = ""
    """The track (code) that the present text was drafted under: by it, its signatures count."""
    signers: Annotated[tuple[str, ...], fact("签署的当事人")] = ()
    """Its own signing parties: those affected by it may be more."""
    terms: Annotated[tuple[Term, ...], fact("条款")] = ()
    amount: Annotated[int | None, fact("总金额", "money")] = None
    words: Annotated[Text | None, fact("全文或要点")] = None
    replaces: Annotated[str | None, fact("替代的协议")] = None
    mediator_signed: Annotated[Occurred | None, fact("调解员签名时间")] = None
    sealed: Annotated[Occurred | None, fact("盖章时间")] = None
    effective: Annotated[Occurred | None, fact("生效时间")] = None
    by_court: Annotated[bool, fact("只凭法院或仲裁确认生效")] = False
    """Whether its effect rests on a confirmation alone, whatever papers of ours are on record."""
    reported: Annotated[Extent | None, fact("报道的履行情况")] = None
    """How far it was last reported performed."""
    left_out: Annotated[tuple[int, ...], fact("已分出、不在其内的条款")] = ()
    """Numbers of terms that are struck, for whom they are for did not sign: the text stays what the others signed."""
    split: Annotated[Occurred | None, fact("最近一次分出的时间")] = None
    split_from: Annotated[str | None, fact("从哪份协议分出")] = None

    @property
    def total(self) -> int | None:
        """What is agreed, in 分: as stated, else the sum of its payments; None where a sum is unreported.

        What was left out does not count.
        """
        left = [t.amount for n, t in _numbered_leaves(self.terms) if n in self.left_out]
        if self.amount is not None:
            return None if None in left else self.amount - sum(s for s in left if s is not None)
        return _sum_of(self._payments)

    @property
    def deducted(self) -> int | None:
        """What of it was paid before it was reached, as its terms say; None where they do not say how much."""
        before = [t for t in self._payments if t.kind is TermKind.PAID]
        return _sum_of(before) if before else 0

    @property
    def _payments(self) -> list[Term]:
        return [t for n, t in _numbered_leaves(self.terms) if n not in self.left_out]

    def remaining(self) -> Agreement:
        """It as a text of its own, without what was left out: what an amendment starts from."""
        if not self.left_out:
            return self
        kept = [n for n in range(1, len(self.terms) + 1) if n not in self.left_out]
        amount = None if self.amount is None else self.total
        return structs.replace(self, terms=taken(self.terms, kept), amount=amount, left_out=())


def taken(terms: tuple[Term, ...], numbers: Sequence[int]) -> tuple[Term, ...]:
    """Some terms of a text as a text of their own, numbered anew: a part only of what came too."""
    new = {old: n for n, old in enumerate(numbers, 1)}
    return tuple(replace(terms[n - 1], part_of=new.get(terms[n - 1].part_of or 0)) for n in numbers)


def terms_of(terms: tuple[Term, ...], parties: Collection[str], gone: Collection[int] = ()) -> tuple[int, ...]:
    """Numbers of the terms that are for some parties alone: what is paid or done to them, its instalments and shares,
    and what consists of nothing else but of what is gone already."""
    own = set(gone)
    for n, term in enumerate(terms, 1):
        if term.payee in parties or (term.payee is None and term.part_of in own):
            own.add(n)
    for n in range(len(terms), 0, -1):  # a part stands after what it is part of
        parts = {m for m, other in enumerate(terms, 1) if other.part_of == n}
        if parts and parts <= own and terms[n - 1].payee is None:
            own.add(n)
    return tuple(sorted(own.difference(gone)))


def _numbered_leaves(terms: tuple[Term, ...]) -> list[tuple[int, Term]]:
    parents = {t.part_of for t in terms}
    return [(n, t) for n, t in enumerate(terms, 1) if n not in parents and t.kind in MONEY]


def _sum_of(terms: Sequence[Term]) -> int | None:
    """The sum of some terms; None where one is unreported, or there is none."""
    sums = [t.amount for t in terms]
    return sum(s for s in sums if s is not None) if sums and None not in sums else None


def leaves_and_acts(terms: tuple[Term, ...]) -> list[Term]:
    """The terms that somebody has to perform as they stand: all but those that instalments or shares belong to."""
    parents = {t.part_of for t in terms}
    return [t for n, t in enumerate(terms, 1) if n not in parents]


def leaves(terms: tuple[Term, ...]) -> list[Term]:
    """The payments that are summed, made or to be made: those that no instalment or share belongs to.

    A custody leg is no term.
    """
    return [t for _, t in _numbered_leaves(terms)]


BY_LIST = frozenset({CapacityKind.AGENT, CapacityKind.EMPLOYEE})
"""Those who may do what their paper lists; all others do what the law gives them."""
POWER_OF: Mapping[str, Power] = {
    "ConfirmAgreement": Power.SETTLE,
    "ConfirmOnline": Power.SETTLE,
    "DeclineToSign": Power.SETTLE,
    "AcknowledgePayment": Power.RECEIVE_MONEY,
}
"""What acts of a party (names of commands) take; all others take that one may take part in the talks."""


class Capacity(Struct, frozen=True, kw_only=True):
    """Somebody who acts for parties, by what, and from when to when."""

    principals: Annotated[tuple[str, ...], fact("被代理的当事人")]
    person: Annotated[str, fact("代理人或代表", "person")]
    kind: Annotated[CapacityKind, fact("身份")]
    powers: Annotated[tuple[Power, ...], fact("权限")] = ()
    since: Annotated[date | None, fact("起于")] = None
    until: Annotated[date | None, fact("止于")] = None
    """The last day on which it stands, whole."""
    replaces: Annotated[str | None, fact("接替")] = None
    ended: Annotated[Occurred | None, fact("终止时间")] = None
    why: Annotated[CapacityEnd | None, fact("终止原因")] = None
    disowned: Annotated[Occurred | None, fact("被代理人否认")] = None
    ratified: Annotated[Occurred | None, fact("被代理人追认")] = None

    def stands(self, when: Occurred) -> bool | None:
        """Whether it stands at some time; None where that cannot be told. What was disowned never stood."""
        if self.disowned is not None:
            return False
        span, since, until = when.span(), self.since or date.min, self.until or date.max
        if (span and not (since <= span[1] and span[0] <= until)) or (self.ended and self.ended.is_before(when)):
            return False
        within = since <= span[0] and span[1] <= until if span else self.since is None and self.until is None
        return True if within and (self.ended is None or when.is_before(self.ended)) else None

    def may(self, power: Power) -> bool:
        """Whether it goes so far."""
        return self.kind not in BY_LIST or power in self.powers


class Confirmation(Struct, frozen=True, kw_only=True):
    """One signing party's yes to one text, known by its hash."""

    agreement: Annotated[str, fact("协议")]
    text_hash: Annotated[str, fact("签的是哪一版", "digest")]
    party: Annotated[str, fact("当事人")]
    manner: Annotated[SigningManner | None, fact("方式")] = None
    sheet: Annotated[str | None, fact("签名册或签署件")] = None
    """The exhibit that shows it."""
    occurred: Annotated[Occurred | None, fact("时间")] = None
    capacity: Annotated[str, fact("签署人")] = ""
    """The capacity in which somebody signed; empty for the party itself."""
    also: Annotated[tuple[str, ...], fact("同签的人")] = ()
    """Capacities of those who signed beside."""
    agreed: Annotated[bool, fact("被代表的人已同意")] = False
    """Of a group: those it stands for have agreed (民事诉讼法 第56条)."""
    checked: Annotated[bool, fact("已核对身份")] = False
    ratified: Annotated[Occurred | None, fact("追认时间")] = None
    """By the principal, the guardian or those stood for, after somebody signed who might not (民法典 第171条)."""
    online: Annotated[OnlineMeaning | None, fact("在线确认")] = None
    """What it means that it was confirmed on a telephone; None where it was not, or something was said against it."""
    online_at: Annotated[Occurred | None, fact("在线确认时间")] = None
    online_by: Annotated[str, fact("在线确认的人")] = ""
    """The capacity in which; the party's own key for the party itself."""
    shared: Annotated[bool, fact("合用手机")] = False
    """Whether another party had confirmed on the same telephone within a day."""
    clause: Annotated[int | None, fact("对第几条有意见")] = None
    objected: Annotated[Occurred | None, fact("提出意见的时间")] = None

    @property
    def signers(self) -> tuple[str, ...]:
        """All in whose hand it is: capacities, and the party itself as the empty key."""
        own = "" if self.capacity == self.party else self.capacity
        return (own, *self.also)


class Obligation(Struct, frozen=True, kw_only=True):
    """What one term of an effective agreement, or of a decision, asks for; one through a custodian is two, linked."""

    agreement: Annotated[str | None, fact("协议")] = None
    proceeding: Annotated[str | None, fact("裁判")] = None
    """The proceeding that ordered it, where no agreement did."""
    term: Annotated[int, fact("第几条")]
    kind: Annotated[TermKind, fact("种类")]
    payer: Annotated[str | None, fact("付款方（义务人）")] = None
    payee: Annotated[str | None, fact("收款方（权利人）")] = None
    amount: Annotated[int | None, fact("金额", "money")] = None
    due: Annotated[date | None, fact("期限")] = None
    breached: Annotated[int | None, fact("违约记于第几条")] = None
    """The case version of the line that last said so."""
    settled: Annotated[Occurred | None, fact("最近一次履行或违约的时间")] = None
    by_record: Annotated[bool, fact("履行另有记录")] = False
    """Performance was recorded as such, and does not rest on the ledger alone."""
    occurred: Annotated[Occurred | None, fact("条件成就时间")] = None
    """When the event came about that it waited for."""
    urged: Annotated[Occurred | None, fact("最近一次督促")] = None
    urgings: Annotated[int, fact("督促次数")] = 0
    remedy_told: Annotated[Occurred | None, fact("告知对方可走的途径")] = None
    """When its payee was last told what is open to it where this is not performed (若干规定 第37条)."""
    custodian: Annotated[str | None, fact("代收代付人", "person")] = None
    """Who takes the money from the payer and hands it to the payee (id in the register); None without custody."""
    waits_for: Annotated[str | None, fact("须先收到")] = None
    """On the leg from the custodian to the payee: the leg from the payer to the custodian. Same money, never added."""

    @property
    def into_custody(self) -> bool:
        """Whether this is the leg from the payer to the custodian."""
        return self.custodian is not None and self.waits_for is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What part of a payment is for which obligation."""

    obligation: str = ref("应付的", "obligation", kept=True)
    amount: int = money("这次付了", default=MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """One payment of a batch, and what became of it."""

    obligation: str = ref("履行哪项义务", "obligation", kept=True)
    amount: int = money("金额", default=MISSING)
    result: PaymentResult = choice("结果", default=PaymentResult.PAID)
    reason: ReturnReason | None = choice("退汇原因", default=None)
    note: Text | None = text("说明", longest=100, disclosure="joint", rare=True)


class Batch(Struct, frozen=True, kw_only=True):
    """Many payments made at once, by one payer, for one agreement; each becomes a payment of its own."""

    agreement: Annotated[str, fact("协议")]
    payer: Annotated[str | None, fact("付款人")]
    for_payer: Annotated[str | None, fact("代谁付")]
    ground: Annotated[PaymentGround, fact("付款依据")]
    way: Annotated[PaymentWay, fact("付款方式")]
    rows: Annotated[tuple[BatchRow, ...], fact("各笔")]
    occurred: Annotated[Occurred, fact("时间")]


class Payment(Struct, frozen=True, kw_only=True):
    """Money that moved: the ledger beside the obligations; may come before any paper, undated or without a sum."""

    agreement: Annotated[str | None, fact("协议")]
    obligation: Annotated[str | None, fact("所付的义务")]
    payer: Annotated[str | None, fact("付款人")]
    payee: Annotated[str | None, fact("收款人")]
    amount: Annotated[int | None, fact("金额", "money")]
    occurred: Annotated[Occurred, fact("时间")]
    for_payer: Annotated[str | None, fact("代谁付")] = None
    """On whose behalf it was paid, where not on the payer's own."""
    for_payee: Annotated[str | None, fact("代谁收")] = None
    """On whose behalf it was received, where not on the payee's own."""
    credited: Annotated[bool, fact("约定抵作已付")] = False
    """Whether what was paid before the agreement is agreed to count."""
    shares: Annotated[tuple[Share, ...], fact("分给各项义务")] = ()
    """Where it is for several obligations: how much for each."""
    separate: Annotated[bool, fact("另一笔")] = False
    """Whether it is not the payment that looks like it."""
    ground: Annotated[PaymentGround, fact("付款依据")] = PaymentGround.OWN
    way: Annotated[PaidBy, fact("付款方式")] = PaidBy.UNREPORTED
    batch: Annotated[str | None, fact("批量付款")] = None
    """The batch that it is of."""
    returned: Annotated[ReturnReason | None, fact("退汇原因")] = None
    """Why the bank last sent it back; None where it did not, or it has been made anew."""
    return_note: Annotated[Text | None, fact("退汇说明")] = None
    disputed: Annotated[Occurred | None, fact("最近一次提出异议")] = None
    returned_on: Annotated[date | None, fact("哪天退汇")] = None
    """The day it last came back, or else when that was recorded."""


class Visit(Struct, frozen=True, kw_only=True):
    """A follow-up visit: planned for a day, then made or not; attempts that reached nobody are counted."""

    kind: Annotated[VisitKind, fact("种类")] = VisitKind.FOLLOW_UP
    part: Annotated[DayPart, fact("时段")] = DayPart.ANY
    visitor: Annotated[str | None, fact("谁去", "staff")] = None
    """A member of staff; None for whoever handles the case."""
    entrusted: Annotated[str | None, fact("委托谁去", "person")] = None
    """Somebody without an account (id in the register), such as a grid worker; None where nobody is."""
    place: Annotated[Text | None, fact("去哪里")] = None
    moved: Annotated[int, fact("改期次数")] = 0
    satisfied: Annotated[Satisfaction, fact("是否满意")] = Satisfaction.NOT_ASKED
    agreement: Annotated[str | None, fact("协议")] = None
    party: Annotated[str | None, fact("走访对象")] = None
    due: Annotated[date | None, fact("计划日期")] = None
    also: Annotated[tuple[str, ...], fact("同时见到")] = ()
    made: Annotated[Occurred | None, fact("走访时间")] = None
    by_party: Annotated[bool, fact("本人自己回答")] = False
    """Whether the party answered by itself, and nobody asked."""
    attempts: Annotated[int, fact("没有见到人的次数")] = 0
    raised: Annotated[bool, fact("已报室主任")] = False
    tried: Annotated[Occurred | None, fact("最近一次没有见到人")] = None
    alarming: Annotated[bool, fact("有苗头")] = False
    """Whether it found that the agreement may not be kept, or that there may be trouble again."""


class Call(Struct, frozen=True, kw_only=True):
    """A telephone call with a party, answered or not."""

    party: Annotated[str, fact("打给谁")]
    made: Annotated[Occurred, fact("时间")]
    reached: Annotated[bool, fact("接通")] = True


class Origin(Struct, frozen=True, kw_only=True):
    """An item of the zone that led here, and what it was last told."""

    item: Annotated[str, fact("来件")]
    """The item (id)."""
    instance: Annotated[str, fact("来件的哪一项处置")]
    issue: Annotated[str | None, fact("争议事项")] = None
    """The issue that it is about; None for the case as a whole."""
    told: Annotated[News, fact("已告诉来件")] = News.MEDIATING


class Statement(Struct, frozen=True, kw_only=True):
    """What a party has said in writing; where a reader is not told what, all of it is as it stands here."""

    party: Annotated[str | None, fact("谁说的")] = None
    label: Annotated[str, fact("谁能看")] = HOST_ONLY
    by_party: Annotated[bool, fact("本人提交")] = False
    made: Annotated[Occurred | None, fact("时间")] = None


class Risk(Struct, frozen=True, kw_only=True):
    """A risk of escalation."""

    raised: Annotated[Occurred | None, fact("提出")] = None
    danger: Annotated[Danger | None, fact("风险")] = None


class DataRequest(Struct, frozen=True, kw_only=True):
    """That somebody's data are wrong, until it is answered."""

    party: Annotated[str | None, fact("谁的资料")] = None
    asked: Annotated[Occurred, fact("请求时间")]
    answered: Annotated[Occurred | None, fact("答复时间")] = None


class Delivery(Struct, frozen=True, kw_only=True):
    """A paper on its way to somebody: arrived, signed for by whom, or not."""

    paper: Annotated[DeliveredPaper, fact("文书")]
    title: Annotated[Text | None, fact("文书名称")] = None
    agreement: Annotated[str | None, fact("协议")] = None
    copies: Annotated[int, fact("份数")] = 1
    party: Annotated[str, fact("送给谁")]
    manner: Annotated[DeliveryManner, fact("方式")]
    place: Annotated[Text | None, fact("送到哪里")] = None
    sent: Annotated[Occurred, fact("送出时间")]
    received: Annotated[Occurred | None, fact("签收时间")] = None
    receiver: Annotated[Receiver | None, fact("谁签收")] = None
    signed_by: Annotated[Text | None, fact("签收人姓名")] = None
    reason: Annotated[Text | None, fact("代收理由")] = None
    undelivered: Annotated[Undelivered | None, fact("没有送到的原因")] = None
    receipt: Annotated[str | None, fact("凭证")] = None
    """The exhibit that shows it."""


class Loan(Struct, frozen=True, kw_only=True):
    """The dossier in somebody's hands: here in the room, or away until a day."""

    borrower: Annotated[Text, fact("借阅人")]
    purpose: Annotated[LoanPurpose, fact("用途")]
    lent: Annotated[Occurred, fact("借阅时间")]
    due: Annotated[date | None, fact("应归还日期")] = None
    returned: Annotated[Occurred | None, fact("归还时间")] = None


class Member(Struct, frozen=True, kw_only=True):
    """Somebody with a seat at the joint consultation, for a role; `stand_in` sits for it until a day."""

    role: Annotated[str, fact("角色")]
    person: Annotated[str, fact("成员", "person")]
    agreed_by: Annotated[tuple[str, ...], fact("同意其参加的当事人")] = ()
    stand_in: Annotated[str | None, fact("代理成员", "person")] = None
    stand_in_until: Annotated[date | None, fact("代理至")] = None
    conflict: Annotated[Conflict | None, fact("披露的利害关系")] = None
    """What it has disclosed that may touch its fairness; None for nothing."""
    accepted_by: Annotated[tuple[str, ...], fact("知情后仍同意的当事人")] = ()
    """The parties that, informed of it, agree to its taking part."""


class Assignment(Struct, frozen=True, kw_only=True):
    """A member of staff who handles the case, or did until some time; for the body that then led it."""

    staff: Annotated[str, fact("人员", "staff")]
    role: Annotated[Handling, fact("承办身份")]
    host: Annotated[str, fact("主办组织")]
    since: Annotated[Occurred, fact("自何时")]
    until: Annotated[Occurred | None, fact("至何时")] = None
    """When it ended; None while it stands."""
    recused: Annotated[bool, fact("因回避结束")] = False
    asked_by: Annotated[tuple[str, ...], fact("要求更换的当事人")] = ()
    """The parties that wish for another mediator, until it is decided or they change their mind."""
    asked: Annotated[Occurred | None, fact("要求更换的时间")] = None
    """When the last of them said so."""
    accepted_by: Annotated[tuple[str, ...], fact("知情后仍同意其办理的当事人")] = ()
    """After a recusal: the parties that, told why, would have the same person all the same."""


class Suspension(Struct, frozen=True, kw_only=True):
    """That the talks rest, from a time on to another."""

    since: Annotated[Occurred, fact("中止时间")]
    until: Annotated[Occurred | None, fact("恢复时间")] = None


class Extension(Struct, frozen=True, kw_only=True):
    """Until when some parties have agreed that the talks may go on."""

    until: Annotated[date, fact("延至")]
    agreed_by: Annotated[tuple[str, ...], fact("同意的当事人")] = ()


class Cohort(Struct, frozen=True, kw_only=True):
    """Claimants counted together: exactly, about, or not at all; `outcome` where they ended."""

    party: Annotated[str, fact("所属当事人")]
    count: Annotated[int | None, fact("人数")] = None
    about: Annotated[bool, fact("人数为约数")] = False
    listed: Annotated[int, fact("已逐人登记的人数")] = 0
    """How many of it stand on rosters."""
    outcome: Annotated[CohortOutcome | None, fact("结果")] = None


class RoleRule(Struct, frozen=True):
    """What an installed role needs, as it was when the case was opened."""

    code: Annotated[str, fact("角色")]
    needs_consent: Annotated[bool, fact("须经当事人同意")]
    counts_for_quorum: Annotated[bool, fact("计入到会人数")]
    public_organ: Annotated[bool, fact("公共机关")] = False
    """Asking the disputants about a public organ is policy; 人民调解法 第20条 speaks of others."""


class Proceeding(Struct, frozen=True, kw_only=True):
    """What a court, an arbitration body or another organ does about an agreement or the dispute."""

    kind: Annotated[ProceedingKind, fact("种类")]
    agreement: Annotated[str | None, fact("协议")]
    applicants: Annotated[tuple[str, ...], fact("共同申请")] = ()
    filed: Annotated[Occurred | None, fact("提起时间")] = None
    result: Annotated[str | None, fact("结果")] = None
    """The state (code) it ended in."""
    effect: Annotated[ProceedingEffect | None, fact("对协议的效力")] = None
    """What a decision does to the agreement."""
    decided: Annotated[Occurred | None, fact("决定时间")] = None
    objected: Annotated[Occurred | None, fact("提出异议的时间")] = None
    orders: Annotated[tuple[Term, ...], fact("判令履行的事项")] = ()
    """What it obliges somebody to do, which is followed up as an agreement's terms are."""


class Exhibit(Struct, frozen=True, kw_only=True):
    """A photo, a scan, a recording, a paper. Where a reader is not told what it is, all of it is as it stands here."""

    kind: Annotated[ExhibitKind | None, fact("种类")] = None
    title: Annotated[Text | None, fact("名称")] = None
    file: Annotated[FileRef | None, fact("文件")] = None
    party: Annotated[str | None, fact("谁的材料")] = None
    label: Annotated[str, fact("谁能看")] = HOST_ONLY
    about: Annotated[tuple[str, ...], fact("关于")] = ()
    """Instances it belongs to."""
    place: Annotated[DossierPlace | None, fact("卷内位置")] = None
    replaced_by: Annotated[str | None, fact("替换它的材料")] = None
    erased: Annotated[bool, fact("已依法删除")] = False


PERSONAL = frozenset({ExhibitKind.IDENTITY, ExhibitKind.AUTHORITY})
"""Kinds of exhibits that are about nobody but whose they are."""


@dataclass
class MediationFacts(CaseFacts):
    """All facts of one mediated dispute."""

    host_kind: Annotated[str, fact("主办组织的性质", words=HOST_KINDS)] = ""
    """Legal nature of the organisation when the case was opened."""
    level: Annotated[Level | None, fact("主办组织的层级")] = None
    """Of the organisation that hosts the case now."""
    raised_at: Annotated[Level | None, fact("提出的层级")] = None
    settled_before: Annotated[Level | None, fact("移交前已化解的层级")] = None
    """Where it was settled before it was handed on to another organisation."""
    track: Annotated[str, fact("程序")] = ""
    dispute: Annotated[Dispute | None, fact("纠纷类别")] = None
    source: Annotated[Source | None, fact("来源")] = None
    reference: Annotated[str | None, fact("来源编号")] = None
    """Where it comes from outside: a report, a police alert."""
    submitted: Annotated[Occurred | None, fact("申请时间")] = None
    """When somebody applied, where that came before the registration."""
    registered: Annotated[Occurred | None, fact("登记时间")] = None
    accepted: Annotated[Occurred | None, fact("受理时间")] = None
    declined: Annotated[Occurred | None, fact("不予受理或转办时间")] = None
    terminated: Annotated[Occurred | None, fact("终止调解时间")] = None
    elsewhere: Annotated[Elsewhere | None, fact("已在别处受理或处理")] = None
    """A body that has accepted or decided the same matter (若干规定 第22条)."""
    sent_by_it: Annotated[bool, fact("由该处转来")] = False
    elsewhere_over: Annotated[bool, fact("该处已了结")] = False
    """Whether that body ended without result, or decides another question."""
    announced: Annotated[tuple[Any, ...], fact("登记时写明、尚待列入的当事人")] = ()
    """Parties named at registration who have not joined yet: consequences of the same order bring them in."""
    reopened: Annotated[tuple[str, ...], fact("待重新处理的事项")] = ()
    """Issues taken up again whose instances have not moved yet."""
    grade: Annotated[Grade | None, fact("等级")] = None
    in_zone: Annotated[bool, fact("在园区内")] = False
    assigned: Annotated[bool, fact("上级交办")] = False
    """Assigned by a superior (上级交办)."""
    weighty: Annotated[bool, fact("影响大、难化解")] = False
    """Of great impact and hard to resolve."""
    list_complete: Annotated[bool, fact("申请人名单完整")] = True
    """Whether the list of claimants has been declared complete; only cohorts open it."""
    apart_since: Annotated[int, fact("分头调解前已开会次数")] = 0
    """How many joint sessions had been held when the talks last went apart."""
    predecessor: Annotated[str | None, fact("接续的案件")] = None
    repeats: Annotated[bool, fact("反复")] = False
    """Whether it is new trouble between the same parties, soon after the case it follows on was closed."""
    duplicate_of: Annotated[str | None, fact("与哪件案件重复")] = None
    """The case this one follows on."""
    amount_claimed: Annotated[int | None, fact("请求金额", "money")] = None
    roles: dict[str, RoleRule] = field(default_factory=dict)
    visit_days: Annotated[tuple[int, ...], fact("生效后第几天回访")] = ()
    """Days after effect on which visits fall due: the policy in force when the case was opened."""
    visits_cancelled: Annotated[bool, fact("结案时取消走访")] = False
    """Whether whoever closed the case cancelled the visits that were still planned."""
    parties: dict[str, Party] = field(default_factory=dict)
    capacities: dict[str, Capacity] = field(default_factory=dict)
    issues: dict[str, Issue] = field(default_factory=dict)
    blocks: dict[str, Block] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    hosts: Annotated[dict[str, str], fact("接手的组织")] = field(default_factory=dict)
    """Organisations (ids) the case was handed over to."""
    members: dict[str, Member] = field(default_factory=dict)
    assignments: dict[str, Assignment] = field(default_factory=dict)
    assigning: Annotated[tuple[Assignment, ...], fact("接着承办的人")] = ()
    """Those that begin with the order in hand."""
    extensions: dict[str, Extension] = field(default_factory=dict)
    suspensions: dict[str, Suspension] = field(default_factory=dict)
    cohorts: dict[str, Cohort] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)
    splitting: Annotated[tuple[Agreement, ...], fact("刚分出、尚待列入的协议")] = ()
    """Agreements of those split off which the same order is to bring into being."""
    confirmations: dict[str, Confirmation] = field(default_factory=dict)
    obligations: dict[str, Obligation] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    proceedings: dict[str, Proceeding] = field(default_factory=dict)
    exhibits: dict[str, Exhibit] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    statements: dict[str, Statement] = field(default_factory=dict)
    risks: dict[str, Risk] = field(default_factory=dict)
    data_requests: dict[str, DataRequest] = field(default_factory=dict)
    to_file: Annotated[tuple[tuple[str, FileRef], ...], fact("一并收存的文件")] = ()
    """Files handed in together with that of an exhibit which are no exhibits of their own yet."""
    brought: Annotated[tuple[FileRef, ...], fact("申请时交来、尚待收存的文件")] = ()
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    loans: dict[str, Loan] = field(default_factory=dict)
    erased: Annotated[tuple[str, ...], fact("已删除的文字和文件")] = ()
    """Ids of words and files."""

    def sessions_held(self) -> int:
        """How many joint sessions are on record, those only assumed left out."""
        return sum(1 for s in self.sessions.values() if s.held is not None and s.counts)

    @property
    def applied(self) -> Occurred | None:
        """Since when there is an application: since it was submitted, else since the registration."""
        return self.submitted or self.registered

    # -- what the engine asks

    def people(self) -> Mapping[str, str]:
        return {key: party.person for key, party in self.parties.items()}

    def others(self) -> Mapping[str, str]:
        acting: dict[str, Member | Capacity] = {**self.members, **self.capacities}
        return {key: one.person for key, one in acting.items()}

    def staff(self) -> Mapping[str, str]:
        return {key: assignment.staff for key, assignment in self.assignments.items()}

    def standing(self) -> list[Assignment]:
        """The assignments that have not ended."""
        return [assignment for assignment in self.assignments.values() if assignment.until is None]

    def leading(self) -> str | None:
        held = self.assignments.items()
        return next((key for key, a in held if a.role is Handling.LEAD and a.until is None), None)

    def lead_mediator(self) -> str | None:
        key = self.leading()
        return self.assignments[key].staff if key else None

    def is_handled(self, by: str) -> bool:
        """Where nobody handles it everybody may, but who has stepped back from it."""
        handlers = {assignment.staff for assignment in self.standing()}
        return by in handlers if handlers else not self.has_stepped_back(by)

    def has_stepped_back(self, by: str) -> bool:
        own = [assignment for assignment in self.assignments.values() if assignment.staff == by]
        return any(a.recused for a in own) and all(a.until is not None for a in own)

    def sides(self) -> list[tuple[str, Sequence[str]]]:
        by = [(side.label, [key for key, party in self.parties.items() if party.side is side]) for side in Side]
        return [(label, keys) for label, keys in by if keys]

    def subject(self) -> tuple[str, ...]:
        track = track_of(self.track)
        words = (
            self.dispute and self.dispute.label,
            track.label if track else self.track,
            "反复" if self.repeats else "",
            f"{self.raised_at.label}提出" if self.raised_at and self.raised_at is not self.level else "",
        )
        return tuple(filter(None, words))

    def codes(self, field: str, on: Sequence[str]) -> list[tuple[str, str]]:
        if field != "text_hash":
            return []
        texts = dict.fromkeys(
            self.confirmations[k].text_hash for k in on or self.confirmations if k in self.confirmations
        )
        return [(text, f"现在这一版（校验码 {text[:12]}…）") for text in texts]

    def acts_for(self, key: str) -> str:
        if key in self.confirmations:
            return self.confirmations[key].party
        if key in self.payments:
            return self._payee(self.payments[key]) or key
        own = self.obligations.get(key)
        named = own.payee if own else getattr(self.visits.get(key) or self.exhibits.get(key), "party", None)
        return named or key

    def _payee(self, payment: Payment) -> str | None:
        """For whom money was received."""
        owed = self.obligations.get(payment.obligation or "")
        return payment.for_payee or payment.payee or (owed.payee if owed else None)

    def with_party(self, key: str) -> str | None:
        if key in self.capacities:
            return self.capacities[key].principals[0]
        by_party = (self.blocks, self.confirmations, self.visits, self.calls, self.deliveries, self.statements)
        part = next((parts[key] for parts in by_party if key in parts), None)
        return part.party if part else None

    def represented_by(self, person: str, when: Occurred) -> frozenset[str]:
        own = {k for k, p in self.parties.items() if p.person == person and p.kind is PartyKind.PERSON}
        able = {k for k in own if not self.parties[k].is_ward(when)}
        mine = (c for c in self.capacities.values() if c.person == person and c.stands(when))
        return frozenset(able.union(*(c.principals for c in mine)))

    def capacities_for(self, parties: Collection[str], act: str, when: Occurred) -> list[tuple[str, bool]]:
        power = POWER_OF.get(act, Power.TAKE_PART)
        mine = {k: c for k, c in self.capacities.items() if parties and set(parties) <= set(c.principals)}
        return [(k, c.stands(when) is True and c.may(power)) for k, c in mine.items()]

    def whole_of(self, key: str) -> str | None:
        confirmation = self.confirmations.get(key)
        return confirmation.agreement if confirmation else None

    def named_by(self, key: str) -> tuple[str, ...]:
        if key in self.capacities:
            return (self.capacities[key].person, *self.capacities[key].principals)
        member, duty = self.members.get(key), self.obligations.get(key) or self.payments.get(key)
        if duty is not None:
            return tuple(filter(None, [duty.payee]))
        return (member.role, member.person) if member else tuple(filter(None, [self.with_party(key)]))

    def files(self) -> Mapping[str, str]:
        return {key: it.file for key, it in self.exhibits.items() if it.file is not None and not it.erased}

    def files_of(self, person: str) -> Sequence[str]:
        """What proves who he is, or is for him alone; what he brought for others, too, belongs to the case (policy)."""
        own = {key for key, party in self.parties.items() if party.person == person}
        kept = ((key, self.exhibits[key]) for key in self.files())
        return [key for key, it in kept if it.party in own and (it.kind in PERSONAL or it.label == it.party)]

    def due_days(self, open: Collection[str]) -> Iterator[tuple[str, date]]:
        for dated in (self.obligations, self.visits, self.loans):
            for key, part in dated.items():
                if key in open and part.due is not None:
                    yield key, part.due
        for key, session in self.sessions.items():
            if key in open and session.planned is not None:
                yield key, session.planned

    def speakers(self, key: str, day: date) -> Sequence[str]:
        when = Occurred(day.isoformat())
        acting = [c for c in self.capacities.values() if key in c.principals and c.stands(when) is True]
        acting.sort(key=lambda it: it.kind is not CapacityKind.GUARDIAN)
        own, others = [self.parties[key].person], [it.person for it in acting]
        return list(dict.fromkeys([*others, *own] if self.parties[key].is_ward(when) else [*own, *others]))

    def predecessor_of(self) -> str | None:
        return self.predecessor

    def linked(self) -> Collection[str]:
        return tuple(dict.fromkeys(origin.item for origin in self.origins.values()))

    def list_row(self, is_over: Callable[[str], bool]) -> ListRow:
        sums = [a.total for key, a in self.agreements.items() if a.total is not None and not is_over(key)]
        return ListRow(
            track=self.track,
            dispute=self.dispute.value if self.dispute else None,
            rounds=self.sessions_held(),
            parties=len(self.parties),
            agreed=sum(sums) if sums else None,
            predecessor=self.predecessor,
            kept=sum(o.kind in STANDING and not o.by_record and not is_over(k) for k, o in self.obligations.items()),
        )


def facts_of(of: Case | Situation) -> MediationFacts:
    """Facts of a mediated dispute: of a case, or of what a guard sees."""
    return cast(MediationFacts, of.facts)
