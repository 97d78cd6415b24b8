"""One block per disputant or body, each with a log of its own."""

from __future__ import annotations

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.errors import GuardRefused
from mediation_engine.services.maintenance import audit_store
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


def test_a_talk_with_several_together_is_one_order_with_a_line_in_the_block_of_each(story: Story) -> None:
    story.accepted().do(RecordTalk(party="party/2", said=Text("先和厂里谈过")))
    receipt = story.do(RecordTalk(party="party/1", also=("party/2",), said=Text("一起谈的")))
    assert [line.instance for line in receipt.lines] == ["block/2", "block/1"]
    assert {k: (b.party, b.talks) for k, b in story.case.facts.blocks.items()} == {
        "block/1": ("party/2", 2),
        "block/2": ("party/1", 1),
    }
    assert [f for _, found in audit_store(story.store, story.door.catalogue) for f in found if not f.known] == []


def test_it_begins_a_block_for_each_who_has_none_and_may_be_told_in_one_of_them(story: Story) -> None:
    story.accepted().do(RecordTalk(party="party/1", also=("party/2",)))
    assert [b.party for b in story.case.facts.blocks.values()] == ["party/1", "party/2"]
    story.do(RecordTalk(party="party/2", also=("party/1",)), "block/2")
    assert [b.talks for b in story.case.facts.blocks.values()] == [2, 2]


@pytest.mark.parametrize(
    "talk",
    [
        RecordTalk(party="party/1", also=("party/1",)),
        RecordTalk(party="party/1", also=("party/2", "party/2")),
        RecordTalk(also=("party/2",)),
        RecordTalk(member="member/1", also=("party/2",)),
    ],
)
def test_nobody_is_there_twice_and_a_body_is_talked_to_alone(bodies: Story, talk: RecordTalk) -> None:
    with pytest.raises(GuardRefused):
        bodies.do(talk)


def test_an_auditor_is_told_neither_with_whom_a_talk_was_nor_who_else_was_there(story: Story) -> None:
    story.accepted().do(RecordTalk(party="party/1", also=("party/2",), said=Text("一起谈的")))
    seen = story.view(Office.AUDITOR)
    assert not {"party/1", "party/2"} & {b.party for b in seen.case.facts.blocks.values()}
    told = [seen.teller.line(it) for it in seen.lines if it.line.command == "RecordTalk"]
    assert len(told) == 2
    assert not any(name in str(line) for line in told for name in ("王某", "某五金厂", "一起谈的"))
