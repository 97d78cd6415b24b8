"""`mediation serve`: what it needs, and that it serves."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server
from time import monotonic
from urllib.request import urlopen

import pytest

from mediation_engine.errors import ConfigFault
from web import server
from web.console.locale import speak_chinese
from web.server import secret_in

from ..web.conftest import quick

__all__ = ["quick"]


class TestTheSecret:
    def test_it_is_made_once_and_read_by_nobody_else(self, tmp_path: Path) -> None:
        path = tmp_path / "var" / "secret"
        made = secret_in(path)
        assert len(made) == 64
        assert secret_in(path) == made
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_a_short_one_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "secret"
        path.write_text("x" * 31)
        with pytest.raises(ConfigFault, match="至少要有32个字"):
            secret_in(path)


@contextmanager
def served(folder: Path, *words: str) -> Iterator[tuple[str, list[str]]]:
    """The address of a server of one's own; and, when it has stopped, what it said."""
    with create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    said: list[str] = []
    with (folder / "said").open("w+") as out:
        command = [sys.executable, "-c", "from web.console import start; start()", "serve", "--port", str(port), *words]
        server = subprocess.Popen(
            command, cwd=folder, stdout=out, stderr=out, env=os.environ | {"MEDIATION_DB": "m.db"}
        )
        try:
            yield f"http://127.0.0.1:{port}", said
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
            out.seek(0)
            said.extend(out.read().splitlines())


def asked(address: str) -> bytes:
    """The answer, as soon as there is anybody to give one."""
    until = monotonic() + 60
    while monotonic() < until:
        try:
            with urlopen(address, timeout=10) as answer:
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
    with served(tmp_path) as (address, said):
        assert json.loads(asked(f"{address}/healthz")) == {"status": "ok"}
        assert "登录" in asked(f"{address}/cases/A1").decode()
    assert any(line.startswith(f"网页已打开：{address}") for line in said)
    logged = [json.loads(line) for line in said if line.startswith("{")]
    assert {"sign_in.sign_in", "cases.show"} <= {entry["view"] for entry in logged}
    assert "A1" not in str([entry | {"request": ""} for entry in logged])


def test_without_gunicorn_waitress_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    called: dict[str, object] = {}
    monkeypatch.setitem(sys.modules, "gunicorn", None)
    monkeypatch.setattr("waitress.serve", lambda app, **given: called.update(given, app=app))
    make: Callable[[], object] = lambda: "app"  # noqa: E731
    server.serve(make, "127.0.0.1", 8000)  # type: ignore[arg-type]
    assert called["app"] == "app"
    assert (called["host"], called["port"], called["ident"]) == ("127.0.0.1", 8000, None)


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
