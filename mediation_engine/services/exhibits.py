"""Exhibits: filed through the door with their bytes, opened again, looked through, swept."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from ..audit import FileKept
from ..domain.files import FileHeld, size_words
from ..domain.order import Order, Receipt
from ..encryption.boxes import Place, new_key
from ..encryption.room_key import RoomKey
from ..errors import (
    ActorNotFound,
    BoxUnreadable,
    CommandIdReused,
    ExhibitDamaged,
    ExhibitNotFound,
    ExhibitUnfit,
    MediationError,
    StoreUnavailable,
)
from ..exhibits.chunks import CHUNK, decrypted, encrypted
from ..ids import Randomness
from ..ports.blobs import Blobs
from ..ports.exhibits import ExhibitLimits, Handed, StoredExhibit
from ..ports.register import Entered, Person
from ..ports.store import Store, files_in
from .case_view import CaseView
from .mediation import MediationService, newcomer

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitService:
    """The way of exhibits to and from the folder where their bytes lie."""

    door: MediationService
    blobs: Blobs
    room_key: RoomKey
    limits: ExhibitLimits = field(default_factory=ExhibitLimits)

    def check(self, contents: Sequence[bytes]) -> None:
        """Say whether some bytes would be kept. ExhibitUnfit."""
        for content in contents:
            media_of(content, self.limits)

    def file(self, order: Order, contents: Sequence[bytes], entered: Sequence[Entered] = ()) -> Receipt:
        """Carry out an order that files some bytes, once: the same order again gets the same receipt.

        People `entered` come into the register in the same transaction.

        Raises:
            ExhibitUnfit: one of them is not to be kept.
            Refused and the like, as `MediationService.submit`.
        """
        return self.file_together([], order, contents, entered=entered)[0]

    def file_together(
        self,
        before: Sequence[Order],
        order: Order,
        contents: Sequence[bytes],
        people: Sequence[Person] = (),
        entered: Sequence[Entered] = (),
        jotting: str | None = None,
    ) -> list[Receipt]:
        """The same after other orders of the case, all in one transaction; see `MediationService.submit_together`."""
        looked_at = [(content, media_of(content, self.limits)) for content in contents]
        organisation = self._organisation(order, entered)
        given: CommandIdReused | None = None
        for _ in range(2):
            known = self._known(order)
            ids = (_id(organisation, order, n) for n in range(len(looked_at)))
            held = [self._held(order.case, id, *one, known) for id, one in zip(ids, looked_at, strict=True)]
            rows = [row for row, _ in held if row.id not in known]
            refs = tuple(ref.written() for _, ref in held)
            command: Any = order.command
            try:
                handed = {order.id: Handed(rows=rows, limits=self.limits)}
                orders = [*before, replace(order, command=replace(command, files=refs))]
                return self.door.submit_together(orders, people, handed, entered, jotting)
            except StoreUnavailable:  # perhaps after the commit: what then lies there without a line is swept
                raise
            except CommandIdReused as fault:  # the very same may have come in meanwhile, under salts of its own
                self._drop(rows)
                given = fault
            except MediationError:
                self._drop(rows)
                raise
        assert given is not None
        raise given

    def content(self, view: CaseView, id: str) -> tuple[str, FileHeld, bytes]:
        """The instance, what stands in the record of it, and the bytes of an exhibit its reader may open.

        ExhibitNotFound, ExhibitDamaged.
        """
        key, held = found_in(view, id)
        return key, held, self.content_of(self.rows(view.case.id).get(id), held)

    def same_as(self, view: CaseView, content: bytes) -> list[str]:
        """The instances, of those that the reader may open, whose file has the very same bytes."""
        rows, held = self.rows(view.case.id), view.case.facts.files()
        there = ((key, FileHeld.read(ref)) for key, ref in held.items())
        alike = ((key, it, rows.get(it.id)) for key, it in there if it is not None and it.size == len(content))
        return [key for key, it, row in alike if row and digest_of_file(row.pepper, content) == it.digest]

    def rows(self, case: str) -> Mapping[str, StoredExhibit]:
        """What is kept of the exhibits of a case, by id."""
        with self.door.store.read() as unit:
            return unit.exhibits.of(case)

    def content_of(self, row: StoredExhibit | None, held: FileHeld) -> bytes:
        """The bytes of an exhibit by what is kept of it. ExhibitNotFound, ExhibitDamaged."""
        if row is None:
            raise ExhibitNotFound
        content = b"".join(self.parts(row))
        if not hmac.compare_digest(digest_of_file(row.pepper, content), held.digest):
            raise ExhibitDamaged(why="与记录的校验码不符")
        return content

    def parts(self, row: StoredExhibit) -> Iterator[bytes]:
        """The bytes of an exhibit. ExhibitDamaged."""
        return opened_parts(row, self.blobs, self.room_key)

    def _known(self, order: Order) -> Mapping[str, StoredExhibit]:
        """What is there of it already, where it was given before."""
        return self.rows(order.case)

    def _held(
        self, case: str, id: str, content: bytes, media: str, known: Mapping[str, StoredExhibit]
    ) -> tuple[StoredExhibit, FileHeld]:
        """The row and the reference of a file; its bytes are on the disk."""
        row = known.get(id) or kept_of(case, id, content, self.blobs, self.room_key, self.door.randomness)
        ref = FileHeld(id=id, size=len(content), media=media, digest=digest_of_file(row.pepper, content))
        return row, ref

    def _organisation(self, order: Order, entered: Sequence[Entered]) -> str:
        """Whose staff gives an order. ActorNotFound."""
        with self.door.store.read() as unit:
            actor = unit.register.actor(order.actor) or newcomer(order, entered)
        if actor is None:
            raise ActorNotFound(actor=order.actor)
        return actor.organisation

    def _drop(self, rows: Sequence[StoredExhibit]) -> None:
        for row in rows:
            self.blobs.drop(row.blob)


def media_of(content: bytes, limits: ExhibitLimits) -> str:
    """What some bytes are (media type). ExhibitUnfit where they are not to be kept."""
    if len(content) > limits.each:
        raise ExhibitUnfit(why=f"一个文件不能超过 {size_words(limits.each)}")
    from ..exhibits.kinds import examined  # it takes a while to read in, and most have no files

    return examined(content)


def kept_of(
    case: str, id: str, content: bytes, blobs: Blobs, room_key: RoomKey, randomness: Randomness
) -> StoredExhibit:
    """The row of some bytes; they are on the disk, encrypted with a key of their own. BlobsUnwritable."""
    key, seen = new_key(randomness), hashlib.sha256()

    def parts() -> Iterator[bytes]:
        for part in encrypted(key, id, content, randomness):
            seen.update(part)
            yield part

    blob = blobs.put(parts())
    return StoredExhibit(
        case=case,
        id=id,
        blob=blob,
        sealed=seen.hexdigest(),
        size=len(content),
        key=room_key.wrap(key, _place(case, id), randomness),
        pepper=randomness(16),
    )


def _id(organisation: str, order: Order, number: int) -> str:
    """The same for the same order, and it says nothing: an order's id is random."""
    named = f"{organisation}\n{order.case}\n{order.id}\nfiles.{number}"
    return hashlib.sha256(named.encode()).hexdigest()[:32]


def found_in(view: CaseView, id: str) -> tuple[str, FileHeld]:
    """The instance of an exhibit by its id, and what stands in the record of it. ExhibitNotFound."""
    for key, ref in view.case.facts.files().items():
        held = FileHeld.read(ref)
        if held is not None and held.id == id:
            return key, held
    raise ExhibitNotFound


def digest_of_file(pepper: bytes, content: bytes) -> str:
    """What stands in the record of some bytes, in hex."""
    return hmac.new(pepper, content, hashlib.sha256).hexdigest()


def _place(case: str, id: str) -> Place:
    return ("exhibits", case, id, "key")


def opened_parts(row: StoredExhibit, blobs: Blobs, room_key: RoomKey) -> Iterator[bytes]:
    """The bytes of an exhibit. ExhibitDamaged where they are not what was put there."""
    try:
        key = room_key.unwrap(row.key, _place(row.case, row.id))
        with blobs.open(row.blob) as kept:
            yield from decrypted(key, row.id, kept)
    except BoxUnreadable as fault:
        raise ExhibitDamaged(why="与存下时不同，或保密钥匙不是当时的那一把") from fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where the bytes of exhibits lie, and what opens them; without the room's key it is only seen that they are those
    that were put there."""

    blobs: Blobs
    room_key: RoomKey | None

    def look_at(self, row: StoredExhibit) -> FileKept:
        """What is known of the bytes of one."""
        salt = row.pepper
        try:
            if not is_as_sealed(row, self.blobs):
                return FileKept(fault="存放的文件被换过或改动过", salt=salt)
            if self.room_key is None:
                return FileKept(salt=salt)
            seen = hmac.new(row.pepper, digestmod=hashlib.sha256)
            for part in opened_parts(row, self.blobs, self.room_key):
                seen.update(part)
            return FileKept(digest=seen.hexdigest(), salt=salt)
        except ExhibitDamaged as fault:
            return FileKept(fault=fault.about["why"], salt=salt)

    def fingerprint(self, row: StoredExhibit) -> bytes | None:
        """A digest that two files share only where they are the same; None without the room's key. ExhibitDamaged."""
        if self.room_key is None:
            return None
        seen = hashlib.sha256()
        for part in opened_parts(row, self.blobs, self.room_key):
            seen.update(part)
        return seen.digest()


def is_as_sealed(row: StoredExhibit, blobs: Blobs) -> bool:
    """Whether the bytes lie there as they were put; asks for no key. ExhibitDamaged where there are none."""
    seen = hashlib.sha256()
    with blobs.open(row.blob) as kept:
        while part := kept.read(CHUNK):
            seen.update(part)
    return seen.hexdigest() == row.sealed


def sweep(store: Store, blobs: Blobs, now: datetime) -> list[str]:
    """Take away bytes that no line speaks of, a day after they came; their names. BlobsHeld while a backup is taken."""
    with blobs.alone():
        old = [name for name, written in blobs.names() if written < now - A_DAY]
        with store.read() as unit:
            named = {row.blob for row in files_in(unit)}
        lone = [name for name in old if name not in named]
        for name in lone:
            blobs.drop(name)
    return lone
