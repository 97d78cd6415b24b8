"""The papers of a case, filled in from what all parties may read and what the register knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import quote

from mediation_engine.domain.case import Case, machine_of
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.masking import masked_details, masked_number
from mediation_engine.domain.paper import Binding, IndexRow, Paper, PaperKind, Retention, Wording
from mediation_engine.domain.people import Details
from mediation_engine.domain.roles import Office, Organisation
from mediation_engine.errors import BoxUnreadable, PaperNotFound
from mediation_engine.papers.text import cleaned
from mediation_engine.ports.store import Store
from mediation_engine.record.standing import standing
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.people import People
from workflows.papers.binding import TERMS
from workflows.tracks import LABOUR

from .case_details import Casework


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPaper:
    """A paper that can be made now."""

    code: str
    key: str
    """The instance it is about; empty for the case."""
    label: str
    about: str
    """What it is about, in words."""
    place: str
    """Where it lies in the dossier."""


def kinds(view: CaseView) -> Mapping[str, PaperKind]:
    """The papers of a case's workflow by code, in the order of the dossier."""
    return {paper.code: paper for paper in view.workflow.papers} if view.workflow else {}


def listed(view: CaseView) -> Iterator[ListedPaper]:
    """All that can be made now."""
    for kind in kinds(view).values():
        for key in kind.instances(view.case):
            about, place = view.teller.thing(key) if key else "", kind.place.label if kind.place else ""
            yield ListedPaper(code=kind.code, key=key, label=_label(view, kind), about=about, place=place)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperGroup:
    """The papers of one kind; many of them are folded."""

    label: str
    place: str
    papers: Sequence[ListedPaper]


def grouped(papers: Iterable[ListedPaper]) -> list[PaperGroup]:
    """Papers by kind, in their order."""
    found: dict[str, list[ListedPaper]] = {}
    for it in papers:
        found.setdefault(it.code, []).append(it)
    return [PaperGroup(label=own[0].label, place=own[0].place, papers=own) for own in found.values()]


def _label(view: CaseView, kind: PaperKind) -> str:
    return kind.labour if kind.labour and getattr(view.case.facts, "track", "") == LABOUR.code else kind.label


def filled_as(view: CaseView, code: str) -> Office:
    """As whom a paper is filled in: what every party may read an auditor reads, too; the room's own as its reader."""
    kind = kinds(view).get(code)
    return view.office if kind and kind.of_room else Office.AUDITOR


@dataclass(kw_only=True)
class PaperDesk(Casework):
    """A case as papers are filled from it; see `PaperReading`. Its view is of what every party may read."""

    host: Organisation
    wordings: Wording
    known: Mapping[str, Details] = field(default_factory=dict)
    """What the register knows of the people in the case, by id."""
    public_url: str = ""
    letterhead: Sequence[str] = ()
    terms: Mapping[str, int | None] = field(default_factory=lambda: TERMS)
    """Years for which a dossier is kept, by grade; see `retention_of`."""
    index: Sequence[IndexRow] = ()
    joint: bool = True
    asked: dict[str, None] = field(default_factory=dict)
    """Of whom something was put on a paper, by id."""

    @property
    def today(self) -> date:
        return self.view.today

    def of_person(self, id: str) -> Details | None:
        self.asked[id] = None
        return self.known.get(id)

    def wording(self, name: str, **filled: str) -> str:
        return self.wordings[name].format_map(filled)

    def mediators(self) -> Sequence[str]:
        facts, names = self.case.facts, self.view.actors
        first = [lead] if (lead := facts.lead_mediator()) else []
        return [names.get(id, id) for id in dict.fromkeys((*first, *facts.staff().values()))]

    def staff_name(self, id: str) -> str:
        return self.view.actors.get(id, "")

    def number_of(self, id: str) -> str:
        found = self.view.linked.get(id)
        return (found.row.number or "") if found else ""

    def other(self, id: str) -> Case | None:
        found = self.view.linked.get(id)
        return found.case if found else None

    def address_of(self, key: str, text_hash: str) -> str:
        if not self.public_url or not text_hash:
            return ""
        return f"{self.public_url.rstrip('/')}/texts/{quote(self.case.id)}/{quote(key)}/{text_hash}"

    @property
    def retention(self) -> Retention:
        return retention_of(self.view, self.terms)

    def filled(self, code: str, key: str, *, large: bool = False) -> Paper:
        """A paper, filled in; in large print for whoever asks for it.

        Raises:
            PaperNotFound: there is none such, or not yet.
        """
        kind = kinds(self.view).get(code)
        if kind is None or key not in kind.instances(self.case):
            raise PaperNotFound
        return self._made(kind, key, large)

    def bound(self, index: Sequence[IndexRow]) -> Mapping[Binding, Paper]:
        """What holds the dossier together, in which that lies."""
        self.index = index
        return {kind.binds: self._made(kind, "") for kind in kinds(self.view).values() if kind.binds}

    def _made(self, kind: PaperKind, key: str, large: bool = False) -> Paper:
        made = kind.content(self, key)
        return cleaned(replace(made, large=large or made.large, letterhead=tuple(self.letterhead) if made.host else ()))


def closed_on(view: CaseView) -> date | None:
    """The day a case was closed on, as it is told now; None while it is open."""
    if view.case.facts.closed is None or view.workflow is None:
        return None
    phases = {phase.name for phase in view.workflow.phases}
    moved = [
        line
        for line in standing(it.line for it in view.lines)
        if not line.void and machine_of(line.instance) in phases and line.source != line.target
    ]
    if not moved:
        return None
    return moved[-1].occurred.last_day() or moved[-1].recorded.astimezone(CHINA).date()


def retention_of(view: CaseView, terms: Mapping[str, int | None]) -> Retention:
    """How long the dossier of a case is kept, by its grade."""
    grade = getattr(view.case.facts, "grade", None)
    return Retention(terms.get(grade.code if grade else "", terms[""]), closed_on(view))


def desk_of(
    view: CaseView,
    store: Store,
    people: People,
    *,
    wordings: Wording,
    public_url: str,
    whole: bool,
    number: Callable[[str], str] = masked_number,
    letterhead: Sequence[str] = (),
    terms: Mapping[str, int | None] = TERMS,
) -> PaperDesk:
    """What the papers of a case are filled from; numbers and addresses `whole`, or masked as on pages."""
    facts = view.case.facts
    with store.read() as unit:
        host = unit.register.organisation(facts.organisation)
        known = {}
        for id, person in unit.register.people({*facts.people().values(), *facts.others().values()}).items():
            try:
                known[id] = people.details(unit, person)
            except BoxUnreadable:
                continue  # its boxes stay empty, as those of somebody of whom nothing is known
    assert host is not None
    shown = known if whole else {id: masked_details(details, number) for id, details in known.items()}
    given = {"public_url": public_url, "letterhead": letterhead, "terms": terms}
    return PaperDesk(view=view, host=host, wordings=wordings, known=shown, **given)  # type: ignore[arg-type]
