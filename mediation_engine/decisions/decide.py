"""Deciding: may this order happen, and what follows from it. Pure; the door, previews and audit all use it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from ..domain.case import Case, Situation, machine_of
from ..domain.command import Command, Event, PhaseEntered
from ..domain.decision_context import Outside, Question
from ..domain.fields import fields_of
from ..domain.formatting import CHINA, day_words
from ..domain.guard import Answer, Check, Guard, Refusal, with_day
from ..domain.line import Defect, Line
from ..domain.machine import Follows, Machine, Row, T
from ..domain.occurred import Occurred, at
from ..domain.order import Order
from ..domain.recorded_order import NOT_GIVEN
from ..domain.roles import OUTSIDERS, Office
from ..domain.workflow import Workflow
from ..errors import CommandNotAllowed, GuardRefused, InstanceNotFound
from ..record import codec
from ..record.fold import take
from ..rules import walker

NOTHING: Mapping[str, str] = {}
_SEVERAL = "；这一项只能填一个，几个人的请分别记录"
MOST_LINES = 10_000
"""More lines than this from one order can only be consequences that chase each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the table and the guards say to one command on one instance."""

    machine: Machine | None
    row: T | None
    barred: tuple[Refusal, ...] = ()
    """Wrong phase, state or office: nothing the guards could mend."""
    refusals: tuple[Refusal, ...] = ()
    """Unmet gates, all of them."""
    defects: tuple[Defect, ...] = ()


Ask = Callable[[Guard, Situation], Answer]
"""How a guard is asked about a situation."""


def answer(guard: Guard, situation: Situation) -> Answer:
    """The answer of a guard, worked out anew."""
    return guard.check(situation)


class _Noting(Situation):
    """A situation that knows whether it was asked for its instance."""

    def __getattribute__(self, name: str) -> Any:
        if name == "key":
            self.__dict__["of_instance"] = True
        return super().__getattribute__(name)


def remembering() -> Ask:
    """Ask guards about empty forms, over one case on one day: each about each instance once, and once in all where it
    does not look at the instance."""
    answers: dict[tuple[Check, str | None] | Check, Answer] = {}

    def ask(guard: Guard, situation: Situation) -> Answer:
        of_all, of_one = guard.check, (guard.check, situation.key)
        known = answers.get(of_all) or answers.get(of_one)
        if known is None:
            noting = _Noting(**{field.name: getattr(situation, field.name) for field in fields(Situation)})
            known = answer(guard, noting)
            answers[of_one if "of_instance" in noting.__dict__ else of_all] = known
        return known

    return ask


def judge(
    workflow: Workflow,
    command: type[Command],
    situation: Situation,
    office: Office,
    waives: Mapping[str, str] = NOTHING,
    ask: Ask = answer,
) -> Judgement:
    """Hold a command against the table: `situation.given` None asks whether its form should be offered.

    `waives` are rules of policy the lead sets aside, by code, with a sealed reason; they are marked, not hidden.
    """
    machine, row, barred = row_of(workflow, command, situation)
    if row is not None and office not in row.by:
        barred = not_for(row, office)
    if row is None or barred is not None:
        return Judgement(machine=machine, row=row, barred=(barred,) if barred else ())
    refusals, defects = guarded(row, situation, waives if office is Office.LEAD else NOTHING, ask)
    return Judgement(machine=machine, row=row, refusals=refusals, defects=defects)


def row_of(
    workflow: Workflow, command: type[Command], situation: Situation
) -> tuple[Machine | None, T | None, Refusal | None]:
    """The machine and the row of a command, whichever office asks; or why there is no row."""
    case, key = situation.case, situation.key
    machine = workflow.machine_for(command, case)
    if machine is None or not (machine in workflow.phases or workflow.is_alive(machine, case)):
        where = "案件已经结束" if workflow.has_ended(case) else f"案件现在处于“{_phase_label(workflow, case)}”阶段"
        return machine, None, Refusal("phase", f"{where}，不能“{command.label}”")
    if not case.version and not workflow.is_in_force(situation.today):
        return machine, None, Refusal("not_in_force", _out_of_force(workflow, situation.today))
    if key and machine_of(key) != machine.name:
        named = workflow.machines.get(machine_of(key))
        what = f"“{command.label}”针对“{machine.label}”，不针对“{named.label if named else key}”"
        return machine, None, Refusal("other_kind", what, about=(key,))
    state = case.state(key) if key else None
    row = machine.commanded.get((state, command))
    return machine, row, None if row else _wrong_state(machine, command, state)


def not_for(row: T, office: Office) -> Refusal:
    """Why a row is not for an office."""
    holders = "、".join(o.label for o in Office if o in row.by)
    return Refusal("office", f"“{row.command.label}”由{holders}办理，{office.label}不能办理", row.basis)


def guarded(
    row: T, situation: Situation, waives: Mapping[str, str], ask: Ask, *, marked: bool = True
) -> tuple[tuple[Refusal, ...], tuple[Defect, ...]]:
    """What the guards of a row say, each asked once: unmet gates, and what the line would be marked with.

    With `marked` false only the gates are asked, and the marks say nothing.
    """
    empty = situation.given is None
    gates = [(guard, ask(guard, situation)) for guard in row.only_if if not (empty and guard.of_form)]
    marked_by = row.marks if marked else ()
    marks = [(guard, ask(guard, situation)) for guard in marked_by if not (empty and guard.of_form)]
    return tuple(_refusals(gates, waives)), tuple(_defects((*gates, *marks), waives))


def _out_of_force(workflow: Workflow, today: date) -> str:
    """Why no case is opened under a version today, and under which one is."""
    version = f"“{workflow.label}”的这一版规则（{workflow.name}）"
    if today < workflow.in_force_from:
        days, other = f"自{day_words(workflow.in_force_from)}起", workflow.amends.name if workflow.amends else ""
    else:
        assert workflow.in_force_until is not None
        days, other = f"到{day_words(workflow.in_force_until)}为止", workflow.successor
    return f"{version}{days}适用于新案，{day_words(today)}登记的请用{other or '当天适用的版本'}"


def _phase_label(workflow: Workflow, case: Case) -> str:
    phase = workflow.phase_of(case)
    return phase.label if phase else case.phase


def _wrong_state(machine: Machine, command: type[Command], state: str | None) -> Refusal:
    sources = [s for s, c in machine.commanded if c is command]
    if None in sources and len(sources) == 1:
        return Refusal("state", f"“{command.label}”会新建一项“{machine.label}”，不针对已有的一项")
    names = "、".join(machine.label_of(s) for s in sources if s is not None)
    if state is None:
        return Refusal("state", f"请指明要对哪一项“{machine.label}”办理“{command.label}”（状态须为：{names}）")
    now = machine.label_of(state)
    return Refusal("state", f"“{machine.label}”现在是“{now}”，只有在“{names}”时才能“{command.label}”")


Answered = Iterable[tuple[Guard, Answer]]


def _refusals(answered: Answered, waives: Mapping[str, str]) -> Iterator[Refusal]:
    for guard, answer in answered:
        waived = guard.code in waives and guard.may_be_waived
        if answer.met is False and not waived:
            yield Refusal(guard.code, with_day(guard.sentence, answer.since), guard.basis, answer.about)


def _defects(answered: Answered, waives: Mapping[str, str]) -> Iterator[Defect]:
    for guard, answer in answered:
        if answer.met is not True:
            reason = waives.get(guard.code) if answer.met is False and guard.may_be_waived else None
            yield Defect(guard.code, guard.basis, answer.met is None, reason, answer.about, answer.since)


def input_refusals(case: Case, order: Order, now: datetime) -> list[Refusal]:
    """What is wrong with an order whatever the table says: things that do not exist, times to come."""
    found = [
        Refusal("unknown_reference", f"“{label}”中的“{key}”不在本案中{_SEVERAL if '、' in key else ''}", about=(key,))
        for label, machine, key in references(order.command)
        if key not in case.instances or machine_of(key) != machine
    ]
    if order.occurred and order.occurred.is_after(now):
        found.append(Refusal("in_future", "发生时间不能晚于现在；还没有发生的事不能记录为已发生"))
    return found


def references(value: Any) -> Iterator[tuple[str, str, str]]:
    """(label, machine, key) for every reference to an instance anywhere in a command."""
    for spec in fields_of(type(value)):
        held = getattr(value, spec.name)
        if spec.kind == "rows":
            for row in held:
                yield from references(row)
        elif spec.kind in ("ref", "refs") and held is not None:
            for key in (held,) if isinstance(held, str) else held:
                yield spec.label, spec.machine, key


@dataclass(frozen=True, slots=True)
class Decision:
    """The lines an order yields, and the case as it then is."""

    lines: tuple[Line, ...]
    case: Case


def decide(workflow: Workflow, case: Case, order: Order, outside: Outside) -> Decision:
    """Decide an order whose texts are sealed. Leaves `case` as it is.

    Raises CommandNotAllowed (phase, state, office), GuardRefused (with every unmet gate), InstanceNotFound.
    """
    # The time of recording never goes back, whatever the clock does; and it is what the guards call today.
    if case.recorded and case.recorded > outside.now:
        outside = replace(outside, now=case.recorded)
    case = case if case.version else workflow.begin(case.id)
    draft = _Draft(workflow, case.copy(), order, outside)
    bad_input = input_refusals(case, order, outside.now)
    targets = _targets(workflow, case, order)
    asked = [_situation(case, key, targets, order, draft) for key in targets]
    if unsaid := list(_unsaid(case, order, targets)):
        raise CommandNotAllowed([*kept_out(workflow, case, order), *unsaid], command=order.command.name())
    unfit = [*kept_out(workflow, case, order), *_without_authority(workflow, case, order, asked)]
    # With bad input the guards are asked as for an empty form: they may look up what the order names.
    given = None if bad_input or unfit else order.command
    asked = [replace(situation, given=given) for situation in asked]
    judged = [(s, judge(workflow, type(order.command), s, order.office, order.waives)) for s in asked]
    barred = [r for _, j in judged for r in j.barred] or unfit
    if order.command.single and len(judged) > 1:
        barred.append(Refusal("single", f"“{order.command.label}”一次只能办理一项，请一项一项地记录"))
    if barred:
        raise CommandNotAllowed(_unique(barred), command=order.command.name())
    refusals = bad_input or [r for _, j in judged for r in j.refusals]
    if refusals:
        raise GuardRefused(_unique(refusals), command=order.command.name())
    for situation, judgement in judged:
        draft.command(situation, judgement)
    draft.follow()
    return Decision(tuple(draft.lines), draft.case)


def _situation(case: Case, key: str | None, targets: Sequence[str | None], order: Order, draft: _Draft) -> Situation:
    today = draft.outside.now.astimezone(CHINA).date()
    return Situation(
        case=case,
        key=key,
        given=order.command,
        today=today,
        on=tuple(filter(None, targets)),
        occurred=draft.happened,
        capacity=order.capacity,
        actor=order.actor,
        office=order.office,
    )


def kept_out(workflow: Workflow, case: Case, order: Order) -> Iterator[Refusal]:
    """Why whoever gives an order may not act in the case any more."""
    refusal = workflow.barred(case, order.actor, order.office, type(order.command)) if workflow.barred else None
    if refusal is not None:
        yield refusal


def _without_authority(workflow: Workflow, case: Case, order: Order, asked: Sequence[Situation]) -> Iterable[Refusal]:
    """Why whoever gives an order, or is named in it, may not act for the party it is about.

    A capacity is named of a party's act alone: of another it might betray whom something private was with.
    """
    if order.office not in OUTSIDERS and not order.capacity:
        return ()
    rows = [row_of(workflow, type(order.command), situation)[1] for situation in asked]
    needed = Office.REPRESENTATIVE if order.capacity else order.office
    if workflow.authority is None or any(row and needed not in row.by for row in rows):
        return (_NOBODY_ACTS,)
    return workflow.authority(case, order, asked[0].occurred, asked[0].today)


_NOBODY_ACTS = Refusal("capacity", "这一步由工作人员办理，不写当事人的代理或代表")


def _unique(refusals: list[Refusal]) -> list[Refusal]:
    """Refusals merged by code: one over many instances is one sentence about all of them."""
    merged: dict[tuple[str, str], Refusal] = {}
    for r in refusals:
        known = merged.get((r.code, r.sentence))
        about = tuple(dict.fromkeys((*known.about, *r.about))) if known else r.about
        merged[r.code, r.sentence] = replace(r, about=about)
    return list(merged.values())


def _targets(workflow: Workflow, case: Case, order: Order) -> list[str | None]:
    """The instances an order moves: those its command says; else those it names, else the one its command belongs to;
    None for a new one."""
    said = order.command.homes(case)
    for key in filter(None, (*order.on, *said)):
        if key not in case.instances:
            raise InstanceNotFound(key=key)
    if said or order.command.each:
        return list(said)
    machine = workflow.machine_for(type(order.command), case)
    if machine in workflow.phases and set(order.on) <= {case.phase}:
        return [case.phase or None]
    return list(dict.fromkeys(order.on)) or [order.command.home(case)]


def _unsaid(case: Case, order: Order, targets: Sequence[str | None]) -> Iterator[Refusal]:
    """Why an order is given on nothing, or on something of which its command says nothing."""
    if not targets:
        yield Refusal("rows", f"“{order.command.label}”至少要填一行")
    if others := set(order.on).difference(targets, [case.phase]):
        yield Refusal("rows", "填写的内容里没有写到这一项", about=tuple(sorted(others)))


class _Asked:
    """The questions an order asks: only declared ones, each about one thing, and every event keeps what it asked."""

    def __init__(self, workflow: Workflow, outside: Outside) -> None:
        self.declared, self.answers = workflow.questions, outside.answers
        self.given: dict[str, tuple[tuple[Any, ...], Any]] = {}
        self._now: set[str] = set()

    def __call__(self, question: Question[Any], about: tuple[Any, ...]) -> Any:
        if question not in self.declared:
            raise RuntimeError(f"the workflow does not declare the question {question.name}")
        if question.name not in self.given:
            self.given[question.name] = about, self.answers(question, about)
        asked, answer = self.given[question.name]
        if asked != about:
            raise RuntimeError(f"an order asks {question.name} about two things; an audit could not tell them apart")
        self._now.add(question.name)
        return answer

    def check_kept_by(self, event: Event[Any]) -> None:
        """Refuse to write an event that an audit could not decide again."""
        for name in self._now:
            if getattr(event, name, None) != self.given[name][1]:
                raise RuntimeError(f"{event.name()} does not keep the answer to {name}")
        self._now.clear()


class _Draft:
    """A copy of the case that an order is tried on, and the lines so far."""

    def __init__(self, workflow: Workflow, case: Case, order: Order, outside: Outside) -> None:
        self.workflow, self.case, self.order, self.outside = workflow, case, order, outside
        self.lines: list[Line] = []
        self.waives = {guard: str(reason) for guard, reason in order.waives.items()}
        self.given, self.asked = codec.raw(order.command), _Asked(workflow, outside)
        self.happened = order.occurred or at(outside.now)

    def command(self, situation: Situation, judgement: Judgement) -> None:
        """Write the commanded edge."""
        machine, row = judgement.machine, judgement.row
        assert machine is not None and row is not None
        event = row.records.of(self.order.command, situation, replace(self.outside, answers=self.asked))
        self.asked.check_kept_by(event)
        key = situation.key or self.case.next_key(machine.name)
        self._write(machine, key, row, event, occurred=situation.occurred, defects=judgement.defects, ordered=True)

    def follow(self) -> None:
        """Write the edges that follow, until none does."""
        while self._round():
            pass

    def _round(self) -> bool:
        before = len(self.lines)
        phase = self.workflow.phase_of(self.case)
        for machine in (phase, *self.workflow.moving) if phase else self.workflow.moving:
            while self._spawn(machine):  # so that what comes by turns of several rows comes before what follows from it
                pass
            if machine.following:
                for key in (self.case.phase,) if machine is phase else self.case.of(machine.name):
                    rows = machine.following.get(self.case.state(key) or "")
                    if rows:
                        self._follow_one(machine, key, rows)
        self._hand_over()
        return len(self.lines) > before

    def _spawn(self, machine: Machine) -> bool:
        """Bring into being what has to be; whether there was any."""
        before = len(self.lines)
        for spawn in machine.spawning:
            for event in tuple(spawn.when(self.case)):
                self._write(machine, self.case.next_key(machine.name), spawn, event)
        return len(self.lines) > before

    def _follow_one(self, machine: Machine, key: str, rows: tuple[Follows, ...]) -> None:
        for row in rows:
            event = row.when(self.case, key)
            if event is not None:
                self._write(machine, key, row, event)
                return

    def _hand_over(self) -> None:
        target = self.workflow.next_phase(self.case)
        if target is not None:
            machine = self.workflow.machines[target]
            assert machine.initial is not None
            self._append(self.case.next_key(target), None, machine.initial.value, PhaseEntered())

    def _write(
        self,
        machine: Machine,
        key: str,
        row: Row,
        event: Event[Any],
        *,
        occurred: Occurred | None = None,
        defects: tuple[Defect, ...] = (),
        ordered: bool = False,
    ) -> None:
        if len(self.lines) > MOST_LINES:
            raise RuntimeError(f"consequences do not come to rest: {self.lines[-1].event}")
        source = self.case.state(key)
        target = walker.walk(machine, source, row)
        if target is None:
            raise RuntimeError(f"{machine.name}: no edge for {event.name()} from {source}")
        self._append(key, source, target, event, occurred=occurred, defects=defects, ordered=ordered)

    def _append(
        self,
        key: str,
        source: str | None,
        target: str,
        event: Event[Any],
        *,
        occurred: Occurred | None = None,
        defects: tuple[Defect, ...] = (),
        ordered: bool = False,
    ) -> None:
        order, happened = self.order, occurred or self.happened
        line = Line(
            case=order.case,
            version=self.case.version + 1,
            instance=key,
            event=event.name(),
            schema=event.schema(),
            command=order.command.name() if ordered else None,
            source=source,
            target=target,
            given=self.given if ordered else NOT_GIVEN,
            data=codec.event_data(event),
            defects=defects,
            provenance=order.provenance,
            field_provenance=dict(order.field_provenance) if ordered else {},
            actor=order.actor if ordered else None,
            office=order.office.value if ordered else None,
            substitution=order.substitution if ordered else None,
            when=happened.text,
            recorded=self.outside.now,
            rules=self.outside.rules,
            command_id=order.id,
            organisation=order.organisation,
            ordinal=len(self.lines),
            waives=self.waives if ordered else {},
            capacity=order.capacity if ordered else "",
        )
        take(self.case, line, event)
        self.lines.append(line)
