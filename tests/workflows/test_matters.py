"""Matters: each kind from first to last, the kind as it was when the matter came, periods, reception days, the end."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.calendar.shipped import calendar_with
from mediation_engine.clock import FixedClock
from mediation_engine.domain.deadline import ClockState, clocks
from mediation_engine.domain.fields import Text
from mediation_engine.domain.item_kind import Stage
from mediation_engine.domain.roles import Office
from mediation_engine.domain.zone import Zone
from mediation_engine.errors import CommandNotAllowed, GuardRefused
from mediation_engine.ports.views import Wanted
from mediation_engine.services.calendar import calendar_in
from workflows.vocabulary import Dispute
from workflows.zone.matter.concerned import AddConcerned, ConcernedRow
from workflows.zone.matter.deadlines import DEADLINES
from workflows.zone.matter.entry import AssignMatter, DetailRow, EndMatter, FillInMatter
from workflows.zone.matter.facts import facts_of
from workflows.zone.matter.handling import AnswerMatter, SendBackMatter, SignForMatter, VerifyMatter
from workflows.zone.matter.kinds import kind_named, kinds_with, shipped
from workflows.zone.matter.measure import RecordMeasure
from workflows.zone.matter.rating import RecordRating
from workflows.zone.matter.vocabulary import Content, Standing
from workflows.zone.outcome import RecordNotAgreed, ReferToMediation

from ..support.story import FILLED, NOW, ZHOU, Story


def proposed(story: Story) -> set[str]:
    """What is usually done next with it."""
    workflow = story.door.catalogue.reading("matter_2026")
    assert workflow is not None
    case, today = story.case, story.clock.now.date()
    return {it.step.name() for it in workflow.guidance.next if next(iter(it.when(case, today)), None)}


@pytest.fixture
def matter() -> Story:
    """A story that has no matter yet."""
    clock = FixedClock(NOW)
    return Story(MemoryStore(clock), clock)


def at(story: Story, day: date) -> Story:
    """The story, set to nine in the morning of a day in China."""
    story.clock.now = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    return story


def marks(story: Story) -> list[str]:
    return [defect.code for line in story.lines for defect in line.defects]


def running(story: Story) -> dict[str, date | None]:
    """What is due, by stage, with its last day."""
    with story.store.read() as unit:
        found = clocks(DEADLINES, story.case, calendar_in(unit), NOW.date())
    return {it.rule.code.removeprefix("matter_"): it.last for it in found if it.state is ClockState.RUNNING}


class TestGridReports:
    def test_one_goes_from_report_to_end(self, matter: Story) -> None:
        matter.came("grid").do(AssignMatter(staff="li"))
        assert matter.state("handling/1") == "to_sign"
        matter.do(SignForMatter())
        matter.do(RecordMeasure(words=Text("上门看了")))
        matter.do(AnswerMatter(words=Text("已发")))
        assert matter.state("handling/1") == "to_verify"
        with pytest.raises(CommandNotAllowed):
            matter.do(EndMatter(ending="finished"))
        matter.do(VerifyMatter())
        matter.do(EndMatter(ending="finished"))
        assert (matter.case.facts.closed, facts_of(matter.case).how.label) == ("ended", "已办好")  # type: ignore[union-attr]
        assert marks(matter) == []

    def test_what_is_settled_on_the_spot_ends_at_once_and_nothing_else_does(self, matter: Story) -> None:
        matter.came("grid")
        with pytest.raises(GuardRefused, match="只能是当场办结的那几种"):
            matter.do(EndMatter(ending="finished"))
        matter.do(EndMatter(ending="on_spot"))
        assert matter.case.facts.closed == "ended"

    def test_answered_is_not_verified_and_may_be_sent_back(self, matter: Story) -> None:
        matter.taken_on("grid").do(RecordMeasure(words=Text("上门看了")))
        matter.do(AnswerMatter(words=Text("周五发")))
        matter.do(SendBackMatter(words=Text("还没有发")))
        assert matter.state("handling/1") == "in_hand"

    def test_nothing_is_answered_before_something_was_done(self, matter: Story) -> None:
        with pytest.raises(GuardRefused, match="先记录办理"):
            matter.taken_on("grid").do(AnswerMatter(words=Text("好了")))

    def test_whoever_it_was_given_to_signs_or_the_lead(self, matter: Story) -> None:
        matter.with_colleague().came("grid").do(AssignMatter(staff="li"))
        with pytest.raises(GuardRefused, match="由承办人签收"):
            matter.do(SignForMatter(), actor=ZHOU.id)
        matter.do(SignForMatter(), by=Office.LEAD)

    def test_given_to_another_it_is_to_be_signed_for_again(self, matter: Story) -> None:
        matter.taken_on("grid").do(AssignMatter(staff="wang"))
        assert (matter.state("handling/1"), facts_of(matter.case).handler) == ("to_sign", "wang")

    def test_it_is_given_to_somebody(self, matter: Story) -> None:
        with pytest.raises(GuardRefused, match="写明承办人"):
            matter.came("grid").do(AssignMatter())
        matter.do(AssignMatter(body=Text("某社区")))


class TestReceptions:
    def test_one_belongs_to_the_reception_day_on_which_it_comes(self, matter: Story) -> None:
        at(matter, date(2026, 12, 1)).came("reception")
        assert facts_of(matter.case).reception == date(2026, 12, 1)

    def test_one_that_comes_on_another_day_belongs_to_none(self, matter: Story) -> None:
        assert facts_of(matter.came("reception").case).reception is None

    def test_other_kinds_belong_to_none(self, matter: Story) -> None:
        assert facts_of(at(matter, date(2026, 12, 1)).came("grid").case).reception is None

    @pytest.mark.parametrize(("moves", "day"), [(False, date(2026, 11, 15)), (True, date(2026, 11, 16))])
    def test_one_on_a_rest_day_is_kept_or_moves_as_the_room_wants(self, moves: bool, day: date) -> None:
        zone = Zone(reception_moves=moves)
        for since in (date(2026, 11, 3), day):
            assert next(zone.receptions(since, calendar_with())) == day

    def test_the_month_says_which_days_there_are(self) -> None:
        found = Zone(reception_days=(31,)).receptions(date(2026, 11, 1), calendar_with())
        assert [next(found), next(found)] == [date(2026, 12, 31), date(2027, 1, 31)]

    def test_it_is_answered_by_the_day_that_was_promised(self, matter: Story) -> None:
        matter.came("reception")
        assert running(matter)["answer"] == date(2026, 12, 4)

    def test_without_a_promise_by_the_days_of_the_kind(self, matter: Story) -> None:
        matter.came("reception", details=FILLED["reception"][:2])
        assert running(matter)["answer"] == date(2026, 12, 8)

    def test_more_than_five_are_represented_by_at_most_five(self, matter: Story) -> None:
        crowd = (DetailRow(field="people", number=9), DetailRow(field="leader", words=Text("某副主任")))
        matter.came("reception", details=crowd)
        with pytest.raises(GuardRefused, match="补充登记内容"):
            matter.do(EndMatter(ending="answered_at_once"))
        matter.do(FillInMatter(details=(DetailRow(field="representatives", number=7),)))
        matter.do(EndMatter(ending="answered_at_once"))
        assert marks(matter) == ["within_bounds"]


class TestErrands:
    def test_whoever_registers_it_does_it_and_the_promise_is_its_period(self, matter: Story) -> None:
        matter.came("errand")
        assert matter.state("handling/1") == "in_hand"
        assert facts_of(matter.case).handler == "li"
        assert running(matter) == {"end": date(2026, 11, 27)}

    def test_done_by_the_promised_day_it_is_in_time(self, matter: Story) -> None:
        matter.came("errand").do(RecordMeasure(words=Text("办了社保卡")))
        at(matter, date(2026, 11, 27)).do(EndMatter(ending="finished"))
        assert facts_of(matter.case).in_time is True
        assert marks(matter) == []

    def test_whether_it_was_in_time_hangs_on_its_first_end(self, matter: Story) -> None:
        matter.came("errand").do(RecordMeasure(words=Text("办了社保卡")))
        at(matter, date(2026, 11, 27)).do(EndMatter(ending="finished"))
        at(matter, date(2026, 12, 3)).do(RecordRating(content=Content.NOT))
        assert running(matter) == {}
        matter.do(RecordMeasure(words=Text("又去了一趟")))
        matter.do(EndMatter(ending="finished"))
        assert facts_of(matter.case).in_time is True
        assert marks(matter) == []

    def test_done_later_it_is_marked(self, matter: Story) -> None:
        matter.came("errand").do(RecordMeasure(words=Text("办了社保卡")))
        at(matter, date(2026, 11, 28)).do(EndMatter(ending="finished"))
        assert facts_of(matter.case).in_time is False
        assert marks(matter) == ["ended_in_time"]

    def test_a_promise_on_a_rest_day_is_kept_on_that_day(self, matter: Story) -> None:
        promised = (DetailRow(field="agent", words=Text("吴")), DetailRow(field="promised", day=date(2026, 11, 28)))
        assert running(matter.came("errand", details=promised)) == {"end": date(2026, 11, 28)}


class TestPetitions:
    def test_how_it_was_recognised_as_settled_is_said(self, matter: Story) -> None:
        matter.taken_on("petition").do(RecordMeasure(words=Text("包案领导约谈")))
        with pytest.raises(GuardRefused, match="认定依据"):
            matter.do(EndMatter(ending="resolved"))
        matter.do(EndMatter(ending="resolved", ground="pledge"))
        facts = facts_of(matter.case)
        assert facts.how is not None
        assert (facts.how.done, facts.ground) == (True, "pledge")

    def test_unsettled_needs_no_ground_and_is_not_done(self, matter: Story) -> None:
        matter.taken_on("petition").do(RecordMeasure(words=Text("包案领导约谈")))
        matter.do(EndMatter(ending="unresolved"))
        how = facts_of(matter.case).how
        assert how is not None
        assert not how.done

    def test_the_day_on_the_sheet_is_its_period(self, matter: Story) -> None:
        assert running(matter.came("petition"))["end"] == date(2026, 12, 20)


class TestEnding:
    def test_an_end_that_its_kind_does_not_have_is_refused(self, matter: Story) -> None:
        with pytest.raises(GuardRefused, match="须是这一种事项里有的"):
            matter.came("grid").do(EndMatter(ending="resolved"))

    def test_while_its_case_goes_on_it_does_not_end(self, matter: Story) -> None:
        matter.taken_on("reception").do(ReferToMediation(dispute=Dispute.LABOUR_PAY))
        with pytest.raises(GuardRefused, match="还没有结果"):
            matter.do(EndMatter(ending="elsewhere"))
        matter.do(RecordNotAgreed(), "outcome/1")
        matter.do(EndMatter(ending="elsewhere"))

    def test_who_is_not_content_has_it_taken_up_again(self, matter: Story) -> None:
        matter.taken_on("grid").do(EndMatter(ending="on_spot"))
        matter.do(RecordRating(content=Content.FAIRLY))
        assert matter.case.facts.closed == "ended"
        matter.do(RecordRating(content=Content.NOT))
        facts = facts_of(matter.case)
        assert (facts.closed, facts.how, matter.state("handling/2")) == (None, None, "in_hand")
        with pytest.raises(GuardRefused, match="先记录办理"):
            matter.do(AnswerMatter(words=Text("好了")))
        matter.do(EndMatter(ending="on_spot"))
        assert matter.case.facts.closed == "ended"

    def test_both_sides_must_be_known_before_a_case_is_opened(self, matter: Story) -> None:
        matter.taken_on("grid", named=(ConcernedRow(person="worker"),))
        with pytest.raises(GuardRefused, match="谁和谁有纠纷"):
            matter.do(ReferToMediation(dispute=Dispute.LABOUR_PAY))
        matter.do(AddConcerned(person="firm", standing=Standing.OTHER))
        matter.do(ReferToMediation(dispute=Dispute.LABOUR_PAY))


class TestKinds:
    def test_one_that_nobody_declared_is_refused_with_those_there_are(self, matter: Story) -> None:
        with pytest.raises(GuardRefused, match="没有“party”这一种事项；有：grid（网格上报）"):
            matter.came("party")

    def test_a_matter_stays_as_its_kind_was_when_it_came(self, matter: Story) -> None:
        matter.came("grid")
        matter.door.catalogue.zone = Zone(
            kinds=kinds_with([{"code": "grid", "endings": [{"code": "x", "label": "某"}]}])
        )
        kind = facts_of(matter.door.case("A1")).kind
        assert kind == kind_named(Zone(), "grid")
        matter.do(EndMatter(ending="on_spot"))

    def test_a_room_adds_a_kind_and_changes_one(self) -> None:
        own = [{"code": "walk", "label": "走访", "endings": [{"code": "done", "label": "已走访"}]}]
        own += [{"code": "errand", "label": "帮办"}]
        kinds = {it.code: it for it in kinds_with(own)}
        assert list(kinds) == ["grid", "reception", "errand", "petition", "meeting_task", "walk"]
        before = next(it for it in shipped() if it.code == "errand")
        assert kinds["errand"].label == "帮办"
        assert kinds["errand"].endings == before.endings

    @pytest.mark.parametrize(
        ("own", "says"),
        [
            ({}, "每一种都要写 code"),
            ({"code": "x"}, "种类“x”要写 label"),
            ({"code": "X Y", "label": "某", "endings": []}, "只能用小写字母"),
            ({"code": "grid", "colour": "red"}, "里没有 colour 这一项"),
            ({"code": "grid", "stages": ["verify"]}, "有 verify（核实）就要有 answer"),
            ({"code": "grid", "stages": ["fly"]}, "stages 只能写：assign、sign"),
            ({"code": "grid", "stages": [["sign"]]}, "stages 只能写"),
            ({"code": "grid", "source": "moon"}, "source 只能写"),
            ({"code": "grid", "fields": [{"code": "a", "label": "甲", "sort": "colour"}]}, "sort 只能写：text、day"),
            ({"code": "grid", "fields": [{"code": "a", "label": "甲"}] * 2}, "code 重复：a"),
            ({"code": "grid", "fields": ["a"]}, "fields 第1项应写成一节"),
            ({"code": "grid", "fields": [{"code": "a", "label": "甲", "where": "b"}]}, "where 应为本种类里"),
            ({"code": "grid", "deadlines": [{"stage": "end"}]}, "要写 days（1到3660）或者 field"),
            ({"code": "grid", "deadlines": [{"stage": "end", "field": "grid"}]}, "field 应为本种类里 sort 是 day"),
            ({"code": "grid", "deadlines": [{"stage": "end", "days": True}]}, "days 应为整数"),
            ({"code": "grid", "deadlines": [{"stage": "end", "days": 3, "unit": "weeks"}]}, "unit 只能写"),
            ({"code": "grid", "endings": []}, "要写 endings"),
            ({"code": "grid", "endings": [{"code": "a", "label": "甲", "grounds": ["b"]}]}, "grounds 应写成"),
            ({"code": "grid", "label": "长" * 61}, "label 太长"),
            ({"code": "grid", "label": "网\u202e格"}, "label 里有看不见的字符"),
            (
                {"code": "grid", "fields": [{"code": "a", "label": "甲", "sort": "count", "most": -1}]},
                "不能小于 0",
            ),
            ({"code": "grid", "deadlines": [{"stage": "end", "days": 3}] * 2}, "第2项的 stage end 前面已经写过期限"),
            ({"code": "grid", "endings": [{"code": "a", "label": "甲", "grounds": [["b", "乙"]] * 2}]}, "代码重复"),
        ],
    )
    def test_what_is_wrong_with_one_is_said(self, own: dict[str, object], says: str) -> None:
        with pytest.raises(ValueError, match=re.escape(says)):
            kinds_with([own])

    def test_every_kind_passes_only_stages_that_lead_to_an_end(self) -> None:
        for kind in shipped():
            assert kind.endings
            assert not kind.passes(Stage.VERIFY) or kind.passes(Stage.ANSWER)


class TestTasksOfMeetings:
    def test_what_its_kind_leaves_out_is_not_waited_for(self, matter: Story) -> None:
        matter.door.catalogue.zone = Zone(
            kinds=kinds_with([{"code": "meeting_task", "deadlines": [{"stage": "verify", "days": 2}]}])
        )
        matter.came("meeting_task").do(AssignMatter(staff="li"))
        matter.do(AnswerMatter(words=Text("查过了")))
        assert matter.state("handling/1") == "to_end"
        assert "verify" not in running(matter)
        shipped_kind = next(it for it in shipped() if it.code == "meeting_task")
        assert all(it.stage is Stage.END or shipped_kind.passes(it.stage) for it in shipped_kind.deadlines)

    def test_nobody_is_asked_how_content_he_is_where_nobody_came_with_it(self, matter: Story) -> None:
        matter.came("meeting_task", named=()).do(AssignMatter(staff="li"))
        matter.do(AnswerMatter(words=Text("查过了")))
        matter.do(EndMatter(ending="done"), by=Office.LEAD)
        assert "RecordRating" not in proposed(matter)
        errand = Story(matter.store, matter.clock, "E1").came("errand")
        errand.do(RecordMeasure(words=Text("办了")))
        errand.do(EndMatter(ending="finished"))
        assert "RecordRating" in proposed(errand)

    def test_who_is_to_do_it_is_told_of_no_step_that_may_not_be_his(self, matter: Story) -> None:
        matter.came("meeting_task")
        topic = matter.door.catalogue.reading("matter_2026").topic_of("MatterAssigned")  # type: ignore[union-attr]
        assert topic is not None and "签收" not in topic.words


def test_lists_tell_kinds_and_districts_apart(matter: Story) -> None:
    matter.came("grid")
    with matter.store.read() as unit:
        wanted = Wanted(matter="matter", kind="grid", district="east")
        assert [row.case for row in unit.views.search(wanted)] == ["A1"]
        assert unit.views.search(replace(wanted, kind="errand")) == []
        assert unit.views.search(Wanted()) == []


def test_periods_begin_with_what_they_wait_for(matter: Story) -> None:
    matter.came("grid")
    assert running(matter) == {"assign": date(2026, 11, 24), "answer": date(2026, 11, 30)}
    matter.do(AssignMatter(staff="li", by=date(2026, 12, 1)))
    assert running(matter) == {"sign": date(2026, 11, 24), "answer": date(2026, 11, 30), "end": date(2026, 12, 1)}
