"""What the API answers, made from the engine's values."""

from __future__ import annotations

from typing import Any

import msgspec

from mediation_engine.audit import Finding
from mediation_engine.decisions.options import Option
from mediation_engine.descriptions.lines import Teller
from mediation_engine.domain.case import Case, machine_of
from mediation_engine.domain.line import Defect
from mediation_engine.domain.matter import CASE
from mediation_engine.read_models.projections import CaseRow, list_row
from mediation_engine.record.codec import whole
from mediation_engine.record.fold import DecodedLine

from ..http.problems import refusal
from ..presenters.exhibits import Listed

Told = dict[str, Any]


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    return msgspec.json.decode(msgspec.json.encode(value, order="deterministic"))


def row(found: CaseRow) -> Told:
    """A case in the list."""
    told: Told = plain(found)
    return told


def case(found: Case, teller: Teller, waiting: list[str]) -> Told:
    """A case as it stands."""
    facts = found.facts
    row = list_row(teller.workflow, found)
    raised, settled = teller.workflow.levels(found) if teller.workflow else (None, None)
    return {
        "case": found.id,
        "number": facts.number,
        "version": found.version,
        "workflow": found.workflow,
        "rules": found.rules,
        "organisation": facts.organisation,
        "matter": teller.workflow.matter.code if teller.workflow else CASE.code,
        "kind": row.kind,
        "district": row.district,
        "raised": raised.code if raised else None,
        "settled": settled.code if settled else None,
        "reporter": row.reporter,
        "track": row.track,
        "dispute": row.dispute,
        "mediator": facts.lead_mediator(),
        "phase": machine_of(found.phase),
        "state": found.state(found.phase) or "",
        "closed": facts.closed,
        "opened": plain(found.opened),
        "updated": plain(found.recorded),
        "instances": [
            {
                "key": key,
                "name": teller.thing(key),
                "state": held.state,
                "state_label": teller.state(key, held.state),
                "version": held.version,
            }
            for key, held in found.instances.items()
        ],
        "waiting": waiting,
        "facts": plain(facts),
    }


def option(found: Option) -> Told:
    """A command, and why it is not possible where it is not."""
    return {
        "command": found.command.name(),
        "label": found.command.label,
        "on": found.key,
        "allowed": found.allowed,
        "refusals": [refusal(r) for r in found.refusals],
        "defects": [defect(d) for d in found.defects],
    }


def defect(found: Defect) -> Told:
    """What a line is marked with; the reason why a rule was set aside is told in its notes."""
    told = {"code": found.code, "basis": found.basis, "unjudged": found.unjudged, "waived": found.waived is not None}
    return told | {"about": list(found.about)}


def line(it: DecodedLine, teller: Teller) -> Told:
    """One line: as it is recorded, and in words."""
    found, told = it.line, teller.line(it)
    return {
        "version": found.version,
        "on": found.instance,
        "event": found.event,
        "what": told.what,
        "about": told.about,
        "change": told.change,
        "details": [{"label": label, "value": value} for label, value in told.details],
        "who": told.who,
        "notes": list(told.notes),
        "command": found.command,
        "source": found.source,
        "target": found.target,
        "data": msgspec.json.decode(whole(found)),
        "defects": [defect(d) for d in found.defects],
        "provenance": found.provenance.value,
        "actor": found.actor,
        "office": found.office,
        "capacity": found.capacity or None,
        "occurred": found.when,
        "precision": found.occurred.precision.value,
        "recorded": plain(found.recorded),
        "rules": found.rules,
        "order": found.command_id,
        "ordinal": found.ordinal,
        "corrects": found.correction.corrects if found.correction else None,
    }


def exhibit(found: Listed) -> Told:
    """An exhibit, as far as its reader may know of it."""
    told: Told = plain(found)
    return told


def finding(found: Finding) -> Told:
    """One thing an audit found."""
    told = {"fault": found.fault.value, "label": found.fault.label, "version": found.version}
    return told | {"sentence": found.sentence, "known": found.known}
