"""Mail by SMTP. The server has it once it says so; where it says nothing it is sent again, under the same id."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from ...errors import NotSent
from ...ports.channels import ChannelKind, Envelope

TIMEOUT = 20.0
"""Seconds the server may take for each answer."""
ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
TLS = ("none", "starttls", "tls")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail server."""

    host: str
    port: int
    sender: str
    tls: str = "starttls"
    user: str = ""
    password: str = ""
    timeout: float = TIMEOUT

    def send(self, envelope: Envelope) -> None:
        """Hand a message to the server. NotSent."""
        try:
            with self._server() as server:
                server.send_message(self._written(envelope))
        except smtplib.SMTPRecipientsRefused as fault:
            codes = [code for code, _ in fault.recipients.values()]
            raise NotSent(why=f"邮件服务器不收这个地址（{codes[0]}）", final=codes[0] >= 500) from fault
        except smtplib.SMTPAuthenticationError as fault:
            raise NotSent(why=f"邮件服务器不认用户名或密码（{fault.smtp_code}）") from fault
        except smtplib.SMTPResponseException as fault:
            raise NotSent(why=f"邮件服务器不收（{fault.smtp_code}）") from fault
        except smtplib.SMTPServerDisconnected as fault:
            raise NotSent(why="邮件服务器没有答复就断开了") from fault
        except ssl.SSLError as fault:
            raise NotSent(why="与邮件服务器的加密连接建立不起来") from fault
        except TimeoutError as fault:
            raise NotSent(why="邮件服务器很久没有答复") from fault
        except (OSError, smtplib.SMTPException) as fault:
            raise NotSent(why="连接不上邮件服务器") from fault

    def _server(self) -> smtplib.SMTP:
        if self.tls == "tls":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.tls == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def _written(self, envelope: Envelope) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = self.sender, envelope.address, envelope.subject
        mail["Date"] = format_datetime(envelope.written)
        mail["Message-ID"] = f"<{envelope.id}@{self.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"  # nobody's holiday notice is to answer it
        if envelope.urgent:
            mail["Importance"] = "high"
        mail.set_content(envelope.body)
        return mail


def open_mail(settings: Mapping[str, Any]) -> Mail:
    """A mail server by the section [mail] of the settings. ValueError."""
    given = dict(settings)
    path = given.pop("password_file", "")
    if path:
        try:
            given["password"] = Path(path).read_text(encoding="utf-8").strip()
        except OSError as fault:
            raise ValueError(f"读不出密码文件 {path}") from fault
    return Mail(**given)


MAIL = ChannelKind(label="邮件", address="邮箱地址", check=lambda it: bool(ADDRESS.fullmatch(it)), open=open_mail)
