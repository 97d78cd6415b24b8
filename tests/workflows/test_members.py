"""Members of the panel: consent at any time, no doubles, and that there is no conflict can be said."""

from __future__ import annotations

import pytest

from mediation_engine.errors import GuardRefused
from workflows.parts.member import (
    AgreeToMember,
    DiscloseConflict,
    InviteMember,
    RecordMember,
    ReleaseMember,
    SeatMember,
)
from workflows.vocabulary import Conflict

from ..support.story import Story

pytestmark = pytest.mark.quick

BOTH = ("party/1", "party/2")
LAWYER = {"role": "justice", "person": "lawyer"}


def test_consent_to_a_member_can_be_recorded_after_the_member(story: Story) -> None:
    story.accepted().do(InviteMember(**LAWYER))
    with pytest.raises(GuardRefused):
        story.do(SeatMember(), "member/1")
    story.do(AgreeToMember(agreed_by=("party/1",)), "member/1")
    story.do(AgreeToMember(agreed_by=("party/2",)), "member/1")
    story.do(SeatMember(), "member/1")
    assert story.state("member/1") == "seated"
    assert story.case.facts.members["member/1"].agreed_by == BOTH


def test_the_same_person_sits_for_the_same_role_once(story: Story) -> None:
    story.accepted().do(RecordMember(**LAWYER))
    with pytest.raises(GuardRefused, match="已经以这个角色参加"):
        story.do(InviteMember(**LAWYER))
    story.do(RecordMember(role="justice", person="another"))
    story.do(ReleaseMember(), "member/1")
    story.do(RecordMember(**LAWYER))
    assert story.state("member/3") == "seated"


def test_that_a_member_has_no_conflict_can_be_said_and_needs_nobodys_consent(story: Story) -> None:
    story.accepted().do(InviteMember(**LAWYER, agreed_by=BOTH))
    story.do(DiscloseConflict(conflict=Conflict.NONE), "member/1")
    story.do(SeatMember(), "member/1")
    assert story.case.facts.members["member/1"].conflict is Conflict.NONE
