"""五方会诊 as of 2027: an oral agreement is recorded with the day on which each sum is due. All else as in 2026."""

from datetime import date

from mediation_engine.domain.case import Situation
from mediation_engine.domain.guard import Answer, guard, met_if
from workflows.parts.agreement import AGREEMENT
from workflows.rules_2026.consultation import CONSULTATION


@guard("口头协议须由调解员记录协议内容，每笔款项写明期限", "人民调解法 第28条")
def contents_recorded(s: Situation) -> Answer:
    terms = s.facts.agreements[s.key].terms if s.key else ()
    return met_if(bool(terms) and all(t.due is not None for t in terms if t.amount is not None))


CONSULTATION_2027 = CONSULTATION.amended(
    name="consultation_2027",
    in_force_from=date(2027, 1, 1),
    machines=(AGREEMENT.amended(guards={"contents_recorded": contents_recorded}),),
)
