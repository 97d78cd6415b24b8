"""Cases looked at: the list, one, what can be done, the history, a replay, an audit, a file to take away."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, abort

from mediation_engine import upkeep
from mediation_engine.adapters.forms import UNPRINTABLE
from mediation_engine.available import steps
from mediation_engine.domain.case import Case
from mediation_engine.export import readable, write_case
from mediation_engine.ports import Wanted
from mediation_engine.rights import is_within, reach

from ..here import UNREADABLE, door, find, look, reader, whose
from ..reading import teller
from . import telling as t
from .parts import LINES, blueprint
from .taking import Lines, Listing, Options


@blueprint.route("/cases", methods=["GET"])
@blueprint.arguments(Listing, location="query")
@blueprint.response(200, t.Cases)
def cases(asked: dict[str, Any]) -> t.Told:
    """列出本机构及下级的案件。"""
    most, after = asked.pop("most"), asked.pop("after", "")
    closed = not asked.pop("open") if "open" in asked else None
    with door().store.read() as unit:
        own = reach(unit.register, reader().actor.organisation)
        wanted = Wanted(organisations=own, closed=closed, **asked)
        rows = unit.views.search(wanted, after=after, most=most + 1)
    more = rows[most - 1].case if len(rows) > most else None
    return {"cases": [t.row(row) for row in rows[:most]], "next": more}


@blueprint.route("/cases/<case_id>", methods=["GET"])
@blueprint.response(200, t.CaseTold)
def case(case_id: str) -> t.Told:
    """一件案件现在的情况。"""
    found = look(own(case_id).id, "case")
    return told(found)


def told(found: Case, whole: Case | None = None) -> t.Told:
    """A case as it stands; `whole` is the same case as it is now, where this one is replayed."""
    workflow = door().catalogue.reading(found.workflow)
    waiting = list(workflow.open_parts(found)) if workflow else []
    return t.case(found, teller(door(), whole or found, reader().office), waiting)


def own(case_id: str) -> Case:
    """A case that is the caller's business; 404 as where there is none. Leaves no record: nothing is shown yet."""
    if not 1 <= len(case_id) <= 80 or UNPRINTABLE.search(case_id):
        abort(404)
    found = find(case_id)
    _check_within(found.facts.organisation)
    return found


def _check_within(organisation: str) -> None:
    with door().store.read() as unit:
        if not is_within(unit.register, organisation, reader().actor.organisation):
            abort(404)


@blueprint.route("/cases/<case_id>/commands", methods=["GET"])
@blueprint.arguments(Options, location="query")
@blueprint.response(200, t.Commands)
def commands(asked: dict[str, Any], case_id: str) -> t.Told:
    """令牌的职务现在能办理什么，其余为何不能。"""
    office = reader().office
    found = door().available(own(case_id).id, office, on=asked.get("on"), every=asked["every"])
    seen = look(case_id, "available")
    told = [t.option(option) for option in found.options]
    parts = {name: dict(states) for name, states in found.parts.items()}
    return {"case": seen.id, "version": seen.version, "office": office.value, "commands": told, "parts": parts}


@blueprint.route("/cases/<case_id>/history", methods=["GET"])
@blueprint.arguments(Lines, location="query")
@blueprint.response(200, t.History)
def history(asked: dict[str, Any], case_id: str) -> t.Told:
    """一件案件的全部经过。"""
    found = look(own(case_id).id, "history")
    lines = door().history(found.id)
    after, last = asked["after"], asked["after"] + asked["most"]
    telling = teller(door(), found, reader().office, lines)
    page = [t.line(line, telling) for line in lines[after:last]]
    more = last if last < len(lines) else None
    return {"case": found.id, "version": found.version, "lines": page, "next": more}


VERSION = {"name": "version", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}


@blueprint.route("/cases/<case_id>/versions/<version>", methods=["GET"], parameters=[VERSION])
@blueprint.response(200, t.Replayed)
def replay(case_id: str, version: str) -> t.Told:
    """案件到某一条时的情况：各项状态，谁能做什么，其余为何不能。"""
    whole = own(case_id)
    at = int(version) if re.fullmatch("[0-9]{1,9}", version, re.ASCII) else 0
    if not 1 <= at <= whole.version:
        abort(404)
    look(whole.id, f"replay {at}")
    then = door().case(whole.id, at)
    line = door().history(whole.id)[at - 1]
    workflow = door().catalogue.reading(then.workflow)
    doing = steps(workflow, then, line.recorded) if workflow else {}
    offices = {office.value: [t.option(option) for option in found] for office, found in doing.items()}
    telling = teller(door(), whole, reader().office)
    return told(then, whole) | {"at": at, "line": t.line(line, telling), "offices": offices}


@blueprint.route("/cases/<case_id>/audit", methods=["GET"])
@blueprint.response(200, t.Audited)
def audit(case_id: str) -> t.Told:
    """校验一件案件：记录是否完整未被改动，每一步是否合乎当时的规则。"""
    try:
        found = look(own(case_id).id, "audit")
    except UNREADABLE:
        found = _damaged(case_id)
    service = door()
    findings = [f for _, fs in upkeep.audit_store(service.store, service.catalogue, [found.id]) for f in fs]
    sound = all(f.known for f in findings)
    return {"case": found.id, "sound": sound, "findings": [t.finding(f) for f in findings]}


def _damaged(case_id: str) -> Case:
    """A case that cannot be read: whose it is stands in the list."""
    found = Case(case_id)
    found.facts.organisation = whose(case_id)
    who = reader()
    door().look(who.actor.id, who.office, found, "audit")
    return found


@blueprint.route("/cases/<case_id>/export", methods=["GET"])
@blueprint.response(200, {"type": "string"}, content_type=LINES)
def export(case_id: str) -> Response:
    """一件案件的原始记录，可独立校验；令牌的职务无权查看的陈述不在其中。"""
    found = look(own(case_id).id, "export")
    file = readable(upkeep.case_file(door().store, found.id), reader().office)
    return Response(b"\n".join(write_case(file)) + b"\n", content_type=LINES)
