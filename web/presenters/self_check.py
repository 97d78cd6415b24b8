"""自查 of one case: its rules asked of what the reader may read, and where each finding is put right."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

from mediation_engine.domain.command import Command
from mediation_engine.domain.guard import basis_words
from mediation_engine.domain.line import Line
from mediation_engine.domain.paper import DossierRule
from mediation_engine.domain.self_check import CheckFinding, CheckRule, Mark, Mend, Weight
from mediation_engine.ports.exemptions import Exemption, standing
from mediation_engine.ports.store import Unit
from mediation_engine.record.fold import decoded_standing
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.people import PHONE
from workflows.papers.dossier import filed
from workflows.self_check.heads import is_real

from .case_details import Casework


@dataclass(kw_only=True)
class CheckDesk(Casework):
    """A case as it is checked; see `CheckReading`."""

    policy: Mapping[str, int]
    phones: Mapping[str, frozenset[bytes]] = field(default_factory=dict)
    """Blind indexes of the telephones of its people, by id."""

    def __post_init__(self) -> None:
        self.edits = tuple(_edits(self.view))
        if self.view.case.corrections:
            self.view = replace(self.view, lines=tuple(decoded_standing(self.view.workflow, self.view.lines)))
        super().__post_init__()

    @property
    def dossier(self) -> Sequence[DossierRule]:
        return self.workflow.dossier if self.workflow else ()

    @cached_property
    def marks(self) -> Sequence[Mark]:
        sentences = self.workflow.guard_sentences if self.workflow else {}
        return [
            Mark(
                line=line.version,
                event=self.teller.what(line),
                command=line.command or "",
                instance=line.instance,
                code=defect.code,
                sentence=sentences.get(defect.code, defect.code),
                basis=defect.basis,
                about=defect.about,
            )
            for line, _ in self.view.lines
            for defect in (() if line.void else line.defects)
            if not defect.unjudged and defect.waived is None
        ]

    def steps(self, *commands: type[Command]) -> Sequence[Line]:
        names = {command.name() for command in commands}
        lines = (it.line for it in self.view.lines)
        return [it for it in lines if it.command and not it.void and (not names or it.command in names)]

    def telephones(self, key: str) -> Collection[bytes]:
        facts = self.case.facts
        return self.phones.get(facts.people().get(key) or facts.others().get(key) or "", frozenset())


def _edits(view: CaseView) -> Iterator[int]:
    """The corrections that were recorded while the case was closed."""
    return (at for at in view.case.corrections if view.at(at - 1).facts.closed is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding with the rule that finds it."""

    rule: CheckRule
    finding: CheckFinding

    @property
    def weight(self) -> Weight:
        return self.finding.weight or self.rule.weight

    @property
    def basis(self) -> str:
        return basis_words(self.finding.basis or self.rule.basis)

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others of the case: the rule (code), and what it is about."""
        return self.rule.code, self.finding.about


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A mend as a link: what it says, and where it leads."""

    label: str
    mend: Mend


def ways(view: CaseView, mends: Iterable[Mend]) -> list[Way]:
    """The mends of a finding that a page can lead to."""
    commands = view.workflow.commands if view.workflow else {}
    found = []
    for mend in mends:
        if mend.step in commands:
            found.append(Way(label=commands[mend.step].label, mend=mend))
        elif mend.line:
            found.append(Way(label=f"更正第{mend.line}条", mend=mend))
        elif mend.person:
            found.append(Way(label=f"填写{view.people.get(mend.person, '')}的资料", mend=mend))
    return found


def desk_of(view: CaseView, unit: Unit, policy: Mapping[str, int]) -> CheckDesk:
    """A case as it is checked, with what the register tells of its telephones: which are the same, and no number."""
    facts = view.case.facts
    people = {*facts.people().values(), *facts.others().values()}
    phones = {id: frozenset(index for kind, index in unit.register.found_by(id) if kind == PHONE) for id in people}
    return CheckDesk(view=view, policy=policy, phones=phones)


def found_in(desk: CheckDesk) -> list[Found]:
    """All that the rules find in a case, the heaviest first."""
    rules = desk.workflow.checks if desk.workflow else ()
    asked = (rule for rule in rules if rule.when(desk.case))
    found = [Found(rule=rule, finding=it) for rule in asked for it in rule.finds(desk)]
    return sorted(found, key=lambda it: list(Weight).index(it.weight))


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What is found in a case, and what of it is set aside."""

    open: tuple[Found, ...]
    aside: tuple[tuple[Found, Exemption], ...]
    old: tuple[Exemption, ...]
    """By which something is set aside that is found no more."""
    unseen: int
    """Exhibits of which the reader is not told what they are: what is missing is not told either."""

    @property
    def groups(self) -> list[tuple[Found, ...]]:
        """What is open, those of one rule and one weight together."""
        return [tuple(some) for _, some in groupby(self.open, key=lambda it: (it.rule.code, it.weight))]


def checked(view: CaseView, unit: Unit, policy: Mapping[str, int]) -> Checked:
    """What is found in a case that somebody reads."""
    desk = desk_of(view, unit, policy)
    found = found_in(desk)
    entries = {(it.rule, it.about): it for it in standing(unit.exemptions.exemptions([view.case.id]))}
    codes = {rule.code for rule in view.workflow.checks} if view.workflow else set()
    there = {it.key for it in found}
    hidden = [it for it in filed(view.case).values() if it.kind is None] if is_real(view.case) else []
    return Checked(
        open=tuple(it for it in found if it.key not in entries),
        aside=tuple((it, entries[it.key]) for it in found if it.key in entries),
        old=tuple(it for key, it in entries.items() if key not in there and it.rule in codes),
        unseen=len(hidden),
    )
