"""登记与交办: a matter comes, and is given to somebody; what is settled on the spot ends here."""

from __future__ import annotations

from dataclasses import MISSING, dataclass
from datetime import date
from typing import Any, ClassVar

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.decision_context import Outside
from mediation_engine.domain.fields import Text, code, count, day, flag, money, rows, staff, text
from mediation_engine.domain.guard import MET, POLICY, UNJUDGED, Answer, Refusal, given_as, guard, met_if
from mediation_engine.domain.item_kind import FieldSort, ItemField, ItemKind, Stage
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Follows, Machine, T
from mediation_engine.domain.roles import MEDIATOR_OR_GRID_WORKER, MEDIATOR_OR_WORKER, Office
from mediation_engine.errors import GuardRefused

from ..outcome import none_running
from .concerned import ConcernedRow
from .facts import Concerned, Filled, MatterFacts, facts_of
from .questions import DISTRICT_NAME, KIND, RECEPTION

P20 = "信访工作条例 第20条"
NOT_REPORTED = "“{}”由调解室登记，网格员不登记；请告诉调解室"


class S(Labelled):
    """Until it is given to somebody nobody has it in hand."""

    REGISTERED = "registered", "待交办"
    PASSED_ON = "passed_on", "已交办"
    ENDED = "ended", "办结"


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailRow:
    """What is filled in for a field of the kind, by its sort."""

    field: str = code("哪一项")
    words: Text | None = text("文字", longest=500)
    day: date | None = day("日期")
    number: int | None = count("数目")
    amount: int | None = money("金额", rare=True)
    said: bool = flag("是", rare=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMatter(Command):
    label: ClassVar[str] = "登记事项"
    help: ClassVar[str] = "同一处来的同一个编号只登记一次"
    occurs: ClassVar[str] = "什么时候来的"
    kind: str = code("种类")
    origin: str | None = code("从哪里来", default=None, help="如：四平台、12345；没有就空着")
    number: str | None = code("编号", default=None, help="那边的编号；没有就空着")
    district: str | None = code("片区", default=None)
    words: Text = text("什么事", longest=2000, default=MISSING)
    place: Text | None = text("地点", longest=200)
    named: tuple[ConcernedRow, ...] = rows("涉及的人")
    details: tuple[DetailRow, ...] = rows("这一种要填的")
    organisation: str = code("调解组织")
    meeting: str | None = code("哪次例会布置的", default=None, rare=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class FillInMatter(Command):
    label: ClassVar[str] = "补充登记内容"
    help: ClassVar[str] = "登记时没有填、填错的，在这里补上"
    details: tuple[DetailRow, ...] = rows("补充的内容")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignMatter(Command):
    label: ClassVar[str] = "交办"
    help: ClassVar[str] = "交给本室的人，或写明交给哪个单位、哪个人"
    staff: str | None = staff("承办人", default=None)
    body: Text | None = text("承办单位或没有账号的人", longest=100)
    by: date | None = day("期限", ahead=True)
    note: Text | None = text("要求", longest=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMatter(Command):
    label: ClassVar[str] = "办结"
    occurs: ClassVar[str] = "什么时候办好的"
    ending: str = code("怎样办结")
    ground: str | None = code("认定依据", default=None, help="算化解的，写明凭什么认定", rare=True)
    words: Text | None = text("结果", longest=1000)


def known_as(command: Command) -> str | None:
    """By what a matter is known where it comes from: the number there, and whose number it is."""
    if not isinstance(command, RegisterMatter) or not command.number:
        return None
    return f"{command.origin or command.kind} {command.number}"


def outside_number(command: Command) -> tuple[str, ...] | None:
    """The same in its parts; of its kind where nobody says whose number it is."""
    if not isinstance(command, RegisterMatter) or not command.number:
        return None
    return (command.origin, command.number) if command.origin else ("", command.kind, command.number)


def details_of(rows: tuple[DetailRow, ...], kind: ItemKind | None = None) -> tuple[Filled, ...]:
    """What was filled in, each field once, in the order of the kind; what it does not ask comes last."""
    filled = {
        it.field: Filled(field=it.field, words=it.words, day=it.day, number=it.number, amount=it.amount, said=it.said)
        for it in rows
    }
    order = [it.code for it in kind.fields] if kind else []
    return tuple(filled[it] for it in (*order, *(it for it in filled if it not in order)) if it in filled)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterRegistered(Event[RegisterMatter]):
    label: ClassVar[str] = "事项已登记"
    tells: ClassVar[bool] = True
    kind: ItemKind
    district_name: str
    reception: date | None

    @classmethod
    def of(cls, given: Any, situation: Situation, outside: Outside) -> MatterRegistered:
        kind, day = outside.ask(KIND, given.kind), situation.occurred.day
        if situation.office is Office.GRID_WORKER and not kind.grid_worker:
            raise GuardRefused(
                [Refusal("not_reported", NOT_REPORTED.format(kind.label))], command=RegisterMatter.name()
            )
        return cls(
            given=given,
            kind=kind,
            district_name=outside.ask(DISTRICT_NAME, given.district or ""),
            reception=outside.ask(RECEPTION, day.isoformat() if day and kind.on_reception_days else ""),
        )

    def apply(self, facts: MatterFacts, line: Line) -> None:
        g = self.given
        facts.organisation, facts.number, facts.kind = g.organisation, known_as(g), self.kind
        facts.district, facts.district_name, facts.reception = g.district or "", self.district_name, self.reception
        facts.meeting = g.meeting
        facts.came, facts.filled = line.occurred, details_of(g.details, self.kind)
        facts.announced = tuple(Concerned(person=it.person, standing=it.standing, kind=it.kind) for it in g.named)
        facts.reported_by = line.actor if line.office == Office.GRID_WORKER.value else None
        if not self.kind.passes(Stage.ASSIGN):
            facts.handler = line.actor


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterFilledIn(Event[FillInMatter]):
    label: ClassVar[str] = "登记内容已补充"

    def apply(self, facts: MatterFacts, line: Line) -> None:
        new = {it.field: it for it in details_of(self.given.details, facts.kind)}
        kept = tuple(new.pop(it.field, it) for it in facts.filled)
        facts.filled = (*kept, *new.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterAssigned(Event[AssignMatter]):
    label: ClassVar[str] = "已交办"
    tells: ClassVar[bool] = True

    def apply(self, facts: MatterFacts, line: Line) -> None:
        facts.handler, facts.due = self.given.staff, self.given.by or facts.due
        facts.assigned, facts.signed = line.occurred, None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterTaken(Event[None]):
    label: ClassVar[str] = "登记的人自己办"
    given: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterEnded(Event[EndMatter]):
    label: ClassVar[str] = "事项已办结"

    def apply(self, facts: MatterFacts, line: Line) -> None:
        facts.closed, facts.ended, facts.first_ended = line.target, line.occurred, facts.first_ended or line.occurred
        facts.ending, facts.ground = self.given.ending, self.given.ground
        facts.undone_before, facts.ratings_before = facts.undone(), len(facts.ratings)


def not_assigned(case: Case, key: str) -> MatterTaken | None:
    """Nobody assigns what is of its kind: who registers it does it."""
    return None if facts_of(case).passes(Stage.ASSIGN) else MatterTaken()


def wanting(kind: ItemKind, filled: tuple[Filled, ...]) -> list[ItemField]:
    """Fields that are wanted and empty."""
    there = {it.field: it for it in filled if not it.is_empty}

    def is_wanted(field: ItemField) -> bool:
        over = there.get(field.where)
        bound = kind.field(field.where)
        return field.required or bool(over and bound and (over.number or 0) > bound.most)

    return [it for it in kind.fields if it.sort is not FieldSort.FLAG and it.code not in there and is_wanted(it)]


def beyond(kind: ItemKind, filled: tuple[Filled, ...]) -> list[ItemField]:
    """Numbers of which there are more than there may be."""
    numbers = {it.field: it.number or 0 for it in filled}
    bounds = {it.where for it in kind.fields if it.where}
    return [it for it in kind.fields if it.most and it.code not in bounds and numbers.get(it.code, 0) > it.most]


@guard("登记时要填的还没有填全：请先补充登记内容", POLICY)
def filled_in(s: Situation) -> Answer:
    facts = facts_of(s)
    return met_if(facts.kind is None or not wanting(facts.kind, facts.filled))


@guard("推选的代表不超过规定的人数", P20)
def within_bounds(s: Situation) -> Answer:
    facts = facts_of(s)
    return met_if(facts.kind is None or not beyond(facts.kind, facts.filled))


@guard("须写明承办人，或承办的单位", POLICY, fixed=True, of_form=True)
def handler_named(s: Situation) -> Answer:
    given = given_as(s, AssignMatter)
    return MET if given is None else met_if(bool(given.staff or given.body))


@guard("怎样办结，须是这一种事项里有的", POLICY, fixed=True, of_form=True)
def known_ending(s: Situation) -> Answer:
    given, kind = given_as(s, EndMatter), facts_of(s).kind
    if given is None:
        return MET
    return UNJUDGED if kind is None else met_if(kind.ending(given.ending) is not None)


@guard("这样办结要写明认定依据", POLICY)
def recognised(s: Situation) -> Answer:
    given, kind = given_as(s, EndMatter), facts_of(s).kind
    ending = kind.ending(given.ending) if given and kind else None
    if given is None or ending is None:
        return UNJUDGED
    return met_if(not ending.grounds or given.ground in dict(ending.grounds))


@guard("登记以后马上办结的，只能是当场办结的那几种；别的请先交办、办理", POLICY)
def ends_at_once(s: Situation) -> Answer:
    given, kind = given_as(s, EndMatter), facts_of(s).kind
    if given is None or kind is None:
        return met_if(kind is not None and any(it.at_once for it in kind.endings))
    ending = kind.ending(given.ending)
    return met_if(ending is None or ending.at_once)


@guard("转出去的案件还没有结果：等有了结果再办结", POLICY)
def nothing_running(s: Situation) -> Answer:
    return none_running(s)


@guard("应在定下的日子以前办结", POLICY)
def ended_in_time(s: Situation) -> Answer:
    day, due = s.occurred.day, facts_of(s).deadline
    if due is None or facts_of(s).again is not None:
        return MET
    return UNJUDGED if day is None else met_if(day <= due)


BOTH, EITHER = MEDIATOR_OR_GRID_WORKER, MEDIATOR_OR_WORKER
ANY = BOTH | EITHER
END = (known_ending, recognised, filled_in, nothing_running)
KEPT_TO = (within_bounds, ended_in_time)

# fmt: off
ROWS = (
    # from          command         to            by        only if               records             basis   marks
    T(None,         RegisterMatter, S.REGISTERED, ANY,      (),                   MatterRegistered,   POLICY),
    T(S.REGISTERED, FillInMatter,   S.REGISTERED, BOTH,     (),                   MatterFilledIn,     POLICY),
    T(S.REGISTERED, AssignMatter,   S.PASSED_ON,  EITHER,   (handler_named,),     MatterAssigned,     POLICY, (within_bounds,)),
    T(S.REGISTERED, EndMatter,      S.ENDED,      BOTH,     (*END, ends_at_once), MatterEnded,        POLICY, KEPT_TO),
    Follows(S.REGISTERED, S.PASSED_ON, not_assigned, MatterTaken, POLICY),
)
# fmt: on

ENTRY_PHASE = Machine.declare("entry", "登记与交办", S, ROWS, final={S.PASSED_ON, S.ENDED})
