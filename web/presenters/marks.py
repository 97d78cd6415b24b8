"""Marked lines in a list: what a step lacked or the lead set aside, and what was corrected."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from mediation_engine.domain.formatting import CHINA, heading
from mediation_engine.domain.guard import basis_words
from mediation_engine.domain.line import Line
from mediation_engine.domain.marks import CORRECTIONS, MarkKind
from mediation_engine.input.days import Unread, read_day
from mediation_engine.ports.views import WantedMarks
from mediation_engine.read_models.projections import CorrectionRow, MarkRow, by_marking
from mediation_engine.record.fold import decoded_standing
from mediation_engine.record.sealing import TextRef
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.mediation import MediationService

from . import corrections
from .case_list import Choices, handlers, mediator_of, mediators, read_moment
from .timeline import Change

A_PAGE = 20
TONES = {MarkKind.WAIVED: "now", MarkKind.CORRECTED: "now", MarkKind.STRUCK: "late", MarkKind.DEFECT: "soon"}
Place = tuple[datetime, str, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldMark:
    """A marked line, for whoever looks at its case."""

    case: str
    number: str | None
    version: int
    names: str
    """Of the parties."""
    kind: MarkKind
    tone: str
    who: str
    recorded: datetime
    what: str = ""
    """The step of the line; empty where the record cannot be read."""
    words: str = ""
    """What was lacking or set aside, or that the step was corrected."""
    basis: str = ""
    reason: str = ""
    """Why it was set aside or corrected; empty where there is none, or the reader may not read it."""
    is_withheld: bool = False
    """Whether there is a reason that the reader may not read."""
    changes: tuple[Change, ...] = ()


def choices(door: MediationService, reach: Collection[str]) -> list[Choices]:
    """All that the list can be narrowed by, apart from days."""
    rules: dict[str, str] = {}
    for workflow in door.catalogue.workflows.values():
        rules |= workflow.guard_sentences
    with door.store.read() as unit:
        staff = mediators(unit, reach)
    by_sentence = sorted(rules.items(), key=lambda pair: pair[1])
    return [
        Choices(name="kind", label="种类", every="全部种类", pairs=[(it.value, it.label) for it in MarkKind]),
        Choices(name="rule", label="哪条规则", every="全部规则", pairs=by_sentence),
        handlers((a.id, a.name) for a in staff),
    ]


def day_faults(asked: Mapping[str, str], today: date) -> list[str]:
    """What is wrong with the days that are asked for, in words."""
    faults = []
    for label, words in (("从哪天", asked.get("from", "")), ("到哪天", asked.get("to", ""))):
        try:
            _day(words, today)
        except Unread as fault:
            faults.append(f"{label}：{fault}")
    return faults


def wanted(asked: Mapping[str, str], reach: Collection[str], today: date) -> WantedMarks:
    """What is asked for, as the store is asked for it. Unread where a day is none."""
    first, last = _day(asked.get("from", ""), today), _day(asked.get("to", ""), today)
    kind = MarkKind.named(asked.get("kind", ""))
    return WantedMarks(
        organisations=sorted(reach),
        kinds=(kind,) if kind else tuple(MarkKind),
        code=asked.get("rule", ""),
        since=_begin(first) if first else None,
        until=_begin(last + timedelta(days=1)) if last and last < date.max else None,
        mediator=mediator_of(asked.get("mediator")),
    )


def _day(words: str, today: date) -> date | None:
    return read_day(words, today, past=True) if words.strip() else None


def _begin(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)


def place_of(row: MarkRow) -> str:
    """The place of a row, from which a list goes on."""
    recorded, case, version, code = by_marking(row)
    return f"{recorded.isoformat()}~{case}~{version}~{code}"


def place_read(words: str) -> Place | None:
    """A place by its words; None for what is none."""
    moment, _, rest = words.partition("~")
    case, _, rest = rest.partition("~")
    version, _, code = rest.partition("~")
    when = read_moment(moment)
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    return (when, case, number, code) if when and case and number else None


def told(row: MarkRow, view: CaseView) -> ToldMark:
    """A marked line in words."""
    kind = MarkKind.named(row.kind) or MarkKind.DEFECT
    if kind in CORRECTIONS:
        return _of_correction(row, kind, view)
    standing = (it.line for it in decoded_standing(view.workflow, view.lines))
    line = next((it for it in standing if it.version == row.version), None)
    if line is None:
        return _told(row, kind, view)
    words, basis, reason = _of_rule(line, row.code, view)
    return _told(
        row,
        kind,
        view,
        what=view.teller.what(line),
        words=words,
        basis=basis,
        reason=view.words.get(reason.id, "") if reason else "",
        is_withheld=reason is not None and reason.id not in view.words,
    )


def _of_rule(line: Line, code: str, view: CaseView) -> tuple[str, str, TextRef | None]:
    """What a line lacked by a rule, the article, and where the reason stands for which it was set aside."""
    defect = next((it for it in line.defects if it.code == code), None)
    if defect is None:
        sentences = view.workflow.guard_sentences if view.workflow else {}
        return sentences.get(code, code), "", None
    reason = TextRef.read(defect.waived) if defect.waived else None
    return view.teller.lacked(defect), basis_words(defect.basis), reason


def _of_correction(row: MarkRow, kind: MarkKind, view: CaseView) -> ToldMark:
    corrected = view.case.corrections.get(row.version)
    if corrected is None:
        return _told(row, kind, view)
    rows = CorrectionRow(
        case=row.case,
        version=row.version,
        corrects=corrected.order,
        struck=corrected.struck,
        actor=corrected.actor,
        recorded=corrected.recorded,
    )
    it = corrections.told(rows, view)
    words = f"第{corrected.order}条“{it.what}”{'不再算数' if corrected.struck else '已改'}"
    return _told(
        row, kind, view, what=it.what, words=words, reason=it.reason, is_withheld=not it.reason, changes=it.changes
    )


def _told(row: MarkRow, kind: MarkKind, view: CaseView, **given: Any) -> ToldMark:
    return ToldMark(
        case=row.case,
        number=view.case.facts.number,
        version=row.version,
        names=heading(view.parties),
        kind=kind,
        tone=TONES.get(kind, ""),
        who=view.actors.get(row.actor or "", row.actor or "自动"),
        recorded=row.recorded,
        **given,
    )


def a_page(
    found: Sequence[tuple[MarkRow, CaseView]],
) -> tuple[list[ToldMark], str]:
    """A page of them in words, and the place of the last where there are more."""
    shown = found[:A_PAGE]
    return [told(row, view) for row, view in shown], place_of(shown[-1][0]) if len(found) > A_PAGE else ""
