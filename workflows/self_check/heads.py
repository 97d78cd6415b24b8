"""The heads of a dossier inspection (案卷评查), and how a rule of the self-check is declared under one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.guard import POLICY
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.self_check import CheckFinding, CheckReading, CheckRule, Mark, Mend, Weight

from ..facts import MediationFacts
from ..guidance import OPENS
from ..parts.party import TellRights


class CheckHead(Labelled):
    """What superiors look at in a dossier, in their order."""

    ACCEPTANCE = "acceptance", "受理是否合法"
    COMPLETE = "complete", "材料是否齐全"
    PAPERS = "papers", "文书是否标准"
    EVIDENCE = "evidence", "证据收集是否恰当"
    LAW = "law", "协议法律适用是否准确"
    VISITS = "visits", "回访是否及时"
    BINDING = "binding", "装订是否规范"


BOUNDS: Mapping[str, tuple[int, int, int]] = {
    "visit_days_late": (7, 0, 365),
    "overdue_days": (7, 0, 365),
    "agreements_a_day": (5, 1, 100),
    "similar_percent": (90, 50, 100),
    "share_times": (3, 1, 100),
    "share_least": (6, 1, 1000),
    "visits_from": (7, 0, 23),
    "visits_until": (22, 1, 24),
    "agent_cases": (3, 1, 1000),
    "all_satisfied": (20, 2, 1000),
}
"""The thresholds of the self-check (policy), which a room sets: the usual one, the least, the most."""
USUAL: Mapping[str, int] = {name: usual for name, (usual, _, _) in BOUNDS.items()}
NO_DOSSIER = frozenset({"mistaken", "duplicate"})
"""How cases are closed that should not be there: nobody looks for a dossier."""


def is_real(case: Case) -> bool:
    """Whether a case is one of which a dossier is kept."""
    return isinstance(case.facts, MediationFacts) and case.facts.closed not in NO_DOSSIER


def rule(**given: Any) -> CheckRule:
    """A rule that is asked of every case of which a dossier is kept."""
    return CheckRule(when=is_real, **given)


MENDED_BY: Mapping[str, tuple[type[Command], ...]] = {
    **OPENS,
    "signers_told": (TellRights,),
    "everybody_told": (TellRights,),
}
"""By code of a guard: the steps that make good afterwards what was not so when a line was recorded."""
NEWEST = frozenset({"ReachAgreement", "DraftAgreement", "AmendAgreement"})
"""Steps each of which takes the place of the one before: of the earlier ones nothing is asked any more."""


MARKED: set[str] = set()
"""Machines (names) whose marks some rule finds."""


def marked(*machines: str) -> Callable[[CheckReading], Iterable[CheckFinding]]:
    """Finds the marks on lines of some machines, phases among them."""
    MARKED.update(machines)

    def finds(reading: CheckReading) -> Iterator[CheckFinding]:
        last = {mark.instance: mark.line for mark in reading.marks if mark.command in NEWEST}
        last |= {line.instance: line.version for line in reading.steps() if line.command in NEWEST}
        for mark in reading.marks:
            old = mark.command in NEWEST and mark.line != last[mark.instance]
            if mark.instance.partition("/")[0] in machines and not old:
                yield _found(reading, mark)

    return finds


def _found(reading: CheckReading, mark: Mark) -> CheckFinding:
    about = "、".join(map(reading.thing, mark.about))
    steps = (Mend(step=command.name(), on=mark.about) for command in MENDED_BY.get(mark.code, ())[:1])
    return CheckFinding(
        about=f"{mark.line}:{mark.code}",
        words=f"第{mark.line}条“{mark.event}”{f'（{about}）' if about else ''}：{mark.sentence}",
        mends=(*steps, Mend(line=mark.line)),
        basis=mark.basis,
        weight=Weight.LIGHT if mark.basis == POLICY else None,
    )
