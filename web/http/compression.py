"""What is sent smaller, and what is not.

Only what is the same for everybody: files of ours, the drawings' text, the description of the API. On every page there
is a secret, the token of a form or a case, beside words that a stranger can choose: what is looked for stands in the
address, parties name themselves. Whoever sees how long answers are would learn the secret from how well such words fit
it (BREACH). The same holds for exports and for what the API answers about cases.
"""

from __future__ import annotations

from flask import Flask, Response, request
from flask_compress import Compress

PUBLIC = frozenset({"static", "api.openapi", "workflows.text"})
"""Endpoints whose answers hold nothing of a case, of a session, or of what was asked."""
WAYS = ["br", "gzip"]
KINDS = ["text/css", "text/javascript", "image/svg+xml", "application/json", "text/plain"]


def init(app: Flask) -> None:
    """Compress what is public, for whoever can take it so."""
    app.config.update(COMPRESS_REGISTER=False, COMPRESS_ALGORITHM=WAYS, COMPRESS_ALGORITHM_STREAMING=WAYS)
    app.config["COMPRESS_MIMETYPES"] = [
        "text/css",
        "text/javascript",
        "image/svg+xml",
        "application/json",
        "text/plain",
    ]
    compress = Compress()
    compress.init_app(app)

    def smaller(response: Response) -> Response:
        if request.endpoint in PUBLIC and response.status_code == 200:
            response.direct_passthrough = False
            response.make_sequence()  # a file read to its end is closed; the library would leave it open
            return compress.after_request(response)
        return response

    app.after_request(smaller)
