"""Deciding a correction: the corrected order and every order after it, each at its own recorded moment.

Nothing is rewritten. What comes of it is one line, which says which lines stand no more and how others read now; so a
fold that knows no rules can carry it out. It goes through where every later order is still lawful and does the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from typing import Any

from msgspec import structs

from ..domain.case import Case
from ..domain.correcting import EVENTS, Correcting, CorrectOrder
from ..domain.decision_context import Outside, Question
from ..domain.formatting import CHINA
from ..domain.guard import POLICY, Refusal
from ..domain.line import Correction, Instead, Line
from ..domain.occurred import at
from ..domain.order import Order
from ..domain.recorded_order import line_in
from ..domain.roles import Office
from ..domain.workflow import Workflow
from ..errors import CommandNotAllowed, GuardRefused, MediationError
from ..record import codec
from ..record.fold import begun, decoded_under, fold_decoded, fold_whole
from ..record.standing import standing
from .again import order_of, outside_of
from .decide import Decision, decide, kept_out, references

BY_PARTIES = frozenset({Office.REPRESENTATIVE.value, Office.APPLICANT.value})
"""Offices (codes) of acts that are the parties' own."""
Stands = Sequence[Line]
"""The lines of one order as they stand."""


def correct(workflow: Workflow, lines: Sequence[Line], order: Order, outside: Outside) -> Decision:
    """Decide an order that corrects another; `lines` are all lines of the case so far, as they were written.

    Raises:
        CommandNotAllowed: whoever gives the order may not act in the case any more.
        GuardRefused: it may not be corrected, or not by this office; or, naming them, orders after it rest on it.
    """
    command = order.command
    assert isinstance(command, Correcting)
    # As its line will say: a clock that was turned back makes nobody the one who corrects on the same day.
    outside = replace(outside, now=max([outside.now, *(line.recorded for line in lines[-1:])]))
    was = fold_whole(order.case, workflow, decoded_under(workflow, lines))
    if unfit := list(kept_out(workflow, was, order)):
        raise CommandNotAllowed(unfit, command=command.name())
    groups = _orders(standing(lines))
    wanted = groups.get(command.order)
    refusals = list(_refusals(workflow, wanted, order, outside)) if wanted else [_NO_ORDER]
    if refusals or wanted is None:
        raise GuardRefused(refusals, command=command.name())
    trial = _Trial(workflow, groups, order)
    fresh = trial.run()
    if trial.failed:
        raise GuardRefused(_named(workflow, trial.failed), command=command.name())
    will = trial.case
    stands = [line for of in groups.values() for line in of if not line.void]
    others = _other_people(was, will, {key for line in stands for key in _acting(workflow, line)})
    if others and _relied_on(workflow, stands):
        raise GuardRefused([replace(_PEOPLE, about=others)], command=command.name())
    differing = {v: new for v, new in fresh.items() if [*map(_read, new)] != [*map(_read, _at(groups, v))]}
    if not differing:
        raise GuardRefused([_NOTHING_CHANGES], command=command.name())
    correction = trial.correction(differing, moved=_moved(was, will))
    line = _line(was, order, outside, correction, wanted[0].instance)
    case = fold_whole(order.case, workflow, decoded_under(workflow, [*lines, line]))
    case.digest = was.digest
    return Decision((line,), case)


def correction_of(workflow: Workflow, before: Sequence[Line], lines: Sequence[Line]) -> Order | None:
    """The order behind a correction, as its line and those it corrects tell it; None where they tell of none."""
    order = order_of(workflow, lines)
    said = lines[0].correction
    if order is None or said is None or not isinstance(order.command, Correcting):
        return None
    if said.strikes:
        return replace(order, on=())
    now = [line for line in standing([*before, *lines]) if line.first == said.corrects and not line.void]
    told = order_of(workflow, now)
    if told is None:
        return None
    return replace(
        order,
        instead=told.command,
        on=told.on,
        occurred=told.occurred,
        provenance=told.provenance,
        field_provenance=told.field_provenance,
        waives=told.waives,
        capacity=told.capacity,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """An order as it stands."""

    first: int
    """The version of its first line."""
    order: Order
    struck: bool
    """Whether it counts no more."""


def standing_order(workflow: Workflow, lines: Sequence[Line], version: int) -> Standing | None:
    """The order that wrote a line, as it stands; None where there is none that could be corrected."""
    group = next((g for g in _orders(standing(lines)).values() if any(line.version == version for line in g)), None)
    if group is None or group[0].correction is not None:
        return None
    order = order_of(workflow, group)
    return Standing(group[0].first, order, all(line.void for line in group)) if order else None


# -- what may be corrected at all

_NO_ORDER = Refusal("no_order", "案件中没有这一步，请从“经过”中选要更正的一步")
_PEOPLE = Refusal("people_relied_on", "已有人签字、用印或据以办理，当事人是谁不能更正；请终止后以正确的人另行登记")
_BEGINNING = Refusal("opening", "登记、申请是案件的开头，不能作误录；登错或登重的案件，请以“误登记”或“重复登记”结案")
_NOTHING_CHANGES = Refusal("nothing_changes", "更正后与原来相同，没有需要记录的")


def _refusals(workflow: Workflow, wanted: Stands, order: Order, outside: Outside) -> Iterator[Refusal]:
    first, command = wanted[0], order.command
    assert isinstance(command, Correcting)
    if first.correction is not None:
        yield Refusal(
            "is_correction", f"第{first.version}条本身是更正；请再更正它所更正的第{first.correction.corrects}条"
        )
        return
    struck = all(line.void for line in wanted)
    if order.instead is None:
        if first.version == 1:
            yield _BEGINNING
        if struck:
            yield Refusal("struck_already", f"第{first.version}条已经作了误录")
    elif order.instead.name() != first.command:
        yield Refusal("other_step", "更正只能改这一步的内容；如果办的是另一件事，请作误录后另行记录")
    if not command.reason:
        yield Refusal("no_reason", "请写明更正的原因")
    if not struck and (relied := _relied_on(workflow, wanted)):
        yield relied
    by_own_hand = first.actor == order.actor and _day(first) == outside.now.astimezone(CHINA).date()
    if order.office is not Office.LEAD and not (order.office is Office.MEDIATOR and by_own_hand):
        yield Refusal("who_corrects", "当天由记录人本人更正，过后由室主任更正", POLICY)


def _other_people(was: Case, will: Case, named: Collection[str]) -> tuple[str, ...]:
    """The parties, and those who acted for one, that would be somebody else: who signed has not signed as another."""
    acting = {key: person for key, person in was.facts.others().items() if key in named}
    then, now = {**was.facts.people(), **acting}, {**will.facts.people(), **will.facts.others()}
    return tuple(key for key, person in then.items() if now.get(key, person) != person)


def _acting(workflow: Workflow, line: Line) -> Iterator[str]:
    """In which capacity somebody acted in a line; of one that others rely on, whatever it names."""
    yield line.capacity
    kind = workflow.events.get(line.event)
    event = codec.read_event(kind, line) if kind and kind.relied_on and line.command else None
    yield from (key for _, _, key in references(event.given)) if event else ()


def _day(line: Line) -> Any:
    return line.recorded.astimezone(CHINA).date()


def _relied_on(workflow: Workflow, lines: Stands) -> Refusal | None:
    """Why lines stay as they are: somebody outside relies on one of them."""
    for line in lines:
        event = workflow.events.get(line.event)
        if (event and event.relied_on) or line.office in BY_PARTIES:
            what = event.label if event else line.event
            sentence = f"第{line.version}条“{what}”已为他人所依据，不能更正；请用修改协议、否认、异议、撤销等步骤处理"
            return Refusal("relied_on", sentence, about=(line.instance,))
    return None


def _named(workflow: Workflow, failed: Sequence[tuple[Stands, str]]) -> list[Refusal]:
    """The later orders that stand in the way, newest first."""
    told = []
    for lines, why in reversed(failed):
        event = workflow.events.get(lines[0].event)
        what = f"第{lines[0].version}条“{event.label if event else lines[0].event}”"
        sentence = f"{what}是在此之后办的，更正后{why}；请先处理这一条"
        told.append(Refusal("rests_on_it", sentence, about=(str(lines[0].version),)))
    return told


# -- everything from there on, decided again


class _Trial:
    """The corrected order and those after it, decided again; an order that fails is left out, and deciding goes on."""

    def __init__(self, workflow: Workflow, groups: dict[int, list[Line]], order: Order) -> None:
        assert isinstance(order.command, Correcting)
        self.workflow, self.groups, self.order, self.corrects = workflow, groups, order, order.command.order
        self.case: Case = begun(order.case, workflow)
        self.failed: list[tuple[Stands, str]] = []
        self.first: Line | None = None
        """The corrected order's first line as it reads then; None where it is struck."""

    def run(self) -> dict[int, list[Line]]:
        """How the lines from the corrected order on would read, by version; those that stand no more marked void."""
        fresh: dict[int, list[Line]] = {}
        for first, lines in self.groups.items():
            if first < self.corrects or lines[0].correction is not None:
                self._take(lines)
                continue
            new = self._corrected(lines) if first == self.corrects else self._later(lines)
            self._take(new)
            for line in new:
                fresh.setdefault(line.version, []).append(line)
        return fresh

    def _take(self, lines: Stands) -> None:
        fold_decoded(self.case, decoded_under(self.workflow, lines))
        self.case.version, self.case.recorded = lines[-1].version, lines[-1].recorded

    def _corrected(self, lines: list[Line]) -> list[Line]:
        if self.order.instead is None:
            return _void(lines)
        old = order_of(self.workflow, [structs.replace(line, void=False) for line in lines])
        assert old is not None
        asked, outside = _Asked(), outside_of(self.workflow, lines)
        before = self.case.copy()
        answers = replace(outside, answers=asked.hearing(outside))
        with suppress(MediationError, LookupError, RuntimeError, StopIteration):  # it may be struck, and unlawful since
            decide(self.workflow, before, old, answers)
        order = replace(
            old,
            command=self.order.instead,
            on=self.order.on,
            occurred=self.order.occurred,
            provenance=self.order.provenance,
            field_provenance=self.order.field_provenance,
            waives=self.order.waives,
            capacity=self.order.capacity,
        )
        decided = decide(self.workflow, before, order, replace(outside, answers=asked.answering(outside)))
        made, making = _made(lines), _made(decided.lines)
        if made != making:
            raise GuardRefused([_other_instances(made, making)], command=self.order.command.name())
        fresh = _placed(decided.lines, lines)
        self.first = fresh[0]
        return fresh + _void([line for line in lines if line.version > fresh[-1].version])

    def _later(self, lines: list[Line]) -> list[Line]:
        stand = [line for line in lines if not line.void]
        if not stand:
            return lines
        try:
            order = order_of(self.workflow, stand)
            if order is None:
                return self._fail(lines, "无法重新推得")
            decided = decide(self.workflow, self.case, order, outside_of(self.workflow, stand))
        except MediationError as refused:
            return self._fail(lines, f"就办不成了（{refused.sentence}）")
        except (LookupError, RuntimeError, StopIteration, TypeError, ValueError):
            return self._fail(lines, "就办不成了")
        if [*map(_step, decided.lines)] != [*map(_step, stand)]:
            return self._fail(lines, "结果就不同了")
        fresh = _placed(decided.lines, stand)
        changed = [old for old, new in zip(stand, fresh, strict=True) if _read(old) != _read(new)]
        if changed and _relied_on(self.workflow, changed):
            return self._fail(lines, "内容就不同了，而它已为他人所依据")
        return sorted([*fresh, *(line for line in lines if line.void)], key=lambda line: line.version)

    def _fail(self, lines: list[Line], why: str) -> list[Line]:
        self.failed.append((lines, why))
        return _void(lines)

    def correction(self, differing: dict[int, list[Line]], moved: tuple[str, ...]) -> Correction:
        """What is to be said of the lines that differ."""
        void = tuple(version for version, lines in differing.items() if all(line.void for line in lines))
        reads = [line for version, lines in differing.items() if version not in void for line in lines]
        instead = tuple(Instead(at=line.version, **structs.asdict(line_in(line))) for line in reads)
        if self.first is None:
            return Correction(corrects=self.corrects, void=void, instead=instead, moved=moved)
        return Correction(
            corrects=self.corrects,
            given=self.first.given,
            occurred=self.first.when,
            provenance=self.first.provenance,
            field_provenance=self.first.field_provenance,
            waives=self.first.waives,
            capacity=self.first.capacity,
            void=void,
            instead=instead,
            moved=moved,
        )


class _Asked:
    """What an order asks from outside, and about what: the answer it was given then is none about something else."""

    def __init__(self) -> None:
        self.about: dict[str, tuple[Any, ...]] = {}

    def hearing(self, outside: Outside) -> Any:
        """Answers as they were given, remembering what each was about."""

        def answer(question: Question[Any], about: tuple[Any, ...]) -> Any:
            self.about[question.name] = about
            return outside.answers(question, about)

        return answer

    def answering(self, outside: Outside) -> Any:
        """Answers as they were given, about the same things only."""

        def answer(question: Question[Any], about: tuple[Any, ...]) -> Any:
            if self.about.get(question.name) != about:
                raise GuardRefused([_ASKS_OTHERWISE], command=CorrectOrder.name())
            return outside.answers(question, about)

        return answer


_ASKS_OTHERWISE = Refusal(
    "asks_otherwise", "这一项决定了当时取用的外部情况（例如案号、组织性质），不能更正；请用相应的步骤改"
)


def _other_instances(made: list[str], making: list[str]) -> Refusal:
    """Why a correction may not bring other things into being."""
    more = tuple(sorted({*making} ^ {*made}))
    return Refusal("other_instances", "更正不能增减当事人、条款等事项；请作误录后重新记录，或另行补充", about=more)


# -- lines


def _orders(lines: Sequence[Line]) -> dict[int, list[Line]]:
    """Lines by the version of the first line of their order."""
    groups: dict[int, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.first, []).append(line)
    return groups


def _at(groups: dict[int, list[Line]], version: int) -> list[Line]:
    return [line for lines in groups.values() for line in lines if line.version == version]


def _void(lines: Sequence[Line]) -> list[Line]:
    return [structs.replace(line, void=True) for line in lines]


def _placed(fresh: Sequence[Line], old: Sequence[Line]) -> list[Line]:
    """New lines at the places of old ones; what there is no place for stands with the last."""
    places = [line.version for line in old]
    first = places[0]
    at_places = [*places, *[places[-1]] * (len(fresh) - len(places))]
    return [
        structs.replace(line, version=version, ordinal=version - first)
        for line, version in zip(fresh, at_places, strict=False)
    ]


def _made(lines: Sequence[Line]) -> list[str]:
    """The instances that lines bring into being."""
    return sorted(line.instance for line in lines if line.source is None)


def _step(line: Line) -> tuple[str, str, str | None, str]:
    return line.instance, line.event, line.source, line.target


def _read(line: Line) -> tuple[bool, bytes]:
    """What a line says, of its own and together with the others of its order."""
    shared = (line.given, line.when, line.provenance, line.field_provenance, line.waives, line.capacity)
    return line.void, codec.canonical((line_in(line), *shared))


def _moved(was: Case, will: Case) -> tuple[str, ...]:
    """The instances that are otherwise, or of which something else is known."""
    keys = {key for key, it in will.instances.items() if was.state(key) != it.state}
    for name in (f.name for f in fields(will.facts)):
        old, new = getattr(was.facts, name), getattr(will.facts, name)
        if isinstance(new, dict):
            keys |= {key for key in new.keys() | old.keys() if old.get(key) != new.get(key)}
        elif old != new:
            keys.add(will.phase)
    return tuple(sorted(key for key in keys if key in will.instances))


def _line(case: Case, order: Order, outside: Outside, correction: Correction, about: str) -> Line:
    """The line of the correction itself: it stands with what it corrects."""
    command = order.command
    assert isinstance(command, Correcting)
    event = EVENTS[type(command)]
    return Line(
        case=order.case,
        version=case.version + 1,
        instance=about,
        event=event.name(),
        command=command.name(),
        given=codec.raw(command),
        actor=order.actor,
        office=order.office.value,
        when=at(outside.now).text,
        recorded=outside.now,
        rules=outside.rules,
        command_id=order.id,
        organisation=order.organisation,
        ordinal=0,
        correction=correction,
    )
