"""Packages of rules made for a test: written to a folder, imported under a name of their own, forgotten after."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import ModuleType

import workflows

_NUMBERS = count(1)
WORKFLOWS = Path(workflows.__file__).parent


def texts(folder: Path) -> dict[str, str]:
    """The files of a package, by path."""
    return {str(p.relative_to(folder)): p.read_text(encoding="utf-8") for p in sorted(folder.rglob("*.py"))}


def write(folder: Path, files: dict[str, str]) -> Path:
    """Put files into a folder."""
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


@contextmanager
def package(folder: Path, files: dict[str, str]) -> Iterator[ModuleType]:
    """A package of these files, imported."""
    name = f"rules_{next(_NUMBERS)}"
    write(folder / name, {"__init__.py": ""} | files)
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))
        for module in [m for m in sys.modules if m.partition(".")[0] == name]:
            del sys.modules[module]
