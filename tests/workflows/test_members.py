"""Members of the panel: consent at any time, no doubles, and that there is no conflict can be said."""

from __future__ import annotations

import pytest

from mediation_engine.errors import CommandNotAllowed, GuardRefused
from mediation_engine.services.maintenance import audit_store
from workflows.parts.member import (
    AgreeToMember,
    DiscloseConflict,
    InviteMember,
    InvitePanel,
    RecordMember,
    RecordPanel,
    ReleaseMember,
    Seat,
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


# -- several in one order

SEATS = (("justice", "judge"), ("mentor", "lawyer"), ("mentor", "elder"))
PANEL = tuple(Seat(role=role, person=person) for role, person in SEATS)


def test_a_panel_is_invited_in_one_order_each_member_with_a_line_of_its_own(story: Story) -> None:
    receipt = story.accepted().do(InvitePanel(seats=PANEL, agreed_by=BOTH))
    assert [line.instance for line in receipt.lines] == ["member/1", "member/2", "member/3"]
    members = story.case.facts.members
    assert [(m.role, m.person, m.agreed_by) for m in members.values()] == [(s.role, s.person, BOTH) for s in PANEL]
    story.do(SeatMember(), *members)
    assert {story.state(key) for key in members} == {"seated"}


def test_a_panel_that_has_come_already_is_recorded_in_one_order(story: Story) -> None:
    story.accepted().do(RecordPanel(seats=PANEL))
    assert [story.state(key) for key in story.case.of("member")] == ["seated"] * 3


def test_consent_to_a_whole_panel_is_said_while_it_is_seated(story: Story) -> None:
    story.accepted().do(InvitePanel(seats=PANEL))
    with pytest.raises(GuardRefused, match="各方当事人同意后再加入"):
        story.do(SeatMember(agreed_by=("party/1",)), "member/2", "member/3")
    story.do(SeatMember(agreed_by=BOTH), "member/2", "member/3")
    assert story.case.facts.members["member/3"].agreed_by == BOTH


@pytest.mark.parametrize(
    ("seats", "code"),
    [
        ((PANEL[0], PANEL[0]), "seats_apart"),
        ((PANEL[1], PANEL[0]), "not_seated_yet"),
        ((PANEL[2], Seat(role="nobody", person="lawyer")), "role_installed"),
    ],
)
def test_a_row_that_cannot_be_refuses_the_whole_panel(story: Story, seats: tuple[Seat, ...], code: str) -> None:
    story.accepted().do(InviteMember(role="justice", person="judge"))
    with pytest.raises(GuardRefused) as refused:
        story.do(InvitePanel(seats=seats))
    assert code in {r.code for r in refused.value.refusals}
    assert story.case.of("member") == ("member/1",)


def test_a_panel_of_nobody_is_refused(story: Story) -> None:
    story.accepted()
    with pytest.raises(CommandNotAllowed, match="至少要填一行"):
        story.do(InvitePanel())


def test_an_audit_decides_a_panel_again(story: Story) -> None:
    story.accepted().do(InvitePanel(seats=PANEL))
    assert [f for _, found in audit_store(story.store, story.door.catalogue) for f in found if not f.known] == []
