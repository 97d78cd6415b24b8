"""专项行动: the disputes that came within a campaign: whose, how much, what became of each, and each day of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from mediation_engine.domain.formatting import CHINA, civil_words, heading
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.domain.zone import Campaign
from mediation_engine.papers.workbook import saved
from mediation_engine.ports.store import Unit
from mediation_engine.ports.views import Wanted
from mediation_engine.services.authorization import reach
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.mediation import MediationService
from workflows.facts import MediationFacts, Obligation, facts_of
from workflows.figures.cases import counts, heads
from workflows.parts.ledger import paid_on
from workflows.parts.origin import news_of_issues
from workflows.phases.intake import S as IntakeState
from workflows.vocabulary import Dispute, News, Side, TermKind

A_READ = 500
MOST = 5_000
"""No more disputes than this are followed."""


class Standing(Labelled):
    """What became of a dispute of a campaign."""

    OPEN = "open", "未清"
    CLEARED = "cleared", "已清"
    SENT_ON = "sent_on", "已移送"
    OTHER = "other", "其他结果"


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A dispute of a campaign."""

    case: str
    number: str
    parties: str
    day: date
    """The day on which it came."""
    people: int | None
    """On the asking side; None where nobody says."""
    amount: int | None
    """What is asked for, in 分; None where nobody says."""
    paid: int
    firms: tuple[str, ...]
    standing: Standing
    news: str
    since: date | None
    """The day on which it was cleared or sent on, where it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What a day brought and what was done with by it. Sums in 分."""

    day: date
    came: int
    people: int
    amount: int
    sent_on: int
    cleared: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A campaign up to today."""

    campaign: Campaign
    today: date
    days: tuple[Day, ...]
    """Those on which anything came or ended, the latest first."""
    rows: tuple[Followed, ...]
    """What is open first, then the latest."""
    is_cut: bool = False
    """Whether there are more than are followed."""

    def of(self, standing: Standing) -> list[Followed]:
        """Those that stand so."""
        return [row for row in self.rows if row.standing is standing]

    @property
    def people(self) -> int:
        """How many people ask, of those of whom it is said."""
        return sum(row.people or 0 for row in self.rows)

    @property
    def amount(self) -> int:
        """How much is asked for, in 分."""
        return sum(row.amount or 0 for row in self.rows)

    @property
    def paid(self) -> int:
        """How much was paid, in 分."""
        return sum(row.paid for row in self.rows)

    @property
    def firms(self) -> int:
        """How many firms are asked."""
        return len({name for row in self.rows for name in row.firms})

    @property
    def unsaid(self) -> int:
        """Of how many nobody says how many people they are or how much they ask for."""
        return sum(row.people is None or row.amount is None for row in self.rows)

    @property
    def undated(self) -> int:
        """How many were cleared or sent on, and nobody says on which day."""
        return sum(row.since is None for row in self.rows if row.standing in (Standing.CLEARED, Standing.SENT_ON))


def find(door: MediationService, code: str) -> Campaign | None:
    """A campaign of the settings by its code."""
    return next((it for it in door.catalogue.zone.campaigns if it.code == code), None)


def progress(door: MediationService, office: Office, actor: Actor, campaign: Campaign) -> Progress:
    """How a campaign stands for an actor's organisation and those below it."""
    today = door.today()
    with door.store.read() as unit:
        found = _received(unit, reach(unit.register, actor.organisation), campaign)
    views = door.outlines(found[:MOST], office, actor)
    rows = [row for view in views if (row := _followed(view, campaign)) is not None]
    rows.sort(key=lambda it: (it.standing is not Standing.OPEN, -it.day.toordinal(), it.case))
    return Progress(campaign=campaign, today=today, days=tuple(_days(rows)), rows=tuple(rows), is_cut=len(found) > MOST)


def _received(unit: Unit, organisations: Iterable[str], campaign: Campaign) -> list[str]:
    """The cases (ids) that were registered since a campaign began; what came within it is among them."""
    since = datetime.combine(campaign.since, time.min, CHINA)
    wanted = Wanted(organisations=[*organisations], disputes=campaign.disputes)
    found: list[str] = []
    while len(found) <= MOST:
        rows = unit.views.newest(wanted, after=found[-1] if found else "", most=A_READ)
        found += [row.case for row in rows if row.opened >= since]
        if len(rows) < A_READ or rows[-1].opened < since:
            break
    return found


def _followed(view: CaseView, campaign: Campaign) -> Followed | None:
    """A dispute as it stands; None where it came on another day, or should not have been registered."""
    facts = view.case.facts
    if not isinstance(facts, MediationFacts) or not counts(view.case):
        return None
    applied = facts.applied or facts.accepted
    came = applied.last_day() if applied else None
    if came is None or not campaign.since <= came <= campaign.until:
        return None
    standing, news = _standing(view)
    firms = (k for k, it in facts.parties.items() if it.kind is PartyKind.ENTERPRISE and it.side is Side.RESPONDENT)
    return Followed(
        case=view.case.id,
        number=facts.number or "还没有受理",
        parties=heading([view.names[key] for key in facts.parties]) or view.case.id,
        day=came,
        people=heads(facts, [Side.APPLICANT]),
        amount=facts.amount_claimed,
        paid=sum(paid_on(view.case, k) for k, it in facts.obligations.items() if _is_money(it)),
        firms=tuple(view.names[key] for key in firms),
        standing=standing,
        news=news,
        since=_ended(facts, standing),
    )


def _is_money(owed: Obligation) -> bool:
    """Whether an obligation is money on the way from its payer: through a custodian it is counted there alone."""
    return owed.kind is TermKind.PAY and not owed.waits_for


def _standing(view: CaseView) -> tuple[Standing, str]:
    """What became of it, and the words for that."""
    facts = facts_of(view.case)
    if facts.closed == IntakeState.TRANSFERRED.code:
        return Standing.SENT_ON, Standing.SENT_ON.label
    news = news_of_issues(view.case, facts.issues)
    if news is News.PERFORMED:
        return Standing.CLEARED, news.label
    return (Standing.OTHER if news is News.FAILED else Standing.OPEN), news.label


def _ended(facts: MediationFacts, standing: Standing) -> date | None:
    """The day on which it was cleared or sent on; None where it was not, or nobody says."""
    if standing is Standing.SENT_ON:
        return facts.declined.last_day() if facts.declined else None
    told = [*(it.settled for it in facts.obligations.values()), *(it.occurred for it in facts.payments.values())]
    days = [it.last_day() for it in told if it]
    return max((day for day in days if day), default=None) if standing is Standing.CLEARED else None


def _days(rows: Sequence[Followed]) -> Iterator[Day]:
    """Each day that brought or ended anything, the latest first."""
    days = {row.day for row in rows} | {row.since for row in rows if row.since}
    for day in sorted(days, reverse=True):
        came = [row for row in rows if row.day == day]
        yield Day(
            day=day,
            came=len(came),
            people=sum(row.people or 0 for row in came),
            amount=sum(row.amount or 0 for row in came),
            sent_on=sum(row.since == day and row.standing is Standing.SENT_ON for row in rows),
            cleared=sum(row.since == day and row.standing is Standing.CLEARED for row in rows),
        )


def disputes_words(campaign: Campaign) -> str:
    """The kinds of dispute of a campaign in words."""
    return "、".join(it.label for it in Dispute if it.code in campaign.disputes)


def days_words(campaign: Campaign) -> str:
    """From when to when it lasts."""
    return f"{civil_words(campaign.since)}至{civil_words(campaign.until)}"


HEADS = ("案号", "来的日期", "人数", "请求金额（元）", "被申请的单位", "现状", "清零或移送日期", "已付（元）")
DAY_HEADS = ("日期", "新来（件）", "人数", "请求金额（元）", "移送（件）", "清零（件）")


def as_xlsx(found: Progress) -> bytes:
    """The list of each day and of each dispute, as a file."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    days = [(d.day, d.came, d.people, d.amount / 100, d.sent_on, d.cleared) for d in found.days]
    each = [
        (r.number, r.day, r.people, _yuan(r.amount), "、".join(r.firms), r.news, r.since, r.paid / 100)
        for r in found.rows
    ]
    sheets: tuple[tuple[str, tuple[str, ...], Sequence[tuple[Any, ...]]], ...]
    sheets = (("逐日", DAY_HEADS, days), ("逐件", HEADS, each))
    book.remove(book.worksheets[0])
    for title, heads_, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.append([f"{found.campaign.name}：{days_words(found.campaign)}，截至{civil_words(found.today)}"])
        sheet.append(heads_)
        for cell in sheet[2]:
            cell.font = Font(bold=True)
        for row in rows:
            sheet.append(row)
        sheet.freeze_panes = "A3"
        for letter in "ABCDEFGH":
            sheet.column_dimensions[letter].width = 18
    return saved(book, found.today)


def _yuan(cents: int | None) -> float | None:
    return None if cents is None else cents / 100
