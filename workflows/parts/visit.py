"""A visit after an agreement: planned when it takes effect, moved, made or not. Visits gate nothing.

Two kinds: 走访（回访） by whoever handles the case (人民调解法 第31条), and 质量回访 by somebody else, who asks how the
mediation itself was; the second is policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass
from datetime import date
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import (
    CHOSEN,
    OF_PARTY,
    Readers,
    Text,
    choice,
    day,
    flag,
    person,
    ref,
    refs,
    staff,
    text,
)
from mediation_engine.domain.formatting import CHINA, span
from mediation_engine.domain.guard import MET, Answer, given_as, guard, met_if
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Follows, Machine, Spawns, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR, MEDIATOR_OR_VISITOR, MEDIATOR_OR_WORKER, PARTY, Office

from ..facts import MediationFacts, Visit, facts_of
from ..tabs import Tab
from ..vocabulary import DayPart, Reply, Satisfaction, VisitKind
from . import cards, naming
from .moments import AFTER_FIRST_EFFECT
from .queries import binds
from .states import VisitState as S


class Way(Labelled):
    """How somebody was visited."""

    IN_PERSON = "in_person", "上门"
    CAME = "came", "来访"
    PHONE = "phone", "电话"
    VIDEO = "video", "视频"
    CHAT = "chat", "微信"
    UNREPORTED = "unreported", "不清楚"


class Finding(Labelled):
    """What a visit found (回访情况)."""

    STABLE = "stable", "稳定"
    PERFORMING = "performing", "履行中"
    AT_RISK = "at_risk", "有违约或反复苗头"
    UNREPORTED = "unreported", "不清楚"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanVisit(Command):
    label: ClassVar[str] = "安排走访"
    due: date = day("走访日期", default=MISSING)
    part: DayPart = choice("什么时段", default=DayPart.ANY)
    party: str | None = ref("走访谁", "party", default=None)
    visitor: str | None = staff("谁去", default=None, help="不写就是承办的人")
    place: Text | None = text("去哪里", longest=200, help="门牌、厂区位置、怎样找到人")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanQualityVisit(Command):
    label: ClassVar[str] = "安排质量回访"
    help: ClassVar[str] = "请不承办本案的人问问当事人：调解得怎么样；结案后也可以"
    due: date = day("回访日期", default=MISSING)
    part: DayPart = choice("什么时段", default=DayPart.ANY)
    party: str | None = ref("问谁", "party", default=None)
    visitor: str | None = staff("谁来问", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveVisit(Command):
    label: ClassVar[str] = "走访改期、换人"
    one_by_one: ClassVar[bool] = True
    single: ClassVar[bool] = True
    due: date = day("走访日期", default=MISSING)
    part: DayPart = choice("什么时段", default=DayPart.ANY)
    visitor: str | None = staff("谁去", default=None, help="不写就是承办的人")
    place: Text | None = text("去哪里", longest=200, help="门牌、厂区位置、怎样找到人")
    reason: Text | None = text("原因", longest=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrustVisit(Command):
    label: ClassVar[str] = "委托走访"
    one_by_one: ClassVar[bool] = True
    help: ClassVar[str] = "请没有账号的人（如网格员）去一次；再给他发走访链接"
    single: ClassVar[bool] = True
    person: str = person("请谁去", help="如网格员、村干部；不是本案的当事人")
    party: str | None = ref("走访谁", "party", default=None)
    place: Text | None = text("去哪里", longest=200, help="门牌、厂区位置、怎样找到人；凭链接去的人也看得到")


@dataclass(frozen=True, slots=True, kw_only=True)
class EndEntrustment(Command):
    label: ClassVar[str] = "收回走访委托"
    gives_up: ClassVar[bool] = True
    reason: Text | None = text("原因", longest=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVisit(Command):
    label: ClassVar[str] = "记录走访"
    one_by_one: ClassVar[bool] = True
    single: ClassVar[bool] = True
    party: str | None = ref("走访了谁", "party", default=None)
    also: tuple[str, ...] = refs("同时还见了谁", "party", beside="party")
    manner: Way = choice("方式", default=Way.IN_PERSON)
    finding: Finding = choice("情况")
    satisfied: Satisfaction = choice("对调解是否满意", default=Satisfaction.NOT_ASKED)
    mood: bool = flag("情绪或行为有反常")
    trouble: bool = flag("有新的矛盾苗头")
    said: Text | None = text(
        "回访情况", longest=1000, disclosure=OF_PARTY, help="履行了多少、有什么意见；见的是邻居、单位的，写明见了谁"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Questions(Command):
    """What somebody is asked about how the mediation was, whoever asks."""

    party: str = ref("问了谁", "party")
    knows: Reply = choice("知道协议写了什么", default=Reply.NOT_ASKED)
    willing: Reply = choice("是自愿达成的", default=Reply.NOT_ASKED)
    settled: Reply = choice("说好的钱已经收到或付清", default=Reply.NOT_ASKED)
    fair: Reply = choice("调解员公道", default=Reply.NOT_ASKED)
    charged: Reply = choice("调解员收过钱或东西", default=Reply.NOT_ASKED)
    trouble: bool = flag("有新的矛盾苗头")
    satisfied: Satisfaction = choice("对调解是否满意", default=Satisfaction.NOT_ASKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordQualityVisit(_Questions):
    label: ClassVar[str] = "记录质量回访"
    one_by_one: ClassVar[bool] = True
    help: ClassVar[str] = "由不承办本案的人问：调解得怎么样，不是催履行；问到的填，没问到的不填"
    single: ClassVar[bool] = True
    manner: Way = choice("方式", default=Way.PHONE)
    said: Text | None = text("原话和意见", longest=1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuestions(_Questions):
    label: ClassVar[str] = "自己回答回访"
    help: ClassVar[str] = "当事人自己回答调解得怎么样；一份协议每人答一次"
    single: ClassVar[bool] = True
    readers: ClassVar[Readers] = Readers.OWN
    agreement: str = ref("哪份协议", "agreement")
    said: Text | None = text("原话和意见", longest=1000, disclosure=CHOSEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUnreachable(Command):
    label: ClassVar[str] = "记录未联系上"
    one_by_one: ClassVar[bool] = True
    note: Text | None = text("怎么没有见到", longest=1000, help="门锁着、搬走了、邻居说去哪里了")


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelVisit(Command):
    label: ClassVar[str] = "取消走访"
    gives_up: ClassVar[bool] = True
    reason: Text | None = text("原因")


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPlanned(Event[PlanVisit]):
    label: ClassVar[str] = "走访已安排"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        it = self.given
        facts.visits[line.instance] = Visit(
            party=it.party, due=it.due, part=it.part, visitor=it.visitor, place=it.place
        )
        facts.visits_cancelled = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityVisitPlanned(Event[PlanQualityVisit]):
    label: ClassVar[str] = "质量回访已安排"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        it = self.given
        facts.visits[line.instance] = Visit(
            kind=VisitKind.QUALITY, party=it.party, due=it.due, part=it.part, visitor=it.visitor
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitMoved(Event[MoveVisit]):
    label: ClassVar[str] = "走访已改期或换人"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        visit, it = facts.visits[line.instance], self.given
        facts.visits[line.instance] = replace(
            visit,
            due=it.due,
            part=it.part,
            visitor=it.visitor,
            place=it.place or visit.place,
            moved=visit.moved + 1,
            entrusted=None if it.visitor else visit.entrusted,  # one of the staff goes in his place
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitEntrusted(Event[EntrustVisit]):
    label: ClassVar[str] = "走访已委托"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        visit, it = facts.visits[line.instance], self.given
        facts.visits[line.instance] = replace(
            visit, entrusted=it.person, party=it.party or visit.party, place=it.place or visit.place
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrustmentEnded(Event[EndEntrustment]):
    label: ClassVar[str] = "走访委托已收回"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.visits[line.instance] = replace(facts.visits[line.instance], entrusted=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFellDue(Event[None]):
    label: ClassVar[str] = "走访已列入计划"
    given: None = None
    agreement: str
    due: date

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.visits[line.instance] = Visit(agreement=self.agreement, due=self.due)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitMade(Event[RecordVisit]):
    label: ClassVar[str] = "已走访"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        visit = facts.visits.get(line.instance) or Visit()
        facts.visits[line.instance] = replace(
            visit,
            party=self.given.party or visit.party,
            also=self.given.also,
            made=line.occurred,
            satisfied=self.given.satisfied,
            alarming=self.given.finding is Finding.AT_RISK or self.given.mood is True or self.given.trouble is True,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityAsked(Event[RecordQualityVisit]):
    label: ClassVar[str] = "已作质量回访"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        visit = facts.visits.get(line.instance) or Visit(kind=VisitKind.QUALITY)
        facts.visits[line.instance] = replace(
            visit, party=self.given.party, made=line.occurred, satisfied=self.given.satisfied
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsAnswered(Event[AnswerQuestions]):
    label: ClassVar[str] = "当事人自己填了回访问卷"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        visit, it = facts.visits.get(line.instance) or Visit(kind=VisitKind.QUALITY), self.given
        visit = replace(visit, made=line.occurred, by_party=True)
        if isinstance(it.satisfied, Satisfaction):  # else a reader is not told who answered, nor what
            visit = replace(visit, party=it.party, agreement=it.agreement, satisfied=it.satisfied)
        facts.visits[line.instance] = visit


@dataclass(frozen=True, slots=True, kw_only=True)
class NobodyReached(Event[RecordUnreachable]):
    label: ClassVar[str] = "走访未联系上"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        visit = facts.visits[line.instance]
        facts.visits[line.instance] = replace(visit, attempts=visit.attempts + 1, tried=line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRaised(Event[None]):
    label: ClassVar[str] = "几次没有见到人，报室主任"
    tells: ClassVar[bool] = True
    given: None = None

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.visits[line.instance] = replace(facts.visits[line.instance], raised=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitCancelled(Event[CancelVisit]):
    label: ClassVar[str] = "走访已取消"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDropped(Event[None]):
    label: ClassVar[str] = "案件已结，走访取消"
    given: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffGoes(Event[None]):
    label: ClassVar[str] = "改由本室的人去，委托结束"
    given: None = None


def after_effect(case: Case) -> Iterator[VisitFellDue]:
    """The visits of the policy recorded at opening, counted from effect; from today where that day is unreported."""
    planned = {v.agreement for v in facts_of(case).visits.values()}
    for key in facts_of(case).agreements:
        if binds(case, key) and key not in planned:
            effective = facts_of(case).agreements[key].effective
            start = effective.day if effective else None
            if start is None:
                assert case.recorded is not None  # a case with an agreement has lines
                start = case.recorded.astimezone(CHINA).date()
            for days in facts_of(case).visit_days:
                yield VisitFellDue(agreement=key, due=start + span(days))


def staff_goes(case: Case, key: str) -> StaffGoes | None:
    """It was moved to one of the staff."""
    return StaffGoes() if facts_of(case).visits[key].entrusted is None else None


def not_reached(case: Case, key: str) -> VisitRaised | None:
    """Once so many attempts have reached nobody, the lead is to decide how to go on."""
    visit = facts_of(case).visits[key]
    return VisitRaised() if visit.attempts >= cards.UNREACHED and not visit.raised else None


def case_closed(case: Case, key: str) -> VisitDropped | None:
    """Whoever closed the case cancelled what was planned."""
    return VisitDropped() if facts_of(case).closed and facts_of(case).visits_cancelled else None


@guard("应写明走访了谁", "policy", of_form=True)
def seen_named(s: Situation) -> Answer:
    given = given_as(s, RecordVisit)
    if given is None:
        return MET
    held = facts_of(s).visits.get(s.key or "")
    return met_if(bool(given.party or given.also or (held and held.party)))


@guard("应写明走访时的情况", "policy", of_form=True)
def finding_told(s: Situation) -> Answer:
    """By the choice alone: whether there are words beside it is private, and a mark is not."""
    given = given_as(s, RecordVisit)
    return MET if given is None else met_if(given.finding is not Finding.UNREPORTED)


@guard("案件须未结束；结束后走访过的可以补记", "policy")
def case_open(s: Situation) -> Answer:
    return met_if(facts_of(s).closed is None)


@guard("质量回访应由不承办本案的人来问", "policy")
def asked_by_another(s: Situation) -> Answer:
    return met_if(not s.actor or all(a.staff != s.actor for a in facts_of(s).standing()))


@guard("协议生效以后才问这些；请等协议生效", "policy", fixed=True)
def has_effect(s: Situation) -> Answer:
    given = given_as(s, AnswerQuestions)
    return met_if(given is None or binds(s.case, given.agreement))


@guard("只问这份协议的当事人；请选好协议和本人", "policy", fixed=True)
def own_visit(s: Situation) -> Answer:
    given, visit = given_as(s, AnswerQuestions), facts_of(s).visits.get(s.key or "")
    if given is None:
        return MET
    signers = facts_of(s).agreements[given.agreement].signers
    planned = (None, given.party) if visit is None else (visit.party,)
    return met_if(given.party in (signers or (given.party,)) and given.party in planned)


@guard("您已经回答过了，一份协议答一次就够；有话要说的，可以写给调解员", "policy", fixed=True)
def not_answered(s: Situation) -> Answer:
    given = given_as(s, AnswerQuestions)
    mine = (v for v in facts_of(s).visits.values() if v.by_party)
    return met_if(given is None or all((v.party, v.agreement) != (given.party, given.agreement) for v in mine))


@guard("没有写明走访谁，请选好", "policy", fixed=True, of_form=True)
def whom_to_see(s: Situation) -> Answer:
    """Who is sent learns one name and no more."""
    given = given_as(s, EntrustVisit)
    if given is None:
        return MET
    known = facts_of(s).visits.get(s.key or "")
    return met_if(bool(given.party or (known and known.party)))


@guard("当事人不能受托走访自己的案件", "policy", fixed=True, of_form=True)
def not_a_party(s: Situation) -> Answer:
    given = given_as(s, EntrustVisit)
    return met_if(given is None or given.person not in facts_of(s).people().values())


@guard("没有到走访的日子，不能自动收回委托", "policy", fixed=True)
def has_lapsed(s: Situation) -> Answer:
    """A mediator may take it back at any time, the worker only what was left undone."""
    visit = facts_of(s).visits.get(s.key or "")
    return met_if(
        s.office is not Office.AUTOMATIC or (visit is not None and visit.due is not None and visit.due < s.today)
    )


R36 = "人民调解工作若干规定 第36条"
MADE = (seen_named, finding_told, AFTER_FIRST_EFFECT)
ASKED = (asked_by_another, AFTER_FIRST_EFFECT)
SENT = (whom_to_see, not_a_party)
ONCE = (has_effect, own_visit, not_answered)
EITHER, WORKER, LAPSED = MEDIATOR_OR_VISITOR, MEDIATOR_OR_WORKER, (has_lapsed,)

# fmt: off
ROWS = (
    Spawns(S.SCHEDULED, after_effect, VisitFellDue, R36),
    # from           command             to             by        only if       records              basis     marks
    T(None,          PlanVisit,          S.SCHEDULED,   MEDIATOR, (case_open,), VisitPlanned,        R36),
    T(None,          RecordVisit,        S.DONE,        MEDIATOR, (),           VisitMade,           R36, MADE),
    T(S.SCHEDULED,   RecordVisit,        S.DONE,        MEDIATOR, (),           VisitMade,           R36, MADE),
    T(S.ENTRUSTED,   RecordVisit,        S.DONE,        EITHER,   (),           VisitMade,           R36, MADE),
    T(S.SCHEDULED,   EntrustVisit,       S.ENTRUSTED,   MEDIATOR, SENT,         VisitEntrusted,      "policy"),
    T(S.ENTRUSTED,   EntrustVisit,       S.ENTRUSTED,   MEDIATOR, SENT,         VisitEntrusted,      "policy"),
    T(S.ENTRUSTED,   EndEntrustment,     S.SCHEDULED,   WORKER,   LAPSED,       EntrustmentEnded,    "policy"),
    T(S.SCHEDULED,   MoveVisit,          S.SCHEDULED,   MEDIATOR, (),           VisitMoved,          "policy"),
    T(S.ENTRUSTED,   MoveVisit,          S.ENTRUSTED,   MEDIATOR, (),           VisitMoved,          "policy"),
    T(S.SCHEDULED,   RecordUnreachable,  S.SCHEDULED,   MEDIATOR, (),           NobodyReached,       R36),
    T(S.ENTRUSTED,   RecordUnreachable,  S.ENTRUSTED,   EITHER,   (),           NobodyReached,       R36),
    T(S.SCHEDULED,   CancelVisit,        S.CANCELLED,   MEDIATOR, (),           VisitCancelled,      "policy"),
    T(S.ENTRUSTED,   CancelVisit,        S.CANCELLED,   MEDIATOR, (),           VisitCancelled,      "policy"),
    T(None,          PlanQualityVisit,   S.TO_BE_ASKED, MEDIATOR, (),           QualityVisitPlanned, "policy"),
    T(None,          RecordQualityVisit, S.DONE,        MEDIATOR, (),           QualityAsked,        "policy", ASKED),
    T(S.TO_BE_ASKED, RecordQualityVisit, S.DONE,        MEDIATOR, (),           QualityAsked,        "policy", ASKED),
    T(None,          AnswerQuestions,    S.DONE,        PARTY,    ONCE,         QuestionsAnswered,   "policy"),
    T(S.TO_BE_ASKED, AnswerQuestions,    S.DONE,        PARTY,    ONCE,         QuestionsAnswered,   "policy"),
    T(S.TO_BE_ASKED, MoveVisit,          S.TO_BE_ASKED, MEDIATOR, (),           VisitMoved,          "policy"),
    T(S.TO_BE_ASKED, RecordUnreachable,  S.TO_BE_ASKED, MEDIATOR, (),           NobodyReached,       "policy"),
    T(S.TO_BE_ASKED, CancelVisit,        S.CANCELLED,   MEDIATOR, (),           VisitCancelled,      "policy"),
    Follows(S.SCHEDULED,   S.CANCELLED,   case_closed, VisitDropped, "policy"),
    Follows(S.ENTRUSTED,   S.CANCELLED,   case_closed, VisitDropped, "policy"),
    Follows(S.ENTRUSTED,   S.SCHEDULED,   staff_goes,  StaffGoes,    "policy"),
    Follows(S.SCHEDULED,   S.SCHEDULED,   not_reached, VisitRaised,  "policy"),
    Follows(S.ENTRUSTED,   S.ENTRUSTED,   not_reached, VisitRaised,  "policy"),
    Follows(S.TO_BE_ASKED, S.TO_BE_ASKED, not_reached, VisitRaised,  "policy"),
)
# fmt: on


def apart(case: Case, key: str) -> bool:
    """Whether a visit is not for everybody: who judges the mediation does not do it before the other side."""
    visit = facts_of(case).visits.get(key)
    return visit is None or visit.kind is VisitKind.QUALITY


VISIT = Machine.declare(
    "visit",
    "走访",
    S,
    ROWS,
    final={S.DONE, S.CANCELLED},
    alive=ALWAYS,
    outlives=True,
    shown=Presentation(
        title="走访",
        tab=Tab.VISITS,
        rows=True,
        place=43,
        apart=apart,
        card=cards.visit,
        called=naming.visit,
        summary=cards.visit_summary,
        alarm=cards.visit_alarm,
        due=cards.visit_due,
        near=1,
    ),
)
