"""A disputant: joins, is told its rights, consents or refuses, leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import OF_PARTY, Text, choice, count, person, ref, refs, text
from mediation_engine.domain.guard import Answer, guard, met_if
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Machine, Spawns, T
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR, PARTY_OR_MEDIATOR

from ..facts import MediationFacts, Party, facts_of
from ..vocabulary import Ability, Dispute, Side
from . import cards
from .authority import may_act_for
from .states import PartyState as S


class Told(Labelled):
    """How a notice reached a party (若干规定 第30条: orally or in writing)."""

    ORALLY = "orally", "口头告知"
    IN_WRITING = "in_writing", "书面告知"
    UNREACHABLE = "unreachable", "未能联系上"


class Leaving(Labelled):
    """Why a party is no longer in the case."""

    SUCCEEDED = "succeeded", "由他人承继"
    AGREED_ELSEWHERE = "agreed_elsewhere", "另行达成协议"
    EXEMPT = "exempt", "不再承担责任"
    WITHDREW = "withdrew", "自行退出"
    NOT_FOUND = "not_found", "无法查找"


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinCase(Command):
    label: ClassVar[str] = "加入当事人"
    parties: ClassVar[tuple[str, ...]] = ()
    person: str = person("当事人")
    side: Side = choice("哪一方")
    kind: PartyKind = choice("主体类型", default=PartyKind.PERSON)
    count: int | None = count("人数", default=1, help="群体的人数；不清楚就留空")
    ability: Ability = choice("行为能力", default=Ability.FULL, help="没有问过的不用改")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAbility(Command):
    label: ClassVar[str] = "记录行为能力"
    help: ClassVar[str] = "未成年人、不能完全辨认自己行为的，由监护人代理；满18岁或恢复的也记这里"
    ability: Ability = choice("行为能力")


@dataclass(frozen=True, slots=True, kw_only=True)
class TellRights(Command):
    label: ClassVar[str] = "告知权利义务"
    manner: Told = choice("告知方式", default=Told.ORALLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConsent(Command):
    label: ClassVar[str] = "记录同意调解"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseMediation(Command):
    label: ClassVar[str] = "明确拒绝调解"
    help: ClassVar[str] = "不接受某个方案、地点、调解员或见面方式不算拒绝调解"
    gives_up: ClassVar[bool] = True
    issues: tuple[str, ...] = refs("拒绝就哪些争议事项调解", "issue", help="不选即全部")
    reason: Text | None = text("原因", disclosure=OF_PARTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class TellRemedies(Command):
    label: ClassVar[str] = "告知其他救济途径"
    help: ClassVar[str] = "可以仲裁、请求行政处理或起诉；未能联系上也要记录"
    manner: Told = choice("告知方式", default=Told.ORALLY)
    routes: Text | None = text("告知的途径", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveCase(Command):
    label: ClassVar[str] = "退出案件"
    gives_up: ClassVar[bool] = True
    reason: Leaving = choice("原因")
    successor: str | None = ref("承继人", "party", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareListComplete(Command):
    label: ClassVar[str] = "申请人名单已齐"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRegistered(Event[None]):
    label: ClassVar[str] = "当事人已登记"
    given: None = None
    person: str
    side: Side
    kind: PartyKind
    count: int | None
    ability: Ability

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.announced = facts.announced[1:]
        facts.parties[line.instance] = Party(
            person=self.person,
            side=self.side,
            kind=self.kind,
            count=self.count,
            ability=self.ability,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyJoined(Event[JoinCase]):
    label: ClassVar[str] = "当事人已加入"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        g = self.given
        party = Party(person=g.person, side=g.side, kind=g.kind, count=g.count, ability=g.ability)
        facts.parties[line.instance] = party


def _change(facts: MediationFacts, key: str, **changes: Any) -> None:
    facts.parties[key] = replace(facts.parties[key], **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class AbilityRecorded(Event[RecordAbility]):
    label: ClassVar[str] = "行为能力已记录"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _change(facts, line.instance, ability=self.given.ability, ability_since=line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsTold(Event[TellRights]):
    label: ClassVar[str] = "已告知权利义务"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        if self.given.manner is not Told.UNREACHABLE:
            told = facts.parties[line.instance].told_rights
            _change(facts, line.instance, told_rights=told or line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRecorded(Event[RecordConsent]):
    label: ClassVar[str] = "同意调解"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _change(facts, line.instance, consents=True, refuses=())


@dataclass(frozen=True, slots=True, kw_only=True)
class MediationRefused(Event[RefuseMediation]):
    label: ClassVar[str] = "拒绝调解"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        refused = self.given.issues
        if line.source == S.REFUSING.value:  # more than before; and all, where either time names none
            before = facts.parties[line.instance].refuses
            refused = tuple(dict.fromkeys((*before, *refused))) if before and refused else ()
        _change(facts, line.instance, consents=False, refuses=refused)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemediesTold(Event[TellRemedies]):
    label: ClassVar[str] = "已告知其他救济途径"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _change(facts, line.instance, remedy_told=line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCompleted(Event[DeclareListComplete]):
    label: ClassVar[str] = "申请人名单已确认齐全"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.list_complete = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyLeft(Event[LeaveCase]):
    label: ClassVar[str] = "当事人已退出"


def announced(case: Case) -> Iterator[PartyRegistered]:
    """Those named at registration."""
    for row in facts_of(case).announced:
        yield PartyRegistered(
            person=row.person,
            side=row.side,
            kind=row.kind,
            count=row.count,
            ability=row.ability,
        )


@guard("不满16岁的人讨要工资的，疑似使用童工，应告知并报告劳动保障监察", "禁止使用童工规定 第2条")
def child_labour_reported(s: Situation) -> Answer:
    """Of whoever works for wages; how old somebody is, is known only where it was told."""
    given: Any = s.given
    rows = getattr(given, "named", None) or (given,)
    dispute = getattr(given, "dispute", facts_of(s).dispute)
    children = any(getattr(row, "ability", None) is Ability.UNDER_16 for row in rows)
    return met_if(not (children and dispute is Dispute.LABOUR_PAY), (s.key,) if s.key else ())


BOTH = (S.ENGAGED, S.REFUSING)
CHILD, ACTING = (child_labour_reported,), (may_act_for,)
R30, R26 = "人民调解工作若干规定 第30条", "人民调解法 第26条"

# fmt: off
ROWS = (
    Spawns(S.ENGAGED, announced, PartyRegistered, "人民调解工作若干规定 第23条"),
    # from        command              to          by                 only if records           basis               marks
    T(None,       JoinCase,            S.ENGAGED,  MEDIATOR,          (),     PartyJoined,      "policy",           CHILD),
    T(S.ENGAGED,  RecordAbility,       S.ENGAGED,  MEDIATOR,          (),     AbilityRecorded,  "民法典 第18—22条", CHILD),
    T(S.REFUSING, RecordAbility,       S.REFUSING, MEDIATOR,          (),     AbilityRecorded,  "民法典 第18—22条", CHILD),
    T(S.ENGAGED,  TellRights,          S.ENGAGED,  MEDIATOR,          (),     RightsTold,       R30),
    T(S.REFUSING, TellRights,          S.REFUSING, MEDIATOR,          (),     RightsTold,       R30),
    T(S.ENGAGED,  RecordConsent,       S.ENGAGED,  PARTY_OR_MEDIATOR, (),     ConsentRecorded,  "人民调解法 第23条", ACTING),
    T(S.REFUSING, RecordConsent,       S.ENGAGED,  PARTY_OR_MEDIATOR, (),     ConsentRecorded,  "人民调解法 第23条", ACTING),
    T(S.ENGAGED,  RefuseMediation,     S.REFUSING, PARTY_OR_MEDIATOR, (),     MediationRefused, "人民调解法 第17条", ACTING),
    T(S.REFUSING, RefuseMediation,     S.REFUSING, PARTY_OR_MEDIATOR, (),     MediationRefused, "人民调解法 第17条", ACTING),
    T(S.ENGAGED,  TellRemedies,        S.ENGAGED,  MEDIATOR,          (),     RemediesTold,     R26),
    T(S.REFUSING, TellRemedies,        S.REFUSING, MEDIATOR,          (),     RemediesTold,     R26),
    T(S.ENGAGED,  DeclareListComplete, S.ENGAGED,  MEDIATOR,          (),     ListCompleted,    "policy"),
    T(S.ENGAGED,  LeaveCase,           S.LEFT,     MEDIATOR,          (),     PartyLeft,        "policy"),
    T(S.REFUSING, LeaveCase,           S.LEFT,     MEDIATOR,          (),     PartyLeft,        "policy"),
)
# fmt: on

PARTY = Machine.declare(
    "party",
    "当事人",
    S,
    ROWS,
    final={S.LEFT},
    resting=BOTH,
    shown=Presentation(
        title="当事人",
        empty="还没有当事人。",
        place=10,
        jump=True,
        urgent=frozenset({S.REFUSING}),
        groups=cards.by_side,
        card=cards.party,
        summary=cards.party_summary,
    ),
)
