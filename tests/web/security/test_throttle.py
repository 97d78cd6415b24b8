"""One throttle: guessing is held back, and nobody who knows is locked out by somebody who guesses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from mediation_engine.domain.roles import Actor, Office
from web.http import device_cookie
from web.security.authentication import WrongPassword, come_in
from web.security.throttle import (
    BOUNDS,
    Allowance,
    Kind,
    NothingLeft,
    TooManyTries,
    count,
    locked_until,
    of_sign_in,
    spend,
)

from ...support.story import STAFF, Story
from ...support.together import together
from ..conftest import PASSWORD, SEALS, Browser

HERE, ELSEWHERE = "10.0.0.1", "10.0.0.2"
LI, WANG = STAFF[Office.MEDIATOR].id, STAFF[Office.LEAD].id


def tried(told: Story, name: str, address: str = HERE, password: str = "wrong", device: str = "") -> str:
    """What came of a try."""
    try:
        come_in(told.store, SEALS, name, password, "", address, device)
    except (WrongPassword, TooManyTries) as fault:
        return type(fault).__name__
    return "in"


def fresh(app: Flask) -> Browser:
    return app.test_client()  # type: ignore[return-value]


def known_browser(app: Flask, name: str) -> Browser:
    """A browser in which somebody has signed in before."""
    browser = fresh(app)
    assert browser.sign_in(name).status_code == 302
    browser.get("/me/password")
    browser.send("/sign-out")
    return browser


# -- who knows is not locked out


def test_after_thirty_wrong_tries_from_an_address_whoever_is_right_comes_in_there(told: Story) -> None:
    """A whole factory may have one address."""
    assert {tried(told, f"name{n}") for n in range(30)} == {"WrongPassword"}
    assert tried(told, LI, password=PASSWORD) == "in"


def test_a_browser_that_is_known_is_kept_out_by_nobody_elses_tries(app: Flask, told: Story) -> None:
    browser = known_browser(app, LI)
    for n in range(200):  # from this address, at this name and at others
        fresh(app).sign_in(LI if n % 2 else f"name{n}", "wrong")
        tried(told, LI, address=f"10.0.1.{n}")
    assert fresh(app).sign_in(LI).status_code == 429
    assert browser.sign_in(LI).status_code == 302


def test_one_account_locked_at_an_address_is_no_other_account_there(told: Story) -> None:
    assert [tried(told, LI) for _ in range(6)][-1] == "TooManyTries"
    assert tried(told, WANG, password=PASSWORD) == "in"


def test_a_browser_may_be_several_peoples(app: Flask) -> None:
    browser = known_browser(app, LI)
    browser.sign_in(WANG)
    with app.test_request_context(headers={"Cookie": f"device={browser.get_cookie('device', '127.0.0.1').value}"}):  # type: ignore[union-attr]
        assert device_cookie.known(LI) == device_cookie.known(WANG) != ""
        assert device_cookie.known("chen") == ""


# -- who guesses is held back


def test_a_known_browser_has_no_more_tries_than_another(app: Flask, told: Story) -> None:
    browser = known_browser(app, LI)
    codes = [browser.sign_in(LI, "wrong").status_code for _ in range(7)]
    assert codes == [422] * 5 + [429] * 2
    told.clock.now += timedelta(minutes=15)
    assert browser.sign_in(LI).status_code == 302


@pytest.mark.parametrize("cookie", ["", "x", "e30.abc", "eyJpZCI6IjEiLCJvZiI6W119.x"])
def test_a_browser_is_not_known_by_its_own_word(app: Flask, cookie: str) -> None:
    with app.test_request_context(headers={"Cookie": f"device={cookie}"}):
        assert device_cookie.known(LI) == ""


def test_the_mark_of_a_browser_opens_nothing_and_tells_no_name(app: Flask) -> None:
    browser = known_browser(app, LI)
    mark = browser.get_cookie("device", "127.0.0.1")
    assert mark is not None
    assert mark.http_only
    assert LI not in mark.value
    assert browser.get("/cases").status_code == 302


def test_an_account_guessed_at_from_everywhere_is_held_back_too(told: Story) -> None:
    said = [tried(told, LI, address=f"10.0.{n}.1") for n in range(30)]
    assert said.count("WrongPassword") == BOUNDS[Kind.ACCOUNT].free
    assert tried(told, "nobody", address="10.9.9.9") == "WrongPassword"


def test_an_address_that_goes_on_is_slowed_down_but_not_shut_out(told: Story) -> None:
    bound = BOUNDS[Kind.ADDRESS]
    said = [tried(told, f"name{n}") for n in range(100)]
    assert said.count("WrongPassword") == bound.free
    assert tried(told, LI, password=PASSWORD) == "TooManyTries"
    told.clock.now += timedelta(seconds=30)
    assert tried(told, LI, password=PASSWORD) == "in"
    told.clock.now += timedelta(minutes=10)
    said = [tried(told, f"other{n}") for n in range(100)]
    assert said.count("WrongPassword") == pytest.approx(20, abs=1)


def test_a_day_of_guessing_at_an_account_gets_few_tries(told: Story) -> None:
    """With one-time codes: 3 of a million are good at a time."""
    judged = 0
    for minute in range(24 * 60):
        told.clock.now += timedelta(minutes=1)
        judged += tried(told, LI, address=f"10.0.{minute % 200}.1") == "WrongPassword"
    assert judged <= 20 + 24


def test_all_at_once_get_no_more(kept: Story) -> None:
    def guess(n: int) -> Callable[[], Any]:
        return lambda: come_in(kept.store, SEALS, "nobody", "wrong", "", f"10.0.0.{n}")

    outcomes = together([guess(n % 6) for n in range(36)])
    assert sum(isinstance(o, WrongPassword) for o in outcomes) <= BOUNDS[Kind.ACCOUNT].free
    assert not any(isinstance(o, Actor) for o in outcomes)


def test_a_first_code_is_counted_like_a_password(web_client: Callable[[Office], Browser]) -> None:
    li = web_client(Office.MEDIATOR)
    li.get("/me/codes")
    said = [li.send("/me/codes", code="000000").text for _ in range(6)]
    assert all("口令不对" in page for page in said[:5])
    assert "15 分钟" in said[5]


def test_who_is_in_changes_the_password_however_many_guess_outside(
    app: Flask, web_client: Callable[[Office], Browser], told: Story
) -> None:
    li = web_client(Office.MEDIATOR)
    for n in range(50):
        tried(told, LI, address=f"10.0.0.{n}")
    li.get("/me/password")
    fresh_password = "两头乌金华火腿真好吃呀"
    assert li.send("/me/password", old=PASSWORD, new=fresh_password, again=fresh_password).status_code in (302, 422)
    assert "原密码不对" not in li.send("/me/password", old=PASSWORD, new="x", again="y").text


# -- a clock that is put back


def test_a_lock_of_a_time_that_has_not_come_holds_nobody(told: Story) -> None:
    """The clock was wrong for a day, ten years ahead: nobody is locked out until then."""
    for _ in range(5):
        tried(told, LI)
    assert tried(told, LI, password=PASSWORD) == "TooManyTries"
    told.clock.now -= timedelta(days=3650)
    assert tried(told, LI, password=PASSWORD) == "in"


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_bound(kind: Kind) -> None:
    bound = BOUNDS[kind]
    assert 5 <= bound.free <= 60
    assert timedelta() < bound.first <= bound.longest


def test_what_is_locked_is_shown_whatever_it_is_locked_by(told: Story) -> None:
    for device in ("", "d1"):
        key, *_ = of_sign_in(LI, HERE, device)
        with told.store.write() as unit:
            for _ in range(BOUNDS[key.kind].free):
                count(unit, key)
            assert locked_until(unit, LI) == told.clock.now + timedelta(minutes=15)
            unit.accounts.forget_tries(key.text)
            assert locked_until(unit, LI) is None


class TestAllowances:
    """What anybody may send: so many at once, regained one by one."""

    def sent(self, story: Story, *allowances: Allowance) -> bool:
        try:
            with story.store.write() as unit:
                spend(unit, *allowances)
        except NothingLeft:
            return False
        return True

    def test_so_many_at_once_and_then_evenly(self, story: Story) -> None:
        six = Allowance("one", 6, timedelta(hours=1))
        assert [self.sent(story, six) for _ in range(7)] == [True] * 6 + [False]
        for _ in range(30):
            story.clock.now += timedelta(minutes=4)
            assert not self.sent(story, six)  # to try uses nothing up
            story.clock.now += timedelta(minutes=6)
            assert self.sent(story, six)

    def test_what_was_sent_in_a_long_time_is_no_more_than_is_allowed(self, story: Story) -> None:
        six = Allowance("one", 6, timedelta(hours=1))
        taken = 0
        for _ in range(600):
            taken += self.sent(story, six)
            story.clock.now += timedelta(minutes=1)
        assert 6 + 58 <= taken <= 6 + 60

    def test_where_one_is_used_up_nothing_is_counted_of_the_others(self, story: Story) -> None:
        much, little = Allowance("much", 3, timedelta(hours=1)), Allowance("little", 1, timedelta(hours=1))
        assert [self.sent(story, much, little) for _ in range(3)] == [True, False, False]
        assert [self.sent(story, much) for _ in range(3)] == [True, True, False]

    def test_a_clock_that_was_put_back_shuts_nobody_out(self, story: Story) -> None:
        one = Allowance("one", 1, timedelta(days=1))
        assert [self.sent(story, one) for _ in range(2)] == [True, False]
        story.clock.now -= timedelta(days=2)
        assert self.sent(story, one)

    def test_nothing_is_kept_longer_than_it_counts(self, story: Story) -> None:
        self.sent(story, Allowance("one", 3, timedelta(days=1)))
        story.clock.now += timedelta(days=1, minutes=1)
        self.sent(story, Allowance("other", 3, timedelta(days=1)))
        with story.store.read() as unit:
            assert unit.accounts.tries("one") is None
