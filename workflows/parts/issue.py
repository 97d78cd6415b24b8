"""An issue (争议事项): open until an agreement settles it or it goes another way; it can be taken up again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, choice, money, refs, text
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Follows, Machine, Spawns, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR

from ..facts import Issue, MediationFacts, facts_of
from ..vocabulary import Disposition, ProceedingEffect, Side
from . import cards
from .queries import binds, ends
from .states import AgreementState
from .states import IssueState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseIssue(Command):
    label: ClassVar[str] = "提出争议事项"
    parties: ClassVar[tuple[str, ...]] = ()
    between: tuple[str, ...] = refs("涉及的当事人", "party")
    matter: Text = text("争议内容", disclosure="joint", default=MISSING)
    amount_claimed: int | None = money("请求金额")


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposeIssue(Command):
    label: ClassVar[str] = "另行处理争议事项"
    one_by_one: ClassVar[bool] = True
    gives_up: ClassVar[bool] = True
    disposition: Disposition = choice("去向")
    note: Text | None = text("说明", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRegistered(Event[None]):
    label: ClassVar[str] = "争议事项已登记"
    given: None = None
    between: tuple[str, ...]

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.issues[line.instance] = Issue(parties=self.between, amount_claimed=facts.amount_claimed)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueLeftOpen(Event[None]):
    label: ClassVar[str] = "分出的人没有签成，他们的争议另列一项"
    given: None = None
    between: tuple[str, ...]
    agreement: str

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.issues[line.instance] = Issue(parties=self.between, left_from=self.agreement)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRaised(Event[RaiseIssue]):
    label: ClassVar[str] = "已提出争议事项"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        g = self.given
        facts.issues[line.instance] = Issue(parties=g.between, matter=g.matter, amount_claimed=g.amount_claimed)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueDisposed(Event[DisposeIssue]):
    label: ClassVar[str] = "争议事项另行处理"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        issue = facts.issues[line.instance]
        facts.issues[line.instance] = replace(issue, disposition=self.given.disposition)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueSettled(Event[None]):
    label: ClassVar[str] = "争议事项已由协议解决"
    lacking: ClassVar[str] = "还没有协议解决这一项"
    given: None = None
    agreement: str

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.issues[line.instance] = replace(facts.issues[line.instance], settled_by=self.agreement)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueTakenUpAgain(Event[None]):
    label: ClassVar[str] = "争议事项重新调解"
    given: None = None

    def apply(self, facts: MediationFacts, line: Line) -> None:
        issue = facts.issues[line.instance]
        past = issue.past + ((issue.settled_by,) if issue.settled_by else ())
        facts.issues[line.instance] = replace(issue, past=past, settled_by=None, disposition=None)
        facts.reopened = tuple(k for k in facts.reopened if k != line.instance)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueUnsettled(Event[None]):
    label: ClassVar[str] = "协议被撤销，争议事项又待解决"
    given: None = None

    def apply(self, facts: MediationFacts, line: Line) -> None:
        issue = facts.issues[line.instance]
        past = issue.past + ((issue.settled_by,) if issue.settled_by else ())
        facts.issues[line.instance] = replace(issue, past=past, settled_by=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueDecided(Event[None]):
    label: ClassVar[str] = "争议事项已由裁判解决"
    given: None = None
    proceeding: str

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.issues[line.instance] = replace(facts.issues[line.instance], settled_by=self.proceeding)


def first_issue(case: Case) -> Iterator[IssueRegistered]:
    """A registered case has one issue from the start, between all who are named; more are raised as they come up."""
    if not facts_of(case).issues and facts_of(case).parties and facts_of(case).registered:
        sides = (Side.APPLICANT, Side.RESPONDENT)
        between = tuple(k for k, p in facts_of(case).parties.items() if p.side in sides)
        yield IssueRegistered(between=between)


def left_open(case: Case) -> Iterator[IssueLeftOpen]:
    """What some have settled is not settled for those they were parted from, whose agreement came to nothing."""
    facts = facts_of(case)
    listed = {issue.left_from for issue in facts.issues.values()}
    parted = {held.split_from for held in facts.agreements.values()}
    for key, held in facts.agreements.items():
        lost = (held.split_from is not None or key in parted) and case.is_in(key, AgreementState.ABANDONED)
        if lost and key not in listed and any(case.is_in(name, S.SETTLED) for name in held.issues):
            yield IssueLeftOpen(between=held.signers, agreement=key)


def agreed_on(case: Case, key: str) -> IssueSettled | None:
    """An agreement on it is in effect, other than those it was taken up again from."""
    past = facts_of(case).issues[key].past
    for name, held in facts_of(case).agreements.items():
        if key in held.issues and name not in past and binds(case, name):
            return IssueSettled(agreement=name)
    return None


def settling(case: Case, agreement: str) -> str:
    """The agreement that stands in the place of one that others replaced."""
    after = {held.replaces: k for k, held in facts_of(case).agreements.items() if held.effective is not None}
    seen = set[str]()
    while agreement in after and agreement not in seen:
        seen.add(agreement)
        agreement = after[agreement]
    return agreement


def _end_of(case: Case, key: str) -> str | None:
    """The proceeding that ended the agreement an issue was settled by."""
    by = settling(case, facts_of(case).issues[key].settled_by or "")
    if not case.is_in(by, AgreementState.REVOKED, AgreementState.SUPERSEDED):
        return None
    return next((k for k, p in facts_of(case).proceedings.items() if p.agreement == by and ends(case, p)), None)


def decided(case: Case, key: str) -> IssueDecided | None:
    """A decision stands in the place of the agreement, or says what is owed instead."""
    by = _end_of(case, key)
    held = facts_of(case).proceedings[by] if by else None
    orders = held is not None and bool(held.orders or held.effect is ProceedingEffect.SUPERSEDES)
    return IssueDecided(proceeding=by) if by and orders else None


def unsettled(case: Case, key: str) -> IssueUnsettled | None:
    """The agreement binds no longer, and nothing was decided or agreed in its place."""
    by = settling(case, facts_of(case).issues[key].settled_by or "")
    gone = case.is_in(by, AgreementState.REVOKED) or _end_of(case, key)
    return IssueUnsettled() if gone and decided(case, key) is None else None


def taken_up(case: Case, key: str) -> IssueTakenUpAgain | None:
    """The follow-up has sent it back to the talks."""
    return IssueTakenUpAgain() if key in facts_of(case).reopened else None


# fmt: off
ROWS = (
    Spawns(S.OPEN, first_issue, IssueRegistered, "人民调解工作若干规定 第23条"),
    Spawns(S.OPEN, left_open, IssueLeftOpen, "policy"),
    # from    command       to          by        only if records        basis
    T(None,   RaiseIssue,   S.OPEN,     MEDIATOR, (),     IssueRaised,   "人民调解法 第23条"),
    T(S.OPEN, DisposeIssue, S.DISPOSED, MEDIATOR, (),     IssueDisposed, "人民调解法 第3条"),
    Follows(S.OPEN,     S.SETTLED, agreed_on, IssueSettled,      "人民调解法 第31条"),
    Follows(S.SETTLED,  S.DECIDED, decided,   IssueDecided,      "人民调解法 第32条"),
    Follows(S.SETTLED,  S.OPEN,    unsettled, IssueUnsettled,    "人民调解法 第32条"),
    Follows(S.DECIDED,  S.OPEN,    taken_up,  IssueTakenUpAgain, "人民调解法 第3条"),
    Follows(S.SETTLED,  S.OPEN,    taken_up,  IssueTakenUpAgain, "人民调解工作若干规定 第37条"),
    Follows(S.DISPOSED, S.OPEN,    taken_up,  IssueTakenUpAgain, "人民调解法 第3条"),
)
# fmt: on

ISSUE = Machine.declare(
    "issue",
    "争议事项",
    S,
    ROWS,
    resting={S.SETTLED, S.DECIDED, S.DISPOSED},
    shown=Presentation(
        title="争议事项", empty="还没有写明争议事项。", place=20, card=cards.issue, summary=cards.issue_summary
    ),
)
