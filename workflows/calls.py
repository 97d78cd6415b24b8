"""今天要打的电话: whom of the parties something concerns now, and the step that records what came of the call.

How early is policy. Each party hears of what it owes or is owed, what it is invited or visited for. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mediation_engine.domain.calls import CallRule
from mediation_engine.domain.case import Case
from mediation_engine.domain.formatting import money_words
from mediation_engine.domain.occurred import Occurred

from .facts import facts_of
from .parts.queries import in_dispute
from .parts.states import ObligationState, PartyState
from .parts.visit import Way
from .vocabulary import VisitKind

DAYS = {0: "今天", 1: "明天", 2: "后天"}


def _when(days: int) -> str:
    """How far off a day is."""
    return f"逾期{-days}天" if days < 0 else f"{DAYS.get(days) or f'{days}天后'}到期"


def _is_here(case: Case, party: str) -> bool:
    return party in facts_of(case).parties and not case.is_in(party, PartyState.LEFT)


def _called(case: Case, _key: str, party: str) -> Iterable[Occurred]:
    """Calls that a party answered, whatever they were about: all that concerns it is said in one."""
    return (call.made for call in facts_of(case).calls.values() if call.party == party and call.reached)


def _owed(case: Case, key: str) -> str:
    of = facts_of(case).obligations[key]
    return f"{of.kind.label}{money_words(of.amount)}" if of.amount is not None else of.kind.label


def _payer(case: Case, key: str) -> Iterable[str]:
    """Who owes, while it can be urged."""
    payer = facts_of(case).obligations[key].payer
    owes = case.is_in(key, ObligationState.PENDING, ObligationState.BREACHED)
    return [payer] if owes and payer and _is_here(case, payer) else []


def _urge(case: Case, key: str, days: int) -> str:
    return f"{_owed(case, key)}，{_when(days)}，{'催促' if days < 0 else '提醒'}履行"


def _urged(case: Case, key: str, party: str) -> Iterable[Occurred]:
    urged = facts_of(case).obligations[key].urged
    return [*([urged] if urged else []), *_called(case, key, party)]


def _payee(case: Case, key: str) -> Iterable[str]:
    """Who is owed, but what a custodian has to receive first."""
    of = facts_of(case).obligations[key]
    return [of.payee] if of.payee and _is_here(case, of.payee) and not of.into_custody else []


def _tell(case: Case, key: str, days: int) -> str:
    if case.is_in(key, ObligationState.HELD):
        return f"{_owed(case, key)}已到代收人手中，告知来领"
    ask = "问收到没有，告知可以怎么办" if days < 0 else "到时请核对"
    return f"告知对方的{_owed(case, key)}，{_when(days)}，{ask}"


def _invited(case: Case, key: str) -> Iterable[str]:
    invited = facts_of(case).sessions[key].invited
    return [party for party in invited if _is_here(case, party)] or in_dispute(case)


def _remind(_case: Case, _key: str, days: int) -> str:
    return f"{DAYS[days]}开会，提醒到场"


def _to_visit(case: Case, key: str) -> Iterable[str]:
    """Whom a visit is for: the party it names, else who signed, else all."""
    facts, of = facts_of(case), facts_of(case).visits[key]
    agreement = facts.agreements.get(of.agreement or "")
    named = (of.party,) if of.party else agreement.signers if agreement else ()
    return [party for party in named if _is_here(case, party)] if named else in_dispute(case)


def _to_ask(case: Case, key: str) -> Iterable[str]:
    """How the mediation was is asked by telephone."""
    return _to_visit(case, key) if facts_of(case).visits[key].kind is VisitKind.QUALITY else []


def _without_place(case: Case, key: str) -> Iterable[str]:
    """Where it is not said where to go, it is by telephone."""
    of = facts_of(case).visits[key]
    is_ours = of.kind is VisitKind.FOLLOW_UP and of.place is None and of.entrusted is None
    return _to_visit(case, key) if is_ours else []


def _visit(_case: Case, _key: str, days: int) -> str:
    return "回访：问问履行和近况" + _late(days)


def _ask(_case: Case, _key: str, days: int) -> str:
    return "质量回访：问问调解得怎么样" + _late(days)


def _late(days: int) -> str:
    return f"（{_when(days)}）" if days < 0 else ""


def _tried(case: Case, key: str, _party: str) -> Iterable[Occurred]:
    tried = facts_of(case).visits[key].tried
    return [tried] if tried else []


def _visitor(case: Case, key: str) -> str | None:
    return facts_of(case).visits[key].visitor


CALL: Any = {"step": "RecordCall", "is_on_it": False, "names": "party", "called": _called}
VISIT: Any = {"names": "party", "fills": {"manner": Way.PHONE.code}, "called": _tried, "by": _visitor}

CALL_BACK = CallRule(
    about="party", whom=lambda _case, key: [key], why=lambda *_: "请您回电话：短码、链接打不开，或忘了口令", **CALL
)
"""For who asks for it himself: by no day, so it is none of the rules below."""

CALLS = (
    CallRule(about="obligation", ahead=3, whom=_payer, why=_urge, step="UrgePerformance", called=_urged),
    CallRule(about="obligation", ahead=3, whom=_payee, why=_tell, **CALL),
    CallRule(about="session", ahead=2, is_late=False, whom=_invited, why=_remind, **CALL),
    CallRule(about="visit", whom=_without_place, why=_visit, step="RecordVisit", **VISIT),
    CallRule(about="visit", whom=_to_ask, why=_ask, step="RecordQualityVisit", **VISIT),
)
