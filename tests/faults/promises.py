"""What has to hold after every fault, checked without the code that is meant to make it so wherever that is short."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

import msgspec

from mediation_engine.audit import audit
from mediation_engine.domain.case import Case
from mediation_engine.domain.line import GENESIS, Line
from mediation_engine.ports.store import Store, Unit
from mediation_engine.read_models.projections import project
from mediation_engine.record.fold import fold, read_line
from mediation_engine.record.sealing import TextRef, refs_in
from mediation_engine.rules.catalogue import Catalogue
from mediation_engine.services.maintenance import case_file, case_ids, rebuild
from web.wiring import catalogue

from .target import Target

CATALOGUE: Catalogue = catalogue()


def unkept(store: Store, cases: Iterable[str] | None = None) -> list[str]:
    """Every promise about some cases, or all, that is not kept."""
    wanted = case_ids(store) if cases is None else cases
    return [f"案件 {case}：{sentence}" for case in wanted for sentence in _of_case(store, case)]


def unkept_after_reopening(target: Target, cases: Iterable[str] | None = None) -> list[str]:
    """The same of a database that is opened again; and whether its files are sound and its lists are as rebuilt."""
    with target.opened() as store:
        return target.unsound() + unkept(store, cases) + [f"{c} 的列表与重建的不同" for c in rebuild(store, CATALOGUE)]


def _of_case(store: Store, case_id: str) -> Iterator[str]:
    file = case_file(store, case_id)
    yield from (f.sentence for f in audit(file, CATALOGUE) if not f.known)
    lines = [read_line(stored) for stored in file.lines]
    before = GENESIS
    for stored in file.lines:
        before = hashlib.sha256(before + stored.body).digest()
        if stored.digest != before:
            yield f"第{stored.version}条的校验码接不上"
    yield from _in_order(lines)
    workflow = CATALOGUE.in_force(lines[0].rules)
    case = fold(case_id, file.lines, workflow)
    if file.projection != project(workflow, case):
        yield "列表与记录推得的不同"
    with store.read() as unit:
        yield from _together(unit, lines, {line.version for line in lines if workflow.events[line.event].tells})
        yield from _private(unit, case, b"".join(stored.body for stored in file.lines))
    yield from _confirmed(case)


def _in_order(lines: list[Line]) -> Iterator[str]:
    """Versions without a gap, times that never run back, orders that do not interleave."""
    if [line.version for line in lines] != list(range(1, len(lines) + 1)):
        yield "版本号有缺漏"
    if any(later.recorded < line.recorded for line, later in pairwise(lines)):
        yield "记录时间倒流"
    orders = [(command, [line.ordinal for line in group]) for command, group in groupby(lines, lambda x: x.command_id)]
    if len({command for command, _ in orders}) != len(orders):
        yield "两项操作的记录交错"
    if any(ordinals != list(range(len(ordinals))) for _, ordinals in orders):
        yield "一项操作的记录不全"


def _together(unit: Unit, lines: list[Line], telling: set[int]) -> Iterator[str]:
    """Lines, answers, texts and outbox were written together: none is there without the others."""
    case = lines[0].case
    spans: dict[str, list[int]] = {}
    for line in lines:
        spans.setdefault(line.command_id, [line.version, line.version])[1] = line.version
    if spans != {a.command_id: [a.first, a.last] for a in unit.record.answers(case)}:
        yield "回执与记录不是一一对应"
    refs = {ref.id for line in lines for ref in _refs(line)}
    if refs != set(unit.record.texts(case)):
        yield "文字与记录不是一一对应"
    if telling != {notice.version for notice in unit.views.notices() if notice.case == case}:
        yield "待发通知与记录不是一一对应"


def _refs(line: Line) -> list[TextRef]:
    return refs_in([msgspec.json.decode(line.data), [d.waived for d in line.defects if d.waived]])


def _private(unit: Unit, case: Case, bodies: bytes) -> Iterator[str]:
    """No names and no words of anybody stand in the lines."""
    people = unit.register.people(party.person for party in case.facts.parties.values())
    words = [text.words for text in unit.record.texts(case.id).values()]
    for secret in [*words, *(person.name for person in people.values())]:
        if secret and secret.encode() in bodies:
            yield f"记录里有不该有的字句：{secret}"


def _confirmed(case: Case) -> Iterator[str]:
    """A confirmation that counts names the text that is in force."""
    for key, confirmation in case.facts.confirmations.items():
        current = case.facts.agreements[confirmation.agreement].text_hash
        if case.state(key) == "confirmed" and confirmation.text_hash != current:
            yield f"{key} 确认的不是现行文本"
