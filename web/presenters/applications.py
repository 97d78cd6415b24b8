"""申请 in words: those nobody has registered yet, how one stands for who sent it, what a registration takes over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mediation_engine.domain.case import Case
from mediation_engine.domain.deadline import Clock, ClockState
from mediation_engine.domain.formatting import day_words, heading
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.ports.register import Person
from mediation_engine.ports.store import Store, Unit
from mediation_engine.ports.views import Wanted
from mediation_engine.read_models.projections import CaseRow
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.mediation import MediationService
from workflows.facts import Party, facts_of
from workflows.phases.intake import INTAKE as MACHINE
from workflows.phases.intake import AcceptCase, DeclineCase, S, SubmitApplication, TransferCase

from .case_details import Casework
from .deadlines import basis_words, left_words

INTAKE = "intake/1"
A_PAGE = 20
"""Applications shown at a time: each is read, for its words."""
MOST = 2000
"""Applications are counted up to here, and the oldest of these shown first."""
BEGINNING = 80
"""Characters of what was written that a list shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApplication:
    """An application that nobody has registered yet."""

    case: str
    sent: datetime
    parties: str
    dispute: str
    words: str
    """How it begins."""
    due: str
    """By which day it is to be answered, and how far off that is."""
    tone: str
    basis: str
    last: date | None
    by_staff: bool
    """Whether a mediator typed it at the window."""
    files: int


def submitted_in(unit: Unit, organisations: Collection[str]) -> list[CaseRow]:
    """Cases of some organisations that were applied for and not registered, the oldest first."""
    wanted = Wanted(organisations=organisations, phase=MACHINE.name, state=S.SUBMITTED.value)
    return unit.views.newest(wanted, most=MOST)[::-1]


def new_applications(
    door: MediationService, office: Office, actor: Actor, skip: int = 0
) -> tuple[list[NewApplication], int]:
    """A page of the room's, the oldest first, and how many there are in all."""
    with door.store.read() as unit:
        rows = submitted_in(unit, [actor.organisation])
    views = (door.view(row.case, office, actor) for row in rows[skip : skip + A_PAGE])
    return [_new(view) for view in views], len(rows)


def _new(view: CaseView) -> NewApplication:
    facts, casework, clock = facts_of(view.case), Casework(view), answering(view)
    given = submission(casework)
    words = casework.said(given.words).strip() if given else ""
    first = view.lines[0].line
    late = clock is not None and clock.state is ClockState.MISSED
    return NewApplication(
        case=view.case.id,
        sent=first.recorded,
        parties=heading(view.parties),
        dispute=facts.dispute.label if facts.dispute else "",
        words=words if len(words) <= BEGINNING else f"{words[:BEGINNING]}……",
        due=due_words(clock, view.today),
        tone="late" if late else "now" if clock and clock.last == view.today else "soon",
        basis=basis_words(clock.rule) if clock else "",
        last=clock.last if clock else None,
        by_staff=first.office != Office.APPLICANT.value,
        files=len(facts.exhibits),
    )


def due_words(clock: Clock | None, today: date) -> str:
    """By which day the room answers, and how far off that is; nothing where no day is known."""
    last = clock.last if clock else None
    return f"{day_words(last)}，{left_words(last, today)}" if last else ""


def submission(casework: Casework) -> SubmitApplication | None:
    """What was applied for; None where nobody did, or the reader may not know."""
    return next((it for it in casework.commands(INTAKE) if isinstance(it, SubmitApplication)), None)


def answering(view: CaseView) -> Clock | None:
    """The period within which the room answers, while it runs."""
    running = (ClockState.RUNNING, ClockState.MISSED)
    return next((it for it in view.clocks if it.rule.step == AcceptCase.name() and it.state in running), None)


# -- taken over by a registration


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """An application that is about to be registered: what it says is not typed again."""

    case: Case
    parties: Sequence[tuple[Party, Person]]
    words: str
    files: int

    @property
    def people(self) -> list[Person]:
        return [person for _, person in self.parties]


def applied_in(store: Store, view: CaseView) -> Applied | None:
    """What is to be registered of a case; None where nobody applied, or it is registered already."""
    if not view.case.is_in(INTAKE, S.SUBMITTED):
        return None
    facts, casework = facts_of(view.case), Casework(view)
    with store.read() as unit:
        people = unit.register.people(party.person for party in facts.parties.values())
    parties = [(it, people[it.person]) for it in facts.parties.values() if it.person in people]
    given = submission(casework)
    words = casework.said(given.words) if given else ""
    return Applied(case=view.case, parties=parties, words=words, files=len(facts.exhibits))


# -- for who sent it


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationStatus:
    """How an application stands, in plain words."""

    title: str
    tone: str
    words: tuple[str, ...]
    sent: str
    about: str
    mediator: str
    """Who handles it; empty where nobody does yet."""


def status_of(view: CaseView) -> ApplicationStatus:
    """How it stands; what everybody in the case may know, and no names of parties."""
    facts = facts_of(view.case)
    title, tone, words = _standing(view)
    return ApplicationStatus(
        title=title,
        tone=tone,
        words=tuple(words),
        sent=facts.submitted.words() if facts.submitted else "",
        about=facts.dispute.label if facts.dispute else "",
        mediator=view.lead_name,
    )


def _standing(view: CaseView) -> tuple[str, str, list[str]]:
    facts, casework = facts_of(view.case), Casework(view)
    given = casework.commands(INTAKE)
    match view.case.state(INTAKE):
        case S.SUBMITTED.value:
            return "已收到", "now", ["您的申请已经收到，从收到这一刻起算。", *_by_when(view)]
        case S.REGISTERED.value:
            return "已登记，正在看", "now", ["调解员已经登记，正在看能不能受理。", *_by_when(view)]
        case S.ACCEPTED.value:
            number = f"案号：{facts.number}。" if facts.number else ""
            onward = "这件事已经办完。" if facts.closed else "调解员会和您联系，请留意电话。"
            return "已受理", "done", [*filter(None, [number]), onward]
        case S.DECLINED.value:
            said = next((it for it in given if isinstance(it, DeclineCase)), None)
            told = [casework.said(said.told)] if said and said.told else ["原因和可以去哪里，请打电话问清楚。"]
            return "不予受理", "late", [f"理由：{said.reason.label}。" if said else "", *told]
        case S.TRANSFERRED.value:
            sent = next((it for it in given if isinstance(it, TransferCase)), None)
            receiver = casework.said(sent.receiver) if sent else ""
            return "已转办", "now", [f"已经转给：{receiver}。请向他们问后面怎么办。"]
        case S.WITHDRAWN.value:
            return "已撤回", "", ["您已撤回申请。想再申请，可以重新填，或到窗口来。"]
    # Of a duplicate as of a mistake: who sent it need not be who it says, and learns of no other case.
    return "已处理", "", ["这份申请已经处理。结果怎样、后面怎么办，请打电话或到窗口来问。"]


def _by_when(view: CaseView) -> list[str]:
    clock = answering(view)
    if clock is None or clock.last is None:
        return ["我们看过以后和您联系。"]
    day = day_words(clock.last)
    if clock.state is ClockState.MISSED:
        return [f"本来最迟{day}要答复您，已经晚了，请打电话催一下。"]
    return [f"我们最迟{day}答复您：受理、不受理（写明理由），或转给该管的单位（{clock.rule.length}）。"]
