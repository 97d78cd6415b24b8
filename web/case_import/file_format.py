"""The shape of a file of reports; every fault in it is named with its place before anything is taken."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from marshmallow import INCLUDE, Schema, ValidationError, fields, validate, validates_schema

from mediation_engine.domain.limits import MOST_ENTRIES, MOST_FAULTS, MOST_REPORTS
from mediation_engine.domain.occurred import Occurred
from mediation_engine.errors import MORE_FAULTS, FileFault, why
from mediation_engine.input.characters import UNPRINTABLE
from mediation_engine.input.command_schema import Many
from mediation_engine.input.faults import Choices, Fault, first_faults
from workflows.vocabulary import CohortOutcome, ProceedingKind, SigningManner, TermKind

STEPS = [
    "registered",
    "accepted",
    "block_talk",
    "joint_session",
    "adjourned",
    "agreement",
    "confirmed",
    "judicial_confirmation",
    "performed",
    "visit",
    "breach",
    "terminated",
    "referred",
]
CHANNELS = {
    "walk_in": "来访",
    "phone": "来电",
    "police_push": "警情推送",
    "superior_assigned": "上级交办",
    "court_delegated": "法院委派",
    "grid": "网格上报",
    "petition_day": "接访日",
    "enterprise": "企业上送",
    "online": "网上申请",
}
OUTCOMES = {
    "agreed": "达成协议",
    "oral_agreement": "口头达成协议",
    "failed": "未达成协议",
    "referred": "转其他途径",
    "withdrawn": "撤回",
    "breached_then_performed": "违约后履行",
}
MOST_YUAN = 10**11
MOST_KEYS = 100
"""Of one report, or of one part of it, somebody's own notes among them."""
LONGEST = 20_000
"""Characters of one note: a press report in full."""
SAID: dict[str, Any] = {
    "required": "缺少这一项",
    "null": "不能为空",
    "invalid": "类型不对",
    "type": "应为一组“项: 值”",
    "unknown": "没有这一项",
    "too_large": "数字过大",
}


def _one_of(words: Iterable[str]) -> Callable[[str], None]:
    known = [*words]

    def check(word: str) -> None:
        if word not in known:
            raise ValidationError(Choices("不在可选范围", known))

    return check


def _many(inner: fields.Field[Any], **given: Any) -> Many:
    """A list; of no more than a case can have of anything."""
    return Many(inner, most=MOST_ENTRIES, too_many="不能超过{}项", error_messages=SAID, **given)


def _words(longest: int = LONGEST, **given: Any) -> fields.String:
    checks: list[Any] = [validate.Length(max=longest, error=f"超过{longest}字"), _printable]
    return fields.String(error_messages=SAID, validate=checks, **given)


def _name(longest: int, **given: Any) -> fields.String:
    """Words on one line, and not nothing."""
    checks: list[Any] = [validate.Length(max=longest, error=f"超过{longest}字"), _printable, _one_line]
    return fields.String(error_messages=SAID, validate=checks, **given)


def _printable(words: str) -> None:
    if UNPRINTABLE.search(words):
        raise ValidationError("含有不可显示的字符")


def _one_line(words: str) -> None:
    if not words.strip() or "\n" in words:
        raise ValidationError("应为一行，不能为空")


def _choice(words: Iterable[str], **given: Any) -> fields.String:
    return fields.String(error_messages=SAID, validate=_one_of(words), **given)


def _number(most: int, **given: Any) -> fields.Integer:
    within = validate.Range(0, most, error=f"应在0到{most}之间")
    return fields.Integer(
        strict=True, error_messages=SAID, validate=within, allow_none=True, load_default=None, **given
    )


class _Yuan(fields.Field[float]):
    """A sum in yuan, whole or with two decimals."""

    default_error_messages = SAID

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST_YUAN:
            raise ValidationError("应为不小于0的金额（元）")
        if round(value * 100) / 100 != value:
            raise ValidationError("金额最多到分")
        return value


class _Date(fields.Field[str]):
    """A date as far as it is known."""

    default_error_messages = SAID

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        try:
            return Occurred.read(value).text
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault


class _Part(Schema):
    error_messages = SAID  # marshmallow's own attribute

    class Meta:
        unknown = INCLUDE

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def check_own(self, _filled: Any, original: Any, **_: Any) -> None:
        """Keys that the shape does not know are somebody's own notes, and say so."""
        if isinstance(original, dict) and len(original) > MOST_KEYS:
            raise ValidationError(f"项数太多，最多{MOST_KEYS}项")
        own = {k: v for k, v in original.items() if k not in self.fields} if isinstance(original, dict) else {}
        faults = {key: list(_own_faults(key, value)) for key, value in own.items()}
        if any(faults.values()):
            raise ValidationError({key: said for key, said in faults.items() if said})


def _own_faults(key: str, value: Any) -> Iterator[str]:
    if not key.startswith("x_"):
        yield "没有这一项（自加的项请以 x_ 开头）"
        return
    try:
        written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except RecursionError:
        yield "层次过深"
        return
    if len(key) > 100 or len(written) > LONGEST:
        yield f"超过{LONGEST}字"
    if UNPRINTABLE.search(key) or UNPRINTABLE.search(written):
        yield "含有不可显示的字符"


PROCEEDING_RESULTS = ["intended", "applied", "granted", "dismissed", "withdrawn"]
"""What came of asking a court or an arbitration body, as far as it is told."""
SESSION_RESULTS = ["settled", "not_settled", "to_be_continued"]
EXTENTS = ["all", "part", "breached"]


def _place(**given: Any) -> fields.Integer:
    """Which disputant, body or agreement, counted from 1 in the order of the report; or how many times."""
    within = validate.Range(1, MOST_ENTRIES, error="应从1数起")
    if not given.get("required"):
        given |= {"allow_none": True, "load_default": None}
    return fields.Integer(strict=True, error_messages=SAID, validate=within, **given)


class _Term(_Part):
    """What a term says, as structure: who owes whom what by when, in which agreement."""

    words = _words(1000, required=True)
    agreement = _place()
    kind = _choice([kind.value for kind in TermKind], required=True)
    payer = _place()
    payee = _place()
    custodian = _place()
    part_of = _place()
    """Of which row of `terms` this is a share or an instalment."""
    amount_yuan = _Yuan(allow_none=True, load_default=None)
    due = _Date(allow_none=True, load_default=None)


class _Signature(_Part):
    by = _place(required=True)
    manner = _choice([manner.value for manner in SigningManner], load_default=SigningManner.UNREPORTED.value)


class _Payment(_Part):
    payer = _place()
    payee = _place()
    amount_yuan = _Yuan(allow_none=True, load_default=None)


class _Cohort(_Part):
    count = fields.Integer(required=True, strict=True, error_messages=SAID, validate=validate.Range(1, 1_000_000))
    outcome = _choice([outcome.value for outcome in CohortOutcome], required=True)


class _Disputant(_Part):
    side = _choice(["applicant", "respondent", "related"], required=True)
    kind = _choice(["person", "enterprise", "group"], required=True)
    name_masked = _name(100, required=True)
    count = _number(1_000_000)
    households = _number(1_000_000)


class _Body(_Part):
    role = _choice(["host", "justice", "department", "mentor", "disputants"], required=True)
    org = _name(200, required=True)


class _Entry(_Part):
    date = _Date(allow_none=True, load_default=None)
    step = _choice(STEPS, required=True)
    note_zh = _words(allow_none=True, load_default=None)
    other_body = _name(100, allow_none=True, load_default=None)
    times = _place()
    agreement = _place()
    replaces = _place()
    amount_yuan = _Yuan(allow_none=True, load_default=None)
    signed = _many(fields.Nested(_Signature, error_messages=SAID), load_default=list)
    paid = _many(fields.Nested(_Payment, error_messages=SAID), load_default=list)
    extent = _choice(EXTENTS, allow_none=True, load_default=None)
    cohorts = _many(fields.Nested(_Cohort, error_messages=SAID), load_default=list)
    kind = _choice([kind.value for kind in ProceedingKind], allow_none=True, load_default=None)
    result = _choice([*SESSION_RESULTS, *PROCEEDING_RESULTS], allow_none=True, load_default=None)


class _Report(_Part):
    id = fields.String(
        required=True,
        error_messages=SAID,
        validate=validate.Regexp("^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$", error="只能用字母、数字和 - _ .，最多60个"),
    )
    source_url = _words(500, allow_none=True, load_default=None)
    published = _Date(allow_none=True, load_default=None)
    province_city = _words(100, allow_none=True, load_default=None)
    dispute_type_zh = _name(100, required=True)
    channel = _choice(CHANNELS, allow_none=True, load_default=None)
    summary_en_zh = _words(allow_none=True, load_default=None)
    disputants = _many(fields.Nested(_Disputant, error_messages=SAID), required=True)
    bodies = _many(fields.Nested(_Body, error_messages=SAID), required=True)
    timeline = _many(fields.Nested(_Entry, error_messages=SAID), required=True)
    amount_claimed_yuan = _Yuan(allow_none=True, load_default=None)
    amount_agreed_yuan = _Yuan(allow_none=True, load_default=None)
    terms_zh = _many(_words(1000), load_default=list)
    terms = _many(fields.Nested(_Term, error_messages=SAID), allow_none=True, load_default=None)
    outcome = _choice(OUTCOMES, allow_none=True, load_default=None)
    days_to_resolve = _number(36_500)
    unusual = _words(allow_none=True, load_default=None)

    @validates_schema
    def check_places(self, report: dict[str, Any], **_: Any) -> None:
        """Whom, which body and which agreement something names is there; a term says what the report's terms say."""
        faults: dict[str, dict[int, dict[str, list[str]]]] = {}
        for part, n, name, number, most in _beyond(report):
            faults.setdefault(part, {}).setdefault(n, {})[name] = [f"没有第{number}个，一共{most}个"]
        for n, term in enumerate(report["terms"] or ()):
            if term["words"] not in report["terms_zh"]:
                faults.setdefault("terms", {}).setdefault(n, {})["words"] = ["应与 terms_zh 里的一条一字不差"]
        if faults:
            raise ValidationError(faults)


_Beyond = tuple[str, int, str, int, int]


def _beyond(report: dict[str, Any]) -> Iterator[_Beyond]:
    """Every place that is named and is none: in which part, of which row, under which name, which of how many."""
    people, bodies = len(report["disputants"]), len(report["bodies"])
    agreements = max(1, sum(entry["step"] == "agreement" and not entry["other_body"] for entry in report["timeline"]))
    terms = len(report["terms"] or ())
    within = {
        "part_of": terms,
        "payer": people,
        "payee": people,
        "by": people,
        "custodian": bodies,
        "agreement": agreements,
    }

    def named(part: str, n: int, row: dict[str, Any], names: Iterable[str]) -> Iterator[_Beyond]:
        for name in names:
            most = within["agreement" if name == "replaces" else name]
            if row[name] is not None and row[name] > most:
                yield part, n, name, row[name], most

    for n, term in enumerate(report["terms"] or ()):
        yield from named("terms", n, term, ("payer", "payee", "custodian", "agreement", "part_of"))
    for n, entry in enumerate(report["timeline"]):
        yield from named("timeline", n, entry, ("agreement", "replaces"))
        for row in entry["signed"]:
            yield from named("timeline", n, row, ("by",))
        for row in entry["paid"]:
            yield from named("timeline", n, row, ("payer", "payee"))


def read_reports(path: Path) -> list[dict[str, Any]]:
    """The reports in a file. FileFault names every fault, each with its case, item and place."""
    twice: list[str] = []
    try:
        read = json.loads(
            path.read_text(encoding="utf-8-sig"),
            object_pairs_hook=lambda pairs: _keys_once(pairs, twice),
            parse_constant=_no_number,
        )
    except OSError as fault:
        raise FileFault(path=path, why=why(fault)) from fault
    except UnicodeDecodeError as fault:
        raise FileFault(path=path, why="须以 UTF-8 保存") from fault
    except json.JSONDecodeError as fault:
        raise FileFault(path=path, why=f"第{fault.lineno}行第{fault.colno}列起不是有效的 JSON") from fault
    except _NoNumber as fault:
        raise FileFault(path=path, why=str(fault)) from fault
    except ValueError as fault:  # the one thing left that Python refuses to read
        raise FileFault(path=path, why="有一个数字长得读不了") from fault
    except RecursionError as fault:
        raise FileFault(path=path, why="层次过深") from fault
    if twice:
        raise FileFault(path=path, why=sentence_of(twice))
    if not isinstance(read, list) or not read:
        raise FileFault(path=path, why="应为一列案件")
    return checked(read, path)


class _NoNumber(ValueError):
    """NaN and its like, which are no JSON."""


def _no_number(word: str) -> Any:
    raise _NoNumber(f"“{word}”不是有效的数字")


def _keys_once(pairs: list[tuple[str, Any]], twice: list[str]) -> dict[str, Any]:
    """A group of keys and values; of a key written twice one value would be lost."""
    keys, read = Counter(key for key, _ in pairs), dict(pairs)
    if len(keys) < len(pairs) and len(twice) <= MOST_FAULTS:
        told = (f"“{key}”在同一组里写了{times}次（{read.get('id', '')}）" for key, times in keys.items() if times > 1)
        twice += islice(told, MOST_FAULTS + 1)
    return read


def sentence_of(faults: Iterable[str]) -> str:
    """The first faults in one sentence, with nothing a screen cannot show; no more of them are asked for."""
    first, more = [*islice(faults := iter(faults), MOST_FAULTS)], next(faults, None) is not None
    shown = (UNPRINTABLE.sub("?", fault if len(fault) <= 300 else f"{fault[:300]}…") for fault in first)
    return "；".join([*shown, *([MORE_FAULTS] if more else [])])


def checked(read: list[Any], path: Path | str) -> list[dict[str, Any]]:
    """The same for what has been read already."""
    if len(read) > MOST_REPORTS:
        raise FileFault(path=path, why=f"一次最多录入{MOST_REPORTS}件，请分成几个文件")
    ids = Counter(r["id"] for r in read if isinstance(r, dict) and isinstance(r.get("id"), str))
    twice = (("", f"编号“{name}”出现{times}次") for name, times in ids.items() if times > 1)
    faults, more = first_faults(chain(_faults(read), twice))
    if faults:
        told = [f"{where}：{said}" if where else said for where, sentences in faults.items() for said in sentences]
        raise FileFault(path=path, why=sentence_of([*told, *([MORE_FAULTS] if more else [])]))
    loaded: list[dict[str, Any]] = _Report(many=True).load(read)
    return loaded


def _faults(read: list[Any]) -> Iterator[Fault]:
    schema = _Report()
    for number, report in enumerate(read, 1):
        name = report.get("id") if isinstance(report, dict) else None
        place = f"第{number}件" + (f"（{name}）" if isinstance(name, str) else "")
        messages = schema.validate(report) if isinstance(report, dict) else {"_schema": ["应为一组“项: 值”"]}
        yield from ((place + where, said) for where, said in _places(messages))


def _places(messages: Any, where: str = "") -> Iterator[Fault]:
    if not isinstance(messages, dict):
        yield from ((where, said) for said in messages)
        return
    for key, inner in messages.items():
        part = f"第{key + 1}项" if isinstance(key, int) else "" if key == "_schema" else f" {key}"
        yield from _places(inner, where + part)
