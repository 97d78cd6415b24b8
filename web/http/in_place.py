"""Forms that open over the page they were pressed on: which addresses they have, and where their answers lead.

A script that asks for a form, or sends one, says so. It cannot see where a redirect leads, and would follow it itself:
the page would be read twice, and what is said once would be said to nobody.
"""

from __future__ import annotations

import re

from flask import Flask, Response, request

from . import drafts

ASKED = "X-In-Place"
"""What a request of the script says."""
GO = "X-Go"
"""What the answer says in place of a redirect."""


def init(app: Flask) -> None:
    """Tell the script where an answer leads, and pages which links lead to forms."""

    def tell(response: Response) -> Response:
        if ASKED in request.headers and response.location is not None:
            response.headers[GO] = response.headers.pop("Location")
            response.set_data(b"")
            response.status_code = 204
        return response

    app.after_request(tell)
    app.jinja_env.globals["forms_at"] = lambda: forms_at(app)


def forms_at(app: Flask) -> str:
    """A pattern of the addresses of all forms."""
    paths = (rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in drafts.FORMS)
    known = "|".join(sorted({re.sub(r"<[^>]*>", "[^/]+", path) for path in paths}))
    return f"^{re.escape(request.script_root)}({known})$"
