"""Alerts of the month: what the police pushed, and which way each went."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from mediation_engine.domain.fields import Text
from mediation_engine.domain.zone import District
from workflows.parts.assignment import TakeCase
from workflows.vocabulary import Dispute
from workflows.zone.alert.contact import RecordContact
from workflows.zone.alert.disposal import FinishAlert
from workflows.zone.alert.feedback import TellPolice
from workflows.zone.alert.inbox import ReturnAlert, SignForAlert
from workflows.zone.alert.outcome import SettleOnSpot
from workflows.zone.alert.vocabulary import ContactResult, Returning, Trouble
from workflows.zone.outcome import ReferToMediation
from workflows.zone.tasks import case_of

from ..cases.alerts import pushed
from ..crowd import workers
from ..days import Days
from ..room import DISTRICTS
from ..script import ALERT, Step, Story, step
from ..usual import begun, in_effect, paid, pay
from .dice import Dice, taken
from .station import LEAD, MEDIATORS, STATION

TROUBLES = (
    (Trouble.QUARREL, Dispute.NEIGHBOUR, "停车挡了店门，两人争吵。"),
    (Trouble.FIGHT, Dispute.DAMAGE, "装货争先后，推了几把。"),
    (Trouble.DEBT, Dispute.CONTRACT, "上门讨货款，堵了厂门。"),
    (Trouble.NEIGHBOUR, Dispute.NEIGHBOUR, "楼上漏水，在楼道里吵起来。"),
)
"""What about, what kind of dispute it would be, and in words."""
OFTEN = 1, 5
"""How often it is between two who quarrel again and again, and how often not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thrown:
    """Who is in an alert, where, and when it came."""

    dice: Dice
    number: int
    trouble: tuple[Trouble, Dispute, str]
    district: District
    back: int
    people: tuple[str, str]

    @property
    def by(self) -> str:
        return self.district.deputies[self.number % len(self.district.deputies)]

    def begun(self) -> Iterator[Step]:
        """It is pushed, signed for by one of the pair, and somebody was met."""
        kind, _, words = self.trouble
        at, number = f"09:{self.dice.number(10, 59)}", f"J演示月{self.number:05d}"
        place = self.district.code
        yield pushed(self.back, at, number, place, kind, words, *self.people, by=self.by, organisation=STATION.id)
        late = self.dice.one_of(("10:05", "10:50"), (4, 1))
        yield step(self.back, late, self.by, SignForAlert())

    def met(self, result: ContactResult = ContactResult.CALM) -> Step:
        return step(self.back, "14:00", self.by, RecordContact(result=result, whom="involved/1"))


def settled_on_the_spot(it: Thrown) -> Iterator[Step]:
    """Told to the police on the same day, and over."""
    yield from it.begun()
    yield it.met()
    yield step(it.back, "15:00", it.by, SettleOnSpot(words=Text("当面说开了，以后互相让一让。")))
    yield step(it.back, "16:00", it.by, TellPolice(outcome="outcome/1", receiver=Text("值班民警")))
    yield step(it.back, "16:10", it.by, FinishAlert())


def sent_back(it: Thrown) -> Iterator[Step]:
    """Nothing for the station."""
    yield from it.begun()
    yield step(it.back, "11:30", it.by, ReturnAlert(reason=Returning.ELSEWHERE))


def not_met(it: Thrown) -> Iterator[Step]:
    """Nobody was there on the first day."""
    yield from it.begun()
    yield it.met(ContactResult.NOT_MET)
    yield step(it.back - 1, "09:30", it.by, RecordContact(result=ContactResult.CALM, whom="involved/1"))
    yield step(it.back - 1, "10:00", it.by, SettleOnSpot(words=Text("第二天见到人，已经没有气了。")))
    yield step(it.back - 1, "10:30", it.by, TellPolice(outcome="outcome/1", receiver=Text("值班民警")))
    yield step(it.back - 1, "10:40", it.by, FinishAlert())


def became_a_case(it: Thrown) -> Iterator[Step]:
    """What was settled goes back to the police by itself, and is told them once it is paid."""
    yield from it.begun()
    yield it.met()
    _, dispute, words = it.trouble
    yield step(it.back, "15:00", it.by, ReferToMediation(dispute=dispute, matter=Text(words)))
    yield step(it.back - 4, "09:00", it.by, TellPolice(outcome="outcome/1", receiver=Text("值班民警")))
    yield step(it.back - 6, "09:00", it.by, TellPolice(outcome="outcome/1", receiver=Text("值班民警")))
    yield step(it.back - 6, "09:10", it.by, FinishAlert())


def its_case(it: Thrown) -> Iterator[Step]:
    """The case that it opened: taken, agreed on, paid."""
    by = MEDIATORS[it.number % len(MEDIATORS)]
    yield step(it.back, "15:30", by, TakeCase())
    yield from begun(by, it.back - 1, it.back - 1, LEAD)
    yuan, held = it.dice.yuan(3, 40), it.back - 2
    due = it.back - 5
    yield from in_effect(by, it.people, [pay("赔偿", yuan, it.dice.day(due))], held, held, held - 1, lead=LEAD)
    yield paid(by, due, yuan)


WAYS: Mapping[Callable[[Thrown], Iterator[Step]], int] = {
    settled_on_the_spot: 10,
    not_met: 2,
    sent_back: 2,
    became_a_case: 4,
}
"""How an alert goes, and how often of all."""


def alerts(seed: int, count: int) -> Iterator[Story]:
    """So many alerts of the month, and the cases that they opened."""
    for number in range(1, count + 1):
        name = f"month-alert-{number}"
        yield Story(case=name, family=ALERT, steps=partial(_told, seed, number))
        yield Story(case=case_of(name, "outcome/1"), family="", steps=partial(_case_told, seed, number))


def _thrown(seed: int, number: int, days: Days) -> tuple[Thrown, Callable[[Thrown], Iterator[Step]]]:
    dice = Dice.of(days, seed, f"alert-{number}")
    one, other = dice.random.sample(workers(), 2)
    if dice.one_of((True, False), OFTEN):
        one, other = workers()[:2]
    it = Thrown(
        dice=dice,
        number=number,
        trouble=dice.one_of(TROUBLES),
        district=dice.one_of(DISTRICTS),
        back=dice.back(),
        people=(one.person.id, other.person.id),
    )
    return it, dice.one_of([*WAYS], [*WAYS.values()])


def _told(seed: int, number: int, days: Days) -> Iterator[Step]:
    it, way = _thrown(seed, number, days)
    yield from taken(way(it))


def _case_told(seed: int, number: int, days: Days) -> Iterator[Step]:
    it, way = _thrown(seed, number, days)
    if way is became_a_case:
        yield from taken(its_case(it))
