"""Who may open what: every page × every method × every office, own and foreign, against a table written by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Blueprint, Flask

from mediation_engine.domain.roles import Office
from mediation_engine.ids import RESERVED
from web import pages
from web.security import permissions

from ...support.story import Story
from ..conftest import Browser, app_over

SignedIn = Callable[[Office | str], Browser]
WHO: dict[str, Office | str | None] = {
    "nobody": None,
    "mediator": Office.MEDIATOR,
    "lead": Office.LEAD,
    "auditor": Office.AUDITOR,
    "administrator": Office.ADMINISTRATOR,
    "grid_worker": Office.GRID_WORKER,
    "stranger": "sun",
}
"""The stranger is a mediator of another organisation; the grid worker has nothing to do with the case."""

IN = "302 /sign-in"
TABLE: dict[str, tuple[str, dict[str, str]]] = {
    # method and address: what those not named get, and what the named get
    "GET /": ("302 /work", {"nobody": IN}),
    "GET /healthz": ("200", {}),
    "GET /static/site.css": ("200", {}),
    "GET /sign-in": ("302 /", {"nobody": "200"}),
    "POST /sign-in": ("302 /", {"nobody": "422"}),
    "POST /sign-out": ("302 /sign-in", {}),
    "GET /work": ("200", {"nobody": IN}),
    "GET /cases": ("200", {"nobody": IN, "administrator": "403"}),
    "POST /cases": ("303 /cases", {"nobody": IN, "administrator": "403"}),
    "GET /cases/A1": ("200", {"grid_worker": "404", "nobody": IN, "administrator": "403", "stranger": "404"}),
    "POST /cases/A1/private": (
        "303 /cases/A1",
        {"nobody": IN, "auditor": "403", "administrator": "403", "stranger": "404"},
    ),
    "GET /calls": ("200", {"nobody": IN, "auditor": "403", "administrator": "403"}),
    "POST /calls/look": ("404", {"nobody": IN, "auditor": "403", "administrator": "403"}),
    "GET /help": ("200", {"nobody": IN}),
    "GET /help/visit": ("200", {"nobody": IN}),
    "GET /help/none": ("404", {"nobody": IN}),
    "GET /help/party": ("200", {}),
    "GET /drafts": ("200", {"nobody": IN}),
    "POST /drafts": ("303 /drafts", {"nobody": IN}),
    "GET /messages": ("200", {"nobody": IN}),
    "GET /messages/none": ("404", {"nobody": IN}),
    "POST /messages/read": ("303 /messages", {"nobody": IN}),
    "POST /messages/contacts": ("303 /messages", {"nobody": IN}),
    "GET /messages/unsent": ("403", {"nobody": IN, "administrator": "200"}),
    "POST /messages/unsent": ("403", {"nobody": IN, "administrator": "303 /messages/unsent"}),
    "GET /notes": ("200", {"nobody": IN, "auditor": "403", "administrator": "403"}),
    "GET /notes/new": ("200", {"nobody": IN, "auditor": "403", "administrator": "403"}),
    "POST /notes/new": ("422", {"nobody": IN, "auditor": "403", "administrator": "403"}),
    "GET /notes/none": ("404", {"nobody": IN, "auditor": "403", "administrator": "403"}),
    "GET /notes/none/files/0": ("404", {"nobody": IN, "auditor": "403", "administrator": "403"}),
    "GET /notes/none/files/0/preview": ("404", {"nobody": IN, "auditor": "403", "administrator": "403"}),
    "POST /notes/none/drop": ("404", {"nobody": IN, "auditor": "403", "administrator": "403"}),
    "GET /alerts": ("200", {"nobody": IN, "administrator": "403"}),
    "POST /alerts": ("303 /alerts", {"nobody": IN, "administrator": "403"}),
    "GET /alerts/new": ("200", {"nobody": IN, "auditor": "403", "administrator": "403"}),
    "POST /alerts/new": ("422", {"nobody": IN, "auditor": "403", "administrator": "403"}),
    "GET /matters": ("200", {"nobody": IN, "administrator": "403"}),
    "GET /matters/new": ("200", {"grid_worker": "200", "nobody": IN, "auditor": "403", "administrator": "403"}),
    "POST /matters/new": ("200", {"grid_worker": "422", "nobody": IN, "auditor": "403", "administrator": "403"}),
    "POST /matters": ("303 /matters", {"nobody": IN, "administrator": "403"}),
    "GET /meetings": ("200", {"nobody": IN, "administrator": "403"}),
    "GET /meetings/new": ("200", {"nobody": IN, "auditor": "403", "administrator": "403"}),
    "POST /meetings/new": ("422", {"nobody": IN, "auditor": "403", "administrator": "403"}),
    "GET /organisations": ("200", {"nobody": IN}),
    "GET /organisations/table": ("403", {"nobody": IN, "lead": "200", "administrator": "200"}),
    "GET /organisations/import": ("403", {"nobody": IN, "lead": "200", "administrator": "200"}),
    "POST /organisations/import": ("403", {"nobody": IN, "lead": "422", "administrator": "422"}),
    "GET /organisations/new": ("403", {"nobody": IN, "lead": "200", "administrator": "200"}),
    "POST /organisations/new": ("403", {"nobody": IN, "lead": "422", "administrator": "422"}),
    "GET /organisations/room": ("403", {"nobody": IN, "lead": "200", "administrator": "200"}),
    "GET /returns": ("200", {"nobody": IN, "administrator": "403"}),
    "POST /returns/links": ("200", {"nobody": IN, "auditor": "403", "administrator": "403"}),
    "GET /returns/room/2026-10": (
        "200",
        {"nobody": IN, "auditor": "403", "administrator": "403", "stranger": "404"},
    ),
    "POST /organisations/room": ("403", {"nobody": IN, "lead": "409", "administrator": "409"}),
    "POST /returns/room/2026-10": (
        "422",
        {"nobody": IN, "auditor": "403", "administrator": "403", "stranger": "404"},
    ),
    "POST /monthly/2026-10/report": ("302 /links", {}),
    "GET /monthly": ("302 /links", {}),
    "GET /monthly/2026-10": ("302 /links", {}),
    "GET /monthly/2026-10/report": ("302 /links", {}),
    "POST /monthly/2026-10/hand-up": ("302 /links", {}),
    "POST /monthly/leave": ("303 /links/done/left", {}),
    "GET /settle": ("200", {"nobody": IN, "auditor": "403", "administrator": "403"}),
    "POST /settle": ("422", {"nobody": IN, "auditor": "403", "administrator": "403"}),
    "GET /ledger": ("403", {"nobody": IN, "lead": "200"}),
    "POST /ledger": ("403", {"nobody": IN, "lead": "422"}),
    "GET /ledger/template": ("403", {"nobody": IN, "lead": "200"}),
    "GET /handover": ("403", {"nobody": IN, "lead": "200"}),
    "POST /handover": ("403", {"nobody": IN, "lead": "200"}),
    "GET /substitutes": ("403", {"nobody": IN, "lead": "200"}),
    "POST /substitutes": ("403", {"nobody": IN, "lead": "422"}),
    "POST /substitutes/end": ("403", {"nobody": IN, "lead": "404"}),
    "GET /cases/A1/replay": ("200", {"nobody": IN, "administrator": "403", "stranger": "404"}),
    "GET /cases/A1/audit": ("200", {"nobody": IN, "administrator": "403", "stranger": "404"}),
    "POST /cases/A1/audit": ("422", {"nobody": IN, "administrator": "403", "stranger": "404"}),
    "GET /cases/A1/export": ("200", {"nobody": IN, "administrator": "403", "stranger": "404"}),
    "GET /cases/A1/export.zip": ("200", {"nobody": IN, "administrator": "403", "stranger": "404"}),
    f"GET /cases/A1/exhibits/{'0' * 32}": ("404", {"nobody": IN, "administrator": "403"}),
    f"GET /cases/A1/exhibits/{'0' * 32}/preview": ("404", {"nobody": IN, "administrator": "403"}),
    "GET /cases/A1/dossier": ("200", {"nobody": IN, "administrator": "403", "stranger": "404"}),
    "GET /cases/A1/self-check": ("200", {"nobody": IN, "administrator": "403", "stranger": "404"}),
    "POST /cases/A1/self-check": ("403", {"nobody": IN, "lead": "422", "auditor": "422"}),
    "GET /self-check": ("200", {"nobody": IN, "administrator": "403"}),
    "POST /self-check": ("403", {"nobody": IN, "lead": "422", "auditor": "422"}),
    "GET /cases/A1/papers/agreement?about=agreement/1": (
        "200",
        {"nobody": IN, "administrator": "403", "stranger": "404"},
    ),
    "GET /cases/A1/papers/agreement.docx?about=agreement/1": (
        "200",
        {"nobody": IN, "auditor": "403", "administrator": "403", "stranger": "404"},
    ),
    "POST /cases/A1/dossier": (
        "422",
        {"nobody": IN, "auditor": "403", "administrator": "403", "stranger": "404"},
    ),
    "GET /cases/A1/people": (
        "200",
        {"nobody": IN, "auditor": "403", "administrator": "403", "stranger": "404"},
    ),
    "POST /cases/A1/people": (
        "303 /cases/A1",
        {"nobody": IN, "auditor": "403", "administrator": "403", "stranger": "404"},
    ),
    "GET /cases/A1/dossier.pdf": (
        "200",
        {"nobody": IN, "auditor": "403", "administrator": "403", "stranger": "404"},
    ),
    "GET /cases/A1/dossier.zip": (
        "200",
        {"nobody": IN, "auditor": "403", "administrator": "403", "stranger": "404"},
    ),
    "GET /texts/A1/agreement/1/0": ("200", {}),
    "GET /cases/A1/reads": ("200", {"nobody": IN, "administrator": "403", "stranger": "404"}),
    "GET /reads": ("403", {"nobody": IN, "lead": "200", "auditor": "200"}),
    "GET /audit": ("403", {"nobody": IN, "lead": "200", "auditor": "200"}),
    "POST /audit": ("403", {"nobody": IN, "lead": "422", "auditor": "422"}),
    "GET /audit/corrections": ("403", {"nobody": IN, "lead": "200", "auditor": "200"}),
    "GET /room": ("403", {"nobody": IN, "lead": "200"}),
    "GET /marks": ("403", {"nobody": IN, "lead": "200", "auditor": "200"}),
    **{
        f"GET /figures{path}": ("200", {"nobody": IN, "administrator": "403"})
        for path in ("", "/screen", "/behind/accepted", "/form", "/file", "/reports")
    },
    **{
        f"GET /campaigns/{path}": (status, {"nobody": IN, "administrator": "403"})
        for path, status in {"wages": "200", "wages/file": "200", "none": "404"}.items()
    },
    "GET /figures/behind/none": ("404", {"nobody": IN, "administrator": "403"}),
    "GET /figures/reports/none": ("404", {"nobody": IN, "administrator": "403"}),
    "POST /figures/reports": ("403", {"nobody": IN, "lead": "422"}),
    "GET /audit/file": ("200", {"nobody": IN, "administrator": "403"}),
    "POST /audit/file": ("422", {"nobody": IN, "administrator": "403"}),
    "GET /audit/verify.py": ("200", {"nobody": IN, "administrator": "403"}),
    "GET /audit/checkpoint": ("403", {"nobody": IN, "lead": "200", "auditor": "200"}),
    "GET /calendar": ("302 /calendar/2026", {"nobody": IN}),
    "GET /calendar/2026": ("200", {"nobody": IN}),
    "GET /calendar/1999": ("404", {"nobody": IN}),
    "GET /calendar/count?from=2026-09-01&number=30&unit=days": ("200", {"nobody": IN}),
    "GET /calendar/import": ("403", {"nobody": IN, "lead": "200", "administrator": "200"}),
    "POST /calendar/import": ("403", {"nobody": IN, "lead": "422", "administrator": "422"}),
    "GET /workflows": ("200", {"nobody": IN}),
    "GET /workflows/fast_track_2026/mediation": ("200", {"nobody": IN}),
    "GET /workflows/fast_track_2026/mediation.mmd": ("200", {"nobody": IN}),
    "GET /workflows/fast_track_2026/mediation?case=A1": (
        "200",
        {"grid_worker": "404", "nobody": IN, "administrator": "404", "stranger": "404"},
    ),
    "GET /cases/NONE/audit": ("404", {"nobody": IN, "administrator": "403"}),
    "GET /cases/NONE": ("404", {"grid_worker": "404", "nobody": IN, "administrator": "403"}),
    "GET /cases/new": ("403", {"nobody": IN, "mediator": "200", "lead": "200", "stranger": "200"}),
    "POST /cases/new": ("403", {"nobody": IN, "mediator": "422", "lead": "422", "stranger": "422"}),
    "GET /applications": ("403", {"nobody": IN, "mediator": "200", "lead": "200", "stranger": "200"}),
    "GET /applications/new": ("403", {"nobody": IN, "mediator": "200", "lead": "200", "stranger": "200"}),
    "POST /applications/new": ("403", {"nobody": IN, "mediator": "422", "lead": "422", "stranger": "422"}),
    "GET /applications/poster": ("403", {"nobody": IN, "mediator": "200", "lead": "200", "stranger": "200"}),
    "GET /applications/A1/receipt": ("403", {"nobody": IN, "mediator": "404", "lead": "404", "stranger": "404"}),
    "GET /apply": ("200", {}),
    "POST /apply": ("422", {}),
    "GET /apply/receipt": ("302 /apply/status", {}),
    "GET /apply/status": ("200", {}),
    "POST /apply/status": ("422", {}),
    "POST /apply/leave": ("303 /links/done/left", {}),
    "GET /cases/A1/steps": ("200", {"nobody": IN, "administrator": "403", "stranger": "404"}),
    "GET /cases/A1/missing": ("200", {"nobody": IN, "administrator": "403", "stranger": "404"}),
    "GET /cases/A1/visits/1/link": ("403", {"nobody": IN, "mediator": "200", "lead": "200", "stranger": "404"}),
    "POST /cases/A1/visits/1/link": ("403", {"nobody": IN, "mediator": "422", "lead": "422", "stranger": "404"}),
    "GET /cases/A1/access": ("403", {"nobody": IN, "mediator": "200", "lead": "200", "stranger": "404"}),
    "POST /cases/A1/access": ("403", {"nobody": IN, "mediator": "422", "lead": "422", "stranger": "404"}),
    "POST /cases/A1/access/hand-over": (
        "403",
        {"nobody": IN, "mediator": "303 /links/x", "lead": "303 /links/x", "stranger": "404"},
    ),
    "GET /links/x": ("200", {}),
    "POST /links/x": ("422", {}),
    "GET /links": ("200", {}),
    "GET /links/done/visit": ("200", {}),
    "GET /c": ("200", {}),
    "POST /c": ("422", {}),
    "POST /links/call": ("303 /links/done/call", {}),
    "GET /party": ("302 /links", {}),
    "GET /party/case": ("302 /links", {}),
    "GET /party/record": ("302 /links", {}),
    "GET /party/money": ("302 /links", {}),
    "GET /party/reads": ("302 /links", {}),
    "GET /party/me": ("302 /links", {}),
    "GET /party/papers": ("302 /links", {}),
    "GET /party/papers/agreement.pdf": ("302 /links", {}),
    "GET /party/receipt.pdf": ("302 /links", {}),
    "GET /party/text": ("302 /links", {}),
    "GET /party/answer": ("302 /links", {}),
    "POST /party/answer": ("302 /links", {}),
    "GET /party/receipt": ("302 /links", {}),
    "GET /party/do": ("302 /links", {}),
    "GET /party/do/<code>": ("302 /links", {}),
    "POST /party/do/<code>": ("302 /links", {}),
    "GET /party/do/<code>/receipt": ("302 /links", {}),
    "POST /party/leave": ("303 /links/done/left", {}),
    "GET /visit-link": ("302 /links", {}),
    "POST /visit-link": ("302 /links", {}),
    "GET /cases/A1/visits/1": ("403", {"nobody": IN, "mediator": "200", "lead": "200", "stranger": "404"}),
    "POST /cases/A1/visits/1": ("403", {"nobody": IN, "mediator": "422", "lead": "422", "stranger": "404"}),
    "GET /cases/A1/steps/RecordNote": (
        "403",
        {"grid_worker": "404", "nobody": IN, "mediator": "200", "lead": "200", "stranger": "404"},
    ),
    "POST /cases/A1/steps/RecordNote": (
        "403",
        {"grid_worker": "404", "nobody": IN, "mediator": "422", "lead": "422", "stranger": "404"},
    ),
    "GET /cases/A1/lines/1/correct": (
        "403",
        {"nobody": IN, "mediator": "200", "lead": "200", "stranger": "404"},
    ),
    "POST /cases/A1/lines/1/correct": (
        "403",
        {"nobody": IN, "mediator": "422", "lead": "422", "stranger": "404"},
    ),
    "GET /cases/A1/roster": ("403", {"nobody": IN, "mediator": "200", "lead": "200", "stranger": "404"}),
    "POST /cases/A1/roster": ("403", {"nobody": IN, "mediator": "422", "lead": "422", "stranger": "404"}),
    "GET /cases/A1/roster/template": ("403", {"nobody": IN, "mediator": "200", "lead": "200", "stranger": "404"}),
    "GET /people": ("403", {"nobody": IN, "mediator": "200", "lead": "200", "stranger": "200"}),
    "POST /people": (
        "403",
        {"nobody": IN, "mediator": "303 /people", "lead": "303 /people", "stranger": "303 /people"},
    ),
    "GET /people/worker": ("403", {"nobody": IN, "mediator": "200", "lead": "200", "stranger": "404"}),
    "POST /people/worker/look": (
        "403",
        {"nobody": IN, "mediator": "303 /people/worker", "lead": "303 /people/worker", "stranger": "404"},
    ),
    "GET /people/worker/edit": ("403", {"nobody": IN, "mediator": "200", "lead": "200", "stranger": "404"}),
    "POST /people/worker/edit": ("403", {"nobody": IN, "mediator": "422", "lead": "422", "stranger": "404"}),
    "POST /people/worker/same": ("403", {"nobody": IN, "mediator": "404", "lead": "404", "stranger": "404"}),
    "GET /people/worker/erase": ("403", {"nobody": IN, "lead": "200"}),
    "POST /people/worker/erase": ("403", {"nobody": IN, "lead": "422"}),
    "GET /me/password": ("200", {"nobody": IN}),
    "POST /me/password": ("422", {"nobody": IN}),
    "GET /me/codes": ("200", {"nobody": IN}),
    "POST /me/codes": ("422", {"nobody": IN}),
    "POST /me/office": ("403", {"nobody": IN}),
    "GET /me/sign-ins": ("200", {"nobody": IN}),
    "POST /me/sign-ins/end": ("302 /me/sign-ins", {"nobody": IN}),
}


def got(browser: Browser, method: str, path: str) -> str:
    """What somebody gets who has a right token."""
    data = {"csrf_token": browser.token} if method == "POST" else None
    answer = browser.open(path, method=method, data=data)
    where = f" {answer.location.partition('?')[0]}" if answer.location else ""
    return f"{answer.status_code}{where}"


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("line", TABLE)
def test_everybody_gets_what_the_table_says(
    line: str, who: str, browser: Browser, web_client: SignedIn, told: Story
) -> None:
    usual, others = TABLE[line]
    named = WHO[who]
    reader = browser if named is None else web_client(named)
    reader.get("/sign-in" if named is None else "/me/password")  # for a token
    if who == "grid_worker" and others.get("administrator") == "403":
        usual = "403"  # neither sees cases
    assert got(reader, *line.split()) == others.get(who, usual)


def test_the_table_leaves_no_page_out(app: Flask) -> None:
    adapter = app.url_map.bind("127.0.0.1")
    asked = {
        (adapter.match(path.partition("?")[0], method=method)[0], method)
        for method, path in (line.split() for line in TABLE)
    }
    # Endpoints for programs have a table of their own, see `test_api_tokens`.
    ours = [
        r for r in app.url_map.iter_rules() if not isinstance(permissions.POLICIES[r.endpoint], permissions.ByToken)
    ]
    there = {(r.endpoint, m) for r in ours for m in (r.methods or set()) - {"HEAD"}}
    assert asked == there


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/cases/A1", "/cases", "/", "/sign-in", "/static/site.css", "/healthz"])
def test_no_other_method_opens_anything(
    method: str, path: str, browser: Browser, web_client: SignedIn, told: Story
) -> None:
    for reader in (browser, web_client(Office.MEDIATOR)):
        answer = reader.open(path, method=method)
        assert answer.status_code == 405
        assert "王某" not in answer.text
    with told.store.read() as unit:
        assert unit.views.reads("A1") == []


@pytest.mark.parametrize("who", [w for w in WHO if w != "nobody"])
def test_head_opens_what_get_opens(who: str, web_client: SignedIn) -> None:
    reader = web_client(WHO[who] or "")
    for path in ("/cases", "/cases/A1", "/me/sign-ins"):
        assert reader.head(path).status_code == reader.get(path).status_code


def test_a_foreign_case_answers_as_one_that_is_none(web_client: SignedIn, told: Story) -> None:
    stranger = web_client("sun")
    foreign, none = stranger.get("/cases/A1"), stranger.get("/cases/ZZZZZZZZ")
    assert foreign.data == none.data
    assert dict(foreign.headers) == dict(none.headers)
    assert "王某" not in stranger.get("/cases").text
    with told.store.read() as unit:
        assert unit.views.reads("A1") == []


def test_every_look_at_a_case_is_on_record_once(web_client: SignedIn, told: Story) -> None:
    for office in (Office.MEDIATOR, Office.LEAD, Office.AUDITOR):
        web_client(office).get("/cases/A1")
    with told.store.read() as unit:
        looks = [(r.office, r.what) for r in unit.views.reads("A1")]
    assert looks == [("mediator", "case"), ("lead", "case"), ("auditor", "case")]


def test_a_page_without_a_policy_keeps_the_application_from_starting(
    told: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten = Blueprint("forgotten", __name__)
    forgotten.add_url_rule("/forgotten", "show", lambda: "")
    monkeypatch.setattr(pages, "BLUEPRINTS", (*pages.BLUEPRINTS, forgotten))
    with pytest.raises(RuntimeError, match=r"no policy for \{'forgotten.show'\}"):
        app_over(told)


def test_and_so_does_a_policy_without_a_page(told: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(permissions.POLICIES, "gone.show", permissions.STAFF)
    with pytest.raises(RuntimeError, match=r"no page \{.gone\.show.\}"):
        app_over(told)


def test_links_are_shown_only_where_they_may_be_followed(web_client: SignedIn) -> None:
    assert 'href="/cases"' in web_client(Office.AUDITOR).get("/me/sign-ins").text
    assert 'href="/cases"' not in web_client(Office.ADMINISTRATOR).get("/me/sign-ins").text


def test_no_case_can_be_called_as_what_stands_in_the_address_of_a_page(app: Flask) -> None:
    """`/cases/new` is the form: a case of that id would have no page."""
    rules = [rule.rule.strip("/").split("/") for rule in app.url_map.iter_rules()]
    words = {parts[n + 1] for parts in rules for n, part in enumerate(parts[:-1]) if part == "cases"}
    assert {word for word in words if not word.startswith("<")} == RESERVED
