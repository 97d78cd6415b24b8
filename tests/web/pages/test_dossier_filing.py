"""案卷 filled on one page: a field for each place that lacks something, one press, each filed once."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from mediation_engine.domain.fields import HOST_ONLY
from mediation_engine.domain.roles import Office
from workflows.facts import Exhibit, facts_of
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
    assert "已收存4件" in page
    assert wanted(page) == ["rights", "agreement"]


def test_one_that_is_refused_is_said_at_its_place_and_the_others_are_filed(li: Browser, told: Story) -> None:
    answer = hand_in(li, application=photo(), rights=b"MZ" + bytes(99))
    assert answer.status_code == 422
    assert "这是程序，不收" in answer.text and "2 权利义务告知书" in answer.text
    assert "已收存1件" in answer.text
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


def test_who_only_reads_is_offered_no_field(web_client: Client, told: Story) -> None:
    assert wanted(web_client(Office.AUDITOR).get(PAGE).text) == []
