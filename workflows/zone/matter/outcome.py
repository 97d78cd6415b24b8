"""转调解、导入调解: the case that a matter leads to, and how that stands."""

from __future__ import annotations

from mediation_engine.domain.case import Situation
from mediation_engine.domain.guard import POLICY, Answer, guard, met_if
from mediation_engine.domain.machine import Machine
from mediation_engine.domain.presentation import Presentation

from ..outcome import A31, none_running, rows_from_case
from . import cards
from .facts import facts_of
from .vocabulary import LinkState as S
from .vocabulary import Standing


@guard("已经有一件案件在调解", POLICY)
def no_case_running(s: Situation) -> Answer:
    return none_running(s)


@guard("须写明谁和谁有纠纷：提出的人和对方都要列入", "人民调解工作若干规定 第23条")
def both_known(s: Situation) -> Answer:
    there = {one.standing for one in facts_of(s).concerned.values()}
    return met_if({Standing.ASKER, Standing.OTHER} <= there)


OUTCOME = Machine.declare(
    "outcome",
    "转调解",
    S,
    tuple(rows_from_case(S, (no_case_running, both_known), (no_case_running,), A31)),
    resting={S.PERFORMED, S.BREACHED, S.FAILED},
    alive={"entry", "handling", "closed"},
    outlives=True,
    shown=Presentation(
        title="转调解",
        place=30,
        card=cards.outcome,
        called=cards.outcome_called,
        joint=False,
        urgent=frozenset({S.BREACHED}),
    ),
)
