"""Proving who one is: passwords, counted tries, one-time codes, first passwords; the same said to all who fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from statistics import median
from time import process_time

import pytest
from argon2 import PasswordHasher
from pyotp import TOTP
from werkzeug.test import TestResponse

from mediation_engine.adapters.sql import SqlStore, open_store
from mediation_engine.clock import FixedClock
from mediation_engine.domain.roles import Actor, Office
from web.security import passwords, totp
from web.security.authentication import WrongPassword, come_in
from web.security.passwords import why_not
from web.security.throttle import BOUNDS, Kind, TooManyTries, of_sign_in, unlock
from web.security.totp import Seals

from ...support.story import STAFF, Story
from ...support.together import together
from ..conftest import PASSWORD, SEALS, Browser, app_over

SignedIn = Callable[[Office | str], Browser]
FREE = BOUNDS[Kind.NEW_DEVICE].free
WRONG = "账号、密码或动态口令不对"


def refused(answer: TestResponse) -> str:
    """What was said to who was not let in."""
    assert answer.status_code in (422, 429)
    return answer.text.partition('role="alert">')[2].partition("<")[0]


class TestPasswords:
    def test_they_are_kept_as_argon2id_of_64_mebibytes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.undo()
        assert passwords.hashed("x").startswith("$argon2id$v=19$m=65536,t=3,p=4$")

    def test_and_hashed_again_when_that_has_become_more(self, browser: Browser, told: Story) -> None:
        weak = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(PASSWORD)
        with told.store.write() as unit:
            held = unit.accounts.account("li")
            assert held is not None
            unit.accounts.put_account(replace(held, password=weak))
        browser.sign_in("li")
        with told.store.read() as unit:
            held = unit.accounts.account("li")
        assert held is not None
        assert held.password != weak
        assert passwords.fits(held, PASSWORD)

    @pytest.mark.parametrize("name", ["nobody", "", "李调解", "li ", "LI", "x" * 5000, "\ud800", "a\0b"])
    def test_no_account_and_wrong_password_are_told_the_same(self, browser: Browser, name: str) -> None:
        known = refused(browser.sign_in("li", "wrong"))
        assert refused(browser.sign_in(name.encode(errors="replace").decode(), "wrong")) == known
        assert WRONG in known

    def test_and_take_the_same_time(self, told: Story, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=8192, parallelism=1))
        passwords._nobodys.cache_clear()
        with told.store.write() as unit:
            passwords.give_password(unit, "li", PASSWORD, once=False)

        def took(name: str) -> float:
            began = process_time()  # what others do meanwhile on the machine is none of it
            with pytest.raises(WrongPassword):
                come_in(told.store, SEALS, name, "wrong", "", "")
            took = process_time() - began
            with told.store.write() as unit:
                unlock(unit, name)
                unit.accounts.forget_tries("address:")
            return took

        pairs = [(took("li"), took("nobody")) for _ in range(21)]
        assert abs(median(a - b for a, b in pairs)) < 0.010

    @pytest.mark.parametrize("why", ["stopped", "no office", "representative", "no account"])
    def test_who_may_not_come_in_is_told_no_more(self, browser: Browser, told: Story, why: str) -> None:
        li = STAFF[Office.MEDIATOR]
        with told.store.write() as unit:
            changed = {
                "stopped": replace(li, active=False),
                "no office": replace(li, offices=frozenset()),
                "representative": replace(li, offices=frozenset({Office.REPRESENTATIVE})),
                "no account": Actor(id="new", name="新", organisation="room", offices=li.offices),
            }[why]
            unit.register.put_actor(changed)
        assert WRONG in refused(browser.sign_in(changed.id))

    @pytest.mark.parametrize(
        ("password", "words"),
        [
            ("short", "12到128"),
            ("x" * 129, "12到128"),
            ("passwordpassword", "太常见"),
            ("password123456", "太常见"),
            ("aaaaaaaaaaaaaa", "太常见"),
            ("1234567890qwertyuiop", "太常见"),
            ("喜哥调解室喜哥调解室的密码", "喜哥调解室"),
            ("我是李调解我的密码是这个", "李调解"),
        ],
    )
    def test_what_is_easily_guessed_will_not_do(self, password: str, words: str) -> None:
        assert words in (why_not(password, "李调解", "喜哥调解室") or "")

    @pytest.mark.parametrize("password", [PASSWORD, "correct horse battery", "🐎" * 6 + "五方会诊一张桌"])
    def test_a_sentence_will(self, password: str) -> None:
        assert why_not(password, "李调解") is None


class TestTries:
    def test_the_sixth_in_a_row_is_not_even_judged(self, browser: Browser, told: Story) -> None:
        said = [refused(browser.sign_in("li", "wrong")) for _ in range(FREE)]
        assert set(said) == {said[0]}
        locked = browser.sign_in("li")
        assert locked.status_code == 429
        assert "15 分钟" in refused(locked)
        told.clock.now += timedelta(minutes=15)
        assert browser.sign_in("li").location == "/"

    def test_a_name_nobody_has_is_locked_too(self, browser: Browser) -> None:
        said = [[refused(browser.sign_in(name, "wrong")) for _ in range(7)] for name in ("li", "nobody")]
        assert said[0] == said[1]

    def test_the_lock_grows(self, told: Story) -> None:
        waits = []
        for _ in range(4):
            while True:
                try:
                    come_in(told.store, SEALS, "li", "wrong", "", "10.0.0.1")
                except WrongPassword:
                    continue
                except TooManyTries as fault:
                    waits.append(fault.about["minutes"])
                    break
            told.clock.now += timedelta(minutes=waits[-1])
        assert waits == [15, 30, 60, 60]

    def test_coming_in_clears_the_count(self, browser: Browser) -> None:
        for _ in range(3):
            for _ in range(FREE - 1):
                browser.sign_in("li", "wrong")
            assert browser.sign_in("li").location == "/"
            browser.get("/me/password")
            browser.send("/sign-out")

    def test_a_forwarded_address_is_not_believed(self, browser: Browser, told: Story) -> None:
        browser.get("/sign-in")
        for n in range(3):
            data = {"csrf_token": browser.token, "name": "li", "password": "wrong"}
            browser.post("/sign-in", data=data, headers={"X-Forwarded-For": f"10.0.0.{n}"})
        with told.store.read() as unit:
            held = unit.accounts.tries("address:127.0.0.1")
        assert held is not None
        assert held.failed == 3

    def test_what_was_typed_is_not_kept(self, browser: Browser, told: Story) -> None:
        browser.sign_in("我的密码不小心打在这里", "wrong")
        assert "不小心" not in str(told.store._tables.tries)  # type: ignore[attr-defined]

    def test_old_ones_are_forgotten(self, browser: Browser, told: Story) -> None:
        browser.sign_in("nobody", "wrong")
        told.clock.now += timedelta(days=2)
        browser.sign_in("li")
        with told.store.read() as unit:
            assert not any(unit.accounts.tries(key.text) for key in of_sign_in("nobody", "127.0.0.1")[:2])

    def test_several_servers_count_together(self, kept: Story, clock: FixedClock, database: object) -> None:
        with kept.store.write() as unit:
            passwords.give_password(unit, "li", PASSWORD, once=False)
        stores: list[SqlStore] = [open_store(f"sqlite:///{database}", clock) for _ in range(3)]
        browsers: list[Browser] = [app_over(Story(s, clock)).test_client() for s in stores]  # type: ignore[misc]
        codes = [browsers[n % 3].sign_in("li", "wrong").status_code for n in range(7)]
        assert codes == [422] * 5 + [429] * 2
        for store in stores:
            store.close()

    def test_guessing_all_at_once_does_not_help(self, kept: Story) -> None:
        with kept.store.write() as unit:
            passwords.give_password(unit, "li", PASSWORD, once=False)

        outcomes = together([lambda: come_in(kept.store, SEALS, "li", "wrong", "", "10.0.0.1")] * 12)
        assert sorted(type(o).__name__ for o in outcomes) == ["TooManyTries"] * 7 + ["WrongPassword"] * 5

    def test_a_session_left_open_is_no_leave_to_guess_the_password(self, web_client: SignedIn) -> None:
        li = web_client(Office.MEDIATOR)
        li.get("/me/password")
        said = [refused(li.send("/me/password", old="wrong", new="x", again="x")) for _ in range(6)]
        assert said[:5] == ["原密码不对"] * 5
        assert "15 分钟" in said[5]


class TestOneTimeCodes:
    @pytest.fixture
    def seed(self, told: Story) -> str:
        seed = totp.new_seed()
        with told.store.write() as unit:
            held = unit.accounts.account("li")
            assert held is not None
            unit.accounts.put_account(replace(held, totp=SEALS.seal("li", seed)))
        return seed

    @staticmethod
    def code(told: Story, seed: str, steps: int = 0) -> str:
        return TOTP(seed).at(told.clock.now, counter_offset=steps)

    @pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
    def test_this_half_minutes_and_its_neighbours_do(
        self, browser: Browser, told: Story, seed: str, steps: int, good: bool
    ) -> None:
        answer = browser.sign_in("li", code=self.code(told, seed, steps))
        assert (answer.status_code == 302) == good

    def test_the_password_alone_does_not_and_says_no_more(self, browser: Browser, seed: str) -> None:
        assert refused(browser.sign_in("li")) == refused(browser.sign_in("li", "wrong"))
        for code in ("abcdef", "１２３４５６", "-1"):
            browser.get("/sign-in")
            assert WRONG in refused(browser.send("/sign-in", name="li", password=PASSWORD, code=code))

    def test_none_is_good_twice_nor_one_before_it(self, app: object, told: Story, seed: str) -> None:
        def tried(steps: int) -> int:
            browser: Browser = app.test_client()  # type: ignore[attr-defined]
            return browser.sign_in("li", code=self.code(told, seed, steps)).status_code

        assert [tried(0), tried(0), tried(-1), tried(1), tried(1)] == [302, 422, 422, 302, 422]

    def test_one_that_is_used_twice_at_once_is_good_once(self, kept: Story) -> None:
        seed = totp.new_seed()
        with kept.store.write() as unit:
            passwords.give_password(unit, "li", PASSWORD, once=False)
            held = unit.accounts.account("li")
            assert held is not None
            unit.accounts.put_account(replace(held, totp=SEALS.seal("li", seed)))

        code = self.code(kept, seed)
        outcomes = together([lambda: come_in(kept.store, SEALS, "li", PASSWORD, code, "10.0.0.1")] * 4)
        assert sum(isinstance(o, Actor) for o in outcomes) == 1

    def test_where_they_are_demanded_one_begins_with_them(self, told: Story) -> None:
        browser: Browser = app_over(told, totp=True).test_client()  # type: ignore[assignment]
        browser.sign_in("li")
        assert browser.get("/cases").location == "/me/codes"
        page = browser.get("/me/codes").text
        seed = page.partition('class="seed">')[2].partition("<")[0]
        assert "data:image/svg+xml" in page
        assert browser.send("/me/codes", code="000000").status_code == 422
        code = self.code(told, seed)
        assert browser.send("/me/codes", code=f" {code[:3]} {code[3:]}").location == "/"
        assert browser.get("/cases").status_code == 200
        assert seed not in browser.get("/me/codes").text
        again: Browser = app_over(told, totp=True).test_client()  # type: ignore[assignment]
        assert again.sign_in("li", code=code).status_code == 422
        assert again.sign_in("li", code=self.code(told, seed, 1)).status_code == 302


class TestSeedsAtRest:
    SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

    def kept(self, told: Story, actor: str, totp: str) -> None:
        with told.store.write() as unit:
            held = unit.accounts.account(actor)
            assert held is not None
            unit.accounts.put_account(replace(held, totp=totp))

    def test_nothing_in_the_database_makes_codes_neither_before_the_first_nor_after(
        self, web_client: SignedIn, told: Story
    ) -> None:
        li = web_client(Office.MEDIATOR)
        seed = li.get("/me/codes").text.partition('class="seed">')[2].partition("<")[0]
        assert len(seed) == 32
        assert seed in li.get("/me/codes").text
        tables = told.store._tables  # type: ignore[attr-defined]
        assert "seed" in str(tables.sign_ins)
        assert seed not in str(vars(tables))
        assert li.send("/me/codes", code=TOTP(seed).at(told.clock.now)).location == "/"
        assert seed not in str(vars(tables))
        with told.store.read() as unit:
            held = unit.accounts.account("li")
        assert held is not None
        assert held.totp is not None
        assert SEALS.open("li", held.totp) == seed

    def test_no_two_seals_are_alike_and_each_is_opened_by_its_own_secret_for_its_own_account(self) -> None:
        one, other = SEALS.seal("li", self.SEED), SEALS.seal("li", self.SEED)
        assert one != other
        assert SEALS.open("li", one) == SEALS.open("li", other) == self.SEED
        assert not SEALS.opens("wang", one)
        assert not Seals(b"y" * 64).opens("li", one)

    @pytest.mark.parametrize("kept", [SEED, "", "s1:", "s1:AAAA", "s1:一", "s2:AAAA", "s1:" + "A" * 80])
    def test_what_was_never_sealed_opens_nothing(self, kept: str) -> None:
        assert not SEALS.opens("li", kept)

    def test_nor_what_was_changed_by_a_single_character(self) -> None:
        sealed = SEALS.seal("li", self.SEED)
        for n in range(len("s1:"), len(sealed)):
            assert not SEALS.opens("li", sealed[:n] + ("B" if sealed[n] == "A" else "A") + sealed[n + 1 :])

    def test_under_another_secret_one_is_told_whom_to_ask_and_not_let_in(self, told: Story) -> None:
        self.kept(told, "li", SEALS.seal("li", self.SEED))
        browser: Browser = app_over(told, b"y" * 64).test_client()  # type: ignore[assignment]
        code = TOTP(self.SEED).at(told.clock.now)
        said = refused(browser.sign_in("li", code=code))
        assert "无法核对" in said
        assert "mediation account totp" in said
        assert WRONG in refused(browser.sign_in("li", "wrong", code=code))
        assert browser.get("/cases").status_code == 302

    def test_nor_by_a_code_of_a_seal_that_was_put_into_ones_row(self, browser: Browser, told: Story) -> None:
        self.kept(told, "wang", SEALS.seal("li", self.SEED))
        assert "无法核对" in refused(browser.sign_in("wang", code=TOTP(self.SEED).at(told.clock.now)))

    def test_who_is_still_in_is_told_before_it_is_too_late(self, web_client: SignedIn, told: Story) -> None:
        li = web_client(Office.MEDIATOR)
        self.kept(told, "li", SEALS.seal("li", self.SEED))
        assert "无法核对" not in li.get("/me/codes").text
        self.kept(told, "li", Seals(b"y" * 64).seal("li", self.SEED))
        assert "无法核对" in li.get("/me/codes").text


class TestFirstPasswords:
    @pytest.fixture
    def first(self, told: Story) -> str:
        password = passwords.given_out()
        with told.store.write() as unit:
            passwords.give_password(unit, "li", password)
        return password

    def test_they_are_long_and_never_misread(self) -> None:
        given = {passwords.given_out() for _ in range(50)}
        assert len(given) == 50
        assert not set("".join(given)) & set("01iloIO")
        assert why_not(given.pop()) is None

    def test_one_must_be_changed_before_anything_else(self, browser: Browser, first: str) -> None:
        browser.sign_in("li", first)
        for path in ("/", "/cases", "/cases/A1", "/me/sign-ins"):
            assert browser.get(path).location == "/me/password"
        assert "只能用一次" in browser.get("/me/password").text
        assert refused(browser.send("/me/password", old=first, new=first, again=first)) == "新密码与原密码相同"
        assert "不一样" in refused(browser.send("/me/password", old=first, new=PASSWORD, again="x"))
        assert browser.send("/me/password", old=first, new=PASSWORD, again=PASSWORD).location == "/"
        assert browser.get("/cases").status_code == 200

    def test_one_is_good_for_a_day(self, browser: Browser, told: Story, first: str) -> None:
        told.clock.now += timedelta(hours=24)
        assert WRONG in refused(browser.sign_in("li", first))

    def test_giving_one_ends_every_session_and_the_lock(self, web_client: SignedIn, told: Story) -> None:
        li = web_client(Office.MEDIATOR)
        with told.store.write() as unit:
            passwords.give_password(unit, "li", passwords.given_out())
        assert li.get("/cases").status_code == 302
