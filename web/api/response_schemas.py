"""What goes out: values of the engine as JSON, and the schemas the description is made from."""

from __future__ import annotations

from typing import Any

import msgspec
from marshmallow import Schema, fields

from mediation_engine.audit import Finding
from mediation_engine.decisions.options import Option
from mediation_engine.descriptions.lines import Teller
from mediation_engine.domain.case import Case, machine_of
from mediation_engine.domain.line import Defect
from mediation_engine.read_models.projections import CaseRow, list_row
from mediation_engine.record.fold import DecodedLine

from .problems import refusal

Told = dict[str, Any]


def _text(**given: Any) -> fields.String:
    return fields.String(required=True, **given)


def _maybe() -> fields.String:
    return fields.String(required=True, allow_none=True)


def _moment() -> fields.String:
    return fields.String(required=True, metadata={"format": "date-time"})


def _number(**given: Any) -> fields.Integer:
    return fields.Integer(required=True, **given)


def _many(kind: Any) -> fields.Field[Any]:
    return fields.List(kind, required=True)


def _object() -> fields.Dict:
    return fields.Dict(required=True)


class Refusal(Schema):
    """Why something cannot be done."""

    code = _text()
    sentence = _text()
    basis = _text(metadata={"description": "法条；policy 为本室规定"})
    basis_words = _text()
    about = _many(fields.String())


class DefectTold(Schema):
    """What a line is marked with."""

    code = _text()
    basis = _text()
    unjudged = fields.Boolean(required=True)
    waived = fields.Boolean(required=True)
    about = _many(fields.String())


class CaseListed(Schema):
    """A case in the list."""

    case = _text()
    version = _number()
    workflow = _text()
    organisation = _text()
    kind = _maybe()
    track = _maybe()
    number = _maybe()
    dispute = _maybe()
    phase = _text()
    state = _text()
    closed = _maybe()
    opened = _moment()
    updated = _moment()
    rounds = _number(allow_none=True)
    parties = _number(allow_none=True)
    agreed = _number(allow_none=True, metadata={"description": "议定金额，分"})
    open_parts = _number()


class Cases(Schema):
    """A page of cases."""

    cases = _many(fields.Nested(CaseListed))
    next = fields.String(
        required=True, allow_none=True, metadata={"description": "下一页的 after；null 为没有了。一页可以不满"}
    )


class InstanceTold(Schema):
    """One instance of a machine."""

    key = _text()
    name = _text()
    state = _text()
    state_label = _text()
    version = _number(metadata={"description": "用于 expects"})


class CaseTold(Schema):
    """A case as it stands."""

    case = _text()
    number = _maybe()
    version = _number()
    workflow = _text()
    rules = _text()
    organisation = _text()
    kind = _maybe()
    track = _maybe()
    dispute = _maybe()
    phase = _text()
    state = _text()
    closed = _maybe()
    opened = _moment()
    updated = _moment()
    instances = _many(fields.Nested(InstanceTold))
    waiting = _many(fields.String())
    facts = _object()


class OptionTold(Schema):
    """A command, and whether it is possible."""

    command = _text()
    label = _text()
    on = _maybe()
    allowed = fields.Boolean(required=True)
    refusals = _many(fields.Nested(Refusal))
    defects = _many(fields.Nested(DefectTold))


class Commands(Schema):
    """What can be done next."""

    case = _text()
    version = _number()
    office = _text()
    commands = _many(fields.Nested(OptionTold))
    parts = _object()


class Detail(Schema):
    """Something that was filled in, in words."""

    label = _text()
    value = _text()


class LineTold(Schema):
    """One line of the record."""

    version = _number()
    on = _text()
    event = _text()
    what = _text()
    about = _text()
    change = _text()
    details = _many(fields.Nested(Detail))
    who = _text()
    notes = _many(fields.String())
    command = _maybe()
    source = _maybe()
    target = _text()
    data = _object()
    defects = _many(fields.Nested(DefectTold))
    provenance = _text()
    actor = _maybe()
    office = _maybe()
    occurred = _text()
    precision = _text()
    recorded = _moment()
    rules = _text()
    order = _text(metadata={"description": "操作编号"})
    ordinal = _number()


class History(Schema):
    """Lines of a case."""

    case = _text()
    version = _number()
    lines = _many(fields.Nested(LineTold))
    next = _number(allow_none=True, metadata={"description": "下一页的 after；null 为没有了"})


class Replayed(CaseTold):
    """A case as it stood, and what each office could do then."""

    at = _number()
    line = fields.Nested(LineTold, required=True)
    offices = _object()


class Done(Schema):
    """What an order did, or would do."""

    case = _text()
    id = _text()
    preview = fields.Boolean(required=True)
    allowed = fields.Boolean(required=True)
    first = _number(allow_none=True)
    last = _number(allow_none=True)
    refusals = _many(fields.Nested(Refusal))
    lines = _many(fields.Nested(LineTold))


class FindingTold(Schema):
    """One thing an audit found."""

    fault = _text()
    label = _text()
    version = _number(allow_none=True)
    sentence = _text()
    known = fields.Boolean(required=True)


class Audited(Schema):
    """What an audit found."""

    case = _text()
    sound = fields.Boolean(required=True)
    findings = _many(fields.Nested(FindingTold))


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
    return {
        "case": found.id,
        "number": facts.number,
        "version": found.version,
        "workflow": found.workflow,
        "rules": found.rules,
        "organisation": facts.organisation,
        "kind": row.kind,
        "track": row.track,
        "dispute": row.dispute,
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
        "data": msgspec.json.decode(found.data),
        "defects": [defect(d) for d in found.defects],
        "provenance": found.provenance.value,
        "actor": found.actor,
        "office": found.office,
        "occurred": found.when,
        "precision": found.precision.value,
        "recorded": plain(found.recorded),
        "rules": found.rules,
        "order": found.command_id,
        "ordinal": found.ordinal,
    }


def finding(found: Finding) -> Told:
    """One thing an audit found."""
    told = {"fault": found.fault.value, "label": found.fault.label, "version": found.version}
    return told | {"sentence": found.sentence, "known": found.known}
