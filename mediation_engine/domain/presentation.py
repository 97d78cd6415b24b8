"""What a page needs to know of a part: its section, its cards, what is urgent, what everybody at the table may see.

Declared with the part and decides nothing: no fingerprint covers it. The words come from a `CaseReading`, so that a
part never sees more than its reader may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from .case import Case
from .fields import HIDDEN as HIDDEN
from .labels import Labelled

Pair = tuple[str, str]
"""A label and its value; without a label the value stands alone."""


class Naming(Protocol):
    """What is known of the things of a case where one of them is called something."""

    @property
    def case(self) -> Case: ...

    @property
    def today(self) -> date | None:
        """A day of this year is told without the year."""

    def thing(self, key: str) -> str:
        """Name of an instance."""

    def numbered(self, key: str) -> str:
        """An instance by its kind and number."""

    def name(self, id: str) -> str:
        """Name of a person, a role or an organisation by id; empty where it is not known."""


class CaseReading(Naming, Protocol):
    """A case in words, as one reader may read it."""

    @property
    def joint(self) -> bool:
        """Whether it is shown on a screen that everybody looks at."""

    def said(self, text: str) -> str:
        """Words by what stands in their place; marked where the reader may not read them."""

    def details(self, value: Any) -> list[Pair]:
        """What a command, or a row of one, says, field by field; what the reader may not read is marked or left out."""

    def written(self, key: str) -> list[Pair]:
        """What was filled in about an instance, the latest of each kind."""

    def commands(self, key: str) -> list[Any]:
        """The commands given on an instance, in order."""

    def state(self, key: str) -> str:
        """Label of an instance's state."""

    def tone(self, key: str) -> str:
        """late | now | empty, by the state of an instance."""

    def linked(self, id: str | None) -> Pair | None:
        """The id and the words of something that it came from or that came of it, where its reader may look there."""

    def card(self, key: str, **parts: Any) -> Card:
        """A card of an instance, with its state; `parts` are fields of `Card`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFile:
    """A file that can be opened."""

    case: str
    id: str
    is_shown: bool
    """Whether there is a picture of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One thing of a case, or one part of a thing."""

    key: str
    title: str
    tags: Sequence[Pair] = ()
    """Words and tone (late | now | empty): its state, and how far it is performed."""
    line: str = ""
    """What matters most about it, in a line."""
    cells: Sequence[str] = ()
    """What stands in the columns of its group."""
    about: Sequence[str] = ()
    """Instances (keys) whose steps are given here, besides its own."""
    ways: Sequence[Pair] = ()
    """Steps (names of commands) that are given on several things of it at once, and what the link says."""
    facts: Sequence[Pair] = ()
    table: Sequence[Pair] = ()
    """Rows of a small table, under `caption`."""
    caption: str = ""
    groups: Sequence[CardGroup] = ()
    """Things that belong to this one."""
    number: int | None = None
    """Its number in a numbered group."""
    person: str | None = None
    """The id in the register of whom it is, for whoever may look there."""
    case: str = ""
    """The case that it is a card of, and that leads there."""
    file: CardFile | None = None
    leads: Pair | None = None
    """The id and the words of something of a record of its own that it is linked to."""
    sheet: Pair | None = None
    """The case and the number of what is filled in on a sheet of its own."""

    @property
    def state(self) -> str:
        """The words of its first tag."""
        return self.tags[0][0] if self.tags else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardGroup:
    """Cards under a small heading; numbered as they are in a paper, or not."""

    title: str
    cards: Sequence[Card]
    numbered: bool = False
    columns: Sequence[str] = ()
    """Headings of a table with a row for each card, of its title first; empty where they are no table."""

    @property
    def is_over(self) -> bool:
        """Whether nothing of it is still to be done, and nothing wants somebody's eye."""
        return not any(tone for card in self.cards for _, tone in card.tags)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Cards of one kind under a heading; `empty` says what to do where there are none."""

    id: str
    title: str
    groups: Sequence[CardGroup] = ()
    empty: str = ""
    papers: bool = False
    rows: bool = False
    tab: Labelled | None = None
    handing_in: str = ""
    """The command by which files are handed in for it."""

    @property
    def cards(self) -> list[Card]:
        return [card for group in self.groups for card in group.cards]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Instances at rest that somebody has to take up all the same: on no day, and bar nothing meanwhile."""

    what: str
    """In words: what waits, how many, how much."""
    keys: tuple[str, ...]
    step: str
    """The step (name of a command) by which they are taken up."""
    instead: tuple[str, ...] = ()
    """Other steps by which they may be taken up: which is right depends on what there is to it."""
    about: tuple[str, ...] = ()
    """The instances that say why, where these are others than those taken up."""
    since: date
    """The day from which the first of them waits."""
    urgent: bool = False
    """Whether it wants somebody's eye at once."""
    is_idle: bool = False
    """Whether nobody can do anything until something comes about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """How pages show the instances of a part."""

    title: str = ""
    """Heading of its section; empty where it is shown with another part, or not at all."""
    empty: str = ""
    """What the section says while there are none; without it there is no section then."""
    place: int = 50
    """Sections stand in this order, those of one place in the order of the parts."""
    tab: Labelled | None = None
    """Under which tab of the case its section stands; None for the first one."""
    papers: bool = False
    """Cards as wide as the page, each with the groups of what belongs to it."""
    rows: bool = False
    """A line each, the rest of a card folded in it."""
    newest_first: bool = False
    joint: bool = True
    """Whether everybody at the table may know of it."""
    apart: Callable[[Case, str], bool] | None = None
    """Of which instances (keys) not everybody at the table may know, though of others of the kind."""
    banner: Mapping[Labelled, str] = field(default_factory=dict)
    """What stands at the head of the case while an instance is in a state."""
    urgent: frozenset[Labelled] = frozenset()
    """States that want somebody's eye."""
    usual: frozenset[Labelled] = frozenset()
    """States of which a card says nothing: only what is otherwise is told."""
    calm: Callable[[Case, str], bool] | None = None
    """Which instances (keys) in such a state want nobody's eye any more."""
    unfinished: Callable[[Case, str], str] | None = None
    """What is still to be done with an instance (key) though it is at rest, in words; empty where nothing is."""
    groups: Callable[[Case], Iterable[tuple[str, Sequence[str]]]] | None = None
    """Instances (keys) by the small heading they stand under."""
    card: Callable[[CaseReading, str], Card] | None = None
    """Its card; None for name, state and what was filled in."""
    called: Callable[[Naming, str], str] | None = None
    """What an instance is called in a sentence, where its number says too little; empty where nothing is known."""
    summary: Callable[[CaseReading, str], Iterable[str]] | None = None
    """A few words on an instance, for tables."""
    row: Callable[[CaseReading, str], str] | None = None
    """What a row of a form says that is about an instance; None for its name."""
    alarm: Callable[[CaseReading, str], str] | None = None
    """What of an open instance wants somebody's eye whatever its state, in words; empty where nothing does."""
    due: Callable[[CaseReading, str], Pair] | None = None
    """What falls due with an instance, and who does it."""
    near: int = 0
    """How many days before it an instance that falls due is told of; 0 for on its day alone."""
    waits: Callable[[Case], Wait | None] | None = None
    """What of its instances waits to be taken up, though they are at rest."""
    waits_apart: bool = False
    """Whether what waits is listed by itself, whatever else there is to do in the case."""
    waits_for_lead: bool = False
    """Whether what waits is for the lead to decide."""
