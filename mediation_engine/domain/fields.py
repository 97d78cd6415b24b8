"""The fields of a command: what each is called, how it is filled in, and who may read what is written in it.

Labels, help, lengths and disclosure stand here, on the field, in Chinese; forms, the console and the API are made
from them. A command's free words are `Text`: the words themselves in an order, a sealed reference in a stored line.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import MISSING, dataclass, field
from enum import Enum
from typing import Any, NewType, get_type_hints

from .labels import Labelled
from .limits import LONGEST_KEY, MOST_ENTRIES

Text = NewType("Text", str)
"""Free words in an order; ``text:ID:LABEL:DIGEST`` once sealed."""

HOST_ONLY = "host"
"""Fail-closed disclosure: only the mediators of the case."""
JOINT = "joint"
"""Everyone who takes part in the case."""
REGISTER = "register"
"""Only mediators, as `HOST_ONLY`; the pages of the register say so once, and not beside every field."""
OF_PARTY = "@party"
"""The party named in the command's `party` field (and the mediators): what it said in private."""
HIDDEN = "（内容不公开）"
"""In place of words, and of all else, that a reader may not read."""
CHOSEN = "@chosen"
"""Whoever the command's own `readers` say. Such a command is told to nobody else, not even whose it is."""


class Readers(Labelled):
    """Who may see something, where whoever files it says so."""

    JOINT = "joint", "各方都能看"
    OWN = "own", "只有本人和调解员、室主任能看"
    HOST = "host", "只有调解员、室主任能看"


def chosen_label(command: Any) -> str | None:
    """The label that a command chooses for all that is in it; None where it chooses none.

    Fail-closed: what is nobody's own is for the mediators of the case.
    """
    readers = getattr(command, "readers", None)
    if readers is None:
        return None
    party = getattr(command, "party", None)
    is_named = isinstance(party, str) and party != HIDDEN
    own = party if readers is Readers.OWN and is_named else HOST_ONLY
    return JOINT if readers is Readers.JOINT else own


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One field of a command or of a row inside it."""

    name: str
    kind: str
    """text | day | time | money | count | choice | flag | refs | ref | person | staff | rows | code | files"""
    label: str
    help: str = ""
    required: bool = False
    default: Any = None
    longest: int = 0
    most: int = MOST_ENTRIES
    """How many rows or references there may be."""
    disclosure: str = HOST_ONLY
    machine: str = ""
    choices: type[Enum] | None = None
    row: type | None = None
    words_in: str = ""
    """Of a day: the text field of the same form that keeps a lunar date as it was written."""
    ahead: bool = False
    """Of a day: whether it lies ahead as a rule, so that 周五 is the next one."""
    past: bool = False
    """Of a day: whether something was on it, so that none to come is meant."""
    kept: bool = False
    """Whether a row that was begun for something stays about it: a form says what, and asks no more."""
    blank: str = ""
    """What it means that nothing is chosen, in words."""
    rare: bool = False
    """Whether a form folds it away until it is wanted."""
    ask: bool = False
    """Whether a form marks nothing beforehand, and wants an answer all the same."""
    about: Callable[[Any], Iterable[str]] | None = None
    """Of rows: what of a case (keys) a form begins a row for, each."""
    fill: Callable[[Any, str], int | None] | None = None
    """Of rows: how much the sum of one usually is (分), by the case and what it is about; filled in where asked for."""
    is_whole: bool = False
    """Of rows: whether those that a form begins with are all there can be."""
    beside: str = ""
    """Of references: the field of the same form whose answer is not among what is offered."""


def _field(default: Any, **spec: Any) -> Any:
    return field(metadata={"spec": spec}) if default is MISSING else field(default=default, metadata={"spec": spec})


def text(
    label: str,
    *,
    longest: int = 500,
    disclosure: str = HOST_ONLY,
    help: str = "",
    default: Any = None,
    rare: bool = False,
) -> Any:
    """Free words, at most `longest` characters, readable by `disclosure` only."""
    return _field(default, kind="text", label=label, longest=longest, disclosure=disclosure, help=help, rare=rare)


def day(
    label: str,
    *,
    help: str = "",
    default: Any = None,
    words_in: str = "",
    rare: bool = False,
    ahead: bool = False,
    past: bool = False,
) -> Any:
    """A civil day, no time of day; where it was written as a lunar date, `words_in` keeps the words."""
    return _field(default, kind="day", label=label, help=help, words_in=words_in, rare=rare, ahead=ahead, past=past)


def time(label: str, *, help: str = "", default: Any = None, rare: bool = False) -> Any:
    """A time of day, as 14:30."""
    return _field(default, kind="time", label=label, help=help, rare=rare)


def money(label: str, *, help: str = "", default: Any = None, rare: bool = False) -> Any:
    """A sum in 分, held as an integer; entered in yuan."""
    return _field(default, kind="money", label=label, help=help, rare=rare)


def count(label: str, *, help: str = "", default: Any = None, rare: bool = False) -> Any:
    """A whole number of people or things, at least 1."""
    return _field(default, kind="count", label=label, help=help, rare=rare)


def choice(
    label: str,
    *,
    help: str = "",
    default: Any = MISSING,
    disclosure: str = JOINT,
    rare: bool = False,
    ask: bool = False,
) -> Any:
    """One of the members of the field's labelled enumeration, told to `disclosure` only."""
    return _field(default, kind="choice", label=label, help=help, disclosure=disclosure, rare=rare, ask=ask)


def flag(label: str, *, help: str = "", default: bool = False, rare: bool = False) -> Any:
    """Yes or no."""
    return _field(default, kind="flag", label=label, help=help, rare=rare)


def ref(
    label: str,
    machine: str,
    *,
    help: str = "",
    default: Any = MISSING,
    disclosure: str = JOINT,
    kept: bool = False,
    blank: str = "",
    rare: bool = False,
) -> Any:
    """One instance of a machine of the same case, such as ``party/1``, told to `disclosure` only."""
    return _field(
        default,
        kind="ref",
        label=label,
        machine=machine,
        help=help,
        disclosure=disclosure,
        kept=kept,
        blank=blank,
        rare=rare,
    )


def refs(
    label: str,
    machine: str,
    *,
    help: str = "",
    default: Any = (),
    disclosure: str = JOINT,
    rare: bool = False,
    beside: str = "",
) -> Any:
    """Several instances of a machine of the same case, told to `disclosure` only; but what another field names."""
    return _field(
        default, kind="refs", label=label, machine=machine, help=help, disclosure=disclosure, rare=rare, beside=beside
    )


def person(label: str, *, help: str = "", default: Any = MISSING, rare: bool = False) -> Any:
    """The id of somebody in the register of people and organisations; never a name."""
    return _field(default, kind="person", label=label, help=help, rare=rare)


def staff(label: str, *, help: str = "", default: Any = MISSING, rare: bool = False) -> Any:
    """The id of a member of staff who may handle the case (see `roles.may_handle`); never a name."""
    return _field(default, kind="staff", label=label, help=help, rare=rare)


def rows(
    label: str,
    *,
    help: str = "",
    default: Any = (),
    rare: bool = False,
    about: Callable[[Any], Iterable[str]] | None = None,
    fill: Callable[[Any, str], int | None] | None = None,
    is_whole: bool = False,
) -> Any:
    """Several rows of a small dataclass whose fields are specified in the same way."""
    return _field(default, kind="rows", label=label, help=help, rare=rare, about=about, fill=fill, is_whole=is_whole)


def code(
    label: str,
    *,
    help: str = "",
    default: Any = MISSING,
    longest: int = LONGEST_KEY,
    kept: bool = False,
    rare: bool = False,
) -> Any:
    """A short token that is not about a person: a track, a hash, an outside reference."""
    return _field(default, kind="code", label=label, help=help, longest=longest, kept=kept, rare=rare)


def files(label: str, *, help: str = "", disclosure: str = JOINT) -> Any:
    """References to files handed in with the order (see `domain.files`), for `disclosure` only: nobody types them."""
    return _field((), kind="files", label=label, help=help, disclosure=disclosure)


_known: dict[type, tuple[FieldSpec, ...]] = {}


def fields_of(cls: type) -> tuple[FieldSpec, ...]:
    """The specified fields of a command class (or of a row class), in order of declaration."""
    if cls not in _known:
        _known[cls] = _read_fields(cls)
    return _known[cls]


def typed_fields(cls: type) -> tuple[FieldSpec, ...]:
    """The fields that are filled in: not the files, which are handed in."""
    return tuple(spec for spec in fields_of(cls) if spec.kind != "files")


def _read_fields(cls: type[Any]) -> tuple[FieldSpec, ...]:
    hints = get_type_hints(cls)
    specs = []
    for f in dataclasses.fields(cls):
        if "spec" not in f.metadata:
            continue
        inner = [t for t in (hints[f.name], *getattr(hints[f.name], "__args__", ())) if isinstance(t, type)]
        given = {"disclosure": JOINT} | f.metadata["spec"]
        given["choices"] = next((t for t in inner if issubclass(t, Enum)), None)
        given["row"] = next((t for t in inner if dataclasses.is_dataclass(t)), None)
        required = f.default is MISSING
        if f.default is None and type(None) not in getattr(hints[f.name], "__args__", ()):
            raise TypeError(f"{cls.__name__}.{f.name} is None where nothing is given, and not declared so")
        specs.append(FieldSpec(name=f.name, required=required, default=None if required else f.default, **given))
    return tuple(specs)


def staff_in(value: Any) -> Iterator[str]:
    """Ids of the members of staff that a command or a row names."""
    return _named_in(value, "staff")


def people_in(value: Any) -> Iterator[str]:
    """Ids of those of the register that a command or a row names."""
    return _named_in(value, "person")


def _named_in(value: Any, kind: str) -> Iterator[str]:
    for spec in fields_of(type(value)):
        held = getattr(value, spec.name)
        if spec.kind == kind and held:
            yield held
        elif spec.kind == "rows":
            yield from (id for row in held for id in _named_in(row, kind))
