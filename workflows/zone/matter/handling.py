"""办理: signed for, done, answered, verified, ended; whatever of it the kind passes; again where somebody is not content."""

from __future__ import annotations

from dataclasses import MISSING, dataclass
from typing import ClassVar

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, text
from mediation_engine.domain.guard import MET, POLICY, Answer, given_as, guard, met_if
from mediation_engine.domain.item_kind import Stage
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Follows, Machine, T
from mediation_engine.domain.roles import MEDIATOR, MEDIATOR_OR_GRID_WORKER, Office
from mediation_engine.domain.workflow import Reopens

from .entry import (
    END,
    KEPT_TO,
    AssignMatter,
    EndMatter,
    FillInMatter,
    MatterAssigned,
    MatterEnded,
    MatterFilledIn,
    handler_named,
)
from .facts import MatterFacts, facts_of


class S(Labelled):
    """How far it is."""

    TO_SIGN = "to_sign", "待签收"
    IN_HAND = "in_hand", "办理中"
    TO_VERIFY = "to_verify", "待核实"
    TO_END = "to_end", "待办结"
    ENDED = "ended", "办结"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignForMatter(Command):
    label: ClassVar[str] = "签收"
    note: Text | None = text("说明", longest=500, rare=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMatter(Command):
    label: ClassVar[str] = "反馈（答复）"
    help: ClassVar[str] = "把办理的结果告诉提出的人"
    occurs: ClassVar[str] = "什么时候答复的"
    words: Text = text("怎样答复的", longest=1000, default=MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyMatter(Command):
    label: ClassVar[str] = "核实，确已办好"
    occurs: ClassVar[str] = "什么时候核实的"
    words: Text | None = text("核实情况", longest=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBackMatter(Command):
    label: ClassVar[str] = "没有办好，退回再办"
    gives_up: ClassVar[bool] = True
    words: Text = text("哪里没有办好", longest=500, default=MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterSigned(Event[SignForMatter]):
    label: ClassVar[str] = "事项已签收"

    def apply(self, facts: MatterFacts, line: Line) -> None:
        facts.signed, facts.handler = line.occurred, facts.handler or line.actor


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterInHand(Event[None]):
    label: ClassVar[str] = "已着手办理"
    given: None = None

    def apply(self, facts: MatterFacts, line: Line) -> None:
        if facts.ended is None:
            return
        facts.again, facts.measures_before = line.occurred, len(facts.measures)
        facts.answered = facts.verified = facts.ended = facts.ending = facts.ground = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterAnswered(Event[AnswerMatter]):
    label: ClassVar[str] = "已反馈（答复）"

    def apply(self, facts: MatterFacts, line: Line) -> None:
        facts.answered, facts.verified = line.occurred, None


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToVerify(Event[None]):
    label: ClassVar[str] = "不用核实"
    given: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterVerified(Event[VerifyMatter]):
    label: ClassVar[str] = "已核实"

    def apply(self, facts: MatterFacts, line: Line) -> None:
        facts.verified = line.occurred


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterSentBack(Event[SendBackMatter]):
    label: ClassVar[str] = "已退回再办"
    tells: ClassVar[bool] = True

    def apply(self, facts: MatterFacts, line: Line) -> None:
        facts.answered = facts.verified = None


def nothing_to_sign(case: Case, key: str) -> MatterInHand | None:
    """Its kind is not signed for, or it was signed for before it was taken up again."""
    facts = facts_of(case)
    return MatterInHand() if not facts.passes(Stage.SIGN) or facts.signed else None


def nothing_to_verify(case: Case, key: str) -> NothingToVerify | None:
    """Its kind is not verified."""
    return None if facts_of(case).passes(Stage.VERIFY) else NothingToVerify()


def is_undone(case: Case) -> bool:
    """Whether somebody said after the end that he is not content, or what a case had settled came to nothing."""
    facts = facts_of(case)
    return facts.is_taken_ill or not set(facts.undone()) <= set(facts.undone_before)


@guard("由承办人签收；他不在的，请室主任签收", POLICY)
def signed_by_handler(s: Situation) -> Answer:
    handler = facts_of(s).handler
    return met_if(not handler or not s.actor or s.actor == handler or s.office is Office.LEAD)


@guard("先记录办理：做了什么", POLICY)
def was_handled(s: Situation) -> Answer:
    facts = facts_of(s)
    return met_if(not facts.passes(Stage.HANDLE) or facts.is_handled_now)


@guard("先反馈（答复）提出的人", POLICY)
def was_answered(s: Situation) -> Answer:
    facts = facts_of(s)
    return met_if(not facts.passes(Stage.ANSWER) or facts.answered is not None)


def _at_once(s: Situation) -> bool:
    """Whether it ends so straight away; while nothing is filled in, whether it could."""
    given, kind = given_as(s, EndMatter), facts_of(s).kind
    endings = kind.endings if kind else ()
    return any(it.at_once for it in endings if given is None or it.code == given.ending)


@guard("还有没有走的步：先记录办理、反馈，再办结", POLICY)
def stages_passed(s: Situation) -> Answer:
    if _at_once(s):
        return MET
    return met_if(bool(was_handled.check(s).met and was_answered.check(s).met))


ENDS, BOTH = (*END, stages_passed), MEDIATOR_OR_GRID_WORKER

# fmt: off
ROWS = (
    # from         command         to           by        only if              records           basis   marks
    T(S.TO_SIGN,   SignForMatter,  S.IN_HAND,   BOTH,     (signed_by_handler,), MatterSigned,    POLICY),
    T(S.TO_SIGN,   AssignMatter,   S.TO_SIGN,   MEDIATOR, (handler_named,),    MatterAssigned,   POLICY),
    T(S.IN_HAND,   AssignMatter,   S.TO_SIGN,   MEDIATOR, (handler_named,),    MatterAssigned,   POLICY),
    T(S.TO_SIGN,   FillInMatter,   S.TO_SIGN,   BOTH,     (),                  MatterFilledIn,   POLICY),
    T(S.IN_HAND,   FillInMatter,   S.IN_HAND,   BOTH,     (),                  MatterFilledIn,   POLICY),
    T(S.TO_END,    FillInMatter,   S.TO_END,    BOTH,     (),                  MatterFilledIn,   POLICY),
    T(S.IN_HAND,   AnswerMatter,   S.TO_VERIFY, BOTH,     (was_handled,),      MatterAnswered,   POLICY),
    T(S.TO_VERIFY, VerifyMatter,   S.TO_END,    BOTH,     (),                  MatterVerified,   POLICY),
    T(S.TO_VERIFY, SendBackMatter, S.IN_HAND,   BOTH,     (),                  MatterSentBack,   POLICY),
    T(S.TO_END,    SendBackMatter, S.IN_HAND,   BOTH,     (),                  MatterSentBack,   POLICY),
    T(S.IN_HAND,   EndMatter,      S.ENDED,     MEDIATOR, ENDS,                MatterEnded,      POLICY, KEPT_TO),
    T(S.TO_END,    EndMatter,      S.ENDED,     MEDIATOR, END,                 MatterEnded,      POLICY, KEPT_TO),
    Follows(S.TO_SIGN,   S.IN_HAND, nothing_to_sign,   MatterInHand,    POLICY),
    Follows(S.TO_VERIFY, S.TO_END,  nothing_to_verify, NothingToVerify, POLICY),
)
# fmt: on

HANDLING = Machine.declare("handling", "办理", S, ROWS, initial=S.TO_SIGN, final={S.ENDED})
AGAIN = Reopens(label="提出的人不满意，或者说好的没有做到", when=is_undone, phase="handling", basis=POLICY)
