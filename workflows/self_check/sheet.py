"""What is kept of a case to be held against others: small, and without a name, a number or a private word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from mediation_engine.domain.files import FileHeld
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.presentation import HIDDEN
from mediation_engine.domain.self_check import CheckReading

from ..facts import Agreement, facts_of
from ..papers.dossier import filed
from ..parts.agreement import AdoptOrally, SignAsMediator
from ..parts.queries import binds
from ..parts.visit import RecordQualityVisit, RecordVisit
from ..vocabulary import CapacityKind, Satisfaction

_SUMS = re.compile(r"[0-9零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟年月日号元圆角分整点]+")
_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementSheet:
    """An agreement in effect."""

    key: str
    day: date | None
    """Of effect, where it is known to the day."""
    by: str
    """Who signed it for the room (id of a member of staff)."""
    text: str
    """What its terms say without names, sums, days and punctuation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSheet:
    key: str
    made: str
    """When, in EDTF."""
    by: str
    """Who recorded it (id of a member of staff)."""
    satisfied: Satisfaction = Satisfaction.NOT_ASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSheet:
    case: str
    opened: date
    units: frozenset[str]
    """Enterprises that are parties (ids in the register)."""
    agents: frozenset[str]
    """Who acts by a mandate in it (ids in the register)."""
    agreements: tuple[AgreementSheet, ...]
    visits: tuple[VisitSheet, ...]
    files: tuple[FileHeld, ...]
    """Exhibits that the reader may open."""
    edits: tuple[int, ...]
    """Lines that correct something, recorded after it was closed."""


def sheet_of(reading: CheckReading, opened: date, names: Iterable[str]) -> CaseSheet:
    """The sheet of a case; `names` are those of its people."""
    case, facts = reading.case, facts_of(reading.case)
    visitors = {line.instance: line.actor or "" for line in reading.steps(RecordVisit, RecordQualityVisit)}
    signers = {line.instance: line.actor or "" for line in reading.steps(SignAsMediator, AdoptOrally)}
    held = (FileHeld.read(it.file) for it in filed(case).values() if it.file)
    known = sorted({name for name in names if len(name) > 1}, key=len, reverse=True)
    return CaseSheet(
        case=case.id,
        opened=opened,
        units=frozenset(p.person for p in facts.parties.values() if p.kind is PartyKind.ENTERPRISE),
        agents=frozenset(c.person for c in facts.capacities.values() if c.kind is CapacityKind.AGENT),
        agreements=tuple(
            AgreementSheet(
                key=key,
                day=it.effective.day if it.effective else None,
                by=signers.get(key, ""),
                text=plain("".join(_said(reading, it)), known),
            )
            for key, it in facts.agreements.items()
            if binds(case, key)
        ),
        visits=tuple(
            VisitSheet(key=key, made=it.made.text, by=visitors.get(key, ""), satisfied=it.satisfied)
            for key, it in facts.visits.items()
            if it.made is not None
        ),
        files=tuple(it for it in held if it),
        edits=tuple(reading.edits),
    )


def _said(reading: CheckReading, agreement: Agreement) -> Iterator[str]:
    texts = (agreement.words, *(text for t in agreement.terms for text in (t.words, t.default, t.formula)))
    for text in texts:
        if text and (words := reading.said(text)) != HIDDEN:
            yield words


def plain(words: str, names: Iterable[str]) -> str:
    """Words without names, sums, days and punctuation: what is left is how they are put."""
    said = unicodedata.normalize("NFKC", words)
    for name in names:
        said = said.replace(name, "")
    return _MARKS.sub("", _SUMS.sub("", said))
