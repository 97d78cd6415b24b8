"""The OpenAPI description: paths and answers as flask-smorest has them, orders made from the commands' own fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import FieldSpec, fields_of
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.limits import LONGEST_KEY, LONGEST_REASON, MOST_ENTRIES
from mediation_engine.domain.workflow import Workflow
from mediation_engine.rules.catalogue import Catalogue

from ..http.problems import TYPE
from .field_checks import longest_of
from .request_schemas import ID, OCCURRED

Described = dict[str, Any]
PROBLEM: Described = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "不变的代码，供程序判断"},
        "detail": {"type": "string", "description": "给人看的一句话"},
        "refusals": {"type": "array", "items": {"$ref": "#/components/schemas/Refusal"}},
        "more": {"type": "boolean", "description": "是否还有没有逐一列出的"},
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "sentences": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
        "on": {"type": "string", "description": "已有变化的一项"},
        "since": {"type": "array", "items": {"type": "object"}},
        "retry_after": {"type": "integer"},
        "error": {"type": "string", "description": "日志中的错误编号"},
    },
}
WORDS: Described = {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY}
ORDER: Described = {
    "id": {"type": "string", "pattern": f"^{ID}$", "description": "操作编号；也可写在 Idempotency-Key 头"},
    "occurred": {"type": "string", "pattern": f"^({OCCURRED})$", "description": "发生时间；不写就是现在"},
    "preview": {"type": "boolean", "default": False, "description": "true 只看会发生什么，不写入"},
}
IN_CASE: Described = {
    "on": {"type": "array", "items": WORDS, "maxItems": MOST_ENTRIES, "description": "针对哪几项，如 agreement/1"},
    "expects": {
        "type": "object",
        "additionalProperties": {"type": "integer", "minimum": 0, "maximum": 10**9},
        "propertyNames": WORDS,
        "maxProperties": MOST_ENTRIES,
        "description": "各项在您所见时的版本；已变化就不办理",
    },
    "waives": {
        "type": "object",
        "additionalProperties": WORDS | {"maxLength": LONGEST_REASON},
        "propertyNames": WORDS,
        "maxProperties": MOST_ENTRIES,
        "description": "室主任变通本室规定：代码和理由",
    },
}


def describe(spec: Described, catalogue: Catalogue, opening: Sequence[Workflow]) -> Described:
    """The whole description; with the workflows that a case can be opened by today."""
    schemas = spec.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    spec["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    spec["components"].pop("responses", None)
    spec["security"] = [{"token": []}]
    for path in spec["paths"].values():
        for name, operation in path.items():
            if name != "parameters":
                _with_problems(operation)
    commands = {kind.name(): kind for w in catalogue.workflows.values() for kind in w.commands.values()}
    openings = {w.opening for w in catalogue.workflows.values()}
    for name, kind in sorted(commands.items()):
        schemas[f"{name}Fields"] = fields(kind)
    tracks = {track.code: track.label for w in catalogue.workflows.values() for track in w.tracks}
    for kind in openings:
        _known_to(schemas[f"{kind.name()}Fields"], tracks)
    _take(spec, "/api/v1/cases", [_opening(w.name, w.opening) for w in sorted(opening, key=lambda w: w.name)])
    ordered = [_ordered(name, kind) for name, kind in sorted(commands.items()) if kind not in openings]
    _take(spec, "/api/v1/cases/{case_id}/commands", ordered)
    return spec


def _known_to(opening: Described, tracks: dict[str, str]) -> None:
    """What an opening need not say, and which tracks there are."""
    opening["required"].remove("organisation")
    labels = "；".join(f"{code} {label}" for code, label in tracks.items())
    opening["properties"]["track"] |= {"enum": list(tracks), "description": labels}


def _with_problems(operation: Described) -> None:
    found = {code: told for code, told in operation["responses"].items() if str(code).startswith("2")}
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    operation["responses"] = found | {"default": {"description": "没有成功", "content": {TYPE: problem}}}


def _take(spec: Described, path: str, shapes: list[Described]) -> None:
    body = {"content": {"application/json": {"schema": {"oneOf": shapes}}}, "required": True}
    spec["paths"][path]["post"]["requestBody"] = body


def _opening(workflow: str, kind: type[Command]) -> Described:
    return _shape({"workflow": {"const": workflow}}, kind, {})


def _ordered(name: str, kind: type[Command]) -> Described:
    return _shape({"command": {"const": name}}, kind, IN_CASE)


def _shape(known: Described, kind: type[Command], more: Described) -> Described:
    filled = {"$ref": f"#/components/schemas/{kind.name()}Fields"}
    needed = [spec for spec in fields_of(kind) if spec.required]
    return {
        "title": kind.label,
        "type": "object",
        "additionalProperties": False,
        "required": [*known, *(["fields"] if needed else [])],
        "properties": known | {"fields": filled} | ORDER | more,
    }


def fields(cls: type) -> Described:
    """What is filled in for a command or a row."""
    specs = fields_of(cls)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [s.name for s in specs if s.required],
        "properties": {s.name: field(s) for s in specs},
    }


def field(spec: FieldSpec) -> Described:
    """One field: what a form would show, for programs."""
    found = _kind(spec) | {"title": spec.label}
    help_ = "。".join(filter(None, (spec.help, found.get("description", ""))))
    if help_:
        found["description"] = help_
    if not spec.required:
        found = found | {"type": [found["type"], "null"]}
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    return found


def _kind(spec: FieldSpec) -> Described:
    words = {"type": "string", "maxLength": longest_of(spec)} | ({"minLength": 1} if spec.required else {})
    match spec.kind:
        case "day":
            return words | {"format": "date"}
        case "money":
            return words | {"description": "金额，元，如 12345.60"}
        case "person":
            return words | {"description": "姓名或名称；随这次操作登记"}
        case "count":
            return {"type": "integer", "minimum": 1}
        case "flag":
            return {"type": "boolean"}
        case "choice":
            assert spec.choices is not None
            members = [c for c in spec.choices if isinstance(c, Labelled)]
            labels = "；".join(f"{c.value} {c.label}" for c in members)
            return {"type": "string", "enum": [c.value for c in members], "description": labels}
        case "refs":
            return {"type": "array", "items": WORDS, "maxItems": spec.most}
        case "rows":
            assert spec.row is not None
            return {"type": "array", "items": fields(spec.row), "maxItems": spec.most}
    return words
