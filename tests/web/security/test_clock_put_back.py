"""A clock that is put back, by a flat battery or by somebody, makes nothing young again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.roles import Office
from mediation_engine.ids import system_randomness
from mediation_engine.ports.tokens import Scope
from web.security import api_tokens, passwords
from web.security.age import TOLERANCE
from web.security.session_policy import live_sign_ins

from ...support.calling import EVERYTHING, Program, token_for
from ...support.story import STAFF, Story
from ..conftest import Browser

SignedIn = Callable[[Office | str], Browser]
A_LITTLE, MUCH = TOLERANCE - timedelta(seconds=1), [TOLERANCE + timedelta(seconds=1), timedelta(days=90)]


@pytest.mark.parametrize("back", MUCH)
def test_a_session_ends(web_client: SignedIn, told: Story, back: timedelta) -> None:
    li = web_client(Office.MEDIATOR)
    told.clock.now -= back
    assert li.get("/cases").status_code == 302
    told.clock.now += back
    assert li.get("/cases").status_code == 302


def test_a_little_is_another_servers_clock(app: Flask, web_client: SignedIn, told: Story) -> None:
    li, program = web_client(Office.MEDIATOR), Program(app.test_client(), token_for(told, Office.MEDIATOR, EVERYTHING))
    told.clock.now -= A_LITTLE
    assert li.get("/cases").status_code == 200
    assert program.get("/cases").status_code == 200


@pytest.mark.parametrize("back", MUCH)
def test_a_session_is_not_listed_as_going_on(web_client: SignedIn, told: Story, back: timedelta) -> None:
    web_client(Office.MEDIATOR)
    told.clock.now -= back
    with told.store.read() as unit:
        assert live_sign_ins(unit, STAFF[Office.MEDIATOR]) == []


@pytest.mark.parametrize("back", MUCH)
def test_a_token_of_a_day_to_come_is_none(app: Flask, told: Story, back: timedelta) -> None:
    program = Program(app.test_client(), token_for(told, Office.MEDIATOR, EVERYTHING))
    told.clock.now -= back
    assert program.get("/cases").status_code == 401
    told.clock.now += back
    assert program.get("/cases").status_code == 200


def test_a_token_that_has_run_out_is_not_good_again(app: Flask, told: Story) -> None:
    last = told.clock.now.astimezone(CHINA).date() + timedelta(days=3)
    secret, _ = api_tokens.make(
        told.store, system_randomness, STAFF[Office.MEDIATOR], Office.MEDIATOR, "试", frozenset({Scope.READ}), last
    )
    program = Program(app.test_client(), secret)
    told.clock.now += timedelta(days=3)
    assert program.get("/cases").status_code == 200
    told.clock.now += timedelta(days=90)
    assert program.get("/cases").status_code == 401
    told.clock.now -= timedelta(days=92)
    assert program.get("/cases").status_code == 401


@pytest.mark.parametrize("back", MUCH)
def test_a_password_given_out_is_none(browser: Browser, told: Story, back: timedelta) -> None:
    given = passwords.given_out()
    with told.store.write() as unit:
        passwords.give_password(unit, "li", given)
    told.clock.now -= back
    assert browser.sign_in("li", given).status_code == 422
    told.clock.now += back
    assert browser.sign_in("li", given).status_code == 302
