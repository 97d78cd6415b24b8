"""The OpenAPI description: paths and answers as flask-smorest has them, orders made from the commands' own fields."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import FieldSpec, typed_fields
from mediation_engine.domain.files import takes_files
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.limits import LONGEST_KEY, LONGEST_REASON, MOST_ENTRIES
from mediation_engine.domain.machine import T
from mediation_engine.domain.workflow import Workflow
from mediation_engine.rules.catalogue import Catalogue

from ..http.problems import TOLD, TYPE
from .field_checks import longest_of
from .request_schemas import ID, MOST_FILES, OCCURRED

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
    "capacity": WORDS | {"description": "当事人的步骤由谁办理：capacity/1 等，或当事人自己，如 party/1；不写就是本人"},
    "expects": {"$ref": "#/components/schemas/ExpectedVersions"},
    "waives": {"$ref": "#/components/schemas/Waivers"},
}
CORRECTION: Described = {
    "description": "更正一步，或作误录",
    "type": "object",
    "additionalProperties": False,
    "required": ["line", "reason"],
    "properties": {
        "line": {"type": "integer", "minimum": 1, "maximum": 10**9, "description": "要更正的那一步的任一条"},
        "strike": {"type": "boolean", "default": False, "description": "true 为误录：没有发生过；不看 fields"},
        "reason": WORDS | {"maxLength": LONGEST_REASON, "description": "更正的原因"},
        "fields": {
            "type": "object",
            "propertyNames": WORDS,
            "maxProperties": MOST_ENTRIES,
            "description": "只写要改的项，同那一步的 fields；没写的照旧",
        },
        "on": IN_CASE["on"] | {"description": "本来针对哪几项；不写则照旧"},
        "capacity": WORDS | {"description": "本来由谁办理；不写则照旧"},
    }
    | ORDER,
}
FILING: Described = {
    "description": "收存材料",
    "type": "object",
    "additionalProperties": False,
    "required": ["fields", "files"],
    "properties": {
        "files": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_FILES,
            "items": {"type": "string", "minLength": 1, "contentEncoding": "base64"},
            "description": "文件内容；照片、PDF、Word、Excel、录音、录像，凭内容认，不看文件名",
        },
    }
    | {name: told for name, told in ORDER.items() if name != "preview"},
}
SHARED: Described = {
    "Problem": PROBLEM,
    "Correction": CORRECTION,
    "ExpectedVersions": {
        "type": "object",
        "additionalProperties": {"type": "integer", "minimum": 0, "maximum": 10**9},
        "propertyNames": WORDS,
        "maxProperties": MOST_ENTRIES,
        "description": "各项在您所见时的版本；已变化就不办理",
    },
    "Waivers": {
        "type": "object",
        "additionalProperties": WORDS | {"maxLength": LONGEST_REASON},
        "propertyNames": WORDS,
        "maxProperties": MOST_ENTRIES,
        "description": "室主任变通本室规定：代码和理由",
    },
}


INFO: Described = {
    "title": "Mediation Engine API",
    "version": "1",
    "description": "五方会诊纠纷调解流程引擎：登记、办理、回放、校验案件。说明见 docs/api.md。",
    "license": {"name": "MIT", "identifier": "MIT"},
}
"""Generators name what they make by the title: it is a Latin one."""
TAG = {"name": "cases", "description": "调解案件"}
ALWAYS = (401, 403, 429, 500, 503)
"""Problems that every operation may answer with; others by what it takes."""
WITH_BODY, WITH_CASE, WITH_QUERY = (400, 413, 415, 422), (404,), (414, 422)
BY_RULES = frozenset({"openCase", "giveOrder", "correctOrder", "listCommands", "fileExhibits"})
"""Operations that ask the rules, and may be told that they refuse or are not installed (409)."""


def describe(spec: Described, catalogue: Catalogue, opening: Sequence[Workflow], server: str) -> Described:
    """The whole description, at an address; with the workflows that a case can be opened by today."""
    schemas = spec.setdefault("components", {}).setdefault("schemas", {})
    schemas |= SHARED
    spec["info"], spec["servers"], spec["tags"] = INFO, [{"url": server}], [TAG]
    spec["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    spec["components"]["responses"] = {TOLD[status][0]: _problem(status) for status in TOLD if status != 405}
    spec["security"] = [{"token": []}]
    for path in spec["paths"].values():
        for name, operation in path.items():
            if name != "parameters":
                _complete(operation, "parameters" in path)
    openings = {w.opening for w in catalogue.workflows.values()}
    others = {kind for w in catalogue.workflows.values() for kind in w.openings} - openings
    every = (kind for w in catalogue.workflows.values() for kind in w.commands.values())
    commands = {kind.name(): kind for kind in every if kind not in others}  # who applies needs a receipt: see the pages
    rows = (row for w in catalogue.workflows.values() for row in w.phases[0].rows if isinstance(row, T))
    going_on = {row.command for row in rows if row.source is not None}
    for name, kind in sorted(commands.items()):
        schemas[f"{name}Fields"] = fields(kind)
        schemas |= {row_name(row): fields(row) for row in _rows(kind)}
        schemas |= {choices.__name__: _choices(choices) for cls in (kind, *_rows(kind)) for choices in _chosen(cls)}
    tracks = {track.code: track.label for w in catalogue.workflows.values() for track in w.tracks}
    for kind in openings:
        _known_to(schemas[f"{kind.name()}Fields"], tracks)
    offered = {_called(w.name): (w.name, w.opening) for w in sorted(opening, key=lambda w: w.name)}
    schemas |= {f"Open{called}": _shape({"workflow": name}, kind, {}) for called, (name, kind) in offered.items()}
    _take(spec, "/api/v1/cases", "workflow", {name: f"Open{called}" for called, (name, _) in offered.items()})
    given = {name: kind for name, kind in sorted(commands.items()) if kind not in openings or kind in going_on}
    schemas |= {f"{name}Order": _shape({"command": name}, kind, IN_CASE) for name, kind in given.items()}
    _take(spec, "/api/v1/cases/{case_id}/commands", "command", {name: f"{name}Order" for name in given})
    _post(spec, "/api/v1/cases/{case_id}/corrections", {"$ref": "#/components/schemas/Correction"})
    filing = next(name for name, kind in given.items() if takes_files(kind))
    filled = {"fields": {"$ref": f"#/components/schemas/{filing}Fields"}}
    schemas["Filing"] = FILING | {"properties": filled | FILING["properties"]}
    _post(spec, "/api/v1/cases/{case_id}/exhibits", {"$ref": "#/components/schemas/Filing"})
    _drop_unused(spec)
    return spec


def _called(workflow: str) -> str:
    """The name of a workflow as that of a class: fast_track_2026 is FastTrack2026."""
    return "".join(part.capitalize() for part in workflow.split("_"))


def _rows(kind: type) -> Iterator[type]:
    """The classes of the rows in a command."""
    for spec in typed_fields(kind):
        if spec.row is not None:
            yield from (spec.row, *_rows(spec.row))


def _chosen(cls: type) -> Iterator[type[Enum]]:
    """The enumerations that are chosen from."""
    return (spec.choices for spec in typed_fields(cls) if spec.choices is not None)


def _choices(choices: type[Enum]) -> Described:
    members = [c for c in choices if isinstance(c, Labelled)]
    labels = "；".join(f"{c.value} {c.label}" for c in members)
    return {"type": "string", "enum": [c.value for c in members], "description": labels}


def _known_to(opening: Described, tracks: dict[str, str]) -> None:
    """What an opening need not say, and which tracks there are."""
    opening["required"].remove("organisation")
    if "track" not in opening["properties"]:
        return
    labels = "；".join(f"{code} {label}" for code, label in tracks.items())
    track = opening["properties"]["track"]
    opening["properties"]["track"] = track | {"enum": list(tracks), "description": f"{track['description']}。{labels}"}


def _problem(status: int) -> Described:
    _, title, sentence = TOLD[status]
    described = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {"description": f"{title}：{sentence}", "content": {TYPE: described}}


def _complete(operation: Described, is_of_case: bool) -> None:
    """Every problem it may answer with, and whatever else of a kind; who comes across another has it under default."""
    taken = {parameter["in"] for parameter in operation.get("parameters", ())}
    has_body = "requestBody" in operation or "header" in taken
    statuses = {*ALWAYS, *(WITH_CASE if is_of_case else ()), *(WITH_BODY if has_body else ())}
    statuses |= {*(WITH_QUERY if "query" in taken else ()), *((409,) if operation["operationId"] in BY_RULES else ())}
    found = {code: told for code, told in operation["responses"].items() if str(code).startswith("2")}
    problems = {str(s): {"$ref": f"#/components/responses/{TOLD[s][0]}"} for s in sorted(statuses)}
    other = {"description": "没有成功", "content": _problem(500)["content"]}
    operation |= {"responses": found | problems | {"default": other}, "tags": [TAG["name"]]}


def _take(spec: Described, path: str, by: str, shapes: Mapping[str, str]) -> None:
    """What is posted: one of some shapes, told apart by a property."""
    refs = {name: f"#/components/schemas/{shape}" for name, shape in shapes.items()}
    schema = {"oneOf": [{"$ref": ref} for ref in refs.values()], "discriminator": {"propertyName": by, "mapping": refs}}
    _post(spec, path, schema)


def _post(spec: Described, path: str, schema: Described) -> None:
    spec["paths"][path]["post"]["requestBody"] = {"content": {"application/json": {"schema": schema}}, "required": True}


def _drop_unused(spec: Described) -> None:
    """Leave out what nothing refers to."""
    for kind in ("schemas", "responses"):
        written = json.dumps(spec)
        held = spec["components"][kind]
        spec["components"][kind] = {n: told for n, told in held.items() if f'"#/components/{kind}/{n}"' in written}


def _shape(known: dict[str, str], kind: type[Command], more: Described) -> Described:
    filled = {"$ref": f"#/components/schemas/{kind.name()}Fields"}
    needed = [spec for spec in typed_fields(kind) if spec.required]
    return {
        "description": kind.label,
        "type": "object",
        "additionalProperties": False,
        "required": [*known, *(["fields"] if needed else [])],
        "properties": {name: {"type": "string", "const": value} for name, value in known.items()}
        | {"fields": filled}
        | ORDER
        | more,
    }


def fields(cls: type) -> Described:
    """What is filled in for a command or a row."""
    specs = typed_fields(cls)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [s.name for s in specs if s.required],
        "properties": {s.name: field(s) for s in specs},
    }


def field(spec: FieldSpec) -> Described:
    """One field: what a form would show, for programs."""
    found = _kind(spec)
    found["description"] = "。".join(filter(None, (spec.label, spec.help, found.get("description", ""))))
    if spec.required:
        return found
    if "$ref" in found:
        return found | {"anyOf": [{"$ref": found.pop("$ref")}, {"type": "null"}]}
    return found | {"type": [found["type"], "null"]}


def row_name(row: type) -> str:
    """What the shape of a row is called."""
    return row.__name__.removesuffix("Row") + "Row"


def _kind(spec: FieldSpec) -> Described:
    words = {"type": "string", "maxLength": longest_of(spec)} | ({"minLength": 1} if spec.required else {})
    match spec.kind:
        case "day":
            return words | {"format": "date"}
        case "money":
            return words | {"description": "金额，元，如 12345.60"}
        case "person":
            return words | {"description": "姓名或名称；随这次操作登记"}
        case "staff":
            return words | {"description": "本案主办组织在用的调解员或室主任，写人员编号"}
        case "count":
            return {"type": "integer", "minimum": 1}
        case "flag":
            return {"type": "boolean"}
        case "choice":
            assert spec.choices is not None
            return {"$ref": f"#/components/schemas/{spec.choices.__name__}"}
        case "refs":
            return {"type": "array", "items": WORDS, "maxItems": spec.most}
        case "rows":
            assert spec.row is not None
            return {
                "type": "array",
                "items": {"$ref": f"#/components/schemas/{row_name(spec.row)}"},
                "maxItems": spec.most,
            }
    return words
