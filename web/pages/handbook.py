"""手册: how each job is done, for staff, and one chapter for parties."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for
from markupsafe import Markup

from ..http.request_context import door
from ..http.templating import asset
from ..presenters.handbook import OF_PARTIES, Chapter, chapters, rendered, search

pages = Blueprint("handbook", __name__, url_prefix="/help")
LONGEST = 40
"""Characters of what is looked for."""


@pages.get("")
def index() -> str:
    """The contents; where some words occur."""
    found, words = _chapters(), request.args.get("q", "").strip()[:LONGEST]
    hits = search(found.values(), words)
    return render_template("handbook_contents.html", chapters=found.values(), words=words, found=hits)


@pages.get("/<chapter>")
def chapter(chapter: str) -> str:
    """One of them."""
    return _shown(chapter)


@pages.get(f"/{OF_PARTIES}")
def party() -> str:
    """What is for parties, who need no account to read it."""
    return _shown(OF_PARTIES)


def _chapters() -> dict[str, Chapter]:
    return chapters(door().catalogue.workflows.values())


def _shown(code: str) -> str:
    found = _chapters()
    if code not in found:
        abort(404)
    codes = list(found)
    at = codes.index(code)
    around = {
        "earlier": found[codes[at - 1]] if at else None,
        "later": found[codes[at + 1]] if at + 1 < len(codes) else None,
    }
    body = Markup(rendered(found[code], _picture, _address))
    return render_template("handbook.html", chapter=found[code], body=body, **around)


def _picture(name: str) -> str:
    return asset(f"handbook/{name}.webp")


def _address(code: str) -> str:
    return url_for("handbook.chapter", chapter=code)
