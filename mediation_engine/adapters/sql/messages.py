"""Claims, messages, sendings, contacts and the heartbeat in the database.

A claim is taken under a lock on the row of what falls due, which others pass over; and as it stands under a unique key,
no two have it whatever they saw.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import RowMapping, select, update

from ...domain.message import DIGEST, Takes
from ...ports.messages import BEGINNING, Contact, Heartbeat, Item, Message, Parked, Place, Sending, Window
from ...ports.views import Notice
from . import schema as s
from .journal import SqlJournal
from .schema import moment_text
from .work import Values, Work, columns, inserting, replacing

E = TypeVar("E")
_DUE = (
    'SELECT d."case", d.instance, d.kind, d.due, l.organisation, l.workflow, l.mediator '
    'FROM due_dates d JOIN case_list l ON l."case" = d."case" '
    'WHERE {lapses} AND d.due >= ? AND d.due <= ? AND (d.due, d."case", d.instance, d.kind) > (?, ?, ?, ?) '
    "AND d.kind <> 'wait'{kinds}{workflows} AND NOT EXISTS "
    '(SELECT 1 FROM claims c WHERE c."case" = d."case" AND c.instance = d.instance AND c.kind = {claimed} '
    "AND c.due = d.due) "
    'ORDER BY d.due, d."case", d.instance, d.kind LIMIT ?'
)
_WAITING = 'SELECT "case", version, event FROM outbox ORDER BY "case", version LIMIT ?'
_DROP_NOTICE = 'DELETE FROM outbox WHERE "case" = ? AND version = ?'
_PUT_MESSAGE, _PUT_SENDING, _PARK, _PUT_NOTICE = (
    f"{inserting(table)} ON CONFLICT DO NOTHING" for table in (s.messages, s.sendings, s.parked, s.outbox)
)
_NEXT = (
    "SELECT w.message, w.channel FROM sendings w JOIN messages m ON m.id = w.message "
    "WHERE w.sent IS NULL AND w.dead IS NULL AND (w.next <= ? OR w.next > ?) AND w.channel IN ({channels}){urgent} "
    "ORDER BY w.next, w.message, w.channel LIMIT 1"
)
_TRY = "UPDATE sendings SET tries = tries + 1, next = ? WHERE message = ? AND channel = ?"
_UNREAD = "SELECT count(*) FROM messages WHERE recipient = ? AND read IS NULL"
_BEAT = "SELECT at FROM heartbeats WHERE worker = ?"
WORKER = "worker"
"""Whose heart beats: of however many there are it is the latest that counts."""


def _due(window: Window) -> str:
    """What asks for what is in a window. Duties and rights lie under indexes of their own."""

    def among(column: str, values: Collection[str]) -> str:
        return f" AND {column} IN ({', '.join('?' * len(values))})" if values else ""

    kinds, workflows = among("d.kind", window.kinds), among("l.workflow", window.workflows)
    claimed = "d.kind || ?" if window.mark else "d.kind"
    return _DUE.format(
        claimed=claimed, lapses="d.lapses" if window.lapses else "NOT d.lapses", kinds=kinds, workflows=workflows
    )


@cache
def _claiming(rows: int) -> str:
    places = ", ".join(["(?, ?, ?, ?, ?)"] * rows)
    return (
        f"INSERT INTO claims ({columns(s.claims)}) VALUES {places} "
        'ON CONFLICT DO NOTHING RETURNING "case", instance, kind'
    )


class SqlMessages:
    """See `ports.messages.Messages`."""

    def __init__(self, work: Work, journal: SqlJournal, now: Callable[[], datetime]) -> None:
        self._db, self._journal, self._now = work, journal, now

    # -- claims

    def claim_due(
        self, window: Window, *, after: Place = BEGINNING, most: int = 500
    ) -> tuple[list[Item], Place | None]:
        days = (window.since.isoformat(), window.until.isoformat(), after[0].isoformat())
        some = (*sorted(window.kinds), *sorted(window.workflows))
        values = (*days, *after[1:], *some, *([window.mark] if window.mark else []), most)
        *_, found = self._db.ask(*self._db.planned_anew, (_due(window) + self._db.to_take.format("d"), values))
        if not found:
            return [], None
        at = moment_text(self._now())
        rows = [value for row in found for value in (*row[:2], window.claim(row[2]), row[3], at)]
        [won] = self._db.ask((_claiming(len(found)), tuple(rows)))
        claimed = {tuple(row) for row in won}
        items = [Item._make((*row[:3], date.fromisoformat(row[3]), *row[4:])) for row in found]
        return [it for it in items if (it.case, it.instance, window.claim(it.kind)) in claimed], items[-1].place

    def claim_notices(self, most: int = 500) -> list[Notice]:
        [found] = self._db.ask((_WAITING + self._db.to_take.format("outbox"), (most,)))
        self._db.later(_DROP_NOTICE, [(case, version) for case, version, _ in found])
        return [Notice(case=case, version=version, event=event) for case, version, event in found]

    # -- messages

    def put(self, messages: Iterable[Message], sendings: Iterable[Sending]) -> None:
        self._db.later(_PUT_MESSAGE, [_values(it, s.messages) for it in messages])
        self._db.later(_PUT_SENDING, [_values(it, s.sendings) for it in sendings])

    def withdraw(self, case: str, versions: Collection[int]) -> None:
        if not versions:
            return
        m, w = s.messages.c, s.sendings.c
        sent = select(w.message).where(w.message == m.id, w.sent.is_not(None)).exists()
        gone = select(m.id).where(m.case == case, m.version.in_(list(versions)), m.read.is_(None), ~sent)
        ids = list(self._db.execute(gone).scalars())
        if ids:
            self._db.execute(s.sendings.delete().where(w.message.in_(ids)))
            self._db.execute(s.messages.delete().where(m.id.in_(ids)))
        aside = s.parked.c
        self._db.execute(s.parked.delete().where(aside.case == case, aside.version.in_(list(versions))))

    def unread(self, recipient: str) -> int:
        [[[count]]] = self._db.ask((_UNREAD, (recipient,)))
        return int(count)

    def of(self, recipient: str, *, skip: int = 0, most: int = 50, unread: bool = False) -> list[Message]:
        m = s.messages.c
        wanted = [m.recipient == recipient, m.topic != DIGEST, *([m.read.is_(None)] if unread else [])]
        found = select(s.messages).where(*wanted).order_by(m.written.desc(), m.id.desc())
        return [Message(**row._mapping) for row in self._db.execute(found.offset(skip).limit(most))]

    def some(self, recipient: str, ids: Collection[str]) -> list[Message]:
        m = s.messages.c
        found = select(s.messages).where(m.id.in_(ids), m.recipient == recipient).order_by(m.id)
        return [Message(**row._mapping) for row in self._db.execute(found)]

    def mark_read(self, recipient: str, ids: Collection[str] | None = None) -> None:
        m = s.messages.c
        unread = update(s.messages).where(m.recipient == recipient, m.read.is_(None))
        self._db.execute((unread if ids is None else unread.where(m.id.in_(ids))).values(read=self._now()))

    # -- sendings

    def take(
        self, until: datetime, furthest: datetime, channels: Collection[str], *, urgent: bool
    ) -> tuple[Message, Sending] | None:
        if not channels:
            return None
        asked = _NEXT.format(channels=", ".join("?" * len(channels)), urgent=" AND m.urgent" if urgent else "")
        values = (moment_text(self._now()), moment_text(furthest), *sorted(channels))
        [found] = self._db.ask((asked + self._db.to_take.format("w"), values))
        if not found:
            return None
        [key] = found
        self._db.later(_TRY, [(moment_text(until), *key)])
        w = s.sendings.c
        [taken] = self._joined(select(s.messages, s.sendings).where(w.message == key[0], w.channel == key[1]))
        return taken

    def _joined(self, asked: Any) -> list[tuple[Message, Sending]]:
        found = asked.where(s.messages.c.id == s.sendings.c.message)
        size = len(s.messages.columns)
        return [
            (_entity(Message, tuple(row)[:size]), _entity(Sending, tuple(row)[size:]))
            for row in self._db.execute(found)
        ]

    def sending(self, message: str, channel: str) -> Sending | None:
        w = s.sendings.c
        row = self._db.execute(select(s.sendings).where(w.message == message, w.channel == channel)).first()
        return Sending(**row._mapping) if row else None

    def put_sending(self, sending: Sending) -> None:
        self._db.later(replacing(s.sendings), [_values(sending, s.sendings)])

    def sendings(self, *, dead: bool, most: int = 200) -> list[tuple[Message, Sending]]:
        w = s.sendings.c
        asked = select(s.messages, s.sendings).where(w.dead.is_not(None) if dead else w.sent.is_(None))
        return self._joined(asked.order_by(s.messages.c.written, w.message, w.channel).limit(most))

    # -- contacts

    def contacts(self, actor: str | None = None) -> Sequence[Contact]:
        c = s.contacts.c
        found = select(*s.content(s.contacts)).order_by(c.actor, c.channel)
        return [
            _contact(r._mapping) for r in self._db.execute(found if actor is None else found.where(c.actor == actor))
        ]

    def put_contact(self, contact: Contact) -> None:
        self._journal.put(s.contacts, (contact.actor, contact.channel, contact.address, contact.takes.value))

    def drop_contact(self, actor: str, channel: str) -> None:
        c = s.contacts.c
        gone = s.contacts.delete().where(c.actor == actor, c.channel == channel).returning(c.actor)
        if self._db.execute(gone).first():
            self._journal.drop(s.contacts, (actor, channel))

    # -- what is put aside

    def park(self, parked: Iterable[Parked]) -> None:
        self._db.later(_PARK, [_values(it, s.parked) for it in parked])

    def parked(self) -> list[Parked]:
        p = s.parked.c
        found = select(s.parked).order_by(p.at, p.case, p.kind, p.instance, p.version)
        return [Parked(**row._mapping) for row in self._db.execute(found)]

    def take_up(self) -> int:
        taken = [Parked(**row._mapping) for row in self._db.execute(s.parked.delete().returning(s.parked))]
        self._db.later(_PUT_NOTICE, [(it.case, it.version, it.kind) for it in taken if it.version])
        return len(taken)

    # -- the heartbeat

    def beat(self) -> None:
        self._db.later(replacing(s.heartbeats), [(WORKER, moment_text(self._now()))])

    def heartbeat(self) -> Heartbeat | None:
        [found] = self._db.ask((_BEAT, (WORKER,)))
        return Heartbeat(at=datetime.fromisoformat(found[0][0])) if found else None


def _contact(row: RowMapping) -> Contact:
    return Contact(**{**row, "takes": Takes.named(row["takes"]) or Takes.ALL})


def _entity(kind: type[E], values: Values) -> E:
    return kind(**dict(zip((f.name for f in fields(kind)), values, strict=True)))  # type: ignore[arg-type]


def _values(entity: object, table: Any) -> Values:
    """An entity as a row of its table, as a statement without SQLAlchemy takes it."""
    return tuple(_stored(getattr(entity, str(column.name))) for column in table.columns)


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment_text(value)
    return value.isoformat() if isinstance(value, date) else value
