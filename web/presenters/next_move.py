"""What somebody of an office can do next in a case; or why it stands still. Read for a page of cases at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mediation_engine.decisions.closing import Need
from mediation_engine.descriptions.lines import Teller
from mediation_engine.domain.case import Case, machine_of
from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.roles import Office


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The next step, who takes it, and why not now; `why` is empty where it can be taken."""

    what: str
    who: str
    why: str = ""


def next_move(case: Case, needs: Sequence[Need], office: Office, today: date, teller: Teller) -> Move | None:
    """Out of what is missing; None where nothing is open."""
    steps = _steps(case, needs, office, today, teller)
    if steps:
        more = f"，另有{len(steps) - 1}项" if len(steps) > 1 else ""
        return Move(what=steps[0] + more, who=office.label)
    if not needs:
        return None
    own = [n for n in needs if n.key == case.phase and n.by]
    first = (own or [n for n in needs if n.by] or needs)[0]
    who = "、".join(o.label for o in first.by) or "自动"
    what = _step(case, [first], teller)
    return Move(what=what, who=who, why=_why(case, needs, first, office, today, teller))


def ready(case: Case, needs: Sequence[Need], office: Office, today: date) -> list[list[Need]]:
    """What an office can do now: the way of the case first, what stands open, what is begun; the same step together."""
    mine = [n for n in needs if office in n.by and not n.refusals and not _waits(case, n, today)]
    mine.sort(key=lambda n: (n.key != case.phase, n.at is None))
    alike: dict[tuple[str, ...], list[Need]] = {}
    for need in mine:
        alike.setdefault((machine_of(need.key), *need.path, *need.instead), []).append(need)
    return list(alike.values())


def _steps(case: Case, needs: Sequence[Need], office: Office, today: date, teller: Teller) -> list[str]:
    return [_step(case, alike, teller) for alike in ready(case, needs, office, today)]


def _step(case: Case, alike: Sequence[Need], teller: Teller) -> str:
    """确认协议（王某）, 确认协议（3项）; of what begins something new all that may be begun."""
    need = alike[0]
    thing = teller.thing(case.facts.with_party(need.key) or need.key) if len(alike) == 1 else f"{len(alike)}项"
    left = teller.workflow.unfinished(case, need.key) if teller.workflow and len(alike) == 1 else ""
    thing = f"{thing}，{left}" if left else thing
    first = need.path[0].lstrip("⤷") if need.path else thing
    steps = "、".join((first, *need.instead)) if need.at is None else first
    return steps if steps == thing else f"{steps}（{thing}）"


def _waits(case: Case, need: Need, today: date) -> bool:
    """Whether something is not due yet."""
    day = _day_of(case, need)
    return day is not None and day > today


def _day_of(case: Case, need: Need) -> date | None:
    return dict(case.facts.due_days({need.key})).get(need.key)


def _why(case: Case, needs: Sequence[Need], first: Need, office: Office, today: date, teller: Teller) -> str:
    """Until when it waits, what is lacking, or whose turn it is."""
    days = sorted(d for need in needs if _waits(case, need, today) and (d := _day_of(case, need)))
    if days:
        return f"等到{day_words(days[0])}"
    if first.refusals:  # whoever takes the step cannot take it yet: to wait for him would be to wait for oneself
        about = "、".join(teller.thing(k) for k in first.refusals[0].about[:3])
        return first.refusals[0].sentence + (f"（{about}）" if about else "")
    others = [o.label for o in first.by if o is not office]
    return f"等{'、'.join(others)}" if others else "等上面各项了结"
