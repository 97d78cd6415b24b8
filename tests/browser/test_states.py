"""Pages that say that something is wrong, or not yet done: held to the same as all others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from workflows.parts.party import RecordConsent

from ..support.browser import served
from ..support.notices import published
from ..support.story import Story
from ..support.thorough import some
from ..support.watching import Watched
from ..web.conftest import PASSWORD

Way = Callable[[Watched, Story], None]
WAYS: dict[str, tuple[str, int, str, Way]] = {}
"""By name: who goes it, what the page then answers with, what it says, and how one comes there."""


def way(who: str, status: int, words: str) -> Callable[[Way], Way]:
    """Declare a way to a page, and what it must then say."""

    def declare(go: Way) -> Way:
        WAYS[go.__name__] = who, status, words, go
        return go

    return declare


def send(window: Watched, button: str = ".buttons button:not(.second)") -> None:
    """Press a button of the form that is not looked over by the browser first."""
    window.page.evaluate("document.querySelectorAll('main form').forEach(f => { f.noValidate = true; })")
    window.page.click(button)


@way("", 422, "账号、密码或动态口令不对")
def a_wrong_password(window: Watched, story: Story) -> None:
    window.sign_in("li", "wrong")


@way("li", 422, "原密码不对")
def a_password_not_changed(window: Watched, story: Story) -> None:
    window.open("/me/password")
    for name in ("old", "new", "again"):
        window.page.fill(f"#{name}", "一匹坏马配一副坏鞍子走天下")
    send(window, "main form:has(#old) button")


@way("li", 422, "这个口令不对")
def a_wrong_code(window: Watched, story: Story) -> None:
    window.open("/me/codes")
    window.page.fill("#code", "000000")
    send(window, "main form:has(#code) button")


@way("li", 422, "请改好下面几处再提交")
def a_case_not_registered(window: Watched, story: Story) -> None:
    window.open("/cases/new")
    window.page.fill("[name='applicant.0.count']", "几个")
    send(window)


@way("li", 200, "下面这些没有结束的案件里有同名的人")
def a_case_of_the_same_name(window: Watched, story: Story) -> None:
    window.open("/cases/new")
    window.page.check("[name=program] >> nth=0")
    window.page.fill("[name='applicant.0.name']", "王某")
    window.page.fill("[name='respondent.0.name']", "另一家厂")
    window.page.check("[name='f.dispute'] >> nth=0")
    send(window)


@way("li", 422, "请改好下面几处再提交")
def a_form_filled_in_wrongly(window: Watched, story: Story) -> None:
    window.open("/cases/B1/steps/ReachAgreement")
    window.page.fill("[name='f.terms.0.amount']", "很多")
    send(window)


@way("li", 422, "还差这些，办好了才能办理")
def a_step_that_gates_refuse(window: Watched, story: Story) -> None:
    window.open("/cases/B1/steps/ScheduleSession")
    send(window)


@way("wang", 422, "变通：")
def a_step_the_lead_may_let_through(window: Watched, story: Story) -> None:
    window.open("/cases/B1/steps/ScheduleSession")
    send(window)


@way("li", 200, "现在不能办理")
def a_step_that_is_barred(window: Watched, story: Story) -> None:
    window.open("/cases/B1/steps/AcceptCase")


@way("li", 200, "现在还没有写入")
def a_preview(window: Watched, story: Story) -> None:
    window.open("/cases/B1/steps/RecordNote")
    window.page.fill("[name='f.words']", "补记一笔")
    send(window, ".buttons .second")


@way("li", 200, "第2行")
def one_more_row(window: Watched, story: Story) -> None:
    window.open("/cases/B1/steps/ReachAgreement")
    send(window, "[value='more:f.terms']")


@way("li", 409, "您打开这张表以后，情况有了变化")
def a_stale_form(window: Watched, story: Story) -> None:
    window.open("/cases/B1/steps/RecordConsent?on=party/2")
    other = Story(story.store, story.clock, "B1")
    other.told = 99
    other.do(RecordConsent(), "party/2")
    send(window)


@way("li", 200, "已办理“补记情况”")
def something_just_done(window: Watched, story: Story) -> None:
    window.open("/cases/B1/steps/RecordNote")
    window.page.fill("[name='f.words']", "补记一笔")
    send(window)


@way("chen", 422, "不是存证点文件")
def a_file_that_is_no_checkpoint(window: Watched, story: Story) -> None:
    window.open("/cases/A1/audit")
    window.page.set_input_files("#checkpoint", [{"name": "x.json", "mimeType": "application/json", "buffer": b"{}"}])
    send(window, "main form:has(#checkpoint) button")


@way("chen", 200, "件全部相符")
def a_checkpoint_compared(window: Watched, story: Story) -> None:
    window.open("/audit")
    with window.page.expect_download() as taken:
        window.page.click("[href='/audit/checkpoint']")
    kept = Path(taken.value.path()).read_bytes()
    window.page.set_input_files("#checkpoint", [{"name": "x.json", "mimeType": "application/json", "buffer": kept}])
    send(window, "main form:has(#checkpoint) button")


@way("chen", 404, "没有找到")
def a_page_that_is_none(window: Watched, story: Story) -> None:
    window.open("/cases/NONE")


@way("zhao", 403, "您不能打开这一页")
def a_page_of_another_office(window: Watched, story: Story) -> None:
    window.open("/cases/A1")


@way("li", 405, "这一页不能这样打开")
def a_page_opened_the_wrong_way(window: Watched, story: Story) -> None:
    window.open("/sign-out")


@way("li", 400, "这一页已经过期")
def a_form_of_another_session(window: Watched, story: Story) -> None:
    window.open("/cases/B1/steps/RecordNote")
    window.page.evaluate("document.querySelector('main [name=csrf_token]').value = 'x'")
    send(window)


@way("wang", 422, "写的是共8天")
def a_notice_that_does_not_fit(window: Watched, story: Story) -> None:
    window.open("/calendar/import")
    window.page.fill("#text", published(2026).replace("共9天", "共8天"))
    window.page.click("button[value=check]")


@way("wang", 200, "换掉现有的安排")
def a_notice_read_back_that_would_change_an_official_year(window: Watched, story: Story) -> None:
    window.open("/calendar/import")
    window.page.fill("#text", published(2026).replace("9月20日（周日）、", ""))
    window.page.click("button[value=check]")


@way("li", 404, "没有2040年的放假安排")
def a_year_that_nobody_knows(window: Watched, story: Story) -> None:
    window.open("/calendar/2040")


@way("li", 422, "请写 1 到 9999 的整数")
def a_period_not_counted(window: Watched, story: Story) -> None:
    window.open("/calendar/count")
    window.page.fill("#number", "0")
    send(window)


@pytest.fixture
def window(chromium: Browser, much: Story) -> Iterator[Watched]:
    context = chromium.new_context(locale="zh-CN", reduced_motion="reduce")
    with served(much) as site:
        yield Watched(context, site)
    context.close()


@pytest.mark.parametrize("name", some(WAYS, 4))
def test_what_a_page_says_then_is_held_to_the_same(window: Watched, much: Story, name: str) -> None:
    who, status, words, go = WAYS[name]
    if who:
        window.sign_in(who, PASSWORD)
    answers: list[int] = []
    window.page.on("response", lambda r: answers.append(r.status) if r.request.is_navigation_request() else None)
    go(window, much)
    window.page.wait_for_load_state()
    assert words in window.page.inner_text("main")
    assert answers[-1] == status
    window.hold_everywhere()
