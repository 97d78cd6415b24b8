"""The hand that does the measured tasks: what it counts, and that it sees only what a person sees."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bench.tasks.hand import Hand, NotSeen, Refused, Tally

from ..support.browser import CHROMIUM, chromium

FORM = """<main><h1>表</h1><form method="post" action="/sent">
<label for="a">种类</label><select id="a" name="x1"><option>付款</option><option>履行行为</option></select>
<label for="b">金额</label><input id="b" name="x2">
<fieldset><legend>到场的当事人</legend>
<label><input type="checkbox"> 甲</label><label><input type="checkbox" checked> 乙</label></fieldset>
<details><summary>其他情况</summary><label for="c">来源说明</label><input id="c" name="x3"></details>
<p hidden><label for="d">看不见的</label></p>
<button>办理</button></form><p><a href="/elsewhere">回到案件</a></p></main>"""
REFUSAL = """<main><h1>表</h1><div role="alert">还差这些 <a href="/mend">去补</a></div>
<form method="post" action="/sent"><button>办理</button></form><p><a href="/elsewhere">回到案件</a></p></main>"""


OVER = """<main><h1>案件</h1><a href="/under">办理</a><dialog><div><h1>表</h1>
<label for="e">金额</label><input id="e"><button type="button">办理</button></div></dialog></main>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("there is no chromium here; make browser installs one")
    with chromium() as found:
        yield found


@pytest.fixture
def hand(browser: Browser) -> Iterator[Hand]:
    """A hand on the form, whose order is refused."""
    page = browser.new_page()
    page.route(
        "**/*",
        lambda it: it.fulfill(
            status=422 if it.request.method == "POST" else 200,
            content_type="text/html; charset=utf-8",
            body=REFUSAL if it.request.method == "POST" else FORM,
        ),
    )
    hand = Hand.at(page, Tally())
    page.goto("http://a.test/form")
    hand.tally.acts.clear()
    yield hand
    page.close()


def test_a_list_is_two_presses_and_none_where_it_is_so_already(hand: Hand) -> None:
    hand.choose("种类", "付款")
    assert hand.tally.clicks == 0
    hand.choose("种类", "履行行为")
    assert hand.tally.clicks == 2


def test_typing_is_free_and_a_fold_is_opened_with_a_press(hand: Hand) -> None:
    hand.type("金额", "12000")
    assert hand.tally.clicks == 0
    hand.type("来源说明", "派出所")
    assert hand.tally.clicks == 1


def test_boxes_are_pressed_only_where_they_are_not_yet_so(hand: Hand) -> None:
    hand.tick("到场的当事人", "甲", "乙")
    assert hand.tally.clicks == 1
    hand.only("到场的当事人", "甲")
    assert hand.tally.clicks == 2


def test_what_nobody_sees_is_not_found(hand: Hand) -> None:
    for words in ("x2", "不在这页上的"):
        with pytest.raises(NotSeen):
            hand.type(words, "一")
    with pytest.raises(NotSeen):
        hand.press("不在这页上的")


def test_a_refusal_is_a_dead_end_only_where_one_has_to_leave_by_another_way(hand: Hand) -> None:
    for leave, ends in (("去补", 0), ("回到案件", 1)):
        with pytest.raises(Refused):
            hand.press("办理")
        hand.press(leave)
        assert len(hand.tally.dead_ends) == ends
    assert hand.tally.refusals == 2
    assert hand.tally.pages == 4


def test_pages_are_measured_in_screens_of_a_desk_and_a_phone(hand: Hand) -> None:
    hand.page.evaluate("document.body.style.height = '1600px'")
    hand.look_over()
    desk, phone = hand.tally.screens["表"]
    assert 2 <= desk < 2.2 and 2.5 <= phone < 2.7


def test_a_form_in_front_of_the_page_is_all_that_is_seen(hand: Hand) -> None:
    hand.page.set_content(OVER)
    assert hand.heading() == "案件" and not hand.has_form()
    hand.page.evaluate("document.querySelector('dialog').showModal()")
    assert hand.heading() == "表" and hand.has_form() and not hand.says("案件")
    hand.type("金额", "12000")
    hand.press("办理")
    assert hand.page.url == "http://a.test/form"


def test_several_files_are_chosen_by_the_first_and_the_last(hand: Hand, tmp_path: Path) -> None:
    scan = tmp_path / "scan.png"
    scan.write_bytes(b"")
    hand.page.set_content('<main><label for="g">选文件</label><input type="file" id="g" multiple></main>')
    hand.attach("选文件", [scan])
    assert hand.tally.clicks == 2
    hand.attach("选文件", [scan, scan, scan])
    assert hand.tally.clicks == 5
