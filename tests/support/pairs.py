"""Pairs of histories that differ in nothing but what one disputant said in private, and what was noted of it.

What both have is walked at random beforehand. It is then told twice through the door, to two worlds, with other
private acts in between, at the same moments and under the same ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from hashlib import sha256
from itertools import cycle
from random import Random
from typing import Any

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.command import Command
from mediation_engine.domain.correcting import CorrectOrder, StrikeOrder
from mediation_engine.domain.fields import JOINT, OF_PARTY, FieldSpec, Readers, Text, fields_of
from mediation_engine.domain.files import MEDIA
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.errors import InstanceNotFound, ReasonWanted, Refused
from mediation_engine.ids import Randomness, seeded_randomness
from workflows.parts.block import Contact, MarkBlocked, MarkReady, MarkSettled, RecordTalk
from workflows.parts.capacity import EnterCapacity
from workflows.parts.data_request import AskForCorrection
from workflows.parts.exhibit import FileExhibit, HandInExhibit, WithdrawExhibit
from workflows.parts.grading import SetGrade
from workflows.parts.risk import EaseRisk, RaiseRisk, Receiver, ReportRisk
from workflows.parts.statement import MakeStatement
from workflows.parts.visit import AnswerQuestions
from workflows.phases.intake import AcceptCase
from workflows.vocabulary import AuthorityPaper, CapacityKind, Danger, ExhibitKind, Grade, Reply

from .exhibits import handed, made_up
from .filling import fill, some_time
from .story import NOW, Story, given_people, register

Words = tuple[str, str, str]
BEGINNINGS: Sequence[Callable[[Story], Story]] = (Story.accepted, Story.accepted, Story.drafted, Story.effective)
STEPS = 8
"""Orders after the beginning."""
LONGEST = 200


@dataclass(frozen=True)
class Act:
    """Something private, after so many of the orders that both histories have."""

    place: int
    kind: str
    words: Words
    number: int = 0
    """Chooses among ways of doing it."""


@dataclass(frozen=True)
class Private:
    """What one of the two histories has for itself."""

    acts: tuple[Act, ...]
    written: tuple[str | None, ...]
    """The private words of orders that both have, in turn; None: nothing is written."""
    talks_with: str | None = None
    """Whom the private acts are with, where it is not the party whose private words these are."""


@dataclass
class _Teller:
    """Tells one history. Whatever is refused is left out: in both histories, where both have it."""

    story: Story
    party: str
    private: Private

    def tell(self, shared: Sequence[Order], others: Sequence[Act]) -> None:
        other = {"party/1": "party/2", "party/2": "party/1"}[self.party]
        written = cycle(self.private.written)
        for n, order in enumerate(shared):
            self.story.clock.now = NOW + timedelta(minutes=n)
            self._shared(order, written)
            if n == 0:
                self._let_in()
            self._acts(n, others, len(shared), other, "q")
            self._acts(n, self.private.acts, len(shared), self.private.talks_with or self.party, "p")

    def _let_in(self) -> None:
        """From now on the worker gives orders himself, and somebody for the firm."""
        with self.story.store.write() as unit:
            for id, _ in BY_HAND.values():
                offices = frozenset({Office.REPRESENTATIVE})
                unit.register.put_actor(Actor(id=id, name=id, organisation="room", offices=offices))
        head = EnterCapacity(
            principals=("party/2",), person="boss", kind=CapacityKind.HEAD, paper=AuthorityPaper.CERTIFICATE
        )
        self._give(self._order(head, "boss"))

    def _shared(self, order: Order, written: Iterator[str | None]) -> None:
        command = _with_words(order, self.party, written)
        # Words without which it is refused are not left away.
        for said in (command, order.command):
            if self._give(replace(order, command=said)):
                return
            # Only this stands in the way: blocks that are still open.
            for key in [k for k in self.story.case.of("block") if self.story.state(k) == "open"]:
                self._give(self._order(MarkReady(), f"end-{order.id}-{key.replace('/', '-')}", key))
            if self._give(replace(order, command=said)):
                return
        raise AssertionError(f"refused in one of the histories only: {order}")

    def _acts(self, n: int, acts: Sequence[Act], count: int, party: str, who: str) -> None:
        for m, act in enumerate(acts):
            if act.place % count == n:
                self.story.clock.now += timedelta(seconds=1)
                if act.kind in CORRECTING:
                    self._correct(act, party, f"{who}{m}")
                    continue
                command, on = self._private(act, party)
                order = self._order(command, f"{who}{m}", *on)
                self._give(by_hand(order, party) if act.kind in OF_ONES_OWN else order)

    def _correct(self, act: Act, party: str, id: str) -> None:
        """The latest private talk with a party is struck, or reads otherwise."""
        first, second, third = map(Text, act.words)
        blocks = {k for k in self.story.case.of("block") if self.story.case.facts.blocks[k].party == party}
        talks = [it.first for it in self.story.lines if it.command == "RecordTalk" and it.instance in blocks]
        if not talks:
            return
        if act.kind == "struck":
            self._give(self._order(StrikeOrder(order=talks[-1], reason=first), id))
            return
        instead = RecordTalk(party=party, said=second, bottom_line=third)
        order = self._order(CorrectOrder(order=talks[-1], reason=first), id, *sorted(blocks))
        self._give(replace(order, instead=instead))

    def _private(self, act: Act, party: str) -> tuple[Command, tuple[str, ...]]:
        """A private act as a command, on the party's own block or on the latest of what it is about."""
        first, second, third = map(Text, act.words)
        case = self.story.case
        blocks = tuple(k for k in case.of("block") if case.facts.blocks[k].party == party)
        exhibits = [key for key in case.of("exhibit") if case.facts.exhibits[key].label != JOINT]
        risks, gradings = case.of("risk")[-1:], case.of("grading")[-1:]
        match act.kind:
            case "talk":
                manner = list(Contact)[act.number % len(Contact)]
                return RecordTalk(party=party, manner=manner, said=first, offer=second, bottom_line=third), blocks
            case "exhibit":
                private = (Readers.OWN, Readers.HOST)[act.number % 2]
                kind, media = list(ExhibitKind)[act.number % len(ExhibitKind)], list(MEDIA)[act.number % len(MEDIA)]
                file = made_up(1 + len(exhibits), media, 1000 + act.number)
                return FileExhibit(kind=kind, title=first, party=party, readers=private, files=(file,)), ()
            case "handed_in":
                file = made_up(1 + len(exhibits), size=2000 + act.number)
                return HandInExhibit(party=party, title=first, files=(file,)), ()
            case "statement" | "own_statement":
                return MakeStatement(party=party, words=first), ()
            case "answers":
                reply, said = list(Reply)[act.number % len(Reply)], second
                return AnswerQuestions(party=party, agreement="agreement/1", fair=reply, said=said), ()
            case "correction":
                return AskForCorrection(party=party, words=first), ()
            case "withdrawn":
                own = [key for key in exhibits if self.story.case.facts.exhibits[key].label != _other(party)]
                return WithdrawExhibit(reason=first), tuple(own[-1:])  # the other side knows of its own
            case "ready":
                return MarkReady(), blocks
            case "settled":
                return MarkSettled(), blocks
            case "blocked":
                return MarkBlocked(reason=first), blocks
            case "risk":
                return RaiseRisk(danger=list(Danger)[act.number % len(Danger)], signs=first), ()
            case "report":
                return ReportRisk(receiver=Receiver.POLICE, note=first), tuple(risks)
            case "ease":
                return EaseRisk(note=first), tuple(risks)
        return SetGrade(grade=list(Grade)[act.number % len(Grade)], reason=first), tuple(gradings)

    def _order(self, command: Command, id: str, *on: str) -> Order:
        return self.story.order(command, *on, id=id)

    def _give(self, order: Order) -> bool:
        # Salts are nobody's business either: those of private acts are others in each history.
        self.story.door.randomness = _salts(order, self.private.acts if order.id.startswith("p") else ())
        try:
            self.story.door.submit(order, given_people(order.command), handed(order.command))
        except (Refused, InstanceNotFound, ReasonWanted):
            return False
        return True


def _salts(order: Order, private: Sequence[Act] = ()) -> Randomness:
    return seeded_randomness(int.from_bytes(sha256(f"{order.id} {private}".encode()).digest()))


def by_hand(order: Order, party: str) -> Order:
    """An order that a party gives itself, or whoever acts for it."""
    actor, capacity = BY_HAND[party]
    return replace(order, actor=actor, capacity=capacity, office=Office.REPRESENTATIVE)


BY_HAND = {"party/1": ("worker", "party/1"), "party/2": ("boss", "capacity/1")}
"""By party: who gives orders for it, and in which capacity."""
OF_ONES_OWN = ("handed_in", "own_statement", "answers", "correction")
CORRECTING = ("struck", "corrected")
KINDS = (
    "talk",
    "talk",
    "talk",
    *CORRECTING,
    "exhibit",
    "exhibit",
    "withdrawn",
    *OF_ONES_OWN,
    "statement",
    "ready",
    "settled",
    "blocked",
    "risk",
    "report",
    "ease",
    "grade",
)


def _other(party: str) -> str:
    return "party/2" if party == "party/1" else "party/1"


def tell(story: Story, seed: int, party: str, private: Private, others: Sequence[Act]) -> None:
    """Tell what both histories have, the other disputant's talks among it, and what one has for itself."""
    _Teller(story, party, private).tell(shared(seed), others)


# -- what both have


@cache
def shared(seed: int) -> tuple[Order, ...]:
    """Orders that are accepted one after another, none of them about what the room keeps to itself."""
    random, clock = Random(seed), FixedClock(NOW)
    story = Story(MemoryStore(clock), clock)
    given: list[Order] = []
    submit = story.door.submit

    def noted(order: Order, people: Any = ()) -> Any:
        story.door.randomness = _salts(order)
        receipt = submit(order, people)
        given.append(order)
        return receipt

    story.door.submit = noted  # type: ignore[method-assign]
    if random.random() < 0.4:
        story.do(register(in_zone=True), workflow="consultation_2026")
        story.do(AcceptCase(), by=Office.LEAD)
    else:
        random.choice(BEGINNINGS)(story)
    for _ in range(STEPS):
        _step(story, random)
    return tuple(replace(order, expects={}) for order in given)


def _step(story: Story, random: Random) -> None:
    office = random.choice((Office.MEDIATOR, Office.MEDIATOR, Office.LEAD))
    offered = [o for o in story.door.available("A1", office, every=True).options if o.allowed]
    going_on = [o for o in offered if o.machine.shown.joint and o.command.name() not in ENDING]
    if not going_on:
        return
    machine = random.choice(sorted({o.machine.name for o in going_on}))
    option = random.choice([o for o in going_on if o.machine.name == machine])
    case = story.case
    on = (option.key,) if option.key and option.key != case.phase else ()
    when = some_time(random)
    try:
        story.do(fill(option.command, case, option.key, random), *on, by=office, at=when)
    except Refused:
        return


ENDING = {"WithdrawApplication", "DeclineCase", "TransferCase", "TerminateMediation"}


def _with_words(order: Order, party: str, written: Iterator[str | None]) -> Command:
    """The same order with the private words of this history: the party's own, and those that mediators keep."""
    theirs = getattr(order.command, "party", None) or next((k for k in order.on if k.startswith("party/")), None)

    def is_private(spec: FieldSpec) -> bool:
        whose = theirs if spec.disclosure == OF_PARTY else spec.disclosure
        return spec.kind == "text" and not spec.required and whose != JOINT and whose in (party, "host", None)

    said: dict[str, Any] = {}
    for spec in fields_of(type(order.command)):
        if is_private(spec):
            words = next(written)
            said[spec.name] = Text(words[: spec.longest or LONGEST]) if words is not None else None
    return replace(order.command, **said)
