"""Forms and queries are counted before they are taken apart: a megabyte of & would be a hundred in memory."""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, abort, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from mediation_engine.domain.limits import MOST_ANSWERS, MOST_ENTRIES

URLENCODED = "application/x-www-form-urlencoded"
NULS = (("PATH_INFO", "\0", "\ufffd".encode().decode("latin-1")), ("QUERY_STRING", "%00", "%EF%BF%BD"))
"""Where NUL stands in an address, and what is read instead: the character that stands for what cannot be read."""


class _Counting(FormDataParser):
    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> Any:
        if mimetype == URLENCODED and not (content_length or 0) > (self.max_form_memory_size or 0):
            sent = stream.read()
            if sent.count(b"&") >= MOST_ANSWERS:
                raise RequestEntityTooLarge
            stream = BytesIO(sent)
        return super().parse(stream, mimetype, content_length, options)


class CountedRequest(Request):
    """Flask's, with forms that are counted; no address of a page has a NUL, which PostgreSQL does not take."""

    form_data_parser_class = _Counting

    def __init__(self, environ: dict[str, Any], *args: Any, **more: Any) -> None:
        for name, nul, instead in NULS:
            if nul in environ.get(name, "") and not environ.get("PATH_INFO", "").startswith("/api/"):
                environ[name] = environ[name].replace(nul, instead)
        super().__init__(environ, *args, **more)

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """Files stay in memory until they are encrypted: on the disk nothing lies open, not even for a moment."""
        return BytesIO()


def storable(id: str) -> str:
    """An id as somebody sent it, fit to be looked for in every database."""
    return id.replace("\0", "\ufffd")


def init(app: Flask) -> None:
    """Let an application take forms and queries of so many parts at the most."""
    app.request_class = CountedRequest
    app.config["MAX_FORM_PARTS"] = MOST_ANSWERS

    def count() -> None:
        if request.query_string.count(b"&") >= MOST_ENTRIES:
            abort(414)

    app.before_request(count)
