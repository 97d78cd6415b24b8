"""Accounts, sign-ins and tries in the database."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from ...ports.accounts import Account, SignIn, Tries
from . import schema as s
from .journal import SqlJournal
from .schema import content, moment_text
from .work import Work, replacing


class SqlAccounts:
    """See `ports.accounts.Accounts`."""

    def __init__(self, work: Work, journal: SqlJournal) -> None:
        self._db, self._journal = work, journal

    def account(self, actor: str) -> Account | None:
        row = self._db.execute(select(*content(s.accounts)).where(s.accounts.c.actor == actor)).first()
        return Account(**row._mapping) if row else None

    def accounts(self) -> list[Account]:
        found = self._db.execute(select(*content(s.accounts)).order_by(s.accounts.c.actor))
        return [Account(**row._mapping) for row in found]

    def put_account(self, account: Account) -> None:
        self._journal.put(s.accounts, _stored(account))

    def sign_in(self, key: str) -> SignIn | None:
        row = self._db.execute(select(s.sign_ins).where(s.sign_ins.c.key == key)).first()
        return SignIn(**row._mapping) if row else None

    def sign_ins(self, actor: str) -> list[SignIn]:
        c = s.sign_ins.c
        own = select(s.sign_ins).where(c.actor == actor).order_by(c.seen.desc(), c.key.desc())
        return [SignIn(**row._mapping) for row in self._db.execute(own)]

    def begin(self, sign_in: SignIn) -> None:
        self._db.execute(insert(s.sign_ins), [asdict(sign_in)])

    def go_on(self, key: str, *, seen: datetime, kept: str) -> None:
        self._db.execute(update(s.sign_ins).where(s.sign_ins.c.key == key).values(seen=seen, kept=kept))

    def end(self, key: str) -> None:
        self._db.execute(delete(s.sign_ins).where(s.sign_ins.c.key == key))

    def end_all(self, actor: str, *, but: str = "") -> None:
        c = s.sign_ins.c
        self._db.execute(delete(s.sign_ins).where(c.actor == actor, c.key != but))

    def end_older(self, began: datetime) -> None:
        self._db.execute(delete(s.sign_ins).where(s.sign_ins.c.began < began))

    def tries(self, key: str) -> Tries | None:
        row = self._db.execute(select(s.tries).where(s.tries.c.key == key)).first()
        return Tries(**row._mapping) if row else None

    def tries_of(self, beginning: str) -> list[Tries]:
        c = s.tries.c
        found = select(s.tries).where(c.key.startswith(beginning, autoescape=True)).order_by(c.key)
        return [Tries(**row._mapping) for row in self._db.execute(found)]

    def put_tries(self, tries: Tries) -> None:
        self._db.later(replacing(s.tries), [_stored(tries)])

    def forget_tries(self, *keys: str) -> None:
        self._db.execute(delete(s.tries).where(s.tries.c.key.in_(keys)))

    def forget_older_tries(self, last: datetime) -> None:
        self._db.execute(delete(s.tries).where(s.tries.c.last < last))


def _stored(row: Account | Tries) -> tuple[Any, ...]:
    """The fields, which stand in the order of the columns, as a statement without SQLAlchemy takes them."""
    values = asdict(row).values()
    return tuple(moment_text(value) if isinstance(value, datetime) else value for value in values)
