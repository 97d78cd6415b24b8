"""A script that opens forms in place is told where an answer leads, and pages tell which links lead to forms."""

from __future__ import annotations

import html
import re

from flask import Flask, url_for

from mediation_engine.domain.roles import Office
from web.http import drafts
from web.http.in_place import ASKED, GO, forms_at

from .test_steps import STEPS, Client, Story, filled

SCRIPT = {ASKED: "1"}


def test_what_a_script_sends_is_told_where_it_leads_and_the_page_there_is_read_once(
    web_client: Client, told: Story
) -> None:
    li = web_client(Office.MEDIATOR)
    form = filled(li, f"{STEPS}/RecordNote", f__words="他来过电话", do="do")
    answer = li.post(f"{STEPS}/RecordNote", data=form, headers=SCRIPT)
    assert (answer.status_code, answer.headers[GO], answer.data) == (204, "/cases/A1", b"")
    assert answer.location is None
    assert "已办理“补记情况”" in li.get(answer.headers[GO]).text
    assert "已办理“补记情况”" not in li.get(answer.headers[GO]).text


def test_what_is_refused_is_the_same_page_for_a_script(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    form = filled(li, f"{STEPS}/RecordNote", when="有一天", do="do")
    told_to_all, told_to_script = (li.post(f"{STEPS}/RecordNote", data=form, headers=it) for it in ({}, SCRIPT))
    assert told_to_all.status_code == told_to_script.status_code == 422
    assert told_to_script.text == told_to_all.text
    assert GO not in told_to_script.headers


def test_nobody_signed_in_is_told_where_one_signs_in(app: Flask, told: Story) -> None:
    answer = app.test_client().get(f"{STEPS}/RecordNote", headers=SCRIPT)
    assert answer.status_code == 204
    assert answer.headers[GO].startswith("/sign-in?next=")


def test_the_links_that_open_so_are_those_to_pages_that_keep_drafts(app: Flask, told: Story) -> None:
    with app.test_request_context():
        pattern = re.compile(forms_at(app))
        for rule in app.url_map.iter_rules():
            address = url_for(rule.endpoint, **dict.fromkeys(rule.arguments, "1")) if "GET" in rule.methods else ""  # type: ignore[operator]
            assert bool(pattern.search(address)) is (rule.endpoint in drafts.FORMS), rule


def test_pages_of_the_staff_name_them_and_a_screen_that_all_look_at_does_not(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    found = re.search(r'data-forms="([^"]*)"', li.get("/cases/A1").text)
    assert found is not None
    assert re.search(html.unescape(found[1]), f"{STEPS}/RecordNote")
    assert "over.js" not in li.get("/cases/A1?show=joint").text


def test_what_was_done_is_said_with_where_it_is_put_right(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    li.post(f"{STEPS}/RecordNote", data=filled(li, f"{STEPS}/RecordNote", f__words="他来过电话", do="do"))
    page = li.get("/cases/A1").text
    found = re.search(r'<p class="note" role="status">已办理“补记情况”。[^<]*<a href="([^"]+)">更正</a>', page)
    assert found is not None
    assert "他来过电话" in li.get(found[1]).text


def test_what_was_done_several_times_is_said_once(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    for form in [filled(li, f"{STEPS}/RecordNote", f__words=words, do="do") for words in ("一", "二", "三")]:
        li.post(f"{STEPS}/RecordNote", data=form)
    assert li.get("/cases/A1").text.count("已办理“补记情况”（共3次）。") == 1
