"""The directory of organisations as a table: a row an organisation, named by its number or else by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..domain.roles import Level
from .identity_numbers import read_phone
from .tables import CellFault, Column, Kind, Layout, TableFault, civil_day, read_table, words

ID, NAME, SHORT, KIND, LEVEL, PARENT, SINCE, UNTIL, CONTACT, PHONE = (
    *("编号", "名称", "简称", "性质", "层级", "上级", "设立日期", "撤销日期", "联系人", "联系人电话"),
)
LONGEST_NAME, LONGEST_SHORT = 100, 20
MOST = 2000
_ID = re.compile(r"[a-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationLine:
    """A row of the table as it was read: by label, what stands in each column there is; None where it is empty."""

    row: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryRead:
    """A table as it was read: with any fault nothing of it is to be taken."""

    lines: tuple[OrganisationLine, ...]
    faults: tuple[TableFault, ...]
    notes: tuple[str, ...]


def layout(kinds: Mapping[str, str]) -> Layout:
    """The columns; `kinds` are the natures an organisation may have, by code."""
    levels = {it.code: it.label for it in Level}
    return Layout(
        title="组织名录",
        columns=(
            Column(
                name=ID, label=ID, read=_id, kind=Kind.NUMBER, example="org-east",
                help="名录里已有的，编号不要改；新的可以空着，按名称认",
            ),
            Column(name=NAME, label=NAME, read=words(LONGEST_NAME), required=True, also=("组织名称", "单位名称")),
            Column(name=SHORT, label=SHORT, read=words(LONGEST_SHORT), required=True, help="写在案号里的字"),
            Column(name=KIND, label=KIND, read=_one_of(kinds), required=True, help=f"写：{'、'.join(kinds.values())}"),
            Column(name=LEVEL, label=LEVEL, read=_one_of(levels), help=f"写：{'；'.join(levels.values())}"),
            Column(name=PARENT, label=PARENT, read=words(LONGEST_NAME), also=("上级组织",), help="上级的名称或编号"),
            Column(name=SINCE, label=SINCE, read=civil_day, kind=Kind.DAY, also=("设立",), example="2024年3月1日"),
            Column(name=UNTIL, label=UNTIL, read=civil_day, kind=Kind.DAY, also=("撤销",), help="撤销了的才写"),
            Column(name=CONTACT, label=CONTACT, read=words(40), also=("负责人",), help="谁负责；换了人写新的名字"),
            Column(
                name=PHONE, label=PHONE, read=_phone, kind=Kind.NUMBER, also=("电话", "手机"), example="13812345678",
                help="只在换了联系人、新登记时收；导出的表里没有",
            ),
        ),
    )  # fmt: skip


def read_directory(content: bytes, kinds: Mapping[str, str]) -> DirectoryRead:
    """What stands in a file. TableUnfit."""
    read = read_table(content, layout(kinds), most=MOST)
    lines = tuple(OrganisationLine(row=it.number, values=it.values) for it in read.rows)
    return DirectoryRead(lines=lines, faults=read.faults, notes=read.notes)


def _id(typed: str) -> str:
    if not _ID.fullmatch(typed):
        raise CellFault("编号只能用小写字母、数字和横线，最多40个")
    return typed


def _phone(typed: str) -> str:
    found = read_phone(typed)
    if found.fault or not found.number:
        raise CellFault(found.fault or "不像电话号码")
    return found.number


def _one_of(labels: Mapping[str, str]) -> Callable[[str], str]:
    """One of some codes, written as its label, as a part of that, or as the code."""
    known = {part: code for code, label in labels.items() for part in (code, label, *_parts(label))}

    def read(typed: str) -> str:
        if typed not in known:
            raise CellFault(f"没有“{typed[:20]}”；可以写：{'；'.join(labels.values())}")
        return known[typed]

    return read


def _parts(label: str) -> Iterable[str]:
    return label.split("、")


def day_words_in(day: date | None) -> str:
    """A day as it is written into the table."""
    return day.isoformat() if day else ""
