"""The kinds of matter: those that come with the program, with a room's own beside them or in their place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any
from unicodedata import category

from mediation_engine.domain.item_kind import FieldSort, ItemDeadline, ItemEnding, ItemField, ItemKind, OwnWords, Stage
from mediation_engine.domain.periods import PeriodUnit
from mediation_engine.domain.zone import Zone

from ...vocabulary import Source

LONGEST, MOST_DAYS, MOST = 60, 3660, 30
"""Characters of a label, days of a period, entries of a list."""
MEETING_TASK, DUE = "meeting_task", "due"
"""The kind (code) of what a meeting gives people to do, and its field with the day."""
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
Raw = Mapping[str, Any]


@cache
def _shipped() -> tuple[Raw, ...]:
    text = resources.files(__package__).joinpath("kinds.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["kinds"])


@cache
def shipped() -> tuple[ItemKind, ...]:
    """Those that come with the program."""
    return tuple(map(_kind, _shipped()))


def kinds_with(own: Sequence[Raw]) -> tuple[ItemKind, ...]:
    """The kinds with a room's own: one of the code of another changes what it names of that.

    Raises:
        ValueError: what is wrong with them, each with its code.
    """
    faults = [fault for of in own if not isinstance(of.get("code"), str) for fault in ["每一种都要写 code"]]
    both = {of["code"]: of for of in _shipped()}
    for of in own if not faults else ():
        both[of["code"]] = {**both.get(of["code"], {}), **of}
    codes = [of["code"] for of in own] if not faults else []
    faults += [f"种类“{code}”写了两次" for code in sorted({it for it in codes if codes.count(it) > 1})]
    faults += [f"种类“{code}”{fault}" for code in dict.fromkeys(codes) for fault in _faults(both[code])]
    if faults:
        raise ValueError("；".join(faults))
    return tuple(map(_kind, both.values()))


def kinds_of(zone: Zone) -> tuple[ItemKind, ...]:
    """All kinds, as the settings have them."""
    return zone.kinds or shipped()


def kind_named(zone: Zone, code: str) -> ItemKind | None:
    """A kind by its code."""
    return next((it for it in kinds_of(zone) if it.code == code), None)


def _kind(of: Raw) -> ItemKind:
    plain = {name: of[name] for name in (*WORDS, *YES_NO) if name in of}
    return ItemKind(
        **plain,
        fields=tuple(_field(it) for it in of.get("fields", ())),
        stages=tuple(it for it in Stage if it.code in of.get("stages", ())),
        deadlines=tuple(_deadline(it) for it in of.get("deadlines", ())),
        endings=tuple(_ending(it) for it in of["endings"]),
    )


def _field(of: Raw) -> ItemField:
    return ItemField(**{**of, "sort": FieldSort.named(of.get("sort", "text")) or FieldSort.TEXT})


def _deadline(of: Raw) -> ItemDeadline:
    return ItemDeadline(
        stage=Stage.named(of["stage"]) or Stage.END,
        number=of.get("days", 0),
        unit=PeriodUnit.named(of.get("unit", "days")) or PeriodUnit.DAYS,
        field=of.get("field", ""),
        basis=of.get("basis", ""),
    )


def _ending(of: Raw) -> ItemEnding:
    return ItemEnding(**{**of, "grounds": tuple((code, words) for code, words in of.get("grounds", ()))})


# -- what is wrong with one, in sentences

WORDS = ("code", "label", "help", "asker", "words", "number", "source")
YES_NO = ("on_reception_days", "use", "grid_worker", "lead_ends")
LISTS = ("fields", "stages", "deadlines", "endings")
FIELD = {
    **dict.fromkeys(("code", "label", "sort", "help", "basis", "where", "own"), str),
    "required": bool,
    "most": int,
}
DEADLINE = {"stage": str, "days": int, "unit": str, "field": str, "basis": str}
ENDING = {"code": str, "label": str, "done": bool, "at_once": bool, "grounds": list}
TYPES = {str: "文字", bool: "true 或 false", int: "整数", list: "一列"}


def _faults(of: Raw) -> Iterator[str]:
    shape = {**dict.fromkeys(WORDS, str), **dict.fromkeys(YES_NO, bool), **dict.fromkeys(LISTS, list)}
    wrong = list(_of_shape("", of, shape, ("label", "endings")))
    yield from wrong
    if wrong:
        return
    if of.get("source") and Source.named(of["source"]) is None:
        yield f"的 source 只能写：{'、'.join(it.code for it in Source)}"
    for stage in of.get("stages", ()):
        if not isinstance(stage, str) or Stage.named(stage) in (None, Stage.END):
            yield f"的 stages 只能写：{'、'.join(it.code for it in Stage if it is not Stage.END)}"
            break
    if "verify" in of.get("stages", ()) and "answer" not in of["stages"]:
        yield "的 stages 有 verify（核实）就要有 answer（反馈）"
    lists: tuple[tuple[str, Mapping[str, type], tuple[str, ...]], ...] = (
        ("fields", FIELD, ("code", "label")),
        ("deadlines", DEADLINE, ("stage",)),
        ("endings", ENDING, ("code", "label")),
    )
    nested = [fault for name, inner, wanted in lists for fault in _in_list(name, of.get(name, []), inner, wanted)]
    yield from nested or _within(of)


def _of_shape(where: str, of: Any, shape: Mapping[str, type], wanted: Sequence[str]) -> Iterator[str]:
    if not isinstance(of, Mapping):
        yield f"{where}应写成一节"
        return
    if unknown := of.keys() - shape.keys():
        yield f"{where}里没有 {'、'.join(sorted(unknown))} 这一项"
    for name in wanted:
        if not of.get(name):
            yield f"{where}要写 {name}"
    for name, kind in shape.items():
        value = of.get(name)
        if value is None:
            continue
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            yield f"{where}的 {name} 应为{TYPES[kind]}"
        elif isinstance(value, str) and len(value) > (LONGEST if name == "label" else LONGEST * 4):
            yield f"{where}的 {name} 太长"
        elif isinstance(value, str) and any(category(it) in ("Cc", "Cf") and it != "\n" for it in value):
            yield f"{where}的 {name} 里有看不见的字符，请重新打一遍"
        elif isinstance(value, int) and value < 0:
            yield f"{where}的 {name} 不能小于 0"
        elif isinstance(value, list) and len(value) > MOST:
            yield f"{where}的 {name} 最多{MOST}项"
        elif name == "code" and not _CODE.fullmatch(str(value)):
            yield f"{where}的 code 只能用小写字母、数字和下划线，字母开头，最多40个"


def _in_list(name: str, rows: Sequence[Any], shape: Mapping[str, type], wanted: Sequence[str]) -> Iterator[str]:
    for n, row in enumerate(rows, 1):
        yield from _of_shape(f"的 {name} 第{n}项", row, shape, wanted)
    codes = [row["code"] for row in rows if isinstance(row, Mapping) and isinstance(row.get("code"), str)]
    if repeated := sorted({code for code in codes if codes.count(code) > 1}):
        yield f"的 {name} 里 code 重复：{'、'.join(repeated)}"


def _within(of: Raw) -> Iterator[str]:
    """What does not fit together, once each part is of the right shape."""
    sorts = {row["code"]: row.get("sort", "text") for row in of.get("fields", ())}
    for code, sort in sorts.items():
        if FieldSort.named(sort) is None:
            yield f"的 fields “{code}”的 sort 只能写：{'、'.join(it.code for it in FieldSort)}"
    for row in of.get("fields", ()):
        if row.get("where") and sorts.get(row["where"]) != "count":
            yield f"的 fields “{row['code']}”的 where 应为本种类里 sort 是 count 的一项"
        if row.get("own") and (OwnWords.named(row["own"]) is None or row.get("sort", "text") != "text"):
            yield f"的 fields “{row['code']}”的 own 只能写：{'、'.join(it.code for it in OwnWords)}，而且 sort 是 text"
    waited = [row["stage"] for row in of.get("deadlines", ())]
    for n, row in enumerate(of.get("deadlines", ()), 1):
        where, stage = f"的 deadlines 第{n}项", row["stage"]
        if Stage.named(stage) is None:
            yield f"{where}的 stage 只能写：{'、'.join(it.code for it in Stage)}"
        elif waited.index(stage) < n - 1:
            yield f"{where}的 stage {stage} 前面已经写过期限"
        if row.get("unit", "days") not in ("days", "workdays"):
            yield f"{where}的 unit 只能写 days 或 workdays"
        if row.get("field") and sorts.get(row["field"]) != "day":
            yield f"{where}的 field 应为本种类里 sort 是 day 的一项"
        if not row.get("field") and not 1 <= row.get("days", 0) <= MOST_DAYS:
            yield f"{where}要写 days（1到{MOST_DAYS}）或者 field"
    for row in of["endings"]:
        pairs = row.get("grounds", [])
        if not all(isinstance(it, list) and len(it) == 2 and all(isinstance(w, str) and w for w in it) for it in pairs):
            yield f'的 endings “{row["code"]}”的 grounds 应写成 [["pledge", "息访承诺"], …]'
        elif len(dict(pairs)) < len(pairs):
            yield f"的 endings “{row['code']}”的 grounds 里代码重复"
