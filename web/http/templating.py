"""What templates can say by themselves: dates, sums, files with their fingerprints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, request
from jinja2 import StrictUndefined, Undefined
from jinja2.utils import missing

from mediation_engine.domain.formatting import CHINA, civil_words, day_words, heading, money_words, short_sum, sum_words

STATIC = Path(__file__).parents[1] / "static"


def init(app: Flask) -> None:
    """Teach the templates."""
    app.jinja_env.filters |= {"moment": moment_in_full, "day": day_words, "money": money_words, "sum": sum_words}
    app.jinja_env.filters |= {"tally": tally, "heading": heading, "civil": civil_words, "short": short_sum}
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.undefined = _undefined  # type: ignore[assignment]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _undefined(hint: str | None = None, obj: Any = missing, *given: Any, **more: Any) -> Undefined:
    """What a template gets for a name it was not handed: nothing; for what a thing it was handed has not: a fault."""
    return (Undefined if obj is missing else StrictUndefined)(hint, obj, *given, **more)


def tally(things: Iterable[Any]) -> str:
    """How many things are in which state: ：已确认 100，待确认 119; nothing where all are in the usual one."""
    states = Counter(it.state for it in things if it.state)
    return "：" * bool(states) + "，".join(f"{state} {count}" for state, count in states.items())


def moment_in_full(moment: datetime) -> str:
    """2026年11月23日（周一）09:00, as read off a clock in China."""
    there = moment.astimezone(CHINA)
    return f"{day_words(there.date())}{there:%H:%M}"


def asset(name: str) -> str:
    """The address of a static file; another one whenever its content is another."""
    return f"{request.script_root}/static/{name}?v={_fingerprint(name)}"


@cache
def _fingerprint(name: str) -> str:
    return sha256((STATIC / name).read_bytes()).hexdigest()[:12]
