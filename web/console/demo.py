"""`mediation demo`: three real, publicly reported cases through the door, then a look at the record."""

from __future__ import annotations

import click
from rich.text import Text

from mediation_engine import upkeep
from mediation_engine.domain.case import Case
from mediation_engine.domain.line import Line, Provenance
from mediation_engine.domain.roles import Office
from mediation_engine.labels import money_words
from mediation_engine.readmodels import project

from .. import reported, wiring
from ..samples import reported_cases
from . import show
from .desk import Desk, desk
from .plain import Command
from .records import steps

IDS = {
    "sanfu-guard-radio-enterprise": "sanfu",
    "wuxi-meicun-sudden-death-75w": "meicun",
    "yuanan-eye-injury-15w": "yuanan",
}
URL = "sqlite:///var/demo.db"


@click.command("demo", cls=Command)
@desk
def demo(desk: Desk) -> int:
    """用三件公开报道的真实案例演示：总表、经过、回放、校验。可重复运行。"""
    desk.db = desk.db or URL
    wiring.set_up(desk.url, reported.ROOT, (reported.RECORDER,))
    reports = reported_cases()
    for report in reports:
        reported.run(desk.service, report, IDS[report["id"]])
    desk.out.print(_cases(desk, [(IDS[r["id"]], r["dispute_type_zh"]) for r in reports]))
    _one_history(desk, "yuanan")
    _one_replay(desk, "yuanan", 8)
    _heading(desk, "校验：记录有没有被改动，每一步是否合乎规则")
    _, faults, _ = show.findings(desk.out, upkeep.audit_store(desk.service.store, desk.service.catalogue))
    desk.out.print(f"\n演示数据存在 {desk.url}。接着可以试试：")
    desk.out.print(f"    .venv/bin/mediation --db {desk.url} case show sanfu --as {reported.RECORDER.name}")
    return int(faults > 0)


def _cases(desk: Desk, cases: list[tuple[str, str]]) -> object:
    title = "三件公开报道的真实案例（来源：报道、推断、假定的步骤各几步）"
    table = show.grid("案件", "纠纷·程序", "现在", "会议", "来源", "瑕疵", "协议金额", "未了", title=title)
    for case_id, dispute in cases:
        case, lines = desk.service.case(case_id), desk.service.history(case_id)
        table.add_row(case_id, *_figures(desk, dispute, case, lines))
    return table


def _figures(desk: Desk, dispute: str, case: Case, lines: list[Line]) -> list[str]:
    workflow = desk.service.catalogue.in_force(case.rules)
    row = project(workflow, case).row
    track = workflow.track(row.track)
    ordered = [line.provenance for line in lines if line.command]
    kinds = (Provenance.REPORTED, Provenance.INFERRED, Provenance.ASSUMED)
    defects = sum(1 for line in lines for d in line.defects if not d.unjudged)
    return [
        f"{dispute}\n{track.label if track else row.track}",
        show.standing(workflow, row.phase, row.state).replace("·", "\n"),
        str(row.rounds),
        "/".join(str(ordered.count(kind)) for kind in kinds),
        str(defects),
        money_words(row.agreed) if row.agreed is not None else "—",
        str(row.open_parts),
    ]


def _one_history(desk: Desk, case_id: str) -> None:
    case = desk.service.case(case_id)
    _heading(desk, f"{case_id} 的经过：⤷ 是依规则自动推得的")
    desk.out.print(show.timeline(desk.service.history(case_id), desk.teller(case, Office.MEDIATOR)))


def _one_replay(desk: Desk, case_id: str, at: int) -> None:
    case, line = desk.service.case(case_id, at), desk.service.history(case_id)[at - 1]
    workflow = desk.service.catalogue.in_force(case.rules)
    teller = desk.teller(desk.service.case(case_id), Office.MEDIATOR)
    _heading(desk, f"回放 {case_id} 到第{at}条：那时是什么情况，谁能办理什么")
    desk.out.print(show.one_case(case, workflow, teller, workflow.open_parts(case)))
    desk.out.print(show.who_can(steps(workflow, case, line.recorded), teller))


def _heading(desk: Desk, words: str) -> None:
    desk.out.print(Text(f"\n── {words} ──", "bold"))
