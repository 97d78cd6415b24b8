"""`mediation paper …`: which papers of a case can be made, and one of them as a file."""

from __future__ import annotations

from dataclasses import asdict
from importlib import resources
from pathlib import Path

import click

from mediation_engine.adapters.files import write_whole
from mediation_engine.adapters.papers import MEDIA, drawn
from mediation_engine.domain.case import machine_of
from mediation_engine.domain.paper import Paper
from mediation_engine.domain.people import RegisterReason
from mediation_engine.domain.roles import MEDIATOR, Office
from mediation_engine.errors import FileFault, OfficeNotHeld, PaperNotFound, why
from workflows.papers.clauses import suited

from ..forms.term_clauses import labelled, of_case, of_clause
from ..presenters.case_details import Casework
from ..presenters.papers import ListedPaper, desk_of, filled_as, listed
from . import output
from .cases import read_case
from .cli_context import Desk, Keys, acting, as_json, desk
from .groups import Command, Group

HTML = "html"


@click.group("paper", cls=Group)
def paper() -> None:
    """一件案的文书：列出能做哪些，做成 PDF、Word 或网页。"""


@paper.command("list", cls=Command)
@click.argument("case_id", metavar="案件")
@acting
@as_json
@desk
def list_(desk: Desk, case_id: str, actor: str | None, office: Office | None, json_: bool) -> None:
    """列出一件案现在能做的文书，按卷内次序。"""
    found = [*listed(read_case(desk, case_id, actor, office, "papers"))]
    if json_:
        desk.json([asdict(it) for it in found])
        return
    table = output.grid("文书", "关于", "卷内位置", "代号")
    for it in found:
        table.add_row(it.label, it.about, it.place, it.code)
    desk.out.print(table if found else "现在还没有能做的文书。")


@paper.command("make", cls=Command)
@click.argument("case_id", metavar="案件")
@click.argument("paper", metavar="文书")
@click.option("--about", metavar="哪一项", help="同一种有几份时写明，如 协议2、付款1")
@click.option(
    "--format",
    "ending",
    type=click.Choice([*MEDIA, HTML]),
    metavar="格式",
    help="pdf、docx 或 html；默认看文件名的结尾，没有就是 pdf",
)
@click.option("--large", is_flag=True, help="大字版，给看小字吃力的人")
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="文件", help="存到哪里；默认用文书的名字")
@acting
@desk
def make(
    desk: Desk,
    case_id: str,
    paper: str,
    about: str | None,
    ending: str | None,
    large: bool,
    out: Path | None,
    actor: str | None,
    office: Office | None,
) -> None:
    """把一份文书做成文件，电话、住址都是完整的；记入查阅记录。

    \b
    例：mediation paper make A1 协议书 -o 协议书.pdf --as li
    """
    who = desk.actor(actor)
    held = desk.office(who, office)
    if held not in MEDIATOR:
        raise OfficeNotHeld(actor=who.name, office=Office.MEDIATOR.label)
    view = desk.service.view(desk.case_id(case_id), held, who)
    view.check_whole()
    chosen = _chosen([*listed(view)], paper, about, desk.key_of(view))
    read_as = desk.service.view(view.case.id, filled_as(view, chosen.code), who)
    papers = desk_of(read_as, desk.service.store, desk.register, whole=True, **desk.settings.for_papers())
    filled = papers.filled(chosen.code, chosen.key, large=large)
    form = ending or (out.suffix.lstrip(".").lower() if out else "") or "pdf"
    if form not in (*MEDIA, HTML):
        raise click.UsageError(f"文件名的结尾应是 {'、'.join((*MEDIA, HTML))} 之一，或用 --format 写明")
    content = _page(filled) if form == HTML else drawn(filled, form, desk.settings.papers.fonts)
    what = f"print {chosen.code} {chosen.key}".strip()
    desk.service.look_at_paper(who.id, held, view.case, what, papers.asked, RegisterReason.PAPERS.code)
    path = out or Path(f"{filled.title}{view.case.facts.number or view.case.id}.{form}")
    try:
        write_whole(path, content)
    except OSError as fault:
        raise FileFault(path=path, why=f"写不进去（{why(fault)}）") from fault
    desk.out.print(f"已做好《{filled.title}》：{path}。里面有当事人的资料，请妥善保管。")


@paper.command("clauses", cls=Command)
@click.argument("case_id", metavar="案件")
@acting
@as_json
@desk
def clauses(desk: Desk, case_id: str, actor: str | None, office: Office | None, json_: bool) -> None:
    """列出一件案能用的常用条款，本类纠纷的在前；＿＿ 处自己填。"""
    view = read_case(desk, case_id, actor, office, "papers")
    found = suited(desk.settings.papers.clauses, view.case)
    if json_:
        desk.json([{"名称": it.name} | labelled(of_clause(it, view.case)) for it in found])
        return
    table = output.grid("名称", "种类", "内容", "使用时注意")
    for it in found:
        table.add_row(it.name, it.kind.label, it.words, it.caution)
    desk.out.print(table)


@paper.command("terms", cls=Command)
@click.argument("case_id", metavar="案件")
@click.argument("older", metavar="旧案")
@acting
@desk
def terms(desk: Desk, case_id: str, older: str, actor: str | None, office: Office | None) -> None:
    """照旧案的协议写出条款，供 case do --set 协议条款=… 用；人名换成 ＿＿，金额和日期不带过来。"""
    view = read_case(desk, case_id, actor, office, "papers")
    rows = of_case(Casework(view=read_case(desk, older, actor, office, "terms")), view.case)
    if not rows:
        raise click.UsageError("那件案件没有写成条款的协议")
    desk.json([labelled(row) for row in rows])


def _chosen(there: list[ListedPaper], named: str, about: str | None, key: Keys) -> ListedPaper:
    """The paper that is meant, by code or name, and by what it is about where there are several."""
    fitting = [it for it in there if named in (it.code, it.label)]
    if about is not None:
        meant = key(about, *dict.fromkeys(machine_of(it.key) for it in fitting if it.key))
        fitting = [it for it in fitting if it.key == meant]
    if not fitting:
        raise PaperNotFound
    if len(fitting) > 1:
        raise click.UsageError(
            f"有几份{fitting[0].label}，请用 --about 写明是哪一份：{'、'.join(it.about for it in fitting)}"
        )
    return fitting[0]


def _page(filled: Paper) -> bytes:
    from mediation_engine.adapters.papers.html import page

    styles = resources.files("web").joinpath("static/paper.css").read_text(encoding="utf-8")
    return page(filled, styles).encode()
