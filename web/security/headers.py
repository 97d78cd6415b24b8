"""What every answer says to the browser, and which requests are not ours at all."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from ..config import WebSettings

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
FILES = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""Of what people handed in, and pictures of it: opened by itself, it may do nothing."""
HANDED_IN = frozenset({"exhibits.download", "exhibits.picture", "api.get_exhibit"})
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with that a browser says of our own forms, too, that they come from nowhere (Origin: null).
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
HSTS = "max-age=31536000; includeSubDomains"
A_YEAR = "public, max-age=31536000, immutable"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def init(app: Flask, settings: WebSettings) -> None:
    """Refuse what another site sends in a user's name; say what browsers must know with every answer."""

    def check_origin() -> None:
        if request.method not in SAFE and not is_own(settings):
            abort(403)

    def say(response: Response) -> Response:
        response.headers.update(HEADERS)
        if request.endpoint in HANDED_IN:
            response.headers["Content-Security-Policy"] = FILES
        if settings.is_https:
            response.headers["Strict-Transport-Security"] = HSTS
        lasting = request.endpoint == "static" and "v" in request.args and response.status_code == 200
        response.headers["Cache-Control"] = A_YEAR if lasting else "no-store"
        return response

    app.before_request(check_origin)
    app.after_request(say)


def is_own(settings: WebSettings) -> bool:
    """Whether a form was sent from a page of ours, as far as the browser says. The token in the form proves it."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site != "same-origin":
        return False
    if origin is None:
        return True
    scheme = "https" if settings.is_https else "http"
    return urlsplit(origin)[:2] == (scheme, request.host)
