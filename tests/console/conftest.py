"""The demonstration, told once and copied: to tell it takes as long as a hundred other tests."""

from __future__ import annotations

from contextlib import chdir, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest

from mediation_engine.clock import FixedClock

from ..support.story import NOW


class Demonstration(NamedTuple):
    """The folder where it lies, and what was printed when it was told."""

    var: Path
    shown: str


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """`mediation demo` in an empty folder, for the first time that day."""
    from web.console.main import run

    folder, shown = tmp_path_factory.mktemp("demonstration"), StringIO()
    with chdir(folder), pytest.MonkeyPatch.context() as patch, redirect_stdout(shown):
        for name in ("MEDIATION_DB", "MEDIATION_ACTOR", "SERVE"):
            patch.delenv(name, raising=False)
        assert run(["demo"], FixedClock(NOW)) == 0
    return Demonstration(folder / "var", shown.getvalue())
