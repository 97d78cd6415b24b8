"""What falls due and what waits in the outbox is told to those whom it concerns, each once, whatever the clock does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.adapters.plugins import installed_workflows
from mediation_engine.clock import FixedClock
from mediation_engine.domain.correcting import StrikeOrder
from mediation_engine.domain.fields import Text
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.roles import LeadAct, Office, Substitution
from mediation_engine.ports.channels import Envelope
from mediation_engine.ports.messages import UNREADABLE, Contact, Message, Window
from mediation_engine.ports.store import Store
from mediation_engine.ports.views import Notice
from mediation_engine.read_models.projections import DueDate, Projection
from mediation_engine.services.due_sweep import Swept, message_id, sweep
from mediation_engine.services.sending import Post
from web.wiring import catalogue
from workflows.parts.assignment import AddHelper, AskForChange, HandOverAssignment, Helping
from workflows.parts.note import RecordNote
from workflows.parts.risk import RaiseRisk
from workflows.phases.intake import AcceptCase
from workflows.vocabulary import Danger

from ...contracts.samples import order, row, rows_of
from ...contracts.store import Stop, put, stop, write
from ...support.story import NOW, STAFF, ZHOU, Story

CATALOGUE = catalogue()
TODAY = NOW.astimezone(CHINA).date()


def swept(store: Store, most: int = 500) -> Swept:
    return sweep(store, CATALOGUE, most=most)


def messages(store: Store, who: str = "li") -> list[Message]:
    with store.read() as unit:
        return unit.messages.of(who)


def dues(*days: date, case: str = "A", **given: str) -> Projection:
    """A case with something due on each of some days."""
    rows = rows_of(case, **given)
    found = (DueDate(case=case, instance=f"loan/{n}", kind="loan", due=day) for n, day in enumerate(days, 1))
    return Projection(row=rows.row, dues=frozenset(found))


@pytest.fixture
def staffed(store: Store) -> Store:
    with store.write() as unit:
        for actor in STAFF.values():
            unit.register.put_actor(actor)
    return store


class TestDue:
    def test_each_item_is_claimed_once_and_told_to_the_lead_mediator(self, staffed: Store) -> None:
        put(staffed, dues(TODAY, TODAY - timedelta(days=2), TODAY + timedelta(days=1)))
        assert swept(staffed) == Swept(due=2, late=1, messages=2)
        assert swept(staffed) == Swept()
        told = {it.instance: it for it in messages(staffed)}
        assert {key: (it.topic, it.day, it.late) for key, it in told.items()} == {
            "loan/1": ("loan", TODAY, False),
            "loan/2": ("loan", TODAY - timedelta(days=2), True),
        }
        assert {it.read for it in told.values()} == {None}

    def test_in_however_small_parts(self, staffed: Store) -> None:
        put(staffed, *(dues(TODAY, TODAY, case=f"C{n}") for n in range(5)))
        assert swept(staffed, most=3) == Swept(due=10, messages=10)
        assert len(messages(staffed)) == 10

    def test_what_waits_to_be_taken_up_is_on_the_board_and_not_told(self, staffed: Store) -> None:
        held = rows_of("A")
        put(
            staffed,
            Projection(row=held.row, dues=frozenset({DueDate(case="A", instance="payment/1", kind="wait", due=TODAY)})),
        )
        assert swept(staffed) == Swept()

    def test_another_day_is_another_item_and_an_old_one_that_comes_back_is_not(self, staffed: Store) -> None:
        first, moved = dues(TODAY - timedelta(days=1)), dues(TODAY)
        put(staffed, first)
        assert swept(staffed).due == 1
        for before, after, due in ((first, moved, 1), (moved, first, 0)):
            with staffed.write() as unit:
                unit.views.change(before, after)
            assert swept(staffed).due == due

    def test_what_was_done_before_it_was_looked_at_is_not_told(self, staffed: Store) -> None:
        held = dues(TODAY)
        put(staffed, held)
        with staffed.write() as unit:
            unit.views.change(held, dues())
        assert swept(staffed) == Swept()

    def test_without_a_lead_mediator_who_is_there_it_is_told_to_the_lead(self, staffed: Store) -> None:
        put(staffed, dues(TODAY, mediator="gone"))
        assert swept(staffed).messages == 1
        assert [it.instance for it in messages(staffed, "wang")] == ["loan/1"]

    def test_and_to_who_stands_in_for_the_lead(self, staffed: Store) -> None:
        with staffed.write() as unit:
            unit.register.put_actor(replace(STAFF[Office.LEAD], active=False))
            unit.substitutions.put_substitution(
                Substitution(
                    id="s1",
                    organisation="room",
                    actor="li",
                    acts=frozenset({LeadAct.SEAL}),
                    first=TODAY,
                    last=TODAY,
                    named_by="wang",
                )
            )
        put(staffed, dues(TODAY, mediator="gone"))
        assert swept(staffed).messages == 1
        assert len(messages(staffed)) == 1

    def test_where_there_is_nobody_it_is_counted(self, staffed: Store) -> None:
        put(staffed, dues(TODAY, mediator="gone", organisation="elsewhere"))
        assert swept(staffed) == Swept(due=1, untold=1)

    def test_below_a_room_without_a_lead_the_one_above_is_told(self, store: Store, clock: FixedClock) -> None:
        Story(store, clock)
        put(store, dues(TODAY, mediator="gone", organisation="other"))
        assert swept(store).messages == 1
        assert len(messages(store, "wang")) == 1

    def test_the_end_of_the_term_is_told_to_the_lead_too(self, staffed: Store) -> None:
        term = DueDate(case="A", instance="", kind="people_term", due=TODAY)
        put(staffed, Projection(row=row("A"), dues=frozenset({term})))
        assert swept(staffed).messages == 2

    def test_what_a_transaction_writes_is_there_whole_or_not_at_all(self, staffed: Store) -> None:
        put(staffed, dues(TODAY))
        with pytest.raises(Stop):
            write(staffed, lambda unit: unit.messages.claim_due(Window(until=TODAY)), stop)
        assert swept(staffed).due == 1


def clock_rows(*rows: tuple[str, date, bool]) -> Projection:
    """A case with deadlines: code of the rule, last day, whether it is a right."""
    found = (DueDate(case="A", instance="", kind=kind, due=day, lapses=lapses) for kind, day, lapses in rows)
    return Projection(row=row("A", workflow="fast_track_2026"), dues=frozenset(found))


def days(number: int) -> timedelta:
    return timedelta(days=number)


class TestAhead:
    """A deadline is told of before its day, at each of its distances once."""

    @pytest.mark.parametrize("left", range(12))
    def test_it_is_told_of_from_its_first_distance_on(self, staffed: Store, left: int) -> None:
        put(staffed, clock_rows(("people_term", TODAY + days(left), False)))
        told = swept(staffed)
        assert (told.ahead, told.due) == (0 < left <= 10, left == 0)
        assert swept(staffed) == Swept()

    def test_each_distance_is_told_once_as_the_days_go_by(self, staffed: Store, clock: FixedClock) -> None:
        put(staffed, clock_rows(("limitation", TODAY + days(61), True)))
        told = []
        for day in range(65):
            done = swept(staffed)
            told += [61 - day] * (done.ahead + done.due)
            clock.now += days(1)
        assert told == [60, 30, 7, 0]

    def test_of_the_distances_that_were_passed_while_nobody_swept_the_nearest_alone(
        self, staffed: Store, clock: FixedClock
    ) -> None:
        put(staffed, clock_rows(("limitation", TODAY + days(65), True)))
        assert swept(staffed) == Swept()
        clock.now += days(60)
        assert swept(staffed).ahead == 1
        assert swept(staffed) == Swept()

    def test_a_right_is_told_of_on_its_last_day_and_for_a_while_after(self, staffed: Store, clock: FixedClock) -> None:
        put(staffed, clock_rows(("judicial_window", TODAY, True)))
        clock.now += days(3)
        assert swept(staffed) == Swept(due=1, late=1, messages=1)
        [told] = messages(staffed)
        assert told.late

    def test_of_one_that_lapsed_long_ago_nobody_is_told(self, staffed: Store) -> None:
        put(staffed, clock_rows(("judicial_window", TODAY - days(31), True)))
        assert swept(staffed) == Swept()

    def test_two_that_end_on_one_day_are_two_however_small_the_parts(self, staffed: Store) -> None:
        kinds = ("people_term", "acceptance", "festival_wages")
        put(staffed, clock_rows(*((kind, TODAY, False) for kind in kinds)))
        assert swept(staffed, most=1).due == 3
        assert {it.topic for it in messages(staffed)} == {*kinds}

    def test_another_last_day_is_told_of_anew(self, staffed: Store) -> None:
        first, longer = (clock_rows(("people_term", TODAY + days(n), False)) for n in (3, 9))
        put(staffed, first)
        assert swept(staffed).ahead == 1
        with staffed.write() as unit:
            unit.views.change(first, longer)
        assert swept(staffed).ahead == 1


class TestClocks:
    """The day comes from the store's clock."""

    @pytest.mark.parametrize("hours", [-1, 1])
    def test_a_clock_an_hour_back_or_forward_harms_nothing(self, staffed: Store, clock: FixedClock, hours: int) -> None:
        put(staffed, dues(TODAY, TODAY + timedelta(days=1)))
        clock.now = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)  # half past eleven in the evening, in China
        assert swept(staffed).due == 1
        clock.now += timedelta(hours=hours)
        assert swept(staffed).due == (hours > 0)
        clock.now = datetime(2026, 11, 24, 1, tzinfo=UTC)
        assert swept(staffed).due == (hours < 0)
        assert len(messages(staffed)) == 2

    def test_three_days_down_and_each_is_told_once_with_how_late(self, staffed: Store, clock: FixedClock) -> None:
        put(staffed, dues(*(TODAY + timedelta(days=n) for n in range(5))))
        assert swept(staffed) == Swept(due=1, messages=1)
        clock.now += timedelta(days=3)
        assert swept(staffed) == Swept(due=3, late=2, messages=3)
        assert {it.instance for it in messages(staffed) if it.late} == {"loan/2", "loan/3"}

    @pytest.mark.parametrize("day", [date(2026, 12, 31), date(2027, 1, 1), date(2028, 2, 29), date(2028, 3, 1)])
    def test_at_the_turn_of_the_year_and_on_the_29th_of_february(
        self, staffed: Store, clock: FixedClock, day: date
    ) -> None:
        put(staffed, dues(day))
        midnight = datetime(day.year, day.month, day.day, tzinfo=CHINA).astimezone(UTC)
        clock.now = midnight - timedelta(seconds=1)
        assert swept(staffed) == Swept()
        clock.now = midnight
        assert swept(staffed) == Swept(due=1, messages=1)
        clock.now = midnight + timedelta(days=1, seconds=-1)
        assert swept(staffed) == Swept()


class TestEvents:
    @pytest.fixture
    def told(self, store: Store, clock: FixedClock) -> Story:
        return Story(store, clock, more=[ZHOU])

    def topics(self, story: Story, who: str) -> list[str]:
        return sorted(it.topic for it in messages(story.store, who))

    def test_who_did_it_is_not_told_the_others_are(self, told: Story) -> None:
        told.accepted()
        assert swept(told.store).notices == 1
        assert (self.topics(told, "li"), self.topics(told, "wang")) == (["CaseAccepted"], [])
        assert swept(told.store) == Swept()

    def test_a_danger_is_told_to_all_who_handle_the_case_and_is_urgent(self, told: Story) -> None:
        told.accepted().do(AddHelper(staff="zhou", role=Helping.CO_MEDIATOR), by=Office.LEAD)
        swept(told.store)
        told.do(RaiseRisk(danger=Danger.FIGHT, signs=Text("扬言报复")), by=Office.LEAD)
        swept(told.store)
        for who in ("li", "zhou"):
            assert [it.urgent for it in messages(told.store, who) if it.topic == "RiskRaised"] == [True]
        assert "RiskRaised" not in self.topics(told, "wang")

    def test_a_danger_that_the_mediator_sees_is_told_to_the_lead(self, told: Story) -> None:
        told.accepted().do(RaiseRisk(danger=Danger.FIGHT))
        swept(told.store)
        assert self.topics(told, "wang") == ["RiskRaised"]

    def test_a_new_lead_mediator_is_told_and_the_one_before_no_more(self, told: Story) -> None:
        told.accepted()
        swept(told.store)
        told.do(HandOverAssignment(to="zhou", note=Text("休假")), "assignment/1", by=Office.LEAD)
        swept(told.store)
        assert self.topics(told, "zhou") == ["AssignmentHandedOver"]
        assert "AssignmentHandedOver" not in self.topics(told, "li")

    def test_that_a_party_wants_another_mediator_is_for_the_lead_alone(self, told: Story) -> None:
        told.accepted().do(AskForChange(party="party/1"), "assignment/1", by=Office.LEAD)
        told.do(AskForChange(party="party/2"), "assignment/1")
        swept(told.store)
        assert "ChangeAsked" not in self.topics(told, "li")
        assert self.topics(told, "wang") == ["ChangeAsked"]

    def test_what_is_corrected_before_it_was_read_or_sent_is_withdrawn_in_the_same_commit(self, told: Story) -> None:
        told.registered()
        before = told.case.version
        told.do(AcceptCase(), by=Office.LEAD)
        swept(told.store)
        assert self.topics(told, "li") == ["CaseAccepted"]
        told.do(StrikeOrder(order=before + 1, reason=Text("记错了")), by=Office.LEAD)
        assert self.topics(told, "li") == []

    def test_what_was_read_stays(self, told: Story) -> None:
        told.registered()
        before = told.case.version
        told.do(AcceptCase(), by=Office.LEAD)
        swept(told.store)
        with told.store.write() as unit:
            unit.messages.mark_read("li")
        told.do(StrikeOrder(order=before + 1, reason=Text("记错了")), by=Office.LEAD)
        assert self.topics(told, "li") == ["CaseAccepted"]

    def test_a_case_that_cannot_be_read_bars_no_other(self, told: Story) -> None:
        told.accepted()
        with told.store.write() as unit:
            unit.record.append(order(case="B1"))
            unit.views.put_notices([Notice(case="B1", version=1, event="CaseAccepted")])
        assert swept(told.store) == Swept(notices=2, messages=1, parked=1)

    def test_what_cannot_be_told_is_put_aside_until_it_is_tried_again(self, told: Story) -> None:
        told.accepted()
        with told.store.write() as unit:
            unit.messages.claim_notices()
            unit.record.append(order(case="B1"))
            unit.views.put_notices([Notice(case="B1", version=1, event="CaseAccepted")])
        swept(told.store)
        assert swept(told.store) == Swept()
        with told.store.write() as unit:
            [it] = unit.messages.parked()
            assert (it.case, it.kind, it.version, it.why) == ("B1", "CaseAccepted", 1, UNREADABLE)
            assert unit.messages.take_up() == 1
        assert swept(told.store) == Swept(notices=1, parked=1)


class TestContacts:
    def test_a_message_goes_out_by_the_channels_that_are_there_and_that_somebody_wants(self, staffed: Store) -> None:
        with staffed.write() as unit:
            unit.messages.put_contact(Contact(actor="li", channel="mail", address="li@example.cn"))
            unit.messages.put_contact(Contact(actor="li", channel="spool", address="13800000000"))
        put(staffed, dues(TODAY))
        sweep(staffed, CATALOGUE, ["mail", "other"])
        with staffed.read() as unit:
            assert [it.channel for _, it in unit.messages.sendings(dead=False)] == ["mail"]

    def test_the_same_message_to_the_same_person_has_the_same_id_and_no_other_has(self) -> None:
        ids = {message_id(*about) for about in (("li", "A", "loan/1"), ("li", "A", "loan/11"), ("wang", "A", "loan/1"))}
        assert len(ids) == 3
        assert message_id("li", "A", "loan/1") in ids


PRIVATE = Text("只要八千就签，千万别告诉厂里")


def test_nothing_private_and_no_name_stands_in_a_message_or_in_what_is_sent(clock: FixedClock) -> None:
    """Of a case with words, names and dangers of every kind: no message holds more than codes, and says no more."""
    story = Story(MemoryStore(clock), clock, more=[ZHOU]).effective()
    story.do(RecordNote(words=PRIVATE))
    story.do(RaiseRisk(danger=Danger.FIGHT, signs=PRIVATE))
    story.do(AskForChange(party="party/1", reason=PRIVATE), "assignment/1")
    with story.store.write() as unit:
        for actor in (*STAFF.values(), ZHOU):
            unit.messages.put_contact(Contact(actor=actor.id, channel="kept", address="x"))
    clock.now += timedelta(days=400)
    kept = Kept([])
    post = Post(store=story.store, catalogue=CATALOGUE, channels={"kept": kept}, address="http://127.0.0.1:8000")
    assert sweep(story.store, CATALOGUE, ["kept"]).messages > 6
    assert post.send().sent > 6
    said = str(kept.sent)
    for actor in (*STAFF.values(), ZHOU):
        said += str(messages(story.store, actor.id))
    texts = [it.words for it in story.store.read().__enter__().record.texts("A1").values()]
    assert PRIVATE in texts
    for words in (*texts, "王某", "某五金厂", "12,000", "1.2万", *(a.name for a in STAFF.values())):
        assert words and words not in said, words


@dataclass
class Kept:
    """A channel that keeps what it gets."""

    sent: list[Envelope]

    def send(self, envelope: Envelope) -> None:
        self.sent.append(envelope)


def test_every_topic_is_of_something_that_can_fall_due_or_happen_and_leads_to_a_step() -> None:
    """In one workflow or the other: they share their parts."""
    installed = installed_workflows()
    events = {name for it in installed for name, event in it.events.items() if event.tells}
    machines, steps = ({name for it in installed for name in getattr(it, of)} for of in ("machines", "commands"))
    for code, topic in {code: topic for it in installed for code, topic in it.topics.items()}.items():
        assert code in machines | events, code
        assert topic.step in {""} | steps, code
        assert topic.to, code
