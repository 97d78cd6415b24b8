"""受理 for a joint consultation: as everywhere, and what the panel takes on besides."""

from __future__ import annotations

from mediation_engine.domain.case import Situation
from mediation_engine.domain.guard import Answer, guard, met_if
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.roles import LEAD, MEDIATOR

from ..facts import facts_of
from ..vocabulary import Dispute
from .endings import (
    DOUBLES,
    MISTAKES,
    WITHDRAWAL,
    ApplicationRenewed,
    ApplicationWithdrawn,
    CloseAsDuplicate,
    CloseAsMistaken,
    ClosedAsDuplicate,
    ClosedAsMistaken,
    RecordReapplication,
    WithdrawApplication,
)
from .intake import (
    AFTER,
    GATES,
    MARKS,
    NAMED,
    OPENS,
    R23,
    R24,
    AcceptCase,
    CaseAccepted,
    CaseDeclined,
    CaseRegistered,
    CaseTransferred,
    DeclineCase,
    RegisterCase,
    S,
    TransferCase,
)

LABOUR = frozenset({Dispute.LABOUR_PAY, Dispute.LABOUR_INJURY, Dispute.LABOUR_OTHER})


@guard("会诊须是开发区内发生或上级交办的案件，且属劳动争议，或影响大、化解难", "policy")
def admitted(s: Situation) -> Answer:
    ours = facts_of(s).in_zone or facts_of(s).assigned
    return met_if(ours and (facts_of(s).dispute in LABOUR or facts_of(s).weighty))


ADMITS = (*GATES, admitted)

# fmt: off
ROWS = (
    # from          command              to             by        only if   records               basis         marks
    T(None,         RegisterCase,        S.REGISTERED,  MEDIATOR, OPENS,    CaseRegistered,       R23,          NAMED),
    T(S.REGISTERED, AcceptCase,          S.ACCEPTED,    LEAD,     ADMITS,   CaseAccepted,         R23,          MARKS),
    T(S.REGISTERED, DeclineCase,         S.DECLINED,    LEAD,     AFTER,    CaseDeclined,         R24),
    T(S.REGISTERED, TransferCase,        S.TRANSFERRED, LEAD,     AFTER,    CaseTransferred,      R24),
    T(S.REGISTERED, RecordReapplication, S.REGISTERED,  MEDIATOR, (),       ApplicationRenewed,   R23),
    T(S.REGISTERED, WithdrawApplication, S.WITHDRAWN,   MEDIATOR, (),       ApplicationWithdrawn, "人民调解法 第23条", WITHDRAWAL),
    T(S.REGISTERED, CloseAsMistaken,     S.MISTAKEN,    LEAD,     MISTAKES, ClosedAsMistaken,     "policy"),
    T(S.REGISTERED, CloseAsDuplicate,    S.DUPLICATE,   LEAD,     DOUBLES,  ClosedAsDuplicate,    "policy"),
)
# fmt: on

INTAKE = Machine.declare(
    "intake", "受理", S, ROWS, final={S.ACCEPTED, S.DECLINED, S.TRANSFERRED, S.WITHDRAWN, S.MISTAKEN, S.DUPLICATE}
)
