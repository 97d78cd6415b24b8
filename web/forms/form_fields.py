"""One field on a page, and its choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from mediation_engine.domain.fields import JOINT, FieldSpec, Readers
from mediation_engine.domain.formatting import capital_words, day_words
from mediation_engine.domain.labels import Labelled
from mediation_engine.input.command_schema import Sum, lunar_typed
from mediation_engine.record.disclosure import readers_of

from .checkboxes import Choosing, Option

FEW = 5
"""So many choices are all shown at once; more are folded into a list."""
SHORT = 100
"""Texts of so many characters fit on a line."""
NEARLY_FULL = 0.8
"""How much of a text's length is used before it is told how long it may be."""


def _nothing(_spec: FieldSpec) -> list[Option]:
    return []


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
    over: frozenset[str] = frozenset()
    """Keys of what has ended and is seldom meant: chosen one by one."""
    today: date | None = None
    """From when on the next to come is meant by a lunar date without a year."""
    presets: Mapping[str, str] = field(default_factory=dict)
    """By field name: what will probably be chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One field on a page."""

    name: str
    spec: FieldSpec
    look: str
    """line | lines | day | pick | radio | ticks | tick | person | rows | kept"""
    value: str = ""
    values: tuple[str, ...] = ()
    new: str = ""
    """The name of somebody not yet in the register."""
    options: tuple[Option, ...] = ()
    faults: tuple[str, ...] = ()
    rows: tuple[tuple[Asked, ...], ...] = ()
    folded: bool = False
    capital: str = ""
    """A sum as on cheques; or which civil day a lunar date is."""
    finding: str = ""
    lunar: str = ""
    """A day as it was typed beside, as a lunar date."""
    readers: Readers | None = None
    """Who may see all that is filled in, where the form does not ask."""

    @property
    def choosing(self) -> Choosing:
        return Choosing(name=self.name, options=self.options, chosen=self.values, finding=self.finding)

    @property
    def words(self) -> str:
        """What is chosen, in words."""
        return dict(self.options).get(self.value, self.value)

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
        return [] if is_usual else list(filter(None, [readers_of(self.spec.disclosure, self.readers)]))

    @property
    def choosable(self) -> bool:
        """Whether there is anything to choose from, where it has to be chosen."""
        return bool(self.options) or self.look not in ("pick", "radio", "ticks")


def options_of(spec: FieldSpec, known: Known) -> list[Option]:
    """What there is to choose from."""
    match spec.kind:
        case "choice":
            return [(str(c.value), c.label) for c in spec.choices or () if isinstance(c, Labelled)]
        case "ref" | "refs":
            return known.things(spec)
        case "code":
            return known.codes(spec)
        case "person":
            return list(known.people)
        case "staff":
            return list(known.staff)
    return []


LOOKS = {
    "day": "day",
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
    """Which day a lunar date is that was typed, for a day or in words."""
    lunar = lunar_typed(typed, known.today) if spec.kind in ("day", "text") else None
    return f"{typed.strip()}是{day_words(lunar.day)}" if lunar and lunar.day else ""
