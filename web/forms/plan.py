"""分期付款: who pays whom how much in how many instalments, as a part of a form; it makes rows that can be changed."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from mediation_engine.domain.formatting import money_words
from mediation_engine.domain.limits import MOST_ROWS_SHOWN
from mediation_engine.errors import FormFaults, YearUnknown
from mediation_engine.input.command_schema import read_sum
from mediation_engine.input.days import Unread, read_day, typed_day
from mediation_engine.services.case_view import CaseView
from workflows.facts import facts_of
from workflows.instalments import MOST_INSTALMENTS, Distance, instalments, shared
from workflows.parts.queries import in_dispute
from workflows.vocabulary import PaidBy, Side, TermKind

from .checkboxes import Option
from .command_form import NEW, Typed
from .roster_terms import Filled, payment

PLAN = "plan"
PAYER, TOTAL, NUMBER = f"{PLAN}.payer", f"{PLAN}.total", f"{PLAN}.number"
FIRST, EVERY, LATE = f"{PLAN}.first", f"{PLAN}.every", f"{PLAN}.late"
HOW = f"{PLAN}.how"
CUSTODIAN = f"{PLAN}.custodian"
MADE = f"{PLAN}.made"
"""A mark for each row that was listed: a row that still has it has not been changed since."""
TO = f"{PLAN}.to."
"""Before the key of who is paid: how much, or how many shares of the total."""
MOST_PAYEES = 8
ALL_DUE = "一期没有按时付足的，没有付的各期全部到期，应一次付清"
"""What instalments are mostly agreed to lead to when one is missed."""
AGREED_BY = {PaidBy.TRANSFER: "以银行转账", PaidBy.PHONE: "以微信或支付宝", PaidBy.CASH: "以现金"}
"""By how it is paid: the words for it in a term."""
SHARE = re.compile(r"([0-9]{1,6})\s*[份%]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What was asked for."""

    view: CaseView
    typed: Typed
    faults: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def parties(self) -> list[Option]:
        """Who may pay and be paid: the respondents first where one is to choose who pays."""
        parties = facts_of(self.view.case).parties
        keys = sorted(in_dispute(self.view.case), key=lambda k: parties[k].side is not Side.RESPONDENT)
        return [(key, self.view.teller.thing(key)) for key in keys]

    @property
    def is_offered(self) -> bool:
        """Whether there are few enough that each has a box."""
        return 2 <= len(self.parties) <= MOST_PAYEES

    @property
    def payer(self) -> str:
        return self.typed.get(PAYER) or next((key for key, _ in self.parties), "")

    @property
    def payees(self) -> list[tuple[str, str, str]]:
        """(key, name, what was typed) of those who can be paid: all but the payer, those who claim first."""
        return [(k, name, self.typed.get(TO + k, "")) for k, name in self._others()]

    def _others(self) -> list[Option]:
        parties = facts_of(self.view.case).parties
        others = [(key, name) for key, name in self.parties if key != self.payer]
        return sorted(others, key=lambda it: parties[it[0]].side is Side.RESPONDENT)

    @property
    def distances(self) -> list[Option]:
        return [(it.code, it.label) for it in Distance]

    @property
    def every(self) -> str:
        """How far apart instalments lie: a month, unless somebody says otherwise."""
        return self.typed.get(EVERY) or Distance.MONTH.code

    @property
    def hows(self) -> list[Option]:
        """How it may be agreed to be paid."""
        return [(it.code, it.label) for it in AGREED_BY]

    @property
    def how(self) -> str:
        """How it is to be paid, as it stands in each term; nothing where that is not agreed."""
        named = PaidBy.named(self.typed.get(HOW, ""))
        return AGREED_BY.get(named, "") if named else ""

    @property
    def people(self) -> list[Option]:
        """Who may pass it on: all who are known in the case."""
        return [*self.view.people.items()]

    @property
    def custodian(self) -> Filled:
        """Through whom it is paid, as it stands in each term."""
        chosen, new = self.typed.get(CUSTODIAN, ""), self.typed.get(CUSTODIAN + NEW, "").strip()
        return {"custodian": chosen} if chosen else {f"custodian{NEW}": new} if new else {}

    @property
    def is_open(self) -> bool:
        """Whether it is filled in, or something is wrong with it."""
        return bool(self.faults) or any(typed.strip() for _, _, typed in self.payees)

    def summary(self) -> list[tuple[str, str, str]]:
        """(id, label, sentence) of all that is wrong."""
        labels = {
            CUSTODIAN: "代收代付人",
            PAYER: "谁付",
            TOTAL: "总数",
            NUMBER: "分几期",
            FIRST: "第一期哪天以前",
            EVERY: "每期隔多久",
        }
        payees = {TO + key: f"付给{name}" for key, name, _ in self.payees}
        return [(n, (labels | payees).get(n, "条款"), said) for n, some in self.faults.items() for said in some]

    def rows(self) -> tuple[list[Filled], int]:
        """The terms, and what they come to. FormFaults: every sentence by the name of its control."""
        wrong: dict[str, list[str]] = {}
        sums, number, first = self._sums(wrong), self._number(wrong), self._first(wrong)
        if first is None:
            wrong.setdefault(FIRST, ["请写第一期（一次付清的，那一次）在哪天以前"])
        if self.payer not in dict(self.parties):
            wrong[PAYER] = ["请选择由谁付"]
        distance = Distance.named(self.every)
        if distance is None:
            wrong[EVERY] = ["请选择隔多久付一期"]
        if not wrong and len(sums) * number > MOST_ROWS_SHOWN:
            wrong[NUMBER] = [f"一页最多列 {MOST_ROWS_SHOWN} 条，请少分几期"]
        if self.typed.get(CUSTODIAN) and self.typed.get(CUSTODIAN + NEW, "").strip():
            wrong[CUSTODIAN] = ["选了已登记的，又填了新的姓名；请只留一样"]
        if wrong or first is None or distance is None:
            raise FormFaults(wrong)
        try:
            found = [*instalments(sums, number, first, distance)]
        except YearUnknown as fault:
            raise FormFaults({FIRST: ["日子太远，请核对"]}) from fault
        return [self._row(it.payee, it.amount, it.due, it.number, number) for it in found], sum(s for _, s in sums)

    @property
    def made(self) -> list[str]:
        """The marks of the rows that were listed before."""
        return self.typed.getlist(MADE)

    def replaces(self, row: Filled, planned: Sequence[Filled]) -> bool:
        """Whether a row gives way: it was listed for the same payer and payee, and nobody has changed it."""
        pairs = {(it["payer"], it["payee"]) for it in planned}
        return (row.get("payer"), row.get("payee")) in pairs and mark_of(row) in self.made

    def _row(self, payee: str, amount: int, due: date, n: int, number: int) -> Filled:
        which = f"第{n}期，" if number > 1 else ""
        row = payment(self.view, self.payer, payee, amount, typed_day(due), which=which, how=self.how)
        return row | self.custodian | ({"default": ALL_DUE} if number > 1 and self.typed.get(LATE) else {})

    def _sums(self, wrong: dict[str, list[str]]) -> list[tuple[str, int]]:
        """How much each is paid; by shares of the total where these are typed."""
        typed = {key: words.strip() for key, _, words in self.payees if words.strip()}
        total = self.typed.get(TOTAL, "").strip()
        if not typed and total and len(self.payees) == 1:
            typed = {self.payees[0][0]: total}
        if not typed:
            wrong[f"{TO}{self.payees[0][0]}" if self.payees else PAYER] = ["请写付给谁、各多少"]
            return []
        shares = {key: int(found[1]) for key, words in typed.items() if (found := SHARE.fullmatch(words))}
        if shares:
            return self._by_shares(typed, shares, total, wrong)
        sums = []
        for key, words in typed.items():
            read = read_sum(words)
            if not read.fen:
                wrong[TO + key] = [read.fault or "金额须大于零"]
            sums.append((key, read.fen or 0))
        whole = read_sum(total) if total else None
        if whole and whole.fen is None:
            wrong[TOTAL] = [whole.fault]
        elif whole and not wrong and whole.fen != sum(fen for _, fen in sums):
            wrong[TOTAL] = [f"各人相加是 {money_words(sum(fen for _, fen in sums))}，与总数不同；请改一样"]
        return sums

    def _by_shares(
        self, typed: dict[str, str], shares: dict[str, int], total: str, wrong: dict[str, list[str]]
    ) -> list[tuple[str, int]]:
        read = read_sum(total) if total else None
        if len(shares) < len(typed) or not all(shares.values()):
            wrong[TO + next(iter(shares))] = ["各人都写金额，或者都写份数，如 2份"]
        elif read is None or not read.fen:
            wrong[TOTAL] = [read.fault if read and read.fault else "按份数分的，请写总数"]
        if wrong or read is None or not read.fen:
            return []
        return [*zip(shares, shared(read.fen, [*shares.values()]), strict=True)]

    def _number(self, wrong: dict[str, list[str]]) -> int:
        typed = self.typed.get(NUMBER, "").strip().rstrip("期次")
        number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else 0 if typed else 1
        if not 1 <= number <= MOST_INSTALMENTS:
            wrong[NUMBER] = [f"分几期请写 1 到 {MOST_INSTALMENTS} 的整数；一次付清写 1"]
        return number

    def _first(self, wrong: dict[str, list[str]]) -> date | None:
        typed = self.typed.get(FIRST, "").strip()
        try:
            return read_day(typed, self.view.today, ahead=True) if typed else None
        except Unread as fault:
            wrong[FIRST] = [str(fault)]
        return None


def mark_of(row: Filled) -> str:
    """A mark by which it is seen whether a row has been changed."""
    answered = sorted((name, "".join(value.split())) for name, value in row.items() if value.strip())
    return f"{zlib.crc32(repr(answered).encode()):08x}"


def come_to(rows: Sequence[Filled]) -> int:
    """What the payments among some rows come to; of what is parted further, the last parts count."""
    parted = {row.get("part_of", "").strip() for row in rows}
    paid = (row for n, row in enumerate(rows, 1) if row.get("kind") == TermKind.PAY.code and f"{n}" not in parted)
    return sum(read_sum(row.get("amount", "")).fen or 0 for row in paid)
