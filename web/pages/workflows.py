"""流程图: what the rules allow, drawn and as a table; with the way one case has gone, where it is opened from one."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, abort, render_template, request, send_file
from werkzeug import Response

from mediation_engine.domain.formatting import heading
from mediation_engine.domain.machine import Machine
from mediation_engine.domain.workflow import Workflow
from mediation_engine.drawings import COLUMNS, mermaid

from ..http.case_access import look
from ..http.request_context import door
from ..presenters.machine_drawing import drawn, rows, way

pages = Blueprint("workflows", __name__, url_prefix="/workflows")


@pages.get("")
def index() -> str:
    """The installed workflows and their machines."""
    return render_template("workflows.html", workflows=door().catalogue.workflows.values())


@pages.get("/<name>/<machine>")
def show(name: str, machine: str) -> str:
    """One machine; `case` marks the way that case has gone."""
    workflow, held = _found(name, machine)
    asked = request.args.get("case", "")[:80]
    view = look(asked, "workflow") if asked else None
    if view and view.case.workflow != name:
        abort(404)
    gone = way((it.line for it in view.lines), held) if view else {}
    return render_template(
        "workflow.html",
        workflow=workflow,
        machine=held,
        case=view.case if view else None,
        names=heading(view.parties) if view else "",
        gone=gone,
        picture=drawn(held, gone),
        columns=COLUMNS,
        rows=rows(held, gone),
    )


@pages.get("/<name>/<machine>.mmd")
def text(name: str, machine: str) -> Response:
    """The machine as Mermaid text."""
    workflow, held = _found(name, machine)
    content, name = mermaid(held).encode(), f"{workflow.label}-{held.label}.mmd"
    return send_file(BytesIO(content), mimetype="text/plain", as_attachment=True, download_name=name)


def _found(name: str, machine: str) -> tuple[Workflow, Machine]:
    workflow = door().catalogue.reading(name)
    if workflow is None or machine not in workflow.machines:
        abort(404)
    return workflow, workflow.machines[machine]
