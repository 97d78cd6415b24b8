"""Taking a case a step on: one form for every command, refusals, stale forms, previews."""

from __future__ import annotations

from collections.abc import Callable

from mediation_engine.domain.roles import Office

from ..story import Story
from .conftest import Browser

Client = Callable[[Office], Browser]


def test_every_form_of_the_case_opens(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    workflow = told.door.catalogue.named("fast_track_2026")
    for name, command in workflow.commands.items():
        if command is not workflow.opening:
            page = li.get(f"/cases/A1/steps/{name}")
            assert (name, page.status_code) == (name, 200)
            assert command.label in page.text
    assert li.get("/cases/A1").status_code == 200
    assert li.get("/cases/A1/missing").status_code == 200
    assert li.get("/cases/new").status_code == 200
