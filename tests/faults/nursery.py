"""Where processes are born to be killed."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

ROOT = Path(__file__).parents[2]
HANGS = 60.0
"""Seconds after which a silent child is a fault of the test."""


class Nursery:
    """The parent process of `child`, and what its children say."""

    def __init__(self, parent: subprocess.Popen[bytes]) -> None:
        self._parent, self._heard = parent, b""
        self._said: deque[dict[str, Any]] = deque()

    def born(self, what: str, url: str, name: str) -> int:
        """A child at work; its pid."""
        self._say(f"born {what} {url} {name}")
        *others, last = self.hear(until="born")
        self._said.extendleft(reversed(others))  # whoever waits for them hears them yet
        return int(last["born"])

    def kill(self, pid: int) -> list[dict[str, Any]]:
        """SIGKILL; it is gone when this returns. What was said up to then."""
        self._say(f"kill {pid}")
        return list(self.hear(until="dead"))

    def hear(self, *, until: str | None = None, seconds: float = HANGS) -> Iterator[dict[str, Any]]:
        """What is said, up to something of a kind; or for so long, where nothing is waited for."""
        deadline = monotonic() + seconds
        heard: list[dict[str, Any]] = []
        while True:
            while self._said:
                said = self._said.popleft()
                heard.append(said)
                yield said
                if until in said:
                    return
            if not self._listen(deadline):
                if until is None:
                    return
                raise TimeoutError(f"no child said {until!r}, but {heard}")

    def _listen(self, deadline: float) -> bool:
        assert self._parent.stdout is not None
        ready, _, _ = select.select([self._parent.stdout], [], [], max(0.0, deadline - monotonic()))
        if not ready:
            return False
        heard = os.read(self._parent.stdout.fileno(), 1 << 16)
        if not heard:
            raise RuntimeError("the nursery is gone")
        *lines, self._heard = (self._heard + heard).split(b"\n")
        self._said.extend(map(json.loads, lines))
        return True

    def _say(self, order: str) -> None:
        assert self._parent.stdin is not None
        self._parent.stdin.write(f"{order}\n".encode())
        self._parent.stdin.flush()


@contextmanager
def nursery() -> Iterator[Nursery]:
    """A nursery, until the end of the trial; whoever is still alive in it is killed."""
    command = [sys.executable, "-m", "tests.faults.child"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as parent:
        try:
            yield Nursery(parent)
        finally:
            os.killpg(parent.pid, 9)
