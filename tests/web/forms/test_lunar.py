"""农历 in forms: typed for a day it becomes one, the words agreed on stay beside it, both are shown; a slip is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.errors import FormFaults
from mediation_engine.input.command_schema import Names, read_form
from web.presenters.case_details import Casework
from workflows.facts import Term
from workflows.parts.agreement import ReachAgreement
from workflows.parts.cards import obligation_due, obligation_summary
from workflows.parts.visit import PlanVisit
from workflows.vocabulary import TermKind

from ...support.story import Story
from ..conftest import Browser
from ..pages.test_steps import STEPS, filled

pytestmark = pytest.mark.quick

Client = Callable[[Office], Browser]
TODAY, TWENTIETH = date(2026, 11, 23), date(2027, 1, 27)
NAMES = Names(today=TODAY)
WAGES = {"words": "付清工资", "payer": "party/2", "payee": "party/1"}


def term(**given: Any) -> Term:
    return read_form(ReachAgreement, {"terms": [WAGES | given]}, NAMES).terms[0]


@pytest.mark.parametrize("given", [{"due": "农历腊月二十"}, {"trigger": "农历腊月二十"}])
def test_wherever_it_is_written_the_day_and_the_words_stand_in_the_term(given: dict[str, str]) -> None:
    read = term(**given)
    assert (read.due, read.trigger) == (TWENTIETH, "农历腊月二十")


def test_other_conditions_and_days_stay_as_they_are() -> None:
    assert (term(trigger="伤愈后").due, term(trigger="伤愈后").trigger) == (None, "伤愈后")
    both = term(due="2026-12-31", trigger="农历腊月二十")
    assert both.due == date(2026, 12, 31)
    assert term(due="除夕", trigger="厂里放假前").trigger == "厂里放假前"


def test_any_day_may_be_written_so() -> None:
    assert read_form(PlanVisit, {"due": "正月十五"}, NAMES).due == date(2027, 2, 20)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("腊月三十", "农历2026年腊月只有29天"),
        ("闰六月初一", "今年和明年农历都没有闰六月"),
        ("八月十五", "农历的前面写上“农历”"),
    ],
)
def test_a_slip_is_told(typed: str, sentence: str) -> None:
    with pytest.raises(FormFaults, match=sentence):
        read_form(PlanVisit, {"due": typed}, NAMES)


def test_where_nobody_says_from_when_to_count_the_year_is_asked_for() -> None:
    with pytest.raises(FormFaults, match="请写明农历哪一年"):
        read_form(PlanVisit, {"due": "腊月二十"})
    assert read_form(PlanVisit, {"due": "农历2026年腊月二十"}).due == TWENTIETH


class TestOnThePage:
    PATH = f"{STEPS}/PlanVisit"

    def test_it_goes_into_the_box_for_the_day_and_the_preview_says_which_day_it_is(
        self, web_client: Client, told: Story
    ) -> None:
        li = web_client(Office.MEDIATOR)
        form = filled(li, self.PATH, f__due="农历腊月二十", do="preview")
        page = li.send(self.PATH, **form).text
        assert "农历腊月二十是2027年1月27日（周三）" in page
        assert "预览：办理后会记下这些" in page
        li.send(self.PATH, **form | {"do": "do"})
        assert TWENTIETH in {visit.due for visit in told.case.facts.visits.values()}

    def test_what_is_no_day_of_either_kind_is_told_and_kept(self, web_client: Client, told: Story) -> None:
        li = web_client(Office.MEDIATOR)
        page = li.send(self.PATH, **filled(li, self.PATH, f__due="过年前", do="do")).text
        assert "“过年前”不是有效日期，请写几月几日，比方说" in page
        assert 'value="过年前"' in page
        page = li.send(self.PATH, **filled(li, self.PATH, f__due="八月十五", do="do")).text
        assert "农历的前面写上“农历”" in page


def test_both_are_shown_of_what_is_owed(story: Story) -> None:
    by_then = Term(
        words=Text("付清工资"),
        kind=TermKind.PAY,
        payer="party/2",
        payee="party/1",
        amount=100,
        due=TWENTIETH,
        trigger=Text("农历腊月二十"),
    )
    work = Casework(story.effective(terms=(by_then,)).view(Office.MEDIATOR))
    assert "期限 2027年1月27日（周三）（农历腊月二十）" in list(obligation_summary(work, "obligation/1"))
    assert "（农历腊月二十）" in obligation_due(work, "obligation/1")[0]
