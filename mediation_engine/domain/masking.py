"""What is shown of numbers and addresses until somebody asks for the whole, and that look is on record."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

HIDDEN = "*"
_AREA = re.compile(r".*?(?:街道|开发区|镇|乡|村|社区)")
"""The beginning of an address that says no more than many others share."""


def masked_phone(number: str) -> str:
    """138****5678; of a shorter one the last two digits."""
    return _masked(number, 3, 4) if len(number) >= 11 else _masked(number, 0, 2)


def masked_number(number: str) -> str:
    """3307**********1238: the first and last four; of a shorter one the last two."""
    return _masked(number, 4, 4) if len(number) >= 15 else _masked(number, 0, 2)


def hidden_number(number: str) -> str:
    """3307**************: of a longer one the first four; the last ones are asked for, to know somebody by."""
    return _masked(number, 4, 0) if len(number) >= 15 else HIDDEN * len(number)


def masked_account(number: str) -> str:
    """****0001: the last four."""
    return _masked(number, 0, 4)


def masked_address(address: str) -> str:
    """As far as the street, town or village; nothing where none is named."""
    area = _AREA.match(address)
    return f"{area[0]}****" if area else "****"


def masked_birth(day: date) -> str:
    """The year."""
    return f"{day.year}年**月**日"


def masked_details(details: Any, number: Callable[[str], str] = masked_number) -> Any:
    """What is known of somebody, with its numbers and addresses masked; the day of birth stays, for the age."""
    hidden: dict[str, Any] = {"phones": tuple(replace(p, number=masked_phone(p.number)) for p in details.phones)}
    for name, mask in (("address", masked_address), ("number", number), ("account", masked_account)):
        if getattr(details, name, None):
            hidden[name] = mask(getattr(details, name))
    return replace(details, **hidden)


def _masked(words: str, first: int, last: int) -> str:
    hidden = max(len(words) - first - last, 1)
    rest = words[len(words) - last :] if last and len(words) > first + last else ""
    return f"{words[:first]}{HIDDEN * hidden}{rest}"


MASKS: Mapping[str, Callable[[Any], str]] = {
    "phones": lambda d: "、".join(masked_phone(phone.number) for phone in d.phones),
    "address": lambda d: masked_address(d.address or ""),
    "number": lambda d: masked_number(d.number or ""),
    "birth": lambda d: masked_birth(d.birth),
    "account": lambda d: masked_account(d.account or ""),
}
"""By field: how it is shown until somebody asks for the whole. The others are shown as they are."""
MASKED = {"phones": "电话", "address": "住址", "number": "证件号码", "birth": "出生日期", "account": "银行账号"}
"""What they are called, whoever has them."""
