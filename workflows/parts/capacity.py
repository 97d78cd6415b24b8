"""代理与代表: in which capacity somebody acts for parties, on what paper, from when to when, and how it ends.

A person of full ability acts for itself and needs none; whoever only comes along, such as a relative, has none. What was
signed while it stood stands; what was disowned never stood, until it is ratified.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, choice, day, flag, person, ref, refs, text
from mediation_engine.domain.guard import MET, UNJUDGED, Answer, given_as, guard, met_if
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Follows, Machine, T
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR

from ..facts import BY_LIST, Capacity, MediationFacts, facts_of
from ..tabs import Tab
from ..vocabulary import AuthorityPaper, CapacityEnd, CapacityKind, Power, Side
from . import cards
from .authority import A165, A171
from .states import CapacityState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterCapacity(Command):
    label: ClassVar[str] = "登记代理与代表"
    help: ClassVar[str] = "谁代谁参加调解、签字。本人自己来的不用登记；近亲属陪同不是代理，也不用登记"
    parties: ClassVar[tuple[str, ...]] = ("principals",)
    principals: tuple[str, ...] = refs("代谁（当事人）", "party")
    person: str = person("代理人或代表", help="写自然人的姓名")
    kind: CapacityKind = choice("身份", default=CapacityKind.AGENT)
    take_part: bool = flag("权限：参加调解", default=True)
    settle: bool = flag("权限：和解、签协议（特别授权）", help="委托书上写明可以和解、签协议的才勾")
    receive_money: bool = flag("权限：代收款")
    apply: bool = flag("权限：申请司法确认")
    receive_papers: bool = flag("权限：代领文书")
    paper: AuthorityPaper = choice("凭什么文件", default=AuthorityPaper.NONE)
    paper_day: date | None = day("文件日期")
    paper_place: Text | None = text(
        "文件在哪里", longest=200, disclosure="joint", help="如卷宗第几页、原件在谁手里", rare=True
    )
    exhibit: str | None = ref(
        "收存为哪件材料", "exhibit", default=None, help="先把委托书等收存为材料，再在这里选", rare=True
    )
    elected_by: tuple[str, ...] = refs(
        "由哪些当事人推选", "party", help="推选的代表人才填；不选即所代的全体", rare=True
    )
    since: date | None = day("自哪天起", help="留空就是没有写明")
    until: date | None = day("到哪天止", help="含当天；留空就是没有写明")
    replaces: str | None = ref("接替哪一项", "capacity", default=None, help="换了人或换了委托书的", rare=True)
    co_heir: bool = flag("监护人自己也有份（如同为继承人）", rare=True)
    share_set_apart: bool = flag("被监护人的份额已单独列明", rare=True)
    note: Text | None = text("说明", longest=500, disclosure="joint", rare=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCapacity(Command):
    label: ClassVar[str] = "终止代理或代表"
    one_by_one: ClassVar[bool] = True
    help: ClassVar[str] = "此前以这一身份签的、办的仍然有效"
    gives_up: ClassVar[bool] = True
    reason: CapacityEnd = choice("原因")
    note: Text | None = text("说明", longest=500, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class DisownCapacity(Command):
    label: ClassVar[str] = "记录被代理人否认"
    help: ClassVar[str] = "被代理人说从来没有授权：已签的转为待追认，协议已生效的作为有争议处理"
    gives_up: ClassVar[bool] = True
    note: Text | None = text("怎么说的", longest=1000, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class RatifyCapacity(Command):
    label: ClassVar[str] = "记录被代理人追认授权"
    help: ClassVar[str] = "承认当时就有授权：待追认的签署因此有效"
    note: Text | None = text("怎么说的", longest=1000, disclosure="joint")


POWERS = {
    "take_part": Power.TAKE_PART,
    "settle": Power.SETTLE,
    "receive_money": Power.RECEIVE_MONEY,
    "apply": Power.APPLY,
    "receive_papers": Power.RECEIVE_PAPERS,
}
"""The powers by the names of the fields that give them."""


def _powers(given: EnterCapacity) -> tuple[Power, ...]:
    """Those that are listed, where a list says how far it goes."""
    return tuple(power for name, power in POWERS.items() if getattr(given, name)) if given.kind in BY_LIST else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityEntered(Event[EnterCapacity]):
    label: ClassVar[str] = "代理或代表已登记"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        g = self.given
        facts.capacities[line.instance] = Capacity(
            principals=tuple(dict.fromkeys(g.principals)),
            person=g.person,
            kind=g.kind,
            powers=_powers(g),
            since=g.since,
            until=g.until,
            replaces=g.replaces,
        )


def _change(facts: MediationFacts, key: str, **changes: Any) -> None:
    facts.capacities[key] = replace(facts.capacities[key], **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityEnded(Event[EndCapacity]):
    label: ClassVar[str] = "代理或代表已终止"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _change(facts, line.instance, ended=line.occurred, why=self.given.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityReplaced(Event[None]):
    label: ClassVar[str] = "已由另一项接替"
    given: None = None
    by: str

    def apply(self, facts: MediationFacts, line: Line) -> None:
        since = facts.capacities[self.by].since
        _change(facts, line.instance, ended=Occurred(since.isoformat()) if since else line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityDisowned(Event[DisownCapacity]):
    label: ClassVar[str] = "被代理人否认"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _change(facts, line.instance, disowned=line.occurred, ratified=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityRatified(Event[RatifyCapacity]):
    label: ClassVar[str] = "被代理人已追认授权"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _change(facts, line.instance, disowned=None, ratified=line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityOver(Event[None]):
    label: ClassVar[str] = "此前已经终止"
    given: None = None


# -- gates: what is filled in makes no sense otherwise


@guard("须选明代哪位当事人", "policy", fixed=True, of_form=True)
def principals_named(s: Situation) -> Answer:
    given = given_as(s, EnterCapacity)
    return MET if given is None else met_if(bool(given.principals))


@guard("本人办自己的事不用登记代理；代理人应是另一个人", "policy", fixed=True, of_form=True)
def acts_for_another(s: Situation) -> Answer:
    given = given_as(s, EnterCapacity)
    if given is None:
        return MET
    themselves = [p for p in given.principals if facts_of(s).parties[p].person == given.person]
    return met_if(not themselves, themselves)


@guard("“到哪天止”不能早于“自哪天起”", "policy", fixed=True, of_form=True)
def days_in_order(s: Situation) -> Answer:
    given = given_as(s, EnterCapacity)
    if given is None or given.since is None or given.until is None:
        return MET
    return met_if(given.since <= given.until)


@guard("接替的应是代同一当事人、还有效的一项", "policy", fixed=True, of_form=True)
def replaces_standing(s: Situation) -> Answer:
    given = given_as(s, EnterCapacity)
    if given is None or given.replaces is None:
        return MET
    same = not set(facts_of(s).capacities[given.replaces].principals).isdisjoint(given.principals)
    return met_if(same and s.case.is_in(given.replaces, S.STANDING), (given.replaces,))


# -- marks


@guard("应有授权委托书、身份证明书、推选书等文件", A165)
def paper_shown(s: Situation) -> Answer:
    given = given_as(s, EnterCapacity)
    if given is None or given.paper is AuthorityPaper.UNREPORTED:
        return UNJUDGED
    return met_if(given.paper is not AuthorityPaper.NONE)


@guard("委托书应写明权限", A165)
def powers_listed(s: Situation) -> Answer:
    given = given_as(s, EnterCapacity)
    if given is None or given.kind not in BY_LIST:
        return MET
    return met_if(bool(_powers(given)))


@guard("同一个人不能同时代理双方，也不能代理对方与自己", "民法典 第168条")
def one_side_only(s: Situation) -> Answer:
    """Whoever acts for a side, or is of it, and now for the other; those of no side are in nobody's way."""
    given = given_as(s, EnterCapacity)
    if given is None:
        return UNJUDGED
    facts = facts_of(s)
    acting = [
        p for c in facts.capacities.values() if c.person == given.person and c.ended is None for p in c.principals
    ]
    own = [k for k, p in facts.parties.items() if p.person == given.person]
    sides = {k: facts.parties[k].side for k in (*acting, *own, *given.principals)}
    opposed = {Side.APPLICANT, Side.RESPONDENT} <= set(sides.values())
    return met_if(not opposed, dict.fromkeys((*acting, *own)))


@guard("监护人自己也有份的，被监护人的份额应单独列明", "民法典 第35条")
def share_set_apart(s: Situation) -> Answer:
    """A guardian may dispose of what is its ward's only for the ward's good: also where it is a party itself."""
    given = given_as(s, EnterCapacity)
    if given is None or given.kind is not CapacityKind.GUARDIAN:
        return MET
    concerned = given.co_heir or any(p.person == given.person for p in facts_of(s).parties.values())
    return met_if(not concerned or given.share_set_apart, given.principals)


@guard("由监护人代理的，当事人应登记为未成年或不能完全辨认自己行为", "民法典 第19条、第23条")
def ward_registered(s: Situation) -> Answer:
    given = given_as(s, EnterCapacity)
    if given is None or given.kind is not CapacityKind.GUARDIAN:
        return MET
    return _none([p for p in given.principals if facts_of(s).parties[p].ability.is_full])


@guard("法定代表人、负责人、破产管理人只为单位而设", "民法典 第61条")
def heads_a_unit(s: Situation) -> Answer:
    given = given_as(s, EnterCapacity)
    if given is None or given.kind not in (CapacityKind.HEAD, CapacityKind.ADMINISTRATOR, CapacityKind.DEBTOR):
        return MET
    return _none([p for p in given.principals if facts_of(s).parties[p].kind is PartyKind.PERSON])


def _none(about: list[str]) -> Answer:
    return met_if(not about, about)


# -- what follows


def replaced(case: Case, key: str) -> CapacityReplaced | None:
    """Another takes its place."""
    by = next((k for k, c in facts_of(case).capacities.items() if c.replaces == key), None)
    return CapacityReplaced(by=by) if by else None


def already_over(case: Case, key: str) -> CapacityOver | None:
    """It was ratified after it had ended."""
    return CapacityOver() if facts_of(case).capacities[key].ended is not None else None


GATES = (principals_named, acts_for_another, days_in_order, replaces_standing)
MARKS = (paper_shown, powers_listed, one_side_only, share_set_apart, ward_registered, heads_a_unit)
A173 = "民法典 第173—175条"

# fmt: off
ROWS = (
    # from         command         to          by        only if records            basis    marks
    T(None,        EnterCapacity,  S.STANDING, MEDIATOR, GATES,  CapacityEntered,   A165,    MARKS),
    T(S.STANDING,  EndCapacity,    S.ENDED,    MEDIATOR, (),     CapacityEnded,     A173),
    T(S.STANDING,  DisownCapacity, S.DISOWNED, MEDIATOR, (),     CapacityDisowned,  A171),
    T(S.ENDED,     DisownCapacity, S.DISOWNED, MEDIATOR, (),     CapacityDisowned,  A171),
    T(S.REPLACED,  DisownCapacity, S.DISOWNED, MEDIATOR, (),     CapacityDisowned,  A171),
    T(S.DISOWNED,  RatifyCapacity, S.STANDING, MEDIATOR, (),     CapacityRatified,  A171),
    Follows(S.STANDING, S.REPLACED, replaced,     CapacityReplaced, A173),
    Follows(S.STANDING, S.ENDED,    already_over, CapacityOver,     A173),
)
# fmt: on

CAPACITY = Machine.declare(
    "capacity",
    "代理与代表",
    S,
    ROWS,
    resting=S,
    alive=ALWAYS,
    shown=Presentation(
        title="代理与代表",
        tab=Tab.PARTIES,
        rows=True,
        place=12,
        urgent=frozenset({S.DISOWNED}),
        card=cards.capacity,
        summary=cards.capacity_summary,
    ),
)
