"""A ledger on its way from rows to entries: what a row says, held against itself; every fault by row and column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

from mediation_engine.domain.fields import Text
from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.people import Details, EnterpriseDetails, GroupDetails, PartyKind, PersonDetails, Phone
from mediation_engine.input.identity_numbers import Read, read_credit_code, read_phone, read_resident
from mediation_engine.input.tables import Row, Sheet, TableFault
from workflows.vocabulary import AgreementForm, Dispute, Extent, Side, Source

from . import ledger_columns as columns
from .ledger_columns import NONE_OF_IT, Named, Result, layout_of, parts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party of a row, with what the row knows of it."""

    name: str
    side: Side
    kind: PartyKind
    count: int | None
    details: Details | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row of a ledger that was read: what it does not say is None."""

    row: int
    number: str
    day: date
    parties: tuple[Party, ...]
    dispute: Dispute
    result: Result
    matter: str | None = None
    source: Source | None = None
    claimed: int | None = None
    mediator: str | None = None
    settled: date | None = None
    form: AgreementForm | None = None
    agreed: int | None = None
    terms: str | None = None
    extent: Extent | None = None
    undone: str = ""
    """What is said of performance where that tells no extent: 未履行 does not say that anything was due."""
    performed: date | None = None
    paid: int | None = None
    closed: date | None = None
    remark: str | None = None

    @property
    def is_performed(self) -> bool:
        """Whether all that was agreed is done."""
        return self.extent is Extent.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRead:
    """A ledger as it was read: with any fault nothing of it is to be taken."""

    entries: tuple[Entry, ...]
    faults: tuple[TableFault, ...]
    notes: tuple[str, ...]
    """What was not read, and why."""
    warnings: tuple[str, ...]
    """What is strange but may be so, each with its row."""
    rows: int
    """How many rows there are."""


def read_ledger(sheet: Sheet, headers: Mapping[str, str], today: date) -> LedgerRead:
    """What stands on a sheet, its columns named by its headers. TableUnfit."""
    layout = layout_of(headers)
    labels = {column.name: column.label for column in layout.columns}
    read = sheet.read(layout, columns.MOST_ROWS)
    wrong = {(fault.row, fault.label) for fault in read.faults}
    faults, warnings, entries = list(read.faults), list[str](), list[Entry]()
    for row in read.rows:
        checked = _Checked(row, labels, today, wrong)
        if (entry := checked.entry()) is not None:
            entries.append(entry)
        faults += checked.faults
        warnings += checked.warnings
    faults += _twice(read.rows, labels)
    faults.sort(key=lambda it: it.row)
    return LedgerRead(
        entries=tuple(entries) if not faults else (),
        faults=tuple(faults),
        notes=read.notes,
        warnings=tuple(warnings),
        rows=len(read.rows),
    )


def _twice(rows: tuple[Row, ...], labels: Mapping[str, str]) -> Iterator[TableFault]:
    """Numbers that stand in two rows."""
    first: dict[str, int] = {}
    for row in rows:
        number = row.values.get(columns.NUMBER)
        if number in first:
            sentence = f"与第{first[number]}行相同，一件案件只能有一行，各行的编号要不同"
            yield TableFault(row=row.number, label=labels[columns.NUMBER], sentence=sentence)
        elif number is not None:
            first[number] = row.number


class _Checked:
    """One row, held against itself."""

    def __init__(self, row: Row, labels: Mapping[str, str], today: date, wrong: set[tuple[int, str]]) -> None:
        self.row, self.labels, self.today, self.wrong = row, labels, today, wrong
        self.said: dict[str, Any] = {name: row.values.get(name) for name in columns.BY_NAME}
        extent, words = self.said[columns.EXTENT] or (None, "")
        self.said[columns.EXTENT] = extent
        self.undone: str = words
        self.faults: list[TableFault] = []
        self.warnings: list[str] = []

    def entry(self) -> Entry | None:
        """What the row says; None where that is not sound."""
        said = self.said
        parties = tuple(
            party for side, named, numbers, phones in _SIDES for party in self._parties(side, named, numbers, phones)
        )
        self._check_days()
        self._check_ways()
        asked = (said[columns.NUMBER], said[columns.DAY], said[columns.APPLICANTS], said[columns.DISPUTE])
        if self.faults or None in asked:
            return None
        self._look()
        return Entry(
            row=self.row.number,
            number=said[columns.NUMBER],
            day=said[columns.DAY],
            parties=parties,
            dispute=said[columns.DISPUTE],
            result=self._result(),
            matter=said[columns.MATTER],
            source=said[columns.SOURCE],
            claimed=said[columns.CLAIMED],
            mediator=said[columns.MEDIATOR],
            settled=said[columns.SETTLED],
            form=said[columns.FORM],
            agreed=said[columns.AGREED],
            terms=said[columns.TERMS],
            extent=said[columns.EXTENT],
            undone=self.undone if said[columns.EXTENT] is None else "",
            performed=said[columns.PERFORMED],
            paid=said[columns.PAID],
            closed=said[columns.CLOSED],
            remark=said[columns.REMARK],
        )

    def _result(self) -> Result:
        return self.said[columns.RESULT] or Result.ONGOING

    # -- parties

    def _parties(self, side: Side, named: str, numbers: str, phones: str) -> Iterator[Party]:
        people: tuple[Named, ...] = self.said[named] or ()
        known = self._one_each(numbers, people, self._number)
        called = self._one_each(phones, people, lambda typed, _: read_phone(typed))
        both = {it.name for it in people} & {it.name for it in self.said[_OTHER[named]] or ()}
        if both and side is Side.RESPONDENT:
            self._wrong(named, f"“{sorted(both)[0]}”也写在申请人里，请核对谁是哪一方")
        for it, number, phone in zip_longest(people, known, called):
            if it is not None:
                details = _details(it, number, phone)
                yield Party(name=it.name, side=side, kind=it.kind, count=it.count, details=details)

    def _number(self, typed: str, it: Named) -> Read:
        return read_credit_code(typed) if it.kind is PartyKind.ENTERPRISE else read_resident(typed, self.today)

    def _one_each(self, name: str, people: tuple[Named, ...], read: Callable[[str, Named], Read]) -> list[Read | None]:
        """A number of each of the people of a side, as the cell lists them."""
        typed = [part.lstrip("'") for part in parts_of(self.said[name] or "")]
        if not typed or not people:
            return [None] * len(people)
        if len(typed) != len(people):
            self._wrong(name, f"有{len(people)}位当事人，这里写了{len(typed)}个；一人一个，用“、”隔开，没有的写“无”")
            return [None] * len(people)
        found: list[Read | None] = []
        for part, it in zip(typed, people, strict=True):
            one = None if part in NONE_OF_IT else read(part, it)
            if one is not None and one.fault:
                self._wrong(name, f"{it.name}的号码{one.fault}" if len(people) > 1 else one.fault)
            if one is not None and it.kind is PartyKind.GROUP and name in _NUMBERS:
                self._wrong(name, f"“{it.name}”是一群人，记不下证件号码；请写“无”，录入后再逐人登记")
            if one is not None and one.warning:
                self.warnings.append(f"第{self.row.number}行“{self.labels[name]}”：{one.warning}")
            found.append(one)
        return found

    # -- what does not fit together

    def _check_days(self) -> None:
        """No day is ahead, and none before what it rests on."""
        before: tuple[str, date] | None = None
        for name in (columns.DAY, columns.SETTLED, columns.PERFORMED, columns.CLOSED):
            day: date | None = self.said[name]
            if day is None:
                continue
            if day > self.today:
                self._wrong(name, f"{day_words(day)}还没有到，请核对；还没有办的，空着")
            elif before is not None and day < before[1]:
                self._wrong(name, f"{day_words(day)}早于“{self.labels[before[0]]}”的{day_words(before[1])}，请核对")
            before = name, day

    def _check_ways(self) -> None:
        """What is said of an agreement, of what came of it and of the end fits the result."""
        if (self.row.number, self.labels.get(columns.RESULT, "")) in self.wrong:
            return
        result, told = self._result(), f"“{columns.RESULT}”"
        if result is not Result.SETTLED:
            for name in (columns.FORM, columns.AGREED, columns.TERMS, columns.EXTENT, columns.PERFORMED, columns.PAID):
                if self.said[name] is not None:
                    self._wrong(name, f"{told}是“{result.value}”，这里不该有内容；达成了协议的，结果请写“调解成功”")
        if result is Result.ONGOING and self.said[columns.CLOSED] is not None:
            self._wrong(columns.CLOSED, f"{told}是“调解中”，不该有结案日期；请写明结果，或删去日期")
        if self.said[columns.PERFORMED] is not None and self.said[columns.EXTENT] is None and self._has_no_extent():
            self._wrong(columns.PERFORMED, f"有履行日期，请在“{columns.EXTENT}”里写明全部履行还是部分履行")

    def _has_no_extent(self) -> bool:
        return (self.row.number, self.labels.get(columns.EXTENT, "")) not in self.wrong

    def _look(self) -> None:
        """What to look at once more."""
        said, row, paid, agreed = self.said, self.row.number, self.said[columns.PAID], self.said[columns.AGREED]
        if not said[columns.RESPONDENTS]:
            self.warnings.append(f"第{row}行：没有被申请人，录入后请补上")
        is_open = self._result() is Result.SETTLED and said[columns.EXTENT] is not Extent.ALL
        if said[columns.CLOSED] is not None and is_open:
            self.warnings.append(f"第{row}行：有结案日期，但没有写全部履行；案件录入后仍在办，结案日期照原话记下")
        if paid is not None and agreed is not None and paid > agreed:
            self.warnings.append(f"第{row}行：已履行的金额比协议金额多，请核对")

    def _wrong(self, name: str, sentence: str) -> None:
        self.faults.append(TableFault(row=self.row.number, label=self.labels.get(name, name), sentence=sentence))


_SIDES = (
    (Side.APPLICANT, columns.APPLICANTS, columns.APPLICANT_NUMBERS, columns.APPLICANT_PHONES),
    (Side.RESPONDENT, columns.RESPONDENTS, columns.RESPONDENT_NUMBERS, columns.RESPONDENT_PHONES),
)
_NUMBERS = (columns.APPLICANT_NUMBERS, columns.RESPONDENT_NUMBERS)
_OTHER = {columns.APPLICANTS: columns.RESPONDENTS, columns.RESPONDENTS: columns.APPLICANTS}


def _details(it: Named, number: Read | None, phone: Read | None) -> Details | None:
    """What is known of a party beside its name; None where nothing is."""
    if number is None and phone is None:
        return None
    phones = (Phone(number=Text(phone.number)),) if phone else ()
    if it.kind is PartyKind.ENTERPRISE:
        return EnterpriseDetails(credit_code=Text(number.number) if number else None, phones=phones)
    if it.kind is PartyKind.GROUP:
        return GroupDetails(phones=phones)
    if number is None:
        return PersonDetails(phones=phones)
    return PersonDetails(number=Text(number.number), birth=number.birth, sex=number.sex, phones=phones)
