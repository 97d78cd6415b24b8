"""What was typed survives the end of a sign-in: kept for its owner alone, filled in again, given only when sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from flask import Flask, url_for

from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.ports.drafts import Draft
from web.config import DraftSettings
from web.http.drafts import ENDED_KEPT, FORMS, MOST, TOO_LONG, address
from web.http.templating import moment_in_full
from web.presenters.person import FORM
from workflows.parts.assignment import RecusalGround, RecuseMediator
from workflows.parts.note import RecordNote

from ...support.story import STAFF, Story
from ..conftest import HOST, PASSWORD, SEALS, Browser
from .test_steps import filled, filled_again

pytestmark = pytest.mark.quick

Client = Callable[[Office], Browser]
PATH = "/cases/A1/steps/RecordNote"
KEPT = "您填的内容已经存好"


def mine(told: Story, owner: str = "li") -> list[Draft]:
    """What is kept of somebody."""
    with told.store.read() as unit:
        return [it for it in unit.drafts.of(owner) if not it.given]


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


class TestKept:
    """What somebody keeps while he types, by the button or by the script."""

    def test_it_is_kept_with_a_button_and_the_form_is_filled_in_on_another_device(
        self, web_client: Client, told: Story
    ) -> None:
        li, before = web_client(Office.MEDIATOR), len(told.lines)
        answer = li.post(PATH, data=filled(li, PATH, f__words="写到一半", do="keep"))
        assert (answer.status_code, answer.location) == (303, "/cases/A1")
        assert "草稿已存，还没有办理" in li.get("/cases/A1").text
        other = web_client(Office.MEDIATOR)
        page = unescape(other.get(PATH).text)
        assert f"这是您{moment_in_full(told.clock.now)}存的草稿，还没有办理" in page
        assert filled_again(page)["f.words"] == ["写到一半"]
        assert len(told.lines) == before

    def test_a_script_is_told_only_that_it_was_done_and_nothing_else_is_written(
        self, web_client: Client, told: Story
    ) -> None:
        li = web_client(Office.MEDIATOR)
        form = filled(li, PATH, f__words="写到一半", do="keep", by_script="1")
        tables = vars(told.store._tables)  # type: ignore[attr-defined]
        answer = li.post(PATH, data=form)
        after = vars(told.store._tables)  # type: ignore[attr-defined]
        assert (answer.status_code, answer.data) == (204, b"")
        assert {name for name in tables if tables[name] != after[name]} == {"drafts"}

    def test_of_two_devices_the_later_wins_and_there_is_one_draft(self, web_client: Client, told: Story) -> None:
        desk, phone = web_client(Office.MEDIATOR), web_client(Office.MEDIATOR)
        desk.post(PATH, data=filled(desk, PATH, f__words="桌上写的", do="keep"))
        there = filled_again(phone.get(PATH).text)
        for browser, words in ((phone, "手机上接着写"), (desk, "桌上又写")):
            told.clock.now += timedelta(minutes=1)
            token = {"csrf_token": [browser.token]}
            assert browser.post(PATH, data=there | token | {"f.words": [words], "do": ["keep"]}).status_code == 303
        assert filled_again(phone.get(PATH).text)["f.words"] == ["桌上又写"]
        assert len(mine(told)) == 1

    def test_what_was_given_on_another_device_is_a_draft_no_more_and_comes_back_by_nothing_late(
        self, web_client: Client, told: Story
    ) -> None:
        desk, phone = web_client(Office.MEDIATOR), web_client(Office.MEDIATOR)
        desk.post(PATH, data=filled(desk, PATH, f__words="写好了", do="keep"))
        there = filled_again(phone.get(PATH).text)
        assert phone.post(PATH, data=there | {"do": ["do"]}).status_code == 303
        assert "写好了" not in desk.get(PATH).text
        late = desk.post(PATH, data=there | {"csrf_token": [desk.token], "do": ["keep"], "by_script": ["1"]})
        assert (late.status_code, late.mimetype) == (409, "text/plain")
        assert "已经在别处办理过" in late.text
        assert "写好了" not in desk.get(PATH).text
        assert "没有草稿" in desk.get("/drafts").text

    @pytest.mark.parametrize("of_form", [False, True], ids=["the form itself", "one file of it, by the script"])
    def test_what_arrives_late_of_a_form_of_which_nothing_was_kept_before_it_was_given_is_no_draft(
        self, of_form: bool, web_client: Client, told: Story
    ) -> None:
        li = web_client(Office.MEDIATOR)
        form = filled(li, PATH, f__words="很快就按了", do="do")
        own = {"id": [f"{form['id'][0]}.1"], "of_form": form["id"]} if of_form else {}
        assert li.post(PATH, data=form | own).status_code == 303
        assert li.post(PATH, data=form | {"do": ["keep"], "by_script": ["1"]}).status_code == 409
        assert mine(told) == []
        assert "没有草稿" in li.get("/drafts").text

    def test_of_what_was_given_no_more_is_remembered_than_of_drafts(self, web_client: Client, told: Story) -> None:
        li, most = web_client(Office.MEDIATOR), DraftSettings().most
        for n in range(most + 3):
            told.clock.now += timedelta(minutes=1)
            assert li.post(PATH, data=filled(li, PATH, f__words=f"第{n}次", do="do")).status_code == 303
        with told.store.read() as unit:
            assert len(unit.drafts.of("li")) == most

    def test_a_step_that_is_no_longer_possible_opens_with_why_and_with_what_was_typed(
        self, web_client: Client, told: Story
    ) -> None:
        li, path = web_client(Office.MEDIATOR), "/cases/A1/steps/AcceptCase"
        li.get(PATH)
        li.send(path, id="x", do="keep", **{"f.reason": "材料齐全"})
        page = li.get(path).text
        assert "现在不能办理" in page
        assert "还没有办理" in page
        assert '<form id="step"' in page

    def test_of_what_is_too_long_nothing_is_kept_and_that_is_said(self, web_client: Client, told: Story) -> None:
        li = web_client(Office.MEDIATOR)
        form = filled(li, PATH, f__words="长" * (MOST + 1), do="keep")
        answer = li.post(PATH, data=form | {"by_script": ["1"]})
        assert (answer.status_code, answer.text) == (413, TOO_LONG)
        told_so = li.post(PATH, data=form)
        assert told_so.status_code == 413
        assert TOO_LONG in told_so.text
        assert mine(told) == []

    def test_of_a_thousand_the_latest_are_kept_and_of_old_ones_none(self, web_client: Client, told: Story) -> None:
        li, usual = web_client(Office.MEDIATOR), DraftSettings()
        li.get(PATH)
        for n in range(usual.most + 5):
            told.clock.now += timedelta(seconds=1)
            assert li.send(PATH, id=f"n{n}", do="keep", by_script="1", **{"f.words": f"第{n}份"}).status_code == 204
        assert [it.form for it in mine(told)] == [f"n{n}" for n in range(usual.most + 4, 4, -1)]
        assert li.get("/drafts").text.count('href="/cases/A1/steps/RecordNote?draft=n') == usual.most
        for _ in range(100):
            li.send(PATH, id="n9", do="keep", by_script="1", **{"f.words": "快"})
        assert len(mine(told)) == usual.most
        told.clock.now += timedelta(days=usual.days, hours=1)
        late = web_client(Office.MEDIATOR)
        assert "还没有办理" not in late.get(PATH).text
        assert "没有草稿" in late.get("/drafts").text
        late.send("/cases/A1/steps/RecordSession", id="x", do="keep")
        assert [it.form for it in mine(told)] == ["x"]

    def test_two_of_one_page_are_told_apart_in_the_list(self, web_client: Client, told: Story) -> None:
        li = web_client(Office.MEDIATOR)
        li.get(PATH)
        for n in "12":
            told.clock.now += timedelta(seconds=1)
            li.send(PATH, id=f"n{n}", do="keep", **{"f.words": f"第{n}份"})
        page = li.get("/drafts").text
        assert page.count(RecordNote.label) == 4, "a link and a button each"
        assert "第1份" in li.get(f"{PATH}?draft=n1").text
        both = li.get(PATH).text
        assert "第2份" in both
        assert "这张表您还有 1 份" in both
        fresh = li.post(PATH, data=filled_again(both) | {"do": ["fresh"]})
        assert fresh.location == f"{PATH}?draft="
        assert "还没有办理" not in li.get(fresh.location).text
        li.get("/drafts")
        li.send("/drafts", where=PATH, form="n1")
        assert mine(told) == []

    def test_files_are_not_kept_and_that_is_said(self, web_client: Client, told: Story) -> None:
        li, path = web_client(Office.MEDIATOR), "/cases/A1/steps/FileExhibit"
        form = filled(li, path, f__title="欠条", do="keep")
        li.post(path, data=form | {"files": (BytesIO(b"x"), "a.jpg")}, content_type="multipart/form-data")
        assert "选好的文件、照片没有存" in li.get("/cases/A1").text
        assert filled_again(li.get(path).text)["f.title"] == ["欠条"]

    def test_the_form_of_an_application_is_not_filled_in_where_another_case_is_registered(
        self, web_client: Client, told: Story
    ) -> None:
        li, path = web_client(Office.MEDIATOR), "/cases/new"
        li.get(path)
        li.send(path, id="x", application="B1", do="keep", **{"f.matter": "申请里的事"})
        assert "申请里的事" not in li.get(path).text
        assert [it.path for it in mine(told)] == [path]


PLACES: dict[str, tuple[Office, str, str]] = {
    "steps.step": (Office.MEDIATOR, PATH, "f.words"),
    "visits.sheet": (Office.MEDIATOR, "/cases/A1/visits/1", "f.said"),
    "new_case.new": (Office.MEDIATOR, "/cases/new", "f.matter"),
    "applications.new": (Office.MEDIATOR, "/applications/new", "respondent"),
    "corrections.correct": (Office.MEDIATOR, "/cases/A1/lines/1/correct", "reason"),
    "people.edit": (Office.MEDIATOR, "/people/worker/edit", "name"),
    "particulars.edit": (Office.MEDIATOR, "/cases/A1/people", "party/1.phones"),
    "handover.index": (Office.LEAD, "/handover?from=li", "note"),
    "calendar.take": (Office.LEAD, "/calendar/import", "text"),
    "notes.new": (Office.MEDIATOR, "/notes/new", "words"),
    "settle.new": (Office.LEAD, "/settle", "f.matter"),
    "alerts.new": (Office.MEDIATOR, "/alerts/new", "f.words"),
    "matters.new": (Office.MEDIATOR, "/matters/new?kind=grid", "f.words"),
    "meetings.new": (Office.MEDIATOR, "/meetings/new", "f.plan"),
}


@pytest.mark.parametrize("endpoint", FORMS)
def test_every_form_on_which_much_is_typed_is_kept_listed_and_filled_in_again(
    web_client: Client, told: Story, endpoint: str
) -> None:
    office, path, name = PLACES[endpoint]
    browser = web_client(office)
    page = browser.get(path).text
    assert "存草稿" in page
    whole = page[page.rindex("<form", 0, page.index("存草稿")) :].partition("</form>")[0]
    form = filled_again(f"<main>{whole}")
    form |= {name: ["写到一半"], "do": ["keep"]}
    assert browser.post(path.partition("?")[0], data=form).status_code == 303
    [draft] = mine(told, STAFF[office].id)
    listed = unescape(browser.get("/drafts").text)
    assert draft.path in listed
    for where in (path, address(draft.path, draft.form)):
        page = unescape(browser.get(where).text)
        assert "存的草稿，还没有办理" in page
        assert "写到一半" in page


class TestOfOthers:
    """Drafts are their owner's alone, and no longer than he may open what they are about."""

    @pytest.fixture
    def kept(self, web_client: Client, told: Story) -> Browser:
        li = web_client(Office.MEDIATOR)
        li.post(PATH, data=filled(li, PATH, id="n1", f__words="只有我知道", do="keep"))
        return li

    def test_nobody_else_sees_lists_or_drops_it_not_even_who_knows_its_id(
        self, kept: Browser, web_client: Client, told: Story
    ) -> None:
        for office in (Office.LEAD, Office.AUDITOR, Office.ADMINISTRATOR):
            other = web_client(office)
            for path in (PATH, f"{PATH}?draft=n1", "/drafts", "/cases/A1"):
                assert "只有我知道" not in other.get(path).text
            assert "没有草稿" in other.get("/drafts").text
            other.send("/drafts", where=PATH, form="n1")
        wang = web_client(Office.LEAD)
        wang.get(PATH)
        wang.send(PATH, id="n1", do="keep", **{"f.words": "王写的"})
        wang.send(PATH, id="n1", do="fresh")
        assert filled_again(kept.get(PATH).text)["f.words"] == ["只有我知道"]

    def test_with_the_case_out_of_reach_it_is_gone_as_the_case_is(
        self, kept: Browser, web_client: Client, told: Story
    ) -> None:
        with told.store.write() as unit:
            unit.register.put_actor(replace(STAFF[Office.MEDIATOR], organisation="elsewhere"))
        li = web_client(Office.MEDIATOR)
        none = li.get("/cases/none/steps/RecordNote")
        li.get("/drafts")
        for answer in (li.get(PATH), li.get(f"{PATH}?draft=n1"), li.send(PATH, id="n1", do="keep")):
            assert (answer.status_code, answer.data) == (404, none.data)
        assert "没有草稿" in li.get("/drafts").text

    def test_who_has_stepped_back_opens_it_no_more(self, kept: Browser, told: Story) -> None:
        told.do(RecuseMediator(ground=RecusalGround.KIN), "assignment/1")
        assert "只有我知道" not in kept.get(PATH).text

    def test_it_ends_with_the_erasure_of_who_it_is_about(self, app: Flask) -> None:
        with app.test_request_context():
            assert url_for("people.edit", id="X") == FORM.format(id="X")


class TestFromBefore:
    """A page that is older than the sign-in: what is posted from it is kept, and given by nobody."""

    def late(self, li: Browser, **more: str) -> dict[str, list[str]]:
        form = filled(li, PATH, f__words="另开一页登录前写的", do="do", **more)
        li.post("/sign-out", data={"csrf_token": form["csrf_token"]})
        return form

    def test_it_comes_back_filled_in(self, web_client: Client, told: Story) -> None:
        li, before = web_client(Office.MEDIATOR), len(told.lines)
        form = self.late(li)
        sign_in(li, "li", PATH)
        again = li.post(PATH, data=form, headers={"Origin": HOST})
        assert again.status_code == 303
        page = li.get(again.location).text
        assert filled_again(page)["f.words"] == ["另开一页登录前写的"]
        assert "没有办理" in page
        assert len(told.lines) == before

    def test_nothing_of_it_is_kept_for_somebody_else_or_where_the_browser_does_not_say_it_is_ours(
        self, web_client: Client, told: Story
    ) -> None:
        li = web_client(Office.MEDIATOR)
        form = self.late(li)
        sign_in(li, "wang", PATH)
        assert li.post(PATH, data=form, headers={"Origin": HOST}).status_code == 400
        li.get("/work")
        li.post("/sign-out", data={"csrf_token": li.token})
        sign_in(li, "li", PATH)
        assert li.post(PATH, data=form).status_code == 400
        assert li.post(PATH, data=form, headers={"Origin": "https://a.example"}).status_code == 403
        assert mine(told) == []

    def test_a_script_hears_that_the_sign_in_has_ended_and_what_it_sent_is_kept(
        self, late: tuple[Browser, dict[str, list[str]]], told: Story
    ) -> None:
        li, form = late
        answer = li.post(PATH, data=form | {"do": ["keep"], "by_script": ["1"]})
        assert (answer.status_code, answer.text) == (401, ENDED_KEPT)
        li.post("/sign-out")
        assert [it.path for it in mine(told)] == [PATH]


def test_what_one_has_begun_to_write_stands_on_ones_board_and_on_nobody_elses(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    li.post("/cases/A1/steps/RecordNote", data=filled(li, "/cases/A1/steps/RecordNote", f__words="先记一半", do="keep"))
    page = li.get("/work").text
    assert "没写完的" in page and "/cases/A1/steps/RecordNote" in page
    assert "先记一半" not in page
    assert "没写完的" not in web_client(Office.LEAD).get("/work").text
