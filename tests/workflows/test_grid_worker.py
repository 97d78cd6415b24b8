"""网格员: what a grid worker reports, does, verifies; and that he sees and does nothing else."""

from __future__ import annotations

import pytest

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import MEDIATOR, Actor, Office, clashing_offices
from mediation_engine.errors import CommandNotAllowed, GuardRefused, OutsideOwnRemit
from mediation_engine.ports.views import Wanted
from mediation_engine.services.due_sweep import sweep
from mediation_engine.services.maintenance import audit_store
from workflows.vocabulary import Dispute
from workflows.zone.matter.entry import AssignMatter, EndMatter, FillInMatter
from workflows.zone.matter.facts import facts_of
from workflows.zone.matter.handling import AnswerMatter, SendBackMatter, SignForMatter, VerifyMatter
from workflows.zone.matter.kinds import kinds_with
from workflows.zone.matter.measure import RecordMeasure
from workflows.zone.outcome import ReferToMediation

from ..support.story import NOW, STAFF, Story, come

GRID = Office.GRID_WORKER
GAO, HE = STAFF[GRID], Actor(id="he", name="何网格", organisation="room", offices=frozenset({GRID}))
VISITED = RecordMeasure(words=Text("上门看了"))


@pytest.fixture
def room() -> Story:
    """A story that has no matter yet, in a room with two grid workers."""
    clock = FixedClock(NOW)
    return Story(MemoryStore(clock), clock).with_colleague(HE)


def given_to(room: Story, who: str) -> Story:
    """A matter that came by the room, given to a grid worker and signed for."""
    room.came("grid").do(AssignMatter(staff=who))
    room.do(SignForMatter(), by=GRID, actor=who)
    return room


class TestReporting:
    def test_what_he_found_and_saw_to_himself_is_over_at_once(self, room: Story) -> None:
        room.found().do(EndMatter(ending="on_spot"), by=GRID)
        assert room.case.facts.closed == "ended"

    def test_what_he_reports_is_for_the_room_to_pass_on(self, room: Story) -> None:
        room.found()
        with pytest.raises(CommandNotAllowed, match="网格员不能办理"):
            room.do(AssignMatter(staff="gao"), by=GRID)
        room.do(AssignMatter(staff="gao"))
        assert facts_of(room.case).handler == "gao"

    @pytest.mark.parametrize("kind", ["reception", "errand", "petition"])
    def test_other_kinds_are_registered_by_the_room(self, room: Story, kind: str) -> None:
        with pytest.raises(GuardRefused, match="由调解室登记"):
            room.do(come(kind), by=GRID, workflow="matter_2026")

    def test_the_settings_may_let_him_register_another_kind(self) -> None:
        [errand] = [it for it in kinds_with([{"code": "errand", "grid_worker": True}]) if it.code == "errand"]
        assert errand.grid_worker

    def test_only_what_a_grid_worker_registers_himself_is_reported_by_him(self, room: Story) -> None:
        room.came("grid")
        assert facts_of(room.case).reported_by is None


class TestDoing:
    def test_he_signs_for_does_and_answers_what_was_given_to_him(self, room: Story) -> None:
        given_to(room, "gao").do(VISITED, by=GRID)
        room.do(AnswerMatter(words=Text("已搬走")), by=GRID)
        assert room.state("handling/1") == "to_verify"

    def test_he_does_not_verify_what_he_did_himself(self, room: Story) -> None:
        room.found().do(AssignMatter(staff="gao"))
        room.do(SignForMatter(), by=GRID)
        room.do(VISITED, by=GRID)
        room.do(AnswerMatter(words=Text("已搬走")), by=GRID)
        with pytest.raises(CommandNotAllowed, match="自己办的事不由自己核实"):
            room.do(VerifyMatter(), by=GRID)
        room.do(VerifyMatter())

    def test_whoever_reported_it_verifies_what_another_did_or_sends_it_back(self, room: Story) -> None:
        room.found().do(AssignMatter(staff="he"))
        room.do(SignForMatter(), by=GRID, actor="he")
        room.do(VISITED, by=GRID, actor="he")
        room.do(AnswerMatter(words=Text("已搬走")), by=GRID, actor="he")
        room.do(SendBackMatter(words=Text("还在")), by=GRID)
        room.do(VISITED, by=GRID, actor="he")
        room.do(AnswerMatter(words=Text("这回搬走了")), by=GRID, actor="he")
        room.do(VerifyMatter(), by=GRID)
        assert room.state("handling/1") == "to_end"
        with pytest.raises(CommandNotAllowed, match="网格员不能办理"):
            room.do(EndMatter(ending="finished"), by=GRID)

    def test_what_was_given_to_another_is_done_by_the_other(self, room: Story) -> None:
        room.found().do(AssignMatter(staff="he"))
        with pytest.raises(CommandNotAllowed, match="这件事交给了别人"):
            room.do(SignForMatter(), by=GRID)

    def test_he_refers_nothing_to_mediation(self, room: Story) -> None:
        with pytest.raises(CommandNotAllowed, match="网格员不能办理"):
            given_to(room, "gao").do(ReferToMediation(dispute=Dispute.LABOUR_PAY), by=GRID)

    def test_nothing_is_given_to_him_but_matters(self, room: Story) -> None:
        assert not MEDIATOR & GAO.offices
        room.registered()
        assert "gao" not in room.view(Office.LEAD).staff

    def test_an_audit_decides_all_of_it_again_and_finds_nothing(self, room: Story) -> None:
        self.test_whoever_reported_it_verifies_what_another_did_or_sends_it_back(room)
        found = dict(audit_store(room.store, room.door.catalogue, [room.name]))
        assert [it for it in found[room.name] if not it.known] == []


class TestSeeing:
    def test_he_sees_what_he_reported_and_reads_all_of_it(self, room: Story) -> None:
        room.found()
        view = room.door.view(room.name, GRID, GAO)
        assert "厂里两个月没有发工资" in view.words.values()

    def test_he_does_not_see_what_others_reported_nor_do_anything_in_it(self, room: Story) -> None:
        room.found(named=())
        with pytest.raises(OutsideOwnRemit):
            room.door.view(room.name, GRID, HE)
        with pytest.raises(OutsideOwnRemit):
            room.door.look(HE.id, GRID, room.case, "case")
        with pytest.raises(OutsideOwnRemit):
            room.do(FillInMatter(), by=GRID, actor="he")

    def test_what_was_taken_from_him_and_given_to_another_is_no_longer_his(self, room: Story) -> None:
        given_to(room, "gao").do(AssignMatter(staff="he"))
        with pytest.raises(OutsideOwnRemit):
            room.door.view(room.name, GRID, GAO)
        assert room.door.view(room.name, GRID, HE)

    def test_he_sees_no_case(self, room: Story) -> None:
        room.effective()
        with pytest.raises(OutsideOwnRemit):
            room.door.view(room.name, GRID, GAO)
        assert room.door.words(room.name, GRID) == {}, "and for him the house itself reads nothing"

    def test_who_mediates_too_sees_as_a_grid_worker_only_what_is_his(self, room: Story) -> None:
        both = Actor(id="gao", name="高网格", organisation="room", offices=frozenset({GRID, Office.MEDIATOR}))
        room.with_colleague(both).came("grid")
        assert room.door.view(room.name, Office.MEDIATOR, both)
        with pytest.raises(OutsideOwnRemit):
            room.door.view(room.name, GRID, both)

    def test_nobody_checks_and_walks_a_grid(self) -> None:
        assert clashing_offices(frozenset({GRID, Office.AUDITOR})) == (Office.AUDITOR, GRID)

    def test_his_reports_are_found_by_him(self, room: Story) -> None:
        room.found()
        with room.store.read() as unit:
            found = [unit.views.newest(Wanted(matter="matter", reporter=who)) for who in ("gao", "he")]
        assert [[it.case for it in rows] for rows in found] == [["A1"], []]


def told(room: Story, who: str) -> list[str]:
    """What somebody was told of, by topic, once a worker has gone through what there is."""
    sweep(room.store, room.door.catalogue)
    with room.store.read() as unit:
        return [it.topic for it in unit.messages.of(who)]


class TestMessages:
    def test_he_is_told_that_something_was_given_to_him(self, room: Story) -> None:
        room.came("grid").do(AssignMatter(staff="gao"))
        assert "MatterAssigned" in told(room, "gao")

    def test_whoever_reported_it_is_told_when_it_is_to_be_verified(self, room: Story) -> None:
        room.found().do(AssignMatter(staff="he"))
        room.do(SignForMatter(), by=GRID, actor="he")
        room.do(VISITED, by=GRID, actor="he")
        room.do(AnswerMatter(words=Text("已搬走")), by=GRID, actor="he")
        room.clock.now = room.clock.now.replace(day=26)
        assert "matter_verify" in told(room, "gao")
