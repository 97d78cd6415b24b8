"""Who can see what was written, in words; and what a screen that everybody looks at leaves out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from mediation_engine.descriptions.lines import Teller
from mediation_engine.domain.case import Case, machine_of
from mediation_engine.domain.fields import HOST_ONLY, JOINT, chosen_label, fields_of
from mediation_engine.domain.roles import LEAD, MEDIATOR, Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.record.fold import DecodedLine
from mediation_engine.record.sealing import TextRef
from mediation_engine.services.case_view import CaseView


def is_joint(workflow: Workflow | None, case: Case, key: str) -> bool:
    """Whether everybody at the table may know of an instance; of a kind that is not known nobody may."""
    if workflow is None or not _is_of_joint_kind(workflow, key):
        return False
    apart = workflow.machines[machine_of(key)].shown.apart
    return apart is None or not apart(case, key)


def _is_of_joint_kind(workflow: Workflow | None, key: str) -> bool:
    machine = workflow.machines.get(machine_of(key)) if workflow else None
    return machine is not None and machine.shown.joint


def on_screen(view: CaseView) -> CaseView:
    """A case for a screen that everybody looks at: things some of which are left out are counted without these."""
    return counted(view, lambda key: is_joint(view.workflow, view.case, key))


def counted(view: CaseView, shows: Callable[[str], bool]) -> CaseView:
    """A case in which things some of which are left out are counted without these; what is left out has no number."""
    numbers = dict[str, str]()
    for machine in view.workflow.parts if view.workflow else ():
        if machine.shown.apart is not None or not machine.shown.joint:
            keys = view.case.of(machine.name)
            shown = [key for key in keys if shows(key)]
            numbers |= dict.fromkeys(keys, "") | {key: str(n) for n, key in enumerate(shown, 1)}
    return replace(view, numbers=numbers)


def seen_by(found: DecodedLine, teller: Teller) -> str:
    """Who can see a line, in words; empty where nothing was written and everybody may know of it."""
    labels = set(_labels(found.given)) if found.given else set()
    parties = sorted(labels - {JOINT, HOST_ONLY})
    handlers = teller.workflow.handlers if teller.workflow else MEDIATOR
    staff = "、".join(it.label for it in Office if it in handlers - LEAD)
    if parties:
        return f"只有{'、'.join(teller.thing(key) for key in parties)}和{staff}看得到内容"
    if HOST_ONLY in labels:
        return f"只有{staff}看得到全部内容" if JOINT in labels else f"只有{staff}看得到内容"
    if not _is_of_joint_kind(teller.workflow, found.line.instance):
        return "只有本室知道"
    return "各方可见" if labels else ""


def _labels(value: Any) -> Iterator[str]:
    """Who may read each text of a command or a row, or all of a command."""
    chosen = chosen_label(value)
    if chosen is not None:
        yield chosen
    for spec in fields_of(type(value)):
        held = getattr(value, spec.name)
        if spec.kind == "text" and held:
            ref = TextRef.read(held)
            yield ref.label if ref else HOST_ONLY
        elif spec.kind == "rows":
            yield from (label for row in held for label in _labels(row))
