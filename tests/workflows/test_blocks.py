"""One block per disputant or body, each with a log of its own."""

from __future__ import annotations

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.errors import GuardRefused
from workflows.parts.block import Contact, MarkReady, RecordTalk
from workflows.parts.member import RecordMember

from ..support.story import Story

pytestmark = pytest.mark.quick


@pytest.fixture
def bodies(story: Story) -> Story:
    """An accepted case with two bodies at hand."""
    story.accepted()
    for person in ("worker", "firm"):
        story.do(RecordMember(role="department", person=person))
    return story


def test_every_body_has_a_block_of_its_own(bodies: Story) -> None:
    for member in ("member/1", "member/2"):
        bodies.do(RecordTalk(member=member, manner=Contact.PHONE, said=Text("核实社保")))
    bodies.do(RecordTalk(party="party/1"))
    bodies.do(RecordTalk(member="member/1"), "block/1")
    bodies.do(MarkReady(), "block/2")
    held = bodies.case.facts.blocks
    assert [(b.party, b.member, b.talks) for b in held.values()] == [
        (None, "member/1", 2),
        (None, "member/2", 1),
        ("party/1", None, 1),
    ]
    assert [bodies.state(k) for k in held] == ["open", "ready", "open"]


@pytest.mark.parametrize(
    ("talk", "on"),
    [
        (RecordTalk(member="member/2"), ("block/1",)),  # that is another's
        (RecordTalk(party="party/1", member="member/2"), ()),  # with whom?
    ],
)
def test_a_talk_is_with_one_and_in_its_own_block(bodies: Story, talk: RecordTalk, on: tuple[str, ...]) -> None:
    bodies.do(RecordTalk(member="member/1"))
    with pytest.raises(GuardRefused):
        bodies.do(talk, *on)


def test_a_second_talk_with_the_same_person_stands_with_the_first_without_saying_so(story: Story) -> None:
    story.accepted().do(RecordTalk(party="party/1", said=Text("先谈一次")))
    story.do(RecordTalk(party="party/2", said=Text("另一方")))
    story.do(RecordTalk(party="party/1", said=Text("又谈一次")))
    assert {k: b.talks for k, b in story.case.facts.blocks.items()} == {"block/1": 2, "block/2": 1}
    story.do(RecordTalk(said=Text("和哪个单位不清楚")))
    story.do(RecordTalk(said=Text("另一家，也不清楚")))
    assert list(story.case.facts.blocks) == ["block/1", "block/2", "block/3", "block/4"]
