"""Commands and events: what somebody orders, and what then stands in the record.

An event holds the command that was given, whole, beside what the engine found out; so an auditor can decide the
same order again from the record alone. Both are frozen dataclasses and live with their machine in `workflows/`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

from .roles import LeadAct

if TYPE_CHECKING:
    from .case import Case, Situation
    from .decision_context import Outside
    from .facts import CaseFacts
    from .line import Line


class Called:
    """Called by a label, which documents it, too: dataclasses would write out its signature, at every start."""

    __slots__ = ()
    label: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.__doc__ = cls.__doc__ or cls.label or cls.__name__


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Called):
    """Something an actor orders; the class name is an imperative. Its label is what the button says."""

    help: ClassVar[str] = ""
    act: ClassVar[LeadAct | None] = None
    """The act of the lead that it is, where a substitute may give it; tells who may, decides nothing in a case."""
    gives_up: ClassVar[bool] = False
    """Whether it ends something short of its aim: told after what leads there, and done to nothing unless chosen."""
    occurs: ClassVar[str] = "什么时候"
    """What a form asks the time of it with."""
    single: ClassVar[bool] = False
    """Whether it is given to one instance at a time: each time there is something else to say."""
    each: ClassVar[str] = ""
    """The name of its rows, where each is about an instance or begins one: each then has a line, in their order."""
    one_by_one: ClassVar[bool] = False
    """Whether each thing asks for an answer of its own: then pages do not offer it for several together."""
    aside: ClassVar[tuple[str, ...]] = ()
    """Names of the fields that answer what was asked, and change nothing themselves."""
    parties: ClassVar[tuple[str, ...]] = ("party",)
    """Names of the fields that say for which party it is done (rights of representatives)."""

    @classmethod
    def name(cls) -> str:
        return cls.__name__

    def acts_in(self, case: Case) -> frozenset[LeadAct]:
        """The acts of the lead any of which lets a substitute give it in a case; decides nothing in it either."""
        return frozenset({self.act} if self.act is not None else ())

    @classmethod
    def drawn_from(cls, case: Case, key: str) -> Self | None:
        """The command filled in with what there is on an instance, for whoever changes it; None: it begins empty."""
        return None

    def completed(self, case: Case) -> Self:
        """The command with what follows from what was filled in on a form."""
        return self

    def home(self, case: Case) -> str | None:
        """The instance it belongs to where the order names none; None: it begins something new."""
        return None

    def homes(self, case: Case) -> tuple[str | None, ...]:
        """What it is given on where it says so itself, a line for each: an instance, or None for something new."""
        return ()

    def on_behalf_of(self) -> frozenset[str]:
        """The parties this is done for; empty where it is an act of the host."""
        found: set[str] = set()
        for name in self.parties:
            value = getattr(self, name, None)
            found.update((value,) if isinstance(value, str) else value or ())
        return frozenset(found)


C = TypeVar("C", bound=Command | None)
Upcast = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Called, Generic[C]):
    """Something that happened; the class name is in the past tense. `given` is the command, None for a consequence."""

    given: C
    upcasts: ClassVar[tuple[Upcast, ...]] = ()
    """The n-th takes stored data of schema n (counted from 1) to schema n + 1."""
    tells: ClassVar[bool] = False
    """Whether somebody outside should hear of it: its line also goes to the outbox."""
    relied_on: ClassVar[bool] = False
    """Whether others rely on it once it stands: then it is not corrected, there are acts that undo it."""
    lacking: ClassVar[str] = ""
    """What is said while it has not come about, where its label would read as though it had."""

    @classmethod
    def name(cls) -> str:
        return cls.__name__

    @classmethod
    def schema(cls) -> int:
        """The schema version this class writes."""
        return len(cls.upcasts) + 1

    @classmethod
    def of(cls, given: Any, situation: Situation, outside: Outside) -> Self:
        """The event for a command. Events with fields of their own find them out here."""
        return cls(given=given)

    def erases(self) -> tuple[str, ...]:
        """Ids of the texts of the case whose words go when this is recorded, in the same transaction."""
        return ()

    def apply(self, facts: Any, line: Line) -> None:
        """Take what happened into the facts of its workflow. Never refuses; reads no clock.

        `line` says which instance, when and who.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseEntered(Event[None]):
    """A phase begins, or begins again (rounds): handed on from the end of the one before, or a closed case reopened."""

    given: None = None
    label: ClassVar[str] = "转入"

    def apply(self, facts: CaseFacts, line: Line) -> None:
        if facts.closed is not None:
            facts.closed_before, facts.closed, facts.reopened_at = facts.closed, None, line.version
