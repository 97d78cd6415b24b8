"""Somebody else's package: a sixth role, 商会, and a workflow with a step of its own."""

from dataclasses import dataclass, replace
from typing import ClassVar

from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, text
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.roles import MEDIATOR, Role
from workflows.rules_2026.fast_track import FAST_TRACK

CHAMBER = Role(code="chamber", label="商会", help="行业惯例与信用", counts_for_quorum=True)


class S(Labelled):
    """An expert is asked, and that is all."""

    ASKED = "asked", "已咨询"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskExpert(Command):
    label: ClassVar[str] = "咨询行业专家"
    question: Text | None = text("问题", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertAsked(Event[AskExpert]):
    label: ClassVar[str] = "已咨询行业专家"


EXPERT = Machine.declare(
    "expert", "行业专家", S, (T(None, AskExpert, S.ASKED, MEDIATOR, (), ExpertAsked, "policy"),), final={S.ASKED}
)

WORKFLOW = replace(
    FAST_TRACK, name="chamber_2026", family="chamber", label="商会调解", parts=(*FAST_TRACK.parts, EXPERT)
)
