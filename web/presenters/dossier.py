"""The dossier of a case: what lies in each place, which papers belong there, what is missing by now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mediation_engine.domain.case import Case
from mediation_engine.domain.fields import JOINT, Readers
from mediation_engine.domain.files import FileHeld
from mediation_engine.domain.formatting import heading
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.paper import Binding, PaperKind
from mediation_engine.record.sealing import TextRef
from mediation_engine.services.case_view import CaseView
from workflows.facts import Exhibit, MediationFacts, facts_of
from workflows.papers.dossier import NAMED_BY, Gap, missing
from workflows.papers.dossier import filed as filed_in
from workflows.parts.exhibit import USUAL_PLACE
from workflows.parts.queries import in_dispute
from workflows.parts.states import (
    ConfirmationState,
    ExhibitState,
    LoanState,
    PaymentState,
    SessionState,
    VisitState,
)
from workflows.vocabulary import DeliveredPaper, DossierPlace, ExhibitKind

from .case_details import Casework
from .papers import ListedPaper, PaperGroup, grouped, kinds, listed

PRINTED = "电子打印件，未见签名件"
MISSING, MISSING_AS_NEEDED = "缺", "缺（按需）"
WITHHELD = "内容不公开，未放入"
ERASED = "已依法删除"
APART = "不对各方公开"
UNPLACED = "没有写明卷内位置"
THE_PAPER_ITSELF = frozenset({ExhibitKind.MINUTES, ExhibitKind.SIGNED})
"""Kinds of exhibits that are a paper of ours and nothing else; by other kinds photos and the like are filed, too."""
ABOUT = frozenset({"party", "session", "agreement", "payment", "visit", "proceeding"})
"""What an exhibit can be filed about, by the names of the fields of its form."""

TELLS_OF: Mapping[Labelled, tuple[Any, ...]] = {
    DossierPlace.MINUTES: ("session", SessionState.HELD),
    DossierPlace.RECEIPT: ("payment", PaymentState.RECORDED),
    DossierPlace.VISIT: ("visit", VisitState.DONE),
}
"""Of what the papers in a place tell: a machine, and in which states there is something to tell."""
BETWEEN = "."
"""What stands between the place and the party in what a field is called."""
MOST_WANTED = 12
"""Of so many parties at most a paper is asked for at once."""
DELIVERED = frozenset(it.code for it in DeliveredPaper)
"""Papers that are handed to somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place of the dossier."""

    label: str
    duty: str
    """必须 or 按需, and since when."""
    filed: Sequence[str]
    """Exhibits there, in words."""
    papers: Sequence[PaperGroup]
    """Papers that can be made for it now."""
    is_missing: bool
    """Whether it should be filled by now, and is not."""
    whose: str
    """Whose own is missing, where others have theirs."""
    filing: dict[str, str]
    """What the form for filing something there is opened with, by field."""
    wanted: Sequence[Wanted]
    """What is to be handed in there now: one, or one of each of some parties, the first so many."""
    more_wanted: int
    """Of how many parties beside these."""
    also: Sequence[Wanted]
    """Where something may be put there though nothing is missing."""
    words: Sequence[str]
    """What the name of a file that belongs there may have in it."""
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A paper that is missing, or could be put there, as a field of the page by which it is handed in."""

    name: str
    """The place and the party, as the field is called."""
    whose: str
    """Of which party, in words; empty where it is of none in particular."""


def places(view: CaseView) -> list[Place]:
    """All places in order."""
    facts, papers = view.case.facts, grouped(listed(view))
    rules = view.workflow.dossier if view.workflow else ()
    there = filed_in(view.case) if isinstance(facts, MediationFacts) else {}
    gaps = {it.rule.place: it for it in missing(view.case, rules)} if rules else {}
    found = []
    for rule in rules:
        filed = [_named(view, key, it) for key, it in there.items() if it.place is rule.place]
        gap = gaps.get(rule.place)
        owners = _owners(view, gap) if gap else []
        own = [] if len(owners) > MOST_WANTED else _owners(view, Gap(rule=rule))[:MOST_WANTED]
        found.append(
            Place(
                label=rule.place.label,
                duty=f"{'必须' if rule.must else '按需'}，{rule.since}",
                filed=filed,
                papers=[it for it in papers if it.place == rule.place.label],
                is_missing=gap is not None,
                whose=_whose(view, gap),
                filing=filing_at(view.case, rule.place, gap.of[0] if gap and gap.of else ""),
                wanted=[_wanted(view, rule.place, it) for it in owners[:MOST_WANTED]],
                more_wanted=len(owners[MOST_WANTED:]),
                also=[_wanted(view, rule.place, it) for it in own if it not in owners],
                words=NAMED_BY.get(rule.place, ()),
                code=rule.place.code,
            )
        )
    return found


def _whose(view: CaseView, gap: Gap | None) -> str:
    return heading([view.teller.thing(key) for key in gap.of]) if gap else ""


def _owners(view: CaseView, gap: Gap) -> list[str]:
    """The parties (keys) of each of whom a paper is missing; nobody by name where one is for all."""
    if gap.of:
        return list(gap.of)
    match gap.rule.place:
        case DossierPlace.IDENTITY:
            return list(in_dispute(view.case)) or [""]
        case DossierPlace.AUTHORITY:
            acting = facts_of(view.case).capacities.values()
            return list(dict.fromkeys(key for it in acting for key in it.principals)) or [""]
    return [""]


def _wanted(view: CaseView, place: Labelled, party: str) -> Wanted:
    return Wanted(
        name=f"{place.code}{BETWEEN}{party}" if party else place.code, whose=view.teller.thing(party) if party else ""
    )


def wanted_at(case: Case, name: str) -> tuple[DossierPlace, str] | None:
    """The place and the party that a field of the page is called by; None where there is none such."""
    code, _, party = name.partition(BETWEEN)
    place = next((it for it in DossierPlace if it.code == code), None)
    return None if place is None or (party and party not in facts_of(case).parties) else (place, party)


def filing_at(case: Case, place: Labelled, party: str) -> dict[str, str]:
    """What filing something in a place begins with: the kind that usually lies there, else what it is called; the only
    thing that it can be about. What proves who somebody is is for him and the room alone."""
    kind = next((kind for kind, usual in USUAL_PLACE.items() if usual is place), None)
    called = {"kind": kind.code} if kind else {"kind": ExhibitKind.OTHER.code, "title": place.label.partition(" ")[2]}
    given = {"place": place.code} | called | ({"party": party} if party else {})
    given |= {"readers": Readers.OWN.value} if kind is ExhibitKind.IDENTITY else {}
    name, *states = TELLS_OF.get(place, ("",))
    keys = [key for key in case.of(name) if case.is_in(key, *states)] if name else []
    return given | ({name: keys[0]} if len(keys) == 1 else {})


def _named(view: CaseView, key: str, it: Exhibit) -> str:
    """By what it is called and whose it is; by its number where it is called nothing."""
    called = _titled(view, it) or (it.kind.label if it.kind else "")
    owner = view.teller.thing(it.party) if it.party else ""
    whose = f"（{owner}）" if called and owner and owner not in called else ""
    return f"{called}{whose}" or view.teller.numbered(key)


def delivering(kind: PaperKind, about: str) -> dict[str, str]:
    """What the form for handing a paper over is opened with, by field; nothing for papers that stay with the room."""
    if kind.code not in DELIVERED:
        return {}
    return {"paper": kind.code} | ({kind.about: about} if kind.about in ("party", "agreement") and about else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """Something that lies in a dossier, or that is missing there."""

    place: str
    """Empty for an exhibit that has none."""
    title: str
    remark: str = ""
    paper: ListedPaper | None = None
    exhibit: str = ""
    """The key of an exhibit."""
    file: FileHeld | None = None
    """Its file, where this reader may open it."""
    is_missing: bool = False


def lent(view: CaseView) -> list[tuple[str, str]]:
    """In whose hands the dossier is, in words, and by which loan (key)."""
    casework = Casework(view=view)
    return [(casework.summary(key), key) for key in view.case.of("loan") if view.case.is_in(key, LoanState.LENT)]


def is_bound(view: CaseView) -> bool:
    """Whether the papers of a case can be put together as a dossier."""
    return {kind.binds for kind in kinds(view).values()} >= {*Binding}


def lying(view: CaseView) -> list[Lying]:
    """All of it in order: in each place what was filed there, then of the papers those that by themselves tell what is
    on record, and of which no signed one was filed."""
    facts, found = view.case.facts, list[Lying]()
    kept = facts.exhibits if isinstance(facts, MediationFacts) else {}
    there = {key: it for key, it in kept.items() if view.case.is_in(key, ExhibitState.FILED)}
    papers = [it for it in listed(view) if kinds(view)[it.code].tells(view.case, it.key)]
    rules = view.workflow.dossier if view.workflow else ()
    gaps = {it.rule.place: it for it in missing(view.case, rules)} if rules else {}
    for rule in rules:
        filed = {key: it for key, it in there.items() if it.place is rule.place}
        own = [_exhibit(view, key, it) for key, it in filed.items()]
        for paper in papers:
            kind = kinds(view)[paper.code]
            if kind.place is rule.place and not any(_is_signed(view, kind, paper, *it) for it in filed.items()):
                about = f"（{paper.about}）" if paper.about else ""
                own.append(Lying(place=rule.place.label, title=f"{paper.label}{about}", remark=PRINTED, paper=paper))
        gap = gaps.get(rule.place)
        if gap is not None and (gap.of or not own):
            words, whose = MISSING if rule.must else MISSING_AS_NEEDED, _whose(view, gap)
            title = f"{rule.place.label.partition(' ')[2]}{f'（{whose}）' if whose else ''}"
            own.append(Lying(place=rule.place.label, title=title, remark=words, is_missing=True))
        found += own
    return [*found, *(_exhibit(view, key, it) for key, it in there.items() if it.place is None)]


def printed(inside: Iterable[Lying]) -> list[str]:
    """What lies there printed only, kind by kind."""
    counts = Counter(it.paper.label for it in inside if it.paper)
    return [label if count == 1 else f"{label}（{count} 份）" for label, count in counts.items()]


def lacking(inside: Iterable[Lying]) -> list[str]:
    """What is missing there."""
    return [it.title for it in inside if it.is_missing]


def _exhibit(view: CaseView, key: str, it: Exhibit) -> Lying:
    numbered, place = view.teller.numbered(key), it.place.label if it.place else ""
    if it.kind is None:
        return Lying(place=place, title=numbered, remark=WITHHELD, exhibit=key)
    if it.erased:
        return Lying(place=place, title=it.kind.label, remark=f"{numbered}，{ERASED}", exhibit=key)
    title = _titled(view, it)
    if title in it.kind.label and it.kind is not ExhibitKind.OTHER:
        title = ""
    kind = "" if title and (it.kind is ExhibitKind.OTHER or it.kind.label in title) else it.kind.label
    owner = f"（{view.teller.thing(it.party)}）" if it.party else ""
    named = f"{'：'.join(filter(None, (kind, title)))}{owner}"
    file, said = (
        FileHeld.read(it.file or ""),
        [numbered, *([] if it.label == JOINT else [APART]), *([] if it.place else [UNPLACED])],
    )
    if file is not None and not file.is_shown:
        said.append(file.words)
    return Lying(place=place, title=named, remark="，".join(said), exhibit=key, file=file)


def _titled(view: CaseView, it: Exhibit) -> str:
    ref = TextRef.read(it.title or "")
    return view.words.get(ref.id, "") if ref else it.title or ""


def _is_signed(view: CaseView, kind: PaperKind, paper: ListedPaper, key: str, it: Exhibit) -> bool:
    """Whether an exhibit in the place of a paper is that paper, signed: it was filed as such, about the same thing."""
    if paper.key and paper.key not in (*it.about, it.party, *_signed_on(view, key)):
        return False
    return (kind.exhibit in THE_PAPER_ITSELF and it.kind is kind.exhibit) or kind.label in _titled(view, it)


def _signed_on(view: CaseView, exhibit: str) -> set[str]:
    """The agreements that somebody signed on the paper that was filed."""
    facts = view.case.facts
    given = facts.confirmations if isinstance(facts, MediationFacts) else {}
    stands = ConfirmationState.GIVEN
    return {it.agreement for key, it in given.items() if it.sheet == exhibit and view.case.is_in(key, stands)}


def filing(kind: PaperKind, about: str) -> dict[str, str]:
    """What the form for filing a paper that comes back signed is opened with, by field."""
    given = {"kind": (kind.exhibit or ExhibitKind.OTHER).code, "title": kind.label}
    given |= {"place": kind.place.code} if kind.place else {}
    return given | ({kind.about: about} if kind.about in ABOUT and about else {})
