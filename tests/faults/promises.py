"""What has to hold after every fault, checked without the code that is meant to make it so wherever that is short."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from mediation_engine.audit import CaseFile, audit
from mediation_engine.domain.case import Case
from mediation_engine.domain.line import GENESIS, Line
from mediation_engine.domain.order import Receipt
from mediation_engine.domain.recorded_order import RecordedOrder, StoredOrder, lines_of
from mediation_engine.domain.workflow import Workflow
from mediation_engine.ids import system_randomness
from mediation_engine.ports.store import Store, Unit
from mediation_engine.record.codec import decode_order
from mediation_engine.record.counting import projected
from mediation_engine.record.fold import all_lines, fold
from mediation_engine.rules.catalogue import Catalogue
from mediation_engine.services.maintenance import case_file, case_ids, rebuild
from mediation_engine.services.mediation import MediationService
from web.wiring import catalogue
from workflows.facts import MediationFacts

from .asked import as_asked, refs_of
from .target import Target

CATALOGUE: Catalogue = catalogue()


def unkept(store: Store, cases: Iterable[str] | None = None) -> list[str]:
    """Every promise about some cases, or all, that is not kept."""
    wanted = case_ids(store) if cases is None else cases
    return [f"案件 {case}：{sentence}" for case in wanted for sentence in _of_case(store, case, slice(-1, None))]


def unkept_after_reopening(target: Target, cases: Iterable[str] | None = None) -> list[str]:
    """The same of a database that is opened again, about every order; and whether its files and its lists are sound."""
    with target.opened() as store:
        wanted = case_ids(store) if cases is None else cases
        found = [f"案件 {case}：{sentence}" for case in wanted for sentence in _of_case(store, case, slice(None))]
        return target.unsound() + found + [f"{c} 的列表与重建的不同" for c in rebuild(store, CATALOGUE)]


def _of_case(store: Store, case_id: str, again: slice) -> Iterator[str]:
    """`again`: which of its orders are given again."""
    file = case_file(store, case_id)
    yield from (f.sentence for f in audit(file, CATALOGUE) if not f.known)
    orders = [decode_order(stored.body) for stored in file.orders]
    before = GENESIS
    for stored in file.orders:
        before = hashlib.sha256(before + stored.body).digest()
        if stored.digest != before:
            yield f"第{stored.first}条起的校验码接不上"
    yield from _in_order(file.orders, orders)
    workflow = CATALOGUE.in_force(orders[0].rules)
    case = fold(case_id, file.orders, workflow)
    fresh = projected(CATALOGUE, case_id, file.orders, file.calendar)
    if not (file.projection.agrees_with(fresh) if file.projection else fresh is None):
        yield "列表与记录推得的不同"
    lines = all_lines(file.orders)
    with store.read() as unit:
        yield from _together(unit, orders, {line.version for line in lines if workflow.events[line.event].tells})
        yield from _private(unit, case, b"".join(stored.body for stored in file.orders))
    yield from _confirmed(case)
    yield from _the_same_again(store, file, workflow, orders, again)


def _in_order(stored: Sequence[StoredOrder], orders: Sequence[RecordedOrder]) -> Iterator[str]:
    """Versions without a gap, times that never run back, each order whole and once, under the keys it names itself."""
    versions = [line.version for order in orders for line in lines_of(order)]
    if versions != list(range(1, len(versions) + 1)):
        yield "版本号有缺漏"
    if any(later.recorded < order.recorded for order, later in pairwise(orders)):
        yield "记录时间倒流"
    if len({(order.organisation, order.id) for order in orders}) != len(orders):
        yield "一项操作写下了两次"
    keys = [(order.case, order.first, len(order.lines), order.id) for order in orders]
    if keys != [(s.case, s.first, s.count, s.command_id) for s in stored]:
        yield "索引与内容不符"


def _the_same_again(
    store: Store, file: CaseFile, workflow: Workflow, orders: Sequence[RecordedOrder], which: slice
) -> Iterator[str]:
    """An order that stands in the record, given again, gets the receipt that tells of what stands, and does nothing."""
    door, before = MediationService(store, CATALOGUE, system_randomness), list[Line]()
    wanted = {order.first for order in orders[which]}
    for stood in orders:
        lines = lines_of(stood)
        if stood.first in wanted:
            asked = as_asked(workflow, stood, file.texts, before)
            if asked is None:
                yield f"第{stood.first}条起的操作不是所记的那一项"
                continue
            first, last = stood.first, stood.last
            if door.submit(asked) != Receipt(command_id=stood.id, case=stood.case, first=first, last=last, lines=lines):
                yield f"第{stood.first}条起的操作再次提交，回执不同"
        before += lines
    if case_file(store, file.case) != file:
        yield "再次提交后又写了一次"


def _together(unit: Unit, orders: Sequence[RecordedOrder], telling: set[int]) -> Iterator[str]:
    """Orders, texts and outbox were written together: none is there without the others."""
    case = orders[0].case
    refs = {ref.id for order in orders for ref in refs_of(order)}
    if refs != set(unit.record.texts(case)):
        yield "文字与记录不是一一对应"
    if telling != {notice.version for notice in unit.views.notices() if notice.case == case}:
        yield "待发通知与记录不是一一对应"


def _private(unit: Unit, case: Case, bodies: bytes) -> Iterator[str]:
    """No names and no words of anybody stand in the lines."""
    people = unit.register.people(case.facts.people().values())
    words = [text.words for text in unit.record.texts(case.id).values()]
    for secret in [*words, *(person.name for person in people.values())]:
        if secret and secret.encode() in bodies:
            yield f"记录里有不该有的字句：{secret}"


def _confirmed(case: Case) -> Iterator[str]:
    """A confirmation that counts names the text that is in force."""
    given = case.facts.confirmations if isinstance(case.facts, MediationFacts) else {}
    for key, confirmation in given.items():
        current = case.facts.agreements[confirmation.agreement].text_hash
        if case.state(key) == "confirmed" and confirmation.text_hash != current:
            yield f"{key} 确认的不是现行文本"
