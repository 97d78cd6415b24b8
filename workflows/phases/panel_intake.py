"""受理 for a joint consultation: as everywhere, and what the panel takes on besides."""

from __future__ import annotations

from mediation_engine.domain.case import Situation
from mediation_engine.domain.guard import Answer, guard, met_if
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.roles import LEAD

from ..facts import facts_of
from ..vocabulary import LABOUR_DISPUTES
from .intake import BEGINNINGS, ENDINGS, FINAL, GATES, MARKS, R23, AcceptCase, CaseAccepted, S


@guard("会诊须是开发区内发生或上级交办的案件，且属劳动争议，或影响大、化解难", "policy")
def admitted(s: Situation) -> Answer:
    ours = facts_of(s).in_zone or facts_of(s).assigned
    return met_if(ours and (facts_of(s).dispute in LABOUR_DISPUTES or facts_of(s).weighty))


ADMITS = (*GATES, admitted)

# fmt: off
ROWS = (
    *BEGINNINGS,
    # from          command     to          by    only if records       basis marks
    T(S.REGISTERED, AcceptCase, S.ACCEPTED, LEAD, ADMITS, CaseAccepted, R23,  MARKS),
    *ENDINGS,
)
# fmt: on

INTAKE = Machine.declare("intake", "受理", S, ROWS, final=FINAL)
