"""The made-up zone around the room: three districts, and 158 enterprises with a committee each, which report monthly.

Nobody lives: enterprises are called 样本 by two of the heavenly stems and what they make, and number 001 to 158.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from mediation_engine.domain.fields import Text
from mediation_engine.domain.month import Month
from mediation_engine.domain.order import Order
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Actor, Level, Office, Organisation
from mediation_engine.ids import id_of
from mediation_engine.ports.register import Person
from mediation_engine.ports.store import Store
from workflows.vocabulary import Grievance
from workflows.zone.returns.filing import EntryRow, FileReturn, item_of
from workflows.zone.returns.vocabulary import Result

from .room import ROOM

MANY = 158
"""As many as the report has of enterprises with a committee."""
REPORTED_MONTHS = 3
STEMS, MADE = "甲乙丙丁戊己庚辛壬癸", ("杯业", "门业", "工具", "电器", "车业", "五金", "包装", "铝业")
SURNAMES = "赵钱孙李周吴郑王冯陈"
DISTRICTS = tuple(
    Organisation(id=code, name=name, short_name=name[-2:], kind="other", parent=ROOM.id, level=Level.DISTRICT)
    for code, name in (("one", "演示一片"), ("two", "演示二片"), ("three", "演示三片"))
)
LABOUR_OF_HUNDRED = 70
"""So many of a hundred committees are for labour disputes alone."""


def committees(today: date) -> list[Organisation]:
    """All of them: set up within the last two years, one dissolved last month, one set up this month."""
    return [_committee(number, today) for number in range(1, MANY + 1)]


def _committee(number: int, today: date) -> Organisation:
    name = f"样本{STEMS[number % 10]}{STEMS[number // 10 % 10]}{MADE[number % 8]}{number:03d}"
    is_labour = number * 37 % 100 < LABOUR_OF_HUNDRED
    what = "劳动争议调解委员会" if is_labour else "人民调解委员会"
    since, month = today - timedelta(days=90 + number * 4), Month.of(today)
    return Organisation(
        id=f"demo-{number:03d}",
        name=f"{name}{what}",
        short_name=f"样{number:03d}",
        kind="labour_committee" if is_labour else "enterprise_committee",
        parent=DISTRICTS[number % 3].id,
        level=Level.ENTERPRISE,
        since=month.first if number == MANY else since,
        until=month.before.first + timedelta(days=14) if number == 1 else None,
        contact=f"demo-hr-{number:03d}",
    )


def enter(store: Store, today: date) -> None:
    """The districts, the committees, and who answers for each; each may report for its own."""
    with store.write("register") as unit:
        for it in (*DISTRICTS, *committees(today)):
            unit.register.put_organisation(it)
            if it.contact:
                person = _contact(it)
                unit.register.put_person(person)
                offices = frozenset({Office.COMMITTEE})
                unit.register.put_actor(Actor(id=person.id, name=person.name, organisation=it.id, offices=offices))


def _contact(it: Organisation) -> Person:
    number = int(it.id.removeprefix("demo-"))
    name = f"{SURNAMES[number % 10]}样本{STEMS[number // 10 % 10]}"
    return Person(id=it.contact or "", name=name, kind=PartyKind.PERSON, organisation=ROOM.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A return as a committee files it: on a day, with the people it names."""

    day: date
    order: Order
    people: tuple[Person, ...]


def first_day(today: date) -> date:
    """The first day on which any can have reported."""
    return _months(today)[-1].after.first


def _months(today: date) -> list[Month]:
    """The last months, the latest first."""
    months = [Month.of(today).before]
    while len(months) < REPORTED_MONTHS:
        months.append(months[-1].before)
    return months


def reports(today: date, workflow: str) -> Iterator[Report]:
    """What they have reported of the last months, by day: most of it, most of that nothing, some of it late."""
    months = _months(today)
    held = [(it, month) for month in months for it in committees(today) if it.is_active(month.last)]
    found = (_report(it, month, today, workflow) for it, month in held)
    yield from sorted(filter(None, found), key=lambda it: (it.day, it.order.id))


def _report(it: Organisation, month: Month, today: date, workflow: str) -> Report | None:
    """None where it has not reported; the third district is behind with the last month."""
    number = int(it.id.removeprefix("demo-"))
    chance = int(id_of("report", it.id, month.code).encode().hex(), 16) % 100
    is_last, behind = month == Month.of(today).before, number % 3 == 2
    missing = (30 if behind else 12 if number % 3 == 1 else 3) if is_last else 1
    if chance < missing:
        return None
    late = chance % 17 == 0
    day = min(month.after.first + timedelta(days=8 if late else chance % 5), today - timedelta(days=1))
    if day <= month.last:
        return None
    nothing = chance % 7 != 0
    signer = _contact(it).name
    people, rows = ((), ()) if nothing else _rows(it, month, chance)
    command = FileReturn(organisation=it.id, month=month.code, nothing=nothing, named=rows, signer=Text(signer))
    case = item_of(it.id, month)
    order = Order(
        id=f"demo-{it.id}-{month.code}",
        case=case,
        command=command,
        actor=it.contact or "",
        office=Office.COMMITTEE,
        workflow=workflow,
    )
    return Report(day=day, order=order, people=people)


def _rows(it: Organisation, month: Month, chance: int) -> tuple[tuple[Person, ...], tuple[EntryRow, ...]]:
    """One or two small disputes of a month."""
    firm = Person(id=f"{it.id}-firm", name=it.name.partition("劳动")[0].partition("人民")[0], kind=PartyKind.ENTERPRISE)
    people, rows, numbers = [firm], [], count(1)
    for result in (Result.SETTLED, Result.GOING_ON)[: 1 + chance % 2]:
        n = next(numbers)
        worker = Person(id=f"{it.id}-{month.code}-{n}", name=f"样本职工{n}号", kind=PartyKind.PERSON)
        people.append(worker)
        about = (Grievance.WAGES, Grievance.JOB, Grievance.INJURY)[chance % 3]
        rows.append(
            EntryRow(
                worker=worker.id,
                other=firm.id,
                about=about,
                result=result,
                amount=100_000 * (1 + chance % 9),
                raised=month.first + timedelta(days=chance % 20),
                told=True,
            )
        )
    return tuple(people), tuple(rows)
