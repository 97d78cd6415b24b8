"""Roles and workflows are plug-ins: somebody else's package adds its own without a line changed here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mediation_engine.adapters.plugins import installed_roles, installed_workflows
from mediation_engine.domain.machine import DeclarationFault
from mediation_engine.domain.roles import Role, RoleBook
from mediation_engine.rules.catalogue import Catalogue

OUTSIDE = Path(__file__).parents[1] / "outside"
PROJECT = Path(__file__).parents[2]


def test_the_five_of_the_founding_article_are_installed_in_order() -> None:
    labels = [role.label for role in installed_roles()]
    assert labels == ["调解组织方", "公检法机关", "行政职能部门", "社会基层治理导师", "当事人及关系人"]
    host = installed_roles()[0]
    assert {"喜哥调解室", "女人e家工作站", "和事嫂调解团"} <= set(host.bodies)


@pytest.mark.parametrize(
    ("script", "last"), [("run_a_case.py", "ExpertAsked"), ("run_an_errand.py", "ErrandDone")], ids=["role", "kind"]
)
def test_an_outside_package_adds_a_role_and_kinds_of_cases_and_runs_one_from_opening_to_audit(
    tmp_path: Path, script: str, last: str
) -> None:
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    alone = ["--no-index", "--no-deps", "--no-build-isolation", "--target", str(tmp_path)]
    source = tmp_path / "source"
    source.mkdir()
    subprocess.run(["cp", "-r", f"{OUTSIDE}/.", str(source)], check=True)
    subprocess.run([*pip, *alone, str(source)], check=True)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(tmp_path), str(PROJECT), os.environ["PYTHONPATH"]))}
    ran = subprocess.run(
        [sys.executable, str(OUTSIDE / script)], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == last


@pytest.mark.parametrize(
    "roles",
    [
        (Role(code="host", label="甲"), Role(code="host", label="乙")),
        (Role(code="host", label=""),),
        (Role(code="商 会", label="商会"),),
    ],
)
def test_a_role_installed_twice_or_without_a_label_or_code_stops_the_start(roles: tuple[Role, ...]) -> None:
    with pytest.raises(ValueError, match="role"):
        RoleBook(roles)


def test_two_workflows_of_one_name_stop_the_start() -> None:
    workflow = installed_workflows()[0]
    with pytest.raises(DeclarationFault, match="two workflows named"):
        Catalogue([workflow, workflow])
