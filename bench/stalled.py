"""Honest clients while others stall: the real server, over http and over https."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection, create_server
from time import monotonic

from tests.support.certificate import certificate, trusting
from tests.support.slow import PATHS, honest, stalled

from .figures import Figure
from .timing import Spread, percentile

COUNTS = (0, 200, 800)
MOST = 500
"""Milliseconds that nineteen of twenty honest requests may take."""
ROUNDS = 5
STARTS = 60
"""Seconds after which a server has not started."""


def figures(folder: Path) -> list[Figure]:
    inner = folder / "stalled"
    inner.mkdir()
    cert, key = certificate(inner)
    return [
        *(_figure(inner, "http", count, [], None) for count in COUNTS),
        *(_figure(inner, "https", count, ["--cert", str(cert), "--key", str(key)], cert) for count in COUNTS),
    ]


def _figure(folder: Path, scheme: str, count: int, words: list[str], cert: Path | None) -> Figure:
    tls = trusting(cert) if cert else None

    async def measured(port: int) -> list[list[float]]:
        async with stalled(port, tls, count):
            return [await honest(port, tls, PATHS, clients=4, rounds=50) for _ in range(ROUNDS)]

    (folder / "config.toml").write_text(f'[web]\npublic_url = "{scheme}://127.0.0.1"\n')
    with _served(folder, words) as port:
        runs = asyncio.run(measured(port))
    return Figure(
        name=f"{scheme}，{count} 个拖着的连接，p95",
        value=Spread(tuple(percentile(run, 0.95) * 1000 for run in runs)),
        unit="毫秒",
        beside=f"最慢 {max(took for run in runs for took in run) * 1000:.0f} 毫秒",
        most=MOST,
        digits=1,
    )


@contextmanager
def _served(folder: Path, words: list[str]) -> Iterator[int]:
    """The port of a server with an empty database."""
    with create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    program = [sys.executable, "-c", "from web.console import start; start()", "--db", "m.db"]
    subprocess.run([*program, "db", "upgrade"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    with (folder / "log").open("w") as log:
        server = subprocess.Popen([*program, "serve", "--port", str(port), *words], cwd=folder, stdout=log, stderr=log)
        try:
            _wait(port)
            yield port
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(STARTS)


def _wait(port: int) -> None:
    until = monotonic() + STARTS
    while monotonic() < until:
        try:
            create_connection(("127.0.0.1", port), 1).close()
            return
        except ConnectionError:
            continue
    raise AssertionError("it does not start")
