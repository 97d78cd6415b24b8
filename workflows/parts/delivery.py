"""A delivery (送达) of a paper: which went to whom, how, who signed for it; or that it did not arrive.

No law says how a mediation room delivers its papers; what is asked here is policy, after the receipts of the courts
(民事诉讼法 第87—92条). The dossier and the notice of other remedies (人民调解法 第26条) rest on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Situation
from mediation_engine.domain.chronology import Happened, Moment, not_before
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import JOINT, Text, choice, count, ref, text
from mediation_engine.domain.guard import MET, POLICY, Answer, guard, met_if
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR

from ..facts import Delivery, MediationFacts, facts_of
from ..tabs import Tab
from ..vocabulary import DeliveredPaper, DeliveryManner, Receiver, Undelivered
from . import cards
from .states import DeliveryState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverPaper(Command):
    label: ClassVar[str] = "送达文书"
    help: ClassVar[str] = "当面交给人、当场签收的；寄出或还没有签收的用“寄出文书”"
    paper: DeliveredPaper = choice("什么文书")
    title: Text | None = text("文书名称", longest=60, disclosure=JOINT, help="选“其他”时写", rare=True)
    agreement: str | None = ref("哪份协议的", "agreement", default=None, rare=True)
    copies: int = count("几份", default=1, rare=True)
    party: str = ref("送给谁", "party")
    receiver: Receiver = choice("谁签收", default=Receiver.SELF)
    signed_by: Text | None = text("签收人姓名", longest=60, disclosure=JOINT, help="不是本人签收的写")
    reason: Text | None = text("代收理由", longest=100, disclosure=JOINT, help="如：同住的妻子、公司前台", rare=True)
    place: Text | None = text("送到哪里", longest=200, rare=True)
    receipt: str | None = ref("签收凭证", "exhibit", default=None, help="送达回证的照片等，先收存再选", rare=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPaper(Command):
    label: ClassVar[str] = "寄出文书"
    help: ClassVar[str] = "邮寄、微信发出、托人带去的，或当面交但对方没有签的；收到回音再记签收或没有送到"
    paper: DeliveredPaper = choice("什么文书")
    title: Text | None = text("文书名称", longest=60, disclosure=JOINT, help="选“其他”时写", rare=True)
    agreement: str | None = ref("哪份协议的", "agreement", default=None, rare=True)
    copies: int = count("几份", default=1, rare=True)
    party: str = ref("送给谁", "party")
    manner: DeliveryManner = choice("怎么送的", default=DeliveryManner.POSTED)
    tracking: Text | None = text("单号", longest=60, disclosure=JOINT, help="快递、挂号信的单号")
    place: Text | None = text("送到哪里", longest=200, help="地址、手机号或邮箱", rare=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReceipt(Command):
    label: ClassVar[str] = "记录签收"
    one_by_one: ClassVar[bool] = True
    single: ClassVar[bool] = True
    receiver: Receiver = choice("谁签收", default=Receiver.SELF)
    signed_by: Text | None = text("签收人姓名", longest=60, disclosure=JOINT, help="不是本人签收的写")
    reason: Text | None = text("代收理由", longest=100, disclosure=JOINT, help="如：同住的妻子、公司前台", rare=True)
    receipt: str | None = ref("签收凭证", "exhibit", default=None, help="送达回证的照片等，先收存再选", rare=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUndelivered(Command):
    label: ClassVar[str] = "记录没有送到"
    one_by_one: ClassVar[bool] = True
    single: ClassVar[bool] = True
    why: Undelivered = choice("为什么")
    words: Text | None = text("说明", longest=200, help="如：谁在场见证、退信上怎么写")
    receipt: str | None = ref("凭证", "exhibit", default=None, help="退信、现场照片等，先收存再选")


def _sent_off(given: DeliverPaper | SendPaper, manner: DeliveryManner, line: Line) -> Delivery:
    """A paper that left the room."""
    return Delivery(
        paper=given.paper,
        title=given.title,
        agreement=given.agreement,
        copies=given.copies,
        party=given.party,
        manner=manner,
        place=given.place,
        sent=line.occurred,
    )


def _signed_for(delivery: Delivery, given: DeliverPaper | RecordReceipt, line: Line) -> Delivery:
    """A delivery that arrived."""
    return replace(
        delivery,
        received=line.occurred,
        receiver=given.receiver,
        signed_by=given.signed_by,
        reason=given.reason,
        receipt=given.receipt,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDelivered(Event[DeliverPaper]):
    label: ClassVar[str] = "文书已送达"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.deliveries[line.instance] = _signed_for(
            _sent_off(self.given, DeliveryManner.HANDED, line), self.given, line
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSent(Event[SendPaper]):
    label: ClassVar[str] = "文书已寄出"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.deliveries[line.instance] = _sent_off(self.given, self.given.manner, line)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRecorded(Event[RecordReceipt]):
    label: ClassVar[str] = "文书已签收"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.deliveries[line.instance] = _signed_for(facts.deliveries[line.instance], self.given, line)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDelivered(Event[RecordUndelivered]):
    label: ClassVar[str] = "文书没有送到"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.deliveries[line.instance] = replace(
            facts.deliveries[line.instance], undelivered=self.given.why, receipt=self.given.receipt
        )


@guard("其他文书请写明名称", "policy", fixed=True, of_form=True)
def paper_named(s: Situation) -> Answer:
    given = s.given
    if not isinstance(given, DeliverPaper | SendPaper):
        return MET
    return met_if(given.paper is not DeliveredPaper.OTHER or given.title is not None)


@guard("不是本人签收的，应写明签收人和代收理由", "policy")
def receiver_named(s: Situation) -> Answer:
    given = s.given
    if not isinstance(given, DeliverPaper | RecordReceipt):
        return MET
    return met_if(given.receiver is Receiver.SELF or bool(given.signed_by and given.reason))


def _sent(s: Situation) -> Iterator[Happened]:
    held = facts_of(s).deliveries.get(s.key or "")
    if held is not None:
        yield s.key, held.sent


AFTER_SENDING = not_before(Moment("paper_sent", "这份文书寄出的日期", _sent))

# fmt: off
ROWS = (
    # from    command            to             by        only if                        records          basis   should
    T(None,   DeliverPaper,      S.RECEIVED,    MEDIATOR, (paper_named,),                PaperDelivered,  POLICY, (receiver_named,)),
    T(None,   SendPaper,         S.SENT,        MEDIATOR, (paper_named,),                PaperSent,       POLICY),
    T(S.SENT, RecordReceipt,     S.RECEIVED,    MEDIATOR, (),                            ReceiptRecorded, POLICY, (receiver_named, AFTER_SENDING)),
    T(S.SENT, RecordUndelivered, S.UNDELIVERED, MEDIATOR, (),                            NotDelivered,    POLICY, (AFTER_SENDING,)),
)
# fmt: on

DELIVERY = Machine.declare(
    "delivery",
    "送达",
    S,
    ROWS,
    final={S.RECEIVED, S.UNDELIVERED},
    alive=ALWAYS,
    outlives=True,
    shown=Presentation(
        title="送达", tab=Tab.PAPERS, rows=True, place=52, card=cards.delivery, summary=cards.delivery_summary
    ),
)
