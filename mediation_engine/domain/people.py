"""People, firms and groups as the register knows them, and what the official forms ask of each (司法部文书格式).

Every field but the name may be unknown. What is filled in lies encrypted beside the name, under a key of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass
from datetime import date
from typing import Any

from .command import Called
from .fields import REGISTER, Text, choice, day, flag, rows
from .fields import text as words
from .labels import Labelled


class PartyKind(Labelled):
    """Kinds of subject in the register."""

    PERSON = "person", "个人"
    ENTERPRISE = "enterprise", "单位"
    GROUP = "group", "一群人"


class NumberKind(Labelled):
    """Papers that say who somebody is."""

    RESIDENT = "resident", "居民身份证"
    HMT_RESIDENCE = "hmt_residence", "港澳台居民居住证"
    FOREIGN_RESIDENCE = "foreign_residence", "外国人永久居留身份证"
    PASSPORT = "passport", "护照"
    OTHER = "other", "其他证件"


class Sex(Labelled):
    MALE = "male", "男"
    FEMALE = "female", "女"


class Contact(Labelled):
    """How somebody likes to be reached."""

    CALL = "call", "打电话"
    SMS = "sms", "发短信"
    WECHAT = "wechat", "微信"
    POST = "post", "邮寄"
    VISIT = "visit", "上门"


def _text(label: str, *, longest: int, default: Any = None) -> Any:
    return words(label, longest=longest, disclosure=REGISTER, default=default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A telephone, and whose or which it is."""

    number: Text = _text("号码", longest=30, default=MISSING)
    label: Text | None = _text("哪个电话", longest=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDetails(Called):
    label = "个人资料"
    number_kind: NumberKind = choice("证件种类", default=NumberKind.RESIDENT)
    number: Text | None = _text("证件号码", longest=30)
    birth: date | None = day("出生日期", help="填了身份证号的，可以不填")
    sex: Sex | None = choice("性别", default=None)
    nation: Text | None = _text("民族", longest=20)
    phones: tuple[Phone, ...] = rows("电话")
    address: Text | None = _text("住址", longest=100)
    employer: Text | None = _text("工作单位", longest=100)
    job: Text | None = _text("职业或职务", longest=50)
    cannot_read: bool = flag("不识字或看不清，文书要念给他听")
    interpreter: Text | None = _text("要哪种语言或手语的翻译", longest=30)
    large_print: bool = flag("文书要用大字")
    contact: Contact | None = choice("喜欢怎样联系", default=None)
    bank: Text | None = _text("开户行", longest=100)
    account: Text | None = _text("银行账号", longest=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseDetails(Called):
    label = "单位资料"
    credit_code: Text | None = _text("统一社会信用代码", longest=30)
    representative: Text | None = _text("法定代表人或负责人", longest=100)
    contact_person: Text | None = _text("联系人", longest=100)
    phones: tuple[Phone, ...] = rows("电话")
    address: Text | None = _text("住所", longest=100)
    zone_unit: Text | None = _text("所在片区或村", longest=50)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDetails(Called):
    label = "群体资料"
    contact_person: Text | None = _text("联系人", longest=100)
    phones: tuple[Phone, ...] = rows("电话")
    address: Text | None = _text("地址", longest=100)


Details = PersonDetails | EnterpriseDetails | GroupDetails
DETAILS: Mapping[PartyKind, type[Details]] = {
    PartyKind.PERSON: PersonDetails,
    PartyKind.ENTERPRISE: EnterpriseDetails,
    PartyKind.GROUP: GroupDetails,
}
"""What is asked of each kind."""
WANTED: Mapping[PartyKind, tuple[str, ...]] = {
    PartyKind.PERSON: ("sex", "nation", "birth", "job", "phones", "address"),
    PartyKind.ENTERPRISE: ("representative", "phones", "address"),
    PartyKind.GROUP: ("contact_person", "phones"),
}
"""What 申请书 and 协议书 ask of each, by field."""


def age(birth: date, day: date) -> int:
    """Full years on a day, by the birthday (民法典 第17条 周岁)."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


class RegisterReason(Labelled):
    """Why somebody other than the lead looks at a whole number or address."""

    CONTACT = "contact", "联系当事人"
    IDENTITY = "identity", "核对身份"
    PAPERS = "papers", "制作文书或送达"
    VISIT = "visit", "走访"
    PAYMENT = "payment", "核对收付款"
    OTHER = "other", "其他办案需要"
