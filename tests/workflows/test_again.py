"""再起纠纷: a new case that follows on a closed one; whether it is 反复 is derived from both, and nobody says so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mediation_engine.domain.people import PartyKind
from mediation_engine.ports.register import Person
from mediation_engine.services.maintenance import audit_store
from workflows.facts import MediationFacts
from workflows.parts.payment import RecordPayment
from workflows.phases.follow_up import CloseAsPerformed
from workflows.phases.intake import PartyRow
from workflows.questions import POLICY_REPEATS
from workflows.vocabulary import Side

from ..support.story import PAY, Story, register

pytestmark = pytest.mark.quick


@pytest.fixture
def closed(story: Story) -> Story:
    """Paid and closed."""
    story.effective().do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
    story.do(CloseAsPerformed())
    return story


def again(closed: Story, **given: object) -> MediationFacts:
    """The facts of a new case that follows on it."""
    new = Story(closed.store, closed.clock, "A2")
    new.do(register(predecessor="A1", **given), workflow="fast_track_2026")
    for _, results in audit_store(closed.store, closed.door.catalogue):
        assert [it for it in results if not it.known] == []
    facts: MediationFacts = new.case.facts  # type: ignore[assignment]
    return facts


def test_new_trouble_between_the_same_two_soon_after_is_a_repetition(closed: Story) -> None:
    facts = again(closed)
    assert (facts.predecessor, facts.repeats) == ("A1", True)
    assert "反复" in facts.subject()


def test_it_is_one_too_where_the_other_side_now_applies(closed: Story) -> None:
    turned = (
        PartyRow(person="firm", side=Side.APPLICANT, kind=PartyKind.ENTERPRISE),
        PartyRow(person="worker", side=Side.RESPONDENT),
    )
    assert again(closed, named=turned).repeats


@pytest.mark.parametrize(("days", "repeats"), [(POLICY_REPEATS, True), (POLICY_REPEATS + 1, False)])
def test_half_a_year_later_it_is_none(closed: Story, days: int, repeats: bool) -> None:
    closed.clock.now += timedelta(days=days)
    assert again(closed).repeats is repeats


def test_with_somebody_else_it_is_none(closed: Story) -> None:
    other = PartyRow(person="shop", side=Side.RESPONDENT, kind=PartyKind.ENTERPRISE)
    with closed.store.write() as unit:
        unit.register.put_person(Person(id="shop", name="某商行", kind=PartyKind.ENTERPRISE, organisation="room"))
    assert not again(closed, named=(PartyRow(person="worker", side=Side.APPLICANT), other)).repeats


def test_after_a_case_that_is_open_or_not_there_it_is_none(story: Story) -> None:
    story.effective()
    assert not again(story).repeats
    other = Story(story.store, story.clock, "A3")
    other.do(register(predecessor="nowhere"), workflow="fast_track_2026")
    assert not other.case.facts.repeats  # type: ignore[attr-defined]


def test_what_is_closed_later_does_not_change_what_was_found(closed: Story) -> None:
    facts = again(closed)
    closed.clock.now += timedelta(days=400)
    for _, results in audit_store(closed.store, closed.door.catalogue):
        assert [it for it in results if not it.known] == []
    assert facts.repeats
