"""案卷 filled on one page: a field for each place that lacks something, or many files at once; each filed once."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from mediation_engine.domain.fields import HOST_ONLY
from mediation_engine.domain.roles import Office
from workflows.facts import Exhibit, facts_of
from workflows.papers.dossier import NAMED_BY
from workflows.vocabulary import DossierPlace, ExhibitKind

from ...support.files import pdf, photo
from ...support.story import Story
from ..conftest import Browser

pytestmark = pytest.mark.quick

Client = Callable[[Office | str], Browser]
PAGE = "/cases/A1/dossier"
WANTED = ["application", "rights", "identity.party/1", "identity.party/2", "agreement"]


@pytest.fixture
def li(web_client: Client) -> Browser:
    return web_client(Office.MEDIATOR)


def wanted(page: str) -> list[str]:
    """What the page asks to be handed in, by the names of its fields."""
    return re.findall(r'type="file" id="files\.([^"]+)"', page)


def id_of(page: str) -> str:
    found = re.search(r'name="id" value="([^"]+)"', page)
    assert found
    return found[1]


def hand_in(browser: Browser, form: str = "", **contents: bytes | list[bytes]) -> TestResponse:
    page = browser.get(PAGE).text
    files = {
        f"files.{name}": [(BytesIO(it), "照片.jpg") for it in (of if isinstance(of, list) else [of])]
        for name, of in contents.items()
    }
    return browser.send(PAGE, id=form or id_of(page), **files)


def filed(story: Story) -> list[tuple[ExhibitKind | None, DossierPlace | None, str | None]]:
    exhibits: list[Exhibit] = list(facts_of(story.case).exhibits.values())
    return [(it.kind, it.place, it.party) for it in exhibits]


def test_there_is_a_field_for_each_place_that_lacks_something(li: Browser, told: Story) -> None:
    page = li.get(PAGE).text
    assert wanted(page) == WANTED
    assert "王某的" in page and "某五金厂的" in page


def test_one_press_files_all_each_as_its_place_wants_it(li: Browser, told: Story) -> None:
    answer = hand_in(
        li, **{"application": photo("a"), "identity.party/1": [photo("b"), photo("c")], "identity.party/2": pdf()}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    identity = ExhibitKind.IDENTITY, DossierPlace.IDENTITY
    assert filed(told) == [
        (ExhibitKind.OTHER, DossierPlace.APPLICATION, None),
        (*identity, "party/1"),
        (*identity, "party/1"),
        (*identity, "party/2"),
    ]
    assert facts_of(told.case).exhibits["exhibit/2"].label not in ("joint", HOST_ONLY)
    page = li.get(PAGE).text
    assert "已收存 4 份" in page and "已收存" not in li.get(PAGE).text
    assert wanted(page) == ["rights", "agreement"]


def test_one_that_is_refused_is_said_at_its_place_and_the_others_are_filed(li: Browser, told: Story) -> None:
    answer = hand_in(li, application=photo(), rights=b"MZ" + bytes(99))
    assert answer.status_code == 422
    assert "这是程序，不收" in answer.text and "2 权利义务告知书" in answer.text
    assert "已收存 1 份" in answer.text
    assert [place for _, place, _ in filed(told)] == [DossierPlace.APPLICATION]
    assert wanted(answer.text) == WANTED[1:]
    again = li.send(PAGE, id=id_of(answer.text), **{"files.rights": [(BytesIO(photo()), "a.jpg")]})
    assert again.status_code == 303


def test_a_second_press_files_nothing_twice(li: Browser, told: Story) -> None:
    form, sent = id_of(li.get(PAGE).text), photo()
    for _ in range(2):
        assert hand_in(li, form, **{"application": sent, "identity.party/1": sent}).status_code == 303
    assert len(filed(told)) == 2
    answer = hand_in(li, form, application=photo("another"))
    assert answer.status_code == 422 and "刚才已经收存过一次" in answer.text
    assert len(filed(told)) == 2


@pytest.mark.parametrize(
    ("form", "name", "said"),
    [
        ("formform", "", "没有选择文件"),
        ("formform", "nowhere", "这一页不完整"),
        ("formform", "identity.party/9", "这一页不完整"),
        ("short", "rights", "这一页不完整"),
    ],
)
def test_what_is_no_field_of_the_page_files_nothing(li: Browser, told: Story, form: str, name: str, said: str) -> None:
    answer = hand_in(li, form, **({name: photo()} if name else {}))
    assert answer.status_code == 422 and said in answer.text
    assert filed(told) == []


def send(browser: Browser, number: int, name: str, content: bytes, title: str = "") -> TestResponse:
    """As the script sends each file, from the page seen last."""
    form = f"formformform.{number}"
    fields = {f"files.{name}": [(BytesIO(content), "file")], f"title.{name}": title}
    return browser.send(PAGE, id=form, by_script="1", **fields)


def test_what_a_script_sends_one_by_one_is_said_once_together(li: Browser, told: Story) -> None:
    li.get(PAGE)
    for n, name in enumerate(("application", "rights", "notes")):
        assert send(li, n, name, photo(str(n))).status_code == 204
    assert "已收存" not in li.get("/cases").text
    assert [place for _, place, _ in filed(told)] == [
        *(DossierPlace.APPLICATION, DossierPlace.RIGHTS, DossierPlace.NOTES)
    ]
    page = li.get(PAGE).text
    assert "已收存 3 份。还缺的在下面。" in page
    assert "已收存 3 份" not in li.get(PAGE).text


def test_one_file_of_several_papers_lies_in_the_place_of_each(li: Browser, told: Story) -> None:
    li.get(PAGE)
    both = pdf()
    assert send(li, 1, "identity.party/1", both).status_code == 204
    assert send(li, 2, "authority.party/1", both).status_code == 204
    assert [(place, party) for _, place, party in filed(told)] == [
        (DossierPlace.IDENTITY, "party/1"),
        (DossierPlace.AUTHORITY, "party/1"),
    ]


@pytest.mark.parametrize(
    ("name", "title", "called"),
    [
        ("evidence", " 工资条 ", "工资条"),
        ("rights", "按了指印的", "权利义务告知书：按了指印的"),
        ("rights", "权利义务告知书（王某）", "权利义务告知书（王某）"),
        ("rights", "", "权利义务告知书"),
    ],
)
def test_a_file_may_be_given_a_name_and_a_paper_keeps_its_own(
    li: Browser, told: Story, name: str, title: str, called: str
) -> None:
    li.get(PAGE)
    assert send(li, 1, name, photo(), title).status_code == 204
    page = li.get(PAGE).text
    assert called in page


def test_a_name_that_cannot_be_is_refused_in_words(li: Browser, told: Story) -> None:
    li.get(PAGE)
    answer = send(li, 1, "evidence", photo(), "长" * 101)
    assert answer.status_code == 422 and "不能超过100个字" in answer.text
    assert filed(told) == []


def test_the_page_offers_what_is_missing_first_and_every_other_place_once(li: Browser, told: Story) -> None:
    page = li.get(PAGE).text
    offered = re.findall(r'<option value="([^"]+)" data-place', page)
    assert offered[: len(WANTED)] == WANTED
    assert sorted({it.partition(".")[0] for it in offered}) == sorted(it.code for it in DossierPlace)
    assert len(offered) == len(set(offered))


def test_every_place_can_be_told_by_the_name_of_a_file() -> None:
    assert set(NAMED_BY) == set(DossierPlace)
    words = [word for them in NAMED_BY.values() for word in them]
    assert len(words) == len(set(words))


def test_who_only_reads_is_offered_no_field(web_client: Client, told: Story) -> None:
    assert wanted(web_client(Office.AUDITOR).get(PAGE).text) == []
