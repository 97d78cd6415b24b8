"""What is filled in for a command, held to the JSON types that are documented; each fault by its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mediation_engine.domain.fields import FieldSpec, typed_fields
from mediation_engine.domain.limits import LONGEST_KEY
from mediation_engine.input.characters import UNPRINTABLE
from mediation_engine.input.command_schema import trimmed
from mediation_engine.input.faults import Choices, Fault, first_faults

from ..http.request_faults import InvalidInput
from .request_schemas import shown

DAY = r"\d{4}-\d{2}-\d{2}"
KINDS: dict[str, tuple[type, str]] = {
    "flag": (bool, "应为 true 或 false"),
    "count": (int, "应为整数"),
    "refs": (list, "应为若干编号的数组"),
    "rows": (list, "应为若干行的数组"),
}


def check_fields(cls: type, filled: dict[str, Any]) -> None:
    """InvalidInput where a field is none, or is not of the JSON type that is documented.

    People may write 是 or ３ in a form; a program says true and 3.
    """
    faults, more = first_faults(_faults(cls, filled, "fields"))
    if faults:
        raise InvalidInput(faults, more=more)


def _faults(cls: type, filled: dict[str, Any], place: str) -> Iterator[Fault]:
    specs = {spec.name: spec for spec in typed_fields(cls)}
    for name, value in filled.items():
        spec, here = specs.get(name), f"{place}.{name}"
        if spec is None:
            yield f"{place}.{shown(name)}", Choices("没有这一项", specs, "；可填：")
        elif value is not None or spec.required:
            yield from _fault(spec, value, here)


def _fault(spec: FieldSpec, value: Any, here: str) -> Iterator[Fault]:
    kind, sentence = KINDS.get(spec.kind, (str, "应为字符串"))
    if not _is(value, kind):
        yield here, sentence
    elif kind is list and len(value) > spec.most:
        yield here, f"不能超过{spec.most}项"
    elif spec.kind == "refs" and not all(isinstance(key, str) and key for key in value):
        yield here, sentence
    elif kind is str and spec.required and not trimmed(value):
        yield here, "不能为空"
    elif kind is str and len(value) > longest_of(spec):
        yield here, f"不能超过{longest_of(spec)}个字"
    elif kind is str and UNPRINTABLE.search(value):
        yield here, "含有不可显示的字符"
    elif spec.kind == "person" and "\n" in value:
        yield here, "不能换行"
    elif spec.kind == "day" and not re.fullmatch(DAY, value, re.ASCII):
        yield here, "应写成 2026-11-23"
    elif spec.choices is not None and value not in (codes := [c.value for c in spec.choices]):
        yield here, Choices("不在可选范围", codes)
    elif spec.row is not None:
        for n, row in enumerate(value):
            if isinstance(row, dict):
                yield from _faults(spec.row, row, f"{here}[{n}]")
            else:
                yield f"{here}[{n}]", "应为 JSON 对象"


def _is(value: Any, kind: type) -> bool:
    """Whether it is of a JSON type: true is no number."""
    return type(value) is kind


def by_name(cls: type, faults: dict[str, list[str]]) -> dict[str, list[str]]:
    """A form's faults, which it tells by labels, by the names that a program knows: fields.terms[0].amount."""
    return {f"fields{_path(cls, place.split())}": sentences for place, sentences in faults.items()}


def _path(cls: type, parts: list[str]) -> str:
    path = ""
    for part in parts:
        row = re.fullmatch("第([0-9]+)行", part)
        spec = next((s for s in typed_fields(cls) if s.label == part), None)
        path += f"[{int(row[1]) - 1}]" if row else f".{spec.name if spec else part}"
        cls = spec.row if spec and spec.row else cls
    return path


def longest_of(spec: FieldSpec) -> int:
    """How long the words of a field may be."""
    return {"day": 20, "money": 30, "person": 100}.get(spec.kind) or spec.longest or LONGEST_KEY
