"""`mediation serve`: the pages."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
from rich.text import Text

from .. import wiring
from ..config import LOOPBACK, Settings
from ..http import request_log
from ..security.room_key_file import is_printed
from ..security.secret_file import secret_in
from ..server import serve, try_address
from ..server.keeper import Keeper
from ..worker import post
from .cli_context import Desk, desk
from .groups import Command
from .param_types import Number

if TYPE_CHECKING:
    from flask import Flask

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("serve", cls=Command)
@click.option("--host", metavar="地址", help="在哪个地址上等候；不写就取 public_url 中的本机地址，或 0.0.0.0")
@click.option("--port", type=Number(1, 65535), metavar="端口", help="在哪个端口上等候；不写就取 public_url 中的端口")
@click.option("--cert", type=FILE, metavar="文件", help="https 证书（PEM），与 --key 一起用")
@click.option("--key", type=FILE, metavar="文件", help="https 私钥（PEM）")
@click.option("--with-worker", is_flag=True, help="同时运行自动办理（mediation worker），一起停止")
@desk
def serve_(
    desk: Desk, host: str | None, port: int | None, cert: Path | None, key: Path | None, with_worker: bool
) -> None:
    """打开网页，供浏览器办案。按 Ctrl+C 停止。

    网址写在 config.toml 的 [web] 一节；除本机外须用 https，由 --cert、--key 提供，或由反向代理提供。
    """
    if bool(cert) != bool(key):
        raise click.UsageError("--cert 和 --key 要一起写")
    if desk.room_key and not is_printed(desk.settings.room_key):
        told = "保密钥匙还没有打印过：丢了它，证件号码、电话和材料就再也打不开。请运行 mediation key print。"
        desk.out.print(Text(told, "yellow"))
    if with_worker:
        post(
            desk.service.store, desk.service.catalogue, desk.settings
        )  # what is set wrongly is told now, not by a child
    pages(desk, desk.settings, host, port, cert, key, _worker(desk) if with_worker else None)


def _worker(desk: Desk) -> Keeper:
    """The same program beside the pages; the address of the database may hold a password, and is shown to nobody."""
    config = ("--config", str(desk.config)) if desk.config else ()
    start = "from web.console import start; start()"
    command = (sys.executable, "-c", start, *config, "worker", "--while-open")
    return Keeper(command, os.environ | {"MEDIATION_DB": desk.url})


def pages(
    desk: Desk,
    settings: Settings,
    host: str | None = None,
    port: int | None = None,
    cert: Path | None = None,
    key: Path | None = None,
    beside: Keeper | None = None,
) -> None:
    """Serve the pages of the desk's database."""
    where = urlsplit(settings.web.public_url)
    named = where.hostname or LOOPBACK[0]
    host = host or (named if named in LOOPBACK else "0.0.0.0")  # behind a proxy or with a certificate
    if port is not None and named in LOOPBACK:
        settings = replace(settings, web=replace(settings.web, public_url=f"{where.scheme}://{named}:{port}"))
    if settings.web.is_https and not cert and not settings.web.proxies and named in LOOPBACK:
        raise click.UsageError("public_url 是 https：请用 --cert、--key 指明证书和私钥")
    port = port or where.port or (443 if settings.web.is_https else 80)
    _ = desk.service  # a database that cannot be used is told now, not by a worker
    desk.close()
    url, clock, secret = desk.url, desk.clock, secret_in(settings.web.secret)
    try_address(host, port)
    desk.out.print(f"网页已打开：{settings.web.public_url}　（按 Ctrl+C 停止）")

    def make() -> Flask:
        request_log.set_up()
        return wiring.open_pages(url, settings, secret, clock)

    serve(make, host, port, cert, key, beside)
