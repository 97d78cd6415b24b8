"""一起办: steps of one sitting in one form, each on record as though it had been given alone; all of them or none."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest

from mediation_engine.domain.line import Line
from workflows.parts.party import TellRights
from workflows.parts.session import ScheduleSession
from workflows.vocabulary import AuthorityPaper, CapacityKind

from ...support.story import Story
from ..conftest import Browser
from .test_dashboard import li_over
from .test_look import part
from .test_steps import filled, filled_again

NEW = "/cases/new"
TALK, SIGNING, REACH = (f"/cases/A1/steps/{name}" for name in ("RecordTalk", "RecordSignatures", "ReachAgreement"))
MANAGER = {
    "f.party": ["party/2"],
    "f.said": ["认账，分两期付"],
    "together": ["TellRights", "EnterCapacity", "ScheduleSession"],
    "together.EnterCapacity.f.person.new": ["施某"],
    "together.EnterCapacity.f.settle": ["是"],
    "together.EnterCapacity.f.paper": [AuthorityPaper.MANDATE.code],
    "together.ScheduleSession.f.planned": ["2026-11-25"],
    "together.ScheduleSession.f.planned_at": ["14:30"],
    "together.ScheduleSession.f.place": ["调解室"],
    "do": ["do"],
}
"""Who came for the firm: on what paper, what he said, when one meets."""


@pytest.fixture
def li(story: Story) -> Browser:
    """A mediator over a case that was accepted."""
    return li_over(story.accepted())


def begun(li: Browser, path: str = TALK, **more: Any) -> dict[str, list[str]]:
    return filled(li, path) | more


def told(line: Line) -> tuple[Any, ...]:
    """What a line says beside its number and the id of its order."""
    return (line.instance, line.event, line.source, line.target, line.occurred, line.office, line.actor, line.defects)


def test_a_talk_offers_what_is_left_to_do_at_the_same_sitting(li: Browser, story: Story) -> None:
    page = li.get(TALK).text
    assert "一起办" in page
    section = page.partition('id="together"')[2].partition("</fieldset>")[0]
    assert "还没有办的：王某、某五金厂" in section
    offered = re.findall(r'name="together" value="(\w+)"', page)
    assert offered == ["TellRights", "EnterCapacity", "ScheduleSession"]
    assert not re.search(r'name="together" value="\w+" checked', page)
    story.do(TellRights(), "party/1", "party/2")
    story.acting_for("party/2")
    story.do(ScheduleSession())
    assert 'id="together"' not in li.get(TALK).text


def test_what_is_given_together_is_on_record_as_though_each_had_been_given_alone(li: Browser, story: Story) -> None:
    assert li.post(TALK, data=begun(li) | MANAGER).status_code == 303
    facts, lines = story.case.facts, story.lines
    assert [it.command for it in lines[-4:]] == ["RecordTalk", "TellRights", "EnterCapacity", "ScheduleSession"]
    [capacity] = facts.capacities.values()
    assert (capacity.principals, capacity.kind) == (("party/2",), CapacityKind.EMPLOYEE)
    assert facts.parties["party/2"].told_rights
    assert facts.parties["party/1"].told_rights is None
    assert [it.planned_at for it in facts.sessions.values()] == ["14:30"]
    page = li.whole()
    for words in ("记录单独沟通", "告知权利义务", "登记代理与代表", "安排会议"):
        assert f"已办理“{words}”" in page


def test_sent_twice_it_is_given_once(li: Browser, story: Story) -> None:
    form = begun(li) | MANAGER
    assert li.post(TALK, data=form).status_code == 303
    before = len(story.lines)
    assert li.post(TALK, data=form).status_code == 303
    assert len(story.lines) == before
    assert li.post(TALK, data=form | {"together.ScheduleSession.f.place": ["别处"]}).status_code == 409
    assert len(story.lines) == before


def test_what_is_not_ticked_is_not_given(li: Browser, story: Story) -> None:
    before = len(story.lines)
    assert li.post(TALK, data=begun(li, **{"f.party": ["party/1"], "do": ["do"]})).status_code == 303
    assert [it.command for it in story.lines[before:]] == ["RecordTalk"]


def test_a_companion_that_is_refused_is_told_there_and_nothing_is_given(li: Browser, story: Story) -> None:
    before = len(story.lines)
    form = begun(li) | MANAGER | {"f.party": [""], "together": ["EnterCapacity", "ScheduleSession"]}
    answer = li.post(TALK, data=form)
    assert answer.status_code == 422
    there = answer.text.partition('id="together.EnterCapacity"')[2]
    assert "须选明代哪位当事人" in there.partition("</fieldset>")[0]
    assert "认账，分两期付" in answer.text
    assert 'value="施某"' in answer.text
    assert len(story.lines) == before


def test_what_is_wrong_in_a_companion_stands_at_its_field(li: Browser, story: Story) -> None:
    before = len(story.lines)
    form = begun(li) | MANAGER | {"together.ScheduleSession.f.planned": ["改天"], "when": ["不知何时"]}
    answer = li.post(TALK, data=form)
    assert answer.status_code == 422
    assert 'href="#together.ScheduleSession.f.planned">安排会议：日期' in unescape(answer.text)
    assert len(story.lines) == before


def test_what_is_filled_in_and_not_ticked_is_asked_about(li: Browser, story: Story) -> None:
    form = begun(li) | MANAGER | {"together": ["TellRights"]}
    answer = li.post(TALK, data=form)
    assert answer.status_code == 422
    assert answer.text.count("这里填了内容，但没有打勾") == 4  # two companions, each also in the summary


def test_rights_are_told_to_those_who_were_there(li: Browser, story: Story) -> None:
    story.do(TellRights(), "party/1")
    form = begun(li, **{"f.party": ["party/1"], "together": ["TellRights"], "do": ["do"]})
    answer = li.post(TALK, data=form)
    assert answer.status_code == 422
    assert "在场的都已经告知过" in answer.text
    both = form | {"f.also": ["party/2"]}
    assert li.post(TALK, data=both).status_code == 303
    assert story.lines[-1].instance == "party/2"


def test_the_preview_shows_the_lines_of_all(li: Browser, story: Story) -> None:
    before = len(story.lines)
    answer = li.post(TALK, data=begun(li) | MANAGER | {"do": ["preview"]})
    assert answer.status_code == 200
    ahead = answer.text.partition('class="ahead"')[2].partition("</ol>")[0]
    for words in ("已单独沟通", "已告知权利义务", "代理或代表已登记", "会议已安排"):
        assert words in ahead
    assert len(story.lines) == before
    again = filled_again(answer.text) | {"together": MANAGER["together"], "do": ["do"]}
    assert li.post(TALK, data=again).status_code == 303


def test_what_companions_would_be_marked_with_is_said_once_before(li: Browser, story: Story) -> None:
    before = len(story.lines)
    form = begun(li) | MANAGER | {"together.EnterCapacity.f.paper": [AuthorityPaper.NONE.code]}
    asked = li.post(TALK, data=form)
    assert asked.status_code == 200
    assert "登记代理与代表：应有授权委托书" in asked.text
    assert len(story.lines) == before
    shown = form | {"shown": re.findall(r'name="shown" value="([^"]+)"', unescape(asked.text))}
    assert li.post(TALK, data=shown).status_code == 303


def test_a_stale_companion_says_so_and_goes_on_with_one_press(li: Browser, story: Story) -> None:
    form = begun(li) | MANAGER
    story.do(TellRights(), "party/2")
    stale = li.post(TALK, data=form)
    assert stale.status_code == 409
    again = filled_again(stale.text) | {"together": MANAGER["together"], "do": ["do"]}
    assert li.post(TALK, data=again).status_code == 303


def test_whose_rights_were_told_meanwhile_is_not_said_to_be_left(li: Browser, story: Story) -> None:
    form = begun(li) | MANAGER
    story.do(TellRights(), "party/2")
    stale = li.post(TALK, data=form).text
    assert "还没有办的：王某</span>" in stale
    assert "已告知权利义务" in stale


def test_a_draft_keeps_what_was_filled_in_of_companions(li: Browser, story: Story) -> None:
    assert li.post(TALK, data=begun(li) | MANAGER | {"do": ["keep"]}).status_code == 303
    page = li.get(TALK).text
    assert 'value="EnterCapacity" checked' in page
    assert 'value="施某"' in page
    assert 'value="14:30"' in page


@pytest.mark.parametrize("of_a_draft", [False, True], ids=["form", "draft"])
def test_what_somebody_else_brought_about_meanwhile_is_said_before_it_is_brought_about_twice(
    li: Browser, story: Story, of_a_draft: bool
) -> None:
    form = begun(li) | MANAGER
    if of_a_draft:
        assert li.post(TALK, data=form | {"do": ["keep"]}).status_code == 303
    story.do(ScheduleSession(planned=date(2026, 11, 26), place="调解室"))
    form = filled_again(li.get(TALK).text) | {"do": ["do"]} if of_a_draft else form
    stale = li.post(TALK, data=form)
    assert stale.status_code == 409
    assert "2026年11月26日" in part(stale.text, "<main", "<form"), "what was done meanwhile is told"
    assert [*story.case.of("session")] == ["session/1"]
    again = filled_again(stale.text) | {"together": MANAGER["together"][:2], "do": ["do"]}
    again = {name: value for name, value in again.items() if not name.startswith("together.ScheduleSession.f.")}
    assert li.post(TALK, data=again).status_code == 303
    assert [*story.case.of("session")] == ["session/1"]


def test_what_was_agreed_is_drafted_with_it_unless_that_is_let_go(li: Browser, story: Story) -> None:
    terms = {"f.terms.0.words": ["月底付清"], "f.terms.0.amount": ["12000"], "f.amount": ["12000"]}
    form = begun(li, REACH) | terms
    assert form["together"] == ["DraftAgreement"]
    answer = li.post(REACH, data=form | {"do": ["do"]})
    if answer.status_code == 200:
        answer = li.post(REACH, data=filled_again(answer.text) | {"do": ["do"]})
    assert answer.status_code == 303, answer.text
    assert story.state("agreement/1") == "drafted"
    assert story.case.facts.agreements["agreement/1"].signers == ("party/1", "party/2")


def test_a_draft_of_another_agreement_than_the_one_reached_here_is_stale(li: Browser, story: Story) -> None:
    form = begun(li, REACH) | {"f.terms.0.words": ["月底付清"], "f.amount": ["12000"], "do": ["do"]}
    from workflows.parts.agreement import ReachAgreement

    story.do(ReachAgreement())
    assert li.post(REACH, data=form).status_code == 409
    assert story.state("agreement/2") is None


def test_a_mediator_signs_with_the_parties_where_he_handles_the_case(story: Story) -> None:
    li = li_over(story.drafted())
    form = filled(li, f"{SIGNING}?on=confirmation", f__identity_checked="是", do="do")
    del form["f.signatures.1.signed"]
    assert form["together"] == ["SignAsMediator"]
    answer = li.post(SIGNING, data=form)
    assert answer.status_code == 303, answer.text
    assert story.case.facts.agreements["agreement/1"].mediator_signed


def test_the_rights_of_those_who_come_to_register_are_told_with_it(story: Story) -> None:
    story.registered()
    li = li_over(story)
    names = {"applicant.0.name": ["甲某"], "respondent.0.name": ["乙厂"], "applicant.1.name": ["丙某"]}
    form = begun(li, NEW) | names | {"f.dispute": ["labour_pay"], "together": ["TellRights"], "do": ["do"]}
    answer = li.post(NEW, data=form)
    assert answer.status_code == 303, answer.text
    case = story.door.case(answer.location.rpartition("/")[2])
    told = {key: party.told_rights is not None for key, party in case.facts.parties.items()}
    assert told == {"party/1": True, "party/2": True, "party/3": False}
    assert li.post(NEW, data=form).location == answer.location
    assert "已登记。已办理“告知权利义务”。" in li.whole(answer.location)
