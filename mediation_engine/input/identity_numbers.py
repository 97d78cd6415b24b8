"""Numbers of papers and telephones as people type them: brought into one form, or told what is wrong with them.

GB 11643-1999 (居民身份证), GB 32100-2015 (统一社会信用代码). A checksum that does not fit is an error, and so is a day
that does not exist; a region code that never was one is only said, for no table of them is whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from stdnum import luhn, numdb
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from ..domain.people import NumberKind, Sex
from .characters import FULL_WIDTH

OLDEST = 120
"""Years; nobody is older."""
HMT = ("81", "82", "83")
"""How numbers of 港澳台居民居住证 begin."""
WITH_CHECKSUM = frozenset({NumberKind.RESIDENT, NumberKind.HMT_RESIDENCE})
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{9,11}")
_SERVICE = re.compile(r"[48]00\d{7}")
_ABROAD = re.compile(r"\+\d{7,15}")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_CARD = re.compile(r"\d{16,19}")
"""A bank card; other accounts have other numbers, and no checksum that everybody uses."""


@dataclass(frozen=True, slots=True)
class Read:
    """A number that was typed: in one form; what is wrong with it, what is strange about it."""

    number: str = ""
    fault: str = ""
    warning: str = ""
    birth: date | None = None
    sex: Sex | None = None


def read_resident(typed: str, today: date) -> Read:
    """A number of eighteen characters: 居民身份证, or 港澳台居民居住证, which is made the same way."""
    number = plain_number(typed).upper()
    if re.fullmatch(r"\d{15}", number):
        return Read(fault="这是15位的旧号码，2013年起停用；请照现在的身份证填18位")
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return Read(fault=f"应为18位（17位数字，最后一位是数字或X），现在是{len(number)}位")
    if ric.calc_check_digit(number) != number[-1]:
        return Read(fault="最后一位校验不符，有一位打错了，请对照证件再看一遍")
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return Read(fault=f"第7到14位“{number[6:14]}”不是有效的出生日期")
    if birth > today:
        return Read(fault=f"第7到14位的出生日期“{number[6:14]}”还没有到")
    if today.year - birth.year > OLDEST:
        return Read(fault=f"照这个号码算，今年{today.year - birth.year}岁，请对照证件再看一遍")
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return Read(number=number, birth=birth, sex=sex, warning=_strange(number))


def _strange(number: str) -> str:
    """What to ask about the region: nothing where it ever was one, for people keep the number they were given."""
    if number[:2] in HMT or any("county" in props for _, props in numdb.get("cn/loc").info(number[:6])):
        return ""
    return f"前6位“{number[:6]}”在地区代码表中查不到，请对照证件再看一遍"


def read_credit_code(typed: str) -> Read:
    """统一社会信用代码."""
    code = plain_number(typed).upper()
    if len(code) != 18:
        return Read(fault=f"应为18位，现在是{len(code)}位")
    if strange := re.search("[^0-9A-HJ-NPQRTUWXY]", code):
        return Read(fault=f"没有“{strange[0]}”这个字符（不用 I、O、S、V、Z），请对照营业执照")
    try:
        fits = uscc.calc_check_digit(code) == code[-1]
    except ValidationError:
        fits = False
    return Read(number=code) if fits else Read(fault="最后一位校验不符，有一位打错了，请对照营业执照再看一遍")


def read_other(typed: str) -> Read:
    """A passport or another paper: letters and digits."""
    number = plain_number(typed).upper()
    return Read(number=number) if re.fullmatch("[0-9A-Z]{4,30}", number) else Read(fault="应为4到30个字母或数字")


def read_number(kind: NumberKind, typed: str, today: date) -> Read:
    """The number of a paper."""
    return read_resident(typed, today) if kind in WITH_CHECKSUM else read_other(typed)


def read_phone(typed: str) -> Read:
    """A telephone: 13812345678, 0579-87123456, +852 9123 4567, with an extension after 转."""
    plain, _, extension = re.sub(r"[\s()（）\-－—–.]", "", typed.translate(FULL_WIDTH)).partition("转")
    plain = re.sub(r"^(?:\+|00)86(?=1[3-9]|0\d)", "", plain)
    if re.fullmatch(r"1\d*", plain) and not _MOBILE.fullmatch(plain):
        told = f"，现在是{len(plain)}位" if len(plain) != 11 else "，第二位不会是0到2"
        return Read(fault=f"手机号码应为11位{told}")
    if _LOCAL.fullmatch(plain):
        return Read(fault="座机请连区号一起填，如 0579-87123456")
    known = any(form.fullmatch(plain) for form in (_MOBILE, _LANDLINE, _SERVICE, _ABROAD))
    if not known or (extension and not re.fullmatch(r"\d{1,6}", extension)):
        return Read(fault="应写成 13812345678、0579-87123456 或 +国家号码，分机写在“转”后面")
    return Read(number=f"{plain}转{extension}" if extension else plain)


def read_account(typed: str) -> Read:
    """The number of a bank account: digits. That the last one of a card does not fit is only said."""
    number = plain_number(typed)
    if not re.fullmatch(r"\d{8,30}", number):
        strange = re.search(r"\D", number)
        told = f"有“{strange[0]}”，只能有数字" if strange else f"应为8到30位数字，现在是{len(number)}位"
        return Read(fault=told)
    odd = _CARD.fullmatch(number) and not luhn.is_valid(number)
    return Read(number=number, warning="末位校验不符，如果是银行卡号，请对照卡片再看一遍" if odd else "")


def plain_number(typed: str) -> str:
    """What was typed without blanks and dashes, in half-width."""
    return re.sub(r"[\s\-]", "", typed.translate(FULL_WIDTH))
