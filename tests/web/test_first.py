"""From the door to a case and out again."""

from __future__ import annotations

from collections.abc import Callable

from mediation_engine.domain.roles import Office

from ..story import Story
from .conftest import Browser


def test_sign_in_look_at_a_case_sign_out(web_client: Callable[[Office], Browser], told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    assert "王某、某五金厂" in li.get("/cases").text
    page = li.get("/cases/A1").text
    assert "走访稳固" in page
    assert "协议已生效" in page or "生效" in page
    with told.store.read() as unit:
        assert [(r.actor, r.what) for r in unit.views.reads("A1")] == [("li", "case")]
    assert li.send("/sign-out").location == "/sign-in?out=1"
    assert li.get("/cases/A1").location == "/sign-in?next=/cases/A1"
