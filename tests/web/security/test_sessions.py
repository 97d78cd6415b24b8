"""Sessions: what begins one, what ends it, and that nothing is left of one that has ended."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from mediation_engine.adapters.sql import SqlStore, open_store
from mediation_engine.domain.roles import Actor, Office
from web.security import passwords
from web.security.sessions import key_of

from ...support.story import STAFF, Story
from ..conftest import PASSWORD, Browser, app_over

SignedIn = Callable[[Office | str], Browser]
LI = STAFF[Office.MEDIATOR]


def sid(browser: Browser) -> str:
    cookie = browser.get_cookie("sid", domain="127.0.0.1")
    return cookie.value if cookie else ""


def is_in(browser: Browser) -> bool:
    return browser.get("/me/sign-ins").status_code == 200


def copied(browser: Browser, app: object) -> Browser:
    """Another browser with the same cookie."""
    other: Browser = app.test_client()  # type: ignore[attr-defined]
    other.set_cookie("sid", sid(browser), domain="127.0.0.1")
    return other


class TestTheSecret:
    def test_it_is_long_random_and_kept_nowhere(self, web_client: SignedIn, told: Story) -> None:
        one, two = web_client(Office.MEDIATOR), web_client(Office.MEDIATOR)
        assert len(bytes.fromhex(sid(one))) == 32
        assert sid(one) != sid(two)
        with told.store.read() as unit:
            rows = unit.accounts.sign_ins("li")
        assert {row.key for row in rows} == {key_of(sid(one)), key_of(sid(two))}
        assert sid(one) not in str(rows)

    @pytest.mark.parametrize(("url", "name"), [("http://127.0.0.1:8000", "sid"), ("https://a.example", "__Host-sid")])
    def test_its_cookie_goes_nowhere_else(self, told: Story, url: str, name: str) -> None:
        browser: Browser = app_over(told, public_url=url).test_client()  # type: ignore[assignment]
        token = browser.get("/sign-in", base_url=url)
        visit = token.headers["Set-Cookie"]
        filled = {"csrf_token": browser.token, "name": "li", "password": PASSWORD}
        answer = browser.post("/sign-in", data=filled, base_url=url)
        [cookie] = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith(f"{name}=")]
        for one in (cookie, visit):
            assert ("Secure" in one) == url.startswith("https")
            assert "HttpOnly" in one
            assert "SameSite=Lax" in one
            assert "Path=/" in one
            assert "Domain" not in one
        assert "Max-Age" not in cookie

    def test_a_new_one_is_given_at_sign_in_and_nothing_is_carried_over(self, browser: Browser, told: Story) -> None:
        browser.set_cookie("sid", "00" * 32, domain="127.0.0.1")
        browser.get("/sign-in")
        before = browser.token
        browser.sign_in("li")
        assert sid(browser) not in ("", "00" * 32)
        browser.get("/me/password")
        assert browser.token != before
        with told.store.read() as unit:
            [row] = unit.accounts.sign_ins("li")
        assert set(json.loads(row.kept)) <= {"_user_id", "_fresh", "_id", "csrf_token"}

    def test_no_signature_signs_anybody_in(self, app: object, browser: Browser) -> None:
        interface = app.session_interface  # type: ignore[attr-defined]
        signer = interface._signed.get_signing_serializer(app)
        browser.set_cookie("visit", signer.dumps({"_user_id": "li"}), domain="127.0.0.1")
        assert not is_in(browser)

    @pytest.mark.parametrize("cookie", ["", "x", "00" * 32, "é", "'; DROP TABLE sign_ins", "a" * 3000])
    def test_what_is_none_opens_nothing(self, browser: Browser, cookie: str) -> None:
        browser.set_cookie("sid", cookie, domain="127.0.0.1")
        assert not is_in(browser)

    def test_nothing_remembers_beyond_it(self, web_client: SignedIn) -> None:
        li = web_client(Office.MEDIATOR)
        li.get("/cases")
        assert li.get_cookie("remember_token", domain="127.0.0.1") is None


class TestItsEnd:
    def test_signing_out_kills_the_cookie_wherever_it_is(self, web_client: SignedIn, app: object) -> None:
        li = web_client(Office.MEDIATOR)
        thief = copied(li, app)
        assert is_in(thief)
        is_in(li)
        answer = li.send("/sign-out")
        assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
        assert not is_in(thief)
        assert not is_in(li)

    def test_a_page_that_was_under_way_does_not_bring_it_back(self, web_client: SignedIn, told: Story) -> None:
        li = web_client(Office.MEDIATOR)
        key = key_of(sid(li))
        with told.store.write() as unit:
            unit.accounts.end(key)
            unit.accounts.go_on(key, seen=unit.now, kept="{}")
        assert not is_in(li)

    @pytest.mark.parametrize(
        ("office", "idle", "whole"),
        [(Office.MEDIATOR, 30, 12), (Office.ADMINISTRATOR, 30, 12), (Office.AUDITOR, 15, 8)],
    )
    def test_it_ends_by_itself(self, web_client: SignedIn, told: Story, office: Office, idle: int, whole: int) -> None:
        reader = web_client(office)
        told.clock.now += timedelta(minutes=idle) - timedelta(seconds=1)
        assert is_in(reader)
        told.clock.now += timedelta(minutes=idle)
        assert reader.get("/cases/A1").location == "/sign-in?next=/cases/A1&late=1"
        assert "离开太久" in reader.get("/sign-in?late=1").text
        assert not is_in(reader)
        again, began = web_client(office), told.clock.now
        while told.clock.now + timedelta(minutes=10) < began + timedelta(hours=whole):
            told.clock.now += timedelta(minutes=10)
            assert is_in(again)
        told.clock.now = began + timedelta(hours=whole)
        assert not is_in(again)
        with told.store.read() as unit:
            assert unit.accounts.sign_ins(STAFF[office].id) == []

    def test_being_stopped_ends_it_at_once(self, web_client: SignedIn, told: Story) -> None:
        li = web_client(Office.MEDIATOR)
        with told.store.write() as unit:
            unit.register.put_actor(replace(LI, active=False))
        assert not is_in(li)

    def test_losing_an_office_counts_at_once(self, web_client: SignedIn, told: Story) -> None:
        wang = web_client(Office.LEAD)
        with told.store.write() as unit:
            unit.register.put_actor(replace(STAFF[Office.LEAD], offices=frozenset({Office.ADMINISTRATOR})))
        assert wang.get("/cases/A1").status_code == 403

    def test_another_kind_of_browser_cannot_use_it(self, web_client: SignedIn, app: object) -> None:
        thief = copied(web_client(Office.MEDIATOR), app)
        answer = thief.get("/cases", headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
        assert answer.location == "/sign-in?next=/cases&late=1"

    def test_a_new_password_ends_it_everywhere_else(self, web_client: SignedIn, app: object) -> None:
        here, there = web_client(Office.MEDIATOR), web_client(Office.MEDIATOR)
        before = copied(here, app)
        here.get("/me/password")
        new = "另一句只有自己知道的长话"
        assert here.send("/me/password", old=PASSWORD, new=new, again=new).location == "/"
        assert is_in(here)
        assert not is_in(there)
        assert not is_in(before)

    def test_ones_own_can_be_ended_from_elsewhere_and_nobody_elses(self, web_client: SignedIn) -> None:
        here, there, other = web_client(Office.MEDIATOR), web_client(Office.MEDIATOR), web_client(Office.LEAD)
        assert here.get("/me/sign-ins").text.count("结束在") == 1
        here.send("/me/sign-ins/end", key=key_of(sid(other)))
        assert is_in(other)
        here.send("/me/sign-ins/end", key=key_of(sid(here)))
        assert is_in(here)
        here.send("/me/sign-ins/end", key=key_of(sid(there)))
        assert not is_in(there)
        more = [web_client(Office.MEDIATOR) for _ in range(2)]
        here.get("/me/sign-ins")
        here.send("/me/sign-ins/end")
        assert [is_in(b) for b in (here, *more)] == [True, False, False]


class TestOffices:
    @pytest.fixture
    def both(self, told: Story, web_client: SignedIn) -> Browser:
        actor = Actor(id="liu", name="刘", organisation="room", offices=frozenset({Office.MEDIATOR, Office.LEAD}))
        with told.store.write() as unit:
            unit.register.put_actor(actor)
            passwords.give_password(unit, "liu", PASSWORD, once=False)
        return web_client("liu")

    def test_one_with_several_chooses_and_it_is_seen(self, both: Browser, told: Story) -> None:
        assert '<span class="office">调解员</span>' in both.get("/cases").text
        before = sid(both)
        both.send("/me/office", office="lead")
        assert sid(both) != before
        assert '<span class="office">室主任</span>' in both.get("/cases/A1").text
        with told.store.read() as unit:
            assert [r.office for r in unit.views.reads("A1")] == ["lead"]

    def test_changing_it_makes_nobody_stay_longer(self, both: Browser, told: Story) -> None:
        for n in range(48):
            both.get("/cases")
            both.send("/me/office", office=("lead", "mediator")[n % 2])
            told.clock.now += timedelta(minutes=15)
        assert not is_in(both)

    @pytest.mark.parametrize("office", ["auditor", "administrator", "representative", "nonsense", ""])
    def test_but_not_one_he_does_not_hold(self, both: Browser, office: str) -> None:
        both.get("/cases")
        assert both.send("/me/office", office=office).status_code == 403
        assert '<span class="office">调解员</span>' in both.get("/cases").text


def test_a_session_goes_on_in_another_process(kept: Story, clock: object, database: object) -> None:
    """Two servers over one database."""
    kept.registered()
    with kept.store.write() as unit:
        passwords.give_password(unit, "li", PASSWORD, once=False)
    second_store: SqlStore = open_store(f"sqlite:///{database}", clock)  # type: ignore[arg-type]
    first, second = app_over(kept), app_over(Story(second_store, kept.clock))
    here: Browser = first.test_client()  # type: ignore[assignment]
    here.sign_in("li")
    there = copied(here, second)
    assert is_in(there)
    there.send("/sign-out")
    assert not is_in(here)
    second_store.close()
