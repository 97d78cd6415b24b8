"""长期遵守: what is kept day by day bars no closing; afterwards the case and the list of the room show it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.errors import GuardRefused
from mediation_engine.ports.views import Wanted
from workflows.facts import Term
from workflows.parts.obligation import RecordBreach
from workflows.parts.payment import RecordPayment
from workflows.parts.visit import Finding, RecordVisit
from workflows.phases.follow_up import CloseAsPerformed
from workflows.vocabulary import TermKind

from ...support.story import PAY, Story
from ..conftest import Browser

pytestmark = pytest.mark.quick

Client = Callable[[Office | str], Browser]
QUIET = Term(words=Text("夜里十点后不开机器"), kind=TermKind.CONTINUING, payer="party/2", payee="party/1")
PEACE = Term(words=Text("不再上门吵闹"), kind=TermKind.ABSTAINING, payer="party/1", payee="party/2")


@pytest.fixture
def closed(told: Story) -> Story:
    """Beside the case that everybody knows: another, paid, with two duties that go on."""
    other = Story(told.store, told.clock, "B1").effective(terms=(PAY, QUIET, PEACE))
    other.do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
    other.do(CloseAsPerformed())
    return other


def listed(story: Story) -> list[str]:
    with story.store.read() as unit:
        return [row.case for row in unit.views.search(Wanted(kept=True))]


def test_duties_that_go_on_bar_no_closing(closed: Story) -> None:
    assert closed.case.facts.closed == "performed"
    assert (closed.state("obligation/2"), closed.state("obligation/3")) == ("pending", "pending")


def test_one_that_is_broken_does(told: Story) -> None:
    other = Story(told.store, told.clock, "B1").effective(terms=(PAY, QUIET))
    other.do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
    other.do(RecordBreach(), "obligation/2")
    with pytest.raises(GuardRefused):
        other.do(CloseAsPerformed())


def test_the_page_lists_them_with_what_the_last_visit_found(closed: Story, web_client: Client) -> None:
    li = web_client(Office.MEDIATOR)
    agreement = "/cases/B1?tab=agreement"
    page = li.get(agreement).text.partition('id="obligation"')[2].partition("</section>")[0]
    assert "长期遵守" in page
    assert "夜里十点后不开机器" in page and "不再上门吵闹" in page and "还没有走访过" in page
    closed.do(RecordVisit(party="party/1", finding=Finding.AT_RISK), "visit/1")
    page = li.get(agreement).text
    assert "2026年11月23日（周一）" in page and "有违约或反复苗头" in page


def test_while_the_case_is_open_there_is_no_such_section(told: Story, web_client: Client) -> None:
    Story(told.store, told.clock, "B1").effective(terms=(QUIET,))
    assert 'id="obligation"' not in web_client(Office.MEDIATOR).get("/cases/B1").text


def test_the_list_of_the_room_can_be_narrowed_to_them(closed: Story, web_client: Client) -> None:
    assert listed(closed) == ["B1"]
    page = web_client(Office.MEDIATOR).get("/cases?kept=1").text
    assert "/cases/B1" in page and 'href="/cases/A1"' not in page


def test_a_breach_opens_the_case_again_and_it_leaves_the_list(closed: Story) -> None:
    closed.do(RecordBreach(), "obligation/2")
    assert closed.case.facts.closed is None
    assert listed(closed) == []
