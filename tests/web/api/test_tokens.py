"""Who may come in with a token, and what for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import chain, combinations

import pytest
from flask import Flask

from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.roles import Office
from mediation_engine.ids import system_randomness
from mediation_engine.ports.tokens import Scope
from web.security import api_tokens
from web.security.permissions import POLICIES, ByToken
from web.security.throttle import BOUNDS, Kind

from ...support.calling import API, EVERYTHING, Program, token_for
from ...support.story import STAFF, Story
from ..conftest import HOST, Browser

BOUND = BOUNDS[Kind.TOKEN]

pytestmark = pytest.mark.quick

OFFICES = (Office.MEDIATOR, Office.LEAD, Office.AUDITOR)
ENDPOINTS = sorted(name for name, policy in POLICIES.items() if isinstance(policy, ByToken))
GIVEN = {"case_id": "A1", "version": "1", "exhibit": "0" * 32}


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """(endpoint, method, path) of everything a token may open."""
    adapter = app.url_map.bind("127.0.0.1")
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ENDPOINTS:
            path = adapter.build(rule.endpoint, {name: GIVEN[name] for name in rule.arguments})
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule.endpoint, method, path.removeprefix(API)


def scopes_of(office: Office) -> list[frozenset[Scope]]:
    """All sets of scopes that a token of an office can have."""
    fitting = [scope for scope in Scope if office in api_tokens.FITTING[scope]]
    return [frozenset(c) for c in chain.from_iterable(combinations(fitting, n) for n in range(len(fitting) + 1))]


@pytest.mark.parametrize("office", OFFICES)
def test_a_token_opens_what_its_scopes_say_and_nothing_else(app: Flask, told: Story, office: Office) -> None:
    client = app.test_client()
    found = list(routes(app))
    assert {endpoint for endpoint, _, _ in found} == set(ENDPOINTS)
    for scopes in scopes_of(office):
        program = Program(client, token_for(told, office, scopes))
        for endpoint, method, path in found:
            policy = POLICIES[endpoint]
            assert isinstance(policy, ByToken)
            answer = program.send(method, path, **({} if method == "GET" else {"json": {}}))
            if policy.scope is None or policy.scope in scopes:
                fine = (200, 422, 404) if endpoint == "api.get_exhibit" else (200, 422)
                assert answer.status_code in fine, (endpoint, scopes, answer.text)
            else:
                assert (answer.status_code, answer.get_json(force=True)["code"]) == (403, "ScopeMissing"), endpoint


@pytest.mark.parametrize("office", [Office.ADMINISTRATOR, Office.AUDITOR])
def test_no_token_is_made_with_a_scope_its_office_has_no_use_for(told: Story, office: Office) -> None:
    unfit = [scope for scope in Scope if office not in api_tokens.FITTING[scope]]
    assert unfit
    for scope in unfit:
        with pytest.raises(api_tokens.ScopeUnfit):
            token_for(told, office, [scope])


def test_and_one_that_was_put_there_by_force_is_turned_away_by_its_office(app: Flask, told: Story) -> None:
    program = Program(app.test_client(), token_for(told, Office.AUDITOR, [Scope.READ]))
    with told.store.write() as unit:
        unit.tokens.put_token(replace(unit.tokens.tokens()[0], scopes=frozenset(Scope)))
    answer = program.do("/cases/A1/commands", command="RecordNote", fields={"words": "补记"})
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (403, "OfficeUnfit")


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic bGk6bGk=", "Bearer mt_wrong", "bearer 令牌"])
def test_without_a_good_token_nothing_opens(app: Flask, told: Story, header: str | None) -> None:
    client = app.test_client()
    headers = {} if header is None else {"Authorization": header.encode().decode("latin-1")}
    for _, method, path in routes(app):
        answer = client.open(API + path, method=method, headers=headers, base_url=HOST)
        assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    with told.store.read() as unit:
        assert unit.views.reads("A1") == []


def test_a_token_is_shown_once_and_kept_as_a_digest(told: Story) -> None:
    secret = token_for(told, Office.MEDIATOR, EVERYTHING)
    assert len(secret) == len(api_tokens.PREFIX) + 43
    with told.store.read() as unit:
        (held,) = unit.tokens.tokens()
    assert secret not in repr(held)
    assert held.key == api_tokens.key_of(secret)
    assert held.key not in repr(replace(held, key=""))


def test_an_ended_token_opens_nothing_any_more(app: Flask, told: Story) -> None:
    program = Program(app.test_client(), token_for(told, Office.MEDIATOR, EVERYTHING))
    assert program.get("/cases").status_code == 200
    with told.store.read() as unit:
        id = unit.tokens.tokens()[0].id
    ended = api_tokens.end(told.store, id)
    assert program.get("/cases").status_code == 401
    told.clock.now += timedelta(hours=1)
    assert api_tokens.end(told.store, id) == ended


def test_a_token_is_good_through_its_last_day_in_china(app: Flask, told: Story) -> None:
    last = told.clock.now.astimezone(CHINA).date() + timedelta(days=3)
    secret, _ = api_tokens.make(
        told.store, system_randomness, STAFF[Office.MEDIATOR], Office.MEDIATOR, "试", frozenset({Scope.READ}), last
    )
    program = Program(app.test_client(), secret)
    midnight = told.clock.now.astimezone(CHINA).replace(hour=0, minute=0) + timedelta(days=4)
    told.clock.now = midnight - timedelta(seconds=1)
    assert program.get("/cases").status_code == 200
    told.clock.now = midnight
    assert program.get("/cases").status_code == 401


@pytest.mark.parametrize("days", [-1, 367, 10_000])
def test_a_token_lasts_a_year_at_most(told: Story, days: int) -> None:
    last = told.clock.now.astimezone(CHINA).date() + timedelta(days=days)
    li = STAFF[Office.MEDIATOR]
    with pytest.raises(api_tokens.TokenPeriod):
        api_tokens.make(told.store, system_randomness, li, Office.MEDIATOR, "试", frozenset({Scope.READ}), last)


def test_a_token_falls_with_its_actor_and_with_the_office(app: Flask, told: Story) -> None:
    program = Program(app.test_client(), token_for(told, Office.MEDIATOR, EVERYTHING))
    li = STAFF[Office.MEDIATOR]
    for changed in (replace(li, active=False), replace(li, offices=frozenset({Office.ADMINISTRATOR}))):
        with told.store.write() as unit:
            unit.register.put_actor(changed)
        assert program.get("/cases").status_code == 401
    with told.store.write() as unit:
        unit.register.put_actor(li)
    assert program.get("/cases").status_code == 200


def test_the_day_of_the_last_use_is_kept(app: Flask, told: Story) -> None:
    program = Program(app.test_client(), token_for(told, Office.MEDIATOR, EVERYTHING))
    for _ in range(2):
        program.get("/cases")
        with told.store.read() as unit:
            assert unit.tokens.tokens()[0].seen == api_tokens.today(unit)
        told.clock.now += timedelta(days=1)


def test_tokens_that_are_none_are_counted_and_good_ones_still_come_in(app: Flask, told: Story) -> None:
    good = Program(app.test_client(), token_for(told, Office.MEDIATOR, EVERYTHING))
    bad = Program(app.test_client(), "mt_bad")
    assert {bad.get("/cases").status_code for _ in range(BOUND.free)} == {401}
    answer = bad.get("/cases")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= BOUND.first.total_seconds()
    assert good.get("/cases").status_code == 200
    told.clock.now += BOUND.first
    assert bad.get("/cases").status_code == 401


def test_who_is_signed_in_in_a_browser_is_nobody_here(web_client: Browser, app: Flask) -> None:
    browser = web_client(Office.MEDIATOR)  # type: ignore[operator]
    for endpoint, method, path in routes(app):
        expected = 200 if endpoint == "api.openapi" else 401
        assert browser.open(API + path, method=method, json={}).status_code == expected, endpoint


def test_a_program_needs_no_token_of_a_form(app: Flask, told: Story) -> None:
    program = Program(app.test_client(), token_for(told, Office.MEDIATOR, EVERYTHING))
    answer = program.do("/cases/A1/commands", command="RecordNote", fields={"words": "补记"})
    assert answer.status_code == 200, answer.text
    assert "Set-Cookie" not in answer.headers


def test_a_browser_led_here_by_another_site_is_turned_away(app: Flask, told: Story) -> None:
    program = Program(app.test_client(), token_for(told, Office.MEDIATOR, EVERYTHING))
    elsewhere = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site", "Idempotency-Key": "x"}
    answer = program.do("/cases/A1/commands", headers=elsewhere, command="RecordNote", fields={"words": "补记"})
    assert (answer.status_code, answer.content_type) == (403, "application/problem+json")
