"""事项: the list and its filters, a form per kind, each kind from first to last by page, a kind that a room adds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from web.presenters import matters as listing
from workflows.zone.matter.entry import AssignMatter, EndMatter
from workflows.zone.matter.facts import facts_of
from workflows.zone.matter.handling import AnswerMatter, SignForMatter, VerifyMatter
from workflows.zone.matter.kinds import kinds_with, shipped
from workflows.zone.matter.measure import RecordMeasure

from ...support.story import ZONE, Story
from ..conftest import Browser

SignedIn = Callable[[Office | str], Browser]
COMMON = {
    "id": "form-0001",
    "f.words": "两个月没有发工资",
    "f.district": "east",
    "f.named": "2",
    "f.named.0.person.new": "王小明",
    "f.named.0.standing": "asker",
    "f.named.0.kind": "person",
    "f.named.1.person.new": "某五金厂",
    "f.named.1.standing": "other",
    "f.named.1.kind": "enterprise",
    "do": "do",
}
OWN: Mapping[str, Mapping[str, str]] = {
    "grid": {"f.k_reporter": "吴网格", "f.k_category": "车间口角"},
    "reception": {"f.k_people": "2", "f.k_leader": "某副主任", "f.k_answer_by": "2026-12-04"},
    "errand": {"f.k_agent": "吴网格", "f.k_promised": "2026-11-27"},
    "petition": {"f.k_assigner": "市信访局", "f.k_limit": "2026-12-20", "f.k_leader": "某副主任", "f.number": "XF-3"},
    "walk": {"f.k_street": "某街", "f.k_doors": "12", "f.k_again": "是", "f.k_spent": "30"},
}
WAYS: Mapping[str, tuple[tuple[str, Mapping[str, str]], ...]] = {
    "grid": (
        ("AssignMatter", {"f.staff": "li"}),
        ("SignForMatter", {}),
        ("RecordMeasure", {"f.words": "上门看了", "f.manner": "visit"}),
        ("AnswerMatter", {"f.words": "已发"}),
        ("VerifyMatter", {}),
        ("EndMatter", {"f.ending": "finished"}),
    ),
    "reception": (
        ("AssignMatter", {"f.body": "某社区"}),
        ("SignForMatter", {}),
        ("RecordMeasure", {"f.words": "约谈了", "f.manner": "meeting"}),
        ("AnswerMatter", {"f.words": "下周发"}),
        ("EndMatter", {"f.ending": "answered"}),
    ),
    "errand": (
        ("RecordMeasure", {"f.words": "办了社保卡", "f.manner": "other"}),
        ("EndMatter", {"f.ending": "finished"}),
        ("RecordRating", {"f.content": "content"}),
    ),
    "petition": (
        ("SignForMatter", {}),
        ("RecordMeasure", {"f.words": "包案领导约谈", "f.manner": "meeting"}),
        ("EndMatter", {"f.ending": "resolved", "f.ground": "pledge"}),
    ),
    "walk": (("EndMatter", {"f.ending": "walked"}),),
}
WALK = {
    "code": "walk",
    "label": "走访排查",
    "asker": "住户",
    "fields": [
        {"code": "street", "label": "哪条街", "required": True},
        {"code": "doors", "label": "几户", "sort": "count"},
        {"code": "again", "label": "还要再去", "sort": "flag"},
        {"code": "spent", "label": "花费", "sort": "money"},
    ],
    "endings": [{"code": "walked", "label": "已走访", "at_once": True}],
}


@pytest.fixture
def mediator(web_client: SignedIn) -> Browser:
    return web_client(Office.MEDIATOR)


def matter(told: Story, case: str = "S1") -> Story:
    """A matter beside the case."""
    other = Story(told.store, told.clock, case)
    other.door = told.door
    return other


def registered(browser: Browser, kind: str, **more: str) -> str:
    """Register one by its form; its id."""
    browser.get(f"/matters/new?kind={kind}")
    answer = browser.send("/matters/new", kind=kind, **COMMON | dict(OWN[kind]) | more)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].rpartition("/")[2]


@pytest.mark.parametrize("kind", WAYS)
def test_each_kind_goes_from_first_to_last_by_page(told: Story, mediator: Browser, kind: str) -> None:
    told.door.catalogue.zone = type(ZONE)(districts=ZONE.districts, kinds=kinds_with([WALK]))
    case = registered(mediator, kind)
    story = matter(told, case)
    for n, (step, filled) in enumerate(WAYS[kind]):
        page = mediator.get(f"/cases/{case}/steps/{step}")
        assert page.status_code == 200
        key = story.case.phase
        on = {} if step in ("RecordMeasure", "RecordRating") else {"on": key, f"v.{key}": str(_seen(story, key))}
        answer = mediator.send(f"/cases/{case}/steps/{step}", id=f"form-1{n:03d}", do="do", **on, **filled)
        assert answer.status_code == 303, answer.text
    facts = facts_of(story.case)
    assert facts.closed == "ended"
    assert [it.field for it in facts.filled]
    page = mediator.get(f"/cases/{case}").text
    assert facts.how is not None
    for words in (facts.how.label, facts.kind.label if facts.kind else "", "王小明"):
        assert words in page, words
    assert "王小明" in mediator.get("/matters?group=closed").text


def _seen(story: Story, key: str) -> int:
    return story.case.instances[key].seen


def test_one_is_found_by_a_name_or_its_number_when_it_is_over(told: Story, mediator: Browser) -> None:
    case = registered(mediator, "grid", **{"f.number": "GD-9", "f.origin": "四平台"})
    mediator.get("/matters")
    for words, there in (("王小明", True), ("GD-9", True), ("没有这个人", False)):
        found = mediator.get(mediator.send("/matters", q=words).location).text
        assert (f"/cases/{case}" in found) is there, words


def test_one_with_a_number_of_nobodys_is_known_by_its_kind_in_chinese(told: Story, mediator: Browser) -> None:
    case = registered(mediator, "petition", **{"f.number": "5号"})
    assert facts_of(told.door.case(case)).number == "信访交办积案 5号"


def test_the_form_that_ends_one_begins_with_how_it_mostly_ends(told: Story, mediator: Browser) -> None:
    case = registered(mediator, "grid")
    assert '<option value="on_spot" selected>' in mediator.get(f"/cases/{case}/steps/EndMatter").text
    taken = matter(told, case)
    for step in (AssignMatter(staff="li"), SignForMatter(), RecordMeasure(words=Text("看过"))):
        taken.do(step)
    assert '<option value="finished" selected>' in mediator.get(f"/cases/{case}/steps/EndMatter").text


def test_who_quarrels_can_be_led_to_a_case_and_then_nothing_waits_here(told: Story, mediator: Browser) -> None:
    case = registered(mediator, "reception")
    page = mediator.get(f"/cases/{case}").text
    assert "ReferToMediation" in page.partition('id="next-steps"')[2].partition("</section>")[0]
    answer = mediator.send(
        f"/cases/{case}/steps/ReferToMediation", id="form-0077", do="do", **{"f.dispute": "labour_pay"}
    )
    assert answer.status_code == 303, answer.text
    panel = mediator.get(f"/cases/{case}").text.partition('id="next-steps"')[2].partition("</section>")[0]
    assert "RecordPerformed" not in panel
    assert "ReferToMediation" not in panel


def test_a_page_of_one_that_names_nobody_is_headed_by_its_kind(told: Story, mediator: Browser) -> None:
    case = registered(mediator, "grid", **{"f.named.0.person.new": "", "f.named.1.person.new": ""})
    page = mediator.get(f"/cases/{case}").text
    assert "<h1>网格上报</h1>" in page
    assert "尚无案号" not in page


def test_what_was_filled_in_stands_on_the_page_as_its_kind_calls_it(told: Story, mediator: Browser) -> None:
    told.door.catalogue.zone = type(ZONE)(districts=ZONE.districts, kinds=kinds_with([WALK]))
    page = mediator.get(f"/cases/{registered(mediator, 'walk')}").text
    for words in ("哪条街", "某街", "几户", "12", "还要再去", "花费", "30", "走访排查"):
        assert words in page, words
    assert "种类 walk" not in page


def test_the_kinds_are_chosen_first_and_each_has_its_own_form(mediator: Browser) -> None:
    page = mediator.get("/matters/new").text
    for kind in shipped():
        assert kind.label in page
        form = mediator.get(f"/matters/new?kind={kind.code}").text
        for field in kind.fields:
            assert field.label in form
    assert mediator.get("/matters/new?kind=none").status_code == 404


def test_the_same_number_from_the_same_place_leads_to_the_same_matter(told: Story, mediator: Browser) -> None:
    number = {"f.number": "GD-9", "f.origin": "四平台"}
    first = registered(mediator, "grid", **number)
    again = registered(mediator, "grid", id="form-0002", **number | {"f.words": "又报了一次"})
    assert "已经登记过，就是这一件" in mediator.get(f"/cases/{first}").text
    other = registered(mediator, "grid", id="form-0003", **number | {"f.origin": "12345"})
    assert first == again != other
    assert facts_of(told.door.case(first)).number == "四平台 GD-9"


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(mediator: Browser) -> None:
    mediator.get("/matters/new?kind=reception")
    filled = COMMON | dict(OWN["reception"]) | {"kind": "reception"}
    answer = mediator.send("/matters/new", **filled | {"f.k_people": "9"})
    assert answer.status_code == 422
    assert "推选代表" in answer.text
    assert "王小明" in answer.text
    for odd in (
        {"f.k_people": "很多"},
        {"f.k_answer_by": "明天吧"},
        {"f.words": ""},
        {"f.k_leader": "长" * 300},
        {"id": "x"},
    ):
        assert mediator.send("/matters/new", **filled | odd).status_code == 422, odd
    more = mediator.send("/matters/new", **filled | {"do": "more:f.named"})
    assert 'name="f.named.2.person.new"' in more.text


def test_a_form_half_filled_in_is_opened_again_for_its_own_kind_alone(mediator: Browser) -> None:
    mediator.get("/matters/new?kind=grid")
    mediator.send("/matters/new", **COMMON | {"kind": "grid", "do": "keep"})
    assert "王小明" in mediator.get("/matters/new?kind=grid").text
    assert "王小明" not in mediator.get("/matters/new?kind=errand").text
    assert "是哪一种" in mediator.get("/matters/new").text


def test_it_can_be_narrowed_to_a_kind_a_district_and_what_is_late(told: Story, web_client: SignedIn) -> None:
    mediator = web_client(Office.MEDIATOR)
    matter(told).came("grid")
    matter(told, "S2").came("errand")
    assert "待交办（1）" in mediator.get("/matters").text
    for path, there in (
        ("/matters?kind=grid", True),
        ("/matters?kind=errand&group=to_assign", False),
        ("/matters?district=west", False),
        ("/matters?district=east", True),
        ("/matters?late=1", False),
    ):
        assert ("/cases/S1" in mediator.get(path).text) is there, path
    told.clock.now = told.clock.now.replace(month=12, day=10)
    mediator = web_client(Office.MEDIATOR)
    assert "只看超期的（2）" in mediator.get("/matters").text
    page = mediator.get("/matters?late=1").text
    assert "/cases/S1" in page
    steps = re.search(r'<nav class="scopes" aria-label="办到哪一步">.*?</nav>', page, re.DOTALL)
    assert steps and steps[0].count("aria-current") == 1
    assert '<p class="note only">只看超期的。<a class="plain" href="/matters">看全部的</a></p>' in page
    none = mediator.get("/matters?late=1&kind=grid&group=to_end").text
    assert "只看超期的、网格上报：没有待办结的事项。" in none
    assert 'href="/matters?group=to_end">看全部的' in none


def test_all_that_are_open_are_on_one_list_those_to_be_ended_first_page_by_page(
    told: Story, web_client: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = [matter(told, f"S{n}").came("errand" if n % 2 else "grid") for n in range(5)]
    handled, answered = RecordMeasure(words=Text("看过")), AnswerMatter(words=Text("已发"))
    for step in (AssignMatter(staff="li"), SignForMatter(), handled, answered, VerifyMatter()):
        stories[2].do(step)
    monkeypatch.setattr(listing, "A_PAGE", 2)
    mediator, path, seen, pages = web_client(Office.MEDIATOR), "/matters?group=open", list[str](), list[str]()
    while path:
        pages.append(mediator.get(path).text)
        seen += re.findall(r'class="way" href="/cases/(S\d)"', pages[-1])
        after = re.search(r'href="([^"]+)">接着看', pages[-1])
        path = after[1].replace("&amp;", "&") if after else ""
    assert (seen[0], sorted(seen)) == ("S2", ["S0", "S1", "S2", "S3", "S4"])
    assert "未办结（5）" in pages[0]
    assert "/cases/S2/steps/EndMatter" in pages[0]


def test_it_says_when_people_are_received(told: Story, web_client: SignedIn) -> None:
    assert "下一个接访日：2026年12月1日" in web_client(Office.MEDIATOR).get("/matters").text
    told.clock.now = told.clock.now.replace(month=12, day=1)
    mediator = web_client(Office.MEDIATOR)
    assert "今天是接访日" in mediator.get("/matters").text
    matter(told).came("reception")
    assert "2026年12月1日（周二）接访日" in mediator.get("/matters").text


def test_lists_and_boards_of_cases_have_none(told: Story, mediator: Browser) -> None:
    matter(told).came("grid")
    for path in ("/cases", "/self-check", "/alerts"):
        assert "/cases/S1" not in mediator.get(path).text, path


def test_its_pages_are_there_for_whoever_may_look(told: Story, web_client: SignedIn) -> None:
    story = matter(told).taken_on("grid")
    story.do(RecordMeasure(words=Text("上门看了")))
    for path in ("", "?show=joint", "?tab=record", "/replay?at=3", "/steps", "/missing", "/audit", "/reads"):
        assert web_client(Office.LEAD).get(f"/cases/S1{path}").status_code == 200, path
    story.do(EndMatter(ending="on_spot"))
    assert "当场解决" in web_client(Office.AUDITOR).get("/cases/S1").text


def test_pages_that_cases_alone_have_are_not_there(told: Story, web_client: SignedIn) -> None:
    matter(told).came("grid")
    lead = web_client(Office.LEAD)
    for path in ("/cases/S1/people", "/cases/S1/access", "/cases/S1/visits/1", "/applications/S1/receipt"):
        assert lead.get(path).status_code == 404, path
