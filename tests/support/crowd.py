"""A case as large as real ones get: 218 claimants, a firm of forty characters, statements of three thousand."""

from __future__ import annotations

from datetime import date, timedelta

from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.ports.register import Person
from workflows.facts import Term
from workflows.parts.agreement import DraftAgreement, ReachAgreement
from workflows.parts.block import RecordTalk
from workflows.parts.party import TellRights
from workflows.parts.payment import RecordPayment
from workflows.parts.session import RecordSession
from workflows.phases.intake import AcceptCase, PartyRow
from workflows.vocabulary import Side, TermKind

from .story import NOW, Story, register

CLAIMANTS = 218
FIRM = "江苏省永丰经济技术开发区某某精密五金机械制造与新材料科技发展股份有限公司第三分公司"
STATEMENT = ("去年九月进厂时说好计件每只一元二角，到了年底只按八角算；问了三次，每次都说下个月补。" * 80)[:3000]
UNBROKEN = "A" * 95
EVERYBODY = tuple(f"party/{n}" for n in range(1, CLAIMANTS + 2))
INSTALMENTS = tuple(
    Term(
        words=Text(f"第{n}期：于约定日前通过银行转账付清"),
        kind=TermKind.PAY,
        payer=EVERYBODY[-1],
        payee="party/1",
        amount=1_234_567,
        due=date(2026, 12, 1) + timedelta(days=30 * n),
    )
    for n in range(1, 13)
)


def crowd(told: Story, case: str = "C1") -> Story:
    """The case, accepted, beside whatever the story's store holds."""
    story = Story(told.store, told.clock, case)
    names = ["阿", UNBROKEN, *(f"工人{n}" for n in range(3, CLAIMANTS + 1))]
    claimants = [Person(id=f"{case}-w{n}", name=name, kind=PartyKind.PERSON) for n, name in enumerate(names)]
    firm = Person(id=f"{case}-firm", name=FIRM, kind=PartyKind.ENTERPRISE)
    rows = [PartyRow(person=p.id, side=Side.APPLICANT) for p in claimants]
    rows.append(PartyRow(person=firm.id, side=Side.RESPONDENT, kind=firm.kind))
    opening = register(named=tuple(rows), matter=Text(STATEMENT))
    story.door.submit(story.order(opening, workflow="fast_track_2026"), (*claimants, firm))
    story.do(AcceptCase(), by=Office.LEAD)
    return story


def agreed(story: Story) -> Story:
    """They all sat at a table, agreed on twelve instalments, and sign; something was paid before."""
    story.do(TellRights(), *EVERYBODY)
    story.do(RecordTalk(party=EVERYBODY[-1], said=Text(STATEMENT)))
    story.do(RecordTalk(party="party/1", said=Text("B" * 2000)))
    story.do(RecordSession(attended=EVERYBODY, rights_told=True, minutes=Text(STATEMENT)), at=str(NOW.date()))
    story.do(ReachAgreement(terms=INSTALMENTS))
    story.do(DraftAgreement(signers=EVERYBODY), "agreement/1")
    story.do(RecordPayment(agreement="agreement/1", amount=500_000))
    return story
