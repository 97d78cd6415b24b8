"""When something happened, as four kinds of answer on a form: now, a day, a month, nobody knows."""

from __future__ import annotations

from mediation_engine.domain.occurred import UNREPORTED, Occurred
from mediation_engine.errors import FormFaults

from .command_form import Typed

WHEN = "when"
KINDS = (("now", "现在"), ("day", "某一天"), ("month", "只知道月份"), ("unknown", "不清楚"))
DAY, TIME, MONTH = "when.day", "when.time", "when.month"


def happened(typed: Typed) -> Occurred | None:
    """What was answered; None for now. FormFaults under `when`."""
    kind, said = typed.get(WHEN, "now"), {name: typed.get(name, "").strip() for name in (DAY, TIME, MONTH)}
    if kind == "now" and said[DAY] and not said[MONTH]:
        kind = "day"  # nobody presses one thing more to say what the day says already
    wanted = {"day": (DAY,), "month": (MONTH,)}.get(kind, ())
    spare = [name for name in (DAY, MONTH) if said[name] and name not in wanted]
    if spare:
        raise FormFaults({WHEN: ["填了日期，却没有选它；请选中日期前面的一项，或把日期删掉"]})
    if any(not said[name] for name in wanted):
        raise FormFaults({WHEN: ["请填写日期"]})
    if kind == "unknown":
        return UNREPORTED
    return _read(said[wanted[0]], said[TIME] if kind == "day" else "") if wanted else None


def _read(day: str, time: str) -> Occurred:
    try:
        return Occurred.read(f"{day}T{time}" if time else day)
    except ValueError as fault:
        raise FormFaults({WHEN: [str(fault)]}) from fault
