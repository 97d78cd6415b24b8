"""`mediation dossier …`: what lies in the dossier of a case, the whole as one PDF, all of it as a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO

import click

from mediation_engine.adapters.files import writing_whole
from mediation_engine.domain.formatting import civil_words
from mediation_engine.domain.people import RegisterReason
from mediation_engine.domain.roles import MEDIATOR, Actor, Office
from mediation_engine.errors import FileFault, OfficeNotHeld, why
from mediation_engine.export.bundle import zipped
from mediation_engine.export.folder import folder, safe

from ..presenters.binder import Binder, binder_of
from ..presenters.dossier import lacking, lying, places_lacking
from ..presenters.papers import retention_of
from . import output
from .cases import read_case
from .cli_context import Desk, acting, as_json, desk
from .groups import Command, Group


@click.group("dossier", cls=Group)
def dossier() -> None:
    """一件案的案卷：列出里面有什么、缺什么，做成整卷 PDF，导出电子卷。"""


@dossier.command("show", cls=Command)
@click.argument("case_id", metavar="案件")
@acting
@as_json
@desk
def show(desk: Desk, case_id: str, actor: str | None, office: Office | None, json_: bool) -> None:
    """列出案卷里按次序有什么、缺什么，保管到什么时候。"""
    view = read_case(desk, case_id, actor, office, "dossier")
    found, kept = lying(view), retention_of(view, desk.settings.terms)
    is_over = kept.ends is not None and kept.ends < view.today
    if json_:
        rows = [
            {
                "place": it.place,
                "title": it.title,
                "remark": it.remark,
                "paper": it.paper.code if it.paper else None,
                "exhibit": it.exhibit or None,
                "missing": it.is_missing,
            }
            for it in found
        ]
        term = {"years": kept.years, "since": kept.since, "ends": kept.ends, "over": is_over}
        desk.json({"case": view.case.id, "retention": term, "lying": rows})
        return
    table = output.grid("卷内位置", "文书名称", "备注")
    for it in found:
        table.add_row(it.place, it.title, it.remark)
    desk.out.print(table if found else "案卷里还没有什么。")
    until = f"，到{civil_words(kept.ends)}" if kept.ends else ""
    missing = places_lacking(view)
    desk.out.print(f"缺 {len(missing)} 样：{'、'.join(missing)}。" if missing else "不缺什么。")
    desk.out.print(f"保管期限：{kept.words}{until}{'。到期，应鉴定' if is_over else ''}。")


@dossier.command("make", cls=Command)
@click.argument("case_id", metavar="案件")
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="文件", help="存到哪里；默认用案号作名字")
@acting
@desk
def make(desk: Desk, case_id: str, out: Path | None, actor: str | None, office: Office | None) -> None:
    """把整卷做成一份 PDF：封面、写明页号的目录、卷里的一切按次序、封底；记入查阅记录。

    \b
    例：mediation dossier make A1 -o 整卷.pdf --as li
    """
    who, binder = _binder(desk, case_id, actor, office)
    path = out or Path(f"整卷{binder.name}.pdf")

    def write(file: IO[bytes]) -> None:
        binder.write_pdf(file, desk.settings.papers.fonts)
        _record(desk, who, binder, "bound dossier")

    _write(path, write)
    desk.out.print(f"整卷已做好：{path}。{_lacking(binder)}里面有当事人的资料，请妥善保管。")


@dossier.command("export", cls=Command)
@click.argument("case_id", metavar="案件")
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path), metavar="文件", help="存到哪里，如 电子卷.zip"
)
@acting
@desk
def export(desk: Desk, case_id: str, out: Path, actor: str | None, office: Office | None) -> None:
    """导出电子卷（zip）：目录、元数据、每份文书和它的数据、每件材料的原件、校验码；记入查阅记录。

    解开后在文件夹里运行 sha256sum -c manifest.sha256，可以核对一个字节也没有变。

    \b
    例：mediation dossier export A1 -o 电子卷.zip --as li
    """
    who, binder = _binder(desk, case_id, actor, office)
    files = binder.files(desk.settings.papers.fonts)

    def write(file: IO[bytes]) -> None:
        _record(desk, who, binder, "dossier folder")
        file.writelines(zipped(folder(safe(binder.name), files)))

    _write(out, write)
    desk.out.print(f"电子卷已导出：{out}。{_lacking(binder)}里面有当事人的资料，没有加密，请妥善保管。")


def _binder(desk: Desk, case_id: str, actor: str | None, office: Office | None) -> tuple[Actor, Binder]:
    who = desk.actor(actor)
    held = desk.office(who, office)
    if held not in MEDIATOR:
        raise OfficeNotHeld(actor=who.name, office=Office.MEDIATOR.label)
    found = desk.case_id(case_id)
    view, joint = (desk.service.view(found, read_as, who) for read_as in (held, Office.AUDITOR))
    given = desk.settings.for_papers()
    return who, binder_of(view, joint, desk.service.store, desk.register, lambda: desk.exhibit_service, **given)


def _record(desk: Desk, who: Actor, binder: Binder, what: str) -> None:
    view, reason = binder.view, RegisterReason.PAPERS.code
    desk.service.look_at_paper(who.id, view.office, view.case, what, binder.people(), reason, binder.opened())


def _write(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    try:
        with writing_whole(path) as file:
            write(file)
    except OSError as fault:
        raise FileFault(path=path, why=f"写不进去（{why(fault)}）") from fault


def _lacking(binder: Binder) -> str:
    missing = lacking(binder.lying())
    return f"还缺{'、'.join(missing)}，目录里已写明。" if missing else ""
