"""A mail server on loopback that does what servers do, and counts what arrives."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from threading import Event, Thread
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Behaviour:
    """What a server does with the mail it gets, and what it got; the first answers are given once each."""

    first: list[str] = field(default_factory=list)
    got: list[bytes] = field(default_factory=list)
    leaving: Event = field(default_factory=Event)
    refused: str = ""

    async def handle_RCPT(  # noqa: N802  # the server's own word
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refused and address == self.refused:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        act = self.first.pop(0) if self.first else "250 OK"
        assert isinstance(envelope.content, bytes)
        if act in ("hang", "drop"):
            self.got.append(envelope.content)  # it has it, and does not say so
            assert server.transport is not None
            if act == "drop":
                server.transport.abort()
            else:
                await server.loop.run_in_executor(None, self.leaving.wait, 60)
            return "250 OK"
        if act.startswith("250"):
            self.got.append(envelope.content)
        return act

    @property
    def ids(self) -> list[str]:
        """Message-IDs of what arrived, as often as it did."""
        return [str(message_from_bytes(it)["Message-ID"]).strip("<>").partition("@")[0] for it in self.got]


@contextmanager
def mail_server(behaviour: Behaviour) -> Iterator[int]:
    """The port of a server on loopback."""
    loop = asyncio.new_event_loop()
    made = loop.create_server(lambda: SMTP(behaviour, loop=loop, hostname="localhost"), "127.0.0.1", 0)
    server = loop.run_until_complete(made)
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        behaviour.leaving.set()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(_ended(left))
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


async def _ended(tasks: Iterable[asyncio.Task[Any]]) -> None:
    await asyncio.gather(*tasks, return_exceptions=True)
