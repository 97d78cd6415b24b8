"""Who may act for whom: what an order of a representative is held to, and what is marked on what staff write down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from mediation_engine.domain.case import Case, Situation, machine_of
from mediation_engine.domain.command import Command
from mediation_engine.domain.guard import MET, UNJUDGED, Answer, Refusal, guard
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.order import Order
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office

from ..facts import POWER_OF, facts_of
from ..vocabulary import CapacityKind, Power

OF_THE_HOST = frozenset({"assignment"})
"""Kinds of things that are no party's: what a party says about them is its own by the party that the order names."""
A165, A171 = "民法典 第165条", "民法典 第171条"


def authority(case: Case, order: Order, happened: Occurred, today: date) -> Iterator[Refusal]:
    """Why an order may not be given for the party it is about, in the capacity that it names.

    Staff write down what has happened, whatever it is worth, but not as the act of somebody else's representative.
    A representative acts in a capacity of its own that stands, both when it happened and today. A visitor does what
    belongs to the visit that is entrusted to him now, and nothing else. Who applies, applies for himself: what comes
    after that is not for his office.
    """
    if order.office is Office.APPLICANT:
        yield from () if getattr(order.command, "applicant", None) == order.actor else (_NOT_HIMSELF,)
        return
    if order.office is Office.VISITOR:
        yield from () if _is_entrusted(case, order) else (_NOT_ENTRUSTED,)
        return
    principals = _principals(case, order.capacity)
    own = (key for key in order.on if machine_of(key) not in OF_THE_HOST)
    concerned = order.command.on_behalf_of() | {facts_of(case).acts_for(key) for key in own}
    if order.capacity and principals is None:
        yield Refusal("capacity", f"本案没有登记过“{order.capacity}”这一项代理或代表", about=(order.capacity,))
    elif not concerned or not concerned <= (principals or frozenset()):
        yield _OF_ANOTHER
    elif order.office is Office.REPRESENTATIVE:
        times = (happened, Occurred(today.isoformat()))
        yield from _not_theirs(case, order) or _not_now(case, order.capacity, order.command.name(), times)
        if getattr(order.command, "also", ()):
            yield Refusal("capacity", "只能办理自己签的；别人同签的由调解员记录", A171)


_NOT_HIMSELF = Refusal("himself", "只能为自己申请；替别人申请的，请到窗口由调解员登记", "人民调解法 第17条")
_NOT_ENTRUSTED = Refusal("entrusted", "这次走访没有委托给您，或已经收回，请联系承办人")


def _is_entrusted(case: Case, order: Order) -> bool:
    """Whether all that an order is about are visits entrusted to its actor."""
    visits = facts_of(case).visits
    given = {visits[key].entrusted if key in visits else None for key in order.on}
    return given == {order.actor}


_OF_ANOTHER = Refusal("capacity", "请写明以什么身份办理；只能办理本人或被代理（代表）的当事人的事", A165)


def _principals(case: Case, capacity: str) -> frozenset[str] | None:
    """The parties that somebody acts for in a capacity; None where there is none of this name."""
    facts = facts_of(case)
    if capacity in facts.parties:
        return frozenset((capacity,))
    return frozenset(facts.capacities[capacity].principals) if capacity in facts.capacities else None


def _not_theirs(case: Case, order: Order) -> list[Refusal]:
    """Why whoever gives an order is not the one that its capacity names. A unit has no hand of its own."""
    facts, own = facts_of(case), order.capacity in facts_of(case).parties
    named = facts.parties[order.capacity] if own else facts.capacities[order.capacity]
    has_hand = not own or facts.parties[order.capacity].kind is PartyKind.PERSON
    mine = named.person == order.actor and has_hand
    return [] if mine else [Refusal("capacity", "这一身份登记的是别人，不能以它办理", A165)]


def _not_now(case: Case, capacity: str, act: str, times: Iterable[Occurred]) -> list[Refusal]:
    """Why a capacity does not reach an act at some times."""
    if all(covers(case, capacity, "", act, when) for when in times):
        return []
    return [Refusal("capacity", "代理或代表不在有效期内、已终止或被否认，或者权限不包括这一步", A165, (capacity,))]


def covers(case: Case, capacity: str, party: str, act: str, when: Occurred | None) -> bool | None:
    """Whether whoever acts in a capacity may do an act of a party at some time; None where that cannot be told.

    The party itself may, unless it is under guardianship; `party` tells it where no capacity is named.
    """
    facts, when = facts_of(case), when or Occurred()
    own = facts.parties.get(capacity or party)
    if own is not None:
        return not own.is_ward(when)
    return reaches(case, capacity, POWER_OF.get(act, Power.TAKE_PART), when)


def reaches(case: Case, capacity: str, power: Power, when: Occurred) -> bool | None:
    """Whether a capacity stands at some time and goes so far; None where that cannot be told."""
    held, parties = facts_of(case).capacities[capacity], facts_of(case).parties
    guards = held.kind is not CapacityKind.GUARDIAN or all(parties[p].is_ward(when) for p in held.principals)
    return held.stands(when) if guards and held.may(power) else False


@guard(
    "代当事人办理的，应有有效的代理或代表身份和相应权限；未成年人等由监护人办理", "民法典 第19—23条、第165条、第171条"
)
def may_act_for(s: Situation) -> Answer:
    """For every act of a party: by itself where it has full ability, else by whoever may."""
    party = facts_of(s).acts_for(s.key or "")
    if not isinstance(s.given, Command):
        return UNJUDGED
    if party not in facts_of(s).parties:
        return MET
    answer = covers(s.case, s.capacity, party, s.given.name(), s.occurred)
    about = (party, s.capacity) if s.capacity and s.capacity != party else (party,)
    return Answer(answer, about if answer is False else ())
