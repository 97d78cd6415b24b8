"""The dossier of a case: what lies in each place, which papers belong there, what is missing by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mediation_engine.domain.paper import PaperKind
from mediation_engine.services.case_view import CaseView
from workflows.facts import Exhibit, MediationFacts
from workflows.papers.dossier import filed as filed_in
from workflows.papers.dossier import missing
from workflows.vocabulary import ExhibitKind

from .papers import PaperGroup, grouped, listed

ABOUT = frozenset({"party", "session", "agreement", "payment", "visit", "proceeding"})
"""What an exhibit can be filed about, by the names of the fields of its form."""


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
    filing: dict[str, str]
    """What the form for filing something there is opened with, by field."""


def places(view: CaseView) -> list[Place]:
    """All places in order."""
    facts, papers = view.case.facts, grouped(listed(view))
    rules = view.workflow.dossier if view.workflow else ()
    there = filed_in(view.case) if isinstance(facts, MediationFacts) else {}
    lacking, found = missing(view.case, rules) if rules else [], []
    for rule in rules:
        filed = [_named(view, key, it) for key, it in there.items() if it.place is rule.place]
        found.append(
            Place(
                label=rule.place.label,
                duty=f"{'必须' if rule.must else '按需'}，{rule.since}",
                filed=filed,
                papers=[it for it in papers if it.place == rule.place.label],
                is_missing=rule in lacking,
                filing={"place": rule.place.code},
            )
        )
    return found


def _named(view: CaseView, key: str, it: Exhibit) -> str:
    return "：".join(filter(None, (view.teller.numbered(key), it.kind.label if it.kind else "")))


def filing(kind: PaperKind, about: str) -> dict[str, str]:
    """What the form for filing a paper that comes back signed is opened with, by field."""
    given = {"kind": (kind.exhibit or ExhibitKind.OTHER).code, "title": kind.label}
    given |= {"place": kind.place.code} if kind.place else {}
    return given | ({kind.about: about} if kind.about in ABOUT and about else {})
