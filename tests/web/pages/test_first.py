"""From the door to a case and out again."""

from __future__ import annotations

from collections.abc import Callable

from mediation_engine.adapters.sql import SqlStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.roles import Office
from web.security.passwords import give_password

from ...support.story import Story
from ..conftest import PASSWORD, Browser, app_over


def test_sign_in_look_at_a_case_sign_out(web_client: Callable[[Office], Browser], told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    assert "王某、某五金厂" in li.get("/cases").text
    page = li.whole()
    assert "走访稳固" in page
    assert "协议已生效" in page or "生效" in page
    with told.store.read() as unit:
        assert [(r.actor, r.what) for r in unit.views.reads("A1")] == [("li", "case")]
    assert li.send("/sign-out").location == "/sign-in?out=1"
    assert li.get("/cases/A1").location == "/sign-in?next=/cases/A1"


def test_the_same_over_each_kind_of_database(database_store: SqlStore, clock: FixedClock) -> None:
    story = Story(database_store, clock).registered()
    with database_store.write() as unit:
        give_password(unit, "li", PASSWORD, once=False)
    li: Browser = app_over(story).test_client()  # type: ignore[assignment]
    assert li.sign_in("li", next="/cases/A1").location == "/cases/A1"
    assert "王某、某五金厂" in li.whole()
    assert "王某、某五金厂" in li.get("/cases").text
    assert li.get("/cases/none").status_code == 404
    li.get("/me/sign-ins")
    assert li.send("/sign-out").location == "/sign-in?out=1"
    assert li.get("/cases/A1").location == "/sign-in?next=/cases/A1"
    with database_store.read() as unit:
        assert len(unit.views.reads("A1")) == 1
