"""First contact and all after it: whom somebody looked for, and what came of it, apart from which way it then goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, choice, ref, text
from mediation_engine.domain.guard import POLICY
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR

from . import cards
from .facts import AlertFacts, Contact
from .vocabulary import ContactManner, ContactResult


class S(Labelled):
    """It happened."""

    MADE = "made", "已联系"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContact(Command):
    label: ClassVar[str] = "记录联系"
    help: ClassVar[str] = "上门、打电话都记在这里；没有见到人的也要记"
    occurs: ClassVar[str] = "什么时候联系的"
    whom: str | None = ref("联系谁", "involved", default=None)
    manner: ContactManner = choice("方式", default=ContactManner.VISIT)
    result: ContactResult = choice("结果")
    said: Text | None = text("情况", longest=1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMade(Event[RecordContact]):
    label: ClassVar[str] = "已联系"

    def apply(self, facts: AlertFacts, line: Line) -> None:
        g = self.given
        facts.contacts[line.instance] = Contact(whom=g.whom, manner=g.manner, result=g.result, made=line.occurred)


# fmt: off
ROWS = (
    # from  command        to      by        only if records      basis
    T(None, RecordContact, S.MADE, MEDIATOR, (),     ContactMade, POLICY),
)
# fmt: on

CONTACT = Machine.declare(
    "contact",
    "联系",
    S,
    ROWS,
    final={S.MADE},
    alive={"disposal"},
    shown=Presentation(
        title="联系",
        empty="还没有联系过。",
        rows=True,
        newest_first=True,
        place=20,
        usual=frozenset({S.MADE}),
        card=cards.contact,
        summary=cards.contact_summary,
        joint=False,
    ),
)
