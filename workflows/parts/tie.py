"""利害关系: who mediates in the committee of an enterprise belongs to the employer; the worker may go to the room."""

from __future__ import annotations

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.guard import POLICY, Answer, guard, met_if, none_of
from mediation_engine.domain.people import PartyKind

from ..facts import facts_of
from .queries import opponents

OF_ENTERPRISES = frozenset({"enterprise_committee", "labour_committee"})
"""Natures of bodies whose mediators belong to an enterprise."""
TIE = "调解人是本企业的人，与企业有利害关系"
"""What is disclosed by rule."""
TOLD, UNTOLD = "已告诉职工可以找调解室", "没有写明已告诉职工可以找调解室"


def workers(case: Case) -> list[str]:
    """The people (keys) who face an enterprise before the committee of an enterprise; none before another body."""
    if facts_of(case).host_kind not in OF_ENTERPRISES:
        return []
    kinds = {key: facts_of(case).parties[key].kind for key in opponents(case)}
    is_faced = PartyKind.ENTERPRISE in kinds.values()
    return [key for key, kind in kinds.items() if is_faced and kind is not PartyKind.ENTERPRISE]


def untold(case: Case) -> list[str]:
    """Those of them (keys) who were not told of the tie."""
    return [key for key in workers(case) if facts_of(case).parties[key].tie_told is None]


@guard("主办的不是企业自己的调委会，或者对方不是企业：没有这样的利害关系要告知", POLICY)
def tied_to_employer(s: Situation) -> Answer:
    return met_if(s.key is None or s.key in workers(s.case))


@guard("调解人是本企业的人，应告诉职工也可以直接找调解室", POLICY)
def tie_told(s: Situation) -> Answer:
    told = {key: facts_of(s).parties[key].tie_told for key in workers(s.case)}
    return none_of([key for key, when in told.items() if when is None or s.occurred.is_before(when)])
