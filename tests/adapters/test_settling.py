"""Several orders in one transaction, on SQLite and PostgreSQL: all of them or none, once, whatever fails between."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from mediation_engine.adapters.sql import SqlStore
from mediation_engine.adapters.sql.work import Work
from mediation_engine.clock import FixedClock
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import LeadAct, Office
from mediation_engine.errors import CommandIdReused, JottingFiled, MediationError
from mediation_engine.ids import seeded_randomness
from mediation_engine.ports.jottings import Jotting
from mediation_engine.ports.register import Entered
from mediation_engine.services.maintenance import audit_store, rebuild
from mediation_engine.services.substituting import name_substitute
from web.forms.settlement_form import FAMILY, Made, SettlementForm
from workflows.facts import facts_of
from workflows.parts.note import RecordNote

from ..support.story import NOW, STAFF, Story
from ..web.pages.test_settle import FILLED

AT_LEAST = 60
"""Turns of the database before the orders of one form are all written."""


@pytest.fixture(params=["sqlite", "postgres"])
def story(request: pytest.FixtureRequest, clock: FixedClock) -> Story:
    """A room whose mediator may accept small disputes, over a real database."""
    store: SqlStore = request.getfixturevalue(request.param)
    story = Story(store, clock)
    days = date(2026, 11, 23), date(2027, 11, 20)
    acts = [LeadAct.ACCEPT_SMALL]
    name_substitute(store, seeded_randomness(3), STAFF[Office.LEAD], STAFF[Office.MEDIATOR], *days, acts)
    return story


def made(story: Story, **filled: str) -> Made:
    """What the form comes to."""
    typed = MultiDict(FILLED | {"id": "0123456789ABCDEF"} | filled)
    workflow = next(w for w in story.door.catalogue.for_new_cases(story.door.today()) if w.family == FAMILY)
    return SettlementForm.of(typed).read(workflow, STAFF[Office.MEDIATOR], Office.MEDIATOR, NOW.date(), 10_000_000)


def entered(it: Made) -> list[Entered]:
    return [Entered(person=person, key=None, found=frozenset()) for person, _ in it.people]


def cases(story: Story) -> list[str]:
    with story.store.read() as unit:
        return unit.record.cases()


def test_all_are_written_each_audited_and_the_lists_are_what_they_would_be_made_anew(story: Story) -> None:
    it = made(story)
    receipts = story.door.submit_together(it.orders, entered=entered(it))
    assert [r.first for r in receipts[1:]] == [r.last + 1 for r in receipts[:-1]]
    case = it.orders[0].case
    assert facts_of(story.door.case(case)).closed == "performed"
    assert [f for _, found in audit_store(story.store, story.door.catalogue) for f in found] == []
    with story.store.read() as unit:
        before = unit.views.projection(case)
    rebuild(story.store, story.door.catalogue)
    with story.store.read() as unit:
        assert unit.views.projection(case) == before


def test_given_again_they_are_the_same_and_partly_or_otherwise_they_are_refused(story: Story) -> None:
    it = made(story)
    first = story.door.submit_together(it.orders, entered=entered(it))
    story.door.recent._kept.clear()
    assert story.door.submit_together(it.orders, entered=entered(it)) == first
    one_more = (*it.orders, replace(it.orders[0], id="0123456789ABCDEF.99", command=RecordNote(), workflow=""))
    for orders in (one_more, made(story, **{"f.amount": "300"}).orders):
        with pytest.raises(CommandIdReused):
            story.door.submit_together(orders, entered=entered(it))
    assert story.door.case(it.orders[0].case).version == first[-1].last


def test_where_one_of_them_is_refused_none_is_written(story: Story) -> None:
    it = made(story)
    for n in range(1, len(it.orders)):
        orders: list[Order] = [*it.orders]
        orders[n] = replace(orders[n], on=("visit/77",))
        with pytest.raises(MediationError):
            story.door.submit_together(orders, entered=entered(it))
        assert cases(story) == []
    story.door.submit_together(it.orders, entered=entered(it))
    assert facts_of(story.door.case(it.orders[0].case)).number == "（2026）永开人调字第0001号"


def test_whichever_statement_fails_there_is_nothing_and_the_next_try_goes_through(
    sqlite: SqlStore, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story(sqlite, clock)
    days = date(2026, 11, 23), date(2027, 11, 20)
    acts = [LeadAct.ACCEPT_SMALL]
    name_substitute(sqlite, seeded_randomness(3), STAFF[Office.LEAD], STAFF[Office.MEDIATOR], *days, acts)
    it, tried = made(story), 0
    while not cases(story):
        tried += 1
        with monkeypatch.context() as patch, suppress(RuntimeError):
            fail_at(patch, tried)
            story.door.submit_together(it.orders, entered=entered(it))
        if tried < AT_LEAST:
            assert cases(story) == []
    assert tried > AT_LEAST
    assert facts_of(story.door.case(it.orders[0].case)).closed == "performed"


def fail_at(patch: pytest.MonkeyPatch, turn: int) -> None:
    """Let the power go at one of the turns in which the database is asked or written to."""
    left = turn

    def going(name: str) -> Callable[..., Any]:
        usual = getattr(Work, name)

        def turned(*given: Any, **more: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                raise RuntimeError("the power is gone")
            return usual(*given, **more)

        return turned

    for name in ("ask", "later", "execute", "_flush"):
        patch.setattr(Work, name, going(name))


def test_a_jotting_is_filed_with_its_orders_or_not_at_all_and_by_no_others(story: Story) -> None:
    with story.store.write() as unit:
        unit.jottings.put(Jotting(id="j1", actor="li", made=NOW, case=None, key=b"k", words=b"w"), [])
    it = made(story)
    bad = [*it.orders[:-1], replace(it.orders[-1], on=("visit/77",))]
    with pytest.raises(MediationError):
        story.door.submit_together(bad, entered=entered(it), jotting="j1")
    with story.store.read() as unit:
        assert unit.jottings.count("li") == 1
    for _ in range(2):
        story.door.submit_together(it.orders, entered=entered(it), jotting="j1")
    with story.store.read() as unit:
        held = unit.jottings.jotting("j1")
    assert held is not None
    assert held.filed is not None
    assert (held.filed.case, held.filed.line, held.words) == (it.orders[0].case, 1, None)
    other = made(story, id="FEDCBA9876543210")
    with pytest.raises(JottingFiled):
        story.door.submit_together(other.orders, entered=entered(other), jotting="j1")
    assert cases(story) == [it.orders[0].case]
