"""Clients that stall, in every way there is; and honest ones, whose waiting is measured."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from time import perf_counter

HOST = "127.0.0.1"
PATIENCE = 20.0
"""Seconds after which an honest client goes away: that is a fault."""
ENOUGH = 10
"""Times this file is more than the system keeps for somebody who takes nothing."""
PATHS = ("/healthz", "/sign-in")
BIG = "/static/vendor/pico.min.css"

Speak = Callable[[asyncio.StreamWriter], object]


def head(writer: asyncio.StreamWriter) -> None:
    """A head that does not end."""
    writer.write(b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")


def body(writer: asyncio.StreamWriter) -> None:
    """A body that does not come."""
    writer.write(b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nname=l")


def reader(writer: asyncio.StreamWriter) -> None:
    """More answers than the system keeps for somebody who takes none."""
    writer.write(f"GET {BIG} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() * ENOUGH)


def nothing(_: asyncio.StreamWriter) -> None:
    """Not a word."""


KINDS: Sequence[Speak] = (head, body, reader, nothing)


@asynccontextmanager
async def stalled(port: int, tls: ssl.SSLContext | None, count: int) -> AsyncIterator[list[asyncio.StreamWriter]]:
    """So many clients that stall, of all kinds; with TLS one kind more, which does not even shake hands."""
    writers = []
    for n in range(count):
        kind = KINDS[n % len(KINDS)]
        connected = socket.socket()
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connected.connect((HOST, port))
        connected.setblocking(False)
        secured = tls if kind is not nothing else None
        stream, writer = await asyncio.open_connection(
            sock=connected, ssl=secured, server_hostname=HOST if secured else None, limit=1
        )
        del stream
        kind(writer)
        writers.append(writer)
    try:
        yield writers
    finally:
        for writer in writers:
            writer.transport.abort()


async def honest(port: int, tls: ssl.SSLContext | None, paths: Sequence[str], clients: int, rounds: int) -> list[float]:
    """Seconds that each request took, on a connection of its own; AssertionError where one is not answered well."""

    async def one(path: str) -> float:
        began = perf_counter()
        async with asyncio.timeout(PATIENCE):
            stream, writer = await asyncio.open_connection(HOST, port, ssl=tls, server_hostname=HOST if tls else None)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
            answer = await stream.read(-1)
        took = perf_counter() - began
        assert answer.startswith(b"HTTP/1.1 200 "), answer[:200]
        writer.close()
        return took

    async def client() -> list[float]:
        return [await one(paths[n % len(paths)]) for n in range(rounds)]

    return [took for client_took in await asyncio.gather(*(client() for _ in range(clients))) for took in client_took]
