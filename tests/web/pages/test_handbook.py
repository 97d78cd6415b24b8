"""手册: every chapter renders, names what the program shows, and shows the pictures there are; who may reads it."""

from __future__ import annotations

import gzip
import html
import importlib.util
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hatchling.metadata.core import ProjectMetadata
from hatchling.plugin.manager import PluginManager
from PIL import Image

from mediation_engine.domain.roles import Office
from web.presenters import handbook
from web.presenters.handbook import OF_PARTIES, ON_PHONE, Chapter, chapters, pictures, rendered, search
from web.presenters.page_help import HELP
from web.wiring import catalogue

from ...support.said import said, trimmed
from ...support.story import STAFF
from ..conftest import Browser

Client = Callable[[Office | str], Browser]
ROOT = Path(__file__).parents[3]
NAMED = re.compile("[「“]([^」”]+)[」”]")
SHOWN = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")
LONGEST = 1500
"""Characters of a chapter of two pages, with what it shows."""
SHOWN_AT_MOST = 2
MOST_BYTES = 2_000_000
WORKFLOWS = catalogue().workflows.values()
ALL = chapters(WORKFLOWS)
SOURCES = {path.stem.partition("-")[2]: path for path in sorted((ROOT / "docs/handbook").glob("*.md"))}


def taking() -> ModuleType:
    """The command by which the pictures are taken."""
    spec = importlib.util.spec_from_file_location("handbook_pictures", ROOT / "docs/handbook_pictures.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def address(code: str) -> str:
    return f"/help/{code}"


@pytest.mark.parametrize("office", STAFF, ids=lambda office: office.value)
def test_all_staff_read_every_chapter(web_client: Client, office: Office) -> None:
    browser = web_client(office)
    contents = browser.get("/help").text
    assert len(ALL) == len(SOURCES) == 17
    for code, chapter in ALL.items():
        assert f'href="{address(code)}"' in contents and chapter.title in contents
        answer = browser.get(address(code))
        assert answer.status_code == 200
        assert f"<h1>{chapter.title}</h1>" in answer.text
        assert "[[" not in answer.text and "](" not in answer.text and "**" not in answer.text
        assert len(gzip.compress(answer.data)) < 60 * 1024


def test_a_party_reads_its_own_chapter_without_an_account_and_no_other(browser: Browser) -> None:
    assert browser.get(address(OF_PARTIES)).status_code == 200
    assert "使用手册</a>" not in browser.get(address(OF_PARTIES)).text
    for path in ("/help", *(address(code) for code in ALL if code != OF_PARTIES)):
        assert browser.get(path).headers["Location"].startswith("/sign-in")


def test_there_is_no_chapter_of_another_name(web_client: Client) -> None:
    assert web_client(Office.MEDIATOR).get("/help/none").status_code == 404


@pytest.mark.parametrize("code", SOURCES)
def test_everything_a_chapter_names_is_called_so_in_the_program(code: str) -> None:
    source = SOURCES[code].read_text(encoding="utf-8")
    wrong = {name for name in NAMED.findall(source) if trimmed(name) not in said()}
    assert wrong == set()


def test_what_a_page_says_of_its_use_names_things_as_they_are_called_too() -> None:
    lines = [line for it in HELP.values() for line in it.lines]
    wrong = {name for line in lines for name in NAMED.findall(line) if trimmed(name) not in said()}
    assert wrong == set()


@pytest.mark.parametrize("code", SOURCES)
def test_a_chapter_is_short_and_its_steps_are_numbered(code: str) -> None:
    source = SOURCES[code].read_text(encoding="utf-8")
    assert source.startswith(f"# {ALL[code].title}\n")
    assert len(re.sub(r"\s", "", SHOWN.sub("", source))) <= LONGEST
    assert len(SHOWN.findall(source)) <= SHOWN_AT_MOST
    assert re.search(r"^1\. ", source, re.MULTILINE) or code == "glossary"


@pytest.mark.parametrize("code", SOURCES)
def test_links_between_chapters_lead_to_chapters(code: str, web_client: Client) -> None:
    source = SOURCES[code].read_text(encoding="utf-8")
    links = re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", source)
    assert all((SOURCES[code].parent / link).is_file() for link in links)
    page = web_client(Office.MEDIATOR).get(address(code)).text
    for link in links:
        assert f'href="{address(link.partition("-")[2].removesuffix(".md"))}"' in page


def test_the_pictures_are_those_that_are_shown_and_taken_and_none_is_heavy() -> None:
    files = {it.stem: it for it in (ROOT / "web/static/handbook").glob("*.webp")}
    shown = {
        (SOURCES[code].parent / link).resolve() for code in SOURCES for link in SHOWN.findall(SOURCES[code].read_text())
    }
    assert shown == {it.resolve() for it in files.values() if not it.stem.endswith(ON_PHONE)}
    assert {it.removesuffix(ON_PHONE) for it in files} == {it.stem for it in shown}
    assert files.keys() == pictures().keys() == taking().PICTURE.keys()
    assert sum(it.stat().st_size for it in files.values()) <= MOST_BYTES
    for name, file in files.items():
        with Image.open(file) as image:
            assert image.size == (pictures()[name]["width"], pictures()[name]["height"])


def test_pictures_come_when_they_are_looked_at_and_say_what_they_show(web_client: Client) -> None:
    browser = web_client(Office.MEDIATOR)
    page = browser.get(address("first-day")).text
    images = re.findall(r"<img [^>]+>", page)
    assert len(images) == 2
    for image in images:
        assert 'loading="lazy"' in image and re.search(r'width="\d+" height="\d+"', image)
        assert re.search(r'alt="[^"]+"', image)
        source = re.search(r'src="([^"]+)"', image)
        assert source and browser.get(html.unescape(source[1])).mimetype == "image/webp"


def test_a_word_is_found_in_its_chapter_and_leads_to_the_place(web_client: Client) -> None:
    browser = web_client(Office.MEDIATOR)
    page = browser.get("/help?q=退汇").text
    assert f'href="{address("payment")}#s2"' in page and "<mark>退汇</mark>" in page
    assert 'id="s2"' in browser.get(address("payment")).text
    assert "手册里没有写到" in browser.get("/help?q=没有这个词").text
    assert "&lt;b&gt;" in browser.get("/help?q=<b>").text


def test_each_step_is_explained_in_its_own_words() -> None:
    helped = {
        command.label: command.help
        for workflow in WORKFLOWS
        for machine in (*workflow.phases, *workflow.parts)
        for command in machine.commands
        if command.help
    }
    page = html.unescape(rendered(ALL["glossary"], lambda name: name, lambda code: code))
    assert all(f"<strong>{label}</strong>：{words}" in page for label, words in helped.items())
    assert search(ALL.values(), "收到了的退款") == []


def test_nothing_in_a_chapter_becomes_html_of_its_own() -> None:
    chapter = Chapter(code="x", title="x", source='<script>1</script> [a](javascript:1) ![<"](x.webp)「<b>」')
    made = rendered(chapter, lambda name: f'"{name}', lambda code: code)
    assert "<script" not in made and "<b>" not in made and 'href="javascript' not in made
    assert 'src="&quot;x"' in made and 'alt="&lt;&quot;"' in made


def test_it_is_packed_with_the_program() -> None:
    metadata = ProjectMetadata(str(ROOT), PluginManager())
    assert metadata.hatch.build_targets["wheel"]["force-include"] == {"docs/handbook": "web/handbook"}
    assert json.loads((handbook.FOLDER / "pictures.json").read_text(encoding="utf-8"))
