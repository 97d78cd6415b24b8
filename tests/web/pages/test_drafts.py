"""What was typed survives the end of a sign-in: kept for its owner alone, filled in again, given only when sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from workflows.parts.note import RecordNote

from ...support.story import Story
from ..conftest import PASSWORD, SEALS, Browser
from .test_steps import filled, filled_again

pytestmark = pytest.mark.quick

Client = Callable[[Office], Browser]
PATH = "/cases/A1/steps/RecordNote"
KEPT = "您填的内容已经存好"


def sign_in(browser: Browser, name: str, onward: str) -> object:
    browser.get("/sign-in")
    typed = {"csrf_token": browser.token, "name": name, "password": PASSWORD, "next": onward}
    return browser.post("/sign-in", data=typed)


@pytest.fixture
def late(web_client: Client, told: Story) -> tuple[Browser, dict[str, list[str]]]:
    """A mediator who typed a note and came back from lunch; and what the form posts."""
    li = web_client(Office.MEDIATOR)
    form = filled(li, PATH, f__words="一大段话，写了很久", do="do")
    told.clock.now += timedelta(minutes=31)
    return li, form


def test_it_is_kept_and_the_sign_in_says_so_and_leads_back_to_the_filled_form(
    late: tuple[Browser, dict[str, list[str]]], told: Story
) -> None:
    (li, form), before = late, len(told.lines)
    away = li.post(PATH, data=form)
    assert (away.status_code, len(told.lines)) == (302, before)
    assert KEPT in li.get(away.location).text
    back = sign_in(li, "li", PATH)
    assert back.location == PATH  # type: ignore[attr-defined]
    page = unescape(li.get(PATH).text)
    assert "还没有办理" in page
    again = filled_again(page)
    assert again["f.words"] == ["一大段话，写了很久"]
    assert len(told.lines) == before
    assert li.post(PATH, data=again | {"do": ["do"]}).status_code == 303
    assert told.lines[-1].event == "NoteRecorded"
    assert "还没有办理" not in li.get(PATH).text, "what was given is no draft any more"


def test_nobody_else_who_signs_in_there_sees_it(late: tuple[Browser, dict[str, list[str]]]) -> None:
    li, form = late
    li.post(PATH, data=form)
    sign_in(li, "wang", PATH)
    page = li.get(PATH).text
    assert "写了很久" not in page
    assert "还没有办理" not in page


def test_with_the_ended_session_nothing_can_be_seen_or_done(
    late: tuple[Browser, dict[str, list[str]]], told: Story
) -> None:
    (li, form), before = late, len(told.lines)
    li.post(PATH, data=form)
    assert li.get("/cases/A1").status_code == 302
    assert li.post(PATH, data=form).status_code == 302
    assert len(told.lines) == before


def test_the_words_lie_sealed(late: tuple[Browser, dict[str, list[str]]], told: Story) -> None:
    li, form = late
    li.post(PATH, data=form)
    with told.store.read() as unit:
        [draft] = unit.drafts.of("li")
        sealed = unit.drafts.sealed(draft)
        kept = [row.kept for row in unit.accounts.sign_ins("li")]
    assert "写了很久" in SEALS.open("draft li", sealed)
    assert all("写了很久" not in one.encode().decode("unicode_escape", "ignore") for one in (sealed, *kept))
    assert not SEALS.opens("draft wang", sealed)


def test_where_somebody_signed_out_or_never_was_in_nothing_is_kept(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    form = filled(li, PATH, f__words="一句话", do="do")
    li.post("/sign-out", data={"csrf_token": form["csrf_token"]})
    away = li.post(PATH, data=form)
    assert "kept" not in away.location
    assert "刚才填的内容没有存下来" in li.get(away.location).text
    assert sign_in(li, "li", PATH).location == PATH  # type: ignore[attr-defined]


def test_a_new_case_and_a_correction_are_kept_too(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    path = "/cases/new"
    form = filled(li, path, f__matter="欠薪两个月", do="do")
    told.clock.now += timedelta(minutes=31)
    assert "kept" in li.post(path, data=form).location
    sign_in(li, "li", path)
    assert filled_again(li.get(path).text)["f.matter"] == ["欠薪两个月"]
    note = told.do(RecordNote(words=Text("旧的"))).first
    path = f"/cases/A1/lines/{note}/correct"
    form = filled(li, path, reason="记错了", do="do")
    told.clock.now += timedelta(minutes=31)
    assert "kept" in li.post(path, data=form).location
    sign_in(li, "li", path)
    assert filled_again(li.get(path).text)["reason"] == ["记错了"]


def test_two_forms_are_two_drafts_and_each_is_given_by_itself(web_client: Client, told: Story) -> None:
    li, talk = web_client(Office.MEDIATOR), "/cases/A1/steps/RecordSession"
    note, again = (filled(li, PATH, f__words=words, do="do") for words in ("头一段", "第二段"))
    session = filled(li, talk, f__minutes="会上说的", do="do")
    told.clock.now += timedelta(minutes=31)
    for path, form in ((PATH, note), (talk, session), (PATH, again)):
        told.clock.now += timedelta(seconds=1)
        assert "kept" in li.post(path, data=form).location
    sign_in(li, "li", PATH)
    assert filled_again(li.get(talk).text)["f.minutes"] == ["会上说的"]
    for words in ("第二段", "头一段"):
        form = filled_again(li.get(PATH).text)
        assert form["f.words"] == [words]
        assert li.post(PATH, data=form | {"do": ["do"]}).status_code == 303
    assert "还没有办理" not in li.get(PATH).text
    assert "还没有办理" in li.get(talk).text


def test_the_draft_about_one_thing_is_not_filled_in_for_another(web_client: Client, told: Story) -> None:
    li, path = web_client(Office.MEDIATOR), "/cases/A1/steps/RefuseMediation"
    form = filled(li, f"{path}?on=party/1", f__reason="不想谈了", do="do")
    told.clock.now += timedelta(minutes=31)
    assert "kept" in li.post(path, data=form).location
    sign_in(li, "li", path)
    assert "不想谈了" not in li.get(f"{path}?on=party/2").text
    assert "不想谈了" in li.get(f"{path}?on=party/1").text
    assert "不想谈了" in li.get(path).text


def test_one_that_is_not_wanted_is_dropped_with_a_button(late: tuple[Browser, dict[str, list[str]]]) -> None:
    li, form = late
    li.post(PATH, data=form)
    sign_in(li, "li", PATH)
    page = li.get(PATH).text
    assert "不要这份，重新填写" in page
    gone = li.post(PATH, data=filled_again(page) | {"do": ["fresh"]})
    assert (gone.status_code, gone.location) == (303, PATH)
    assert "写了很久" not in li.get(PATH).text
    assert "不要这份" not in li.get(PATH).text


def test_a_colleague_who_signs_in_meanwhile_does_not_take_it_away(
    late: tuple[Browser, dict[str, list[str]]], web_client: Client, told: Story
) -> None:
    li, form = late
    li.post(PATH, data=form)
    told.clock.now += timedelta(hours=13)
    web_client(Office.LEAD)
    sign_in(li, "li", PATH)
    assert filled_again(li.get(PATH).text)["f.words"] == ["一大段话，写了很久"]


@pytest.mark.parametrize(
    "sent", [{"Origin": "http://127.0.0.1:9999"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}]
)
def test_a_form_from_elsewhere_is_kept_for_nobody(
    late: tuple[Browser, dict[str, list[str]]], sent: dict[str, str]
) -> None:
    li, form = late
    assert "kept" not in li.post(PATH, data=form | {"f.words": ["别人塞进来的"]}, headers=sent).location
    sign_in(li, "li", PATH)
    assert "塞进来" not in li.get(PATH).text
