"""The tables. The first block is the truth, the second binds what lies beside it, the third is the register, the
fourth can be rebuilt at any time; the last says who may come in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    literal_column,
    text,
)
from sqlalchemy.types import TypeDecorator

from ...domain.matter import CASE
from ...domain.workflow import WAIT
from ...errors import ValueUnreadable
from ...record.journal import COVERED

T = TypeVar("T")
HEAD = "0102"
"""The migration this code needs; a test holds it to Alembic's own head."""

RETIRED = frozenset({"0001", "0002", "0003", "0004", "0005", "0101"})
"""Revisions from before the first release: they are refused, not brought up."""


def why_unknown(revision: str) -> str:
    """What is to be said of a revision that no migration knows."""
    if revision in RETIRED:
        return (
            f"数据库结构版本 {revision} 是正式发布以前的试用版，记录的写法已经改变，不能升级，内容没有动；"
            "要看旧记录请用当时的程序，新的数据请另建新库（mediation init）"
        )
    return f"数据库结构版本 {revision} 比程序新，请换用相应版本的程序"


APPEND_ONLY = ("orders", "journal", "reads", "people_erasures", "exemptions", "calendar_years", "frozen_reports")
"""Tables on which the database itself refuses UPDATE and DELETE."""


# Texts are compared and sorted by their bytes, as SQLite and Python do it, whatever language the server is set to.
Words = String().with_variant(String(collation="C"), "postgresql")


def read_text(read: Callable[[str], T], value: str) -> T:
    """What a text of ours says. ValueUnreadable where it is none: the database does not see to that, and who writes
    into it behind our back may write anything."""
    try:
        return read(value)
    except (TypeError, ValueError) as fault:
        raise ValueUnreadable(value=str(value)[:40]) from fault


class Moment(TypeDecorator[datetime]):
    """An aware instant as ISO 8601 text in UTC: sorts in time order, the same on every database, never naive."""

    impl = Words
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        return moment_text(value) if value else None

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:
        return read_text(datetime.fromisoformat, value) if value else None


def moment_text(moment: datetime) -> str:
    """How a `Moment` is stored; ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("naive time")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class Day(TypeDecorator[date]):
    """A civil day as ISO 8601 text: sorts in time order, the same on every database."""

    impl = Words
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Any) -> str | None:
        return value.isoformat() if value else None

    def process_result_value(self, value: str | None, dialect: Any) -> date | None:
        return read_text(date.fromisoformat, value) if value else None


metadata = MetaData()


def _table(name: str, *columns: Any) -> Table:
    """A table; where the journal covers it, with the salt of each row in the last column."""
    salt = [Column("salt", LargeBinary)] if name in COVERED else []
    return Table(name, metadata, *columns, *salt)


def _id(name: str, **given: Any) -> Column[str]:
    return Column(name, Words, nullable=False, **given)


# -- the record

# By the first line and not by the last: two that follow on the same one then clash, however many lines each has.
orders = _table(
    "orders",
    _id("case", primary_key=True),
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    _id("command_id"),
    Column("body", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
)
texts = _table(
    "texts",
    _id("case", primary_key=True),
    _id("id", primary_key=True),
    _id("label"),
    Column("salt", LargeBinary),
    Column("words", Words),
)

# -- what binds the rows of all tables below that `COVERED` names

journal = _table(
    "journal",
    _id("chain", primary_key=True),
    Column("serial", BigInteger, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
)

# -- the register

people = _table(
    "people",
    _id("id", primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    _id("organisation"),
    Column("name", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("other_names", Words),
    Column("details", LargeBinary),
)
people_keys = _table(
    "people_keys",
    _id("person", primary_key=True),
    Column("wrapped", LargeBinary),
)
people_erasures = _table(
    "people_erasures",
    _id("person", primary_key=True),
    Column("at", Moment, nullable=False),
    _id("by"),
    _id("ground"),
    Column("basis", Words, nullable=False),
    Column("reason", Words, nullable=False),
)
same_people = _table(
    "same_people",
    _id("one", primary_key=True),
    _id("other", primary_key=True, index=True),
    Column("stands", Boolean, nullable=False),
)
people_index = _table(
    "people_index",
    _id("kind", primary_key=True),
    Column("value", LargeBinary, primary_key=True),
    _id("person", primary_key=True, index=True),
)
organisations = _table(
    "organisations",
    _id("id", primary_key=True),
    Column("name", Words, nullable=False),
    Column("short_name", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("parent", Words),
    Column("level", Words),
    Column("since", Day),
    Column("until", Day),
    Column("contact", Words),
)
actors = _table(
    "actors",
    _id("id", primary_key=True),
    Column("name", Words, nullable=False),
    _id("organisation"),
    Column("offices", Words, nullable=False),
    Column("active", Boolean, nullable=False),
)
numbers = _table(
    "numbers",
    _id("organisation", primary_key=True),
    _id("track", primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

# -- what opens exhibits, whose bytes lie outside

exhibits = _table(
    "exhibits",
    _id("case", primary_key=True),
    _id("id", primary_key=True),
    _id("blob"),
    _id("sealed"),
    Column("size", BigInteger, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("pepper", LargeBinary, nullable=False),
)

# -- what somebody jotted down and has not filed yet; it is nobody else's, and nothing covers it

_UNFILED = text("filed_case IS NULL")
jottings = _table(
    "jottings",
    _id("id", primary_key=True),
    _id("actor"),
    Column("made", Moment, nullable=False, index=True),
    Column("case", Words),
    Column("key", LargeBinary),
    Column("words", LargeBinary),
    Column("filed_at", Moment),
    Column("filed_case", Words),
    Column("filed_line", Integer),
    Index("jottings_by_actor", "actor", "made", "id"),
    Index("jottings_unfiled", "actor", sqlite_where=_UNFILED, postgresql_where=_UNFILED),
)
jotting_files = _table(
    "jotting_files",
    _id("case", primary_key=True),
    _id("id", primary_key=True),
    _id("blob"),
    _id("sealed"),
    Column("size", BigInteger, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("pepper", LargeBinary, nullable=False),
)

# -- the years of the calendar that were handed in

calendar_years = _table(
    "calendar_years",
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("paper", Words, nullable=False),
    Column("paper_day", Day, nullable=False),
    Column("text", Words, nullable=False),
    Column("days", Words, nullable=False),
    _id("imported_by"),
    Column("imported_at", Moment, nullable=False),
)

# -- read models, outbox, reads

_OPEN = text("closed IS NULL")
_FOLLOWING = text("predecessor IS NOT NULL")
_REPORTED = text("reporter IS NOT NULL")
_OF_CASES = text(f"matter = '{CASE}'")
case_list = _table(
    "case_list",
    _id("case", primary_key=True),
    Column("version", Integer, nullable=False),
    _id("workflow"),
    _id("organisation"),
    _id("matter"),
    Column("track", Words),
    Column("number", Words),
    Column("dispute", Words),
    _id("phase"),
    _id("state"),
    Column("closed", Words),
    Column("opened", Moment, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("rounds", Integer),
    Column("parties", Integer),
    Column("mediator", Words),
    Column("agreed", BigInteger),
    Column("open_parts", Integer, nullable=False),
    Column("kind", Words),
    Column("district", Words),
    Column("raised", Words),
    Column("settled", Words),
    Column("reporter", Words),
    Column("predecessor", Words),
    Column("kept", Integer, nullable=False),
    # No two cases have one number. What has one from outside is of its organisation: two may be told of the same.
    Index("ix_case_list_number", "number", unique=True, sqlite_where=_OF_CASES, postgresql_where=_OF_CASES),
    Index("case_list_by_number", "number", "matter", "organisation", unique=True),
    # Few cases follow on another.
    Index("case_list_by_predecessor", "predecessor", sqlite_where=_FOLLOWING, postgresql_where=_FOLLOWING),
    # What grid workers reported is little of all there is.
    Index("case_list_by_reporter", "reporter", "opened", "case", sqlite_where=_REPORTED, postgresql_where=_REPORTED),
    Index("case_list_by_organisation", "organisation", "case"),
    # By when a case was registered and not by when it was last moved: that would cost every order an index.
    Index("case_list_by_opening", "organisation", "opened", "case"),
    # Only of what is open: of many cases few are, and one that is closed or never moves again costs no index.
    Index("case_list_open", "organisation", "case", sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("case_list_by_mediator", "mediator", "case", sqlite_where=_OPEN, postgresql_where=_OPEN),
    # Of what a case is about, which is said at its opening and hardly ever changes.
    Index("case_list_by_dispute", "organisation", "dispute", "case"),
    Index("case_list_by_mediator_and_opening", "mediator", "organisation", "opened", "case"),
)
_WAITING = text(f"kind = '{WAIT}'")
DUTY, LAPSING = text("NOT lapses"), text("lapses")
"""Of what falls due: what somebody is late with, and a right that lapses."""
due_dates = _table(
    "due_dates",
    _id("case", primary_key=True),
    _id("instance", primary_key=True),
    _id("kind", primary_key=True),
    Column("due", Day, nullable=False),
    Column("lapses", Boolean, nullable=False),
    # In the order in which it is gone through: who takes some of it at a time need not sort the rest.
    Index("due_dates_by_day", "due", "case", "instance", "kind", sqlite_where=DUTY, postgresql_where=DUTY),
    # Rights that have lapsed stay behind, and duties are looked for without them.
    Index("due_dates_lapsing", "due", "case", "instance", "kind", sqlite_where=LAPSING, postgresql_where=LAPSING),
    # Few of many wait: a board finds them without going through all that falls due.
    Index("due_dates_waiting", "due", sqlite_where=_WAITING, postgresql_where=_WAITING),
)
WAITING = due_dates.c.kind == literal_column(f"'{WAIT}'")
"""Since when something waits. The word stands for itself: with a value bound to it their index is not used."""
named = _table(
    "named",
    _id("case", primary_key=True),
    _id("instance", primary_key=True),
    _id("person", index=True),
)
corrections = _table(
    "corrections",
    _id("case", primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("corrects", Integer, nullable=False),
    Column("struck", Boolean, nullable=False),
    Column("actor", Words),
    Column("recorded", Moment, nullable=False, index=True),
)
marks = _table(
    "marks",
    _id("case", primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    _id("code", primary_key=True),
    _id("kind"),
    Column("actor", Words),
    Column("recorded", Moment, nullable=False, index=True),
)
tasks = _table(
    "tasks",
    _id("case", primary_key=True),
    _id("instance", primary_key=True),
    _id("kind", primary_key=True),
)
mentions = _table(
    "mentions",
    _id("case", primary_key=True),
    _id("other", primary_key=True, index=True),
)
counted = _table(
    "counted",
    _id("case", primary_key=True),
    _id("what", primary_key=True),
    _id("key", primary_key=True),
    Column("known", Moment, primary_key=True),
    Column("until", Moment),
    _id("organisation"),
    Column("day", Day),
    _id("kind"),
    _id("form"),
    Column("amount", BigInteger),
    Column("people", BigInteger),
    _id("district"),
    _id("dispute"),
    _id("source"),
    _id("mediator"),
    _id("level"),
    # All that a period asks for stands in it: the page of figures reads no row of the table itself.
    Index(
        "counted_by_what",
        *("organisation", "what", "day", "kind", "known", "until", "form", "amount", "people"),
        *("district", "dispute", "source", "mediator", "level"),
    ),
)
uncounted = _table("uncounted", _id("case", primary_key=True))
"""Cases of which `counted` is older than their record."""
number_words = _table(
    "number_words",
    _id("word", primary_key=True),
    _id("case", primary_key=True, index=True),
)
name_words = _table(
    "name_words",
    _id("word", primary_key=True),
    _id("person", primary_key=True, index=True),
)
outbox = _table(
    "outbox",
    _id("case", primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    _id("event"),
)
reads = _table(
    "reads",
    Column("serial", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _id("actor"),
    _id("office"),
    _id("case", index=True),
    _id("what"),
    Column("at", Moment, nullable=False),
    Column("person", Words, index=True),
    Column("reason", Words),
)

# -- who may come in

accounts = _table(
    "accounts",
    _id("actor", primary_key=True),
    Column("password", Words, nullable=False),
    Column("changed", Moment, nullable=False),
    Column("once_until", Moment),
    Column("totp", Words),
    Column("totp_step", BigInteger, nullable=False),
)
sign_ins = _table(
    "sign_ins",
    _id("key", primary_key=True),
    _id("actor", index=True),
    Column("began", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("device", Words, nullable=False),
    Column("kept", Words, nullable=False),
)
tries = _table(
    "tries",
    _id("key", primary_key=True),
    Column("failed", Integer, nullable=False),
    Column("last", Moment, nullable=False),
)

# -- what was typed and not given yet; nothing covers it

drafts = _table(
    "drafts",
    _id("owner", primary_key=True),
    _id("path", primary_key=True),
    _id("form", primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("given", Boolean, nullable=False),
    Column("sealed", Words, nullable=False),
)

# -- what the columns of a room's own ledger are called; nothing covers it

ledger_headers = _table(
    "ledger_headers",
    _id("organisation", primary_key=True),
    _id("header", primary_key=True),
    _id("column"),
)

# -- what programs come in with

tokens = _table(
    "tokens",
    _id("key", primary_key=True),
    _id("id", unique=True),
    Column("name", Words, nullable=False),
    _id("actor"),
    _id("office"),
    Column("scopes", Words, nullable=False),
    Column("made", Moment, nullable=False),
    Column("until", Day, nullable=False),
    Column("seen", Day),
    Column("ended", Moment),
)

# -- what somebody without an account comes in with

links = _table(
    "links",
    _id("id", primary_key=True),
    _id("key", unique=True),
    Column("pin", Words, nullable=False),
    _id("kind"),
    _id("case", index=True),
    _id("instance"),
    _id("person"),
    _id("issued_by"),
    Column("issued", Moment, nullable=False),
    Column("until", Day, nullable=False),
    Column("revoked", Moment),
    Column("wrong", Integer, nullable=False),
    Column("opened", Moment),
    Column("used", Moment),
    Column("session", Words, index=True),
    Column("entered", Moment),
    Column("seen", Moment),
    Column("code", Words, unique=True),
    Column("texts", Words),
    Column("window", Boolean, nullable=False),
    Column("called", Moment, index=True),
    Column("phone", Words),
)

# -- who stands in for the lead

substitutions = _table(
    "substitutions",
    _id("id", primary_key=True),
    _id("organisation"),
    _id("actor"),
    Column("acts", Words, nullable=False),
    Column("first", Day, nullable=False),
    Column("last", Day, nullable=False),
    _id("named_by"),
    Column("ended", Moment),
)

# -- what was set aside of what self-checks find

exemptions = _table(
    "exemptions",
    _id("id", primary_key=True),
    _id("case", index=True),
    _id("rule"),
    Column("about", Words, nullable=False),
    Column("reason", Words, nullable=False),
    _id("by"),
    _id("office"),
    Column("at", Moment, nullable=False),
    Column("ends", Words),
)

# -- what was sent upwards, as it was then

frozen_reports = _table(
    "frozen_reports",
    _id("id", primary_key=True),
    _id("organisation", index=True),
    _id("period"),
    Column("forms", Boolean, nullable=False),
    Column("body", Words, nullable=False),
    _id("digest"),
    _id("by"),
    Column("at", Moment, nullable=False),
    Column("after", Words),
)

# -- what a notice changed; derived, so that nothing covers it (decision 44)

recounts = _table(
    "recounts",
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    _id("after"),
    Column("done", Moment),
)
moved_deadlines = _table(
    "moved_deadlines",
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    _id("case", primary_key=True),
    _id("instance", primary_key=True),
    _id("kind", primary_key=True),
    Column("before", Day, nullable=False),
    Column("after", Day, nullable=False),
)

# -- what is told to the staff; none of it is covered but where it is sent (decision 41)

claims = _table(
    "claims",
    _id("case", primary_key=True),
    _id("instance", primary_key=True),
    _id("kind", primary_key=True),
    Column("due", Day, primary_key=True),
    Column("at", Moment, nullable=False),
)
_UNREAD = text("read IS NULL")
messages = _table(
    "messages",
    _id("id", primary_key=True),
    _id("recipient"),
    _id("topic"),
    _id("case"),
    _id("instance"),
    _id("workflow"),
    Column("day", Day, nullable=False),
    Column("written", Moment, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("version", Integer),
    Column("read", Moment),
    Index("messages_by_recipient", "recipient", "written", "id"),
    Index("messages_unread", "recipient", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
)
_ON_ITS_WAY = text("sent IS NULL AND dead IS NULL")
sendings = _table(
    "sendings",
    _id("message", primary_key=True),
    _id("channel", primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("next", Moment, nullable=False),
    Column("sent", Moment),
    Column("dead", Moment),
    Column("fault", Words, nullable=False),
    Index("sendings_on_their_way", "next", sqlite_where=_ON_ITS_WAY, postgresql_where=_ON_ITS_WAY),
)
contacts = _table(
    "contacts",
    _id("actor", primary_key=True),
    _id("channel", primary_key=True),
    Column("address", Words, nullable=False),
    _id("takes"),
)
parked = _table(
    "parked",
    _id("case", primary_key=True),
    _id("kind", primary_key=True),
    _id("instance", primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("why", Words, nullable=False),
    Column("at", Moment, nullable=False),
)
heartbeats = _table(
    "heartbeats",
    _id("worker", primary_key=True),
    Column("at", Moment, nullable=False),
)


def content(table: Table) -> list[Column[Any]]:
    """The columns of a covered table but the salt, in their order."""
    return [column for column in table.columns if column.name != "salt"]
