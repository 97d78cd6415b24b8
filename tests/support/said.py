"""All that the program says of itself: labels, words of templates, sentences in its code; what a handbook may name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mediation_engine.domain.fields import typed_fields
from mediation_engine.domain.labels import Labelled
from web.wiring import catalogue

ROOT = Path(__file__).parents[2]
CHINESE = re.compile("[一-鿿]")
NOT_SAID = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
BETWEEN = re.compile(r"<[^>]*>|\{\{.*?\}\}|\{%.*?%\}|[\n]", re.DOTALL)
QUOTED = re.compile(r"""["']([^"'<>{}]*)["']""")
MADE_UP = {"demo_world", "case_import"}
"""What is told there is not said by the program."""
AROUND = " 　\t：:，。；（）“”·、"


@cache
def said() -> frozenset[str]:
    """Each by itself, as it stands there, without what stands around it."""
    return frozenset(trimmed(words) for words in _all() if CHINESE.search(words))


def trimmed(words: str) -> str:
    """Words without blanks, stops and dots around them."""
    return re.sub(r"\s+", " ", words).strip(AROUND)


def _all() -> Iterator[str]:
    yield from _labels()
    for file in (ROOT / "web/templates").rglob("*.html"):
        text = NOT_SAID.sub("", file.read_text(encoding="utf-8"))
        yield from BETWEEN.split(text)
        yield from QUOTED.findall(text)
    for file in (ROOT / "web/static").glob("*.js"):
        yield from QUOTED.findall(file.read_text(encoding="utf-8"))
    for folder in ("web", "workflows", "mediation_engine"):
        for file in (ROOT / folder).rglob("*.py"):
            if not MADE_UP & {*file.relative_to(ROOT).parts}:
                yield from _constants(ast.parse(file.read_text(encoding="utf-8")))


def _labels() -> Iterator[str]:
    for workflow in catalogue().workflows.values():
        for machine in (*workflow.phases, *workflow.parts):
            yield from (machine.label, machine.shown.title)
            for command in machine.commands:
                yield command.label
                for field in typed_fields(command):
                    yield field.label
                    if field.choices and issubclass(field.choices, Labelled):
                        yield from (it.label for it in field.choices)


def _constants(tree: ast.AST) -> Iterator[str]:
    """Words in code; what documents it is not said to anybody."""
    documented = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node.value
