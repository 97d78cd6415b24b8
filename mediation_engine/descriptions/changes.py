"""What became of a case between two of its versions: which states and facts are others now, and that in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from msgspec import NODEFAULT, Struct, structs

from ..domain.case import Case, machine_of
from ..domain.facts import CaseFacts, FactLabel, labels_of, value_class
from ..domain.fields import fields_of
from ..domain.files import FileHeld
from ..domain.formatting import day_words, money_words
from ..domain.labels import Labelled
from ..domain.occurred import Occurred
from ..domain.presentation import HIDDEN
from ..domain.workflow import Workflow
from ..record.sealing import TextRef
from .lines import Teller

STATE = "state"
NOTHING = "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is another than it was; `key` None: of the case as a whole. None: there was, or is, nothing."""

    key: str | None
    field: str
    """``state``, or the name of a fact: ``grade``, ``agreements.amount``."""
    before: Any
    after: Any


def changes(before: Case, after: Case) -> list[Change]:
    """What differs between two folds, states first; nothing is asked of anything but these two."""
    return [*_states(before, after), *_facts(before.facts, after.facts)]


def _states(before: Case, after: Case) -> Iterator[Change]:
    for key in dict.fromkeys((*before.instances, *after.instances)):
        was, now = before.state(key), after.state(key)
        if was != now:
            yield Change(key=key, field=STATE, before=was, after=now)


def _facts(before: CaseFacts, after: CaseFacts) -> Iterator[Change]:
    for fact in fields(after):
        was, now = getattr(before, fact.name), getattr(after, fact.name)
        if was == now:
            continue
        if isinstance(now, dict):
            yield from _kept(fact.name, was, now)
        else:
            yield Change(key=None, field=fact.name, before=was, after=now)


def _kept(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        if was == now:
            continue
        if isinstance(was or now, Struct):
            yield from _parts(name, key, was, now)
        else:
            yield Change(key=key, field=name, before=was, after=now)


def _parts(name: str, key: str, before: Struct | None, after: Struct | None) -> Iterator[Change]:
    """Field by field; what has only just come, or gone, differs from what it would be without a word on it."""
    for part in structs.fields(type(before or after)):  # type: ignore[arg-type]
        plain = None if part.default is NODEFAULT else part.default
        was = plain if before is None else getattr(before, part.name)
        now = plain if after is None else getattr(after, part.name)
        if was != now:
            yield Change(key=key, field=f"{name}.{part.name}", before=was, after=now)


# -- in words

_LONG_HEX = 32


def label_of(facts: Any, field: str) -> FactLabel:
    """Label of a fact of a class of facts, by its name in a `Change`: ``grade``, ``agreements.amount``."""
    name, _, part = field.partition(".")
    value = value_class(facts, name) if part else None
    found = labels_of(value).get(part) if value else labels_of(facts).get(name)
    return found or FactLabel(field)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldChange:
    """A change in words. Where there was nothing, or is nothing now, it says —."""

    about: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeTeller:
    """Tells changes with the words and names its reader may read."""

    teller: Teller

    def told(self, change: Change) -> ToldChange:
        """One change in words."""
        about = "全案" if change.key is None else self.teller.thing(change.key)
        label = "状态" if change.field == STATE else self._label(change).label
        return ToldChange(about=about, label=label, before=self._side(change, change.before), after=self._after(change))

    def told_apart(self, change: Change) -> list[ToldChange]:
        """One change in words; where rows of a table differ, each that came or went, and of others what differs."""
        was, now = change.before or (), change.after or ()
        if not (isinstance(was, tuple) and isinstance(now, tuple) and any(map(_is_row, (*was, *now)))):
            return [self.told(change)]
        about, label = self.teller.thing(change.key or ""), self._label(change).label
        old, new = ([self._words(change, "", row) for row in rows] for rows in (was, now))
        found = []
        for kind, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
            for place in range(max(b - a, d - c)) if kind != "equal" else ():
                gone, came = a + place if a + place < b else None, c + place if c + place < d else None
                number = (came if came is not None else gone or 0) + 1
                within = self._within(was[gone], now[came]) if gone is not None and came is not None else ()
                if within:
                    found += [
                        ToldChange(about=about, label=f"{label}第{number}条，{part}", before=before, after=after)
                        for part, before, after in within
                    ]
                    continue
                found.append(
                    ToldChange(
                        about=about,
                        label=f"{label}第{number}条",
                        before=NOTHING if gone is None else old[gone],
                        after="（删去）" if came is None else new[came],
                    )
                )
        return found

    def _within(self, was: Any, now: Any) -> list[tuple[str, str, str]]:
        """What reads otherwise in a row: label, was, is; nothing where its reader may not read it."""
        old, new = dict(self.teller.details(was)), dict(self.teller.details(now))
        return [
            (part, old.get(part, NOTHING), new.get(part, "（删去）"))
            for part in dict.fromkeys((*old, *new))
            if old.get(part) != new.get(part)
        ]

    def _label(self, change: Change) -> FactLabel:
        workflow = self.teller.workflow
        return label_of(type(workflow.facts()) if workflow else CaseFacts, change.field)

    def _after(self, change: Change) -> str:
        words = self._side(change, change.after)
        # Other words which the reader may not read: that they are others is all there is to say.
        return f"{words}（已变动）" if words == HIDDEN and change.before is not None else words

    def _side(self, change: Change, held: Any) -> str:
        if change.field == STATE:
            return NOTHING if held is None else self.teller.state(change.key or "", held)
        if isinstance(held, str) and held in self._label(change).words:
            return self._label(change).words[held]
        return self._words(change, self._label(change).kind, held)

    def _words(self, change: Change, kind: str, held: Any) -> str:
        if held in (None, "", ()):
            return NOTHING
        if isinstance(held, tuple):
            return "、".join(self._words(change, kind, part) for part in held)
        if kind == "money" and isinstance(held, int):
            return money_words(held)
        if isinstance(held, Struct):
            return "，".join(f"{label}：{words}" for label, words in self._parts(change, held))
        if _is_row(held):
            return "，".join(f"{label}：{value}" for label, value in self.teller.details(held)) or HIDDEN
        return self._text(change, kind, held) if isinstance(held, str) else _plain(held)

    def _parts(self, change: Change, held: Struct) -> Iterator[tuple[str, str]]:
        """What a value kept in a fact says otherwise than it would without a word on it: label, words."""
        labels = labels_of(type(held))
        for part in structs.fields(type(held)):
            value, label = getattr(held, part.name), labels.get(part.name, FactLabel(part.name))
            if value not in (part.default, None, "", ()):
                yield label.label, self._words(replace(change, field=part.name), label.kind, value)

    def _text(self, change: Change, kind: str, held: str) -> str:
        ref = TextRef.read(held)
        if ref:
            return self.teller.words.get(ref.id, HIDDEN)
        file = FileHeld.read(held)
        if file:
            return file.words
        if kind == "person":
            return self.teller.names.get(held, HIDDEN)
        if kind == "staff":
            return self.teller.actors.get(held, held)
        if "/" in held and machine_of(held) in (self.teller.workflow.machines if self.teller.workflow else ()):
            return self.teller.thing(held)
        if kind == "digest":
            return f"{held[:12]}…" if len(held) >= _LONG_HEX else held
        name = change.field.rpartition(".")[2]
        return code_words(self.teller.workflow, change.key, name, held) or self.teller.names.get(held, held)


def _is_row(held: Any) -> bool:
    return is_dataclass(held) and not isinstance(held, Occurred | type) and bool(fields_of(type(held)))


def _plain(held: Any) -> str:
    if isinstance(held, Labelled):
        return held.label
    if isinstance(held, bool):
        return "是" if held else "否"
    if isinstance(held, Occurred):
        return held.words()
    return day_words(held) if isinstance(held, date) else str(held)


def code_words(workflow: Workflow | None, key: str | None, name: str, code: str) -> str | None:
    """The label behind a stored code: a track, a choice in a form of that kind of thing, or a state; None for none."""
    if workflow is None:
        return None
    track = workflow.track(code) if name == "track" else None
    if track:
        return track.label
    own = workflow.machines.get(machine_of(key or ""))
    machines = (own,) if own else workflow.phases + workflow.parts
    specs = [s for m in machines for c in m.commands for s in fields_of(c) if s.choices]
    # A choice of the fact's own name first: other forms may use the same code for something else.
    for spec in sorted(specs, key=lambda s: s.name != name):
        found = next((c for c in spec.choices or () if c.value == code and isinstance(c, Labelled)), None)
        if found:
            return found.label
    return next((s.label for m in machines for s in m.states if s.value == code), None)
