"""The console: `mediation …`. Chinese output and errors; exit codes that mean something."""

from __future__ import annotations

import io
import sys


def start() -> None:
    """The entry point of the `mediation` command."""
    from mediation_engine.adapters.files import keep_private

    from .locale import speak_chinese

    keep_private()
    speak_chinese()  # before any command is declared: some of click's words are looked up at declaration
    for stream in (sys.stdout, sys.stderr):
        _write_whatever_there_is(stream)
    from .main import run

    sys.exit(run(sys.argv[1:]))


def _write_whatever_there_is(stream: object) -> None:
    """A stream set to an alphabet without ✓, such as ASCII or the GBK of a pipe on Windows, is set to UTF-8."""
    if isinstance(stream, io.TextIOWrapper):
        try:
            "✓".encode(stream.encoding)
        except UnicodeEncodeError:
            stream.reconfigure(encoding="utf-8")
