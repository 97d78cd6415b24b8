"""专项行动: a campaign day by day and case by case, and as a file."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from werkzeug import Response

from ..http.case_access import record_list
from ..http.downloads import XLSX, download
from ..http.request_context import door, reader
from ..presenters import campaigns

pages = Blueprint("campaigns", __name__, url_prefix="/campaigns")


def _progress(code: str) -> campaigns.Progress:
    who, campaign = reader(), campaigns.find(door(), code[:80]) or abort(404)
    found = campaigns.progress(door(), who.office, who.actor, campaign)
    record_list("campaign", len(found.rows))
    return found


@pages.get("/<code>")
def show(code: str) -> str:
    """How a campaign stands: each day, each dispute."""
    return render_template("campaign.html", found=_progress(code), c=campaigns)


@pages.get("/<code>/file")
def file(code: str) -> Response:
    """The same as a file."""
    found = _progress(code)
    return download([campaigns.as_xlsx(found)], f"{found.campaign.name}-{found.today}.xlsx", XLSX)
