"""An auditor's way through a case in a real browser: back to its middle, on and back, verified, taken away, checked.

With scripts, where a slider moves the page in place, and without, where every move is a page of its own.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from web.presenters.replay import moment
from workflows.parts.block import RecordTalk

from ..support.story import Story
from ..support.watching import Watched

PRIVATE = "只要八千就肯走"
PROGRAM = Path(sys.executable).with_name("mediation")


@pytest.fixture
def story(story: Story) -> Story:
    """With something said in private."""
    story.do(RecordTalk(party="party/1", said=Text(PRIVATE)))
    return story


WITH = pytest.param(True, marks=pytest.mark.thorough)
"""With scripts: the longer way, for nothing here needs them."""


@pytest.fixture(params=[WITH, False], ids=["with scripts", "without scripts"])
def context(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh profile."""
    context = chromium.new_context(java_script_enabled=request.param, locale="zh-CN", reduced_motion="reduce")
    context.has_scripts = request.param  # type: ignore[attr-defined]
    yield context
    context.close()


@pytest.fixture
def window(context: BrowserContext, site: str) -> Watched:
    window = Watched(context, site)
    window.sign_in("chen")
    return window


def stands_at(page: Page, story: Story, number: int) -> None:
    """The page, its title and its address hold one place; what it shows is the fold of the lines up to there."""
    page.wait_for_url(re.compile(rf"/cases/A1/replay\?at={number}$"))
    last, label = len(story.lines), f"第 {number} 条，共 {len(story.lines)} 条"
    assert label in page.inner_text("#place")
    assert page.title().startswith(f"回放第{number}条")
    assert page.input_value("#at") == str(number)
    here = moment(story.view(Office.AUDITOR), number)
    assert page.inner_text(".did h3").split("\n")[0].startswith(here.told.what)
    shown = [" ".join(words.split()) for words in page.locator(".stood ul.parts li").all_inner_texts()]
    assert shown == [
        " ".join(f"{thing.name} {thing.contents} {thing.state}".split())
        for _, things in here.things
        for thing in things
    ]
    links = page.locator(".moves a").all_inner_texts()
    assert links == [*(["首条", "上一条"] if number > 1 else []), *(["下一条", "末条"] if number < last else [])]
    assert PRIVATE not in page.content()


def test_an_auditor_replays_to_the_middle_verifies_and_takes_the_case_away(
    window: Watched, story: Story, context: BrowserContext, tmp_path: Path
) -> None:
    page, last = window.page, len(story.lines)
    middle = last // 2
    window.open("/cases/A1")
    page.click("nav.plain >> text=回放")
    assert f"第 {last} 条，共 {last} 条" in page.inner_text("#place")

    slide_to(page, middle, scripts=context.has_scripts)  # type: ignore[attr-defined]
    stands_at(page, story, middle)
    page.reload()
    stands_at(page, story, middle)
    for move, number in (
        ("上一条", middle - 1),
        ("下一条", middle),
        ("下一条", middle + 1),
        ("首条", 1),
        ("末条", last),
    ):
        page.click(f".moves >> text={move}")
        stands_at(page, story, number)
    assert "（内容不公开）" in page.inner_text(".did")

    page.click(".ways >> text=校验")
    assert page.inner_text(".verdict strong") == "完整，有已知瑕疵 2 处"
    assert "没有发现问题。" in page.inner_text("main")
    with page.expect_download() as taken:
        page.click("text=导出案件记录")
    file = tmp_path / taken.value.suggested_filename
    taken.value.save_as(file)
    assert file.name == f"{story.case.facts.number}.jsonl"
    assert PRIVATE not in file.read_text(encoding="utf-8")
    checked = audit(file)
    assert checked.returncode == 0, checked.stderr
    assert "A1" in checked.stdout

    first = alter(file, middle)
    found = audit(file)
    assert found.returncode == 1
    assert f"第{first}条" in found.stdout.replace(" ", "")

    page.click(".ways >> text=查阅记录")
    looks = page.locator("main tbody tr").all_inner_texts()
    assert any(f"回放第{middle}条" in look and "陈核查" in look for look in looks)
    assert any("导出" in look for look in looks)


def slide_to(page: Page, number: int, *, scripts: bool) -> None:
    """By the slider; where nothing moves by itself, by the button beside it."""
    page.locator("#at").fill(str(number))
    if not scripts:
        page.click("#replay button")


def audit(file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, "audit", "--file", file], capture_output=True, text=True, check=False)


def alter(file: Path, number: int) -> int:
    """Change the order of a line in the file, as somebody might who has it; the order's first line."""
    rows = [json.loads(row) for row in file.read_text(encoding="utf-8").splitlines()]
    order = next(row for row in rows if row["what"] == "order" and number < row["first"] + row["count"])
    order["body"] = base64.b64encode(base64.b64decode(order["body"]).replace(b"2026", b"2027", 1)).decode()
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    first: int = order["first"]
    return first


@pytest.mark.parametrize("context", [True], indirect=True, ids=["with scripts"])
def test_the_slider_goes_by_the_keys_and_loads_no_page_anew(window: Watched, story: Story) -> None:
    page, last = window.page, len(story.lines)
    window.open(f"/cases/A1/replay?at={last}")
    page.evaluate("window.kept = true")
    page.focus("#at")
    for key, number in (
        ("ArrowLeft", last - 1),
        ("ArrowLeft", last - 2),
        ("ArrowRight", last - 1),
        ("Home", 1),
        ("End", last),
    ):
        page.keyboard.press(key)
        stands_at(page, story, number)
    assert page.evaluate("window.kept")
    assert page.evaluate("document.activeElement.id") == "at"
    window.hold_everywhere()
