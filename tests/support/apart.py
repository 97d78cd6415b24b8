"""Processes of their own, to be killed without a word: -9, in the middle of what they do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
STOPS = """
import sys
def stop(*_, **__):
    print("here", flush=True)
    sys.stdin.read()  # until it is killed
"""


@contextmanager
def apart(*words: str) -> Iterator[subprocess.Popen[str]]:
    """A Python process with these arguments; killed at the end, if not before."""
    with subprocess.Popen(
        [sys.executable, "-W", "error", *words], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def kill_in(script: str) -> None:
    """Run a script up to where it calls `stop()`, and kill it there."""
    with apart("-c", STOPS + script) as process:
        assert process.stdout
        assert process.stdout.readline() == "here\n"
