"""How things are written for people, in Chinese: labelled choices, dates, sums of money."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from typing import Self

# Asia/Shanghai has had no summer time since 1991; a fixed offset needs no time-zone files on an office PC.
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
WEEKDAYS = "一二三四五六日"


class Labelled(Enum):
    """A choice with a stored code (its value) and a Chinese label: ``NAME = "code", "标签"``."""

    code: str
    """The value, read at the cost of any attribute; of an enumeration's own it is a call."""
    label: str

    def __new__(cls, code: str, label: str) -> Self:
        member = object.__new__(cls)
        member._value_ = member.code = code
        member.label = label
        return member

    @classmethod
    def named(cls, words: str) -> Self | None:
        """The member whose code or label is `words`, or None."""
        return next((m for m in cls if words in (m.value, m.label)), None)


def day_words(day: date) -> str:
    """2026年11月23日（周一）"""
    return f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def moment_words(moment: datetime) -> str:
    """A stored instant as read off a clock in China, to the minute."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def money_words(fen: int) -> str:
    """An amount in 分 as ￥12,345.60."""
    sign = "-" if fen < 0 else ""
    yuan, cents = divmod(abs(fen), 100)
    return f"{sign}￥{yuan:,}.{cents:02d}"


DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟", "万", "拾", "佰", "仟", "亿", "拾", "佰", "仟", "万")


def capital_words(fen: int) -> str:
    """An amount in 分 as 人民币壹万贰仟元整, as on cheques (支付结算办法 附件一)."""
    yuan, jiao, cents = fen // 100, fen % 100 // 10, fen % 10
    whole = f"{_capital(yuan)}元" if yuan else ""
    if not jiao and not cents:
        return f"人民币{whole or '零元'}整"
    nought = "零" if whole and (not jiao or not yuan % 10) else ""
    tenths, hundredths = f"{DIGITS[jiao]}角" if jiao else "", f"{DIGITS[cents]}分" if cents else ""
    return f"人民币{whole}{nought}{tenths}{hundredths}"


def _capital(number: int) -> str:
    """A whole number, digit by digit with its place; noughts in a row are one, and none before 万, 亿 or the end."""
    digits = [int(d) for d in reversed(str(number))]
    words = "".join(DIGITS[d] + PLACES[n] for n, d in reversed(list(enumerate(digits))))
    words = re.sub("零+", "零", re.sub("零[拾佰仟]", "零", words))
    return re.sub("亿万", "亿", re.sub("零([万亿])", r"\1", words)).rstrip("零")


def span(days: int) -> timedelta:
    """A number of calendar days (日, not 工作日)."""
    return timedelta(days=days)
