"""Many more people and firms, of whom nothing is known but a name.

Nobody lives: names are the 干支 after a surname, firms are called by what they make.
"""

from __future__ import annotations

from functools import cache
from itertools import product

from mediation_engine.domain.people import EnterpriseDetails, PartyKind, PersonDetails
from mediation_engine.ports.register import Person

from .people import Known

STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
SURNAMES = "赵钱孙李"
GOODS = ("保温杯", "电钻", "门锁", "铝锅", "滑板车", "衡器", "铰链", "纸盒", "喷枪", "砂轮")
KINDS = ("厂", "有限公司", "加工部")
SIXTY = [STEMS[n % len(STEMS)] + BRANCHES[n % len(BRANCHES)] for n in range(60)]


@cache
def workers() -> tuple[Known, ...]:
    """People."""
    named = enumerate(surname + given for surname, given in product(SURNAMES, SIXTY))
    return tuple(
        Known(person=Person(id=f"month-w{n}", name=name, kind=PartyKind.PERSON), details=PersonDetails())
        for n, name in named
    )


@cache
def firms() -> tuple[Known, ...]:
    """Firms of the zone."""
    named = enumerate(f"假想{goods}{kind}" for kind, goods in product(KINDS, GOODS))
    return tuple(
        Known(person=Person(id=f"month-f{n}", name=name, kind=PartyKind.ENTERPRISE), details=EnterpriseDetails())
        for n, name in named
    )


@cache
def crowd() -> dict[str, Known]:
    """All of them by id."""
    return {it.person.id: it for it in (*workers(), *firms())}
