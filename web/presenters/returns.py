"""月报: who owes a month, who has reported it, who has said that there was nothing, who has not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mediation_engine.domain.directory import Directory
from mediation_engine.domain.formatting import short_day
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.month import Month
from mediation_engine.domain.roles import Actor, Office, Organisation
from mediation_engine.domain.zone import ReturnRules
from mediation_engine.ports.store import Unit
from mediation_engine.ports.views import Wanted
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.directory import directory_of
from mediation_engine.services.mediation import MediationService
from workflows.zone.returns.facts import facts_of
from workflows.zone.returns.filing import item_of
from workflows.zone.returns.vocabulary import RETURN, Reported

MOST_MONTHS = 12
"""So many months back are listed."""
A_PAGE = 40
"""As many as links can be issued for at one press."""
NOWHERE = ""
"""The district of those that lie in none."""


class Group(Labelled):
    """Which committees of a month."""

    EXPECTED = "expected", "应报"
    REPORTED = "reported", "已报"
    ZERO = "zero", "零报"
    MISSING = "missing", "未报"
    LATE = "late", "补报"
    UNSETTLED = "unsettled", "还没调好"


class Colour(Labelled):
    """How a district stands with a month."""

    GREEN = "well", "绿"
    YELLOW = "soon", "黄"
    RED = "late", "红"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRow:
    """A committee in a month."""

    committee: Organisation
    district: str
    """The id of its district."""
    contact: str
    case: str
    """The return; empty where there is none."""
    reported: Reported
    late: bool
    filed: str
    disputes: int
    unsettled: int
    handed_up: int
    corrected: bool
    called: bool = False
    """Whether its contact asks to be called."""

    def is_of(self, group: Group) -> bool:
        """Whether it is among those of a group."""
        if group is Group.EXPECTED:
            return True
        if group is Group.MISSING:
            return self.reported is Reported.MISSING
        if group is Group.ZERO:
            return self.reported is Reported.ZERO
        if group is Group.UNSETTLED:
            return bool(self.unsettled)
        return self.reported is not Reported.MISSING and (self.late or group is Group.REPORTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictMonth:
    """A district in a month: how many of each, and its colour."""

    id: str
    name: str
    counts: Mapping[Group, int]
    share: int | None
    """How many of a hundred have reported, rounded down; None where none owes the month."""
    colour: Colour | None
    """None up to the day on which it is due, and where none owes the month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthBoard:
    """A month: each district, all of them, and those of one group."""

    month: Month
    due: date
    districts: tuple[DistrictMonth, ...]
    total: DistrictMonth
    rows: tuple[ReturnRow, ...]
    """A page of them."""
    many: int
    """How many there are in all."""
    names: tuple[str, ...]
    """All of them by name, with who answers for each: to be copied."""
    further: str
    """From where there are more."""
    others: tuple[ReturnRow, ...]
    """Those that have reported though they did not owe the month."""


def colour_of(share: int | None, rules: ReturnRules, *, is_over: bool) -> Colour | None:
    """The colour of a district by how many of a hundred have reported, once the day is over."""
    if share is None or not is_over:
        return None
    return Colour.GREEN if share >= rules.green else Colour.YELLOW if share >= rules.yellow else Colour.RED


def rule_words(rules: ReturnRules) -> str:
    """The rule of the colours, in words."""
    return (
        f"过了次月{rules.day}日才着色：已报的占应报的{rules.green}%以上是绿，"
        f"{rules.yellow}%以上是黄，不到{rules.yellow}%是红（本室规定）"
    )


def last_month(today: date) -> Month:
    """The month that is to be reported now."""
    return Month.of(today).before


def months(today: date, many: int = MOST_MONTHS) -> list[Month]:
    """Months that can be reported, the latest first."""
    found = [last_month(today)]
    while len(found) < many:
        found.append(found[-1].before)
    return found


def board(
    door: MediationService,
    office: Office,
    actor: Actor,
    month: Month,
    group: Group,
    district: str | None,
    after: str = "",
) -> MonthBoard:
    """A month of the committees of an actor's organisation and those below it; of one district where that is asked."""
    today, rules = door.today(), door.catalogue.zone.returns
    with door.store.read() as unit:
        held = directory_of(unit, actor)
        owing = held.reporting(month.last)
        found = _items(unit, held, month)
        contacts = _contacts(unit, held)
        called = {link.instance for link in unit.links.calling() if not link.case}
    views = {view.case.facts.organisation: view for view in door.outlines(found, office, actor)}
    rows = [_row(it, _district(held, it.id), contacts, views.get(it.id), today, called=it.id in called) for it in owing]
    own = {it.id for it in owing}
    others = [
        _row(held.by_id[id], _district(held, id), contacts, view, today, called=False)
        for id, view in views.items()
        if id not in own and id in held.by_id
    ]
    due = month.due(rules.day)
    order = [it.code for it in door.catalogue.zone.districts]
    found_there = sorted(held.districts(), key=lambda it: (order.index(it.id) if it.id in order else len(order), it.id))
    places = [(it.id, it.name) for it in found_there]
    places += [(NOWHERE, "不在片区里")] if any(row.district == NOWHERE for row in rows) else []
    is_over = today > due
    wanted = [row for row in rows if row.is_of(group) and district in (None, row.district)]
    at = next((n for n, row in enumerate(wanted, 1) if row.committee.id == after), 0)
    return MonthBoard(
        month=month,
        due=due,
        districts=tuple(
            _of(id, name, [row for row in rows if row.district == id], rules, is_over=is_over) for id, name in places
        ),
        total=_of("", "合计", rows, rules, is_over=is_over),
        rows=tuple(wanted[at : at + A_PAGE]),
        many=len(wanted),
        names=tuple(f"{row.committee.name}{f'（{row.contact}）' if row.contact else ''}" for row in wanted),
        further=wanted[at + A_PAGE - 1].committee.id if len(wanted) > at + A_PAGE else "",
        others=tuple(others),
    )


def _of(id: str, name: str, rows: Sequence[ReturnRow], rules: ReturnRules, *, is_over: bool) -> DistrictMonth:
    counts = {group: sum(row.is_of(group) for row in rows) for group in Group}
    share = counts[Group.REPORTED] * 100 // len(rows) if rows else None
    return DistrictMonth(id=id, name=name, counts=counts, share=share, colour=colour_of(share, rules, is_over=is_over))


def _items(unit: Unit, held: Directory, month: Month) -> list[str]:
    """The returns (ids) of a month that are there."""
    wanted = [item_of(it.id, month) for it in held]
    found = unit.views.search(Wanted(cases=wanted), most=len(wanted) or 1)
    return [row.case for row in found if row.matter == RETURN.code]


def _contacts(unit: Unit, held: Directory) -> Mapping[str, str]:
    people = unit.register.people([it.contact for it in held if it.contact])
    return {id: person.name for id, person in people.items()}


def _district(held: Directory, id: str) -> str:
    found = held.district(id)
    return found.id if found else NOWHERE


def _row(
    it: Organisation, district: str, contacts: Mapping[str, str], view: CaseView | None, today: date, *, called: bool
) -> ReturnRow:
    facts = facts_of(view.case) if view else None
    held = facts.statement if facts else None
    filed = held.filed.day if held else None
    return ReturnRow(
        committee=it,
        district=district,
        contact=contacts.get(it.contact or "", ""),
        case=view.case.id if view else "",
        reported=facts.reported if facts else Reported.MISSING,
        late=facts.was_late if facts else False,
        filed=short_day(filed, today) if filed else "",
        disputes=len(facts.standing()) if facts else 0,
        unsettled=len(facts.unsettled()) if facts else 0,
        handed_up=len(facts.handed_up()) if facts else 0,
        corrected=bool(facts) and len(facts.statements) > 1 if facts else False,
        called=called,
    )


# -- what a committee sees


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMonth:
    """A month as its committee sees it."""

    month: Month
    due: date
    is_late: bool
    """Whether its day is over and nothing was reported."""
    reported: Reported
    said: str


def own_months(door: MediationService, committee: Organisation) -> list[OwnMonth]:
    """The months of a committee, the latest first; those before it was set up are not asked."""
    today, rules = door.today(), door.catalogue.zone.returns
    asked = [it for it in months(today) if committee.is_active(it.last)]
    ids = {item_of(committee.id, it): it for it in asked}
    with door.store.read() as unit:
        found = unit.views.search(Wanted(cases=list(ids)), most=len(ids) or 1) if ids else []
    by_month = {ids[row.case]: facts_of(door.case(row.case)) for row in found}
    rows = []
    for month in asked:
        facts, due = by_month.get(month), month.due(rules.day)
        held = facts.statement if facts else None
        reported = facts.reported if facts else Reported.MISSING
        day = held.filed.day if held else None
        said = f"{short_day(day, today)}报的{'（补报）' if facts and facts.was_late else ''}" if day else ""
        rows.append(OwnMonth(month=month, due=due, is_late=held is None and today > due, reported=reported, said=said))
    return rows


SUFFIXES = ("企业劳动争议调解委员会", "劳动争议调解委员会", "人民调解委员会", "调解委员会", "调委会")


def employer_of(committee: Organisation) -> str:
    """What the enterprise of a committee is called, as its name tells."""
    found = next((it for it in SUFFIXES if committee.name.endswith(it)), "")
    return committee.name.removesuffix(found)
