"""Reports taken through the door: each step of a timeline becomes the orders it amounts to, in the report's order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.facts import PartyKind, Side, SigningManner, Term, TermKind
from mediation_engine.domain.fields import Text
from mediation_engine.domain.line import Provenance
from mediation_engine.domain.occurred import UNREPORTED, Occurred
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import Actor, Office, Organisation
from mediation_engine.errors import FileFault, MediationError
from mediation_engine.ports import Person
from mediation_engine.service import MediationService
from workflows.common_2026.agreement import (
    AdoptOrally,
    AffixSeal,
    DraftAgreement,
    Extent,
    ReachAgreement,
    ReportPerformance,
    SignAsMediator,
)
from workflows.common_2026.block import Contact, RecordTalk
from workflows.common_2026.cohort import DeclareCohort, EndCohort, Outcome
from workflows.common_2026.confirmation import ConfirmAgreement
from workflows.common_2026.host import AddCoHost
from workflows.common_2026.member import RecordMember
from workflows.common_2026.note import RecordNote
from workflows.common_2026.party import TellRemedies
from workflows.common_2026.payment import RecordPayment
from workflows.common_2026.proceeding import FileProceeding, Kind, RecordConfirmed
from workflows.common_2026.questions import binds
from workflows.common_2026.session import RecordNotHeld, RecordSession
from workflows.common_2026.states import AgreementState
from workflows.common_2026.talks import Ground, RecordReapplication, TerminateMediation, WithdrawApplication
from workflows.common_2026.visit import Finding, RecordVisit
from workflows.phases_2026.follow_up import CloseAsPerformed, CloseNamingRemainder
from workflows.phases_2026.intake import AcceptCase, Elsewhere, PartyRow, RegisterCase, Source

from . import wording

WORKFLOW = "consultation_2026"
ROOT = Organisation(id="reported", name="公开报道案例", short_name="例", kind="other")
RECORDER = Actor(
    id="reported-recorder",
    name="案例录入",
    organisation=ROOT.id,
    offices=frozenset({Office.MEDIATOR, Office.LEAD}),
)
SOURCES = {
    "police_push": Source.POLICE,
    "enterprise": Source.ENTERPRISE,
    "superior_assigned": Source.SUPERIOR,
    "court_delegated": Source.COURT,
    "grid": Source.GRID,
    "petition_day": Source.PETITION,
}
SENT = {"police_push": Elsewhere.POLICE, "court_delegated": Elsewhere.COURT}
REPORTED, INFERRED, ASSUMED = Provenance.REPORTED, Provenance.INFERRED, Provenance.ASSUMED


def case_id_of(report: dict[str, Any]) -> str:
    """A report's case id: the report's own."""
    return str(report["id"])


def take_reports(service: MediationService, reports: list[dict[str, Any]], path: str = "报道") -> list[str]:
    """Take reports through the door; the ids of their cases. A second run adds nothing.

    Every report is first rehearsed in memory, where each order is found; then the same orders are given to the real
    door. FileFault names every report that cannot be taken, and nothing is written.
    """
    faults, rehearsed = [], []
    for report in reports:
        taking = _Taking(_rehearsal(service), report)
        try:
            taking.run()
        except MediationError as fault:
            faults.append(f"{report['id']}：{fault}")
        rehearsed.append(taking)
    faults += [fault for taking in rehearsed if not faults for fault in _differing(service, taking)]
    if faults:
        raise FileFault(path=path, why="；".join(faults))
    for taking in rehearsed:
        _enter(service, taking.hosts())
        for order, people in taking.orders:
            service.submit(_rebound(service, order), people)
    return [case for taking in rehearsed for case in taking.cases]


def _differing(service: MediationService, taking: _Taking) -> Iterator[str]:
    """What of a report stands in the way of what is in the record already."""
    name, orders = taking.report["id"], {order.id: order for order, _ in taking.orders}
    with service.store.read() as unit:
        given = [a.command_id for case in taking.cases for a in unit.record.answers(case)]
        hosts = {h.id: unit.register.organisation(h.id) for h in taking.hosts()}
    if given and given[0] not in orders:
        yield f"{name}：案件编号已被另行登记的案件占用，请改报道的编号"
        return
    foreign, new = [g for g in given if g not in orders], [o for o in orders if o not in given]
    changed = [g for g in given if g in orders and not service.is_same(_rebound(service, orders[g]))]
    renamed = [h.name for h in taking.hosts() if (held := hosts[h.id]) is not None and held.name != h.name]
    shortened = [g for g in foreign if g.startswith(f"reported:{name}:")]
    if changed or renamed or shortened:
        yield f"{name}：与已录入的报道不同，没有录入；请改报道的编号，或在案件里补记"
    elif foreign and new:
        yield f"{name}：录入后案件已另有办理，不能再接着录入；请在案件里补记"


def _rebound(service: MediationService, order: Order) -> Order:
    """A confirmation bound to the text of the real case: its words are sealed with salts the rehearsal had not."""
    if not isinstance(order.command, ConfirmAgreement):
        return order
    text_hash = service.case(order.case).facts.confirmations[order.on[0]].text_hash
    return replace(order, command=replace(order.command, text_hash=text_hash))


def _rehearsal(service: MediationService) -> MediationService:
    """A door to an empty store in memory, at the same time and under the same rules."""
    with service.store.read() as unit:
        now = unit.now
    return MediationService(MemoryStore(lambda: now), service.catalogue, service.randomness)


def _enter(service: MediationService, hosts: list[Organisation]) -> None:
    """The hosts of a report and whoever writes it down, in the register."""
    with service.store.write() as unit:
        for organisation in (ROOT, *hosts):
            unit.register.put_organisation(organisation)
        unit.register.put_actor(RECORDER)


@dataclass
class _Taking:
    """One report in rehearsal: the orders it amounts to, each found on the case as it then stands."""

    service: MediationService
    report: dict[str, Any]
    case_id: str = ""
    cases: list[str] = field(default_factory=list)
    orders: list[tuple[Order, tuple[Person, ...]]] = field(default_factory=list)

    def run(self) -> None:
        """Find and give all orders."""
        self.case_id = case_id_of(self.report)
        self.cases.append(self.case_id)
        _enter(self.service, self.hosts())
        for entry in self.report["timeline"]:
            occurred = Occurred(entry["date"]) if entry["date"] else UNREPORTED
            self._entry(entry["step"], Text(entry["note_zh"] or ""), occurred)
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
        """Give one order under an id that is the same in every run."""
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
            workflow=WORKFLOW if opens else "",
        )
        self.orders.append((order, people))
        self.service.submit(order, people)

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
            self._succeed(occurred)
        if step not in ("registered", "accepted"):
            self._accept_if_need_be()
        getattr(self, f"_{step}")(note, occurred)

    def _register(self, occurred: Occurred, note: Text, provenance: Provenance) -> None:
        r, people = self.report, self._people()
        words, host = r["dispute_type_zh"], self.hosts()[0]
        labour = wording.is_labour(words, host.name)
        told = [words, r["summary_en_zh"], note]
        fields = {"track": INFERRED, "dispute": INFERRED, "in_zone": ASSUMED, "weighty": ASSUMED}
        fields |= {"source": INFERRED, "elsewhere": INFERRED, "sent_by_it": INFERRED}
        if r["channel"] is None:
            fields["source"] = Provenance.UNREPORTED
        command = RegisterCase(
            named=tuple(self._rows(people)),
            track="labour_mediation" if labour else "people_mediation",
            dispute=wording.dispute(words),
            matter=Text("\n".join(w for w in told if w)),
            source=SOURCES.get(r["channel"] or "", Source.OTHER if r["channel"] is None else Source.APPLICATION),
            elsewhere=SENT.get(r["channel"] or "", Elsewhere.NONE),
            sent_by_it=r["channel"] in SENT,
            in_zone=True,  # what admission to a consultation demands; nobody reports it of another town
            weighty=True,
            organisation=host.id,
            reference=str(r["id"]),
            predecessor=self.cases[-2] if len(self.cases) > 1 else None,
            amount_claimed=_fen(r["amount_claimed_yuan"]),
            origin=Text(_origin(r)),
        )
        self.order(command, occurred=occurred, provenance=provenance, fields=fields, people=tuple(people), opens=True)
        self._around(people)

    def _rows(self, people: list[Person]) -> Iterator[PartyRow]:
        for person, d in zip(people, self.report["disputants"], strict=False):
            side = Side.named(d["side"]) or Side.RELATED
            yield PartyRow(person=person.id, side=side, kind=person.kind, count=d["count"] or None)

    def _around(self, people: list[Person]) -> None:
        """The bodies at hand, and the claimants where they are many."""
        for host in self.hosts()[1:]:
            self.order(AddCoHost(organisation=host.id))
        seats = [b for b in self.report["bodies"] if b["role"] != "host"]
        for person, body in zip(people[len(self.report["disputants"]) :], seats, strict=True):
            self.order(RecordMember(role=body["role"], person=person.id))
        for n, d in enumerate(self.report["disputants"], 1):
            if d["kind"] == "group" and d["count"]:
                about = bool(re.search(f"{d['count']}(多|余)", d["name_masked"] + _origin(self.report)))
                self.order(DeclareCohort(party=f"party/{n}", count=d["count"], about=about))

    def _succeed(self, occurred: Occurred) -> None:
        """The case has been closed, and talks go on: a successor case."""
        self.case_id = f"{case_id_of(self.report)}-{len(self.cases) + 1}"
        self.cases.append(self.case_id)
        self._register(occurred, Text("前案结束后再次进入调解"), ASSUMED)

    def _accept_if_need_be(self) -> None:
        if self.case.phase == "intake/1" and not self.case.facts.closed:
            self.order(AcceptCase(), provenance=ASSUMED)

    def _registered(self, note: Text, occurred: Occurred) -> None:
        self.order(RecordReapplication(note=note), occurred=occurred)

    def _accepted(self, note: Text, occurred: Occurred) -> None:
        if self.case.phase == "intake/1":
            self.order(AcceptCase(note=note), occurred=occurred)
        else:
            self.order(RecordReapplication(note=note), occurred=occurred)

    def _block_talk(self, note: Text, occurred: Occurred) -> None:
        block = next((k for k, b in self.case.facts.blocks.items() if b.party is None), None)
        talk = RecordTalk(manner=Contact.UNREPORTED, said=note)
        self.order(talk, *((block,) if block else ()), occurred=occurred)

    def _joint_session(self, note: Text, occurred: Occurred) -> None:
        held = RecordSession(result=wording.result(note), minutes=note, times=wording.times(note))
        self.order(held, occurred=occurred)

    def _adjourned(self, note: Text, occurred: Occurred) -> None:
        self.order(RecordNotHeld(reason=note), occurred=occurred)

    def _agreement(self, note: Text, occurred: Occurred) -> None:
        last = [e["step"] for e in self.report["timeline"]].count("agreement") == self._agreements() + 1
        amount = _fen(self.report["amount_agreed_yuan"]) if last else None
        terms = self.report["terms_zh"] if last else []
        paying = [t for t in terms if wording.term(t, self.report["disputants"], None, False).kind.value == "pay"]
        reached = ReachAgreement(
            terms=tuple(self._term(t, terms, amount, len(paying) == 1) for t in terms),
            amount=amount,
            words=note,
        )
        self.order(reached, occurred=occurred)
        if (
            last
            and self.report["outcome"] == "oral_agreement"
            and terms
            and self.case.facts.track == "people_mediation"
        ):
            self.order(AdoptOrally(), self._agreement_key(), occurred=occurred, provenance=INFERRED)
        self._answered(note, occurred, Outcome.SETTLED)

    def _term(self, words: str, terms: list[str], amount: int | None, alone: bool) -> Term:
        """A term; its custodian and, through it, its payee where the report leaves no doubt."""
        term = wording.term(words, self.report["disputants"], amount, alone)
        bodies = {p.name: p.id for p in self._people()[len(self.report["disputants"]) :]}
        found = wording.custody(words, terms, list(bodies)) if term.kind is TermKind.PAY else None
        if found is None:
            return term
        custodian, onward = found
        payee = term.payee or wording.receiver(onward, self.report["disputants"])
        return replace(term, custodian=bodies[custodian], payee=payee)

    def _agreements(self) -> int:
        return len(self.case.facts.agreements)

    def _agreement_key(self) -> str:
        """The latest agreement; one is assumed where a report speaks of what came of it and of none."""
        if not self._agreements():
            self.order(ReachAgreement(), provenance=ASSUMED)
        return f"agreement/{self._agreements()}"

    def _performed(self, note: Text, occurred: Occurred) -> None:
        if self.case.facts.closed:
            self._after_closing("performed", note, occurred)
            return
        key = self._agreement_key()
        if wording.moves_money(note):
            paid = RecordPayment(agreement=key, amount=wording.one_sum(note), note=note)
            self.order(paid, occurred=occurred)
        extent, fields = wording.extent(note), dict[str, Provenance]()
        agreed = self.case.facts.agreements[key].total
        if extent is Extent.UNREPORTED and agreed is not None and wording.one_sum(note) == agreed:
            extent, fields = Extent.ALL, {"extent": INFERRED}  # the whole sum agreed on has been paid
        self.order(ReportPerformance(extent=extent, note=note), key, occurred=occurred, fields=fields)
        self._answered(note, occurred, Outcome.PAID)

    def _answered(self, note: Text, occurred: Occurred, outcome: Outcome) -> None:
        """A step that names all of a cohort tells what became of it."""
        for key, cohort in self.case.facts.cohorts.items():
            if cohort.count and f"{cohort.count}人" in note and self.case.state(key) == "open":
                self.order(EndCohort(outcome=outcome), key, occurred=occurred, provenance=INFERRED)

    def _after_closing(self, step: str, note: Text, occurred: Occurred) -> None:
        """Money that moves when a case is closed is booked; anything else is noted."""
        if step == "performed" and wording.moves_money(note):
            key = f"agreement/{self._agreements()}" if self._agreements() else None
            self.order(RecordPayment(agreement=key, amount=wording.one_sum(note), note=note), occurred=occurred)
        else:
            self._note(step, note, occurred)

    def _breach(self, note: Text, occurred: Occurred) -> None:
        if self.case.facts.closed:
            self._after_closing("breach", note, occurred)
            return
        breached = ReportPerformance(extent=Extent.BREACHED, note=note)
        self.order(breached, self._agreement_key(), occurred=occurred)

    def _visit(self, note: Text, occurred: Occurred) -> None:
        visited = RecordVisit(manner=Contact.UNREPORTED, finding=Finding.UNREPORTED, said=note)
        self.order(visited, occurred=occurred)

    def _confirmed(self, note: Text, occurred: Occurred) -> None:
        if re.search("仲裁|法院|司法", note):
            self._judicial_confirmation(note, occurred)
            return
        asked = self._awaited(self._drafted()) if self._can_be_signed() else []
        if not asked:
            self._note("confirmed", note, occurred)
            return
        text_hash = self.case.facts.agreements[self._agreement_key()].text_hash or ""
        confirmed = ConfirmAgreement(manner=SigningManner.UNREPORTED, text_hash=text_hash, note=note)
        self.order(confirmed, *asked, occurred=occurred)

    def _judicial_confirmation(self, note: Text, occurred: Occurred) -> None:
        if not self._agreements() and self.case.facts.closed:
            self._note("judicial_confirmation", note, occurred)
            return
        key, kind = self._agreement_key(), wording.confirmation(note)
        if wording.only_applied(note) and (binds(self.case, key) or self._can_be_signed()):
            self._bring_into_effect()
            self.order(
                FileProceeding(kind=kind, agreement=key, jointly=True, note=note),
                occurred=occurred,
                fields={"jointly": ASSUMED},
            )
        elif wording.only_applied(note):
            self._note("judicial_confirmation", note, occurred)
        else:
            self.order(RecordConfirmed(kind=kind, agreement=key, paper=note), occurred=occurred)

    def _can_be_signed(self) -> bool:
        """Whether the gate of a text to sign could be met: two signing parties, and a case still open."""
        return len(self._signers()) >= 2 and self.case.facts.closed is None

    def _signers(self) -> tuple[str, ...]:
        return tuple(k for k, p in self.case.facts.parties.items() if p.side is not Side.RELATED)

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
        asked = self._awaited(key)
        text_hash = self.case.facts.agreements[key].text_hash or ""
        signed = ConfirmAgreement(manner=SigningManner.SIGNATURE, text_hash=text_hash)
        self.order(signed, *asked, provenance=ASSUMED)
        self.order(SignAsMediator(), key, provenance=ASSUMED)
        self.order(AffixSeal(), key, provenance=ASSUMED)

    def _awaited(self, agreement: str) -> list[str]:
        """The confirmations an agreement still waits for."""
        held = self.case.facts.confirmations
        return [k for k, c in held.items() if c.agreement == agreement and self.case.state(k) == "awaited"]

    def _terminated(self, note: Text, occurred: Occurred) -> None:
        if self._talking():
            self._terminate(note, occurred, REPORTED)
        else:
            self._note("terminated", note, occurred)

    def _talking(self) -> bool:
        """Whether the case is in a phase of talks, which can be ended."""
        return self.case.phase.partition("/")[0] in ("coordination", "consultation") and not self.case.facts.closed

    def _terminate(self, note: Text, occurred: Occurred, provenance: Provenance) -> None:
        untold = [k for k, p in self.case.facts.parties.items() if not p.remedy_told]
        if untold:
            self.order(TellRemedies(), *untold, provenance=ASSUMED)
        ended = TerminateMediation(ground=Ground.NO_AGREEMENT, note=note)
        self.order(ended, occurred=occurred, provenance=provenance, waives=self._over_an_agreement())

    def _over_an_agreement(self) -> dict[str, Text]:
        """A report may end a case over an agreement in effect: policy is set aside for what has happened."""
        held = self.case.facts.agreements
        in_effect = any(self.case.is_in(k, AgreementState.EFFECTIVE) for k in held)
        return {"nothing_binding": Text("报道如此记载")} if in_effect else {}

    def _referred(self, note: Text, occurred: Occurred) -> None:
        if "结案后" in note:
            self._close()
        key = f"agreement/{self._agreements()}" if self._agreements() else None
        self.order(FileProceeding(kind=wording.referral(note), agreement=key, note=note), occurred=occurred)

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
        outcome, case = self.report["outcome"], self.case
        talking = case.phase.partition("/")[0] in ("intake", "coordination", "consultation") and not case.facts.closed
        if outcome == "withdrawn" and talking:
            self.order(WithdrawApplication(), provenance=INFERRED, waives=self._over_an_agreement())
        elif outcome == "failed" and talking:
            self._accept_if_need_be()
            self._terminate(Text("报道称调解未成"), UNREPORTED, INFERRED)
        elif outcome == "referred" and not case.facts.proceedings:
            self._accept_if_need_be()
            self.order(FileProceeding(kind=Kind.OTHER, note=Text("报道称已转其他途径")), provenance=INFERRED)
        elif outcome == "breached_then_performed" and case.facts.closed is None:
            self._accept_if_need_be()
            key = self._agreement_key()
            if self.case.facts.agreements[key].reported != Extent.ALL.value:
                told = ReportPerformance(extent=Extent.ALL, note=Text("报道称违约后已履行"))
                self.order(told, key, provenance=INFERRED)

    # -- who is who

    def _people(self) -> list[Person]:
        """Disputants first, then the bodies that are no hosts."""
        named = [(d["name_masked"], PartyKind.named(d["kind"]) or PartyKind.PERSON) for d in self.report["disputants"]]
        named += [(b["org"], PartyKind.ENTERPRISE) for b in self.report["bodies"] if b["role"] != "host"]
        return [Person(id=f"{self.report['id']}:{n}", name=name, kind=kind) for n, (name, kind) in enumerate(named, 1)]

    def hosts(self) -> list[Organisation]:
        names = [b["org"] for b in self.report["bodies"] if b["role"] == "host"] or ["未报道的调解组织"]
        return [
            Organisation(
                id=f"reported-{self.report['id']}" + (f"-{n}" if n > 1 else ""),
                name=name,
                short_name="例",
                kind=wording.host_kind(name),
                parent=ROOT.id,
            )
            for n, name in enumerate(names, 1)
        ]


OUTCOMES = {
    "agreed": "达成协议",
    "oral_agreement": "口头达成协议",
    "failed": "未达成协议",
    "referred": "转其他途径",
    "withdrawn": "撤回",
    "breached_then_performed": "违约后履行",
}
STEPS = {
    "terminated": "终止",
    "confirmed": "确认",
    "judicial_confirmation": "司法确认",
    "performed": "履行",
    "breach": "违约",
}
_CONFIRMING = ("confirmed", "judicial_confirmation")


def _fen(yuan: float | None) -> int | None:
    return None if yuan is None else round(yuan * 100)


def _origin(report: dict[str, Any]) -> str:
    """Everything about the report itself: where it stands, what it adds up, what is odd, what somebody noted."""
    told = {
        "来源": report["source_url"],
        "发布": report["published"],
        "地区": report["province_city"],
        "结果": OUTCOMES.get(report["outcome"] or ""),
        "历时（天）": report["days_to_resolve"],
        "特别之处": report["unusual"],
    }
    told |= {key: value for key, value in sorted(report.items()) if key.startswith("x_")}
    return "\n".join(f"{label}：{value}" for label, value in told.items() if value not in (None, ""))[:3000]
