"""A batch (批量付款): one order that says of many payments made at once which arrived and which the bank sent back.

Each becomes a payment of its own, which lives on by itself; nothing of a batch moves afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Event
from mediation_engine.domain.fields import Text, choice, ref, rows, text
from mediation_engine.domain.guard import Answer, given_as, guard, met_if, none_of
from mediation_engine.domain.limits import MOST_ROWS_SHOWN
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Machine, T
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR

from ..facts import Batch, BatchRow, MediationFacts, Payment, facts_of
from ..vocabulary import PaymentGround, PaymentResult, PaymentWay, ReturnReason
from . import cards
from .booking import MOVED, Booking, amount_is_positive, debtor_named, of_one_agreement
from .ledger import is_owed, paid_on
from .states import BatchState as S
from .states import ObligationState


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBatch(Booking):
    label: ClassVar[str] = "批量付款"
    help: ClassVar[str] = (
        "一次付给许多人的，一人一行，写明成功还是退汇；退汇的义务仍未履行。没有付的，把那一行的金额清空"
    )
    parties: ClassVar[tuple[str, ...]] = ("payer",)
    agreement: str = ref("依据哪份协议", "agreement")
    payer: str | None = ref("付款人", "party", default=None, help="不选就是每笔本来该付的人", rare=True)
    for_payer: str | None = ref("代谁付", "party", default=None, help="付款人替别人付的，写明本来该谁付", rare=True)
    ground: PaymentGround = choice("付款依据", default=PaymentGround.OWN, rare=True)
    way: PaymentWay = choice("付款方式", default=PaymentWay.PAYROLL)
    note: Text | None = text("凭证", disclosure="joint", help="如：银行回单号；回单作为材料另行收存")
    rows: tuple[BatchRow, ...] = rows("各笔")

    @classmethod
    def drawn_from(cls, case: Case, key: str) -> Self | None:
        """All that is still to be paid under an agreement; under the latest that owes anything, where none is named."""
        owed = owing(case)
        agreement = key if key in owed else next(reversed(owed), None)
        return cls(agreement=agreement, rows=tuple(owed[agreement][:MOST_ROWS_SHOWN])) if agreement else None

    def booked(self, s: Situation, key: str | None) -> tuple[Payment, ...]:
        facts, batch = facts_of(s), taken(self, s.occurred)
        return tuple(_payment(facts, batch, None, row) for row in self.rows)


def owing(case: Case) -> dict[str, list[BatchRow]]:
    """What is to be paid now, by agreement, as rows of a batch in which all of it arrives.

    What a custodian is to hand on comes when he has it.
    """
    found: dict[str, list[BatchRow]] = {}
    for key, owed in facts_of(case).obligations.items():
        now = owed.amount is not None and is_owed(case, key) and not case.is_in(key, ObligationState.WAITING)
        if now and owed.agreement is not None and owed.amount is not None:
            row = BatchRow(obligation=key, amount=owed.amount - paid_on(case, key))
            found.setdefault(owed.agreement, []).append(row)
    return found


def taken(given: RecordBatch, occurred: Occurred) -> Batch:
    """A batch as it is kept."""
    return Batch(
        agreement=given.agreement,
        payer=given.payer,
        for_payer=given.for_payer,
        ground=given.ground,
        way=given.way,
        rows=given.rows,
        occurred=occurred,
    )


def of_row(facts: MediationFacts, batch: str, row: BatchRow) -> Payment:
    """The payment that a row of a batch tells of."""
    return _payment(facts, facts.batches[batch], batch, row)


def _payment(facts: MediationFacts, of: Batch, batch: str | None, row: BatchRow) -> Payment:
    """Who is not named is whom the obligation names; a custodian receives for nobody who is named here."""
    owed = facts.obligations[row.obligation]
    return Payment(
        agreement=of.agreement,
        obligation=row.obligation,
        payer=of.payer or owed.payer,
        payee=None if owed.into_custody else owed.payee,
        amount=row.amount,
        occurred=of.occurred,
        for_payer=of.for_payer,
        ground=of.ground,
        batch=batch,
        returned=row.reason if row.result is PaymentResult.RETURNED else None,
        return_note=row.note if row.result is PaymentResult.RETURNED else None,
    )


def next_rows(case: Case, result: PaymentResult) -> Iterator[tuple[str, int]]:
    """(batch, number) of the rows that no payment has come of yet, as far as they have one result.

    So payments are numbered as their rows are.
    """
    facts = facts_of(case)
    for key, batch in facts.batches.items():
        booked = sum(1 for payment in facts.payments.values() if payment.batch == key)
        for number, row in enumerate(batch.rows[booked:], booked + 1):
            if row.result is not result:
                break
            yield key, number


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRecorded(Event[RecordBatch]):
    label: ClassVar[str] = "批量付款已入账"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.batches[line.instance] = taken(self.given, line.occurred)


@guard("请至少写一行", "policy", fixed=True, of_form=True)
def rows_named(s: Situation) -> Answer:
    given = given_as(s, RecordBatch)
    return met_if(given is None or bool(given.rows))


@guard("同一项义务在一批里只写一行", "policy", fixed=True, of_form=True)
def each_once(s: Situation) -> Answer:
    given = given_as(s, RecordBatch)
    named = Counter(row.obligation for row in given.rows) if given else {}
    return none_of(key for key, times in named.items() if times > 1)


@guard(
    "只列还没有付清的付款义务；已付清、已免除、不是付款的不列，多付的请单独“记录付款”",
    "policy",
    fixed=True,
    of_form=True,
)
def rows_owed(s: Situation) -> Answer:
    given = given_as(s, RecordBatch)
    return none_of(row.obligation for row in (given.rows if given else ()) if not is_owed(s.case, row.obligation))


@guard("退汇的须选退汇原因，选“其他”的写明说明；成功的不选退汇原因", "policy", fixed=True, of_form=True)
def returns_explained(s: Situation) -> Answer:
    given = given_as(s, RecordBatch)
    return none_of(row.obligation for row in (given.rows if given else ()) if not _is_explained(row))


def _is_explained(row: BatchRow) -> bool:
    if row.result is PaymentResult.PAID:
        return row.reason is None
    return row.reason is not None and (row.reason is not ReturnReason.OTHER or bool(row.note))


SOUND = (rows_named, amount_is_positive, each_once, of_one_agreement, rows_owed, returns_explained)
MARKS = (*MOVED, debtor_named)

# fmt: off
ROWS = (
    # from   command      to          by        only if records        basis                 marks
    T(None,  RecordBatch, S.RECORDED, MEDIATOR, SOUND,  BatchRecorded, "人民调解法 第31条", MARKS),
)
# fmt: on

BATCH = Machine.declare(
    "batch",
    "批量付款",
    S,
    ROWS,
    final={S.RECORDED},
    alive=ALWAYS,
    shown=Presentation(summary=cards.batch_summary),
)
