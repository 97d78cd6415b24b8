"""Are the stored bytes, and what is kept beside them, still what was written?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import msgspec

from ..domain.line import GENESIS, Line, StoredLine
from ..read_models.projections import project
from ..record.codec import decode_line, digest_of
from ..record.fold import fold_under
from ..record.sealing import refs_in
from ..rules.catalogue import Catalogue
from .findings import CaseFile, Fault, Finding, Head, finding


def sound_lines(file: CaseFile) -> tuple[list[tuple[Line, StoredLine]], list[Finding]]:
    """The lines up to the first that is not sound, and all that is wrong with the bytes."""
    findings: list[Finding] = []
    sound: list[tuple[Line, StoredLine]] = []
    before, truly, last = GENESIS, GENESIS, 0
    for stored in file.lines:
        line, faults = _check_bytes(file.case, stored, (before, truly), last, sound[-1][0] if sound else None)
        findings += faults
        if line is not None and not findings:
            sound.append((line, stored))
        before, truly, last = stored.digest, digest_of(before, stored.body), stored.version
    if not file.lines:
        findings.append(finding(Fault.GAP, file.case, 1, "列表中有此案，却没有任何记录"))
    return sound, findings


def _check_bytes(
    case: str, stored: StoredLine, before: tuple[bytes, bytes], last: int, previous: Line | None
) -> tuple[Line | None, list[Finding]]:
    """The line and what is wrong with it; `before` is the digest stored with the line before, and its true one."""
    findings = []
    at = stored.version
    if at != last + 1:
        findings.append(finding(Fault.GAP, case, last + 1, f"第{last}条之后是第{at}条，中间缺少记录"))
    try:
        line = decode_line(stored.body)
    except ValueError:
        return None, [*findings, finding(Fault.ALTERED, case, at, f"第{at}条的内容无法读出")]
    if (line.case, line.version) != (stored.case, at):
        findings.append(finding(Fault.MOVED, case, at, f"这里存放的是案件 {line.case} 的第{line.version}条"))
    if (line.command_id, line.ordinal) != (stored.command_id, stored.ordinal):
        findings.append(finding(Fault.ALTERED, case, at, f"第{at}条的操作编号与内容不符"))
    kept, truly = before
    if not findings and digest_of(kept, stored.body) != stored.digest:
        if digest_of(truly, stored.body) == stored.digest:
            findings.append(finding(Fault.BROKEN_CHAIN, case, at, f"第{at}条完好，但与前一条的校验码接不上"))
        else:
            findings.append(finding(Fault.ALTERED, case, at, f"第{at}条的内容与校验码不符，或前一条已被换过"))
    if previous and line.recorded < previous.recorded:
        findings.append(finding(Fault.TIME_RUNS_BACK, case, at, f"第{at}条的记录时间早于前一条"))
    return line, findings


def against_head(file: CaseFile, head: Head) -> list[Finding]:
    at = next((s for s in file.lines if s.version == head.version), None)
    if at is None:
        last = file.lines[-1].version if file.lines else 0
        sentence = f"存证时已有{head.version}条，现在只到第{last}条：末尾被截去，或换回了旧备份"
        return [finding(Fault.CHECKPOINT, file.case, last + 1, sentence)]
    if at.digest.hex() != head.digest:
        sentence = f"存证时第{head.version}条的校验码与现在不同：此前的记录被改写过"
        return [finding(Fault.CHECKPOINT, file.case, head.version, sentence)]
    return []


def beside(file: CaseFile, lines: Sequence[Line], catalogue: Catalogue) -> list[Finding]:
    findings = list(_texts(file, lines))
    if file.receipts is not None:
        findings += _receipts(file, lines, file.receipts)
    if file.has_projection:
        findings += _projection(file, catalogue)
    return findings


def _texts(file: CaseFile, lines: Sequence[Line]) -> Iterator[Finding]:
    for line in lines:
        waived = [d.waived for d in line.defects if d.waived]
        for ref in refs_in([msgspec.json.decode(line.data), waived]):
            text = file.texts.get(ref.id)
            if text is None:
                yield finding(Fault.TEXT, file.case, line.version, f"第{line.version}条所附文字不见了")
            elif text.words is None:
                yield finding(Fault.ERASED, file.case, line.version, f"第{line.version}条所附文字已删除，无法再核对")
            elif not ref.matches(text):
                yield finding(Fault.TEXT, file.case, line.version, f"第{line.version}条所附文字被改动过")


def _receipts(file: CaseFile, lines: Sequence[Line], receipts: Mapping[str, tuple[int, int]]) -> Iterator[Finding]:
    for command_id, grouped in groupby(lines, key=lambda line: line.command_id):
        group = list(grouped)
        if receipts.get(command_id) != (group[0].version, group[-1].version):
            at = group[0].version
            yield finding(Fault.ANSWER, file.case, at, f"第{at}条起的操作没有相符的回执：可能不是经本系统写入")
    written = {line.command_id for line in lines}
    for first, last in sorted(span for command_id, span in receipts.items() if command_id not in written):
        yield finding(Fault.ANSWER, file.case, first, f"有第{first}至{last}条的回执，却没有这些记录：末尾可能被截去")


def _projection(file: CaseFile, catalogue: Catalogue) -> Iterator[Finding]:
    case = fold_under(catalogue, file.case, file.lines)
    if project(catalogue.reading(case.workflow), case) != file.projection:
        yield finding(Fault.READ_MODEL, file.case, None, "案件列表、待办或日程与记录不符，可用 mediation rebuild 重建")
