"""All open cases of a colleague in one press: each reported, stale ones told, twice the same as once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mediation_engine.domain.roles import Office
from workflows.parts.assignment import HandOverAssignment

from ...support.story import STAFF, ZHOU, Story
from ..conftest import Browser

SignedIn = Callable[[Office | str], Browser]


@pytest.fixture
def told(told: Story) -> Story:
    """A1 and A2 are handled by li, A3 by nobody."""
    told.with_colleague()
    Story(told.store, told.clock, "A2").registered()
    return told


@pytest.fixture
def wang(web_client: SignedIn, told: Story) -> Browser:
    return web_client(Office.LEAD)


def leads(told: Story) -> list[str | None]:
    return [told.door.case(case).facts.lead_mediator() for case in ("A1", "A2")]


def seen(page: str) -> dict[str, Any]:
    """What the page of the cases posts."""
    return dict(re.findall(r'name="(v\.[^"]+)" value="([^"]+)"', page))


def test_it_lists_what_a_colleague_handles_and_hands_all_of_it_over(wang: Browser, told: Story) -> None:
    page = wang.get("/handover?from=li").text
    assert "李调解承办的未结案件，共 2 件" in page
    filled = {"from": "li", "to": "zhou", "note": "产假"} | seen(page)
    done = wang.send("/handover", **filled).text
    assert done.count("已移交") == 2
    assert "李调解没有承办中的未结案件" in done
    assert leads(told) == ["zhou", "zhou"]
    assert "产假" in told.view(Office.LEAD).words.values()
    before = len(told.lines)
    assert "没有承办中的未结案件" in wang.send("/handover", **filled).text
    assert (leads(told), len(told.lines)) == (["zhou", "zhou"], before), "pressed twice it is done once"


def test_what_moved_meanwhile_is_told_and_the_others_go_on(wang: Browser, told: Story) -> None:
    page = wang.get("/handover?from=li").text
    told.do(HandOverAssignment(to="wang"), "assignment/1")
    told.do(HandOverAssignment(to="li"), "assignment/2", by=Office.LEAD)
    done = wang.send("/handover", **({"from": "li", "to": "zhou"} | seen(page))).text
    assert done.count("没有移交") == 1
    assert leads(told) == ["li", "zhou"]


def test_to_whom_has_to_be_said_and_only_who_may_handle_them_is_offered(wang: Browser, told: Story) -> None:
    told.with_colleague(replace(ZHOU, active=False))
    page = wang.get("/handover?from=li").text
    assert '<option value="zhou">' not in page.split('id="to"')[1]
    for to in ("", "zhou", "chen", "li"):
        answer = wang.send("/handover", **({"from": "li", "to": to} | seen(page)))
        assert (answer.status_code, "请选择由谁接手" in answer.text) == (422, True)
    assert leads(told) == ["li", "li"]


def test_who_has_left_hands_over_what_he_had(wang: Browser, told: Story) -> None:
    told.with_colleague(replace(STAFF[Office.MEDIATOR], active=False))
    page = wang.get("/handover?from=li").text
    assert "李调解（已停用）" in page
    wang.send("/handover", **({"from": "li", "to": "zhou"} | seen(page)))
    assert leads(told) == ["zhou", "zhou"]
