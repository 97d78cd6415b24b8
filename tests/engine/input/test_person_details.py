"""Numbers of papers and telephones: what is right is brought into one form, what is wrong is told, in words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation_engine.domain.fields import Text
from mediation_engine.domain.masking import masked_address, masked_number, masked_phone
from mediation_engine.domain.people import EnterpriseDetails, NumberKind, PartyKind, PersonDetails, Phone, Sex
from mediation_engine.errors import FormFaults
from mediation_engine.input.identity_numbers import read_credit_code, read_number, read_phone, read_resident
from mediation_engine.input.person_details import checked, others_typed

pytestmark = pytest.mark.quick

TODAY = date(2026, 11, 23)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def with_check(first: str) -> str:
    """A number of eighteen characters from its first seventeen, as GB 11643-1999 makes it."""
    return first + "10X98765432"[sum(int(d) * w for d, w in zip(first, WEIGHTS, strict=True)) % 11]


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014", "330784199003071238"])
def test_the_numbers_of_the_standard_and_of_yongkang_are_right_but_for_their_age(number: str) -> None:
    read = read_resident(number, TODAY)
    assert read.number == number or "岁" in read.fault


@given(st.dates(date(1920, 1, 1), TODAY), st.integers(0, 999), st.sampled_from(["330784", "110105", "810000"]))
def test_every_number_with_a_day_and_its_check_is_right(day: date, serial: int, region: str) -> None:
    number = with_check(f"{region}{day:%Y%m%d}{serial:03d}")
    read = read_resident(number.lower(), TODAY)
    assert (read.number, read.birth, read.fault, read.warning) == (number, day, "", "")
    assert read.sex is (Sex.MALE if serial % 2 else Sex.FEMALE)


@given(st.dates(date(1930, 1, 1), TODAY), st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(day: date, serial: int, at: int, by: int) -> None:
    number = with_check(f"330784{day:%Y%m%d}{serial:03d}")
    typed = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    assert read_resident(typed, TODAY).fault


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        *(("", "现在是0位"), ("33078419900307123", "现在是17位"), ("33078419900307123A", "应为18位")),
        *(("330784900307123", "15位的旧号码"), (with_check("33078419901307123"), "不是有效的出生日期")),
        *((with_check("33078420271231123"), "还没有到"), (with_check("33078418800307123"), "岁")),
    ],
)
def test_what_is_wrong_with_a_number_is_told(typed: str, told: str) -> None:
    assert told in read_resident(typed, TODAY).fault


def test_a_region_that_never_was_is_taken_and_told() -> None:
    read = read_resident(with_check("99000019900307123"), TODAY)
    assert (read.fault, "前6位" in read.warning) == ("", True)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        *(("91350100M000100Y43", ""), ("91350100m000100y43", ""), (" ９１350100 M000100Y43", "")),
        *(("91350100M000100Y42", "校验不符"), ("91350100M000100Y4", "现在是17位"), ("91350100O000100Y43", "没有“O”")),
    ],
)
def test_a_credit_code_is_checked(typed: str, told: str) -> None:
    read = read_credit_code(typed)
    assert (told in read.fault, read.number) == (True, "" if told else "91350100M000100Y43")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        *(("13812345678", "13812345678"), ("138-1234-5678", "13812345678"), ("+86 138 1234 5678", "13812345678")),
        *(("008613812345678", "13812345678"), ("（0579）87123456", "057987123456"), ("0451-86071888", "045186071888")),
        *(
            ("0579-87123456转801", "057987123456转801"),
            ("400-123-4567", "4001234567"),
            ("+852 9123 4567", "+85291234567"),
        ),
        ("１３８１２３４５６７８", "13812345678"),
    ],
)
def test_a_telephone_is_brought_into_one_form(typed: str, number: str) -> None:
    assert (read_phone(typed).number, read_phone(typed).fault) == (number, "")


@pytest.mark.parametrize(
    "typed", ["", "1381234567", "138123456789", "12812345678", "87123456", "老王", "0579", "1" * 40]
)
def test_what_is_no_telephone_is_told(typed: str) -> None:
    assert read_phone(typed).fault


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_or_told(typed: str) -> None:
    for read in (*(read_number(kind, typed, TODAY) for kind in NumberKind), read_phone(typed), read_credit_code(typed)):
        assert bool(read.number) != bool(read.fault)


def test_what_a_number_says_is_filled_in_and_telephones_stand_once() -> None:
    phones = tuple(Phone(number=Text(typed)) for typed in ("138 1234 5678", "13812345678"))
    found = checked(PersonDetails(number=Text("330784199003071238"), phones=phones), TODAY)
    assert isinstance(found.details, PersonDetails)
    assert (found.details.birth, found.details.sex) == (date(1990, 3, 7), Sex.MALE)
    assert [phone.number for phone in found.details.phones] == ["13812345678"]
    assert (found.faults, found.warnings) == ({}, {})


def test_what_contradicts_the_number_is_told_in_its_place() -> None:
    given_ = PersonDetails(number=Text("330784199003071238"), birth=date(1991, 3, 7), sex=Sex.FEMALE)
    assert set(checked(given_, TODAY).faults) == {("birth",), ("sex",)}
    phones = (Phone(number=Text("13812345678")), Phone(number=Text("1")))
    faults = checked(EnterpriseDetails(phones=phones, credit_code=Text("1")), TODAY).faults
    assert set(faults) == {("phones", "1", "number"), ("credit_code",)}


def test_a_passport_is_no_resident_card() -> None:
    found = checked(PersonDetails(number_kind=NumberKind.PASSPORT, number=Text("e 1234567")), TODAY)
    assert (found.faults, found.details.number) == ({}, "E1234567")  # type: ignore[union-attr]


def test_other_names_are_names() -> None:
    assert others_typed("小王，王大锤、 小王", PartyKind.PERSON) == "小王、王大锤"
    assert others_typed("阿不都·热合曼", PartyKind.PERSON) == "阿不都·热合曼"
    with pytest.raises(FormFaults):
        others_typed("名" * 101, PartyKind.PERSON)


# -- masks


@given(st.text("0123456789X", min_size=1, max_size=30))
def test_a_mask_shows_no_more_than_eight_characters_and_never_all(number: str) -> None:
    for masked in (masked_number(number), masked_phone(number)):
        assert "*" in masked
        assert len(masked.replace("*", "")) <= min(8, max(len(number) - 1, 0))


def test_masks_are_as_people_know_them() -> None:
    assert masked_phone("13812345678") == "138****5678"
    assert masked_number("330784199003071238") == "3307**********1238"
    assert masked_address("浙江省永康市芝英镇某村12号") == "浙江省永康市芝英镇****"
    assert masked_address("东城街道长城路8号3幢") == "东城街道****"
    assert masked_address("长城路8号") == "****"
