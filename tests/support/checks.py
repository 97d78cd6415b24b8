"""For each rule of the self-check a case that it finds, and one as near that it leaves: told through the door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from mediation_engine.domain.correcting import StrikeOrder
from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import EnterpriseDetails, PartyKind, PersonDetails, Phone
from mediation_engine.domain.roles import Office
from mediation_engine.ports.register import Person
from mediation_engine.services.people import People
from workflows.facts import Term
from workflows.parts.agreement import (
    AdoptOrally,
    AffixSeal,
    AmendAgreement,
    DraftAgreement,
    ReachAgreement,
    SignAsMediator,
)
from workflows.parts.block import RecordTalk
from workflows.parts.confirmation import ConfirmAgreement, Denial, RecordDenial, RecordGenuine
from workflows.parts.delivery import DeliverPaper, RecordUndelivered, SendPaper
from workflows.parts.exhibit import FileExhibit, WithdrawExhibit
from workflows.parts.issue import RaiseIssue
from workflows.parts.note import RecordNote
from workflows.parts.obligation import UrgePerformance
from workflows.parts.party import TellRemedies, TellRights
from workflows.parts.payment import RecordPayment
from workflows.parts.proceeding import FileProceeding, RecordConfirmed, RecordGranted
from workflows.parts.session import RecordSession
from workflows.parts.visit import Finding, RecordVisit
from workflows.phases.endings import Ground, TerminateMediation
from workflows.phases.follow_up import CloseAsPerformed, Planned
from workflows.phases.intake import AcceptCase, DeclineCase, Declining, PartyRow
from workflows.vocabulary import (
    DeliveredPaper,
    DossierPlace,
    ExhibitKind,
    ProceedingKind,
    Satisfaction,
    Side,
    SigningManner,
    TermKind,
    Undelivered,
)

from .exhibits import ROOM_KEY, handed, made_up
from .story import FIRM, PAY, STAFF, WORKER, Story, register

BOTH = ("party/1", "party/2")
Telling = Callable[[Story], object]


def term(words: str = "一次付清", **given: Any) -> Term:
    """A sum that the firm is to pay to the worker."""
    usual = {"kind": TermKind.PAY, "payer": "party/2", "payee": "party/1", "amount": 1_200_000}
    return Term(words=Text(words), **usual | given)


CLEAR = term(due=date(2026, 12, 31))


def files(story: Story, kind: ExhibitKind, **given: Any) -> str:
    """An exhibit whose bytes nobody reads; its key."""
    number = 1 + len(story.case.of("exhibit"))
    command = FileExhibit(kind=kind, files=(made_up(number),), **given)
    story.door.submit(story.order(command), exhibits=handed(command, story.name))
    story.clock.now += timedelta(minutes=1)
    return f"exhibit/{number}"


def calls(story: Story, worker: str, firm: str) -> None:
    """The telephones of the worker and the firm."""
    people = People(story.store, ROOM_KEY, story.door.randomness)
    for id, kind, number in (("worker", PersonDetails, worker), ("firm", EnterpriseDetails, firm)):
        details = kind(phones=(Phone(number=Text(number)),))
        people.change(STAFF[Office.MEDIATOR], id, expects=1, details=details)


def in_full(story: Story, *but: DossierPlace) -> None:
    """Everything that the dossier of an accepted case wants, but some places."""
    for place in (DossierPlace.APPLICATION, DossierPlace.RIGHTS, DossierPlace.IDENTITY):
        if place not in but:
            files(story, ExhibitKind.OTHER, place=place)


def oral(story: Story, *terms: Term) -> None:
    """An oral agreement, without a word on how it came about."""
    story.accepted().do(ReachAgreement(terms=terms or (PAY,)))
    story.do(AdoptOrally(), "agreement/1")


def signed(story: Story, agreement: str = "agreement/1", term: Term = PAY) -> None:
    """What was agreed on is written down, signed by all, and sealed."""
    story.do(DraftAgreement(signers=BOTH, terms=(term,)), agreement)
    facts = story.case.facts
    for key in [key for key, it in facts.confirmations.items() if it.agreement == agreement]:
        firm = facts.confirmations[key].party == "party/2"
        manner = SigningManner.SEAL if firm else SigningManner.SIGNATURE
        text_hash = facts.agreements[agreement].text_hash
        story.do(ConfirmAgreement(manner=manner, text_hash=text_hash, identity_checked=True), key)
    story.do(SignAsMediator(), agreement)
    story.do(AffixSeal(), agreement, by=Office.LEAD)


def agreed(story: Story, *, talked: bool = False, told: bool = False, term: Term = PAY) -> None:
    """A written agreement in effect; perhaps the parties were talked with, or told their rights."""
    story.accepted()
    if told:
        story.do(TellRights(), *BOTH)
    if talked:
        story.do(RecordTalk(party="party/1"))
    story.do(ReachAgreement(terms=(term,)))
    signed(story, term=term)


# -- rules of one case


def _only_related() -> tuple[PartyRow, ...]:
    firm = PartyRow(person="firm", side=Side.RESPONDENT, kind=PartyKind.ENTERPRISE)
    return PartyRow(person="worker", side=Side.RELATED), firm


def _declined(**given: Any) -> Telling:
    return lambda story: story.registered().do(DeclineCase(reason=Declining.OTHER, **given), by=Office.LEAD)


def _accepted_on(story: Story, day: str) -> Story:
    """Registered five days ago."""
    story.clock.now -= timedelta(days=5)
    story.registered()
    story.clock.now += timedelta(days=5)
    story.do(AcceptCase(), by=Office.LEAD, at=day)
    return story


def _met_on(day: str) -> Telling:
    return lambda story: _accepted_on(story, "2026-11-21").do(RecordSession(attended=BOTH, rights_told=True), at=day)


def _two_agreements(*with_copy: str) -> Telling:
    def tell(story: Story) -> None:
        story.accepted().do(RaiseIssue(between=BOTH, matter=Text("另一笔")))
        for number in (1, 2):
            story.do(ReachAgreement(terms=(PAY,), issues=(f"issue/{number}",)))
            signed(story, f"agreement/{number}")
        for key in with_copy:
            files(story, ExhibitKind.SIGNED, agreement=key)

    return tell


def _two_payments(*proven: str) -> Telling:
    def tell(story: Story) -> None:
        story.effective()
        for _ in range(2):
            story.do(RecordPayment(obligation="obligation/1", amount=100_000, separate=True))
        for key in proven:
            files(story, ExhibitKind.RECEIPT, payment=key)

    return tell


def _denied(*, settled: bool) -> Telling:
    def tell(story: Story) -> None:
        story.effective().do(RecordDenial(ground=Denial.FORGED), "confirmation/1")
        if settled:
            story.do(RecordGenuine(note=Text("笔迹属实")), "confirmation/1")

    return tell


def _copy(*, before: bool) -> Telling:
    """The signed copy is filed before the text is amended, or after."""

    def tell(story: Story) -> None:
        story.drafted()
        steps: list[Callable[[], object]] = [
            lambda: files(story, ExhibitKind.SIGNED, agreement="agreement/1"),
            lambda: story.do(AmendAgreement(terms=(term("分两次付清"),)), "agreement/1"),
        ]
        for step in steps if before else steps[::-1]:
            step()

    return tell


def _on_sheet(*, withdrawn: bool) -> Telling:
    def tell(story: Story) -> None:
        story.drafted()
        sheet = files(story, ExhibitKind.SIGNED, agreement="agreement/1")
        story.confirm("confirmation/1", sheet=sheet)
        story.confirm("confirmation/2")
        story.do(SignAsMediator(), "agreement/1")
        story.do(AffixSeal(), "agreement/1", by=Office.LEAD)
        if withdrawn:
            story.do(WithdrawExhibit(reason=Text("拍错了")), sheet)

    return tell


def _paid_before(**given: Any) -> Telling:
    def tell(story: Story) -> None:
        _accepted_on(story, "2026-11-19").do(ReachAgreement(terms=(PAY,)), at="2026-11-21")
        story.do(AdoptOrally(), "agreement/1", at="2026-11-21")
        story.do(RecordPayment(obligation="obligation/1", amount=PAY.amount, **given), at="2026-11-18")

    return tell


def _in_one_day(*, talked: bool) -> Telling:
    def tell(story: Story) -> None:
        agreed(story, talked=talked)
        story.do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
        story.do(FileProceeding(kind=ProceedingKind.JUDICIAL, agreement="agreement/1", applicants=BOTH))

    return tell


def _confirmed(*, filed: bool) -> Telling:
    def tell(story: Story) -> None:
        story.effective()
        if filed:
            story.do(FileProceeding(kind=ProceedingKind.JUDICIAL, agreement="agreement/1", applicants=BOTH))
            story.do(RecordGranted(), "proceeding/1")
        else:
            story.do(RecordConfirmed(kind=ProceedingKind.JUDICIAL, agreement="agreement/1"))

    return tell


def _visited(**given: Any) -> Telling:
    return lambda story: story.effective().do(RecordVisit(finding=Finding.STABLE, **given), "visit/1")


def _visit_late(days: int) -> Telling:
    def tell(story: Story) -> None:
        story.effective()
        due = min(it.due for it in story.case.facts.visits.values() if it.due)
        story.clock.now += timedelta(days=(due - story.clock.now.date()).days + days)

    return tell


def _closed(*, visited: bool) -> Telling:
    def tell(story: Story) -> None:
        story.effective().do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
        if visited:
            story.do(RecordVisit(party="party/1", finding=Finding.STABLE), "visit/1")
        story.do(CloseAsPerformed(visits=Planned.CANCELLED, visits_reason=Text("已去外地")))

    return tell


def _overdue(*, urged: bool) -> Telling:
    def tell(story: Story) -> None:
        oral(story, term(due=date(2026, 11, 25)))
        if urged:
            story.do(UrgePerformance(), "obligation/1")
        story.clock.now += timedelta(days=20)

    return tell


def _said(words: str) -> Telling:
    return lambda story: oral(story, term(words))


def _came_back(*, again: bool) -> Telling:
    def tell(story: Story) -> None:
        story.accepted().do(SendPaper(paper=DeliveredPaper.SUMMONS, party="party/2"))
        story.do(RecordUndelivered(why=Undelivered.NOBODY), "delivery/1")
        if again:
            story.do(DeliverPaper(paper=DeliveredPaper.SUMMONS, party="party/2"))

    return tell


def _failed(*, delivered: bool) -> Telling:
    """Talks that came to nothing; one party was handed the notice, the other perhaps."""

    def tell(story: Story) -> None:
        story.accepted().do(TellRemedies(), *BOTH)
        story.do(DeliverPaper(paper=DeliveredPaper.TERMINATION, party="party/1"))
        if delivered:
            story.do(DeliverPaper(paper=DeliveredPaper.TERMINATION, party="party/2"))
        story.do(TerminateMediation(ground=Ground.NO_AGREEMENT), by=Office.LEAD)

    return tell


PAIRS: dict[str, tuple[Telling, Telling]] = {
    "marked_acceptance": (
        lambda story: story.registered(named=_only_related()).do(AcceptCase(), by=Office.LEAD),
        lambda story: story.accepted(),
    ),
    "met_before_acceptance": (_met_on("2026-11-20"), _met_on("2026-11-21")),
    "declined_untold": (_declined(), _declined(told=Text("可向法院起诉"))),
    "place_missing": (
        lambda story: in_full(story.accepted(), DossierPlace.IDENTITY),
        lambda story: in_full(story.accepted()),
    ),
    "copy_missing": (_two_agreements("agreement/1"), _two_agreements("agreement/1", "agreement/2")),
    "proof_missing": (_two_payments("payment/1"), _two_payments("payment/1", "payment/2")),
    "no_telephone": (
        lambda story: story.accepted(),
        lambda story: calls(story.accepted(), "13812345678", "13900000000"),
    ),
    "marked_papers": (lambda story: agreed(story, term=CLEAR), lambda story: agreed(story, told=True, term=CLEAR)),
    "signature_in_dispute": (_denied(settled=False), _denied(settled=True)),
    "copy_older_than_text": (_copy(before=True), _copy(before=False)),
    "sheet_withdrawn": (_on_sheet(withdrawn=True), _on_sheet(withdrawn=False)),
    "paper_came_back": (_came_back(again=False), _came_back(again=True)),
    "notice_not_delivered": (_failed(delivered=False), _failed(delivered=True)),
    "oral_though_owed": (lambda story: oral(story, CLEAR), lambda story: oral(story)),
    "marked_evidence": (
        lambda story: files(story.accepted(), ExhibitKind.IDENTITY),
        lambda story: files(story.accepted(), ExhibitKind.IDENTITY, party="party/1"),
    ),
    "paid_before_acceptance": (_paid_before(), _paid_before(credited=True)),
    "all_in_one_day": (_in_one_day(talked=False), _in_one_day(talked=True)),
    "no_talks": (lambda story: agreed(story), lambda story: agreed(story, talked=True)),
    "one_telephone": (
        lambda story: calls(story.accepted(), "13812345678", "13812345678"),
        lambda story: calls(story.accepted(), "13812345678", "13812345679"),
    ),
    "marked_law": (_confirmed(filed=False), _confirmed(filed=True)),
    "terms_hinted": (_said("自愿放弃缴纳社会保险"), _said("月底前补缴社会保险")),
    "sum_unknown": (
        lambda story: oral(story, term(amount=None)),
        lambda story: oral(story, term(amount=None, formula=Text("按实际工时每小时二十元计"))),
    ),
    "marked_visits": (_visited(), _visited(party="party/1")),
    "visit_late": (_visit_late(8), _visit_late(7)),
    "never_visited": (_closed(visited=False), _closed(visited=True)),
    "overdue_not_urged": (_overdue(urged=False), _overdue(urged=True)),
    "no_place": (
        lambda story: files(story.accepted(), ExhibitKind.OTHER),
        lambda story: files(story.accepted(), ExhibitKind.OTHER, place=DossierPlace.NOTES),
    ),
}
"""By the code of the rule: what it finds, and what it leaves."""


def orderly(story: Story) -> None:
    """A case as it should be, to its closing: talked, met, agreed, paid, visited, with all its papers."""
    story.accepted().do(TellRights(), *BOTH)
    in_full(story)
    calls(story, "13812345678", "13900000000")
    story.do(RecordTalk(party="party/1"))
    story.do(RecordSession(attended=BOTH, rights_told=True))
    files(story, ExhibitKind.MINUTES, session="session/1")
    story.do(ReachAgreement(terms=(CLEAR,)))
    signed(story, term=CLEAR)
    files(story, ExhibitKind.SIGNED, agreement="agreement/1")
    story.do(RecordPayment(obligation="obligation/1", amount=PAY.amount, payer="party/2", payee="party/1"))
    files(story, ExhibitKind.RECEIPT, payment="payment/1")
    story.do(RecordVisit(party="party/1", finding=Finding.STABLE), "visit/1")
    files(story, ExhibitKind.VISIT, visit="visit/1")
    story.do(CloseAsPerformed())


# -- rules over all cases


def more(story: Story, number: int) -> Story:
    """Another case of the same room."""
    return Story(story.store, story.clock, f"C{number}")


def opened(story: Story, *people: Person) -> Story:
    """Registered between two people of one's own, and accepted."""
    rows = [PartyRow(person=it.id, side=side, kind=it.kind) for it, side in zip(people, Side, strict=False)]
    story.door.submit(story.order(register(named=tuple(rows)), workflow="fast_track_2026"), people)
    story.clock.now += timedelta(minutes=1)
    story.do(AcceptCase(), by=Office.LEAD)
    return story


COPIED = (
    "乙方自愿一次性补偿甲方人民币{sum}元，于{day}前转入甲方本人的银行账户，甲方收到后双方再无其他争议，"
    "任何一方不得再以任何理由就此事向对方提出其他要求，逾期不付的按未付金额每日承担相应的违约责任"
)
OTHERWISE = (
    "厂方同意为工人补办离职手续并开具证明，所欠的加班费分三次结清，每次结清后由车间主任和工人共同签字确认，"
    "宿舍押金在搬离当天退还，工具柜钥匙同时交回，双方今后互不追究"
)


def _texts(*texts: str) -> Telling:
    def tell(story: Story) -> None:
        for number, words in enumerate(texts):
            it = more(story, number)
            worker = Person(id=f"w{number}", name=f"张{'甲乙丙丁'[number]}", kind=PartyKind.PERSON)
            opened(it, worker, FIRM).do(ReachAgreement(terms=(term(f"{worker.name}：{words}"),)))
            it.do(AdoptOrally(), "agreement/1")

    return tell


def _agreements(count: int) -> Telling:
    def tell(story: Story) -> None:
        for number in range(count):
            oral(more(story, number))

    return tell


def _share(count: int) -> Telling:
    """Three months with one case of the firm in eight; then a month with so many in eight."""

    def tell(story: Story) -> None:
        other = Person(id="other-firm", name="另一厂", kind=PartyKind.ENTERPRISE)
        number = 0
        for month, mine in ((8, 1), (9, 1), (10, 1), (11, count)):
            story.clock.now = story.clock.now.replace(month=month, day=2)
            for place in range(8):
                number += 1
                opened(more(story, number), WORKER, FIRM if place < mine else other)

    return tell


def _visit_at(*moments: str) -> Telling:
    """Visits in cases of their own, made next week."""

    def tell(story: Story) -> None:
        for number in range(len(moments)):
            more(story, number).effective()
        story.clock.now += timedelta(days=9)
        for number, moment in enumerate(moments):
            command = RecordVisit(party="party/1", finding=Finding.STABLE)
            more(story, number).do(command, "visit/1", at=moment, id=f"visit-{number}")

    return tell


def _answers(*said: Satisfaction) -> Telling:
    def tell(story: Story) -> None:
        story.effective()
        story.clock.now += timedelta(days=9)
        for number, satisfied in enumerate(said):
            command = RecordVisit(party="party/1", finding=Finding.STABLE, satisfied=satisfied)
            story.do(command, at=f"2026-12-01T{9 + number % 8:02}:{number:02}", id=f"visit-{number}")

    return tell


def _agents(count: int) -> Telling:
    def tell(story: Story) -> None:
        for number in range(count):
            it = more(story, number).accepted()
            it.acting_for("party/1", person="lawyer")

    return tell


def _edited(*, closed: bool) -> Telling:
    def tell(story: Story) -> None:
        story.effective().do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
        noted = story.do(RecordNote(words=Text("记错了")))
        if closed:
            story.do(CloseAsPerformed())
        story.do(StrikeOrder(order=noted.first, reason=Text("记错了")))

    return tell


ACROSS_PAIRS: dict[str, tuple[Telling, Telling]] = {
    "similar_agreements": (
        _texts(COPIED.format(sum="八千", day="2026年12月1日"), COPIED.format(sum="12000", day="12月31日")),
        _texts(COPIED.format(sum="八千", day="2026年12月1日"), OTHERWISE),
    ),
    "many_a_day": (_agreements(6), _agreements(5)),
    "large_share": (_share(6), _share(3)),
    "visit_at_odd_hours": (_visit_at("2026-12-01T22:00"), _visit_at("2026-12-01T21:59")),
    "visits_in_one_minute": (
        _visit_at("2026-12-01T15:00", "2026-12-01T15:00"),
        _visit_at("2026-12-01T15:00", "2026-12-01T15:01"),
    ),
    "all_satisfied": (
        _answers(*[Satisfaction.SATISFIED, Satisfaction.FAIRLY] * 10),
        _answers(*[Satisfaction.SATISFIED] * 20, Satisfaction.DISSATISFIED, *[Satisfaction.NOT_ASKED] * 3),
    ),
    "one_agent": (_agents(4), _agents(3)),
    "edited_after_closing": (_edited(closed=True), _edited(closed=False)),
}
"""The same of rules over all cases; files that are the same have bytes, and a test of their own."""
