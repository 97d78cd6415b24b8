"""`mediation workflow …`: the declared rules, listed, checked, drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.text import Text

import workflows
from mediation_engine.adapters.files import write_whole
from mediation_engine.domain.fields import fields_of
from mediation_engine.domain.workflow import Workflow
from mediation_engine.drawings import drawn_files
from mediation_engine.drawings import table as rules_table
from mediation_engine.rules.fingerprint import rules_of

from .. import wiring
from . import output
from .cli_context import Desk, as_json, codes_of, desk, steps_named
from .groups import Command, Group

DRAWN = Path(workflows.__file__).parent / "drawn"


@click.group("workflow", cls=Group)
def workflow() -> None:
    """查看、检查、绘制调解流程。"""


def _named(name: str | None) -> list[Workflow]:
    """Those of this name, family or label; all of them where none is named. UnknownWorkflow."""
    catalogue = wiring.catalogue()
    found = [w for w in catalogue.workflows.values() if name in (None, w.name, w.family, w.label)]
    return found or [catalogue.named(name or "")]


@workflow.command("list", cls=Command)
@as_json
@desk
def list_(desk: Desk, json_: bool) -> None:
    """列出本机安装的流程。"""
    rows: list[dict[str, Any]] = [
        {
            "name": w.name,
            "family": w.family,
            "label": w.label,
            "in_force_from": w.in_force_from,
            "in_force_until": w.in_force_until,
            "rules": rules_of(w),
            "phases": [m.label for m in w.phases],
            "parts": [m.label for m in w.parts],
            "tracks": [t.label for t in w.tracks],
        }
        for w in _named(None)
    ]
    if json_:
        desk.json(rows)
        return
    screen = output.grid("流程", "名称", "适用于新案", "阶段", "随案事项", "调解程序", "规则指纹")
    for row in rows:
        days = f"{row['in_force_from']} 起" + (f"，{row['in_force_until']} 止" if row["in_force_until"] else "")
        lists = [" → ".join(row["phases"]), "、".join(row["parts"]), "、".join(row["tracks"])]
        screen.add_row(str(row["name"]), str(row["label"]), days, *lists, str(row["rules"]).partition(":")[2])
    desk.out.print(screen)


@workflow.command("check", cls=Command)
@desk
def check(desk: Desk) -> int:
    """检查流程声明、规则指纹和图表是否一致。"""
    stale = []
    for w in _named(None):  # declaring has checked the graphs: a faulty table does not even import
        rows = sum(len(m.rows) for m in w.machines.values())
        desk.out.print(f"{w.label} {w.name}：{len(w.machines)} 个状态机，{rows} 条规则，声明无误，指纹 {rules_of(w)}")
        stale += [name for name, content in drawn_files(w).items() if not _is_current(name, content)]
    if stale:
        desk.out.print(Text(f"图表与规则不符：{'、'.join(stale)}；请运行 mediation workflow draw", "red"))
    return int(bool(stale))


def _is_current(name: str, content: str) -> bool:
    path = DRAWN / name
    return path.exists() and path.read_text(encoding="utf-8") == content


@workflow.command("draw", cls=Command)
@click.argument("name", required=False, metavar="[流程]")
@click.option("-o", "--out", type=click.Path(path_type=Path), default=DRAWN, metavar="目录", help="存到哪个目录")
@desk
def draw(desk: Desk, name: str | None, out: Path) -> None:
    """绘制流程图和规则表（SVG、Mermaid、Markdown）。"""
    for w in _named(name):
        for file, content in drawn_files(w).items():
            write_whole(out / file, content.encode())
        desk.out.print(f"{w.label}：已存到 {out / w.name}")


@workflow.command("table", cls=Command)
@click.argument("name", required=False, metavar="[流程]")
def table(name: str | None) -> None:
    """以表格列出流程的全部规则（Markdown）。"""
    for w in _named(name):
        click.echo(rules_table(w))


@workflow.command("form", cls=Command)
@click.argument("step", metavar="步骤")
@click.option("--workflow", "name", metavar="流程", help="只看这个流程")
@desk
def form(desk: Desk, step: str, name: str | None) -> None:
    """列出一个步骤要填哪些项，怎么填。

    例：mediation workflow form 记录谈妥
    """
    for w, command in steps_named(_named(name), step):
        head = f"{w.label}·{command.label}" + (f"：{command.help}" if command.help else "")
        desk.out.print(head)
        codes = codes_of(w, wiring.catalogue().roles)
        desk.out.print(output.form(w, command, codes) if fields_of(command) else "这一步不用填写。\n")
