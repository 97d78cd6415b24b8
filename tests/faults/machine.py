"""Anything in any order: a database and the store in memory are given the same orders, and have to say the same."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any, ClassVar

from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.adapters.plugins import installed_workflows
from mediation_engine.clock import FixedClock
from mediation_engine.domain.command import Command
from mediation_engine.domain.matter import CASE, Matter
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.errors import MediationError, OutsideOwnRemit, StoreUnavailable
from mediation_engine.services.authorization import READERS
from mediation_engine.services.maintenance import case_file
from workflows.zone.alert.vocabulary import ALERT
from workflows.zone.matter.vocabulary import MATTER
from workflows.zone.meeting.vocabulary import MEETING
from workflows.zone.returns.vocabulary import RETURN

from ..support.filling import fill, some_time
from ..support.story import NOW, STAFF, Story, come, convened, filed, given_people, push, register
from .driver import Strike, Striker
from .promises import unkept, unkept_after_reopening
from .target import Target
from .trial import Trial, fault

SEEDS = st.integers(0, 1 << 32)
OFFICES = st.sampled_from(list(Office))
ACTING = st.sampled_from([Office.MEDIATOR, Office.MEDIATOR, Office.LEAD])
CASES = ("A1", "B1")
OPENINGS: dict[Matter, Callable[[int, bool], Command]] = {
    CASE: lambda _, weighty: register(in_zone=True, weighty=weighty),
    ALERT: lambda n, _: push(number=f"J33078{n}"),
    MATTER: lambda _, __: come(),
    MEETING: lambda n, _: convened(),
    RETURN: lambda n, _: filed(month=f"2026-{8 + n:02}"),
}
"""What opens the n-th of two, by its matter: those that may be there once have each a number or a month of its own."""
WORKFLOWS = installed_workflows()
STEPS = 40


class Anything(RuleBasedStateMachine):
    """Two cases in a database, and the same two in memory."""

    trial: ClassVar[Trial]

    def __init__(self) -> None:
        super().__init__()
        self.ending, self.clock, self.striker = ExitStack(), FixedClock(NOW), Striker()
        self.target: Target = self.trial.target.anew()
        self.ending.enter_context(self.target.struck(self.striker))
        self.orders: list[Order] = []
        self.touched = ""
        """The case that was last done something to."""
        self.model = Story(MemoryStore(self.clock), self.clock)
        self.real = Story(self.target.open(self.clock), self.clock)

    def teardown(self) -> None:
        self.real.store.close()  # type: ignore[attr-defined]
        self.ending.close()
        assert unkept_after_reopening(self.target) == []

    # -- what is given to both

    def outcome(self, story: Story, order: Order) -> object:
        """The receipt, or the fact it was refused with."""
        salt = len(self.orders)  # the same at every try
        story.door.randomness = lambda n: salt.to_bytes(n, "big")
        try:
            return story.door.submit(order, given_people(order.command))
        except MediationError as refused:
            return type(refused), refused.sentence

    def both(self, order: Order) -> None:
        model, real = self.outcome(self.model, order), self.outcome(self.real, order)
        assert model == real
        self.touched = order.case
        self.trial.count()

    def chosen(self, case: str, office: Office, number: int) -> Order | None:
        """Some order an office is offered, rarely one it is not; filled in at random."""
        random = Random(number)
        options = self.model.door.available(case, office, every=True).options
        offered = [o for o in options if o.allowed or random.random() < 0.03]
        if not offered:
            return None
        machine = random.choice(sorted({o.machine.name for o in offered}))
        option = random.choice([o for o in offered if o.machine.name == machine])
        known = self.model.door.case(case)
        on = (option.key,) if option.key and option.key != known.phase else ()
        when = some_time(random)
        return Order(
            id=f"order-{len(self.orders)}",
            case=case,
            command=fill(option.command, known, option.key, random),
            actor=STAFF[office].id if office in STAFF else "li",
            office=office,
            on=on,
            occurred=Occurred(when) if when else None,
            expects={key: known.instances[key].version for key in on},
        )

    @initialize(workflows=st.tuples(*[st.sampled_from(WORKFLOWS)] * 2), weighty=st.booleans())
    def open_cases(self, workflows: tuple[Workflow, Workflow], weighty: bool) -> None:
        for n, (case, workflow) in enumerate(zip(CASES, workflows, strict=True)):
            order = self.real.order(OPENINGS[workflow.matter](n, weighty), workflow=workflow.name)
            self.orders.append(replace(order, case=case, id=f"open-{case}"))
            self.both(self.orders[-1])

    # -- what happens

    @rule(case=st.sampled_from(CASES), office=ACTING, number=SEEDS, many=st.integers(1, 3))
    def steps(self, case: str, office: Office, number: int, many: int) -> None:
        """A case goes on a little."""
        for n in range(many):
            order = self.chosen(case, office, number + n)
            if order:
                self.orders.append(order)
                self.both(order)

    @rule(case=st.sampled_from(CASES), office=OFFICES, number=SEEDS, late=st.integers(1, 5))
    def stale(self, case: str, office: Office, number: int, late: int) -> None:
        """Somebody who looked a while ago, and perhaps may not do it at all."""
        order = self.chosen(case, office, number)
        if order:
            order = replace(order, expects={key: version - late for key, version in order.expects.items()})
            self.orders.append(order)
            self.both(order)

    @rule(which=SEEDS)
    def again(self, which: int) -> None:
        """An order from before, whatever came of it then."""
        self.both(self.orders[which % len(self.orders)])

    @rule(which=SEEDS, other=SEEDS)
    def id_reused(self, which: int, other: int) -> None:
        """An id from before with another command, in another case or by somebody else."""
        before, another = self.orders[which % len(self.orders)], self.orders[other % len(self.orders)]
        self.both(replace(another, id=before.id))
        self.both(replace(before, actor="wang", office=Office.LEAD))

    @rule(minutes=st.integers(-3000, 3000))
    def clock_steps(self, minutes: int) -> None:
        self.clock.now += timedelta(minutes=minutes)

    @rule()
    def reopened(self) -> None:
        """The program ends and begins again."""
        self.real.store.close()  # type: ignore[attr-defined]
        self.real.store = self.real.door.store = self.target.open(self.clock)

    @rule(case=st.sampled_from(CASES), office=ACTING, number=SEEDS, at=st.integers(1, 25), after=st.booleans())
    def broken_off(self, case: str, office: Office, number: int, at: int, after: bool) -> None:
        """The program dies at some call in the middle of an order; begun again, it is given the order again."""
        order = self.chosen(case, office, number)
        if order is None:
            return
        self.orders.append(order)
        with self.striker.armed(Strike(at=at, after=after, lost=True)):
            outcome = self.outcome(self.real, order)
        self.reopened()
        model = self.outcome(self.model, order)
        interrupted = isinstance(outcome, tuple) and issubclass(outcome[0], StoreUnavailable)
        assert interrupted or outcome == model
        assert self.outcome(self.real, order) == model
        self.touched = order.case

    @rule(case=st.sampled_from(CASES), office=st.sampled_from(list(STAFF)))
    def looked_at(self, case: str, office: Office) -> None:
        for story in (self.model, self.real):
            try:
                story.door.look(STAFF[office].id, office, story.door.case(case), "case")
            except OutsideOwnRemit:
                assert office not in READERS
        self.touched = case

    # -- what has to hold

    @invariant()
    def both_are_the_same_and_every_promise_is_kept(self) -> None:
        case, self.touched = self.touched, ""
        if case:
            assert case_file(self.model.store, case) == case_file(self.real.store, case)
            assert self.reads(self.model, case) == self.reads(self.real, case)
            assert unkept(self.real.store, [case]) == []

    def reads(self, story: Story, case: str) -> list[Any]:
        with story.store.read() as unit:
            return unit.views.reads(case)


@fault("F31", "任意操作、任意次序（与内存库比对）", few=3, many=60)
def anything_in_any_order(trial: Trial) -> None:
    """Commands, stale views, repeated and reused ids, clocks that step, crashes in the middle and programs reopened."""
    examples = settings(
        max_examples=trial.size,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )

    @seed(trial.seed)
    class Machine(Anything):
        pass

    Machine.trial = trial
    try:
        run_state_machine_as_test(Machine, settings=examples)
    except Exception as broken:
        trial.hold(False, "".join(traceback.format_exception(broken))[-4000:])
    trial.note = f"{trial.size} 串，每串至多 {STEPS} 步"
