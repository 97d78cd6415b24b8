"""Sums named in words: 12,000元, 1.5万元, 三万五千元. Read to the 分, or not at all."""

from __future__ import annotations

import re
from decimal import Decimal

PLAIN = str.maketrans("〇两壹贰叁肆伍陆柒捌玖拾佰仟萬", "零二一二三四五六七八九十百千万")
DIGITS = "零一二三四五六七八九"
UNITS = (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10))
NUMBER = f"[0-9.{DIGITS}十百千万亿]"
SUM = re.compile(f"(?<!{NUMBER})({NUMBER}+)([余多几来]?)([万千百]?)[余多]?元(?![化旦月件])")
COINS = re.compile(f"元{NUMBER}+[角分]")
VAGUE = re.compile(
    "[数几上好近成](?=[十百千万亿]+元)|约(?!定)|大概|左右|上下|不等|[余多几来][万千百]?元|[万千百十]余|近[0-9一二三四五六七八九十]"
    "|不低于|不少于|不超过|至少|最多|最高|以内|以上|以下"
    "|每|按月|按日|按年|各自?[付支承赔补]|[一二三四五六七八九十0-9]人各"
)
AWAY = re.compile("退回|退还|返还|[尚仍下]欠|(?<![偿归])还欠|未付|待付|扣除|抵扣|冲抵|除已")
FOREIGN = re.compile("美元|美金|港币|港元|欧元|日元|英镑|韩元|台币|澳门|外币|卢布|USD|HKD|EUR|JPY|usdt|USDT|\\$|€|£")
MOST_FEN = 10**13


def sums(words: str) -> list[str]:
    """The numbers that stand before 元."""
    return [found[0] + found[2] for found in SUM.findall(_plain(words))]


def one_sum(words: str) -> int | None:
    """The one exact sum named, in 分; None where there is none, more than one, a vague one, or one that is not paid."""
    words = _plain(words)
    found = sums(words)
    unsure = VAGUE.search(words) or AWAY.search(words) or FOREIGN.search(words) or COINS.search(words)
    number = None if len(found) != 1 or unsure else _number(found[0])
    fen = None if number is None else number * 100
    return int(fen) if fen is not None and fen == int(fen) and 0 < fen <= MOST_FEN else None


def whole(words: str) -> int | None:
    """A small whole number in figures or words; None where it is neither."""
    number = _number(_plain(words))
    return int(number) if number is not None and number == int(number) else None


def spelled(number: int) -> str:
    """A head-count below a hundred as it is written in words, 二十; in figures where it is larger."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else DIGITS[tens]) + ("十" if tens else "") + (DIGITS[ones] if ones else "")


def _plain(words: str) -> str:
    """12,000 as 12000; formal figures as common ones."""
    return re.sub(r"(?<=\d)[,，](?=\d{3}(?!\d))", "", words).translate(PLAIN)


def _number(words: str) -> Decimal | None:
    """None for what may be read in two ways: 三万五 is 30,005 to a machine and 35,000 to a person."""
    for unit, worth in UNITS:
        if unit not in words:
            continue
        head, _, tail = words.partition(unit)
        many = _number(head) if head else (Decimal(1) if unit == "十" else None)
        rest = _number(tail.lstrip("零")) if tail else Decimal(0)
        if many is None or rest is None or rest >= worth or (rest < 10 < worth and tail[:1] not in ("", "零")):
            return None
        return many * worth + rest
    if re.fullmatch(r"\d+(\.\d+)?", words):
        return Decimal(words)
    return Decimal(DIGITS.index(words)) if len(words) == 1 and words in DIGITS else None
