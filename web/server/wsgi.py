"""One request, read whole, as a WSGI application takes it; and its answer, whole."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[bytes, bytes]]
BODILESS = frozenset({204, 304})
UNREAD = "mediation.unread"
"""Under which an application finds whether a body was too long to be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request."""

    method: str
    target: str
    version: str
    headers: Headers
    """Names in lower case."""
    body: bytes
    length: int
    """Of the body; where that was too long to be read, longer than `body`."""
    client: str
    server: tuple[str, int]
    scheme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is sent back."""

    status: int
    reason: bytes = b""
    headers: Headers
    body: bytes = b""


def plain(status: int, words: str) -> Answer:
    """An answer of our own, where the application has not been asked."""
    body = f"{words}\n".encode()
    kind = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    return Answer(status=status, headers=kind, body=body)


def answer_of(app: Application, asked: Asked) -> Answer:
    """What an application answers. Collected here, so that a client who reads slowly keeps no thread."""
    begun: list[Any] = []
    written: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], _fault: Any = None) -> Callable[[bytes], None]:
        begun[:] = status, headers
        return written.append

    parts = app(environ(asked), start_response)
    try:
        written.extend(parts)
    finally:
        close = getattr(parts, "close", None)
        if close:
            close()
    status, headers = begun
    code, _, reason = status.partition(" ")
    said = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return _framed(int(code), reason.encode("latin-1"), said, b"".join(written), asked.method)


def _framed(status: int, reason: bytes, headers: Headers, body: bytes, method: str) -> Answer:
    """With its length, and without a body where none may be."""
    bodiless = status in BODILESS
    has_length = any(name.lower() == b"content-length" for name, _ in headers)
    if not bodiless and not has_length:
        headers = [*headers, (b"Content-Length", str(len(body)).encode())]
    return Answer(status=status, reason=reason, headers=headers, body=b"" if bodiless or method == "HEAD" else body)


def environ(asked: Asked) -> dict[str, Any]:
    """A request as PEP 3333 has it."""
    path, query = _parts(asked.target)
    found: dict[str, Any] = {
        "REQUEST_METHOD": asked.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": asked.target,
        "SERVER_NAME": asked.server[0],
        "SERVER_PORT": str(asked.server[1]),
        "SERVER_PROTOCOL": f"HTTP/{asked.version}",
        "REMOTE_ADDR": asked.client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": asked.scheme,
        "wsgi.input": BytesIO(asked.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in asked.headers:
        _add(found, name.decode("ascii"), value.decode("latin-1"))
    if asked.length:
        found["CONTENT_LENGTH"] = str(asked.length)
        found[UNREAD] = asked.length > len(asked.body)
    return found


def _parts(target: str) -> tuple[str, str]:
    """Path and query; also of a target with the host before it, as one may send it to a proxy."""
    if not target.startswith("/"):
        there = urlsplit(target)
        return there.path or "/", there.query
    path, _, query = target.partition("?")
    return path, query


def _add(found: dict[str, Any], name: str, value: str) -> None:
    """A header. `x_forwarded_for` would come to be called as `x-forwarded-for`: such names are not taken."""
    if "_" in name or name in ("content-length", "transfer-encoding"):
        return
    key = "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"
    between = "; " if name == "cookie" else ","
    found[key] = f"{found[key]}{between}{value}" if key in found else value
