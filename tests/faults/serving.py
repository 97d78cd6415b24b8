"""A server that dies, stops and comes back, or finds that two orders got in each other's way."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.domain.order import Receipt
from mediation_engine.errors import StoreInterrupted, StoreUnavailable
from mediation_engine.services.mediation import TRIES
from workflows.parts.note import RecordNote
from workflows.parts.party import TellRights

from ..support.story import NOW, Story
from .killing import LONGEST, recovered
from .nursery import Nursery, nursery
from .promises import unkept, unkept_after_reopening
from .target import Target
from .trial import DoesNotApply, Trial, fault

WORKERS, ORDERS = 3, 25


def served(trial: Trial) -> Target:
    """The trial's kind of database where it has a server."""
    target = trial.target.anew()
    if not target.served:
        raise DoesNotApply("没有服务器，不适用")
    return target


@fault("F3", "强杀数据库服务器（kill -9）", few=20, many=300)
def servers_killed(trial: Trial) -> None:
    """Two processes work, the server dies with all its children and starts again: nothing acknowledged is lost."""
    target, acked = served(trial), 0
    with nursery() as children:
        for n in trial.tries():
            said = server_killed_at_work(trial, target, children, n)
            acked += len(said)
            recovered(trial, target, n, said)
    trial.hold_all(unkept_after_reopening(target), "最后")
    trial.note = f"已答复 {acked}，丢失 {'0' if not trial.broken else '见下'}"


def server_killed_at_work(trial: Trial, target: Target, children: Nursery, n: int) -> list[dict[str, Any]]:
    """What was acknowledged to two processes before the server under them died."""
    pids = [children.born("work", target.url, f"R{n}P{p}") for p in range(2)]
    said = [*children.hear(until="command"), *children.hear(seconds=trial.random.uniform(0, LONGEST))]
    target.die()
    for pid in pids:
        said += children.kill(pid)
    return [line for line in said if "command" in line]


@fault("F20", "数据库服务器时停时起", few=20, many=200)
def servers_restarted(trial: Trial) -> None:
    """Who works meanwhile is refused in Chinese until it is back, and in the end everything was done exactly once."""
    target, back, refused = served(trial), Event(), 0
    with target.opened(FixedClock(NOW)) as store:
        for n in trial.tries():
            stories = [Story(store, FixedClock(NOW), f"C{n}W{w}").accepted() for w in range(WORKERS)]
            back.clear()
            with ThreadPoolExecutor(WORKERS) as pool:
                done = [pool.submit(persist, story, back) for story in stories]
                target.restart()
                back.set()
                refusals = [sentence for worker in done for sentence in worker.result()]
            refused += len(refusals)
            trial.hold(all("内容没有保存" in s or "请查看后再试" in s for s in refusals), f"{set(refusals)}")
            written = [len(story.lines) for story in stories]
            trial.hold(written == [written[0]] * WORKERS, f"各案条数 {written}")
            trial.hold_all(unkept(store, [story.name for story in stories]), "重启后")
    trial.note = f"每次 {WORKERS * ORDERS} 项操作，共拒绝 {refused} 次，后均办成"


def persist(story: Story, back: Event) -> list[str]:
    """Give orders, each until it is done; with what they were refused. Who is refused waits for the server."""
    refusals = []
    for _ in range(ORDERS):
        order = story.order(TellRights(), "party/1")
        while True:
            try:
                story.door.submit(order)
                break
            except StoreUnavailable as refused:
                refusals.append(refused.sentence)
                back.wait()
    return refusals


STRIKES = """
CREATE SEQUENCE struck;
CREATE FUNCTION strike() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF nextval('struck') <= {times} THEN RAISE EXCEPTION 'struck' USING ERRCODE = '{state}'; END IF; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER strike AFTER INSERT ON {table} DEFERRABLE INITIALLY {when}
FOR EACH ROW EXECUTE FUNCTION strike()
"""
"""The first few who come there are told so; a sequence counts on, whatever is rolled back."""
LIFTED = "DROP TRIGGER strike ON {table}; DROP FUNCTION strike; DROP SEQUENCE struck"


@contextmanager
def struck(target: Target, **how: Any) -> Iterator[None]:
    """While it lasts, so many transactions fail so."""
    with target.raw() as db:
        db.execute(STRIKES.format(**how))
        yield
        db.execute(LIFTED.format(**how))


@fault("F21", "序列化失败与死锁", few=100, many=2000)
def clashes_in_the_server(trial: Trial) -> None:
    """Tried again a few times, then refused in Chinese; never half done, and afterwards it goes through."""
    target = served(trial)
    with target.opened(FixedClock(NOW)) as store:
        story = Story(store, FixedClock(NOW)).accepted()
        for _ in trial.tries():
            state, times = trial.random.choice(("40001", "40P01")), trial.random.randrange(1, TRIES + 2)
            table, when = trial.random.choice(("orders", "texts")), trial.random.choice(("IMMEDIATE", "DEFERRED"))
            order, before = story.order(RecordNote(words=Text("补记一句"))), story.case.version
            with struck(target, times=times, state=state, table=table, when=when):
                came = outcome(story, order)
            trial.hold(isinstance(came, Receipt) == (times < TRIES), f"{state} {times} 次：{came}")
            trial.hold(story.case.version == before + isinstance(came, Receipt), "写下了一部分")
            trial.hold(story.door.submit(order).first == before + 1, "过后没有办成")
        trial.hold_all(unkept(store), "过后")


def outcome(story: Story, order: Any) -> Receipt | StoreInterrupted:
    """What came of an order."""
    try:
        return story.door.submit(order)
    except StoreInterrupted as refused:
        return refused
