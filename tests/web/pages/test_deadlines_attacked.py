"""What fresh eyes broke in deadlines, visit links and calls, and what holds since."""

# ruff: noqa: F811

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.deadline import ClockState, Signal
from mediation_engine.domain.erasing import ErasureGround
from mediation_engine.domain.fields import Text
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.ids import system_randomness
from mediation_engine.ports.register import Person
from mediation_engine.services.people import People
from web.presenters.calls import calls
from web.security import passwords
from workflows.facts import Term
from workflows.parts import obligation as o
from workflows.parts.agreement import AdoptOrally, AffixSeal, DraftAgreement, ReachAgreement, SignAsMediator
from workflows.parts.assignment import RecusalGround, RecuseMediator
from workflows.parts.block import RecordTalk
from workflows.parts.extension import RecordExtension
from workflows.parts.party import RefuseMediation, TellRemedies
from workflows.parts.proceeding import (
    FileProceeding,
    RecordConfirmed,
    RecordDecided,
    RecordObjection,
    RecordUpheld,
    WithdrawProceeding,
)
from workflows.parts.suspension import Cause, ResumeCase, SuspendCase
from workflows.parts.visit import CancelVisit, EndEntrustment, EntrustVisit, MoveVisit, PlanVisit
from workflows.phases.intake import PartyRow
from workflows.vocabulary import ProceedingKind, Side, Source, TermKind

from ...support.exhibits import ROOM_KEY
from ...support.story import FIRM, NOW, PAY, STAFF, WORKER, Story, register
from ...workflows.test_deadlines import BOTH, DUE, LABOUR, found
from ...workflows.test_deadlines import clock as clock_of
from ..conftest import PASSWORD, Browser, app_over
from .test_visit_links import PAGE, Issued, come_in, hidden, issued, li, phone, planned  # noqa: F401

LI = STAFF[Office.MEDIATOR]
PEOPLE = "people_mediation"


def at(clock: FixedClock, day: str) -> None:
    clock.now = datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=CHINA)


@pytest.mark.parametrize("how", ["taken back", "cancelled", "moved to the staff", "entrusted to another"])
def test_whose_visit_is_over_learns_nothing_by_a_faulty_form(
    issued: Issued,
    phone: Browser,
    planned: Story,
    how: str,
) -> None:
    soon = planned.clock.now.date() + timedelta(days=2)
    if how == "taken back":
        planned.do(EndEntrustment(), "visit/4")
    elif how == "cancelled":
        planned.do(CancelVisit(reason=Text("不用去")), "visit/4")
    elif how == "moved to the staff":
        planned.do(MoveVisit(due=soon, visitor="li", place=Text("七号楼")), "visit/4")
    else:
        order = planned.order(EntrustVisit(person="grid2", party="party/2", place=Text("七号楼")), "visit/4")
        planned.door.submit(order, (Person(id="grid2", name="郑网格", kind=PartyKind.PERSON),))
    phone.get(issued.path)
    phone.send(issued.path, pin=issued.pin)
    page = phone.send("/visit-link", id="x" * 16, seen="1", do="do", when="now").text
    assert not [word for word in ("王某", "五金厂", "七号楼", "宿舍") if word in page]


def test_who_has_stepped_back_issues_no_link(issued: Issued, planned: Story, li: Browser) -> None:
    planned.with_colleague().do(RecuseMediator(ground=RecusalGround.KIN, words=Text("表弟")), "assignment/1")
    answer = li.send(PAGE, **hidden(li.get(PAGE).text), do="again")
    assert 'class="pin"' not in answer.text


def test_a_clock_on_the_common_screen_betrays_no_talk_apart(tmp_path: Path, quick: None) -> None:
    def started(apart: bool) -> list[str]:
        clock = FixedClock(NOW)
        story = Story(MemoryStore(clock), clock)
        story.accepted()
        if apart:
            story.do(RecordTalk(party="party/1", said=Text("只要八千就肯走")))
            clock.now -= timedelta(minutes=1)
        story.do(ReachAgreement(terms=(PAY,)))
        story.do(DraftAgreement(signers=BOTH), "agreement/1")
        story.confirm("confirmation/1", "confirmation/2")
        story.do(SignAsMediator(), "agreement/1")
        story.do(AffixSeal(), "agreement/1", by=Office.LEAD)
        with story.store.write() as unit:
            passwords.give_password(unit, "li", PASSWORD, once=False)
        browser = app_over(story, folder=tmp_path / "exhibits").test_client()
        browser.sign_in("li")  # type: ignore[attr-defined]
        return re.findall("从“调解协议生效”起：[^<]+", browser.get("/cases/A1?show=joint").text)

    assert started(apart=False) == started(apart=True) != []


@pytest.mark.parametrize("source", [Source.POLICE, Source.GRID, Source.SUPERIOR, Source.COURT])
def test_what_others_send_in_interrupts_no_limitation(story: Story, source: Source) -> None:
    story.registered(PEOPLE, source=source)
    assert found(story, "limitation") == []


def test_calls_are_not_crowded_out_by_cases_without_any(story: Story, clock: FixedClock) -> None:
    for n in range(61):
        Story(story.store, clock, case=f"B{n}").accepted(LABOUR)
    clock.now += timedelta(days=30)
    due = Term(words=Text("付"), kind=TermKind.PAY, payer="party/2", payee="party/1", amount=1, due=clock.now.date())
    story.effective(terms=(due,))
    assert calls(story.door, Office.MEDIATOR, LI)[0]


def test_a_reminder_before_the_day_starts_no_clock_of_the_breach(story: Story, clock: FixedClock) -> None:
    story.effective(terms=(DUE,)).do(o.UrgePerformance(), "obligation/1")
    at(clock, "2026-12-10")
    story.do(o.RecordBreach(), "obligation/1")
    assert found(story, "remedies") == []


def test_a_second_breach_is_told_of_anew(story: Story, clock: FixedClock) -> None:
    story.effective(terms=(DUE,))
    at(clock, "2026-11-27")
    story.do(o.RecordBreach(), "obligation/1")
    story.do(o.UrgePerformance(), "obligation/1")
    story.do(o.TellPayee(court=True), "obligation/1")
    story.do(o.RecordPerformance(), "obligation/1")
    at(clock, "2026-12-20")
    story.do(o.RecordBreach(), "obligation/1")
    story.do(o.UrgePerformance(), "obligation/1")
    assert clock_of(story, "remedies").state is ClockState.RUNNING


def test_a_suspension_after_the_agreement_makes_nothing_punctual(story: Story, clock: FixedClock) -> None:
    story.accepted()
    at(clock, "2026-12-29")
    story.do(ReachAgreement(terms=(PAY,)))
    story.do(AdoptOrally(), "agreement/1")
    assert clock_of(story, "people_term").is_late
    story.do(SuspendCase(cause=Cause.APPRAISAL), by=Office.LEAD)
    at(clock, "2027-02-20")
    assert clock_of(story, "people_term").is_late


def test_a_suspension_after_the_last_day_moves_it_no_more(story: Story, clock: FixedClock) -> None:
    story.accepted()
    at(clock, "2026-12-29")
    story.do(SuspendCase(cause=Cause.APPRAISAL), by=Office.LEAD)
    assert clock_of(story, "people_term").state is ClockState.MISSED
    at(clock, "2027-01-20")
    story.do(ResumeCase(), "suspension/1", by=Office.LEAD)
    assert clock_of(story, "people_term").last == date(2026, 12, 23)


def test_a_suspension_within_an_extension_moves_the_day_agreed_on_or_nothing(story: Story, clock: FixedClock) -> None:
    story.accepted().do(RecordExtension(agreed_by=BOTH, until=date(2027, 1, 15)))
    at(clock, "2027-01-10")
    story.do(SuspendCase(cause=Cause.APPRAISAL), by=Office.LEAD)
    at(clock, "2027-03-10")
    story.do(ResumeCase(), "suspension/1", by=Office.LEAD)
    assert clock_of(story, "people_term").last in (date(2027, 1, 15), date(2027, 3, 15))  # now 2027-02-19


def test_to_have_one_agreement_enforced_is_not_to_have_the_other(story: Story) -> None:
    story.effective(terms=(DUE,))
    story.do(RecordConfirmed(kind=ProceedingKind.JUDICIAL, agreement="agreement/1"))
    story.do(ReachAgreement(terms=(DUE,)))
    story.do(AdoptOrally(), "agreement/2")
    story.do(RecordConfirmed(kind=ProceedingKind.JUDICIAL, agreement="agreement/2"))
    story.do(FileProceeding(kind=ProceedingKind.ENFORCEMENT, agreement="agreement/1", applicants=("party/1",)))
    assert [it.state for it in found(story, "enforcement")] == [ClockState.MET, ClockState.RUNNING]


def test_what_was_withdrawn_has_not_been_done(story: Story) -> None:
    story.effective(terms=(DUE,))
    story.do(RecordConfirmed(kind=ProceedingKind.JUDICIAL, agreement="agreement/1"))
    story.do(FileProceeding(kind=ProceedingKind.ENFORCEMENT, agreement="agreement/1", applicants=("party/1",)))
    story.do(WithdrawProceeding(), "proceeding/2")
    assert clock_of(story, "enforcement").state is not ClockState.MET


def test_what_is_decided_elsewhere_is_enforced_within_two_years(story: Story) -> None:
    story.accepted(LABOUR).do(FileProceeding(kind=ProceedingKind.ARBITRATION, by="party/1"))
    story.do(RecordDecided(orders=(DUE,)), "proceeding/1")
    assert found(story, "enforcement")


def test_a_broken_agreement_in_labour_lets_the_limitation_begin_anew(story: Story, clock: FixedClock) -> None:
    story.effective(LABOUR, terms=(DUE,))
    at(clock, "2026-12-20")
    story.do(o.RecordBreach(), "obligation/1")
    running = {it.run.instance: it.state for it in found(story, "arbitration_limit")}
    assert running == {"obligation/1": ClockState.RUNNING, "": ClockState.OVER}


def test_a_right_is_not_called_past_before_it_is(story: Story, clock: FixedClock) -> None:
    at(clock, "2027-01-06")
    story.effective()
    at(clock, "2027-02-12")  # expected the 11th, at the latest the 14th
    it = clock_of(story, "judicial_window")
    assert (it.state, it.signal) == (ClockState.RUNNING, Signal.YELLOW)


def test_to_have_told_before_the_refusal_is_not_to_have_told_of_it(story: Story, clock: FixedClock) -> None:
    story.registered(LABOUR).do(TellRemedies(), "party/1")
    at(clock, "2026-11-26")
    story.do(RefuseMediation(), "party/2")
    assert clock_of(story, "refusal_notice").state is ClockState.RUNNING


def test_of_several_applicants_the_last_to_be_told_counts(story: Story, clock: FixedClock) -> None:
    named = (
        PartyRow(person="worker", side=Side.APPLICANT),
        PartyRow(person="w2", side=Side.APPLICANT),
        PartyRow(person="firm", side=Side.RESPONDENT, kind=PartyKind.ENTERPRISE),
    )
    order = story.order(register(LABOUR, named=named), workflow="fast_track_2026")
    story.door.submit(order, (WORKER, FIRM, Person(id="w2", name="二", kind=PartyKind.PERSON)))
    story.do(RefuseMediation(), "party/3")
    story.do(TellRemedies(), "party/2")
    at(clock, "2026-12-20")
    story.do(TellRemedies(), "party/1")
    assert clock_of(story, "refusal_notice").is_late


def test_an_objection_that_was_decided_leaves_no_clock_of_objecting(story: Story, clock: FixedClock) -> None:
    story.effective()
    story.do(RecordConfirmed(kind=ProceedingKind.JUDICIAL, agreement="agreement/1"))
    story.do(RecordObjection(by="party/2"), "proceeding/1")
    at(clock, "2027-01-10")
    story.do(RecordUpheld(), "proceeding/1")
    assert clock_of(story, "objection").state in (ClockState.MET, ClockState.OVER)


def test_who_has_stepped_back_is_not_told_to_call(story: Story, clock: FixedClock) -> None:
    story.with_colleague().effective()
    story.do(PlanVisit(due=clock.now.date(), party="party/1", visitor="li"))
    story.do(RecuseMediator(ground=RecusalGround.KIN, words=Text("表弟")), "assignment/1")
    assert calls(story.door, Office.MEDIATOR, LI)[0] == []


def test_nobody_is_told_to_call_where_somebody_is_sent(story: Story, clock: FixedClock) -> None:
    story.effective().do(PlanVisit(due=clock.now.date(), party="party/1"))
    order = story.order(EntrustVisit(person="grid", party="party/1"), "visit/4")
    story.door.submit(order, (Person(id="grid", name="吴网格", kind=PartyKind.PERSON),))
    assert [row for row in calls(story.door, Office.MEDIATOR, LI)[0] if "visit/4" in row.call.about] == []


def test_who_agreed_on_a_later_day_after_a_breach_is_not_urged(story: Story, clock: FixedClock) -> None:
    story.effective(terms=(DUE,))
    at(clock, "2026-11-27")
    story.do(o.RecordBreach(), "obligation/1")
    later = o.DetermineObligation(ground=o.Determining.RESCHEDULED, due=date(2027, 3, 1), agreed_by=BOTH)
    story.do(later, "obligation/1")
    at(clock, "2026-12-20")
    assert [it.signal for it in found(story, "urging")] in ([], [Signal.NONE])


def test_wages_registered_on_a_day_off_of_the_festival_are_before_its_end(story: Story, clock: FixedClock) -> None:
    at(clock, "2027-02-10")  # 补假: the holiday goes on
    story.registered(LABOUR)
    assert found(story, "festival_wages")


def test_who_is_erased_gets_no_new_link(issued: Issued, planned: Story, li: Browser) -> None:
    person = planned.case.facts.visits["visit/4"].entrusted or ""
    people = People(planned.store, ROOM_KEY, system_randomness)
    people.erase(STAFF[Office.LEAD], person, ground=ErasureGround.PURPOSE, basis="第47条", reason="不再担任")
    li.send(PAGE, **hidden(li.get(PAGE).text), do="again")
    with planned.store.read() as unit:
        actor = unit.register.actor(person)
    assert actor and not actor.active
