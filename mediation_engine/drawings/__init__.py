"""What the declared rows alone can show: the officials' table, Mermaid text, an SVG; the same bytes each time."""

from __future__ import annotations

from ..domain.workflow import Workflow
from .mermaid import mermaid
from .svg import STYLE, svg
from .table import COLUMNS, cells, in_order, table

__all__ = ["COLUMNS", "STYLE", "cells", "drawn_files", "in_order", "mermaid", "svg", "table"]


def drawn_files(workflow: Workflow) -> dict[str, str]:
    """All files by path: ``<workflow>/table.md``, and for each machine ``<workflow>/<machine>.mmd`` and ``.svg``.

    The table is whole; of a version that amends another only the machines that differ are drawn.
    """
    files = {f"{workflow.name}/table.md": table(workflow)}
    for machine in workflow.changed:
        files[f"{workflow.name}/{machine.name}.mmd"] = mermaid(machine)
        files[f"{workflow.name}/{machine.name}.svg"] = svg(machine)
    return files
