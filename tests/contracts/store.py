"""What every store promises. A store is held to it by a subclass that says how to make an empty one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from msgspec import structs

from mediation_engine.audit import Finding
from mediation_engine.clock import FixedClock
from mediation_engine.domain.marks import MarkKind
from mediation_engine.domain.message import DIGEST
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.recorded_order import StoredOrder
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.errors import NumberTaken, PersonTaken, StoreInterrupted, StoreUnavailable, VersionClash
from mediation_engine.ports.accounts import Account, Tries
from mediation_engine.ports.calendars import Recount
from mediation_engine.ports.jottings import Filed
from mediation_engine.ports.messages import Parked, Window
from mediation_engine.ports.register import Person, erased
from mediation_engine.ports.store import Store, Unit
from mediation_engine.ports.tokens import Scope
from mediation_engine.ports.views import NO_CASE, Notice, Wanted, WantedCounts, WantedMarks
from mediation_engine.read_models.projections import (
    WAIT,
    CaseRow,
    CorrectionRow,
    DueDate,
    MarkRow,
    Named,
    Projection,
    by_marking,
    of_correction,
)
from mediation_engine.record.journal import Chain, Entry, Key, SideRow, StoredEntry, decode_entry
from mediation_engine.services.maintenance import audit_chains

from ..support.together import together
from .samples import (
    ACCOUNT,
    CONTACT,
    DRAFT,
    ERASURE,
    EXEMPTION,
    EXHIBIT,
    FAR,
    JOTTING,
    JOTTING_FILE,
    LI,
    LINK,
    MESSAGE,
    MOMENT,
    MOVED,
    NOTHING,
    ONE_OF_EVERYTHING,
    PROJECTION,
    READ,
    REPORT,
    ROOM,
    SENDING,
    SIGN_IN,
    TOKEN,
    TRIES,
    WORKER,
    YEAR,
    correction,
    counted,
    everything,
    mark,
    order,
    put_one_of_everything,
    row,
    rows_of,
    text,
)

MANY = 8
FAR_MOMENT = datetime(2100, 1, 1, tzinfo=UTC)


class Stop(Exception):
    """Something goes wrong in the middle of a transaction."""


def seen(store: Store) -> dict[str, object]:
    """Everything, as a new transaction sees it."""
    with store.read() as unit:
        return everything(unit)


def write(store: Store, *acts: Callable[[Unit], object]) -> None:
    """Several things in one transaction."""
    with store.write() as unit:
        for act in acts:
            act(unit)


def stop(unit: Unit) -> None:
    raise Stop


def put(store: Store, *projections: Projection) -> None:
    """Put cases into the lists."""
    write(store, *(lambda unit, p=p: unit.views.change(None, p) for p in projections))


def named_rows(case: str, *people: str, due: date | None = None, **given: object) -> Projection:
    """The rows of a case with some parties."""
    named = frozenset(Named(case=case, instance=f"party/{n}", person=p) for n, p in enumerate(people, 1))
    waiting = ("visit/1",) if due else ()
    return structs.replace(rows_of(case, *waiting, due=due, **given), named=named)


def put_counted(store: Store) -> None:
    """Three cases with something counted; of one more is known later, and of another something ended."""
    later = MOMENT + timedelta(days=5)
    one = {
        counted("accepted", amount=100, dispute="contract"),
        counted(
            *("agreement", "A", "agreement/1"),
            kind="oral",
            form="oral",
            known=later,
            dispute="contract",
            amount=None,
            people=None,
        ),
        counted("agreement", key="agreement/2", day=None, known=later),
    }
    two = {counted("accepted", case="B", amount=100, known=later, dispute="family")}
    three = {counted("accepted", case="C", organisation="hall")}
    gone = counted("accepted", case="B", key="x", known=MOMENT - timedelta(hours=1), until=MOMENT)
    for case, rows, organisation in (("A", one, "room"), ("B", {*two, gone}, "room"), ("C", three, "hall")):
        put(store, structs.replace(rows_of(case, organisation=organisation), counted=frozenset(rows)))


def put_named_cases(store: Store) -> None:
    """Four cases whose parties have names."""
    names = {"firm": "某五金厂", "works": "ABC五金公司", "other": "王一", "shan": "单丹"}
    people = [WORKER, *(Person(id=id, name=name, kind=PartyKind.PERSON) for id, name in names.items())]
    write(store, *(lambda unit, p=p: unit.register.put_person(p) for p in people))
    put(
        store,
        named_rows("A1", "worker", "firm", number="（2026）永开人调字第0012号"),
        named_rows(
            "A2",
            "works",
            due=date(2026, 12, 1),
            number="（2026）永开劳调字第1200号",
            track="labour_mediation",
            phase="mediation",
        ),
        named_rows("A3", "other", organisation="hall", dispute="contract", mediator=None),
        named_rows(
            "A4",
            "shan",
            closed="performed",
            number="（2026）永村人调字第0300号",
            raised="village",
            settled="district",
            reporter="gao",
        ),
    )


def put_cases_of_three_days(store: Store) -> list[Projection]:
    """Cases of three organisations; A3, A4 and A5 were registered at one moment."""
    days = {"A1": 0, "A2": 1, "A3": 2, "A4": 2, "A5": 2, "B9": 3}
    halls = {"A2": "hall", "A4": "hall", "B9": "elsewhere"}
    rows = [
        rows_of(case, opened=MOMENT + timedelta(days=day), organisation=halls.get(case, "room"))
        for case, day in days.items()
    ]
    put(store, *rows[::-1])
    return rows


def put_marked_cases(store: Store) -> list[MarkRow]:
    """Two cases of two organisations; all that is marked in them, the latest first."""
    later = MOMENT + timedelta(days=1)
    waived, unjudged = mark(7, code="quorum", kind="waived", recorded=later), mark(2, "B", kind="unjudged")
    own = frozenset({mark(2), mark(2, code="chair"), waived})
    struck = correction(9, recorded=later, struck=True, actor=None)
    put(
        store,
        structs.replace(rows_of("A"), marks=own, corrections=frozenset({struck})),
        structs.replace(rows_of("B", organisation="hall", mediator="zhou"), marks=frozenset({unjudged})),
    )
    return [of_correction(struck), waived, unjudged, mark(2), mark(2, code="chair")]


def replace_row(projection: Projection, **changed: object) -> Projection:
    return structs.replace(projection, row=structs.replace(projection.row, **changed))


def put_one_of_everything_else(unit: Unit) -> None:
    """The same rows, each holding something else."""
    unit.register.put_person(replace(WORKER, version=2, name="王二"))
    unit.register.put_actor(replace(LI, active=True))
    unit.register.put_organisation(replace(ROOM, name="总室"))
    unit.register.next_number("room", "people_mediation", 2026, take=True)
    unit.accounts.put_account(replace(ACCOUNT, once_until=None))
    unit.tokens.put_token(replace(TOKEN, ended=None))
    unit.views.note_read(READ)


def entered(store: Store) -> dict[Chain, list[tuple[str, Key]]]:
    """Which rows each chain has an entry of, in order."""
    with store.read() as unit:
        read = {chain: [read_entry(e) for e in unit.journal.entries(chain)] for chain in Chain}
    return {chain: [(e.table, e.key) for e in entries] for chain, entries in read.items()}


def read_entry(stored: StoredEntry) -> Entry:
    return decode_entry(stored.body)


def last_in(stored: list[StoredEntry], one: StoredEntry) -> StoredEntry:
    """The last entry of the chain that one belongs to."""
    return [s for s in stored if s.chain == one.chain][-1]


def bound_rows(store: Store) -> list[SideRow]:
    with store.read() as unit:
        return [row for chain in Chain for row in unit.journal.rows(chain)]


def beside_the_record(store: Store) -> list[Finding]:
    """What audit finds in all chains."""
    return [f for _, found in audit_chains(store) for f in found]


def write_again(store: Store, *acts: Callable[[Unit], object]) -> None:
    """Several things in one transaction, once more where it ran into another."""
    while True:
        try:
            return write(store, *acts)
        except StoreInterrupted:
            continue


def ids(rows: Iterable[CaseRow]) -> list[str]:
    return [row.case for row in rows]


class StoreContract:
    """Every test gets an empty store from `store`."""

    @pytest.fixture
    def store(self, clock: FixedClock) -> Store:
        """An empty store by this clock."""
        raise NotImplementedError

    # -- the whole

    def test_an_empty_store_shows_nothing(self, store: Store) -> None:
        assert seen(store) == NOTHING

    def test_everything_is_read_back_exactly_as_it_was_put(self, store: Store) -> None:
        with store.write() as unit:
            put_one_of_everything(unit)
        assert seen(store) == ONE_OF_EVERYTHING

    def test_a_transaction_sees_what_it_has_put_itself(self, store: Store) -> None:
        with store.write() as unit:
            put_one_of_everything(unit)
            assert everything(unit) == ONE_OF_EVERYTHING

    # -- orders

    def test_orders_come_as_they_follow_on_each_other_each_case_apart(self, store: Store) -> None:
        first, second, third, other = order(1), order(2, count=3), order(5), order(1, "B")
        with store.write() as unit:
            unit.record.append(first)
            unit.record.append(other)
            unit.record.append(second)
            unit.record.append(third)
        with store.read() as unit:
            assert unit.record.orders("A") == [first, second, third]
            assert unit.record.orders("A", 2) == [second, third]
            assert unit.record.orders("A", 3) == [third]
            assert unit.record.orders("A", 6) == []
            assert unit.record.orders("B") == [other]
            assert unit.record.last("A") == third

    @pytest.mark.parametrize(
        "refused",
        [
            pytest.param([order(2)], id="the version is taken"),
            pytest.param([order(1)], id="the first version is taken"),
            pytest.param([order(3)], id="the version is one within an order"),
            pytest.param([order(5)], id="a version is left out"),
            pytest.param([order(0)], id="there is no version 0"),
            pytest.param([order(4), order(6)], id="a version is left out between"),
            pytest.param([order(4), order(4, command="c")], id="a version comes twice"),
            pytest.param([order(4, count=2), order(5)], id="an order reaches into the next"),
            pytest.param([order(5), order(4)], id="out of order"),
            pytest.param([order(2, "B")], id="a new case does not begin at 1"),
            pytest.param([order(4, count=0)], id="an order without lines"),
            pytest.param([order(4, count=-1)], id="an order with less than no lines"),
        ],
    )
    def test_orders_that_clash_are_refused_and_nothing_of_the_transaction_is_kept(
        self, store: Store, refused: list[StoredOrder]
    ) -> None:
        with store.write() as unit:
            unit.record.append(order(1))
            unit.record.append(order(2, count=2))
        before = seen(store)

        def append_in_vain(unit: Unit) -> None:
            unit.register.put_organisation(ROOM)
            unit.register.next_number("room", "people_mediation", 2026, take=True)
            unit.record.append(order(1, "C"))
            for one in refused:
                unit.record.append(one)

        with pytest.raises(VersionClash):
            write(store, append_in_vain)
        assert seen(store) == before

    def test_after_a_clash_the_next_version_is_still_free(self, store: Store) -> None:
        with pytest.raises(VersionClash):
            write(store, lambda u: u.record.append(order(1)), lambda u: u.record.append(order(3)))
        with store.write() as unit:
            unit.record.append(order(1))
        with store.read() as unit:
            assert unit.record.orders("A") == [order(1)]

    def test_cases_are_those_with_orders_and_those_only_in_the_list(self, store: Store) -> None:
        put(store, rows_of("C"), rows_of("A"))
        with store.write() as unit:
            unit.record.append(order(1, "B"))
            unit.record.append(order(1, "A"))
        with store.read() as unit:
            assert unit.record.cases() == ["A", "B", "C"]

    def test_very_many_orders_are_kept_whole_and_in_order(self, store: Store) -> None:
        orders = [order(n) for n in range(1, 251)]
        with store.write() as unit:
            for one in orders:
                unit.record.append(one)
        with store.read() as unit:
            assert unit.record.orders("A") == orders
            assert unit.record.last("A") == orders[-1]

    # -- texts

    def test_texts_belong_to_their_case(self, store: Store) -> None:
        with store.write() as unit:
            unit.record.put_texts([text("t1"), text("t2", "B"), text("t3", words="")])
            unit.record.put_texts([])
        with store.read() as unit:
            assert unit.record.texts("A") == {"t1": text("t1"), "t3": text("t3", words="")}

    def test_salts_are_those_of_the_texts_that_are_there(self, store: Store) -> None:
        with store.write() as unit:
            unit.record.put_texts([text("t1"), text("t2", "B")])
        with store.read() as unit:
            assert unit.record.salts("A", ["t1", "t2", "gone"]) == {"t1": text().salt}
            assert unit.record.salts("A", []) == {}

    def test_an_erased_text_keeps_its_id_and_label_and_nothing_else(self, store: Store) -> None:
        with store.write() as unit:
            unit.record.put_texts([text("t1"), text("t2")])
        with store.write() as unit:
            unit.record.erase_text("A", "t1")
        with store.read() as unit:
            erased = structs.replace(text("t1"), words=None, salt=None)
            assert unit.record.texts("A") == {"t1": erased, "t2": text("t2")}
            assert unit.record.salts("A", ["t1"]) == {"t1": None}

    def test_erasing_again_or_what_is_not_there_is_nothing(self, store: Store) -> None:
        with store.write() as unit:
            unit.record.put_texts([text("t1")])
            unit.record.erase_text("A", "t1")
        before = seen(store)
        with store.write() as unit:
            unit.record.erase_text("A", "t1")
            unit.record.erase_text("A", "gone")
        assert seen(store) == before

    def test_words_are_not_put_over_others(self, store: Store) -> None:
        with store.write() as unit:
            unit.record.put_texts([text("t1")])
        with pytest.raises(VersionClash), store.write() as unit:
            unit.record.put_texts([text("t2"), text("t1", words="别的话")])
        with store.read() as unit:
            assert unit.record.texts("A") == {"t1": text("t1")}

    # -- people

    def test_the_newest_version_of_somebody_counts_in_whatever_order_they_came(self, store: Store) -> None:
        second, tenth = replace(WORKER, version=2, details=None), replace(WORKER, version=10, name="王二")
        with store.write() as unit:
            for person in (tenth, WORKER, second):
                unit.register.put_person(person)
        with store.read() as unit:
            assert unit.register.person("worker") == tenth
            assert unit.register.people(["worker", "nobody"]) == {"worker": tenth}

    def test_the_same_version_again_is_nothing(self, store: Store) -> None:
        with store.write() as unit:
            unit.register.put_person(WORKER)
        with store.write() as unit:
            unit.register.put_person(WORKER)
            unit.register.put_person(replace(WORKER))
            unit.register.put_person(replace(WORKER, organisation="another, which names him too"))
        with store.read() as unit:
            assert unit.register.person("worker") == WORKER

    @pytest.mark.parametrize(
        "somebody_else",
        [
            replace(WORKER, name="王二"),
            replace(WORKER, kind=PartyKind.GROUP),
            replace(WORKER, details=None),
            replace(WORKER, other_names=None),
        ],
    )
    def test_a_version_that_is_somebody_else_is_refused(self, store: Store, somebody_else: Person) -> None:
        with store.write() as unit:
            unit.register.put_person(WORKER)
            unit.register.put_person(replace(WORKER, version=2))
        before = seen(store)
        with pytest.raises(PersonTaken, match="worker"):
            write(store, put_one_of_everything, lambda unit: unit.register.put_person(somebody_else))
        assert seen(store) == before

    def test_many_people_are_found_at_once(self, store: Store) -> None:
        many = [Person(id=f"p{n}", name=f"第{n}人", kind=PartyKind.PERSON) for n in range(2000)]
        with store.write() as unit:
            for person in many:
                unit.register.put_person(person)
        with store.read() as unit:
            assert unit.register.people(p.id for p in many) == {p.id: p for p in many}
            assert unit.register.people([]) == {}

    def test_somebody_is_found_by_what_was_entered_last_within_some_organisations(self, store: Store) -> None:
        other = replace(WORKER, id="other", organisation="hall", name="王某某")
        write(store, lambda unit: unit.register.put_person(WORKER), lambda unit: unit.register.put_person(other))
        phone, number = ("phone", b"1" * 16), ("number", b"1" * 16)
        write(store, lambda unit: unit.register.put_found("worker", [phone]))
        write(store, lambda unit: unit.register.put_found("other", [phone, number]))
        write(store, lambda unit: unit.register.put_found("worker", [number]))
        with store.read() as unit:
            assert unit.register.find_people([phone], ["room", "hall"]) == [other]
            assert unit.register.find_people([number, phone], ["room", "hall"]) == [other, WORKER]
            assert unit.register.find_people([number], ["room"]) == [WORKER]
            assert unit.register.find_people([], ["room"]) == []
            assert unit.register.find_named(["王某"], ["room", "hall"]) == [other, WORKER]
            assert unit.register.find_named(["王某", "某某"], ["room", "hall"]) == [other]
            assert unit.register.find_named(["小某"], ["room"]) == [WORKER]
            assert unit.register.find_named([], ["room"]) == []
            assert unit.register.find_named(["王某"], ["room", "hall"], most=1) == [other]

    def test_the_key_of_somebody_is_kept_once_and_gone_for_good_when_he_is_erased(self, store: Store) -> None:
        write(store, lambda unit: unit.register.put_person(WORKER))
        write(store, lambda unit: unit.register.put_person_key("worker", b"first"))
        with pytest.raises(VersionClash):
            write(store, lambda unit: unit.register.put_person_key("worker", b"second"))
        write(store, lambda unit: unit.register.put_found("worker", [("phone", b"1" * 16)]))
        write(store, lambda unit: unit.register.erase_person("worker"))
        with store.read() as unit:
            assert unit.register.person_key("worker") is None
            assert unit.register.keyed_people() == []
            assert unit.register.found_by("worker") == frozenset()
            assert unit.register.erased_people() == ["worker"]
        with pytest.raises(VersionClash):
            write(store, lambda unit: unit.register.put_person_key("worker", b"third"))
        assert beside_the_record(store) == []

    def test_that_two_are_the_same_is_said_either_way_and_taken_back(self, store: Store) -> None:
        write(store, lambda unit: unit.register.put_same("b", "a", True), lambda u: u.register.put_same("b", "c", True))
        write(store, lambda unit: unit.register.put_same("c", "b", False))
        with store.read() as unit:
            assert [unit.register.same_as(id) for id in "abc"] == [["b"], ["a"], []]
            assert unit.register.same_people() == [("a", "b")]

    def test_why_somebody_was_erased_is_said_once(self, store: Store) -> None:
        write(store, lambda unit: unit.register.put_erasure(ERASURE))
        with pytest.raises(VersionClash):
            write(store, lambda unit: unit.register.put_erasure(replace(ERASURE, reason="别的")))
        with store.read() as unit:
            assert unit.register.erasure("gone") == ERASURE

    # -- staff, organisations, numbers

    def test_an_actor_is_replaced_whole(self, store: Store) -> None:
        plain = Actor(id="li", name="李四", organisation="other", offices=frozenset({Office.AUDITOR}))
        with store.write() as unit:
            unit.register.put_actor(LI)
        with store.write() as unit:
            unit.register.put_actor(plain)
        with store.read() as unit:
            assert unit.register.actor("li") == plain
            assert unit.register.actors() == [plain]

    @pytest.mark.parametrize("office", list(Office))
    def test_every_office_is_kept(self, store: Store, office: Office) -> None:
        actor = replace(LI, offices=frozenset({office}), active=True)
        with store.write() as unit:
            unit.register.put_actor(actor)
        with store.read() as unit:
            assert unit.register.actor("li") == actor

    def test_actors_come_in_order_of_id(self, store: Store) -> None:
        with store.write() as unit:
            for name in ("c", "B", "a10", "a2"):
                unit.register.put_actor(replace(LI, id=name))
        with store.read() as unit:
            assert [a.id for a in unit.register.actors()] == ["B", "a10", "a2", "c"]

    def test_an_organisation_is_replaced_whole(self, store: Store) -> None:
        root = replace(ROOM, name="总室", parent=None)
        with store.write() as unit:
            unit.register.put_organisation(ROOM)
            unit.register.put_organisation(root)
        with store.read() as unit:
            assert unit.register.organisation("room") == root

    def test_numbers_run_from_1_without_a_gap_for_each_organisation_track_and_year(self, store: Store) -> None:
        keys = [("room", "p", 2026), ("hall", "p", 2026), ("room", "l", 2026), ("room", "p", 2027)]
        for n in (1, 2, 3):
            with store.write() as unit:
                assert [unit.register.next_number(*key, take=True) for key in keys] == [n] * 4

    def test_a_number_only_looked_at_is_not_taken(self, store: Store) -> None:
        for _ in range(2):
            with store.write() as unit:
                assert unit.register.next_number("room", "p", 2026, take=False) == 1
        with store.write() as unit:
            assert unit.register.next_number("room", "p", 2026, take=True) == 1
            assert unit.register.next_number("room", "p", 2026, take=False) == 2

    def test_a_number_taken_in_vain_is_given_again(self, store: Store) -> None:
        with pytest.raises(Stop):
            write(store, lambda unit: unit.register.next_number("room", "p", 2026, take=True), stop)
        with store.write() as unit:
            assert unit.register.next_number("room", "p", 2026, take=True) == 1

    def test_staff_entered_twice_in_one_transaction_are_as_entered_last(self, store: Store) -> None:
        renamed = replace(LI, name="李某")
        write(store, lambda unit: unit.register.put_actor(LI), lambda unit: unit.register.put_actor(renamed))
        with store.read() as unit:
            assert unit.register.actor(LI.id) == renamed

    # -- lists

    def test_a_case_goes_through_the_lists_from_nothing_to_everything_and_back(self, store: Store) -> None:
        day, next_day = date(2026, 12, 1), date(2026, 12, 2)
        steps = [
            rows_of("A"),
            rows_of("A", "visit/1", "visit/2", due=day, version=2, number="（2026）永开人调字第0001号", agreed=0),
            rows_of("A", "visit/2", "visit/3", due=next_day, version=3, agreed=2**40, closed="performed"),
            rows_of("A", version=4, number=None),
        ]
        before = None
        for after in steps:
            with store.write() as unit:
                unit.views.change(before, after)
            with store.read() as unit:
                assert unit.views.projection("A") == after
                assert set(unit.views.due_dates(FAR)) == after.dues
                assert unit.views.case_rows() == [after.row]
            before = after

    def test_changes_of_one_transaction_that_nobody_looked_between_add_up(self, store: Store) -> None:
        day, next_day = date(2026, 12, 1), date(2026, 12, 2)
        steps = [
            rows_of("A", "visit/1"),
            rows_of("A", "visit/1", "visit/2", due=day, version=2),
            rows_of("A", "visit/2", "visit/3", due=next_day, version=3, agreed=2**40),
            rows_of("A", "visit/1", due=day, version=4),
        ]
        put(store, steps[0])
        for before, after in pairwise(steps):
            there_back_and_there = (before, after), (after, before), (before, after)
            write(store, *(lambda unit, b=b, a=a: unit.views.change(b, a) for b, a in there_back_and_there))
            with store.read() as unit:
                assert unit.views.projection("A") == after

    def test_a_change_of_nothing_changes_nothing(self, store: Store) -> None:
        put(store, PROJECTION, rows_of("B", "visit/1", due=FAR))
        before = seen(store)
        with store.write() as unit:
            unit.views.change(PROJECTION, structs.replace(PROJECTION, row=structs.replace(PROJECTION.row)))
        assert seen(store) == before

    def test_a_change_of_one_case_leaves_the_others(self, store: Store) -> None:
        other = rows_of("B", "visit/1", "visit/2", due=FAR)
        put(store, PROJECTION, other)
        with store.write() as unit:
            unit.views.change(PROJECTION, rows_of("A", "visit/9", version=2, state="accepted"))
        with store.read() as unit:
            assert unit.views.projection("B") == other

    def test_a_case_is_put_into_the_lists_once(self, store: Store) -> None:
        put(store, PROJECTION)
        with pytest.raises(VersionClash):
            put(store, rows_of("A", version=9))
        with store.read() as unit:
            assert unit.views.projection("A") == PROJECTION

    @pytest.mark.parametrize("before", [None, rows_of("B")])
    def test_no_two_cases_get_one_number_and_it_is_said(self, store: Store, before: Projection | None) -> None:
        number = "（2026）永开人调字第0001号"
        put(store, rows_of("A", number=number), *([before] if before else []), rows_of("C"), rows_of("D"))
        with pytest.raises(NumberTaken, match="编号已属于另一件"):
            write(store, lambda unit: unit.views.change(before, rows_of("B", number=number, version=2)))
        with store.read() as unit:
            assert unit.views.projection("B") == before

    def test_two_organisations_may_be_told_of_one_number_from_outside(self, store: Store) -> None:
        put(store, rows_of("A", number="JQ-1", matter="alert"), rows_of("B", number="JQ-1", matter="case"))
        put(store, rows_of("C", number="JQ-1", matter="alert", organisation="other"))
        with pytest.raises(NumberTaken):
            put(store, rows_of("D", number="JQ-1", matter="alert"))
        with store.read() as unit:
            assert unit.views.find_case("JQ-1") == ["A", "B", "C"]

    def test_cleared_rows_are_gone_and_can_be_put_again(self, store: Store) -> None:
        other = rows_of("B", "visit/1", due=FAR)
        put(store, PROJECTION, other)
        with store.write() as unit:
            unit.views.clear("A")
            unit.views.clear("never there")
            assert unit.views.projection("A") is None
            assert unit.views.case_rows() == [other.row]
            assert set(unit.views.due_dates(FAR)) == other.dues
            unit.views.change(None, PROJECTION)
        with store.read() as unit:
            assert unit.views.projection("A") == PROJECTION

    def test_case_rows_are_walked_by_id_a_page_at_a_time(self, store: Store) -> None:
        ids = ["A1", "A10", "A2", "Z", "a1", "案"]
        put(store, *(rows_of(case) for case in reversed(ids)))
        pages, after = [], ""
        with store.read() as unit:
            while page := unit.views.case_rows(after=after, most=4):
                pages.append([r.case for r in page])
                after = page[-1].case
            assert unit.views.case_rows(after="A1", most=1) == [row("A10")]
            assert unit.views.case_rows(after="B", most=1) == [row("Z")]
            assert unit.views.case_rows(most=0) == []
        assert pages == [ids[:4], ids[4:]]

    def test_lists_end_at_200_unless_told_otherwise(self, store: Store) -> None:
        put(store, *(rows_of(f"A{n:03}", "visit/1", due=FAR) for n in range(201)))
        with store.read() as unit:
            assert len(unit.views.case_rows()) == 200
            assert len(unit.views.due_dates(FAR)) == 200
            assert len(unit.views.case_rows(most=500)) == 201

    def test_a_case_is_found_by_id_by_number_and_by_how_its_id_begins(self, store: Store) -> None:
        number = "（2026）永开人调字第0001号"
        put(store, rows_of("A1"), rows_of("A12", number=number), rows_of("A案"), rows_of("B1"), rows_of("a3"))
        with store.read() as unit:
            assert unit.views.find_case("A1") == ["A1"]
            assert unit.views.find_case(number) == ["A12"]
            assert unit.views.find_case("A") == ["A1", "A12", "A案"]
            assert unit.views.find_case("a") == ["a3"]
            assert unit.views.find_case("1") == []
            assert unit.views.find_case(number[:-1]) == []
            assert unit.views.find_case("C") == []

    # -- what is counted

    def test_what_is_counted_is_told_by_kind_and_group_as_known_at_a_moment(self, store: Store) -> None:
        put_counted(store)
        asked = WantedCounts(
            organisations=["room"],
            whats=["accepted", "agreement"],
            since=date(2026, 1, 1),
            until=date(2026, 1, 31),
            known=MOMENT + timedelta(days=9),
        )
        by_dispute = replace(asked, by="dispute")
        with store.read() as unit:
            told = [(t.what, t.kind, t.things, t.amount, t.people) for t in unit.views.tallies(asked)]
            assert told == [("accepted", "application", 2, 200, 4), ("agreement", "oral", 1, 0, 0)]
            unsaid = [(t.unsaid_amount, t.unsaid_people) for t in unit.views.tallies(asked)]
            assert unsaid == [(0, 0), (1, 1)]
            groups = [(t.what, t.group, t.things) for t in unit.views.tallies(by_dispute)]
            assert groups == [("accepted", "contract", 1), ("accepted", "family", 1), ("agreement", "contract", 1)]
            assert [t.group for t in unit.views.tallies(replace(asked, by="month"))] == ["2026-01"] * 2
            assert {t.group for t in unit.views.tallies(replace(asked, by="organisation"))} == {"room"}
            first = unit.views.tallies(replace(asked, known=MOMENT))
            assert [(t.what, t.things) for t in first] == [("accepted", 1)]
            assert unit.views.tallies(replace(asked, known=MOMENT - timedelta(days=1))) == []
            written = unit.views.tallies(replace(asked, forms=False))
            assert [t.what for t in written] == ["accepted"]
            undated = unit.views.tallies(replace(asked, since=None, until=None))
            assert [(t.what, t.things) for t in undated] == [("agreement", 1)]

    def test_what_is_behind_a_count_comes_page_by_page(self, store: Store) -> None:
        put_counted(store)
        asked = WantedCounts(
            organisations=["room", "hall"],
            whats=["accepted"],
            since=date(2026, 1, 1),
            until=date(2026, 1, 31),
            known=MOMENT + timedelta(days=9),
        )
        with store.read() as unit:
            rows = unit.views.counted_rows(asked)
            assert [(row.case, row.organisation) for row in rows] == [("A", "room"), ("B", "room"), ("C", "hall")]
            page = unit.views.counted_rows(asked, after=("A", "accepted", ""), most=1)
            assert page == rows[1:2]
            narrowed = replace(asked, kinds=["application"], by="dispute", group="family")
            assert [row.case for row in unit.views.counted_rows(narrowed)] == ["B"]

    def test_what_counts_no_more_is_kept_with_when_it_did(self, store: Store) -> None:
        was, now = counted("accepted"), counted("accepted", known=MOMENT + timedelta(days=1), kind="court")
        before = structs.replace(rows_of("A"), counted=frozenset({was}))
        ended = structs.replace(was, until=MOMENT + timedelta(days=1))
        put(store, before)
        with store.write() as unit:
            unit.views.change(before, structs.replace(before, counted=frozenset({ended, now})))
        with store.read() as unit:
            assert unit.views.counted("A") == {ended, now}

    # -- search

    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("王", ["A1", "A3"]),
            ("王某", ["A1"]),
            ("五金", ["A1", "A2"]),
            ("某五金厂", ["A1"]),
            ("金王", []),
            ("王某 五金", ["A1"]),
            ("wm", ["A1"]),
            ("WM", ["A1"]),
            ("mwjc", ["A1"]),
            ("abc", ["A2"]),
            ("sd", ["A4"]),
            ("cd", ["A4"]),
            ("0012", ["A1"]),
            ("12", ["A1"]),
            ("1", []),
            ("２０２６", ["A1", "A2", "A4"]),
            ("永开 12", ["A1"]),
            ("王 12", ["A1"]),
            ("第0012号", ["A1"]),
            ("A", ["A1", "A2", "A3", "A4"]),
            ("A3", ["A3"]),
            ("a3", []),
            ("，", []),
            ("%", []),
            ("_", []),
            ("'", []),
            ("", ["A1", "A2", "A3", "A4"]),
        ],
    )
    def test_a_case_is_found_by_pieces_of_names_and_numbers_and_by_initials(
        self, store: Store, typed: str, found: list[str]
    ) -> None:
        put_named_cases(store)
        with store.read() as unit:
            assert [row.case for row in unit.views.search(Wanted(words=typed))] == found

    def test_what_is_found_is_walked_a_page_at_a_time(self, store: Store) -> None:
        put_named_cases(store)
        with store.read() as unit:
            first = unit.views.search(Wanted(words="2026"), most=2)
            rest = unit.views.search(Wanted(words="2026"), after=first[-1].case, most=2)
            assert [row.case for row in first + rest] == ["A1", "A2", "A4"]

    @pytest.mark.parametrize(
        ("wanted", "found"),
        [
            (Wanted(phase="mediation"), ["A2"]),
            (Wanted(closed=True), ["A4"]),
            (Wanted(closed=False), ["A1", "A2", "A3"]),
            (Wanted(dispute="contract"), ["A3"]),
            (Wanted(disputes=["contract", "family"]), ["A3"]),
            (Wanted(disputes=["family"]), []),
            (Wanted(track="labour_mediation"), ["A2"]),
            (Wanted(raised="village"), ["A4"]),
            (Wanted(settled="district"), ["A4"]),
            (Wanted(settled="village"), []),
            (Wanted(reporter="gao"), ["A4"]),
            (Wanted(reporter="he"), []),
            (Wanted(organisations=["hall"]), ["A3"]),
            (Wanted(organisations=["hall", "room"], words="王"), ["A1", "A3"]),
            (Wanted(organisations=[]), []),
            (Wanted(mediator="li"), ["A1", "A2", "A4"]),
            (Wanted(mediator=""), ["A3"]),
            (Wanted(mediator="li", closed=False, words="五金"), ["A1", "A2"]),
            (Wanted(due_before=date(2026, 12, 1)), []),
            (Wanted(due_before=date(2026, 12, 2)), ["A2"]),
            (Wanted(due_before=date(2026, 12, 2), words="五金"), ["A2"]),
            (Wanted(due_before=date(2026, 12, 2), words="王"), []),
        ],
    )
    def test_a_list_is_narrowed_to_what_is_wanted(self, store: Store, wanted: Wanted, found: list[str]) -> None:
        put_named_cases(store)
        with store.read() as unit:
            assert [row.case for row in unit.views.search(wanted)] == found
            if not wanted.words:
                assert unit.views.count(wanted, 9) == len(found)
                assert unit.views.count(wanted, 1) == min(1, len(found))

    # -- the latest first

    def test_the_latest_registered_come_first_whichever_organisation_has_them(self, store: Store) -> None:
        put_cases_of_three_days(store)
        with store.read() as unit:
            assert ids(unit.views.newest(Wanted())) == ["B9", "A5", "A4", "A3", "A2", "A1"]
            assert ids(unit.views.newest(Wanted(organisations=["room", "hall"]))) == ["A5", "A4", "A3", "A2", "A1"]
            assert ids(unit.views.newest(Wanted(organisations=["hall"]))) == ["A4", "A2"]
            assert ids(unit.views.newest(Wanted(organisations=[]))) == []

    @pytest.mark.parametrize("most", [1, 2, 3, 9])
    @pytest.mark.parametrize("organisations", [None, ["room", "hall"], ["room"]])
    def test_and_are_walked_a_page_at_a_time(self, store: Store, most: int, organisations: list[str] | None) -> None:
        put_cases_of_three_days(store)
        wanted = Wanted(organisations=organisations)
        with store.read() as unit:
            whole, walked, after = ids(unit.views.newest(wanted)), list[str](), ""
            while page := ids(unit.views.newest(wanted, after=after, most=most)):
                assert len(page) <= most
                walked, after = walked + page, page[-1]
            assert walked == whole
            assert unit.views.newest(wanted, after="nothing") == []
            assert ids(unit.views.newest(wanted, oldest_first=True)) == whole[::-1]
            rest = unit.views.newest(wanted, oldest_first=True, after=whole[-1], most=most)
            assert ids(rest) == whole[::-1][1 : most + 1]

    @pytest.mark.parametrize("most", [1, 2, 9])
    def test_cases_come_by_their_first_date_each_once(self, store: Store, most: int) -> None:
        first, second = date(2026, 12, 1), date(2026, 12, 2)
        waits = frozenset({DueDate(case="E", instance="payment/1", kind=WAIT, due=first)})
        lapses = frozenset({DueDate(case="F", instance="", kind="right", due=first, lapses=True)})
        both = rows_of("C", "visit/1", "visit/2", due=second)
        early = frozenset({DueDate(case="C", instance="visit/9", kind="visit", due=first)})
        put(
            store,
            *(rows_of("A", "visit/1", due=second), rows_of("B", "visit/1", "visit/2", due=first), rows_of("D")),
            structs.replace(both, dues=both.dues | early),
            structs.replace(rows_of("E"), dues=waits),
            structs.replace(rows_of("F"), dues=lapses),
            rows_of("G", "visit/1", due=first, organisation="hall"),
        )
        walked, after = list[tuple[str, date]](), None
        with store.read() as unit:
            while page := unit.views.by_next_date(Wanted(organisations=["room"]), after=after, most=most):
                walked += [(row.case, day) for row, day in page]
                after = (page[-1][1], page[-1][0].case)
            assert walked == [("B", first), ("C", first), ("A", second)]
            assert unit.views.next_dates(["A", "B", "C", "D", "E", "F"]) == {"A": second, "B": first, "C": first}
            assert unit.views.next_dates([]) == {}

    @pytest.mark.parametrize("most", [1, 2, 9])
    def test_those_longest_unmoved_come_first_and_one_that_moves_goes_to_the_end(self, store: Store, most: int) -> None:
        before, *_ = put_cases_of_three_days(store)
        later = replace_row(before, version=9, updated=MOMENT + timedelta(days=4000))
        write(store, lambda unit: unit.views.change(before, later))
        walked, after = list[str](), None
        with store.read() as unit:
            while page := unit.views.resting(Wanted(organisations=["room", "hall"]), after=after, most=most):
                walked, after = walked + ids(page), (page[-1].updated, page[-1].case)
            moved = {row.case: (row.updated, row.case) for row in unit.views.case_rows()}
            assert walked == sorted({"A1", "A2", "A3", "A4", "A5"}, key=moved.__getitem__) and walked[-1] == "A1"
            assert ids(unit.views.resting(Wanted(organisations=["hall"], closed=True))) == []

    def test_a_case_that_moves_stays_where_it_was_registered(self, store: Store) -> None:
        before, *_ = put_cases_of_three_days(store)
        later = replace_row(before, version=9, updated=MOMENT + timedelta(days=30))
        write(store, lambda unit: unit.views.change(before, later))
        with store.read() as unit:
            assert ids(unit.views.newest(Wanted()))[-1] == "A1"

    def test_they_are_narrowed_just_so(self, store: Store) -> None:
        put_named_cases(store)
        with store.read() as unit:
            for wanted in (
                *(Wanted(phase="mediation"), Wanted(closed=True), Wanted(closed=False), Wanted(dispute="contract")),
                *(Wanted(track="labour_mediation"), Wanted(due_before=date(2026, 12, 2)), Wanted(cases=["A2", "A4"])),
                *(Wanted(cases=["A2", "A4"], closed=True, organisations=["room"]), Wanted(cases=[])),
            ):
                assert ids(unit.views.newest(wanted)) == ids(unit.views.search(wanted))[::-1], wanted
            assert ids(unit.views.search(Wanted(cases=["A2", "A4", "Z"]))) == ["A2", "A4"]

    def test_a_case_is_found_by_the_newest_name_and_no_longer_by_an_older_one(self, store: Store) -> None:
        put_named_cases(store)
        write(store, lambda unit: unit.register.put_person(replace(WORKER, version=2, name="（已依法删除）")))
        with store.read() as unit:
            assert unit.views.search(Wanted(words="王某")) == []
            assert unit.views.search(Wanted(words="wm")) == []
            assert [row.case for row in unit.views.search(Wanted(words="五金厂"))] == ["A1"]
            assert unit.views.is_found_by_its_names("A1")

    def test_it_is_found_too_where_its_parties_are_entered_after_it(self, store: Store) -> None:
        put(store, named_rows("A1", "worker"))
        write(store, lambda unit: unit.register.put_person(WORKER))
        with store.read() as unit:
            assert [row.case for row in unit.views.search(Wanted(words="王某"))] == ["A1"]

    def test_what_a_case_is_found_by_goes_with_its_rows(self, store: Store) -> None:
        put_named_cases(store)
        write(store, lambda unit: unit.views.clear("A1"))
        with store.read() as unit:
            assert unit.views.search(Wanted(words="王某")) == []
            assert unit.views.named(["A1"]) == []

    def test_a_number_given_later_is_found_and_one_taken_away_is_not(self, store: Store) -> None:
        before, after = named_rows("A1", "worker"), named_rows("A1", "worker", number="第0077号")
        put(store, before)
        write(store, lambda unit: unit.views.change(before, after))
        with store.read() as unit:
            assert [row.case for row in unit.views.search(Wanted(words="77"))] == ["A1"]
        write(store, lambda unit: unit.views.change(after, before))
        with store.read() as unit:
            assert unit.views.search(Wanted(words="77")) == []

    def test_parties_are_named_in_order_of_joining(self, store: Store) -> None:
        put(store, named_rows("A2", "firm"), named_rows("A1", *(f"p{n}" for n in range(12))), named_rows("A3", "firm"))
        with store.read() as unit:
            named = unit.views.named(["A2", "A1"])
        assert [(n.case, n.person) for n in named] == [*(("A1", f"p{n}") for n in range(12)), ("A2", "firm")]

    def test_dates_are_narrowed_to_a_span_and_to_organisations(self, store: Store) -> None:
        first, second = date(2026, 12, 1), date(2026, 12, 2)
        put(store, rows_of("A", "visit/1", due=first), rows_of("B", "visit/1", due=second, organisation="hall"))
        with store.read() as unit:
            assert [d.case for d in unit.views.due_dates(FAR, since=second)] == ["B"]
            assert [d.case for d in unit.views.due_dates(FAR, organisations=["room"])] == ["A"]
            assert unit.views.due_dates(FAR, organisations=[]) == []

    def test_at_most_ten_are_found_the_first_by_id(self, store: Store) -> None:
        put(store, *(rows_of(f"A{n:02}", number=f"第{n}号") for n in reversed(range(12))))
        first_ten = [f"A{n:02}" for n in range(10)]
        with store.read() as unit:
            assert unit.views.find_case("A") == first_ten
            assert unit.views.find_case("") == first_ten
            assert unit.views.find_case("第11号") == ["A11"]

    @pytest.mark.parametrize("wild", ["%", "_", "A%", "_1", "A_", "*", "A*", "?", "[A]", "\\", "'", "' OR 1=1 --", '"'])
    def test_nothing_is_a_wildcard(self, store: Store, wild: str) -> None:
        put(store, rows_of("A1"), rows_of("A2"))
        with store.read() as unit:
            assert unit.views.find_case(wild) == []
        put(store, rows_of(f"{wild}x"))
        with store.read() as unit:
            assert unit.views.find_case(wild) == [f"{wild}x"]

    def test_due_dates_come_oldest_first_up_to_and_with_the_day(self, store: Store) -> None:
        day = date(2026, 12, 1)
        put(
            store,
            rows_of("C", "visit/1", due=day - timedelta(days=1)),
            rows_of("B", "visit/2", "visit/1", due=day, mediator="zhou"),
            rows_of("A", "visit/1", due=day),
            rows_of("D", "visit/1", due=day + timedelta(days=1)),
        )
        with store.read() as unit:
            due = [(d.case, d.instance) for d in unit.views.due_dates(day)]
            assert due == [("C", "visit/1"), ("A", "visit/1"), ("B", "visit/1"), ("B", "visit/2")]
            assert [d.case for d in unit.views.due_dates(FAR, most=2)] == ["C", "A"]
            assert unit.views.due_dates(day - timedelta(days=2)) == []
            own = unit.views.due_dates(day, organisations=["room"], mediator="zhou")
            assert [(d.case, d.instance) for d in own] == [("B", "visit/1"), ("B", "visit/2")]

    def test_what_waits_is_asked_for_by_itself_and_makes_no_case_late(self, store: Store) -> None:
        day = date(2026, 12, 1)
        for case, organisation, mediator in (("A", "room", "li"), ("B", "room", "zhou"), ("C", "hall", "li")):
            held = rows_of(case, organisation=organisation, mediator=mediator)
            dues = frozenset({DueDate(case=case, instance="payment/2", kind=WAIT, due=day)})
            put(store, structs.replace(held, dues=dues))
        put(store, rows_of("D", "visit/1", due=day))
        with store.read() as unit:
            assert [d.case for d in unit.views.due_dates(FAR, waiting=True)] == ["A", "B", "C"]
            assert [d.case for d in unit.views.due_dates(FAR)] == ["D"]
            own = unit.views.due_dates(FAR, organisations=["room"], mediator="li", waiting=True)
            assert [(d.case, d.instance) for d in own] == [("A", "payment/2")]
            assert unit.views.due_dates(day - timedelta(days=1), waiting=True) == []
            assert len(unit.views.due_dates(FAR, waiting=True, most=2)) == 2
            assert [row.case for row in unit.views.search(Wanted(due_before=FAR))] == ["D"]
            assert unit.views.projection("A") is not None

    def test_what_waits_with_things_of_one_kind_is_asked_for_by_itself(self, store: Store) -> None:
        for case, instance in (("A", "risk/1"), ("B", "payment/1"), ("C", "riskier/1"), ("D", "risk/12")):
            dues = frozenset({DueDate(case=case, instance=instance, kind=WAIT, due=date(2026, 12, 1))})
            put(store, structs.replace(rows_of(case), dues=dues))
        with store.read() as unit:
            assert [d.case for d in unit.views.due_dates(FAR, waiting=True, machine="risk")] == ["A", "D"]
            assert unit.views.due_dates(FAR, waiting=True, machine="r%") == []

    def test_corrections_come_latest_first_page_by_page_of_some_organisations(self, store: Store) -> None:
        def corrected(case: str, *rows: CorrectionRow, **given: Any) -> Projection:
            return structs.replace(rows_of(case, **given), corrections=frozenset(rows))

        later = MOMENT + timedelta(days=1)
        put(
            store,
            corrected("A", correction(2), correction(9, recorded=later, struck=True, actor=None)),
            corrected("B", correction(3, "B")),
            corrected("C", correction(2, "C"), organisation="hall"),
        )
        with store.read() as unit:
            wanted = [correction(9, recorded=later, struck=True, actor=None), correction(3, "B"), correction(2)]
            assert unit.views.corrections(["room"]) == wanted
            assert unit.views.corrections(["room"], skip=1, most=1) == wanted[1:2]
            assert [row.case for row in unit.views.corrections(["room", "hall"])] == ["A", "C", "B", "A"]
            assert unit.views.corrections([]) == unit.views.corrections(["room"], skip=3) == []

    @pytest.mark.parametrize("most", [1, 2, 9])
    def test_marks_and_corrections_come_latest_first_place_by_place(self, store: Store, most: int) -> None:
        wanted = put_marked_cases(store)
        walked, after = list[MarkRow](), None
        with store.read() as unit:
            while page := unit.views.marks(WantedMarks(organisations=["room", "hall"]), after=after, most=most):
                assert len(page) <= most
                walked, after = walked + page, by_marking(page[-1])
        assert walked == wanted

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"organisations": ["hall"]}, ["B2"]),
            ({"organisations": []}, []),
            ({"kinds": [MarkKind.WAIVED]}, ["A7"]),
            ({"kinds": [MarkKind.STRUCK]}, ["A9"]),
            ({"kinds": [MarkKind.CORRECTED, MarkKind.UNJUDGED]}, ["B2"]),
            ({"kinds": []}, []),
            ({"code": "rights_told"}, ["B2", "A2"]),
            ({"code": "rights_told", "kinds": [MarkKind.DEFECT]}, ["A2"]),
            ({"code": "%"}, []),
            ({"mediator": "zhou"}, ["B2"]),
            ({"since": MOMENT + timedelta(days=1)}, ["A9", "A7"]),
            ({"until": MOMENT + timedelta(days=1)}, ["B2", "A2", "A2"]),
        ],
    )
    def test_marks_are_narrowed(self, store: Store, asked: dict[str, Any], found: list[str]) -> None:
        put_marked_cases(store)
        with store.read() as unit:
            rows = unit.views.marks(WantedMarks(**{"organisations": ["room", "hall"]} | asked))
        assert [f"{row.case}{row.version}" for row in rows] == found

    def test_a_mark_that_is_no_more_is_taken_away(self, store: Store) -> None:
        [before, *_] = [structs.replace(rows_of("A"), marks=frozenset({mark(2), mark(3)}))]
        after = structs.replace(before, marks=frozenset({mark(3, kind="waived"), mark(4)}))
        put(store, before)
        write(store, lambda unit: unit.views.change(before, after))
        with store.read() as unit:
            assert unit.views.projection("A") == after
        write(store, lambda unit: unit.views.clear("A"))
        with store.read() as unit:
            assert unit.views.marks(WantedMarks(organisations=["room"])) == []

    def test_a_correction_more_is_added_to_those_there_were(self, store: Store) -> None:
        one = structs.replace(rows_of("A"), corrections=frozenset({correction(2)}))
        both = structs.replace(one, corrections=frozenset({correction(2), correction(5)}))
        put(store, one)
        write(store, lambda unit: unit.views.change(one, both))
        with store.read() as unit:
            assert unit.views.projection("A") == both
        write(store, lambda unit: unit.views.clear("A"))
        with store.read() as unit:
            assert unit.views.corrections(["room"]) == []

    # -- notices and reads

    def test_notices_wait_in_order_of_case_and_line(self, store: Store) -> None:
        notices = [Notice(case=case, version=n, event="E") for case, n in (("B", 1), ("A", 10), ("A", 2))]
        with store.write() as unit:
            unit.views.put_notices(notices)
            unit.views.put_notices([])
        with store.read() as unit:
            assert unit.views.notices() == sorted(notices, key=lambda n: (n.case, n.version))

    def test_a_line_is_told_of_once(self, store: Store) -> None:
        with store.write() as unit:
            unit.views.put_notices([Notice(case="A", version=1, event="E")])
        with pytest.raises(VersionClash), store.write() as unit:
            unit.views.put_notices([Notice(case="A", version=2, event="E"), Notice(case="A", version=1, event="F")])
        with store.read() as unit:
            assert unit.views.notices() == [Notice(case="A", version=1, event="E")]

    def test_every_look_is_noted_the_same_one_again_too(self, store: Store) -> None:
        looks = [READ, replace(READ, actor="chen"), READ]
        with store.write() as unit:
            for look in looks:
                unit.views.note_read(look)
            unit.views.note_read(replace(READ, case="B"))
        with store.read() as unit:
            assert unit.views.reads("A") == looks

    def test_it_is_known_who_has_looked_at_what_since_when(self, store: Store) -> None:
        look, later = replace(READ, what="private asked"), READ.at + timedelta(seconds=1)
        with store.write() as unit:
            unit.views.note_read(look)
            assert unit.views.has_read(READ.case, READ.actor, "private ", READ.at), "in the same transaction, too"
        with store.read() as unit:
            views = unit.views
            assert views.has_read(READ.case, READ.actor, "private ", READ.at)
            assert not views.has_read(READ.case, READ.actor, "private ", later)
            assert not views.has_read(READ.case, READ.actor, "case", READ.at)
            assert not views.has_read(READ.case, "chen", "private ", READ.at)
            assert not views.has_read("B", READ.actor, "private ", READ.at)

    def test_looks_at_lists_come_latest_first_those_of_some_of_the_staff(self, store: Store) -> None:
        looks = [
            replace(READ, case=NO_CASE, actor=actor, what=f"list {n}") for n, actor in enumerate(("li", "sun") * 3)
        ]
        with store.write() as unit:
            for look in [*looks, READ]:
                unit.views.note_read(look)
        with store.read() as unit:
            assert unit.views.list_reads(["li", "chen"]) == looks[4::-2]
            assert unit.views.list_reads(["li"], skip=1, most=1) == [looks[2]]
            assert unit.views.list_reads([]) == []

    # -- messages

    def test_somebody_sees_own_messages_the_latest_first_and_reads_them(self, store: Store) -> None:
        told = [
            replace(MESSAGE, id=f"m{n}", written=MOMENT + timedelta(hours=n), read=None, recipient=who)
            for n, who in enumerate(("li", "wang", "li", "li"))
        ]
        write(store, lambda unit: unit.messages.put(told, []))
        with store.read() as unit:
            assert unit.messages.of("li") == [told[3], told[2], told[0]]
            assert unit.messages.of("li", skip=1, most=1) == [told[2]]
            assert unit.messages.some("li", ["m0", "m1", "none"]) == [told[0]]
            assert unit.messages.unread("li") == 3
        write(store, lambda unit: unit.messages.mark_read("li", ["m0", "m1"]))
        with store.read() as unit:
            assert (unit.messages.unread("li"), unit.messages.unread("wang")) == (2, 1)
            assert unit.messages.some("li", ["m0"])[0].read is not None
        write(store, lambda unit: unit.messages.mark_read("li"))
        with store.read() as unit:
            assert (unit.messages.unread("li"), unit.messages.unread("wang")) == (0, 1)

    def test_a_digest_stands_in_no_list_and_what_is_unread_can_be_listed_alone(self, store: Store) -> None:
        told = [
            replace(MESSAGE, id="m1", read=None),
            replace(MESSAGE, id="m2"),
            replace(MESSAGE, id="m3", topic=DIGEST),
        ]
        write(store, lambda unit: unit.messages.put(told, []))
        with store.read() as unit:
            assert [it.id for it in unit.messages.of("li")] == ["m2", "m1"]
            assert [it.id for it in unit.messages.of("li", unread=True)] == ["m1"]
            assert [it.id for it in unit.messages.some("li", ["m3"])] == ["m3"]

    def test_a_message_is_written_once_and_bars_no_other(self, store: Store) -> None:
        other = replace(MESSAGE, id="m2")
        write(store, lambda unit: unit.messages.put([MESSAGE], [SENDING]))
        again = [replace(MESSAGE, read=None), other], [replace(SENDING, tries=0), replace(SENDING, message="m2")]
        write(store, lambda unit: unit.messages.put(*again))
        with store.read() as unit:
            assert unit.messages.some("li", ["m1", "m2"]) == [MESSAGE, other]
            assert unit.messages.sending("m1", "mail") == SENDING

    def test_what_nobody_has_read_or_been_sent_is_withdrawn_with_its_sendings(self, store: Store) -> None:
        told = [replace(MESSAGE, id=f"m{n}", read=None, version=n) for n in range(4)]
        told[1] = replace(told[1], read=MOMENT)
        ways = [replace(SENDING, message=f"m{n}", dead=None, sent=MOMENT if n == 2 else None) for n in range(4)]
        write(store, lambda unit: unit.messages.put(told, ways))
        write(store, lambda unit: unit.messages.withdraw("A", [0, 1, 2]))
        write(store, lambda unit: unit.messages.withdraw("A", []), lambda unit: unit.messages.withdraw("B", [3]))
        with store.read() as unit:
            assert {it.id for it in unit.messages.of("li")} == {"m1", "m2", "m3"}
            assert unit.messages.sending("m0", "mail") is None

    def test_a_sending_is_taken_when_its_time_has_come_and_by_one_at_a_time(self, store: Store) -> None:
        with store.read() as unit:
            now = unit.now
        later, furthest = now + timedelta(minutes=5), now + timedelta(hours=1)
        nexts = {"m0": now, "m1": now + timedelta(minutes=1), "m2": furthest + timedelta(hours=1), "m3": now}
        told = [replace(MESSAGE, id=id, urgent=id == "m3") for id in nexts]
        ways = [replace(SENDING, message=id, next=at, dead=None, tries=0) for id, at in nexts.items()]
        write(store, lambda unit: unit.messages.put(told, ways))

        def take(urgent: bool = False, channels: tuple[str, ...] = ("mail", "other")) -> tuple[str, int] | None:
            with store.write() as unit:
                found = unit.messages.take(later, furthest, channels, urgent=urgent)
            return found and (found[0].id, found[1].tries)

        assert take(channels=()) is take(channels=("other",)) is None
        assert take(urgent=True) == ("m3", 1)
        assert [take(), take(), take()] == [("m0", 1), ("m2", 1), None]

    def test_what_is_done_is_taken_by_nobody_and_the_dead_are_listed(self, store: Store) -> None:
        ways = [
            replace(SENDING, channel="a", sent=MOMENT, dead=None),
            replace(SENDING, channel="b", dead=MOMENT),
            replace(SENDING, channel="c", dead=None),
        ]
        write(store, lambda unit: unit.messages.put([MESSAGE], ways))
        with store.write() as unit:
            assert unit.messages.take(FAR_MOMENT, FAR_MOMENT, ["a", "b"], urgent=False) is None
        with store.read() as unit:
            assert [it.channel for _, it in unit.messages.sendings(dead=True)] == ["b"]
            assert [it.channel for _, it in unit.messages.sendings(dead=False)] == ["b", "c"]
            assert unit.messages.sending("m1", "a") == ways[0]

    def test_a_contact_is_replaced_and_dropped_and_both_are_entered(self, store: Store) -> None:
        other = replace(CONTACT, address="other@example.cn")
        for act in (CONTACT, other):
            write(store, lambda unit, it=act: unit.messages.put_contact(it))  # type: ignore[misc]
        with store.read() as unit:
            assert unit.messages.contacts() == unit.messages.contacts("li") == [other]
            assert unit.messages.contacts("wang") == []
        for _ in range(2):
            write(store, lambda unit: unit.messages.drop_contact("li", "mail"))
        with store.read() as unit:
            assert unit.messages.contacts() == []
            made = [decode_entry(it.body) for it in unit.journal.entries(Chain.STAFF)]
        assert [(it.table, it.digest is None) for it in made] == [("contacts", gone) for gone in (False, False, True)]
        assert beside_the_record(store) == []

    def test_a_jotting_is_its_owners_and_what_it_said_goes_once_it_is_filed(self, store: Store) -> None:
        early = structs.replace(JOTTING, id="j0", made=JOTTING.made - timedelta(days=1))
        theirs = structs.replace(JOTTING, id="j2", actor="wang")
        write(store, lambda unit: unit.jottings.put(JOTTING, [JOTTING_FILE]))
        for it in (early, theirs):
            write(store, lambda unit, it=it: unit.jottings.put(it, []))  # type: ignore[misc]
        with store.read() as unit:
            assert unit.jottings.of("li") == [early, JOTTING]
            assert (unit.jottings.count("li"), unit.jottings.count("wang"), unit.jottings.count("zhao")) == (2, 1, 0)
            assert unit.jottings.jotting("j1") == JOTTING
            assert [*unit.jottings.all_files()] == unit.jottings.files("j1") == [JOTTING_FILE]
            assert unit.jottings.older_than(JOTTING.made) == ["j0"]
        places = [Filed(at=JOTTING.made + timedelta(hours=n), case="A", line=7 + n) for n in range(2)]
        write(store, lambda unit: unit.jottings.close("j1", places[1]))
        write(store, lambda unit: unit.jottings.close("j0", places[0]))
        closed = [
            structs.replace(it, key=None, words=None, filed=f) for it, f in zip((early, JOTTING), places, strict=True)
        ]
        with store.read() as unit:
            assert unit.jottings.of("li") == closed[::-1]
            assert unit.jottings.count("li") == 0
            assert unit.jottings.files("j1") == []
        write(store, lambda unit: unit.jottings.drop("j2"))
        with store.read() as unit:
            assert unit.jottings.jotting("j2") is None
        assert beside_the_record(store) == []

    def test_a_jotting_is_there_once(self, store: Store) -> None:
        write(store, lambda unit: unit.jottings.put(JOTTING, []))
        with pytest.raises(VersionClash):
            write(store, lambda unit: unit.jottings.put(JOTTING, []))

    def test_what_is_put_aside_stays_until_it_is_taken_up(self, store: Store) -> None:
        at = datetime(2026, 11, 23, tzinfo=UTC)
        event = Parked(case="A", kind="CaseAccepted", version=3, why="读不出来", at=at)
        step = Parked(case="A", kind="take_back", instance="visit/1", why="规则不让办", at=at)
        for _ in range(2):
            write(store, lambda unit: unit.messages.park([event, step, replace(event, why="另一个原因")]))
        with store.read() as unit:
            assert unit.messages.parked() == [event, step]
            assert unit.views.notices() == []
        with store.write() as unit:
            assert unit.messages.take_up() == 2
        with store.read() as unit:
            assert unit.messages.parked() == []
            assert unit.views.notices() == [Notice(case="A", version=3, event="CaseAccepted")]
        with store.write() as unit:
            assert unit.messages.take_up() == 0

    def test_what_tells_of_void_lines_is_put_aside_no_longer(self, store: Store) -> None:
        at = datetime(2026, 11, 23, tzinfo=UTC)
        first, second = (Parked(case="A", kind="CaseAccepted", version=n, why="读不出来", at=at) for n in (3, 4))
        write(store, lambda unit: unit.messages.park([first, second]))
        write(store, lambda unit: unit.messages.withdraw("A", [3]))
        with store.read() as unit:
            assert unit.messages.parked() == [second]

    def test_a_heart_beats_or_never_did(self, store: Store) -> None:
        with store.read() as unit:
            assert unit.messages.heartbeat() is None
        for _ in range(2):
            write(store, lambda unit: unit.messages.beat())
        with store.read() as unit:
            beat = unit.messages.heartbeat()
            assert beat is not None
            assert beat.age(unit.now) == timedelta(0)
            assert beat.age(unit.now - timedelta(hours=1)) == timedelta(hours=1), "of a clock that was put back"

    # -- tokens

    def test_a_token_is_replaced_whole(self, store: Store) -> None:
        fresh = replace(TOKEN, scopes=frozenset({Scope.READ}), seen=None, ended=None)
        write(store, lambda unit: unit.tokens.put_token(TOKEN), lambda unit: unit.tokens.put_token(fresh))
        with store.read() as unit:
            assert unit.tokens.tokens() == [fresh]

    def test_tokens_come_in_order_of_when_they_were_made(self, store: Store) -> None:
        tokens = [replace(TOKEN, key=f"k{n}", id=f"t{n}", made=TOKEN.made - timedelta(days=n)) for n in range(3)]
        with store.write() as unit:
            for token in tokens:
                unit.tokens.put_token(token)
        with store.read() as unit:
            assert unit.tokens.tokens() == tokens[::-1]

    def test_no_two_tokens_are_called_the_same(self, store: Store) -> None:
        with store.write() as unit:
            unit.tokens.put_token(TOKEN)
        with pytest.raises(VersionClash):
            write(store, lambda unit: unit.tokens.put_token(replace(TOKEN, key="another")))

    # -- links

    def test_what_moves_with_a_visitor_is_kept_and_not_entered(self, store: Store) -> None:
        write(store, lambda unit: unit.links.put_link(LINK))
        before, moved = (
            entered(store),
            replace(LINK, wrong=3, session="k5", used=None, seen=MOMENT + timedelta(hours=1)),
        )
        write(store, lambda unit: unit.links.put_link(moved))
        assert entered(store) == before
        with store.read() as unit:
            assert unit.links.links("A") == [unit.links.link_of_session("k5")] == [moved]
            assert unit.links.link_of_session("k4") is None
        write(store, lambda unit: unit.links.put_link(replace(moved, until=FAR - timedelta(days=1))))
        assert len(entered(store)[Chain.STAFF]) == len(before[Chain.STAFF]) + 1

    def test_links_of_a_case_come_in_order_of_issue_and_no_two_open_to_the_same_secret(self, store: Store) -> None:
        links = [replace(LINK, id=f"n{n}", key=f"k{n}", code=None, issued=MOMENT - timedelta(days=n)) for n in range(3)]
        write(store, *(lambda unit, it=it: unit.links.put_link(it) for it in links))
        with store.read() as unit:
            assert unit.links.links("A") == links[::-1]
            assert unit.links.links("B") == []
        with pytest.raises(VersionClash):
            write(store, lambda unit: unit.links.put_link(replace(LINK, id="another", key="k1")))

    def test_a_link_opens_to_its_code_as_well_and_wrong_tries_are_counted_without_looking(self, store: Store) -> None:
        write(store, lambda unit: unit.links.put_link(replace(LINK, wrong=0)))
        before = entered(store)
        for key in ("k3", "k6", "none", "k6"):
            write(store, lambda unit, key=key: unit.links.count_try(key, 2))
        with store.read() as unit:
            found = unit.links.link("k6")
            assert found == unit.links.link("k3") == replace(LINK, wrong=2)
        assert entered(store) == before
        with pytest.raises(VersionClash):
            write(store, lambda unit: unit.links.put_link(replace(LINK, id="another", key="k9")))

    def test_where_a_link_has_no_pin_no_wrong_one_is_counted(self, store: Store) -> None:
        write(store, lambda unit: unit.links.put_link(replace(LINK, wrong=0, pin="")))
        for key in ("k3", "k6"):
            write(store, lambda unit, key=key: unit.links.count_try(key, 2))
        with store.read() as unit:
            found = unit.links.link("k6")
        assert found is not None
        assert found.wrong == 0

    def test_who_asked_to_be_called_is_listed_until_the_link_is_revoked(self, store: Store) -> None:
        asking = replace(LINK, revoked=None)
        write(store, lambda unit: unit.links.put_link(asking))
        write(store, lambda unit: unit.links.put_link(replace(LINK, id="n2", key="k8", code=None, called=None)))
        with store.read() as unit:
            assert unit.links.calling() == [asking]
        write(store, lambda unit: unit.links.put_link(LINK))
        with store.read() as unit:
            assert unit.links.calling() == []

    # -- the years of the calendar

    def test_years_come_back_by_year_and_version_and_are_never_changed(self, store: Store) -> None:
        later = replace(YEAR, version=2, text="改过的通知")
        earlier = replace(YEAR, year=2026)
        for year in (later, YEAR, earlier):
            write(store, lambda unit, year=year: unit.calendars.add(year))
        with pytest.raises(VersionClash):
            write(store, lambda unit: unit.calendars.add(replace(YEAR, text="另一份")))
        with store.read() as unit:
            assert unit.calendars.imported() == [earlier, YEAR, later]

    def test_a_recount_is_taken_up_where_it_was_left_until_it_is_done(self, store: Store) -> None:
        first, second = Recount(year=2027, version=1), Recount(year=2027, version=2)
        for recount in (second, first):
            write(store, lambda unit, recount=recount: unit.calendars.put_recount(recount))
        for at, expected in ((replace(first, after="B"), "B"), (replace(first, done=MOMENT), "")):
            write(store, lambda unit, at=at: unit.calendars.put_recount(at))
            with store.read() as unit:
                held = unit.calendars.recount()
            assert held is not None
            assert held.after == expected
        write(store, lambda unit: unit.calendars.put_recount(replace(second, done=MOMENT)))
        with store.read() as unit:
            assert unit.calendars.recount() is None

    def test_what_a_notice_moved_is_kept_once_the_latest_notice_first(self, store: Store) -> None:
        rows = [replace(MOVED, case="B"), MOVED, replace(MOVED, version=2), replace(MOVED, year=2028)]
        for _ in range(2):
            write(store, lambda unit: unit.calendars.put_moved(rows))
        with store.read() as unit:
            assert unit.calendars.moved(2027) == [rows[2], rows[1], rows[0]]
            assert unit.calendars.moved(2027, skip=1, most=1) == [rows[1]]

    def test_cases_in_which_something_ends_come_by_id_each_once(self, store: Store) -> None:
        day = date(2027, 2, 11)
        for case, kind, due in (("B", "people_term", day), ("A", "people_term", day), ("C", "visit", day)):
            twice = {DueDate(case=case, instance=key, kind=kind, due=due) for key in ("", "x/1")}
            put(store, Projection(row=rows_of(case).row, dues=frozenset(twice)))
        with store.read() as unit:
            ask = lambda *days, **given: unit.views.cases_due({"people_term"}, *days, **given)  # noqa: E731
            assert ask(day, day) == ["A", "B"]
            assert ask(day, day, after="A") == ["B"]
            assert ask(day, day, most=1) == ["A"]
            assert ask(day + timedelta(days=1), FAR) == []

    def test_duties_rights_and_what_waits_are_told_apart(self, store: Store) -> None:
        day = date(2026, 12, 1)
        kinds = (("people_term", False), ("limitation", True), ("wait", False))
        dues = {DueDate(case="A", instance="", kind=kind, due=day, lapses=lapses) for kind, lapses in kinds}
        put(store, Projection(row=rows_of("A").row, dues=frozenset(dues)))
        with store.read() as unit:
            assert [d.kind for d in unit.views.due_dates(day)] == ["people_term"]
            assert [d.kind for d in unit.views.due_dates(day, lapsing=True)] == ["limitation"]
            assert [d.kind for d in unit.views.due_dates(day, waiting=True)] == ["wait"]
            assert unit.views.projection("A").dues == dues
            late = Wanted(due_before=day + timedelta(days=1))
            assert [row.case for row in unit.views.search(late)] == ["A"]

    def test_a_right_that_lapsed_makes_no_case_late(self, store: Store) -> None:
        lapsed = DueDate(case="A", instance="", kind="limitation", due=date(2026, 1, 1), lapses=True)
        put(store, Projection(row=rows_of("A").row, dues=frozenset({lapsed})))
        with store.read() as unit:
            assert unit.views.search(Wanted(due_before=FAR)) == []

    def test_of_a_window_only_its_kinds_days_and_workflows_are_claimed_each_once_a_distance(self, store: Store) -> None:
        day = date(2026, 12, 1)
        dues = {DueDate(case="A", instance="", kind=kind, due=day) for kind in ("people_term", "acceptance")}
        put(store, Projection(row=rows_of("A").row, dues=frozenset(dues)))
        workflow = rows_of("A").row.workflow
        window = Window(
            until=day, before=5, kinds=frozenset({"people_term"}), workflows=frozenset({workflow, "another"})
        )
        for given, count in (
            ({"workflows": frozenset({"another"})}, 0),
            ({"until": day - timedelta(days=1)}, 0),
            ({"since": day + timedelta(days=1), "until": FAR}, 0),
            ({"lapses": True}, 0),
            ({}, 1),
            ({}, 0),
            ({"before": 2}, 1),
            ({"before": 0, "kinds": frozenset()}, 2),
            ({"before": 0, "kinds": frozenset()}, 0),
        ):
            with store.write() as unit:
                items, _ = unit.messages.claim_due(replace(window, **given))
                assert len(items) == count, given
                assert {it.kind for it in items} <= {"people_term", "acceptance"}

    # -- the journal

    def test_every_change_of_a_covered_row_is_entered_once_and_the_chains_are_whole(self, store: Store) -> None:
        write(store, put_one_of_everything)
        write(store, put_one_of_everything_else)
        assert entered(store) == {
            Chain.REGISTER: [
                ("people", ("worker", 1)),
                ("people_keys", ("worker",)),
                ("same_people", ("gone", "worker")),
                ("people_erasures", ("gone",)),
                ("organisations", ("room",)),
                ("numbers", ("room", "people_mediation", 2026)),
                ("people", ("worker", 2)),
                ("organisations", ("room",)),
                ("numbers", ("room", "people_mediation", 2026)),
            ],
            Chain.STAFF: [
                *(("actors", ("li",)), ("accounts", ("li",)), ("tokens", ("t1",)), ("links", ("n1",))),
                ("substitutions", ("s1",)),
                ("contacts", ("li", "mail")),
                *(("actors", ("li",)), ("accounts", ("li",)), ("tokens", ("t1",))),
            ],
            Chain.READS: [("reads", (1,)), ("reads", (2,))],
            Chain.EXHIBITS: [("exhibits", ("A", "e1"))],
            Chain.CHECKS: [("exemptions", ("x1",))],
            Chain.CALENDAR: [("calendar_years", (2027, 1))],
            Chain.REPORTS: [("frozen_reports", ("r1",))],
        }
        assert beside_the_record(store) == []

    def test_what_changes_nothing_that_is_covered_is_not_entered(self, store: Store) -> None:
        write(store, put_one_of_everything)
        before = entered(store)
        seen_again = replace(TOKEN, seen=FAR), replace(ACCOUNT, totp_step=1)
        write(
            store,
            *(lambda u: u.register.put_person(WORKER), lambda u: u.register.put_actor(LI)),
            *(lambda u: u.register.put_organisation(ROOM), lambda u: u.tokens.put_token(seen_again[0])),
            *(lambda u: u.accounts.put_account(seen_again[1]), lambda u: u.accounts.put_tries(TRIES)),
        )
        assert entered(store) == before
        assert beside_the_record(store) == []
        with store.read() as unit:
            assert (unit.tokens.tokens(), unit.accounts.accounts()) == ([seen_again[0]], [seen_again[1]])

    def test_an_entry_says_when_and_by_whom_and_nothing_that_the_row_holds(
        self, store: Store, clock: FixedClock
    ) -> None:
        with store.write() as unit:
            unit.journal.by = "wang"
            put_one_of_everything(unit)
        with store.read() as unit:
            stored = [entry for chain in Chain for entry in unit.journal.entries(chain)]
            assert [unit.journal.last(chain) for chain in Chain] == [s for s in stored if s is last_in(stored, s)]
            assert [unit.journal.entry(Chain(s.chain), s.serial) for s in stored] == stored
            assert [unit.journal.entry(Chain.STAFF, serial) for serial in (0, 99)] == [None, None]
        assert {(e.at, e.by) for e in map(read_entry, stored)} == {(clock.now, "wang")}
        bodies = b"".join(s.body for s in stored).decode()
        for told in (WORKER.name, WORKER.other_names, LI.name, ROOM.name, ACCOUNT.password, TOKEN.key, READ.reason):
            assert told and told not in bodies

    def test_the_same_content_twice_has_two_digests(self, store: Store) -> None:
        renamed = replace(LI, name="李某")
        for actor in (LI, renamed, LI):
            write(store, lambda unit, a=actor: unit.register.put_actor(a))
        with store.read() as unit:
            digests = [read_entry(e).digest for e in unit.journal.entries(Chain.STAFF)]
        assert len({*digests}) == 3

    def test_a_change_in_vain_is_not_entered(self, store: Store) -> None:
        with pytest.raises(Stop):
            write(store, put_one_of_everything, stop)
        assert entered(store) == {chain: [] for chain in Chain}

    def test_an_erased_person_is_gone_in_every_version_and_the_chain_is_whole(self, store: Store) -> None:
        second = replace(WORKER, version=2, name="王二")
        write(store, *(lambda unit, p=p: unit.register.put_person(p) for p in (WORKER, second)))
        put(store, PROJECTION)
        before = bound_rows(store)
        write(store, lambda unit: unit.register.erase_person("worker"), lambda u: u.register.erase_person("nobody"))
        with store.read() as unit:
            assert unit.register.person("worker") == erased(second)
            assert [unit.views.search(Wanted(words=words)) for words in ("王某", "王二", "wm")] == [[], [], []]
        assert not {row.salt for row in before} & {row.salt for row in bound_rows(store)}
        assert beside_the_record(store) == []
        write(store, lambda unit: unit.register.put_person(WORKER))
        with store.read() as unit:
            assert unit.register.person("worker") == erased(second)

    def test_writers_of_one_chain_take_turns_whatever_they_write_about(self, store: Store) -> None:
        def writer(n: int) -> Callable[[], None]:
            chains = [
                lambda u: u.views.note_read(READ),
                lambda u: u.register.put_actor(replace(LI, id=f"li{n % 3}", name=f"李{n}")),
                lambda u: u.register.next_number("room", "p", 2026, take=True),
                lambda u: u.exhibits.put([structs.replace(EXHIBIT, id=f"e{n}")]),
                lambda u: u.exemptions.put_exemption(replace(EXEMPTION, id=f"x{n}")),
                lambda u: u.calendars.add(replace(YEAR, year=2100 + n)),
                lambda u: u.reports.put_report(replace(REPORT, id=f"r{n}")),
            ]
            return lambda: write_again(store, *(chains if n % 2 else chains[::-1]))

        assert together([writer(n) for n in range(MANY)]) == [None] * MANY
        assert {chain: len(keys) for chain, keys in entered(store).items()} == dict.fromkeys(Chain, MANY)
        assert beside_the_record(store) == []

    # -- transactions

    def test_an_error_in_the_middle_leaves_nothing(self, store: Store) -> None:
        with pytest.raises(Stop):
            write(store, put_one_of_everything, stop)
        assert seen(store) == NOTHING

    def test_an_error_in_the_middle_leaves_what_was_there(self, store: Store) -> None:
        with store.write() as unit:
            put_one_of_everything(unit)

        def change_everything(unit: Unit) -> None:
            unit.record.append(order(2))
            unit.record.erase_text("A", "t1")
            unit.register.put_person(replace(WORKER, version=2, name="王二"))
            unit.register.put_actor(replace(LI, name="李四"))
            unit.register.put_organisation(replace(ROOM, name="总室"))
            unit.register.next_number("room", "people_mediation", 2026, take=True)
            unit.views.change(PROJECTION, rows_of("A", "visit/3", version=2))
            unit.views.put_notices([Notice(case="A", version=2, event="E")])
            unit.views.note_read(READ)
            unit.views.clear("A")

        with pytest.raises(Stop):
            write(store, change_everything, stop)
        assert seen(store) == ONE_OF_EVERYTHING

    def test_nothing_is_seen_before_it_is_committed(self, store: Store) -> None:
        with store.write() as unit:
            put_one_of_everything(unit)
            assert seen(store) == NOTHING
        assert seen(store) == ONE_OF_EVERYTHING

    def test_a_reader_that_has_begun_keeps_its_snapshot(self, store: Store) -> None:
        with store.read() as early:
            with store.write() as unit:
                put_one_of_everything(unit)
            assert everything(early) == NOTHING
            with store.read() as late:
                assert everything(late) == ONE_OF_EVERYTHING
            assert everything(early) == NOTHING

    def test_what_is_put_while_reading_is_refused_or_not_kept(self, store: Store) -> None:
        with suppress(StoreUnavailable), store.read() as unit:
            put_one_of_everything(unit)
        assert seen(store) == NOTHING

    def test_the_time_of_a_transaction_is_read_once(self, store: Store, clock: FixedClock) -> None:
        begun = clock.now
        for begin in (store.read, store.write):
            clock.now = begun
            with begin() as unit:
                clock.now += timedelta(hours=1)
                assert unit.now == begun

    def test_writers_take_turns(self, store: Store) -> None:
        def writer(name: str) -> Callable[[], int]:
            def one() -> int:
                with store.write("A") as unit:
                    version = len(unit.record.orders("A")) + 1
                    unit.record.append(order(version, command=name))
                    assert unit.register.next_number("room", "p", 2026, take=True) == version
                    return version

            return one

        versions = together([writer(f"c{n}") for n in range(MANY)])
        assert {*versions} == {*range(1, MANY + 1)}
        with store.read() as unit:
            assert [o.first for o in unit.record.orders("A")] == list(range(1, MANY + 1))

    def test_readers_never_see_half_of_what_others_write(self, store: Store) -> None:
        def writer(n: int) -> Callable[[], None]:
            orders = [order(1, f"case {n}"), order(2, f"case {n}")]
            rows = rows_of(f"case {n}", "visit/1")
            appending = [lambda u, o=o: u.record.append(o) for o in orders]
            return lambda: write(store, *appending, lambda u: u.views.change(None, rows))

        def reader() -> None:
            with store.read() as unit:
                listed = [r.case for r in unit.views.case_rows()]
                assert all(len(unit.record.orders(case)) == 2 for case in listed)
                assert unit.record.cases() == listed

        assert together([*map(writer, range(MANY)), *[reader] * MANY]) == [None] * 2 * MANY

    # -- who may come in

    def test_an_account_is_replaced_whole(self, store: Store) -> None:
        bare = Account(actor="li", password="x", changed=MOMENT)
        write(store, lambda unit: unit.accounts.put_account(ACCOUNT), lambda unit: unit.accounts.put_account(bare))
        with store.read() as unit:
            assert unit.accounts.account("li") == bare
            assert unit.accounts.accounts() == [bare]
            assert unit.accounts.account("wang") is None

    def test_sign_ins_come_latest_first_each_ones_apart(self, store: Store) -> None:
        seen = [replace(SIGN_IN, key=f"k{n}", seen=MOMENT + timedelta(hours=n)) for n in (2, 1, 3)]
        other = replace(SIGN_IN, key="o", actor="wang")
        write(store, *(lambda unit, s=s: unit.accounts.begin(s) for s in (*seen, other)))
        with store.read() as unit:
            assert [s.key for s in unit.accounts.sign_ins("li")] == ["k3", "k2", "k1"]
            assert unit.accounts.sign_ins("wang") == [other]
            assert unit.accounts.sign_ins("nobody") == []

    def test_no_two_sign_ins_share_a_key(self, store: Store) -> None:
        write(store, lambda unit: unit.accounts.begin(SIGN_IN))
        with pytest.raises(VersionClash):
            write(store, lambda unit: unit.accounts.begin(replace(SIGN_IN, actor="wang")))
        with store.read() as unit:
            assert unit.accounts.sign_in("k1") == SIGN_IN

    def test_a_sign_in_goes_on_until_it_is_ended_and_never_after(self, store: Store) -> None:
        later = MOMENT + timedelta(minutes=5)
        write(store, lambda unit: unit.accounts.begin(SIGN_IN))
        write(store, lambda unit: unit.accounts.go_on("k1", seen=later, kept="{}"))
        with store.read() as unit:
            assert unit.accounts.sign_in("k1") == replace(SIGN_IN, seen=later, kept="{}")
        write(store, lambda unit: unit.accounts.end("k1"))
        write(
            store, lambda unit: unit.accounts.go_on("k1", seen=later, kept="{}"), lambda unit: unit.accounts.end("k1")
        )
        with store.read() as unit:
            assert unit.accounts.sign_in("k1") is None

    def test_all_of_somebodys_end_or_all_but_one_and_nobody_elses(self, store: Store) -> None:
        mine = [replace(SIGN_IN, key=f"k{n}") for n in range(4)]
        other = replace(SIGN_IN, key="o", actor="wang")
        write(store, *(lambda unit, s=s: unit.accounts.begin(s) for s in (*mine, other)))
        write(store, lambda unit: unit.accounts.end_all("li", but="k2"))
        with store.read() as unit:
            assert [s.key for s in unit.accounts.sign_ins("li")] == ["k2"]
        write(store, lambda unit: unit.accounts.end_all("li"))
        with store.read() as unit:
            assert unit.accounts.sign_ins("li") == []
            assert unit.accounts.sign_ins("wang") == [other]

    def test_what_is_older_ends(self, store: Store) -> None:
        old = replace(SIGN_IN, key="old", began=MOMENT - timedelta(microseconds=1))
        write(store, lambda unit: unit.accounts.begin(SIGN_IN), lambda unit: unit.accounts.begin(old))
        write(store, lambda unit: unit.accounts.end_older(MOMENT))
        with store.read() as unit:
            assert unit.accounts.sign_ins("li") == [SIGN_IN]

    def test_a_draft_is_written_over_and_those_of_one_person_come_latest_first(self, store: Store) -> None:
        later, other = replace(DRAFT, at=MOMENT + timedelta(hours=1), given=True), replace(DRAFT, owner="wang")
        second = replace(DRAFT, form="f2", at=MOMENT + timedelta(minutes=1))
        write(store, *(lambda unit, d=d: unit.drafts.put(d, f"{d.at}{d.owner}") for d in (DRAFT, other, second, later)))
        with store.read() as unit:
            assert unit.drafts.of("li") == [later, second]
            assert unit.drafts.sealed(DRAFT) == f"{later.at}li"
            assert (unit.drafts.sealed(other), unit.drafts.sealed(replace(other, form="x"))) == (f"{MOMENT}wang", "")

    def test_drafts_end_one_by_one_with_their_owner_at_their_path_and_with_time(self, store: Store) -> None:
        mine = [replace(DRAFT, path=path) for path in ("/a", "/b", "/c")]
        others = replace(mine[0], owner="wang"), replace(mine[1], owner="wang", at=MOMENT - timedelta(seconds=1))
        ends: list[tuple[Callable[[Unit], object], list[str]]] = [
            (lambda unit: unit.drafts.end(mine[0]), ["/b", "/c", "/a", "/b"]),
            (lambda unit: unit.drafts.end_all("li"), ["/a", "/b"]),
            (lambda unit: unit.drafts.end_at("/a"), ["/b", "/c", "/b"]),
            (lambda unit: unit.drafts.end_older(MOMENT), ["/a", "/b", "/c", "/a"]),
        ]
        for end, left in ends:
            write(store, *(lambda unit, d=d: unit.drafts.put(d, "") for d in (*mine, *others)))
            write(store, end)
            with store.read() as unit:
                assert [it.path for who in ("li", "wang") for it in unit.drafts.of(who)] == left

    def test_tries_are_replaced_and_forgotten(self, store: Store) -> None:
        more, old = replace(TRIES, failed=4), Tries(key="old", failed=1, last=MOMENT - timedelta(days=1))
        write(store, *(lambda unit, t=t: unit.accounts.put_tries(t) for t in (TRIES, more, old)))
        write(store, lambda unit: unit.accounts.forget_older_tries(MOMENT))
        with store.read() as unit:
            assert (unit.accounts.tries(TRIES.key), unit.accounts.tries("old")) == (more, None)
            assert unit.accounts.tries_of(TRIES.key[:-1]) == [more]
            assert unit.accounts.tries_of("%") == unit.accounts.tries_of(TRIES.key + "x") == []
        write(store, lambda unit: unit.accounts.forget_tries(TRIES.key, "none"))
        with store.read() as unit:
            assert unit.accounts.tries(TRIES.key) is None

    def test_tries_are_counted_exactly_by_many_at_once(self, store: Store) -> None:
        def count() -> None:
            with store.write("accounts") as unit:
                held = unit.accounts.tries("a")
                unit.accounts.put_tries(Tries(key="a", failed=(held.failed if held else 0) + 1, last=unit.now))

        together([count] * MANY)
        with store.read() as unit:
            counted = unit.accounts.tries("a")
        assert counted is not None
        assert counted.failed == MANY

    def test_case_rows_can_be_those_of_some_organisations(self, store: Store) -> None:
        put(store, rows_of("A"), rows_of("B", organisation="other"), rows_of("C"), rows_of("D", organisation="third"))
        with store.read() as unit:
            for organisations, cases in (({"room"}, "AC"), ({"room", "other"}, "ABC"), (set(), ""), ({"none"}, "")):
                found = unit.views.case_rows(organisations=organisations)
                assert [r.case for r in found] == list(cases)
            assert [r.case for r in unit.views.case_rows(after="A", most=1, organisations={"room"})] == ["C"]
