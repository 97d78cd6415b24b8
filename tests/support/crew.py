"""A crew of workers that one firm owes wages: an oral agreement with a duty to each of them, in effect."""

from __future__ import annotations

from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.ports.register import Person
from workflows.facts import Term
from workflows.parts.agreement import AdoptOrally, ReachAgreement
from workflows.phases.intake import AcceptCase, PartyRow, RegisterCase
from workflows.vocabulary import Dispute, Side, TermKind

from .story import Story

SUM = 860_000


def crew(story: Story, many: int, *more: Term, names: tuple[str, ...] = ()) -> Story:
    """So many workers, each owed the same; the firm is party 1, worker n is party n + 1. Further terms come last."""
    called = [*names, *(f"工友{n}" for n in range(len(names) + 1, many + 1))]
    firm = Person(id="firm", name="某劳务公司", kind=PartyKind.ENTERPRISE)
    workers = [Person(id=f"w{n}", name=name, kind=PartyKind.PERSON) for n, name in enumerate(called, 1)]
    named = (
        PartyRow(person="firm", side=Side.RESPONDENT, kind=PartyKind.ENTERPRISE),
        *(PartyRow(person=worker.id, side=Side.APPLICANT) for worker in workers),
    )
    opening = RegisterCase(named=named, track="people_mediation", dispute=Dispute.LABOUR_PAY, organisation="room")
    story.door.submit(story.order(opening, workflow="fast_track_2026"), (firm, *workers))
    story.do(AcceptCase(), by=Office.LEAD)
    story.do(ReachAgreement(terms=(*(wages(n) for n in range(1, many + 1)), *more)))
    story.do(AdoptOrally(), "agreement/1")
    return story


def wages(n: int, amount: int = SUM) -> Term:
    """What worker n is owed."""
    return Term(words=Text("工资"), kind=TermKind.PAY, payer="party/1", payee=f"party/{n + 1}", amount=amount)
