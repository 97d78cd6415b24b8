"""更正 and 误录 from the lines of a case: filled in as recorded, the old line stays and points at the new one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec import structs

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
    page = web_client(Office.MEDIATOR).whole()
    steps = [line for line in told.lines if line.command]
    assert all(f'href="{path_to(line)}"' in page for line in steps)
    assert not any(f'href="{path_to(line)}"' in page for line in told.lines if not line.command)
    assert "/correct" not in web_client(Office.AUDITOR).whole()
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
    assert answer.location == f"/cases/A1?tab=record#l{last}"
    assert told.case.facts.payments["payment/1"].amount == 1_200_000
    page = lead.whole()
    assert f'<a href="#l{last}">已更正，见第{last}条</a>' in page
    assert "12,000.00" in page and "少写了" in page
    assert "现金" in page, "words that were not touched stay"
    assert lead.post(path_to(paid), data=form).status_code == 303, "sent twice it takes effect once"
    assert told.case.version == last


def test_what_never_happened_is_struck(web_client: Client, told: Story, paid: Line) -> None:
    lead = web_client(Office.LEAD)
    lead.post(path_to(paid), data=filled(lead, path_to(paid), reason="记到别案了", do="strike"))
    assert told.case.of("payment") == ()
    assert "已作误录，不再算数" in lead.whole()


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
    assert (
        f'href="/cases/A1?tab=record&amp;upto={last}#l{last}"' in page and f"第{paid.version}条“{PAID}”不再算数" in page
    )
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


def test_what_reads_otherwise_is_shown_and_nothing_else(web_client: Client, told: Story, paid: Line) -> None:
    lead = web_client(Office.LEAD)
    lead.post(path_to(paid), data=filled(lead, path_to(paid), f__amount="1.2万", reason="少写了", do="correct"))
    for page in (lead.whole(), web_client(Office.AUDITOR).get("/audit/corrections").text):
        assert page.count("<del>") == 1
        assert re.search("金额：<del>[^<]*1,000.00[^<]*</del> → [^<]*12,000.00", page)
    assert "经<a" in web_client(Office.AUDITOR).get("/cases/A1/audit").text


def test_a_form_opened_before_somebody_else_corrected_is_told_so_and_undoes_nothing(
    web_client: Client, told: Story, paid: Line
) -> None:
    li, lead = web_client(Office.MEDIATOR), web_client(Office.LEAD)
    older = filled(li, path_to(paid), f__note="转账", reason="方式写错", do="correct")
    lead.post(path_to(paid), data=filled(lead, path_to(paid), f__amount="1.2万", reason="少写了", do="correct"))
    answer = li.post(path_to(paid), data=older)
    assert answer.status_code == 422
    assert f"又经更正（第{told.case.version}条）" in answer.text and "转账" in answer.text
    assert told.case.facts.payments["payment/1"].amount == 1_200_000


def test_what_no_screen_shows_is_no_reason(web_client: Client, told: Story, paid: Line) -> None:
    lead = web_client(Office.LEAD)
    for reason in ("\0", "\u202e倒", "\u0007", " ", "字" * 10_000):
        answer = lead.post(path_to(paid), data=filled(lead, path_to(paid), reason=reason, do="strike"))
        assert answer.status_code == 422, repr(reason)
    assert (
        lead.post(path_to(paid), data=filled(lead, path_to(paid), reason="x", id="a\0b" * 4, do="strike")).status_code
        == 422
    )
    assert told.case.of("payment") == ("payment/1",)


def test_on_the_screen_a_correction_points_at_places_that_are_there(
    web_client: Client, told: Story, paid: Line
) -> None:
    told.do(RecordTalk(party="party/1", said=Text("一万")))
    lead = web_client(Office.LEAD)
    lead.post(path_to(paid), data=filled(lead, path_to(paid), f__amount="1.2万", reason="少写了", do="correct"))
    page = lead.get("/cases/A1?show=joint").text
    places = set(re.findall(r'<li id="(l\d+)"', page))
    links = set(re.findall(r'href="#(l\d+)"', page))
    assert links <= places
    [mark] = re.findall(r'<a href="#(l\d+)">已更正', page)
    [back] = re.findall(r'更正的是<a href="#(l\d+)">', page)
    assert mark != back


@pytest.mark.parametrize("show", ["", "&show=joint"])
def test_a_mark_stands_though_the_correction_is_on_another_page(
    web_client: Client, told: Story, paid: Line, show: str
) -> None:
    lead = web_client(Office.LEAD)
    lead.post(path_to(paid), data=filled(lead, path_to(paid), reason="记到别案了", do="strike"))
    whole = lead.get(f"/cases/A1?tab=record&{show}").text
    [number] = re.findall(r"已作误录，不再算数，见第(\d+)条", whole)
    earlier = lead.get(f"/cases/A1?upto={int(number) - 1}{show}").text
    [address] = re.findall(r'<a href="([^"]*)">已作误录', earlier)
    assert "what struck" in earlier
    path, anchor = address.replace("&amp;", "&").split("#")
    there = lead.get(f"/cases/A1{path}").text
    assert f'id="{anchor}"' in there and "记到别案了" in there


def test_where_the_record_cannot_be_read_the_list_says_so(web_client: Client, told: Story, paid: Line) -> None:
    lead = web_client(Office.LEAD)
    lead.post(path_to(paid), data=filled(lead, path_to(paid), reason="记到别案了", do="strike"))
    with told.store.read() as unit:
        orders = unit.record.orders("A1")
    told.store._tables.orders["A1"] = [structs.replace(o, body=b"x") if o.first > 5 else o for o in orders]  # type: ignore[attr-defined]
    page = lead.get("/audit/corrections").text
    assert "记录读不出来" in page and "/cases/A1/audit" in page
    assert "私下的内容" not in page


def test_whose_private_words_were_corrected_is_not_told(web_client: Client, told: Story) -> None:
    told.do(RecordTalk(party="party/1", said=Text("一万")))
    talk = latest(told, "TalkRecorded")
    lead = web_client(Office.LEAD)
    lead.post(path_to(talk), data=filled(lead, path_to(talk), reason="没谈过", do="strike"))
    page = web_client(Office.AUDITOR).whole()
    assert "只有王某和调解员" in lead.whole()
    assert "只有王某" not in page
    assert "更正的是私下的内容" in web_client(Office.AUDITOR).get("/audit/corrections").text


def test_who_corrects_a_registration_is_told_how_a_case_is_closed_that_should_not_be(
    web_client: Client, told: Story
) -> None:
    page = web_client(Office.LEAD).get("/cases/A1/lines/1/correct").text
    assert "按误登记结案" in page and "按重复登记结案" in page
    assert "作误录：" not in page
