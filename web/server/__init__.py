"""Serving the pages: gunicorn keeps the processes where there is one; elsewhere, say on the one PC of an office, there
is a single one. Either way `connections` reads and sends."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mediation_engine.errors import FileFault, MediationError

from .keeper import Keeper

if TYPE_CHECKING:
    from flask import Flask

WORKERS, THREADS = 2, 8
BACKLOG = 2048

WHY_NOT = {errno.EADDRINUSE: "端口已被占用，可用 --port 另指一个", errno.EACCES: "没有权限使用这个端口"}


class AddressUnfit(MediationError):
    """不能在 {host} 的端口 {port} 上打开网页：{why}。"""


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


def serve(
    make: Callable[[], Flask],
    host: str,
    port: int,
    cert: Path | None = None,
    key: Path | None = None,
    beside: Keeper | None = None,
) -> None:
    """Serve until stopped. `make` is called in every worker: no connection to a database crosses a fork.

    `beside` is looked after every second, and closed in the end.

    Raises:
        FileFault: certificate and key are none, or do not belong together.
    """

    def secured() -> ssl.SSLContext | None:
        return tls(cert, key) if cert and key else None

    secured()
    try:
        try:
            import gunicorn  # noqa: F401
        except ImportError:
            return _alone(make, host, port, secured, beside)
        return _gunicorn(make, host, port, secured, beside)
    finally:
        if beside:
            beside.close()


def tls(cert: Path, key: Path) -> ssl.SSLContext:
    """What https is spoken with. FileFault."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(cert, key)
    except (OSError, ValueError) as fault:  # an SSLError is an OSError
        raise FileFault(path=cert, why=f"证书与私钥 {key} 读不出来，或不是一对") from fault
    return context


def _alone(
    make: Callable[[], Flask],
    host: str,
    port: int,
    secured: Callable[[], ssl.SSLContext | None],
    beside: Keeper | None,
) -> None:
    """In this very process."""
    from .connections import Server  # the console does without it until it serves

    kind, *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]

    async def look_after(keeper: Keeper) -> None:
        while True:
            keeper.look()
            await asyncio.sleep(1)

    async def until_stopped() -> None:
        looking = asyncio.create_task(look_after(beside)) if beside else None
        listener = socket.create_server((host, port), family=kind, backlog=BACKLOG)
        server = Server(make(), THREADS, secured())
        try:
            await server.serve([listener], asyncio.Event())
        finally:
            if looking:
                looking.cancel()
            server.abandon()
            listener.close()

    if sys.platform == "win32":
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())  # the other one watches no listeners
    asyncio.run(until_stopped())


def _gunicorn(
    make: Callable[[], Flask],
    host: str,
    port: int,
    secured: Callable[[], ssl.SSLContext | None],
    beside: Keeper | None,
) -> None:
    import structlog
    from gunicorn.app.base import BaseApplication
    from gunicorn.arbiter import Arbiter

    from .worker import Worker

    class Overseer(Arbiter):  # type: ignore[misc]  # it has no types
        def manage_workers(self) -> None:
            """Called every second by the process that keeps the others."""
            super().manage_workers()
            if beside:
                beside.look()

    class Program(BaseApplication):  # type: ignore[misc]  # it has no types
        secure = staticmethod(secured)
        """Asked by every worker: a renewed certificate needs no more than a reload."""

        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            try:
                return make()
            except MediationError as fault:  # say on a reload: gunicorn tries again, until the database is back
                structlog.get_logger().error("not started", fault=fault.code, why=fault.about.get("why"))
                raise SystemExit(1) from fault

        def run(self) -> None:
            Overseer(self).run()

    options: dict[str, Any] = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": WORKERS,
        "threads": THREADS,
        "worker_class": Worker,
        "backlog": BACKLOG,
        "loglevel": "error",  # its warnings name addresses
        "control_socket_disable": True,
    }
    Program().run()
