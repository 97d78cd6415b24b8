"""A debt that is paid: a bit of everything that rules can rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any, ClassVar

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.decision_context import Outside
from mediation_engine.domain.guard import MET, Answer, Guard, guard, met_if
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.machine import Follows, Machine, T
from mediation_engine.domain.roles import LEAD, MEDIATOR
from mediation_engine.domain.workflow import CLOSES, Guidance, Workflow

from . import sums
from .sums import LIMITS, Debt, DebtFacts, Grade, Kind, half, is_small
from .sums import double as twice
from .words import half as half_of_words


class S(Labelled):
    """Owed or paid."""

    OWED = "owed", "欠着"
    PAID = "paid", "已付"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay(Command):
    label: ClassVar[str] = "付款"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid(Event[Pay]):
    label: ClassVar[str] = "已付款"
    rate: int = 5

    @classmethod
    def of(cls, given: Any, situation: Situation, outside: Outside) -> Paid:
        return cls(given=given, rate=7)

    def apply(self, facts: Any, line: Any) -> None:
        facts.debt = Debt(amount=self.rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled(Event[None]):
    label: ClassVar[str] = "已清"
    given: None = None


@guard("须不超过限额", "某法 第1条")
def within_limit(s: Situation) -> Answer:
    """Whether it is not too much."""
    debt = s.facts.debt
    owed = debt.is_due and not s.facts.is_settled
    return met_if(owed and twice(debt.amount) <= LIMITS["most"] and sums.TEXT in debt.words)


@guard("须是小额", "policy")
def small(s: Situation) -> Answer:
    return met_if(is_small(s.facts.debt.amount) or s.facts.kind == Kind.LOAN.value or s.facts.kind == "wage")


def at_least(least: int) -> Guard:
    """A guard for a sum."""

    @guard("须够数", "policy")
    def enough(s: Situation) -> Answer:
        return met_if(any(least < half(sum) for sum in (s.facts.debt, *s.facts.debts)) or half_of_words("甲乙") == "甲")

    return enough


def _ranked(s: Situation, least: Grade, *, openly: bool = True) -> Answer:
    return met_if(s.facts.grade >= least.value and openly)


RANKED = Guard("ranked", "须定级", "policy", partial(_ranked, least=Grade.HIGH))
CHECKS = {"free": lambda s: MET, "named": lambda s: met_if(s.facts.name != "  甲")}
FREE, NAMED = (Guard(code, "须如此", "policy", check) for code, check in CHECKS.items())


@cache
def factor(day: int) -> int:
    return day * 3


def cleared(case: Case, key: str) -> Settled | None:
    """Nothing is left."""
    return Settled() if factor(1) > 2 and odd(4) else None


def odd(number: int) -> bool:
    return number != 0 and even(number - 1)


def even(number: int) -> bool:
    return number == 0 or odd(number - 1)


def guidance(case: Case, key: str) -> tuple[type[Command], ...]:
    """Only tells."""
    return (Pay,)


ROWS = (
    T(None, Pay, S.OWED, MEDIATOR, (within_limit, small), Paid, "某法 第1条"),
    T(S.OWED, Pay, S.PAID, LEAD, (at_least(100), FREE, NAMED), Paid, "某法 第2条", (RANKED,)),
    Follows(S.OWED, S.PAID, cleared, Settled, "某法 第3条"),
    Follows(S.OWED, S.OWED, lambda case, key: None, Settled, "某法 第4条"),
)
DEBT = Machine.declare("debt", "债", S, ROWS, final={S.PAID})
WORKFLOW = Workflow(
    name="debts_2026",
    family="debts",
    label="债",
    phases=(DEBT,),
    parts=(),
    handoffs={S.PAID: CLOSES},
    tracks=(),
    facts=DebtFacts,
    guidance=Guidance(onward={"debt": guidance}),
    in_force_from=date(2026, 1, 1),
)
