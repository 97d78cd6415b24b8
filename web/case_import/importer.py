"""Reports taken through the door: rehearsed in memory first, then given to the real door."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.order import Order
from mediation_engine.domain.workflow import Workflow
from mediation_engine.errors import FileFault, MediationError
from mediation_engine.rules.catalogue import Catalogue
from mediation_engine.services.mediation import MediationService
from workflows.facts import facts_of
from workflows.parts.confirmation import ConfirmAgreement

from .file_format import checked, sentence_of
from .rehearsal import FAMILY, Rehearsal
from .report_parties import RECORDER, ROOT, enter, hosts

__all__ = ["RECORDER", "ROOT", "report_of", "take_reports"]


def report_of(case_id: str) -> str:
    """The id of the report a case comes from; a successor case has a number behind a colon."""
    return case_id.partition(":")[0]


def take_reports(service: MediationService, reports: list[dict[str, Any]], path: str = "报道") -> list[str]:
    """Take reports through the door; the ids of their cases. A second run adds nothing.

    Every report is first rehearsed in memory, where each order is found; then the same orders are given to the real
    door. FileFault names every report that cannot be taken, and nothing is written.
    """
    reports = checked(reports, path)  # what is left out is unknown
    with service.store.read() as unit:
        now = unit.now
    faults, rehearsed = [fault for n, report in enumerate(reports, 1) for fault in _yet_to_come(n, report, now)], []
    for report in reports if not faults else ():
        workflow = _told_under(service, str(report["id"]), now)
        taking = Rehearsal(_rehearsed_in(service, now, workflow), report, workflow)
        try:
            taking.run()
        except MediationError as fault:
            faults.append(f"{report['id']}：{fault}")
        rehearsed.append(taking)
    faults += [fault for taking in rehearsed if not faults for fault in _differing(service, taking)]
    if faults:
        raise FileFault(path=path, why=sentence_of(faults))
    for taking in rehearsed:
        enter(service, taking.report)
        for order, entering in taking.orders:
            service.submit(_rebound(service, order), entering)
    return [case for taking in rehearsed for case in taking.cases]


def _yet_to_come(number: int, report: dict[str, Any], now: datetime) -> Iterator[str]:
    """The steps of a report that have not happened yet."""
    for n, entry in enumerate(report["timeline"], 1):
        if entry["date"] and Occurred(entry["date"]).is_after(now):
            yield f"第{number}件（{report['id']}） timeline第{n}项 date：发生时间不能晚于现在"


def _differing(service: MediationService, taking: Rehearsal) -> Iterator[str]:
    """What of a report stands in the way of what is in the record already."""
    name, orders = taking.report["id"], {order.id: order for order, _ in taking.orders}
    with service.store.read() as unit:
        given = [order.command_id for case in taking.cases for order in unit.record.orders(case)]
        entered = {h.id: unit.register.organisation(h.id) for h in hosts(taking.report)}
    if given and given[0] not in orders:
        yield f"{name}：案件编号已被另行登记的案件占用，请改报道的编号"
        return
    foreign, new = [g for g in given if g not in orders], [o for o in orders if o not in given]
    changed = [g for g in given if g in orders and not service.is_same(_rebound(service, orders[g]))]
    renamed = [h.name for h in hosts(taking.report) if (held := entered[h.id]) is not None and held.name != h.name]
    shortened = [g for g in foreign if g.startswith(f"reported:{name}:")]
    if changed or renamed or shortened:
        yield f"{name}：与已录入的报道不同，没有录入；请改报道的编号，或在案件里补记"
    elif foreign and new:
        yield f"{name}：录入后案件已另有办理，不能再接着录入；请在案件里补记"


def _rebound(service: MediationService, order: Order) -> Order:
    """A confirmation bound to the text of the real case: its words are sealed with salts the rehearsal had not."""
    if not isinstance(order.command, ConfirmAgreement):
        return order
    text_hash = facts_of(service.case(order.case)).confirmations[order.on[0]].text_hash
    return replace(order, command=replace(order.command, text_hash=text_hash))


def _told_under(service: MediationService, case_id: str, now: datetime) -> Workflow:
    """The version a report is told under: that of its case where it has been taken before, else that in force."""
    try:
        known = service.catalogue.reading(service.case(case_id).workflow)
    except MediationError:  # there is none yet, or none that can be read
        known = None
    if known and known.family == FAMILY:
        return known
    return service.catalogue.to_open(FAMILY, now.astimezone(CHINA).date())


def _rehearsed_in(service: MediationService, now: datetime, workflow: Workflow) -> MediationService:
    """A door to an empty store in memory, at the same time, under the rules that a report is told under."""
    open_ended = replace(workflow, in_force_until=None) if workflow.in_force_until else workflow
    return MediationService(
        MemoryStore(lambda: now), Catalogue([open_ended], service.catalogue.roles), service.randomness
    )
