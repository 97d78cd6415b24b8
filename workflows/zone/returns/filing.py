"""填报: one return of one committee for one month. It is never edited: a correction is stated anew beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass
from datetime import date
from typing import Any, ClassVar

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.decision_context import Outside
from mediation_engine.domain.fields import JOINT, Text, choice, code, count, day, flag, money, person, rows, text
from mediation_engine.domain.guard import MET, POLICY, UNJUDGED, Answer, Refusal, given_as, guard, met_if
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Follows, Machine, Spawns, T
from mediation_engine.domain.month import Month
from mediation_engine.domain.names import plain_number
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.order import Order
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR_OR_COMMITTEE, Office
from mediation_engine.ids import id_of

from ...tabs import Tab
from ...vocabulary import Grievance
from . import cards
from .facts import Entry, ReturnFacts, Statement, facts_of
from .questions import DUE, EXPECTED
from .vocabulary import RETURN, ReportManner, Result

MOST_ROWS = 30


class S(Labelled):
    """A month is reported once; what is stated anew stands beside it."""

    FILED = "filed", "已报"


class StatementState(Labelled):
    """The last one counts."""

    STANDING = "standing", "有效"
    REPLACED = "replaced", "已更正"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """A small dispute of the month."""

    worker: str = person("职工")
    other: str = person("对方", help="一般是本企业")
    about: Grievance = choice("什么事", default=Grievance.WAGES)
    result: Result = choice("结果", default=Result.SETTLED)
    amount: int | None = money("金额（元）")
    raised: date | None = day("哪天提出的", help="以后转到调解室，期限从这一天算", past=True)
    told: bool = flag("已告知", help="调解的人是本企业的人：告诉职工，也可以直接找调解室")
    people: int | None = count("职工几人", default=1, rare=True)
    words: Text | None = text("简要情况", longest=300, disclosure=JOINT, rare=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReturn(Command):
    label: ClassVar[str] = "报月报"
    help: ClassVar[str] = "没有新纠纷也要报：那是签了名的零，和没有报不一样"
    organisation: str = code("哪家调委会")
    month: str = code("哪个月")
    nothing: bool = flag("本月无新纠纷")
    named: tuple[EntryRow, ...] = rows("本月的纠纷")
    signer: Text = text("签名", longest=40, disclosure=JOINT, default=MISSING)
    manner: ReportManner = choice("怎样报的", default=ReportManner.LINK)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceReturn(Command):
    label: ClassVar[str] = "更正月报"
    help: ClassVar[str] = "原来报的留着不动，从现在起以这一次为准"
    nothing: bool = flag("本月无新纠纷")
    named: tuple[EntryRow, ...] = rows("本月的纠纷")
    signer: Text = text("签名", longest=40, disclosure=JOINT, default=MISSING)
    manner: ReportManner = choice("怎样报的", default=ReportManner.LINK)
    reason: Text | None = text("为什么更正", longest=200, disclosure=JOINT)


def _statement(given: FileReturn | ReplaceReturn, line: Line, *, late: bool) -> Statement:
    return Statement(nothing=given.nothing, signer=given.signer, filed=line.occurred, late=late, manner=given.manner)


def _entries(given: FileReturn | ReplaceReturn, number: int) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            worker=it.worker,
            other=it.other,
            about=it.about,
            result=it.result,
            people=it.people or 1,
            amount=it.amount,
            raised=it.raised.isoformat() if it.raised else "",
            words=it.words,
            told=it.told,
            statement=number,
        )
        for it in given.named
    )


def is_late(filed: Occurred, due: str) -> bool:
    """Whether something was reported after its day."""
    return bool(due) and Occurred(due).is_before(filed)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnFiled(Event[FileReturn]):
    label: ClassVar[str] = "月报已报"
    due: str
    expected: bool

    @classmethod
    def of(cls, given: Any, situation: Situation, outside: Outside) -> ReturnFiled:
        return cls(
            given=given,
            due=outside.ask(DUE, given.month),
            expected=outside.ask(EXPECTED, given.organisation, given.month),
        )

    def apply(self, facts: ReturnFacts, line: Line) -> None:
        g = self.given
        facts.organisation, facts.month, facts.number = g.organisation, g.month, number_of(g)
        facts.expected, facts.closed = self.expected, line.target
        facts.stating = (_statement(g, line, late=is_late(line.occurred, self.due)),)
        facts.announced = _entries(g, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementMade(Event[None]):
    label: ClassVar[str] = "填报已列入"
    given: None = None

    def apply(self, facts: ReturnFacts, line: Line) -> None:
        facts.statements[line.instance], facts.stating = facts.stating[0], ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnReplaced(Event[ReplaceReturn]):
    label: ClassVar[str] = "月报已更正"
    tells: ClassVar[bool] = True

    def apply(self, facts: ReturnFacts, line: Line) -> None:
        number = len(facts.statements) + 1
        facts.statements[line.instance] = _statement(self.given, line, late=facts.was_late)
        facts.announced = _entries(self.given, number)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementReplaced(Event[None]):
    label: ClassVar[str] = "原来报的不再算"
    given: None = None


def number_of(command: Command) -> str | None:
    """By what a return is known: a committee reports a month once."""
    return _number(command.organisation, command.month) if isinstance(command, FileReturn) else None


def outside_number(command: Command) -> tuple[str, ...] | None:
    """The same, as what is the same twice."""
    number = number_of(command)
    return (number,) if number else None


def item_of(organisation: str, month: Month) -> str:
    """The id of the return of a committee for a month: always the same."""
    return id_of(RETURN.code, organisation, plain_number(_number(organisation, month.code)))


def _number(organisation: str, month: str) -> str:
    return f"月报{month}·{organisation}"


def authority(case: Case, order: Order, happened: Occurred, today: date) -> Iterator[Refusal]:
    """Why somebody without an account may not give an order: a committee's own people report for it alone."""
    about = case.facts.organisation or getattr(order.command, "organisation", "")
    if order.office is Office.COMMITTEE and order.organisation != about:
        yield Refusal("own_committee", "只能报自己调委会的月报")


def stated(case: Case) -> Iterator[StatementMade]:
    """What the opening states, once."""
    if facts_of(case).stating:
        yield StatementMade()


def stated_anew(case: Case, key: str) -> StatementReplaced | None:
    """A later one stands."""
    return StatementReplaced() if key != next(reversed(facts_of(case).statements)) else None


@guard("月份要写成 2026-11 这样", POLICY, fixed=True)
def is_month(s: Situation) -> Answer:
    given = given_as(s, FileReturn)
    return UNJUDGED if given is None else met_if(Month.read(given.month) is not None)


@guard("这个月还没有过完，请下个月1日以后再报", POLICY, fixed=True)
def month_is_over(s: Situation) -> Answer:
    given = given_as(s, FileReturn)
    month = Month.read(given.month) if given else None
    return UNJUDGED if month is None else met_if(month.last < s.today)


@guard("有纠纷的逐件登记；没有的，只写明“本月无新纠纷”", POLICY, fixed=True)
def zero_or_listed(s: Situation) -> Answer:
    given = given_as(s, FileReturn) or given_as(s, ReplaceReturn)
    others = isinstance(given, ReplaceReturn) and not given.nothing and bool(facts_of(s).handed_up())
    return UNJUDGED if given is None else met_if(others or given.nothing != bool(given.named))


@guard("已有纠纷转到调解室，不能改成“本月无新纠纷”", POLICY, fixed=True)
def none_handed_up(s: Situation) -> Answer:
    given = given_as(s, ReplaceReturn)
    return MET if given is None or not given.nothing else met_if(not facts_of(s).handed_up())


@guard("调解人是本企业的人，应告诉职工也可以直接找调解室", POLICY)
def workers_told(s: Situation) -> Answer:
    given = given_as(s, FileReturn) or given_as(s, ReplaceReturn)
    return UNJUDGED if given is None else met_if(all(row.told for row in given.named))


RIGHT, BOTH = (is_month, month_is_over, zero_or_listed), MEDIATOR_OR_COMMITTEE
ANEW, TOLD = (zero_or_listed, none_handed_up), (workers_told,)

# fmt: off
ROWS = (
    # from  command     to       by    only if records      basis   marks
    T(None, FileReturn, S.FILED, BOTH, RIGHT,  ReturnFiled, POLICY, TOLD),
)
STATEMENTS = (
    Spawns(StatementState.STANDING, stated, StatementMade, POLICY),
    # from  command        to                       by    only if records         basis   marks
    T(None, ReplaceReturn, StatementState.STANDING, BOTH, ANEW,   ReturnReplaced, POLICY, TOLD),
    Follows(StatementState.STANDING, StatementState.REPLACED, stated_anew, StatementReplaced, POLICY),
)
# fmt: on

FILING = Machine.declare("filing", "填报", S, ROWS, final={S.FILED})
STATEMENT = Machine.declare(
    "report",
    "填报",
    StatementState,
    STATEMENTS,
    final={StatementState.REPLACED},
    resting={StatementState.STANDING},
    alive=ALWAYS,
    shown=Presentation(title="报了什么", tab=Tab.PAPERS, rows=True, newest_first=True, place=10, card=cards.statement),
)
