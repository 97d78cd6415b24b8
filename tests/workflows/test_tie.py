"""利害关系: in a case that the committee of an enterprise hosts it is said by rule that who mediates belongs to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.roles import Level, Office
from mediation_engine.errors import GuardRefused
from web.presenters.case_details import Casework
from web.presenters.case_head import case_head
from workflows.parts.agreement import ReachAgreement
from workflows.parts.host import HandOverCase
from workflows.parts.party import DiscloseTie, TellRights, Told
from workflows.parts.tie import TIE, TOLD, UNTOLD, untold, workers
from workflows.phases.intake import AcceptCase
from workflows.zone.returns import cards

from ..support.story import NOW, PAY, ROOM, Story

TRACK = "labour_mediation"


def hosted_by(kind: str) -> Story:
    """A worker against a firm, registered with a body of some nature."""
    clock = FixedClock(NOW)
    story = Story(MemoryStore(clock), clock)
    with story.store.write() as unit:
        unit.register.put_organisation(replace(ROOM, kind=kind, level=Level.ENTERPRISE))
    return story.registered(TRACK)


@pytest.fixture
def committee() -> Story:
    return hosted_by("labour_committee")


def marks(story: Story) -> set[str]:
    return {defect.code for line in story.lines for defect in line.defects}


def banners(story: Story) -> str:
    return "".join(words for words, _ in case_head(Casework(view=story.view(Office.MEDIATOR)), []).banners)


@pytest.mark.parametrize("kind", ["labour_committee", "enterprise_committee"])
def test_the_worker_is_told_before_a_committee_of_an_enterprise(kind: str) -> None:
    story = hosted_by(kind)
    assert workers(story.case) == untold(story.case) == ["party/1"]
    assert TIE in banners(story) and UNTOLD in banners(story)


@pytest.mark.parametrize("kind", ["mediation_room", "mediation_committee", "labour_organisation"])
def test_elsewhere_nothing_is_said_and_there_is_nothing_to_tell(kind: str) -> None:
    story = hosted_by(kind)
    assert workers(story.case) == [] and TIE not in banners(story)
    with pytest.raises(GuardRefused, match="没有这样的利害关系"):
        story.do(DiscloseTie(), "party/1")


def test_an_enterprise_itself_is_not_told(committee: Story) -> None:
    with pytest.raises(GuardRefused, match="没有这样的利害关系"):
        committee.do(DiscloseTie(), "party/2")


def test_an_agreement_without_it_is_recorded_and_marked(committee: Story) -> None:
    committee.do(AcceptCase(), by=Office.LEAD)
    committee.do(ReachAgreement(terms=(PAY,)))
    assert "tie_told" in marks(committee)


def test_an_agreement_after_it_is_not_marked_and_the_page_says_that_he_was_told(committee: Story) -> None:
    committee.do(AcceptCase(), by=Office.LEAD)
    committee.do(DiscloseTie(), "party/1")
    committee.do(ReachAgreement(terms=(PAY,)))
    assert "tie_told" not in marks(committee)
    assert TOLD in banners(committee)


def test_to_have_tried_is_not_to_have_told(committee: Story) -> None:
    committee.do(DiscloseTie(manner=Told.UNREACHABLE), "party/1")
    assert untold(committee.case) == ["party/1"]


def test_his_rights_alone_do_not_say_it(committee: Story) -> None:
    committee.do(TellRights(), "party/1")
    assert untold(committee.case) == ["party/1"]


def test_in_the_room_nothing_of_it_is_left(committee: Story) -> None:
    with committee.store.write() as unit:
        unit.register.put_organisation(replace(ROOM, id="zone", name="开发区调解室", level=Level.ZONE))
    committee.do(HandOverCase(organisation="zone"), by=Office.LEAD)
    assert workers(committee.case) == [] and TIE not in banners(committee)


def test_a_monthly_return_says_it_in_the_same_words() -> None:
    assert (cards.TIE, cards.TOLD, cards.UNTOLD) == (TIE, TOLD, UNTOLD)
