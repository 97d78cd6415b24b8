"""警情: one just in, one signed for, one that somebody was met about, one settled on the spot, one sent back, one that
became a case and is performed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mediation_engine.domain.fields import Text
from workflows.parts.assignment import TakeCase
from workflows.parts.party import DeclareListComplete
from workflows.phases.follow_up import CloseAsPerformed, Planned
from workflows.vocabulary import Dispute
from workflows.zone.alert.contact import RecordContact
from workflows.zone.alert.disposal import FinishAlert
from workflows.zone.alert.feedback import TellPolice
from workflows.zone.alert.inbox import PushAlert, ReturnAlert, SignForAlert
from workflows.zone.alert.involved import InvolvedRow
from workflows.zone.alert.outcome import SettleOnSpot
from workflows.zone.alert.vocabulary import ContactManner, ContactResult, Returning, Standing, Trouble, Urgency
from workflows.zone.outcome import ReferToMediation
from workflows.zone.tasks import case_of

from ..days import Days
from ..room import ROOM
from ..script import ALERT, Step, Story, step
from ..usual import begun, in_effect, kind_of, paid, pay, visited

STATION = Text("演示派出所")
BECAME_A_CASE = "demo-alert-paid"


def pushed(
    back: int,
    at: str,
    number: str,
    district: str,
    trouble: Trouble,
    words: str,
    *who: str,
    by: str = "zhou",
    **more: Any,
) -> Step:
    """The police push an alert: who called first, then the other side."""
    standings = (Standing.REPORTER, *[Standing.OTHER] * len(who))
    named = tuple(
        InvolvedRow(person=id, standing=standing, kind=kind_of(id))
        for id, standing in zip(who, standings, strict=False)
    )
    said: dict[str, Any] = {"number": number, "district": district, "trouble": trouble, "words": Text(words)}
    usual: dict[str, Any] = {"named": named, "station": STATION, "organisation": ROOM.id}
    return step(back, at, by, PushAlert(**said | usual | more))


def just_in(days: Days) -> Iterator[Step]:
    """Pushed after hours: due at the next opening."""
    words = "下班路上为电动车剐蹭吵起来，推了两把，都没有受伤。"
    yield pushed(1, "17:20", "J演示00018", "one", Trouble.FIGHT, words, "lixia", "jingzhe", urgency=Urgency.URGENT)


def signed_for(days: Days) -> Iterator[Step]:
    """Nobody has been there yet: due today."""
    yield pushed(
        1, "16:20", "J演示00017", "two", Trouble.NEIGHBOUR, "楼上漏水滴到床上，在楼道里争吵。", "xiazhi", "chunfen"
    )
    yield step(1, "16:35", "zhou", SignForAlert())


def contacted(days: Days) -> Iterator[Step]:
    """Both are calm; which way it goes is to be decided."""
    words = "来厂里讨货款，堵了半小时大门。"
    yield pushed(1, "10:00", "J演示00016", "three", Trouble.DEBT, words, "cups", "mangzhong")
    yield step(1, "10:10", "li", SignForAlert())
    said = Text("人已经回去，答应不再堵门；货款对过账再谈。")
    yield step(1, "14:00", "li", RecordContact(result=ContactResult.CALM, whom="involved/2", said=said))


def settled_on_the_spot(days: Days) -> Iterator[Step]:
    """Told to the police, and over."""
    words = "停车挡了店门，两人争吵。"
    yield pushed(4, "09:30", "J演示00014", "two", Trouble.QUARREL, words, "yushui", "xiaoman")
    yield step(4, "09:40", "zhou", SignForAlert())
    yield step(4, "10:30", "zhou", RecordContact(result=ContactResult.CALM, whom="involved/1"))
    yield step(4, "11:00", "zhou", SettleOnSpot(words=Text("挪车，当面说了声对不起，以后不停店门口。")))
    yield step(4, "15:00", "zhou", TellPolice(outcome="outcome/1", receiver=Text("值班民警")))
    yield step(4, "15:10", "zhou", FinishAlert())


def sent_back(days: Days) -> Iterator[Step]:
    """Nothing for the room."""
    yield pushed(6, "14:00", "J演示00012", "one", Trouble.OTHER, "宿舍里丢了一只手机，怀疑是偷的。", "qiufen")
    why = Text("涉嫌盗窃，请公安机关处理。")
    yield step(6, "14:20", "li", ReturnAlert(reason=Returning.POLICE_MATTER, words=why))


def became_a_case(days: Days) -> Iterator[Step]:
    """A fight that led to a case; performed since the last working day, and the police are still to be told."""
    words = "为装货先后打起来，一人手臂擦伤，去卫生院包扎。"
    yield pushed(
        12, "09:10", "J演示00009", "three", Trouble.FIGHT, words, "hanlu", "shuangjiang", urgency=Urgency.URGENT
    )
    yield step(12, "09:20", "li", SignForAlert())
    met: dict[str, Any] = {"manner": ContactManner.VISIT, "result": ContactResult.CALM}
    yield step(12, "13:30", "li", RecordContact(whom="involved/1", said=Text("要求赔医药费和误工费。"), **met))
    yield step(12, "15:00", "li", RecordContact(whom="involved/2", said=Text("愿意赔，嫌开口太高。"), **met))
    matter = Text("装货时发生推打，一方手臂擦伤，要求赔偿医药费、误工费。")
    yield step(11, "09:30", "li", ReferToMediation(dispute=Dispute.DAMAGE, matter=matter))
    yield step(6, "16:00", "li", TellPolice(outcome="outcome/1", receiver=Text("演示派出所内勤")))


def its_case(days: Days) -> Iterator[Step]:
    """The case that it opened: taken, agreed on, paid, closed."""
    yield step(11, "10:00", "li", TakeCase())
    yield from begun("li", 10, 9)
    terms = [pay("赔偿医药费、误工费", 1_800, days.ahead(3))]
    yield from in_effect("li", ("hanlu", "shuangjiang"), terms, 8, 7, 6)
    yield paid("li", 1, 1_800)
    yield visited("li", 1, 1, 1, said="钱收到了，两人已经照常上班。")
    yield step(1, "15:20", "li", DeclareListComplete(), "party/1")
    no_more = Text("钱已付清，双方都说不用再来")
    yield step(1, "15:30", "li", CloseAsPerformed(visits=Planned.CANCELLED, visits_reason=no_more))


ALERTS = (
    Story(case="demo-alert-new", family=ALERT, steps=just_in),
    Story(case="demo-alert-signed", family=ALERT, steps=signed_for),
    Story(case="demo-alert-met", family=ALERT, steps=contacted),
    Story(case="demo-alert-settled", family=ALERT, steps=settled_on_the_spot),
    Story(case="demo-alert-returned", family=ALERT, steps=sent_back),
    Story(case=BECAME_A_CASE, family=ALERT, steps=became_a_case),
    Story(case=case_of(BECAME_A_CASE, "outcome/1"), family="", steps=its_case),
)
