"""组织名录: organisations by level and district; the lead and the administrator keep it, below their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest

from mediation_engine.domain.directory import Directory
from mediation_engine.domain.roles import Level, Office, Organisation
from mediation_engine.errors import OutsideOwnRemit
from mediation_engine.input.tables import LARGEST
from mediation_engine.services.directory import put

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

AS_IT_IS = {
    "name": CUPS.name,
    "short_name": CUPS.short_name,
    "kind": CUPS.kind,
    "level": "enterprise",
    "parent": EAST.id,
    "since": "2026年1月1日",
    "contact": "范例杯业人事",
}
"""The form of a committee that is there, as a browser sends it back."""


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))


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
    typed = hidden(page) | AS_IT_IS
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


def test_entered_twice_by_a_double_press_it_is_one(wang: Browser, room: Story) -> None:
    sent = hidden(wang.get("/organisations/new").text) | FILLED
    assert [wang.send("/organisations/new", **sent).status_code for _ in range(2)] == [303, 303]
    with room.store.read() as unit:
        assert [it.name for it in unit.register.organisations()].count(FILLED["name"]) == 1
    another = wang.send("/organisations/new", **sent | {"name": "范例灯具调解委员会", "short_name": "范例灯具"})
    assert another.status_code == 303
    assert held(room, FILLED["name"]).id != held(room, "范例灯具调解委员会").id


def test_no_two_have_one_name_or_one_short_name_that_case_numbers_are_made_of(wang: Browser) -> None:
    wang.get("/organisations/new")
    again = wang.send("/organisations/new", **FILLED | {"name": CUPS.name})
    assert (again.status_code, "名录里已经有" in again.text) == (422, True)
    shared = wang.send("/organisations/new", **FILLED | {"short_name": ROOM.short_name})
    assert (shared.status_code, "案号会重复" in shared.text) == (422, True)


@pytest.mark.parametrize("name", ["范例\u202e电器", "范例\u200b电器", "\u200b\u200b", "范例\x00电器"])
def test_no_name_has_characters_that_nobody_sees(wang: Browser, name: str) -> None:
    wang.get("/organisations/new")
    answer = wang.send("/organisations/new", **FILLED | {"name": name})
    assert (answer.status_code, "看不见的字符" in answer.text) == (422, True)


def test_changed_by_two_at_once_the_second_sees_what_the_first_did(wang: Browser, room: Story) -> None:
    first, second = (hidden(wang.get(f"/organisations/{CUPS.id}").text) | AS_IT_IS for _ in range(2))
    assert wang.send(f"/organisations/{CUPS.id}", **first | {"contact": "新来的人事"}).status_code == 303
    contact = held(room, CUPS.name).contact
    answer = wang.send(f"/organisations/{CUPS.id}", **second | {"short_name": "杯业"})
    assert answer.status_code == 409
    assert "联系人现在是“新来的人事”" in answer.text
    told = hidden(answer.text) | AS_IT_IS | {"short_name": "杯业", "contact": "新来的人事"}
    assert wang.send(f"/organisations/{CUPS.id}", **told).status_code == 303
    assert (held(room, CUPS.name).short_name, held(room, CUPS.name).contact) == ("杯业", contact)


def test_a_district_does_not_come_below_what_lies_in_it(wang: Browser) -> None:
    page = wang.get(f"/organisations/{EAST.id}").text
    typed = {"name": EAST.name, "short_name": "东", "kind": "other", "level": "enterprise", "parent": ROOM.id}
    answer = wang.send(f"/organisations/{EAST.id}", **hidden(page) | typed)
    assert (answer.status_code, "它下面有" in answer.text) == (422, True)


def test_below_whom_ones_own_lies_is_not_ones_own_to_say(wang: Browser, room: Story) -> None:
    county = Organisation(id="county", name="县调解中心", short_name="县", kind="other", level=Level.BEYOND)
    with room.store.write() as unit:
        unit.register.put_organisation(county)
        unit.register.put_organisation(replace(ROOM, parent=county.id, level=Level.ZONE))
    page = wang.get(f"/organisations/{ROOM.id}").text
    assert 'name="parent"' not in page
    typed = {"name": "喜哥调解工作室", "short_name": ROOM.short_name, "kind": ROOM.kind, "level": "zone"}
    answer = wang.send(f"/organisations/{ROOM.id}", **hidden(page) | typed | {"parent": EAST.id})
    assert answer.status_code == 303, answer.text
    assert held(room, "喜哥调解工作室").parent == county.id


def test_nobody_takes_over_an_organisation_of_others(room: Story) -> None:
    elsewhere = Organisation(id="elsewhere", name="外区调委会", short_name="外", kind="other")
    with room.store.write() as unit:
        unit.register.put_organisation(elsewhere)
        lead = unit.register.actor("wang")
    assert lead is not None
    with pytest.raises(OutsideOwnRemit):
        put(room.store, lead, Office.LEAD, replace(elsewhere, parent=ROOM.id))


@pytest.mark.parametrize("path", ["/organisations/import", "/ledger"])
def test_a_table_may_be_as_large_as_its_page_says(
    web_client: Callable[[Office], Browser], told: Story, path: str
) -> None:
    lead = web_client(Office.LEAD)
    lead.get(path)
    answer = lead.send(path, file=(BytesIO(b"x" * (LARGEST - 100)), "table.xlsx"))
    assert answer.status_code == 422, "it is read, and is no table"
