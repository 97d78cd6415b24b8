"""A client generated from the description, as somebody else would make one: its names can be guessed, and it works."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from flask import Flask

from mediation_engine.domain.roles import Office
from web.wiring import catalogue

from ...support.calling import EVERYTHING, token_for
from ...support.story import Story
from ..conftest import HOST, app_over

NAME = "mediation_engine_api_client"
SETTINGS = {"post_hooks": [], "content_type_overrides": {"application/x-ndjson": "text/plain"}}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory, described: Path) -> Iterator[ModuleType]:
    """The package that `openapi-python-client` makes of the description, without a warning."""
    folder = tmp_path_factory.mktemp("client")
    settings = folder / "settings.json"
    settings.write_text(json.dumps(SETTINGS))
    where = ("--path", described, "--output-path", folder / "made", "--config", settings)
    made = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", *map(str, where), "--fail-on-warning"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert "WARNING" not in made.stdout + made.stderr, made.stdout
    sys.path.insert(0, str(folder / "made"))
    yield importlib.import_module(NAME)
    sys.path.remove(str(folder / "made"))


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from mediation_engine.adapters.memory import MemoryStore
    from mediation_engine.clock import FixedClock

    from ...support.story import NOW

    clock = FixedClock(NOW)
    story = Story(MemoryStore(clock), clock)
    client = app_over(story).test_client()
    headers = {"Authorization": f"Bearer {token_for(story, Office.MEDIATOR, EVERYTHING)}"}
    file = tmp_path_factory.mktemp("described") / "openapi.json"
    file.write_bytes(client.get("/api/v1/openapi.json", headers=headers, base_url=HOST).data)
    return file


@pytest.fixture
def client(generated: ModuleType, app: Flask, told: Story) -> Any:
    transport = httpx.WSGITransport(app=app.wsgi_app)  # type: ignore[arg-type]
    token = token_for(told, Office.MEDIATOR, EVERYTHING)
    return generated.AuthenticatedClient(base_url=HOST, token=token, httpx_args={"transport": transport})


def of(operation: str) -> ModuleType:
    return importlib.import_module(f"{NAME}.api.cases.{operation}")


def models() -> ModuleType:
    return importlib.import_module(f"{NAME}.models")


# -- what is described


def test_the_description_says_what_a_reader_needs(described: Path) -> None:
    spec = json.loads(described.read_text())
    assert spec["servers"] == [{"url": HOST}]
    assert spec["info"]["license"] == {"name": "MIT", "identifier": "MIT"}
    assert spec["info"]["title"].isascii()
    operations = [o for path in spec["paths"].values() for name, o in path.items() if name != "parameters"]
    ids = [o["operationId"] for o in operations]
    assert len(set(ids)) == len(ids)
    for operation in operations:
        assert {"401", "403", "429", "500", "503"} <= operation["responses"].keys(), operation["operationId"]
        assert operation["tags"] == ["cases"]


def test_nothing_stands_in_it_that_nothing_refers_to(described: Path) -> None:
    written = described.read_text()
    spec = json.loads(written)
    for kind in ("schemas", "responses"):
        unused = [name for name in spec["components"][kind] if f'"#/components/{kind}/{name}"' not in written]
        assert unused == []


def test_names_in_it_can_be_written_in_a_program(described: Path) -> None:
    spec = json.loads(described.read_text())
    assert all(name.isascii() and name.isidentifier() for kind in spec["components"].values() for name in kind)

    def titles(held: Any) -> Iterator[str]:
        if isinstance(held, dict):
            title = held.get("title")
            yield from [title] if isinstance(title, str) else []
            for part in held.values():
                yield from titles(part)
        elif isinstance(held, list):
            for part in held:
                yield from titles(part)

    assert all(title.isascii() for title in titles(spec))


# -- what is made of it


def test_a_model_is_called_as_the_command_is(generated: ModuleType) -> None:
    named = dir(models())
    for workflow in catalogue().workflows.values():
        applying = set(workflow.openings) - {workflow.opening}  # done on the pages
        for name in (name for name, kind in workflow.commands.items() if kind not in applying):
            assert f"{name}Fields" in named
    assert {"OpenFastTrack2026", "RecordNoteOrder", "ExpectedVersions", "Waivers", "TermRow", "Danger"} <= set(named)


def test_a_case_goes_its_way_through_the_client(client: Any, told: Story) -> None:
    m = models()
    fields = m.RegisterCaseFields.from_dict(
        {
            "track": "people_mediation",
            "dispute": "labour_pay",
            "matter": "欠两个月工资",
            "named": [{"person": "王某", "side": "applicant", "kind": "person"}],
        }
    )
    opened = of("open_case").sync(
        client=client, body=m.OpenFastTrack2026(workflow="fast_track_2026", fields=fields, id="c-1")
    )
    assert isinstance(opened, m.Done)
    note = m.RecordNoteOrder(command="RecordNote", fields=m.RecordNoteFields(words="来电补记"), id="c-2")
    done = of("give_order").sync(opened.case, client=client, body=note)
    assert done.lines[0].what == "情况已补记"
    found = of("search_cases").sync(client=client, body=m.Search(words="王某"))
    assert {row.case for row in found.cases} == {"A1", opened.case}
    assert of("get_case").sync(opened.case, client=client).phase == "intake"
    assert of("get_history").sync(opened.case, client=client).lines[-1].event == done.lines[0].event
    assert of("replay_case").sync(opened.case, 1, client=client).at == 1
    assert any(option.allowed for option in of("list_commands").sync(opened.case, client=client).commands)
    assert '"what":"order"' in of("export_case").sync(opened.case, client=client)


def test_a_problem_is_one_for_the_client_too(client: Any) -> None:
    m = models()
    missing = of("get_case").sync_detailed("Z9", client=client)
    assert (missing.status_code, type(missing.parsed)) == (404, m.Problem)
    order = m.AcceptCaseOrder(command="AcceptCase", id="c-3")
    refused = of("give_order").sync("A1", client=client, body=order)
    assert isinstance(refused, m.Problem)
    assert refused.refusals
    assert refused.status == 409
