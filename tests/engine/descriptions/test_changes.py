"""What a line changed in a case, as facts and in words."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import get_args, get_type_hints

import pytest
from msgspec import Struct, structs

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.descriptions.changes import STATE, Change, ChangeTeller, changes, label_of
from mediation_engine.domain.case import Case
from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from workflows.facts import MediationFacts
from workflows.parts.block import RecordTalk
from workflows.parts.issue import RaiseIssue

from ...support.story import NOW, Story

pytestmark = pytest.mark.quick


@pytest.fixture(scope="module")
def told() -> Story:
    clock = FixedClock(NOW)
    return Story(MemoryStore(clock), clock).effective()


def around(story: Story, version: int) -> list[Change]:
    before = story.door.case(story.name, version - 1) if version > 1 else Case(story.name, facts=MediationFacts())
    return changes(before, story.door.case(story.name, version))


def test_nothing_changes_between_a_case_and_itself(told: Story) -> None:
    assert changes(told.case, told.case) == []


def test_a_line_changes_the_state_of_its_own_instance_and_of_no_other(told: Story) -> None:
    for line in told.lines:
        states = [c for c in around(told, line.version) if c.field == STATE]
        moved = [Change(key=line.instance, field=STATE, before=line.source, after=line.target)]
        assert states == (moved if line.source != line.target else [])


def test_all_changes_together_make_the_case(told: Story) -> None:
    """What one line changed, the next finds: the last value told of every fact is the one it has."""
    newest: dict[tuple[str | None, str], object] = {}
    for line in told.lines:
        for c in around(told, line.version):
            assert newest.get((c.key, c.field), c.before) == c.before
            newest[c.key, c.field] = c.after
    whole = {(c.key, c.field): c.after for c in changes(Case(told.name, facts=MediationFacts()), told.case)}
    assert {k: v for k, v in newest.items() if k in whole} == whole


def test_changes_are_told_in_words(told: Story) -> None:
    teller_ = ChangeTeller(told.view(Office.MEDIATOR).teller)
    words = [teller_.told(c) for line in told.lines for c in around(told, line.version)]
    said = {(w.about, w.label, w.before, w.after) for w in words}
    assert any((w.about, w.label, w.before) == ("协议1", "生效时间", "—") for w in words)
    assert ("王某", "立场", "—", "申请人") in said
    assert ("全案", "程序", "—", "人民调解") in said
    assert any(w.label == "条款" and "￥12,000.00" in w.after and "一次付清" in w.after for w in words)
    assert not [w for w in words if "text:" in w.before + w.after or re.fullmatch("[a-z_.]+", w.label)]


def test_nothing_is_told_as_a_program_writes_it(told: Story) -> None:
    teller = ChangeTeller(told.view(Office.MEDIATOR).teller)
    words = [teller.told(c).after for line in told.lines for c in around(told, line.version)]
    assert [w for w in words if re.search(r"[=<>]|None|False|[a-z]+_[a-z]+", w)] == []


def test_private_words_are_told_to_those_who_may_read_them_only() -> None:
    clock = FixedClock(NOW)
    story = Story(MemoryStore(clock), clock).accepted()
    story.do(RecordTalk(party="party/1", said=Text("最少八千")))
    story.do(RaiseIssue(matter=Text("拖欠工资"), between=("party/1", "party/2")))
    found = changes(story.door.case("A1", 1), story.case)
    for office in (Office.MEDIATOR, Office.AUDITOR):
        tells = ChangeTeller(story.view(office).teller)
        said = [tells.told(c).after for c in found]
        assert "拖欠工资" in said
        assert "最少八千" not in "".join(said)  # a talk leaves a count in the facts, no words


def test_every_fact_has_a_label() -> None:
    hints = get_type_hints(MediationFacts)
    names = set()
    for fact in fields(MediationFacts):
        kind = next((k for k in get_args(hints[fact.name]) if isinstance(k, type) and issubclass(k, Struct)), None)
        names |= {f"{fact.name}.{p.name}" for p in structs.fields(kind)} if kind else {fact.name}
    assert [name for name in sorted(names) if label_of(MediationFacts, name).label == name] == []
