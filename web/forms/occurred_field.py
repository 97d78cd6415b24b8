"""When something happened, as one line of a form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mediation_engine.domain.fields import JOINT, FieldSpec
from mediation_engine.domain.occurred import Occurred
from mediation_engine.errors import FormFaults
from mediation_engine.input.days import Unread, read_when, typed_when

from .command_form import Typed
from .form_fields import Asked

WHEN = "when"
LABEL = "什么时候"
HELP = "空着就是现在；也可写 昨天、不清楚"


def happened(typed: Typed, today: date) -> Occurred | None:
    """What was answered; None for now. FormFaults under `when`."""
    try:
        return read_when(typed.get(WHEN, ""), today)
    except Unread as fault:
        raise FormFaults({WHEN: [str(fault)]}) from fault


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
