"""代行职务: the lead names who stands in, from when to when and for which acts; and takes it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from ..domain.formatting import CHINA, day_words
from ..domain.guard import Refusal
from ..domain.roles import Actor, LeadAct, Office, Substitution, may_handle
from ..errors import GuardRefused
from ..ids import Randomness, new_id
from ..ports.store import Store, Unit
from .authorization import lead_himself

LONGEST = 366
"""Days that a substitution may last."""


def substitutions(store: Store, organisation: str) -> list[Substitution]:
    """Those of an organisation, the last to begin first."""
    with store.read() as unit:
        return [it for it in reversed(unit.substitutions.substitutions()) if it.organisation == organisation]


def name_substitute(
    store: Store, randomness: Randomness, lead: Actor, who: Actor, first: date, last: date, acts: Iterable[LeadAct]
) -> Substitution:
    """Enter a substitution. OfficeNotHeld, GuardRefused with every reason."""
    with store.write("substitutions") as unit:
        lead_himself(unit, lead.id)
        named = Substitution(
            id=new_id(randomness, 8),
            organisation=lead.organisation,
            actor=who.id,
            acts=frozenset(acts),
            first=first,
            last=last,
            named_by=lead.id,
        )
        today = unit.now.astimezone(CHINA).date()
        if reasons := list(_against(unit, named, today)):
            raise GuardRefused(reasons, command="Substitution")
        unit.journal.by = lead.id
        unit.substitutions.put_substitution(named)
        return named


def end_substitution(store: Store, lead: Actor, id: str) -> Substitution | None:
    """Take one back at once; None where the lead's organisation has none of this id that still stands or will."""
    with store.write("substitutions") as unit:
        lead_himself(unit, lead.id)
        own = (it for it in unit.substitutions.substitutions() if it.organisation == lead.organisation)
        found = next((it for it in own if it.id == id and it.ended is None), None)
        if found is not None:
            unit.journal.by = lead.id
            unit.substitutions.put_substitution(replace(found, ended=unit.now))
        return found


def _against(unit: Unit, named: Substitution, today: date) -> Iterable[Refusal]:
    """What is wrong with a substitution."""
    who = unit.register.actor(named.actor)
    if who is None or not may_handle(who, named.organisation) or Office.MEDIATOR not in who.offices:
        yield Refusal("unfit_staff", "代行职务的人应是本室在用的调解员")
    elif Office.LEAD in who.offices:
        yield Refusal("is_lead", f"{who.name}本来就是室主任，不必代行")
    if not named.acts:
        yield Refusal("no_acts", "请至少选一项可以代行的职务")
    if named.last < named.first:
        yield Refusal("days", "截止日不能早于开始日")
    elif (named.last - named.first).days >= LONGEST:
        yield Refusal("too_long", f"一次最长一年，到{day_words(named.last)}太长了")
    if named.last < today:
        yield Refusal("over", "截止日已经过去；已经办过的步骤不能事后补授权")
    for it in unit.substitutions.substitutions():
        if who is not None and _meet(it, named, today):
            acts = "、".join(act.label for act in LeadAct if act in it.acts)
            until = f"{day_words(it.first)}至{day_words(it.last)}"
            told = f"已指定{who.name}在{until}代行{acts}，日期重叠；要改职务或日期，请先收回那一项，再指定"
            yield Refusal("named_already", told)


def _meet(standing: Substitution, named: Substitution, today: date) -> bool:
    """Whether the same person already stands in on one of the days that are still to come."""
    same = (standing.organisation, standing.actor) == (named.organisation, named.actor) and standing.ended is None
    same = same and standing.is_at_desk == named.is_at_desk
    return same and max(standing.first, named.first, today) <= min(standing.last, named.last)
