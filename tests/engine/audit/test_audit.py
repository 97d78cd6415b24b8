"""Audit finds what was done to the record behind the door's back, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mediation_engine.audit import CaseFile, Fault, Finding, Head
from mediation_engine.domain.line import GENESIS
from mediation_engine.domain.roles import Office
from mediation_engine.errors import FileFault, LineUnreadable, NumberTaken
from mediation_engine.export.case_file import read_cases, write_case
from mediation_engine.export.checkpoint import read_checkpoint, write_checkpoint
from mediation_engine.record.codec import digest_of
from mediation_engine.rules.catalogue import Catalogue
from mediation_engine.rules.fingerprint import rules_of
from mediation_engine.services import maintenance
from mediation_engine.services.maintenance import audit_store, case_file
from workflows.parts.assignment import RecusalGround, RecuseMediator
from workflows.parts.block import RecordTalk
from workflows.parts.note import RecordNote
from workflows.parts.payment import RecordPayment
from workflows.parts.session import RecordSession
from workflows.phases.intake import AcceptCase

from ...support.story import Story, Text, erase


@pytest.fixture
def told(kept: Story) -> Story:
    """Two cases in a database: one to tamper with, one beside it."""
    kept.effective().do(RecordPayment(obligation="obligation/1", amount=1_000_000))
    Story(kept.store, kept.clock, "B1").accepted().do(RecordSession(rights_told=True))
    return kept


@contextmanager
def behind_the_door(database: Path) -> Iterator[Any]:
    """A raw connection of somebody who can write the file: the triggers are gone while he works."""
    from pysqlite3 import dbapi2

    connection = dbapi2.connect(str(database), isolation_level=None)
    kept = connection.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger'").fetchall()
    for name, _ in kept:
        connection.execute(f"DROP TRIGGER {name}")
    yield connection
    for _, sql in kept:
        connection.execute(sql)
    connection.close()


LINE = ("instance", "event", "schema", "source", "target", "data", "defects", "follows")
"""What is a line's own in the body of an order."""


def edited(body: bytes, **changes: Any) -> bytes:
    """An order's bytes with something else in them; what is a line's own in its first line."""
    held = msgspec.json.decode(body)
    own = {name: changes.pop(name) for name in LINE if name in changes}
    held["lines"][0] = held["lines"][0] | own
    return msgspec.json.encode(held | changes, order="sorted")


def rehashed(db: Any, case: str = "A1") -> None:
    """Renumber and re-chain a case from its first line, as somebody who knows the scheme would."""
    before, first = GENESIS, 1
    rows = db.execute('SELECT first, count, body FROM orders WHERE "case"=? ORDER BY first', (case,)).fetchall()
    for old, count, body in rows:
        body = edited(body, first=first)
        before = digest_of(before, body)
        db.execute(
            'UPDATE orders SET first=?, body=?, digest=? WHERE "case"=? AND first=?',
            (first, body, before, case, old),
        )
        first += count


def body_of(db: Any, version: int, case: str = "A1") -> bytes:
    """The bytes of the order whose first line this is."""
    found: bytes = db.execute('SELECT body FROM orders WHERE "case"=? AND first=?', (case, version)).fetchone()[0]
    return found


def put_body(db: Any, version: int, body: bytes) -> None:
    db.execute("""UPDATE orders SET body=? WHERE "case"='A1' AND first=?""", (body, version))


def edit_data(db: Any) -> None:
    given = msgspec.json.decode(body_of(db, 8))["given"]
    put_body(db, 8, edited(body_of(db, 8), given=given | {"amount": 1}))


def edit_actor(db: Any) -> None:
    put_body(db, 8, edited(body_of(db, 8), actor="wang"))


def edit_time(db: Any) -> None:
    put_body(db, 8, edited(body_of(db, 8), occurred="2020-01-01"))


def delete_one(db: Any) -> None:
    db.execute("""DELETE FROM orders WHERE "case"='A1' AND first=8""")


def insert_one(db: Any) -> None:
    last, digest = db.execute("""SELECT first, digest FROM orders WHERE "case"='A1' ORDER BY first DESC""").fetchone()
    body = edited(body_of(db, last), first=last + 1, id="forged")
    forged = ("A1", last + 1, 1, "forged", body, digest_of(digest, body))
    db.execute("INSERT INTO orders VALUES (?,?,?,?,?,?)", forged)


def swap_two(db: Any) -> None:
    db.execute("""UPDATE orders SET first=first+1000 WHERE "case"='A1' AND first IN (8, 9)""")
    db.execute("""UPDATE orders SET first=9 WHERE "case"='A1' AND first=1008""")
    db.execute("""UPDATE orders SET first=8 WHERE "case"='A1' AND first=1009""")


def move_one(db: Any) -> None:
    db.execute("""DELETE FROM orders WHERE "case"='B1' AND first=8""")
    db.execute("""UPDATE orders SET "case"='B1' WHERE "case"='A1' AND first=8""")


def cut_tail(db: Any) -> None:
    db.execute("""DELETE FROM orders WHERE "case"='A1' AND first > 24""")


def edit_and_rehash(db: Any) -> None:
    edit_data(db)
    rehashed(db)


def delete_and_rehash(db: Any) -> None:
    last = db.execute("""SELECT max(first) FROM orders WHERE "case"='A1'""").fetchone()[0]
    db.execute("""DELETE FROM orders WHERE "case"='A1' AND first=?""", (last,))
    rehashed(db)


def use_an_id_twice(db: Any) -> None:
    again = msgspec.json.decode(body_of(db, 6))["id"]
    put_body(db, 8, edited(body_of(db, 8), id=again))
    db.execute("""UPDATE orders SET command_id=? WHERE "case"='A1' AND first=8""", (again,))
    rehashed(db)


def say_more_than_there_is(db: Any) -> None:
    put_body(db, 8, edited(body_of(db, 8), note="x"))
    rehashed(db)


def write_it_otherwise(db: Any) -> None:
    """The same, with white space: no bytes of ours."""
    put_body(db, 8, body_of(db, 8).replace(b'"lines":[', b'"lines": ['))
    rows = db.execute("""SELECT first, body FROM orders WHERE "case"='A1' ORDER BY first""").fetchall()
    before = GENESIS
    for first, body in rows:
        before = digest_of(before, body)
        db.execute("""UPDATE orders SET digest=? WHERE "case"='A1' AND first=?""", (before, first))


def count_wrongly(db: Any) -> None:
    db.execute("""UPDATE orders SET count=2 WHERE "case"='A1' AND first=8""")


EDITS: list[tuple[Callable[[Any], None], int]] = [
    (edit_data, 8),
    (edit_actor, 8),
    (edit_time, 8),
    (delete_one, 8),
    (insert_one, 25),
    (swap_two, 8),
    (move_one, 8),
    (cut_tail, 25),
    (edit_and_rehash, 8),
    (use_an_id_twice, 8),
    (say_more_than_there_is, 8),
    (write_it_otherwise, 8),
    (count_wrongly, 8),
    (delete_and_rehash, 24),
]
"""Each raw edit of the record, and the first line it makes bad."""


def found(story: Story, case: str = "A1", heads: dict[str, Head] | None = None) -> list[Finding]:
    """What audit finds in a case, known defects left out."""
    results = dict(audit_store(story.store, story.door.catalogue, None, heads))
    return [f for f in results[case] if not f.known]


class TestARecordNobodyTouched:
    def test_is_clean_with_and_without_a_checkpoint(self, told: Story) -> None:
        heads = maintenance.checkpoint(told.store)[1].cases
        assert found(told) == found(told, "B1") == []
        told.do(RecordPayment(obligation="obligation/1", amount=200_000))
        assert found(told, heads=heads) == []

    def test_shows_the_defects_it_owns_up_to_as_known(self, told: Story) -> None:
        Story(told.store, told.clock, "C1").accepted().do(RecordSession(attended=("party/1", "party/2")))
        findings = dict(audit_store(told.store, told.door.catalogue))["C1"]
        assert [(f.fault, f.known, f.version) for f in findings] == [(Fault.KNOWN_DEFECT, True, 8)]
        assert "权利义务" in findings[0].sentence

    def test_is_clean_as_an_exported_file_too(self, told: Story) -> None:
        told.do(RecordPayment(amount=5, note=Text("现金")))
        lines = list(write_case(case_file(told.store, "A1")))
        (file,) = read_cases(lines, "a1.jsonl")
        assert file.orders == case_file(told.store, "A1").orders
        results = maintenance.audit_against([file], told.door.catalogue, None)
        assert [f for _, fs in results for f in fs if not f.known] == []


class TestEveryRawEditIsFound:
    @pytest.mark.parametrize(("edit", "first_bad"), EDITS, ids=lambda p: getattr(p, "__name__", None))
    def test_with_case_and_first_bad_line(
        self, told: Story, database: Path, edit: Callable[[Any], None], first_bad: int
    ) -> None:
        assert told.case.version == 24
        if edit is cut_tail:
            told.do(RecordPayment(obligation="obligation/1", amount=100))
        heads = maintenance.checkpoint(told.store)[1].cases
        with behind_the_door(database) as db:
            edit(db)
        findings = found(told, heads=heads)
        assert findings
        assert findings[0].case == "A1"
        assert min(f.version for f in findings if f.version is not None) == first_bad
        if edit is not move_one:
            assert found(told, "B1", heads) == []

    def test_a_digest_edited_by_itself_is_named_and_the_sound_line_after_it_told_apart(
        self, told: Story, database: Path
    ) -> None:
        with behind_the_door(database) as db:
            db.execute("""UPDATE orders SET digest=zeroblob(32) WHERE "case"='A1' AND first=8""")
        assert [(f.fault, f.version) for f in found(told)] == [(Fault.ALTERED, 8), (Fault.BROKEN_CHAIN, 9)]

    @pytest.mark.parametrize(
        ("was", "now"),
        [
            (b':00Z"', b':00"'),
            (b'"given":{', b'"given":{"much":1e999,'),
            (b'"given":{', b'"given":{"deep":' + b"[" * 50_000 + b"]" * 50_000 + b","),
        ],
        ids=["a time of no zone", "a number of no size", "too deep to read"],
    )
    def test_what_is_well_chained_and_cannot_be_read_is_named(
        self, told: Story, database: Path, was: bytes, now: bytes
    ) -> None:
        with behind_the_door(database) as db:
            ((first, body),) = db.execute(
                """SELECT first, body FROM orders WHERE "case"='A1' ORDER BY first DESC LIMIT 1"""
            )
            put_body(db, first, body.replace(was, now))
            before = db.execute("""SELECT digest FROM orders WHERE "case"='A1' ORDER BY first""").fetchall()[-2][0]
            digest = digest_of(before, body.replace(was, now))
            db.execute("""UPDATE orders SET digest=? WHERE "case"='A1' AND first=?""", (digest, first))
        assert [(f.fault, f.version) for f in found(told)] == [(Fault.ALTERED, first)]

    def test_an_older_backup_put_in_place_is_found_by_the_checkpoint(self, told: Story, database: Path) -> None:
        from pysqlite3 import dbapi2

        backup = dbapi2.connect(":memory:")
        live = dbapi2.connect(str(database))
        live.backup(backup)
        told.do(RecordPayment(obligation="obligation/1", amount=200_000))
        heads = maintenance.checkpoint(told.store)[1].cases
        backup.backup(live)
        live.close()
        assert found(told) == []
        findings = found(told, heads=heads)
        assert [(f.fault, f.version) for f in findings] == [(Fault.CHECKPOINT, 25)]

    def test_two_cases_of_one_number_are_found_and_before_that_refused(self, told: Story, database: Path) -> None:
        with behind_the_door(database) as db:
            db.execute("UPDATE numbers SET last = last - 1")
        third = Story(told.store, told.clock, "C1").registered()
        version = third.case.version
        with pytest.raises(NumberTaken):
            third.do(AcceptCase(), by=Office.LEAD)
        assert third.case.version == version
        with behind_the_door(database) as db:
            db.execute("DROP INDEX ix_case_list_number")
            db.execute("DROP INDEX case_list_by_number")
        third.do(AcceptCase(), by=Office.LEAD)
        assert [(f.fault, f.sentence) for f in found(told, "C1")] == [
            (Fault.NUMBER, "案号 （2026）永开人调字第0002号 与案件 B1 的相同")
        ]
        with behind_the_door(database) as db:
            db.execute("""UPDATE case_list SET number=NULL WHERE "case" IN ('B1', 'C1')""")
            db.execute("CREATE UNIQUE INDEX ix_case_list_number ON case_list (number) WHERE matter = 'case'")
        assert maintenance.rebuild(told.store, told.door.catalogue) == ["B1", "C1"]
        with told.store.read() as unit:
            numbers = {row.case: row.number for row in unit.views.case_rows()}
        assert numbers["B1"] == "（2026）永开人调字第0002号"
        assert numbers["C1"] is None  # audit goes on saying so
        assert Fault.NUMBER in {f.fault for f in found(told, "C1")}

    def test_a_case_that_cannot_be_read_keeps_no_other_out_of_the_lists(self, told: Story, database: Path) -> None:
        with behind_the_door(database) as db:
            db.execute("""UPDATE orders SET body=x'7b' WHERE "case"='A1' AND first=1""")
            db.execute("""UPDATE case_list SET state='talking' WHERE "case"='B1'""")
        with pytest.raises(LineUnreadable, match="A1"):
            maintenance.rebuild(told.store, told.door.catalogue)
        assert found(told, "B1") == []

    def test_numbers_that_stand_with_the_wrong_case_are_named_and_put_right(self, told: Story, database: Path) -> None:
        with behind_the_door(database) as db:
            (number,), (other,) = db.execute('SELECT number FROM case_list ORDER BY "case"').fetchall()
            for given, case in ((None, "A1"), (number, "B1"), (other, "A1")):
                db.execute('UPDATE case_list SET number=? WHERE "case"=?', (given, case))
        assert [f.fault for case in ("A1", "B1") for f in found(told, case)] == [Fault.READ_MODEL] * 2
        assert maintenance.rebuild(told.store, told.door.catalogue) == ["A1", "B1"]
        assert found(told) == found(told, "B1") == []

    @pytest.mark.parametrize("asked", [None, ["A1"]])
    def test_a_case_that_vanished_is_found_by_the_checkpoint(
        self, told: Story, database: Path, asked: list[str] | None
    ) -> None:
        heads = maintenance.checkpoint(told.store)[1].cases
        with behind_the_door(database) as db:
            for table in ("orders", "case_list"):
                db.execute(f"""DELETE FROM {table} WHERE "case"='A1'""")
        results = dict(audit_store(told.store, told.door.catalogue, asked, heads))
        assert results["A1"][0].fault is Fault.CHECKPOINT

    def test_a_case_whose_lines_all_vanished_is_found_by_its_row_in_the_list(self, told: Story, database: Path) -> None:
        with behind_the_door(database) as db:
            db.execute("""DELETE FROM orders WHERE "case"='A1'""")
        assert found(told)[0].fault is Fault.GAP


class TestUnlawfulSteps:
    """Somebody who re-hashes everything still cannot make an unlawful step lawful."""

    def forge(self, database: Path, version: int, **changes: Any) -> None:
        with behind_the_door(database) as db:
            put_body(db, version, edited(body_of(db, version), **changes))
            rehashed(db)

    def test_an_office_that_may_not_is_named(self, told: Story, database: Path) -> None:
        assert told.lines[5].event == "CaseAccepted"
        self.forge(database, 6, office="mediator")
        assert next((f.fault, f.version) for f in found(told)) == (Fault.WRONG_OFFICE, 6)

    def test_who_had_stepped_back_is_named(self, told: Story, database: Path) -> None:
        told.with_colleague().do(RecuseMediator(ground=RecusalGround.KIN), "assignment/1")
        told.do(RecordNote(words=Text("补一笔")), actor="zhou")
        version = told.case.version
        assert found(told) == []
        self.forge(database, version, actor="li")
        assert next((f.fault, f.version) for f in found(told)) == (Fault.WRONG_OFFICE, version)

    def test_an_edge_the_rules_do_not_have_is_named(self, told: Story, database: Path) -> None:
        data = {"number": "（2026）永开人调字第0002号"}
        self.forge(database, 24, event="CaseAccepted", command="AcceptCase", given={}, office="lead", data=data)
        assert next((f.fault, f.version) for f in found(told)) == (Fault.NO_SUCH_EDGE, 24)

    def test_another_outcome_than_the_rules_give_is_named(self, told: Story, database: Path) -> None:
        given = {"reason": "other"}
        self.forge(database, 6, event="CaseDeclined", command="DeclineCase", given=given, data={})
        assert next((f.fault, f.version) for f in found(told)) == (Fault.CONSEQUENCE, 6)

    def test_a_line_that_speaks_of_what_is_not_there_stops_neither_replay_nor_audit(
        self, told: Story, database: Path
    ) -> None:
        self.forge(database, 24, instance="agreement/9", event="MediatorSigned", command="SignAsMediator")
        assert found(told)[0].version == 24
        assert told.case.version == 24

    def test_a_defect_rubbed_out_is_named(self, kept: Story, database: Path) -> None:
        kept.accepted().do(RecordSession(attended=("party/1", "party/2")))
        self.forge(database, 8, defects=[])
        in_the_record, in_the_list = found(kept)
        assert (in_the_record.fault, in_the_record.version) == (Fault.GUARD_UNMET, 8)
        assert in_the_list.fault == Fault.READ_MODEL, "marked lines of all cases are listed, and this one still is"

    def test_a_step_whose_guard_was_not_met_is_named(self, told: Story, database: Path) -> None:
        self.forge(
            database,
            24,
            instance="follow_up/1",
            event="ClosedAsPerformed",
            command="CloseAsPerformed",
            source="supervising",
            target="performed",
            given={},
            data={},
        )
        assert next((f.fault, f.version) for f in found(told)) == (Fault.GUARD_UNMET, 24)

    def test_rules_that_change_without_a_word_are_named(self, told: Story, database: Path) -> None:
        self.forge(database, 24, rules=rules_of(told.door.catalogue.named("consultation_2026")))
        assert (Fault.UNKNOWN_RULES, 24) in [(f.fault, f.version) for f in found(told)]

    def test_a_step_put_in_place_of_another_is_named(self, kept: Story, database: Path) -> None:
        kept.effective()
        seal = next(line.version for line in kept.lines if line.event == "SealAffixed")
        signed = next(line.version for line in kept.lines if line.event == "MediatorSigned")
        with behind_the_door(database) as db:
            body = edited(body_of(db, signed), event="AgreementAbandoned", command="AbandonAgreement")
            put_body(db, signed, body)
            rehashed(db)
        assert {f.fault for f in found(kept) if f.version in (signed, seal)} >= {Fault.CONSEQUENCE}

    def test_rules_that_are_not_installed_are_named_and_the_bytes_still_checked(
        self, told: Story, database: Path
    ) -> None:
        results = dict(audit_store(told.store, Catalogue([])))
        assert {f.fault for f in results["A1"] if not f.known} >= {Fault.UNKNOWN_RULES}
        with behind_the_door(database) as db:
            edit_time(db)
        results = dict(audit_store(told.store, Catalogue([])))
        assert Fault.ALTERED in {f.fault for f in results["A1"]}


class TestWhatIsKeptBeside:
    def test_words_that_were_changed_are_named(self, told: Story, database: Path) -> None:
        told.do(RecordTalk(party="party/1", said=Text("要一万二")))
        last = told.case.version
        assert found(told) == []
        with behind_the_door(database) as db:
            db.execute("""UPDATE texts SET words='只要八千' WHERE label='party/1'""")
        assert [(f.fault, f.version) for f in found(told)] == [(Fault.TEXT, last)]

    def test_words_made_readable_to_others_are_named(self, told: Story, database: Path) -> None:
        told.do(RecordTalk(party="party/1", said=Text("要一万二")))
        with behind_the_door(database) as db:
            db.execute("""UPDATE texts SET label='joint' WHERE label='party/1'""")
        assert [f.fault for f in found(told)] == [Fault.TEXT]

    def test_words_put_in_place_of_others_without_their_salt_are_named(self, told: Story, database: Path) -> None:
        told.do(RecordTalk(party="party/1", said=Text("要一万二")))
        with behind_the_door(database) as db:
            db.execute("""UPDATE texts SET words='只要八千', salt=NULL WHERE label='party/1'""")
        assert [(f.fault, f.version) for f in found(told)] == [(Fault.TEXT, told.case.version)]

    def test_words_that_no_line_speaks_of_are_named(self, told: Story, database: Path) -> None:
        told.do(RecordTalk(party="party/1", said=Text("要一万二")))
        with behind_the_door(database) as db:
            db.execute("""INSERT INTO texts SELECT "case", 'forged', label, salt, words FROM texts LIMIT 1""")
        assert [(f.fault, f.version) for f in found(told)] == [(Fault.TEXT, None)]

    def test_words_erased_by_an_order_leave_the_record_whole(self, told: Story) -> None:
        told.do(RecordTalk(party="party/1", said=Text("要一万二")))
        erase(told, "要一万二")
        assert found(told) == []
        (erased,) = [f for f in dict(audit_store(told.store, told.door.catalogue))["A1"] if f.fault is Fault.ERASED]
        assert f"已依第{told.case.version}条删除" in erased.sentence

    def test_words_gone_without_an_order_are_named(self, told: Story) -> None:
        told.do(RecordTalk(party="party/1", said=Text("要一万二")))
        last = told.case.version
        with told.store.write() as unit:
            for id in unit.record.texts("A1"):
                unit.record.erase_text("A1", id)
        assert (Fault.TEXT, last) in [(f.fault, f.version) for f in found(told)]
        assert {f.fault for f in found(told)} == {Fault.TEXT}

    def test_words_that_were_erased_and_are_back_are_named(self, told: Story, database: Path) -> None:
        told.do(RecordTalk(party="party/1", said=Text("要一万二")))
        with told.store.read() as unit:
            (salt,) = [t.salt for t in unit.record.texts("A1").values() if t.words == "要一万二"]
        erase(told, "要一万二")
        with behind_the_door(database) as db:
            db.execute("UPDATE texts SET words='要一万二', salt=? WHERE words IS NULL", (salt,))
        assert [f.fault for f in found(told)] == [Fault.TEXT]
        assert "应已删除，却还在" in found(told)[0].sentence

    def test_a_read_model_that_differs_is_named_and_rebuilt(self, told: Story, database: Path) -> None:
        with behind_the_door(database) as db:
            db.execute("""UPDATE case_list SET state='talking' WHERE "case"='A1'""")
            db.execute("""DELETE FROM named WHERE "case"='B1'""")
        assert [f.fault for f in found(told)] == [Fault.READ_MODEL]
        assert maintenance.rebuild(told.store, told.door.catalogue) == ["A1", "B1"]
        assert found(told) == found(told, "B1") == []
        assert maintenance.rebuild(told.store, told.door.catalogue) == []


class TestFiles:
    def test_an_edited_export_names_its_line(self, told: Story) -> None:
        lines = list(write_case(case_file(told.store, "A1")))
        at, line = next((n, line) for n, line in enumerate(map(msgspec.json.decode, lines)) if line.get("first") == 8)
        lines[at] = msgspec.json.encode(line | {"digest": "00" * 32})
        (file,) = read_cases(lines, "a1.jsonl")
        results = dict(maintenance.audit_against([file], told.door.catalogue, None))
        assert min(f.version or 0 for f in results["A1"]) == 8

    @pytest.mark.parametrize(
        ("what", "changes"),
        [
            ("text", {"state": "withheld"}),
            ("text", {"state": "erased"}),
            ("text", {"words": None}),
            ("text", {"salt": None, "words": "别的"}),
            ("text", {"case": "B1"}),
            ("text", {"note": "别的"}),
            ("order", {"case": "B1"}),
            ("order", {"note": "别的"}),
            ("case", {"note": "别的"}),
        ],
    )
    def test_a_row_that_is_at_odds_with_itself_or_its_case_is_none(
        self, told: Story, what: str, changes: dict[str, Any]
    ) -> None:
        told.do(RecordTalk(party="party/1", said=Text("要一万二")))
        rows = list(map(msgspec.json.decode, write_case(case_file(told.store, "A1"))))
        at = next(n for n, row in enumerate(rows) if row["what"] == what)
        rows[at] |= changes
        with pytest.raises(FileFault, match=f"第{at + 1}行"):
            read_cases(map(msgspec.json.encode, rows), "a1.jsonl")

    def test_words_that_stand_in_it_twice_are_told(self, told: Story) -> None:
        told.do(RecordTalk(party="party/1", said=Text("要一万二")))
        lines = list(write_case(case_file(told.store, "A1")))
        with pytest.raises(FileFault, match=f"第{len(lines) + 1}行"):
            read_cases([*lines, lines[-1].replace("要一万二".encode(), "要八千".encode())], "a1.jsonl")

    def test_a_cut_export_is_found_by_the_checkpoint(self, told: Story) -> None:
        heads = maintenance.checkpoint(told.store)[1].cases
        whole = case_file(told.store, "A1")
        cut = CaseFile(case="A1", orders=whole.orders[:5], texts=whole.texts, has_projection=False)
        results = dict(maintenance.audit_against([cut], told.door.catalogue, {"A1": heads["A1"]}))
        assert (Fault.CHECKPOINT, whole.orders[5].first) in [(f.fault, f.version) for f in results["A1"]]

    def test_a_checkpoint_reads_back_what_was_written(self, told: Story) -> None:
        now, stands = maintenance.checkpoint(told.store)
        assert read_checkpoint(write_checkpoint(stands, now.isoformat()), "c.json") == stands
        assert set(stands.cases) == {"A1", "B1"}
        assert set(stands.chains) == {"register", "staff"}

    @pytest.mark.parametrize(
        "cases",
        [
            "[]",
            "null",
            '{"A1":[1e400,""]}',
            f'{{"A1":[{10**30},""]}}',
            '{"A1":[-1,""]}',
            '{"A1":[1]}',
            '{"\\u0000":[1,""]}',
            "[" * 100_000,
        ],
        ids=lambda text: text[:12],
    )
    def test_what_is_no_checkpoint_is_told_to_be_none(self, cases: str) -> None:
        with pytest.raises(FileFault, match="不是存证点文件"):
            read_checkpoint(f'{{"format":"mediation-checkpoint/1","cases":{cases}}}'.encode(), "c.json")

    def test_what_is_no_exported_case_is_told_to_be_none(self) -> None:
        with pytest.raises(FileFault, match="第1行"):
            read_cases([b'{"what":"case","x":' + b"[" * 100_000], "a1.jsonl")
