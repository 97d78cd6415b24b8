"""What is not performed in time: urged, again, and its payee told what else is open; by whom, when, how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mediation_engine.decisions.closing import missing
from mediation_engine.domain.fields import Text
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.roles import Office
from mediation_engine.errors import GuardRefused
from web.presenters.case_details import Casework
from workflows.facts import Obligation
from workflows.guidance import usual_remedies
from workflows.parts.cards import obligation_summary
from workflows.parts.obligation import RecordBreach, TellPayee, UrgePerformance
from workflows.parts.proceeding import RecordConfirmed
from workflows.phases.follow_up import CloseNamingRemainder
from workflows.vocabulary import Dispute, ProceedingKind

from ..support.story import PAY, Story

pytestmark = pytest.mark.quick

BY_TUESDAY = replace(PAY, due=date(2026, 11, 24))


@pytest.fixture
def late(story: Story) -> Story:
    """What was to be paid by the 24th is not on the 27th."""
    story.effective(terms=(BY_TUESDAY,))
    story.clock.now += timedelta(days=4)
    return story


def owed(story: Story) -> Obligation:
    return story.case.facts.obligations["obligation/1"]


def marks(story: Story) -> list[str]:
    return [d.code for d in story.lines[-1].defects if not d.unjudged]


def onward(story: Story) -> tuple[str, ...]:
    today = story.door.today()
    needs = missing(story.door.catalogue.in_force(story.case.rules), story.case, today)
    need = next(n for n in needs if n.key == "obligation/1")
    return (*need.path[:1], *need.instead)


def test_each_urging_is_counted_and_the_last_keeps_its_time(late: Story) -> None:
    assert (owed(late).urged, owed(late).urgings, owed(late).remedy_told) == (None, 0, None)
    late.do(UrgePerformance(), "obligation/1", at="2026-11-25")
    late.do(UrgePerformance(note=Text("上门催了")), "obligation/1", at="2026-11-26T10:00")
    assert (owed(late).urged, owed(late).urgings) == (Occurred("2026-11-26T10:00"), 2)


def test_that_the_payee_was_told_keeps_its_time(late: Story) -> None:
    late.do(UrgePerformance(), "obligation/1", at="2026-11-25")
    late.do(TellPayee(court=True), "obligation/1", at="2026-11-26")
    assert owed(late).remedy_told == Occurred("2026-11-26")
    assert marks(late) == []


def test_told_before_anybody_was_urged_it_is_recorded_and_marked(late: Story) -> None:
    late.do(TellPayee(court=True), "obligation/1")
    assert marks(late) == ["urged_first"]


def test_told_on_a_day_before_the_only_urging_it_is_marked(late: Story) -> None:
    late.do(UrgePerformance(), "obligation/1", at="2026-11-26")
    late.do(TellPayee(court=True), "obligation/1", at="2026-11-25")
    assert marks(late) == ["urged_first"]


def test_told_between_two_urgings_it_is_not_called_too_early(late: Story) -> None:
    late.do(UrgePerformance(), "obligation/1", at="2026-11-25")
    late.do(UrgePerformance(), "obligation/1", at="2026-11-27")
    late.do(TellPayee(court=True), "obligation/1", at="2026-11-26")
    assert marks(late) == []


def test_told_before_the_day_or_of_no_way_at_all_it_is_marked(story: Story) -> None:
    story.effective(terms=(BY_TUESDAY,)).do(UrgePerformance(), "obligation/1")
    story.do(TellPayee(), "obligation/1")
    assert marks(story) == ["is_overdue", "ways_told"]


def test_what_is_late_is_to_be_urged_and_after_that_the_payee_to_be_told(late: Story) -> None:
    assert onward(late)[-1] == "督促履行"
    late.do(UrgePerformance(), "obligation/1")
    assert onward(late)[-1] == "告知对方可走的途径"
    late.do(TellPayee(court=True), "obligation/1")
    assert "告知对方可走的途径" not in onward(late)


def test_whoever_told_the_payee_may_close_and_name_what_remains(late: Story) -> None:
    close = CloseNamingRemainder(remainder=Text("欠款，已告知起诉"))
    late.do(RecordBreach(), "obligation/1")
    with pytest.raises(GuardRefused) as refused:
        late.do(close)
    assert [r.code for r in refused.value.refusals] == ["remedies_told_on_default"]
    late.do(UrgePerformance(), "obligation/1")
    late.do(TellPayee(court=True), "obligation/1")
    late.do(close)
    assert late.case.facts.closed == "remainder"


def test_the_words_say_how_often_and_since_when(late: Story) -> None:
    late.do(UrgePerformance(), "obligation/1", at="2026-11-25")
    late.do(TellPayee(court=True), "obligation/1", at="2026-11-26")
    words = list(obligation_summary(Casework(late.view(Office.MEDIATOR)), "obligation/1"))
    assert words[-2:] == [
        "督促1次（最近：2026年11月25日（周三））",
        "已告知对方可走的途径（2026年11月26日（周四））",
    ]


@pytest.mark.parametrize(
    ("track", "dispute", "confirmed", "suggested"),
    [
        ("people_mediation", Dispute.LABOUR_PAY, False, {"court"}),
        ("people_mediation", Dispute.LABOUR_PAY, True, {"enforcement"}),
        ("labour_mediation", Dispute.LABOUR_PAY, False, {"arbitration", "payment_order"}),
        ("labour_mediation", Dispute.LABOUR_OTHER, False, {"arbitration"}),
    ],
)
def test_the_ways_suggested_follow_the_track_and_the_confirmation(
    story: Story, track: str, dispute: Dispute, confirmed: bool, suggested: set[str]
) -> None:
    story.effective(track)
    if confirmed:
        story.do(RecordConfirmed(kind=ProceedingKind.JUDICIAL, agreement="agreement/1"))
    case = story.case
    case.facts.dispute = dispute
    assert usual_remedies(case, "obligation/1").keys() == suggested
