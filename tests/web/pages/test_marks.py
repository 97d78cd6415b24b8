"""Marked lines of all cases on one page; a file checked without being kept; a case by the days things happened."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest

from mediation_engine.domain.correcting import StrikeOrder
from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.read_models.projections import project
from mediation_engine.services.maintenance import rebuild
from workflows.parts.agreement import SignAsMediator
from workflows.parts.block import RecordTalk
from workflows.parts.note import RecordNote
from workflows.parts.risk import RaiseRisk
from workflows.vocabulary import Danger

from ...support.story import Story
from ..conftest import Browser

Client = Callable[[Office], Browser]


def listed(page: str) -> list[tuple[str, str]]:
    """Of each row: the line it leads to, and its kind."""
    rows = page.partition('class="todo marks"')[2].partition("</ul>")[0]
    found = re.findall(r'#(l\d+)">.*?<span class="tag [a-z]*">(.*?)</span>', rows, re.DOTALL)
    return [(line, kind) for line, kind in found]


@pytest.fixture
def marked(told: Story) -> Story:
    """A case with a step that lacked something, and one that was struck."""
    told.do(RecordTalk(party="party/1", said=Text("只要八千")))
    told.do(RecordNote(words=Text("记错的一笔")))
    told.do(StrikeOrder(order=told.case.newest, reason=Text("记到别的案件里了")))
    return told


def test_every_mark_is_listed_with_the_line_it_leads_to(web_client: Client, marked: Story) -> None:
    page = web_client(Office.AUDITOR).get("/marks")
    assert page.status_code == 200
    rows = listed(page.text)
    wanted = {(f"l{line.version}") for line in marked.lines if line.defects and not line.void}
    assert {line for line, kind in rows if kind != "误录"} == wanted
    assert [kind for _, kind in rows].count("误录") == 1
    assert "记到别的案件里了" in page.text
    for line, _ in rows:
        at = line.removeprefix("l")
        assert f'id="{line}"' in web_client(Office.AUDITOR).get(f"/cases/A1?upto={at}").text


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("kind=struck", {"误录"}),
        ("kind=waived", set()),
        ("kind=struck&mediator=li", {"误录"}),
        ("kind=struck&mediator=-", set()),
        ("kind=struck&from=2026-11-23&to=2026-11-23", {"误录"}),
        ("kind=struck&from=2026-11-24", set()),
        ("kind=struck&to=2026-11-22", set()),
        ("kind=struck&from=2099-12-31&to=2099-12-31", set()),
    ],
)
def test_the_list_is_narrowed(web_client: Client, marked: Story, query: str, kinds: set[str]) -> None:
    page = web_client(Office.LEAD).get(f"/marks?{query}")
    assert page.status_code == 200 and {kind for _, kind in listed(page.text)} == kinds


@pytest.mark.parametrize("query", ["kind=x", "rule=<b>", "mediator=sun", "from=gestern", "to=2026-13-01", "from=0001"])
def test_what_is_no_choice_is_named(web_client: Client, marked: Story, query: str) -> None:
    page = web_client(Office.AUDITOR).get(f"/marks?{query}")
    assert page.status_code == 200 and 'role="alert"' in page.text and "<b>" not in page.text


@pytest.mark.parametrize(
    "place",
    [
        *("x", "~~~", "2026-11-23T01:00:00+00:00~A1~x~", "~" * 400, "%00"),
        *("0001-01-01T00:00:00%2B08:00~A1~1~x", "9999-12-31T23:59:59-08:00~A1~1~x"),
    ],
)
def test_a_place_there_is_not_is_the_beginning(web_client: Client, marked: Story, place: str) -> None:
    assert listed(web_client(Office.AUDITOR).get(f"/marks?after={place}").text)


def test_pages_leave_no_mark_out(web_client: Client, marked: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = web_client(Office.AUDITOR)
    whole = listed(browser.get("/marks").text)
    monkeypatch.setattr("web.presenters.marks.A_PAGE", 2)
    monkeypatch.setattr("web.pages.marks.A_PAGE", 2)
    walked, path = list[tuple[str, str]](), "/marks"
    while path:
        page = browser.get(path).text
        walked += listed(page)
        onward = re.search(r'href="(/marks\?after=[^"]+)">看更早的', page)
        path = onward[1].replace("&amp;", "&") if onward else ""
    assert walked == whole and len(whole) > 2


def test_what_was_said_apart_stands_on_it_for_nobody(web_client: Client, marked: Story) -> None:
    talk = next(line for line in marked.lines if line.event == "TalkRecorded")
    marked.do(StrikeOrder(order=talk.version, reason=Text("其实没有说八千")))
    page = web_client(Office.AUDITOR).get("/marks").text
    assert "八千" not in page and "原因也只有调解员看得到" in page


def test_what_is_struck_is_marked_with_nothing_else_and_so_it_is_after_a_rebuild(marked: Story) -> None:
    before = _rows(marked)
    rebuild(marked.store, marked.door.catalogue)
    assert _rows(marked) == before
    with marked.store.read() as unit:
        workflow = marked.door.catalogue.reading("fast_track_2026")
        rows = unit.views.projection("A1")
        assert (
            rows is not None and rows.marks == project(workflow, marked.case, marked.view(Office.LEAD).calendar).marks
        )


def _rows(story: Story) -> set[object]:
    with story.store.read() as unit:
        rows = unit.views.projection("A1")
        assert rows is not None
        return {*rows.marks}


class TestAFile:
    """核对导出的文件."""

    def test_a_whole_one_is_whole_and_nothing_is_kept(self, web_client: Client, told: Story) -> None:
        browser = web_client(Office.AUDITOR)
        raw = browser.get("/cases/A1/export").data
        browser.get("/audit/file")
        page = browser.send("/audit/file", file=(BytesIO(raw), "A1.jsonl"))
        assert page.status_code == 200 and "案件 A1" in page.text and "完整" in page.text
        assert "没有与存证点核对" in page.text

    def test_where_it_was_changed_the_line_is_named(self, web_client: Client, told: Story) -> None:
        browser = web_client(Office.AUDITOR)
        rows = browser.get("/cases/A1/export").data.splitlines()
        del rows[3]
        browser.get("/audit/file")
        page = browser.send("/audit/file", file=(BytesIO(b"\n".join(rows)), "A1.jsonl")).text
        assert re.search(r"第 \d+ 条起不符", page) and "再要一份" in page

    def test_it_is_held_against_a_checkpoint(self, web_client: Client, told: Story) -> None:
        browser = web_client(Office.AUDITOR)
        raw, point = browser.get("/cases/A1/export").data, browser.get("/audit/checkpoint").data
        sent = {"file": (BytesIO(raw), "A1.jsonl"), "checkpoint": (BytesIO(point), "p.json")}
        browser.get("/audit/file")
        assert "已与存证点核对" in browser.send("/audit/file", **sent).text

    @pytest.mark.parametrize("raw", [b"", b"{}", b"\0\xff", b"[" * 9999, b'{"what":"case"}'])
    def test_what_is_no_such_file_is_refused_in_words(self, web_client: Client, told: Story, raw: bytes) -> None:
        answer = web_client(Office.AUDITOR)
        answer.get("/audit/file")
        page = answer.send("/audit/file", file=(BytesIO(raw), "x.jsonl"))
        assert page.status_code == 422 and 'class="wrong"' in page.text

    def test_without_a_file_it_asks_for_one(self, web_client: Client, told: Story) -> None:
        browser = web_client(Office.AUDITOR)
        browser.get("/audit/file")
        page = browser.send("/audit/file")
        assert page.status_code == 422 and "还没有选择文件" in page.text


class TestByTheDayItHappened:
    """回放 by days of events."""

    def test_what_was_recorded_later_counts_on_the_day_it_happened(self, web_client: Client, told: Story) -> None:
        told.clock.now += timedelta(days=3)
        told.do(RecordNote(words=Text("补记")), at="2026-11-23T17:00")
        browser, version = web_client(Office.AUDITOR), told.case.version
        by_event = browser.get("/cases/A1/replay?day=2026-11-23&by=happened").text
        assert f"第{version}条" in by_event and "1 条是那天以后才记下的" in by_event
        assert f"第{version}条" not in browser.get("/cases/A1/replay?day=2026-11-23").text

    def test_before_anything_nothing_had_happened(self, web_client: Client, told: Story) -> None:
        page = web_client(Office.AUDITOR).get("/cases/A1/replay?day=2020-01-01&by=happened")
        assert page.status_code == 200 and "还没有发生什么" in page.text

    def test_a_day_that_is_none_is_told_as_before(self, web_client: Client, told: Story) -> None:
        page = web_client(Office.AUDITOR).get("/cases/A1/replay?day=never&by=happened")
        assert page.status_code == 200 and "不是日期" in page.text


class TestTheRoom:
    """室务: the lead's."""

    def test_what_waits_for_the_lead_stands_with_its_text_and_its_buttons(
        self, web_client: Client, told: Story
    ) -> None:
        Story(told.store, told.clock, "B1").registered()
        page = web_client(Office.LEAD).get("/room").text
        decision = page.partition('class="card decision"')[2].partition("</article>")[0]
        assert "王某 与 某五金厂" in decision and "拖欠劳动报酬" in decision
        assert 'href="/cases/B1/steps/AcceptCase"' in decision and "/cases/B1/steps/DeclineCase" in decision
        assert "/cases/A1" not in decision

    def test_an_agreement_that_lacks_the_seal_stands_with_its_terms(self, web_client: Client, told: Story) -> None:
        story = Story(told.store, told.clock, "B1")
        story.drafted().confirm("confirmation/1", "confirmation/2")
        story.do(SignAsMediator(), "agreement/1")
        decision = web_client(Office.LEAD).get("/room").text.partition('class="card decision"')[2]
        assert "一次付清" in decision and "/steps/AffixSeal?on=agreement/1" in decision.replace("%2F", "/")

    def test_a_look_at_each_is_on_record(self, web_client: Client, told: Story) -> None:
        Story(told.store, told.clock, "B1").registered()
        web_client(Office.LEAD).get("/room")
        with told.store.read() as unit:
            assert [read.what for read in unit.views.reads("B1")] == ["decide"]

    def test_everybody_s_work_is_counted_and_leads_to_the_cases(self, web_client: Client, told: Story) -> None:
        told.do(RaiseRisk(danger=Danger.FIGHT))
        page = web_client(Office.LEAD).get("/room").text.partition('class="loads"')[2]
        li = re.search(r'<th scope="row">李调解</th>(.*?)</tr>', page, re.DOTALL)
        assert li is not None
        assert ">1</a>" in li[1].partition("</td>")[0]
        assert re.search(r'late-words">1<', li[1]), "the risk"
        assert "mediator=li&amp;state=open" in li[1] and "械斗" not in page
