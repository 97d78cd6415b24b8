"""What figures count: held against a count by other means, from the exported lines alone."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.domain.matter import CASE, Matter
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Actor, Level, Office, Organisation
from mediation_engine.ports.register import Person
from mediation_engine.services.counting import count
from mediation_engine.services.figures import (
    Asked,
    Number,
    Quotient,
    added,
    behind,
    by_group,
    numbers,
    quotients,
    read_period,
    year_before,
)
from mediation_engine.services.maintenance import case_file, rebuild
from web.config import Settings
from workflows.facts import HOST_KINDS
from workflows.figures.bodies import OF_COMMITTEES, Body, bodies_of, body_of
from workflows.figures.declared import AVERTS, BY_CODE, FIGURES, RATES
from workflows.figures.form import COLUMNS
from workflows.parts.agreement import AffixSeal, DraftAgreement, ReachAgreement, SignAsMediator
from workflows.parts.risk import EaseRisk, RaiseRisk
from workflows.phases.endings import CloseAsMistaken
from workflows.phases.intake import AcceptCase
from workflows.vocabulary import Danger, Dispute, Source
from workflows.zone.alert.contact import RecordContact
from workflows.zone.alert.inbox import ReturnAlert
from workflows.zone.alert.involved import InvolvedRow
from workflows.zone.alert.vocabulary import ALERT, ContactManner, ContactResult, Returning
from workflows.zone.matter.entry import DetailRow, EndMatter, RegisterMatter
from workflows.zone.matter.kinds import shipped
from workflows.zone.matter.measure import RecordMeasure
from workflows.zone.matter.rating import RecordRating
from workflows.zone.matter.vocabulary import MATTER, Content, Manner
from workflows.zone.meeting.vocabulary import MEETING
from workflows.zone.outcome import RecordNotAgreed, ReferToMediation
from workflows.zone.returns.vocabulary import RETURN

from ..engine.decisions.test_correct import Tried, corrections
from ..support import recount
from ..support.beside import beside
from ..support.committees import CUPS, DOORS, with_committees
from ..support.recount import COUNTED, counted, orders_of
from ..support.story import BELOW, NOW, PAY, ROOM, Story, come, convened, filed, push, register
from ..support.thorough import much
from .test_walk import ENDS, step

PERIODS = ("2026-10", "2026-11", "2026-Q4", "2026")
COUNTING = Settings().counting
TOLD_APART = {
    CASE: (12, 68, 113, 117, 155, 198),
    ALERT: (0, 13),
    MATTER: (7, 140, 155),
    MEETING: (0, 1, 2),
    RETURN: (0, 1),
}
"""Seeds of walks by what they are about: in most of them something was once counted otherwise than it is defined."""
SEEDS = [(matter, seed) for matter, own in TOLD_APART.items() for seed in much(own, (*own, *range(200, 260)))]


def walked(seed: int, matter: Matter = CASE) -> Story:
    """A case, or an item of the zone, walked at random over some weeks."""
    random, clock = Random(seed), FixedClock(NOW - timedelta(days=30))
    story = Story(MemoryStore(clock), clock)
    if seed % 2:
        with story.store.write() as unit:
            unit.register.put_organisation(replace(ROOM, level=Level.ZONE))
            unit.register.put_organisation(replace(BELOW, level=Level.VILLAGE, kind="village_committee"))
    if matter == CASE:
        track = random.choice(("people_mediation", "labour_mediation"))
        story.do(register(track, in_zone=True), workflow=random.choice(("fast_track_2026", "consultation_2026")))
    elif matter == ALERT:
        story.do(push(), workflow="alert_2026")
    elif matter == MATTER:
        story.do(come(random.choice(shipped()).code), workflow="matter_2026")
    elif matter == MEETING:
        story.do(convened(plan=None), workflow="meeting_2026")
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


def test_what_falls_due_counts_once_its_day_is_over_and_is_no_late_entry(story: Story) -> None:
    due = RegisterMatter(
        kind="meeting_task",
        words=Text("查出租房"),
        details=(DetailRow(field="due", day=date(2026, 11, 30)),),
        organisation="room",
    )
    story.do(due, workflow="matter_2026")
    for day in (29, 30):
        story.clock.now = datetime(2026, 11, day, 9, tzinfo=UTC)
        assert figures(story, "2026-11", story.clock.now)["tasks_due"] == 0, day
    story.clock.now = datetime(2026, 12, 1, 1, tzinfo=UTC)
    number = found(story, "2026-11", story.clock.now)["tasks_due"]
    assert (number.value, number.late) == (1, 0)


# -- alerts that come again


WORKER, FIRM, OTHER_WORKER = InvolvedRow(person="worker"), InvolvedRow(person="firm"), InvolvedRow(person="second")


def again(story: Story, days: int, *named: InvolvedRow) -> int:
    """How many alerts come again once there is another, so many days after the one there is."""
    story.clock.now += timedelta(days=days)
    other = Story(story.store, story.clock, "A2")
    other.do(push(number="J330785", named=named), workflow="alert_2026")
    return figures(story, f"{story.clock.now:%Y}", story.clock.now)["alerts_repeated"]


def known(story: Story, id: str, name: str) -> None:
    with story.store.write() as unit:
        unit.register.put_person(Person(id=id, name=name, kind=PartyKind.PERSON, organisation="room"))


@pytest.mark.parametrize(("days", "found"), [(0, 1), (90, 1), (91, 0)])
def test_an_alert_comes_again_where_two_of_its_people_had_one_within_the_days_of_the_room(
    story: Story, days: int, found: int
) -> None:
    story.pushed()
    assert again(story, days, WORKER, FIRM) == found


def test_of_two_alerts_the_later_comes_again_be_it_in_another_month(story: Story) -> None:
    story.pushed()
    assert again(story, 30, WORKER, FIRM) == 1
    now = story.clock.now
    assert [figures(story, month, now)["alerts_repeated"] for month in ("2026-11", "2026-12")] == [0, 1]
    period = read_period("2026-12")
    assert period is not None
    with story.store.read() as unit:
        asked = Asked(organisations=["room"], period=period, known=now, settings=COUNTING)
        assert [row.case for row in behind(unit, BY_CODE["alerts_repeated"], asked)] == ["A2"]


def test_one_of_several_people_is_not_the_same_quarrel(story: Story) -> None:
    known(story, "second", "齐某")
    story.pushed()
    assert again(story, 1, OTHER_WORKER, FIRM) == 0


def test_the_only_one_an_alert_names_is_the_same_by_who_it_is_and_not_by_name(story: Story) -> None:
    story.pushed(named=(WORKER,))
    with story.store.read() as unit:
        person = unit.register.person("worker")
    assert person is not None
    known(story, "second", person.name)
    assert again(story, 1, OTHER_WORKER) == 0
    with story.store.write() as unit:
        unit.register.put_same("second", "worker", True)
    assert figures(story, "2026", story.clock.now)["alerts_repeated"] == 1


def test_two_of_the_same_names_are_the_same_quarrel(story: Story) -> None:
    known(story, "third", "某厂")
    known(story, "fourth", "某人")
    known(story, "second", "某厂")
    known(story, "fifth", "某人")
    story.pushed(named=(InvolvedRow(person="third"), InvolvedRow(person="fourth")))
    assert again(story, 1, OTHER_WORKER, InvolvedRow(person="fifth")) == 1


def test_an_alert_that_was_sent_back_neither_comes_again_nor_came_before(story: Story) -> None:
    story.signed().do(ReturnAlert(reason=Returning.MISTAKEN))
    assert again(story, 1, WORKER, FIRM) == 0


def test_an_alert_is_taken_up_on_the_day_of_its_first_disposition_whatever_becomes_of_it_later(story: Story) -> None:
    story.signed().do(ReferToMediation(dispute=Dispute.DAMAGE))
    story.clock.now += timedelta(days=20)
    story.do(RecordNotAgreed(), "outcome/1")
    assert figures(story, "2026-11", story.clock.now)["alerts_contacted"] == 1


# -- the directory


@pytest.fixture
def zone(clock: FixedClock) -> Story:
    """The room with its committees, on the third of November; one was dissolved in September, one comes next week."""
    clock.now = datetime(2026, 11, 3, 1, tzinfo=UTC)
    return with_committees(Story(MemoryStore(clock), clock, "M1"))


def test_committees_are_those_there_at_the_end_of_a_period_by_their_kind(zone: Story) -> None:
    now = zone.clock.now
    assert [figures(zone, month, now)["committees"] for month in ("2026-08", "2026-10", "2026-11")] == [3, 2, 2]
    later = now + timedelta(days=60)
    numbers = figures(zone, "2026-11", later)
    told = [numbers[code] for code in ("committees", "committees_people", "committees_labour")]
    assert told == [3, 0, 3]
    assert figures(zone, "2027-06", later)["committees"] == 0  # it has not begun


def test_a_month_is_owed_once_it_is_over_and_missing_until_it_is_reported(zone: Story) -> None:
    codes = ("returns_owed", "returns_owed_filed", "returns_missing", "returns", "returns_late")
    before = figures(zone, "2026-10", zone.clock.now)
    assert [before[code] for code in codes] == [2, 0, 2, 0, 0]
    zone.clock.now += timedelta(days=20)
    zone.do(filed(organisation=CUPS.id, month="2026-10"), workflow="return_2026")
    now = zone.clock.now
    after = found(zone, "2026-10", now)
    assert [after[code].value for code in codes] == [2, 1, 1, 1, 1]
    assert all(after[code].late == 0 for code in codes)  # a month is never reported before it is over
    assert [figures(zone, "2026-11", datetime(2026, 11, 30, 9, tzinfo=UTC))[code] for code in codes] == [0, 0, 0, 0, 0]
    assert [figures(zone, "2026-10", now - timedelta(days=19))[code] for code in codes] == [2, 0, 2, 0, 0]


def test_what_is_behind_a_figure_of_the_directory_is_each_committee_once(zone: Story) -> None:
    period = read_period("2026-Q4")
    assert period is not None
    with zone.store.read() as unit:
        asked = Asked(organisations=[ROOM.id, CUPS.id, DOORS.id], period=period, known=zone.clock.now)
        rows = behind(unit, BY_CODE["returns_missing"], asked)
        first = behind(unit, BY_CODE["returns_missing"], asked, most=1)
        rest = behind(unit, BY_CODE["returns_missing"], asked, after=("", first[0].what, first[0].key))
    assert [row.organisation for row in rows] == [CUPS.id, DOORS.id]
    assert first + rest == rows


@pytest.mark.parametrize(
    ("period", "day", "days"),
    [
        ("2026-11", "2027-01-05", ("2025-11-01", "2025-11-30")),
        ("2026-11", "2026-11-19", ("2025-11-01", "2025-11-19")),
        ("2028-02", "2028-03-05", ("2027-02-01", "2027-02-28")),
        ("2029-02", "2029-03-05", ("2028-02-01", "2028-02-29")),
        ("2026-H2", "2026-11-19", ("2025-07-01", "2025-11-19")),
    ],
)
def test_a_period_is_held_against_the_same_days_a_year_before(period: str, day: str, days: tuple[str, str]) -> None:
    it = read_period(period)
    assert it is not None
    before = year_before(it, date.fromisoformat(day))
    assert (before.first.isoformat(), before.last.isoformat()) == days


# -- what the form asks besides


def listed(story: Story, code: str, period: str = "2026-11") -> list[str]:
    """The things behind a figure of the room, by their keys."""
    it = read_period(period)
    assert it is not None
    with story.store.read() as unit:
        asked = Asked(organisations=[ROOM.id], period=it, known=story.clock.now, settings=COUNTING)
        return [row.key for row in behind(unit, BY_CODE[code], asked)]


def rate(story: Story, code: str, period: str = "2026-11") -> Quotient:
    return next(it for it in quotients(RATES, found(story, period, story.clock.now)) if it.rate.code == code)


def test_of_errands_each_answer_counts_on_its_day_and_what_was_not_asked_in_nothing(story: Story) -> None:
    story.came("errand").do(RecordMeasure(words=Text("办了社保卡"), people=2))
    story.do(EndMatter(ending="finished"))
    asked = rate(story, "errands_content_rate")
    assert (asked.of, asked.by, asked.value) == (0, 0, None)
    story.do(RecordRating(content=Content.FAIRLY))
    story.do(RecordRating(content=Content.NOT))
    asked = rate(story, "errands_content_rate")
    assert (asked.of, asked.by, asked.value) == (1, 2, 0.5)
    assert listed(story, "errands_answered") == ["rating/1", "rating/2"]
    assert listed(story, "errands_content") == ["rating/1"]


def test_how_content_others_are_is_no_figure_of_errands(story: Story) -> None:
    story.came("reception").do(EndMatter(ending="answered_at_once"))
    story.do(RecordRating(content=Content.CONTENT))
    assert rate(story, "errands_content_rate").by == 0


def test_who_went_out_for_alerts_and_matters_counts_and_a_call_does_not(story: Story) -> None:
    story.signed().do(RecordContact(result=ContactResult.NOT_MET))
    story.do(RecordContact(result=ContactResult.CALM))
    story.do(RecordContact(result=ContactResult.CALM, manner=ContactManner.CALL))
    assert figures(story, "2026-11", story.clock.now)["attendance"] == 3
    other = Story(story.store, story.clock, "M1").came("errand")
    other.do(RecordMeasure(words=Text("陪着去办"), people=2))
    other.do(RecordMeasure(words=Text("又去了一次")))
    other.do(RecordMeasure(words=Text("电话问过"), manner=Manner.CALL, people=4))
    number = found(story, "2026-11", story.clock.now)["attendance"]
    assert (number.value, number.unsaid) == (5, 1)


def test_a_danger_that_is_over_counts_once_of_a_case_and_by_what_might_have_come_of_it(story: Story) -> None:
    story.accepted()
    for n, danger in enumerate((Danger.FIGHT, Danger.FIGHT, Danger.SUICIDE, Danger.OTHER, Danger.CRIME), 1):
        story.do(RaiseRisk(danger=danger))
        if danger is not Danger.CRIME:
            story.do(EaseRisk(), f"risk/{n}")
    numbers = figures(story, "2026-11", story.clock.now)
    told = {danger.code: numbers[f"averted_{danger.code}"] for danger in AVERTS}
    assert told == {"suicide": 1, "crime": 0, "petition": 0, "fight": 1}


@pytest.mark.parametrize(
    ("level", "there"), [(None, (0, 0)), (Level.ENTERPRISE, (1, 0)), (Level.ZONE, (1, 1))], ids=str
)
def test_a_case_is_settled_where_it_was_raised_or_above(
    story: Story, level: Level | None, there: tuple[int, int]
) -> None:
    with story.store.write() as unit:
        unit.register.put_organisation(replace(ROOM, level=level and Level.ZONE))
        unit.register.put_organisation(replace(BELOW, level=level))
    story.registered(handed_up=BELOW.id).do(AcceptCase(), by=Office.LEAD)
    story.do(ReachAgreement(terms=(PAY,)))
    story.do(DraftAgreement(signers=("party/1", "party/2")), "agreement/1")
    story.confirm("confirmation/1", "confirmation/2")
    story.do(SignAsMediator(), "agreement/1")
    story.do(AffixSeal(), "agreement/1", by=Office.LEAD)
    numbers = figures(story, "2026-11", story.clock.now)
    assert numbers["settled"] == 1
    assert (numbers["settled_levels"], numbers["settled_there"]) == there


def with_bodies(story: Story) -> Story:
    """The room with a body of each nature below it."""
    with story.store.write() as unit:
        for kind in HOST_KINDS:
            it = Organisation(id=f"b-{kind}", name=kind, short_name=kind, kind=kind, parent=ROOM.id)
            unit.register.put_organisation(it)
            offices = frozenset({Office.MEDIATOR, Office.LEAD})
            unit.register.put_actor(Actor(id=f"lead-{kind}", name=kind, organisation=it.id, offices=offices))
    return story


def test_every_nature_is_one_body_of_the_form_and_the_room_says_where_the_others_count() -> None:
    assert {kind: body_of(kind, {}).label for kind in HOST_KINDS} == {
        "mediation_committee": "没有写明是哪一种",
        "village_committee": "村调委会",
        "residents_committee": "居调委会",
        "township_committee": "乡镇调委会",
        "street_committee": "街道调委会",
        "enterprise_committee": "企事业单位调委会",
        "association_committee": "社会团体和其他组织调委会",
        "labour_committee": "调解室等其他调解组织",
        "mediation_room": "调解室等其他调解组织",
        "labour_organisation": "调解室等其他调解组织",
        "other": "没有写明是哪一种",
    }
    own = {"labour_committee": "enterprise", "village_committee": "street"}
    assert body_of("labour_committee", own) is Body.ENTERPRISE
    assert body_of("village_committee", own) is Body.VILLAGE  # the form says so
    assert body_of("club", {}) is Body.UNTOLD


def test_committees_of_the_people_are_counted_by_kind_and_a_room_is_none(story: Story) -> None:
    numbers = figures(with_bodies(story), "2026-11", story.clock.now)
    assert numbers["bodies"] == 8  # one of each of seven natures, and one more of which nobody says which
    assert [numbers[f"bodies_{it.code}"] for it in OF_COMMITTEES.values()] == [1] * 6


def test_told_apart_by_body_the_parts_are_the_whole_and_each_is_its_list(story: Story) -> None:
    with_bodies(story)
    for n, kind in enumerate((*HOST_KINDS, "village_committee"), 1):
        one = Story(story.store, story.clock, f"C{n:02}")
        one.holders = dict.fromkeys((Office.MEDIATOR, Office.LEAD), f"lead-{kind}")
        one.do(register(organisation=f"b-{kind}"), workflow="fast_track_2026")
        one.do(AcceptCase(), by=Office.LEAD)
    whole = figures(story, "2026", story.clock.now)
    assert whole["accepted"] == len(HOST_KINDS) + 1
    period = read_period("2026")
    assert period is not None
    raw = [[*orders_of(it.body for it in case_file(story.store, case).orders)] for case in cases_of(story)]
    with story.store.read() as unit:
        organisations = unit.register.organisations()
        asked = Asked(
            organisations=[it.id for it in organisations],
            period=period,
            known=story.clock.now,
            settings=COUNTING,
            groups={"body": bodies_of(organisations, {})},
        )
        apart = by_group(unit, FIGURES, asked, "body")
        assert {group: row["accepted"] for group, row in apart.items()} == {
            "untold": 2,
            "village": 2,
            "other": 3,
            **dict.fromkeys(("residents", "township", "street", "enterprise", "association"), 1),
        }
        theirs = recount.by_body(raw, period.first, period.last, story.clock.now, beside(unit, raw))
        for code, value in whole.items():
            assert sum(row[code] for row in apart.values()) == value, code
            for group, row in apart.items():
                rows = behind(unit, BY_CODE[code], asked, by="body", group=group)
                assert sum(added(BY_CODE[code], it) or 0 for it in rows) == row[code]
    for group, own in theirs.items():
        assert {code: apart[group][code] for code in own if own[code]} == {c: n for c, n in own.items() if n}


def cases_of(story: Story) -> list[str]:
    with story.store.read() as unit:
        return list(unit.record.cases())


def test_whatever_a_case_is_it_stands_in_one_column_of_each_part_of_the_form() -> None:
    groups = {"source": [*Source, None], "dispute": [*Dispute, None], "body": [*Body]}
    for by, own in groups.items():
        columns = [it for it in COLUMNS if it.by == by and it.label != "接受委托移送调解"]
        assert sorted(code for it in columns for code in it.groups) == sorted(it.code if it else "" for it in own)
