"""申请: on record from the moment it is sent; its clocks run from then; it ends taken up, declined or sent on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from mediation_engine.domain.command import Command
from mediation_engine.domain.correcting import CorrectOrder, StrikeOrder
from mediation_engine.domain.fields import HOST_ONLY, Text
from mediation_engine.domain.matter import CASE
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import LEAD, MEDIATOR, Actor, Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.errors import CaseAlreadyOpen, CaseNotFound, CommandNotAllowed, GuardRefused, Refused
from mediation_engine.ports.register import Person
from mediation_engine.services.calendar import calendar_in
from mediation_engine.services.maintenance import audit_store
from web.wiring import catalogue
from workflows.facts import facts_of
from workflows.parts.note import RecordNote
from workflows.phases.endings import (
    CloseAsDuplicate,
    CloseAsMistaken,
    RecordReapplication,
    WithdrawApplication,
)
from workflows.phases.intake import (
    AcceptCase,
    DeclineCase,
    Declining,
    PartyRow,
    S,
    TransferCase,
)
from workflows.tracks import LABOUR, PEOPLE
from workflows.vocabulary import DISPUTE_OF, Dispute, Grievance, Side, Source

from ..support.exhibits import handed, made_up
from ..support.story import APPLICANT, STAFF, Story, apply_for, register

pytestmark = pytest.mark.quick
FAST: Workflow = catalogue().named("fast_track_2026")
LABOUR_ARTICLE = "labour_acceptance"


def by_applicant(story: Story, command: Command, actor: str = APPLICANT.id, **given: Any) -> Any:
    return story.do(command, by=Office.APPLICANT, actor=actor, **given)


def due(story: Story, code: str) -> list[tuple[date, bool]]:
    """The last days of a rule in the case, and whether it is met."""
    rule = FAST.deadline_rules[code]
    with story.store.read() as unit:
        calendar = calendar_in(unit)
    return [(run.since.day, run.met is not None) for run in rule.runs(story.case, calendar)]  # type: ignore[misc]


def assert_sound(story: Story) -> None:
    """Decide every order again from the record alone."""
    found = [fault for _, faults in audit_store(story.store, story.door.catalogue) for fault in faults]
    assert [fault for fault in found if not fault.known] == []


class TestSending:
    def test_an_application_opens_a_case_with_both_sides_in_it(self, story: Story) -> None:
        story.submitted()
        facts = facts_of(story.case)
        sides = [(party.person, party.side, party.kind) for party in facts.parties.values()]
        assert sides == [
            ("worker", Side.APPLICANT, PartyKind.PERSON),
            ("firm", Side.RESPONDENT, PartyKind.ENTERPRISE),
        ]
        assert (story.state("intake/1"), facts.source, facts.organisation) == ("submitted", Source.APPLICATION, "room")
        assert facts.submitted is not None and facts.registered is None and facts.applied == facts.submitted

    @pytest.mark.parametrize("about", Grievance)
    def test_what_it_is_about_decides_type_and_track(self, story: Story, about: Grievance) -> None:
        story.submitted(about)
        facts = facts_of(story.case)
        labour = facts.dispute in (Dispute.LABOUR_PAY, Dispute.LABOUR_INJURY, Dispute.LABOUR_OTHER)
        assert facts.dispute is DISPUTE_OF[about]
        assert facts.track == (LABOUR if labour else PEOPLE).code

    def test_a_mediator_types_it_for_whoever_stands_at_the_window(self, story: Story) -> None:
        story.do(apply_for(), workflow="fast_track_2026")
        assert story.state("intake/1") == "submitted"
        assert facts_of(story.case).lead_mediator() is None

    def test_nobody_applies_for_somebody_else(self, story: Story) -> None:
        with story.store.write() as unit:
            unit.register.put_actor(APPLICANT)
        with pytest.raises(CommandNotAllowed, match="只能为自己申请"):
            by_applicant(story, apply_for(applicant="firm"), workflow="fast_track_2026")

    @pytest.mark.parametrize("workflow", catalogue().of(CASE), ids=lambda w: w.name)
    def test_an_applicant_can_give_this_one_order_and_no_other(self, workflow: Workflow) -> None:
        rows = [r for m in workflow.machines.values() for r in m.rows if Office.APPLICANT in getattr(r, "by", ())]
        assert [(r.source, r.command.name()) for r in rows] == [(None, "SubmitApplication")]  # type: ignore[union-attr]

    @pytest.mark.parametrize("command", [RecordNote(words=Text("还有")), RecordReapplication(), WithdrawApplication()])
    def test_what_comes_after_is_not_for_his_office(self, story: Story, command: Command) -> None:
        story.submitted()
        with pytest.raises(Refused):
            by_applicant(story, command)

    def test_a_case_that_is_there_is_not_applied_for_again(self, story: Story) -> None:
        story.submitted()
        with pytest.raises(CaseAlreadyOpen):
            by_applicant(story, apply_for(), workflow="fast_track_2026")
        with pytest.raises(CaseNotFound):
            story.door.submit(Story(story.store, story.clock, "A2").order(apply_for()))

    def test_a_file_that_comes_with_it_is_for_the_mediators_alone(self, story: Story) -> None:
        command = apply_for(files=(made_up(1), made_up(2)))
        with story.store.write() as unit:
            unit.register.put_actor(APPLICANT)
        order = story.order(command, by=Office.APPLICANT, actor=APPLICANT.id, workflow="fast_track_2026")
        story.door.submit(order, (), handed(command))
        kept = facts_of(story.case).exhibits
        assert [(it.file, it.label, it.party) for it in kept.values()] == [
            (made_up(1), HOST_ONLY, "party/1"),
            (made_up(2), HOST_ONLY, "party/1"),
        ]
        assert facts_of(story.view(Office.AUDITOR).case).files() == {}
        assert_sound(story)

    def test_it_is_told_to_the_lead_and_names_nobody(self) -> None:
        topic = FAST.topic_of("ApplicationSubmitted")
        assert topic is not None and topic.step == "RegisterCase"
        assert {it.value for it in topic.to} == {"lead"}


class TestClocks:
    def test_the_room_answers_within_three_workdays_of_the_sending(self, story: Story) -> None:
        story.submitted()
        sent = facts_of(story.case).submitted
        assert sent is not None
        story.clock.now += timedelta(days=2)
        story.do(register(track="labour_mediation"))
        assert due(story, LABOUR_ARTICLE) == [(sent.day, False)]
        story.do(AcceptCase(), by=Office.LEAD)
        assert due(story, LABOUR_ARTICLE) == [(sent.day, True)]

    def test_the_term_of_labour_mediation_and_the_limitation_run_from_the_sending(self, story: Story) -> None:
        story.submitted()
        sent = facts_of(story.case).submitted
        assert sent is not None
        story.clock.now += timedelta(days=2)
        story.do(register(track="labour_mediation"))
        story.do(AcceptCase(), by=Office.LEAD)
        assert due(story, "labour_term") == [(sent.day, False)]
        assert due(story, "arbitration_limit") == [(sent.day, False)]

    def test_other_disputes_are_answered_by_the_room_s_own_rule(self, story: Story) -> None:
        story.submitted(Grievance.NEIGHBOUR)
        assert due(story, LABOUR_ARTICLE) == [] and len(due(story, "acceptance")) == 1

    def test_a_case_that_nobody_applied_for_counts_from_its_registration(self, story: Story) -> None:
        story.registered("labour_mediation")
        assert facts_of(story.case).applied == facts_of(story.case).registered

    def test_it_is_not_registered_before_it_was_sent(self, story: Story) -> None:
        story.submitted()
        with pytest.raises(GuardRefused, match="申请"):
            story.do(register(track="labour_mediation"), at="2026-11-20")


class TestTakingUp:
    def test_the_registration_names_nobody_twice(self, story: Story) -> None:
        story.submitted().do(register(track="labour_mediation"))
        assert [*facts_of(story.case).parties] == ["party/1", "party/2"]
        assert story.state("intake/1") == "registered"
        assert facts_of(story.case).lead_mediator() == "li"

    def test_what_it_says_otherwise_of_them_counts_and_others_join(self, story: Story) -> None:
        boss = Person(id="boss", name="老板", kind=PartyKind.PERSON)
        story.submitted()
        named = (
            PartyRow(person="firm", side=Side.RESPONDENT, kind=PartyKind.ENTERPRISE),
            PartyRow(person="worker", side=Side.APPLICANT, kind=PartyKind.GROUP, count=12),
            PartyRow(person="boss", side=Side.RESPONDENT),
        )
        story.door.submit(story.order(register(track="labour_mediation", named=named)), (boss,))
        parties = facts_of(story.case).parties
        assert [(key, it.person, it.count) for key, it in parties.items()] == [
            ("party/1", "worker", 12),
            ("party/2", "firm", 1),
            ("party/3", "boss", 1),
        ]
        assert_sound(story)

    def test_who_applied_need_not_be_named_again(self, story: Story) -> None:
        receipt = story.submitted().do(register(track="labour_mediation", named=()))
        assert not receipt.lines[0].defects

    def test_another_organisation_takes_it_by_being_handed_it(self, story: Story) -> None:
        story.submitted()
        with pytest.raises(GuardRefused, match="收到申请的组织"):
            story.do(register(track="labour_mediation", organisation="other"))

    def test_it_is_registered_once(self, story: Story) -> None:
        story.submitted().do(register())
        with pytest.raises(CaseAlreadyOpen):
            story.do(register())

    def test_a_registration_struck_out_leaves_the_application(self, story: Story) -> None:
        story.submitted()
        first = story.do(register()).first
        story.do(StrikeOrder(order=first, reason=Text("登错了")), by=Office.LEAD)
        assert story.state("intake/1") == "submitted" and facts_of(story.case).registered is None
        story.do(register())
        assert_sound(story)

    def test_what_an_applicant_sent_is_not_corrected_and_the_beginning_not_struck(self, story: Story) -> None:
        story.submitted()
        right = apply_for(words=Text("九月起"))
        with pytest.raises(GuardRefused, match="依据"):
            story.do(CorrectOrder(order=1, reason=Text("听错")), by=Office.LEAD, instead=right)
        with pytest.raises(GuardRefused, match="误登记"):
            story.do(StrikeOrder(order=1, reason=Text("听错")), by=Office.LEAD)

    def test_what_was_typed_at_the_window_is_corrected_as_anything_else(self, story: Story) -> None:
        story.do(apply_for(), workflow="fast_track_2026")
        right = apply_for(Grievance.INJURY)
        story.do(CorrectOrder(order=1, reason=Text("听错")), instead=right, unchanged=frozenset({"words"}))
        assert facts_of(story.case).dispute is Dispute.LABOUR_INJURY


class TestEnds:
    @pytest.mark.parametrize(
        ("command", "office", "state"),
        [
            (DeclineCase(reason=Declining.OTHER, told=Text("可以去劳动仲裁")), Office.LEAD, S.DECLINED),
            (TransferCase(receiver=Text("市仲裁院")), Office.LEAD, S.TRANSFERRED),
            (WithdrawApplication(), Office.MEDIATOR, S.WITHDRAWN),
            (CloseAsMistaken(reason=Text("乱填的")), Office.LEAD, S.MISTAKEN),
            (CloseAsDuplicate(other="A2"), Office.LEAD, S.DUPLICATE),
        ],
    )
    def test_it_ends_without_a_registration_too(self, story: Story, command: Command, office: Office, state: S) -> None:
        story.submitted().do(command, by=office)
        assert (story.state("intake/1"), story.case.facts.closed) == (state.value, state.value)
        assert FAST.has_ended(story.case)
        assert_sound(story)

    def test_it_is_not_accepted_before_it_is_registered(self, story: Story) -> None:
        story.submitted()
        with pytest.raises(CommandNotAllowed, match="已登记"):
            story.do(AcceptCase(), by=Office.LEAD)


def test_a_submitted_case_offers_its_registration_and_a_registered_one_does_not(story: Story) -> None:
    story.submitted()
    offered = {o.command.name() for o in story.door.available("A1", Office.MEDIATOR).options if o.allowed}
    assert {"RegisterCase", "WithdrawApplication"} <= offered and "SubmitApplication" not in offered
    story.do(register())
    assert "RegisterCase" not in {o.command.name() for o in story.door.available("A1", Office.MEDIATOR).options}


def test_no_member_of_staff_holds_the_office_by_his_account() -> None:
    assert MEDIATOR.isdisjoint({Office.APPLICANT}) and LEAD.isdisjoint({Office.APPLICANT})
    assert all(isinstance(actor, Actor) and Office.APPLICANT not in actor.offices for actor in STAFF.values())
