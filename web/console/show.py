"""How cases, histories and findings look on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Column, Table
from rich.text import Text

from mediation_engine.audit import Finding
from mediation_engine.available import Option
from mediation_engine.domain.case import Case
from mediation_engine.domain.facts import Facts
from mediation_engine.domain.line import Line
from mediation_engine.domain.roles import Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.labels import day_words, moment_words, money_words
from mediation_engine.readmodels import CaseRow
from mediation_engine.telling import Teller


def grid(*columns: str, title: str | None = None) -> Table:
    """A calm table."""
    # fold: Chinese has no spaces to break at, and nothing may be cut off.
    folded = (Column(header, overflow="fold") for header in columns)
    return Table(*folded, box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False)


def plain(words: object) -> str:
    """Words that are not markup."""
    return escape(str(words))


def case_rows(rows: Sequence[CaseRow], workflows: dict[str, Workflow], names: dict[str, str]) -> Table:
    """A list of cases."""
    table = grid("案件", "案号", "程序", "阶段·状态", "当事人", "协议金额", "未了", "更新")
    for row in rows:
        workflow = workflows.get(row.workflow)
        track = workflow.track(row.track) if workflow else None
        table.add_row(
            plain(row.case),
            plain(row.number or "—"),
            track.label if track else plain(row.track),
            standing(workflow, row.phase, row.state),
            plain(names.get(row.case, "")),
            money_words(row.agreed) if row.agreed is not None else "—",
            str(row.open_parts),
            moment_words(row.updated),
        )
    return table


def standing(workflow: Workflow | None, phase: str, state: str) -> str:
    """Phase and state in words."""
    machine = workflow.machines.get(phase) if workflow else None
    return f"{machine.label}·{machine.label_of(state)}" if machine else f"{phase}·{state}"


def one_case(case: Case, workflow: Workflow | None, teller: Teller, waiting: Iterable[str]) -> RenderableType:
    """Where a case stands, part by part."""
    facts = case.facts
    track = workflow.track(facts.track) if workflow else None
    phase = standing(workflow, case.phase.partition("/")[0], case.state(case.phase) or "")
    head = Text(f"{case.id}　{facts.number or '尚无案号'}　{track.label if track else facts.track}\n{phase}\n")
    table = grid("事项", "状态", "内容")
    open_parts = set(waiting)
    for machine in workflow.parts if workflow else ():
        for key in case.of(machine.name):
            mark = "● " if key in open_parts else ""
            state = mark + machine.label_of(case.state(key))
            table.add_row(plain(teller.thing(key)), state, plain("　".join(_contents(facts, key, teller))))
    return Group(head, table, Text("● 还在等待处理"))


def _contents(facts: Facts, key: str, teller: Teller) -> Iterable[str]:
    """A few words on an instance."""
    if key in facts.parties:
        party = facts.parties[key]
        yield f"{party.side.label}·{party.kind.label}"
        yield from (["人数未报告"] if party.count is None else [f"{party.count}人"] if party.count > 1 else [])
    if key in facts.issues:
        yield "、".join(teller.thing(p) for p in facts.issues[key].parties)
    if key in facts.sessions:
        held = facts.sessions[key].held
        yield held.words() if held else "、".join(teller.thing(p) for p in facts.sessions[key].invited)
    if key in facts.agreements:
        total, effective = facts.agreements[key].total, facts.agreements[key].effective
        yield money_words(total) if total is not None else "金额未报告"
        yield from ([f"生效：{effective.words()}"] if effective else [])
    if key in facts.confirmations:
        yield teller.thing(facts.confirmations[key].party)
    if key in facts.obligations:
        owed = facts.obligations[key]
        yield owed.kind.label
        yield from ([teller.thing(owed.payer)] if owed.payer else [])
        yield from ([money_words(owed.amount)] if owed.amount is not None else [])
        yield from ([f"期限 {day_words(owed.due)}"] if owed.due else [])
    if key in facts.payments:
        amount = facts.payments[key].amount
        yield money_words(amount) if amount is not None else "金额未报告"
        yield facts.payments[key].occurred.words()
    if key in facts.visits and (due := facts.visits[key].due):
        yield f"计划 {day_words(due)}"


def timeline(lines: Iterable[Line], teller: Teller) -> Table:
    """A history, a line each."""
    table = grid("条", "发生时间", "事项", "发生了什么", "状态", "办理人")
    for line in lines:
        told = teller.line(line)
        body = [f"[bold]{plain(told.what)}[/bold]"] if line.command else [f"⤷ {plain(told.what)}"]
        body += [f"{plain(label)}：{plain(value)}" for label, value in told.details]
        body += [f"[yellow]{plain(note)}[/yellow]" for note in told.notes]
        happened = line.occurred.words() if line.command else ""
        table.add_row(
            str(line.version), happened, plain(told.about), "\n".join(body), plain(told.change), plain(told.who)
        )
    return table


def options(found: Sequence[Option], teller: Teller, office: Office, title: str | None = None) -> Table:
    """What an office can do next, and why the rest cannot be done; one row for all things of which the same is true."""
    table = grid("", "步骤", "命令", "针对", "不能办理的原因", title=title or f"{office.label}现在可以办理")
    rows: dict[tuple[bool, str, str, str], list[str]] = {}
    for option in sorted(found, key=lambda o: not o.allowed):
        reason = "；".join(r.sentence + _about(r.about, teller) for r in option.refusals)
        row = (option.allowed, option.command.label, option.command.name(), reason)
        rows.setdefault(row, []).append(_thing(option.key, teller))
    for (allowed, label, name, reason), things in rows.items():
        mark = "[green]✓[/green]" if allowed else "[red]✗[/red]"
        table.add_row(mark, label, name, plain("、".join(things)), plain(reason))
    return table


def _thing(key: str | None, teller: Teller) -> str:
    if key is None:
        return "新建"
    name = teller.thing(key)
    return f"{name}（{key}）"


def _about(keys: tuple[str, ...], teller: Teller) -> str:
    return f"（{'、'.join(teller.thing(k) for k in keys)}）" if keys else ""


def findings(out: Console, results: Iterable[tuple[str, list[Finding]]]) -> tuple[int, int, int]:
    """Print what audit found, case by case; how many cases, faults and known defects."""
    cases = faults = known = 0
    for case, found in results:
        cases += 1
        new = [f for f in found if not f.known]
        faults, known = faults + len(new), known + len(found) - len(new)
        verdict = "[green]✓ 完整合规[/green]" if not new else f"[red]✗ {len(new)} 处问题[/red]"
        marked = len(found) - len(new)
        out.print(f"{plain(case)}　{verdict}" + (f"　已注明瑕疵 {marked} 处" if marked else ""))
        for finding in found:
            where = f"第{finding.version}条" if finding.version is not None else "全案"
            colour = "yellow" if finding.known else "red"
            out.print(f"    [{colour}]{finding.fault.label}[/{colour}]　{where}　{plain(finding.sentence)}")
    return cases, faults, known
