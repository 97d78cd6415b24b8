"""Sums."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct

from mediation_engine.domain.facts import CaseFacts
from mediation_engine.domain.labels import Labelled

from .days import TERM, is_past

TEXT = "应 付"
LIMITS = {"most": 500, "least": (1, 2)}


class Grade(Labelled):
    LOW = "low", "低"
    HIGH = "high", "高"


class Kind(Labelled):
    LOAN = "loan", "借款"
    WAGE = "wage", "工钱"


class Manner(Labelled):
    CASH = "cash", "现金"


class Term(Struct, frozen=True):
    share: int = 3

    def __lt__(self, other: Term) -> bool:
        return self.share < other.share


class Debt(Struct, frozen=True, kw_only=True):
    amount: int = 9
    terms: tuple[Term, ...] = ()
    manner: Manner | None = None

    @property
    def is_due(self) -> bool:
        """Whether its day has come."""
        return is_past(self.amount, TERM)

    def listed(self) -> str:
        return f"{self.amount}元"


@dataclass
class DebtFacts(CaseFacts):
    debt: Debt | None = None
    count: int = 0
    grade: str = "low"

    @property
    def is_settled(self) -> bool:
        return self.debt is None

    def subject(self) -> tuple[str, ...]:
        return ("债",)


def half(amount: float, by: int = 2) -> float:
    return amount / by


def double(amount: int) -> int:
    # not more
    return amount * 2


def is_small(amount: int) -> bool:
    return amount < 50
