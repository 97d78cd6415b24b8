"""Two cases of a usual size: wages of three workers in instalments, and a death that a panel of eight consults on."""

from __future__ import annotations

from datetime import date

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.ports.register import Person
from workflows.facts import Term
from workflows.parts.agreement import DraftAgreement, ReachAgreement
from workflows.parts.member import RecordMember
from workflows.parts.party import TellRights
from workflows.parts.session import RecordSession, ScheduleSession
from workflows.phases.intake import AcceptCase, PartyRow, RegisterCase
from workflows.vocabulary import Dispute, SessionResult, Side, SigningManner, TermKind

from .story import NOW, Story

WORKERS, FIRM = ("张桂花", "刘建军", "韦小妹"), "永康市宏达五金厂"
FAMILY, BUILDERS = ("杨秀兰", "石父", "石母"), ("浙江鑫固建设有限公司", "宏业建设集团")
PANEL = (
    *(("justice", "徐国强"), ("department", "王某"), ("justice", "李某"), ("mentor", "周律师")),
    *(("department", "胡某"), ("mentor", "甲嫂"), ("mentor", "乙嫂"), ("host", "喜哥")),
)
SUMS = (6_000_00, 5_750_00, 4_750_00)


def two_cases() -> Story:
    """Case A1 with six instalments due, and B1 whose session is called for today."""
    clock = FixedClock(NOW)
    story = wages(Story(MemoryStore(clock), clock))
    death(Story(story.store, clock, "B1"))
    return story


def wages(story: Story) -> Story:
    """Three workers against a firm: agreed in two instalments each, in effect."""
    opened(story, WORKERS, (FIRM,), "labour_mediation", Dispute.LABOUR_PAY, "fast_track_2026")
    days = (date(2026, 11, 28), date(2026, 12, 28))
    terms = tuple(
        Term(words=Text("付工资"), kind=TermKind.PAY, payer="party/4", payee=f"party/{n}", amount=amount, due=due)
        for due in days
        for n, amount in enumerate(SUMS, 1)
    )
    story.do(TellRights(), *(f"party/{n}" for n in range(1, 5)))
    story.do(RecordSession(attended=tuple(f"party/{n}" for n in range(1, 5)), result=SessionResult.SETTLED))
    story.do(ReachAgreement(terms=terms, amount=2 * sum(SUMS)))
    return story


def in_effect(story: Story) -> Story:
    """The agreement of the wages signed by all and sealed."""
    signers = tuple(f"party/{n}" for n in range(1, 5))
    story.do(DraftAgreement(signers=signers), "agreement/1")
    for n in range(1, 4):
        story.confirm(f"confirmation/{n}", manner=SigningManner.SIGNATURE)
    story.confirm("confirmation/4", manner=SigningManner.SIGNATURE_SEAL)
    return story


def death(story: Story) -> Story:
    """A family against two builders, with a panel of eight; a session is called for today."""
    opened(story, FAMILY, BUILDERS, "people_mediation", Dispute.LABOUR_INJURY, "consultation_2026", in_zone=True)
    keys = tuple(f"party/{n}" for n in range(1, 6))
    for n, (role, name) in enumerate(PANEL, 1):
        person = Person(id=f"B1-{n}", name=name, kind=PartyKind.PERSON)
        story.door.submit(story.order(RecordMember(role=role, person=person.id, agreed_by=keys)), [person])
    calling = ScheduleSession(
        invited=keys,
        members=tuple(f"member/{n}" for n in range(1, 9)),
        planned=date(2026, 11, 23),
        planned_at="09:00",
        place=Text("喜哥调解室一楼"),
        topic=Text("赔偿"),
        plan=Text("先核数额，再谈期限"),
    )
    story.do(TellRights(), *keys)
    story.do(calling)
    return story


def opened(
    story: Story,
    applicants: tuple[str, ...],
    firms: tuple[str, ...],
    track: str,
    dispute: Dispute,
    workflow: str,
    *,
    in_zone: bool = False,
) -> None:
    """A case registered and accepted."""
    people = [Person(id=f"{story.name}.{n}", name=name, kind=PartyKind.PERSON) for n, name in enumerate(applicants, 1)]
    many = [Person(id=f"{story.name}.f{n}", name=name, kind=PartyKind.ENTERPRISE) for n, name in enumerate(firms, 1)]
    rows = (
        *(PartyRow(person=person.id, side=Side.APPLICANT) for person in people),
        *(PartyRow(person=firm.id, side=Side.RESPONDENT, kind=PartyKind.ENTERPRISE) for firm in many),
    )
    command = RegisterCase(named=rows, track=track, dispute=dispute, organisation="room", in_zone=in_zone)
    story.door.submit(story.order(command, workflow=workflow), [*people, *many])
    story.do(AcceptCase(), by=Office.LEAD)
