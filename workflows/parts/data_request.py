"""A request (更正资料) of somebody whose data are wrong: for the mediator alone, until it is answered.

个人信息保护法 第46条 asks for an answer in time and names no days: how many there are is the room's rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, dataclass
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import CHOSEN, Readers, Text, ref, text
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Machine, T
from mediation_engine.domain.presentation import CaseReading, Presentation
from mediation_engine.domain.roles import MEDIATOR, PARTY_OR_MEDIATOR

from ..facts import DataRequest, MediationFacts, facts_of
from ..tabs import Tab
from . import cards
from .states import DataRequestState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForCorrection(Command):
    label: ClassVar[str] = "请求更正资料"
    help: ClassVar[str] = "姓名、电话、住址等登记错了的；改在“人员”里，改好了在这里答复"
    readers: ClassVar[Readers] = Readers.OWN
    party: str = ref("谁的资料", "party")
    words: Text = text("哪里不对、应该是什么", longest=1000, disclosure=CHOSEN, default=MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseDataRequest(Command):
    label: ClassVar[str] = "答复更正资料的请求"
    one_by_one: ClassVar[bool] = True
    single: ClassVar[bool] = True
    readers: ClassVar[Readers] = Readers.HOST
    done: Text = text(
        "怎么处理的", longest=500, disclosure=CHOSEN, help="改了什么；没有改的，写明理由", default=MISSING
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionAsked(Event[AskForCorrection]):
    label: ClassVar[str] = "请求更正资料"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        party = self.given.party if self.given.party in facts.parties else None
        facts.data_requests[line.instance] = DataRequest(party=party, asked=line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRequestClosed(Event[CloseDataRequest]):
    label: ClassVar[str] = "更正资料的请求已答复"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        request = facts.data_requests[line.instance]
        facts.data_requests[line.instance] = replace(request, answered=line.occurred)


def summary(reading: CaseReading, key: str) -> Iterable[str]:
    """Whose data it is about."""
    party = facts_of(reading.case).data_requests[key].party
    yield from ([reading.thing(party)] if party else [])


A46 = "个人信息保护法 第46条"

# fmt: off
ROWS = (
    # from      command           to          by                 only if records            basis
    T(None,     AskForCorrection, S.WAITING,  PARTY_OR_MEDIATOR, (),     CorrectionAsked,   A46),
    T(S.WAITING, CloseDataRequest, S.ANSWERED, MEDIATOR,         (),     DataRequestClosed, A46),
)
# fmt: on

DATA_REQUEST = Machine.declare(
    "data_request",
    "资料更正",
    S,
    ROWS,
    final={S.ANSWERED},
    alive=ALWAYS,
    outlives=True,  # it is owed to the person, whatever becomes of the case
    shown=Presentation(
        title="资料更正",
        tab=Tab.PARTIES,
        rows=True,
        place=54,
        joint=False,
        urgent=frozenset({S.WAITING}),
        summary=summary,
        waits=cards.unanswered_requests,
    ),
)
