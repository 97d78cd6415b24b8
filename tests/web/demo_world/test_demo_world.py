"""The made-up room, opened on different days: lawful, whole, and a board that somebody would want to work by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from mediation_engine.adapters.blobs.folder import Folder
from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.descriptions.messages import message_words
from mediation_engine.domain.case import Case, machine_of
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.matter import CASE
from mediation_engine.domain.people import PersonDetails
from mediation_engine.domain.roles import MEDIATOR, Actor, Office
from mediation_engine.domain.workflow import CLOSES, Workflow
from mediation_engine.ids import seeded_randomness
from mediation_engine.input.person_details import checked
from mediation_engine.ports.store import Unit
from mediation_engine.services import maintenance
from mediation_engine.services.exhibits import ExhibitService, Shelf
from mediation_engine.services.people import Known, People
from web import wiring
from web.app import create_app
from web.config import ExhibitSettings
from web.demo_world import ROOM, STAFF, SURROUNDINGS, World, papers, told_in
from web.demo_world.cases import STORIES
from web.demo_world.committees import reports
from web.demo_world.days import Days
from web.demo_world.people import everybody
from web.demo_world.room import BY_ID
from web.presenters.case_list import days_late
from web.presenters.mediator_dashboard import GROUPS, Board, board
from web.security.passwords import give_password
from workflows.deadlines import DEADLINES
from workflows.facts import Exhibit, MediationFacts
from workflows.zone.matter.deadlines import DEADLINES as OF_MATTERS
from workflows.zone.meeting.deadlines import DEADLINES as OF_MEETINGS

from ...support.exhibits import ROOM_KEY
from ..conftest import PASSWORD, SECRET, SETTINGS, Browser

DAYS = {
    "a Monday": datetime(2026, 11, 30, 1, tzinfo=UTC),
    "a Saturday, at night": datetime(2026, 12, 5, 15, 59, tzinfo=UTC),
    "the last day of a year": datetime(2026, 12, 31, 9, tzinfo=UTC),
    "the Spring Festival": datetime(2027, 2, 6, 16, tzinfo=UTC),
    "a leap day": datetime(2028, 2, 29, 1, tzinfo=UTC),
    "a Sunday in March, a minute after midnight": datetime(2028, 3, 4, 16, 1, tzinfo=UTC),
}
MONDAY = DAYS["a Monday"]
BESIDES = {"closed", "alarm", "risk", "matters", *(code for code in GROUPS if code.startswith("alert-"))}
"""Groups of a board that tell of no open case, or of one that stands elsewhere, too."""
ALERT_GROUPS = ("unsigned", "to_contact", "to_report", "in_hand")
MOST_LATE = 4
"""Days: what fell due on the working day before the last, after a weekend."""
NOT_TOLD = {"误登记", "以裁判结果结案", "以该程序中的和解结案"}
"""Endings that no story of the room has: nobody does the first on purpose; the others are in reported cases."""


CLOCKS = {rule.code for rule in (*DEADLINES, *OF_MATTERS, *OF_MEETINGS)}


class Told:
    """The room, opened at some time."""

    def __init__(self, now: datetime) -> None:
        self.clock, self.folder = FixedClock(now), Path(mkdtemp())
        self.door = wiring.door(
            MemoryStore(self.clock), seeded_randomness(now.astimezone(CHINA).toordinal()), zone=SURROUNDINGS
        )
        self.people = People(self.door.store, ROOM_KEY, self.door.randomness)
        exhibits = ExhibitService(door=self.door, blobs=Folder(self.folder), room_key=ROOM_KEY)
        self.world = World(exhibits=exhibits, people=self.people, clock=self.clock, now=now)
        self.world.tell()

    def board(self, id: str, of: str = "") -> Board:
        actor = BY_ID[id]
        return board(self.door, office_of(actor), actor, {ROOM.id}, "", of)

    def known(self, id: str) -> Known:
        return self.people.known(BY_ID["wang"], id)

    def orders(self) -> list[bytes]:
        with self.door.store.read() as unit:
            return [order.body for case in unit.record.cases() for order in unit.record.orders(case)]


@cache
def told(now: datetime) -> Told:
    """Told once: nothing that is asked of it changes it."""
    return Told(now)


def known_to(unit: Unit) -> set[str]:
    """Ids of all parties."""
    rows = unit.views.case_rows(most=1000)
    return {named.person for named in unit.views.named([row.case for row in rows])}


def exhibits_of(case: Case) -> list[Exhibit]:
    """What was filed in a case; an alert has none."""
    return list(case.facts.exhibits.values()) if isinstance(case.facts, MediationFacts) else []


def office_of(actor: Actor) -> Office:
    return next(iter(actor.offices))


on_any_day = pytest.mark.parametrize("room", [pytest.param(now, id=name) for name, now in DAYS.items()], indirect=True)


@pytest.fixture
def room(request: pytest.FixtureRequest) -> Told:
    return told(request.param)


@pytest.fixture
def monday() -> Told:
    return told(MONDAY)


@on_any_day
class TestOnAnyDay:
    def test_an_audit_finds_nothing_not_even_a_mark(self, room: Told) -> None:
        shelf = Shelf(blobs=Folder(room.folder), room_key=ROOM_KEY)
        cases = dict(maintenance.audit_store(room.door.store, room.door.catalogue, look=shelf.look_at))
        assert {case: found for case, found in cases.items() if found} == {}
        today = room.world.now.astimezone(CHINA).date()
        last = Days(today).back(1)  # all is told up to the last working day
        returns = {it.order.case for it in reports(today, "return_2026") if it.day <= last}
        assert cases.keys() == {story.case for story in STORIES} | returns
        assert [found for _, found in maintenance.audit_chains(room.door.store) if found] == []

    def test_nothing_is_recorded_later_than_now_or_out_of_its_working_hours(self, room: Told) -> None:
        for story in STORIES:
            moments = [line.recorded.astimezone(CHINA) for line in room.door.history(story.case)]
            assert moments == sorted(moments), story.case
            assert moments[-1] < room.world.now
            assert all(9 <= m.hour < 18 and m.weekday() < 5 for m in moments), story.case

    def test_the_bell_has_messages_and_none_of_them_names_anybody_or_says_what_was_said(self, room: Told) -> None:
        store = room.door.store
        with store.read() as unit:
            told = [it for actor in STAFF for it in unit.messages.of(actor.id, most=1000)]
            today = unit.now.astimezone(CHINA).date()
            waiting = [unit.messages.unread(id) or unit.views.due_dates(today, mediator=id) for id in ("li", "zhou")]
            people = [person.name for person in unit.register.people(known_to(unit)).values()]
            texts = [it.words for case in unit.record.cases() for it in unit.record.texts(case).values() if it.words]
        assert all(waiting)
        assert len(told) > 50 and all(it.read for it in told if it.day < room.world.now.date() - timedelta(days=5))
        said = "\n".join(
            f"{message} {message_words(room.door.catalogue.reading(message.workflow), message)}" for message in told
        )
        leaked = [words for words in (*people, *texts, *(a.name for a in STAFF)) if len(words) > 1 and words in said]
        assert leaked == []

    def test_a_board_looks_like_a_normal_monday(self, room: Told) -> None:
        today = room.door.today()
        with room.door.store.read() as unit:
            dues = list(unit.views.due_dates(today, organisations={ROOM.id}))
        planned = [due for due in dues if due.kind not in CLOCKS]  # a notice to come has us do things days before
        assert max(days_late(due.due, today) for due in planned) <= MOST_LATE
        for actor in (a for a in STAFF if not MEDIATOR.isdisjoint(a.offices)):
            shown = room.board(actor.id)
            today_too = [due for it in shown.todos for due in (it, *it.also) if due.by.endswith("今天到期")]
            assert (
                len(shown.todos_of("late")) >= 1
                and len([it for it in shown.todos_of("late") if not it.basis]) <= 3
                and today_too
                and len([it for it in shown.todos if not it.why]) >= 3
            ), actor.id
            items = shown.todos_of("matters")
            others = [it for it in shown.todos if it not in items]
            cases = [it for it in others if not it.case.startswith("demo-alert")]
            assert len(cases) <= 20 and len(others) <= 24 and not shown.after
            for of in ("mine", "room"):
                board = room.board(actor.id, of)
                besides = {*BESIDES, "applications"} if of == "mine" else BESIDES  # they are nobody's yet
                once = [it.case for it in board.todos_of(*(GROUPS.keys() - besides))]
                [count] = [scope.count for scope in board.scopes if scope.chosen]
                assert count == str(len(set(once))) == str(len(once)), (actor.id, of)
        parts = {id: room.board(id) for id in ("li", "zhou")}
        assert all(it.todos_of("lead") for it in parts.values())
        late = parts["li"].todos_of("late")  # of a case with something overdue, what waits is told with it
        assert "退汇待重发1笔，共 ￥20,000.00" in {due.what for it in late for due in it.also}
        assert [it.verb for it in parts["li"].todos_of("alarm")] == ["报告激化风险"]
        assert any("还有" in it.by for it in parts["li"].todos_of("soon"))

    def test_alerts_wait_for_who_answers_for_them(self, room: Told) -> None:
        boards = {id: room.board(id, "mine") for id in ("li", "zhou", "wang")}
        waits = {
            id: {code: [it.case for it in shown.todos_of(f"alert-{code}")] for code in ALERT_GROUPS}
            for id, shown in boards.items()
        }
        one, two, three = "demo-alert-new", "demo-alert-signed", ("demo-alert-met", "demo-alert-paid")
        assert waits["li"] == dict(zip(ALERT_GROUPS, ([one], [], [three[1]], [three[0]]), strict=True))
        assert waits["zhou"] == dict(zip(ALERT_GROUPS, ([one], [two], [], []), strict=True))
        assert waits["wang"] == dict(zip(ALERT_GROUPS, ([one], [two], [three[1]], [three[0]]), strict=True))
        todos = [it for shown in boards.values() for code in ALERT_GROUPS for it in shown.todos_of(f"alert-{code}")]
        assert all(it.address and it.by for it in todos)

    def test_the_lead_finds_what_waits_for_him(self, room: Told) -> None:
        board = room.board("wang")
        waiting = {it.case for it in board.todos if not it.why}
        assert {"demo-wages-new", "demo-police", "demo-seal", "demo-no-result"} <= waiting
        assert [scope.code for scope in room.board("wang").scopes if scope.chosen] == ["room"]

    def test_somebody_stands_in_next_week(self, room: Told) -> None:
        today = room.door.today()
        with room.door.store.read() as unit:
            [named] = [it for it in unit.substitutions.substitutions() if it.is_at_desk]
        assert (named.actor, named.first.weekday(), named.last.weekday()) == ("zhou", 0, 6)
        assert 1 <= (named.first - today).days <= 7

    def test_a_mediator_may_settle_small_disputes_and_has_something_jotted_down(self, room: Told) -> None:
        with room.door.store.read() as unit:
            [given] = [it for it in unit.substitutions.substitutions() if not it.is_at_desk]
            assert unit.jottings.count("li") == 1
        assert (given.actor, given.stands(room.door.today())) == ("li", True)

    def test_every_number_is_sound(self, room: Told) -> None:
        for id in everybody(room.door.today()):
            found = checked(room.known(id).details, room.door.today())
            assert not found.faults and not found.warnings, id

    def test_it_is_known_which_day_it_is_of(self, room: Told) -> None:
        with room.door.store.read() as unit:
            assert told_in(unit) == unit.now.astimezone(CHINA).date()


class TestPhases:
    @pytest.fixture
    def been(self, monday: Told) -> dict[str, list[tuple[Workflow, str, str]]]:
        """By case: the phases it has been in, and their states."""
        found = {}
        for story in STORIES:
            case = monday.door.case(story.case)
            workflow = monday.door.catalogue.in_force(case.rules)
            phases = [key for m in workflow.phases for key in case.of(m.name)]
            found[story.case] = [(workflow, machine_of(key), case.state(key) or "") for key in phases]
        return found

    def test_every_phase_of_both_workflows_is_there(
        self, monday: Told, been: dict[str, list[tuple[Workflow, str, str]]]
    ) -> None:
        there = {(workflow.name, phase) for case in been.values() for workflow, phase, _ in case}
        wanted = {(w.name, m.name) for w in monday.door.catalogue.of(CASE) for m in w.phases}
        assert wanted - there == set()

    def test_every_ending_is_there_but_those_named(
        self, monday: Told, been: dict[str, list[tuple[Workflow, str, str]]]
    ) -> None:
        workflows = monday.door.catalogue.of(CASE)
        endings = {state.label for w in workflows for state, to in w.handoffs.items() if to == CLOSES}
        there = {w.machines[phase].label_of(state) for case in been.values() for w, phase, state in case}
        assert endings - there == NOT_TOLD

    def test_both_tracks_are_there_and_whatever_else_a_newcomer_looks_for(self, monday: Told) -> None:
        with monday.door.store.read() as unit:
            rows = [row for row in unit.views.case_rows(most=1000) if row.matter == CASE.code]
        assert {row.track for row in rows} == {"people_mediation", "labour_mediation"}
        states = {
            (machine_of(key), it.state) for row in rows for key, it in monday.door.case(row.case).instances.items()
        }
        assert states >= {
            *(("assignment", it) for it in ("standing", "challenged", "handed_over", "recused")),
            *(("agreement", it) for it in ("reached", "drafted", "effective", "performed")),
            *(("obligation", it) for it in ("pending", "breached", "performed")),
            *(("session", it) for it in ("scheduled", "held")),
            *(("risk", it) for it in ("raised", "reported")),
            *(("visit", it) for it in ("scheduled", "done", "cancelled")),
            *(("delivery", it) for it in ("sent", "received")),
            ("loan", "lent"),
            *(("proceeding", it) for it in ("filed", "confirmed", "dismissed")),
        }  # fmt: skip


class TestPeople:
    def test_some_need_care(self, monday: Told) -> None:
        assert [it.person.name for it in monday.known("guyu").alike] == ["甘谷雨"]
        assert monday.known("qiufen").person.names == ("陶秋分", "陶小芬")
        assert monday.known("rare").person.name == "柳𬱖"
        reader = monday.known("dongzhi").details
        assert isinstance(reader, PersonDetails) and reader.cannot_read
        child = monday.known("xiaoshu").details
        assert isinstance(child, PersonDetails) and child.birth and child.birth.year == 2026 - 12

    def test_every_one_of_them_is_in_a_case_or_acts_in_one(self, monday: Told) -> None:
        with monday.door.store.read() as unit:
            people = unit.register.people(everybody(date(2026, 11, 30)))
        assert people.keys() == everybody(date(2026, 11, 30)).keys()


class TestPapers:
    def test_they_open_and_some_are_for_one_alone(self, monday: Told) -> None:
        with monday.door.store.read() as unit:
            kept = list(unit.exhibits.all())
        assert len(kept) >= 12
        held = [it for s in STORIES for it in exhibits_of(monday.door.case(s.case))]
        assert {"joint", "host", "party/1"} <= {it.label for it in held}
        assert all(b"".join(monday.world.exhibits.parts(row)) for row in kept)

    def test_they_are_drawn_where_there_is_no_font_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        drawn = papers.card("甘谷雨"), papers.sheet("欠条", "今欠"), papers.scan("收条", day=date(2026, 11, 30))
        with_font = [draw() for draw in drawn]
        monkeypatch.setattr(papers, "FONTS", ())
        papers._font.cache_clear()
        without = [draw() for draw in drawn]
        papers._font.cache_clear()
        assert all(a[:4] == b[:4] and len(b) > 5000 for a, b in zip(with_font, without, strict=True))


def test_a_day_has_one_room_however_often_it_is_told_and_the_next_another() -> None:
    assert told(MONDAY).orders() == Told(MONDAY).orders()
    assert told(MONDAY).orders() != told(DAYS["a leap day"]).orders()


def test_working_days_go_back_over_weekends_and_never_into_one() -> None:
    for now in DAYS.values():
        days = Days(now.date())
        gone = [days.back(n) for n in range(1, 30)]
        assert gone == sorted(gone, reverse=True) and len(set(gone)) == len(gone) and gone[0] < days.today
        assert {day.weekday() for day in (*gone, *(days.coming(n) for n in range(1, 9)))} == set(range(5))


@pytest.mark.parametrize("id", [actor.id for actor in STAFF])
def test_everybody_of_the_staff_finds_a_board_and_opens_what_is_on_it(monday: Told, id: str) -> None:
    with signed_in(monday, id) as browser:
        shown = browser.get("/work")
        assert shown.status_code == 200
        cases = {story.case for story in STORIES if f"/cases/{story.case}" in shown.text}
        assert bool(cases) == (BY_ID[id].offices != {Office.ADMINISTRATOR})
        assert all(browser.get(f"/cases/{case}").status_code == 200 for case in sorted(cases)[:2])


@contextmanager
def signed_in(room: Told, id: str) -> Iterator[Browser]:
    with room.door.store.write("accounts") as unit:
        give_password(unit, id, PASSWORD, once=False)
    settings = replace(SETTINGS, organisation=ROOM, exhibits=ExhibitSettings(folder=room.folder))
    app = create_app(room.door, settings, SECRET)
    app.extensions["room_key"] = ROOM_KEY
    app.test_client_class = Browser
    browser: Browser = app.test_client()  # type: ignore[assignment]
    assert browser.sign_in(id).status_code == 302
    yield browser
