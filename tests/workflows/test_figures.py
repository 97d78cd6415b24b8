"""What figures count: held against a count by other means, from the exported lines alone."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from random import Random

import pytest

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.matter import CASE, Matter
from mediation_engine.domain.roles import Office
from mediation_engine.services.counting import count
from mediation_engine.services.figures import Asked, Number, added, behind, numbers, quotients, read_period
from mediation_engine.services.maintenance import case_file, rebuild
from web.config import Settings
from workflows.figures.declared import BY_CODE, FIGURES, RATES
from workflows.phases.endings import CloseAsMistaken
from workflows.phases.intake import AcceptCase
from workflows.zone.alert.vocabulary import ALERT
from workflows.zone.matter.kinds import shipped
from workflows.zone.matter.vocabulary import MATTER
from workflows.zone.returns.vocabulary import RETURN

from ..engine.decisions.test_correct import Tried, corrections
from ..support import recount
from ..support.beside import beside
from ..support.recount import COUNTED, counted, orders_of
from ..support.story import NOW, Story, come, filed, push, register
from ..support.thorough import much
from .test_walk import ENDS, step

PERIODS = ("2026-10", "2026-11", "2026-Q4", "2026")
COUNTING = Settings().counting
TOLD_APART = {CASE: (12, 117, 155, 198), ALERT: (0, 13), MATTER: (7, 140, 155), RETURN: (0, 1)}
"""Seeds of walks by what they are about: in most of them something was once counted otherwise than it is defined."""
SEEDS = [(matter, seed) for matter, own in TOLD_APART.items() for seed in much(own, (*own, *range(200, 260)))]


def walked(seed: int, matter: Matter = CASE) -> Story:
    """A case, or an item of the zone, walked at random over some weeks."""
    random, clock = Random(seed), FixedClock(NOW - timedelta(days=30))
    story = Story(MemoryStore(clock), clock)
    if matter == CASE:
        track = random.choice(("people_mediation", "labour_mediation"))
        story.do(register(track, in_zone=True), workflow=random.choice(("fast_track_2026", "consultation_2026")))
    elif matter == ALERT:
        story.do(push(), workflow="alert_2026")
    elif matter == MATTER:
        story.do(come(random.choice(shipped()).code), workflow="matter_2026")
    else:
        story.do(filed(month="2026-09"), workflow="return_2026")
    aim = random.choice(ENDS)
    for n in range(90):
        step(story, random, aim)
        if n % 10 == 9:
            deque(corrections(story, random, 2, Tried()), 0)
        clock.now += timedelta(hours=random.choice((0, 1, 30)))
    return story


def found(story: Story, period: str, known: datetime) -> dict[str, Number]:
    asked = read_period(period)
    assert asked is not None
    count(story.store, story.door.catalogue)
    with story.store.read() as unit:
        own = [it.id for it in unit.register.organisations()]
        it = Asked(organisations=own, period=asked, known=known, settings=COUNTING)
        return numbers(unit, FIGURES, it)


def figures(story: Story, period: str, known: datetime) -> dict[str, int]:
    return {code: number.value for code, number in found(story, period, known).items()}


def test_every_figure_and_every_rate_is_recounted() -> None:
    assert set(COUNTED) == set(BY_CODE)
    assert {it.code: (it.of, it.by) for it in RATES} == recount.RATES


@pytest.mark.parametrize(("matter", "seed"), SEEDS, ids=lambda it: getattr(it, "code", str(it)))
def test_each_figure_is_what_other_means_count_from_the_raw_lines(matter: Matter, seed: int) -> None:
    story = walked(seed, matter)
    orders = orders_of(stored.body for stored in case_file(story.store, "A1").orders)
    with story.store.read() as unit:
        register = beside(unit, [orders])
    moments = sorted({datetime.fromisoformat(o["recorded"].replace("Z", "+00:00")) for o in orders})
    for known in Random(seed).sample(moments, min(8, len(moments))) + moments[-1:]:
        for name in PERIODS:
            period = read_period(name)
            assert period is not None
            ours = found(story, name, known)
            theirs = counted([orders], period.first, period.last, known, COUNTING, register)
            assert {code: ours[code].value for code in COUNTED} == theirs, (name, known)
            assert {it.rate.code: it.value for it in quotients(RATES, ours)} == recount.rates(theirs)
    assert rebuild(story.store, story.door.catalogue) == []


def test_what_is_behind_a_number_adds_up_to_it() -> None:
    story = walked(3)
    period = read_period("2026")
    assert period is not None
    count(story.store, story.door.catalogue)
    with story.store.read() as unit:
        asked = Asked(organisations=["room"], period=period, known=unit.now)
        for code, number in numbers(unit, FIGURES, asked).items():
            rows = behind(unit, BY_CODE[code], asked)
            assert sum(added(number.figure, row) or 0 for row in rows) == number.value


def test_what_was_registered_by_mistake_counts_nowhere(story: Story) -> None:
    story.accepted()
    assert figures(story, "2026-11", story.clock.now)["accepted"] == 1
    before = story.clock.now
    story.clock.now += timedelta(days=1)
    story.do(CloseAsMistaken(reason="登重了"), by=Office.LEAD)  # type: ignore[arg-type]
    assert figures(story, "2026-11", story.clock.now)["accepted"] == 0
    assert figures(story, "2026-11", before)["accepted"] == 1


def test_a_late_entry_changes_a_past_period_and_says_so(story: Story) -> None:
    story.registered()
    story.clock.now += timedelta(days=20)
    story.do(AcceptCase(), by=Office.LEAD, at="2026-11-24")
    period = read_period("2026-11")
    assert period is not None
    count(story.store, story.door.catalogue)
    with story.store.read() as unit:
        asked = Asked(organisations=["room"], period=period, known=story.clock.now)
        number = numbers(unit, FIGURES, asked)["accepted"]
    assert (number.value, number.late) == (1, 1)
    assert figures(story, "2026-11", NOW + timedelta(days=10))["accepted"] == 0
