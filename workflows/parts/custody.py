"""代收代付: money that goes from the payer to a custodian, and from the custodian to the payee.

Two legs of one term, linked and never added: an obligation each, the second waits for the first. They are obligations
like others; what is special about them stands here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, text
from mediation_engine.domain.guard import UNJUDGED, Answer, guard, met_if
from mediation_engine.domain.line import Line

from ..facts import MediationFacts, facts_of
from .states import ObligationState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldForPayee(Command):
    label: ClassVar[str] = "记录待收款人领取"
    help: ClassVar[str] = "款项已到代收代付人手中，收款人未到场或账户未开；付款人不算违约"
    note: Text | None = text("由谁保管、怎样领取", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutCreated(Event[None]):
    label: ClassVar[str] = "代付义务已产生"
    given: None = None
    waits_for: str

    def apply(self, facts: MediationFacts, line: Line) -> None:
        # The custodian pays: who that is stands in `custodian`, and the payer of the term has a leg of its own.
        first = facts.obligations[self.waits_for]
        facts.obligations[line.instance] = replace(first, payer=None, waits_for=self.waits_for, by_record=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutDue(Event[None]):
    label: ClassVar[str] = "代收款项已到账，应予代付"
    given: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutWaits(Event[None]):
    label: ClassVar[str] = "代收款项未到账"
    given: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldForPayee(Event[HoldForPayee]):
    label: ClassVar[str] = "款项待收款人领取"


def payouts(case: Case) -> Iterator[PayoutCreated]:
    """The second leg of every payment through a custodian, linked to the first."""
    linked = {o.waits_for for o in facts_of(case).obligations.values()}
    for key, owed in facts_of(case).obligations.items():
        if owed.into_custody and key not in linked:
            yield PayoutCreated(waits_for=key)


def in_custody(case: Case, key: str) -> bool:
    """Whether the money a leg waits for has come in; true where there is nothing to wait for."""
    first = facts_of(case).obligations[key].waits_for
    return first is None or case.is_in(first, S.PERFORMED)


def handed_on(case: Case, key: str) -> bool:
    """Whether this is a leg to the custodian, and the payee already has the money."""
    owed = facts_of(case).obligations
    return owed[key].into_custody and any(o.waits_for == key and case.is_in(k, S.PERFORMED) for k, o in owed.items())


def money_in(case: Case, key: str) -> PayoutDue | None:
    """The custodian has received what it is to hand on."""
    return PayoutDue() if in_custody(case, key) else None


def money_not_in(case: Case, key: str) -> PayoutWaits | None:
    """There is nothing to hand on yet: nobody but the payer owes anything."""
    return None if in_custody(case, key) else PayoutWaits()


@guard("待领的款项应已交到代收代付人手中", "policy")
def money_in_custody(s: Situation) -> Answer:
    if s.key is None:
        return UNJUDGED
    return met_if(facts_of(s).obligations[s.key].waits_for is not None and in_custody(s.case, s.key))
