"""来件: an item of the zone that led to this case, such as a police alert; what becomes of its issue goes back to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import choice, code, ref
from mediation_engine.domain.guard import POLICY
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Machine, T
from mediation_engine.domain.presentation import Card, CaseReading, Presentation
from mediation_engine.domain.roles import WORKER

from ..facts import MediationFacts, Origin, facts_of
from ..vocabulary import News
from .issue import settling
from .states import AgreementState, IssueState, ObligationState
from .states import OriginState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkItem(Command):
    label: ClassVar[str] = "连到来件"
    item: str = code("来件")
    instance: str = code("来件的哪一项处置")
    issue: str | None = ref("争议事项", "issue", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTold(Command):
    label: ClassVar[str] = "告诉来件"
    news: News = choice("结果")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLinked(Event[LinkItem]):
    label: ClassVar[str] = "已与来件相连"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        g = self.given
        facts.origins[line.instance] = Origin(item=g.item, instance=g.instance, issue=g.issue)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTold(Event[NoteTold]):
    label: ClassVar[str] = "结果已告诉来件"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.origins[line.instance] = replace(facts.origins[line.instance], told=self.given.news)


ORDER = (News.MEDIATING, News.BREACHED, News.AGREED, News.PERFORMED, News.FAILED)
"""Of several issues the first of these counts."""


def news_of(case: Case, key: str) -> News:
    """How the issue of an origin stands, or the case as a whole where it names none."""
    issue = facts_of(case).origins[key].issue
    return news_of_issues(case, [issue] if issue else facts_of(case).issues)


def news_of_issues(case: Case, issues: Iterable[str]) -> News:
    """How some issues (keys) of a case stand together."""
    found = {_standing(case, it) for it in issues}
    return next((it for it in ORDER if it in found), _without_agreement(case))


def _without_agreement(case: Case) -> News:
    return News.MEDIATING if facts_of(case).closed is None else News.FAILED


def _standing(case: Case, issue: str) -> News:
    facts = facts_of(case)
    by = settling(case, facts.issues[issue].settled_by or "")
    if not case.is_in(issue, IssueState.SETTLED) or by not in facts.agreements:
        return News.FAILED if case.is_in(issue, IssueState.DECIDED, IssueState.DISPOSED) else _without_agreement(case)
    if case.is_in(by, AgreementState.PERFORMED):
        return News.PERFORMED
    owed = (k for k, it in facts.obligations.items() if it.agreement == by)
    return News.BREACHED if any(case.is_in(k, ObligationState.BREACHED) for k in owed) else News.AGREED


def summary(reading: CaseReading, key: str) -> Iterable[str]:
    """What the item was last told."""
    yield facts_of(reading.case).origins[key].told.label


def card(reading: CaseReading, key: str) -> Card:
    """The item itself, for who may look there."""
    return reading.card(key, leads=reading.linked(facts_of(reading.case).origins[key].item))


# fmt: off
ROWS = (
    # from    command   to        by      only if records     basis
    T(None,     LinkItem, S.LINKED, WORKER, (),     ItemLinked, "人民调解工作若干规定 第22条"),
    T(S.LINKED, NoteTold, S.LINKED, WORKER, (),     ItemTold,   POLICY),
)
# fmt: on

ORIGIN = Machine.declare(
    "origin",
    "来件",
    S,
    ROWS,
    resting={S.LINKED},
    alive=ALWAYS,
    shown=Presentation(title="来件", rows=True, place=48, joint=False, card=card, summary=summary),
)
