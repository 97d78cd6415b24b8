"""自查说明: somebody sets aside what a self-check finds, with a reason; another entry takes that back."""

from __future__ import annotations

from collections.abc import Collection

from ..domain.guard import Refusal
from ..domain.limits import LONGEST_REASON
from ..domain.roles import Actor, Office
from ..errors import CaseNotFound, GuardRefused, OfficeNotHeld
from ..ids import Randomness, new_id
from ..input.characters import UNPRINTABLE
from ..ports.exemptions import Exemption, standing
from ..ports.store import Store, Unit
from ..record.codec import check_storable
from .authorization import reach

ABOUT = "exemptions"
Finding = tuple[str, str, str]
"""The case, the rule (code) and what it is about."""


def set_aside(
    store: Store,
    randomness: Randomness,
    actor: Actor,
    findings: Collection[Finding],
    reason: str,
    entitled: Collection[Office],
) -> list[Exemption]:
    """Set some findings aside at once, for one reason; those that are already stay as they are. The new entries.

    OfficeNotHeld unless he himself holds an entitled office; CaseNotFound where a case is not his organisation's or
    below it; GuardRefused without a reason, or without anything to set aside.
    """
    check_storable(reason, *(part for finding in findings for part in finding))
    with store.write(ABOUT) as unit:
        office = _entitled(unit, actor, entitled)
        if refusals := [*_against(findings, reason.strip())]:
            raise GuardRefused(refusals, command="Exemption")
        cases = {case for case, _, _ in findings}
        _check_own(unit, actor, cases)
        there = {(it.case, it.rule, it.about) for it in standing(unit.exemptions.exemptions(cases))}
        unit.journal.by = actor.id
        entered = []
        for case, rule, about in sorted(set(findings) - there):
            it = Exemption(
                id=new_id(randomness, 8),
                case=case,
                rule=rule,
                about=about,
                reason=reason.strip(),
                by=actor.id,
                office=office.value,
                at=unit.now,
            )
            unit.exemptions.put_exemption(it)
            entered.append(it)
        return entered


def take_back(
    store: Store, randomness: Randomness, actor: Actor, id: str, reason: str, entitled: Collection[Office]
) -> Exemption | None:
    """Say that an entry stands no more; None where none of this id stands.

    Raises as `set_aside`.
    """
    check_storable(id, reason)
    with store.write(ABOUT) as unit:
        office = _entitled(unit, actor, entitled)
        found = next((it for it in standing(unit.exemptions.exemptions()) if it.id == id), None)
        if found is None:
            return None
        _check_own(unit, actor, {found.case})
        if refusals := [*_against([found], reason.strip())]:
            raise GuardRefused(refusals, command="Exemption")
        unit.journal.by = actor.id
        it = Exemption(
            id=new_id(randomness, 8),
            case=found.case,
            rule=found.rule,
            about=found.about,
            reason=reason.strip(),
            by=actor.id,
            office=office.value,
            at=unit.now,
            ends=found.id,
        )
        unit.exemptions.put_exemption(it)
        return it


def _entitled(unit: Unit, actor: Actor, entitled: Collection[Office]) -> Office:
    """The office of his own by which he may; a substitute may not. OfficeNotHeld."""
    known = unit.register.actor(actor.id)
    held = known.offices & set(entitled) if known and known.active else frozenset()
    if not held:
        raise OfficeNotHeld(actor=actor.name, office="或".join(office.label for office in Office if office in entitled))
    return next(office for office in Office if office in held)


def _against(findings: Collection[object], reason: str) -> list[Refusal]:
    refusals = []
    if not findings:
        refusals.append(Refusal("nothing_chosen", "还没有选要说明的事项"))
    if not reason:
        refusals.append(Refusal("no_reason", "请写明理由"))
    elif len(reason) > LONGEST_REASON:
        refusals.append(Refusal("too_long", f"理由最多{LONGEST_REASON}个字"))
    elif UNPRINTABLE.search(reason):
        refusals.append(Refusal("unprintable", "理由里有不可显示的字符，请重新填写"))
    return refusals


def _check_own(unit: Unit, actor: Actor, cases: Collection[str]) -> None:
    own = reach(unit.register, actor.organisation)
    for case in cases:
        held = unit.views.row(case)
        if held is None or held.organisation not in own:
            raise CaseNotFound(case=case)
