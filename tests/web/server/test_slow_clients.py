"""Who stalls, in whatever way, keeps nobody else waiting: the real server, over http and over https."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ...console.test_serve import asked, served
from ...support.certificate import certificate, trusting
from ...support.slow import PATHS, honest, stalled

STALLED, MOST = 200, 0.5


@pytest.mark.wall_clock
@pytest.mark.parametrize("scheme", ["http", pytest.param("https", marks=pytest.mark.thorough)])
def test_two_hundred_who_stall_keep_no_honest_client_waiting(database: Path, tmp_path: Path, scheme: str) -> None:
    database.rename(tmp_path / "m.db")
    words: list[str] = []
    tls: ssl.SSLContext | None = None
    if scheme == "https":
        cert, key = certificate(tmp_path)
        words, tls = ["--cert", str(cert), "--key", str(key)], trusting(cert)

    async def measured(port: int) -> list[float]:
        """Of each round what nineteen of twenty requests took at most."""
        await honest(port, tls, PATHS, clients=4, rounds=4)  # warm
        async with stalled(port, tls, STALLED) as there:
            assert len(there) == STALLED
            rounds = [sorted(await honest(port, tls, PATHS, clients=4, rounds=10)) for _ in range(3)]
        return [took[int(len(took) * 0.95)] for took in rounds]

    with served(tmp_path, *words, tls=tls) as (address, said, _):
        asked(f"{address}/healthz", tls)
        took = asyncio.run(measured(urlsplit(address).port or 0))
    assert min(took) < MOST, took  # another program may keep the machine busy; `make bench` has the whole figure
    assert not any("Traceback" in line or '"error"' in line for line in said), said
