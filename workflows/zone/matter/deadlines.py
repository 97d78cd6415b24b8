"""The periods of a matter: how long each stage may take, as its kind says. They decide nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from mediation_engine.domain.calendar import Calendar
from mediation_engine.domain.case import Case
from mediation_engine.domain.deadline import DeadlineRule, Run, Whose
from mediation_engine.domain.guard import POLICY
from mediation_engine.domain.item_kind import ItemDeadline, Stage
from mediation_engine.domain.message import HANDLERS, Audience
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.periods import PeriodUnit

from .facts import MatterFacts, facts_of

MATTER = ""
"""In place of an instance: the matter as a whole."""
ALL = HANDLERS | {Audience.LEAD}
Reached = Callable[[MatterFacts], tuple[Occurred | None, Occurred | None]]
"""Since when a stage is due, and when it was passed."""


def _first_measure(facts: MatterFacts) -> Occurred | None:
    """When the first thing was done about it, or a case was to be opened."""
    made = [it.made for it in facts.measures.values()] + [it.since for it in facts.outcomes.values()]
    return made[0] if made else None


def _given(facts: MatterFacts) -> Occurred | None:
    """When it was given to somebody; what is not assigned was when it came."""
    return facts.assigned or (None if facts.passes(Stage.ASSIGN) else facts.came)


REACHED: dict[Stage, Reached] = {
    Stage.ASSIGN: lambda it: (it.came, it.assigned),
    Stage.SIGN: lambda it: (_given(it), it.signed),
    Stage.HANDLE: lambda it: (it.signed or _given(it), _first_measure(it)),
    Stage.ANSWER: lambda it: (it.again or it.came, it.answered),
    Stage.VERIFY: lambda it: (it.answered, it.verified),
    Stage.END: lambda it: (it.came, it.first_ended),
}


def _ruled(rule: DeadlineRule, of: ItemDeadline) -> DeadlineRule:
    number = of.number or rule.number
    return replace(rule, number=number, unit=of.unit, basis=of.basis or POLICY)


def _runs(stage: Stage) -> Callable[[Case, Calendar], Iterator[Run]]:
    def runs(case: Case, _: Calendar) -> Iterator[Run]:
        facts = facts_of(case)
        since, met = REACHED[stage](facts)
        of = next((it for it in (facts.kind.deadlines if facts.kind else ()) if it.stage is stage), None)
        day = _day_for(facts, stage, of)
        if stage is not Stage.END and not facts.passes(stage):
            return  # it is never met
        if since is None or (of is None and day is None) or (of is not None and not of.number and day is None):
            return
        is_over = facts.closed is not None
        yield Run(instance=MATTER, since=since, met=met, is_over=is_over, on=day, rule=_own(stage, of))

    return runs


def _own(stage: Stage, of: ItemDeadline | None) -> DeadlineRule | None:
    return _ruled(RULES[stage], of) if of else None


def _day_for(facts: MatterFacts, stage: Stage, of: ItemDeadline | None) -> date | None:
    """The day that is fixed for a stage: set when it was assigned, or filled in."""
    set_day = facts.due if stage is Stage.END else None
    return set_day or (facts.day(of.field) if of else None)


def _rule(stage: Stage, label: str, events: tuple[str, ...], step: str, after: str) -> DeadlineRule:
    return DeadlineRule(
        code=f"matter_{stage.code}",
        label=label,
        version="2026",
        whose=Whose.ROOM,
        number=1,
        unit=PeriodUnit.WORKDAYS,
        begins="事项登记" if stage is not Stage.SIGN else "交办",
        events=events,
        runs=_runs(stage),
        basis=POLICY,
        after=after,
        warns=(1,),
        step=step,
        to=ALL | {Audience.REPORTER} if stage is Stage.VERIFY else ALL,
    )


CAME, ASSIGNED = ("MatterRegistered",), ("MatterAssigned",)
RULES: dict[Stage, DeadlineRule] = {
    Stage.ASSIGN: _rule(Stage.ASSIGN, "交办", CAME, "AssignMatter", "没有人在办"),
    Stage.SIGN: _rule(Stage.SIGN, "签收", ASSIGNED, "SignForMatter", "不知道承办人接了没有"),
    Stage.HANDLE: _rule(Stage.HANDLE, "着手办理", ASSIGNED, "RecordMeasure", "事情拖着没有动"),
    Stage.ANSWER: _rule(Stage.ANSWER, "反馈（答复）", CAME, "AnswerMatter", "答应人家的没有做到"),
    Stage.VERIFY: _rule(Stage.VERIFY, "核实", ("MatterAnswered",), "VerifyMatter", "不知道真的办好了没有"),
    Stage.END: _rule(Stage.END, "办结", CAME, "EndMatter", "算超期办结"),
}
DEADLINES = tuple(RULES.values())
