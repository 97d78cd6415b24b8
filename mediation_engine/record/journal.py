"""Changes of the rows beside the record, chained like its orders: which row, when, and a digest of what it then held.

No name, number or hash stands in an entry. The digest is keyed by a salt that lies beside the row; once content and
salt are erased it tells nothing, and the chain stays whole. A table is covered by one line in `COVERED`.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from ..domain.labels import Labelled
from ..domain.line import GENESIS
from .codec import canonical, digest_of

SALT = 16
"""Bytes of a salt."""
Key = tuple[str | int, ...]


class Chain(Labelled):
    """The chains, in the order in which a transaction that writes several takes its turns."""

    REGISTER = "register", "名册与编号"
    STAFF = "staff", "人员、账号与令牌"
    READS = "reads", "查阅记录"
    EXHIBITS = "exhibits", "材料"
    CHECKS = "checks", "自查说明"
    CALENDAR = "calendar", "工作日历"
    REPORTS = "reports", "上报表"


@dataclass(frozen=True, slots=True)
class Covered:
    """How a table is covered."""

    label: str
    """What one of its rows is."""
    chain: Chain
    key: tuple[str, ...]
    """The columns that say which row it is; what they hold stands in the entries."""
    but: frozenset[str] = frozenset()
    """Columns that are not covered: they move with every sign-in."""
    once: bool = False
    """Whether a row, once written, never changes."""


COVERED = {
    "people": Covered("当事人", Chain.REGISTER, ("id", "version")),
    "people_keys": Covered("当事人的钥匙", Chain.REGISTER, ("person",)),
    "people_erasures": Covered("依法删除的当事人", Chain.REGISTER, ("person",), once=True),
    "same_people": Covered("同一人的登记", Chain.REGISTER, ("one", "other")),
    "organisations": Covered("组织", Chain.REGISTER, ("id",)),
    "numbers": Covered("案号编号", Chain.REGISTER, ("organisation", "track", "year")),
    "actors": Covered("人员", Chain.STAFF, ("id",)),
    "accounts": Covered("账号", Chain.STAFF, ("actor",), but=frozenset({"totp_step"})),
    "tokens": Covered("令牌", Chain.STAFF, ("id",), but=frozenset({"seen"})),
    "links": Covered(
        "链接",
        Chain.STAFF,
        ("id",),
        but=frozenset({"wrong", "opened", "used", "session", "entered", "seen", "called", "phone"}),
    ),
    "substitutions": Covered("代行职务", Chain.STAFF, ("id",)),
    "contacts": Covered("接收消息的方式", Chain.STAFF, ("actor", "channel")),
    "reads": Covered("查阅", Chain.READS, ("serial",), once=True),
    "exhibits": Covered("材料", Chain.EXHIBITS, ("case", "id")),
    "exemptions": Covered("自查说明", Chain.CHECKS, ("id",), once=True),
    "frozen_reports": Covered("上报表", Chain.REPORTS, ("id",), once=True),
    "calendar_years": Covered("放假安排", Chain.CALENDAR, ("year", "version"), once=True),
}


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One change of one row."""

    table: str
    key: Key
    digest: str | None
    """Of what the row holds from then on, in hex; None where it was taken away."""
    at: datetime
    by: str | None = None
    """Whose doing it was, where that is known."""


class StoredEntry(Struct, frozen=True):
    """An entry as a store keeps it: its place, the canonical bytes, the chained digest."""

    chain: str
    serial: int
    """From 1, without a gap."""
    body: bytes
    digest: bytes


class SideRow(Struct, frozen=True, kw_only=True):
    """A covered row as it lies in a store."""

    table: str
    content: Mapping[str, Any]
    """Its covered columns."""
    salt: bytes | None

    @property
    def key(self) -> Key:
        """Which row it is."""
        return tuple(self.content[name] for name in COVERED[self.table].key)


_decoder = msgspec.json.Decoder(Entry)


def covered_part(table: str, held: Mapping[str, Any]) -> dict[str, Any]:
    """What of a row is covered."""
    return {name: value for name, value in held.items() if name not in COVERED[table].but}


def digest_of_row(salt: bytes, content: Mapping[str, Any]) -> str:
    """The digest of a row keyed by its salt, in hex. A column that holds nothing adds nothing: it may be a new one."""
    return hmac.new(salt, canonical({k: v for k, v in content.items() if v is not None}), hashlib.sha256).hexdigest()


def is_of(row: SideRow, digest: str) -> bool:
    """Whether a row holds what a digest was made of."""
    return isinstance(row.salt, bytes) and hmac.compare_digest(digest_of_row(row.salt, row.content), digest)


def entry_of(row: SideRow, at: datetime, by: str | None) -> Entry:
    """The entry of a row just written."""
    assert row.salt is not None
    return Entry(table=row.table, key=row.key, digest=digest_of_row(row.salt, row.content), at=at, by=by)


def entry_of_gone(table: str, key: Key, at: datetime, by: str | None) -> Entry:
    """The entry of a row that was taken away."""
    return Entry(table=table, key=key, digest=None, at=at, by=by)


def chained(last: StoredEntry | None, chain: Chain, entries: Iterable[Entry]) -> Iterator[StoredEntry]:
    """Entries as they follow on the last one of a chain."""
    serial, before = (last.serial, last.digest) if last else (0, GENESIS)
    for entry in entries:
        body = canonical(entry)
        serial, before = serial + 1, digest_of(before, body)
        yield StoredEntry(chain.value, serial, body, before)


def decode_entry(body: bytes) -> Entry:
    """The entry in stored bytes; ValueError where they are none."""
    return _decoder.decode(body)
