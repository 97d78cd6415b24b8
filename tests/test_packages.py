"""What is shipped with: every package pinned with its hashes, under a licence that allows it."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINS = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", LOCK, re.MULTILINE))
POSTGRESQL = {"psycopg", "psycopg-binary"}
"""LGPL-3.0: installed only by who wants PostgreSQL, and used unchanged. README says so."""
UNCHANGED = {"python-stdnum", "pi-heif"}
"""LGPL, or with a library within that is: installed beside us and used unchanged. README says so."""
ELSEWHERE = {"pysqlite3": "Zlib"}
"""Packages that say nothing of it where they are installed: what the LICENSE of their source says."""
FREE = re.compile(
    r"\b(MIT|BSD|Apache|PSF|Python Software Foundation|ISC|Zlib|ZPL|Zope Public|0BSD|Public Domain)\b", re.I
)
COPYLEFT = re.compile(r"\b(A?L?GPL|General Public|MPL|Mozilla|EUPL|CDDL|SSPL|Commercial|Proprietary)", re.I)


def licence_of(name: str) -> str:
    """All that a package says of its licence."""
    about = distribution(name).metadata
    named = [about.get("License-Expression", ""), (about.get("License") or "")[:60]]
    return "；".join(
        [ELSEWHERE.get(name, ""), *named, *(c for c in about.get_all("Classifier", []) if c.startswith("License"))]
    )


def test_every_package_we_ask_for_is_pinned_within_what_we_ask() -> None:
    asked = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["postgresql"]]
    for requirement in map(Requirement, asked):
        assert requirement.specifier.contains(PINS[canonicalize_name(requirement.name)]), requirement


def test_every_pin_has_its_hashes() -> None:
    pins = re.split(r"^(?=[a-z0-9-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(pins) == len(PINS)
    assert [pin.partition("==")[0] for pin in pins if "--hash=sha256:" not in pin] == []


@pytest.mark.parametrize("name", sorted(PINS))
def test_its_licence_allows_it(name: str) -> None:
    try:
        licence = licence_of(name)
    except PackageNotFoundError:
        pytest.skip("not for this machine")
    if name in POSTGRESQL | UNCHANGED:
        assert "LGPL" in licence
        return
    assert FREE.search(licence), licence
    assert not COPYLEFT.search(licence), licence


def test_the_readme_names_the_one_that_is_not_free_of_conditions() -> None:
    said = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "psycopg" in said
    assert "LGPL-3.0" in said
    assert all(name in said for name in UNCHANGED)
    assert not POSTGRESQL & {canonicalize_name(Requirement(asked).name) for asked in PROJECT["dependencies"]}
