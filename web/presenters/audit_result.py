"""What audit found, in words: a verdict, faults apart from known defects, each with the line it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from mediation_engine.audit import CaseFile, Finding
from mediation_engine.record.journal import Chain
from mediation_engine.services.case_view import CaseView


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


def verdict_beside(results: Iterable[tuple[Chain, list[Finding]]]) -> list[tuple[str, Verdict]]:
    """What lies beside the record, chain by chain. Not which rows: they may be those of others."""
    return [(chain.label, _of_chain(found)) for chain, found in results]


def _of_chain(findings: Sequence[Finding]) -> Verdict:
    if not findings:
        return Verdict(words="完整", tone="done")
    return Verdict(
        words=f"{len(findings)} 处不符", tone="late", further="有人不经程序改动过，请保留数据库原样，报告管理员。"
    )


def shown(findings: Sequence[Finding], view: CaseView) -> list[Shown]:
    """Findings with their lines told, as far as those can be read."""
    words = {}
    for it in view.lines:
        told = view.teller.line(it)
        words[it.line.version] = f"{told.what}（{told.about}）" if told.about else told.what
    return [Shown(finding=f, line=words.get(f.version or 0, "")) for f in findings]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """One case of an exported file, and what is wrong with it."""

    case: str
    orders: int
    lines: int
    verdict: Verdict
    findings: Sequence[Finding]


def checked(files: Iterable[CaseFile], results: Iterable[tuple[str, list[Finding]]]) -> list[CheckedFile]:
    """What is found in each case of a file."""
    there = {file.case: file for file in files}
    return [
        CheckedFile(
            case=case,
            orders=len(there[case].orders) if case in there else 0,
            lines=sum(order.count for order in there[case].orders) if case in there else 0,
            verdict=_of_file(found),
            findings=found,
        )
        for case, found in results
    ]


def _of_file(findings: Sequence[Finding]) -> Verdict:
    """The same as of a case here, but a file is not the database: what is wrong is told to who handed it out."""
    found = verdict(findings)
    if found.tone != "late":
        return found
    number = sum(not it.known for it in findings)
    return replace(found, further=f"发现 {number} 处问题。请不要使用这份文件，向给出它的单位再要一份，并告诉对方。")
