"""申请 under pressure: what was not sent uses nothing up, and nobody learns of another case."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask

from mediation_engine.adapters.sql import SqlStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.services.maintenance import audit_store
from web.config import ApplicationSettings
from web.security.links import MOST_WRONG
from web.server.connections import MEGABYTE
from web.server.wsgi import Answer, Asked, answer_of
from workflows.phases.endings import CloseAsDuplicate, CloseAsMistaken

from ...support.files import photo
from ...support.story import Story
from ..conftest import Browser, app_over
from .test_applications import FILLED, applied, ask, cases, hidden, limited, links, phone_of, send, the_case

UNFIT = b"MZ" + bytes(99)


def counted(story: Story) -> dict[str, int]:
    """How many are counted, by what they are counted under."""
    with story.store.read() as unit:
        return {tries.key: tries.failed for tries in unit.accounts.tries_of("applied:") if ":case:" not in tries.key}


class TestNotSent:
    def test_photos_that_are_not_kept_use_up_nothing(self, app: Flask, told: Story) -> None:
        phone = phone_of(app)
        for _ in range(5):
            assert send(phone, photo=[(BytesIO(UNFIT), "a.jpg")]).status_code == 422
        assert set(counted(told).values()) == {0}
        assert send(phone).status_code == 303
        assert set(counted(told).values()) == {1}

    def test_a_disk_that_was_full_keeps_nobody_out_and_loses_nothing(
        self, app: Flask, told: Story, tmp_path: Path
    ) -> None:
        kept = tmp_path / "exhibits"
        kept.write_text("a file where the folder should be")
        phone = phone_of(app)
        for _ in range(4):
            answer = send(phone, photo=[(BytesIO(photo()), "a.jpg")])
            assert answer.status_code == 503
        assert "不选照片再按“提交”" in answer.text
        assert FILLED["f.words"] in answer.text
        kept.unlink()
        assert send(phone, photo=[(BytesIO(photo()), "a.jpg")]).status_code == 303

    def test_who_could_not_send_it_leaves_no_name_behind(self, app: Flask, told: Story) -> None:
        send(phone_of(app), photo=[(BytesIO(UNFIT), "a.jpg")])
        send(phone_of(app), **{"f.words": "字" * 2001})
        with told.store.read() as unit:
            assert "赵某" not in {actor.name for actor in unit.register.actors()}

    def test_who_sent_it_with_a_photo_is_among_those_who_act_under_his_own_office_alone(
        self, app: Flask, told: Story
    ) -> None:
        applied(app, photo=[(BytesIO(photo()), "a.jpg")])
        with told.store.read() as unit:
            [actor] = [actor for actor in unit.register.actors() if actor.name == "赵某"]
        assert actor.offices == {Office.APPLICANT}
        for _, found in audit_store(told.store, told.door.catalogue):
            assert not [fault for fault in found if not fault.known]


def test_one_that_is_pressed_four_times_at_once_has_arrived_and_counts_once(
    database_store: SqlStore, clock: FixedClock, tmp_path: Path
) -> None:
    story = Story(database_store, clock)
    story.accepted()
    app = app_over(story, folder=tmp_path / "exhibits")
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, applications=ApplicationSettings(phone_a_day=1))
    phone = phone_of(app)
    data = {"id": hidden(phone.get("/apply").text), "csrf_token": phone.token} | FILLED
    gate, fingers = Barrier(4), [phone_of(app) for _ in range(4)]

    def press(finger: Browser) -> int:
        finger._cookies.update(phone._cookies)
        gate.wait()
        return finger.post("/apply", data=data).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = [*pool.map(press, fingers)]
    assert (len(cases(story)), set(statuses)) == (1, {303})
    assert set(counted(story).values()) == {1}


def test_one_household_on_ipv6_is_one_address(told: Story, tmp_path: Path) -> None:
    app = limited(told, tmp_path, address_an_hour=2)
    homes = [*(f"2001:db8:1:1::{n:x}" for n in range(1, 5)), "2001:db8:1:2::1", "::ffff:192.0.2.9"]
    sent = [send(phone_of(app), address=home, phone=f"138{n:08}").status_code for n, home in enumerate(homes)]
    assert sent == [303, 303, 429, 429, 303, 303]


class TestPhotosThatCannotBeTaken:
    def posted(self, app: Flask, length: int) -> Answer:
        """What is answered where the server has not read what was sent."""
        asked = Asked(
            method="POST", target="/apply", version="1.1", body=b"", length=length, scheme="http",
            headers=[(b"host", b"127.0.0.1:8000"), (b"content-type", b"multipart/form-data; boundary=x")],
            client="192.0.2.1", server=("127.0.0.1", 8000),
        )  # fmt: skip
        return answer_of(app, asked)

    def test_it_is_said_to_send_it_without_or_to_come(self, told: Story, tmp_path: Path) -> None:
        answer = self.posted(limited(told, tmp_path, phone="0579-87000000"), 3 * MEGABYTE)
        page = answer.body.decode()
        assert answer.status == 413
        for words in ("照片现在收不了", "不选照片再提交", "窗口", "0579-87000000"):
            assert words in page
        assert "照片太大" not in page

    def test_those_that_are_too_large_at_any_time_are_said_to_be(self, app: Flask) -> None:
        page = self.posted(app, 40 * MEGABYTE).body.decode()
        assert "照片太大" in page
        assert "少选几张" in page


class TestStanding:
    def test_a_code_that_is_typed_where_links_are_still_shows_how_it_stands(self, app: Flask, told: Story) -> None:
        asking, code = applied(app)
        mistaken, phone = phone_of(app), phone_of(app)
        mistaken.get("/c")
        for _ in range(MOST_WRONG + 1):
            assert mistaken.send("/c", code=code, pin="123456").status_code == 422
        assert links(told, the_case(told))[0].wrong == 0
        ask(phone, code)
        assert "已收到" in phone.get("/apply/status").text
        assert asking.get("/apply/status").status_code == 200

    @pytest.mark.parametrize("typed", ["wide", "blanks"])
    def test_a_code_is_read_as_a_chinese_keyboard_writes_it(self, app: Flask, typed: str) -> None:
        _, code = applied(app)
        wide = code.translate({n: n + 0xFEE0 for n in range(0x21, 0x7F)})
        phone = phone_of(app)
        ask(phone, wide if typed == "wide" else f"\u3000{code[:4]}\u3000{code[4:]} ")
        assert "已收到" in phone.get("/apply/status").text

    def test_that_there_is_another_case_is_told_to_nobody(self, app: Flask, told: Story) -> None:
        shown = set()
        for n, ended in enumerate((CloseAsDuplicate(other="A1"), CloseAsMistaken(reason=Text("乱填")))):
            before = cases(told)
            phone, _ = applied(app, phone=f"1380000000{n}")
            [case] = set(cases(told)) - set(before)
            Story(told.store, told.clock, case).do(ended, by=Office.LEAD)
            shown.add(re.sub(r'value="[^"]*"|\d\d:\d\d', "", phone.get("/apply/status").text))
        assert len(shown) == 1


def test_what_was_counted_of_one_that_failed_is_counted_when_it_is_sent_the_next_day(app: Flask, told: Story) -> None:
    phone = phone_of(app)
    id = hidden(phone.get("/apply").text)
    sent = {"id": id, "csrf_token": phone.token} | FILLED
    assert phone.post("/apply", data=sent | {"photo": (BytesIO(UNFIT), "a.jpg")}).status_code == 422
    told.clock.now += timedelta(hours=1)
    assert phone.post("/apply", data=sent).status_code == 303
    assert set(counted(told).values()) == {1}
