"""A publicly reported case, taken through the door in its own order.

What the report says is recorded as reported, what it plainly implies as inferred; what only a gate demands is assumed,
and marked so. A step missing from a report means "not reported", not "did not happen".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mediation_engine.domain.command import Command
from mediation_engine.domain.facts import PartyKind, Side, Term, TermKind
from mediation_engine.domain.fields import Text
from mediation_engine.domain.line import Provenance
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import Actor, Office, Organisation
from mediation_engine.errors import FileFault
from mediation_engine.ports import Person
from mediation_engine.service import MediationService
from workflows.common_2026.agreement import AdoptOrally, ReachAgreement
from workflows.common_2026.payment import RecordPayment
from workflows.common_2026.proceeding import Kind, RecordConfirmed
from workflows.common_2026.session import RecordSession, Result
from workflows.phases_2026.intake import AcceptCase, Dispute, PartyRow, RegisterCase, Source

ROOT = Organisation(id="reported", name="公开报道案例", short_name="例", kind="other")
RECORDER = Actor(
    id="reported-recorder",
    name="案例录入",
    organisation=ROOT.id,
    offices=frozenset({Office.MEDIATOR, Office.LEAD}),
)

LABOUR = re.compile("工资|劳动|工伤|劳务报酬|职工|计件")
DISPUTES = (
    ("工伤|猝死", Dispute.LABOUR_INJURY),
    ("工资|劳务报酬", Dispute.LABOUR_PAY),
    ("劳动合同|计件", Dispute.LABOUR_OTHER),
)
SOURCES = {
    "police_push": Source.POLICE,
    "enterprise": Source.ENTERPRISE,
    "superior_assigned": Source.SUPERIOR,
    "court_delegated": Source.COURT,
    "grid": Source.GRID,
    "petition_day": Source.PETITION,
    "walk_in": Source.APPLICATION,
    "phone": Source.APPLICATION,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One order to be given, and where it comes from."""

    command: Command
    occurred: Occurred
    provenance: Provenance = Provenance.REPORTED
    fields: dict[str, Provenance] = field(default_factory=dict)
    on: tuple[str, ...] = ()


def run(service: MediationService, report: dict[str, Any], case_id: str) -> None:
    """Take a report through the door; a second run adds nothing. FileFault for a step this does not know."""
    people, host = _people(report, case_id), _host(report, case_id)
    with service.store.write() as unit:
        for organisation in (ROOT, host):
            unit.register.put_organisation(organisation)
        unit.register.put_actor(RECORDER)
    for number, step in enumerate(_steps(report, people, host), 1):
        order = Order(
            id=f"reported:{report['id']}:{number}",
            case=case_id,
            command=step.command,
            actor=RECORDER.id,
            office=Office.LEAD,
            on=step.on,
            occurred=step.occurred,
            provenance=step.provenance,
            field_provenance=step.fields,
            workflow="fast_track_2026" if number == 1 else "",
        )
        service.submit(order, people if number == 1 else ())


def _people(report: dict[str, Any], case_id: str) -> list[Person]:
    return [
        Person(id=f"{case_id}:{n}", name=d["name_masked"], kind=_kind(d["kind"]))
        for n, d in enumerate(report["disputants"], 1)
    ]


def _kind(word: str) -> PartyKind:
    return PartyKind.named(word) or PartyKind.PERSON


def _host(report: dict[str, Any], case_id: str) -> Organisation:
    name = next((b["org"] for b in report["bodies"] if b["role"] == "host"), "未报道的调解组织")
    kind = "mediation_room" if "人民调解" in name else "enterprise_committee" if "公司" in name else "other"
    return Organisation(id=f"reported-{case_id}", name=name, short_name="例", kind=kind, parent=ROOT.id)


def _steps(report: dict[str, Any], people: list[Person], host: Organisation) -> Iterator[Step]:
    """The report's timeline as orders, in its order, with what gates demand put in between."""
    accepted = False
    for entry in report["timeline"]:
        occurred = Occurred.read(entry["date"]) if entry["date"] else Occurred()
        note = Text(entry["note_zh"] or "未报告")
        if entry["step"] == "registered":
            yield _registered(report, people, host, note, occurred)
            continue
        if not accepted:
            said = entry["step"] == "accepted"
            yield Step(
                command=AcceptCase(note=note if said else None),
                occurred=occurred if said else Occurred(),
                provenance=Provenance.REPORTED if said else Provenance.ASSUMED,
            )
            accepted = True
        if entry["step"] != "accepted":
            yield from _talk(report, entry["step"], note, occurred)


def _registered(
    report: dict[str, Any], people: list[Person], host: Organisation, note: Text, occurred: Occurred
) -> Step:
    words = report["dispute_type_zh"]
    labour = bool(LABOUR.search(words)) and "人民调解" not in host.name
    rows = tuple(
        PartyRow(person=p.id, side=Side.named(d["side"]) or Side.RELATED, kind=p.kind, count=d["count"])
        for p, d in zip(people, report["disputants"], strict=True)
    )
    command = RegisterCase(
        named=rows,
        track="labour_mediation" if labour else "people_mediation",
        dispute=next((kind for pattern, kind in DISPUTES if re.search(pattern, words)), Dispute.OTHER),
        matter=Text(f"{words}：{report['summary_en_zh']}\n{note}"),
        source=SOURCES.get(report["channel"] or "", Source.OTHER),
        organisation=host.id,
        reference=report["id"],
    )
    inferred = {"track": Provenance.INFERRED, "dispute": Provenance.INFERRED}
    if report["channel"] is None:
        inferred["source"] = Provenance.UNREPORTED
    return Step(command=command, occurred=occurred, fields=inferred)


def _talk(report: dict[str, Any], step: str, note: Text, occurred: Occurred) -> Iterator[Step]:
    """The orders one reported step amounts to."""
    match step:
        case "joint_session":
            yield Step(command=RecordSession(result=Result.UNREPORTED, minutes=note), occurred=occurred)
        case "agreement":
            amount = report["amount_agreed_yuan"]
            reached = ReachAgreement(
                terms=tuple(_term(report, words) for words in report["terms_zh"]),
                amount=None if amount is None else amount * 100,
                words=note,
            )
            yield Step(command=reached, occurred=occurred)
            if report["outcome"] == "oral_agreement":
                yield Step(
                    command=AdoptOrally(), occurred=occurred, provenance=Provenance.INFERRED, on=("agreement/1",)
                )
        case "performed":
            paid = RecordPayment(agreement="agreement/1", amount=_sum_in(note), note=note)
            yield Step(command=paid, occurred=occurred)
        case "judicial_confirmation":
            ruled = RecordConfirmed(kind=Kind.JUDICIAL, agreement="agreement/1", paper=note)
            yield Step(command=ruled, occurred=occurred)
        case _:
            raise FileFault(path=report["id"], why=f"暂不能录入步骤“{step}”")


def _term(report: dict[str, Any], words: str) -> Term:
    """A term with payer, payee and sum only where the words leave no doubt."""
    amount = _sum_in(words)
    kind = (
        TermKind.PAY
        if amount is not None
        else TermKind.CONTINGENT
        if re.search("后.*(调整|恢复)", words)
        else TermKind.ACT
    )
    firms = [n for n, d in enumerate(report["disputants"], 1) if d["kind"] == "enterprise"]
    others = [n for n, d in enumerate(report["disputants"], 1) if d["kind"] != "enterprise"]
    payer = payee = None
    if kind is TermKind.PAY and len(firms) == len(others) == 1 and re.match("公司|单位|企业|厂", words):
        payer, payee = f"party/{firms[0]}", f"party/{others[0]}"
    return Term(words=Text(words), kind=kind, payer=payer, payee=payee, amount=amount)


def _sum_in(words: str) -> int | None:
    """The one sum named in some words, in 分; None where there is none or more than one."""
    found = re.findall(r"(\d+(?:\.\d+)?)(万?)元", words)
    if len(found) != 1:
        return None
    number, ten_thousand = found[0]
    return round(float(number) * 100) * (10_000 if ten_thousand else 1)
