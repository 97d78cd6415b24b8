"""What comes in: query, headers and body, held to their schemas; every fault is told in Chinese."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NoReturn

import msgspec
from flask import Request
from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate
from webargs.flaskparser import FlaskParser

from mediation_engine.domain.limits import LONGEST_KEY, LONGEST_REASON, MOST_ENTRIES, MOST_VALUES
from mediation_engine.domain.occurred import Occurred
from mediation_engine.input.characters import UNPRINTABLE
from mediation_engine.input.command_schema import SAID, Many
from mediation_engine.input.faults import Fault, first_faults
from mediation_engine.record.disclosure import LookReason

from ..http.request_faults import InvalidInput, NotJson, UnreadableJson

ID = "[A-Za-z0-9][A-Za-z0-9._:-]{0,39}"
"""An id: what can be typed, read over the telephone, and is nobody's name."""
OCCURRED = r"[0-9]{4}(-[0-9]{2}){0,2}~?|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}|/[0-9]{4}-[0-9]{2}-[0-9]{2})|\.\."
SIGNS = re.compile(rb'"(?:[^"\\]|\\.)*+"|[,\[{]', re.DOTALL)
"""In JSON: what comes with every value but the first; and texts, in which nothing does, whatever it looks like."""
QUOTE = ord('"')
MOST_FILES = 20
"""Files of one order."""
MOST_QUERIES = 50
"""Arguments of a query."""


class Parser(FlaskParser):
    """Reads JSON strictly, and tells of faults as problems."""

    DEFAULT_UNKNOWN_BY_LOCATION = FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION | {"query": RAISE}

    def _raw_load_json(self, req: Request) -> Any:
        if req.mimetype != "application/json":
            raise NotJson
        sent = req.get_data(cache=True)
        _check_count(sent)
        try:
            decoded = msgspec.json.decode(sent)
            json.loads(sent, object_pairs_hook=_one_of_each)
        except (ValueError, RecursionError) as fault:
            raise UnreadableJson from fault
        return decoded

    def handle_error(self, error: ValidationError, req: Request, schema: Schema, **_: Any) -> NoReturn:
        place = next(iter(error.messages.values())) if isinstance(error.messages, dict) else error.messages
        faults, more = first_faults(_flat(place))
        raise InvalidInput(faults, more=more) from error


def _one_of_each(pairs: list[tuple[str, Any]]) -> None:
    """Two readers may each take another of two equal keys, so that one checks what the other does not carry out."""
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key that is there twice")


def _check_count(sent: bytes) -> None:
    """InvalidInput for JSON of too many values, before it is read: in memory each takes some fifty times its bytes."""
    signs = (sign for sign in SIGNS.finditer(sent) if sent[sign.start()] != QUOTE)
    if next(islice(signs, MOST_VALUES, None), None) is not None:
        raise InvalidInput({"内容": [f"项数太多，一次最多{MOST_VALUES}项"]})


def _flat(messages: Any, place: str = "") -> Iterator[Fault]:
    """marshmallow's nested messages as (place, sentence), one after another."""
    if not isinstance(messages, dict):
        yield from ((place or "内容", str(message)) for message in messages)
        return
    for key, inner in messages.items():
        part = "" if key in ("_schema", "key", "value") else shown(str(key))
        yield from _flat(inner, f"{place}.{part}".strip("."))


def shown(key: str) -> str:
    """A key that somebody made up, told back: not all of a long one, and nothing that disturbs a screen."""
    return UNPRINTABLE.sub("?", key)[:40]


PARSER = Parser()


def said(**more: str) -> dict[str, Any]:
    """marshmallow's own messages in Chinese."""
    return SAID | {"invalid_utf8": "格式不对", "too_large": "数字过大", "special": "格式不对"} | more


def _printable(words: str) -> None:
    if UNPRINTABLE.search(words):
        raise ValidationError("含有不可显示的字符")


def words(longest: int = LONGEST_KEY, **given: Any) -> fields.String:
    """Words that can be shown."""
    checks: list[Any] = [validate.Length(min=1, max=longest, error=f"应有1到{longest}个字"), _printable]
    return fields.String(validate=checks, error_messages=said(), **given)


class Strictly(fields.Boolean):
    """true or false."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("应为 true 或 false")
        return value


class Number(fields.Integer):
    """A whole number, within bounds, in figures."""

    def __init__(self, first: int, last: int, **given: Any) -> None:
        bounds = validate.Range(first, last, error=f"应在{first}到{last}之间")
        super().__init__(validate=bounds, error_messages=said(invalid="应为整数"), **given)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, str):
            whole = value.isascii() and value.isdecimal() and len(value) < 10
        else:
            whole = type(value) is int or (type(value) is float and value.is_integer())
        if not whole:
            raise self.make_error("invalid")
        return int(value)


def flag(**given: Any) -> fields.Boolean:
    """true or false in a query."""
    messages = said(invalid="应为 true 或 false")
    return fields.Boolean(truthy={"true"}, falsy={"false"}, error_messages=messages, **given)


def _time(text: str) -> None:
    if not re.fullmatch(OCCURRED, text):
        raise ValidationError("应写成 2026-11-23、2026-11、2026 或 2026-11-23T09:30")
    try:
        Occurred.read(text)
    except ValueError as fault:
        raise ValidationError(str(fault)) from fault


class Taken(Schema):
    """What is not foreseen is refused."""

    error_messages = {"unknown": "没有这一项", "type": "应为 JSON 对象"}  # noqa: RUF012  # marshmallow's own attribute

    class Meta:
        unknown = RAISE

    @pre_load
    def count(self, sent: Any, **_: Any) -> Any:
        """Refuse a multitude before it is looked into."""
        if isinstance(sent, Mapping) and len(sent) > MOST_QUERIES:
            raise ValidationError(f"项数太多，最多{MOST_QUERIES}项")
        return sent


class Keys(fields.Dict):
    """An object whose keys are not fixed, counted before it is looked into."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, Mapping) and len(value) > MOST_ENTRIES:
            raise ValidationError(f"不能超过{MOST_ENTRIES}项")
        return super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]


class Listing(Taken):
    """Which cases."""

    after = words(metadata={"description": "从这个案件编号之后接着列，取自上一页的 next"})
    most = Number(1, 200, load_default=50, metadata={"description": "最多列出多少件"})
    open = flag(metadata={"description": "true 只列未结的，false 只列已结的"})
    track = words(metadata={"description": "调解程序"})
    dispute = words(metadata={"description": "纠纷类型"})
    phase = words(metadata={"description": "阶段"})
    mediator = words(metadata={"description": "承办调解员的人员编号；写 - 列还没有承办调解员的"})


class Search(Listing):
    """Which cases by words: in a body, so that no address has a name in it."""

    open = Strictly(metadata={"description": "true 只列未结的，false 只列已结的"}, error_messages=said())
    words = words(required=True, metadata={"description": "当事人姓名或案号中的几个字、拼音首字母，或案件编号的开头"})


class Options(Taken):
    """Which commands."""

    on = words(metadata={"description": "只看一项，如 agreement/1；不写则看案件本身"})
    every = flag(load_default=False, metadata={"description": "true 则连同每一项可以办理的"})


class Lines(Taken):
    """Which lines."""

    after = Number(0, 10**9 - 1, load_default=0, metadata={"description": "从第几条之后接着列"})
    most = Number(1, 1000, load_default=1000, metadata={"description": "最多列出多少条"})


class Reason(Taken):
    """Why somebody looks at what is private in a case that others handle."""

    reason = fields.String(
        required=True,
        validate=validate.OneOf(
            [it.value for it in LookReason], error=f"应为：{'、'.join(it.value for it in LookReason)}"
        ),
        error_messages=said(),
        metadata={"description": "；".join(f"{it.value} {it.label}" for it in LookReason)},
    )


class Keyed(Schema):
    """The id of an order, in the header."""

    error_messages = Taken.error_messages
    key = fields.String(
        data_key="Idempotency-Key",
        metadata={"description": "操作编号：同一编号只生效一次，重试得到同样的回答", "pattern": f"^{ID}$"},
    )


class Asked(Taken):
    """An order."""

    id = fields.String(
        validate=validate.Regexp(f"{ID}\\Z", error="只能用字母、数字和 . _ : - ，最多40个"), error_messages=said()
    )
    fields_ = Keys(
        keys=words(), data_key="fields", load_default=dict, error_messages=said(), metadata={"name": "fields"}
    )
    occurred = fields.String(validate=_time, error_messages=said())
    preview = Strictly(load_default=False, error_messages=said())


class Opening(Asked):
    """An order that opens a case."""

    workflow = words(required=True)


class Correction(Asked):
    """A correction of an order of a case."""

    line = Number(1, 10**9, required=True)
    strike = Strictly(load_default=False, error_messages=said())
    reason = words(LONGEST_REASON, required=True)
    capacity = words()
    on = Many(words(), most=MOST_ENTRIES, too_many="不能超过{}项", error_messages=said())


class Filing(Taken):
    """Files, and what they are."""

    id = Asked._declared_fields["id"]
    fields_ = Asked._declared_fields["fields_"]
    occurred = Asked._declared_fields["occurred"]
    files = Many(
        fields.String(validate=validate.Length(min=1, error="不能为空"), error_messages=said()),
        most=MOST_FILES,
        too_many="一次最多{}个文件",
        required=True,
        validate=validate.Length(min=1, error="请至少交一个文件"),
        error_messages=said(),
    )


class Ordered(Asked):
    """An order in a case."""

    command = words(required=True)
    capacity = words()
    on = Many(words(), most=MOST_ENTRIES, too_many="不能超过{}项", load_default=list, error_messages=said())
    expects = Keys(keys=words(), values=Number(0, 10**9), load_default=dict, error_messages=said())
    waives = Keys(keys=words(), values=words(LONGEST_REASON), load_default=dict, error_messages=said())
