"""The officials' table: every row of every machine in Chinese, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..domain.chronology import NotBefore
from ..domain.formatting import day_words
from ..domain.guard import POLICY, Guard
from ..domain.machine import ALWAYS, PART, Machine, Row, T
from ..domain.roles import Office
from ..domain.workflow import Workflow

COLUMNS = ("从", "步骤", "到", "由谁办理", "前提", "记为", "缺陷标注", "依据")
_NOTE = (
    "“前提”不满足的，不能办理；“缺陷标注”不满足的，照样可以记录，但在记录上注明。"
    "两栏写的都是不满足时给经办人的提示；提示另有依据的，写在方括号〔〕里。"
    "由谁办理写“自动”的，条件具备时自动发生，无须有人操作。"
)
_DAYS = "只比较写明了的日期：没有写明、只知大概的，不作比较。协议的生效日不会早于文本、签署、签名、盖章中最后的一天。"
_NOTHING = "—"
_FIRST = ord("①")


def table(workflow: Workflow) -> str:
    """Phases first, then parts, then what follows each end of a phase, and what takes a closed case up again."""
    blocks = [f"# {_cell(workflow.label)}流程总表（{workflow.name}）"]
    blocks += ["本文件由 `mediation workflow table` 生成，请勿手工修改。", _version(workflow), _NOTE]
    blocks += [block for m in workflow.phases for block in _section("阶段", m, workflow)]
    blocks += [block for m in workflow.parts for block in _section("分项", m, workflow)]
    days = [*_days(workflow)]
    blocks += ["## 日期的先后", _DAYS, _markdown(("步骤", "不能早于", "早了会怎样"), days)] if days else []
    blocks += ["## 各阶段结局的去向", _handoffs(workflow)]
    return "\n\n".join(blocks) + "\n"


def _version(workflow: Workflow) -> str:
    """From when it is used, and what it changes."""
    since = f"{day_words(workflow.in_force_from)}起登记的案件适用"
    if workflow.amends is None:
        return f"{since}。"
    changed = "、".join(f"“{_cell(m.label)}”" for m in workflow.changed) or "状态机以外的规定"
    return f"{since}；与 {workflow.amends.name} 不同的是{changed}，其余照旧。此前登记的案件仍按原来的规则办完。"


def _section(kind: str, machine: Machine, workflow: Workflow) -> list[str]:
    rows = [cells(machine, r) for r in in_order(machine)]
    return [f"## {kind}：{_cell(machine.label)}", _about(kind, machine, workflow), _markdown(COLUMNS, rows)]


def _about(kind: str, machine: Machine, workflow: Workflow) -> str:
    """Where it begins and ends, and for a small machine when it can move."""
    states = tuple(machine.states)
    handed = ["由上一阶段转入"] if machine.name in workflow.handoffs.values() else []
    entered = "、".join(handed + [f"结案后{r.label}的" for r in workflow.reopens if r.phase == machine.name])
    parts = [f"{entered}，从“{machine.initial.label}”开始"] if machine.initial else []
    ends = "、".join(f"“{s.label}”" for s in states if s in machine.final)
    rests = "、".join(f"“{s.label}”" for s in states if s in machine.resting)
    parts += [f"结局：{ends}"] if ends else []
    parts += [f"无须再办、可随案结案的状态：{rests}"] if rests else []
    parts += [f"何时可办：{_alive(machine, workflow)}"] if kind == "分项" else []
    return _cell("；".join(parts)) + "。"


def _alive(machine: Machine, workflow: Workflow) -> str:
    if machine.alive >= ALWAYS:
        return "随时，结案以后也可以"
    if machine.alive >= PART:
        return "结案以前的任何阶段"
    return "、".join(f"“{m.label}”" for m in workflow.phases if m.name in machine.alive) + "阶段"


def in_order(machine: Machine) -> list[Row]:
    """A machine's rows as the table has them: those that somebody commands first."""
    return sorted(machine.rows, key=lambda row: not isinstance(row, T))


def cells(machine: Machine, row: Row) -> list[str]:
    """One row, column by column."""
    source = machine.label_of(None if row.source is None else row.source.value)
    if isinstance(row, T):
        step, by = row.command.label, "、".join(o.label for o in Office if o in row.by)
        gates, marks = _guards(row.only_if, row.basis), _guards(row.marks, row.basis)
    else:
        step, by, gates, marks = row.records.label, "自动", "", ""
    return [source, step, row.target.label, by, gates, row.records.label, marks, _basis(row.basis)]


def _guards(guards: Iterable[Guard], basis: str) -> str:
    """Their sentences, numbered where there are several, each with its own basis where that is not the row's."""
    sentences = [g.sentence if g.basis == basis else f"{g.sentence}〔{_basis(g.basis)}〕" for g in guards]
    return sentences[0] if len(sentences) == 1 else " ".join(chr(_FIRST + n) + s for n, s in enumerate(sentences))


def _basis(basis: str) -> str:
    return "本室规定（非法律）" if basis == POLICY else basis


def _days(workflow: Workflow) -> Iterator[tuple[str, str, str]]:
    """What cannot come before what: each step with the moments it is held to, once."""
    rows = (row for m in (*workflow.phases, *workflow.parts) for row in m.rows if isinstance(row, T))
    held = (
        (f"{row.command.label}", guard.moment.label, words)
        for row in rows
        for guards, words in ((row.only_if, "不能办理"), (row.marks, "照样记录，注明两处日期"))
        for guard in guards
        if isinstance(guard, NotBefore) and guard.moment
    )
    yield from dict.fromkeys(held)


def _handoffs(workflow: Workflow) -> str:
    rows = []
    for phase in workflow.phases:
        for end in (s for s in phase.states if s in phase.final):
            target = workflow.handoffs[end]
            rows.append([phase.label, end.label, "结案" if target is None else workflow.machines[target].label])
    for reopening in workflow.reopens:
        words = f"{reopening.label}〔{_basis(reopening.basis)}〕"
        rows.append(["已结案", words, workflow.machines[reopening.phase].label])
    return _markdown(("阶段", "结局", "去向"), rows)


def _markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *([_cell(text) or _NOTHING for text in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    """Text that cannot break out of its cell."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")
