"""The bank's table of a batch of payments: matched to what is owed, with every fault by row and column; or made ready.

Nothing is guessed: what could be for two, or is not what is owed, is named, and then nothing is taken. Account numbers
are held against the register, and not taken: they lie sealed there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mediation_engine.domain.fields import Text
from mediation_engine.domain.formatting import money_words
from mediation_engine.domain.masking import masked_account
from mediation_engine.domain.people import PersonDetails
from mediation_engine.domain.roles import Actor
from mediation_engine.input.identity_numbers import plain_number
from mediation_engine.input.tables import (
    CellFault,
    Column,
    Kind,
    Layout,
    Row,
    TableFault,
    read_table,
    sum_of_money,
    words,
    write_table,
)
from mediation_engine.ports.register import Person
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.people import People
from workflows.facts import BatchRow, facts_of
from workflows.parts.batch import owing
from workflows.vocabulary import PaymentResult, ReturnReason

SUCCEEDED = frozenset({"成功", "交易成功", "付款成功", "已入账"})
FAILED = frozenset({"退汇", "失败", "退回", "交易失败", "付款失败"})
SPOKEN = {
    ReturnReason.ACCOUNT: ("账号", "卡号", "账户不存在"),
    ReturnReason.NAME: ("户名", "姓名不符"),
    ReturnReason.CLOSED: ("冻结", "销户", "注销", "挂失"),
}
"""Words of banks by which a reason is known; what has none of them, or those of two, is told as the bank wrote it."""


def _result(typed: str) -> PaymentResult:
    if typed in SUCCEEDED:
        return PaymentResult.PAID
    if typed in FAILED:
        return PaymentResult.RETURNED
    raise CellFault("应写“成功”或“退汇”")


LAYOUT = Layout(
    title="批量付款",
    columns=(
        Column(
            name="number",
            label="编号",
            read=words(20),
            help="是哪项义务；有同名的，或一个人有几项的，靠它区分",
            example="协议义务5",
        ),
        Column(
            name="name",
            label="姓名",
            read=words(100),
            required=True,
            also=("户名", "收款人", "收款人姓名", "收款人户名"),
            example="王某",
        ),
        Column(
            name="account",
            label="账号",
            read=words(40),
            kind=Kind.NUMBER,
            also=("卡号", "银行账号", "银行卡号", "收款人账号"),
            help="给银行用；这里只与名册核对，不保存",
        ),
        Column(
            name="amount",
            label="金额",
            read=sum_of_money,
            kind=Kind.MONEY,
            required=True,
            also=("付款金额", "交易金额", "实发金额"),
            example="8600.00",
        ),
        Column(
            name="result",
            label="结果",
            read=_result,
            required=True,
            also=("状态", "处理结果", "交易结果", "交易状态"),
            help="写“成功”或“退汇”",
            example="成功",
        ),
        Column(
            name="reason",
            label="原因",
            read=words(100),
            also=("退汇原因", "失败原因"),
            help=f"退汇的要写：{'、'.join(it.label for it in ReturnReason)}，或照银行写的",
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A payment that is still to be made."""

    obligation: str
    number: str
    name: str
    amount: int
    person: str = ""
    """Whom it is paid to, by the id in the register; empty where nobody is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account to which the bank was told to pay."""

    row: int
    person: str
    name: str
    typed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What a table says of the payments; with any fault nothing of it is to be taken."""

    rows: tuple[BatchRow, ...]
    faults: tuple[TableFault, ...]
    notes: tuple[str, ...]
    accounts: tuple[Account, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The accounts of a table held against the register."""

    warnings: tuple[str, ...]
    shown: tuple[Person, ...]
    """Of whose accounts the end is told."""
    read: int
    """How many people's were read."""


def still_owed(view: CaseView, agreement: str) -> list[Owed]:
    """What is still to be paid under an agreement, and to whom."""
    duties, people = facts_of(view.case).obligations, view.case.facts.people()
    return [
        Owed(
            obligation=row.obligation,
            number=view.teller.numbered(row.obligation),
            name=view.names.get(duties[row.obligation].payee or "", ""),
            amount=row.amount,
            person=people.get(duties[row.obligation].payee or "", ""),
        )
        for row in owing(view.case).get(agreement, ())
    ]


def template(view: CaseView, agreement: str) -> bytes:
    """The table for the bank, with names and what is still owed; account and result are to be filled in."""
    rows = (
        {"number": it.number, "name": it.name, "amount": money_words(it.amount).lstrip("￥").replace(",", "")}
        for it in still_owed(view, agreement)
    )
    return write_table(LAYOUT, [*rows])


def matched(view: CaseView, agreement: str, content: bytes) -> Matched:
    """The rows of a table, each with the payment it is about. TableUnfit where it is no table that can be read."""
    read, matching = read_table(content, LAYOUT), _Matching(still_owed(view, agreement))
    found = [matching.row(row) for row in read.rows]
    faults = sorted((*read.faults, *matching.faults), key=lambda fault: fault.row)
    rows = tuple(row for row in found if row is not None)
    return Matched(rows=rows, faults=tuple(faults), notes=read.notes, accounts=tuple(matching.accounts))


def compared(found: Matched, people: People, reader: Actor) -> Compared:
    """What of the accounts in a table is not as in the register, row by row; of either no more than the end is told."""
    known = people.all_details(reader, {it.person for it in found.accounts})
    held = {id: own.account for id, (_, own) in known.items() if isinstance(own, PersonDetails) and own.account}
    odd = [it for it in found.accounts if it.person in held and not _fits(it.typed, held[it.person])]
    shown = {it.person: known[it.person][0] for it in odd}
    warnings = tuple(_differs(it, held[it.person]) for it in odd)
    return Compared(warnings=warnings, shown=tuple(shown.values()), read=len(held))


def _differs(it: Account, held: str) -> str:
    ends = f"名册里是 {masked_account(held)}，表里是 {masked_account(_plain(it.typed))}"
    return f"第{it.row}行“账号”：与名册里{it.name}的银行账号不同（{ends}），请核对是不是付错了，或名册要改"


def _fits(typed: str, held: str) -> bool:
    """Whether it is the same account; a bank may write stars for the middle of it."""
    first, stars, last = re.fullmatch(r"([^*]*)(\**)(.*)", _plain(typed)).groups()  # type: ignore[union-attr]
    return held.startswith(first) and held.endswith(last) if stars else held == first


def _plain(typed: str) -> str:
    return plain_number(typed.replace("＊", "*"))


class _Matching:
    """The rows of a table on their way to what they are about."""

    def __init__(self, owed: Iterable[Owed]) -> None:
        self.owed = tuple(owed)
        self.faults: list[TableFault] = []
        self.accounts: list[Account] = []
        self.places: dict[str, int] = {}
        """The row of the file by what it is about."""

    def row(self, row: Row) -> BatchRow | None:
        """What a row says; None where something of it is wrong."""
        before, amount, result = len(self.faults), row.values.get("amount"), row.values.get("result")
        it = self._owed(row) if row.values.get("name") else None
        if it is not None:
            self._check(row, it)
            if it.person and (typed := row.values.get("account")):
                self.accounts.append(Account(row=row.number, person=it.person, name=it.name, typed=typed))
        reason, note = self._reason(row)
        if it is None or amount is None or result is None or len(self.faults) > before:
            return None
        return BatchRow(obligation=it.obligation, amount=amount, result=result, reason=reason, note=note)

    def _owed(self, row: Row) -> Owed | None:
        """What a row is about: by its number where one is written, else by the name alone."""
        name, number = row.values["name"], row.values.get("number")
        if number:
            found = [it for it in self.owed if it.number == number]
            if not found:
                self._wrong(row, "编号", f"这份协议没有还没付清的“{number}”")
            elif found[0].name and found[0].name != name:
                self._wrong(row, "姓名", f"{number}是付给{found[0].name}的，不是{name}")
            else:
                return found[0]
            return None
        found = [it for it in self.owed if it.name == name]
        if len(found) > 1:
            numbers = "、".join(it.number for it in found)
            self._wrong(row, "姓名", f"叫{name}的有{len(found)}项还没付清（{numbers}），请在“编号”一列写明是哪一项")
        elif not found:
            self._wrong(row, "姓名", f"这份协议没有还没付清给{name}的款，请核对姓名，或者删去这一行")
        return found[0] if len(found) == 1 else None

    def _check(self, row: Row, it: Owed) -> None:
        first = self.places.setdefault(it.obligation, row.number)
        if first != row.number:
            self._wrong(row, "姓名", f"和第{first}行是同一笔（{it.number}），只留一行")
        if row.values.get("amount") not in (None, it.amount):
            self._wrong(row, "金额", f"还没付清的是 {money_words(it.amount)}，与这里写的不同，请核对")

    def _reason(self, row: Row) -> tuple[ReturnReason | None, Text | None]:
        """Why it came back; what a bank says of a payment that arrived is no reason."""
        if row.values.get("result") is not PaymentResult.RETURNED:
            return None, None
        said = row.values.get("reason")
        if not said:
            self._wrong(row, "原因", "退汇的要写原因")
            return None, None
        reason = ReturnReason.named(said)
        if reason is not None and reason is not ReturnReason.OTHER:
            return reason, None
        if reason is ReturnReason.OTHER:
            self._wrong(row, "原因", "请写明是什么原因，不要只写“其他”")
        known = [*_spoken(said)]
        return (known[0] if len(known) == 1 else ReturnReason.OTHER), Text(said)

    def _wrong(self, row: Row, label: str, sentence: str) -> None:
        self.faults.append(TableFault(row=row.number, label=label, sentence=sentence))


def _spoken(said: str) -> Iterator[ReturnReason]:
    return (reason for reason, parts in SPOKEN.items() if any(part in said for part in parts))
