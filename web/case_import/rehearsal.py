"""One report in rehearsal: each step of its timeline becomes the orders it amounts to, in the report's order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from mediation_engine.domain import chronology
from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import Text
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Provenance
from mediation_engine.domain.occurred import UNREPORTED, Occurred
from mediation_engine.domain.order import Order
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.errors import Refused
from mediation_engine.ports.register import Person
from mediation_engine.services.mediation import MediationService
from workflows.facts import Term, facts_of
from workflows.parts.agreement import (
    AdoptOrally,
    AffixSeal,
    DraftAgreement,
    ReachAgreement,
    ReportPerformance,
    SignAsMediator,
    contradictory,
)
from workflows.parts.block import Contact, RecordTalk
from workflows.parts.capacity import EnterCapacity
from workflows.parts.cohort import DeclareCohort, EndCohort, SplitCohort
from workflows.parts.confirmation import ConfirmAgreement
from workflows.parts.host import AddCoHost
from workflows.parts.member import RecordMember
from workflows.parts.note import RecordNote
from workflows.parts.party import TellRemedies
from workflows.parts.payment import RecordPayment
from workflows.parts.prior_attempt import AttemptResult, RecordAttempt
from workflows.parts.proceeding import FileProceeding, RecordConfirmed, RecordDismissed, WithdrawProceeding
from workflows.parts.queries import binds
from workflows.parts.session import RecordNotHeld, RecordSession
from workflows.parts.states import AgreementState
from workflows.parts.visit import Finding, RecordVisit, Way
from workflows.phases.endings import Ground, RecordReapplication, TerminateMediation, WithdrawApplication
from workflows.phases.follow_up import CloseAsPerformed, CloseNamingRemainder
from workflows.phases.intake import AcceptCase, PartyRow, RegisterCase
from workflows.vocabulary import (
    LABOUR_DISPUTES,
    AuthorityPaper,
    CapacityKind,
    CohortOutcome,
    Elsewhere,
    Extent,
    ProceedingKind,
    SessionResult,
    Side,
    SigningManner,
    Source,
    TermKind,
)

from . import term_parser, vocabulary
from .amount_parser import one_sum
from .file_format import SESSION_RESULTS
from .report_parties import RECORDER, acting, enter, hosts, origin, people, seats

FAMILY = "consultation"
L = TypeVar("L", bound=Labelled)
NOTHING_MORE: dict[str, Any] = {
    **dict.fromkeys(("other_body", "times", "agreement", "replaces", "amount_yuan", "extent", "kind", "result")),
    "signed": [],
    "paid": [],
    "cohorts": [],
}
"""A step that says nothing as structure."""
ATTEMPTS = {
    "block_talk": None,
    "joint_session": None,
    "agreement": AttemptResult.AGREED,
    "performed": AttemptResult.PERFORMED,
    "breach": AttemptResult.BREACHED,
    "terminated": AttemptResult.FAILED,
}
"""What came of an earlier attempt by another body, by the step that tells of it; None where its result says so."""
CONFIRMATIONS = (ProceedingKind.JUDICIAL.value, ProceedingKind.ARBITRAL.value)
ATTEMPT_OF = {"settled": AttemptResult.AGREED, "not_settled": AttemptResult.FAILED}
SOURCES = {
    "police_push": Source.POLICE,
    "enterprise": Source.ENTERPRISE,
    "superior_assigned": Source.SUPERIOR,
    "court_delegated": Source.COURT,
    "grid": Source.GRID,
    "petition_day": Source.PETITION,
}
SENT = {"police_push": Elsewhere.POLICE, "court_delegated": Elsewhere.COURT}
UNASSIGNED = {"somebody_leads": Text("公开报道没有写明由谁承办")}
REPORTED, INFERRED, ASSUMED, UNSAID = (
    Provenance.REPORTED,
    Provenance.INFERRED,
    Provenance.ASSUMED,
    Provenance.UNREPORTED,
)


@dataclass
class Rehearsal:
    """One report in rehearsal: the orders it amounts to, each found on the case as it then stands."""

    service: MediationService
    report: dict[str, Any]
    workflow: Workflow
    case_id: str = ""
    cases: list[str] = field(default_factory=list)
    orders: list[tuple[Order, tuple[Person, ...]]] = field(default_factory=list)
    unregistered: bool = False
    """Whether the case in hand had to be opened before the report tells of its registration."""
    agreements_told: int = 0
    """How many steps called an agreement have been taken."""
    contents_told: bool = False
    """Whether the report's terms and sum have been recorded."""
    entry: dict[str, Any] = field(default_factory=dict)
    """The step of the report in hand: what it says as structure is recorded as such."""

    def run(self) -> None:
        """Find and give all orders."""
        self.case_id = str(self.report["id"])
        self.cases.append(self.case_id)
        enter(self.service, self.report)
        for entry in self.report["timeline"]:
            occurred = Occurred(entry["date"]) if entry["date"] else UNREPORTED
            self.entry = entry
            self._entry(entry["step"], Text(entry["note_zh"] or ""), occurred)
            self._cohorts(occurred)
        self.entry = NOTHING_MORE
        if not self.orders:
            self._register(UNREPORTED, Text(""), ASSUMED)
        self._outcome()

    # -- giving orders

    def order(
        self,
        command: Command,
        *on: str,
        occurred: Occurred = UNREPORTED,
        provenance: Provenance = REPORTED,
        fields: dict[str, Provenance] | None = None,
        waives: dict[str, Text] | None = None,
        people: tuple[Person, ...] = (),
        opens: bool = False,
    ) -> None:
        """Give one order under an id that is the same in every run; an acceptance that it needs is assumed."""
        if not opens and self._needs_acceptance(command):
            self.order(AcceptCase(), provenance=ASSUMED, waives=UNASSIGNED)
        order = Order(
            id=f"reported:{self.report['id']}:{len(self.orders) + 1}",
            case=self.case_id,
            command=command,
            actor=RECORDER.id,
            office=Office.LEAD,
            on=on,
            occurred=occurred,
            provenance=provenance,
            field_provenance=fields or {},
            waives=waives or {},
            workflow=self.workflow.name if opens else "",
        )
        self.service.submit(order, people)
        self.orders.append((order, people))

    def _needs_acceptance(self, command: Command) -> bool:
        case, workflow = self.case, self.workflow
        if case.phase != "intake/1" or case.facts.closed:
            return False
        machine = workflow.machine_for(type(command), case)
        return machine is None or not (machine in workflow.phases or workflow.is_alive(machine, case))

    @property
    def case(self) -> Case:
        return self.service.case(self.case_id)

    # -- one step

    def _entry(self, step: str, note: Text, occurred: Occurred) -> None:
        if step == "registered" and not self.orders:
            self._register(occurred, note, REPORTED)
            return
        if not self.orders:
            self._register(UNREPORTED, Text(""), ASSUMED)
        if self.case.facts.closed and step not in ("performed", "visit", "breach", "referred", *_CONFIRMING):
            self._begin_successor()
            if step == "registered":
                self._register(occurred, note, REPORTED)
                return
            self._register(UNREPORTED, Text("前案结束后再次进入调解"), ASSUMED)
        if self.entry["other_body"] and step in ATTEMPTS:
            self._attempt(step, note, occurred)
        else:
            getattr(self, f"_{step}")(note, occurred)

    def _attempt(self, step: str, note: Text, occurred: Occurred) -> None:
        """What another body did before: none of it is ours."""
        told = ATTEMPTS[step] or ATTEMPT_OF.get(self.entry["result"] or "", AttemptResult.UNREPORTED)
        paid = [row["amount_yuan"] for row in self.entry["paid"]]
        tried = RecordAttempt(
            body=Text(self.entry["other_body"]),
            result=told,
            terms=note,
            paid=sum(map(_fen_of, paid)) if paid and None not in paid else None,
        )
        self.order(tried, occurred=occurred)

    def _cohorts(self, occurred: Occurred) -> None:
        """What became of some of the claimants, or of all, by the numbers that are told."""
        for told in self.entry["cohorts"]:
            cohorts = facts_of(self.case).cohorts
            open_ones = [k for k in cohorts if self.case.state(k) == "open"]
            whole = next((k for k in open_ones if cohorts[k].count == told["count"]), None)
            if whole is None:
                of = next((k for k in open_ones if (cohorts[k].count or 0) > told["count"]), None)
                if of is None:
                    self._note(
                        "accepted",
                        Text(f"{told['count']}人：{_choice(CohortOutcome, told['outcome']).label}"),
                        occurred,
                    )
                    continue
                self.order(SplitCohort(of=of, count=told["count"]), occurred=occurred)
                whole = f"cohort/{len(facts_of(self.case).cohorts)}"
            self.order(EndCohort(outcome=_choice(CohortOutcome, told["outcome"])), whole, occurred=occurred)

    def _register(self, occurred: Occurred, note: Text, provenance: Provenance) -> None:
        self.unregistered = provenance is ASSUMED
        r, named = self.report, people(self.report)
        words, host = r["dispute_type_zh"], hosts(self.report)[0]
        labour = vocabulary.is_labour(words, host.name)
        told = [words, r["summary_en_zh"], note]
        dispute, source = vocabulary.dispute(words), SOURCES.get(r["channel"] or "", Source.APPLICATION)
        ours, labour_dispute = source is Source.SUPERIOR, dispute.value in LABOUR_DISPUTES
        fields = {"track": INFERRED, "dispute": INFERRED}
        fields |= {"in_zone": UNSAID if ours else ASSUMED, "weighty": UNSAID if labour_dispute else ASSUMED}
        fields |= {"source": INFERRED, "elsewhere": INFERRED, "sent_by_it": INFERRED}
        if provenance is ASSUMED:  # that it was registered; not what was
            fields |= dict.fromkeys(("named", "matter", "reference", "amount_claimed", "origin"), REPORTED)
        if r["channel"] is None:
            source, fields["source"] = Source.OTHER, UNSAID
        command = RegisterCase(
            named=tuple(self._rows(named)),
            track="labour_mediation" if labour else "people_mediation",
            dispute=dispute,
            matter=Text("\n".join(w for w in told if w)),
            source=source,
            elsewhere=SENT.get(r["channel"] or "", Elsewhere.NONE),
            sent_by_it=r["channel"] in SENT,
            in_zone=not ours,  # what admission to a consultation demands; nobody reports it of another town
            weighty=not labour_dispute,
            organisation=host.id,
            reference=str(r["id"]),
            predecessor=self.cases[-2] if len(self.cases) > 1 else None,
            amount_claimed=_fen(r["amount_claimed_yuan"]),
            origin=Text(origin(r)),
        )
        self.order(command, occurred=occurred, provenance=provenance, fields=fields, people=tuple(named), opens=True)
        self._around(named)

    def _rows(self, named: list[Person]) -> Iterator[PartyRow]:
        for person, d in zip(named, self.report["disputants"], strict=False):
            side = Side.named(d["side"]) or Side.RELATED
            yield PartyRow(person=person.id, side=side, kind=person.kind, count=d["count"])

    def _around(self, named: list[Person]) -> None:
        """The bodies at hand, and the claimants where they are many."""
        for host in hosts(self.report)[1:]:
            self.order(AddCoHost(organisation=host.id))
        for person, body in zip(named[len(self.report["disputants"]) :], seats(self.report), strict=True):
            self.order(RecordMember(role=body["role"], person=person.id))
        for n, kind, person in acting(self.report):
            self._act_for(f"party/{n}", kind, person)
        for n, d in enumerate(self.report["disputants"], 1):
            if d["kind"] == "group" and d["count"]:
                about = vocabulary.about(d["count"], d["name_masked"] + origin(self.report))
                self.order(DeclareCohort(party=f"party/{n}", count=d["count"], about=about))

    def _act_for(self, party: str, kind: CapacityKind, person: Person) -> None:
        """Somebody named with a disputant; “代表” may be its head, too, and on what paper nobody reports."""
        said = {"paper": UNSAID, "take_part": ASSUMED}
        said |= {"kind": INFERRED} if kind is CapacityKind.DELEGATE else {}
        entered = EnterCapacity(principals=(party,), person=person.id, kind=kind, paper=AuthorityPaper.UNREPORTED)
        self.order(entered, fields=said, people=(person,))

    def _begin_successor(self) -> None:
        """The case has been closed, and talks go on: in a successor case. No report's id has a colon."""
        self.case_id = f"{self.report['id']!s}:{len(self.cases) + 1}"
        self.cases.append(self.case_id)

    def _registered(self, note: Text, occurred: Occurred) -> None:
        if self.unregistered:  # told of after something else, which has needed a registered case
            self.unregistered = False
            self._note("registered", note, occurred)
        else:
            self.order(RecordReapplication(note=note), occurred=occurred)

    def _accepted(self, note: Text, occurred: Occurred) -> None:
        def accept(when: Occurred, provenance: Provenance) -> None:
            self.order(AcceptCase(note=note), occurred=when, provenance=provenance, waives=UNASSIGNED)

        if self.case.phase == "intake/1":
            self._in_its_order(accept, "accepted", note, occurred)
        else:  # what was told before has needed an acceptance already; or another body accepts
            self._note("accepted", note, occurred)

    def _in_its_order(
        self, act: Callable[[Occurred, Provenance], None], step: str, note: Text, occurred: Occurred
    ) -> None:
        """An act of the office; one dated before what it rests on is noted with that day, and inferred of none."""
        try:
            act(occurred, REPORTED)
        except Refused as refused:
            if not all(r.code.startswith(chronology.PREFIX) for r in refused.refusals):
                raise
            self._note(step, note, occurred)
            act(UNREPORTED, INFERRED)

    def _block_talk(self, note: Text, occurred: Occurred) -> None:
        block = next((k for k, b in facts_of(self.case).blocks.items() if b.party is b.member is None), None)
        talk = RecordTalk(manner=Contact.UNREPORTED, said=note)
        self.order(talk, *((block,) if block else ()), occurred=occurred)

    def _joint_session(self, note: Text, occurred: Occurred) -> None:
        said, times = self.entry["result"], self.entry["times"]
        held = RecordSession(
            result=_choice(SessionResult, said) if said in SESSION_RESULTS else vocabulary.result(note),
            minutes=note,
            times=times or vocabulary.times(note),
        )
        self.order(held, occurred=occurred)

    def _adjourned(self, note: Text, occurred: Occurred) -> None:
        self.order(RecordNotHeld(reason=note), occurred=occurred)

    def _agreement(self, note: Text, occurred: Occurred) -> None:
        self.agreements_told += 1
        self._reach(note, occurred, REPORTED, contents=self.agreements_told == self._agreements_to_tell())
        if not self.entry["cohorts"]:
            self._answered(note, occurred, CohortOutcome.SETTLED)
        self._signed(occurred)

    def _reach(self, note: Text | None, occurred: Occurred, provenance: Provenance, *, contents: bool) -> None:
        """An agreement; the report's terms and sum are those of the last one it tells of."""
        self.contents_told |= contents
        number, last = max(1, self.agreements_told), contents or not self._agreements_to_tell()
        terms, left = self._terms(number, last=last)
        amount = _fen(self.entry["amount_yuan"] or (self.report["amount_agreed_yuan"] if last else None))
        told = "\n".join(filter(None, (note, *(f"［条款］{words}" for words in left))))
        replaces = f"agreement/{self.entry['replaces']}" if self.entry["replaces"] else None
        words = [term.words for term in terms]
        reached = ReachAgreement(
            terms=terms, amount=amount, words=Text(told) if told or note is not None else None, replaces=replaces
        )
        said = {"terms": REPORTED, "amount": REPORTED} if provenance is not REPORTED and contents else None
        self.order(reached, occurred=occurred, provenance=provenance, fields=said)
        orally = self.report["outcome"] == "oral_agreement" and facts_of(self.case).track == "people_mediation"
        if contents and orally and words:
            self.order(AdoptOrally(), self._agreement_key(), occurred=occurred, provenance=INFERRED)

    def _terms(self, number: int, *, last: bool) -> tuple[tuple[Term, ...], list[str]]:
        """The terms of an agreement, and the words that are none: as the report's structure has them where it has any,
        else by what its words plainly say, all in the last agreement."""
        rows, said = self.report["terms"], self.report["terms_zh"]
        if rows is not None:
            own = [
                row
                for row in rows
                if row["agreement"] == number or (last and (row["agreement"] or number + 1) > number)
            ]
            known = {row["words"] for row in rows}
            return tuple(self._structured(row, own) for row in own), [
                words for words in said if last and words not in known
            ]
        duties = [words for words in said if last and not term_parser.is_no_duty(words)]
        amount = _fen(self.report["amount_agreed_yuan"])
        paying = [t for t in duties if term_parser.term(t, self.report["disputants"], None, False).kind is TermKind.PAY]
        terms = tuple(self._term(t, duties, amount, len(paying) == 1) for t in duties)
        return terms, [words for words in said if last and words not in duties]

    def _structured(self, row: dict[str, Any], among: list[dict[str, Any]]) -> Term:
        """A term as the report's structure has it, among those of its agreement."""
        bodies = {n: p.id for n, p in self._seated()}
        whole = self.report["terms"][row["part_of"] - 1] if row["part_of"] else None
        return Term(
            words=Text(row["words"]),
            kind=_choice(TermKind, row["kind"]),
            payer=f"party/{row['payer']}" if row["payer"] else None,
            payee=f"party/{row['payee']}" if row["payee"] else None,
            custodian=bodies.get(row["custodian"] or 0),
            part_of=next((n for n, other in enumerate(among, 1) if other is whole), None),
            amount=_fen(row["amount_yuan"]),
            due=Occurred(row["due"]).first_day() if row["due"] else None,
        )

    def _seated(self) -> Iterator[tuple[int, Person]]:
        """The bodies that are no hosts, each by its place in the report."""
        places = [n for n, body in enumerate(self.report["bodies"], 1) if body["role"] != "host"]
        return zip(places, people(self.report)[len(self.report["disputants"]) :], strict=True)

    def _term(self, words: str, among: list[str], amount: int | None, alone: bool) -> Term:
        """A term; its custodian and, through it, its payee where the report leaves no doubt."""
        term = term_parser.term(words, self.report["disputants"], amount, alone, among)
        bodies = {p.name: p.id for p in people(self.report)[len(self.report["disputants"]) :]}
        found = term_parser.custody(words, among, list(bodies)) if term.kind is TermKind.PAY else None
        if found is None:
            return term
        custodian, onward = found
        payee = term.payee or term_parser.receiver(onward, self.report["disputants"])
        return replace(term, custodian=bodies[custodian], payee=payee)

    def _agreements(self) -> int:
        return len(facts_of(self.case).agreements)

    def _agreements_to_tell(self) -> int:
        return sum(e["step"] == "agreement" and not e["other_body"] for e in self.report["timeline"])

    def _agreed_at_another_time(self) -> bool:
        """Whether the report tells of an agreement only later, or in the case before: none may be assumed beside it."""
        return not self._agreements() and (self.contents_told or self._agreements_to_tell() > 0)

    def _agreement_key(self) -> str:
        """The latest agreement; one is assumed where a report speaks of what came of it and of none."""
        if not self._agreements():
            said = INFERRED if self._agrees() else ASSUMED
            self._reach(None, UNREPORTED, said, contents=True)
        named = self.entry["agreement"] or self._agreements()
        return f"agreement/{min(named, self._agreements())}"

    def _agrees(self) -> bool:
        """Whether the report as a whole says that something was agreed."""
        agreed = ("agreed", "oral_agreement", "breached_then_performed")
        return self.report["outcome"] in agreed or bool(self.report["terms_zh"])

    def _performed(self, note: Text, occurred: Occurred) -> None:
        if self.case.facts.closed or self._agreed_at_another_time():
            self._apart("performed", note, occurred)
            return
        key = self._agreement_key()
        if self.entry["paid"]:
            self._paid(key, note, occurred)
        elif vocabulary.moves_money(note):
            paid = RecordPayment(agreement=key, amount=one_sum(note), note=note)
            self.order(paid, occurred=occurred)
        said = self.entry["extent"]
        extent, fields = _choice(Extent, said) if said else vocabulary.extent(note), dict[str, Provenance]()
        agreed = facts_of(self.case).agreements[key].total
        if extent is Extent.UNREPORTED and agreed is not None and one_sum(note) == agreed:
            extent, fields = Extent.ALL, {"extent": INFERRED}  # the whole sum agreed on has been paid
        self.order(ReportPerformance(extent=extent, note=note), key, occurred=occurred, fields=fields)
        if extent is not Extent.PART and not self.entry["cohorts"]:
            self._answered(note, occurred, CohortOutcome.PAID)

    def _paid(self, key: str, note: Text, occurred: Occurred) -> None:
        """The payments that are told, each by whom and to whom."""
        for n, row in enumerate(self.entry["paid"]):
            paid = RecordPayment(
                agreement=key,
                amount=_fen(row["amount_yuan"]),
                payer=f"party/{row['payer']}" if row["payer"] else None,
                payee=f"party/{row['payee']}" if row["payee"] else None,
                note=note if n == 0 else None,
            )
            self.order(paid, occurred=occurred)

    def _signed(self, occurred: Occurred) -> None:
        """Who signed and how, where a step tells it and the case can hold it."""
        told = {f"party/{row['by']}": _choice(SigningManner, row["manner"]) for row in self.entry["signed"]}
        if not told or not self._can_be_signed() or self._agreed_at_another_time():
            return
        key = self._drafted()
        asked = self._awaited(key)
        text_hash = facts_of(self.case).agreements[key].text_hash or ""
        for party, manner in told.items():
            keys = [k for k in asked if facts_of(self.case).confirmations[k].party == party]
            if keys:
                self.order(ConfirmAgreement(manner=manner, text_hash=text_hash), *keys, occurred=occurred)

    def _answered(self, note: Text, occurred: Occurred, outcome: CohortOutcome) -> None:
        """A step that names all of a cohort tells what became of it."""
        for key, cohort in facts_of(self.case).cohorts.items():
            if cohort.count and vocabulary.names_all(cohort.count, note) and self.case.state(key) == "open":
                self.order(EndCohort(outcome=outcome), key, occurred=occurred, provenance=INFERRED)

    def _apart(self, step: str, note: Text, occurred: Occurred) -> None:
        """Money that moves when a case is closed, or before anything is agreed, is booked; anything else is noted."""
        if step == "performed" and vocabulary.moves_money(note):
            key = f"agreement/{self._agreements()}" if self._agreements() else None
            self.order(RecordPayment(agreement=key, amount=one_sum(note), note=note), occurred=occurred)
        else:
            self._note(step, note, occurred)

    def _breach(self, note: Text, occurred: Occurred) -> None:
        if self.case.facts.closed or self._agreed_at_another_time():
            self._apart("breach", note, occurred)
            return
        breached = ReportPerformance(extent=Extent.BREACHED, note=note)
        self.order(breached, self._agreement_key(), occurred=occurred)

    def _visit(self, note: Text, occurred: Occurred) -> None:
        for n in range(self.entry["times"] or 1):
            said = note if n == 0 else None
            visited = RecordVisit(manner=Way.UNREPORTED, finding=Finding.UNREPORTED, said=said)
            self.order(visited, occurred=occurred)

    def _confirmed(self, note: Text, occurred: Occurred) -> None:
        if vocabulary.is_ruling(note) or self.entry["kind"]:
            self._judicial_confirmation(note, occurred)
            return
        if self.entry["signed"]:
            self._note("confirmed", note, occurred)
            self._signed(occurred)
            return
        signs = self._can_be_signed() and not self._agreed_at_another_time() and not vocabulary.by_some(note)
        asked = self._awaited(self._drafted()) if signs else []
        if not asked:
            self._note("confirmed", note, occurred)
            return
        text_hash = facts_of(self.case).agreements[self._agreement_key()].text_hash or ""
        confirmed = ConfirmAgreement(manner=SigningManner.UNREPORTED, text_hash=text_hash, note=note)
        self.order(confirmed, *asked, occurred=occurred)

    def _judicial_confirmation(self, note: Text, occurred: Occurred) -> None:
        if self._agreed_at_another_time() or (not self._agreements() and self.case.facts.closed):
            self._note("judicial_confirmation", note, occurred)
            return
        told, kind = self.entry["result"], self._confirming(note)
        if told == "granted" or (told is None and not (vocabulary.only_applied(note) or vocabulary.refused(note))):
            given = RecordConfirmed(kind=kind, agreement=self._agreement_key(), paper=note)
            self.order(given, occurred=occurred)
        elif told == "intended" or (told is None and vocabulary.only_intended(note)) or not self._may_apply():
            self._note("judicial_confirmation", note, occurred)
        else:
            self._applied(
                kind, note, occurred, refused=told == "dismissed" or (told is None and vocabulary.refused(note))
            )

    def _confirming(self, note: Text) -> ProceedingKind:
        """Who confirms, as told or by the words."""
        return _choice(ProceedingKind, self.entry["kind"]) if self.entry["kind"] else vocabulary.confirmation(note)

    def _may_apply(self) -> bool:
        return binds(self.case, self._agreement_key()) or self._can_be_signed()

    def _applied(self, kind: ProceedingKind, note: Text, occurred: Occurred, *, refused: bool) -> None:
        """Confirmation was applied for; and perhaps not given."""
        self._bring_into_effect()
        filed = FileProceeding(kind=kind, agreement=self._agreement_key(), applicants=self._signers(), note=note)
        self.order(filed, occurred=occurred, fields={"applicants": ASSUMED})
        if refused:
            latest = f"proceeding/{len(facts_of(self.case).proceedings)}"
            self.order(RecordDismissed(), latest, occurred=occurred, provenance=INFERRED)

    def _can_be_signed(self) -> bool:
        """Whether the gates of a text to sign could be met: two signing parties, sums that agree, a case still open."""
        facts = facts_of(self.case)
        held = facts.agreements.get(f"agreement/{self._agreements()}")
        sound = held is None or not contradictory(held)
        return sound and len(self._signers()) >= 2 and facts.closed is None

    def _signers(self) -> tuple[str, ...]:
        return tuple(k for k, p in facts_of(self.case).parties.items() if p.side is not Side.RELATED)

    def _note(self, step: str, note: Text, occurred: Occurred) -> None:
        """What no other order can say without saying more than the report does."""
        self.order(RecordNote(words=Text(f"［{STEPS[step]}］{note}")), occurred=occurred)

    def _drafted(self) -> str:
        """The latest agreement, its text assumed drafted where the report speaks of signing and not of that."""
        key = self._agreement_key()
        if self.case.is_in(key, AgreementState.REACHED):
            self.order(DraftAgreement(signers=self._signers()), key, provenance=ASSUMED)
        return key

    def _bring_into_effect(self) -> None:
        """What the gate of an application for confirmation demands: an agreement in effect."""
        key = self._drafted()
        if not self.case.is_in(key, AgreementState.DRAFTED):
            return
        text_hash = facts_of(self.case).agreements[key].text_hash or ""
        facts = facts_of(self.case)
        given = {k: c for k, c in facts.confirmations.items() if c.agreement == key}
        unsigned = [k for k, c in given.items() if c.manner in (None, SigningManner.UNREPORTED)]
        of_groups = {k for k in unsigned if facts.parties[given[k].party].kind is PartyKind.GROUP}
        for keys, agreed in ((set(unsigned) - of_groups, False), (of_groups, True)):
            signed = ConfirmAgreement(manner=SigningManner.SIGNATURE, text_hash=text_hash, represented_agreed=agreed)
            if keys:
                self.order(signed, *sorted(keys), provenance=ASSUMED)
        self.order(SignAsMediator(), key, provenance=ASSUMED)
        self.order(AffixSeal(), key, provenance=ASSUMED)

    def _awaited(self, agreement: str) -> list[str]:
        """The confirmations an agreement still waits for."""
        held = facts_of(self.case).confirmations
        return [k for k, c in held.items() if c.agreement == agreement and self.case.state(k) == "awaited"]

    def _terminated(self, note: Text, occurred: Occurred) -> None:
        def terminate(when: Occurred, provenance: Provenance) -> None:
            self._terminate(note, when, provenance)

        if self._talking():
            self._in_its_order(terminate, "terminated", note, occurred)
        else:
            self._note("terminated", note, occurred)

    def _talking(self) -> bool:
        """Whether the case is in a phase that can be ended; in one that talks can be ended in, once it is accepted."""
        phases = ("intake", "coordination", "consultation")
        return self.case.phase.partition("/")[0] in phases and not self.case.facts.closed

    def _terminate(self, note: Text, occurred: Occurred, provenance: Provenance) -> None:
        untold = [k for k, p in facts_of(self.case).parties.items() if not p.remedy_told]
        if untold:
            self.order(TellRemedies(), *untold, provenance=ASSUMED)
        ended = TerminateMediation(ground=Ground.NO_AGREEMENT, note=note)
        self.order(ended, occurred=occurred, provenance=provenance, waives=self._over_an_agreement())

    def _over_an_agreement(self) -> dict[str, Text]:
        """A report may end a case over an agreement in effect: policy is set aside for what has happened."""
        held = facts_of(self.case).agreements
        in_effect = any(self.case.is_in(k, AgreementState.EFFECTIVE) for k in held)
        return {"nothing_binding": Text("报道如此记载")} if in_effect else {}

    def _referred(self, note: Text, occurred: Occurred) -> None:
        told = self.entry["kind"]
        if told in CONFIRMATIONS:
            self._judicial_confirmation(note, occurred)
            return
        if told is None and vocabulary.is_withdrawal(note):
            self._withdrawn(note, occurred)
            return
        if told is None and (vocabulary.is_referral_in(note) or vocabulary.is_measure(note)):
            self._note("referred", note, occurred)
            return
        if "结案后" in note:
            self._close()
        key = f"agreement/{self._agreements()}" if self._agreements() else None
        kind = _choice(ProceedingKind, told) if told else vocabulary.referral(note)
        self.order(FileProceeding(kind=kind, agreement=key, note=note), occurred=occurred)
        latest = f"proceeding/{len(facts_of(self.case).proceedings)}"
        if self.entry["result"] == "withdrawn":
            self.order(WithdrawProceeding(), latest, occurred=occurred)
        elif self.entry["result"] == "dismissed":
            self.order(RecordDismissed(), latest, occurred=occurred)

    def _withdrawn(self, note: Text, occurred: Occurred) -> None:
        """A suit was withdrawn: the one that is known of; else it is noted."""
        going = [k for k in facts_of(self.case).proceedings if self.case.state(k) == "filed"]
        self._note("referred", note, occurred)
        if len(going) == 1:
            self.order(WithdrawProceeding(), going[0], occurred=occurred)

    def _close(self) -> None:
        """What a report tells of happened to a closed case, and it has not told of the closing."""
        offered = {o.command for o in self.service.available(self.case_id, Office.LEAD).options if o.allowed}
        if CloseAsPerformed in offered:
            self.order(CloseAsPerformed(), provenance=INFERRED)
        elif CloseNamingRemainder in offered:
            words = Text("报道称已履行结案；继续有效的条款见协议")
            self.order(CloseNamingRemainder(remainder=words), provenance=INFERRED)

    # -- the end

    def _outcome(self) -> None:
        """What the report's outcome says and none of its steps does."""
        self._contents_untold()
        outcome, case, talking = self.report["outcome"], self.case, self._talking()
        if outcome == "withdrawn" and talking:
            self.order(WithdrawApplication(), provenance=INFERRED, waives=self._over_an_agreement())
        elif outcome == "failed" and talking:
            self._terminate(Text("报道称调解未成"), UNREPORTED, INFERRED)
        elif outcome == "referred" and not facts_of(case).proceedings:
            self.order(FileProceeding(kind=ProceedingKind.OTHER, note=Text("报道称已转其他途径")), provenance=INFERRED)
        elif outcome == "breached_then_performed" and not (case.facts.closed or self._agreed_at_another_time()):
            key = self._agreement_key()
            if facts_of(self.case).agreements[key].reported != Extent.ALL.value:
                told = ReportPerformance(extent=Extent.ALL, note=Text("报道称违约后已履行"))
                self.order(told, key, provenance=INFERRED)

    def _contents_untold(self) -> None:
        """What a report says was agreed, and by none of its steps."""
        if self.contents_told:
            return
        words, yuan = self.report["terms_zh"], self.report["amount_agreed_yuan"]
        unsettled = self.report["outcome"] in ("failed", "withdrawn", "referred") or self.case.facts.closed
        if self._agrees() and not unsettled:
            self._reach(None, UNREPORTED, INFERRED, contents=True)
        elif words or yuan is not None:
            told = [*words, *([f"协议金额：{yuan}元"] if yuan is not None else [])]
            self.order(RecordNote(words=Text("［条款］" + "\n".join(told))))


STEPS = {
    "registered": "登记",
    "accepted": "受理",
    "referred": "转介",
    "terminated": "终止",
    "confirmed": "确认",
    "judicial_confirmation": "司法确认",
    "performed": "履行",
    "breach": "违约",
}
_CONFIRMING = ("confirmed", "judicial_confirmation")


def _choice(kind: type[L], code: str) -> L:
    """One of the choices there are; the file was held to them."""
    found = kind.named(code)
    assert found is not None
    return found


def _fen_of(yuan: float) -> int:
    return round(yuan * 100)


def _fen(yuan: float | None) -> int | None:
    return None if yuan is None else round(yuan * 100)
