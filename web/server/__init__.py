"""Serving the pages: gunicorn where there is one, waitress elsewhere, say on the one PC of an office."""

from __future__ import annotations

import errno
import os
import secrets
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mediation_engine.errors import ConfigFault, MediationError

if TYPE_CHECKING:
    from flask import Flask

WORKERS, THREADS = 2, 8

WHY_NOT = {errno.EADDRINUSE: "端口已被占用，可用 --port 另指一个", errno.EACCES: "没有权限使用这个端口"}


class AddressUnfit(MediationError):
    """不能在 {host} 的端口 {port} 上打开网页：{why}。"""


def secret_in(path: Path) -> bytes:
    """The key in a file; a new one, readable by nobody else, where there is none. ConfigFault where it is too short."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_hex(32).encode())
    except FileExistsError:
        pass
    held = path.read_bytes().strip()
    if len(held) < 32:
        raise ConfigFault(path=path, why="密钥至少要有32个字")
    return held


def try_address(host: str, port: int) -> None:
    """AddressUnfit where nobody could wait at an address: gunicorn tells it in English, and after the greeting."""
    try:
        kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn has it: a moment after a stop
            probe.bind(address)
    except (OSError, UnicodeError) as fault:
        why = WHY_NOT.get(getattr(fault, "errno", None) or 0, "没有这个地址")
        raise AddressUnfit(host=host, port=port, why=why) from fault


def serve(make: Callable[[], Flask], host: str, port: int, cert: Path | None = None, key: Path | None = None) -> None:
    """Serve until stopped. `make` is called in every worker: no connection to a database crosses a fork."""
    try:
        import gunicorn  # noqa: F401
    except ImportError:
        return _waitress(make, host, port)
    return _gunicorn(make, host, port, cert, key)


def _waitress(make: Callable[[], Flask], host: str, port: int) -> None:
    import waitress

    waitress.serve(make(), host=host, port=port, threads=THREADS, ident=None)


def _gunicorn(make: Callable[[], Flask], host: str, port: int, cert: Path | None, key: Path | None) -> None:
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]  # it has no types
        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return make()

    options: dict[str, Any] = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": WORKERS,
        "threads": THREADS,
        "worker_class": "gthread",
        "loglevel": "error",  # its warnings name addresses
        "control_socket_disable": True,
    }
    if cert and key:
        options |= {"certfile": str(cert), "keyfile": str(key), "ssl_context": _modern}
    Server().run()


def _modern(_config: Any, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    context = default()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
