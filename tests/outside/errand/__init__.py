"""Somebody else's package: 代办, an errand, with facts, a question, a part and a page section of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import MISSING, dataclass, field
from datetime import date
from typing import Annotated, Any, ClassVar, cast

from msgspec import Struct

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.decision_context import Outside, Question, Surroundings
from mediation_engine.domain.facts import CaseFacts, ListRow, fact
from mediation_engine.domain.fields import JOINT, Text, code, day, person, text
from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.guard import Answer, guard, met_if
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.presentation import CaseReading, Presentation
from mediation_engine.domain.roles import MEDIATOR
from mediation_engine.domain.workflow import CLOSES, Guidance, Workflow


class Call(Struct, frozen=True, kw_only=True):
    """A call to an office on the resident's behalf."""

    promised: Annotated[date, fact("答应的日子")]


@dataclass
class ErrandFacts(CaseFacts):
    """Facts of an errand."""

    resident: Annotated[str, fact("委托人", "person")] = ""
    matter: Annotated[str | None, fact("代办事项")] = None
    office_hours: Annotated[str, fact("受理时间")] = ""
    calls: dict[str, Call] = field(default_factory=dict)

    def people(self) -> Mapping[str, str]:
        return {"errand/1": self.resident} if self.resident else {}

    def subject(self) -> tuple[str, ...]:
        return ("代办民情民访",)

    def due_days(self, open: Collection[str]) -> Iterator[tuple[str, date]]:
        yield from ((key, call.promised) for key, call in self.calls.items() if key in open)

    def list_row(self, is_over: Callable[[str], bool]) -> ListRow:
        return ListRow(parties=1)


def facts_of(of: Case | Situation) -> ErrandFacts:
    return cast(ErrandFacts, of.facts)


def _office_hours(around: Surroundings, organisation: str) -> str:
    known = around.organisation(organisation)
    return f"{known.name if known else organisation} 9:00—17:00"


OFFICE_HOURS = Question("office_hours", _office_hours)


class S(Labelled):
    ENTRUSTED = "entrusted", "已委托"
    DONE = "done", "已办成"


class CallState(Labelled):
    WAITING = "waiting", "等回音"
    ANSWERED = "answered", "有了回音"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrust(Command):
    label: ClassVar[str] = "接受委托"
    resident: str = person("委托人")
    organisation: str = code("经办组织")
    matter: Text | None = text("代办事项", disclosure=JOINT)


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishErrand(Command):
    label: ClassVar[str] = "办成"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOffice(Command):
    label: ClassVar[str] = "联系主管部门"
    promised: date = day("答应哪天答复", default=MISSING)
    said: Text | None = text("怎么说的", disclosure=JOINT)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAnswer(Command):
    label: ClassVar[str] = "记录答复"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrusted(Event[Entrust]):
    label: ClassVar[str] = "已接受委托"
    office_hours: str

    @classmethod
    def of(cls, given: Any, situation: Situation, outside: Outside) -> Entrusted:
        return cls(given=given, office_hours=outside.ask(OFFICE_HOURS, given.organisation))

    def apply(self, facts: ErrandFacts, line: Line) -> None:
        facts.organisation, facts.resident = self.given.organisation, self.given.resident
        facts.matter, facts.office_hours = self.given.matter, self.office_hours


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrandDone(Event[FinishErrand]):
    label: ClassVar[str] = "已办成"

    def apply(self, facts: ErrandFacts, line: Line) -> None:
        facts.closed = line.target


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeCalled(Event[CallOffice]):
    label: ClassVar[str] = "已联系主管部门"

    def apply(self, facts: ErrandFacts, line: Line) -> None:
        facts.calls[line.instance] = Call(promised=self.given.promised)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRecorded(Event[RecordAnswer]):
    label: ClassVar[str] = "已有答复"


@guard("须先联系过主管部门并有了答复", "policy")
def office_answered(s: Situation) -> Answer:
    calls = facts_of(s).calls
    return met_if(bool(calls) and all(s.case.is_in(key, CallState.ANSWERED) for key in calls))


def _promise(reading: CaseReading, key: str) -> tuple[str, str]:
    return "主管部门答复", "主管部门"


def _summary(reading: CaseReading, key: str) -> Iterator[str]:
    yield f"答应{day_words(facts_of(reading.case).calls[key].promised)}答复"


CALL = Machine.declare(
    "call",
    "联系记录",
    CallState,
    (
        T(None, CallOffice, CallState.WAITING, MEDIATOR, (), OfficeCalled, "policy"),
        T(CallState.WAITING, RecordAnswer, CallState.ANSWERED, MEDIATOR, (), AnswerRecorded, "policy"),
    ),
    final={CallState.ANSWERED},
    shown=Presentation(title="联系主管部门", empty="还没有联系过。", summary=_summary, due=_promise),
)

PHASE = Machine.declare(
    "errand",
    "代办",
    S,
    (
        T(None, Entrust, S.ENTRUSTED, MEDIATOR, (), Entrusted, "policy"),
        T(S.ENTRUSTED, FinishErrand, S.DONE, MEDIATOR, (office_answered,), ErrandDone, "policy"),
    ),
    final={S.DONE},
)

ERRAND = Workflow(
    name="errand_2026",
    family="errand",
    label="代办",
    phases=(PHASE,),
    parts=(CALL,),
    handoffs={S.DONE: CLOSES},
    tracks=(),
    facts=ErrandFacts,
    questions=(OFFICE_HOURS,),
    guidance=Guidance(opens={"office_answered": (CallOffice, RecordAnswer)}),
    in_force_from=date(2026, 1, 1),
)
