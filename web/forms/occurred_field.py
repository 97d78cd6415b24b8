"""When something happened, as one line of a form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from mediation_engine.domain.fields import JOINT, FieldSpec
from mediation_engine.domain.formatting import CHINA, moment_words
from mediation_engine.domain.occurred import Occurred
from mediation_engine.errors import FormFaults
from mediation_engine.input.days import NotYet, Unread, read_when, typed_when

from .command_form import Typed
from .form_fields import Asked

WHEN = "when"
LABEL = "什么时候"
HELP = "空着就是现在；也可写 昨天、不清楚"


NOT_YET = "这里只记已经发生的事"
TOO_EARLY = "in_future"
"""The code of the refusal of what has not happened yet."""


def happened(typed: Typed, today: date, instead: str = "") -> Occurred | None:
    """What was answered; None for now. FormFaults under `when`, with what to do `instead` of a day to come."""
    try:
        occurred = read_when(typed.get(WHEN, ""), today)
    except NotYet as fault:
        raise FormFaults(_too_early(str(fault), instead)) from fault
    except Unread as fault:
        raise FormFaults({WHEN: [str(fault)]}) from fault
    if occurred is not None and occurred.is_after(datetime.combine(today, time.max, CHINA)):
        raise FormFaults(_too_early(f"{occurred.words()}还没有到", instead))
    return occurred


def not_yet(typed: Typed, now: datetime, instead: str = "") -> dict[str, list[str]]:
    """Where a form says that what it tells has not happened yet, and what to do `instead`."""
    return _too_early(f"“{typed.get(WHEN, '').strip()}”还没有到，现在是{moment_words(now)}", instead)


def _too_early(said: str, instead: str) -> dict[str, list[str]]:
    return {WHEN: ["；".join(filter(None, (said, NOT_YET, instead)))]}


def asked(typed: Typed, today: date, faults: Sequence[str] = (), *, label: str = LABEL, help: str = HELP) -> Asked:
    """The line, and as what day it is read where it is not written out."""
    words = typed.get(WHEN, "")
    spec = FieldSpec(name=WHEN, kind="when", label=label, help=help, disclosure=JOINT)
    return Asked(name=WHEN, spec=spec, look="when", value=words, faults=tuple(faults), capital=_read_as(words, today))


def _read_as(words: str, today: date) -> str:
    try:
        occurred = read_when(words, today)
    except Unread:
        return ""
    return "" if occurred is None or typed_when(occurred) == words.strip() else f"读作 {occurred.words()}"
