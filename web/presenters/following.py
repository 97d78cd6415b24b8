"""再起纠纷: a case that follows on another, and what leads from the one to the other; what it came from and led to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mediation_engine.domain.formatting import heading
from mediation_engine.ports.register import Person
from mediation_engine.ports.store import Store
from mediation_engine.services.case_view import CaseView, Neighbour
from workflows.facts import facts_of
from workflows.vocabulary import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The closed case that a new one follows on."""

    case: str
    words: str
    """Its number and parties."""
    program: str
    """By which workflow and on which track it was."""
    parties: Sequence[tuple[Side, Person, int | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A case that another follows on, that follows on it, or that came of the same."""

    case: str
    how: str
    words: str


def before_of(store: Store, view: CaseView) -> Before:
    """A case as one that another follows on, with its parties as the register has them now."""
    facts = facts_of(view.case)
    with store.read() as unit:
        people = unit.register.people(party.person for party in facts.parties.values())
    parties = [(of.side, people[of.person], of.count) for of in facts.parties.values() if of.person in people]
    words = f"{facts.number or '尚无案号'} · {heading(view.parties)}"
    program = f"{view.case.workflow}/{facts.track}"
    return Before(case=view.case.id, words=words, program=program, parties=parties)


def related(view: CaseView) -> list[Related]:
    """The cases before and after a case, the alert that it came from or the cases that came of that, in words."""
    beside = [(f"相连的{it.kind}", it, _standing(it)) for it in view.linked.values()]
    around = (("以前的案子", view.earlier), ("后来再起的案件", view.later))
    found = [*beside, *((how, it, "") for how, cases in around for it in cases)]
    return [
        Related(case=it.row.case, how=how, words=" · ".join(filter(None, (it.words, more)))) for how, it, more in found
    ]


def _standing(it: Neighbour) -> str:
    """What it is about and how far it is, of what nobody is a party to: a meeting, a task of one."""
    if it.case is None or it.names:
        return ""
    machine = it.workflow.machines.get(it.row.phase) if it.workflow else None
    return "，".join((*it.case.facts.subject(), *((machine.label_of(it.row.state),) if machine else ())))
