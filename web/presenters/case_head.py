"""The head of a case: what it is, where it stands, how much of the money is paid, what falls due next; in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from mediation_engine.domain.formatting import day_words, heading, money_words
from mediation_engine.domain.presentation import HIDDEN, Pair
from mediation_engine.domain.roles import Office
from mediation_engine.services.case_view import CaseView
from workflows.facts import MediationFacts, facts_of
from workflows.parts.ledger import is_owed, paid_on
from workflows.parts.levels import settled_at
from workflows.parts.states import CAME_TO_NOTHING, MemberState
from workflows.parts.tie import TIE, TOLD, UNTOLD, untold, workers
from workflows.roles import DISPUTANTS, HOST
from workflows.vocabulary import Presence, TermKind

from . import naming
from .case_details import Casework
from .deadlines import ShownClock, due_left

SHORT = 60
"""So many characters of the story stand in its line."""
NEAR = 7
"""So many days before it what falls due is yellow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What falls due next."""

    words: str
    left: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHead:
    """All of it."""

    number: str
    unnumbered: str
    """What is said where there is no number."""
    sides: Sequence[Sequence[str]]
    subject: Sequence[str]
    story: str
    """What happened, as it was first told; empty where nobody wrote it down, or the reader may not read it."""
    stands: str
    handler: str
    money: Sequence[Pair]
    ahead: Ahead | None
    banners: Sequence[Pair]
    """Each with its tone."""

    @property
    def short(self) -> str:
        """The story in a line."""
        return self.story if len(self.story) <= SHORT else f"{self.story[:SHORT]}……"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortHead:
    """The head of a case in a line, for its other pages."""

    number: str
    parties: str
    subject: str
    money: str
    """How much is agreed, or asked for."""
    stands: str
    story: str


def short_head(view: CaseView) -> ShortHead:
    """Who, about what, how much, where it stands."""
    work, facts = Casework(view=view), view.case.facts
    return ShortHead(
        number=naming.number_of(work.workflow, view.case),
        parties=" 与 ".join(heading(names) for names in work.sides() if names),
        subject=next(iter(facts.subject()), ""),
        money=" ".join(next(_money(work), ())) or _claimed(view),
        stands=naming.standing_of(work.workflow, view.case),
        story=_story(work),
    )


def _claimed(view: CaseView) -> str:
    """How much is asked for in all, where that is known."""
    facts = facts_of(view.case)
    sums = [it.amount_claimed for it in facts.issues.values()] if isinstance(facts, MediationFacts) else []
    known = [it for it in sums if it is not None]
    return f"请求 {money_words(sum(known))}" if known else ""


def case_head(work: Casework, clocks: Sequence[ShownClock]) -> CaseHead:
    """The head of a case for its reader."""
    case, teller = work.case, work.teller
    facts = case.facts
    return CaseHead(
        number=facts.number or "",
        unnumbered=naming.number_of(work.workflow, case),
        sides=work.sides(),
        subject=(*facts.subject(), *_settled(work), teller.names.get(facts.organisation, facts.organisation)),
        story=_story(work),
        stands=naming.standing_of(work.workflow, case),
        handler=_handler(work),
        money=[*_money(work)],
        ahead=None if facts.closed else _ahead(work, clocks),
        banners=[*_tie(work), *work.banners()],
    )


def _tie(work: Casework) -> Iterator[Pair]:
    """That who mediates belongs to the employer, where the committee of an enterprise hosts the case."""
    if isinstance(work.case.facts, MediationFacts) and not work.case.facts.closed and workers(work.case):
        left = untold(work.case)
        yield f"{TIE}；{UNTOLD if left else TOLD}。", "late" if left else "now"


def _settled(work: Casework) -> Iterator[str]:
    """At which level it was settled, where that is known."""
    level = settled_at(work.case) if isinstance(work.case.facts, MediationFacts) else None
    if level is not None:
        yield f"{level.label}化解"


def _story(work: Casework) -> str:
    """The oldest account of what happened: of who registered the case, or of who applied."""
    for it in work.view.lines:
        said = getattr(it.given, "matter", None) or (it.line.version == 1 and getattr(it.given, "words", None))
        if said:
            words = work.said(said)
            return "" if words == HIDDEN else " ".join(words.split())
    return ""


def _handler(work: Casework) -> str:
    """Who handles it; that nobody does, while it is open."""
    lead = work.case.facts.lead_mediator()
    if lead is not None:
        return work.teller.actors.get(lead, lead)
    has_any = work.workflow is not None and "assignment" in work.workflow.machines
    return "还没有承办调解员" if has_any and work.case.facts.closed is None else ""


def _money(work: Casework) -> Iterator[Pair]:
    """What is agreed, paid and open; money that passes through a custodian counts on its way there alone."""
    case, facts = work.case, facts_of(work.case)
    if not isinstance(facts, MediationFacts):
        return
    live = {key: of for key, of in facts.agreements.items() if not case.is_in(key, *CAME_TO_NOTHING)}
    agreed = [of for of in live.values() if of.total is not None]
    if not agreed:
        return
    in_effect = all(of.effective for of in live.values())
    yield "协议" if in_effect else "谈妥，还没生效", money_words(sum(of.total or 0 for of in agreed))
    owed = {
        key: of for key, of in facts.obligations.items() if of.kind is TermKind.PAY and of.amount and not of.waits_for
    }
    if not owed:
        return
    before = sum(of.deducted or 0 for of in agreed)
    yield "已付", money_words(before + sum(paid_on(case, key) for key in owed))
    open_ = sum(max(0, (of.amount or 0) - paid_on(case, key)) for key, of in owed.items() if is_owed(case, key))
    yield "未付", money_words(open_) if open_ else "没有"


def _ahead(work: Casework, clocks: Sequence[ShownClock]) -> Ahead | None:
    """The first of all that falls due: of the parts, and of the periods that run."""
    view = work.view
    keys = set(work.open_keys())
    dated = [(day, *work.due_words(key)) for key, day in view.case.facts.due_days(keys) if key in keys]
    periods = [(it.clock.last, it.title, "") for it in clocks if not it.ended and it.clock.last]
    found = [*dated, *periods]
    if not found:
        return None
    day, what, who = min(found, key=lambda it: it[0])
    shown = "" if who == Office.MEDIATOR.label or who in what else f"{who} "
    return Ahead(
        words=f"{_day(day, view.today)} {shown}{what}", left=due_left(day, view.today), tone=_tone(day, view.today)
    )


def _day(day: date, today: date) -> str:
    """Without the year where it is this one."""
    return day_words(day).removeprefix(f"{today.year}年")


def _tone(day: date, today: date) -> str:
    days = (day - today).days
    return "late" if days < 0 else "soon" if days <= NEAR else "well"


# -- the five parties


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One of the five at the table: who sits for it, and who was not there last time."""

    label: str
    people: Sequence[str]
    away: Sequence[str]
    """Who did not come to the last session, and why, in words."""

    @property
    def is_missing(self) -> bool:
        """Whether nobody sits for it."""
        return not self.people


def seats(work: Casework) -> list[Seat]:
    """The five parties to a joint consultation, whether or not they have met; nothing for a case of another kind."""
    case, facts = work.case, facts_of(work.case)
    if work.workflow is None or not isinstance(facts, MediationFacts) or not facts.roles:
        return []
    if not facts.members and not case.of("coordination"):
        return []
    absent, labels = _absent(work), {role.code: role.label for role in work.view.roles}
    return [
        Seat(label=labels.get(code, code), people=_sitting(work, code), away=absent.get(code, ()))
        for code in facts.roles
    ]


def _sitting(work: Casework, role: str) -> list[str]:
    """Who sits for a role: parties for themselves, for the host who handles the case, for the others their members."""
    case, facts = work.case, facts_of(work.case)
    if role == DISPUTANTS.code:
        return [work.thing(key) for key in facts.parties]
    standing = (MemberState.INVITED, MemberState.SEATED)
    members = [key for key, of in facts.members.items() if of.role == role and case.is_in(key, *standing)]
    invited = {key: "（已邀请）" for key in members if case.is_in(key, MemberState.INVITED)}
    names = [f"{work.name(facts.members[key].person)}{invited.get(key, '')}" for key in members]
    lead = work.view.lead_name
    return [*dict.fromkeys((*([lead] if role == HOST.code and lead else []), *names))]


def _absent(work: Casework) -> dict[str, list[str]]:
    """By role: its members who were not at the last session."""
    facts, found = facts_of(work.case), dict[str, list[str]]()
    held = [key for key, of in facts.sessions.items() if of.held is not None]
    rows = [row for it in work.commands(held[-1]) for row in getattr(it, "attendance", ())] if held else []
    for row in rows:
        if row.presence is not Presence.PRESENT:
            member = facts.members[row.member]
            found.setdefault(member.role, []).append(f"{work.name(member.person)}上次{row.presence.label}")
    return found
