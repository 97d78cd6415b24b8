"""A room's own ledger through the door: which rows are new, which go on, which are there; each row in one commit.

All of a ledger in one transaction would keep everybody else waiting for as long as it takes, a minute for 5,000 rows.
So each row is one: what ends halfway leaves whole cases, and a second run takes the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from mediation_engine.domain.order import Order
from mediation_engine.errors import (
    CaseAlreadyOpen,
    CommandIdReused,
    PersonTaken,
    Refused,
    StaleInstance,
)
from mediation_engine.ports.register import ERASED, Entered, Person
from mediation_engine.ports.store import Unit
from mediation_engine.services.mediation import MediationService
from mediation_engine.services.people import People

from .ledger_orders import SOURCE, Taking


class Standing(Enum):
    """How a row stands to what is on record."""

    NEW = auto()
    MORE = auto()
    """Its case is there, and the ledger says more of it now."""
    THERE = auto()
    OTHERWISE = auto()
    """Its case is there and the ledger says something else now, or the case has gone on by itself: nothing is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A row held against the record."""

    taking: Taking
    standing: Standing
    orders: tuple[Order, ...]
    """What is to be given."""
    why: str = ""
    """Why nothing is, where the ledger says something else."""

    def __str__(self) -> str:
        it = self.taking.entry
        return f"第{it.row}行（编号 {it.number}）：{self.why}"


CHANGED = "以前录过，现在写的与录入时不同（{what}），没有改动；请在案件里更正或补记"
BY_ITSELF = "以前录过，录入后已在系统里接着办，没有改动；请在案件里补记"
MEANWHILE = "刚才别人也在录这一行，请再看一遍"
WHAT = {
    "register": "登记的内容",
    "reach": "协议",
    "pay": "已履行金额",
    "perform": "履行情况",
    "terminate": "调解不成的日期",
    "withdraw": "撤回的日期",
    "close": "结案日期",
}
"""What is compared, by the name of the order: who handled a case and where its row stood may differ another time."""


def look(service: MediationService, takings: Iterable[Taking]) -> list[Looked]:
    """Hold the rows of a ledger against the record."""
    takings = [*takings]
    with service.store.read() as unit:
        known = _opened(unit, [it.case for it in takings])
    return [
        _held(service, it) if it.case in known else Looked(taking=it, standing=Standing.NEW, orders=it.orders)
        for it in takings
    ]


def _opened(unit: Unit, cases: list[str]) -> set[str]:
    return {case for case in cases if unit.record.orders(case)}


def _held(service: MediationService, taking: Taking) -> Looked:
    """A row whose case is there."""
    given = {id for _, id in service.case(taking.case).orders}
    new = tuple(order for order in taking.orders if order.id not in given and not _is_late(order, given))
    changed = service.changed([order for order in taking.orders if _name(order) in WHAT])
    named = ["当事人的名字"] if _is_named_otherwise(service, taking) else []
    if changed or named:
        what = "、".join(dict.fromkeys((*named, *(WHAT[_stem(id)] for id in changed))))
        return Looked(taking=taking, standing=Standing.OTHERWISE, orders=(), why=CHANGED.format(what=what))
    if not new:
        return Looked(taking=taking, standing=Standing.THERE, orders=())
    if any(not id.startswith(f"{taking.case}.") for id in given):
        return Looked(taking=taking, standing=Standing.OTHERWISE, orders=(), why=BY_ITSELF)
    refused = next((it.refused for it in service.preview_together(new) if it.refused), None)
    if refused is not None:
        return Looked(taking=taking, standing=Standing.OTHERWISE, orders=(), why=_said(refused))
    return Looked(taking=taking, standing=Standing.MORE, orders=new)


def _is_named_otherwise(service: MediationService, taking: Taking) -> bool:
    """Whether somebody of a row was never called so; who was renamed or erased since was."""
    with service.store.read() as unit:
        known = [(person.name, {it.name for it in unit.register.versions(person.id)}) for person, _ in taking.people]
    return any(names and not {name, ERASED} & names for name, names in known)


def _is_late(order: Order, given: set[str]) -> bool:
    """Whether an order belongs to the beginning of a case that has begun: who handles it is changed there."""
    return _name(order) in ("assign", "consent", SOURCE) and f"{order.case}.accept" in given


def _name(order: Order) -> str:
    return _stem(order.id)


def _stem(id: str) -> str:
    return id.rpartition(".")[2].partition("-")[0]


def take(service: MediationService, people: People | None, looked: Iterable[Looked]) -> Iterator[Looked]:
    """Give the orders of each row, one commit a row; those of which nothing came, with why.

    `people` seals what is known of parties; None where no row knows anything of one.
    """
    for it in looked:
        if not it.orders:
            continue
        is_new = it.standing is Standing.NEW
        plain, entered = _newcomers(people, it.taking) if is_new else ([], [])
        try:
            service.submit_together(it.orders, plain, entered=entered, past=True)
        except (CaseAlreadyOpen, CommandIdReused, PersonTaken, StaleInstance):  # somebody else took it just now
            yield Looked(taking=it.taking, standing=Standing.OTHERWISE, orders=(), why=MEANWHILE)
        except Refused as refused:
            yield Looked(taking=it.taking, standing=Standing.OTHERWISE, orders=(), why=_said(refused))


def _newcomers(people: People | None, taking: Taking) -> tuple[list[Person], list[Entered]]:
    """Who comes into the register by the name alone, and who with more."""
    plain = [person for person, details in taking.people if details is None]
    known = ((person, details) for person, details in taking.people if details is not None)
    return plain, [people.sealed(person, details) for person, details in known] if people is not None else []


def _said(refused: Refused) -> str:
    return "；".join(refusal.sentence for refusal in refused.refusals)


def is_described(takings: Iterable[Taking]) -> bool:
    """Whether something is known of a party beside the name: the room's key is needed then."""
    return any(details is not None for it in takings for _, details in it.people)
