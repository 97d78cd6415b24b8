"""Was every step lawful? Each order is decided again on what is stored before it, and its lines are compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..decisions.decide import decide
from ..domain.case import Case
from ..domain.command import Command
from ..domain.decision_context import Outside, Question
from ..domain.fields import Text
from ..domain.guard import basis_words
from ..domain.line import Line
from ..domain.occurred import Occurred
from ..domain.order import Order
from ..domain.recorded_order import RecordedOrder, lines_of
from ..domain.roles import Office
from ..domain.workflow import Workflow
from ..errors import CommandNotAllowed, GuardRefused
from ..record.codec import canonical, encode_order, hash_of, read_event, recorded
from ..record.fold import decoded, take_leniently
from ..rules.catalogue import Catalogue
from .findings import CaseFile, Fault, Finding, finding


def unlawful(file: CaseFile, sound: Sequence[RecordedOrder], catalogue: Catalogue) -> list[Finding]:
    """Decide every sound order again, each on the fold of what is stored before it."""
    findings: list[Finding] = []
    case = Case(file.case)
    for order, stored in zip(sound, file.orders, strict=False):
        if case.rules and order.rules != case.rules:
            text = f"第{order.first}条换用了另一套规则 {order.rules}，没有记录改换"
            findings.append(finding(Fault.UNKNOWN_RULES, file.case, order.first, text))
        workflow = catalogue.under(order.rules)
        if workflow is None:
            text = f"第{order.first}条所依规则 {order.rules} 未安装"
            findings.append(finding(Fault.UNKNOWN_RULES, file.case, order.first, text))
        else:
            findings += _again(workflow, case, order, stored.body)
        reading = workflow or catalogue.reading(order.rules.partition(":")[0])
        case = case if case.version or reading is None else reading.begin(case.id)
        for line in lines_of(order):
            findings += _defects(line, workflow)
            take_leniently(case, decoded(line, reading.events if reading else {}))
    return findings


def _defects(line: Line, workflow: Workflow | None) -> Iterator[Finding]:
    sentences = workflow.guard_sentences if workflow else {}
    for defect in line.defects:
        words = sentences.get(defect.code, defect.code)
        verdict = "无法判断" if defect.unjudged else "室主任准予变通" if defect.waived else "未满足"
        yield finding(Fault.KNOWN_DEFECT, line.case, line.version, f"{verdict}：{words}（{basis_words(defect.basis)}）")


def _again(workflow: Workflow, case: Case, stood: RecordedOrder, body: bytes) -> list[Finding]:
    def found(fault: Fault, sentence: str, version: int = stood.first) -> list[Finding]:
        return [finding(fault, stood.case, version, sentence)]

    at = f"第{stood.first}条"
    order = order_of(workflow, stood)
    if order is None:
        return found(Fault.CONSEQUENCE, f"{at}没有人下达，也不是任何步骤的结果")
    try:
        fresh = recorded(order, decide(workflow, case, order, _outside(workflow, stood)).lines, stood.asked)
    except CommandNotAllowed as refused:
        fault = Fault.WRONG_OFFICE if refused.refusals[0].code == "office" else Fault.NO_SUCH_EDGE
        return found(fault, f"{at}：{refused.sentence}")
    except GuardRefused as refused:
        return found(Fault.GUARD_UNMET, f"{at}：{refused.sentence}")
    except Exception as fault_found:  # whatever a forged line makes the rules stumble over, it is found and not raised
        return found(Fault.NO_SUCH_EDGE, f"{at}无法依规则重新推得（{fault_found}）")
    if encode_order(fresh) == body:
        return []
    for version, (line, decided) in enumerate(zip(stood.lines, fresh.lines, strict=False), stood.first):
        if canonical(line) != canonical(decided):
            if line.defects != decided.defects:
                return found(Fault.GUARD_UNMET, f"第{version}条应注明的瑕疵没有注明，或注明有误", version)
            return found(Fault.CONSEQUENCE, f"第{version}条与规则推得的不同", version)
    if len(stood.lines) != len(fresh.lines):
        short = stood.first + min(len(stood.lines), len(fresh.lines))
        sentence = f"同一操作应有{len(fresh.lines)}条，实有{len(stood.lines)}条"
        return found(Fault.CONSEQUENCE, sentence, short)
    return found(Fault.CONSEQUENCE, f"{at}起的操作与规则推得的不同")


def order_of(workflow: Workflow, stood: RecordedOrder) -> Order | None:
    """The order that was given, as the record tells it; None where it tells of none."""
    ordered = [line for line in stood.lines if not line.follows]
    command, office = _command(workflow, stood), Office.named(stood.office)
    if command is None or office is None or not ordered or ordered[0] is not stood.lines[0]:
        return None
    return Order(
        id=stood.id,
        case=stood.case,
        command=command,
        actor=stood.actor,
        office=office,
        organisation=stood.organisation,
        on=tuple(line.instance for line in ordered if line.source is not None),
        occurred=Occurred(stood.occurred),
        provenance=stood.provenance,
        field_provenance=stood.field_provenance,
        waives={guard: Text(reason) for guard, reason in stood.waives.items()},
    )


def _command(workflow: Workflow, stood: RecordedOrder) -> Command | None:
    kind = workflow.events.get(stood.lines[0].event)
    event = read_event(kind, lines_of(stood)[0]) if kind else None
    given = event.given if event else None
    return given if isinstance(given, Command) and given.name() == stood.command else None


def _outside(workflow: Workflow, stood: RecordedOrder) -> Outside:
    """What came from outside then: the answers that stand on its events."""
    ordered = [(workflow.events[line.event], line) for line in lines_of(stood) if line.command]
    events = [read_event(kind, line) for kind, line in ordered]

    def answer(question: Question[Any], _about: tuple[Any, ...]) -> Any:
        return next(getattr(event, question.name) for event in events if hasattr(event, question.name))

    return Outside(now=stood.recorded, rules=stood.rules, hash_of=hash_of, answers=answer)
