"""The console: `mediation …`. Chinese output and errors; exit codes that mean something."""

from __future__ import annotations

import sys


def main() -> None:
    """The entry point of the `mediation` command."""
    from ..chinese import speak_chinese

    speak_chinese()  # before any command is declared: some of click's words are looked up at declaration
    from .root import run

    sys.exit(run(sys.argv[1:]))
