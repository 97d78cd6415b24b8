"""A dossier put together for whoever takes it away: as one PDF, or as a folder."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from mediation_engine.adapters.papers.whole import Sheet, bound
from mediation_engine.domain.files import FileHeld
from mediation_engine.domain.paper import IndexRow, Paper
from mediation_engine.errors import ExhibitNotFound
from mediation_engine.ports.exhibits import StoredExhibit
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.exhibits import ExhibitService

from .dossier import Lying, lying
from .papers import PaperDesk, kinds

Service = Callable[[], ExhibitService]


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
        return bound(self._sheets(), self.joint.bound, out, fonts)

    def _sheets(self) -> Iterator[Sheet]:
        found = self.lying()
        rows = self.rows() if any(it.file for it in found) else {}
        for it in found:
            drawn = it.file if it.file and it.file.is_shown else None
            yield Sheet(
                title=it.title,
                remark=it.remark,
                paper=self.paper(it),
                pictures=self._pictures(drawn, rows.get(drawn.id)) if drawn else None,
            )

    def _pictures(self, file: FileHeld, row: StoredExhibit | None) -> Callable[[int], Iterable[bytes]]:
        from mediation_engine.adapters.papers.whole import LONGEST
        from mediation_engine.exhibits.previews import pages_of  # it takes a while to read in

        def drawn(most: int) -> Iterable[bytes]:
            return pages_of(self.exhibits().content_of(row, file), file.media, LONGEST, most)

        return drawn

    def rows(self) -> Mapping[str, StoredExhibit]:
        """What is kept of its exhibits, by id."""
        return self.exhibits().rows(self.view.case.id)

    # -- what goes on record

    def opened(self) -> list[str]:
        """The looks it comes to: at each exhibit that is handed out."""
        return [f"exhibit {it.exhibit}" for it in self.lying() if it.file]

    def people(self) -> Collection[str]:
        """Ids of all whose numbers, addresses or papers are in it, once it is made."""
        facts = self.view.case.facts
        owners = (self.view.case.facts.exhibits[it.exhibit].party for it in self.lying() if it.file)  # type: ignore[attr-defined]
        whose = (facts.people().get(key) for key in owners if key)
        return dict.fromkeys((*self.joint.asked, *self.own.asked, *(id for id in whose if id)))
