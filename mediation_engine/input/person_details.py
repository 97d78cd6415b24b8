"""What was filled in about somebody becomes details for the register, or every fault in it is named, in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ..domain.fields import Text
from ..domain.people import Details, EnterpriseDetails, PartyKind, PersonDetails, Phone
from ..errors import FormFaults
from ..ids import system_randomness
from .identity_numbers import OLDEST, Read, read_account, read_credit_code, read_number, read_phone
from .new_people import someone

MOST_OTHERS = 200
"""Characters of all other names together."""
NAME, OTHERS = "name", "other_names"
Places = Mapping[tuple[str, ...], str]
"""Sentences by where they belong: a field, or field, row and column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Details with their numbers in one form, what is wrong and what is strange."""

    details: Details
    faults: Places
    warnings: Places


def checked(details: Details, today: date) -> Checked:
    """Details as they were filled in, looked at: numbers brought into one form, what they say filled in."""
    read = dict(_numbers(details, today))
    faults = {place: it.fault for place, it in read.items() if it.fault}
    warnings = {place: it.warning for place, it in read.items() if it.warning}
    made = replace(details, **_phones(details, read))
    if isinstance(made, PersonDetails):
        of_number = read.get(("number",), Read())
        faults |= _contradictions(made, of_number, today)
        made = replace(
            made,
            number=Text(of_number.number) if of_number.number else made.number,
            birth=made.birth or of_number.birth,
            sex=made.sex or of_number.sex,
        )
        if account := read.get(("account",), Read()).number:
            made = replace(made, account=Text(account))
    if isinstance(made, EnterpriseDetails) and (code := read.get(("credit_code",), Read()).number):
        made = replace(made, credit_code=Text(code))
    return Checked(details=made, faults=faults, warnings=warnings)


def _numbers(details: Details, today: date) -> Iterator[tuple[tuple[str, ...], Read]]:
    for n, phone in enumerate(details.phones):
        yield ("phones", str(n), "number"), read_phone(phone.number)
    if isinstance(details, PersonDetails) and details.number:
        yield ("number",), read_number(details.number_kind, details.number, today)
    if isinstance(details, PersonDetails) and details.account:
        yield ("account",), read_account(details.account)
    if isinstance(details, EnterpriseDetails) and details.credit_code:
        yield ("credit_code",), read_credit_code(details.credit_code)


def _phones(details: Details, read: Mapping[tuple[str, ...], Read]) -> dict[str, Any]:
    """The telephones, each once."""
    found: dict[str, Phone] = {}
    for n, phone in enumerate(details.phones):
        number = read["phones", str(n), "number"].number or phone.number
        found.setdefault(number, replace(phone, number=Text(number)))
    return {"phones": tuple(found.values())}


def _contradictions(made: PersonDetails, number: Read, today: date) -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    if made.birth and made.birth > today:
        found["birth",] = "还没有到这一天"
    elif made.birth and today.year - made.birth.year > OLDEST:
        found["birth",] = f"照这一天算，今年{today.year - made.birth.year}岁，请核对"
    elif made.birth and number.birth and made.birth != number.birth:
        found["birth",] = f"与身份证号上的出生日期（{number.birth}）不同，请核对；不填则照身份证号"
    if made.sex and number.sex and made.sex is not number.sex:
        found["sex",] = f"与身份证号第17位（{number.sex.label}）不同，请核对；不选则照身份证号"
    return found


def name_typed(typed: str, kind: PartyKind) -> str:
    """A name as it is kept; FormFaults under `NAME`."""
    return someone(NAME, typed.strip(), kind, system_randomness).name


def others_typed(typed: str, kind: PartyKind) -> str:
    """Other names, each looked at as a name, separated by 、; FormFaults under `OTHERS`."""
    if len(typed) > MOST_OTHERS:
        raise FormFaults({OTHERS: [f"不能超过{MOST_OTHERS}个字"]})
    parts = (part.strip() for part in re.split("[、，,;；]", typed))
    return "、".join(dict.fromkeys(someone(OTHERS, part, kind, system_randomness).name for part in parts if part))
