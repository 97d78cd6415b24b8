"""A loan (借阅) of the dossier: who looked into it or took it away, for what, and whether it came back.

How a room lends its dossiers is its own rule: no law says it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass
from datetime import date
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Situation
from mediation_engine.domain.chronology import Happened, Moment, not_before
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, choice, day, text
from mediation_engine.domain.guard import POLICY
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR

from ..facts import Loan, MediationFacts, facts_of
from ..tabs import Tab
from ..vocabulary import LoanPurpose
from . import cards
from .states import LoanState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConsultation(Command):
    label: ClassVar[str] = "登记查阅案卷"
    help: ClassVar[str] = "在调解室里看、不带走的"
    borrower: Text = text("谁来查阅", longest=100, help="姓名和单位", default=MISSING)
    purpose: LoanPurpose = choice("为了什么")
    words: Text | None = text("说明", longest=200, help="如：介绍信编号、看了哪些")


@dataclass(frozen=True, slots=True, kw_only=True)
class LendDossier(Command):
    label: ClassVar[str] = "借出案卷"
    borrower: Text = text("借给谁", longest=100, help="姓名和单位", default=MISSING)
    purpose: LoanPurpose = choice("为了什么")
    due: date = day("哪天前归还", default=MISSING, ahead=True)
    words: Text | None = text("说明", longest=200, help="如：介绍信编号、借出哪些页")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnDossier(Command):
    label: ClassVar[str] = "归还案卷"
    one_by_one: ClassVar[bool] = True
    words: Text | None = text("清点情况", longest=200, help="缺页、破损的写在这里")


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierConsulted(Event[RecordConsultation]):
    label: ClassVar[str] = "案卷已查阅"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.loans[line.instance] = Loan(borrower=self.given.borrower, purpose=self.given.purpose, lent=line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierLent(Event[LendDossier]):
    label: ClassVar[str] = "案卷已借出"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        it = self.given
        facts.loans[line.instance] = Loan(borrower=it.borrower, purpose=it.purpose, lent=line.occurred, due=it.due)


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierReturned(Event[ReturnDossier]):
    label: ClassVar[str] = "案卷已归还"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.loans[line.instance] = replace(facts.loans[line.instance], returned=line.occurred)


def _lent(s: Situation) -> Iterator[Happened]:
    held = facts_of(s).loans.get(s.key or "")
    if held is not None:
        yield s.key, held.lent


AFTER_LENDING = not_before(Moment("lent", "借出的日期", _lent))

# fmt: off
ROWS = (
    # from    command             to           by        only if records           basis   should
    T(None,   RecordConsultation, S.CONSULTED, MEDIATOR, (),     DossierConsulted, POLICY),
    T(None,   LendDossier,        S.LENT,      MEDIATOR, (),     DossierLent,      POLICY),
    T(S.LENT, ReturnDossier,      S.RETURNED,  MEDIATOR, (),     DossierReturned,  POLICY, (AFTER_LENDING,)),
)
# fmt: on

LOAN = Machine.declare(
    "loan",
    "借阅",
    S,
    ROWS,
    final={S.CONSULTED, S.RETURNED},
    alive=ALWAYS,
    outlives=True,
    shown=Presentation(
        title="案卷借阅",
        tab=Tab.PAPERS,
        rows=True,
        place=53,
        joint=False,
        summary=cards.loan_summary,
        due=cards.loan_due,
    ),
)
