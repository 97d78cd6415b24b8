"""What a list of commands says is what each says of itself; and to list them reads none."""

from __future__ import annotations

import re
import subprocess
import sys
from types import ModuleType

import click
import pytest

from .test_console import commands, root

__all__ = ["root"]


def test_each_command_is_where_its_group_says_and_for_what_it_says(root: ModuleType) -> None:
    elsewhere = {
        (*path, name): (name, purpose)
        for path, group in commands(root.mediation)
        for name, (_, purpose) in getattr(group, "elsewhere", {}).items()
    }
    found = dict(commands(root.mediation))
    assert {("init",), ("case", "strike")} <= set(elsewhere)
    for path, (name, purpose) in elsewhere.items():
        command = found[path]
        assert command.name == name
        said = re.sub(r"\s", "", (command.help or "").partition("\n\n")[0])
        assert said.startswith(re.sub(r"\s", "", purpose).rstrip("。")), path


def test_an_unknown_one_is_refused(root: ModuleType) -> None:
    with pytest.raises(click.UsageError, match="aduit"):
        root.mediation.main(["aduit"], standalone_mode=False)


def test_nothing_of_the_engine_is_read_to_list_them() -> None:
    asked = "import sys; from web.console.main import run; run(['--help']); print(*sys.modules, file=sys.stderr)"
    read = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stderr.split()
    assert "click" in read
    assert not {"sqlalchemy", "mediation_engine.domain", "workflows", "flask"} & {*read}
