"""推送与签收: pushed to the officer on the spot, to the officer of the beat, to the room; signed for by either of the
pair."""

from __future__ import annotations

from dataclasses import MISSING, dataclass
from datetime import date
from typing import Any, ClassVar

from mediation_engine.domain.case import Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.decision_context import Outside
from mediation_engine.domain.fields import JOINT, Text, choice, code, day, rows, text, time
from mediation_engine.domain.guard import MET, POLICY, UNJUDGED, Answer, given_as, guard, met_if
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.roles import MEDIATOR, Office

from .deputy import relieve_all
from .facts import AlertFacts, Deputy, Involved, facts_of
from .involved import InvolvedRow
from .questions import DISTRICT_NAME, PAIR, SIGN_BY
from .vocabulary import Returning, Trouble, Urgency


class S(Labelled):
    """Until somebody signs nobody has it in hand."""

    PUSHED = "pushed", "待签收"
    SIGNED = "signed", "已签收"
    RETURNED = "returned", "已退回"


@dataclass(frozen=True, slots=True, kw_only=True)
class PushAlert(Command):
    label: ClassVar[str] = "登记警情"
    help: ClassVar[str] = "公安推送来的；同一个警情编号只登记一次"
    occurs: ClassVar[str] = "什么时候推送到本室"
    number: str | None = code("警情编号", default=None, help="接处警系统里的编号；没有就空着")
    district: str = code("片区")
    trouble: Trouble = choice("类型")
    urgency: Urgency = choice("紧急程度", default=Urgency.USUAL)
    words: Text = text("什么事", longest=2000, default=MISSING)
    place: Text | None = text("地点", longest=200)
    happened: date | None = day("哪天发生的", past=True)
    named: tuple[InvolvedRow, ...] = rows("涉及的人")
    station: Text | None = text("派出所", longest=100, disclosure=JOINT)
    responder: Text | None = text("处警民警（一推）", longest=100)
    responder_told: str | None = time("一推时间", rare=True)
    beat_officer: Text | None = text("责任民警（二推）", longest=100)
    beat_officer_told: str | None = time("二推时间", rare=True)
    police_result: Text | None = text("公安处警情况", longest=1000, rare=True)
    organisation: str = code("调解组织")


@dataclass(frozen=True, slots=True, kw_only=True)
class RerouteAlert(Command):
    label: ClassVar[str] = "改派片区"
    district: str = code("改到哪个片区")
    reason: Text | None = text("原因", longest=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignForAlert(Command):
    label: ClassVar[str] = "签收"
    help: ClassVar[str] = "两位副片长谁签收都行，两人都负责"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnAlert(Command):
    label: ClassVar[str] = "退回公安"
    gives_up: ClassVar[bool] = True
    reason: Returning = choice("理由")
    words: Text | None = text("说明", longest=500)


def _routed(facts: AlertFacts, district: str, name: str, pair: tuple[Deputy, ...]) -> None:
    facts.district, facts.district_name, facts.naming = district, name, pair


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPushed(Event[PushAlert]):
    label: ClassVar[str] = "警情已推送到本室"
    tells: ClassVar[bool] = True
    district_name: str
    pair: tuple[Deputy, ...]
    sign_by: str

    @classmethod
    def of(cls, given: Any, situation: Situation, outside: Outside) -> AlertPushed:
        return cls(
            given=given,
            district_name=outside.ask(DISTRICT_NAME, given.district),
            pair=outside.ask(PAIR, given.district),
            sign_by=outside.ask(SIGN_BY),
        )

    def apply(self, facts: AlertFacts, line: Line) -> None:
        g = self.given
        facts.organisation, facts.number = g.organisation, g.number
        facts.trouble, facts.urgency = g.trouble, g.urgency
        facts.pushed, facts.sign_by = line.occurred, self.sign_by
        facts.announced = tuple(Involved(person=it.person, standing=it.standing, kind=it.kind) for it in g.named)
        _routed(facts, g.district, self.district_name, self.pair)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRerouted(Event[RerouteAlert]):
    label: ClassVar[str] = "已改派片区"
    tells: ClassVar[bool] = True
    district_name: str
    pair: tuple[Deputy, ...]
    sign_by: str

    @classmethod
    def of(cls, given: Any, situation: Situation, outside: Outside) -> AlertRerouted:
        return cls(
            given=given,
            district_name=outside.ask(DISTRICT_NAME, given.district),
            pair=outside.ask(PAIR, given.district),
            sign_by=outside.ask(SIGN_BY),
        )

    def apply(self, facts: AlertFacts, line: Line) -> None:
        relieve_all(facts)
        facts.sign_by = self.sign_by
        _routed(facts, self.given.district, self.district_name, self.pair)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSigned(Event[SignForAlert]):
    label: ClassVar[str] = "警情已签收"

    def apply(self, facts: AlertFacts, line: Line) -> None:
        facts.signed, facts.signed_by = line.occurred, line.actor


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReturned(Event[ReturnAlert]):
    label: ClassVar[str] = "已退回公安"
    tells: ClassVar[bool] = True

    def apply(self, facts: AlertFacts, line: Line) -> None:
        facts.closed, facts.returned = line.target, line.occurred


@guard("由本片区的综治副片长或专职副片长签收；他们都不在的，请室主任签收", POLICY)
def signed_by_deputy(s: Situation) -> Answer:
    pair = facts_of(s).pair
    return met_if(not pair or not s.actor or s.actor in pair or s.office is Office.LEAD)


@guard("应在期限内签收：上班时间半小时，下班后到下一次开门", POLICY)
def signed_in_time(s: Situation) -> Answer:
    by = facts_of(s).sign_by
    return met_if(not Occurred(by).is_before(s.occurred)) if by else UNJUDGED


@guard("须改到另一个片区", POLICY, fixed=True)
def another_district(s: Situation) -> Answer:
    given = given_as(s, RerouteAlert)
    return UNJUDGED if given is None else met_if(given.district != facts_of(s).district)


@guard("应先派给有副片长的片区：请管理员在设置里写明本片区的综治副片长、专职副片长", POLICY)
def has_pair(s: Situation) -> Answer:
    return met_if(bool(facts_of(s).pair)) if facts_of(s).district else MET


A18 = "人民调解法 第18条"

# fmt: off
ROWS = (
    # from       command       to          by        only if              records        basis     marks
    T(None,      PushAlert,    S.PUSHED,   MEDIATOR, (),                  AlertPushed,   A18),
    T(S.PUSHED,  RerouteAlert, S.PUSHED,   MEDIATOR, (another_district,), AlertRerouted, POLICY),
    T(S.PUSHED,  SignForAlert, S.SIGNED,   MEDIATOR, (signed_by_deputy,), AlertSigned,   POLICY,   (signed_in_time, has_pair)),
    T(S.PUSHED,  ReturnAlert,  S.RETURNED, MEDIATOR, (),                  AlertReturned, A18),
)
# fmt: on

INBOX = Machine.declare("inbox", "推送与签收", S, ROWS, final={S.SIGNED, S.RETURNED})
