"""NUL in an address or an id: PostgreSQL takes none, not even to look for one; to us it names nothing."""

from __future__ import annotations

import pytest

from mediation_engine.adapters.sql import SqlStore
from mediation_engine.clock import FixedClock

from ...support.story import Story
from ..conftest import Browser
from .test_dashboard import li_over

NOWHERE = (
    *("/cases/%00", "/cases/%00/steps", "/cases/%00/people", "/cases/%00/steps/RecordTalk"),
    *("/notes/%00", "/notes/%00/files/0", "/notes/new?case=%00", "/cases/new?again=%00", "/cases/new?application=%00"),
    "/cases/A1/steps/RecordTalk?jotting=%00",
)
PLACES = ("/cases?after=%00", "/cases?sort=date&after=~%00", "/work?after=2026-01-01T00:00:00%2B08:00~%00")
KEPT = {"do": "keep", "id": "a\0b", "f.said": "再谈"}


@pytest.fixture
def li(database_store: SqlStore, clock: FixedClock) -> Browser:
    return li_over(Story(database_store, clock).accepted())


def test_what_an_address_names_with_it_is_not_there(li: Browser) -> None:
    assert {path: li.get(path).status_code for path in NOWHERE} == dict.fromkeys(NOWHERE, 404)


def test_a_list_begins_where_a_place_has_one(li: Browser) -> None:
    assert {path: li.get(path).status_code for path in PLACES} == dict.fromkeys(PLACES, 200)


def test_a_form_whose_id_has_one_is_kept_and_dropped_like_any(li: Browser) -> None:
    li.get("/cases/A1/steps/RecordTalk")
    assert li.send("/cases/A1/steps/RecordTalk", **KEPT).status_code == 303
    assert "记录单独沟通" in li.get("/drafts").text
    assert li.send("/drafts", where="/cases/A1/steps/RecordTalk", form="a\0b").status_code == 303
    assert "记录单独沟通" not in li.get("/drafts").text


def test_what_a_form_names_with_it_is_not_there(li: Browser) -> None:
    li.get("/notes/new")
    note = {"id": "a-good-id-of-a-form", "words": "记一笔", "case": "\0"}
    assert li.send("/notes/new", **note).status_code == 404
    assert li.send("/cases/A1/steps/RecordTalk", id="x", jotting="\0", do="do").status_code == 404
    assert li.send("/people/worker/same", other="\0").status_code == 404
