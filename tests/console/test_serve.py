"""`mediation serve`: what it needs, and that it serves."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server
from time import monotonic
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from web.console.locale import speak_chinese

from ..support.certificate import certificate, trusting
from ..support.slow import honest
from ..web.conftest import quick

__all__ = ["quick"]


@contextmanager
def served(
    folder: Path,
    *words: str,
    tls: ssl.SSLContext | None = None,
    script: str = "from web.console import start; start()",
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[tuple[str, list[str], int]]:
    """The address of a server of one's own; when it has stopped, what it said; the process."""
    with create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    said: list[str] = []
    if tls:
        (folder / "config.toml").write_text('[web]\npublic_url = "https://127.0.0.1"\n')
    with (folder / "said").open("w+") as out:
        command = [sys.executable, "-c", script, "serve", "--port", str(port), *words]
        server = subprocess.Popen(
            command, cwd=folder, stdout=out, stderr=out, env=os.environ | {"MEDIATION_DB": "m.db"}
        )
        try:
            yield f"{'https' if tls else 'http'}://127.0.0.1:{port}", said, server.pid
        finally:
            server.send_signal(stop)
            server.wait(30)
            out.seek(0)
            said.extend(out.read().splitlines())


def asked(address: str, tls: ssl.SSLContext | None = None) -> bytes:
    """The answer, as soon as there is anybody to give one."""
    until = monotonic() + 60
    while monotonic() < until:
        try:
            with urlopen(address, timeout=10, context=tls) as answer:
                return bytes(answer.read())
        except ConnectionError:
            continue
        except OSError as fault:
            if not isinstance(getattr(fault, "reason", None), ConnectionError):
                raise
    raise AssertionError("nobody answers")


@pytest.mark.wall_clock
def test_it_serves_until_it_is_stopped_and_logs_no_names(database: Path, tmp_path: Path) -> None:
    database.rename(tmp_path / "m.db")
    with served(tmp_path) as (address, said, _):
        assert json.loads(asked(f"{address}/healthz")) == {"status": "ok"}
        assert "登录" in asked(f"{address}/cases/A1").decode()
    assert any(line.startswith(f"网页已打开：{address}") for line in said)
    logged = [json.loads(line) for line in said if line.startswith("{")]
    assert {"sign_in.sign_in", "cases.show"} <= {entry["view"] for entry in logged}
    assert "A1" not in str([entry | {"request": ""} for entry in logged])


ALONE = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever starts the tests in the background takes no notice
sys.modules["gunicorn"] = None
from web.console import start
start()
"""


@pytest.mark.wall_clock
@pytest.mark.parametrize("stopped_by", [signal.SIGINT, signal.SIGKILL])
def test_without_gunicorn_one_process_serves_https_too(
    database: Path, tmp_path: Path, stopped_by: signal.Signals
) -> None:
    database.rename(tmp_path / "m.db")
    cert, key = certificate(tmp_path)
    words = ["--cert", str(cert), "--key", str(key)]
    with served(tmp_path, *words, tls=trusting(cert), script=ALONE, stop=stopped_by) as (address, said, _):
        assert json.loads(asked(f"{address}/healthz", trusting(cert))) == {"status": "ok"}
    assert not any("Traceback" in line for line in said), said


@pytest.mark.wall_clock
def test_a_reload_under_load_fails_no_request(database: Path, tmp_path: Path) -> None:
    database.rename(tmp_path / "m.db")

    async def reloaded(port: int, pid: int) -> None:
        for _ in range(2):
            load = asyncio.create_task(honest(port, None, ("/healthz",), clients=4, rounds=40))
            os.kill(pid, signal.SIGHUP)
            await load

    with served(tmp_path) as (address, said, pid):
        asked(f"{address}/healthz")
        asyncio.run(reloaded(urlsplit(address).port or 0, pid))
    assert not any("Traceback" in line or '"error"' in line for line in said), said


@pytest.mark.wall_clock
def test_a_reload_while_the_database_is_away_goes_on_when_it_is_back_without_a_trace(
    database: Path, tmp_path: Path
) -> None:
    here, away = tmp_path / "m.db", tmp_path / "away.db"
    database.rename(here)
    with served(tmp_path) as (address, said, pid):
        asked(f"{address}/healthz")
        here.rename(away)
        os.kill(pid, signal.SIGHUP)
        until = monotonic() + 60
        while "not started" not in (tmp_path / "said").read_text() and monotonic() < until:
            continue
        away.rename(here)
        assert json.loads(asked(f"{address}/healthz")) == {"status": "ok"}
    assert any("not started" in line for line in said)
    assert not any("Traceback" in line for line in said), said


def test_a_certificate_that_is_none_is_told_in_chinese(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from web.console.main import run

    cert, key = certificate(tmp_path)
    key.write_text("none")
    config = tmp_path / "config.toml"
    config.write_text(f'[web]\npublic_url = "https://127.0.0.1"\nsecret = "{tmp_path / "secret"}"\n')
    words = [
        "--db",
        str(database),
        "--config",
        str(config),
        "serve",
        "--port",
        "8443",
        "--cert",
        str(cert),
        "--key",
        str(key),
    ]
    assert run(words) == 6
    assert "不是一对" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("config", "words", "said"),
    [
        ("", ["--cert", "config.toml"], "--cert 和 --key 要一起写"),
        ('[web]\npublic_url = "https://127.0.0.1:8443"', [], "请用 --cert、--key"),
        ('[web]\npublic_url = "http://a.example"', [], "须用 https"),
    ],
)
def test_what_would_not_be_safe_is_refused(
    database: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    config: str,
    words: list[str],
    said: str,
) -> None:
    speak_chinese()  # before the commands are declared, as `start` has it
    from web.console.main import run

    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    assert run(["--db", str(database), "serve", *words]) in (2, 6)
    assert said in "".join(capsys.readouterr())


def test_an_address_that_cannot_be_had_is_told_before_anything_is_said_to_be_open(
    database: Path, tmp_path: Path
) -> None:
    database.rename(tmp_path / "m.db")
    command = [sys.executable, "-c", "from web.console import start; start()", "--db", "m.db", "serve"]
    with create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        tries = [(["--port", port], "端口已被占用"), (["--host", "300.1.1.1"], "没有这个地址")]
        for words, why in tries:
            ended = subprocess.run([*command, *words], cwd=tmp_path, capture_output=True, text=True, timeout=60)
            assert (ended.returncode, ended.stdout) == (6, "")
            assert ended.stderr.startswith("✗ 不能在")
            assert why in ended.stderr
