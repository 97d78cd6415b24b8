"""The usual term of the talks, and extending it by agreement. It warns and opens the other route; it ends nothing."""

from __future__ import annotations

from dataclasses import MISSING, dataclass
from datetime import date
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, day, refs, text
from mediation_engine.domain.formatting import span
from mediation_engine.domain.guard import UNJUDGED, Answer, given_as, guard, met_if, none_of
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Follows, Machine, T
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.periods import PeriodUnit, raw_end
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR

from ..facts import Extension, MediationFacts, facts_of
from ..tabs import Tab
from ..tracks import LABOUR
from .queries import REST, opponents
from .states import ExtensionState as S

LABOUR_TERM = (15, PeriodUnit.DAYS)
"""From the application: 劳动争议调解仲裁法 第14条."""
PEOPLE_TERM = (1, PeriodUnit.MONTHS)
"""From acceptance: 人民调解工作若干规定 第33条."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordExtension(Command):
    label: ClassVar[str] = "记录同意延长期限"
    help: ClassVar[str] = "全体当事人同意的才算延长；期限届满不影响继续调解，只影响提示"
    parties: ClassVar[tuple[str, ...]] = ("agreed_by",)
    agreed_by: tuple[str, ...] = refs("同意的当事人", "party")
    until: date = day("延长到哪天", default=MISSING, ahead=True)
    reason: Text | None = text("理由", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinExtension(Command):
    label: ClassVar[str] = "其余当事人也同意延长"
    parties: ClassVar[tuple[str, ...]] = ("agreed_by",)
    agreed_by: tuple[str, ...] = refs("同意的当事人", "party")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRecorded(Event[RecordExtension]):
    label: ClassVar[str] = "同意延长期限已记录"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.extensions[line.instance] = Extension(until=self.given.until, agreed_by=self.given.agreed_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionJoined(Event[JoinExtension]):
    label: ClassVar[str] = "又有当事人同意延长"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        held = facts.extensions[line.instance]
        agreed = tuple(dict.fromkeys((*held.agreed_by, *self.given.agreed_by)))
        facts.extensions[line.instance] = replace(held, agreed_by=agreed)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermExtended(Event[None]):
    label: ClassVar[str] = "期限已延长"
    tells: ClassVar[bool] = True
    given: None = None


def usual_last_day(case: Case) -> date | None:
    """The last day of the usual term, for which no calendar was asked: a holiday may carry it on. None where the day
    that it is counted from is unreported."""
    labour = facts_of(case).track == LABOUR.code
    start = facts_of(case).applied if labour else facts_of(case).accepted
    first = start.day if start else None
    return raw_end(first, *(LABOUR_TERM if labour else PEOPLE_TERM)) if first else None


def last_day(case: Case) -> date | None:
    """The end of the usual term, or the latest day that all have agreed on where that is later."""
    usual = usual_last_day(case)
    return None if usual is None else max([usual, *agreed_days(case)])


def agreed_days(case: Case) -> list[date]:
    """The days up to which all have agreed to go on."""
    return [e.until for k, e in facts_of(case).extensions.items() if case.is_in(k, S.AGREED)]


def overdue(case: Case, occurred: Occurred) -> bool | None:
    """Whether the usual or extended term had passed.

    None where a day is not reported, and in the days over which a holiday may have carried the usual last day on; a
    day the parties have named is that day.
    """
    usual, last, day = usual_last_day(case), last_day(case), occurred.day
    if usual is None or last is None or day is None:
        return None
    return None if last < day <= usual + span(REST) else day > last


def in_first_talks(case: Case) -> bool:
    """Whether the talks that the term is meant for go on: not the rounds after a breach or a dispute."""
    return facts_of(case).closed is None and case.phase in ("mediation/1", "coordination/1", "consultation/1")


@guard("延长期限须经全体当事人同意；没有全部同意的，不算延长", "policy")
def all_agree(s: Situation) -> Answer:
    """Policy: the two laws set the term and are silent on extending it; local rules elsewhere ask for everyone's yes."""
    if not isinstance(s.given, RecordExtension | JoinExtension):
        return UNJUDGED
    held = facts_of(s).extensions.get(s.key or "")
    agreed = {*s.given.agreed_by, *(held.agreed_by if held else ())}
    return none_of(k for k in opponents(s.case) if k not in agreed)


@guard("延长到的日子应晚于通常的期限", "policy")
def later_than_usual(s: Situation) -> Answer:
    given, usual = given_as(s, RecordExtension), usual_last_day(s.case)
    return UNJUDGED if given is None or usual is None else met_if(given.until > usual)


def agreed_by_all(case: Case, key: str) -> TermExtended | None:
    """Every disputant has agreed to it."""
    agreed = facts_of(case).extensions[key].agreed_by
    return TermExtended() if agreed and all(k in agreed for k in opponents(case)) else None


ALL, LATER = (all_agree,), (all_agree, later_than_usual)

# fmt: off
ROWS = (
    # from       command          to         by        only if records            basis     marks
    T(None,      RecordExtension, S.LACKING, MEDIATOR, (),     ExtensionRecorded, "policy", LATER),
    T(S.LACKING, JoinExtension,   S.LACKING, MEDIATOR, (),     ExtensionJoined,   "policy", ALL),
    Follows(S.LACKING, S.AGREED, agreed_by_all, TermExtended, "policy"),
)
# fmt: on

EXTENSION = Machine.declare(
    "extension",
    "延长期限",
    S,
    ROWS,
    final={S.AGREED},
    resting={S.LACKING},
    shown=Presentation(title="延长期限", tab=Tab.TALKS, rows=True, place=47),
)
