"""钉钉、企业微信、飞书 and many others by the package apprise, where that is installed (`[apprise]`)."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import NotSent
from ...ports.channels import ChannelKind, Envelope

ADDRESS = re.compile(r"[a-z0-9]{2,20}s?://\S{3,300}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Apprise:
    """Those of the services of apprise that may be used."""

    library: Any
    services: Collection[str]
    """How addresses of these begin. An address is typed by any member of the staff, and some kinds of it (``json://``)
    would let the program call whatever stands in the house's own network."""

    def send(self, envelope: Envelope) -> None:
        """Hand a message over. NotSent."""
        service = envelope.address.partition("://")[0]
        if service not in self.services:
            raise NotSent(why=f"本室没有开通“{service}”这种服务", final=True)
        post = self.library.Apprise()
        if not post.add(envelope.address):
            raise NotSent(why="这个地址写法不对", final=True)
        if not post.notify(title=envelope.subject, body=envelope.body, body_format="text"):
            raise NotSent(why="对方没有收下")


def open_apprise(settings: Mapping[str, Any]) -> Apprise:
    """The package. ValueError where it is not installed."""
    try:
        import apprise
    except ImportError as fault:
        raise ValueError("没有安装，请运行 pip install 'mediation-engine[apprise]'") from fault
    log = logging.getLogger("apprise")  # it would name addresses, which open the door to a robot
    log.addHandler(logging.NullHandler())
    log.propagate = False
    return Apprise(library=apprise, services=settings["services"])


APPRISE = ChannelKind(
    label="钉钉、企业微信、飞书",
    address="机器人地址（写法见 apprise 的说明）",
    check=lambda it: bool(ADDRESS.fullmatch(it)),
    open=open_apprise,
)
