"""One look is one snapshot: one read transaction, each line decoded once, each guard asked once about each thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.domain.case import Situation
from mediation_engine.domain.guard import Answer, Guard
from mediation_engine.domain.machine import T
from mediation_engine.domain.roles import Office
from mediation_engine.input import command_schema, days
from mediation_engine.record import codec
from mediation_engine.services.case_cache import RecentCases
from web.wiring import catalogue

from ...support.story import Story
from ..conftest import Browser
from .test_steps import filled

Sign = Callable[[Office], Browser]
SESSION = 1
"""Each request looks up who is signed in, in a transaction of its own, before it is known which page is wanted."""
MOST_GUARDS = 60
LOOKS = (
    *("/cases/A1", "/cases/A1?show=joint", "/cases/A1?upto=9", "/cases/A1/missing"),
    *(
        "/cases/A1/replay",
        "/cases/A1/replay?at=7",
        "/cases/A1/replay?day=2026-11-23&by=happened",
        "/workflows/fast_track_2026/party?case=A1",
    ),
)
FORMS = ("/cases/A1/steps/RecordNote", "/cases/A1/steps/CloseAsPerformed", "/cases/A1/steps/RecordVisit?on=visit")


def guards() -> dict[int, Guard]:
    rows = (r for w in catalogue().workflows.values() for m in w.machines.values() for r in m.rows if isinstance(r, T))
    return {id(guard): guard for row in rows for guard in (*row.only_if, *row.marks)}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[Any]]:
    """Counts every read transaction, line and event decoded, guard asked; looks on record are writes of their own."""
    found: Counter[Any] = Counter()

    def counting(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any) -> Any:
            found[name] += 1
            return work(*given)

        return counted

    class Decoder:
        decode = staticmethod(counting("order", codec._decoder.decode))

    def asked(guard: Guard, check: Callable[[Situation], Answer]) -> Callable[[Situation], Answer]:
        def counted(situation: Situation) -> Answer:
            found["guard"] += 1
            key = object.__getattribute__(situation, "key")  # so that the guard itself is who looks at it, or nobody
            found["guard", guard.code, key] += 1
            return check(situation)

        return counted

    monkeypatch.setattr(MemoryStore, "read", counting("read", MemoryStore.read))
    monkeypatch.setattr(codec, "_decoder", Decoder)
    monkeypatch.setattr(codec, "_decoder_for", counting("event", codec._decoder_for))
    checks = {id(guard): guard.check for guard in guards().values()}
    for guard in guards().values():
        object.__setattr__(guard, "check", asked(guard, guard.check))
    yield found
    for key, guard in guards().items():
        object.__setattr__(guard, "check", checks[key])


def look(browser: Browser, path: str, counted: Counter[Any]) -> Counter[Any]:
    counted.clear()
    assert browser.get(path).status_code == 200
    return counted


def twice(counted: Counter[Any]) -> list[Any]:
    """The guards that were asked about the same thing more than once."""
    return [key for key, times in counted.items() if isinstance(key, tuple) and times > 1]


@pytest.mark.parametrize("office", [Office.MEDIATOR, Office.LEAD, Office.AUDITOR])
def test_a_page_of_a_case_reads_it_in_one_transaction_and_decodes_each_line_once(
    web_client: Sign, told: Story, counted: Counter[Any], office: Office
) -> None:
    lines, browser = len(told.lines), web_client(office)
    orders = len({line.first for line in told.lines})
    for path in (*LOOKS, *(FORMS if office is not Office.AUDITOR else ())):
        for _ in ("nothing is remembered of the case", "all of it is"):
            found = look(browser, path, counted)
            assert (path, found["read"], found["order"], found["event"]) == (path, SESSION + 1, orders, lines)
        told.door.recent = RecentCases()


@pytest.mark.parametrize("office", [Office.MEDIATOR, Office.LEAD, Office.AUDITOR])
def test_the_page_of_a_case_of_23_lines_asks_at_most_60_guards(
    web_client: Sign, told: Story, counted: Counter[Any], office: Office
) -> None:
    assert len(told.lines) == 23
    browser = web_client(office)
    for path in ("/cases/A1", "/cases/A1/missing"):
        found = look(browser, path, counted)
        assert 0 < found["guard"] <= MOST_GUARDS
        assert twice(found) == []
    assert look(browser, "/cases/A1?show=joint", counted)["guard"] == 0


def test_a_form_asks_the_guards_of_its_own_steps_and_all_only_where_something_stands_against_it(
    web_client: Sign, told: Story, counted: Counter[Any]
) -> None:
    browser = web_client(Office.MEDIATOR)
    workflow = catalogue().named("fast_track_2026")
    rows = [r for m in workflow.machines.values() for r in m.rows if isinstance(r, T)]
    for name in ("RecordNote", "RecordTalk", "RecordVisit"):
        steps = {name, *(it.command.name() for it in workflow.guidance.companions.get(name, ()))}
        own = {g.code for r in rows if r.command.name() in steps for g in (*r.only_if, *r.marks)}
        found = look(browser, f"/cases/A1/steps/{name}", counted)
        assert {key[1] for key in found if isinstance(key, tuple)} <= own
    found = look(browser, "/cases/A1/steps/CloseAsPerformed", counted)
    assert 0 < found["guard"] <= MOST_GUARDS
    assert twice(found) == []


def test_who_looked_and_the_work_of_many_cases_are_read_in_few_transactions(
    web_client: Sign, told: Story, counted: Counter[Any]
) -> None:
    browser = web_client(Office.MEDIATOR)
    assert look(browser, "/cases/A1/reads", counted)["read"] == SESSION + 2, "the case, and what this look added"
    few = look(browser, "/work", counted)["read"]
    for number in range(2, 7):
        Story(told.store, told.clock, f"A{number}").accepted()
    assert look(browser, "/work", counted)["read"] == few


def test_what_was_typed_is_read_once_and_shown_as_it_was_read(
    web_client: Sign, told: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, path, sums, times = web_client(Office.MEDIATOR), "/cases/A1/steps/RecordPayment", [], []
    form = filled(browser, path, f__agreement="agreement/1", f__amount="1.2万", when="11月20日", do="preview")
    fen, read = command_schema._fen, days._span
    days.read_when.cache_clear()  # another test may have read the same words
    monkeypatch.setattr(command_schema, "_fen", lambda typed: sums.append(typed) or fen(typed))
    monkeypatch.setattr(days, "_span", lambda typed, today: times.append(typed) or read(typed, today))
    page = browser.post(path, data=form)
    assert page.status_code == 200
    assert "人民币壹万贰仟元整" in page.text
    assert "读作 2026年11月20日（周五）" in page.text
    assert "还没有写入" in page.text
    assert (sums, times) == (["1.2万"], ["11月20日"])
