"""更正 and 误录 from the lines of a case: filled in as recorded, the old line stays and points at the new one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.domain.line import Line
from mediation_engine.domain.roles import Office
from workflows.parts.block import RecordTalk
from workflows.parts.payment import PaymentRecorded, RecordPayment

from ...support.story import STAFF, Story
from ..conftest import STRANGER, Browser
from .test_steps import filled

Client = Callable[[Office], Browser]
PAID = PaymentRecorded.label


def latest(story: Story, event: str) -> Line:
    return next(line for line in reversed(story.lines) if line.event == event)


def path_to(line: Line) -> str:
    return f"/cases/A1/lines/{line.version}/correct"


@pytest.fixture
def paid(told: Story) -> Line:
    told.do(RecordPayment(amount=100_000, note=Text("现金")))
    return latest(told, "PaymentRecorded")


def test_every_step_in_the_history_leads_to_its_correction(web_client: Client, told: Story, paid: Line) -> None:
    page = web_client(Office.MEDIATOR).get("/cases/A1").text
    steps = [line for line in told.lines if line.command]
    assert all(f'href="{path_to(line)}"' in page for line in steps)
    assert not any(f'href="{path_to(line)}"' in page for line in told.lines if not line.command)
    assert "/correct" not in web_client(Office.AUDITOR).get("/cases/A1").text
    assert "/correct" not in web_client(Office.MEDIATOR).get("/cases/A1?show=joint").text


def test_the_form_of_every_step_is_filled_in_as_it_was_recorded_and_the_same_again_is_nothing(
    web_client: Client, told: Story, paid: Line
) -> None:
    lead = web_client(Office.LEAD)
    for line in [line for line in told.lines if line.command]:
        form = filled(lead, path_to(line), reason="核对", do="correct")
        answer = lead.post(path_to(line), data=form)
        assert answer.status_code == 422, line.event
        assert "更正后与原来相同" in answer.text or "已为他人所依据" in answer.text, (line.event, answer.text)


def test_a_sum_is_corrected_and_both_lines_point_at_each_other(web_client: Client, told: Story, paid: Line) -> None:
    lead = web_client(Office.LEAD)
    form = filled(lead, path_to(paid), f__amount="1.2万", reason="少写了", do="correct")
    answer = lead.post(path_to(paid), data=form)
    last = told.case.version
    assert answer.location == f"/cases/A1#l{last}"
    assert told.case.facts.payments["payment/1"].amount == 1_200_000
    page = lead.get("/cases/A1").text
    assert f'<a href="#l{last}">已更正，见第{last}条</a>' in page
    assert "￥12,000.00" in page and "少写了" in page
    assert "现金" in page, "words that were not touched stay"
    assert lead.post(path_to(paid), data=form).status_code == 303, "sent twice it takes effect once"
    assert told.case.version == last


def test_what_never_happened_is_struck(web_client: Client, told: Story, paid: Line) -> None:
    lead = web_client(Office.LEAD)
    lead.post(path_to(paid), data=filled(lead, path_to(paid), reason="记到别案了", do="strike"))
    assert told.case.of("payment") == ()
    assert "已作误录，不再算数" in lead.get("/cases/A1").text


def test_who_checks_sees_all_corrections_with_their_reasons_the_latest_first(
    web_client: Client, told: Story, paid: Line
) -> None:
    lead, auditor = web_client(Office.LEAD), web_client(Office.AUDITOR)
    assert "还没有更正过什么" in auditor.get("/audit/corrections").text
    lead.post(path_to(paid), data=filled(lead, path_to(paid), f__amount="1.2万", reason="少写了", do="correct"))
    told.clock.now += timedelta(minutes=1)
    lead.post(path_to(paid), data=filled(lead, path_to(paid), reason="记到别案了", do="strike"))
    last = told.case.version
    page = auditor.get("/audit/corrections").text
    first, second = page.index("记到别案了"), page.index("少写了")
    assert first < second
    assert f'href="/cases/A1#l{last}"' in page and f"第{paid.version}条“{PAID}”不再算数" in page
    assert STAFF[Office.LEAD].name in page and "王某" in page
    assert "更正和误录" in auditor.get("/audit").text
    assert "更正清单，1件" in auditor.get("/reads").text
    assert lead.get("/audit/corrections").status_code == 200
    assert web_client(Office.MEDIATOR).get("/audit/corrections").status_code == 403


def test_nobody_is_told_of_corrections_elsewhere_nor_why_something_private_was(
    web_client: Client, told: Story, paid: Line
) -> None:
    told.do(RecordTalk(party="party/1", said=Text("一万")))
    talk = latest(told, "TalkRecorded")
    lead = web_client(Office.LEAD)
    lead.post(path_to(talk), data=filled(lead, path_to(talk), reason="老板那边说的", do="strike"))
    assert "老板那边说的" in lead.get("/audit/corrections").text
    page = web_client(Office.AUDITOR).get("/audit/corrections").text
    assert "老板那边说的" not in page and f"第{talk.version}条" in page
    assert told.door.corrections(Office.AUDITOR, STRANGER) == []


def test_without_a_reason_nothing_is_done_and_nothing_is_lost(web_client: Client, told: Story, paid: Line) -> None:
    lead, before = web_client(Office.LEAD), told.lines
    for do in ("correct", "strike"):
        answer = lead.post(path_to(paid), data=filled(lead, path_to(paid), f__amount="7", reason=" ", do=do))
        assert answer.status_code == 422
        assert "请写明更正的原因" in answer.text and 'value="7"' in answer.text
    assert told.lines == before


def test_why_it_cannot_be_corrected_is_said(web_client: Client, told: Story, paid: Line) -> None:
    lead = web_client(Office.LEAD)
    sealed = latest(told, "SealAffixed")
    answer = lead.post(path_to(sealed), data=filled(lead, path_to(sealed), reason="错", do="strike"))
    assert answer.status_code == 422
    assert "已为他人所依据" in answer.text


def test_a_line_that_nobody_ordered_or_that_is_none_has_no_correction(web_client: Client, told: Story) -> None:
    lead = web_client(Office.LEAD)
    assert lead.get("/cases/A1/lines/999/correct").status_code == 404
    assert lead.get("/cases/A1/lines/0/correct").status_code == 404
    assert lead.get("/cases/NONE/lines/1/correct").status_code == 404


def test_private_words_are_shown_to_those_who_may_read_them_and_stay_as_sealed(web_client: Client, told: Story) -> None:
    told.do(RecordTalk(party="party/1", said=Text("要一万二")))
    lead, line = web_client(Office.LEAD), latest(told, "TalkRecorded")
    assert "要一万二" in lead.get(path_to(line)).text
    lead.post(path_to(line), data=filled(lead, path_to(line), f__offer="一万", reason="补上", do="correct"))
    with told.store.read() as unit:
        texts = unit.record.texts("A1").values()
    assert [t.words for t in texts if t.words == "要一万二"] == ["要一万二"]
    assert {t.label for t in texts if t.words in ("一万", "补上")} == {"party/1"}
