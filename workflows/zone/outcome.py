"""What an item of the zone (警情、事项) leads to: a case, and how it stands; what becomes of that comes back here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, cast

from msgspec import Struct
from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.facts import CaseFacts, fact
from mediation_engine.domain.fields import JOINT, Text, choice, code, text
from mediation_engine.domain.guard import POLICY, Answer, Guard, none_of
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import T
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.roles import MEDIATOR, MEDIATOR_OR_WORKER

from ..phases.intake import PartyRow
from ..vocabulary import Dispute, Elsewhere, Source
from .vocabulary import RUNNING, TO_TELL, OutcomeKind, Program
from .vocabulary import OutcomeState as S

A18, A31, R22 = "人民调解法 第18条", "人民调解法 第31条", "人民调解工作若干规定 第22条"


class Outcome(Struct, frozen=True, kw_only=True):
    """Which way it was taken, and how that stands."""

    kind: Annotated[OutcomeKind, fact("去向")]
    state: Annotated[S, fact("现状")]
    made: Annotated[Occurred, fact("何时作出")]
    since: Annotated[Occurred, fact("何时起")]
    """Since when it stands so."""
    case: Annotated[str | None, fact("案件")] = None
    """The case (id) that it led to, or is to be joined with."""
    issue: Annotated[str | None, fact("哪一项争议")] = None
    """The issue of that case (key); None for the case as a whole."""
    program: Annotated[Program, fact("流程")] = Program.FAST_TRACK
    dispute: Annotated[Dispute | None, fact("纠纷类型")] = None
    matter: Annotated[Text | None, fact("简要情况")] = None
    told: Annotated[S | None, fact("已反馈到")] = None
    """How it stood when those who sent it (公安) were last told."""

    @property
    def is_untold(self) -> bool:
        """Whether there is something the those who sent it should know and were not told."""
        return self.state in TO_TELL and self.told is not self.state

    @property
    def is_lost(self) -> bool:
        """Whether it was to be joined with a case that was not found: what is found is joined at once."""
        return self.kind is OutcomeKind.LINKED and self.state is S.WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """How a case is registered that an item leads to: where it comes from."""

    source: Source
    by: Elsewhere = Elsewhere.NONE
    """The body that has sent it, where one has."""


@dataclass
class ItemFacts(CaseFacts):
    """Facts of an item that can lead to cases."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)

    def linked(self) -> Collection[str]:
        return tuple(dict.fromkeys(filter(None, (it.case for it in self.outcomes.values()))))

    def for_case(self) -> tuple[PartyRow, ...]:
        """The parties of a case that it leads to."""
        return ()

    def sent(self) -> Sent:
        """Where such a case comes from."""
        return Sent(source=Source.OTHER)


def item_facts(of: Case | Situation) -> ItemFacts:
    """Facts of an item of whatever kind: of one, or of what a guard sees."""
    return cast(ItemFacts, of.facts)


def running(of: Case | Situation) -> list[str]:
    """Outcomes (keys) that something is still to come of."""
    return [key for key, it in item_facts(of).outcomes.items() if it.state in RUNNING]


def none_running(s: Situation) -> Answer:
    """Met while nothing is still to come of a case."""
    return none_of(running(s))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferToMediation(Command):
    label: ClassVar[str] = "转调解"
    help: ClassVar[str] = "自动登记一件速调案件，双方互相连着；报警或提出的一方为申请人，对方为被申请人"
    dispute: Dispute = choice("纠纷类型")
    matter: Text | None = text("简要情况", longest=2000, disclosure=JOINT, help="登记到案件里，双方都能看")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCase(Command):
    label: ClassVar[str] = "并入已有案件"
    help: ClassVar[str] = "这场纠纷已经有案件在办：连到那一件、那一项争议，结果会自动回到这里"
    case: str = code(
        "案件", help="案号，照案件页上的写，如 （2026）永开人调字第0001号；还没有案号的写那一页地址里的编号"
    )
    issue: str | None = code("哪一项争议", default=None, help="如 issue/1；不写就看整件案件")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCaseOpened(Command):
    label: ClassVar[str] = "记录已立案"
    case: str = code("案件")
    issue: str | None = code("哪一项争议", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTalksResumed(Command):
    label: ClassVar[str] = "记录重新调解"
    note: Text | None = text("说明", longest=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAgreed(Command):
    label: ClassVar[str] = "记录已达成协议"
    note: Text | None = text("说明", longest=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPerformed(Command):
    label: ClassVar[str] = "记录协议已履行"
    note: Text | None = text("说明", longest=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUnperformed(Command):
    label: ClassVar[str] = "记录没有按协议履行"
    gives_up: ClassVar[bool] = True
    note: Text | None = text("说明", longest=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNotAgreed(Command):
    label: ClassVar[str] = "记录没有调成"
    gives_up: ClassVar[bool] = True
    note: Text | None = text("说明", longest=500)


def state_of(line: Line) -> S:
    """The state that an outcome comes to with a line."""
    return next(it for it in S if it.code == line.target)


def begun(facts: ItemFacts, line: Line, kind: OutcomeKind, **more: Any) -> None:
    """An outcome begins."""
    held = Outcome(kind=kind, state=state_of(line), made=line.occurred, since=line.occurred, **more)
    facts.outcomes[line.instance] = held


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferredToMediation(Event[ReferToMediation]):
    label: ClassVar[str] = "已转调解"

    def apply(self, facts: ItemFacts, line: Line) -> None:
        begun(facts, line, OutcomeKind.MEDIATION, dispute=self.given.dispute, matter=self.given.matter)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseJoined(Event[LinkCase]):
    label: ClassVar[str] = "已并入案件"

    def apply(self, facts: ItemFacts, line: Line) -> None:
        begun(facts, line, OutcomeKind.LINKED, case=self.given.case, issue=self.given.issue)


class _Moved:
    """What all that come back from a case do: say how it stands now."""

    __slots__ = ()

    def apply(self, facts: ItemFacts, line: Line) -> None:
        before = facts.outcomes[line.instance]
        facts.outcomes[line.instance] = replace(before, state=state_of(line), since=line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(Event[RecordCaseOpened]):
    label: ClassVar[str] = "已立案"

    def apply(self, facts: ItemFacts, line: Line) -> None:
        before, g = facts.outcomes[line.instance], self.given
        facts.outcomes[line.instance] = replace(
            before, state=state_of(line), since=line.occurred, case=g.case, issue=g.issue
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TalksResumed(_Moved, Event[RecordTalksResumed]):
    label: ClassVar[str] = "重新调解"
    tells: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementReported(_Moved, Event[RecordAgreed]):
    label: ClassVar[str] = "案件已达成协议"
    tells: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceReported(_Moved, Event[RecordPerformed]):
    label: ClassVar[str] = "协议已履行"
    tells: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachReported(_Moved, Event[RecordUnperformed]):
    label: ClassVar[str] = "没有按协议履行"
    tells: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureReported(_Moved, Event[RecordNotAgreed]):
    label: ClassVar[str] = "没有调成"
    tells: ClassVar[bool] = True


BACK = (
    (RecordTalksResumed, S.MEDIATING, TalksResumed, "人民调解法 第3条"),
    (RecordAgreed, S.AGREED, AgreementReported, A31),
    (RecordPerformed, S.PERFORMED, PerformanceReported, ""),
    (RecordUnperformed, S.BREACHED, BreachReported, ""),
    (RecordNotAgreed, S.FAILED, FailureReported, "人民调解法 第26条"),
)
"""What comes back from a case: command, state, event, basis; without one it is what hangs on the performance."""
AFTERWARDS = (S.MEDIATING, S.AGREED, S.PERFORMED, S.BREACHED, S.FAILED)


def rows_from_case(
    states: type[Labelled], refers: tuple[Guard, ...], links: tuple[Guard, ...], hangs_on_it: str
) -> Sequence[T]:
    """The rows by which an item leads to a case, under some gates, and what becomes of that comes back.

    Args:
        states: those of the machine; it has at least what a case can come to, under the same names.
        refers: gates of referring it to mediation.
        links: gates of joining it with a case that is there.
        hangs_on_it: the basis of what hangs on the performance.
    """
    waiting, mediating, failed = (states[it.name] for it in (S.WAITING, S.MEDIATING, S.FAILED))
    # fmt: off
    return (
        # from   command           to         by                  only if  records              basis
        T(None,    ReferToMediation, waiting,   MEDIATOR,           refers,  ReferredToMediation, A18),
        T(None,    LinkCase,         waiting,   MEDIATOR,           links,   CaseJoined,          R22),
        T(waiting, RecordCaseOpened, mediating, MEDIATOR_OR_WORKER, (),      CaseOpened,          R22),
        T(waiting, RecordNotAgreed,  failed,    MEDIATOR_OR_WORKER, (),      FailureReported,     POLICY),
        *(
            T(states[source.name], command, states[target.name], MEDIATOR_OR_WORKER, (), event, basis or hangs_on_it)
            for source in AFTERWARDS
            for command, target, event, basis in BACK
            if source is not target
        ),
    )
    # fmt: on
