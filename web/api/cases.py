"""Cases looked at: the list, one, what can be done, the history, a replay, an audit, a file to take away."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, abort

from mediation_engine.decisions.options import available, steps
from mediation_engine.domain.case import Case
from mediation_engine.export.case_file import VERIFIER, readable, write_case
from mediation_engine.input.characters import UNPRINTABLE
from mediation_engine.ports.views import Wanted
from mediation_engine.record.disclosure import LookReason
from mediation_engine.services import maintenance
from mediation_engine.services.authorization import reach
from mediation_engine.services.case_view import CaseView

from ..http import case_access, case_export
from ..http.case_access import find, look, look_at_record, record, record_list
from ..http.request_context import door, reader, shelf
from ..presenters.case_list import mediator_of
from . import response_schemas as t
from . import serializers
from .blueprint import LINES, PYTHON, blueprint
from .request_schemas import Lines, Listing, Options, Reason, Search

BYTES = "application/octet-stream"
"""What clients that are made from the description take for a file."""


@blueprint.route("/cases", methods=["GET"])
@blueprint.doc(operationId="listCases")
@blueprint.arguments(Listing, location="query")
@blueprint.response(200, t.Cases)
def cases(asked: dict[str, Any]) -> serializers.Told:
    """列出本机构及下级的案件。"""
    return _listed(asked, "list")


@blueprint.route("/searches", methods=["POST"])
@blueprint.doc(operationId="searchCases")
@blueprint.arguments(Search)
@blueprint.response(200, t.Cases)
def search(asked: dict[str, Any]) -> serializers.Told:
    """按姓名、案号中的几个字查找本机构及下级的案件。"""
    return _listed(asked, "search")


def _listed(asked: dict[str, Any], what: str) -> serializers.Told:
    most, after = asked.pop("most"), asked.pop("after", "")
    closed = not asked.pop("open") if "open" in asked else None
    with door().store.read() as unit:
        own = reach(unit.register, reader().actor.organisation)
        mediator = mediator_of(asked.pop("mediator", None))
        wanted = Wanted(organisations=own, closed=closed, mediator=mediator, **asked)
        rows = unit.views.search(wanted, after=after, most=most + 1)
    record_list(what, len(rows[:most]))
    more = rows[most - 1].case if len(rows) > most else None
    return {"cases": [serializers.row(row) for row in rows[:most]], "next": more}


@blueprint.route("/cases/<case_id>", methods=["GET"])
@blueprint.doc(operationId="getCase")
@blueprint.response(200, t.CaseTold)
def case(case_id: str) -> serializers.Told:
    """一件案件现在的情况。"""
    view = look(_id(case_id), "case")
    return told(view.case, view)


def told(found: Case, view: CaseView) -> serializers.Told:
    """A case as it stands, or as it once stood, in the names of the view."""
    waiting = list(view.workflow.open_parts(found)) if view.workflow else []
    return serializers.case(found, view.teller, waiting)


def own(case_id: str) -> Case:
    """A case that is the caller's business; 404 as where there is none. Leaves no record: nothing of it is shown."""
    return case_access.case(_id(case_id))


def _id(case_id: str) -> str:
    """What may be the id of a case; 404 for what may not."""
    if not 1 <= len(case_id) <= 80 or UNPRINTABLE.search(case_id):
        abort(404)
    return case_id


@blueprint.route("/cases/<case_id>/commands", methods=["GET"])
@blueprint.doc(operationId="listCommands")
@blueprint.arguments(Options, location="query")
@blueprint.response(200, t.Commands)
def commands(asked: dict[str, Any], case_id: str) -> serializers.Told:
    """令牌的职务现在能办理什么，其余为何不能。"""
    view = find(_id(case_id))
    seen, workflow = view.case, door().catalogue.in_force(view.case.rules)
    found = available(
        workflow, seen, view.office, view.today, on=asked.get("on"), every=asked["every"], by=view.access.by
    )
    record(seen, "available")
    told = [serializers.option(option) for option in found.options]
    parts = {name: dict(states) for name, states in found.parts.items()}
    return {"case": seen.id, "version": seen.version, "office": view.office.value, "commands": told, "parts": parts}


@blueprint.route("/cases/<case_id>/history", methods=["GET"])
@blueprint.doc(operationId="getHistory")
@blueprint.arguments(Lines, location="query")
@blueprint.response(200, t.History)
def history(asked: dict[str, Any], case_id: str) -> serializers.Told:
    """一件案件的全部经过。"""
    view = look(_id(case_id), "history")
    after, last = asked["after"], asked["after"] + asked["most"]
    page = [serializers.line(it, view.teller) for it in view.lines[after:last]]
    more = last if last < len(view.lines) else None
    return {"case": view.case.id, "version": view.case.version, "lines": page, "next": more}


VERSION = {"name": "version", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}


@blueprint.route("/cases/<case_id>/versions/<version>", methods=["GET"], parameters=[VERSION])
@blueprint.doc(operationId="replayCase")
@blueprint.response(200, t.Replayed)
def replay(case_id: str, version: str) -> serializers.Told:
    """案件到某一条时的情况：各项状态，谁能做什么，其余为何不能。"""
    view = find(_id(case_id))
    at = int(version) if re.fullmatch("[0-9]{1,9}", version, re.ASCII) else 0
    if not 1 <= at <= view.case.version:
        abort(404)
    record(view.case, f"replay {at}")
    then, it = view.at(at), view.lines[at - 1]
    doing = steps(view.workflow, then, it.line.recorded) if view.workflow else {}
    offices = {office.value: [serializers.option(option) for option in found] for office, found in doing.items()}
    return told(then, view) | {"at": at, "line": serializers.line(it, view.teller), "offices": offices}


@blueprint.route("/cases/<case_id>/audit", methods=["GET"])
@blueprint.doc(operationId="auditCase")
@blueprint.response(200, t.Audited)
def audit(case_id: str) -> serializers.Told:
    """校验一件案件：记录是否完整未被改动，每一步是否合乎当时的规则。"""
    found, service = look_at_record(_id(case_id), "audit").case, door()
    audited = maintenance.audit_store(service.store, service.catalogue, [found.id], look=shelf().look_at)
    findings = [f for _, fs in audited for f in fs]
    sound = all(f.known for f in findings)
    return {"case": found.id, "sound": sound, "findings": [serializers.finding(f) for f in findings]}


@blueprint.route("/cases/<case_id>/export", methods=["GET"])
@blueprint.doc(operationId="exportCase")
@blueprint.response(200, {"type": "string"}, content_type=LINES)
def export(case_id: str) -> Response:
    """一件案件的原始记录，可用 /verifier 的程序独立核对；令牌的职务无权查看的陈述不在其中。"""
    view = look_at_record(_id(case_id), "export", whole=True)
    file = readable(maintenance.case_file(door().store, view.case.id), view.access)
    return Response(b"\n".join(write_case(file)) + b"\n", content_type=LINES)


@blueprint.route("/cases/<case_id>/export.zip", methods=["GET"])
@blueprint.doc(operationId="exportCaseWithExhibits")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type=BYTES)
def export_with_exhibits(case_id: str) -> Response:
    """同一份记录，连同令牌的职务有权查看的材料（未加密）和核对程序，一个 zip；每件材料都留查阅记录。"""
    return case_export.with_exhibits(_id(case_id), BYTES)


@blueprint.route("/cases/<case_id>/private", methods=["POST"])
@blueprint.doc(operationId="giveReason")
@blueprint.arguments(Reason)
@blueprint.response(200, t.Opened)
def private(asked: dict[str, Any], case_id: str) -> serializers.Told:
    """说明理由，查看由别人承办的案件里私下的内容；理由记入查阅记录，当天有效。"""
    found, reason = own(case_id), next(it for it in LookReason if it.value == asked["reason"])
    door().give_reason(reader().actor.id, reader().office, found, reason)
    return {"case": found.id, "reason": reason.value}


@blueprint.route("/verifier", methods=["GET"])
@blueprint.doc(operationId="getVerifier")
@blueprint.response(200, {"type": "string"}, content_type=PYTHON)
def verifier() -> Response:
    """核对程序 verify.py：没有本系统的人用它核对导出的案件记录，只要有 Python 3.9 以上。"""
    return Response(VERIFIER.read_bytes(), content_type=PYTHON)
