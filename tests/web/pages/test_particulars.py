"""各人的资料: all parties of a case on one form; back at the case once it is saved."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mediation_engine.domain.people import EnterpriseDetails, PersonDetails
from mediation_engine.domain.roles import Office
from web.presenters.person import forms

from ...support.story import Story
from ..conftest import Browser
from ..forms.test_command_form import posted
from .test_people import NUMBER, PHONE, fill
from .test_registration import known
from .test_steps import filled

pytestmark = pytest.mark.quick

Client = Callable[[Office | str], Browser]
PAGE = "/cases/A1/people"


@pytest.fixture
def li(web_client: Client) -> Browser:
    return web_client(Office.MEDIATOR)


def save(browser: Browser, **typed: str) -> str:
    """Fill in the form, and save it; the page of the case."""
    sent = filled(browser, PAGE, do="do") | {name: [value] for name, value in typed.items()}
    answer = browser.send(PAGE, **sent)
    assert (answer.status_code, answer.headers.get("Location")) == (303, "/cases/A1"), answer.text
    return browser.get("/cases/A1").text


def test_all_are_saved_at_one_press_and_one_is_back_at_the_case(li: Browser, told: Story) -> None:
    assert f'href="{PAGE}"' in li.whole()
    said = save(li, **{"party/1.phones": PHONE, "party/1.cannot_read": "是", "party/2.representative": "吕某"})
    assert "已保存2人的资料" in said
    worker, firm = known(told, "worker", "firm")
    assert isinstance(worker, PersonDetails) and isinstance(firm, EnterpriseDetails)
    assert (worker.phones[0].number, worker.cannot_read, firm.representative) == (PHONE, True, "吕某")


def test_what_is_known_stands_there_masked_and_stays(li: Browser, told: Story) -> None:
    fill(li)
    page = li.get(PAGE).text
    assert "138****5678" in page and "3307**********1238" in page
    assert PHONE not in page and NUMBER not in page
    assert "party/1.phones" not in page
    save(li, **{"party/1.phones": "15400000099", "party/2.representative": "吕某"})
    worker, _ = known(told, "worker", "firm")
    assert isinstance(worker, PersonDetails)
    assert [it.number for it in worker.phones] == [PHONE, "057987123456"]
    assert worker.number == NUMBER and worker.cannot_read


def test_a_second_press_saves_nothing_twice(li: Browser, told: Story) -> None:
    sent = filled(li, PAGE, do="do") | {"party/1.phones": [PHONE], "party/2.representative": ["吕某"]}
    assert [li.send(PAGE, **sent).status_code for _ in range(2)] == [303, 303]
    with told.store.read() as unit:
        assert [unit.register.person(id).version for id in ("worker", "firm")] == [2, 2]  # type: ignore[union-attr]


def test_what_is_wrong_is_said_in_its_line_and_nothing_is_saved(li: Browser, told: Story) -> None:
    sent = filled(li, PAGE, do="do") | {"party/1.number": ["330784199003071234"], "party/2.representative": ["吕某"]}
    answer = li.send(PAGE, **sent)
    assert answer.status_code == 422
    assert "最后一位校验不符" in answer.text and 'value="吕某"' in answer.text
    assert known(told, "firm") == [EnterpriseDetails()]


def test_whom_others_have_changed_meanwhile_is_said_and_the_others_are_saved(li: Browser, told: Story) -> None:
    sent = filled(li, PAGE, do="do") | {"party/1.cannot_read": ["是"], "party/2.representative": ["吕某"]}
    fill(li, "worker", 1, **{"name": "王某", "f.number_kind": "resident", "f.job": "焊工"})
    answer = li.send(PAGE, **sent)
    assert answer.status_code == 409
    assert "刚才有人改过王某的资料" in answer.text and "checked" in answer.text
    [worker, firm] = known(told, "worker", "firm")
    assert (worker.cannot_read, worker.job, firm.representative) == (False, "焊工", "吕某")  # type: ignore[attr-defined]
    again = filled_in(answer.text)
    assert li.send(PAGE, **again).status_code == 303
    assert known(told, "worker")[0].cannot_read  # type: ignore[attr-defined]


def filled_in(page: str) -> dict[str, list[str]]:
    """What the form that was given back would post."""
    form = posted(page.partition("<main")[2])
    return {name: form.getlist(name) for name in form} | {"do": ["do"]}


def test_that_somebody_is_a_minor_is_said_where_the_record_says_nothing(li: Browser, told: Story) -> None:
    assert "请核对王某：今年16岁，请记录行为能力。" in save(li, **{"party/1.birth": "2010-01-02"})


def test_every_look_is_on_record(li: Browser, told: Story) -> None:
    li.get(PAGE)
    with told.store.read() as unit:
        assert unit.views.reads("A1")[-1].what == "particulars"
        assert [unit.views.reads_of_person(id)[-1].what for id in ("worker", "firm")] == ["person edit"] * 2


def test_one_person_leads_back_to_the_case_that_one_came_from(li: Browser, told: Story) -> None:
    assert 'href="/people/worker?case=A1"' in li.whole()
    assert 'href="/people/worker/edit?case=A1"' in li.get("/people/worker?case=A1").text
    li.get("/people/worker/edit?case=A1")
    sent = {"name": "王某", "f.job": "焊工", "f.number_kind": "resident", "version": "1", "do": "do"}
    assert li.send("/people/worker/edit", case="A1", **sent).headers["Location"] == "/cases/A1"
    again = sent | {"version": "2", "f.job": "钳工"}
    assert li.send("/people/worker/edit", case="none", **again).headers["Location"] == "/people/worker"


def test_a_draft_of_it_is_opened_again_and_ends_with_whoever_is_erased(
    li: Browser, web_client: Client, told: Story
) -> None:
    sent = filled(li, PAGE) | {"party/2.representative": ["吕某"], "do": ["keep"]}
    li.send(PAGE, **sent)
    assert 'value="吕某"' in li.get(PAGE).text
    with told.store.write() as unit:
        for path in forms("firm", ["A1"]):
            unit.drafts.end_at(path)
    assert 'value="吕某"' not in li.get(PAGE).text
