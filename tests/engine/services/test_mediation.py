"""The one door: once and once only, nobody's word over another's, all or nothing, and only who may."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any, TypeVar

import pytest
from msgspec import Raw, structs

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.adapters.sql import SqlStore
from mediation_engine.adapters.sql.engine import dialect_of
from mediation_engine.adapters.sql.schema import metadata
from mediation_engine.adapters.sql.work import Question, Values, Work, Writing
from mediation_engine.clock import FixedClock
from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import Text
from mediation_engine.domain.line import Line, Provenance
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.order import Order, Receipt
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Actor, Office, Organisation
from mediation_engine.errors import (
    ActorNotFound,
    CaseAlreadyOpen,
    CaseNotFound,
    CommandIdReused,
    CommandNotAllowed,
    GuardRefused,
    InstanceNotFound,
    MediationError,
    OfficeNotHeld,
    OutsideOwnRemit,
    PersonTaken,
    Refused,
    RulesNotInForce,
    StaleInstance,
    UnfitText,
    UnknownWorkflow,
    VersionClash,
)
from mediation_engine.ids import seeded_randomness
from mediation_engine.ports.register import Person
from mediation_engine.ports.store import Store, Unit
from mediation_engine.record.fold import fold_under, fold_upto
from mediation_engine.rules.catalogue import Catalogue
from mediation_engine.rules.fingerprint import rules_of
from mediation_engine.services.maintenance import audit_store
from mediation_engine.services.mediation import TRIES, MediationService
from workflows.parts.agreement import AffixSeal, SignAsMediator
from workflows.parts.block import MarkReady, MarkSettled, RecordTalk
from workflows.parts.confirmation import ConfirmAgreement
from workflows.parts.host import HandOverCase
from workflows.parts.party import LeaveCase, Leaving, RecordConsent, RefuseMediation, TellRemedies, TellRights
from workflows.parts.session import RecordSession, ScheduleSession
from workflows.phases.endings import WithdrawApplication
from workflows.phases.intake import AcceptCase, PartyRow
from workflows.rules_2026.fast_track import FAST_TRACK
from workflows.rules_2026.parts import PARTS
from workflows.vocabulary import Elsewhere, Side, SigningManner

from ...support.story import BELOW, FIRM, NOW, ROOM, STAFF, WORKER, Story, given_people, register
from ...support.together import together

T = TypeVar("T")
BOTH = ("party/1", "party/2")
MANY = 20
CROWD = tuple(Person(id=f"p{n}", name=f"第{n}人", kind=PartyKind.PERSON) for n in range(1, MANY + 1))


@pytest.fixture
def told(store: Store, clock: FixedClock) -> Story:
    """A case to tell, to each kind of store in turn."""
    return Story(store, clock)


@pytest.fixture
def kept(database_store: SqlStore, clock: FixedClock) -> Story:
    """A case to tell to each kind of database."""
    return Story(database_store, clock)


@pytest.fixture
def crowded(told: Story) -> Story:
    """A case of twenty parties, accepted."""
    crowd(told).do(AcceptCase(), by=Office.LEAD)
    return told


def crowd(story: Story) -> Story:
    """Register a case of twenty parties."""
    sides = [Side.APPLICANT, *[Side.RESPONDENT] * (MANY - 1)]
    named = tuple(PartyRow(person=p.id, side=side) for p, side in zip(CROWD, sides, strict=True))
    story.door.submit(story.order(register(named=named), workflow="fast_track_2026"), CROWD)
    return story


def contents(store: Store) -> dict[str, Any]:
    """All that a store holds, table by table."""
    if isinstance(store, MemoryStore):
        return dict(vars(store._tables))
    assert isinstance(store, SqlStore)
    with store.engine.connect() as db:
        return {t: db.exec_driver_sql(f"SELECT * FROM {t}").all() for t in metadata.tables}


@contextmanager
def nothing_written(store: Store) -> Iterator[None]:
    before = contents(store)
    yield
    assert contents(store) == before


def submitted(story: Story, orders: Sequence[Order]) -> list[Receipt | MediationError]:
    """What comes of several orders given at once."""
    return together([partial(story.door.submit, order, given_people(order.command)) for order in orders])


def sorted_out(outcomes: Sequence[object], kind: type[T]) -> list[T]:
    """Those of one kind; one that nobody expected is missed in the count."""
    return [o for o in outcomes if isinstance(o, kind)]


def put_actor(story: Story, actor: Actor) -> None:
    with story.store.write() as unit:
        unit.register.put_actor(actor)


def faults(story: Story) -> list[str]:
    """What audit finds, apart from defects that the lines own up to."""
    found = audit_store(story.store, story.door.catalogue)
    return [f.sentence for _, findings in found for f in findings if not f.known]


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {r.code for r in refused.value.refusals}


class TestTheSameOrderAgain:
    @pytest.mark.parametrize(
        ("command", "on"),
        [
            (TellRights(), ("party/1",)),
            (TellRights(), BOTH),
            (RecordTalk(party="party/1", said=Text("只要八千"), bottom_line=Text("七千五")), ()),
            (ScheduleSession(), ()),
        ],
    )
    def test_by_twenty_at_once_it_is_done_once_and_all_get_the_same_receipt(
        self, told: Story, command: Command, on: tuple[str, ...]
    ) -> None:
        told.accepted()
        before = told.case.version
        order = told.order(command, *on)
        receipts = submitted(told, [order] * MANY)
        assert receipts == [receipts[0]] * MANY
        assert isinstance(receipts[0], Receipt)
        assert [line.version for line in receipts[0].lines] == list(range(before + 1, told.case.version + 1))
        assert list(receipts[0].lines) == told.lines[before:]
        assert faults(told) == []

    def test_a_case_opened_by_twenty_at_once_is_opened_once(self, told: Story) -> None:
        order = told.order(register(matter=Text("欠薪三个月")), workflow="fast_track_2026")
        receipts = submitted(told, [order] * MANY)
        assert receipts == [receipts[0]] * MANY
        assert list(told.case.facts.parties) == list(BOTH)
        assert faults(told) == []

    def test_an_acceptance_by_twenty_at_once_takes_one_number(self, told: Story) -> None:
        told.registered()
        order = told.order(AcceptCase(), by=Office.LEAD)
        receipts = submitted(told, [order] * MANY)
        assert receipts == [receipts[0]] * MANY
        other = Story(told.store, told.clock, "A2").accepted()
        assert other.case.facts.number == "（2026）永开人调字第0002号"

    def test_with_free_words_it_is_known_by_the_salts_it_was_sealed_with(self, told: Story) -> None:
        order = told.accepted().order(RecordTalk(party="party/1", said=Text("只要八千")))
        first = told.door.submit(order)
        with nothing_written(told.store):
            assert told.door.submit(order) == first
        assert list(told.door.words("A1", Office.MEDIATOR).values()) == ["只要八千"]

    def test_it_gets_its_receipt_long_after_the_case_has_moved_on(self, told: Story) -> None:
        seen = told.accepted().case.instances["party/1"].version
        order = told.order(TellRights(), "party/1", expects={"party/1": seen})
        first = told.door.submit(order)
        told.do(RefuseMediation(), "party/1")
        told.clock.now += timedelta(days=400)
        with nothing_written(told.store):
            assert told.door.submit(order) == first

    def test_nobody_gets_a_receipt_who_may_not_act_any_more(self, told: Story) -> None:
        order = told.accepted().order(TellRights(), "party/1")
        told.door.submit(order)
        put_actor(told, replace(STAFF[Office.MEDIATOR], organisation="elsewhere"))
        with pytest.raises(OutsideOwnRemit):
            told.door.submit(order)
        put_actor(told, replace(STAFF[Office.MEDIATOR], active=False))
        with pytest.raises(ActorNotFound):
            told.door.submit(order)

    @pytest.mark.parametrize(
        "other",
        [
            {"command": RecordTalk(party="party/1", said=Text("只要九千"))},
            {"command": RecordTalk(party="party/1")},
            {"command": RecordTalk(party="party/2", said=Text("只要八千"))},
            {"command": RecordTalk(party="party/1", said=Text("只要八千"), offer=Text("八千"))},
            {"command": TellRights()},
            {"on": ("block/1",)},
            {"actor": "wang"},
            {"actor": "wang", "office": Office.LEAD},
            {"occurred": Occurred("2026-11-20")},
            {"provenance": Provenance.INFERRED},
            {"expects": {"party/1": 2}},
        ],
    )
    def test_its_id_with_anything_else_in_it_is_refused(self, told: Story, other: dict[str, Any]) -> None:
        put_actor(told, replace(STAFF[Office.LEAD], offices=frozenset({Office.LEAD, Office.MEDIATOR})))
        order = told.accepted().order(RecordTalk(party="party/1", said=Text("只要八千")))
        told.door.submit(order)
        with nothing_written(told.store), pytest.raises(CommandIdReused, match=order.id):
            told.door.submit(replace(order, **other))

    def test_its_id_with_another_command_of_the_same_fields_is_refused(self, told: Story) -> None:
        told.accepted().do(RecordTalk(party="party/1"))
        order = told.order(MarkReady(), "block/1")
        told.door.submit(order)
        with nothing_written(told.store), pytest.raises(CommandIdReused):
            told.door.submit(replace(order, command=MarkSettled()))

    def test_its_id_for_another_case_is_another_order(self, told: Story) -> None:
        order = told.order(register(matter=Text("欠薪")), workflow="fast_track_2026")
        told.door.submit(order, (WORKER, FIRM))
        told.door.submit(replace(order, case="A2"))
        assert told.door.case("A2").version == told.door.case("A1").version
        assert told.door.submit(order, (WORKER, FIRM)).case == "A1"

    def test_its_id_is_no_business_of_another_organisation(self, told: Story) -> None:
        """Neither can they find out that it was used, nor can they keep it from being used."""
        below = replace(STAFF[Office.LEAD], id="zhou", organisation=BELOW.id)
        put_actor(told, below)
        told.accepted().do(TellRights(), "party/1")
        used = next(line.command_id for line in told.lines if line.event == "RightsTold")
        told.do(HandOverCase(organisation=BELOW.id), by=Office.LEAD)
        order = Order(id=used, case="A1", command=TellRights(), actor="zhou", office=Office.LEAD, on=("party/2",))
        assert told.door.submit(order) == told.door.submit(order)
        assert told.lines[-1].organisation == BELOW.id
        assert faults(told) == []

    def test_the_id_of_a_refused_order_is_still_free(self, told: Story) -> None:
        order = told.registered().order(AcceptCase())
        with pytest.raises(CommandNotAllowed):
            told.door.submit(order)
        told.door.submit(replace(order, actor="wang", office=Office.LEAD))
        assert told.state("intake/1") == "accepted"


class TestWhatOthersDidMeanwhile:
    def test_of_two_who_saw_the_same_one_wins_and_the_other_learns_what_moved(self, told: Story) -> None:
        seen = told.accepted().case.instances["party/1"].version
        orders = [told.order(c, "party/1", expects={"party/1": seen}) for c in (TellRights(), TellRemedies())]
        outcomes = submitted(told, orders)
        (won,), (lost,) = sorted_out(outcomes, Receipt), sorted_out(outcomes, StaleInstance)
        event_label = {"RightsTold": "已告知权利义务", "RemediesTold": "已告知其他救济途径"}[won.lines[0].event]
        assert lost.key == "party/1"
        assert lost.since == won.lines
        assert "“当事人”现在是“参加调解”" in lost.sentence
        assert f"第{won.first}条：{event_label}" in lost.sentence
        assert told.lines[-1] == won.lines[-1]

    def test_of_twenty_who_saw_the_same_one_wins(self, told: Story) -> None:
        before = told.accepted().case
        seen = before.instances["party/2"].version
        orders = [told.order(RefuseMediation(), "party/2", expects={"party/2": seen}) for _ in range(MANY)]
        outcomes = submitted(told, orders)
        assert len(sorted_out(outcomes, Receipt)) == 1
        stale = sorted_out(outcomes, StaleInstance)
        assert len(stale) == MANY - 1
        assert all("现在是“拒绝调解”" in lost.sentence and "拒绝调解" in lost.sentence for lost in stale)
        assert told.case.version == before.version + 1

    def test_without_an_expectation_both_land_so_it_is_the_expectation_that_protects(self, told: Story) -> None:
        before = told.accepted().case.version
        orders = [told.order(TellRights(), "party/1") for _ in range(2)]
        outcomes = submitted(told, orders)
        assert len(sorted_out(outcomes, Receipt)) == 2
        assert [line.event for line in told.lines[before:]] == ["RightsTold", "RightsTold"]

    def test_a_stale_order_writes_nothing(self, told: Story) -> None:
        seen = told.accepted().case.instances["party/1"].version
        told.do(TellRights(), "party/1")
        order = told.order(RefuseMediation(reason=Text("不来")), "party/1", expects={"party/1": seen})
        with nothing_written(told.store), pytest.raises(StaleInstance):
            told.door.submit(order)

    def test_everything_that_moved_since_is_told_and_nothing_else(self, told: Story) -> None:
        seen = told.accepted().case.instances["party/1"].version
        told.do(TellRights(), *BOTH)
        told.do(RefuseMediation(), "party/1")
        told.do(RecordTalk(party="party/2"))
        with pytest.raises(StaleInstance) as stale:
            told.do(RecordConsent(), "party/1", expects={"party/1": seen})
        assert [line.event for line in stale.value.since] == ["RightsTold", "MediationRefused"]
        assert {line.instance for line in stale.value.since} == {"party/1"}

    def test_an_expectation_from_the_future_is_stale_too(self, told: Story) -> None:
        with pytest.raises(StaleInstance, match="记录与您所见不符"):
            told.accepted().do(TellRights(), "party/1", expects={"party/1": 99})

    def test_an_expectation_of_what_is_not_there_is_refused(self, told: Story) -> None:
        with pytest.raises(InstanceNotFound, match="party/9"):
            told.accepted().do(TellRights(), "party/1", expects={"party/9": 1})

    def test_what_others_did_to_other_instances_does_not_matter(self, told: Story) -> None:
        seen = told.accepted().case.instances["party/1"].version
        told.do(TellRights(), "party/2")
        told.do(TellRights(), "party/1", expects={"party/1": seen})
        assert told.case.facts.parties["party/1"].told_rights

    def test_twenty_at_twenty_parties_of_one_case_do_not_collide(self, crowded: Story) -> None:
        before = crowded.case
        keys = before.of("party")
        orders = [crowded.order(TellRights(), k, expects={k: before.instances[k].version}) for k in keys]
        outcomes = submitted(crowded, orders)
        assert len(sorted_out(outcomes, Receipt)) == MANY
        after = crowded.case
        assert all(after.facts.parties[k].told_rights for k in keys)
        assert after.version == before.version + MANY
        assert faults(crowded) == []

    def test_nor_do_twenty_who_talk_to_one_party_each(self, crowded: Story) -> None:
        before = crowded.case
        orders = [
            crowded.order(RecordTalk(party=k, said=Text(f"{k}说")), expects={k: before.instances[k].version})
            for k in before.of("party")
        ]
        outcomes = submitted(crowded, orders)
        assert len(sorted_out(outcomes, Receipt)) == MANY
        blocks = crowded.case.facts.blocks
        assert sorted(b.party for b in blocks.values()) == sorted(before.of("party"))
        assert faults(crowded) == []

    def test_cases_opened_and_accepted_at_once_have_numbers_without_a_gap(self, told: Story) -> None:
        stories = [Story(told.store, told.clock, f"C{n}").registered() for n in range(8)]
        outcomes = submitted(told, [s.order(AcceptCase(), by=Office.LEAD) for s in stories])
        assert len(sorted_out(outcomes, Receipt)) == 8
        numbers = sorted(s.case.facts.number or "" for s in stories)
        assert numbers == [f"（2026）永开人调字第{n:04d}号" for n in range(1, 9)]


class Contended:
    """A store in which somebody else comes first, a number of times."""

    def __init__(self, store: Store, times: int) -> None:
        self.store, self.times = store, times

    @contextmanager
    def write(self, about: str | None = None) -> Iterator[Unit]:
        with self.store.write(about) as unit:
            yield unit
            if self.times:
                self.times -= 1
                raise VersionClash

    def read(self) -> AbstractContextManager[Unit]:
        return self.store.read()


class Held(Contended):
    """A store that counts the fingerprints worked out while it is being written."""

    worked_out = 0

    def __init__(self, store: Store) -> None:
        super().__init__(store, 0)

    @contextmanager
    def write(self, about: str | None = None) -> Iterator[Unit]:
        before = rules_of.cache_info().misses
        with super().write(about) as unit:
            yield unit
        self.worked_out += rules_of.cache_info().misses - before


class TestTryingAgain:
    def contended(self, story: Story, times: int) -> MediationService:
        return MediationService(Contended(story.store, times), story.door.catalogue, seeded_randomness(1))

    @pytest.mark.parametrize("times", [1, TRIES - 1])
    def test_the_door_itself_tries_again_where_somebody_else_came_first(self, told: Story, times: int) -> None:
        order = told.accepted().order(RecordTalk(party="party/1", said=Text("只要八千")))
        receipt = self.contended(told, times).submit(order)
        assert list(receipt.lines) == told.lines[receipt.first - 1 :]
        assert faults(told) == []

    def test_but_not_for_ever(self, told: Story) -> None:
        order = told.accepted().order(TellRights(), "party/1")
        with nothing_written(told.store), pytest.raises(VersionClash, match="请稍后再试"):
            self.contended(told, TRIES).submit(order)

    def test_what_a_process_works_out_once_it_works_out_before_it_holds_the_database(self, told: Story) -> None:
        rules_of.cache_clear()
        store = Held(told.store)
        MediationService(store, told.door.catalogue, seeded_randomness(1)).submit(
            told.order(register(), workflow="fast_track_2026"), given_people(register())
        )
        assert rules_of.cache_info().misses
        assert store.worked_out == 0


class TestWhatNoDatabaseKeeps:
    """A NUL, or half of a character: forms let neither pass, but not everything comes through a form."""

    @pytest.mark.parametrize("words", ["a\0b", "\0", "\ud800", "\\\0"])
    def test_it_is_refused_wherever_it_stands(self, told: Story, words: str) -> None:
        talk = told.accepted().order(RecordTalk(party="party/1", said=Text("只要八千")))
        opening = replace(told.order(register(), workflow="fast_track_2026"), case="A2")
        unfit: list[tuple[Order, tuple[Person, ...]]] = [
            (replace(talk, id=words), ()),
            (replace(talk, case=words), ()),
            (replace(talk, actor=words), ()),
            (replace(talk, command=RecordTalk(party="party/1", said=Text(words))), ()),
            (replace(talk, waives={"rights_told": Text(words)}), ()),
            (replace(opening, workflow=words), ()),
            (opening, (replace(WORKER, name=words), FIRM)),
            (opening, (WORKER, replace(FIRM, other_names=words))),
        ]
        with nothing_written(told.store):
            for order, people in unfit:
                for ask in (told.door.submit, told.door.preview):
                    with pytest.raises(UnfitText, match="无法保存的字符"):
                        ask(order, people)

    def test_the_letters_for_one_are_letters(self, told: Story) -> None:
        words = r"反斜线 \u0000 与 \\u0000"
        told.accepted().do(RecordTalk(party="party/1", said=Text(words)))
        assert words in told.door.words("A1", Office.MEDIATOR).values()


class TestPreview:
    @pytest.mark.parametrize(
        ("command", "on", "by"),
        [
            (AcceptCase(), (), Office.LEAD),
            (TellRights(), BOTH, Office.MEDIATOR),
            (RefuseMediation(reason=Text("不来")), ("party/2",), Office.MEDIATOR),
            (WithdrawApplication(), (), Office.MEDIATOR),
        ],
    )
    def test_it_shows_the_lines_that_are_then_written_and_writes_nothing(
        self, told: Story, command: Command, on: tuple[str, ...], by: Office
    ) -> None:
        order = told.registered().order(command, *on, by=by, occurred=Occurred("2026-11-23"))
        with nothing_written(told.store):
            preview = told.door.preview(order)
        assert preview.refused is None
        told.clock.now += timedelta(minutes=1)
        receipt = told.door.submit(order)
        assert [plain(line) for line in preview.lines] == [plain(line) for line in receipt.lines]
        assert preview.case is not None
        assert preview.case.instances == told.case.instances

    def test_of_an_opening_it_shows_the_case_there_would_be(self, told: Story) -> None:
        order = told.order(register(), workflow="fast_track_2026")
        with nothing_written(told.store):
            preview = told.door.preview(order, (WORKER, FIRM))
        assert list(preview.lines) == list(told.door.submit(order, (WORKER, FIRM)).lines)
        assert preview.case is not None
        assert preview.case.facts == told.case.facts

    def test_of_an_order_with_consequences_it_shows_them_all(self, told: Story) -> None:
        told.drafted().confirm("confirmation/1", "confirmation/2")
        told.do(SignAsMediator(), "agreement/1")
        order = told.order(AffixSeal(), "agreement/1", by=Office.LEAD)
        with nothing_written(told.store):
            preview = told.door.preview(order)
        assert len(preview.lines) > 1
        assert list(preview.lines) == list(told.door.submit(order).lines)

    def test_it_gives_the_reasons_an_order_would_be_refused_for(self, told: Story) -> None:
        order = told.drafted().order(AffixSeal(), "agreement/1", by=Office.LEAD)
        with nothing_written(told.store):
            preview = told.door.preview(order)
        with pytest.raises(GuardRefused) as refused:
            told.door.submit(order)
        assert preview.refused is not None
        assert preview.refused.refusals == refused.value.refusals
        assert (preview.lines, preview.case) == ((), None)

    def test_a_number_it_shows_is_not_taken(self, told: Story) -> None:
        order = told.registered().order(AcceptCase(), by=Office.LEAD)
        for _ in range(3):
            preview = told.door.preview(order)
            assert preview.case is not None
            assert preview.case.facts.number == "（2026）永开人调字第0001号"

    def test_it_is_for_those_who_may_as_the_order_itself(self, told: Story) -> None:
        told.accepted()
        for order, error in (
            (told.order(TellRights(), "party/1", actor="nobody"), ActorNotFound),
            (told.order(TellRights(), "party/1", actor="chen"), OfficeNotHeld),
            (told.order(TellRights(), "party/1", expects={"party/1": 1}), StaleInstance),
        ):
            with pytest.raises(error):
                told.door.preview(order)


WORDS = re.compile(rb"text:[0-9a-f]+:[^:]+:[0-9a-f]+")


def plain(line: Line) -> Line:
    """A line without the time it was recorded, and without the salt its words were sealed with."""
    said = {name: Raw(WORDS.sub(b"text", bytes(getattr(line, name)))) for name in ("given", "data")}
    return structs.replace(line, recorded=NOW, **said)


class TestRefusals:
    def test_all_reasons_reach_the_caller_at_once(self, told: Story) -> None:
        order = told.drafted().order(AffixSeal(), "agreement/1", by=Office.LEAD)
        with nothing_written(told.store), pytest.raises(GuardRefused) as refused:
            told.door.submit(order)
        assert codes(refused) == {"all_confirmed", "mediator_signed"}
        assert all(r.sentence in refused.value.sentence for r in refused.value.refusals)

    def test_over_many_instances_each_that_is_in_the_way_is_named(self, crowded: Story) -> None:
        for key in ("party/3", "party/7"):
            crowded.do(RefuseMediation(), key)
        with pytest.raises(GuardRefused) as refused:
            crowded.do(ScheduleSession())
        assert [r.about for r in refused.value.refusals] == [("party/3", "party/7")]

    def test_what_is_wrong_with_the_input_is_told_at_once_too(self, told: Story) -> None:
        order = told.accepted().order(
            ScheduleSession(invited=("party/8", "party/9"), issues=("party/1",)), occurred=Occurred("2030-01-01")
        )
        with nothing_written(told.store), pytest.raises(GuardRefused) as refused:
            told.door.submit(order)
        assert len(refused.value.refusals) == 4
        assert codes(refused) == {"unknown_reference", "in_future"}

    @pytest.mark.parametrize(
        ("command", "on", "given", "error"),
        [
            (AcceptCase(), (), {}, CommandNotAllowed),
            (AcceptCase(), (), {"by": Office.LEAD}, GuardRefused),
            (TellRights(), ("party/9",), {}, InstanceNotFound),
            (RecordTalk(party="party/1", said=Text("说")), (), {}, CommandNotAllowed),
            (RefuseMediation(reason=Text("说")), ("party/1",), {"actor": "chen"}, OfficeNotHeld),
            (RefuseMediation(reason=Text("说")), ("party/1",), {"by": Office.AUDITOR}, CommandNotAllowed),
            (TellRights(), ("party/1",), {"actor": "nobody"}, ActorNotFound),
            (TellRights(), ("party/1",), {"expects": {"party/1": 1}}, StaleInstance),
        ],
    )
    def test_a_refused_order_writes_nothing(
        self, told: Story, command: Command, on: tuple[str, ...], given: dict[str, Any], error: type[MediationError]
    ) -> None:
        order = told.registered(elsewhere=Elsewhere.COURT).order(command, *on, **given)
        with nothing_written(told.store), pytest.raises(error):
            told.door.submit(order, (Person(id="new", name="新来的", kind=PartyKind.PERSON),))

    def test_a_refused_acceptance_takes_no_number(self, told: Story) -> None:
        with pytest.raises(GuardRefused):
            told.registered(elsewhere=Elsewhere.COURT).do(AcceptCase(), by=Office.LEAD)
        other = Story(told.store, told.clock, "A2").accepted()
        assert other.case.facts.number == "（2026）永开人调字第0001号"

    def test_an_opening_that_names_somebody_else_by_a_known_id_writes_nothing(self, told: Story) -> None:
        told.registered()
        order = replace(told.order(register(), workflow="fast_track_2026"), case="A2")
        with nothing_written(told.store), pytest.raises(PersonTaken):
            told.door.submit(order, (FIRM, replace(WORKER, name="王二")))


class TestAllOrNothing:
    def test_an_order_over_many_instances_is_one_commit_with_one_answer(self, kept: Story) -> None:
        order = crowd(kept).order(TellRights(), *kept.case.of("party"))
        with Counted(kept.store) as counted:
            receipt = kept.door.submit(order)
        assert counted.commits == 1
        assert [line.ordinal for line in receipt.lines] == list(range(MANY))
        assert {(line.command_id, line.recorded) for line in receipt.lines} == {(receipt.command_id, NOW)}
        with kept.store.read() as unit:
            written = unit.record.last("A1")
        assert written is not None
        assert (written.first, written.last, written.count) == (receipt.first, receipt.last, MANY)

    def test_where_one_of_many_cannot_be_done_none_is(self, crowded: Story) -> None:
        crowded.do(LeaveCase(reason=Leaving.WITHDREW), "party/20")
        order = crowded.order(TellRights(), *crowded.case.of("party"))
        with nothing_written(crowded.store), pytest.raises(CommandNotAllowed, match="已退出"):
            crowded.door.submit(order)

    def test_an_instance_named_twice_moves_once(self, told: Story) -> None:
        receipt = told.accepted().do(TellRights(), "party/1", "party/1")
        assert len(receipt.lines) == 1

    @pytest.mark.parametrize("which", ["opening", "sealing"])
    def test_whichever_statement_fails_all_is_kept_or_nothing_and_the_next_try_works(
        self, kept: Story, which: str
    ) -> None:
        assert isinstance(kept.store, SqlStore)
        if which == "sealing":
            kept.drafted().confirm("confirmation/1", "confirmation/2")
            kept.do(SignAsMediator(), "agreement/1")
            order = kept.order(AffixSeal(), "agreement/1", by=Office.LEAD)
        else:
            order = kept.order(register(matter=Text("欠薪")), workflow="fast_track_2026")
        before = contents(kept.store)
        for n in count(1):
            try:
                with Counted(kept.store, n):
                    receipt = kept.door.submit(order, (WORKER, FIRM))
            except PowerCut:
                assert contents(kept.store) == before
            else:
                break
        assert n > 10
        assert list(receipt.lines) == kept.lines[receipt.first - 1 :]
        assert faults(kept) == []


class PowerCut(Exception):
    """The n-th statement is never carried out."""


class Counted:
    """Counts what a database is asked and told, the commit included, for a time; and lets n - 1 of it pass."""

    def __init__(self, store: Store, n: int = sys.maxsize) -> None:
        assert isinstance(store, SqlStore)
        self.work, self.left, self.commits = dialect_of(store.engine).work, n - 1, 0

    def __enter__(self) -> Counted:
        self.patch = pytest.MonkeyPatch()
        ask, send = self.work._ask, self.work._send

        def asking(work: Work, questions: Sequence[Question]) -> list[list[Values]]:
            self.pass_(len(questions))
            return ask(work, questions)

        def sending(work: Work, waiting: list[Writing], *, commit: bool) -> None:
            try:
                self.pass_(len(waiting) + commit)
            except PowerCut:
                send(work, waiting[: self.left], commit=False)
                raise
            self.commits += commit
            send(work, waiting, commit=commit)

        self.patch.setattr(self.work, "_ask", asking)
        self.patch.setattr(self.work, "_send", sending)
        return self

    def __exit__(self, *_: object) -> None:
        self.patch.undo()

    def pass_(self, statements: int) -> None:
        if statements > self.left:
            raise PowerCut
        self.left -= statements


class TestTime:
    def test_a_clock_that_steps_back_does_not_take_the_record_with_it(self, told: Story) -> None:
        told.accepted()
        latest = told.case.recorded
        assert latest is not None
        told.clock.now = latest - timedelta(days=3)
        told.do(TellRights(), "party/1")
        told.do(TellRights(), "party/2")
        assert [line.recorded for line in told.lines[-2:]] == [latest, latest]
        told.clock.now = latest + timedelta(hours=1)
        told.do(RecordSession())
        recorded = [line.recorded for line in told.lines]
        assert recorded == sorted(recorded)
        assert recorded[-1] == latest + timedelta(hours=1)
        assert faults(told) == []

    def test_by_a_clock_that_steps_back_nothing_recorded_lies_in_the_future(self, told: Story) -> None:
        told.accepted()
        today = told.clock.now
        told.do(TellRights(), "party/1")
        told.clock.now -= timedelta(days=3)
        told.do(TellRights(), "party/2", at=today.date().isoformat())
        assert told.case.facts.parties["party/2"].told_rights

    def test_a_case_is_shown_as_it_was_at_every_version(self, told: Story) -> None:
        told.effective()
        with told.store.read() as unit:
            stored = unit.record.orders("A1")
        for version in range(1, told.case.version + 1):
            then = told.door.case("A1", version)
            assert then.version == version
            assert then == fold_upto(told.door.catalogue, "A1", stored, version)
        for number, order in enumerate(stored, 1):
            assert told.door.case("A1", order.last) == fold_under(told.door.catalogue, "A1", stored[:number])
        assert told.door.case("A1", 10_000) == told.case
        assert told.door.case("A1", 1).state("intake/1") == "registered"
        assert told.door.case("A1", 1).facts.parties == {}

    def test_a_case_is_shown_as_it_was_at_a_moment(self, told: Story) -> None:
        told.registered()
        accepted_at = told.clock.now
        told.do(AcceptCase(), by=Office.LEAD)
        assert told.door.case("A1", accepted_at - timedelta(microseconds=1)).state("intake/1") == "registered"
        assert told.door.case("A1", accepted_at).state("mediation/1") == "talking"
        assert told.door.case("A1", accepted_at + timedelta(days=9)) == told.case

    def test_before_it_began_there_was_no_case(self, told: Story) -> None:
        told.registered()
        for early in (0, NOW - timedelta(microseconds=1)):
            with pytest.raises(CaseNotFound, match="A1"):
                told.door.case("A1", early)


class TestWhoMay:
    def test_somebody_unknown_may_nothing(self, told: Story) -> None:
        with pytest.raises(ActorNotFound, match="nobody"):
            told.accepted().do(TellRights(), "party/1", actor="nobody")

    def test_nor_somebody_who_has_left(self, told: Story) -> None:
        put_actor(told, replace(STAFF[Office.MEDIATOR], active=False))
        with pytest.raises(ActorNotFound, match="li"):
            told.do(register(), workflow="fast_track_2026")

    @pytest.mark.parametrize("office", [o for o in Office if o is not Office.MEDIATOR])
    def test_nobody_acts_under_an_office_not_held(self, told: Story, office: Office) -> None:
        with pytest.raises(OfficeNotHeld, match=office.label):
            told.accepted().do(TellRights(), "party/1", by=office, actor="li")

    @pytest.mark.parametrize("office", [Office.AUDITOR, Office.ADMINISTRATOR])
    def test_nor_under_one_that_does_not_do_this(self, told: Story, office: Office) -> None:
        with pytest.raises(CommandNotAllowed, match=f"{office.label}不能办理"):
            told.accepted().do(TellRights(), "party/1", by=office)

    def test_staff_act_for_their_own_organisation_and_those_below_it(self, told: Story) -> None:
        self.grow_a_tree(told)
        told.accepted()
        self.act_as(told, "zone")
        self.act_as(told, "room")
        for outside in ("village", "other"):
            with nothing_written(told.store), pytest.raises(OutsideOwnRemit, match=f"来自{outside}"):
                told.door.submit(told.order(TellRights(), "party/1", actor=f"from {outside}"))

    def test_they_open_cases_there_and_nowhere_else(self, told: Story) -> None:
        self.grow_a_tree(told)
        self.act_as(told, "room", case="B1", organisation="village")
        for organisation in ("zone", "other", "unheard of"):
            with pytest.raises(OutsideOwnRemit):
                self.act_as(told, "room", case="B2", organisation=organisation)

    def test_a_tree_that_bites_its_tail_ends_all_the_same(self, told: Story) -> None:
        self.grow_a_tree(told)
        with told.store.write() as unit:
            for one, other in (("ring", "gnir"), ("gnir", "ring")):
                unit.register.put_organisation(replace(ROOM, id=one, parent=other))
        with pytest.raises(OutsideOwnRemit):
            self.act_as(told, "room", case="B1", organisation="ring")

    def grow_a_tree(self, story: Story) -> None:
        """zone over room over village; other beside them."""
        parents = {"zone": None, "room": "zone", "village": "room", "other": "zone"}
        mediator = frozenset({Office.MEDIATOR})
        with story.store.write() as unit:
            for id, parent in parents.items():
                unit.register.put_organisation(
                    Organisation(id=id, name=id, short_name=id, kind="mediation_room", parent=parent)
                )
                unit.register.put_actor(Actor(id=f"from {id}", name=f"来自{id}", organisation=id, offices=mediator))

    def act_as(self, story: Story, own: str, case: str = "", organisation: str = "") -> None:
        if not case:
            story.do(TellRights(), "party/1", actor=f"from {own}")
            return
        opening = story.order(register(organisation=organisation), workflow="fast_track_2026", actor=f"from {own}")
        story.door.submit(replace(opening, case=case), (WORKER, FIRM))

    @pytest.fixture
    def represented(self, told: Story) -> Story:
        """Somebody acts for the worker in this case. What it may is a rule: tests/workflows/test_capacity.py."""
        offices = frozenset({Office.REPRESENTATIVE})
        put_actor(told, Actor(id="agent", name="张代理", organisation="", offices=offices))
        told.drafted().acting_for("party/1", person="agent")
        return told

    def order_as_agent(self, story: Story, command: Command, *on: str) -> Order:
        return story.order(command, *on, by=Office.REPRESENTATIVE, actor="agent", capacity="capacity/1")

    def test_a_representative_acts_for_its_own_party(self, represented: Story) -> None:
        order = self.order_as_agent(represented, RecordConsent(), "party/1")
        receipt = represented.door.submit(order)
        line = represented.lines[-1]
        assert (line.actor, line.office, line.instance) == ("agent", "representative", "party/1")
        assert line.capacity == "capacity/1"
        assert represented.case.facts.parties["party/1"].consents is True
        assert represented.door.submit(order) == receipt

    @pytest.mark.parametrize("on", [("party/2",), BOTH, ()])
    def test_and_for_nobody_else(self, represented: Story, on: tuple[str, ...]) -> None:
        order = self.order_as_agent(represented, RecordConsent(), *on)
        with nothing_written(represented.store), pytest.raises(CommandNotAllowed):
            represented.door.submit(order)

    def test_nor_in_another_case(self, represented: Story) -> None:
        Story(represented.store, represented.clock, "A2").accepted()
        order = replace(self.order_as_agent(represented, RecordConsent(), "party/1"), case="A2")
        with nothing_written(represented.store), pytest.raises(CommandNotAllowed, match="capacity/1"):
            represented.door.submit(order)

    def test_it_does_nothing_that_is_the_hosts_to_do(self, represented: Story) -> None:
        order = self.order_as_agent(represented, TellRights(), "party/1")
        with nothing_written(represented.store), pytest.raises(CommandNotAllowed, match="当事人代表不能办理"):
            represented.door.submit(order)

    def test_it_signs_for_its_own_party_only(self, represented: Story) -> None:
        signing = ConfirmAgreement(manner=SigningManner.SIGNATURE)
        for keys in (("confirmation/2",), ("confirmation/1", "confirmation/2")):
            with pytest.raises(CommandNotAllowed):
                represented.door.submit(self.order_as_agent(represented, signing, *keys))
        represented.door.submit(self.order_as_agent(represented, signing, "confirmation/1"))
        assert represented.state("confirmation/1") == "given"
        assert represented.state("confirmation/2") == "awaited"


class TestCasesThatAreOrAreNot:
    def test_a_case_is_opened_once(self, told: Story) -> None:
        told.registered()
        with nothing_written(told.store), pytest.raises(CaseAlreadyOpen, match="A1"):
            told.door.submit(told.order(register(), workflow="fast_track_2026"), (WORKER, FIRM))
        with pytest.raises(CaseAlreadyOpen):
            told.door.submit(told.order(register()))

    def test_of_two_who_open_it_one_does(self, told: Story) -> None:
        orders = [told.order(register(), workflow="fast_track_2026") for _ in range(2)]
        outcomes = submitted(told, orders)
        assert len(sorted_out(outcomes, Receipt)) == 1
        assert len(sorted_out(outcomes, CaseAlreadyOpen)) == 1

    @pytest.mark.parametrize(
        "look",
        [
            lambda story: story.door.case("A9"),
            lambda story: story.door.case("A9", 1),
            lambda story: story.door.case("A9", NOW),
            lambda story: story.door.history("A9"),
            lambda story: story.door.available("A9", Office.MEDIATOR),
            lambda story: story.door.submit(replace(story.order(TellRights(), "party/1"), case="A9")),
            lambda story: story.door.preview(replace(story.order(TellRights(), "party/1"), case="A9")),
            lambda story: story.door.submit(replace(story.order(AcceptCase(), workflow="fast_track_2026"), case="A9")),
            lambda story: story.door.submit(replace(story.order(register()), case="A9")),
        ],
    )
    def test_an_unknown_case_is_not_found(self, told: Story, look: Callable[[Story], object]) -> None:
        told.registered()
        with nothing_written(told.store), pytest.raises(CaseNotFound, match="A9"):
            look(told)

    def test_no_case_is_opened_by_a_workflow_nobody_knows(self, told: Story) -> None:
        with nothing_written(told.store), pytest.raises(UnknownWorkflow, match=r"slow_track.*重新安装：pip install"):
            told.do(register(), workflow="slow_track")


class TestRulesOfAnotherTime:
    def door(self, story: Story, *workflows: Any) -> MediationService:
        return MediationService(story.store, Catalogue(workflows), seeded_randomness(1))

    def test_under_rules_that_are_not_installed_any_more_nothing_is_done_but_everything_is_read(
        self, told: Story
    ) -> None:
        told.effective()
        case, lines = told.case, told.lines
        changed = self.door(told, replace(FAST_TRACK, tracks=FAST_TRACK.tracks[:1]))
        with nothing_written(told.store):
            for act in (changed.submit, changed.preview):
                with pytest.raises(RulesNotInForce, match=case.rules):
                    act(told.order(TellRights(), "party/1"))
            with pytest.raises(RulesNotInForce):
                changed.available("A1", Office.MEDIATOR)
        assert changed.history("A1") == lines
        assert changed.case("A1") == case
        assert changed.case("A1", 3) == told.door.case("A1", 3)

    def test_a_new_case_comes_under_the_new_rules_beside_the_old_one(self, told: Story) -> None:
        told.registered()
        changed = self.door(told, replace(FAST_TRACK, tracks=FAST_TRACK.tracks[:1]))
        opening = replace(told.order(register(), workflow="fast_track_2026"), case="A2")
        changed.submit(opening, (WORKER, FIRM))
        assert changed.case("A2").rules != told.case.rules
        told.do(AcceptCase(), by=Office.LEAD)
        assert told.case.rules == told.lines[0].rules

    def test_an_order_done_before_still_has_its_receipt(self, told: Story) -> None:
        order = told.accepted().order(TellRights(), "party/1")
        first = told.door.submit(order)
        changed = self.door(told, replace(FAST_TRACK, tracks=FAST_TRACK.tracks[:1]))
        assert changed.submit(order) == first

    def test_a_line_whose_event_is_not_installed_still_moves_its_instance(self, told: Story) -> None:
        told.accepted().do(RecordTalk(party="party/1"))
        told.do(MarkReady(), "block/1")
        without = self.door(told, replace(FAST_TRACK, parts=tuple(m for m in PARTS if m.name != "block")))
        case = without.case("A1")
        assert case.instances == told.case.instances
        assert case.state("block/1") == "ready"
        assert case.facts.blocks == {}
        assert case.facts.parties == told.case.facts.parties
        assert without.history("A1") == told.lines

    def test_so_do_those_of_a_workflow_that_is_not_installed_at_all(self, told: Story) -> None:
        told.effective()
        without = self.door(told)
        case = without.case("A1")
        assert (case.instances, case.phase, case.version, case.digest) == (
            told.case.instances,
            told.case.phase,
            told.case.version,
            told.case.digest,
        )
        assert without.history("A1") == told.lines
        with nothing_written(told.store), pytest.raises(UnknownWorkflow, match="fast_track_2026"):
            without.submit(told.order(TellRights(), "party/1"))
