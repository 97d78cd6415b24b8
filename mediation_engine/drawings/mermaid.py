"""A machine as Mermaid text (stateDiagram-v2)."""

from __future__ import annotations

from ..domain.machine import Machine
from .diagram import Arrow, diagram_of

# These end a label or a line in Mermaid; their full-width forms do not.
_PLAIN = str.maketrans({'"': "”", ":": "：", ";": "；", "#": "＃", "\n": " "})


def mermaid(machine: Machine) -> str:
    """One line for each state, then one for each arrow; a state's id is its stored code."""
    drawn = diagram_of(machine)
    lines = ["stateDiagram-v2", "    direction LR"]
    lines += [f'    state "{node.label.translate(_PLAIN)}" as {node.code}' for node in drawn.nodes]
    lines += [_arrow(arrow) for arrow in drawn.arrows]
    lines += [f"    {node.code} --> [*]" for node in drawn.nodes if node.final]
    return "\n".join(lines) + "\n"


def _arrow(arrow: Arrow) -> str:
    words = "／".join(step.words for step in arrow.steps).translate(_PLAIN)
    return f"    {arrow.source or '[*]'} --> {arrow.target} : {words}"
