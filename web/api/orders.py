"""Orders: a case is opened, a step is carried out; once, however often it is sent."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from mediation_engine.domain.command import Command
from mediation_engine.domain.correcting import CorrectOrder, StrikeOrder
from mediation_engine.domain.fields import Text, fields_of
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.order import Order, Receipt
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.workflow import Workflow
from mediation_engine.errors import CaseAlreadyOpen, CommandIdReused, FormFaults, PersonTaken, Refused, UnknownCommand
from mediation_engine.ids import new_case_id
from mediation_engine.input.command_schema import Names, read_form
from mediation_engine.input.corrections import corrected, read_reason, unchanged
from mediation_engine.input.faults import Choices, first_faults
from mediation_engine.input.new_case import id_to_open
from mediation_engine.input.new_people import Newcomers, bytes_from
from mediation_engine.ports.register import Person
from mediation_engine.services.case_view import CaseView

from ..http.case_access import look
from ..http.problems import refusal
from ..http.request_context import door, reader
from ..http.request_faults import InvalidInput, KeyMissing, KeysDiffer
from ..presenters.preview import told_difference
from . import response_schemas as t
from . import serializers
from .blueprint import blueprint
from .cases import own
from .field_checks import by_name, check_fields
from .request_schemas import ID, PARSER, Correction, Keyed, Opening, Ordered


@blueprint.route("/cases", methods=["POST"])
@blueprint.doc(operationId="openCase")
@blueprint.arguments(Keyed, location="headers")
@PARSER.use_args(Opening)
@blueprint.response(201, t.Done)
def open_case(header: dict[str, str], asked: dict[str, Any]) -> Any:
    """登记一件新案。案件编号由操作编号而来，见回答。"""
    id = _id(header, asked)
    workflow = door().catalogue.named(asked["workflow"])
    # Everything made up for an order comes from its id: given again, it is the same order.
    randomness = bytes_from(reader().actor.organisation, id)
    tracks = [track.code for track in workflow.tracks]
    if tracks and asked["fields_"].get("track") not in tracks:
        raise InvalidInput({"fields.track": [f"应为：{'、'.join(tracks)}"]})
    made_up, newcomers = new_case_id(randomness), Newcomers(randomness)
    filled = {"organisation": reader().actor.organisation} | asked["fields_"]
    command = _command(workflow.opening, filled, newcomers)
    opened = id_to_open(workflow, command, filled["organisation"]) or made_up
    given = _order(id, opened, command, asked, workflow=workflow.name)
    try:
        return _give(given, _people(newcomers, command), asked)
    except CaseAlreadyOpen:
        if opened == made_up:
            raise
        return told_of(given, opened_by(look(opened, "case"))), 200


@blueprint.route("/cases/<case_id>/commands", methods=["POST"])
@blueprint.doc(operationId="giveOrder")
@blueprint.arguments(Keyed, location="headers")
@PARSER.use_args(Ordered)
@blueprint.response(200, t.Done)
def order(header: dict[str, str], asked: dict[str, Any], case_id: str) -> Any:
    """办理一个步骤。"""
    found, id = own(case_id), _id(header, asked)
    workflow = door().catalogue.in_force(found.rules)
    kind = workflow.commands.get(asked["command"])
    if kind is None or workflow.opens_only(kind, found):
        raise UnknownCommand(workflow=workflow.label, command=asked["command"])
    newcomers = Newcomers(bytes_from(found.id, id))
    usual = {"organisation": found.facts.organisation} if kind in workflow.openings else {}
    command = _command(kind, usual | asked["fields_"], newcomers)
    waives = _waives(workflow, asked["waives"])
    more = {"on": tuple(asked["on"]), "expects": asked["expects"], "waives": waives}
    more |= {"capacity": asked.get("capacity", "")}
    return _give(_order(id, found.id, command, asked, **more), _people(newcomers, command), asked)


@blueprint.route("/cases/<case_id>/corrections", methods=["POST"])
@blueprint.doc(operationId="correctOrder")
@blueprint.arguments(Keyed, location="headers")
@PARSER.use_args(Correction)
@blueprint.response(200, t.Done)
def correct(header: dict[str, str], asked: dict[str, Any], case_id: str) -> Any:
    """更正一步，或作误录：原来的记录保留，fields 只写要改的项。"""
    found, id = own(case_id), _id(header, asked)
    view = door().view(found.id, reader().office, reader().actor).before(reader().actor.organisation, id)
    standing = view.standing(asked["line"])
    if standing is None:
        raise InvalidInput({"line": ["不是可以更正的一步"]})
    try:
        reason = read_reason(asked["reason"])
    except FormFaults as faults:
        raise InvalidInput(faults.faults) from faults
    if asked["strike"]:
        command: Command = StrikeOrder(order=standing.first, reason=reason)
        return _give(_order(id, found.id, command, {}), [], asked)
    old, newcomers, known = standing.order, Newcomers(bytes_from(found.id, id)), set(view.people)
    check_fields(type(old.command), asked["fields_"])
    names = Names(person=lambda name: name if name in known else newcomers.enter(name), today=door().today())
    try:
        instead = corrected(old.command, asked["fields_"], view.words, names)
    except FormFaults as faults:
        raise InvalidInput(by_name(type(old.command), faults.faults)) from faults
    more = {
        "on": tuple(asked.get("on", old.on)),
        "instead": instead,
        "unchanged": unchanged(old.command, instead, view.words),
        "provenance": old.provenance,
        "field_provenance": old.field_provenance,
        "capacity": asked.get("capacity", old.capacity),
    }
    given = _order(id, found.id, CorrectOrder(order=standing.first, reason=reason), asked, **more)
    given = given if given.occurred else replace(given, occurred=old.occurred)
    return _give(given, _people(newcomers, instead), asked)


def _id(header: dict[str, str], asked: dict[str, Any]) -> str:
    """The order's id. KeyMissing, KeysDiffer, InvalidInput."""
    given = {header["key"].strip().strip('"')} if "key" in header else set()
    given |= {asked["id"]} if "id" in asked else set()
    if not given:
        raise KeyMissing
    if len(given) > 1:
        raise KeysDiffer
    id = str(given.pop())
    if not re.fullmatch(ID, id):
        raise InvalidInput({"Idempotency-Key": ["只能用字母、数字和 . _ : - ，最多40个"]})
    return id


def _command(kind: type[Command], filled: dict[str, Any], newcomers: Newcomers) -> Command:
    check_fields(kind, filled)
    try:
        return read_form(kind, filled, Names(person=newcomers.enter, today=door().today()))
    except FormFaults as faults:
        raise InvalidInput(by_name(kind, faults.faults), more=faults.more) from faults


def _people(newcomers: Newcomers, command: Command) -> list[Person]:
    """Who is entered in the register with an order, each of the kind that the order says."""
    kinds = dict(_kinds(command))
    return [replace(person, kind=kinds.get(person.id, person.kind)) for person in newcomers.people]


def _kinds(value: Any) -> Any:
    kind = getattr(value, "kind", None)
    for spec in fields_of(type(value)):
        held = getattr(value, spec.name)
        if spec.kind == "person" and isinstance(kind, PartyKind):
            yield held, kind
        elif spec.kind == "rows":
            for row in held:
                yield from _kinds(row)


def _waives(workflow: Workflow, waives: dict[str, str]) -> dict[str, Text]:
    known = sorted(workflow.policy_sentences)
    unknown = Choices("没有这一条本室规定", known, "；有：")
    faults, more = first_faults((f"waives.{code}", unknown) for code in waives if code not in known)
    if faults:
        raise InvalidInput(faults, more=more)
    return {code: Text(reason.strip()) for code, reason in waives.items()}


def _order(id: str, case: str, command: Command, asked: dict[str, Any], **more: Any) -> Order:
    who = reader()
    occurred = Occurred.read(asked["occurred"]) if "occurred" in asked else None
    return Order(id=id, case=case, command=command, actor=who.actor.id, office=who.office, occurred=occurred, **more)


def _give(given: Order, people: list[Person], asked: dict[str, Any]) -> Any:
    if asked["preview"]:
        return _previewed(given, people), 200
    try:
        receipt = door().submit(given, people)
    except PersonTaken as taken:  # its id comes from the order's: the order was given before, with another name
        raise CommandIdReused(command_id=given.id) from taken
    return told_of(given, receipt)


def told_of(given: Order, receipt: Receipt) -> serializers.Told:
    """What an order did."""
    view = door().view_of_receipt(receipt, given.office, reader().actor)
    told = [serializers.line(it, view.teller) for it in view.lines]
    return _done(given, first=receipt.first, last=receipt.last, lines=told)


def opened_by(view: CaseView) -> Receipt:
    """The answer to the order that opened a case."""
    lines = tuple(it.line for it in view.lines if it.line.first == 1)
    first, last = lines[0], lines[-1]
    return Receipt(command_id=first.command_id, case=view.case.id, first=first.version, last=last.version, lines=lines)


def _previewed(given: Order, people: list[Person]) -> serializers.Told:
    seen = door().preview(given, people)
    if seen.refused is not None:
        return _done(given, preview=True, allowed=False, refusals=_refusals(seen.refused))
    assert seen.view is not None
    differs = [{"label": it.label, "before": it.before, "after": it.after} for it in told_difference(given, seen)]
    lines = [serializers.line(it, seen.view.teller) for it in seen.view.lines]
    return _done(given, preview=True, lines=lines, differences=differs)


def _refusals(refused: Refused) -> list[serializers.Told]:
    return [refusal(found) for found in refused.refusals]


def _done(given: Order, **told: Any) -> serializers.Told:
    nothing: serializers.Told = {
        "preview": False,
        "allowed": True,
        "first": None,
        "last": None,
        "refusals": [],
        "lines": [],
        "differences": [],
    }
    return {"case": given.case, "id": given.id} | nothing | told
