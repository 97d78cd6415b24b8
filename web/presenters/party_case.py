"""A party's own case, as who acts for it reads it: where it stands, what lies ahead, what happened, its money.

All of it is joint, or for its own party alone, and counted as he sees it: nothing here knows of anything else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import groupby

from mediation_engine.domain.case import Case, machine_of
from mediation_engine.domain.formatting import CHINA, day_words, money_words, ordinal_words, sum_words
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.roles import STAFF_OFFICES, Office
from mediation_engine.ports.views import Read
from mediation_engine.services.case_view import CaseView
from workflows.facts import Confirmation, Payment, facts_of
from workflows.parts import cards
from workflows.parts.cards import due_words, term_of
from workflows.parts.ledger import against, intended, is_owed, paid_on, part_for
from workflows.parts.states import VISIT_AHEAD, AgreementState, ConfirmationState, SessionState, SuspensionState
from workflows.vocabulary import TermKind

from . import naming
from .case_details import Casework
from .deadlines import left_words, shown_clocks
from .timeline import Corrections, Shown, by_day
from .visibility import counted, is_joint

A_PAGE = 50
"""Orders told of at a time, the latest of all first."""
FOR_HIM = "只有您这一方和调解员看得到"
FEW, MANY = 5, 20
"""Of so many things that one order was about all are told of; of more not those of others alone, nor over so many."""
DAYS_A_PAGE = 30
"""Days on which the case was looked at, shown at a time."""


def is_told(view: CaseView, key: str) -> bool:
    """Whether he may know of an instance: everybody may, or it was handed in for his own party alone."""
    exhibit = facts_of(view.case).exhibits.get(key)
    return is_joint(view.workflow, view.case, key) or (exhibit is not None and exhibit.label in view.access.parties)


def for_party(view: CaseView) -> CaseView:
    """A case with its things counted as he sees them."""
    return counted(view, lambda key: is_told(view, key))


@dataclass(frozen=True, kw_only=True)
class OwnCase:
    """A case as who acts for some of its parties may read it."""

    view: CaseView
    own: Collection[str]
    """The parties he acts for (keys)."""

    @property
    def case(self) -> Case:
        return self.view.case

    @cached_property
    def work(self) -> Casework:
        """It in words."""
        return Casework(view=self.view, joint=True)

    def thing(self, key: str | None) -> str:
        return self.view.teller.thing(key) if key else ""

    def agreements(self) -> Iterator[str]:
        """The agreements that are theirs: put to them, signed for them, or reached about what concerns them."""
        facts = facts_of(self.case)
        asked = {it.agreement for it in facts.confirmations.values() if it.party in self.own}
        for key, of in facts.agreements.items():
            about = of.signers or [party for issue in of.issues for party in facts.issues[issue].parties]
            if key in asked or self.own_of(about or facts.parties):
                yield key

    def mine(self, agreement: str) -> list[Confirmation]:
        """What is asked of his parties for an agreement."""
        held = facts_of(self.case).confirmations.values()
        return [it for it in held if it.agreement == agreement and it.party in self.own]

    def own_of(self, parties: Iterable[str]) -> list[str]:
        return [key for key in parties if key in self.own]


# -- where it stands


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands, and what comes next, in plain words."""

    stands: str
    onward: str


TALKS = "调解员会再和各方谈。"
"""What comes next wherever talks go on again."""
STANDINGS: Mapping[tuple[str, str], Standing] = {
    ("intake", "submitted"): Standing("申请已经收到，等调解室登记。", "受理不受理，都会告诉您。"),
    ("intake", "registered"): Standing("已经登记，等调解室决定受理不受理。", "受理不受理，都会告诉您。"),
    ("intake", "accepted"): Standing("已经受理。", "调解员会来找各方谈。"),
    ("intake", "declined"): Standing("调解室没有受理。", "您可以去法院起诉，或者找别的部门；不清楚的问调解员。"),
    ("intake", "transferred"): Standing("已经转给别的部门办。", "转到哪里，问调解员。"),
    ("mediation", "talking"): Standing("正在调解。", "调解员会和各方谈；谈好了写成协议，给您看。"),
    ("mediation", "settled"): Standing("已经谈成。", "接下来看协议照着做了没有。"),
    ("mediation", "raised"): Standing("已经转到五方一起会诊。", "调解员会先和各方分头谈。"),
    ("coordination", "coordinating"): Standing("正在分头谈。", "分头谈过，再请大家坐到一起。"),
    ("coordination", "convened"): Standing("准备大家坐到一起谈。", "开会的日子会告诉您。"),
    ("coordination", "settled"): Standing("已经谈成。", "接下来看协议照着做了没有。"),
    ("consultation", "consulting"): Standing("正在集中会诊，大家坐到一起谈。", "谈好了写成协议，给您看。"),
    ("consultation", "apart"): Standing("先回到分头谈。", TALKS),
    ("consultation", "settled"): Standing("已经谈成。", "接下来看协议照着做了没有。"),
    ("follow_up", "supervising"): Standing("协议已经生效，正在照着做。", "调解室会来看做到了没有；都做到了就结案。"),
    ("follow_up", "performed"): Standing("协议都做到了，已经结案。", "有新的纠纷，再来找调解室。"),
    ("follow_up", "remainder"): Standing("已经结案，还有几项没有了结。", "没有做到的，可以去法院起诉或者申请仲裁。"),
    ("follow_up", "talks_again"): Standing("重新调解。", TALKS),
    ("challenge", "challenged"): Standing("有人就协议去了法院、仲裁委或别的机关。", "那边有了结果，再接着办。"),
    ("challenge", "upheld"): Standing("协议维持不变，照原来的结果结案。", "有新的纠纷，再来找调解室。"),
    ("challenge", "supervised"): Standing("恢复看协议照着做了没有。", "没有做到的，调解室会催。"),
    ("challenge", "decided"): Standing("已经有裁判，照裁判结案。", "照裁判办；不照着做的，可以申请强制执行。"),
    ("challenge", "settled_there"): Standing("在法院或仲裁那边谈成了，照那边的结果结案。", "照那边谈好的办。"),
    ("challenge", "talks_again"): Standing("重新调解。", TALKS),
    ("", "failed"): Standing("调解终止了，没有谈成。", "您可以去法院起诉，或者申请劳动仲裁；不清楚的问调解员。"),
    ("", "withdrawn"): Standing("申请已经撤回。", "以后还想调解，可以再来申请。"),
    ("", "mistaken"): Standing("这件是登记错了的，不办了。", "有疑问的问调解员。"),
    ("", "duplicate"): Standing("这件和另一件重复，并到那一件办。", "有疑问的问调解员。"),
}
"""By phase and state; without a phase for all alike."""
AGREED: Mapping[Labelled, Standing] = {
    AgreementState.DRAFTED: Standing("协议已经写好，等各方签字。", "各方签了字、盖了章，协议才生效。"),
    AgreementState.REACHED: Standing("已经谈妥，正在写协议。", "写好了给您看。"),
}
"""While talks go on, by how his own agreement stands that is furthest."""
TALKING = frozenset({("mediation", "talking"), ("coordination", "coordinating"), ("consultation", "consulting")})
SUSPENDED = Standing("现在中止了（先停一停）。", "恢复了，调解员会告诉您。")


def standing_of(phase: str, state: str) -> Standing:
    """How a case stands by its phase and state alone."""
    return STANDINGS.get((phase, state)) or STANDINGS["", state]


def standing(own: OwnCase) -> Standing:
    """How it stands for him."""
    case = own.case
    at = machine_of(case.phase), case.state(case.phase) or ""
    if any(case.is_in(key, SuspensionState.SUSPENDED) for key in case.of("suspension")):
        return SUSPENDED
    mine = [*own.agreements()] if at in TALKING else []
    return next((it for state, it in AGREED.items() if any(case.is_in(key, state) for key in mine)), standing_of(*at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What lies ahead on a day, and how far off it is."""

    words: str
    day: str
    left: str = ""


def ahead(own: OwnCase) -> list[Ahead]:
    """Meetings he is asked to, visits to him, and periods of his that are nearly over; the nearest first."""
    found = sorted([*_dates(own), *_periods(own)], key=lambda pair: pair[0] or date.max)
    return [it for _, it in found]


def _dates(own: OwnCase) -> Iterator[tuple[date | None, Ahead]]:
    facts, today = facts_of(own.case), own.view.today
    for key, session in facts.sessions.items():
        if own.case.is_in(key, SessionState.SCHEDULED) and own.own_of(session.invited) and session.planned:
            yield session.planned, _ahead("开会，请您到场", session.planned, today)
    for key, visit in facts.visits.items():
        if own.case.is_in(key, *VISIT_AHEAD) and visit.party in own.own and visit.due:
            yield visit.due, _ahead("调解室来走访您", visit.due, today)


def _ahead(words: str, day: date, today: date) -> Ahead:
    return Ahead(words=words, day=day_words(day), left=left_words(day, today))


def _periods(own: OwnCase) -> Iterator[tuple[date | None, Ahead]]:
    for it in shown_clocks(own.view, joint=True):
        last = it.clock.last
        is_near = last is not None and (last - own.view.today).days <= NEAR
        if is_near and not it.ended and _concerns(own, it.clock.run.instance):
            yield last, Ahead(words=it.title, day=f"最后一天是{it.last}", left=it.tag)


def _concerns(own: OwnCase, key: str) -> bool:
    """Whether a period is about the case, or about something of his parties."""
    facts = facts_of(own.case)
    duty = facts.obligations.get(key)
    if duty:
        return duty.payee in own.own
    return key not in facts.agreements or bool(own.own_of(facts.agreements[key].signers))


NEAR = 90
"""A period is told of once its last day is so many days off (policy)."""


# -- what happened


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What one order brought about: what was done, and what followed from it."""

    number: int
    what: str
    time: str
    done: Sequence[Shown]
    after: Sequence[Shown]
    others: int = 0
    """So many more things it was done to."""
    further: int = 0
    """So many more that followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What he is told of what happened, a page of it, the latest first: by day."""

    days: Sequence[tuple[str, Sequence[Happened]]]
    total: int
    earlier: int
    """So many before those on this page."""


def history(own: OwnCase, upto: int) -> History:
    """What happened up to a number, or all of it, in numbers of his own: 1, 2, 3 …"""
    view = own.view
    told = [it for it in view.lines if is_told(view, it.line.instance)]
    orders = [[*some] for _, some in groupby(told, key=lambda it: it.line.command_id)]
    upto = min(upto, len(orders)) if upto else len(orders)
    begin = max(0, upto - A_PAGE)
    numbers = {it.line.version: number for number, some in enumerate(orders, 1) for it in some}
    corrections = Corrections(marks=view.corrected, restated=view.restated, numbers=numbers, offered=False)
    lines = [it for some in orders[begin:upto] for it in some]
    days = by_day(lines, view.teller, joint=True, corrections=corrections)
    shown = [(day.words, [*_happened(own, day.lines, numbers)][::-1]) for day in reversed(days)]
    return History(days=shown, total=len(orders), earlier=begin)


def _happened(own: OwnCase, lines: Iterable[Shown], numbers: Mapping[int, int]) -> Iterator[Happened]:
    for number, some in groupby(lines, key=lambda it: numbers[it.line.version]):
        found = [_about(own, it) for it in some]
        first = [it for it in found if it.line.command] or found[:1]
        rest = [it for it in found if it not in first]
        done, after = _some(own, first), _some(own, rest)
        yield Happened(
            number=number,
            what=first[0].told.what,
            time=first[0].time,
            done=done,
            after=after,
            others=len(first) - len(done),
            further=len(rest) - len(after),
        )


def _some(own: OwnCase, lines: Sequence[Shown]) -> Sequence[Shown]:
    """Of many lines those that are not about others alone; all of a few."""
    if len(lines) <= FEW:
        return lines
    mine = [it for it in lines if not _is_others(own, it.line.instance)]
    return mine[:MANY] or lines[:FEW]


def _is_others(own: OwnCase, key: str) -> bool:
    facts = own.case.facts
    about = {key, facts.acts_for(key), *facts.named_by(key)} & facts.people().keys()
    return bool(about) and not own.own_of(about)


def _about(own: OwnCase, shown: Shown) -> Shown:
    """A line with whom or what the thing is about, where its number says too little."""
    key = shown.line.instance
    notes = () if is_joint(own.view.workflow, own.case, key) else (FOR_HIM,)
    told = replace(shown.told, about=naming.thing(own.case, own.view.teller, key), notes=notes)
    return replace(shown, told=told)


# -- money


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A payment on record."""

    key: str
    amount: str
    when: str
    between: str
    state: str
    notes: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Money that one of his parties pays or is paid."""

    key: str
    title: str
    words: str
    is_mine: bool
    """Whether his party pays it."""
    other: str
    """Who pays it, or is paid, on the other side."""
    facts: Sequence[tuple[str, str]]
    state: str
    tone: str
    is_open: bool
    is_late: bool
    payments: Sequence[Paid]

    @property
    def anchor(self) -> str:
        """Where it stands on its page."""
        return self.key.replace("/", "-")

    @property
    def open_words(self) -> str:
        """What of it is asked of whom pays, in a line."""
        return f"{self.title}{'过了期限还没有付清' if self.is_late else '还没有付清'}"


def money(own: OwnCase) -> list[Owed]:
    """All of it that is not over, what is late first; then what is settled."""
    facts, paid = facts_of(own.case), _paid_for(own.case)
    keys = [k for k, of in facts.obligations.items() if of.kind is TermKind.PAY and own.own_of(_ends(of))]
    found = [_owed(own, key, paid.get(key, ())) for key in keys]
    return sorted(found, key=lambda it: (not it.is_late, not it.is_open))


def loose(own: OwnCase) -> list[Paid]:
    """Payments of or to his parties that are for no duty of theirs that is named."""
    payments = facts_of(own.case).payments
    mine = [key for key, of in payments.items() if own.own_of(_ends(of, of.for_payer, of.for_payee))]
    return [_paid(own, key, payments[key]) for key in mine if not _duties(own, payments[key])]


def _ends(of: object, *more: str | None) -> list[str]:
    ends = (getattr(of, "payer", None), getattr(of, "payee", None), *more)
    return [key for key in ends if key]


def _duties(own: OwnCase, payment: Payment) -> list[str]:
    """The duties of his parties that a payment is for."""
    owed = facts_of(own.case).obligations
    return [key for key in intended(own.case, payment) if own.own_of(_ends(owed[key]))]


def _paid_for(case: Case) -> dict[str, list[str]]:
    """The payments (keys) for each duty, whether or not they count."""
    found: dict[str, list[str]] = {}
    for key, of in facts_of(case).payments.items():
        for duty in intended(case, of):
            found.setdefault(duty, []).append(key)
    return found


def _owed(own: OwnCase, key: str, payments: Iterable[str]) -> Owed:
    case, facts, work = own.case, facts_of(own.case), own.work
    of, today = facts.obligations[key], own.view.today
    term, paid = term_of(case, of), paid_on(case, key)
    is_open = is_owed(case, key)
    is_late = is_open and of.due is not None and of.due < today
    custodian = work.name(of.custodian) if of.custodian else ""
    who, whom = own.thing(of.payer) or "没有写明", own.thing(of.payee) or "没有写明"
    if custodian:
        who, whom = (who, f"{custodian}（代收，再转给{whom}）") if of.into_custody else (f"{custodian}（代付）", whom)
    pairs = [("谁付", who), ("付给谁", whom), ("多少", sum_words(of.amount) if of.amount is not None else "还没有定")]
    if of.due:
        pairs.append(("什么时候", f"{due_words(work, of)}以前{f'，{left_words(of.due, today)}' if is_open else ''}"))
    elif term and term.trigger:
        pairs.append(("什么时候", work.said(term.trigger)))
    pairs.append(("已付", money_words(paid)))
    if of.amount is not None and is_open:
        pairs.append(("还差", sum_words(of.amount - paid)))
    number = f"第{ordinal_words(of.term)}条"
    return Owed(
        key=key,
        title=f"{own.thing(of.agreement)}{number}" if of.agreement else f"裁判{number}",
        words=work.said(term.words) if term else "",
        is_mine=of.payer in own.own,
        other=own.thing(of.payee if of.payer in own.own else of.payer),
        facts=pairs,
        state="过了期限" if is_late else work.state(key),
        tone="late" if is_late else work.tone(key),
        is_open=is_open,
        is_late=is_late,
        payments=[_paid(own, k, facts.payments[k], key) for k in payments],
    )


def _paid(own: OwnCase, key: str, of: Payment, duty: str = "") -> Paid:
    amount = part_for(own.case, of, duty) if duty else of.amount
    ends = (_for(own, of.payer, of.for_payer), _for(own, of.payee, of.for_payee))
    objections = [] if of.returned else [f"不算数：{it.label}" for it in against(own.case, of, key)]
    return Paid(
        key=key,
        amount=sum_words(amount) if amount is not None else "多少没有写明",
        when=of.occurred.words(),
        between=" 付给 ".join(filter(None, ends)),
        state=own.work.state(key),
        notes=[f"银行退回：{of.returned.label}" if of.returned else "", *objections],
    )


def _for(own: OwnCase, who: str | None, of: str | None) -> str:
    return f"{own.thing(who)}（代{own.thing(of)}）" if of else own.thing(who)


# -- papers that went to him


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A paper that was handed or sent to one of his parties."""

    title: str
    facts: Sequence[tuple[str, str]]
    code: str
    """Of the paper, and what that is about (key): it may be made again."""
    about: Mapping[str, str]


def delivered(own: OwnCase) -> list[Delivered]:
    """All of them, the latest first."""
    work, found = own.work, list[Delivered]()
    for key, of in facts_of(own.case).deliveries.items():
        if of.party in own.own:
            name = work.said(of.title) if of.title else of.paper.label
            about = {"party": of.party, "agreement": of.agreement or "", "": ""}
            facts = [(label or "怎样送的", said) for label, said in cards.delivery(work, key).facts]
            found.append(Delivered(title=name, facts=facts, code=of.paper.code, about=about))
    return found[::-1]


# -- who looked


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One day on which it was looked at: by which office in which hours."""

    day: str
    by: Sequence[tuple[str, str]]


def hour_words(hour: int) -> str:
    """晚上9点多: an hour as people say it."""
    part = "半夜" if hour < 5 else "早上" if hour < 9 else "上午" if hour < 12 else "下午" if hour < 18 else "晚上"
    return f"{part}{hour if hour <= 12 else hour - 12}点多"


def looked(own: OwnCase, reads: Sequence[Read], person: str) -> list[Looked]:
    """Who looked at the case, the latest day first: staff by their office, in which hours of the day; what they looked
    at and how often is not told, since it would tell of what is private; nor when the other side did."""
    facts = facts_of(own.case)
    acting = (it.person for it in facts.capacities.values() if own.own_of(it.principals))
    mine = {person, *acting, *(facts.parties[key].person for key in own.own)}
    days = groupby(reversed(reads), key=lambda it: it.at.astimezone(CHINA).date())
    found = []
    for day, some in days:
        by: dict[str, set[int]] = {}
        for it in some:
            if label := _reader(it, mine):
                by.setdefault(label, set()).add(it.at.astimezone(CHINA).hour)
        if by:
            rows = [
                (label, "、".join(hour_words(hour) for hour in sorted(hours))) for label, hours in sorted(by.items())
            ]
            found.append(Looked(day=day_words(day), by=rows))
    return found


def _reader(read: Read, mine: Collection[str]) -> str:
    """Who looked, as he is told; empty where he is not."""
    office = Office.named(read.office)
    if office is None or office in STAFF_OFFICES:
        return office.label if office else "本系统"
    return "您这一方（凭链接）" if read.actor in mine else ""


def texts_waiting(own: OwnCase, states: Collection[ConfirmationState]) -> list[tuple[str, str]]:
    """The agreements put to his parties that wait for an answer: key, and what they are called."""
    put = facts_of(own.case).confirmations.items()
    waiting = [it.agreement for key, it in put if it.party in own.own and own.case.is_in(key, *states)]
    return [(key, own.view.teller.numbered(key)) for key in dict.fromkeys(waiting)]
