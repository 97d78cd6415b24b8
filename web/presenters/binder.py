"""A dossier put together for whoever takes it away: as one PDF, or as a folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from mediation_engine.adapters.papers import drawn
from mediation_engine.adapters.papers.parts import data_of
from mediation_engine.domain.files import FileHeld
from mediation_engine.domain.paper import IndexRow, Paper
from mediation_engine.errors import ExhibitDamaged, ExhibitNotFound, PaperNotFound, PaperUnfit
from mediation_engine.export.bundle import Kept
from mediation_engine.export.folder import ABOUT, INDEX, About, Entry, about_xml, index_csv, safe
from mediation_engine.ports.exhibits import StoredExhibit
from mediation_engine.ports.store import Store
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.exhibits import ExhibitService
from mediation_engine.services.people import People
from workflows.facts import facts_of
from workflows.papers.story import between

from .dossier import Lying, is_bound, lying
from .papers import PaperDesk, desk_of, kinds

Service = Callable[[], ExhibitService]


SECRECY = "未定密；本室内部保管"
"""Policy: no law gives such dossiers a level."""


@dataclass(frozen=True, kw_only=True)
class Binder:
    """What a dossier is put together from."""

    view: CaseView
    """The case as its reader may read it."""
    joint: PaperDesk
    """As every party may."""
    own: PaperDesk
    """As its reader may: for the papers that are the room's own."""
    exhibits: Service

    @property
    def name(self) -> str:
        """What the dossier is called: the number of its case."""
        return self.view.case.facts.number or self.view.case.id

    def lying(self) -> Sequence[Lying]:
        """All that lies in it, in order."""
        return lying(self.view)

    def paper(self, it: Lying) -> Paper | None:
        """It filled in, where it is a paper of ours."""
        if it.paper is None:
            return None
        desk = self.own if kinds(self.view)[it.paper.code].of_room else self.joint
        return desk.filled(it.paper.code, it.paper.key)

    def write_pdf(self, out: IO[bytes], fonts: Sequence[str]) -> Sequence[IndexRow]:
        """The whole as one PDF, into a file; its index. FontsMissing, PaperUnfit."""
        from mediation_engine.adapters.papers.whole import ELSEWHERE, Sheet, bound  # it takes a while to read in

        def sheet(it: Lying) -> Sheet:
            shown = it.file if it.file and it.file.is_shown else None
            pictures = self._pictures(shown, rows.get(shown.id)) if shown else None
            remark = f"{it.remark}，{ELSEWHERE}" if it.file and not shown else it.remark
            return Sheet(title=it.title, remark=remark, paper=self.paper(it), pictures=pictures)

        found = self.lying()
        rows = self.rows() if any(it.file for it in found) else {}
        return bound(map(sheet, found), self.joint.bound, out, fonts)

    def _pictures(self, file: FileHeld, row: StoredExhibit | None) -> Callable[[int], Iterable[bytes]]:
        from mediation_engine.adapters.papers.whole import LONGEST
        from mediation_engine.exhibits.previews import pages_of  # it takes a while to read in

        def pages(most: int) -> Iterable[bytes]:
            return pages_of(self.exhibits().content_of(row, file), file.media, LONGEST, most)

        return pages

    def rows(self) -> Mapping[str, StoredExhibit]:
        """What is kept of its exhibits, by id."""
        return self.exhibits().rows(self.view.case.id)

    # -- as a folder

    def files(self, fonts: Sequence[str]) -> Iterable[Kept]:
        """All of it as files of a folder. Papers are drawn and exhibits looked through before the first is handed out,
        so that nothing breaks off.

        FontsMissing, RoomKeyMissing.
        """
        found, entries, files = self.lying(), list[Entry](), list[Kept]()
        rows = self.rows() if any(it.file for it in found) else {}
        for number, it in enumerate(found, 1):
            stem = f"{number:03d}_{safe(it.title)}"
            own, remark = self._files_of(it, stem, rows, fonts)
            said = "；".join(filter(None, (it.remark, remark)))
            entries.append(Entry(title=it.title, place=it.place, file=own[0][0] if own else "", remark=said))
            files += own
        about = self._about()
        return [(INDEX, [index_csv(entries)]), (ABOUT, [about_xml(about, entries)]), *files]

    def _files_of(
        self, it: Lying, stem: str, rows: Mapping[str, StoredExhibit], fonts: Sequence[str]
    ) -> tuple[list[Kept], str]:
        """The files of something that lies in it, and what is to be said of them."""
        if (paper := self.paper(it)) is not None:
            data = json.dumps(data_of(paper), ensure_ascii=False, indent=1).encode()
            ending, content, said = _drawn(paper, fonts)
            return [(f"文书/{stem}.{ending}", [content]), (f"文书/{stem}.json", [data])], said
        if it.file is None:
            return [], ""
        row = rows.get(it.file.id)
        try:
            self.exhibits().content_of(row, it.file)
        except (ExhibitNotFound, ExhibitDamaged) as fault:
            return [], str(fault)
        assert row is not None
        return [(f"材料/{stem}.{it.file.ending}", self.exhibits().parts(row))], ""

    def _about(self) -> About:
        facts, kept = self.view.case.facts, self.joint.retention
        began = getattr(facts, "accepted", None) or getattr(facts, "registered", None)
        since = began.last_day() if began else None
        return About(
            title=between(self.joint),
            number=self.name,
            responsible="、".join(self.joint.mediators()),
            since=since.isoformat() if since else "",
            until=kept.since.isoformat() if kept.since else "",
            organisation=self.joint.host.name,
            retention=kept.words,
            ends=kept.ends.isoformat() if kept.ends else "",
            secrecy=SECRECY,
        )

    # -- what goes on record

    def opened(self) -> list[str]:
        """The looks it comes to: at each exhibit that is handed out."""
        return [f"exhibit {it.exhibit}" for it in self.lying() if it.file]

    def people(self) -> Collection[str]:
        """Ids of all whose numbers, addresses or papers are in it, once it is made."""
        facts = facts_of(self.view.case)
        owners = (facts.exhibits[it.exhibit].party for it in self.lying() if it.file)
        whose = (facts.parties[key].person for key in owners if key)
        return dict.fromkeys((*self.joint.asked, *self.own.asked, *whose))


def binder_of(view: CaseView, joint: CaseView, store: Store, people: People, exhibits: Service, **given: Any) -> Binder:
    """What the dossier of a case is put together from: read as its reader may, and as every party may; `given` as
    `desk_of` takes it.

    Raises:
        PaperNotFound: cases of its kind have no dossier.
        ReasonWanted: the reader may not know all that stands in it.
    """
    if not is_bound(view):
        raise PaperNotFound
    view.check_whole()
    desks = (desk_of(read_as, store, people, whole=True, **given) for read_as in (joint, view))
    return Binder(view=view, joint=next(desks), own=next(desks), exhibits=exhibits)


def _drawn(paper: Paper, fonts: Sequence[str]) -> tuple[str, bytes, str]:
    """A paper as PDF; as Word file where a character is in no font, and that is said."""
    try:
        return "pdf", drawn(paper, "pdf", fonts), ""
    except PaperUnfit as fault:
        return "docx", drawn(paper, "docx", fonts), str(fault)
