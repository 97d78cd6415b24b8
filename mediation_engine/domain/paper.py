"""Papers (文书): what one consists of, and how it is declared. One declaration yields page, Word file and PDF.

Declared with the content and decides nothing: no fingerprint covers it. A paper is about a case or an instance of it,
and draws on what every party may read and on nothing else.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from .case import Case
from .labels import Labelled
from .people import Details
from .presentation import CaseReading
from .roles import Organisation


class Style(Labelled):
    """How a paragraph stands on the page."""

    BODY = "body", "正文"
    PLAIN = "plain", "不缩进"
    HEAD = "head", "小标题"
    RIGHT = "right", "靠右"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words that run over the lines."""

    words: str
    style: Style = Style.BODY


@dataclass(frozen=True, slots=True)
class Entries:
    """Labels with what is known of each, in boxes side by side; nothing known leaves the box empty."""

    rows: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table with a head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()
    """Of the columns, beside each other; none for all alike."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """Lines to write on by hand."""

    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatures:
    """Where it is signed: parties on the left, the room on the right, its seal over the date."""

    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    seal: str = ""
    day: bool = True
    """Whether the day is written beside: by hand, since it is that of signing."""


@dataclass(frozen=True, slots=True)
class Space:
    """So many empty lines."""

    lines: int


Block = Paragraph | Entries | Grid | Ruled | Signatures | Space
STRUCK = "／"
"""Stands where nothing is to be filled in any more."""
OPEN = "　"
"""Stands where something is to be written by hand."""
DAY = "年　　月　　日"


def chosen(options: Sequence[tuple[str, bool]]) -> str:
    """Choices in a line, each numbered, those that hold ticked: ①当事人申请（√）　②主动调解."""
    numbered = (f"{chr(ord('①') + n)}{words}{'（√）' if holds else ''}" for n, (words, holds) in enumerate(options))
    return "　".join(numbered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A filled paper, before it is page, Word file or PDF."""

    title: str
    day: date
    """As of which it is filled in. In the file it is the day it was made on: the same paper gives the same file."""
    host: str
    """The name of the body that issues it; empty where a party does."""
    letterhead: tuple[str, ...] = ()
    """Lines under that name: where the body is to be found, its telephone."""
    number: str = ""
    blocks: tuple[Block, ...] = ()
    case_number: str = ""
    """Stands on every page beside the number of the page."""
    text_hash: str = ""
    """The digest of the text it is, on every page; empty where it is no text that is confirmed."""
    check: str = ""
    """The address of the page that says whether it is the current text; drawn as a code to be photographed."""
    large: bool = False
    """Whether it is for somebody who wants large print."""
    numbered: bool = True
    """Whether its pages are: cover, index and back of a dossier are not."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a dossier is kept (保管期限). Nothing is deleted when that is over: then it is appraised (鉴定)."""

    years: int | None
    """None for good."""
    since: date | None
    """The day the case was closed on; None while it is open."""

    @property
    def words(self) -> str:
        return "永久" if self.years is None else f"{self.years}年"

    @property
    def ends(self) -> date | None:
        """The last day: of the same date, else the last of the month (民法典 第202条); None where there is none."""
        if self.years is None or self.since is None:
            return None
        year, month = self.since.year + self.years, self.since.month
        return date(year, month, min(self.since.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRow:
    """A row of the index of a dossier (卷内目录)."""

    title: str
    first: int = 0
    """The number of its first page; 0 where it has none."""
    pages: int = 0
    remark: str = ""

    @property
    def numbers(self) -> str:
        """Its pages: 3, 4—6; empty where it has none."""
        return "" if not self.pages else f"{self.first}" if self.pages == 1 else f"{self.first}—{self.last}"

    @property
    def last(self) -> int:
        return self.first + self.pages - 1


class Binding(Labelled):
    """What holds a dossier together."""

    COVER = "cover", "封面"
    INDEX = "index", "卷内目录"
    BACK = "back", "封底"


class PaperReading(CaseReading, Protocol):
    """What a paper is filled from: a case as every party may read it, and what the register knows of its people."""

    @property
    def today(self) -> date: ...

    @property
    def host(self) -> Organisation: ...

    def of_person(self, id: str) -> Details | None:
        """What the register knows of somebody; None where it has been erased or cannot be read."""

    def wording(self, name: str, **filled: str) -> str:
        """A sentence of the papers, as the room has it."""

    def mediators(self) -> Sequence[str]:
        """Names of those who handle the case, who leads first."""

    def staff_name(self, id: str) -> str:
        """The name of a member of staff; empty where there is none."""

    def number_of(self, id: str) -> str:
        """The number of what came of the case, or it came from; empty where it has none, or its reader knows none."""

    def other(self, id: str) -> Case | None:
        """What came of the case, or it came from, as it stands; None for a case, or where its reader knows none."""

    def address_of(self, key: str, text_hash: str) -> str:
        """Where it can be seen whether a text is the current one; empty where the pages have no address."""

    @property
    def retention(self) -> Retention: ...

    @property
    def index(self) -> Sequence[IndexRow]:
        """What lies in the dossier, in order, when it is bound; empty before."""


def always(case: Case, key: str) -> bool:
    return True


def _never(case: Case, key: str) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperKind:
    """A declared paper."""

    code: str
    label: str
    labour: str = ""
    """What it is called in labour mediation, where otherwise."""
    about: str
    """The machine of whose instances there is one each; empty for the case itself."""
    place: Labelled | None
    """Where it lies in the dossier; None where it belongs to none."""
    content: Callable[[PaperReading, str], Paper]
    """Fills it in, about an instance."""
    when: Callable[[Case, str], bool] = always
    """About which instances there is one."""
    of_room: bool = False
    """Whether it is for the room's own dossier and draws on all that its reader may read, not on joint words alone."""
    tells: Callable[[Case, str], bool] = _never
    """About which instances it tells by itself what is on record: then it lies in the dossier also as it is printed.
    What waits for somebody's hand never does."""
    binds: Binding | None = None
    """What of the binding of a dossier it is. The index is made with the whole only."""
    exhibit: Labelled | None = None
    """As what it is filed when it comes back signed."""
    basis: str = ""
    """The law or the form that asks for it."""

    def instances(self, case: Case) -> Iterable[str]:
        """What of a case there is such a paper about."""
        keys = case.of(self.about) if self.about else [""]
        return (key for key in keys if self.when(case, key))


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierRule:
    """A place of the dossier: whether every case fills it, and whether it should be filled by now."""

    place: Labelled
    must: bool
    wanted: Callable[[Case], bool]
    since: str
    """From when on, in words."""
    each: bool = False
    """Whether each party has its own there."""


Wording = Mapping[str, str]
"""Sentences of papers by name, with what is filled in written as {name}."""
