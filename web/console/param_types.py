"""What an option can be: a number, a time, an id, an office; each says in Chinese what is wrong."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import click

from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.roles import ACTING_LEAD, Office


class Number(click.IntRange):
    """A whole number, called 整数."""

    name = "整数"


class Whole(click.types.IntParamType):
    """The same without bounds: of a range that has none click would write [x<=None] into the help."""

    name = "整数"


class When(click.ParamType[Occurred]):
    """A time as reported."""

    name = "时间"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Occurred:
        try:
            return Occurred.read(_in_figures(str(value)))
        except ValueError as fault:
            self.fail(str(fault), param, ctx)


def _in_figures(words: str) -> str:
    """2026年11月3日 as 2026-11-03; anything else as it is."""
    numbers = re.fullmatch(r"([0-9]{4})年(?:([0-9]{1,2})月(?:([0-9]{1,2})日)?)?", words.strip())
    return "-".join(n.zfill(2) for n in numbers.groups() if n) if numbers else words


class Day(click.ParamType[date]):
    """A civil day."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}”不是日期，应写成 2026-11-23", param, ctx)


class Id(click.ParamType[str]):
    """An id: what can be typed, read over the telephone, and is nobody's name."""

    name = "编号"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not re.fullmatch("[A-Za-z0-9][A-Za-z0-9._:-]{0,39}", str(value)):
            self.fail("编号只能用字母、数字和 . _ : - ，最多40个", param, ctx)
        return str(value)


class OfficeName(click.ParamType[Office]):
    """An office by code or label."""

    name = "职务"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Office:
        found = Office.LEAD if value == ACTING_LEAD else Office.named(str(value))
        if found is None:
            self.fail(f"没有“{value}”这项职务；可用：{'、'.join(o.label for o in Office)}", param, ctx)
        return found


class Label(click.ParamType[Labelled]):
    """One of some choices, by code or label."""

    name = "选项"

    def __init__(self, choices: type[Labelled]) -> None:
        self.choices = choices

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Labelled:
        found = value if isinstance(value, self.choices) else self.choices.named(str(value)) or self._begun(str(value))
        if found is None:
            self.fail(f"没有“{value}”；可用：{'、'.join(choice.label for choice in self.choices)}", param, ctx)
        return found

    def _begun(self, words: str) -> Labelled | None:
        """The choice of which this is the name before a bracket."""
        return next((choice for choice in self.choices if choice.label.partition("（")[0] == words), None)
