"""What a party does by itself reaches who works with it: the board, the case page, the steps."""

from __future__ import annotations

import html
import re

from mediation_engine.domain.fields import Text
from web.presenters.case_options import Asking
from web.presenters.closing_checklist import lacking
from web.presenters.next_steps import next_steps
from workflows.parts.agreement import AmendAgreement
from workflows.parts.confirmation import DeclineToSign, RaiseObjection
from workflows.rules_2026.fast_track import FAST_TRACK

from ...support.story import Office, Story
from ...workflows.test_online import WORKER, by_phone, text_of, yes
from .test_dashboard import li_over

TO_SIGN = "已在线确认，还要在纸上签"
WORDS = "第一条最多再等一个月"


def asked(story: Story, office: Office = Office.MEDIATOR) -> Asking:
    return Asking(view=story.view(office), workflow=FAST_TRACK)


def first(story: Story, office: Office = Office.MEDIATOR) -> list[tuple[str, str]]:
    """What leads on, by its words."""
    return [(way.label, way.about) for way in next_steps(asked(story, office)).first]


def plain(page: str) -> str:
    """The words of a page."""
    return html.unescape(re.sub(r"<[^>]+>", "", page.partition("<main")[2]))


def objected(story: Story) -> Story:
    story.drafted()
    by_phone(story, RaiseObjection(party="party/1", text_hash=text_of(story), clause=1, words=Text(WORDS)))
    return story


class TestSignaturesAfterTheTelephone:
    """A yes on a telephone is no signature: the paper is still to be signed."""

    def test_it_stays_among_what_is_open_and_in_the_next_steps_until_the_paper_is_signed(self, story: Story) -> None:
        by_phone(story.drafted(), yes(story))
        story.confirm("confirmation/2")
        assert first(story) == [("确认协议", f"当事人确认1（王某），{TO_SIGN}")]
        assert ("当事人确认1（王某）", TO_SIGN) in [(it.thing, it.state) for it in lacking(asked(story))]
        li = li_over(story)
        assert f"确认协议（王某，{TO_SIGN}）" in plain(li.get("/work").text)
        assert TO_SIGN in plain(li.get("/cases/A1").text) and TO_SIGN in plain(li.get("/cases/A1/missing").text)
        story.confirm(WORKER)
        assert first(story) == [("调解员签名", "协议1")]
        assert TO_SIGN not in plain(li.get("/cases/A1").text)

    def test_it_is_no_signature_that_lacks_once_the_agreement_is_in_effect(self, story: Story) -> None:
        story.effective()
        assert not [key for key in FAST_TRACK.open_parts(story.case) if key.startswith("confirmation")]

    def test_the_mediator_signs_once_the_parties_have(self, story: Story) -> None:
        assert [label for label, _ in first(story.drafted())] == ["确认协议 2 项"]

    def test_who_declined_may_think_again_or_the_text_is_changed(self, story: Story) -> None:
        story.drafted()
        by_phone(story, DeclineToSign())
        story.confirm("confirmation/2")
        assert first(story) == [("确认协议", "当事人确认1（王某）"), ("修改协议书", "协议1")]


class TestObjections:
    """What a party has against a text waits for who changes it."""

    def test_it_waits_on_the_board_with_its_clause_and_leads_to_the_text(self, story: Story) -> None:
        page = li_over(objected(story)).get("/work").text
        assert "当事人对协议有意见（第一条），请看过再改" in page
        assert '/cases/A1/steps/AmendAgreement?on=agreement/1"' in page.replace("%2F", "/")
        assert 'class="tag late"' in page
        assert WORDS not in page

    def test_it_comes_first_in_the_case_and_its_words_stand_with_the_signature(self, story: Story) -> None:
        objected(story)
        assert first(story)[0] == ("当事人对协议有意见（第一条），请看过再改", "")
        page = plain(li_over(story).get("/cases/A1").text)
        assert f"意见的原话{WORDS}" in page.replace("\n", "")
        assert WORDS not in li_over(story).get("/cases/A1?show=joint").text

    def test_a_new_text_takes_it_from_the_board(self, story: Story) -> None:
        objected(story).do(AmendAgreement(amount=900_000), "agreement/1")
        assert FAST_TRACK.waits(story.case) == []
