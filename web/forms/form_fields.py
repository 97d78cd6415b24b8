"""One field on a page, and its choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from mediation_engine.domain.fields import JOINT, FieldSpec, Readers
from mediation_engine.domain.formatting import capital_words, day_words
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.roles import MEDIATOR, Office
from mediation_engine.input.command_schema import Sum, day_typed
from mediation_engine.input.days import is_lunar, typed_day
from mediation_engine.record.disclosure import readers_of

from .checkboxes import Choosing, Option

FEW = 7
"""So many choices are all shown at once, to be taken at one press; more are folded into a list."""
FEW_PARTIES = 6
"""So many parties likewise."""
MANY_ROWS = 5
"""So many short rows stand two beside each other."""
SHORT = 100
"""Texts of so many characters fit on a line."""
SHORT_NAME = 12
"""Names of so many characters fit beside what is said of them in half a line."""
LONG = 1000
"""Texts of so many characters are given some lines at once."""
CELLS = ("line", "day", "time", "when", "pick", "person")
"""Looks of fields that stand beside each other."""
NEARLY_FULL = 0.8
"""How much of a text's length is used before it is told how long it may be."""


def _nothing(_spec: FieldSpec) -> list[Option]:
    return []


def _none(_spec: FieldSpec) -> list[str]:
    return []


def _as_they_are(_spec: FieldSpec, options: list[Option]) -> list[Option]:
    return options


def _empty(*_: object) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a case offers to choose from."""

    things: Callable[[FieldSpec], list[Option]] = _nothing
    """Instances of a machine, by readable names."""
    codes: Callable[[FieldSpec], list[Option]] = _nothing
    """What a code may be; empty where it is typed."""
    people: tuple[Option, ...] = ()
    """Who is known in the case, by id."""
    staff: tuple[Option, ...] = ()
    """Who may handle the case, by id."""
    handlers: frozenset[Office] = MEDIATOR
    """Offices one of which whoever handles it holds."""
    over: frozenset[str] = frozenset()
    """Keys of what has ended and is seldom meant: chosen one by one."""
    today: date | None = None
    """From when on the next to come is meant by a lunar date without a year."""
    presets: Mapping[str, str] = field(default_factory=dict)
    """By field name: what will probably be chosen."""
    about: Callable[[FieldSpec], list[str]] = _none
    """What (keys) a table of rows begins with, a row each."""
    fill: Callable[[FieldSpec, str], str] = _empty
    """How much a sum in a row usually is, by what the row is about; empty where that is not known."""
    choices: Callable[[FieldSpec, list[Option]], list[Option]] = _as_they_are
    """What there is to choose of a choice, and what is said of it here."""
    row_words: Callable[[str], str] = _empty
    """What a row says of what it is about (key), where that is more than its name."""


A_GLANCE = 12
"""Characters of what is folded away that are seen beside the fold's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One field on a page."""

    name: str
    spec: FieldSpec
    look: str
    """line | lines | day | time | when | pick | radio | ticks | tick | person | rows | kept"""
    value: str = ""
    values: tuple[str, ...] = ()
    new: str = ""
    """The name of somebody not yet in the register."""
    options: tuple[Option, ...] = ()
    faults: tuple[str, ...] = ()
    rows: tuple[tuple[Asked, ...], ...] = ()
    told: bool = False
    """Whether something stands in it that a fresh form has not."""
    capital: str = ""
    """A sum as on cheques; or as which day it is read."""
    in_row: bool = False
    beside: str = ""
    """Of a sum: whether it is what the sums in the rows come to."""
    follows: bool = False
    """Of a sum: whether it may be left empty, as the rows come to it."""
    said: str = ""
    """What is said of what a row is about."""
    total: str = ""
    """Of rows with sums: what they come to."""
    spare: tuple[Asked, ...] = ()
    """Of rows: one more, as it begins; a script puts it there once something is typed into the last."""
    open_rows: frozenset[int] = frozenset()
    """Of rows: in which what is folded away wants to be seen."""
    is_about_nothing: bool = False
    """Of rows: whether the case has nothing that a row could be about."""
    clears: bool = False
    """Whether its row counts for nothing while it is empty."""
    can_fill: bool = False
    """Of rows with sums: whether all that is usual can be filled in at one press."""
    finding: str = ""
    away_from: str = ""
    """The control whose answer is not offered here."""
    away: str = ""
    """What is chosen there."""
    readers: Readers | None = None
    """Who may see all that is filled in, where the form does not ask."""
    handlers: frozenset[Office] = MEDIATOR
    """Offices under which it may be handled, and so is read."""

    @property
    def choosing(self) -> Choosing:
        return Choosing(
            name=self.name,
            options=self.options,
            chosen=self.values,
            finding=self.finding,
            away=self.away,
        )

    @property
    def is_again(self) -> bool:
        """Whether a row that is added says by itself who it is, as the row before it does."""
        return self.in_row and self.spec.kind in ("ref", "person") and not (self.spec.required or self.spec.kept)

    @property
    def within(self) -> str:
        """What is folded away though it is filled in, in few words."""
        words = self.new or self.words
        said = (
            self.spec.label
            if self.look == "tick"
            else f"{self.spec.label} {words[:A_GLANCE]}{'…' if len(words) > A_GLANCE else ''}"
        )
        return said if self.told and words else ""

    @property
    def words(self) -> str:
        """What is chosen, in words."""
        return self.said or dict(self.options).get(self.value, self.value)

    @property
    def shape(self) -> str:
        """How it lies on a wide screen: cell (beside others) | double | tick | wide."""
        if self.look == "person" or (self.look == "lines" and self.height == 1):
            return "double"
        return "cell" if self.look in CELLS else "tick" if self.look in ("tick", "radio") else "wide"

    @property
    def height(self) -> int:
        """How many lines of text it shows at first."""
        return 3 if self.spec.longest >= LONG and not self.in_row else 1

    @property
    def columns(self) -> tuple[Asked, ...]:
        """Of a table: what stands at the head of each column."""
        return tuple(a for a in self.rows[0] if not a.spec.rare) if self.rows else ()

    @property
    def has_rare(self) -> bool:
        """Of a table: whether something of each row is folded away."""
        return any(a.spec.rare and a.look != "kept" for a in self.rows[0]) if self.rows else False

    @property
    def is_wrong(self) -> bool:
        """Whether something is wrong with it, or in it."""
        return bool(self.faults) or any(a.is_wrong for row in self.rows for a in row)

    @property
    def is_pointless(self) -> bool:
        """Whether it needs no answer, and there is none to give: nothing of the kind is in the case."""
        if self.spec.required or self.told or self.is_wrong:
            return False
        if self.spec.row is not None:
            return self.is_about_nothing
        return self.spec.kind in ("ref", "refs") and not self.options and not self.value

    @property
    def ticked_column(self) -> Asked | None:
        """Of a table with many rows, each about something: what is ticked in each; all can be at one press."""
        first = self.rows[0] if len(self.rows) >= MANY_ROWS else ()
        is_about = any(a.look == "kept" for a in first)
        return next((a for a in first if is_about and a.look == "tick" and not a.spec.rare), None)

    @property
    def in_pairs(self) -> bool:
        """Of a table: whether two of its rows stand beside each other on a wide screen: there are many, each short."""
        kept = [a.words for row in self.rows for a in row if a.look == "kept"]
        return len(kept) == len(self.rows) >= MANY_ROWS and max(map(len, kept)) <= SHORT_NAME

    @property
    def is_whole(self) -> bool:
        """Of a table: whether it has a row for each thing there is, so that there is nothing to add."""
        kept = [a for row in self.rows for a in row if a.look == "kept"]
        all_there = bool(kept) and {a.value for a in kept} >= {key for key, _ in kept[0].options}
        return all_there or (self.spec.is_whole and len(kept) == len(self.rows) > 0)

    @property
    def notes(self) -> list[str]:
        """What stands beside it: help; how long, once nearly full; who will read it, where not all in the case."""
        return [*filter(None, [self.spec.help]), *self._length(), *self._readers()]

    def _length(self) -> list[str]:
        written, most = len(self.value), self.spec.longest
        is_near = self.look in ("line", "lines") and self.spec.kind == "text" and written > most * NEARLY_FULL
        return [f"已写{written}个字，最多{most}个字"] if is_near else []

    def _readers(self) -> list[str]:
        is_usual = self.spec.disclosure == JOINT
        return [] if is_usual else list(filter(None, [readers_of(self.spec.disclosure, self.readers, self.handlers)]))


def options_of(spec: FieldSpec, known: Known) -> list[Option]:
    """What there is to choose from."""
    match spec.kind:
        case "choice":
            return known.choices(spec, [(c.code, c.label) for c in spec.choices or () if isinstance(c, Labelled)])
        case "ref" | "refs":
            return known.things(spec)
        case "code":
            return known.codes(spec)
        case "person":
            return list(known.people)
        case "staff":
            return list(known.staff)
    return []


PARTY = "party"
"""The machine of whom a case is between."""
LOOKS = {
    "day": "day",
    "time": "time",
    "money": "line",
    "count": "line",
    "flag": "tick",
    "ref": "pick",
    "refs": "ticks",
    "person": "person",
    "staff": "pick",
    "rows": "rows",
}


def _look(spec: FieldSpec, options: tuple[Option, ...], *, in_row: bool, value: str = "") -> str:
    match spec.kind:
        case "ref" if spec.kept and value in dict(options):
            return "kept"
        case "ref" if spec.machine == PARTY and spec.required and not in_row and 1 < len(options) <= FEW_PARTIES:
            return "radio"
        case "text":
            return "lines" if spec.longest > SHORT else "line"
        case "choice":
            return "radio" if len(options) <= FEW and not in_row else "pick"
        case "code":
            return "pick" if options else "line"
    return LOOKS[spec.kind]


def _capital(sum_: Sum | None) -> str:
    """A sum as on cheques; nothing where none was typed."""
    return "" if sum_ is None or sum_.fen is None else capital_words(sum_.fen)


def _civil(spec: FieldSpec, typed: str, known: Known) -> str:
    """As which day something is read that is not written out as one; also a lunar date among words."""
    if not typed.strip() or spec.kind not in ("day", "text") or (spec.kind == "text" and not is_lunar(typed)):
        return ""
    day = day_typed(typed, known.today, ahead=spec.ahead, past=spec.past).day
    if day is None or typed.strip() in (typed_day(day), day.isoformat()):
        return ""
    return f"{typed.strip()}是{day_words(day)}" if is_lunar(typed) else f"读作 {day_words(day)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Fields that lie together: beside each other, or one as wide as the form."""

    shape: str
    """cells | ticks | wide: beside each other, in a line of things to tick, or as wide as the form"""
    fields: tuple[Asked, ...]


def runs_of(fields: Sequence[Asked]) -> list[Run]:
    """Fields in order, those beside each other together."""
    found: list[tuple[str, list[Asked]]] = []
    for a in fields:
        shape = {"cell": "cells", "double": "cells", "tick": "ticks"}.get(a.shape, "wide")
        if shape == "wide" or not found or found[-1][0] != shape:
            found.append((shape, []))
        found[-1][1].append(a)
    return [Run(shape=shape, fields=tuple(fields)) for shape, fields in found]
