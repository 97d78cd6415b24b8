"""How cases, histories and findings look on a terminal. Strings are printed as they are; only `Text` has a style."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from mediation_engine.audit import Finding
from mediation_engine.decisions.closing import Need
from mediation_engine.decisions.options import Option
from mediation_engine.descriptions.changes import ToldChange
from mediation_engine.descriptions.lines import Teller
from mediation_engine.domain.fields import FieldSpec, typed_fields
from mediation_engine.domain.formatting import moment_words, money_words
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.presentation import Wait
from mediation_engine.domain.roles import Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.read_models.projections import CaseRow
from mediation_engine.record.fold import DecodedLine
from mediation_engine.record.journal import Chain
from mediation_engine.services.case_view import CaseView

from ..presenters.case_details import Casework
from ..presenters.deadlines import ShownClock
from ..presenters.naming import standing, standing_of
from ..presenters.who_could import about, reasons, several, thing_of, who_could

YES, NO = Text("✓", "green"), Text("✗", "red")


def grid(*columns: str, title: str | None = None) -> Table:
    """A calm table."""
    # fold: Chinese has no spaces to break at, and nothing may be cut off.
    return Table(
        *(Column(header, overflow="fold") for header in columns),
        box=box.SIMPLE_HEAD,
        show_edge=False,
        padding=(0, 1, 0, 0),
        title=title and f"\n{title}",
        title_justify="left",
        title_style="bold",
    )


def case_rows(
    rows: Sequence[CaseRow], workflows: Mapping[str, Workflow], names: Mapping[str, str], staff: Mapping[str, str]
) -> Table:
    """A list of cases; `names` are of its parties, `staff` of mediators."""
    table = grid("案件", "案号", "程序", "阶段·状态", "承办", "当事人", "协议金额", "未了事项", "更新")
    for row in rows:
        workflow = workflows.get(row.workflow)
        track = workflow.track(row.track) if workflow and row.track else None
        table.add_row(
            row.case,
            row.number or "—",
            track.label if track else row.track or "—",
            standing(workflow, row.phase, row.state),
            staff.get(row.mediator or "", row.mediator or "—"),
            names.get(row.case, ""),
            money_words(row.agreed) if row.agreed is not None else "—",
            str(row.open_parts),
            moment_words(row.updated),
        )
    return table


def one_case(view: CaseView) -> RenderableType:
    """Where a case stands, part by part."""
    case, workflow, teller = view.case, view.workflow, view.teller
    facts = case.facts
    host = teller.names.get(facts.organisation, facts.organisation)
    phase = standing_of(workflow, case)
    head = f"案件 {case.id}　{facts.number or '尚无案号'}　{'　'.join(facts.subject()[-1:])}　{host}\n现在：{phase}"
    open_parts, work = set(workflow.open_parts(case) if workflow else ()), Casework(view)
    table = grid("", "事项", "状态", "内容")
    for machine in workflow.parts if workflow else ():
        for key in case.of(machine.name):
            mark = "●" if key in open_parts else ""
            state = machine.label_of(case.state(key))
            name = teller.thing(key) if key in teller.names else teller.numbered(key)  # as it is typed after --on
            table.add_row(mark, name, state, work.summary(key))
    legend = f"● 还没有了结，共 {len(open_parts)} 项" if open_parts else "各项都已了结"
    return Group(head, "", table, "", legend)


def clocks(shown: Iterable[ShownClock]) -> Table:
    """The periods that run in a case, or ran."""
    table = grid("期限", "", "最后一天", "依据", "怎么算的")
    for it in shown:
        how = "\n".join((it.started, *it.notes))
        table.add_row(it.title, it.tag, it.last, it.basis, how)
    return table


def timeline(lines: Iterable[DecodedLine], teller: Teller) -> Table:
    """A history, a line each. Few columns: what happened needs the width of an ordinary terminal."""
    table = grid("条", "发生时间", "事项", "发生了什么")
    for it in lines:
        line, told = it.line, teller.line(it)
        change = f"　{told.change}" if told.change else ""
        if line.command:
            head = Text.assemble((told.what, "bold"), change, (f"　{told.who}", "dim"))
        else:
            head = Text(f"⤷{told.what}{change}")
        parts = [head, *(Text(f"{label}：{_indented(value)}") for label, value in told.details)]
        parts += [Text(note, "yellow") for note in told.notes]
        happened = line.occurred.words() if line.command else ""
        table.add_row(str(line.version), happened, told.about, Text("\n").join(parts))
    return table


def differences(found: Iterable[ToldChange]) -> Table:
    """What would read otherwise: was, and is."""
    table = grid("内容", "现在", "改为")
    for it in found:
        table.add_row(it.label, it.before, it.after)
    return table


def _indented(value: str) -> str:
    """Several lines begin below their label."""
    return value if "\n" not in value else "".join(f"\n  {line}" for line in value.split("\n"))


def options(found: Sequence[Option], teller: Teller, office: Office) -> Table:
    """What an office can do next, and why the rest cannot be done; one row for all things of which the same is true."""
    table = grid("", "步骤", "针对", "不能办理的原因", title=f"{office.label}现在能办理（✓）和不能办理（✗）的步骤")
    rows: dict[tuple[bool, str, str], list[str]] = {}
    for option in found:
        row = (option.allowed, option.command.label, reasons(option, teller))
        rows.setdefault(row, []).append(thing_of(option.key, teller))
    for (allowed, label, reason), things in sorted(rows.items(), key=lambda row: not row[0][0]):
        table.add_row(YES if allowed else NO, label, several(things), reason)
    return table


def who_can(doing: Mapping[Office, Sequence[Option]], teller: Teller) -> Table:
    """Every step and which offices could take it; where none could, why."""
    table = grid("", "步骤", "针对", "谁能办理，或为何不能", title="当时能办理（✓）和不能办理（✗）的步骤")
    for row in who_could(doing, teller):
        table.add_row(YES if row.able else NO, row.step, several(row.things), row.able or row.reason)
    return table


def needs(found: Sequence[Need], teller: Teller) -> RenderableType:
    """What still stands between a case and its closing."""
    if not found:
        return Text("没有未了事项，案件已经结束。")
    table = grid("事项", "怎样办成", "下一步由谁", "还缺什么")
    for need in found:
        way = " → ".join(need.path) + (f"\n或：{'、'.join(need.instead)}" if need.instead else "")
        way += f"\n办不成的，也可以：{'、'.join(need.giving_up)}" if need.giving_up else ""
        by = "、".join(o.label for o in need.by) or "自动"
        lacking = "；".join(r.sentence + about(r.about, teller.thing) for r in need.refusals)
        waiting = "可以办理" if need.by else "等上面各项了结"
        table.add_row(thing_of(need.key, teller), way, by, lacking or waiting)
    return table


def waiting(wait: Wait, workflow: Workflow, teller: Teller) -> str:
    """What waits to be taken up, and how: the step, and the things as they are typed."""
    on = " ".join(f"--on {teller.numbered(key)}" for key in wait.keys)
    return f"{wait.what}：办理“{workflow.commands[wait.step].label}” {on}"


def form(workflow: Workflow, command: type, codes: Mapping[str, Iterable[str]]) -> Table:
    """What there is to fill in, and how; the columns of a table under its name. `codes`: choices kept as a code."""
    table = grid("项", "必填", "怎么填", "说明")
    for spec in typed_fields(command):
        how = f"选一项：{_listed(codes[spec.name])}" if spec.name in codes else _how(workflow, spec)
        table.add_row(spec.label, "必填" if spec.required else "", how, spec.help)
        for column in typed_fields(spec.row) if spec.row else ():
            required = "必填" if column.required else ""
            table.add_row(f"　· {column.label}", required, _how(workflow, column), column.help)
    return table


def _how(workflow: Workflow, spec: FieldSpec) -> str:
    machine = workflow.machines[spec.machine].label if spec.machine else ""
    words = {
        "text": f"文字，不超过{spec.longest}个字",
        "day": "日期，如 2026-11-23",
        "time": "几点，如 14:30",
        "money": "金额，如 12345.60 或 1.2万",
        "count": "整数",
        "choice": f"选一项：{_listed(c.label for c in spec.choices or () if isinstance(c, Labelled))}",
        "flag": "是 或 否",
        "ref": f"本案的一项{machine}，如 {machine}1，有姓名的可以写姓名",
        "refs": f"本案的一项或几项{machine}，用顿号分开",
        "person": "姓名或名称",
        "staff": "承办人员的编号或姓名",
        "rows": '若干行，写成 [{"项": "值", "项": "值"}, {…}]，各项见下',
        "code": "代码或编号",
    }
    return words[spec.kind]


def _listed(labels: Iterable[str]) -> str:
    """Choices one after another; where one of them has a 顿号 of its own, with more between them."""
    found = [*labels]
    return ("；" if any("、" in label for label in found) else "、").join(found)


def findings(
    out: Console, results: Iterable[tuple[str, list[Finding]]], *, brief: bool = False
) -> tuple[int, int, int]:
    """Print what audit found, case by case; how many cases, faults and known defects. If brief, defects are only
    counted, and cases without any."""
    cases = faults = known = sound = 0
    for case, found in results:
        cases += 1
        new = [f for f in found if not f.known]
        marked = len(found) - len(new)
        faults, known = faults + len(new), known + marked
        if brief and not found:
            sound += 1
            continue
        verdict = (
            Text(f"✗ {len(new)} 处问题", "red") if new else Text("✓ 记录完整" if marked else "✓ 完整合规", "green")
        )
        out.print(Text.assemble(f"案件 {case}　", verdict, f"　已注明瑕疵 {marked} 处" if marked else ""))
        out.print(_found(new if brief else found))
    if sound:
        out.print(Text.assemble(f"另 {sound} 件　", Text("✓ 完整合规", "green")))
    return cases, faults, known


def findings_beside(out: Console, results: Iterable[tuple[Chain, list[Finding]]]) -> int:
    """Print what audit found beside the record, chain by chain; how many faults."""
    faults = 0
    for chain, found in results:
        faults += len(found)
        verdict = Text(f"✗ {len(found)} 处问题", "red") if found else Text("✓ 完整", "green")
        out.print(Text.assemble(f"{chain.label}　", verdict))
        out.print(_found(found, "笔"))
    return faults


def _found(findings: Iterable[Finding], counted: str = "条") -> Table:
    """Findings of one case or chain: the line, what it is, and in words."""
    table = Table.grid(Column(no_wrap=True), Column(no_wrap=True), Column(overflow="fold"), padding=(0, 2, 0, 0))
    for finding in findings:
        where = f"第{finding.version}{counted}" if finding.version is not None else "全案" if finding.case else "全部"
        label = Text(finding.fault.label, "yellow" if finding.known else "red")
        table.add_row(f"    {where}", label, finding.sentence)
    return table
