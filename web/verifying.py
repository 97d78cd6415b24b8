"""What audit found, in words: a verdict, faults apart from known defects, each with the line it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort

from mediation_engine.audit import Finding
from mediation_engine.domain.case import Case
from mediation_engine.domain.line import Line
from mediation_engine.errors import LineUnreadable, OutsideOwnRemit
from mediation_engine.history import fold_under, read_line

from .here import door, reader
from .reading import teller


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One of three: whole, whole with known defects, or from some line on not as it should be."""

    words: str
    tone: str
    """done | now | late"""
    further: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A finding, and in words the line it is at."""

    finding: Finding
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Legible:
    """As much of a case as can be read."""

    case: Case
    lines: Sequence[Line]
    count: int
    """How many lines are stored."""


def verdict(findings: Sequence[Finding]) -> Verdict:
    """In three states of words."""
    faults = [f for f in findings if not f.known]
    known = len(findings) - len(faults)
    if not faults:
        words = f"完整，有已知瑕疵 {known} 处" if known else "完整"
        further = "没有改动，每一步都可依规则重新推得" + ("；瑕疵在当时就已注明。" if known else "。")
        return Verdict(words=words, tone="now" if known else "done", further=further)
    at = min((f.version for f in faults if f.version is not None), default=None)
    words = "记录以外的列表数据不符" if at is None else f"第 {at} 条起不符"
    more = f"；另有已知瑕疵 {known} 处" if known else ""
    return Verdict(words=words, tone="late", further=f"发现 {len(faults)} 处问题{more}。请保留数据库原样，报告管理员。")


def shown(findings: Sequence[Finding], legible: Legible) -> list[Shown]:
    """Findings with their lines told, as far as those can be read."""
    telling = teller(door(), legible.case, reader().office, legible.lines)
    words = {}
    for line in legible.lines:
        told = telling.line(line)
        words[line.version] = f"{told.what}（{told.about}）" if told.about else told.what
    return [Shown(finding=f, line=words.get(f.version or 0, "")) for f in findings]


def look_at_record(case_id: str, what: str) -> Legible:
    """As `here.look`, but also at a case whose lines cannot all be read: what is damaged is what audit is for."""
    with door().store.read() as unit:
        stored, rows = unit.record.lines(case_id), unit.views.projection(case_id)
    lines: list[Line] = []
    for one in stored:
        try:
            lines.append(read_line(one))
        except LineUnreadable:
            break
    case = fold_under(door().catalogue, case_id, stored[: len(lines)])
    if rows is not None:  # whose it is stands in the list, too
        case.facts.organisation = case.facts.organisation or rows.row.organisation
    try:
        door().look(reader().actor.id, reader().office, case, what)
    except OutsideOwnRemit:
        abort(404)
    return Legible(case=case, lines=lines, count=len(stored))
