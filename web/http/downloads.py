"""A file to keep, sent while it is made."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import normalize
from urllib.parse import quote

from flask import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(parts: Iterable[bytes], name: str, media: str) -> Response:
    """An answer that a browser keeps as a file of that name, whatever its letters: RFC 6266, RFC 8187."""
    answer = Response(parts, mimetype=media)
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode()
    answer.headers.set("Content-Disposition", "attachment", **{"filename": plain, "filename*": f"UTF-8''{quote(name)}"})
    return answer
