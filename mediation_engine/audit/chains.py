"""Is what lies beside the record, row by row, what the journal says was last written there?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..domain.line import GENESIS
from ..record.codec import digest_of
from ..record.journal import COVERED, Chain, Entry, Key, SideRow, StoredEntry, decode_entry, is_of
from .findings import Fault, Finding, Head

Newest = dict[tuple[str, Key], tuple[int, str | None]]
"""Of each row that was ever written the serial of its newest entry, and the digest there."""


def audit_chain(
    chain: Chain, entries: Iterable[StoredEntry], rows: Iterable[SideRow], head: Head | None = None
) -> list[Finding]:
    """All that is wrong with a chain and the rows it covers, and where it is not as a checkpoint has it."""
    newest: Newest = {}
    findings = list(_entries(chain, entries, newest, head))
    return findings + list(_rows(chain, rows, newest))


def _entries(chain: Chain, entries: Iterable[StoredEntry], newest: Newest, head: Head | None) -> Iterator[Finding]:
    """What is wrong with the bytes of a chain; gathers the newest entries."""
    before = truly = GENESIS
    last, at_head = 0, None
    for stored in entries:
        at = stored.serial
        if at != last + 1:
            yield _found(Fault.GAP, chain, last + 1, f"第{last}笔之后是第{at}笔，中间缺少登记")
        if not isinstance(stored.body, bytes) or not isinstance(stored.digest, bytes):
            yield _found(Fault.ALTERED, chain, at, f"第{at}笔的内容无法读出")
            before = truly = GENESIS
            last = at
            continue
        if digest_of(before, stored.body) != stored.digest:
            whole = digest_of(truly, stored.body) == stored.digest
            fault, words = (
                (Fault.BROKEN_CHAIN, "完好，但与前面的校验码接不上")
                if whole
                else (Fault.ALTERED, "的内容与校验码不符，或前面的已被换过")
            )
            yield _found(fault, chain, at, f"第{at}笔{words}")
        yield from _take(chain, stored, newest)
        before, truly, last = stored.digest, digest_of(before, stored.body), at
        if head is not None and at == head.version:
            at_head = stored
    if head is not None:
        yield from _against(chain, head, at_head, last)


def _take(chain: Chain, stored: StoredEntry, newest: Newest) -> Iterator[Finding]:
    try:
        entry = decode_entry(stored.body)
    except ValueError:
        yield _found(Fault.ALTERED, chain, stored.serial, f"第{stored.serial}笔的内容无法读出")
        return
    covered = COVERED.get(entry.table)
    if covered is None or covered.chain is not chain:
        yield _found(Fault.MOVED, chain, stored.serial, f"第{stored.serial}笔登记的是 {entry.table}，不属于这里")
        return
    if covered.once and (entry.table, entry.key) in newest:
        words = f"第{stored.serial}笔又登记了{_called(entry)}：同一行只写一次，原来的可能已被删去"
        yield _found(Fault.ROW, chain, stored.serial, words)
    newest[entry.table, entry.key] = stored.serial, entry.digest


def _against(chain: Chain, head: Head, stood: StoredEntry | None, last: int) -> Iterator[Finding]:
    if stood is None:
        words = f"存证时已有{head.version}笔，现在只到第{last}笔：末尾被截去，或换回了旧备份"
        yield _found(Fault.CHECKPOINT, chain, last + 1, words)
    elif stood.digest.hex() != head.digest:
        words = f"存证时第{head.version}笔的校验码与现在不同：此前的登记被改写过"
        yield _found(Fault.CHECKPOINT, chain, head.version, words)


def _rows(chain: Chain, rows: Iterable[SideRow], newest: Newest) -> Iterator[Finding]:
    """What is wrong with the rows; `newest` is used up."""
    for row in rows:
        serial, digest = newest.pop((row.table, row.key), (None, None))
        if serial is None:
            yield _found(Fault.ROW, chain, None, f"{_called(row)}没有登记过：是绕过程序加进来的")
        elif digest is None:
            yield _found(Fault.ROW, chain, serial, f"{_called(row)}应已删去，却还在")
        elif not is_of(row, digest):
            yield _found(Fault.ROW, chain, serial, f"{_called(row)}与最近一次登记的不同：是绕过程序改的")
    for (table, key), (serial, digest) in newest.items():
        if digest is not None:
            words = f"{_words(table, key)}登记过，现在不见了：是绕过程序删的"
            yield _found(Fault.ROW, chain, serial, words)


def _called(it: SideRow | Entry) -> str:
    return _words(it.table, it.key)


def _words(table: str, key: Key) -> str:
    return f"{COVERED[table].label} {'/'.join(map(str, key))} "


def _found(fault: Fault, chain: Chain, serial: int | None, sentence: str) -> Finding:
    return Finding(fault=fault, case="", version=serial, sentence=sentence, chain=chain.value)
