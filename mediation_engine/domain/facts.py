"""What the engine asks of the facts of any case. A workflow keeps facts of its own in a subclass.

A container of frozen values keyed by machine instance (``agreement/1``). Events replace values in it; so a shallow
copy of the container is a full copy, and a fold can be branched at no cost.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache
from typing import Annotated, Any, Self, get_type_hints

from msgspec import Meta, Struct

from .occurred import Occurred


@dataclass(frozen=True, slots=True)
class FactLabel:
    """How a fact is called and shown: ``Annotated[int | None, fact("金额", "money")]``."""

    label: str
    kind: str = ""
    """money (in 分) | person (id in the register) | staff (id of an actor) | digest; empty: by its type."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What codes that no form offers mean."""


def fact(label: str, kind: str = "", words: Mapping[str, str] | None = None) -> Meta:
    """Label a fact: of a case, or a field of a value kept in it."""
    return Meta(title=label, extra={"kind": kind, "words": words or {}})


@cache
def labels_of(cls: Any) -> Mapping[str, FactLabel]:
    """Labels of a class of facts, or of a value kept in one, by the name of the field."""
    hints = get_type_hints(cls, include_extras=True)
    metas = ((name, meta) for name, hint in hints.items() for meta in getattr(hint, "__metadata__", ()))
    return {
        name: FactLabel(meta.title, **(meta.extra or {}))
        for name, meta in metas
        if isinstance(meta, Meta) and meta.title
    }


@cache
def value_class(cls: Any, name: str) -> type | None:
    """The class of the values that a class of facts keeps by instance under a name; None for a plain fact."""
    hint = get_type_hints(cls).get(name)
    values = getattr(hint, "__args__", ())[1:] if getattr(hint, "__origin__", None) is dict else ()
    return next((value for value in values if isinstance(value, type)), None)


class ListRow(Struct, frozen=True, kw_only=True):
    """What lists show of the facts of a case; None where cases of its kind have no such thing."""

    track: str | None = None
    dispute: str | None = None
    kind: str | None = None
    """Its kind (code), where things of one matter are of several."""
    district: str | None = None
    """The district (code) that it belongs to."""
    rounds: int | None = None
    parties: int | None = None
    agreed: int | None = None
    """Sum agreed over live agreements, in 分; None also where no sum is reported."""
    reporter: str | None = None
    """The member of staff (id) who reported it under an office that sees only what is its own."""
    predecessor: str | None = None
    """The case (id) that it follows on."""
    kept: int = 0
    """Duties that are to be kept day by day."""


@dataclass
class CaseFacts:
    """Facts every case has. Only `Event.apply` changes them, and only on the copy of a fold."""

    organisation: Annotated[str, fact("主办组织")] = ""
    number: Annotated[str | None, fact("案号")] = None
    closed: Annotated[str | None, fact("结案方式")] = None
    """How the case was closed (state code); None while it is open."""
    closed_before: Annotated[str | None, fact("重启前的结案方式")] = None
    """How it was closed before it was taken up again (state code)."""
    reopened_at: Annotated[int, fact("重启于第几条")] = 0
    """Case version at which that was; 0 where it never was."""

    def copy(self) -> Self:
        """Copy the containers; the frozen values in them are shared."""
        cls: Any = self.__class__
        twin: Self = cls.__new__(cls)
        twin.__dict__.update(self.__dict__)
        for name in _containers(cls):
            twin.__dict__[name] = self.__dict__[name].copy()
        return twin

    def people(self) -> Mapping[str, str]:
        """Parties of the case in order of joining: id in the register by instance key."""
        return {}

    def speakers(self, key: str, day: date) -> Sequence[str]:
        """Whom to speak to where a party (key) is to be reached on a day, the first first: ids in the register."""
        return [self.people()[key]]

    def others(self) -> Mapping[str, str]:
        """Other people behind an instance of the case: id in the register by instance key."""
        return {}

    def staff(self) -> Mapping[str, str]:
        """Members of staff who handle the case, or once did: id of each by instance key."""
        return {}

    def leading(self) -> str | None:
        """The instance (key) by which somebody leads in handling it; None where nobody does."""
        return None

    def lead_mediator(self) -> str | None:
        """The member of staff (id) who leads in handling it; None where nobody does."""
        return None

    def reporter(self) -> str | None:
        """The member of staff (id) who reported it under an office that sees only what is its own; None where nobody
        did."""
        return None

    def concerns(self, by: str) -> bool:
        """Whether a member of staff (id) reported it so, or has it in hand."""
        return by in (self.reporter(), self.lead_mediator())

    def is_handled(self, by: str) -> bool:
        """Whether a mediator (id) is one of those who handle the case; all are where nobody else does."""
        return True

    def has_stepped_back(self, by: str) -> bool:
        """Whether a member of staff (id) has withdrawn from the case for a conflict, and was not let back into it."""
        return False

    def sides(self) -> Sequence[tuple[str, Sequence[str]]]:
        """Parties (keys) by side, with the label of each side; the first two face each other."""
        people = tuple(self.people())
        return [("", people)] if people else []

    def subject(self) -> tuple[str, ...]:
        """A few words on what the case is about, for its heading."""
        return ()

    def codes(self, field: str, on: Sequence[str]) -> Sequence[tuple[str, str]]:
        """What a code field of a step may be, as (code, words), for a step on some instances (keys)."""
        return ()

    def code_words(self, field: str, code: str) -> str:
        """What a code means that stands in a code field, in words; empty where it says enough itself."""
        return ""

    def acts_for(self, key: str) -> str:
        """The party (key) whose act a step on an instance is; the key itself where it is nobody's."""
        return key

    def represented_by(self, person: str, when: Occurred) -> frozenset[str]:
        """The parties (keys) that somebody of the register may act for at some time, itself where it is one."""
        return frozenset()

    def capacities_for(self, parties: Collection[str], act: str, when: Occurred) -> Sequence[tuple[str, bool]]:
        """In which capacities (keys) somebody acts for all of some parties, and whether each covers an act then."""
        return ()

    def with_party(self, key: str) -> str | None:
        """The party (key) an instance is with, for naming it; None where its own name says enough."""
        return None

    def whole_of(self, key: str) -> str | None:
        """The instance (key) that another belongs to, where a step can be given on those of one alone."""
        return None

    def named_by(self, key: str) -> tuple[str, ...]:
        """Keys and ids by whose names an instance is told from others of its kind."""
        party = self.with_party(key)
        return (party,) if party else ()

    def files(self) -> Mapping[str, str]:
        """Files that can be opened: what stands in the record of each (see `files.FileRef`), by instance key."""
        return {}

    def files_of(self, person: str) -> Sequence[str]:
        """Instance keys of files that are only somebody's (id in the register): they go when he is erased."""
        return ()

    def due_days(self, open: Collection[str]) -> Iterable[tuple[str, date]]:
        """Days by which open instances should be done: (instance key, civil day)."""
        return ()

    def predecessor_of(self) -> str | None:
        """The case (id) that it follows on."""
        return None

    def linked(self) -> Collection[str]:
        """Things of whatever kind (ids) that it came from, or that came of it; each keeps a record of its own."""
        return ()

    def mentions(self) -> Collection[str]:
        """Of these what says nothing of it itself (ids): a case that was on the table of a meeting."""
        return ()

    def list_row(self, is_over: Callable[[str], bool]) -> ListRow:
        """What lists show. `is_over` says whether an instance (key) has come to an end."""
        return ListRow()


@cache
def _containers(cls: Any) -> tuple[str, ...]:
    """Fields of a class of facts that keep values by instance."""
    return tuple(f.name for f in fields(cls) if f.default_factory is dict)
