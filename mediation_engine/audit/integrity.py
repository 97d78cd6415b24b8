"""Are the stored bytes, and what is kept beside them, still what was written?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from ..domain.line import GENESIS
from ..domain.matter import CASE, held_by
from ..domain.recorded_order import RecordedOrder, StoredOrder
from ..errors import LineUnreadable
from ..record.codec import decode_order, digest_of
from ..record.counting import projected
from ..record.erasures import erased_in
from ..record.fold import fold_under
from ..record.sealing import files_named_in, refs_in
from ..rules.catalogue import Catalogue
from .findings import CaseFile, Fault, Finding, Head, finding


def sound_orders(file: CaseFile) -> tuple[list[RecordedOrder], list[Finding]]:
    """The orders up to the first that is not sound, and all that is wrong with the bytes."""
    findings: list[Finding] = []
    sound: list[RecordedOrder] = []
    before, truly, last = GENESIS, GENESIS, 0
    given: set[tuple[str, str]] = set()
    for stored in file.orders:
        if not stored.is_fit:
            sentence = f"第{last}条之后的一步，存的内容不是原来的样子，读不出来"
            findings.append(finding(Fault.ALTERED, file.case, last + 1, sentence))
            return sound, findings
        order, faults = _check_bytes(file.case, stored, (before, truly), last, sound[-1] if sound else None)
        findings += faults
        if order is not None:
            if (order.organisation, order.id) in given:
                sentence = f"第{stored.first}条起的操作与前面的用了同一个操作编号"
                findings.append(finding(Fault.ALTERED, file.case, stored.first, sentence))
            given.add((order.organisation, order.id))
        if order is not None and not findings:
            sound.append(order)
        before, truly, last = stored.digest, digest_of(before, stored.body), stored.last
    if file.announced and file.announced != _shape(file.orders):
        orders, lines, _ = file.announced
        sentence = f"文件自述有{orders}步{lines}条，实有{len(file.orders)}步{last}条，或末尾校验码不同：文件不完整"
        findings.append(finding(Fault.GAP, file.case, last + 1, sentence))
    if not file.orders:
        findings.append(finding(Fault.GAP, file.case, 1, "列表中有此案，却没有任何记录"))
    return sound, findings


def _shape(orders: Sequence[StoredOrder]) -> tuple[int, int, str]:
    return len(orders), sum(o.count for o in orders), (orders[-1].digest if orders else GENESIS).hex()


def _check_bytes(
    case: str, stored: StoredOrder, before: tuple[bytes, bytes], last: int, previous: RecordedOrder | None
) -> tuple[RecordedOrder | None, list[Finding]]:
    """The order and what is wrong with it; `before` is the digest stored with the order before, and its true one."""
    findings = []
    at = stored.first
    if at != last + 1:
        findings.append(finding(Fault.GAP, case, last + 1, f"第{last}条之后是第{at}条，中间缺少记录"))
    try:
        order = decode_order(stored.body)
        msgspec.json.decode(stored.body)  # what an order takes as it is, unread, can be read, too
    except (ValueError, RecursionError):
        return None, [*findings, finding(Fault.ALTERED, case, at, f"第{at}条起的内容无法读出")]
    if (order.case, order.first) != (stored.case, at):
        findings.append(finding(Fault.MOVED, case, at, f"这里存放的是案件 {order.case} 第{order.first}条起的内容"))
    if (order.id, len(order.lines)) != (stored.command_id, stored.count):
        findings.append(finding(Fault.ALTERED, case, at, f"第{at}条起的操作编号或条数与内容不符"))
    kept, truly = before
    if not findings and digest_of(kept, stored.body) != stored.digest:
        if digest_of(truly, stored.body) == stored.digest:
            findings.append(finding(Fault.BROKEN_CHAIN, case, at, f"第{at}条起完好，但与前面的校验码接不上"))
        else:
            findings.append(finding(Fault.ALTERED, case, at, f"第{at}条起的内容与校验码不符，或前面的已被换过"))
    if previous and order.recorded < previous.recorded:
        findings.append(finding(Fault.TIME_RUNS_BACK, case, at, f"第{at}条的记录时间早于前一条"))
    return order, findings


def against_head(file: CaseFile, head: Head) -> list[Finding]:
    at = next((s for s in file.orders if s.last == head.version), None)
    last = file.orders[-1].last if file.orders else 0
    if at is None and last > head.version:
        sentence = f"存证时到第{head.version}条为止，现在的操作不在那里断开：此前的记录被改写过"
        return [finding(Fault.CHECKPOINT, file.case, head.version, sentence)]
    if at is None:
        sentence = f"存证时已有{head.version}条，现在只到第{last}条：末尾被截去，或换回了旧备份"
        return [finding(Fault.CHECKPOINT, file.case, last + 1, sentence)]
    if at.digest.hex() != head.digest:
        sentence = f"存证时第{head.version}条的校验码与现在不同：此前的记录被改写过"
        return [finding(Fault.CHECKPOINT, file.case, head.version, sentence)]
    return []


def beside(file: CaseFile, sound: Sequence[RecordedOrder], catalogue: Catalogue) -> list[Finding]:
    erased = erased_in(catalogue, file.orders)
    findings = [*_texts(file, erased), *_exhibits(file, erased)]
    if file.has_projection:
        findings += _projection(file, catalogue)
    return findings


def _texts(file: CaseFile, erased: Mapping[str, int]) -> Iterator[Finding]:
    lone = set(file.texts)
    for stored in file.orders:
        at = stored.first
        for ref in dict.fromkeys(refs_in(msgspec.json.decode(stored.body))):
            text = file.texts.get(ref.id)
            lone.discard(ref.id)
            if text is None:
                yield finding(Fault.TEXT, file.case, at, f"第{at}条所附文字不见了")
            elif not ref.matches(text):
                yield finding(Fault.TEXT, file.case, at, f"第{at}条所附文字被改动过")
            elif text.id in file.withheld:
                yield finding(Fault.WITHHELD, file.case, at, f"第{at}条所附文字没有随文件提供，没有核对")
            elif text.words is None and ref.id in erased:
                yield finding(Fault.ERASED, file.case, at, f"第{at}条所附文字已依第{erased[ref.id]}条删除，无法再核对")
            elif text.words is None:
                yield finding(Fault.TEXT, file.case, at, f"第{at}条所附文字没有了，也没有删除的记录")
            elif ref.id in erased:
                yield finding(Fault.TEXT, file.case, at, f"第{at}条所附文字依第{erased[ref.id]}条应已删除，却还在")
    if lone:
        yield finding(Fault.TEXT, file.case, None, f"有{len(lone)}段文字没有任何一条提到")


def _exhibits(file: CaseFile, erased: Mapping[str, int]) -> Iterator[Finding]:
    lone = set(file.exhibits)
    for stored in file.orders:
        at = stored.first
        for ref in dict.fromkeys(files_named_in(msgspec.json.decode(stored.body))):
            kept, line = file.exhibits.get(ref.id), erased.get(ref.id)
            name = f"第{at}条的材料（编号 {ref.id[:8]}）"
            lone.discard(ref.id)
            if kept is None and line is not None:
                yield finding(Fault.ERASED, file.case, at, f"{name}已依第{line}条删除，无法再核对")
            elif kept is None:
                yield finding(Fault.EXHIBIT, file.case, at, f"{name}没有了，也没有删除的记录")
            elif line is not None:
                yield finding(Fault.EXHIBIT, file.case, at, f"{name}依第{line}条应已删除，却还在")
            elif kept.is_withheld:
                yield finding(Fault.WITHHELD, file.case, at, f"{name}没有随文件提供，没有核对")
            elif kept.fault:
                yield finding(Fault.EXHIBIT, file.case, at, f"{name}校验失败：{kept.fault}")
            elif kept.digest not in (None, ref.digest):
                yield finding(Fault.EXHIBIT, file.case, at, f"{name}被换过或改动过")
    if lone:
        yield finding(Fault.EXHIBIT, file.case, None, f"有{len(lone)}件材料没有任何一条提到")


def number_again(file: CaseFile, catalogue: Catalogue, taken: dict[tuple[str, ...], str]) -> list[Finding]:
    """What is wrong where another case has the number of this one; notes whose it is."""
    try:
        case = fold_under(catalogue, file.case, file.orders)
    except LineUnreadable:
        return []
    workflow, facts = catalogue.reading(case.workflow), case.facts
    if facts.number is None:
        return []
    matter = workflow.matter.code if workflow else CASE.code
    other = taken.setdefault(held_by(matter, facts.organisation, facts.number), file.case)
    if other == file.case:
        return []
    return [finding(Fault.NUMBER, file.case, None, f"案号 {facts.number} 与案件 {other} 的相同")]


def _projection(file: CaseFile, catalogue: Catalogue) -> Iterator[Finding]:
    try:
        fresh = projected(catalogue, file.case, file.orders, file.calendar)
        same = file.projection.agrees_with(fresh) if file.projection else fresh is None
    except LineUnreadable:
        yield finding(Fault.READ_MODEL, file.case, None, "记录前后对不上，算不出案件列表、待办和日程里该有什么")
        return
    if not same:
        yield finding(Fault.READ_MODEL, file.case, None, "案件列表、待办或日程与记录不符，可用 mediation rebuild 重建")
    elif not file.is_found:
        yield finding(Fault.READ_MODEL, file.case, None, "查找用的索引与记录不符，可用 mediation rebuild 重建")
