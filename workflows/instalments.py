"""Instalments: sums in equal parts that add up to the 分, on days a fixed distance apart. Pure; decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.periods import PeriodUnit, raw_end

YUAN = 100
MOST_INSTALMENTS = 60


class Distance(Labelled):
    """How far apart instalments lie."""

    MONTH = "month", "一个月"
    WEEK = "week", "一周"
    HALF_MONTH = "half_month", "十五天"
    TWO_MONTHS = "two_months", "两个月"
    QUARTER = "quarter", "三个月"
    HALF_YEAR = "half_year", "半年"
    YEAR = "year", "一年"


LENGTH = {
    Distance.MONTH: (1, PeriodUnit.MONTHS),
    Distance.WEEK: (7, PeriodUnit.DAYS),
    Distance.HALF_MONTH: (15, PeriodUnit.DAYS),
    Distance.TWO_MONTHS: (2, PeriodUnit.MONTHS),
    Distance.QUARTER: (3, PeriodUnit.MONTHS),
    Distance.HALF_YEAR: (6, PeriodUnit.MONTHS),
    Distance.YEAR: (1, PeriodUnit.YEARS),
}


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment: to whom, how much (分), by which day, the how-many-eth."""

    payee: str
    amount: int
    due: date
    number: int


def instalments(sums: Sequence[tuple[str, int]], number: int, first: date, distance: Distance) -> Iterator[Instalment]:
    """What is to be paid to each, the first day first; what is nothing in a part is left out.

    Parts are whole yuan where the sum allows it, and the last takes the rest.
    """
    parts = [(payee, parted(amount, number)) for payee, amount in sums]
    for n in range(number):
        due = later(first, distance, n)
        yield from (Instalment(payee, each[n], due, n + 1) for payee, each in parts if each[n])


def parted(amount: int, number: int) -> list[int]:
    """A sum in equal parts, the last of which takes the rest."""
    unit = YUAN if amount >= number * YUAN else 1
    each = amount // (number * unit) * unit
    return [*[each] * (number - 1), amount - each * (number - 1)]


def shared(total: int, weights: Sequence[int]) -> list[int]:
    """A total by shares: to the 分, what cannot be shared goes to those who would lose most."""
    whole = sum(weights)
    exact = [divmod(total * weight, whole) for weight in weights]
    left = total - sum(part for part, _ in exact)
    first = sorted(range(len(weights)), key=lambda n: -exact[n][1])[:left]
    return [part + (n in first) for n, (part, _) in enumerate(exact)]


def later(first: date, distance: Distance, times: int) -> date:
    """The day so many distances after the first: months on keep the day of the month, or end with a shorter one.

    Raises:
        YearUnknown: beyond the years that there are.
    """
    number, unit = LENGTH[distance]
    return raw_end(first, number * times, unit)
