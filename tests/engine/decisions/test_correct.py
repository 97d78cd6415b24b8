"""更正 and 误录: what comes of them is what would have come of the right orders; nothing before them changes."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import msgspec
import pytest

from mediation_engine.audit import Fault, audit
from mediation_engine.decisions.again import order_of, outside_of
from mediation_engine.decisions.decide import decide
from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.correcting import Correcting, CorrectOrder, StrikeOrder
from mediation_engine.domain.fields import Text
from mediation_engine.domain.line import Line
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import Office
from mediation_engine.errors import OfficeNotHeld, Refused, StaleInstance
from mediation_engine.record.codec import canonical, digest_of
from mediation_engine.record.disclosure import LookReason
from mediation_engine.record.sealing import ERASED
from mediation_engine.record.standing import standing
from mediation_engine.services.case_cache import RecentCases
from mediation_engine.services.maintenance import case_file, checkpoint, rebuild
from workflows.parts.agreement import DraftAgreement, ReachAgreement
from workflows.parts.block import RecordTalk
from workflows.parts.host import AddCoHost
from workflows.parts.party import TellRights
from workflows.parts.payment import RecordPayment
from workflows.parts.session import RecordSession, ScheduleSession
from workflows.phases.endings import CloseAsDuplicate, CloseAsMistaken, WithdrawApplication
from workflows.phases.intake import AcceptCase, RegisterCase
from workflows.vocabulary import Dispute

from ...support.filling import fill
from ...support.story import PAY, STAFF, Story, erase, register
from ...support.thorough import much
from ...workflows.test_walk import walk

WHY = Text("录错了")


def firsts(story: Story) -> dict[int, list[Line]]:
    """The lines of each order as they were written, by the version of the first."""
    found: dict[int, list[Line]] = {}
    for line in story.lines:
        found.setdefault(line.first, []).append(line)
    return found


def strike(story: Story, first: int, by: Office = Office.LEAD, why: Text | None = WHY) -> Order:
    return story.order(StrikeOrder(order=first, reason=why), by=by)


def correct(story: Story, first: int, instead: Command | None = None, by: Office = Office.LEAD, **other: Any) -> Order:
    """An order that corrects another, with something else in it."""
    workflow = story.door.catalogue.named(story.case.workflow)
    old = order_of(workflow, firsts(story)[first])
    assert old is not None
    rest: dict[str, Any] = {"on": old.on, "occurred": old.occurred, "provenance": old.provenance} | other
    on = rest.pop("on")
    given = replace(instead or old.command)
    return story.order(CorrectOrder(order=first, reason=WHY), *on, by=by, instead=given, **rest)


def held(case: Case) -> tuple[bytes, dict[str, str], dict[str, int], str]:
    """All that a case is, but for the numbers of its lines."""
    facts = dict(vars(case.facts)) | {"reopened_at": None}
    owed = getattr(case.facts, "obligations", {})
    facts["obligations"] = {key: msgspec.structs.replace(it, breached=it.breached and 1) for key, it in owed.items()}
    return canonical(facts), {k: i.state for k, i in case.instances.items()}, dict(case.counts), case.phase


# -- single stories


@pytest.fixture
def told(story: Story) -> Story:
    """Accepted; both parties told their rights, a talk with one, an agreement reached."""
    story.accepted()
    story.do(TellRights(), "party/1")
    story.do(TellRights(), "party/2")
    story.do(RecordTalk(party="party/1", said=Text("要一万二")))
    story.do(ReachAgreement(terms=(PAY,)))
    return story


def first_of(story: Story, event: str) -> int:
    return next(line.version for line in story.lines if line.event == event)


def findings(story: Story) -> list[Any]:
    return [f for f in audit(case_file(story.store, story.name), story.door.catalogue) if not f.known]


def refused(story: Story, order: Order) -> list[str]:
    before = story.lines
    with pytest.raises(Refused) as why:
        story.door.submit(order)
    assert story.lines == before
    return [r.code for r in why.value.refusals]


class TestStriking:
    def test_what_never_happened_counts_no_more_and_stays_in_the_record(self, told: Story) -> None:
        before, first = told.lines, first_of(told, "RightsTold")
        receipt = told.door.submit(strike(told, first))
        assert not told.case.facts.parties["party/1"].told_rights
        assert told.lines[: len(before)] == before
        assert receipt.lines[0].event == "OrderStruck"
        assert findings(told) == []

    def test_as_it_was_before_the_correction_the_case_is_shown_as_it_was_seen_then(self, told: Story) -> None:
        seen = {v: held(told.door.case("A1", v)) for v in range(1, told.case.version + 1)}
        told.door.submit(strike(told, first_of(told, "RightsTold")))
        assert {v: held(told.door.case("A1", v)) for v in seen} == seen

    def test_the_number_of_what_it_made_is_not_used_again(self, told: Story) -> None:
        told.do(RecordPayment(amount=100, note=Text("误记")))
        told.door.submit(strike(told, told.case.version))
        assert told.case.of("payment") == ()
        told.do(RecordPayment(amount=200))
        assert told.case.of("payment") == ("payment/2",)
        assert findings(told) == []

    def test_the_registration_is_not_struck_but_closed(self, told: Story) -> None:
        assert refused(told, strike(told, 1)) == ["opening"]

    def test_nothing_is_struck_twice(self, told: Story) -> None:
        first = first_of(told, "RightsTold")
        told.door.submit(strike(told, first))
        assert refused(told, strike(told, first)) == ["struck_already"]

    def test_where_later_orders_rest_on_it_they_are_named_newest_first(self, story: Story) -> None:
        story.accepted().do(RecordPayment(amount=100))
        story.do(RecordTalk(party="party/1", said=Text("a")))
        talk = story.case.version
        story.do(RecordTalk(party="party/1", said=Text("b")), "block/1")
        story.do(RecordTalk(party="party/1", said=Text("c")), "block/1")
        order = strike(story, talk)
        with pytest.raises(Refused) as why:
            story.door.submit(order)
        assert [r.about for r in why.value.refusals] == [(str(talk + 2),), (str(talk + 1),)]
        for version in (talk + 2, talk + 1, talk):
            story.door.submit(strike(story, version))
        assert story.case.of("block") == ()
        assert findings(story) == []

    def test_what_others_rely_on_stays(self, story: Story) -> None:
        story.effective()
        for event in ("AgreementDrafted", "AgreementConfirmed", "MediatorSigned", "SealAffixed"):
            assert refused(story, strike(story, first_of(story, event))) == ["relied_on"], event

    def test_a_correction_is_not_corrected_but_the_order_again(self, told: Story) -> None:
        first = first_of(told, "RightsTold")
        told.door.submit(strike(told, first))
        assert refused(told, strike(told, told.case.version)) == ["is_correction"]
        told.door.submit(correct(told, first))
        assert told.case.facts.parties["party/1"].told_rights
        assert findings(told) == []

    @pytest.mark.parametrize("why", [None, Text("")])
    def test_a_reason_is_asked(self, told: Story, why: Text | None) -> None:
        assert refused(told, strike(told, first_of(told, "RightsTold"), why=why)) == ["no_reason"]

    @pytest.mark.parametrize("order", [0, -1, 7, 999])
    def test_what_is_no_order_is_not_struck(self, told: Story, order: int) -> None:
        assert refused(told, strike(told, order)) == ["no_order"]


class TestCorrecting:
    def test_another_sum_takes_the_place_of_the_wrong_one(self, told: Story) -> None:
        told.do(RecordPayment(amount=100, note=Text("现金")))
        first = told.case.version
        told.door.submit(correct(told, first, RecordPayment(amount=10_000)))
        assert told.case.facts.payments["payment/1"].amount == 10_000
        assert told.case.of("payment") == ("payment/1",)
        assert findings(told) == []

    def test_another_party_takes_the_place_of_the_wrong_one(self, story: Story) -> None:
        story.accepted().do(TellRights(), "party/1")
        story.door.submit(correct(story, story.case.version, on=("party/2",)))
        parties = story.case.facts.parties
        assert (parties["party/1"].told_rights is None, parties["party/2"].told_rights is None) == (True, False)

    def test_another_day_takes_the_place_of_the_wrong_one(self, told: Story) -> None:
        told.do(RecordSession(attended=("party/1", "party/2"), rights_told=True), at="2026-11-20")
        first = first_of(told, "SessionHeld")
        told.door.submit(correct(told, first, occurred=Occurred("2026-11-21")))
        assert told.case.facts.sessions["session/1"].held == Occurred("2026-11-21")
        assert findings(told) == []

    def test_the_registration_can_be_corrected(self, told: Story) -> None:
        old = order_of(told.door.catalogue.named(told.case.workflow), firsts(told)[1])
        assert old is not None and isinstance(old.command, RegisterCase)
        told.door.submit(correct(told, 1, replace(old.command, dispute=Dispute.CONTRACT, matter=Text("欠货款"))))
        assert told.case.facts.dispute is Dispute.CONTRACT
        assert findings(told) == []

    def test_but_not_in_what_was_looked_up_outside_then(self, told: Story) -> None:
        old = order_of(told.door.catalogue.named(told.case.workflow), firsts(told)[1])
        assert old is not None
        elsewhere = replace(old.command, organisation="other")  # type: ignore[call-arg]
        assert refused(told, correct(told, 1, elsewhere)) == ["asks_otherwise"]

    def test_nor_can_there_be_more_parties(self, told: Story) -> None:
        old = order_of(told.door.catalogue.named(told.case.workflow), firsts(told)[1])
        assert old is not None and isinstance(old.command, RegisterCase)
        one = replace(old.command, named=old.command.named[:1])
        assert refused(told, correct(told, 1, one)) == ["other_instances"]

    def test_another_step_is_no_correction(self, told: Story) -> None:
        first = first_of(told, "RightsTold")
        assert refused(told, correct(told, first, WithdrawApplication())) == ["other_step"]

    def test_the_same_again_is_none(self, told: Story) -> None:
        assert refused(told, correct(told, first_of(told, "RightsTold"))) == ["nothing_changes"]

    def test_words_left_as_they_were_keep_their_reference(self, told: Story) -> None:
        first = first_of(told, "TalkRecorded")
        with told.store.read() as unit:
            texts = unit.record.texts("A1")
        order = correct(told, first, RecordTalk(party="party/1", offer=Text("八千")))
        told.door.submit(replace(order, unchanged=frozenset({"said"})))
        with told.store.read() as unit:
            now = unit.record.texts("A1")
        said = [t for t in now.values() if t.words == "要一万二"]
        assert [t.id for t in said] == [t.id for t in texts.values() if t.words == "要一万二"]
        assert {t.words for t in now.values()} >= {"八千", "录错了"}
        assert findings(told) == []

    def test_a_typed_string_that_looks_like_a_reference_is_words(self, told: Story) -> None:
        first = first_of(told, "TalkRecorded")
        with told.store.read() as unit:
            [ref] = [
                f"text:{t.id}:{t.label}:{'0' * 64}" for t in unit.record.texts("A1").values() if t.words == "要一万二"
            ]
        told.door.submit(correct(told, first, RecordTalk(party="party/1", said=Text(ref))))
        with told.store.read() as unit:
            assert ref in {t.words for t in unit.record.texts("A1").values()}
        assert findings(told) == []

    def test_words_of_another_party_do_not_stay_as_they_were(self, told: Story) -> None:
        order = correct(told, first_of(told, "TalkRecorded"), RecordTalk(party="party/2"))
        assert refused(told, replace(order, unchanged=frozenset({"said"}))) == ["words_unkept"]

    def test_a_talk_entered_with_the_wrong_party_is_put_right_in_the_same_words(self, told: Story) -> None:
        instead = RecordTalk(party="party/2", said=Text("要一万二"))
        order = correct(told, first_of(told, "TalkRecorded"), instead, on=())
        told.door.submit(replace(order, unchanged=frozenset({"said"})))
        with told.store.read() as unit:
            labels = [t.label for t in unit.record.texts("A1").values() if t.words == "要一万二"]
        assert labels == ["party/1", "party/2"]
        assert findings(told) == []

    def test_what_stands_for_erased_words_is_nobodys_words(self, told: Story) -> None:
        erase(told, "要一万二")
        order = correct(told, first_of(told, "TalkRecorded"), RecordTalk(party="party/2", said=Text(ERASED)))
        assert refused(told, replace(order, unchanged=frozenset({"said"}))) == ["words_unkept"]

    def test_what_the_lead_set_aside_stays_so_and_nothing_else_does(self, told: Story) -> None:
        alone = ScheduleSession(invited=("party/1",), topic=Text("先谈"))
        aside = {"two_at_the_table": Text("分开记")}
        first = told.do(alone, by=Office.LEAD, waives=aside).first
        told.door.submit(correct(told, first, ScheduleSession(invited=("party/1",), topic=Text("先单独谈"))))
        assert findings(told) == []
        with told.store.read() as unit:
            assert [t.words for t in unit.record.texts("A1").values()].count("分开记") == 1
        other = told.do(RecordPayment(amount=100)).first
        order = correct(told, other, RecordPayment(amount=200), by=Office.MEDIATOR)
        told.door.submit(replace(order, waives=aside))
        assert dict(told.lines[-1].correction.waives) == {}  # type: ignore[union-attr]

    def test_an_organisation_that_is_not_there_is_no_better_in_a_correction(self, told: Story) -> None:
        first = told.do(AddCoHost(organisation="other"), by=Office.LEAD).first
        assert refused(told, correct(told, first, AddCoHost(organisation="nowhere"))) == ["unknown_organisation"]

    def test_a_clock_that_was_turned_back_makes_nobody_the_one_of_the_same_day(self, told: Story) -> None:
        told.clock.now = datetime(2026, 11, 23, 15, 50, tzinfo=UTC)  # ten to midnight in China
        first = told.do(RecordPayment(amount=100)).first
        told.clock.now = datetime(2026, 11, 23, 16, 5, tzinfo=UTC)
        told.do(TellRights(), "party/1")
        told.clock.now = datetime(2026, 11, 23, 15, 58, tzinfo=UTC)
        order = correct(told, first, RecordPayment(amount=200), by=Office.MEDIATOR)
        assert refused(told, order) == ["who_corrects"]


class TestAfterwards:
    def test_who_a_party_is_stays_as_it_is_once_somebody_has_signed(self, told: Story) -> None:
        turned = replace(register(), named=tuple(reversed(register().named)))
        told.do(DraftAgreement(signers=("party/1", "party/2")), "agreement/1")
        assert refused(told, correct(told, 1, turned)) == ["people_relied_on"]
        assert findings(told) == []

    def test_before_that_it_can_be_put_right(self, told: Story) -> None:
        turned = replace(register(), named=tuple(reversed(register().named)))
        told.door.submit(correct(told, 1, turned))
        assert [p.person for p in told.case.facts.parties.values()] == ["firm", "worker"]

    def test_a_correction_that_took_a_consequence_away_bars_none_of_an_earlier_step(self, story: Story) -> None:
        story.effective()
        rights = story.do(TellRights(), "party/1").first
        paid = story.do(RecordPayment(amount=1_200_000, obligation="obligation/1"))
        assert len(paid.lines) > 1
        story.door.submit(correct(story, paid.first, RecordPayment(amount=200_000, obligation="obligation/1")))
        story.door.submit(strike(story, rights))
        assert not story.case.facts.parties["party/1"].told_rights
        assert findings(story) == []

    def test_why_private_words_were_corrected_is_as_private(self, told: Story) -> None:
        told.door.submit(correct(told, first_of(told, "TalkRecorded"), RecordTalk(party="party/1", said=Text("一万"))))
        with told.store.read() as unit:
            assert {t.label for t in unit.record.texts("A1").values() if t.words == WHY} == {"party/1"}


class TestWho:
    def test_whoever_entered_it_on_the_same_day_and_later_the_lead(self, told: Story) -> None:
        first = first_of(told, "RightsTold")
        told.clock.now += timedelta(days=1)
        assert refused(told, strike(told, first, by=Office.MEDIATOR)) == ["who_corrects"]
        told.door.submit(strike(told, first, by=Office.LEAD))

    def test_the_same_day(self, told: Story) -> None:
        told.door.submit(strike(told, first_of(told, "RightsTold"), by=Office.MEDIATOR))

    def test_but_nobody_else_that_day(self, told: Story) -> None:
        other = replace(STAFF[Office.MEDIATOR], id="chen", name="陈")
        with told.store.write() as unit:
            unit.register.put_actor(other)
        told.door.give_reason("chen", Office.MEDIATOR, told.case, LookReason.REVIEW)
        order = replace(strike(told, first_of(told, "RightsTold"), by=Office.MEDIATOR), actor="chen")
        assert refused(told, order) == ["who_corrects"]


class TestOpenForms:
    def test_whoever_looked_at_it_before_has_to_look_again(self, told: Story) -> None:
        was = told.case.instances["party/1"].seen
        told.door.submit(strike(told, first_of(told, "RightsTold")))
        assert told.case.instances["party/1"].seen == told.case.version > was
        assert told.case.instances["party/2"].seen < told.case.version
        with pytest.raises(StaleInstance):
            told.door.submit(told.order(TellRights(), "party/1", expects={"party/1": was}))

    def test_notices_of_what_stands_no_more_are_withdrawn_in_the_same_commit(self, told: Story) -> None:
        for event in ("AgreementReached", "TalkRecorded", "CaseAccepted"):
            with told.store.read() as unit:
                assert [n.event for n in unit.views.notices()] == ["CaseAccepted"]
            told.door.submit(strike(told, first_of(told, event)))
        with told.store.read() as unit:
            assert unit.views.notices() == []
        assert findings(told) == []
        assert rebuild(told.store, told.door.catalogue) == []


class TestClosingWhatWasEnteredByMistake:
    @pytest.mark.parametrize(
        ("command", "closed"),
        [
            (CloseAsMistaken(reason=Text("测试时登记的")), "mistaken"),
            (CloseAsDuplicate(other="B1"), "duplicate"),
        ],
    )
    def test_it_is_closed_as_what_it_is(self, story: Story, command: Command, closed: str) -> None:
        story.registered().do(command, by=Office.LEAD)
        assert story.case.facts.closed == closed
        assert findings(story) == []

    def test_a_double_names_the_other_case_and_not_itself(self, story: Story) -> None:
        story.registered()
        assert refused(story, story.order(CloseAsDuplicate(other="A1"), by=Office.LEAD)) == ["another_case"]

    def test_and_that_can_be_struck_too(self, story: Story) -> None:
        story.registered().do(CloseAsMistaken(reason=Text("看错了")), by=Office.LEAD)
        story.door.submit(strike(story, story.case.version))
        story.do(AcceptCase(), by=Office.LEAD)
        assert story.case.facts.closed is None
        assert findings(story) == []


# -- random histories


@dataclass
class Tried:
    """How often what was tried."""

    tries: int = 0
    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


def decided(story: Story, orders: dict[int, Order], told: dict[int, list[Line]]) -> Case:
    """The case that orders come to when they are decided one after another, each at its moment."""
    workflow = story.door.catalogue.named(story.case.workflow)
    case = workflow.begin("A1")
    for first, order in orders.items():
        case = decide(workflow, case, order, outside_of(workflow, told[first])).case
    return case


KEY = re.compile(rb'"([a-z_]+)/(\d+)"')


def without_numbers(made: list[str], value: bytes, back: bool = False) -> bytes:
    """JSON with the instances after one that was never made counted one less; or back again."""

    def shift(found: re.Match[bytes]) -> bytes:
        machine, number = found[1].decode(), int(found[2])
        for key in reversed(made) if back else made:
            name, _, n = key.partition("/")
            if name == machine:
                number += (1 if number >= int(n) else 0) if back else (-1 if number > int(n) else 0)
        return f'"{machine}/{number}"'.encode()

    return KEY.sub(shift, value)


def corrections(story: Story, random: Random, most: int, tried: Tried) -> Iterator[tuple[int, Command | None, Order]]:
    """Corrections that went through, one after another: of which order, what stands instead, as it was given."""
    workflow = story.door.catalogue.named(story.case.workflow)
    for _ in range(most):
        told = firsts(story)
        first = random.choice([f for f, lines in told.items() if lines[0].correction is None])
        old = order_of(workflow, told[first])
        assert old is not None
        order = strike(story, first)
        if random.random() < 0.6:
            order = correct(story, first, altered(old.command, story.case, told[first][0].instance, random))
        tried.tries += 1
        try:
            story.door.submit(order)
        except Refused as why:
            tried.refused[why.refusals[0].code] += 1
            continue
        assert story.door.submit(order).last == story.case.version, "again is the same"
        tried.accepted[order.command.name()] += 1
        yield first, order.instead, order
        story.clock.now += timedelta(minutes=1)


def altered(command: Command, case: Case, key: str, random: Random) -> Command:
    """The same command with one field filled in anew."""
    fresh = fill(type(command), case, key, random)
    names = [f.name for f in dataclasses.fields(command)]
    if not names:
        return command
    name = random.choice(names)
    return replace(command, **{name: getattr(fresh, name)})


SEEDS = much(20, 40)
TRIES = 4


def test_what_comes_of_corrections_is_what_would_have_come_of_the_right_orders() -> None:
    tried = Tried()
    for seed in range(SEEDS):
        random, story = Random(seed), walk(seed, steps=30)
        workflow = story.door.catalogue.named(story.case.workflow)
        before = {v: held(story.door.case("A1", v)) for v in range(1, story.case.version + 1)}
        count = len(before)
        told = firsts(story)
        orders = {first: order_of(workflow, lines) for first, lines in told.items()}
        struck: set[int] = set()
        for first, instead, _ in corrections(story, random, TRIES, tried):
            line = story.lines[-1]
            assert line.correction is not None
            if instead is None:
                struck.add(first)
            else:
                struck.discard(first)
                now = order_of(workflow, [x for x in standing(story.lines) if x.first == first and not x.void])
                assert now is not None
                orders[first] = now
            if all(not made(told[f]) for f in struck):
                kept = {f: o for f, o in orders.items() if f not in struck and o is not None}
                assert held(decided(story, kept, told)) == held(story.case), (seed, first)
        assert {v: held(story.door.case("A1", v)) for v in range(1, count + 1)} == before, "as it was seen then"
        assert findings(story) == [], seed
        assert rebuild(story.store, story.door.catalogue) == []
    assert sum(tried.accepted.values()) >= tried.tries / 3, tried
    assert min(tried.accepted["CorrectOrder"], tried.accepted["StrikeOrder"]) >= SEEDS / 2, tried


def made(lines: list[Line]) -> list[str]:
    return [line.instance for line in lines if line.source is None]


def test_striking_what_made_something_is_as_if_it_had_never_been_made_but_for_the_numbers() -> None:
    compared = 0
    for seed in range(SEEDS):
        random, story = Random(1000 + seed), walk(seed, steps=25)
        workflow = story.door.catalogue.named(story.case.workflow)
        told = firsts(story)
        makers = [f for f, lines in told.items() if f > 1 and made(lines)]
        random.shuffle(makers)
        for first in makers[:3]:
            try:
                story.door.submit(strike(story, first))
            except Refused:
                continue
            gone = made(told[first])
            if any(b"text_hash" in bytes(line.data) or b"text_hash" in bytes(line.given) for line in story.lines):
                break  # bound to the digest of a text that names instances by number
            kept = {}
            for f, lines in told.items():
                order = order_of(workflow, lines)
                if f == first or order is None:
                    continue
                kind = type(order.command)
                command = msgspec.json.decode(without_numbers(gone, canonical(order.command)), type=kind)
                on = msgspec.json.decode(without_numbers(gone, canonical(order.on)), type=tuple[str, ...])
                kept[f] = replace(order, command=command, on=on)
            facts, states, *_ = held(decided(story, kept, told))
            mine, my_states, *_ = held(story.case)
            renamed = {
                without_numbers(gone, f'"{key}"'.encode(), back=True).decode()[1:-1]: s for key, s in states.items()
            }
            assert renamed == my_states, seed
            assert sorted(without_numbers(gone, facts, back=True)) == sorted(mine), seed
            compared += 1
            break
    assert compared >= SEEDS / 4, compared


@pytest.mark.parametrize("what", ["void", "instead", "moved", "given", "corrects"])
def test_a_tampered_correction_is_found(story: Story, what: str) -> None:
    story.accepted().do(TellRights(), "party/1")
    story.do(TellRights(), "party/2")
    first = story.case.version - 1
    story.do(RecordPayment(amount=100))
    story.door.submit(correct(story, story.case.version, RecordPayment(amount=500)))
    story.door.submit(strike(story, first))
    heads = checkpoint(story.store)[1].cases
    tables = story.store._tables  # type: ignore[attr-defined]
    orders = tables.orders["A1"]
    at = -1 if what in ("void", "moved", "corrects") else -2
    body = msgspec.json.decode(orders[at].body)
    said = body["correction"]
    said[what] = {
        "void": [*said.get("void", []), first + 1],
        "instead": [it | {"target": "elsewhere"} for it in said.get("instead", [])],
        "moved": [],
        "given": (said.get("given") or {}) | {"amount": 900},
        "corrects": first + 1,
    }[what]
    before = orders[at - 1].digest
    for n in range(len(orders) + at, len(orders)):
        raw = msgspec.json.encode(
            body if n == len(orders) + at else msgspec.json.decode(orders[n].body), order="sorted"
        )
        before = digest_of(before, raw)
        orders[n] = msgspec.structs.replace(orders[n], body=raw, digest=before)
    story.door.recent = RecentCases()
    found = {f.fault for f in findings(story)}
    if what == "given":  # as lawful as the other one: only a checkpoint knows which was written
        found = {f.fault for f in audit(case_file(story.store, "A1"), story.door.catalogue, heads["A1"])}
        assert Fault.CHECKPOINT in found
    else:
        assert found & {Fault.CONSEQUENCE, Fault.GUARD_UNMET, Fault.NO_SUCH_EDGE}, found


def test_corrections_are_commands_of_no_table(story: Story) -> None:
    story.accepted()
    for office in Office:
        offered = story.door.available("A1", office, every=True).options
        assert not [o for o in offered if issubclass(o.command, Correcting)]


def test_an_office_one_does_not_hold_corrects_nothing(story: Story) -> None:
    story.accepted()
    order = replace(strike(story, 5), actor=STAFF[Office.MEDIATOR].id)
    with pytest.raises(OfficeNotHeld):
        story.door.submit(order)
