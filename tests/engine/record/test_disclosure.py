"""What an office is not told is not in the lines it is told, whatever was filled in, and in nothing made of them."""

from __future__ import annotations

import msgspec
import pytest
from msgspec import structs

from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.domain.presentation import HIDDEN
from mediation_engine.domain.roles import Office
from mediation_engine.ports.store import Store
from mediation_engine.record.disclosure import Access, told_to
from workflows.parts.block import RecordTalk
from workflows.parts.risk import RaiseRisk, Receiver, ReportRisk
from workflows.vocabulary import Danger

from ...support.story import Story

READING = (Office.MEDIATOR, Office.LEAD)
OTHERS = tuple(office for office in Office if office not in READING)


@pytest.fixture
def told(store: Store, clock: FixedClock) -> Story:
    story = Story(store, clock).effective()
    story.do(RecordTalk(party="party/1", said=Text("两万就肯签")))
    story.do(RecordTalk())
    story.do(RaiseRisk(danger=Danger.SUICIDE, signs=Text("说不想活了")))
    story.do(ReportRisk(receiver=Receiver.POLICE), "risk/1")
    return story


def test_whom_a_talk_was_with_is_hidden_whether_or_not_it_was_written(told: Story) -> None:
    view = told.view(Office.AUDITOR)
    talks = [it for it in view.lines if it.line.event == "TalkRecorded"]
    assert [(it.given.party, it.given.member) for it in talks] == [(HIDDEN, HIDDEN)] * 2
    assert b"party/1" not in bytes(talks[0].line.data)
    assert {block.party for block in view.case.facts.blocks.values()} == {HIDDEN}  # type: ignore[attr-defined]
    assert [block.talks for block in view.case.facts.blocks.values()] == [1, 1]  # type: ignore[attr-defined]


def test_what_is_feared_is_hidden_and_to_whom_it_was_reported_is_not(told: Story) -> None:
    raised, reported = told.view(Office.AUDITOR).lines[-2:]
    assert msgspec.json.decode(raised.line.given)["danger"] == HIDDEN
    assert reported.given.receiver is Receiver.POLICE
    assert "自杀" not in str(told.view(Office.AUDITOR).teller.line(raised))


@pytest.mark.parametrize("office", READING)
def test_mediators_are_told_everything(told: Story, office: Office) -> None:
    view = told.view(office)
    assert [it.line for it in view.lines] == told.lines
    assert view.case == told.case


@pytest.mark.parametrize("office", OTHERS)
def test_what_nobody_can_read_is_told_to_nobody_else(told: Story, office: Office) -> None:
    unread = [it._replace(event=None) for it in told.view(Office.MEDIATOR).lines]
    assert {bytes(it.line.data) for it in told_to(Access(office), unread)} == {b"{}"}
    assert {bytes(it.line.given) for it in told_to(Access(office), unread)} <= {b"{}", b"null"}


def test_an_office_that_reads_nothing_is_told_nothing(told: Story) -> None:
    assert {it.event for it in told_to(Access(Office.ADMINISTRATOR), told.view(Office.MEDIATOR).lines)} == {None}


def test_a_case_that_only_an_office_is_told_less_of_is_the_same_case(told: Story) -> None:
    view = told.view(Office.AUDITOR)
    assert view.case.digest == told.case.digest
    assert view.case.instances == told.case.instances
    assert told.case.facts.blocks["block/1"].party == "party/1", "what the door remembers is whole"


def test_what_was_only_inferred_of_a_hidden_field_is_hidden_with_it(told: Story) -> None:
    [talk, *_] = [it for it in told.view(Office.MEDIATOR).lines if it.line.event == "TalkRecorded"]
    known = {"party": talk.line.provenance, "said": talk.line.provenance}
    inferred = talk._replace(line=structs.replace(talk.line, field_provenance=known))
    [hidden] = told_to(Access(Office.AUDITOR), [inferred])
    assert hidden.line.field_provenance.keys() == {"said"}
