"""`mediation import FILE`: publicly reported cases, in the shape of the sample data."""

from __future__ import annotations

from pathlib import Path

import click

from .. import case_import
from ..case_import.importer import RECORDER, ROOT, report_of
from . import case_table
from .cli_context import Desk, desk
from .groups import Command


@click.command("import", cls=Command)
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
@desk
def import_(desk: Desk, file: Path) -> None:
    """录入公开报道的案例（JSON），各按报道的次序办理；重复录入不会重复。

    文件有误时逐处指出，一件也不录入。报道没写而规则要求的步骤记为“假定”，并计数。
    """
    read = case_import.read_reports(file)
    cases = case_import.take_reports(desk.service, read, str(file))
    types = {str(r["id"]): r["dispute_type_zh"] for r in read}
    named = [(case, types[report_of(case)]) for case in cases]
    desk.out.print(case_table.cases(desk, named, "录入的案例"))
    desk.out.print(f"共 {len(read)} 件报道，{len(cases)} 件案件，归“{ROOT.name}”。")
    desk.out.print(f"要查看或接着办理，请加 --as {RECORDER.name}。")
