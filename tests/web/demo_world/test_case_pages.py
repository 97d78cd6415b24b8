"""The case pages of the made-up room and of the reported cases: each opens for everybody who may read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from mediation_engine.domain.roles import Actor
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.mediation import MediationService
from web.app import create_app
from web.case_import.importer import ROOT
from web.config import ExhibitSettings
from web.demo_world.room import BY_ID
from web.presenters.case_acts import case_acts
from web.presenters.case_details import Casework
from web.presenters.case_head import case_head, seats
from web.presenters.case_options import Asking
from web.presenters.case_tabs import tabs
from web.presenters.deadlines import shown_clocks
from web.presenters.next_steps import next_steps
from web.presenters.timeline import by_day
from web.security.passwords import give_password
from workflows.tabs import Tab

from ...support.exhibits import ROOM_KEY
from ...support.thorough import some
from ..conftest import PASSWORD, SECRET, SETTINGS, Browser
from .test_demo_world import MONDAY, office_of, told
from .test_papers import reported

READERS = ("li", "zhou", "wang", "chen")
ONE_IN, PAGES_ONE_IN = 10, 8


@cache
def worlds() -> list[tuple[MediationService, dict[str, Actor], list[str]]]:
    """Doors, who reads behind each, and its cases."""
    room, elsewhere = told(MONDAY).door, reported()
    there = {id: replace(BY_ID[id], organisation=ROOT.id) for id in READERS}
    with elsewhere.store.write("register") as unit:
        for actor in there.values():
            unit.register.put_actor(actor)
    return [(room, BY_ID, cases_of(room)), (elsewhere, there, cases_of(elsewhere))]


def cases_of(door: MediationService) -> list[str]:
    with door.store.read() as unit:
        return [*unit.record.cases()]


def read_by(reader: str) -> Iterator[CaseView]:
    """All cases as somebody may read them, each as it was after each of its orders."""
    for door, staff, cases in worlds():
        for case in cases:
            view = door.view(case, office_of(staff[reader]), staff[reader])
            orders = {it.line.command_id: it.line.version for it in view.lines}
            for version in orders.values():
                lines = tuple(it for it in view.lines if it.line.version <= version)
                yield replace(view, case=view.at(version), lines=lines)


@pytest.mark.parametrize("reader", READERS)
def test_what_is_usual_next_is_about_things_there_are_whatever_the_reader_may_not_know(reader: str) -> None:
    for view in read_by(reader):
        for row in view.workflow.guidance.next if view.workflow else ():
            for it in row.when(view.case, view.today):
                assert {*it.on, *it.about} <= set(view.case.instances), (view.case.id, row.step, it)


@pytest.mark.parametrize("reader", READERS)
def test_every_case_is_put_into_words_as_it_stood_at_any_time(reader: str) -> None:
    for view in some(read_by(reader), ONE_IN):
        work, asked = Casework(view=view), asking(view)
        assert next_steps(asked) and case_acts(asked)
        assert case_head(work, shown_clocks(view)).stands and seats(work) is not None
        assert tabs(work, 0, len(view.lines)) and by_day(view.lines, view.teller)[-1].acts


def asking(view: CaseView) -> Asking:
    assert view.workflow
    return Asking(view=view, workflow=view.workflow)


@pytest.mark.parametrize("reader", READERS)
def test_every_tab_of_every_case_opens(reader: str) -> None:
    for door, _, cases in worlds():
        with door.store.write("accounts") as unit:
            give_password(unit, reader, PASSWORD, once=False)
        app = create_app(door, replace(SETTINGS, exhibits=ExhibitSettings(folder=Path("/nowhere"))), SECRET)
        app.extensions["room_key"] = ROOM_KEY
        app.test_client_class = Browser
        browser: Browser = app.test_client()  # type: ignore[assignment]
        assert browser.sign_in(reader).status_code == 302
        for case in some(cases, PAGES_ONE_IN):
            for tab in ("", *(tab.value for tab in Tab), "record"):
                assert browser.get(f"/cases/{case}?tab={tab}").status_code == 200, (case, reader, tab)
