"""What somebody of an office can do next in a case; or why it stands still. Read for a page of cases at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mediation_engine.available import available
from mediation_engine.domain.case import Case, machine_of
from mediation_engine.domain.roles import Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.labels import day_words
from mediation_engine.missing import Need, missing
from mediation_engine.telling import Teller

SETTLED_BY_OTHERS = frozenset({"issue", "agreement"})
"""Kinds whose shortest way is to give them up: what moves them on is a step on something else."""
TOWARDS_EFFECT = ("SignAsMediator", "AffixSeal", "DraftAgreement", "AdoptOrally")
"""The steps of an agreement towards its effect, the last ones first."""
TALKING = ("RecordTalk", "ScheduleSession", "RecordSession", "ReachAgreement")
"""What one does while nothing is agreed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The next step, who takes it, and why not now; `why` is empty where it can be taken."""

    what: str
    who: str
    why: str = ""


def next_move(workflow: Workflow, case: Case, office: Office, today: date, teller: Teller) -> Move | None:
    """None where nothing is open."""
    needs = missing(workflow, case, today)
    steps = _steps(workflow, case, needs, office, today, teller) or _talks(workflow, case, office, today)
    if steps:
        more = f"，另有{len(steps) - 1}项" if len(steps) > 1 else ""
        return Move(what=steps[0] + more, who=office.label)
    if not needs:
        return None
    own = [n for n in needs if n.key == case.phase and n.by]
    first = (own or [n for n in needs if n.by] or needs)[0]
    who = "、".join(o.label for o in first.by) or "自动"
    return Move(what=_step(first, teller), who=who, why=_why(case, needs, first, office, today, teller))


def _steps(
    workflow: Workflow, case: Case, needs: Sequence[Need], office: Office, today: date, teller: Teller
) -> list[str]:
    """What an office can do now: the way of the case first, then what is open, then agreements."""
    own = [n for n in needs if machine_of(n.key) not in SETTLED_BY_OTHERS and office in n.by and not n.refusals]
    ready = sorted((n for n in own if not _waits(case, n, today)), key=lambda n: n.key != case.phase)
    steps = [_step(n, teller) for n in ready]
    for key in (n.key for n in needs if machine_of(n.key) == "agreement"):
        options = available(workflow, case, office, today, on=key).options
        able = {o.command.name(): o.command.label for o in options if o.allowed}
        steps += [f"{able[name]}（{teller.thing(key)}）" for name in TOWARDS_EFFECT if name in able][:1]
    return steps


def _talks(workflow: Workflow, case: Case, office: Office, today: date) -> list[str]:
    """Where nothing is agreed on: the ways of talking that are open."""
    settled = all(case.facts.issues[k].settled_by or case.facts.issues[k].disposition for k in case.facts.issues)
    if settled or workflow.has_ended(case):
        return []
    options = available(workflow, case, office, today).options
    able = {o.command.name(): o.command.label for o in options if o.allowed and o.key is None}
    labels = [able[name] for name in TALKING if name in able]
    return [f"继续调解：{'、'.join(labels)}"] if labels else []


def _step(need: Need, teller: Teller) -> str:
    return f"{need.path[0].lstrip('⤷')}（{teller.thing(need.key)}）" if need.path else teller.thing(need.key)


def _waits(case: Case, need: Need, today: date) -> bool:
    """Whether something is not due yet."""
    day = _day_of(case, need)
    return day is not None and day > today


def _day_of(case: Case, need: Need) -> date | None:
    held = case.facts.obligations.get(need.key) or case.facts.visits.get(need.key)
    return held.due if held else None


def _why(case: Case, needs: Sequence[Need], first: Need, office: Office, today: date, teller: Teller) -> str:
    """Until when it waits, what is lacking, or whose turn it is."""
    days = sorted(d for need in needs if _waits(case, need, today) and (d := _day_of(case, need)))
    if days:
        return f"等到{day_words(days[0])}"
    if office in first.by and first.refusals:
        about = "、".join(teller.thing(k) for k in first.refusals[0].about[:3])
        return first.refusals[0].sentence + (f"（{about}）" if about else "")
    others = [o.label for o in first.by if o is not office]
    return f"等{'、'.join(others)}" if others else "等上面各项了结"
