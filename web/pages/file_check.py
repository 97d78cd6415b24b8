"""核对导出的文件: exported cases held against themselves, the rules and a checkpoint; the file is kept nowhere."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from mediation_engine.audit import Checkpoint, audit_against
from mediation_engine.errors import FileFault, MediationError
from mediation_engine.export.case_file import read_cases
from mediation_engine.export.checkpoint import read_checkpoint
from mediation_engine.export.signing import public_half

from ..http.request_context import door, key
from ..presenters.audit_result import CheckedFile, checked

LONGEST_NAME = 80

pages = Blueprint("file_check", __name__)


class NoCaseFile(MediationError):
    """还没有选择文件。请先选择导出的案件记录（名称以 .jsonl 结尾），再核对。"""


@pages.route("/audit/file", methods=["GET", "POST"])
def check() -> str | tuple[str, int]:
    """The form, and below it what was found in the file that was sent."""
    if request.method == "GET":
        return render_template("file_check.html", found=None, stood=None, fault="")
    try:
        found, stood = _checked()
    except (NoCaseFile, FileFault) as fault:
        return render_template("file_check.html", found=None, stood=None, fault=fault.sentence), 422
    return render_template("file_check.html", found=found, stood=stood, fault="")


def _checked() -> tuple[list[CheckedFile], Checkpoint | None]:
    """What is found in the cases of the file. NoCaseFile, FileFault."""
    sent, point = request.files.get("file"), request.files.get("checkpoint")
    if not sent or not sent.filename:
        raise NoCaseFile
    own, stood = key(), None
    if point and point.filename:
        stood = read_checkpoint(point.read(), point.filename[:LONGEST_NAME], public_half(own) if own else None)
    files = read_cases(sent.read().splitlines(), sent.filename[:LONGEST_NAME])
    ours = {file.case for file in files}
    heads = {case: head for case, head in stood.cases.items() if case in ours} if stood else None
    return checked(files, audit_against(files, door().catalogue, heads)), stood
