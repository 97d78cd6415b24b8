"""Taking the yearly notice: who may, what it changes, what stays on record; and the calendar of a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from msgspec import convert, to_builtins

from mediation_engine.domain.calendar import DayKind
from mediation_engine.domain.decision_context import Question
from mediation_engine.domain.periods import PeriodEnd, PeriodUnit, period_end
from mediation_engine.domain.roles import Office
from mediation_engine.errors import (
    ActorNotFound,
    NoticeUnfit,
    OfficeNotHeld,
    ValueUnreadable,
    YearOfficial,
    YearUnknown,
)
from mediation_engine.record.journal import Chain, decode_entry
from mediation_engine.services.calendar import (
    Taking,
    import_notice,
    imported_years,
    known_calendar,
    preview_notice,
)
from mediation_engine.services.maintenance import audit_chains
from mediation_engine.services.mediation import _Around

from ...contracts.samples import YEAR
from ...support.notices import OF_2027, published
from ...support.story import NOW, STAFF, Story

OTHER = OF_2027.replace("2月20日（周六）上班", "2月21日（周日）上班")
LEAD = STAFF[Office.LEAD].id


def take(story: Story, text: str = OF_2027, by: str = LEAD, *, replace: bool = False) -> Taking:
    return import_notice(story.store, by, text, replace=replace)


def end_of_winter(story: Story) -> tuple[date, bool]:
    found = period_end(known_calendar(story.store), date(2027, 1, 22), 15, PeriodUnit.DAYS)
    return found.expected, found.is_settled


class TestTaking:
    def test_a_provisional_year_becomes_official_and_periods_end_by_it(self, story: Story) -> None:
        assert end_of_winter(story) == (date(2027, 2, 11), False)
        taking = take(story)
        assert (taking.is_new, taking.replaces) == (True, False)
        assert end_of_winter(story) == (date(2027, 2, 15), True)
        year = known_calendar(story.store).year(2027)
        assert (year.paper, year.paper_day) == ("国办发明电〔2026〕99号", date(2026, 11, 20))
        assert (year.imported_by, year.imported_at, len(year.text_digest)) == (LEAD, NOW, 64)

    def test_the_days_of_december_are_settled_with_it(self, story: Story) -> None:
        assert not known_calendar(story.store).is_settled(date(2026, 12, 31))
        take(story)
        assert known_calendar(story.store).is_settled(date(2026, 12, 31))

    def test_looking_first_writes_nothing(self, story: Story) -> None:
        assert preview_notice(story.store, OF_2027).is_new
        assert imported_years(story.store, 2027) == []
        assert known_calendar(story.store).year(2027).is_official is False

    def test_the_same_text_again_changes_nothing(self, story: Story) -> None:
        take(story)
        for text in (OF_2027, OF_2027.replace("\n", "\r\n")):
            assert take(story, text).is_new is False
        assert len(imported_years(story.store, 2027)) == 1

    def test_another_text_of_an_official_year_is_taken_on_request_alone_and_both_stay_on_record(
        self, story: Story
    ) -> None:
        take(story)
        with pytest.raises(YearOfficial, match="国办发明电〔2026〕99号"):
            take(story, OTHER)
        assert take(story, OTHER, replace=True).replaces
        assert [it.version for it in imported_years(story.store, 2027)] == [2, 1]
        assert imported_years(story.store, 2027)[1].text.splitlines()[0] == OF_2027.splitlines()[0]
        made_up = [it.day for it in known_calendar(story.store).year(2027).days if it.kind is DayKind.MAKEUP_WORK]
        assert date(2027, 2, 21) in made_up

    def test_going_back_to_the_first_text_is_a_third_version(self, story: Story) -> None:
        take(story)
        take(story, OTHER, replace=True)
        take(story, OF_2027, replace=True)
        assert [it.version for it in imported_years(story.store, 2027)] == [3, 2, 1]

    def test_the_real_text_of_a_year_that_came_with_the_program_is_taken_where_it_agrees(self, story: Story) -> None:
        before = known_calendar(story.store).year(2026)
        taking = take(story, published(2026))
        assert (taking.is_new, taking.replaces, taking.after.days) == (True, False, before.days)

    def test_and_where_it_does_not_agree_on_request_alone(self, story: Story) -> None:
        short = published(2026).replace("9月20日（周日）、", "")
        with pytest.raises(YearOfficial):
            take(story, short)
        assert take(story, short, replace=True).replaces

    def test_a_notice_that_does_not_fit_leaves_nothing(self, story: Story) -> None:
        with pytest.raises(NoticeUnfit, match="第6行：写的是共8天"):
            take(story, OF_2027.replace("共9天", "共8天"))
        assert imported_years(story.store, 2027) == []


class TestWho:
    @pytest.mark.parametrize("office", [Office.LEAD, Office.ADMINISTRATOR])
    def test_the_lead_and_the_administrator_may(self, story: Story, office: Office) -> None:
        assert take(story, by=STAFF[office].id).is_new

    @pytest.mark.parametrize("office", [Office.MEDIATOR, Office.AUDITOR])
    def test_others_may_not(self, story: Story, office: Office) -> None:
        with pytest.raises(OfficeNotHeld, match="室主任"):
            take(story, by=STAFF[office].id)

    def test_nobody_unknown_may(self, story: Story) -> None:
        with pytest.raises(ActorNotFound):
            take(story, by="nobody")


class TestRecord:
    def test_each_import_is_an_entry_of_its_chain_with_who_did_it(self, story: Story) -> None:
        take(story)
        take(story, OTHER, replace=True)
        with story.store.read() as unit:
            entries = [decode_entry(it.body) for it in unit.journal.entries(Chain.CALENDAR)]
        assert [(it.key, it.by) for it in entries] == [((2027, 1), LEAD), ((2027, 2), LEAD)]
        assert all(found == [] for _, found in audit_chains(story.store))

    @pytest.mark.parametrize("days", ["2027-01-01", "2027-13-01 statutory 元旦", "2027-01-01 holiday 元旦", "去年"])
    def test_what_somebody_wrote_behind_our_back_is_said_to_be_unreadable(self, story: Story, days: str) -> None:
        with story.store.write() as unit:
            unit.calendars.add(replace(YEAR, days=days))
        with pytest.raises(ValueUnreadable):
            known_calendar(story.store)


class TestDecisions:
    def test_a_question_of_a_workflow_can_be_answered_by_the_calendar_and_its_answer_kept(self, story: Story) -> None:
        last_day = Question("last_day", lambda around, start: period_end(around.calendar, start, 15, PeriodUnit.DAYS))
        take(story)
        with story.store.read() as unit:
            around = _Around(unit, (), story.door.catalogue, take=False)
            answer = last_day.answer(around, date(2027, 1, 22))
        assert answer.expected == date(2027, 2, 15)
        assert convert(to_builtins(answer), PeriodEnd) == answer


def test_of_a_year_that_nobody_knows_nothing_is_said(story: Story) -> None:
    with pytest.raises(YearUnknown, match="没有2032年的放假安排"):
        known_calendar(story.store).year(2032)
