"""Declaring a machine or a workflow checks it, and names the culprit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest

from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.machine import DeclarationFault, Follows, Machine, T
from mediation_engine.domain.roles import MEDIATOR, Office
from mediation_engine.domain.workflow import CLOSES
from mediation_engine.rules.catalogue import Catalogue
from workflows.phases import intake, mediation
from workflows.rules_2026.fast_track import FAST_TRACK

from ...support.story import Story

pytestmark = pytest.mark.quick


class S(Labelled):
    OPEN = "open", "开"
    HALF = "half", "半"
    SHUT = "shut", "关"


class Unlabelled(Labelled):
    OPEN = "open", ""
    SHUT = "shut", "关"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shut(Command):
    label: ClassVar[str] = "关上"


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(Command):
    label: ClassVar[str] = "打开"


@dataclass(frozen=True, slots=True, kw_only=True)
class WasShut(Event[Any]):
    label: ClassVar[str] = "已关上"


@dataclass(frozen=True, slots=True, kw_only=True)
class WasOpened(Event[Any]):
    label: ClassVar[str] = "已打开"


OPENS = T(None, Open, S.OPEN, MEDIATOR, (), WasOpened, "policy")
HALVES = T(S.OPEN, Open, S.HALF, MEDIATOR, (), WasOpened, "policy")
SHUTS = T(S.OPEN, Shut, S.SHUT, MEDIATOR, (), WasShut, "policy")
SHUTS_HALF = T(S.HALF, Shut, S.SHUT, MEDIATOR, (), WasShut, "policy")
SOUND = (OPENS, HALVES, SHUTS, SHUTS_HALF)


def door(*rows: Any, states: type[Labelled] = S, **given: Any) -> Machine:
    given.setdefault("final", {S.SHUT})
    return Machine.declare("door", "门", states, rows, **given)


def test_a_sound_table_is_declared() -> None:
    assert door(*SOUND).commands == (Open, Shut)


@pytest.mark.parametrize(
    ("rows", "given", "culprit"),
    [
        ((OPENS, SHUTS, SHUTS_HALF), {}, "unreachable: HALF"),
        ((OPENS, HALVES, SHUTS), {}, "no way to an end from: HALF"),
        (SOUND, {"final": ()}, "no end"),
        ((HALVES, SHUTS, SHUTS_HALF), {}, "no start"),
        ((*SOUND, SHUTS), {}, "two edges for Shut from open"),
        ((*SOUND, T(S.SHUT, Open, S.OPEN, MEDIATOR, (), WasOpened, "policy")), {}, "edges out of a final state: SHUT"),
        ((*SOUND[:3], replace(SHUTS_HALF, by=frozenset[Office]())), {}, "nobody may Shut"),
        ((*SOUND[:3], replace(SHUTS_HALF, basis="")), {}, "WasShut has no basis"),
        ((*SOUND, replace(SHUTS, source=mediation.S.TALKING)), {}, "states of another machine: TALKING"),
    ],
)
def test_a_faulty_table_is_refused_by_name(rows: tuple[Any, ...], given: dict[str, Any], culprit: str) -> None:
    with pytest.raises(DeclarationFault, match=r"machine door: ") as fault:
        door(*rows, **given)
    assert culprit in str(fault.value)


def test_a_missing_label_is_refused_by_name() -> None:
    rows = (
        T(None, Open, Unlabelled.OPEN, MEDIATOR, (), WasOpened, "policy"),
        T(Unlabelled.OPEN, Shut, Unlabelled.SHUT, MEDIATOR, (), WasShut, "policy"),
    )
    with pytest.raises(DeclarationFault, match="missing label: OPEN"):
        door(*rows, states=Unlabelled, final={Unlabelled.SHUT})


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(DeclarationFault) as fault:
        door(OPENS, replace(SHUTS, by=frozenset[Office](), basis=""))
    assert str(fault.value).count(";") >= 2


def test_every_end_of_every_phase_has_exactly_one_handoff() -> None:
    handoffs = dict(FAST_TRACK.handoffs)
    del handoffs[intake.S.DECLINED]
    with pytest.raises(DeclarationFault, match=r"end intake\.DECLINED has no handoff"):
        replace(FAST_TRACK, handoffs=handoffs)
    with pytest.raises(DeclarationFault, match="no end of a phase"):
        replace(FAST_TRACK, handoffs={**FAST_TRACK.handoffs, intake.S.REGISTERED: CLOSES})
    with pytest.raises(DeclarationFault, match="no phase with an initial state"):
        replace(FAST_TRACK, handoffs={**FAST_TRACK.handoffs, intake.S.ACCEPTED: "intake"})


def test_a_command_belongs_to_one_part_only() -> None:
    twin = door(*SOUND)
    other = replace(twin, name="gate")
    with pytest.raises(DeclarationFault, match="Open belongs to two machines"):
        replace(FAST_TRACK, parts=(*FAST_TRACK.parts, twin, other))


def test_consequences_that_chase_each_other_are_stopped(story: Story) -> None:
    swing = Follows(S.OPEN, S.HALF, lambda case, key: WasOpened(given=None), WasOpened, "policy")
    back = Follows(S.HALF, S.OPEN, lambda case, key: WasOpened(given=None), WasOpened, "policy")
    restless = replace(FAST_TRACK, parts=(*FAST_TRACK.parts, door(*SOUND, swing, back)))
    story.door.catalogue = Catalogue([restless])
    story.accepted()
    with pytest.raises(RuntimeError, match="do not come to rest"):
        story.do(Open())
    assert story.lines[-1].event == "PhaseEntered"
