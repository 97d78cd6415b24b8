"""A disputant: joins, is told its rights, consents or refuses, leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass
from typing import Any, ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import OF_PARTY, Text, choice, count, money, person, ref, refs, rows, text
from mediation_engine.domain.guard import MET, UNJUDGED, Answer, given_as, guard, met_if, none_of
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Follows, Machine, Spawns, T
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR, PARTY_OR_MEDIATOR

from ..facts import MediationFacts, Party, facts_of
from ..tabs import Tab
from ..vocabulary import Ability, Dispute, Side
from . import cards
from .authority import may_act_for
from .queries import in_dispute
from .states import CAME_TO_NOTHING, CohortState
from .states import PartyState as S
from .tie import tied_to_employer


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
    kind: PartyKind = choice("当事人是", default=PartyKind.PERSON)
    count: int | None = count("人数", default=1, help="群体的人数；不清楚就留空", rare=True)
    ability: Ability = choice("行为能力", default=Ability.FULL, help="没有问过的不用改", rare=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """Somebody on a roster. Numbers and accounts stand in the register."""

    person: str = person("姓名")
    claimed: int = money("金额", default=MISSING)
    months: Text | None = text("月份", longest=100, disclosure="joint")
    ability: Ability = choice("行为能力", default=Ability.FULL, rare=True)
    note: Text | None = text("备注", longest=200, rare=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterRoster(Command):
    label: ClassVar[str] = "登记花名册"
    help: ClassVar[str] = "一次登记一批人，一人一行；有 Excel 或 CSV 的，从案件页“当事人”里的“登记花名册”交来更快"
    parties: ClassVar[tuple[str, ...]] = ()
    side: Side = choice("哪一方", default=Side.APPLICANT)
    group: str | None = ref(
        "逐人列出的是哪个群体", "party", default=None, help="原来作为一个群体登记的；全部列出后由各人代替它"
    )
    cohort: str | None = ref("逐人列出的是哪一批申请人", "cohort", default=None)
    rows: tuple[RosterRow, ...] = rows("名单")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAbility(Command):
    label: ClassVar[str] = "记录行为能力"
    one_by_one: ClassVar[bool] = True
    help: ClassVar[str] = "未成年人、不能完全辨认自己行为的，由监护人代理；满18岁或恢复的也记这里"
    ability: Ability = choice("行为能力")


@dataclass(frozen=True, slots=True, kw_only=True)
class TellRights(Command):
    label: ClassVar[str] = "告知权利义务"
    manner: Told = choice("告知方式", default=Told.ORALLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscloseTie(Command):
    label: ClassVar[str] = "告知利害关系"
    help: ClassVar[str] = "企业自己的调委会主办的：告诉职工，调解的人是本企业的人，也可以直接找调解室"
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
    one_by_one: ClassVar[bool] = True
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
        row = facts.announced[0] if facts.announced else None
        facts.announced = facts.announced[1:]
        known = Party(person=self.person, side=self.side, kind=self.kind, count=self.count, ability=self.ability)
        _join(facts, line.instance, row if isinstance(row, Party) else known)


def _join(facts: MediationFacts, key: str, party: Party) -> None:
    """A party comes in; whoever is named for a group takes part in the issues it takes part in."""
    facts.parties[key] = party
    for name, issue in facts.issues.items() if party.group else ():
        if party.group in issue.parties:
            facts.issues[name] = replace(issue, parties=(*issue.parties, key))


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterEntered(Event[EnterRoster]):
    """The first of those on it is the party of this line; the others follow one by one."""

    label: ClassVar[str] = "花名册已登记"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        g = self.given
        first, *others = (_listed(g, row) for row in g.rows)
        if g.group is not None:
            _change(facts, g.group, listed=facts.parties[g.group].listed + len(g.rows))
        if g.cohort is not None:
            cohort = facts.cohorts[g.cohort]
            facts.cohorts[g.cohort] = replace(cohort, listed=cohort.listed + len(g.rows))
        facts.announced = tuple(others)
        _join(facts, line.instance, first)


def _listed(given: EnterRoster, row: RosterRow) -> Party:
    return Party(
        person=row.person,
        side=given.side,
        kind=PartyKind.PERSON,
        ability=row.ability,
        claimed=row.claimed,
        months=row.months,
        group=given.group,
        cohort=given.cohort,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupListed(Event[None]):
    label: ClassVar[str] = "群体已逐人登记，由各人代替"
    given: None = None

    def apply(self, facts: MediationFacts, line: Line) -> None:
        for name, issue in facts.issues.items():
            left = tuple(k for k in issue.parties if k != line.instance)
            facts.issues[name] = replace(issue, parties=left)


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
class TieDisclosed(Event[DiscloseTie]):
    label: ClassVar[str] = "已告知利害关系"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        if self.given.manner is not Told.UNREACHABLE:
            told = facts.parties[line.instance].tie_told
            _change(facts, line.instance, tie_told=told or line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRecorded(Event[RecordConsent]):
    label: ClassVar[str] = "同意调解"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _change(facts, line.instance, consents=True, refuses=())


@dataclass(frozen=True, slots=True, kw_only=True)
class MediationRefused(Event[RefuseMediation]):
    label: ClassVar[str] = "拒绝调解"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        refused = self.given.issues
        if line.source == S.REFUSING.value:  # more than before; and all, where either time names none
            before = facts.parties[line.instance].refuses
            refused = tuple(dict.fromkeys((*before, *refused))) if before and refused else ()
        _change(facts, line.instance, consents=False, refuses=refused, refused=line.occurred)


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
    """Those named at registration or on a roster."""
    for row in facts_of(case).announced:
        yield PartyRegistered(
            person=row.person,
            side=row.side,
            kind=row.kind,
            count=row.count,
            ability=row.ability,
        )


def all_listed(case: Case, key: str) -> GroupListed | None:
    """All of a group stand on rosters, each by name."""
    held = facts_of(case).parties[key]
    done = held.listed and (held.count is None or held.listed >= held.count)
    return GroupListed() if done and not facts_of(case).announced else None


@guard("花名册须至少有一人", "policy", fixed=True, of_form=True)
def somebody_listed(s: Situation) -> Answer:
    given = given_as(s, EnterRoster)
    return met_if(given is None or bool(given.rows))


@guard("每人的金额须大于零", "policy", fixed=True, of_form=True)
def sums_positive(s: Situation) -> Answer:
    given = given_as(s, EnterRoster)
    return met_if(given is None or all(row.claimed > 0 for row in given.rows))


@guard("同一人只能登记一次：花名册里不能有两行是同一人，也不能有已经是本案当事人的", "policy", fixed=True, of_form=True)
def each_listed_once(s: Situation) -> Answer:
    given = given_as(s, EnterRoster)
    if given is None:
        return MET
    people = [row.person for row in given.rows]
    there = [k for k in in_dispute(s.case) if facts_of(s).parties[k].person in people]
    return none_of(there) if there else met_if(len(set(people)) == len(people))


@guard("逐人列出的须是本案的一个群体、一批未了的申请人", "policy", fixed=True, of_form=True)
def group_named(s: Situation) -> Answer:
    given = given_as(s, EnterRoster)
    if given is None:
        return MET
    group = facts_of(s).parties.get(given.group or "")
    is_group = group is None or (group.kind is PartyKind.GROUP and not s.case.is_in(given.group or "", S.LEFT))
    return met_if(is_group and (given.cohort is None or s.case.is_in(given.cohort, CohortState.OPEN)))


@guard("这个群体已经是协议的签署人，不能再由各人代替它", "policy", of_form=True)
def group_signs_nothing(s: Situation) -> Answer:
    given = given_as(s, EnterRoster)
    if given is None or given.group is None:
        return MET
    held = facts_of(s).agreements
    return none_of(k for k, a in held.items() if given.group in a.signers and not s.case.is_in(k, *CAME_TO_NOTHING))


@guard("花名册的人数应与登记的人数相同，请核对；少的以后可以再补一张", "policy")
def count_fits(s: Situation) -> Answer:
    given = given_as(s, EnterRoster)
    if given is None:
        return UNJUDGED
    wholes = [facts_of(s).parties.get(given.group or ""), facts_of(s).cohorts.get(given.cohort or "")]
    counted = [(whole.count, whole.listed) for whole in wholes if whole is not None]
    if any(count is None for count, _ in counted):
        return UNJUDGED
    return met_if(all(count == listed + len(given.rows) for count, listed in counted))


@guard("不满16岁的人讨要工资的，疑似使用童工，应告知并报告劳动保障监察", "禁止使用童工规定 第2条")
def child_labour_reported(s: Situation) -> Answer:
    """Of whoever works for wages; how old somebody is, is known only where it was told."""
    given: Any = s.given
    rows = getattr(given, "named", None) or getattr(given, "rows", None) or (given,)
    dispute = getattr(given, "dispute", facts_of(s).dispute)
    children = any(getattr(row, "ability", None) is Ability.UNDER_16 for row in rows)
    return met_if(not (children and dispute is Dispute.LABOUR_PAY), (s.key,) if s.key else ())


BOTH = (S.ENGAGED, S.REFUSING)
CHILD, ACTING, TIED = (child_labour_reported,), (may_act_for,), (tied_to_employer,)
LIST, LISTED = (
    (somebody_listed, sums_positive, each_listed_once, group_named, group_signs_nothing),
    (count_fits, child_labour_reported),
)
R30, R26 = "人民调解工作若干规定 第30条", "人民调解法 第26条"

# fmt: off
ROWS = (
    Spawns(S.ENGAGED, announced, PartyRegistered, "人民调解工作若干规定 第23条"),
    # from        command              to          by                 only if records           basis               marks
    T(None,       JoinCase,            S.ENGAGED,  MEDIATOR,          (),     PartyJoined,      "policy",           CHILD),
    T(None,       EnterRoster,         S.ENGAGED,  MEDIATOR,          LIST,   RosterEntered,    "policy",           LISTED),
    T(S.ENGAGED,  RecordAbility,       S.ENGAGED,  MEDIATOR,          (),     AbilityRecorded,  "民法典 第18—22条", CHILD),
    T(S.REFUSING, RecordAbility,       S.REFUSING, MEDIATOR,          (),     AbilityRecorded,  "民法典 第18—22条", CHILD),
    T(S.ENGAGED,  TellRights,          S.ENGAGED,  MEDIATOR,          (),     RightsTold,       R30),
    T(S.REFUSING, TellRights,          S.REFUSING, MEDIATOR,          (),     RightsTold,       R30),
    T(S.ENGAGED,  DiscloseTie,         S.ENGAGED,  MEDIATOR,          TIED,  TieDisclosed,     "policy"),
    T(S.REFUSING, DiscloseTie,         S.REFUSING, MEDIATOR,          TIED,  TieDisclosed,     "policy"),
    T(S.ENGAGED,  RecordConsent,       S.ENGAGED,  PARTY_OR_MEDIATOR, (),     ConsentRecorded,  "人民调解法 第23条", ACTING),
    T(S.REFUSING, RecordConsent,       S.ENGAGED,  PARTY_OR_MEDIATOR, (),     ConsentRecorded,  "人民调解法 第23条", ACTING),
    T(S.ENGAGED,  RefuseMediation,     S.REFUSING, PARTY_OR_MEDIATOR, (),     MediationRefused, "人民调解法 第17条", ACTING),
    T(S.REFUSING, RefuseMediation,     S.REFUSING, PARTY_OR_MEDIATOR, (),     MediationRefused, "人民调解法 第17条", ACTING),
    T(S.ENGAGED,  TellRemedies,        S.ENGAGED,  MEDIATOR,          (),     RemediesTold,     R26),
    T(S.REFUSING, TellRemedies,        S.REFUSING, MEDIATOR,          (),     RemediesTold,     R26),
    T(S.ENGAGED,  DeclareListComplete, S.ENGAGED,  MEDIATOR,          (),     ListCompleted,    "policy"),
    T(S.ENGAGED,  LeaveCase,           S.LEFT,     MEDIATOR,          (),     PartyLeft,        "policy"),
    T(S.REFUSING, LeaveCase,           S.LEFT,     MEDIATOR,          (),     PartyLeft,        "policy"),
    Follows(S.ENGAGED,  S.LEFT, all_listed, GroupListed, "policy"),
    Follows(S.REFUSING, S.LEFT, all_listed, GroupListed, "policy"),
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
        tab=Tab.PARTIES,
        empty="还没有当事人。",
        place=10,
        urgent=frozenset({S.REFUSING}),
        usual=frozenset({S.ENGAGED}),
        groups=cards.by_side,
        card=cards.party,
        summary=cards.party_summary,
        waits=cards.unwilling,
    ),
)
