"""Links under pressure: what others type keeps nobody out who has one, and nobody has more tries than he may."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.ports.register import Person
from mediation_engine.services.automatic import take_steps
from web.security import links, totp
from web.security.links import MOST_WRONG, Issued
from web.security.party_links import issue_for_party
from web.security.throttle import BOUNDS, Kind, network_of, of_codes, of_links, of_sign_in, of_tokens
from web.security.visit_links import issue_for_visit
from workflows.parts.visit import EntrustVisit

from ...support.exhibits import ROOM_KEY
from ...support.story import STAFF, Story
from ..conftest import Browser, app_over

LI = STAFF[Office.MEDIATOR]
NOBODYS = "ABCDEFGH"
HERE = "127.0.0.1"


def phone_of(app: Flask) -> Browser:
    return app.test_client()  # type: ignore[return-value]


def wide(typed: str) -> str:
    """As a Chinese keyboard writes it."""
    return typed.translate({n: n + 0xFEE0 for n in range(0x21, 0x7F)})


@pytest.fixture
def issued(told: Story) -> Issued:
    return issue_for_party(told.door, ROOM_KEY, LI, "A1", "party/1", 7)


def enter(phone: Browser, code: str, pin: str) -> TestResponse:
    phone.get("/c")
    return phone.send("/c", code=code, pin=pin)


def neighbour(app: Flask, times: int = BOUNDS[Kind.LINK].free + 10) -> None:
    """Somebody behind the same address types codes that there are not."""
    phone = phone_of(app)
    phone.get("/c")
    for _ in range(times):
        assert phone.send("/c", code=NOBODYS, pin="000000").status_code == 422


def counted(story: Story) -> int:
    """How many tries are counted of the address."""
    with story.store.read() as unit:
        tries = unit.accounts.tries(of_links(HERE).text)
    return tries.failed if tries else 0


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Hashes are compared without their slowness; what was hashed is noted."""
    hashed, real = list[str](), links.verified

    def noted(kept: str | None, pin: str) -> bool:
        hashed.append("some" if kept else "none")
        return real(kept, pin) if kept else False

    monkeypatch.setattr(links, "verified", noted)
    return hashed


class TestNeighbours:
    def test_who_has_a_link_comes_in_whatever_others_behind_the_same_address_type(
        self, app: Flask, issued: Issued
    ) -> None:
        neighbour(app)
        assert enter(phone_of(app), issued.code, issued.pin).location == "/party"

    def test_who_has_a_link_has_its_five_tries_and_no_more(self, app: Flask, issued: Issued) -> None:
        neighbour(app)
        for _ in range(MOST_WRONG):
            assert enter(phone_of(app), issued.code, "x").status_code == 422
        assert enter(phone_of(app), issued.code, issued.pin).status_code == 422

    def test_who_is_in_is_asked_for_the_pin_whatever_others_type(self, app: Flask, issued: Issued, told: Story) -> None:
        neighbour(app)
        before = counted(told)
        links.check_pin(told.store, ROOM_KEY, issued.link, issued.pin)
        with pytest.raises(links.LinkShut):
            links.check_pin(told.store, ROOM_KEY, issued.link, "x")
        assert counted(told) == before

    def test_a_flood_of_what_there_is_not_takes_no_time_of_others(
        self, app: Flask, issued: Issued, quickly: list[str]
    ) -> None:
        neighbour(app)
        assert quickly == ["none"] * BOUNDS[Kind.LINK].free

    def test_tries_are_regained_evenly(self, app: Flask, issued: Issued, told: Story, quickly: list[str]) -> None:
        neighbour(app)
        quickly.clear()
        told.clock.now += timedelta(minutes=2)
        neighbour(app, 10)
        assert len(quickly) == 4

    def test_ones_own_link_takes_back_one_try_and_not_those_at_others(
        self, app: Flask, issued: Issued, told: Story
    ) -> None:
        neighbour(app, 20)
        for _ in range(3):
            assert enter(phone_of(app), issued.code, issued.pin).status_code == 303
        assert counted(told) == 20

    def test_who_has_a_link_of_his_own_has_no_more_tries_at_others_by_it(
        self, app: Flask, issued: Issued, quickly: list[str]
    ) -> None:
        for _ in range(4):
            neighbour(app, 29)
            assert enter(phone_of(app), issued.code, issued.pin).status_code == 303
        assert quickly.count("none") <= BOUNDS[Kind.LINK].free

    def test_where_no_try_was_counted_none_is_taken_back(self, app: Flask, issued: Issued, told: Story) -> None:
        neighbour(app)
        for _ in range(3):
            assert enter(phone_of(app), issued.code, issued.pin).status_code == 303
        assert counted(told) == BOUNDS[Kind.LINK].free


class TestAddresses:
    @pytest.mark.parametrize(
        ("address", "network"),
        [
            ("192.0.2.1", "192.0.2.1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("2001:db8:1:1::5", "2001:db8:1:1::/64"),
            ("2001:DB8:1:1:ffff::9", "2001:db8:1:1::/64"),
            ("2001:db8:1:2::5", "2001:db8:1:2::/64"),
            ("fe80::1%eth0", "fe80::/64"),
            ("", ""),
            ("unix:", "unix:"),
        ],
    )
    def test_a_household_on_ipv6_is_one_and_ipv4_is_the_same_however_written(self, address: str, network: str) -> None:
        assert network_of(address) == network

    def test_whatever_is_counted_by_address_is_counted_by_household(self) -> None:
        one, other = "2001:db8:1:1::5", "2001:db8:1:1::6"
        for key in (of_links, of_codes, of_tokens):
            assert key(one) == key(other) != key("2001:db8:1:2::5")
        assert of_sign_in("li", one) == of_sign_in("li", other)


class TestTyping:
    def test_wide_digits_and_blanks_are_those_of_a_pin_and_a_code(self, app: Flask, issued: Issued) -> None:
        for code, pin in (
            (wide(issued.code), wide(issued.pin)),
            (issued.code, f"{issued.pin[:3]}\u3000{issued.pin[3:]} "),
        ):
            assert enter(phone_of(app), code, pin).location == "/party"

    def test_they_are_those_of_a_one_time_code(self, told: Story) -> None:
        seed, now = totp.new_seed(), told.clock.now
        code = totp.TOTP(seed).at(now)
        for typed in (code, wide(code), f" {code[:3]} {code[3:]}"):
            assert totp.step_of(seed, typed, now) is not None
        assert totp.step_of(seed, "\ud800", now) is None


@pytest.mark.parametrize("ended", ["locked", "revoked", ""])
def test_a_visit_goes_back_to_the_room_unless_the_link_for_it_is_good(story: Story, tmp_path: Path, ended: str) -> None:
    story.effective()
    with story.store.write() as unit:
        unit.register.put_person(Person(id="grid", name="网格员", kind=PartyKind.PERSON, organisation="room"))
    story.do(EntrustVisit(person="grid", party="party/1"), "visit/1")
    due = story.case.facts.visits["visit/1"].due
    assert due
    issued = issue_for_visit(story.door, ROOM_KEY, LI, "A1", "visit/1", 10)
    if ended == "revoked":
        links.revoke(story.store, LI.id, issued.link.id)
    phone = phone_of(app_over(story, folder=tmp_path))
    phone.get(f"/links/{issued.secret}")
    for _ in range(MOST_WRONG if ended == "locked" else 0):
        phone.send(f"/links/{issued.secret}", pin="x")
    story.clock.now += due - story.clock.now.date() + timedelta(days=5)
    take_steps(story.door)
    assert story.state("visit/1") == ("scheduled" if ended else "entrusted")
