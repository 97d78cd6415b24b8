"""Was every step lawful? Each order is decided again on what is stored before it, and its lines are compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import msgspec

from ..decisions.decide import decide
from ..domain.case import Case
from ..domain.command import Command
from ..domain.decision_context import Outside, Question
from ..domain.fields import Text
from ..domain.guard import basis_words
from ..domain.line import Line, StoredLine
from ..domain.order import Order
from ..domain.roles import Office
from ..domain.workflow import Workflow
from ..errors import CommandNotAllowed, GuardRefused
from ..record.codec import encode_line, hash_of, read_event
from ..record.fold import decoded, take_leniently
from ..rules.catalogue import Catalogue
from .findings import CaseFile, Fault, Finding, finding


def unlawful(file: CaseFile, sound: Sequence[tuple[Line, StoredLine]], catalogue: Catalogue) -> list[Finding]:
    """Decide every order of the sound lines again, each on the fold of what is stored before it."""
    findings: list[Finding] = []
    case = Case(file.case)
    for _, grouped in groupby(sound, key=lambda pair: pair[0].command_id):
        group = [line for line, _ in grouped]
        if case.rules and group[0].rules != case.rules:
            text = f"第{group[0].version}条换用了另一套规则 {group[0].rules}，没有记录改换"
            findings.append(finding(Fault.UNKNOWN_RULES, file.case, group[0].version, text))
        workflow = catalogue.under(group[0].rules)
        if workflow is None:
            text = f"第{group[0].version}条所依规则 {group[0].rules} 未安装"
            findings.append(finding(Fault.UNKNOWN_RULES, file.case, group[0].version, text))
        else:
            findings += _again(workflow, case, group)
        reading = workflow or catalogue.reading(group[0].rules.partition(":")[0])
        case = case if case.version or reading is None else reading.begin(case.id)
        for line in group:
            findings += _defects(line, workflow)
            take_leniently(case, decoded(line, reading.events if reading else {}))
    return findings


def _defects(line: Line, workflow: Workflow | None) -> Iterator[Finding]:
    sentences = workflow.guard_sentences if workflow else {}
    for defect in line.defects:
        words = sentences.get(defect.code, defect.code)
        verdict = "无法判断" if defect.unjudged else "室主任准予变通" if defect.waived else "未满足"
        yield finding(Fault.KNOWN_DEFECT, line.case, line.version, f"{verdict}：{words}（{basis_words(defect.basis)}）")


def _again(workflow: Workflow, case: Case, group: Sequence[Line]) -> list[Finding]:
    first = group[0]

    def found(fault: Fault, sentence: str, version: int = first.version) -> list[Finding]:
        return [finding(fault, first.case, version, sentence)]

    order = order_of(workflow, group)
    if order is None:
        return found(Fault.CONSEQUENCE, f"第{first.version}条没有人下达，也不是任何步骤的结果")
    try:
        fresh_lines = decide(workflow, case, order, _outside(group)).lines
        same = [encode_line(line) == encode_line(fresh) for line, fresh in zip(group, fresh_lines, strict=False)]
    except CommandNotAllowed as refused:
        fault = Fault.WRONG_OFFICE if refused.refusals[0].code == "office" else Fault.NO_SUCH_EDGE
        return found(fault, f"第{first.version}条：{refused.sentence}")
    except GuardRefused as refused:
        return found(Fault.GUARD_UNMET, f"第{first.version}条：{refused.sentence}")
    except Exception as fault_found:  # whatever a forged line makes the rules stumble over, it is found and not raised
        return found(Fault.NO_SUCH_EDGE, f"第{first.version}条无法依规则重新推得（{fault_found}）")
    for line, fresh, is_same in zip(group, fresh_lines, same, strict=False):
        if not is_same:
            if line.defects != fresh.defects:
                return found(Fault.GUARD_UNMET, f"第{line.version}条应注明的瑕疵没有注明，或注明有误", line.version)
            return found(Fault.CONSEQUENCE, f"第{line.version}条与规则推得的不同", line.version)
    if len(group) != len(fresh_lines):
        short = first.version + min(len(group), len(fresh_lines))
        return found(Fault.CONSEQUENCE, f"同一操作应有{len(fresh_lines)}条，实有{len(group)}条", short)
    return []


def order_of(workflow: Workflow, group: Sequence[Line]) -> Order | None:
    """The order behind the lines of one command id, as the lines tell it."""
    ordered = [line for line in group if line.command is not None]
    command = _command(workflow, ordered[0]) if ordered else None
    if command is None or ordered[0] is not group[0]:
        return None
    first = group[0]
    office = Office.named(first.office or "")
    if office is None:
        return None
    return Order(
        id=first.command_id,
        case=first.case,
        command=command,
        actor=first.actor or "",
        office=office,
        on=tuple(line.instance for line in ordered if line.source is not None),
        occurred=first.occurred,
        provenance=first.provenance,
        field_provenance=first.field_provenance,
        waives={d.code: Text(d.waived) for line in ordered for d in line.defects if d.waived},
    )


def _command(workflow: Workflow, line: Line) -> Command | None:
    kind = workflow.events.get(line.event)
    event = read_event(kind, line) if kind else None
    given = event.given if event else None
    return given if isinstance(given, Command) and given.name() == line.command else None


def _outside(group: Sequence[Line]) -> Outside:
    """What came from outside then: the answers that stand on the lines."""
    kept = msgspec.json.decode(group[0].data, type=dict[str, msgspec.Raw])

    def answer(question: Question[Any], _about: tuple[Any, ...]) -> Any:
        return msgspec.json.decode(kept[question.name], type=question.type)

    return Outside(now=group[0].recorded, rules=group[0].rules, hash_of=hash_of, answers=answer)
