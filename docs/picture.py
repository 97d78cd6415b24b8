"""Draws the rooms and what they import into docs/architecture.md: ``make picture``; with ``--check`` compares only.

A room is a folder below one of the three packages, or a file that lies in one alone. Rooms stand on floors: a room is
above everything it imports. Arrows that follow from others are left out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import grimp

PACKAGES = ("web", "workflows", "mediation_engine")
PAGE = Path(__file__).with_name("architecture.md")
BEGIN, END = "<!-- picture: made by `make picture` -->\n", "<!-- end of picture -->\n"
Rooms = Mapping[str, set[str]]


def rooms() -> dict[str, set[str]]:
    """Rooms, and the rooms that each imports."""
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True)
    found: dict[str, set[str]] = {}
    for module in graph.modules:
        room = room_of(module)
        imported = {room_of(other) for other in graph.find_modules_directly_imported_by(module)}
        found.setdefault(room, set()).update(imported - {room})
    return {room: imports for room, imports in found.items() if room not in PACKAGES}


def room_of(module: str) -> str:
    """The room of a module: ``web.pages`` for ``web.pages.cases``."""
    return ".".join(module.split(".")[:2])


def reach(found: Rooms, start: str) -> set[str]:
    """All rooms to be reached from one."""
    seen, front = set[str](), set(found.get(start, ()))
    while front:
        seen |= front
        front = {n for room in front for n in found.get(room, ())} - seen
    return seen


def arrows(found: Rooms) -> list[tuple[str, str]]:
    """Imports between rooms, without those that follow from others."""
    needed = []
    for room, imports in sorted(found.items()):
        implied = {n for other in imports for n in reach(found, other) if other not in reach(found, n)}
        needed += [(room, other) for other in sorted(imports - implied) if other in found]
    return needed


def mermaid(found: Rooms) -> str:
    """The picture as Mermaid text."""
    lines = ["```mermaid", "flowchart TD"]
    for package in PACKAGES:
        own = sorted(room for room in found if room.startswith(f"{package}."))
        lines += [f"  subgraph {package}", *(f"    {_id(room)}[{_name(room)}]" for room in own), "  end"]
    lines += [f"  {_id(one)} --> {_id(other)}" for one, other in arrows(found)]
    return "\n".join([*lines, "```", ""])


def _id(room: str) -> str:
    return room.replace(".", "_")


def _name(room: str) -> str:
    return room.partition(".")[2]


def drawn(page: str) -> str:
    """The page with the picture of today."""
    before, rest = page.split(BEGIN)
    return before + BEGIN + mermaid(rooms()) + END + rest.split(END)[1]


def main(arguments: Iterable[str]) -> int:
    """Draw, or with ``--check`` say whether the page is what the imports say."""
    old = PAGE.read_text(encoding="utf-8")
    new = drawn(old)
    if "--check" in arguments:
        return int(new != old)
    PAGE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
