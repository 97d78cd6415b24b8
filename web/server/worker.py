"""A process that gunicorn keeps: started, watched, stopped and replaced by it; what is served is `connections`'."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
from functools import partial

from gunicorn.workers.base import Worker as Base

from .connections import Limits, Server

BEAT = 1.0
"""Seconds between two signs of life."""
FILES_BESIDES = 100
"""Open files that are no connections of clients."""


class Worker(Base):  # type: ignore[misc]  # it has no types
    """One of several that share the listening socket."""

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        stop, server = asyncio.Event(), Server(self.wsgi, self.cfg.threads, self.app.secure(), limits())
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, stop.set)
        for at_once in (signal.SIGINT, signal.SIGQUIT):
            loop.add_signal_handler(at_once, partial(self._stop_at_once, server, stop))
        if not self.alive:  # told to stop while it was still starting
            stop.set()
        beating = loop.create_task(self._beat(stop))
        try:
            await server.serve([listener.sock for listener in self.sockets], stop)
        finally:
            beating.cancel()
            server.abandon()

    def _stop_at_once(self, server: Server, stop: asyncio.Event) -> None:
        server.abandon()
        stop.set()

    async def _beat(self, stop: asyncio.Event) -> None:
        """Tell gunicorn that we live; stop where it does not."""
        while True:
            self.notify()
            if os.getppid() != self.ppid:
                stop.set()
            await asyncio.sleep(BEAT)


def limits() -> Limits:
    """As many connections as the system lets us have files, if that is fewer."""
    usual = Limits()
    wanted = usual.connections + FILES_BESIDES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return Limits(connections=max(1, min(usual.connections, soft - FILES_BESIDES)))
