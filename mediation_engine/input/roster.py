"""A roster (花名册) brought as a table: a row a person, with number, account, months and what is claimed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from ..domain.fields import Text
from ..domain.people import PartyKind, PersonDetails, Phone, age
from ..errors import FormFaults
from ..ids import system_randomness
from .identity_numbers import Read, read_account, read_phone, read_resident
from .new_people import someone
from .tables import CellFault, Column, Kind, Layout, Row, TableFault, read_table, sum_of_money, words

NAME, NUMBER, PHONE, BANK, ACCOUNT, MONTHS, SUM, NOTE = (
    *("姓名", "身份证号", "电话", "开户行", "银行账号", "月份", "金额", "备注"),
)
OF_AGE, WORKING_AGE = 18, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Somebody on a roster."""

    row: int
    name: str
    details: PersonDetails
    claimed: int
    """In 分."""
    months: str = ""
    note: str = ""

    def age(self, today: date) -> int:
        """In whole years; by the number every adult has."""
        return age(self.details.birth or today, today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A roster as it was read: with any fault nothing of it is to be taken."""

    people: tuple[Listed, ...]
    faults: tuple[TableFault, ...]
    warnings: tuple[str, ...]
    """What is strange but may be so, each with its row."""
    notes: tuple[str, ...]
    """What was not read, and why."""

    @property
    def total(self) -> int:
        """All that is claimed, in 分."""
        return sum(it.claimed for it in self.people)


def layout(today: date) -> Layout:
    """The columns of a roster."""
    return Layout(
        title="花名册",
        columns=(
            Column(
                name=NAME, label=NAME, read=_name, required=True, also=("名字", "员工姓名", "工人姓名"), example="王某"
            ),
            Column(
                name=NUMBER,
                label=NUMBER,
                read=_sound(lambda typed: read_resident(typed, today)),
                kind=Kind.NUMBER,
                required=True,
                also=("身份证号码", "身份证", "证件号码", "公民身份号码"),
                help="18位。先把这一列设为文本再填",
                example="330784198503070012",
            ),
            Column(
                name=PHONE,
                label=PHONE,
                read=_sound(read_phone),
                kind=Kind.NUMBER,
                also=("手机", "手机号", "手机号码", "电话号码", "联系电话", "联系方式"),
                example="13812345678",
            ),
            Column(name=BANK, label=BANK, read=words(100), also=("开户银行", "银行"), example="中国银行永康支行"),
            Column(
                name=ACCOUNT,
                label=ACCOUNT,
                read=_sound(read_account),
                kind=Kind.NUMBER,
                also=("账号", "银行卡号", "卡号", "工资卡号", "收款账号", "银行帐号", "帐号"),
                help="8到30位数字。先把这一列设为文本再填",
                example="6222020111122220000",
            ),
            Column(
                name=MONTHS,
                label=MONTHS,
                read=words(100),
                also=("所欠月份", "欠薪月份", "工资月份", "所属月份"),
                help="哪几个月的，照平常的写法",
                example="2026年8月—10月",
            ),
            Column(
                name=SUM,
                label=SUM,
                read=_claimed,
                kind=Kind.MONEY,
                required=True,
                also=("金额(元)", "请求金额", "欠薪金额", "拖欠金额", "欠款金额", "工资金额"),
                help="本人请求的金额，单位是元",
                example="12345.60",
            ),
            Column(name=NOTE, label=NOTE, read=words(200)),
        ),
    )


def read_roster(content: bytes, today: date) -> Roster:
    """What stands in a file. TableUnfit."""
    read = read_table(content, layout(today))
    faults = [*read.faults, *_twice(read.rows)]
    faults.sort(key=lambda it: it.row)
    if faults:
        return Roster(people=(), faults=tuple(faults), warnings=(), notes=read.notes)
    people = tuple(_listed(row) for row in read.rows)
    warnings = tuple(f"第{it.row}行：{said}" for it in people for said in _strange(it, today))
    return Roster(people=people, faults=(), warnings=warnings, notes=read.notes)


def _listed(row: Row) -> Listed:
    said = row.values
    number: Read = said[NUMBER]
    phone, account = said.get(PHONE), said.get(ACCOUNT)
    details = PersonDetails(
        number=Text(number.number),
        birth=number.birth,
        sex=number.sex,
        phones=(Phone(number=Text(phone.number)),) if phone else (),
        bank=_text(said.get(BANK)),
        account=Text(account.number) if account else None,
    )
    told = {"months": said.get(MONTHS) or "", "note": said.get(NOTE) or ""}
    return Listed(row=row.number, name=said[NAME], details=details, claimed=said[SUM], **told)


def _text(said: str | None) -> Text | None:
    return Text(said) if said else None


def _twice(rows: tuple[Row, ...]) -> Iterator[TableFault]:
    first: dict[str, int] = {}
    for row in rows:
        number = row.values.get(NUMBER)
        if number is None:
            continue
        if number.number in first:
            sentence = f"与第{first[number.number]}行相同，同一人只能有一行"
            yield TableFault(row=row.number, label=NUMBER, sentence=sentence)
        first.setdefault(number.number, row.number)


def _strange(it: Listed, today: date) -> Iterator[str]:
    """What to look at once more."""
    number, account = read_resident(it.details.number or "", today), read_account(it.details.account or "")
    if number.warning:
        yield f"身份证号{number.warning}"
    if it.details.account and account.warning:
        yield f"银行账号{account.warning}"
    if it.age(today) < WORKING_AGE:
        yield f"照身份证号{it.age(today)}岁，疑似童工，应告知并报告劳动保障监察；由监护人代理"
    elif it.age(today) < OF_AGE:
        yield f"照身份证号{it.age(today)}岁，登记后请记录行为能力"


def _name(typed: str) -> str:
    try:
        return someone(NAME, typed, PartyKind.PERSON, system_randomness).name
    except FormFaults as fault:
        raise CellFault(fault.faults[NAME][0]) from fault


def _claimed(typed: str) -> int:
    claimed = sum_of_money(typed)
    if claimed <= 0:
        raise CellFault("应大于零")
    return claimed


def _sound(read: Callable[[str], Read]) -> Callable[[str], Read]:
    def checked(typed: str) -> Read:
        found = read(typed)
        if found.fault:
            raise CellFault(found.fault)
        return found

    return checked
