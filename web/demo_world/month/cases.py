"""Cases of the month: what each is about, with whom, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from mediation_engine.domain.fields import Text
from workflows.parts.agreement import AdoptOrally
from workflows.parts.grading import SetGrade
from workflows.parts.party import DeclareListComplete, TellRemedies
from workflows.parts.proceeding import FileProceeding, RecordGranted
from workflows.parts.risk import EaseRisk, RaiseRisk, Receiver, ReportRisk
from workflows.parts.session import RecordSession
from workflows.parts.visit import Finding, RecordQualityVisit
from workflows.phases.endings import Ground, TerminateMediation, WithdrawApplication
from workflows.phases.follow_up import CloseAsPerformed
from workflows.phases.intake import DeclineCase, Declining, TransferCase
from workflows.tracks import LABOUR, PEOPLE
from workflows.vocabulary import Danger, Dispute, Elsewhere, Grade, ProceedingKind, Satisfaction, SessionResult, Source

from ..crowd import firms, workers
from ..days import Days
from ..script import FAST, Step, Story, step
from ..usual import BOTH, against, agreed, begun, in_effect, paid, pay, taken_down, talk, visited
from .dice import Dice, taken
from .station import LEAD, MEDIATORS, STATION

WAGES, INJURY = (LABOUR.code, Dispute.LABOUR_PAY), (LABOUR.code, Dispute.LABOUR_INJURY)
GOODS, DAMAGE = (PEOPLE.code, Dispute.CONTRACT), (PEOPLE.code, Dispute.DAMAGE)
HOUSING, NEIGHBOUR = (PEOPLE.code, Dispute.HOUSING), (PEOPLE.code, Dispute.NEIGHBOUR)
OF_OTHERS = (Source.APPLICATION, Source.PROACTIVE, Source.GRID, Source.PETITION), (6, 2, 1, 1)
OF_WORK = (Source.APPLICATION,), (1,)
"""How cases come, and how often; of work nobody is asked to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something people quarrel about."""

    kind: tuple[str, Dispute]
    words: str
    with_firm: bool
    hundreds: tuple[int, int]
    """How much it is about, in hundreds of yuan."""


TROUBLES = (
    Trouble(kind=WAGES, words="离厂时工资没有结清。", with_firm=True, hundreds=(20, 300)),
    Trouble(kind=WAGES, words="工价下调没有商量，这个月少发了一截。", with_firm=True, hundreds=(5, 60)),
    Trouble(kind=INJURY, words="上班时砸伤脚，停工期间的工资谈不拢。", with_firm=True, hundreds=(50, 600)),
    Trouble(kind=GOODS, words="加工费对不上账，拖了几个月。", with_firm=True, hundreds=(50, 900)),
    Trouble(kind=GOODS, words="货送到了，货款没有付。", with_firm=True, hundreds=(30, 500)),
    Trouble(kind=DAMAGE, words="倒车碰坏了卷帘门。", with_firm=False, hundreds=(3, 40)),
    Trouble(kind=HOUSING, words="退租以后押金没有退。", with_firm=False, hundreds=(5, 40)),
    Trouble(kind=NEIGHBOUR, words="夜里机器响，隔壁睡不着。", with_firm=False, hundreds=(2, 20)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thrown:
    """What a case is about, who has it, and on which working day it came."""

    dice: Dice
    trouble: Trouble
    by: str
    back: int
    applicant: str
    respondent: str

    @property
    def yuan(self) -> int:
        return self.dice.yuan(*self.trouble.hundreds)

    def taken_down(self, **more: Any) -> Step:
        """It is registered at the station."""
        at, named = self.dice.clock(range(9, 12)), against(self.applicant, self.respondent)
        source = self.dice.one_of(*(OF_WORK if self.trouble.kind[0] == LABOUR.code else OF_OTHERS))
        more = {"source": source, "organisation": STATION.id} | more
        return taken_down(self.by, self.back, at, named, *self.trouble.kind, self.trouble.words, **more)

    def begun(self) -> Iterator[Step]:
        yield self.taken_down()
        yield from begun(self.by, self.back - 1, self.back - 1, LEAD)
        if self.dice.number(0, 1):
            yield talk(self.by, self.back - 1, "15:30", self.dice.number(1, 2), "想早点了结，数目可以商量。")
        grade = self.dice.one_of((None, Grade.DIFFICULT, Grade.MAJOR), (7, 1, 1))
        if grade is not None:
            yield step(self.back - 1, "15:40", self.by, SetGrade(grade=grade))
        if grade is Grade.MAJOR:
            yield step(self.back - 1, "15:45", self.by, RaiseRisk(danger=Danger.CRIME, signs=Text("说要找人来堵门。")))
            yield step(self.back - 1, "15:50", self.by, ReportRisk(receiver=Receiver.POLICE), "risk/1")
            yield step(self.back - 2, "09:00", self.by, EaseRisk(note=Text("各自劝住了，答应坐下来谈。")), "risk/1")

    def asked_how_it_was(self, back: int) -> Iterator[Step]:
        """Somebody else asks whether they are content; not always."""
        if self.dice.number(0, 1):
            other = next(it for it in MEDIATORS if it != self.by)
            content = Satisfaction.SATISFIED, Satisfaction.FAIRLY, Satisfaction.DISSATISFIED, Satisfaction.NOT_ASKED
            satisfied = self.dice.one_of(content, (5, 2, 1, 1))
            yield step(back, "16:00", other, RecordQualityVisit(party="party/1", satisfied=satisfied))


def settled_on_paper(it: Thrown) -> Iterator[Step]:
    """Signed and sealed; paid on its day, a little late, or not yet."""
    yield from it.begun()
    due = it.back - it.dice.number(4, 18)
    yuan, held = it.yuan, it.back - 2
    people = it.applicant, it.respondent
    yield from in_effect(it.by, people, [pay("一次付清", yuan, it.dice.day(due))], held, held, held - 1, lead=LEAD)
    if it.trouble.kind[0] == PEOPLE.code and it.dice.number(0, 3) == 0:
        asked = FileProceeding(kind=ProceedingKind.JUDICIAL, agreement="agreement/1", applicants=BOTH)
        yield step(held - 2, "11:00", it.by, asked)
        yield step(held - 3, "11:00", it.by, RecordGranted(), "proceeding/1")
    yield visited(it.by, held - 4, 1, it.dice.number(1, 2), Finding.PERFORMING)
    late = it.dice.one_of((0, 1, 4), (8, 1, 1))
    yield paid(it.by, due - late, yuan)
    yield step(due - late - 1, "09:00", it.by, DeclareListComplete(), "party/1")
    yield step(due - late - 1, "09:10", it.by, CloseAsPerformed())
    yield from it.asked_how_it_was(due - late - 2)


def settled_by_word_of_mouth(it: Thrown) -> Iterator[Step]:
    """No paper was wanted; paid on the next day, and closed."""
    yield from it.begun()
    yuan, held = it.yuan, it.back - 2
    yield agreed(it.by, [pay("当面付清", yuan, it.dice.days.back(max(held - 1, 1)))], held)
    yield step(held, "15:00", it.by, AdoptOrally(), "agreement/1")
    yield paid(it.by, held - 1, yuan)
    yield step(held - 1, "15:10", it.by, DeclareListComplete(), "party/1")
    yield step(held - 1, "15:20", it.by, CloseAsPerformed())


def given_up(it: Thrown) -> Iterator[Step]:
    """Met, and came to nothing."""
    yield from it.begun()
    held = it.back - it.dice.number(2, 5)
    minutes = Text("各说各的，没有谈成。")
    met = RecordSession(attended=BOTH, result=SessionResult.NOT_SETTLED, minutes=minutes)
    yield step(held, "15:00", it.by, met)
    yield step(held - 1, "10:00", it.by, TellRemedies(routes=Text("可以申请仲裁，也可以起诉")), *BOTH)
    yield step(held - 1, "14:00", LEAD, TerminateMediation(ground=Ground.NO_AGREEMENT))


def withdrawn(it: Thrown) -> Iterator[Step]:
    """Settled between themselves."""
    yield from it.begun()
    yield step(it.back - 2, "10:00", it.by, WithdrawApplication(reason=Text("自己谈好了")))


def declined(it: Thrown) -> Iterator[Step]:
    """A court has it already."""
    yield it.taken_down(elsewhere=Elsewhere.COURT)
    told = Text("法院已经受理，请等法院处理")
    yield step(it.back - 1, "09:00", LEAD, DeclineCase(reason=Declining.ELSEWHERE, told=told))


def sent_on(it: Thrown) -> Iterator[Step]:
    """Not a matter for the station."""
    yield it.taken_down()
    yield step(it.back - 1, "09:00", LEAD, TransferCase(receiver=Text("演示有关部门")))


def in_talks(it: Thrown) -> Iterator[Step]:
    """Still being talked about."""
    yield from it.begun()


ENDINGS: Mapping[Callable[[Thrown], Iterator[Step]], int] = {
    settled_on_paper: 10,
    settled_by_word_of_mouth: 6,
    given_up: 3,
    withdrawn: 1,
    declined: 1,
    sent_on: 1,
    in_talks: 2,
}
"""How a case goes, and how often of all."""


def cases(seed: int, count: int) -> Iterator[Story]:
    """So many cases of the month."""
    for number in range(1, count + 1):
        name = f"month-case-{number}"
        yield Story(case=name, family=FAST, steps=partial(_told, seed, name))


def _told(seed: int, name: str, days: Days) -> Iterator[Step]:
    """The steps of a case that were taken before today."""
    dice = Dice.of(days, seed, name)
    trouble = dice.one_of(TROUBLES)
    one, other = dice.random.sample(workers(), 2)
    respondent = dice.one_of(firms()) if trouble.with_firm else other
    it = Thrown(
        dice=dice,
        trouble=trouble,
        by=dice.one_of(MEDIATORS),
        back=dice.back(),
        applicant=one.person.id,
        respondent=respondent.person.id,
    )
    ending = dice.one_of([*ENDINGS], [*ENDINGS.values()])
    if ending is settled_by_word_of_mouth and trouble.kind[0] == LABOUR.code:
        ending = settled_on_paper  # of work there is no agreement but on paper
    yield from taken(ending(it))
