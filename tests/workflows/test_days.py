"""What cannot come before what: what happened is written down with both days, what the office does is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from msgspec import Struct, structs

from mediation_engine.adapters.plugins import installed_workflows
from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.chronology import NotBefore
from mediation_engine.domain.fields import Text
from mediation_engine.domain.machine import T
from mediation_engine.domain.matter import CASE
from mediation_engine.domain.occurred import Occurred, on
from mediation_engine.domain.recorded_order import lines_of
from mediation_engine.domain.roles import Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.drawings.table import table
from mediation_engine.errors import GuardRefused
from mediation_engine.record.codec import decode_order
from mediation_engine.record.fold import decoded_under, fold_decoded
from workflows.parts.agreement import AffixSeal, DraftAgreement, ReachAgreement, SignAsMediator
from workflows.parts.confirmation import ConfirmAgreement, Denial, RatifyConfirmation, RecordDenial, RecordGenuine
from workflows.parts.obligation import RecordBreach, RecordPerformance
from workflows.parts.party import TellRemedies, TellRights
from workflows.parts.payment import RecordPayment
from workflows.parts.session import RecordSession
from workflows.parts.visit import Finding, RecordVisit
from workflows.phases.endings import Ground, TerminateMediation, WithdrawApplication
from workflows.phases.follow_up import CloseAsPerformed, CloseNamingRemainder
from workflows.phases.intake import AcceptCase
from workflows.vocabulary import SigningManner

from ..engine.record.test_histories import recorded
from ..histories.record import HERE
from ..support.story import NOW, PAY, Story

pytestmark = pytest.mark.quick

BOTH = ("party/1", "party/2")
DRAFT = "agreement/1"
PAYING = (PAY,)


def days(story: Story) -> list[tuple[str, str]]:
    """The marks of the last ordered line that speak of days, and the day each names."""
    (line,) = [it for it in story.lines if it.command][-1:]
    return [(d.code, d.since) for d in line.defects if d.code.startswith("not_before_")]


def signed(story: Story, *keys: str, at: str) -> None:
    """Confirmed on a day, with a seal, the identity checked."""
    story.do(ConfirmAgreement(manner=SigningManner.SIGNATURE_SEAL, identity_checked=True), *keys, at=at)


def refused(story: Story, command: object, *on_: str, at: str, by: Office = Office.MEDIATOR) -> str:
    with pytest.raises(GuardRefused) as it:
        story.do(command, *on_, at=at, by=by)  # type: ignore[arg-type]
    return it.value.sentence


# -- the table, enumerated over the golden histories


def situations(workflow: Workflow) -> Iterator[tuple[T, Situation]]:
    """Every row of the table that the golden histories go along, and what it was asked about."""
    for file in recorded(HERE / f"{workflow.name}.jsonl")[0]:
        case = workflow.begin(file.case)
        for order in (decode_order(stored.body) for stored in file.orders):
            if order.correction is not None:
                break
            lines = decoded_under(workflow, lines_of(order))
            first = lines[0]
            machine = workflow.machines[first.line.instance.partition("/")[0]]
            row = next(r for r in machine.rows if isinstance(r, T) and r.command.name() == first.line.command)
            row = machine.commanded.get((first.line.source, row.command), row)
            key = first.line.instance if first.line.source else None
            yield row, Situation(case=dated(case.copy()), key=key, given=first.given, today=NOW.date())
            fold_decoded(case, lines)


TOLD_BELOW = {
    ("DraftAgreement", "not_before_reached"),
    ("CloseNamingRemainder", "not_before_paid"),
    ("RecordVisit", "not_before_first_effective"),
    ("TerminateMediation", "not_before_met"),
    ("CloseAsPerformed", "not_before_settled"),
    ("CloseNamingRemainder", "not_before_settled"),
    ("RecordBreach", "not_before_reached"),
    ("RecordPerformance", "not_before_reached"),
    ("RecordGenuine", "not_before_confirmed"),
}
"""Where the golden histories may not lead: each is told by a story of its own."""


def dated(case: Case) -> Case:
    """The case with a day for everything that has happened in it, reported or not."""
    facts = case.facts
    for field in fields(facts):
        held = getattr(facts, field.name)
        if isinstance(held, Occurred):
            setattr(facts, field.name, on(NOW.date()))
        elif isinstance(held, dict):
            setattr(facts, field.name, {key: _dated(part) for key, part in held.items()})
    return case


def _dated(part: Any) -> Any:
    names = part.__struct_fields__ if isinstance(part, Struct) else ()
    told = {name: on(NOW.date()) for name in names if isinstance(getattr(part, name), Occurred)}
    return structs.replace(part, **told) if told else part


@pytest.mark.parametrize("workflow", installed_workflows(), ids=lambda w: w.name)
def test_every_step_is_held_to_every_moment_it_is_declared_to_come_after(workflow: Workflow) -> None:
    declared = {
        (row.command.name(), guard.code)
        for m in workflow.machines.values()
        for row in m.rows
        if isinstance(row, T)
        for guard in (*row.only_if, *row.marks)
        if isinstance(guard, NotBefore)
    }
    tried = set()
    for row, situation in situations(workflow):
        for guard in (*row.only_if, *row.marks):
            if isinstance(guard, NotBefore) and guard.moment:
                known = [w for _, w in guard.moment.of(situation) if w is not None and w.day is not None]
                if known:
                    last = max(w.day for w in known if w.day)
                    early = on(last - timedelta(days=1))
                    of = {"case": situation.case, "key": situation.key, "given": situation.given}
                    answer = guard.check(Situation(**of, today=situation.today, occurred=early))  # type: ignore[arg-type]
                    assert (answer.met, Occurred(answer.since).day) == (False, last), (row.command, guard.code)
                    assert guard.check(Situation(**of, today=situation.today, occurred=on(last))).met  # type: ignore[arg-type]
                    tried.add((row.command.name(), guard.code))
    assert declared - tried <= TOLD_BELOW


@pytest.mark.parametrize("workflow", [it for it in installed_workflows() if it.matter is CASE], ids=lambda w: w.name)
def test_the_table_says_the_order_of_days(workflow: Workflow) -> None:
    told = table(workflow).partition("## 日期的先后")[2].partition("\n## ")[0]
    assert "| 加盖调解组织印章 | 当事人签署的日期 | 不能办理 |" in told
    assert "| 记录走访 | 协议生效的日期 | 照样记录，注明两处日期 |" in told


# -- what people enter


def test_a_text_from_before_the_registration_is_marked_with_the_day_of_that(story: Story) -> None:
    story.accepted().do(ReachAgreement(terms=PAYING), at="2026-11-01")
    assert days(story) == [("not_before_registered", "2026-11-23T09:00")]
    told = story.view(Office.AUDITOR)
    [line] = [told.teller.line(it) for it in told.lines if it.line.event == "AgreementReached"]
    assert any("早于登记（申请）的日期" in note and "2026年11月23日" in note for note in line.notes)


def test_a_signature_from_before_the_text_is_marked_and_the_seal_waits_for_both(story: Story) -> None:
    signed(story.drafted(), "confirmation/1", "confirmation/2", at="2026-11-20")
    assert [code for code, _ in days(story)] == ["not_before_drafted"]
    assert "早于这份协议书文本拟定的日期" in refused(story, SignAsMediator(), DRAFT, at="2026-11-20")


def test_a_seal_before_the_last_signature_is_refused_with_its_day(story: Story) -> None:
    story.clock.now = NOW + timedelta(days=5)
    story.accepted().do(ReachAgreement(terms=PAYING), at="2026-11-23")
    story.clock.now = NOW + timedelta(days=9)
    story.do(DraftAgreement(signers=BOTH), DRAFT, at="2026-11-28")
    signed(story, "confirmation/1", at="2026-11-29")
    signed(story, "confirmation/2", at="2026-12-01")
    story.do(SignAsMediator(), DRAFT, at="2026-11-28")
    why = refused(story, AffixSeal(), DRAFT, at="2026-11-30", by=Office.LEAD)
    assert "当事人签署的日期" in why
    assert "2026年12月1日" in why
    story.do(AffixSeal(), DRAFT, at="2026-12-01", by=Office.LEAD)
    assert story.case.facts.agreements[DRAFT].effective == Occurred("2026-12-01")


def test_a_text_from_before_the_agreement_was_reached_is_marked(story: Story) -> None:
    story.clock.now = NOW + timedelta(days=9)
    story.accepted().do(ReachAgreement(terms=PAYING), at="2026-11-30")
    story.do(DraftAgreement(signers=BOTH), DRAFT, at="2026-11-29")
    assert [code for code, _ in days(story)] == ["not_before_registered", "not_before_reached"]


def test_a_case_is_not_closed_before_the_last_payment(story: Story) -> None:
    story.effective()
    story.clock.now = NOW + timedelta(days=9)
    story.do(RecordPayment(obligation="obligation/1", amount=PAY.amount), at="2026-12-01")
    why = refused(story, CloseNamingRemainder(remainder=Text("无")), "follow_up/1", at="2026-11-30")
    assert "最后一笔付款的日期，请核对两处日期（2026年12月1日" in why


def test_a_case_is_not_closed_before_what_was_performed_or_broken(story: Story) -> None:
    story.clock.now = NOW + timedelta(days=20)
    story.effective().do(RecordPerformance(), "obligation/1", at="2026-12-10")
    assert days(story) == [("not_before_reached", "2026-12-13T09:02")]
    for command in (CloseAsPerformed(), CloseNamingRemainder(remainder=Text("无"))):
        assert "最近一次履行或违约的日期" in refused(story, command, "follow_up/1", at="2026-12-09")
    story.do(RecordBreach(), "obligation/1", at="2026-12-12")
    assert days(story) == [("not_before_reached", "2026-12-13T09:02")]


def test_mediation_is_not_terminated_before_the_remedies_were_told(story: Story) -> None:
    story.clock.now = NOW + timedelta(days=20)
    story.accepted().do(TellRemedies(), *BOTH, at="2026-12-09")
    command = TerminateMediation(ground=Ground.NO_AGREEMENT)
    assert "告知其他救济途径的日期" in refused(story, command, at="2026-12-08", by=Office.LEAD)


def test_a_signature_that_was_ratified_counts_from_then_on(story: Story) -> None:
    story.clock.now = NOW + timedelta(days=20)
    story.drafted().confirm("confirmation/2")
    story.confirm("confirmation/1", capacity=story.acting_for("party/1", settle=False))
    story.clock.now = NOW + timedelta(days=30)
    story.do(RatifyConfirmation(), "confirmation/1", at="2026-12-20")
    story.do(SignAsMediator(), DRAFT)
    assert "当事人签署的日期" in refused(story, AffixSeal(), DRAFT, at="2026-12-19", by=Office.LEAD)
    story.do(RecordDenial(ground=Denial.FORGED), "confirmation/2", at="2026-12-01")
    assert [code for code, _ in days(story)] == ["not_before_confirmed"]
    story.do(RecordGenuine(), "confirmation/2", at="2026-12-02")
    assert [code for code, _ in days(story)] == ["not_before_confirmed"]


def test_nobody_may_set_the_order_of_days_aside(story: Story) -> None:
    story.drafted().confirm("confirmation/1", "confirmation/2")
    story.do(SignAsMediator(), DRAFT)
    waived = {
        "not_before_confirmed": Text("补记"),
        "not_before_drafted": Text("补记"),
        "not_before_signed": Text("补记"),
    }
    with pytest.raises(GuardRefused, match="早于"):
        story.do(AffixSeal(), DRAFT, by=Office.LEAD, at="2026-11-01", waives=waived)


@pytest.mark.parametrize(
    "command", [CloseAsPerformed(), CloseNamingRemainder(remainder=Text("无"))], ids=["performed", "remainder"]
)
def test_a_case_is_not_closed_before_what_its_closing_rests_on(story: Story, command: object) -> None:
    story.effective()
    why = refused(story, command, "follow_up/1", at="2026-10-05")
    assert "早于登记" in why
    assert "早于最后一份协议生效的日期" in why


def test_mediation_is_not_terminated_before_it_began_or_before_a_session_that_was_held(story: Story) -> None:
    story.clock.now = NOW + timedelta(days=9)
    story.accepted().do(RecordSession(attended=BOTH, rights_told=True), at="2026-12-02")
    why = refused(story, TerminateMediation(ground=Ground.NO_AGREEMENT), at="2026-11-30", by=Office.LEAD)
    assert "已经开过的会议" in why


def test_an_acceptance_before_the_registration_is_refused_and_a_withdrawal_is_marked(story: Story) -> None:
    story.registered()
    assert "早于登记" in refused(story, AcceptCase(), at="2026-11-01", by=Office.LEAD)
    story.do(WithdrawApplication(), at="2020-01-01")
    assert days(story) == [("not_before_registered", "2026-11-23T09:00")]


def test_the_number_is_of_the_year_of_acceptance(story: Story) -> None:
    story.clock.now = NOW.replace(month=12, day=30)
    story.registered()
    story.clock.now = NOW.replace(year=2027, month=1, day=4)
    story.do(AcceptCase(), by=Office.LEAD, at="2026-12-31")
    assert (story.case.facts.number or "").startswith("（2026）")


def test_rights_told_after_a_session_do_not_count_for_it(story: Story) -> None:
    story.clock.now = NOW + timedelta(days=20)
    story.accepted().do(TellRights(), *BOTH, at="2026-12-10")
    story.do(RecordSession(attended=BOTH), at="2026-12-02")
    codes = {d.code: d.about for d in story.lines[-1].defects}
    assert codes.get("rights_told") == BOTH


def test_a_text_sealed_for_parties_who_were_never_told_their_rights_is_marked(story: Story) -> None:
    story.effective()
    [sealed] = [line for line in story.lines if line.event == "SealAffixed"]
    assert {d.code: d.about for d in sealed.defects} == {"signers_told": BOTH}


def test_a_visit_from_before_the_effect_is_marked(story: Story) -> None:
    story.effective().do(RecordVisit(party="party/1", finding=Finding.STABLE), "visit/1", at="2026-11-22")
    assert [code for code, _ in days(story)] == ["not_before_first_effective"]


@pytest.mark.parametrize("told", ["..", "2026~", "2026-11"])
def test_what_is_not_known_to_the_day_is_held_against_nobody(story: Story, told: str) -> None:
    story.accepted().do(ReachAgreement(terms=PAYING), at=told)
    assert days(story) == []
