"""The periods of 2026, by law and by the room's own rule: what starts each, how long it is, what follows. A rule pack.

Each rule finds its clocks in the facts of a case; what guards hold steps to stands with the guards, and is named here.
It decides nothing: who is late is told, and may still act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from mediation_engine.domain.calendar import Calendar, DayKind
from mediation_engine.domain.case import Case
from mediation_engine.domain.deadline import PAUSES, DeadlineRule, Pause, Run, Whose
from mediation_engine.domain.guard import POLICY
from mediation_engine.domain.message import HANDLERS, Audience
from mediation_engine.domain.occurred import Occurred, on
from mediation_engine.domain.periods import PeriodUnit

from .facts import facts_of
from .parts.extension import LABOUR_TERM, PEOPLE_TERM, agreed_days, in_first_talks
from .parts.proceeding import CONFIRMABLE
from .parts.queries import binds, confirmed, in_dispute
from .parts.states import AgreementState, ObligationState, PartyState, ProceedingState
from .tracks import LABOUR
from .vocabulary import Dispute, ProceedingKind, Side, Source

Runs = Callable[[Case, Calendar], Iterator[Run]]
"""What finds the clocks of a rule in a case."""
CASE = ""
"""In place of an instance: the case as a whole."""
LEAD = HANDLERS | {Audience.LEAD}
FESTIVALS = frozenset({"元旦", "春节"})
BEFORE_FESTIVAL = timedelta(days=15)
"""From so many days before a festival on, wages are wanted before it (policy)."""
SETTINGS: Mapping[str, tuple[int, int, int]] = {
    "acceptance": (3, 1, 30),
    "refusal": (3, 1, 30),
    "festival": (7, 1, 30),
    "urging": (2, 1, 30),
    "remedies": (7, 1, 60),
    "correction": (15, 1, 30),
}
"""What the room sets itself: how many days (or working days) usually, at least, at most."""
USUAL: Mapping[str, int] = {name: usual for name, (usual, _, _) in SETTINGS.items()} | {PAUSES: 1}


def _is_labour(case: Case) -> bool:
    return facts_of(case).track == LABOUR.code


def _answering(labour: bool) -> Runs:
    """An application is accepted, declined or handed on: in labour by law; what others sent, by the room's rule."""

    def runs(case: Case, _: Calendar) -> Iterator[Run]:
        facts = facts_of(case)
        by_law = _is_labour(case) and facts.source is Source.APPLICATION
        if facts.applied and facts.source is not Source.PROACTIVE and by_law is labour:
            met = facts.accepted or facts.declined
            yield Run(instance=CASE, since=facts.applied, met=met, is_over=facts.closed is not None)

    return runs


def _talks_over(case: Case) -> Occurred | None:
    """When the first talks came to something, or to an end."""
    facts = facts_of(case)
    reached = [it.reached for it in facts.agreements.values()]
    return reached[0] if reached else facts.terminated


def _term(case: Case, since: Occurred | None) -> Iterator[Run]:
    facts = facts_of(case)
    if since is None or facts.accepted is None:
        return
    ended = not in_first_talks(case)
    yield Run(
        instance=CASE,
        since=since,
        until=max(agreed_days(case), default=None),
        pauses=tuple(_pauses(case)),
        met=_talks_over(case) if ended else None,
        is_over=ended,
    )


def _pauses(case: Case) -> Iterator[Pause]:
    for held in facts_of(case).suspensions.values():
        began, ended = held.since.span(), held.until.span() if held.until else None
        since, until = began[1] if began else None, ended[0] if ended else None
        if since and (held.until is None or until):
            yield Pause(since=since, until=until)


def _labour_term(case: Case, _: Calendar) -> Iterator[Run]:
    return _term(case, facts_of(case).applied if _is_labour(case) else None)


def _people_term(case: Case, _: Calendar) -> Iterator[Run]:
    return _term(case, None if _is_labour(case) else facts_of(case).accepted)


def _refusals(case: Case, _: Calendar) -> Iterator[Run]:
    """The other side refuses: those who applied are told where else they can go."""
    facts = facts_of(case)
    if not _is_labour(case):
        return
    applied = [k for k in in_dispute(case) if facts.parties[k].side is Side.APPLICANT]
    told = [facts.parties[k].remedy_told for k in applied]
    for key, party in facts.parties.items():
        if party.refused and party.side is Side.RESPONDENT:
            since = [it for it in told if it and not it.is_before(party.refused)]
            met = max(since, key=lambda it: it.last_day() or date.max) if len(since) == len(told) and told else None
            over = not case.is_in(key, PartyState.REFUSING) or facts.closed is not None
            yield Run(instance=key, since=party.refused, met=met, is_over=over)


def _before_festival(case: Case, calendar: Calendar) -> Iterator[Run]:
    """Wages owed shortly before 元旦 or 春节, or in it."""
    facts = facts_of(case)
    applied = facts.applied
    day = applied.day if applied else None
    if applied is None or facts.dispute is not Dispute.LABOUR_PAY or day is None:
        return
    if any(first - BEFORE_FESTIVAL <= day <= last for first, last in _festivals(calendar, day)):
        effective = [it.effective for it in facts.agreements.values() if it.effective]
        over = facts.closed is not None or (not in_first_talks(case) and facts.accepted is not None)
        yield Run(instance=CASE, since=applied, met=effective[0] if effective else None, is_over=over)


def _festivals(calendar: Calendar, day: date) -> Iterator[tuple[date, date]]:
    """The first and the last day off of each festival of a year and the next."""
    for year in (day.year, day.year + 1):
        known = calendar.years.get(year)
        for name in FESTIVALS:
            off = (it for it in known.days if it.kind is not DayKind.MAKEUP_WORK) if known else ()
            days = [it.day for it in off if name in it.name.split("、") and it.day.year == year]
            if days:
                yield days[0], days[-1]


def _window(kind: ProceedingKind) -> Runs:
    """An agreement in effect can be confirmed together, once, within some days."""

    def runs(case: Case, _: Calendar) -> Iterator[Run]:
        facts = facts_of(case)
        for key, held in facts.agreements.items():
            if held.effective is None or (kind is ProceedingKind.ARBITRAL and not _is_labour(case)):
                continue
            filed = _filed(case, kind, key)
            over = not case.is_in(key, AgreementState.EFFECTIVE) or confirmed(case, key)
            yield Run(instance=key, since=held.effective, met=filed, is_over=over)

    return runs


def _objecting(case: Case, _: Calendar) -> Iterator[Run]:
    for key, held in facts_of(case).proceedings.items():
        if held.kind is ProceedingKind.JUDICIAL and held.decided and case.state(key):
            over = not case.is_in(key, ProceedingState.CONFIRMED)
            yield Run(instance=key, since=held.decided, met=held.objected, is_over=over)


def _enforcing(case: Case, _: Calendar) -> Iterator[Run]:
    """What has been confirmed or ordered and not performed, from the last day of the last instalment on."""
    facts = facts_of(case)
    for key in (*(k for k in facts.agreements if confirmed(case, k)), *facts.proceedings):
        owed = [(k, o) for k, o in facts.obligations.items() if key in (o.agreement, o.proceeding) and o.due]
        if not owed:
            continue
        last = max(o.due for _, o in owed if o.due)
        filed = _filed(case, ProceedingKind.ENFORCEMENT, None if key in facts.proceedings else key)
        unpaid = any(case.is_in(k, ObligationState.PENDING, ObligationState.BREACHED) for k, _ in owed)
        yield Run(instance=key, since=on(last), met=filed, is_over=not unpaid)


def _claiming(labour: bool) -> Runs:
    """Applying to the room, and not keeping to what was agreed, interrupt the limitation, which begins anew."""

    def runs(case: Case, _: Calendar) -> Iterator[Run]:
        facts = facts_of(case)
        if _is_labour(case) is not labour:
            return
        met = _filed(case, ProceedingKind.ARBITRATION if labour else ProceedingKind.LITIGATION)
        for key, owed in facts.obligations.items():
            if case.is_in(key, ObligationState.BREACHED) and owed.settled and not confirmed(case, owed.agreement or ""):
                yield Run(instance=key, since=owed.settled, met=met)
        if facts.applied and facts.source is Source.APPLICATION:  # only a claimant's own request interrupts it
            agreed = any(binds(case, key) for key in facts.agreements)
            over = agreed or (facts.closed is not None and facts.terminated is None)
            yield Run(instance=CASE, since=facts.applied, met=met, is_over=over)

    return runs


def _urging(case: Case, _: Calendar) -> Iterator[Run]:
    """Somebody has not done what was agreed on: the room urges him."""
    for key, owed in facts_of(case).obligations.items():
        if case.is_in(key, ObligationState.BREACHED) and owed.settled:
            put_off = owed.due is not None and owed.settled.is_before(on(owed.due))  # both agreed on another day
            yield Run(instance=key, since=owed.settled, met=_not_before(owed.urged, owed.settled), is_over=put_off)


def _telling(case: Case, _: Calendar) -> Iterator[Run]:
    """Urging has not helped: whoever is owed is told where to go."""
    for key, owed in facts_of(case).obligations.items():
        if case.is_in(key, ObligationState.BREACHED) and owed.settled:
            urged = _not_before(owed.urged, owed.settled)  # what came earlier was a reminder
            if urged:
                yield Run(instance=key, since=urged, met=_not_before(owed.remedy_told, owed.settled))


def _correcting(case: Case, _: Calendar) -> Iterator[Run]:
    """Somebody has said that his data are wrong: he gets an answer."""
    for key, request in facts_of(case).data_requests.items():
        yield Run(instance=key, since=request.asked, met=request.answered)


def _filed(case: Case, kind: ProceedingKind, agreement: str | None = None) -> Occurred | None:
    """When the first proceedings of a kind were begun, of an agreement where one is given; not what was taken back."""
    held = facts_of(case).proceedings.items()
    mine = [(k, p) for k, p in held if p.kind is kind and agreement in (None, p.agreement)]
    return next((p.filed for k, p in mine if p.filed and not case.is_in(k, ProceedingState.WITHDRAWN)), None)


def _not_before(it: Occurred | None, since: Occurred) -> Occurred | None:
    """What happened, unless that was before something else."""
    return it if it and not it.is_before(since) else None


APPLYING = ("ApplicationSubmitted", "CaseRegistered")
"""Whichever comes first: an application is on record from the moment it is sent."""
WORKDAYS, DAYS, YEARS = PeriodUnit.WORKDAYS, PeriodUnit.DAYS, PeriodUnit.YEARS
A10 = "浙江省劳动人事争议调解仲裁条例 第10条"


def _room(code: str, label: str, number: int, unit: PeriodUnit, **rest: Any) -> DeadlineRule:
    """What the room has to do."""
    return DeadlineRule(
        code=code, label=label, version="2026", whose=Whose.ROOM, number=number, unit=unit, **({"to": LEAD} | rest)
    )


def _party(code: str, label: str, number: int, unit: PeriodUnit, **rest: Any) -> DeadlineRule:
    """What a party may do."""
    return DeadlineRule(code=code, label=label, version="2026", whose=Whose.PARTY, number=number, unit=unit, **rest)


def _own(name: str) -> dict[str, Any]:
    """A number that the room sets itself."""
    return {"number": SETTINGS[name][0], "setting": name}


DEADLINES = (
    _room(
        "labour_acceptance",
        "答复调解申请",
        3,
        WORKDAYS,
        begins="收到调解申请",
        events=APPLYING,
        runs=_answering(labour=True),
        basis="企业劳动争议协商调解规定 第23条",
        after="应当受理，或者说明理由、书面通知申请人",
        warns=(1,),
        step="AcceptCase",
    ),
    _room(
        "acceptance",
        "答复调解申请",
        unit=WORKDAYS,
        **_own("acceptance"),
        begins="收到申请，或者别处转来",
        events=APPLYING,
        runs=_answering(labour=False),
        basis=POLICY,
        after="应当受理，或者告诉申请人为什么不受理、可以去哪里",
        warns=(1,),
        step="AcceptCase",
    ),
    _room(
        "refusal_notice",
        "告诉申请人对方不愿调解",
        unit=WORKDAYS,
        **_own("refusal"),
        begins="对方明确拒绝调解",
        events=("MediationRefused",),
        runs=_refusals,
        basis=A10,
        is_number_ours=True,
        after="申请人等着，仲裁时效在走",
        warns=(1,),
        step="TellRemedies",
    ),
    _room(
        "labour_term",
        "调解期限",
        *LABOUR_TERM,
        begins="收到调解申请（别处转来的，从登记起）",
        events=APPLYING,
        runs=_labour_term,
        basis=f"劳动争议调解仲裁法 第14条、{A10}、企业劳动争议协商调解规定 第29条",
        after="视为调解不成，当事人可以申请仲裁；愿意的可以接着调",
        longer="各方当事人都同意，可以延长；中止的日子照样算，法律没有说可以不算",
        warns=(5,),
        step="RecordExtension",
    ),
    _room(
        "people_term",
        "调解期限",
        *PEOPLE_TERM,
        begins="受理",
        events=("CaseAccepted",),
        runs=_people_term,
        basis="人民调解工作若干规定 第33条",
        after="当事人可以起诉；愿意的可以接着调",
        longer="各方当事人都同意，可以延长；中止的日子不算（本室规定）",
        is_pausable=True,
        warns=(10,),
        step="RecordExtension",
    ),
    _room(
        "festival_wages",
        "节前欠薪办结",
        unit=DAYS,
        **_own("festival"),
        begins="元旦、春节前十五天到节日结束之间申请或登记的欠薪",
        events=APPLYING,
        runs=_before_festival,
        basis=POLICY,
        after="报管委会和劳动保障监察，请他们一起处置",
        warns=(3,),
    ),
    _party(
        "judicial_window",
        "申请司法确认",
        *CONFIRMABLE[ProceedingKind.JUDICIAL],
        begins="调解协议生效",
        events=("AgreementTookEffect", "AgreementAdopted"),
        runs=_window(ProceedingKind.JUDICIAL),
        basis="民事诉讼法 第205条",
        after="不能再申请司法确认；协议照样有效，对方不履行可以起诉",
        warns=(10, 3),
        step="FileProceeding",
    ),
    _party(
        "arbitral_window",
        "申请仲裁审查确认",
        *CONFIRMABLE[ProceedingKind.ARBITRAL],
        begins="调解协议生效",
        events=("AgreementTookEffect",),
        runs=_window(ProceedingKind.ARBITRAL),
        basis="劳动人事争议仲裁办案规则 第74条",
        after="不能再申请仲裁审查；还可以看司法确认的期限过了没有",
        warns=(5, 2),
        step="FileProceeding",
    ),
    _party(
        "objection",
        "对确认裁定提出异议",
        15,
        DAYS,
        begins="确认裁定（从各人收到的那天起，以送达为准）",
        events=("ConfirmationRuled", "ConfirmationGranted"),
        runs=_objecting,
        basis="民事诉讼法司法解释 第372条",
        after="当事人不能再提异议；利害关系人知道之日起六个月内可以提",
        warns=(3,),
        step="RecordObjection",
    ),
    _party(
        "enforcement",
        "申请强制执行",
        2,
        YEARS,
        begins="最后一期应履行的日子",
        runs=_enforcing,
        basis="民事诉讼法 第250条",
        after="法院可能不再强制执行",
        warns=(60, 30, 7),
        step="FileProceeding",
    ),
    _party(
        "arbitration_limit",
        "申请劳动仲裁的时效",
        1,
        YEARS,
        begins="申请调解，或对方不履行协议（时效从这天起重新算）",
        events=(*APPLYING, "ObligationBreached"),
        runs=_claiming(labour=True),
        basis="劳动争议调解仲裁法 第27条、企业劳动争议协商调解规定 第31条",
        after="对方可以拿时效抗辩；还在职的，追讨工资不受这一年限制",
        warns=(60, 30, 7),
        step="FileProceeding",
    ),
    _party(
        "limitation",
        "起诉的时效",
        3,
        YEARS,
        begins="申请调解，或对方不履行协议（时效从这天起重新算）",
        events=(*APPLYING, "ObligationBreached"),
        runs=_claiming(labour=False),
        basis="民法典 第188条、诉讼时效规定 第12条",
        after="对方可以拿时效抗辩",
        warns=(60, 30, 7),
        step="FileProceeding",
    ),
    _room(
        "urging",
        "督促履行",
        unit=WORKDAYS,
        **_own("urging"),
        begins="没有按协议履行",
        events=("ObligationBreached",),
        runs=_urging,
        basis="人民调解法 第31条；劳动争议：浙江省劳动人事争议调解仲裁条例 第8条",
        is_number_ours=True,
        after="拖得越久越难要",
        warns=(1,),
        step="UrgePerformance",
        to=HANDLERS,
    ),
    _room(
        "remedies",
        "告诉对方可走的途径",
        unit=DAYS,
        **_own("remedies"),
        begins="督促后仍不履行",
        events=("PerformanceUrged",),
        runs=_telling,
        basis="人民调解工作若干规定 第37条；劳动争议：企业劳动争议协商调解规定 第30条",
        is_number_ours=True,
        after="对方可能错过起诉、仲裁、执行的时间",
        warns=(2,),
        step="TellPayee",
        to=HANDLERS,
    ),
    _room(
        "correction",
        "答复更正资料的请求",
        unit=DAYS,
        **_own("correction"),
        begins="当事人说登记的资料有误",
        events=("CorrectionAsked",),
        runs=_correcting,
        basis="个人信息保护法 第46条",
        is_number_ours=True,
        after="当事人可以向网信部门投诉；资料错了，通知也送不到",
        warns=(3,),
        step="CloseDataRequest",
        to=HANDLERS,
    ),
)
