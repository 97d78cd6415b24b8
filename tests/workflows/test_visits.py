"""Visits: each for itself, with whom and with what result; and what becomes of them when a case is closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mediation_engine.audit import audit
from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import Text
from mediation_engine.domain.order import Order
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.recorded_order import RecordedOrder
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.errors import CommandNotAllowed, FormFaults, GuardRefused, MediationError
from mediation_engine.input.command_schema import Names, read_form
from mediation_engine.ports.register import Person
from mediation_engine.services.due_sweep import sweep
from mediation_engine.services.maintenance import case_file
from web.presenters.case_details import Casework
from workflows.parts.cards import visit_alarm
from workflows.parts.note import RecordNote
from workflows.parts.payment import RecordPayment
from workflows.parts.visit import (
    CancelVisit,
    EndEntrustment,
    EntrustVisit,
    Finding,
    MoveVisit,
    PlanQualityVisit,
    PlanVisit,
    RecordQualityVisit,
    RecordUnreachable,
    RecordVisit,
    Way,
)
from workflows.phases.follow_up import CloseAsPerformed, Planned
from workflows.vocabulary import DayPart, Reply, Satisfaction

from ..support.rechaining import fields, rechained, whole
from ..support.story import PAY, Story

pytestmark = pytest.mark.quick

VISITS = ("visit/1", "visit/2", "visit/3")


@pytest.fixture
def paid(story: Story) -> Story:
    """All is paid, three visits are planned."""
    story.effective().do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
    return story


def test_several_are_not_recorded_with_the_same_words_at_once(paid: Story) -> None:
    with pytest.raises(CommandNotAllowed, match="一次只能办理一项"):
        paid.do(RecordVisit(party="party/1", finding=Finding.STABLE), *VISITS)
    assert [paid.state(key) for key in VISITS] == ["scheduled"] * 3


def test_what_was_found_is_asked_and_not_preset() -> None:
    with pytest.raises(FormFaults) as faults:
        read_form(RecordVisit, {"party": "party/1"}, Names())
    assert list(faults.value.faults) == ["情况"]


def test_in_the_middle_of_a_session_nobody_is_visited() -> None:
    assert "会中单独谈" not in [way.label for way in Way]


def test_a_visit_to_nobody_or_with_no_result_is_marked(paid: Story) -> None:
    paid.do(RecordVisit(finding=Finding.UNREPORTED), "visit/1")
    assert {d.code for d in paid.lines[-1].defects} == {"seen_named", "finding_told"}
    paid.do(RecordVisit(also=("party/1", "party/2"), finding=Finding.STABLE), "visit/2")
    assert not paid.lines[-1].defects
    assert paid.case.facts.visits["visit/2"].also == ("party/1", "party/2")


def test_that_private_words_were_written_down_shows_in_no_mark(paid: Story) -> None:
    paid.do(RecordVisit(party="party/1", finding=Finding.UNREPORTED), "visit/1")
    paid.do(RecordVisit(party="party/1", finding=Finding.UNREPORTED, said=Text("都说没事了")), "visit/2")
    assert [[d.code for d in line.defects] for line in paid.lines[-2:]] == [["finding_told"]] * 2


def test_closing_keeps_what_is_planned_and_it_can_still_be_made(paid: Story) -> None:
    paid.do(CloseAsPerformed())
    assert [paid.state(key) for key in VISITS] == ["scheduled"] * 3
    paid.do(RecordVisit(party="party/1", finding=Finding.STABLE), "visit/1")
    assert paid.state("visit/1") == "done"


def test_cancelling_what_is_planned_takes_a_reason(paid: Story) -> None:
    with pytest.raises(GuardRefused, match="写明原因") as refused:
        paid.do(CloseAsPerformed(visits=Planned.CANCELLED))
    assert refused.value.refusals[0].about == VISITS
    paid.do(CloseAsPerformed(visits=Planned.CANCELLED, visits_reason=Text("双方已离开本地")))
    assert [paid.state(key) for key in VISITS] == ["cancelled"] * 3


def test_a_planned_visit_is_moved_and_given_to_somebody_else(paid: Story) -> None:
    paid.with_colleague()
    paid.do(MoveVisit(due=date(2026, 12, 5), part=DayPart.EVENING, visitor="zhou"), "visit/1")
    held = paid.case.facts.visits["visit/1"]
    assert (held.due, held.part, held.visitor, held.moved) == (date(2026, 12, 5), DayPart.EVENING, "zhou", 1)
    assert paid.state("visit/1") == "scheduled"
    assert ("visit/1", date(2026, 12, 5)) in paid.case.facts.due_days({"visit/1"})


def test_somebody_who_is_not_reached_three_times_is_for_the_lead(paid: Story) -> None:
    casework = lambda: Casework(view=paid.view(Office.LEAD))  # noqa: E731
    for n in range(3):
        assert visit_alarm(casework(), "visit/1") == "", n
        paid.do(RecordUnreachable(), "visit/1")
    assert visit_alarm(casework(), "visit/1").startswith("3次没有联系上，请室主任决定")
    paid.do(RecordVisit(also=("party/2",), finding=Finding.STABLE, said=Text("向门卫了解")), "visit/1")
    assert visit_alarm(casework(), "visit/1") == ""


class TestQuality:
    def test_it_is_planned_and_asked_as_what_it_is_after_the_end_too(self, paid: Story) -> None:
        paid.do(CloseAsPerformed())
        paid.do(PlanQualityVisit(due=date(2026, 12, 1), party="party/1"))
        assert paid.state("visit/4") == "to_be_asked"
        with pytest.raises(CommandNotAllowed):
            paid.do(RecordVisit(party="party/1", finding=Finding.STABLE), "visit/4")
        paid.do(RecordQualityVisit(party="party/1", satisfied=Satisfaction.SATISFIED, charged=Reply.NO), "visit/4")
        assert paid.state("visit/4") == "done"
        assert paid.case.facts.visits["visit/4"].satisfied is Satisfaction.SATISFIED

    def test_a_follow_up_is_none(self, paid: Story) -> None:
        with pytest.raises(CommandNotAllowed):
            paid.do(RecordQualityVisit(party="party/1"), "visit/1")

    def test_whoever_handled_the_case_asks_with_a_mark(self, paid: Story) -> None:
        paid.do(RecordQualityVisit(party="party/1"))
        assert [d.code for d in paid.lines[-1].defects] == ["asked_by_another"]
        paid.do(RecordQualityVisit(party="party/1"), by=Office.LEAD)
        assert paid.lines[-1].defects == ()


def test_the_third_time_nobody_was_met_goes_up_to_the_lead_once(paid: Story) -> None:
    for times in range(1, 6):
        paid.do(RecordUnreachable(), "visit/1")
        assert [line.event for line in paid.lines].count("VisitRaised") == (times >= 3)
    sweep(paid.store, paid.door.catalogue, [])
    with paid.store.read() as unit:
        told = [it for it in unit.messages.of("wang") if it.topic == "VisitRaised"]
        assert [it for it in unit.messages.of("li") if it.topic == "VisitRaised"] == []
    assert [it.instance for it in told] == ["visit/1"]
    assert paid.state("visit/1") == "scheduled"


# -- entrusted to somebody without an account


@pytest.fixture
def sent(paid: Story) -> Story:
    """Visit 1 is entrusted to a grid worker; another one is known to the house, too."""
    with paid.store.write() as unit:
        for id, name in (("grid", "吴网格"), ("other", "郑网格")):
            unit.register.put_person(Person(id=id, name=name, kind=PartyKind.PERSON))
            unit.register.put_actor(Actor(id=id, name=name, organisation="room", offices=frozenset({Office.VISITOR})))
    paid.do(EntrustVisit(person="grid", party="party/1", place=Text("三号宿舍")), "visit/1")
    return paid


def by_visitor(story: Story, command: Command, *on: str, actor: str = "grid") -> Order:
    return story.order(command, *on, by=Office.VISITOR, actor=actor)


SEEN = RecordVisit(finding=Finding.STABLE, said=Text("人在，情绪平稳"))


def test_a_visitor_records_the_visit_entrusted_to_him_and_audit_decides_it_again(sent: Story) -> None:
    sent.door.submit(by_visitor(sent, RecordUnreachable(), "visit/1"))
    sent.door.submit(by_visitor(sent, SEEN, "visit/1"))
    made = sent.case.facts.visits["visit/1"]
    assert (made.party, made.attempts, sent.state("visit/1")) == ("party/1", 1, "done")
    assert (sent.lines[-1].actor, sent.lines[-1].office) == ("grid", "visitor")
    assert [f for f in audit(case_file(sent.store, "A1"), sent.door.catalogue) if not f.known] == []


def test_audit_finds_that_another_recorded_it(sent: Story) -> None:
    sent.door.submit(by_visitor(sent, SEEN, "visit/1"))
    file = case_file(sent.store, "A1")
    *before, last = map(whole, file.orders)
    forged = rechained([*before, RecordedOrder(**{**fields(last), "actor": "other"})])
    told = [f for f in audit(replace(file, orders=forged, projection=None), sent.door.catalogue) if not f.known]
    assert told


@pytest.mark.parametrize(
    ("command", "on", "actor"),
    [
        (SEEN, ("visit/1",), "other"),
        (SEEN, ("visit/2",), "grid"),
        (SEEN, (), "grid"),
        (RecordUnreachable(), ("visit/1", "visit/2"), "grid"),
        (RecordUnreachable(), ("visit/2",), "grid"),
        (MoveVisit(due=date(2026, 12, 1)), ("visit/1",), "grid"),
        (CancelVisit(reason=Text("不去了")), ("visit/1",), "grid"),
        (EndEntrustment(), ("visit/1",), "grid"),
        (PlanVisit(due=date(2026, 12, 1)), (), "grid"),
        (RecordNote(words=Text("记一笔")), (), "grid"),
        (RecordPayment(obligation="obligation/1", amount=1), (), "grid"),
        (CloseAsPerformed(), (), "grid"),
    ],
)
def test_a_visitor_does_nothing_else(sent: Story, command: Command, on: tuple[str, ...], actor: str) -> None:
    before = len(sent.lines)
    with pytest.raises(CommandNotAllowed):
        sent.door.submit(by_visitor(sent, command, *on, actor=actor))
    assert len(sent.lines) == before


def test_nobody_of_the_staff_acts_as_a_visitor(sent: Story) -> None:
    with pytest.raises(MediationError):
        sent.door.submit(by_visitor(sent, SEEN, "visit/1", actor="li"))


@pytest.mark.parametrize(
    "ending",
    [
        EndEntrustment(reason=Text("自己去")),
        MoveVisit(due=date(2026, 12, 1), visitor="li"),
        EntrustVisit(person="other"),
        CancelVisit(reason=Text("不用去了")),
        RecordVisit(party="party/1", finding=Finding.STABLE),
    ],
    ids=lambda it: it.name(),
)
def test_it_ends_when_it_is_taken_back_or_given_to_another_or_the_visit_is_over(sent: Story, ending: Command) -> None:
    sent.do(ending, "visit/1")
    with pytest.raises(CommandNotAllowed):
        sent.door.submit(by_visitor(sent, SEEN, "visit/1"))


def test_another_day_alone_leaves_it_with_him(sent: Story) -> None:
    sent.do(MoveVisit(due=date(2026, 12, 1)), "visit/1")
    sent.door.submit(by_visitor(sent, SEEN, "visit/1"))
    assert sent.state("visit/1") == "done"


def test_it_is_said_whom_to_see_and_it_is_no_party_who_goes(paid: Story) -> None:
    with pytest.raises(GuardRefused, match="没有写明走访谁"):
        paid.do(EntrustVisit(person="grid"), "visit/1")
    with pytest.raises(GuardRefused, match="当事人不能受托"):
        paid.do(EntrustVisit(person="worker", party="party/2"), "visit/1")
    with pytest.raises(CommandNotAllowed, match="只有在“已委托走访”时"):
        paid.do(EndEntrustment(), "visit/1")


def test_a_visitor_reads_nothing_of_the_record(sent: Story) -> None:
    assert sent.door.words("A1", Office.VISITOR) == {}
