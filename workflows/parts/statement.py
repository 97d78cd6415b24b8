"""A statement (陈述): what a party wants to have said, for the mediator alone or for everybody.

The party sends it itself, or the mediator types in what was brought to him; what comes by itself waits to be read.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass
from typing import ClassVar

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import CHOSEN, HOST_ONLY, JOINT, Readers, Text, choice, chosen_label, ref, text
from mediation_engine.domain.guard import POLICY
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Follows, Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR, PARTY_OR_MEDIATOR, Office

from ..facts import MediationFacts, Statement, facts_of
from ..tabs import Tab
from . import cards
from .states import StatementState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeStatement(Command):
    label: ClassVar[str] = "记录当事人陈述"
    help: ClassVar[str] = "当事人写来、带来的话，照原样记；面谈时说的记在单独沟通里"
    party: str = ref("谁说的", "party")
    readers: Readers = choice("谁能看", default=Readers.OWN)
    words: Text = text("说了什么", longest=2000, disclosure=CHOSEN, default=MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStatement(Command):
    label: ClassVar[str] = "已看过陈述"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementMade(Event[MakeStatement]):
    label: ClassVar[str] = "当事人有陈述"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        given, own_hand = self.given, line.office == Office.REPRESENTATIVE.value
        told = isinstance(given.readers, Readers)
        facts.statements[line.instance] = Statement(
            party=given.party if told else None,
            label=(chosen_label(given) if told else None) or HOST_ONLY,
            by_party=own_hand,
            made=line.occurred,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRead(Event[ReadStatement]):
    label: ClassVar[str] = "陈述已看过"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementKnown(Event[None]):
    label: ClassVar[str] = "陈述是调解员记的，不用再看"
    given: None = None


def typed_in(case: Case, key: str) -> StatementKnown | None:
    """Whoever typed it in has read it."""
    return None if facts_of(case).statements[key].by_party else StatementKnown()


def apart(case: Case, key: str) -> bool:
    """Whether a statement is not for everybody."""
    statement = facts_of(case).statements.get(key)
    return statement is None or statement.label != JOINT


A23 = "人民调解法 第23条"

# fmt: off
ROWS = (
    # from    command        to       by                 only if records        basis
    T(None,   MakeStatement, S.NEW,   PARTY_OR_MEDIATOR, (),     StatementMade, A23),
    T(S.NEW,  ReadStatement, S.READ,  MEDIATOR,          (),     StatementRead, POLICY),
    Follows(S.NEW, S.READ, typed_in, StatementKnown, POLICY),
)
# fmt: on

STATEMENT = Machine.declare(
    "statement",
    "陈述",
    S,
    ROWS,
    final={S.READ},
    resting={S.NEW},
    alive=ALWAYS,
    shown=Presentation(
        title="当事人陈述",
        tab=Tab.PARTIES,
        rows=True,
        place=44,
        apart=apart,
        urgent=frozenset({S.NEW}),
        card=cards.statement,
        summary=cards.statement_summary,
        waits=cards.unread_statements,
    ),
)
