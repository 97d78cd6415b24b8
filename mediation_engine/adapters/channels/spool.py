"""A folder with a file a message, for a gateway that sends text messages: it reads a file, sends, and takes it away."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from ...errors import NotSent, why
from ...ports.channels import ChannelKind, Envelope
from ..files import write_whole

TELEPHONE = re.compile(r"\+?[0-9]{5,15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spool:
    """A folder; who reads it needs no more than `*.json`: a file under that name is whole."""

    folder: Path

    def send(self, envelope: Envelope) -> None:
        """Write a message there, whole or not at all; a second arrival takes the place of the first. NotSent."""
        content = {
            "id": envelope.id,
            "to": envelope.address,
            "text": f"{envelope.subject}\n{envelope.body}",
            "urgent": envelope.urgent,
            "written": envelope.written,
        }
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self.folder / f"{envelope.id}.json", msgspec.json.encode(content))
        except OSError as fault:
            raise NotSent(why=f"写不进目录 {self.folder}（{why(fault)}）") from fault


def open_spool(settings: Mapping[str, Any]) -> Spool:
    """A folder by the section [spool] of the settings."""
    return Spool(folder=Path(settings["folder"]))


SPOOL = ChannelKind(label="短信", address="手机号码", check=lambda it: bool(TELEPHONE.fullmatch(it)), open=open_spool)
