"""Forms: what somebody filled in becomes a command, or every fault in it is named, in Chinese.

Made from the fields of the command with marshmallow; the console, pages, the API and import files use the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from ..domain.command import Command
from ..domain.fields import FieldSpec, fields_of
from ..errors import FormFaults
from ..labels import Labelled

C = TypeVar("C", bound=Command)

MOST_FEN = 10**13
"""A thousand 亿 in 分: more is a slip of the keyboard."""
SAID: dict[str, Any] = {
    "required": "必填",
    "null": "不能为空",
    "invalid": "格式不对",
    "validator_failed": "不合要求",
    "type": "格式不对",
}
YES = {True, "true", "1", "是", "yes", "on"}
NO = {False, "false", "0", "否", "no", "off"}
# Everything below a space but line ends and tabs, and what reverses the direction of writing.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class _Words(fields.String):
    default_error_messages = SAID

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        words = str(super()._deserialize(value, attr, data, **kwargs)).strip()
        if UNPRINTABLE.search(words):
            raise ValidationError("含有不可显示的字符")
        return words


class _Day(fields.Field[date]):
    default_error_messages = SAID

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if isinstance(value, date):
            return value
        numbers = re.fullmatch(r"(\d{4})[-年/.](\d{1,2})[-月/.](\d{1,2})日?", str(value).strip())
        try:
            return date(*map(int, numbers.groups())) if numbers else date.fromisoformat(str(value))
        except ValueError as fault:
            raise ValidationError(f"“{value}”不是有效日期，应写成 2026-11-23") from fault


class _Money(fields.Field[int]):
    default_error_messages = SAID

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        parts = re.fullmatch(r"[￥¥]?\s*([\d,，]+(?:\.\d+)?)\s*(万)?元?", str(value).strip())
        try:
            yuan = Decimal(re.sub("[,，]", "", parts.group(1))) if parts else None
        except InvalidOperation:
            yuan = None
        if yuan is None or parts is None or isinstance(value, bool):
            raise ValidationError(f"“{value}”不是金额，应写成 12345.60 或 1.2万")
        fen = yuan * 100 * (10000 if parts.group(2) else 1)
        if fen != int(fen):
            raise ValidationError("金额最多到分")
        if fen > MOST_FEN:
            raise ValidationError("金额过大")
        return int(fen)


class _Count(fields.Integer):
    default_error_messages = SAID | {"invalid": "应为整数", "too_large": "数字过大"}


class _Choice(fields.Field[Labelled]):
    default_error_messages = SAID

    def __init__(self, choices: type[Labelled], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = choices

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Labelled:
        found = self.choices.named(str(value))
        if found is None:
            raise ValidationError(f"“{value}”不在可选范围：{'、'.join(c.label for c in self.choices)}")
        return found


class _Flag(fields.Boolean):
    default_error_messages = SAID | {"invalid": "应为“是”或“否”"}


class _Refs(fields.List[Any]):
    default_error_messages = SAID | {"invalid": "应为一项或几项"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(_Words(), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        given = re.split(r"[,，、\s]+", value.strip()) if isinstance(value, str) else value
        return tuple(dict.fromkeys(super()._deserialize(given, attr, data, **kwargs)))


class _Rows(fields.List[Any]):
    default_error_messages = SAID | {"invalid": "应为若干行"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(value, attr, data, **kwargs))


class _Form(Schema):
    """Makes the dataclass it is named for; unknown fields are refused."""

    error_messages = {"unknown": "没有这一项", "type": "应为若干“项=值”"}  # noqa: RUF012  # marshmallow's own attribute
    makes: type

    class Meta:
        unknown = RAISE

    @post_load
    def make(self, filled: dict[str, Any], **_: Any) -> Any:
        return self.makes(**{k: v for k, v in filled.items() if v is not None})


def _field(spec: FieldSpec) -> fields.Field[Any]:
    common: dict[str, Any] = {"required": spec.required, "allow_none": not spec.required}
    match spec.kind:
        case "text" | "code" | "person" | "ref":
            longest = spec.longest or 80
            too_long = f"不能超过{longest}个字"
            shortest = 1 if spec.required else None
            length = validate.Length(
                min=shortest, max=longest, error=too_long if not spec.required else "必填，" + too_long
            )
            return _Words(validate=length, **common)
        case "day":
            return _Day(**common)
        case "money":
            return _Money(**common)
        case "count":
            return _Count(validate=validate.Range(min=1, max=1_000_000, error="应在1到1000000之间"), **common)
        case "choice":
            assert spec.choices is not None
            assert issubclass(spec.choices, Labelled)
            return _Choice(spec.choices, **common)
        case "flag":
            return _Flag(truthy=YES, falsy=NO, **common)
        case "refs":
            return _Refs(**common)
        case "rows":
            assert spec.row is not None
            nested = fields.Nested(schema_for(spec.row), error_messages=SAID)
            return _Rows(nested, validate=validate.Length(max=2000, error="不能超过2000行"), **common)
    raise AssertionError(spec.kind)


_schemas: dict[type, type[_Form]] = {}


def schema_for(cls: type) -> type[_Form]:
    """The schema of a command or row class; made once."""
    if cls not in _schemas:
        body: dict[str, Any] = {spec.name: _field(spec) for spec in fields_of(cls)}
        _schemas[cls] = type(f"{cls.__name__}Form", (_Form,), body | {"makes": cls})
    return _schemas[cls]


def read_form(command: type[C], filled: Mapping[str, Any], named: Callable[[str], str] = str) -> C:
    """The command that was filled in, by field names or labels; `named` turns a party's name into its key.

    FormFaults names every fault by the label of its field.
    """
    try:
        made: C = schema_for(command)().load(_by_name(command, filled, named))
    except ValidationError as fault:
        raise FormFaults(_by_label(command, fault.messages)) from fault
    return made


def _by_name(cls: type, filled: Mapping[str, Any], named: Callable[[str], str]) -> dict[str, Any]:
    """Labels become field names; an empty answer is no answer; names of parties become their keys."""
    specs = {key: spec for spec in fields_of(cls) for key in (spec.label, spec.name)}
    given: dict[str, Any] = {}
    for key, value in filled.items():
        spec = specs.get(key)
        if spec is None:
            given[key] = value
        elif spec.kind == "rows" and isinstance(value, list | tuple) and spec.row is not None:
            given[spec.name] = [_by_name(spec.row, v, named) if isinstance(v, Mapping) else v for v in value]
        elif value not in ("", None):
            given[spec.name] = _refer(spec, value, named)
    return given


def _refer(spec: FieldSpec, value: Any, named: Callable[[str], str]) -> Any:
    if spec.kind == "ref":
        return named(str(value))
    if spec.kind == "refs":
        parts = re.split(r"[,，、\s]+", value.strip()) if isinstance(value, str) else value
        return [named(str(part)) for part in parts]
    return value


def _by_label(cls: type, messages: Any, place: str = "") -> dict[str, list[str]]:
    """marshmallow's nested messages as label → sentences."""
    if not isinstance(messages, dict):
        return {place or "内容": [str(m) for m in messages]}
    labels: dict[Any, FieldSpec] = {spec.name: spec for spec in fields_of(cls)}
    found: dict[str, list[str]] = {}
    for key, inner in messages.items():
        spec = labels.get(key)
        word = f"第{key + 1}行" if isinstance(key, int) else spec.label if spec else str(key)
        row = spec.row if spec and spec.row else cls
        found |= _by_label(row, inner, f"{place}{word}" if not isinstance(inner, dict) else f"{place}{word} ")
    return found
