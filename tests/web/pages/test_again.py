"""再起纠纷 on pages: one press from a closed case to a form with its parties; both cases then lead to each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from mediation_engine.domain.roles import Office
from workflows.facts import facts_of
from workflows.parts.payment import RecordPayment
from workflows.phases.follow_up import CloseAsPerformed

from ...support.story import PAY, Story
from ..conftest import Browser
from .test_steps import filled

pytestmark = pytest.mark.quick

Client = Callable[[Office | str], Browser]
NEW = "/cases/new"


@pytest.fixture
def closed(told: Story) -> Story:
    told.do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
    told.do(CloseAsPerformed())
    return told


def opened(li: Browser) -> str:
    """The new case, as the form stands."""
    form = filled(li, f"{NEW}?again=A1", f__dispute="labour_pay", do="do")
    return li.send(NEW, **form).headers["Location"].rpartition("/")[2]


def test_the_closed_case_leads_to_a_form_with_its_parties(closed: Story, web_client: Client) -> None:
    li = web_client(Office.MEDIATOR)
    assert 'href="/cases/new?again=A1"' in li.whole()
    page = li.get(f"{NEW}?again=A1").text
    assert 'value="王某"' in page and 'value="某五金厂"' in page
    assert "以前的案子：" in page
    assert "f.predecessor" not in page


def test_the_new_case_has_the_same_people_and_both_lead_to_each_other(closed: Story, web_client: Client) -> None:
    li = web_client(Office.MEDIATOR)
    new = opened(li)
    facts = facts_of(closed.door.case(new))
    assert (facts.predecessor, facts.repeats) == ("A1", True)
    assert {party.person for party in facts.parties.values()} == {"worker", "firm"}
    page = li.get(f"/cases/{new}").text
    assert "以前的案子：" in page and 'href="/cases/A1"' in page and "反复" in page
    assert "后来再起的案件：" in li.whole() and f'href="/cases/{new}"' in li.whole()


def test_who_is_named_otherwise_is_somebody_new(closed: Story, web_client: Client) -> None:
    li = web_client(Office.MEDIATOR)
    form = filled(li, f"{NEW}?again=A1", f__dispute="labour_pay", do="do")
    form["respondent.0.name"] = ["某某商行"]
    new = li.send(NEW, **form).headers["Location"].rpartition("/")[2]
    facts = facts_of(closed.door.case(new))
    assert "firm" not in {party.person for party in facts.parties.values()}
    assert not facts.repeats


def test_half_a_year_later_it_follows_on_all_the_same(closed: Story, web_client: Client) -> None:
    closed.clock.now += timedelta(days=200)
    li = web_client(Office.MEDIATOR)
    facts = facts_of(closed.door.case(opened(li)))
    assert (facts.predecessor, facts.repeats) == ("A1", False)


def test_from_an_open_case_none_is_begun_and_one_is_told_why(told: Story, web_client: Client) -> None:
    li = web_client(Office.MEDIATOR)
    assert "again=A1" not in li.whole()
    assert li.get(f"{NEW}?again=A1").headers["Location"] == "/cases/A1"
    assert "还没有结案" in li.whole()


def test_a_case_of_others_is_not_there(closed: Story, web_client: Client) -> None:
    assert web_client("sun").get(f"{NEW}?again=A1").status_code == 404


def test_no_other_case_is_followed_on_than_the_one_that_was_looked_at(closed: Story, web_client: Client) -> None:
    li = web_client(Office.MEDIATOR)
    form = filled(li, f"{NEW}?again=A1", f__dispute="labour_pay", do="do") | {"f.predecessor": "ZZZ"}
    new = li.send(NEW, **form).headers["Location"].rpartition("/")[2]
    assert facts_of(closed.door.case(new)).predecessor == "A1"
