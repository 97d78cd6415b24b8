"""Jottings (随手记): kept sealed for their owner, until they are filed with a case or were kept long enough."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..encryption.boxes import Place, new_key, opened, shut
from ..encryption.room_key import RoomKey
from ..errors import (
    BoxUnreadable,
    ExhibitDamaged,
    ExhibitUnfit,
    JottingNotFound,
    MediationError,
    StoreUnavailable,
    VersionClash,
)
from ..ids import Randomness
from ..ports.blobs import Blobs
from ..ports.exhibits import ExhibitLimits, StoredExhibit
from ..ports.jottings import Filed, Jotting
from ..ports.store import Store
from .exhibits import kept_of, media_of, opened_parts

LONGEST = 2000
"""Characters of a jotting."""
MOST_FILES = 9
"""Photos and recordings of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A jotting that its owner reads."""

    id: str
    made: datetime
    case: str | None
    words: str
    files: tuple[str, ...]
    """What each file is (media type), in order."""
    filed: Filed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Jottings:
    """The way of jottings to and from where they are kept."""

    store: Store
    blobs: Blobs
    room_key: RoomKey
    randomness: Randomness
    limits: ExhibitLimits = field(default_factory=ExhibitLimits)

    def make(self, actor: str, id: str, words: str, contents: Sequence[bytes], case: str | None = None) -> None:
        """Keep one, once: under an id that is there already nothing is kept. ExhibitUnfit."""
        media = [media_of(content, self.limits) for content in contents]
        if len(contents) > MOST_FILES:
            raise ExhibitUnfit(why=f"一条随手记最多 {MOST_FILES} 个文件，请分几条记")
        if self._known(actor, id) is not None:
            return
        key = new_key(self.randomness)
        rows = [
            kept_of(id, f"{n:02}", content, self.blobs, self.room_key, self.randomness)
            for n, content in enumerate(contents)
        ]
        said = json.dumps({"words": words, "files": media}, ensure_ascii=False).encode()
        try:
            with self.store.write("jottings") as unit:
                jotting = Jotting(
                    id=id,
                    actor=actor,
                    made=unit.now,
                    case=case,
                    key=self.room_key.wrap(key, _place(id, "key"), self.randomness),
                    words=shut(key, said, _place(id, "words"), self.randomness),
                )
                unit.jottings.put(jotting, rows)
        except StoreUnavailable:  # perhaps after the commit: what then lies there for nothing is swept
            raise
        except VersionClash:  # the same came in meanwhile
            self._drop(rows)
            if self._known(actor, id) is None:
                raise
        except MediationError:
            self._drop(rows)
            raise

    def of(self, actor: str) -> list[Opened]:
        """Those of somebody, in the order of the store."""
        with self.store.read() as unit:
            held = unit.jottings.of(actor)
        return [self._opened(it) for it in held]

    def one(self, actor: str, id: str) -> Opened:
        """One of somebody. JottingNotFound."""
        return self._opened(self._own(actor, id))

    def content(self, actor: str, id: str, number: int) -> tuple[str, bytes]:
        """What a file of one is, and its bytes. JottingNotFound, ExhibitDamaged."""
        kinds, rows = self.one(actor, id).files, self._files(id)
        try:
            media, row = kinds[number], rows[number]
        except IndexError:
            raise JottingNotFound from None
        return media, self._bytes(row)

    def contents(self, actor: str, id: str) -> Iterator[bytes]:
        """The bytes of each file of one. JottingNotFound, ExhibitDamaged."""
        self._own(actor, id)
        return map(self._bytes, self._files(id))

    def drop(self, actor: str, id: str) -> None:
        """Forget one that need not be filed. JottingNotFound."""
        self._own(actor, id)
        with self.store.write("jottings") as unit:
            unit.jottings.drop(id)

    def _own(self, actor: str, id: str) -> Jotting:
        held = self._known(actor, id)
        if held is None:
            raise JottingNotFound
        return held

    def _known(self, actor: str, id: str) -> Jotting | None:
        """The one that has an id, if any. JottingNotFound where it is somebody else's."""
        with self.store.read() as unit:
            held = unit.jottings.jotting(id)
        if held is not None and held.actor != actor:
            raise JottingNotFound
        return held

    def _files(self, id: str) -> Sequence[StoredExhibit]:
        with self.store.read() as unit:
            return unit.jottings.files(id)

    def _bytes(self, row: StoredExhibit) -> bytes:
        return b"".join(opened_parts(row, self.blobs, self.room_key))

    def _opened(self, it: Jotting) -> Opened:
        words, files = "", []
        if it.key is not None and it.words is not None:
            try:
                key = self.room_key.unwrap(it.key, _place(it.id, "key"))
                said = json.loads(opened(key, it.words, _place(it.id, "words")))
            except BoxUnreadable as fault:
                raise ExhibitDamaged(why="与存下时不同，或保密钥匙不是当时的那一把") from fault
            words, files = said["words"], said["files"]
        return Opened(id=it.id, made=it.made, case=it.case, words=words, files=tuple(files), filed=it.filed)

    def _drop(self, rows: Sequence[StoredExhibit]) -> None:
        for row in rows:
            self.blobs.drop(row.blob)


def drop_old(store: Store, days: int) -> int:
    """Forget all that were made longer ago than some days; how many."""
    with store.read() as unit:
        old = unit.jottings.older_than(unit.now - timedelta(days=days))
    if old:
        with store.write("jottings") as unit:
            for id in old:
                unit.jottings.drop(id)
    return len(old)


def _place(id: str, what: str) -> Place:
    return ("jottings", id, what)
