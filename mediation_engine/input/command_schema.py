"""Forms: what somebody filled in becomes a command, or every fault in it is named, in Chinese.

Made from the fields of the command with marshmallow; the console, pages, the API and import files use the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from typing import Any, TypeVar, get_args, get_type_hints

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from ..domain.command import Called
from ..domain.fields import FieldSpec, typed_fields
from ..domain.formatting import money_words
from ..domain.labels import Labelled
from ..domain.limits import LONGEST_KEY, MOST_FAULTS
from ..errors import FormFaults
from .characters import FULL_WIDTH, UNPRINTABLE, quoted
from .days import Unread, is_lunar, read_day, read_time
from .faults import Choices, Fault, first_faults

C = TypeVar("C", bound=Called)

MOST_FEN = 10**13
"""A thousand 亿 in 分: more is a slip of the keyboard."""
MOST_PEOPLE = 1_000_000
UNITS = {None: 1, "万": 10_000, "亿": 100_000_000}
SAID: dict[str, Any] = {
    "required": "必填",
    "null": "不能为空",
    "invalid": "格式不对",
    "validator_failed": "不合要求",
    "type": "格式不对",
}
YES = {True, "true", "1", "是", "yes", "on"}
NO = {False, "false", "0", "否", "no", "off"}
_AROUND = r"[\s\u200b-\u200f\u2060-\u2064\ufeff]+"
_ENDS = re.compile(f"^{_AROUND}|{_AROUND}$")
LINE_ENDS = re.compile("\r\n?")


def trimmed(words: str) -> str:
    """Words without the blanks around them, those of no width too: alone they say nothing."""
    return _ENDS.sub("", words)


def _typed(value: Any) -> str:
    """What was typed for a number, a day or a choice, in ordinary width and without spaces around it."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValidationError("格式不对")
    try:
        return str(value).translate(FULL_WIDTH).strip()
    except ValueError as fault:  # Python writes out no integer of more than some thousand digits
        raise ValidationError("数字过大") from fault


class _Words(fields.String):
    default_error_messages = SAID

    def __init__(self, *, lines: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.lines = lines

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        words = trimmed(LINE_ENDS.sub("\n", str(super()._deserialize(value, attr, data, **kwargs))))
        if UNPRINTABLE.search(words):
            raise ValidationError("含有不可显示的字符")
        if not self.lines and re.search("[\t\n]", words):
            raise ValidationError("不能换行")
        return words


@dataclass(frozen=True, slots=True)
class DayTyped:
    """A day as it was typed, read: or what is wrong with it. A form takes it as it takes what was typed."""

    typed: str
    day: date | None
    fault: str = ""

    @property
    def is_lunar(self) -> bool:
        return is_lunar(self.typed)


def day_typed(typed: str, today: date | None = None, *, ahead: bool = False, past: bool = False) -> DayTyped:
    """Read a day that was typed; `today` says which is meant by 28日 or 明天, and 周五 by whether it lies `ahead`; in
    the `past` there is none to come."""
    try:
        day = read_day(typed, today, ahead=ahead, past=past and today is not None)
    except Unread as fault:
        return DayTyped(typed, None, str(fault))
    if past and today and day > today:
        return DayTyped(typed, None, f"{quoted(typed)}还没有到，请核对")
    return DayTyped(typed, day)


class _Day(fields.Field[date]):
    default_error_messages = SAID

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        typed = value.isoformat() if isinstance(value, date) else value
        found = typed if isinstance(typed, DayTyped) else day_typed(_typed(typed))
        if found.day is None:
            raise ValidationError(found.fault)
        return found.day


class _Time(fields.Field[str]):
    default_error_messages = SAID

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            return read_time(_typed(value))
        except Unread as fault:
            raise ValidationError(str(fault)) from fault


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum as it was typed, read: in 分, or what is wrong with it. A form takes it as it takes what was typed."""

    fen: int | None
    fault: str = ""


def read_sum(typed: Any) -> Sum:
    """Read a sum that was typed in yuan."""
    try:
        return Sum(_fen(_typed(typed)))
    except ValidationError as fault:
        return Sum(None, str(fault.messages[0]))


def typed_sum(fen: int) -> str:
    """A sum as a form shows it, and reads it back."""
    return money_words(fen).lstrip("￥")


def _fen(typed: str) -> int:
    # A comma only where thousands end: 1,5 is no fifteen.
    parts = re.fullmatch(r"¥?\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?\s*([万亿])?元?", typed)
    if parts is None:
        negative = re.match(r"¥?\s*[-−][0-9]", typed)
        raise ValidationError("金额不能是负数" if negative else f"{quoted(typed)}不是金额，应写成 12345.60 或 1.2万")
    whole, fraction = parts[1].replace(",", "").lstrip("0"), (parts[2] or "").rstrip("0")
    if len(whole) > 20:
        raise ValidationError("金额过大")
    if len(fraction) > 20:
        raise ValidationError("金额最多到分")
    scale: int = 10 ** len(fraction)
    fen, rest = divmod(int(f"0{whole}{fraction}") * 100 * UNITS[parts[3]], scale)
    if rest:
        raise ValidationError("金额最多到分")
    if fen > MOST_FEN:
        raise ValidationError("金额过大")
    return fen


class _Money(fields.Field[int]):
    default_error_messages = SAID

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        found = value if isinstance(value, Sum) else read_sum(value)
        if found.fen is None:
            raise ValidationError(found.fault)
        return found.fen


class _Count(fields.Field[int]):
    default_error_messages = SAID

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        typed = re.fullmatch("(-?[0-9]+)[人名位个]?", _typed(value))
        if typed is None:
            raise ValidationError("应为整数")
        if len(typed[1]) > 20 or not 1 <= int(typed[1]) <= MOST_PEOPLE:
            raise ValidationError(f"应在1到{MOST_PEOPLE}之间")
        return int(typed[1])


class _Choice(fields.Field[Labelled]):
    default_error_messages = SAID

    def __init__(self, choices: type[Labelled], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = choices

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Labelled:
        if isinstance(value, self.choices):
            return value
        typed = value.strip() if isinstance(value, str) else _typed(value)
        found = self.choices.named(typed) or self._numbered(typed)
        if found is None:
            raise ValidationError(Choices(f"{quoted(typed)}不在可选范围", (c.label for c in self.choices)))
        return found

    def _numbered(self, typed: str) -> Labelled | None:
        """Of choices with a number before the name, 2 权利义务告知书, that of one of the two."""
        words = {typed, typed.translate(FULL_WIDTH)}
        return next((c for c in self.choices if c.label[:1].isdigit() and words & {*c.label.split(" ", 1)}), None)


class _Flag(fields.Boolean):
    default_error_messages = SAID | {"invalid": "应为“是”或“否”"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        typed = _typed(value).lower() if isinstance(value, str) else value
        return super()._deserialize(typed, attr, data, **kwargs)


class Many(fields.List[Any]):
    """A list proper, as a tuple: the keys of an object are no list. It is counted before it is looked into."""

    def __init__(self, inner: fields.Field[Any], *, most: int, too_many: str, **kwargs: Any) -> None:
        super().__init__(inner, **kwargs)
        self.most, self.too_many = most, too_many

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise self.make_error("invalid")
        if len(value) > self.most:
            raise ValidationError(self.too_many.format(self.most))
        return tuple(super()._deserialize(value, attr, data, **kwargs))


class _Refs(Many):
    default_error_messages = SAID | {"invalid": "应为一项或几项"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return tuple(dict.fromkeys(super()._deserialize(value, attr, data, **kwargs)))


class _Rows(Many):
    def __init__(self, inner: fields.Field[Any], *, row: type, **kwargs: Any) -> None:
        columns = [spec.label for spec in sorted(typed_fields(row), key=lambda spec: not spec.required)]
        example = f'[{{{{"{columns[0]}": "…"}}}}]'  # marshmallow fills in braces
        words = f"应为若干行，写成 {example}，一行一个括号；可写的项：{'、'.join(columns)}"
        super().__init__(inner, error_messages=SAID | {"invalid": words}, **kwargs)


class _Form(Schema):
    """Makes the dataclass it is named for; unknown fields are refused."""

    error_messages = {"type": "应为若干“项=值”"}  # noqa: RUF012  # marshmallow's own attribute
    makes: type

    class Meta:
        unknown = RAISE

    @post_load
    def make(self, filled: dict[str, Any], **_: Any) -> Any:
        """An answer left empty is None where the field may be that, and else its default."""
        return self.makes(**{k: v for k, v in filled.items() if v is not None or k in _may_be_none(self.makes)})


@cache
def _may_be_none(cls: type) -> frozenset[str]:
    return frozenset(name for name, hint in get_type_hints(cls).items() if type(None) in get_args(hint))


def _field(spec: FieldSpec) -> fields.Field[Any]:
    common: dict[str, Any] = {"required": spec.required, "allow_none": not spec.required}
    match spec.kind:
        case "text" | "code" | "person" | "staff" | "ref":
            longest = spec.longest or LONGEST_KEY
            length = validate.Length(max=longest, error=f"不能超过{longest}个字")
            return _Words(lines=spec.kind == "text", validate=length, **common)
        case "day":
            return _Day(**common)
        case "time":
            return _Time(**common)
        case "money":
            return _Money(**common)
        case "count":
            return _Count(**common)
        case "choice":
            assert spec.choices is not None
            assert issubclass(spec.choices, Labelled)
            return _Choice(spec.choices, **common)
        case "flag":
            return _Flag(truthy=YES, falsy=NO, **common)
        case "refs":
            length = validate.Length(max=LONGEST_KEY, error=f"每项不能超过{LONGEST_KEY}个字")
            return _Refs(_Words(validate=length), most=spec.most, too_many="不能超过{}项", **common)
        case "rows":
            assert spec.row is not None
            nested = fields.Nested(schema_for(spec.row), error_messages=SAID)
            return _Rows(nested, row=spec.row, most=spec.most, too_many="不能超过{}行", **common)
    raise AssertionError(spec.kind)


_schemas: dict[type, type[_Form]] = {}


def schema_for(cls: type) -> type[_Form]:
    """The schema of a command or row class; made once."""
    if cls not in _schemas:
        body: dict[str, Any] = {spec.name: _field(spec) for spec in typed_fields(cls)}
        labels = [spec.label for spec in typed_fields(cls)]
        unknown = Choices("没有这一项", labels, "；可填：") if labels else "没有这一项；这一步不用填写"
        body |= {"makes": cls, "error_messages": {"unknown": unknown}}
        _schemas[cls] = type(f"{cls.__name__}Form", (_Form,), body)
    return _schemas[cls]


def _same(words: str) -> str:
    return words


def _same_thing(words: str, machine: str) -> str:
    return words


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What becomes of the names people write: of things of the case, and of people."""

    key: Callable[[str, str], str] = _same_thing
    """A name, and the machine of what is asked for, to the key of the instance; what is no name comes back as it is."""
    person: Callable[[str], str] = _same
    """A name to the id of somebody in the register."""
    staff: Callable[[str], str] = _same
    """A name to the id of a member of staff."""
    today: date | None = None
    """By which 28日, 明天, or a lunar date without a year are read; None: a day has to be written out."""


def read_form(command: type[C], filled: Mapping[str, Any], names: Names = Names()) -> C:
    """The command, or the details of somebody, that was filled in, by field names or labels.

    FormFaults names every fault by the label of its field.
    """
    try:
        made: C = schema_for(command)().load(_by_name(command, filled, names))
    except ValidationError as fault:
        faults, more = first_faults(_by_label(command, fault.messages))
        raise FormFaults(faults, fault.messages, more=more) from fault
    return made


def _by_name(cls: type, filled: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Labels become field names; an empty answer is no answer; names of parties become their keys.

    Of what there is no field for, as much is kept as is told.
    """
    specs = _by_word(cls)
    unknown = (key for key in filled if key not in specs)
    given: dict[str, Any] = dict.fromkeys(islice(unknown, MOST_FAULTS + 1))
    for key, value in filled.items():
        spec = specs.get(key)
        if spec is None:
            continue
        if value is not None and not (isinstance(value, str) and not value.strip()):
            given[spec.name] = _meant(spec, value, names)
        elif not spec.required:
            given[spec.name] = None
    for spec in typed_fields(cls):
        if spec.words_in:
            _keep_lunar(spec, given, names.today)
    return given


def _keep_lunar(spec: FieldSpec, given: dict[str, Any], today: date | None) -> None:
    """A lunar date stands as a day and in the words that were agreed on, whichever of the two was filled in."""
    day, words = given.get(spec.name), given.get(spec.words_in)
    if isinstance(day, DayTyped) and day.is_lunar and not words:
        given[spec.words_in] = day.typed
    elif day is None and isinstance(words, str) and is_lunar(words):
        given[spec.name] = day_typed(words, today)


@cache
def _by_word(cls: type) -> Mapping[str, FieldSpec]:
    """Fields by name, label, and what only their label begins with: 代谁 for 代谁（当事人）, 职业 for 职业或职务."""
    specs = typed_fields(cls)
    begins = [re.split("[（，或]", spec.label)[0] for spec in specs]
    short = {word: spec for word, spec in zip(begins, specs, strict=True) if begins.count(word) == 1}
    return short | {key: spec for spec in specs for key in (spec.label, spec.name)}


def _meant(spec: FieldSpec, value: Any, names: Names) -> Any:
    """A value with its names resolved, lists taken apart; what cannot be is left for the schema to refuse."""
    match spec.kind:
        case "day" if isinstance(value, str):
            return day_typed(value, names.today, ahead=spec.ahead, past=spec.past)
        case "ref" if isinstance(value, str):
            return names.key(value.strip(), spec.machine)
        case "person" if isinstance(value, str):
            return names.person(value.strip())
        case "staff" if isinstance(value, str):
            return names.staff(value.strip())
        case "refs" if isinstance(value, str):
            return _parts(value.strip(), names, spec)
        case "refs" if isinstance(value, list | tuple) and len(value) <= spec.most:
            return [names.key(part.strip(), spec.machine) if isinstance(part, str) else part for part in value]
        case "rows":
            rows = _rows(value)
            if spec.row is None or not isinstance(rows, list | tuple) or len(rows) > spec.most:
                return rows
            return [_by_name(spec.row, row, names) if isinstance(row, Mapping) else row for row in rows]
    return value


def _parts(words: str, names: Names, spec: FieldSpec) -> list[str]:
    """王某、某五金厂: each by its name; one name may itself have a space in it."""
    whole = names.key(words, spec.machine)
    if whole != words:
        return [whole]
    parts = (part for part in re.split(r"[,，、\s]+", words) if part)
    return [names.key(part, spec.machine) for part in islice(parts, spec.most + 1)]


def _rows(value: Any) -> Any:
    """Rows written as JSON; one row alone needs no list."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return value
    return [value] if isinstance(value, Mapping) else value


def _by_label(cls: type, messages: Any, place: str = "") -> Iterator[Fault]:
    """marshmallow's nested messages as (label, sentence), one after another."""
    if not isinstance(messages, dict):
        yield from ((place.strip() or "内容", sentence) for sentence in messages)
        return
    labels: dict[Any, FieldSpec] = {spec.name: spec for spec in typed_fields(cls)}
    for key, inner in messages.items():
        spec = labels.get(key)
        yield from _by_label(spec.row if spec and spec.row else cls, inner, f"{place}{_word(key, spec)} ")


def _word(key: Any, spec: FieldSpec | None) -> str:
    if isinstance(key, int):
        return f"第{key + 1}行"
    if spec is not None:
        return spec.label
    return "" if key == "_schema" else quoted(str(key)).strip("“”")
