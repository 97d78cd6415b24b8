"""Was every step lawful? Each order is decided again on what is stored before it, and its lines are compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..decisions.again import order_of, outside_of
from ..decisions.correct import correct, correction_of
from ..decisions.decide import decide
from ..domain.case import Case
from ..domain.guard import basis_words, with_day
from ..domain.line import Line
from ..domain.recorded_order import RecordedOrder, lines_of
from ..domain.workflow import Workflow
from ..errors import CommandNotAllowed, GuardRefused
from ..record.codec import canonical, encode_order, recorded
from ..record.fold import decoded_under, fold_decoded, fold_whole
from ..rules.catalogue import Catalogue
from .findings import CaseFile, Fault, Finding, finding


def unlawful(file: CaseFile, sound: Sequence[RecordedOrder], catalogue: Catalogue) -> list[Finding]:
    """Decide every sound order again, each on what stood when it was given."""
    findings: list[Finding] = []
    case, before = Case(file.case), list[Line]()
    for order, stored in zip(sound, file.orders, strict=False):
        if case.rules and order.rules != case.rules:
            text = f"第{order.first}条换用了另一套规则 {order.rules}，没有记录改换"
            findings.append(finding(Fault.UNKNOWN_RULES, file.case, order.first, text))
        workflow, lines = catalogue.under(order.rules), lines_of(order)
        if workflow is None:
            text = f"第{order.first}条所依规则 {order.rules} 未安装"
            findings.append(finding(Fault.UNKNOWN_RULES, file.case, order.first, text))
        else:
            findings += _again(workflow, case, before, order, stored.body)
        reading = workflow or catalogue.reading(order.rules.partition(":")[0])
        case = case if case.version or reading is None else reading.begin(case.id)
        before += lines
        read = decoded_under(reading, lines)
        if order.correction is None:
            fold_decoded(case, read)
        else:
            case = fold_whole(case.id, reading, decoded_under(reading, before))
        for line in lines:
            findings += _defects(line, workflow)
    return findings


def _defects(line: Line, workflow: Workflow | None) -> Iterator[Finding]:
    sentences = workflow.guard_sentences if workflow else {}
    for defect in line.defects:
        words = with_day(sentences.get(defect.code, defect.code), defect.since)
        verdict = "无法判断" if defect.unjudged else "室主任准予变通" if defect.waived else "未满足"
        yield finding(Fault.KNOWN_DEFECT, line.case, line.version, f"{verdict}：{words}（{basis_words(defect.basis)}）")


def _again(workflow: Workflow, case: Case, before: Sequence[Line], stood: RecordedOrder, body: bytes) -> list[Finding]:
    def found(fault: Fault, sentence: str, version: int = stood.first) -> list[Finding]:
        return [finding(fault, stood.case, version, sentence)]

    at = f"第{stood.first}条"
    lines = lines_of(stood)
    order = order_of(workflow, lines) if stood.correction is None else correction_of(workflow, before, lines)
    if order is None:
        return found(Fault.CONSEQUENCE, f"{at}没有人下达，也不是任何步骤的结果")
    try:
        outside = outside_of(workflow, lines)
        is_plain = stood.correction is None
        again = decide(workflow, case, order, outside) if is_plain else correct(workflow, before, order, outside)
        fresh = recorded(order, again.lines, stood.asked)
    except CommandNotAllowed as refused:
        fault = (
            Fault.WRONG_OFFICE
            if refused.refusals[0].code in ("office", "capacity", "stepped_back")
            else Fault.NO_SUCH_EDGE
        )
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
