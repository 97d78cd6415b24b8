"""Somebody at work in a process of their own: `python -m tests.support.writer URL NAME`.

For every line it is sent it registers and accepts a case through the door, and says the case's id once the door has
said yes.
"""

from __future__ import annotations

import sys

from mediation_engine.adapters.sql import open_store
from mediation_engine.clock import FixedClock

from .story import NOW, Story

if __name__ == "__main__":
    url, name = sys.argv[1:]
    store = open_store(url, FixedClock(NOW))
    story = Story(store, FixedClock(NOW))
    for n, _ in enumerate(sys.stdin):
        story.name = f"{name}-{n}"
        story.accepted()
        print(story.name, flush=True)
