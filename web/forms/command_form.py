"""Any command, or somebody's details, as a form: from the fields to what a page asks, with what was typed kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from typing import Any

from werkzeug.datastructures import MultiDict

from mediation_engine.domain.command import Called
from mediation_engine.domain.fields import FieldSpec, Readers, typed_fields
from mediation_engine.domain.formatting import capital_words, money_words
from mediation_engine.domain.limits import MOST_ROWS_SHOWN
from mediation_engine.errors import FormFaults
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.input.command_schema import Names, Sum, read_form, read_sum
from workflows.facts import MONEY

from .checkboxes import FIND
from .form_fields import Asked, Known, Run, _capital, _civil, _look, options_of, runs_of

Typed = MultiDict[str, str]
"""What a browser posted."""
Faults = Mapping[str, Sequence[str]]
"""Sentences by the name of the control."""
PREFIX = "f."
SUM = f"{PREFIX}amount"
"""What a form calls the sum of a command, which its rows may come to."""
ID = "id"
"""What a form calls the id of its order: sent again, it is the same."""
NEW = ".new"
OPEN = "open"
"""What a script calls the folds that are open, so that they stay so."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A command's form: what was typed, what may be chosen, what is wrong. Made with `of`, and never changed."""

    command: type[Called]
    typed: Typed
    known: Known
    sums: Mapping[str, Sum]
    """The sums that were typed, by the name of the control."""
    leave_out: frozenset[str]
    faults: Faults = field(default_factory=dict)

    @classmethod
    def of(
        cls, command: type[Called], typed: Typed, known: Known | None = None, leave_out: frozenset[str] = frozenset()
    ) -> Sheet:
        """The form of a command, filled in with what was typed."""
        sums = dict(_sums_in(command, typed, PREFIX))
        return cls(command=command, typed=typed, known=known or Known(), sums=sums, leave_out=leave_out)

    def with_typed(self, typed: Typed) -> Sheet:
        """The same form, filled in otherwise."""
        return replace(self, typed=typed, sums=dict(_sums_in(self.command, typed, PREFIX)))

    def renumbered(self) -> Sheet:
        """The same as another order, whatever has been ordered before."""
        typed = MultiDict(self.typed)
        typed[ID] = new_id(system_randomness, 16)
        return self.with_typed(typed)

    def with_faults(self, faults: Faults) -> Sheet:
        """The same with what is wrong, by the name of the control."""
        return replace(self, faults=faults)

    @cached_property
    def fields(self) -> tuple[Asked, ...]:
        """All fields, in order."""
        specs = (spec for spec in typed_fields(self.command) if spec.name not in self.leave_out)
        return tuple(self._asked(spec, PREFIX) for spec in specs)

    def _asked(self, spec: FieldSpec, place: str) -> Asked:
        name = place + spec.name
        options, value = tuple(options_of(spec, self.known)), self.typed.get(name, "")
        rows = tuple(self._row(spec, name, n) for n in range(count_of(self.typed, name) if spec.row else 0))
        return Asked(
            name=name,
            spec=spec,
            look=_look(spec, options, in_row=place != PREFIX, value=value),
            value=value,
            values=tuple(self.typed.getlist(name)),
            new=self.typed.get(name + NEW, ""),
            options=options,
            faults=tuple(self.faults.get(name, ())),
            rows=rows,
            spare=self._spare(spec, name, len(rows)),
            told=self._is_told(spec, name),
            capital=_capital(self.sums.get(name)) or _civil(spec, value, self.known),
            handlers=self.known.handlers,
            beside=self._beside(spec) if place == PREFIX else "",
            follows=name == SUM and bool(self._sums_in_rows),
            said=self.known.row_words(value) if spec.kept and value else "",
            total=self._total(spec, name),
            can_fill=bool(spec.fill and rows),
            open_rows=self._open_rows(name, rows),
            is_about_nothing=any(
                s.kind == "ref" and s.required and not options_of(s, self.known) for s in _columns(spec)
            ),
            finding=self.typed.get(FIND + name, "").strip(),
            in_row=place != PREFIX,
            away_from=place + spec.beside if spec.beside else "",
            away=self.typed.get(place + spec.beside, "") if spec.beside else "",
            readers=self._readers,
        )

    @property
    def _readers(self) -> Readers | None:
        """Who may see all of it, where that is not asked."""
        readers = getattr(self.command, "readers", None)
        is_asked = any(spec.name == "readers" for spec in typed_fields(self.command))
        return readers if isinstance(readers, Readers) and not is_asked else None

    def _row(self, spec: FieldSpec, name: str, n: int) -> tuple[Asked, ...]:
        assert spec.row is not None
        asked = (self._asked(column, f"{name}.{n}.") for column in typed_fields(spec.row))
        row = tuple(a for a in asked if not a.is_pointless)
        at = next((i for i, a in enumerate(row) if a.look != "kept"), 0) if any(a.look == "kept" for a in row) else None
        return tuple(replace(a, clears=i == at) for i, a in enumerate(row))

    def _spare(self, spec: FieldSpec, name: str, n: int) -> tuple[Asked, ...]:
        """One more row of a table, as it begins; nothing where the table is whole, full, or about what is there."""
        if not spec.row or spec.is_whole or n >= MOST_ROWS_SHOWN or any(map(_is_kept, _columns(spec))):
            return ()
        typed = Typed()
        _begin_row(spec, name, n, typed, self.known)
        return replace(self, typed=typed, sums={}, faults={})._row(spec, name, n)

    def _is_told(self, spec: FieldSpec, name: str) -> bool:
        if spec.row:
            rows = range(count_of(self.typed, name))
            return any(not is_blank(spec, self.typed, name, n, self.known) for n in rows)
        return not _is_untouched(spec, self.typed, name, self.known)

    def _open_rows(self, name: str, rows: Sequence[Sequence[Asked]]) -> frozenset[int]:
        opened = self.typed.getlist(OPEN)
        wrong = (n for n, row in enumerate(rows) if any(a.spec.rare and a.faults for a in row))
        return frozenset((*wrong, *(n for n in range(len(rows)) if f"{name}.{n}" in opened)))

    def _beside(self, spec: FieldSpec) -> str:
        """Whether the sum of a command is what the sums in its rows come to."""
        typed = self.sums.get(PREFIX + spec.name)
        table = next((s for s in typed_fields(self.command) if s.row), None)
        if spec.name != "amount" or typed is None or typed.fen is None or table is None:
            return ""
        sums = self._sums_of(table, PREFIX + table.name)
        differs = abs(typed.fen - sum(sums))
        return "" if not sums else f"与各行相加{f'差{money_words(differs)}' if differs else '相同'}"

    def sums_differ(self) -> tuple[str, str] | None:
        """(control, sentence) where a sum that was typed is not what those in the rows come to; by numbers."""
        typed, sums = self.sums.get(SUM), self._sums_in_rows
        if not sums or typed is None or typed.fen is None or sum(sums) == typed.fen:
            return None
        parts = f"{len(sums)}笔合计{money_words(sum(sums))}" if len(sums) > 1 else f"上面一笔写的{money_words(sums[0])}"
        differs = money_words(abs(sum(sums) - typed.fen))
        said = f"{parts}，金额写的{money_words(typed.fen)}，差{differs}；请改成一样，金额也可以空着"
        return SUM, said

    @property
    def _sums_in_rows(self) -> list[int]:
        """The sums in the rows of the table that say how much the command is about."""
        table = next((s for s in typed_fields(self.command) if s.row and s.fill), None)
        return self._sums_of(table, PREFIX + table.name) if table is not None else []

    def with_sum_of_rows(self) -> Sheet:
        """The form with its sum left empty where its rows come to it, so that it follows them when they change."""
        typed, sums = self.sums.get(SUM), self._sums_in_rows
        if not sums or typed is None or typed.fen != sum(sums):
            return self
        return self.with_typed(Typed([(name, value) for name, value in self.typed.items(multi=True) if name != SUM]))

    def _total(self, spec: FieldSpec, name: str) -> str:
        """What the sums in a table come to; where one stands beside its own characters, nothing while it is alone."""
        sums = self._sums_of(spec, name)
        least = 2 if any(map(_is_kept, _columns(spec))) else 1
        return f"{money_words(sum(sums))}（{capital_words(sum(sums))}）" if len(sums) >= least else ""

    def _sums_of(self, spec: FieldSpec, name: str) -> list[int]:
        """The sums in a table that add up."""
        money = next(filter(_is_sum, _columns(spec)), None)
        rows = counting(spec, self.typed, name) if money else []
        found = [self.sums.get(f"{name}.{n}.{money.name}") for n in rows if money]
        return [it.fen for it in found if it is not None and it.fen is not None]

    # -- laid out

    @property
    def asked(self) -> list[Asked]:
        """What there is to answer, in order."""
        return [a for a in self.fields if not a.is_pointless]

    @property
    def first(self) -> list[Asked]:
        """What is asked at once; so is which thing is meant, where the workflow says which."""
        return [a for a in self.asked if not self._is_aside(a)]

    @property
    def rare(self) -> list[Asked]:
        """What is folded away."""
        return [a for a in self.asked if self._is_aside(a)]

    def _is_aside(self, a: Asked) -> bool:
        return a.spec.rare and not (a.spec.kind == "ref" and a.spec.name in self.known.presets)

    @property
    def rare_words(self) -> str:
        """What is folded away, in words."""
        return "、".join(re.split("[，（]", a.spec.label)[0] for a in self.rare)

    @property
    def is_rare_open(self) -> bool:
        """Whether something in what is folded away wants to be seen: it was filled in, is wrong, or was open before."""
        do, is_fresh = self.typed.get("do", ""), "do" not in self.typed
        quiet = ("ref", "refs", "choice", "flag", "code") if is_fresh else ()
        told = any(a.is_wrong or (a.told and a.spec.kind not in quiet) for a in self.rare)
        return told or "rare" in self.typed.getlist(OPEN) or do in {f"more:{a.name}" for a in self.rare}

    def runs(self, fields: Sequence[Asked]) -> list[Run]:
        """Fields as they lie on the page."""
        return runs_of(fields)

    # -- filled in otherwise

    def begun(self) -> Sheet:
        """The form with what is usual in every field that nobody has touched."""
        typed = MultiDict(self.typed)
        for spec in typed_fields(self.command):
            _begin(spec, PREFIX, typed, self.known)
        return self.with_typed(typed)

    def with_row(self, name: str) -> Sheet:
        """The form with one more empty row in a table."""
        spec = next((s for s in typed_fields(self.command) if s.row and PREFIX + s.name == name), None)
        if spec is None:
            return self
        typed, n = MultiDict(self.typed), count_of(self.typed, name)
        typed[name] = str(min(n + 1, MOST_ROWS_SHOWN))
        _begin_row(spec, name, n, typed, self.known)
        return self.with_typed(typed)

    def with_picked(self, name: str, *, every: bool) -> Sheet:
        """The form with all choices shown of a field ticked that have not ended, or all rows of a table; or none."""
        found = next((a for a in self.fields if a.name == name), None)
        typed = MultiDict(self.typed)
        if found is not None and found.ticked_column:
            for n in range(len(found.rows)):
                typed[f"{name}.{n}.{found.ticked_column.spec.name}"] = "是" if every else ""
        elif found is not None and found.look == "ticks":
            ticked = set(found.values)
            typed.setlist(name, [k for k in found.choosing.picked(every) if k in ticked or k not in self.known.over])
        return self.with_typed(typed)

    def with_sums(self, name: str, *, every: bool, only: Collection[str] = ()) -> Sheet:
        """The form with what is usual for a sum in each row of a table, or in those about some things `only`; or with
        none of it."""
        spec = next((s for s in typed_fields(self.command) if s.fill and PREFIX + s.name == name), None)
        if spec is None:
            return self
        kept, money = (next(s.name for s in _columns(spec) if is_it(s)) for is_it in (_is_kept, _is_sum))
        typed = MultiDict(self.typed)
        for n in range(count_of(typed, name)):
            key = typed.get(f"{name}.{n}.{kept}", "")
            if not only or key in only:
                typed[f"{name}.{n}.{money}"] = self.known.fill(spec, key) if every else ""
        return self.with_typed(typed)

    # -- read

    def read(self, person: Callable[[str], str], given: Mapping[str, Any] | None = None) -> Any:
        """The command; FormFaults with every sentence under the name of its control.

        `person` enters somebody new in the register by name and gives the id; `given` is what is not asked.
        """
        reading = _Reading(self, person)
        filled = reading.filled(self.command, PREFIX) | dict(given or {})
        faults = {name: list(sentences) for name, sentences in reading.faults.items()}
        made = None
        try:
            made = read_form(self.command, filled, Names(today=self.known.today))
        except FormFaults as fault:
            for name, sentence in reading.places(fault.places, self.command, PREFIX):
                faults.setdefault(name, []).append(sentence)
        if made is None or faults:
            raise FormFaults(faults)
        return made

    def summary(self) -> list[tuple[str, str, str]]:
        """(id, label, sentence) of all that is wrong, in the order of the page."""
        found = [(a, label) for a, label in _labelled(self.fields) if a.faults]
        return [(a.name, label, sentence) for a, label in found for sentence in a.faults]


def _begin(spec: FieldSpec, place: str, typed: Typed, known: Known) -> None:
    """Put what is usual into an untouched field."""
    name = place + spec.name
    if spec.row:
        if name in typed:
            return
        about = known.about(spec) if spec.about else [""]
        kept = next((s.name for s in typed_fields(spec.row) if s.kept), "")
        for n, key in enumerate(about):
            if key:
                typed[f"{name}.{n}.{kept}"] = key
            _begin_row(spec, name, n, typed, known)
        typed[name] = str(len(about))
    elif spec.kind == "refs" and place == PREFIX:
        typed.setlistdefault(name, known.presets.get(spec.name, "").split())
    elif value := usual(spec, known):
        typed.setdefault(name, value)


def _begin_row(spec: FieldSpec, name: str, n: int, typed: Typed, known: Known) -> None:
    for column in typed_fields(spec.row) if spec.row else ():
        _begin(column, f"{name}.{n}.", typed, known)


def _is_kept(spec: FieldSpec) -> bool:
    return spec.kept


def _is_sum(spec: FieldSpec) -> bool:
    return spec.kind == "money"


def _columns(spec: FieldSpec) -> tuple[FieldSpec, ...]:
    return typed_fields(spec.row) if spec.row else ()


def counting(spec: FieldSpec, typed: Typed, name: str) -> list[int]:
    """Numbers of the rows of a table whose sums add up: not what others are parts of, nor what is no money."""
    rows, columns = range(count_of(typed, name)), {s.name for s in _columns(spec)}
    parents = {typed.get(f"{name}.{n}.part_of", "").strip() for n in rows} if "part_of" in columns else set()
    money = {kind.value for kind in MONEY}
    kinds = {n: typed.get(f"{name}.{n}.kind", "") for n in rows} if "kind" in columns else {}
    return [n for n in rows if str(n + 1) not in parents and kinds.get(n, "pay") in money]


def _sums_in(cls: type, typed: Typed, place: str) -> Iterator[tuple[str, Sum]]:
    """Every sum that was typed, with the name of its control."""
    for spec in typed_fields(cls):
        name = place + spec.name
        if spec.kind == "money" and typed.get(name, "").strip():
            yield name, read_sum(typed[name])
        for n in range(count_of(typed, name)) if spec.row else ():
            assert spec.row is not None
            yield from _sums_in(spec.row, typed, f"{name}.{n}.")


class _Reading:
    """What a browser posted, as `read_form` takes it; rows left blank are left out."""

    def __init__(self, sheet: Sheet, person: Callable[[str], str]) -> None:
        self.typed, self.known, self.sums, self.person = sheet.typed, sheet.known, sheet.sums, person
        self.faults: dict[str, list[str]] = {}
        self.kept: dict[str, list[int]] = {}
        """By table: the numbers of the rows that are not blank."""

    def filled(self, cls: type, place: str) -> dict[str, Any]:
        answers = ((spec.name, self._answer(spec, place + spec.name)) for spec in typed_fields(cls))
        return {name: answer for name, answer in answers if answer is not None}

    def _answer(self, spec: FieldSpec, name: str) -> Any:
        match spec.kind:
            case "flag":
                return "是" if self.typed.get(name) else "否"
            case "refs":
                return [key for key in self.typed.getlist(name) if key] or None
            case "rows":
                return self._rows(spec, name)
            case "person":
                return self._person(name)
            case "choice" if spec.ask and not self.typed.get(name, "").strip():
                self.faults[name] = ["请选一项"]
            case "money" if name in self.sums:
                return self.sums[name]
        return self.typed.get(name, "")

    def _rows(self, spec: FieldSpec, name: str) -> list[dict[str, Any]] | None:
        assert spec.row is not None
        numbers = range(count_of(self.typed, name))
        self.kept[name] = [n for n in numbers if not is_blank(spec, self.typed, name, n, self.known)]
        return [self.filled(spec.row, f"{name}.{n}.") for n in self.kept[name]] or None

    def _person(self, name: str) -> str:
        chosen, new = self.typed.get(name, "").strip(), self.typed.get(name + NEW, "").strip()
        if chosen and new:
            self.faults[name] = ["选了已登记的，又填了新的姓名；请只留一样"]
        if not new or chosen:
            return chosen if not chosen or chosen in dict(self.known.people) else self._entered(name, chosen)
        return self._entered(name, new)

    def _entered(self, name: str, new: str) -> str:
        try:
            return self.person(new)
        except FormFaults as fault:
            self.faults[name] = fault.sentences
            return "-"

    def places(self, messages: Any, cls: type, place: str) -> Iterator[tuple[str, str]]:
        """(control, sentence) for what the schema found wrong."""
        specs = {s.name: s for s in typed_fields(cls)}
        for key, inner in messages.items() if isinstance(messages, dict) else ():
            spec, name = specs.get(key), f"{place}{key}"
            if spec and spec.row and isinstance(inner, dict):
                for n, row in inner.items():
                    yield from self.places(row, spec.row, f"{name}.{self.kept.get(name, range(n + 1))[n]}.")
            else:
                yield from ((name, sentence) for sentence in flat(inner))


def flat(messages: Any) -> list[str]:
    """What a schema found wrong in one place, each sentence once."""
    if isinstance(messages, dict):
        return list(dict.fromkeys(s for inner in messages.values() for s in flat(inner)))
    return [str(m) for m in messages]


def _labelled(asked: Iterable[Asked], before: str = "") -> Iterator[tuple[Asked, str]]:
    for a in asked:
        yield a, before + a.spec.label
        for n, row in enumerate(a.rows, 1):
            yield from _labelled(row, f"{before}{a.spec.label}第{n}行，")


def count_of(typed: Typed, name: str) -> int:
    """How many rows a table had on the page."""
    said = typed.get(name, "")
    return min(int(said), MOST_ROWS_SHOWN) if said.isascii() and said.isdecimal() and len(said) < 4 else 0


def is_blank(spec: FieldSpec, typed: Typed, name: str, n: int, known: Known) -> bool:
    """Whether a row is as it was when it was added; one about something, where nothing is said of that."""
    columns = _columns(spec)
    kept = next((s for s in columns if s.kept and typed.get(f"{name}.{n}.{s.name}", "").strip()), None)
    if kept is not None:
        said = next((s for s in columns if not s.kept), kept)
        return not any(typed.get(f"{name}.{n}.{said.name}{new}", "").strip() for new in ("", NEW))
    return all(_is_untouched(column, typed, f"{name}.{n}.{column.name}", known) for column in columns)


def _is_untouched(spec: FieldSpec, typed: Typed, name: str, known: Known) -> bool:
    said = [value.strip() for key in (name, name + NEW) for value in typed.getlist(key) if value.strip()]
    return not said or said == [usual(spec, known)]


def usual(spec: FieldSpec, known: Known) -> str:
    """What stands in a field before anybody has touched it."""
    if spec.kind in ("ref", "flag", "choice", "text", "code") and spec.name in known.presets:
        return known.presets[spec.name]
    if spec.kind == "code" and spec.required:
        codes = known.codes(spec)
        return codes[0][0] if len(codes) == 1 else ""
    held = None if spec.ask else spec.default
    if isinstance(held, Enum):
        return str(held.value)
    return "" if held in (None, False, ()) else "是" if held is True else str(held)


def without_nobody(typed: Typed, person: str = "person") -> Typed:
    """What was typed, without what was chosen beforehand for rows in which nobody was named, by the field that asks for
    that."""
    left, name = MultiDict(typed), f"{PREFIX}named"
    for n in range(count_of(typed, name)):
        row = f"{name}.{n}."
        if not (typed.get(f"{row}{person}", "").strip() or typed.get(f"{row}{person}{NEW}", "").strip()):
            for key in [key for key in left if key.startswith(row)]:
                left.poplist(key)
    return left
