"""Many at once: the same order, different orders by one id, one case, one version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from itertools import groupby
from unittest.mock import patch

from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.domain.order import Order, Receipt
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.errors import CommandIdReused, MediationError, StaleInstance
from mediation_engine.ports.store import Store
from mediation_engine.services.mediation import MediationService
from workflows.parts.block import RecordTalk
from workflows.parts.note import RecordNote
from workflows.parts.party import TellRights
from workflows.phases.intake import AcceptCase

from ..support.story import BELOW, NOW, STAFF, Story, given_people, register
from ..support.together import together
from .child import EACH
from .nursery import nursery
from .promises import CATALOGUE, unkept, unkept_after_reopening
from .target import Target
from .trial import Trial, fault

Outcomes = list[Receipt | MediationError]
CROWD, EDITORS = 20, 10


@contextmanager
def doors(target: Target, many: int) -> Iterator[list[MediationService]]:
    """As many programs at one database, each with connections of its own."""
    with ExitStack() as open_ones:
        stores = [open_ones.enter_context(target.opened()) for _ in range(many)]
        yield [MediationService(store, CATALOGUE, Story(store, FixedClock(NOW)).door.randomness) for store in stores]


def submitted(at: Sequence[MediationService], orders: Sequence[Order]) -> Outcomes:
    """What comes of several orders given at once, each at a door of its own."""
    pairs = zip(at, orders, strict=True)
    return together([partial(door.submit, order, given_people(order.command)) for door, order in pairs])


def kinds(outcomes: Outcomes) -> str:
    """What came, in a few words."""
    names = sorted(type(outcome).__name__ for outcome in outcomes)
    return "、".join(f"{name} {len(list(group))}" for name, group in groupby(names))


@fault("F8", "同一操作同时提交 20 次", few=15, many=300)
def the_same_by_twenty(trial: Trial) -> None:
    """Twenty threads give the same order: one effect, twenty equal receipts."""
    target = trial.target.anew()
    with doors(target, 4) as few:
        for n in trial.tries():
            story = Story(few[0].store, FixedClock(NOW), f"C{n}")
            order = one_of_many_kinds(trial, story)
            before = target.rows()
            outcomes = submitted(few * (CROWD // len(few)), [order] * CROWD)
            receipts = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
            trial.hold(len(receipts) == CROWD and all(r == receipts[0] for r in receipts), kinds(outcomes))
            more = len(target.rows()["orders"]) - len(before["orders"])
            trial.hold(more == 1, f"有 {more} 次效果")
            trial.hold_all(unkept(story.store, [story.name]), order.command.name())
    trial.hold_all(unkept_after_reopening(target), "最后")


def one_of_many_kinds(trial: Trial, story: Story) -> Order:
    """An opening, a step that takes a number, or words."""
    kind = trial.random.choice(("opening", "number", "words"))
    if kind == "opening":
        return story.order(register(matter=Text("欠薪")), workflow="fast_track_2026")
    if kind == "number":
        return story.registered().order(AcceptCase(), by=Office.LEAD)
    return story.accepted().order(RecordTalk(party="party/1", said=Text("只要八千")))


@fault("F9", "同一编号换内容、换人、换案件、换机构", few=15, many=200)
def ids_used_for_something_else(trial: Trial) -> None:
    """In one case and one organisation refused, also at once; elsewhere it is another order, and none hinders it."""
    target = trial.target.anew()
    with doors(target, 5) as few:
        for n in trial.tries():
            story, elsewhere = (below(few[0].store, f"{name}{n}") for name in "CD")
            order = story.order(RecordNote(words=Text("只要八千")))
            one_of = [
                order,
                replace(order, command=RecordNote(words=Text("要一万"))),
                replace(order, actor=STAFF[Office.LEAD].id, office=Office.LEAD),
            ]
            free = [replace(order, case=elsewhere.name), replace(order, actor=THEIRS.id)]
            outcomes = submitted(few, [*one_of, *free])
            rivals, others = outcomes[: len(one_of)], outcomes[len(one_of) :]
            won = [outcome for outcome in rivals if isinstance(outcome, Receipt)]
            lost = [outcome for outcome in rivals if isinstance(outcome, CommandIdReused)]
            trial.hold((len(won), len(lost)) == (1, len(one_of) - 1), kinds(rivals))
            trial.hold(all(isinstance(outcome, Receipt) for outcome in others), kinds(others))
            trial.hold_all(unkept(story.store, [story.name, elsewhere.name]), "换内容后")


THEIRS = Actor(id="hui", name="惠调解", organisation=BELOW.id, offices=frozenset({Office.MEDIATOR}))
"""Of another organisation, and yet at work in the same case."""


def below(store: Store, case: str) -> Story:
    """A case of the organisation below, accepted there by the room's lead."""
    story = Story(store, FixedClock(NOW), case)
    with store.write() as unit:
        unit.register.put_actor(THEIRS)
    story.registered(organisation=BELOW.id).do(AcceptCase(), by=Office.LEAD)
    return story


@fault("F10", "十人同时办理同一案件的同一处", few=15, many=200)
def ten_at_one_version(trial: Trial) -> None:
    """Ten who saw the same version: one wins, nine are told what moved."""
    with doors(trial.target.anew(), EDITORS) as editors:
        for n in trial.tries():
            for sentence in edited_at_once(editors, f"C{n}"):
                trial.hold(False, sentence)


def edited_at_once(editors: Sequence[MediationService], case: str) -> list[str]:
    """Everything about ten edits of one case that is not as it should be."""
    story = Story(editors[0].store, FixedClock(NOW), case).accepted()
    seen = story.case.instances["party/1"].version
    orders = [story.order(TellRights(), "party/1", expects={"party/1": seen}) for _ in editors]
    outcomes = submitted(editors, orders)
    won = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
    lost = [outcome for outcome in outcomes if isinstance(outcome, StaleInstance)]
    if (len(won), len(lost)) != (1, len(editors) - 1):
        return [kinds(outcomes)]
    told = f"第{won[0].first}条：已告知权利义务"
    wrong = [str(o) for o in lost if o.key != "party/1" or o.since != won[0].lines or told not in o.sentence]
    return wrong + unkept(story.store, [case])


@fault("F11", "对照：去掉版本检查，上一项必须失败", few=3, many=20)
def without_the_check(trial: Trial) -> None:
    """The mutation that the trial before has to find; if it did not, it would prove nothing."""
    unchecked = patch("mediation_engine.services.mediation._check_fresh", lambda *_: None)
    with doors(trial.target.anew(), EDITORS) as editors, unchecked:
        for n in trial.tries():
            wrong = edited_at_once(editors, f"C{n}")
            trial.hold(wrong == [f"Receipt {EDITORS}"], f"没有发现丢失的更新：{wrong}")


@fault("F30", "多线程、多进程同时写同一案件", few=4, many=60)
def appended_at_once(trial: Trial) -> None:
    """Eight threads and two processes: one chain without a fork or a gap; the lines of one order stand together."""
    target = trial.target.anew()
    with doors(target, 8) as eight, nursery() as others:
        for n in trial.tries():
            story = Story(eight[0].store, FixedClock(NOW), f"C{n}").accepted()
            before = story.case.version
            with eight[0].store.write(story.name) as unit:  # nobody gets through before everybody is there
                assert unit.record.orders(story.name)  # a transaction begins with its first look
                pids = [others.born("crowd", target.url, story.name) for _ in range(2)]
                for _ in pids:
                    list(others.hear(until="ready"))
            orders = [story.order(TellRights(), "party/1", "party/2") for _ in eight]
            outcomes = submitted(eight, orders)
            for _ in pids:
                list(others.hear(until="done"))
            for pid in pids:
                others.kill(pid)
            written = story.case.version - before
            trial.hold(all(isinstance(o, Receipt) for o in outcomes), kinds(outcomes))
            trial.hold(written == 2 * (len(eight) + EACH * len(pids)), f"写下了 {written} 条")
            trial.hold_all(unkept(story.store, [story.name]), "同时写入后")
    trial.hold_all(unkept_after_reopening(target), "最后")
