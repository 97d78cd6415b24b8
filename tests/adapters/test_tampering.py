"""Everything beside the orders edited behind the program's back, by somebody who knows how it is made.

One table of ways: each is found by audit, found with a checkpoint kept elsewhere, or said in README not to be covered.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from enum import Enum
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from mediation_engine.adapters.sql import SqlStore, open_store, prepare
from mediation_engine.adapters.sql.engine import open_engine
from mediation_engine.adapters.sql.files import library
from mediation_engine.adapters.sql.schema import metadata
from mediation_engine.audit import Checkpoint, Fault, Finding
from mediation_engine.clock import FixedClock
from mediation_engine.domain.correcting import StrikeOrder
from mediation_engine.domain.fields import Text
from mediation_engine.domain.line import GENESIS
from mediation_engine.domain.roles import Office
from mediation_engine.errors import LineUnreadable
from mediation_engine.ids import seeded_randomness
from mediation_engine.ports.accounts import SignIn, Tries
from mediation_engine.record.codec import canonical, digest_of
from mediation_engine.record.journal import COVERED, Chain, Entry, SideRow, covered_part, decode_entry, digest_of_row
from mediation_engine.services.counting import count
from mediation_engine.services.maintenance import audit_chains, audit_store, checkpoint, rebuild
from mediation_engine.services.mediation import MediationService
from web.wiring import catalogue
from workflows.parts.block import RecordTalk
from workflows.parts.note import RecordNote

from ..contracts.samples import (
    ACCOUNT,
    CONTACT,
    ERASURE,
    EXEMPTION,
    EXHIBIT,
    LINK,
    MESSAGE,
    MOMENT,
    REPORT,
    SUBSTITUTION,
    TOKEN,
    YEAR,
)
from ..support.story import NOW, Story, erase

README = Path(__file__).parents[2] / "README.md"
CATALOGUE = catalogue()
BOOLEANS = {"active", "forms", "stands", "window"}
"""Columns that SQLite keeps as 0 and 1."""
KEPT, GONE = "只要八千", "要一万二"
"""Words that are kept, and words that were erased by an order."""


class Verdict(Enum):
    """How an edit comes out."""

    FOUND = "found"
    WITH_CHECKPOINT = "found with a checkpoint"
    NOT_COVERED = "not covered"


F, W, N = Verdict


class Hands:
    """Somebody's hands in a database."""

    def __init__(self, db: Any) -> None:
        self.db = db

    def do(self, sql: str, *given: Any) -> None:
        assert self.db.execute(sql, given).rowcount, f"nothing was done: {sql}"

    def ask(self, sql: str, *given: Any) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.db.execute(sql, given).fetchall()
        return found

    def entries(self, chain: Chain) -> list[tuple[int, Entry]]:
        rows = self.ask("SELECT serial, body FROM journal WHERE chain=? ORDER BY serial", chain.value)
        return [(serial, decode_entry(body)) for serial, body in rows]

    def rows(self, table: str) -> list[SideRow]:
        names = [row[1] for row in self.ask(f"PRAGMA table_info({table})")]
        held = [dict(zip(names, row, strict=True)) for row in self.ask(f"SELECT * FROM {table}")]
        booleans = [row | {name: bool(row[name]) for name in BOOLEANS & row.keys()} for row in held]
        return [SideRow(table=table, salt=row.pop("salt"), content=covered_part(table, row)) for row in booleans]

    def make_good(self, table: str) -> None:
        """Let every row's newest entry say what the row holds now, and chain everything anew."""
        chain, now = COVERED[table].chain, {row.key: row for row in self.rows(table)}
        newest = {entry.key: (serial, entry) for serial, entry in self.entries(chain) if entry.table == table}
        for key, (serial, entry) in newest.items():
            if key in now:
                fresh = structs.replace(entry, digest=digest_of_row(now[key].salt or b"", now[key].content))
                self.do("UPDATE journal SET body=? WHERE chain=? AND serial=?", canonical(fresh), chain.value, serial)
        self.rechain(chain)

    def forget(self, table: str) -> None:
        """Let the journal never have had an entry of rows that are not there, and close it up."""
        chain, there = COVERED[table].chain, {row.key for row in self.rows(table)}
        bodies = [canonical(e) for _, e in self.entries(chain) if e.table != table or e.key in there]
        self.db.execute("DELETE FROM journal WHERE chain=?", (chain.value,))
        for serial, body in enumerate(bodies, 1):
            self.do("INSERT INTO journal VALUES (?,?,?,x'')", chain.value, serial, body)
        self.rechain(chain)

    def rechain(self, chain: Chain) -> None:
        before = GENESIS
        for serial, body in self.ask("SELECT serial, body FROM journal WHERE chain=? ORDER BY serial", chain.value):
            before = digest_of(before, body)
            self.do("UPDATE journal SET digest=? WHERE chain=? AND serial=?", before, chain.value, serial)


Edit = Callable[[Hands], None]
WAYS: dict[str, tuple[Verdict, Edit]] = {}


def way(name: str, verdict: Verdict, *statements: str, then: Edit | None = None) -> None:
    """Enter a way into the table: statements, and what is done after them."""

    def edit(hands: Hands) -> None:
        for statement in statements:
            hands.do(statement)
        if then:
            then(hands)

    assert name not in WAYS, name
    WAYS[name] = verdict, edit


# -- every covered column of every covered table, changed and left at that

CHANGES = {
    "people": {
        "name": "'张三'",
        "kind": "'group'",
        "organisation": "'other'",
        "other_names": "NULL",
        "details": "NULL",
    },
    "people_keys": {"wrapped": "NULL"},
    "people_erasures": {
        "reason": "'别的'",
        "at": "'2020-01-01T00:00:00.000000+00:00'",
        "by": "'li'",
        "ground": "'other'",
        "basis": "'无'",
    },
    "same_people": {"stands": "0"},
    "exhibits": {"blob": "'b9'", "sealed": "'11'", "size": "7", "key": "x'00'", "pepper": "x'00'"},
    "organisations": {
        "name": "'别室'",
        "short_name": "'别'",
        "kind": "'other'",
        "parent": "'other'",
        "level": "'village'",
        "since": "'2020-01-01'",
        "until": "'2030-01-01'",
        "contact": "'别人'",
    },
    "numbers": {"last": "last - 1"},
    "actors": {
        "name": "'张三'",
        "organisation": "'other'",
        "offices": "'[\"mediator\"]'",
        "active": "0",
    },
    "accounts": {
        "password": "'$argon2id$other'",
        "changed": "'2020-01-01T00:00:00.000000+00:00'",
        "once_until": "NULL",
        "totp": "NULL",
    },
    "tokens": {
        "key": "'another'",
        "name": "'别的'",
        "actor": "'wang'",
        "office": "'auditor'",
        "scopes": "'read'",
        "made": "'2020-01-01T00:00:00.000000+00:00'",
        "until": "'2999-01-01'",
        "ended": "NULL",
    },
    "substitutions": {
        "organisation": "'other'",
        "actor": "'chen'",
        "acts": "'accept'",
        "first": "'2020-01-01'",
        "last": "'2999-01-01'",
        "named_by": "'li'",
        "ended": "NULL",
    },
    "exemptions": {
        '"case"': "'B1'",
        "rule": "'no_talks'",
        "about": "'rights'",
        "reason": "'别的'",
        "by": "'li'",
        "office": "'auditor'",
        "at": "'2020-01-01T00:00:00.000000+00:00'",
        "ends": "NULL",
    },
    "frozen_reports": {
        "organisation": "'other'",
        "period": "'2025'",
        "forms": "1",
        "body": "'[]'",
        "digest": "'11'",
        "by": "'li'",
        "at": "'2020-01-01T00:00:00.000000+00:00'",
        "after": "NULL",
    },
    "calendar_years": {
        "paper": "'国办发明电〔2026〕1号'",
        "paper_day": "'2020-01-01'",
        "text": "'别的'",
        "days": "''",
        "imported_by": "'chen'",
        "imported_at": "'2020-01-01T00:00:00.000000+00:00'",
    },
    "links": {
        "key": "'another'",
        "pin": "'other'",
        "kind": "'another'",
        '"case"': "'B1'",
        "instance": "'visit/2'",
        "person": "'firm'",
        "issued_by": "'wang'",
        "issued": "'2020-01-01T00:00:00.000000+00:00'",
        "until": "'2999-01-01'",
        "revoked": "'2020-01-01T00:00:00.000000+00:00'",
        "code": "'another'",
        "texts": "'other'",
        "window": "0",
    },
    "contacts": {"address": "'thief@example.cn'", "takes": "'urgent'"},
    "reads": {
        "actor": "'li'",
        "office": "'mediator'",
        '"case"': "'B1'",
        "what": "'audit'",
        "at": "'2020-01-01T00:00:00.000000+00:00'",
        "person": "'firm'",
        "reason": "'visit'",
    },
}
WHICH = {
    "people": "id = 'worker' AND version = 2",
    "people_keys": "person = 'worker'",
    "people_erasures": "person = 'gone'",
    "same_people": "one = 'firm'",
    "exhibits": "id = 'e1'",
    "organisations": "id = 'room'",
    "numbers": "last > 0",
    "actors": "id = 'chen'",
    "accounts": "actor = 'li'",
    "tokens": "id = 't1'",
    "substitutions": "id = 's1'",
    "exemptions": "id = 'x1'",
    "frozen_reports": "id = 'r1'",
    "calendar_years": "year = 2027",
    "links": "id = 'n1'",
    "contacts": "actor = 'li'",
    "reads": "serial = 2",
}
"""The row that is edited."""
OTHERS = {
    "people": "('thief', 1, 'room', '贼', 'person', NULL, NULL, x'00')",
    "people_keys": "('thief', x'00', x'00')",
    "people_erasures": "('thief', '2026-01-01T00:00:00.000000+00:00', 'li', 'other', '无', '无', x'00')",
    "same_people": "('firm', 'thief', 1, x'00')",
    "exhibits": "('A1', 'e9', 'b9', '11', 7, x'00', x'00', x'00')",
    "organisations": "('ghost', '鬼', '鬼', 'other', NULL, NULL, NULL, NULL, NULL, x'00')",
    "numbers": "('永开', '人调', 2020, 7, x'00')",
    "actors": "('thief', '贼', 'room', '[\"lead\"]', 1, x'00')",
    "accounts": "('chen', '$argon2id$', '2026-01-01T00:00:00.000000+00:00', NULL, NULL, 0, x'00')",
    "tokens": "('k9', 't9', '偷', 'wang', 'lead', 'read', '2026-01-01T00:00:00Z', '2999-01-01', NULL, NULL, x'00')",
    "substitutions": "('s9', 'room', 'chen', 'seal', '2020-01-01', '2999-01-01', 'wang', NULL, x'00')",
    "exemptions": "('x9', 'A1', 'no_talks', '', '无', 'wang', 'lead', '2026-01-01T00:00:00.000000+00:00', NULL, x'00')",
    "frozen_reports": "('r9', 'room', '2026', 1, '[]', '11', 'wang', '2026-01-01T00:00:00.000000+00:00', NULL, x'00')",
    "calendar_years": "(2028, 1, '', '2027-11-01', '', '', 'wang', '2027-11-01T00:00:00.000000+00:00', x'00')",
    "links": (
        "('n9', 'k9', 'pin', 'visit', 'A1', 'visit/1', 'thief', 'li', '2026-01-01T00:00:00.000000+00:00', "
        "'2999-01-01', NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, x'00')"
    ),
    "contacts": "('wang', 'mail', 'thief@example.cn', 'all', x'00')",
    "reads": "(99, 'li', 'mediator', 'A1', 'case', '2026-01-01T00:00:00.000000+00:00', NULL, NULL, x'00')",
}
"""A row that nobody entered."""
for table, changes in CHANGES.items():
    where = WHICH[table]
    for column, value in changes.items():
        way(f"{table}: {column} changed", F, f"UPDATE {table} SET {column} = {value} WHERE {where}")
    first = next(iter(changes))
    edit_one = f"UPDATE {table} SET {first} = {changes[first]}"
    way(f"{table}: a row taken away", F, f"DELETE FROM {table} WHERE {where}")
    way(f"{table}: all rows taken away", F, f"DELETE FROM {table}")
    way(f"{table}: a row put in", F, f"INSERT INTO {table} VALUES {OTHERS[table]}")
    way(f"{table}: the salt taken away", F, f"UPDATE {table} SET salt = NULL WHERE {where}")
    way(f"{table}: changed under another salt", F, f"{edit_one}, salt = x'0102030405' WHERE {where}")
    way(f"{table}: the salt no bytes", F, f"UPDATE {table} SET salt = 'salt' WHERE {where}")
    way(
        f"{table}: changed, and the chain made good",
        W,
        f"{edit_one} WHERE {where}",
        then=partial(Hands.make_good, table=table),
    )
    way(
        f"{table}: taken away, and the chain made good",
        W,
        f"DELETE FROM {table} WHERE {where}",
        then=partial(Hands.forget, table=table),
    )

# -- keys, and rows that stand for each other

way("people: another id", F, "UPDATE people SET id = 'nobody' WHERE id = 'worker'")
way("people: another version", F, "UPDATE people SET version = 7 WHERE id = 'worker' AND version = 2")
way(
    "actors: two change places",
    F,
    *(f"UPDATE actors SET id = '{b}' WHERE id = '{a}'" for a, b in (("li", "x"), ("wang", "li"), ("x", "wang"))),
)
way(
    "accounts: somebody gets another's password",
    F,
    "UPDATE accounts SET password = (SELECT password FROM accounts WHERE actor = 'wang') WHERE actor = 'li'",
)
way(
    "accounts: a row with its salt put in another's place",
    F,
    "DELETE FROM accounts WHERE actor = 'wang'",
    "UPDATE accounts SET actor = 'wang' WHERE actor = 'li'",
)
way("numbers: another series", F, "UPDATE numbers SET year = 2025")
way("reads: another serial", F, "UPDATE reads SET serial = 77 WHERE serial = 2")


def look_again(hands: Hands) -> None:
    """After the last look was taken away somebody looks, and the row gets its number."""
    hands.do("DELETE FROM reads WHERE serial = (SELECT max(serial) FROM reads)")
    hands.db.execute("COMMIT")
    ((_, _, at),) = hands.ask("PRAGMA database_list")
    store = SqlStore(open_engine(f"sqlite:///{at}"), FixedClock(NOW))
    door = MediationService(store, CATALOGUE, seeded_randomness(1))
    door.look("chen", Office.AUDITOR, door.case("A1"), "case")
    store.close()
    hands.db.execute("BEGIN")


# -- the journal itself

IN_STAFF = "chain = 'staff' AND serial = 2"
way(
    "journal: a body changed",
    F,
    f"UPDATE journal SET body = CAST(replace(body, 'actors', 'tokens') AS BLOB) WHERE {IN_STAFF}",
)
way("journal: a body that is text", F, f"UPDATE journal SET body = CAST(body AS TEXT) WHERE {IN_STAFF}")
way("journal: a body that is none", F, f"UPDATE journal SET body = x'ff' WHERE {IN_STAFF}")
way("journal: a digest changed", F, f"UPDATE journal SET digest = zeroblob(32) WHERE {IN_STAFF}")
way("journal: an entry taken out", F, f"DELETE FROM journal WHERE {IN_STAFF}")
way(
    "journal: an entry taken out, the rest chained anew",
    F,
    f"DELETE FROM journal WHERE {IN_STAFF}",
    then=lambda h: h.rechain(Chain.STAFF),
)
way(
    "journal: an entry taken out, the rest moved up and chained anew",
    F,
    f"DELETE FROM journal WHERE {IN_STAFF}",
    "UPDATE journal SET serial = -serial WHERE chain = 'staff' AND serial > 2",
    "UPDATE journal SET serial = -serial - 1 WHERE chain = 'staff' AND serial < 0",
    then=lambda h: h.rechain(Chain.STAFF),
)
way(
    "journal: two entries change places",
    F,
    *(f"UPDATE journal SET serial = {b} WHERE chain = 'staff' AND serial = {a}" for a, b in ((1, 99), (2, 1), (99, 2))),
)
way(
    "journal: an entry put into another chain",
    F,
    "UPDATE journal SET chain = 'reads', serial = (SELECT max(serial) + 1 FROM journal WHERE chain = 'reads') "
    "WHERE chain = 'staff' AND serial = (SELECT max(serial) FROM journal WHERE chain = 'staff')",
    then=lambda h: h.rechain(Chain.READS),
)
way(
    "journal: the end cut off",
    F,
    "DELETE FROM journal WHERE chain = 'staff' AND serial = (SELECT max(serial) FROM journal WHERE chain = 'staff')",
)
way("journal: a chain taken away", F, "DELETE FROM journal WHERE chain = 'register'")
way("journal: all of it taken away", F, "DELETE FROM journal")
way(
    "journal: all looks taken away with their chain",
    W,
    "DELETE FROM journal WHERE chain = 'reads'",
    "DELETE FROM reads",
)
way(
    "journal: the last look taken away with its entry",
    W,
    "DELETE FROM journal WHERE chain = 'reads' AND serial = (SELECT max(serial) FROM journal WHERE chain = 'reads')",
    "DELETE FROM reads WHERE serial = (SELECT max(serial) FROM reads)",
)
way(
    "journal: an entry of somebody who never was, well chained, with a row",
    W,
    f"INSERT INTO actors VALUES {OTHERS['actors']}",
    then=lambda h: enter(h, "actors", ("thief",)),
)
way("reads: the last one taken away, and the next look has its number", F, then=look_again)


def enter(hands: Hands, table: str, key: tuple[Any, ...]) -> None:
    """Chain a new entry for a row that was put in; somewhere in the middle, so that only a checkpoint can tell."""
    chain = COVERED[table].chain
    (row,) = [row for row in hands.rows(table) if row.key == key]
    entry = Entry(table=table, key=key, digest=digest_of_row(row.salt or b"", row.content), at=MOMENT)
    bodies = [canonical(e) for _, e in hands.entries(chain)]
    bodies.insert(1, canonical(entry))
    hands.db.execute("DELETE FROM journal WHERE chain=?", (chain.value,))
    for serial, body in enumerate(bodies, 1):
        hands.do("INSERT INTO journal VALUES (?,?,?,x'')", chain.value, serial, body)
    hands.rechain(chain)


# -- words

SAID = f"words = '{KEPT}'"
way("texts: words changed", F, f"UPDATE texts SET words = '九千' WHERE {SAID}")
way("texts: words and salt wiped", F, f"UPDATE texts SET words = NULL, salt = NULL WHERE {SAID}")
way("texts: all words and salts wiped", F, "UPDATE texts SET words = NULL, salt = NULL")
way("texts: words wiped, the salt kept", F, f"UPDATE texts SET words = NULL WHERE {SAID}")
way("texts: the salt wiped", F, f"UPDATE texts SET salt = NULL WHERE {SAID}")
way("texts: for others to read", F, f"UPDATE texts SET label = 'joint' WHERE {SAID}")
way("texts: a row taken away", F, f"DELETE FROM texts WHERE {SAID}")
way("texts: a row put in", F, "INSERT INTO texts VALUES ('A1', 'lone', 'joint', x'00', '没说过的')")
way("texts: what was erased is back", F, f"UPDATE texts SET words = '{GONE}', salt = x'00' WHERE words IS NULL")

# -- what is derived from the lines

way("case_list: another state", F, "UPDATE case_list SET state = 'talking' WHERE \"case\" = 'A1'")
way("case_list: another organisation", F, "UPDATE case_list SET organisation = 'other' WHERE \"case\" = 'A1'")
way("case_list: another number", F, "UPDATE case_list SET number = '（2026）永开人调字第9999号' WHERE \"case\" = 'A1'")
way("case_list: a row taken away", F, "DELETE FROM case_list WHERE \"case\" = 'A1'")
way(
    "case_list: a case that never was",
    F,
    "INSERT INTO case_list SELECT 'Z9', version, workflow, organisation, matter, track, NULL, dispute, phase, state, "
    "closed, opened, updated, rounds, parties, mediator, agreed, open_parts, kind, district, raised, "
    "settled, reporter, predecessor, kept FROM case_list WHERE \"case\" = 'A1'",
)
way("due_dates: a day put off", F, "UPDATE due_dates SET due = '2999-01-01'")
way("due_dates: a day rubbed out", F, "DELETE FROM due_dates")
way("corrections: one rubbed out", F, "DELETE FROM corrections")
way("corrections: by somebody else", F, "UPDATE corrections SET actor = 'zhao'")
way("named: somebody is no party", F, "DELETE FROM named WHERE person = 'worker'")
way("named: somebody else is a party", F, "UPDATE named SET person = 'firm' WHERE person = 'worker'")
way("name_words: nobody finds it by that name", F, "DELETE FROM name_words WHERE word LIKE '%王%'")
way("name_words: found by another name", F, "INSERT INTO name_words VALUES ('张三', 'worker')")
way("number_words: nobody finds it by its number", F, "DELETE FROM number_words")
way("number_words: found by another number", F, "INSERT INTO number_words VALUES ('#99', 'A1')")

# -- whole cases, and the whole

way(
    "a case with everything gone",
    W,
    *(
        f"DELETE FROM {t} WHERE \"case\" = 'A1'"
        for t in (
            "orders",
            "texts",
            "case_list",
            "named",
            "number_words",
            "outbox",
            "due_dates",
            "corrections",
            "marks",
            "tasks",
        )
    ),
)

# -- not covered: README says so

way("sign_ins: somebody is in who never signed in", N, "UPDATE sign_ins SET actor = 'wang'")
way("tries: wiped", N, "DELETE FROM tries")
way("accounts: the last code used again", N, "UPDATE accounts SET totp_step = 0 WHERE actor = 'li'")
way("tokens: as if it were never used", N, "UPDATE tokens SET seen = NULL")
way("outbox: nobody will be told", N, "DELETE FROM outbox")
way("messages: as if it were read", N, "UPDATE messages SET read = written")
NOT_COVERED = ("登录状态", "试错次数", "动态口令用到哪一次", "令牌最近用于哪天", "待告知", "消息和提醒过什么")
"""What README calls these."""


# -- trying them


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with something in every table."""
    path = tmp_path_factory.mktemp("tampering") / "whole.db"
    prepare(f"sqlite:///{path}")
    clock = FixedClock(NOW)
    store = open_store(f"sqlite:///{path}", clock)
    story = Story(store, clock).effective()
    story.do(RecordTalk(party="party/1", said=Text(KEPT)))
    story.do(RecordTalk(party="party/1", said=Text(GONE)), "block/1")
    erase(story, GONE)
    noted = story.do(RecordNote(words=Text("记错了案件")))
    story.do(StrikeOrder(order=noted.first, reason=Text("记错了案件")))
    story.linked()  # the alert that it came from is still to be told
    Story(store, clock, "B1").accepted()
    count(store, story.door.catalogue)
    with store.write() as unit:
        for actor in ("li", "wang"):
            unit.accounts.put_account(replace(ACCOUNT, actor=actor, password=f"$argon2id${actor}"))
        unit.tokens.put_token(TOKEN)
        unit.substitutions.put_substitution(SUBSTITUTION)
        unit.calendars.add(YEAR)
        unit.messages.put_contact(CONTACT)
        unit.links.put_link(replace(LINK, revoked=None))
        unit.messages.put([replace(MESSAGE, read=None)], [])
        unit.exhibits.put([EXHIBIT])
        unit.exemptions.put_exemption(EXEMPTION)
        unit.reports.put_report(REPORT)
        unit.accounts.begin(SignIn(key="k", actor="li", began=MOMENT, seen=MOMENT, device="", kept="{}"))
        unit.accounts.put_tries(Tries(key="account:li", failed=3, last=MOMENT))
        unit.register.put_organisation(replace(next(iter(unit.register.organisations())), parent=None))
    with store.write() as unit:
        worker = unit.register.person("worker")
        assert worker is not None
        unit.register.put_person(replace(worker, version=2, other_names="小王", details=b"box"))
        unit.register.put_person_key("worker", b"wrapped")
        unit.register.put_erasure(ERASURE)
        unit.register.put_same("worker", "firm", True)
    for _ in range(3):
        story.door.look("chen", Office.AUDITOR, story.case, "case")
    store.close()
    return path


@pytest.fixture
def copy(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(original, tmp_path / "copy.db"))


@contextmanager
def hands_in(path: Path) -> Iterator[Hands]:
    """A raw connection without triggers and without the index of numbers; they are back afterwards."""
    with closing(library().connect(str(path), isolation_level=None)) as db:
        kept = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in kept:
            db.execute(f"DROP TRIGGER {name}")
        db.execute("BEGIN")
        yield Hands(db)
        db.execute("COMMIT")
        for _, sql in kept:
            db.execute(sql)


def found(path: Path, stood: Checkpoint | None = None) -> list[Finding]:
    """All that audit finds and the record does not own up to."""
    store = open_store(f"sqlite:///{path}", FixedClock(NOW))
    try:
        cases = audit_store(store, CATALOGUE, heads=stood.cases if stood else None)
        chains = audit_chains(store, stood.chains if stood else None)
        return [f for _, of in (*cases, *chains) for f in of if not f.known]
    finally:
        store.close()


ODD = ("'x'", "7", "x'00ff'", "''")
"""Values that are of another type, or say nothing."""
READ_BY_CASE = (
    *("orders", "texts", "people", "case_list", "due_dates", "named", "corrections", "marks", "tasks"),
    *("counted", "number_words"),
)


@pytest.mark.parametrize("table", READ_BY_CASE)
def test_a_value_of_another_kind_makes_nothing_stumble(table: str, copy: Path, tmp_path: Path) -> None:
    """SQLite takes any value in any column; audit says what is wrong, and lists are made anew without being read."""
    tried = 0
    for column, odd in product((c.name for c in metadata.tables[table].columns), ODD):
        path = Path(shutil.copy(copy, tmp_path / "odd.db"))
        with hands_in(path) as hands:
            one = f'"{column}" = (SELECT max("{column}") FROM {table})'
            tried += hands.db.execute(f'UPDATE OR IGNORE {table} SET "{column}" = {odd} WHERE {one}').rowcount
        said = found(path)
        assert said or table != "orders"
        with suppress(LineUnreadable):
            make_lists_anew(path)
            assert not [it for it in found(path) if it.fault is Fault.READ_MODEL and table != "orders"]
    assert tried


def make_lists_anew(path: Path) -> None:
    """Whoever is careful puts right what is derived, too."""
    store = open_store(f"sqlite:///{path}", FixedClock(NOW))
    rebuild(store, CATALOGUE)
    store.close()


def stands(path: Path) -> Checkpoint:
    store = open_store(f"sqlite:///{path}", FixedClock(NOW))
    try:
        return checkpoint(store)[1]
    finally:
        store.close()


def test_where_nothing_was_edited_nothing_is_found(original: Path) -> None:
    assert found(original) == found(original, stands(original)) == []


@pytest.mark.parametrize("name", WAYS)
def test_every_way_of_editing_comes_out_as_it_is_said_to(name: str, copy: Path) -> None:
    verdict, edit = WAYS[name]
    stood = stands(copy)
    with hands_in(copy) as hands:
        edit(hands)
    if verdict is not F:
        make_lists_anew(copy)
    without, with_checkpoint = found(copy), found(copy, stood)
    came_out = F if without else W if with_checkpoint else N
    assert came_out is verdict, [f.sentence for f in with_checkpoint]
    if verdict is not F:
        assert {f.fault for f in with_checkpoint} <= {Fault.CHECKPOINT}


def test_an_older_copy_is_found_with_a_checkpoint(original: Path, copy: Path) -> None:
    clock = FixedClock(NOW)
    store = open_store(f"sqlite:///{copy}", clock)
    with store.write() as unit:
        unit.register.put_actor(replace(next(iter(unit.register.actors())), name="李某"))
    store.close()
    later = stands(copy)
    assert found(original) == []
    assert [(f.fault, f.chain) for f in found(original, later)] == [(Fault.CHECKPOINT, "staff")]


def test_there_are_many_ways_and_few_that_are_not_covered() -> None:
    verdicts = [verdict for verdict, _ in WAYS.values()]
    assert len(verdicts) >= 60
    assert verdicts.count(N) == len(NOT_COVERED) <= 6


def test_what_is_not_covered_is_said_in_the_readme() -> None:
    text = README.read_text(encoding="utf-8")
    assert [words for words in NOT_COVERED if words not in text] == []


def test_every_covered_column_of_every_covered_table_is_tried(copy: Path) -> None:
    with hands_in(copy) as hands:
        for table, covered in COVERED.items():
            columns = {row[1] for row in hands.ask(f"PRAGMA table_info({table})")} - {"salt", *covered.but}
            tried = {name.strip('"') for name in CHANGES[table]}
            keyed = set(covered.key) - {"organisation", "track"} if table == "numbers" else set(covered.key)
            assert columns - tried <= keyed | {"organisation", "track"}, table


def test_an_entry_that_a_row_was_taken_away_is_held_to(copy: Path) -> None:
    """No table of today takes rows away; those that come may."""
    gone = json.dumps({"at": "2026-01-01T00:00:00Z", "digest": None, "key": ["li"], "table": "actors"}, sort_keys=True)
    with hands_in(copy) as hands:
        ((last,),) = hands.ask("SELECT max(serial) FROM journal WHERE chain = 'staff'")
        hands.do("INSERT INTO journal VALUES ('staff', ?, ?, x'')", last + 1, gone.encode())
        hands.rechain(Chain.STAFF)
    assert [(f.fault, f.sentence) for f in found(copy)] == [(Fault.ROW, "人员 li 应已删去，却还在")]
    with hands_in(copy) as hands:
        hands.do("DELETE FROM actors WHERE id = 'li'")
    assert [f for f in found(copy) if f.chain] == []
