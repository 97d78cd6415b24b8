"""Keeps one child process going: begun again when it ends, after a while that grows; ended by closing its pipe.

Nothing here is a thread: whoever serves looks in every second. No thread of the worker's runs where one forks.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from time import monotonic

FIRST, LONGEST = 1.0, 60.0
"""Seconds before a child that ended is begun again; each wait is twice the one before."""
LIVED = 60.0
"""A child that lived so many seconds was well: the next wait is the first again."""
LEAVING = 30.0
"""Seconds a child has to end in."""


class Keeper:
    """Keeps a command going from the process that made it."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._command, self._environment, self._owner = command, environment, os.getpid()
        self._child: subprocess.Popen[bytes] | None = None
        self._began, self._wait, self._not_before = 0.0, FIRST, 0.0

    def look(self) -> None:
        """Begin the child where there is none."""
        now = monotonic()
        if self._child is not None and self._child.poll() is not None:
            self._give_back(self._child)
            self._child = None
            self._wait = FIRST if now - self._began > LIVED else min(LONGEST, self._wait * 2)
            self._not_before = now + self._wait
        if self._child is None and now >= self._not_before:
            self._began = now
            self._child = subprocess.Popen(self._command, stdin=subprocess.PIPE, env=dict(self._environment))

    def close(self) -> None:
        """End the child: close its pipe, and wait. In a process that was forked from the owner nothing is done."""
        if self._child is None or os.getpid() != self._owner:
            return
        self._give_back(self._child)
        try:
            self._child.wait(LEAVING)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def _give_back(self, child: subprocess.Popen[bytes]) -> None:
        assert child.stdin is not None
        child.stdin.close()
