"""Exhibits: listed, filed with their bytes in base 64, taken away."""

from __future__ import annotations

import base64
import binascii
from io import BytesIO
from typing import Any

from flask import Response, send_file

from mediation_engine.domain.files import takes_files
from mediation_engine.errors import UnknownCommand
from mediation_engine.input.new_people import Newcomers, bytes_from

from ..http.case_access import find, look, record
from ..http.request_context import door
from ..http.request_context import exhibits as service
from ..http.request_faults import InvalidInput
from ..presenters.exhibits import listed
from . import orders, serializers
from . import response_schemas as t
from .blueprint import blueprint
from .cases import _id, own
from .request_schemas import PARSER, Filing, Keyed


@blueprint.route("/cases/<case_id>/exhibits", methods=["GET"])
@blueprint.doc(operationId="listExhibits")
@blueprint.response(200, t.Exhibits)
def list_exhibits(case_id: str) -> serializers.Told:
    """一件案件的材料；令牌的职务无权看的，只列出有这一件。"""
    view = look(_id(case_id), "exhibits")
    return {"case": view.case.id, "exhibits": [serializers.exhibit(it) for it in listed(view)]}


@blueprint.route("/cases/<case_id>/exhibits", methods=["POST"])
@blueprint.doc(operationId="fileExhibits")
@blueprint.arguments(Keyed, location="headers")
@PARSER.use_args(Filing)
@blueprint.response(200, t.Done)
def file_exhibits(header: dict[str, str], asked: dict[str, Any], case_id: str) -> Any:
    """收存材料：files 是文件内容（base64），每个文件一件。"""
    found, id = own(case_id), orders._id(header, asked)
    workflow = door().catalogue.in_force(found.rules)
    steps = (kind for kind in workflow.commands.values() if kind not in workflow.openings)
    kind = next(filter(takes_files, steps), None)
    if kind is None:
        raise UnknownCommand(workflow=workflow.label, command="收存材料")
    command = orders._command(kind, asked["fields_"], Newcomers(bytes_from(found.id, id)))
    order = orders._order(id, found.id, command, asked)
    return orders.told_of(order, service().file(order, [*map(_content, asked["files"])]))


def _content(sent: str) -> bytes:
    try:
        return base64.b64decode(sent, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise InvalidInput({"files": ["应为文件内容的 base64"]}) from fault


@blueprint.route("/cases/<case_id>/exhibits/<exhibit>", methods=["GET"])
@blueprint.doc(operationId="getExhibit")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def get_exhibit(case_id: str, exhibit: str) -> Response:
    """一件材料的原件。"""
    view = find(_id(case_id))
    key, held, content = service().content(view, exhibit)
    record(view.case, f"exhibit {key}")
    name = f"{view.case.id}-{key.replace('/', '-')}.{held.ending}"
    return send_file(BytesIO(content), mimetype="application/octet-stream", as_attachment=True, download_name=name)
