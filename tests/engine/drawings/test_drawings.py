"""The officials' table and the drawings say what the rows say, and the kept files are those of today's rows."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import ClassVar, NamedTuple
from xml.etree import ElementTree

import pytest

import workflows
from mediation_engine.domain.chronology import NotBefore
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.machine import Machine, Row, T
from mediation_engine.domain.roles import MEDIATOR
from mediation_engine.domain.workflow import Workflow
from mediation_engine.drawings import drawn_files, mermaid, svg, table
from workflows.rules_2026.fast_track import FAST_TRACK

DRAWN = Path(workflows.__path__[0]) / "drawn"
RENEW = "draw again with `mediation workflow draw`"
LETTERS = {"heading": 20, "state": 16, "word": 12, "loop": 12, "legend": 12}
Point = tuple[float, float]
SVG = "{http://www.w3.org/2000/svg}"


def _workflows() -> list[Workflow]:
    names = [m.name for m in pkgutil.walk_packages(workflows.__path__, "workflows.")]
    values = [v for name in names for v in vars(importlib.import_module(name)).values()]
    return list(dict.fromkeys(v for v in values if isinstance(v, Workflow)))


WORKFLOWS = _workflows()
MACHINES = list(dict.fromkeys(m for w in WORKFLOWS for m in w.machines.values()))
every_workflow = pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda w: w.name)
every_machine = pytest.mark.parametrize("machine", MACHINES, ids=lambda m: m.name)


class Area(NamedTuple):
    left: int
    top: int
    right: int
    bottom: int

    def overlaps(self, other: Area) -> bool:
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)

    def lies_within(self, other: Area) -> bool:
        return (
            other.left <= self.left <= self.right <= other.right
            and other.top <= self.top <= self.bottom <= other.bottom
        )


def _boxes(drawing: ElementTree.Element) -> dict[str, Area]:
    boxes = {}
    for node in drawing.iter(f"{SVG}g"):
        if "data-state" in node.attrib:
            x, y, width, height = (int(node[0].attrib[name]) for name in ("x", "y", "width", "height"))
            boxes[node.attrib["data-state"]] = Area(x, y, x + width, y + height)
    return boxes


def _texts(drawing: ElementTree.Element) -> list[tuple[str, str, Area]]:
    """Class, words and the room they take if every letter is as wide as a Chinese one."""
    found = []
    for text in drawing.iter(f"{SVG}text"):
        name, words = text.attrib["class"].split()[0], text.text or ""
        size, x, y = LETTERS[name], int(text.attrib["x"]), int(text.attrib["y"])
        width = len(words) * size
        left = x if name in ("heading", "legend") else x - width // 2
        found.append((name, words, Area(left, y - size, left + width, y + size // 4)))
    return found


def _arrows(drawing: ElementTree.Element) -> dict[tuple[str | None, str], ElementTree.Element]:
    arrows = [g for g in drawing.iter(f"{SVG}g") if "data-to" in g.attrib]
    return {(g.attrib["data-from"] or None, g.attrib["data-to"]): g for g in arrows}


def _points(path: str) -> list[Point]:
    """Points close to each other along a path of M, H and C."""
    points: list[Point] = []
    for letter, rest in re.findall(r"([MHC])([^MHC]*)", path):
        n = [int(number) for number in rest.split()]
        if letter == "M":
            points.append((n[0], n[1]))
            continue
        (x, y), end = points[-1], (n[-2] if letter == "C" else n[0], n[-1] if letter == "C" else points[-1][1])
        one, two = ((n[0], n[1]), (n[2], n[3])) if letter == "C" else ((x, y), end)
        points += [_on_curve((x, y), one, two, end, step / 50) for step in range(1, 51)]
    return points


def _on_curve(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    x, y = (sum(w * p[axis] for w, p in zip(weights, (a, b, c, d), strict=True)) for axis in (0, 1))
    return x, y


def _ends(row: Row) -> tuple[str | None, str]:
    return (None if row.source is None else row.source.value, row.target.value)


def _step(row: Row) -> str:
    return row.command.label if isinstance(row, T) else row.records.label


def commanded(workflow: Workflow) -> list[T]:
    """The rows that somebody commands."""
    return [r for m in workflow.machines.values() for r in m.rows if isinstance(r, T)]


def test_the_files_kept_beside_the_rules_are_drawn_from_todays_rows() -> None:
    due = {path: text for w in WORKFLOWS for path, text in drawn_files(w).items()}
    kept = {p.relative_to(DRAWN).as_posix(): p.read_bytes().decode() for p in DRAWN.rglob("*") if p.is_file()}
    assert not due.keys() - kept.keys(), f"missing in {DRAWN.name}: {sorted(due.keys() - kept.keys())}; {RENEW}"
    assert not kept.keys() - due.keys(), f"superfluous in {DRAWN.name}: {sorted(kept.keys() - due.keys())}; {RENEW}"
    stale = sorted(path for path in due if due[path] != kept[path])
    assert not stale, f"not of today's rows: {stale}; {RENEW}"


@every_workflow
def test_every_row_stands_in_the_table_once_under_its_machine(workflow: Workflow) -> None:
    sections = table(workflow).split("\n## ")[1:]
    machines = [section for section in sections if section.startswith(("阶段：", "分项："))]
    compares = any(isinstance(g, NotBefore) for r in commanded(workflow) for g in (*r.only_if, *r.marks))
    after = [section.splitlines()[0] for section in sections[len(machines) :]]
    assert after == ["日期的先后"] * compares + ["各阶段结局的去向"]
    for machine, section in zip(workflow.machines.values(), machines, strict=True):
        lines = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("| ")][2:]
        cells = sorted([cell.strip() for cell in (line[0], line[1], line[2], line[5])] for line in lines)
        rows = [[machine.label_of(_ends(r)[0]), _step(r), r.target.label, r.records.label] for r in machine.rows]
        assert section.splitlines()[0].endswith(machine.label)
        assert cells == sorted(rows)


@every_workflow
def test_the_table_names_every_office_guard_and_handoff(workflow: Workflow) -> None:
    text = table(workflow)
    for row in commanded(workflow):
        assert all(office.label in text for office in row.by)
        assert all(guard.sentence in text for guard in (*row.only_if, *row.marks))
    ends = text.rsplit("\n## ", 1)[1]
    for end, target in workflow.handoffs.items():
        assert f"| {end.label} | {workflow.machines[target].label if target else '结案'} |" in ends
    assert "policy" not in text


@every_machine
def test_mermaid_names_every_state_and_every_step(machine: Machine) -> None:
    text = mermaid(machine)
    assert text.startswith("stateDiagram-v2\n")
    for state in machine.states:
        assert f'state "{state.label}" as {state.value}\n' in text
    for row in machine.rows:
        source, target = _ends(row)
        line = next(x for x in text.splitlines() if x.startswith(f"    {source or '[*]'} --> {target} : "))
        assert (_step(row) if isinstance(row, T) else f"⤷ {_step(row)}") in line
    for state in machine.final:
        assert f"{state.value} --> [*]\n" in text


@every_machine
def test_a_drawing_is_well_formed_and_shows_every_state_and_every_row(machine: Machine) -> None:
    drawing = ElementTree.fromstring(svg(machine))
    assert drawing.attrib["role"] == "img"
    assert drawing[0].tag == f"{SVG}title"
    assert _boxes(drawing).keys() == {state.value for state in machine.states}
    words = "".join(words for name, words, _ in _texts(drawing) if name in ("word", "loop"))
    for row in machine.rows:
        assert _step(row) in words
        assert _ends(row)[0] == _ends(row)[1] or _ends(row) in _arrows(drawing)


@every_machine
def test_a_drawing_has_the_same_bytes_each_time(machine: Machine) -> None:
    assert svg(machine).encode() == svg(machine).encode()


@every_machine
def test_nothing_in_a_drawing_lies_on_anything_else(machine: Machine) -> None:
    drawing = ElementTree.fromstring(svg(machine))
    boxes = _boxes(drawing)
    words = [(words, area) for name, words, area in _texts(drawing) if name == "word"]
    for (one, first), (other, second) in combinations([*boxes.items(), *words], 2):
        assert not first.overlaps(second), f"{one} lies on {other}"


@every_machine
def test_no_arrow_runs_through_a_box_or_through_words(machine: Machine) -> None:
    drawing = ElementTree.fromstring(svg(machine))
    obstacles = [*_boxes(drawing).items(), *((words, area) for name, words, area in _texts(drawing) if name == "word")]
    for ends, arrow in _arrows(drawing).items():
        for x, y in _points(arrow[0].attrib["d"]):
            hit = [what for what, area in obstacles if area.left < x < area.right and area.top < y < area.bottom]
            assert not hit, f"{ends} runs through {hit}"


@every_machine
def test_every_word_of_a_drawing_lies_on_the_sheet_and_a_boxs_own_in_the_box(machine: Machine) -> None:
    drawing = ElementTree.fromstring(svg(machine, {_ends(row) for row in machine.rows}))
    sheet = Area(*map(int, drawing.attrib["viewBox"].split()))
    for name, words, area in _texts(drawing):
        assert area.lies_within(sheet), words
        if name == "state":
            assert any(area.lies_within(box) for box in _boxes(drawing).values()), words


@every_machine
def test_an_arrow_a_case_went_along_is_highlighted_and_no_other(machine: Machine) -> None:
    for gone in _arrows(ElementTree.fromstring(svg(machine))):
        arrows = _arrows(ElementTree.fromstring(svg(machine, {gone})))
        assert [ends for ends, arrow in arrows.items() if "taken" in arrow.attrib["class"].split()] == [gone]


def test_a_step_repeated_without_leaving_the_state_is_highlighted_in_its_box() -> None:
    machine = next(m for m in MACHINES if m.name == "visit")
    went = tuple((state, state) for state in ("scheduled", "entrusted", "to_be_asked"))
    for gone, names in ((went[:1], {"loop", "loop taken"}), (went, {"loop taken"})):
        drawing = ElementTree.fromstring(svg(machine, set(gone)))
        texts = [t for t in drawing.iter(f"{SVG}text") if (t.text or "").startswith("↻ ")]
        assert {t.attrib["class"] for t in texts} == names


class Odd(Labelled):
    ODD = "odd", '<奇>&"怪"|'


@dataclass(frozen=True, slots=True, kw_only=True)
class DoOdd(Command):
    label: ClassVar[str] = 'a<b & "c"; d: e | f'


@dataclass(frozen=True, slots=True, kw_only=True)
class OddDone(Event[DoOdd]):
    label: ClassVar[str] = "]]>"


ODD_ROWS = (
    T(None, DoOdd, Odd.ODD, MEDIATOR, (), OddDone, "policy"),
    T(Odd.ODD, DoOdd, Odd.ODD, MEDIATOR, (), OddDone, "policy"),
)


def test_signs_that_mean_something_to_a_format_stay_words() -> None:
    odd = Machine.declare("odd", "<&>", Odd, ODD_ROWS, resting={Odd.ODD})
    words = [words for _, words, _ in _texts(ElementTree.fromstring(svg(odd)))]
    assert {Odd.ODD.label, DoOdd.label, f"↻ {DoOdd.label}"} <= set(words)
    assert [line.count(":") for line in mermaid(odd).splitlines() if "-->" in line] == [1, 1]
    text = table(replace(FAST_TRACK, label="奇", phases=(odd,), parts=(), handoffs={}, reopens=()))
    assert text.count('\n| （新） | a<b & "c"; d: e \\| f |') == 1
