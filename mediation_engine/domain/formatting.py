"""How days, moments, sums and many names are written in Chinese."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone

# Asia/Shanghai has had no summer time since 1991; a fixed offset needs no time-zone files on an office PC.
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
WEEKDAYS = "一二三四五六日"


def day_words(day: date) -> str:
    """2026年11月23日（周一）"""
    return f"{civil_words(day)}（周{WEEKDAYS[day.weekday()]}）"


def near_words(day: date, today: date) -> str:
    """11月23日（周一）; with its year where that is not today's."""
    return day_words(day).removeprefix(f"{today.year}年")


def civil_words(day: date) -> str:
    """2026年11月23日, as papers have it."""
    return f"{day.year}年{day.month}月{day.day}日"


def short_day(day: date, today: date | None) -> str:
    """11月20日; with the year, where it is not this one."""
    return f"{day.month}月{day.day}日" if today and today.year == day.year else civil_words(day)


def short_sum(fen: int) -> str:
    """A sum in few words: 30万元, 1.25万元, 8,600元, 12.50元."""
    if fen >= 1_000_000 and fen % 10_000 == 0:
        return f"{fen / 1_000_000:.2f}".rstrip("0").rstrip(".") + "万元"
    return f"{fen / 100:,.2f}".removesuffix(".00") + "元"


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


def ordinal_words(number: int) -> str:
    """A whole number below ten thousand, as clauses are counted: 一, 十, 十二, 二十, 一百零三."""
    digits = "零一二三四五六七八九"
    words = "".join(digits[int(d)] + unit for d, unit in zip(f"{number:04d}", ("千", "百", "十", ""), strict=True))
    words = re.sub("(零[千百十])+", "零", words).strip("零") if number else "零"
    return re.sub("^一十", "十", words)


def span(days: int) -> timedelta:
    """A number of calendar days (日, not 工作日)."""
    return timedelta(days=days)


def sum_words(fen: int) -> str:
    """A sum that was agreed: in figures, and in characters that nobody can alter."""
    return f"{money_words(fen)}（{capital_words(fen)}）"


MOST_NAMED = 4
"""Of more parties than these a heading says how many they are."""


def heading(names: Sequence[str]) -> str:
    """A few by name; of many some, and how many they are: 王某、李某、赵某、钱某等218方."""
    shown = "、".join(names[:MOST_NAMED])
    return f"{shown}等{len(names)}方" if len(names) > MOST_NAMED else shown
