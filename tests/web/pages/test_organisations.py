"""组织名录: organisations by level and district; the lead and the administrator keep it, below their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from mediation_engine.domain.directory import Directory
from mediation_engine.domain.roles import Level, Office, Organisation

from ...support.committees import ALL, CUPS, EAST, WEST, with_committees
from ...support.story import ROOM, Story
from ..conftest import Browser

SignedIn = Callable[[Office | str], Browser]
FILLED = {
    "name": "范例电器劳动争议调解委员会",
    "short_name": "范例电器",
    "kind": "labour_committee",
    "level": "enterprise",
    "parent": EAST.id,
    "since": "2026年10月1日",
    "contact": "钱人事",
    "phone": "13900000000",
}


@pytest.fixture
def room(told: Story) -> Story:
    return with_committees(told)


@pytest.fixture
def wang(web_client: SignedIn, room: Story) -> Browser:
    return web_client(Office.LEAD)


def held(story: Story, name: str) -> Organisation:
    with story.store.read() as unit:
        return next(it for it in unit.register.organisations() if it.name == name)


def test_it_is_narrowed_by_district_level_and_words(wang: Browser) -> None:
    page = wang.get(f"/organisations?district={EAST.id}&level=enterprise").text
    assert CUPS.name in page
    assert "范例旧厂" not in page
    assert "共 1 个" in wang.get("/organisations?q=杯业").text
    assert "没有找到" in wang.get("/organisations?q=没有这一家").text


def test_one_is_entered_with_who_answers_for_it_whose_number_is_encrypted(wang: Browser, room: Story) -> None:
    wang.get("/organisations/new")
    answer = wang.send("/organisations/new", **FILLED)
    assert answer.status_code == 303, answer.text
    made = held(room, FILLED["name"])
    assert (made.level, made.parent, made.since) == (Level.ENTERPRISE, EAST.id, date(2026, 10, 1))
    with room.store.read() as unit:
        person = unit.register.person(made.contact or "")
        assert person is not None
        assert (person.name, unit.register.person_key(person.id) is not None) == ("钱人事", True)
    assert b"13900000000" not in (person.details or b"")


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(wang: Browser) -> None:
    wang.get("/organisations/new")
    answer = wang.send("/organisations/new", **FILLED | {"parent": "", "level": "", "since": "去年"})
    assert answer.status_code == 422
    assert all(words in answer.text for words in ("请选择它的上级", "请选择它在哪一级", "范例电器劳动争议调解委员会"))
    below = wang.send("/organisations/new", **FILLED | {"parent": EAST.id, "level": "zone"})
    assert "应比它" in below.text


def test_dissolved_it_stays_and_owes_no_month_any_more(wang: Browser, room: Story) -> None:
    page = wang.get(f"/organisations/{CUPS.id}").text
    assert CUPS.name in page
    typed = {"name": CUPS.name, "short_name": "范例杯业", "kind": CUPS.kind, "level": "enterprise", "parent": EAST.id}
    wang.send(f"/organisations/{CUPS.id}", **typed | {"until": "2026年10月20日", "contact": "范例杯业人事"})
    changed = held(room, CUPS.name)
    assert (changed.until, changed.contact) == (date(2026, 10, 20), CUPS.contact)
    assert f'value="{CUPS.id}"' not in wang.get("/returns?month=2026-10&group=expected").text


def test_one_of_others_is_not_there_and_none_is_entered_above_ones_own(web_client: SignedIn, wang: Browser) -> None:
    assert wang.get("/organisations/elsewhere").status_code == 404
    wang.get("/organisations/new")
    assert wang.send("/organisations/new", **FILLED | {"parent": "elsewhere"}).status_code == 422


def test_a_district_is_the_nearest_above(room: Story) -> None:
    found = Directory([ROOM, *ALL])
    assert found.district(CUPS.id) == EAST
    assert found.district(WEST.id) == WEST
    assert found.district(ROOM.id) is None
    circle = Directory([Organisation(id=a, name=a, short_name=a, kind="other", parent=b) for a, b in ("xy", "yx")])
    assert [it.id for it in circle.above("x")] == ["y"]
