"""A return: one of each committee and month, never edited, late when late; what is handed up runs on one clock."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Level, Office, Organisation
from mediation_engine.errors import CaseAlreadyOpen, CommandNotAllowed, GuardRefused, OutsideOwnRemit
from mediation_engine.ports.register import Person
from mediation_engine.ports.views import Wanted
from mediation_engine.services.tasks import finish
from web.presenters.case_list import level_words
from workflows.facts import facts_of as facts_of_case
from workflows.parts.host import HandOverCase
from workflows.parts.levels import raised_at, settled_at
from workflows.vocabulary import News
from workflows.zone.returns.entry import HandUp
from workflows.zone.returns.facts import facts_of
from workflows.zone.returns.filing import EntryRow, FileReturn, ReplaceReturn
from workflows.zone.returns.tasks import case_of
from workflows.zone.returns.vocabulary import EntryState, Reported, Result

from ..support.committees import CUPS, DOORS, GONE, NEW, with_committees
from ..support.story import ROOM, Story

PEOPLE = (
    Person(id="w1", name="王某", kind=PartyKind.PERSON),
    Person(id="f1", name="范例杯业", kind=PartyKind.ENTERPRISE),
)
ROW = EntryRow(worker="w1", other="f1", result=Result.FAILED, raised=date(2026, 10, 12), told=True)


@pytest.fixture
def month() -> Story:
    """The room with its committees, on the third of November."""
    clock = FixedClock(datetime(2026, 11, 3, 1, tzinfo=UTC))
    return with_committees(Story(MemoryStore(clock), clock, "M1"))


def report(story: Story, committee: Organisation = CUPS, *, by: Office = Office.COMMITTEE, **given: Any) -> None:
    """As the committee itself, by its link; of October, a dispute that was not settled, unless said otherwise."""
    fields = {"organisation": committee.id, "month": "2026-10", "named": (ROW,), "signer": Text("王人事")} | given
    actor = {"actor": committee.contact} if by is Office.COMMITTEE else {}
    story.door.submit(story.order(FileReturn(**fields), by=by, workflow="return_2026", **actor), PEOPLE)


def as_committee(story: Story, command: Any, *on: str) -> None:
    story.door.submit(story.order(command, *on, by=Office.COMMITTEE, actor=CUPS.contact), PEOPLE)


class TestFiling:
    def test_nothing_is_a_statement_that_somebody_signed(self, month: Story) -> None:
        report(month, nothing=True, named=())
        held = facts_of(month.case).statement
        assert held is not None
        assert (facts_of(month.case).reported, held.late) == (Reported.ZERO, False)
        assert month.case.facts.closed == "filed"

    def test_nothing_and_something_at_once_is_refused_and_so_is_neither(self, month: Story) -> None:
        for given in ({"nothing": True}, {"named": ()}):
            with pytest.raises(GuardRefused, match="只写明“本月无新纠纷”"):
                report(month, **given)

    def test_the_same_month_twice_is_one(self, month: Story) -> None:
        report(month)
        with pytest.raises(CaseAlreadyOpen):
            report(month)

    def test_a_month_that_is_not_over_is_not_reported(self, month: Story) -> None:
        with pytest.raises(GuardRefused, match="还没有过完"):
            report(month, month="2026-11")
        with pytest.raises(GuardRefused, match="2026-11 这样"):
            report(month, month="2026-13")

    def test_after_its_day_it_is_late_and_taken_all_the_same(self, month: Story) -> None:
        month.clock.now = datetime(2026, 11, 5, 15, 59, tzinfo=UTC)
        report(month)
        assert not facts_of(month.case).was_late
        month.clock.now = datetime(2026, 11, 5, 16, 1, tzinfo=UTC)
        late = with_committees(Story(month.store, month.clock, "M2"))
        report(late, DOORS)
        assert facts_of(late.case).was_late

    def test_what_came_on_paper_in_time_is_not_late_because_it_was_typed_later(self, month: Story) -> None:
        month.clock.now = datetime(2026, 11, 9, 1, tzinfo=UTC)
        fields = {"organisation": CUPS.id, "month": "2026-10", "nothing": True, "signer": Text("王人事")}
        month.do(FileReturn(**fields), workflow="return_2026", at="2026-11-04")
        assert not facts_of(month.case).was_late

    @pytest.mark.parametrize(("committee", "expected"), [(CUPS, True), (GONE, False), (NEW, False)])
    def test_who_was_not_there_at_the_end_of_the_month_did_not_owe_it(
        self, month: Story, committee: Organisation, expected: bool
    ) -> None:
        report(month, committee, nothing=True, named=())
        assert facts_of(month.case).expected is expected

    def test_that_no_worker_was_told_of_the_room_is_marked(self, month: Story) -> None:
        report(month, named=(EntryRow(worker="w1", other="f1"),))
        assert [it.code for line in month.lines for it in line.defects] == ["workers_told"]


class TestWho:
    def test_a_committee_reports_for_itself_alone(self, month: Story) -> None:
        with pytest.raises(OutsideOwnRemit):
            report(month, organisation=DOORS.id)
        report(month)
        other = month.order(ReplaceReturn(nothing=True, signer=Text("x")), by=Office.COMMITTEE, actor=DOORS.contact)
        with pytest.raises((OutsideOwnRemit, CommandNotAllowed)):
            month.door.submit(other)

    def test_staff_type_what_came_on_paper(self, month: Story) -> None:
        report(month, by=Office.MEDIATOR, nothing=True, named=())
        assert facts_of(month.case).reported is Reported.ZERO


class TestCorrecting:
    def test_a_later_statement_takes_the_place_and_both_stay(self, month: Story) -> None:
        report(month)
        as_committee(month, ReplaceReturn(nothing=True, signer=Text("王人事"), reason=Text("认错了月份")))
        facts = facts_of(month.case)
        assert (facts.reported, len(facts.statements), facts.standing()) == (Reported.ZERO, 2, {})
        assert {key: month.state(key) for key in month.case.of("report")} == {
            "report/1": "replaced",
            "report/2": "standing",
        }

    def test_what_the_room_has_stays_in_the_return(self, month: Story) -> None:
        report(month)
        as_committee(month, HandUp(), "entry/1")
        with pytest.raises(GuardRefused, match="已有纠纷转到调解室"):
            as_committee(month, ReplaceReturn(nothing=True, signer=Text("王人事")))
        as_committee(month, ReplaceReturn(signer=Text("王人事")))
        assert list(facts_of(month.case).standing()) == ["entry/1"]


class TestHandingUp:
    def test_it_becomes_one_case_of_the_room_on_the_clock_of_the_day_it_was_raised(self, month: Story) -> None:
        report(month)
        as_committee(month, HandUp(), "entry/1")
        finish(month.door)
        finish(month.door)
        case = month.door.case(case_of("M1", "entry/1"))
        facts = facts_of_case(case)
        assert (facts.organisation, facts.registered) == (ROOM.id, Occurred("2026-10-12"))
        assert (raised_at(case), settled_at(case)) == (Level.ENTERPRISE, None)
        entry = facts_of(month.case).entries["entry/1"]
        assert (entry.state, entry.case, entry.news) == (EntryState.HANDED_UP, case.id, News.MEDIATING)

    def test_what_is_settled_is_not_handed_up(self, month: Story) -> None:
        report(month, named=(EntryRow(worker="w1", other="f1", told=True),))
        with pytest.raises(GuardRefused, match="已经化解的"):
            as_committee(month, HandUp(), "entry/1")


class TestLevels:
    def test_settled_where_it_was_hosted_when_the_agreement_took_effect(self, month: Story) -> None:
        told = Story(month.store, month.clock, "A1")
        with month.store.write() as unit:
            unit.register.put_organisation(
                Organisation(id="room", name="调解室", short_name="永开", kind="mediation_room", level=Level.ZONE)
            )
        told.effective()
        assert (raised_at(told.case), settled_at(told.case)) == (Level.ZONE, Level.ZONE)
        told.do(HandOverCase(organisation=CUPS.id), by=Office.LEAD)
        assert (facts_of_case(told.case).level, settled_at(told.case)) == (Level.ENTERPRISE, Level.ZONE)
        with month.store.read() as unit:
            row = unit.views.row("A1")
            found = [unit.views.newest(it) for it in (Wanted(settled="zone"), Wanted(settled="enterprise"))]
        assert row is not None and level_words(row) == "开发区、镇街提出，开发区、镇街化解"
        assert [[it.case for it in rows] for rows in found] == [["A1"], []]

    def test_handed_up_the_periods_run_on(self, month: Story) -> None:
        told = Story(month.store, month.clock, "A1")
        told.registered("labour_mediation")
        before = {(it.rule.code, it.end) for it in told.view(Office.LEAD).clocks}
        told.clock.now = datetime(2026, 11, 4, 1, tzinfo=UTC)
        told.do(HandOverCase(organisation="other"), by=Office.LEAD)
        assert {(it.rule.code, it.end) for it in told.view(Office.LEAD).clocks} == before
