"""Telephone calls that wait to be made: whom something of a case concerns now. Rules are declared by the content, one
row each; they decide nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from .case import Case, machine_of
from .occurred import Occurred

if TYPE_CHECKING:
    from .workflow import Workflow


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CallRule:
    """Whom to call about instances of one machine that fall due, why, and by what step it is recorded."""

    about: str
    """The machine."""
    ahead: int = 0
    """So many days before its day it is time to call."""
    is_late: bool = True
    """Whether it still is after that day."""
    whom: Callable[[Case, str], Iterable[str]]
    """The parties (keys) that an instance (key) concerns; none where nobody is to be called."""
    why: Callable[[Case, str, int], str]
    """In a few words, without names: for an instance that falls due in so many days, overdue where fewer than none."""
    step: str
    """The step (name of a command) that records what came of it."""
    is_on_it: bool = True
    """Whether that step is given on the instance."""
    names: str = ""
    """The field of the step that names the party, where one does."""
    fills: Mapping[str, str] = field(default_factory=dict)
    """What else of the step is filled in."""
    called: Callable[[Case, str, str], Iterable[Occurred]]
    """When the party (key) was last called about it, as far as that is on record."""
    by: Callable[[Case, str], str | None] = lambda _case, _key: None
    """The member of staff (id) who is to do it; None for whoever handles the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that waits to be made: of one kind, to one party, about one thing or several."""

    party: str
    why: str
    due: date
    """The first day of what it is about."""
    about: tuple[str, ...]
    rule: CallRule
    by: str | None = None

    @property
    def filled(self) -> dict[str, str]:
        """What the form of its step begins with."""
        named = {self.rule.names: self.party} if self.rule.names else {}
        return named | dict(self.rule.fills)


def calls_waiting(workflow: Workflow, case: Case, today: date) -> list[Call]:
    """The calls of a case that wait to be made today, the most urgent first; what was called about today is done."""
    rules = _by_machine(workflow.calls)
    found = dict[tuple[CallRule, str, str | None], list[tuple[date, str]]]()
    for key, due in case.facts.due_days(frozenset(workflow.open_parts(case))):
        for rule in rules.get(machine_of(key), ()):
            if (due - today).days <= rule.ahead and (rule.is_late or due >= today):
                for party in rule.whom(case, key):
                    if all(moment.day != today for moment in rule.called(case, key, party)):
                        found.setdefault((rule, party, rule.by(case, key)), []).append((due, key))
    made = [_call(case, rule, party, by, sorted(about), today) for (rule, party, by), about in found.items()]
    return sorted(made, key=lambda call: (call.due, call.party))


def _call(
    case: Case, rule: CallRule, party: str, by: str | None, about: Sequence[tuple[date, str]], today: date
) -> Call:
    due, first = about[0]
    why = rule.why(case, first, (due - today).days)
    more = f"（共{len(about)}项）" if len(about) > 1 else ""
    return Call(party=party, why=why + more, due=due, about=tuple(key for _, key in about), rule=rule, by=by)


def _by_machine(rules: Iterable[CallRule]) -> dict[str, list[CallRule]]:
    found = dict[str, list[CallRule]]()
    for rule in rules:
        found.setdefault(rule.about, []).append(rule)
    return found
