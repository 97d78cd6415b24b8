"""The sheet of one visit: what was found, or that nobody was there; photos; and the next visit where a day is given."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import Readers
from mediation_engine.domain.order import Order
from mediation_engine.errors import FormFaults
from mediation_engine.record.sealing import TextRef
from workflows.facts import Visit, facts_of
from workflows.parts.exhibit import FileExhibit
from workflows.parts.queries import in_dispute
from workflows.parts.visit import (
    PlanQualityVisit,
    PlanVisit,
    RecordQualityVisit,
    RecordUnreachable,
    RecordVisit,
)
from workflows.vocabulary import ExhibitKind, Side, VisitKind

from ..presenters.case_options import Asking
from .command_form import ID, PREFIX, Typed
from .companions import forgotten
from .form_fields import Asked
from .step_form import ON, Step, begun, looked_ahead, order_of, renewed, step_of

EVERYBODY = "everybody"
"""What a sheet calls that all were there."""
NEXT = "next."
"""What a sheet calls the fields of the next visit."""
NEXT_ASKED = ("due", "part")
FOUND: dict[VisitKind, type[Command]] = {VisitKind.FOLLOW_UP: RecordVisit, VisitKind.QUALITY: RecordQualityVisit}
PLANNED: dict[VisitKind, type[Command]] = {VisitKind.FOLLOW_UP: PlanVisit, VisitKind.QUALITY: PlanQualityVisit}
FIRST_ASKED = ("finding", "knows", "willing", "settled", "fair", "charged", "satisfied", "mood", "trouble", "said")
"""What is asked of whom one has met; the rest says who that was, and how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitForm:
    """A sheet as it was filled in."""

    key: str
    found: Step
    """What is recorded of the visit."""
    following: Step
    """The next visit, given only where a day stands in it."""

    @property
    def visit(self) -> Visit:
        """What is known of the visit."""
        return facts_of(self.found.case).visits[self.key]

    @property
    def typed(self) -> Typed:
        return self.found.typed

    @property
    def party(self) -> str | None:
        """Whom it is about: as it was filled in, else as it was planned."""
        named = self.typed.get(f"{PREFIX}party", "")
        return named if named in facts_of(self.found.case).parties else self.visit.party

    @property
    def questions(self) -> list[Asked]:
        """What is asked first."""
        return [a for a in self.found.sheet.fields if a.spec.name in FIRST_ASKED]

    @property
    def others(self) -> list[Asked]:
        """Who was met, and how."""
        return [a for a in self.found.sheet.fields if a.spec.name not in FIRST_ASKED]

    @property
    def nexts(self) -> list[Asked]:
        """What is asked of the next visit, by the names that the sheet gives it."""
        asked = (a for a in self.following.sheet.fields if a.spec.name in NEXT_ASKED)
        return [replace(a, name=NEXT + a.spec.name, spec=replace(a.spec, required=False)) for a in asked]

    @property
    def next_summary(self) -> list[tuple[str, str, str]]:
        """(id, label, sentence) of what is wrong with the next visit."""
        return [(a.name, f"下次走访，{a.spec.label}", said) for a in self.nexts for said in a.faults]

    @property
    def is_quality(self) -> bool:
        """Whether it is asked how the mediation was."""
        return self.visit.kind is VisitKind.QUALITY

    @property
    def everybody(self) -> list[str]:
        """Names of all whom the visit is for, where they are several."""
        keys = _side_of(self.found.case, self.key)
        return [self.found.asked.teller.thing(key) for key in keys] if len(keys) > 1 and not self.is_quality else []

    @property
    def asks_whom(self) -> bool:
        """Whether it has to be said whom one has met, or something is wrong with that."""
        return self.party is None or any(a.faults for a in self.others) or "when" in self.found.faults

    @property
    def has_next(self) -> bool:
        """Whether another visit is wanted."""
        return bool(self.typed.get(f"{NEXT}due", "").strip())

    def renewed(self, asked: Asking) -> VisitForm:
        """The sheet going on from how things stand now, what was typed kept."""
        found = renewed(forgotten(self.found), asked)
        return replace(self, found=found, following=_following(asked, self.key, self.typed))

    def with_found(self, found: Step) -> VisitForm:
        """The sheet with the visit filled in otherwise, or with what is wrong with it."""
        return replace(self, found=found)

    # -- what is ordered

    def orders(self, actor: str) -> list[Order]:
        """The visit, and the next one where it is wanted. FormFaults: every sentence by the name of its control."""
        found, wrong = list[Order](), dict[str, list[str]]()
        for step in (self.found, *([self.following] if self.has_next else [])):
            try:
                found.append(order_of(step, actor)[0])
            except FormFaults as fault:
                wrong |= {self._name(step, name): said for name, said in fault.faults.items()}
        if wrong:
            raise FormFaults(wrong)
        return found

    def _name(self, step: Step, name: str) -> str:
        """What the sheet calls a control of a step."""
        return name if step is self.found else NEXT + name.removeprefix(PREFIX)

    def wrong(self, faults: Mapping[str, Sequence[str]]) -> VisitForm:
        """The sheet with what is wrong on it."""
        of_next = {PREFIX + name.removeprefix(NEXT): said for name, said in faults.items() if name.startswith(NEXT)}
        own = {name: said for name, said in faults.items() if not name.startswith(NEXT)}
        return replace(self, found=self.found.wrong(own), following=self.following.wrong(of_next))

    def nobody_there(self, actor: str) -> Order:
        """That nobody was met. FormFaults."""
        typed = MultiDict((n, v) for n, v in self.typed.items(multi=True) if not n.startswith(PREFIX))
        typed[ID] = f"{typed.get(ID, '')[:47]}.nobody" if typed.get(ID) else ""
        typed[f"{PREFIX}note"] = self.typed.get(f"{PREFIX}said", "")
        return order_of(step_of(self.found.asked, RecordUnreachable, typed), actor)[0]

    def photo(self, actor: str, content: bytes) -> Order:
        """A photo filed with the visit: the same photo handed in with the same sheet is the same order."""
        party = self.party
        command = FileExhibit(
            kind=ExhibitKind.VISIT, party=party, readers=Readers.OWN if party else Readers.HOST, visit=self.key
        )
        id = f"{self.typed.get(ID, '')[:47]}.{hashlib.sha256(content).hexdigest()[:16]}"
        return Order(id=id, case=self.found.case.id, command=command, actor=actor, office=self.found.asked.office)


def open_visit(asked: Asking, key: str, typed: Typed, *, fresh: bool = False) -> VisitForm | None:
    """The sheet of a visit of the case, as it was filled in or begun; None where there is no such visit."""
    visit = facts_of(asked.case).visits.get(key)
    if visit is None:
        return None
    given = MultiDict(typed)
    given.setlist(ON, [key])
    if given.get(EVERYBODY):
        first, *others = _side_of(asked.case, key) or [""]
        given.setlist(f"{PREFIX}party", [first])
        given.setlist(f"{PREFIX}also", others)
    found = step_of(asked, FOUND[visit.kind], given)
    found = begun(found) if fresh else looked_ahead(found)
    return VisitForm(key=key, found=found, following=_following(asked, key, found.typed))


def _side_of(case: Case, key: str) -> list[str]:
    """The parties that a visit is for: of the side of whom it names, who comes first; else who is paid, or applied."""
    facts, visit = facts_of(case), facts_of(case).visits[key]
    there = [k for k in in_dispute(case) if k in facts.parties]
    if visit.party in facts.parties:
        side = facts.parties[visit.party].side
        return sorted((k for k in there if facts.parties[k].side is side), key=lambda k: k != visit.party)
    owed = [of for of in facts.obligations.values() if visit.agreement in (None, of.agreement)]
    payees = {of.payee for of in owed}
    paid = [k for k in there if k in payees]
    return paid or [k for k in there if facts.parties[k].side is Side.APPLICANT]


def _following(asked: Asking, key: str, typed: Typed) -> Step:
    """The next visit as the sheet says: to the same, by the same, at the same place unless that is not known."""
    visit = facts_of(asked.case).visits[key]
    place = TextRef.read(visit.place) if visit.place else None
    filled = {
        f"{PREFIX}due": typed.get(f"{NEXT}due", ""),
        f"{PREFIX}part": typed.get(f"{NEXT}part", "") or visit.part.value,
        f"{PREFIX}party": typed.get(f"{PREFIX}party", "") or visit.party or "",
        f"{PREFIX}visitor": visit.visitor if visit.visitor in asked.view.staff else "",
        f"{PREFIX}place": asked.view.words.get(place.id, "") if place else "",
        ID: f"{typed.get(ID, '')[:47]}.next" if typed.get(ID) else "",
    }
    return step_of(asked, PLANNED[visit.kind], MultiDict({n: v for n, v in filled.items() if v}))
