"""Names that look alike are written alike, and what only looks like a name is none."""

from __future__ import annotations

import pytest

from mediation_engine.domain.names import like, written
from mediation_engine.domain.people import PartyKind
from mediation_engine.errors import FormFaults
from mediation_engine.ids import seeded_randomness
from mediation_engine.input.new_people import someone
from mediation_engine.read_models.search_terms import asked, of_name, of_number

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("李　四", "李四"),
        ("李 四", "李四"),
        ("阿卜杜 ・ 热西提", "阿卜杜·热西提"),
        ("阿卜杜•热西提", "阿卜杜·热西提"),
        ("阿卜杜‧热西提", "阿卜杜·热西提"),
        ("John  Smith", "John Smith"),
        ("某某 A 座五金店", "某某 A 座五金店"),
    ],
)
def test_a_name_is_kept_in_one_way_of_writing_and_found_by_each(typed: str, kept: str) -> None:
    assert someone("姓名", typed, PartyKind.PERSON, seeded_randomness(1)).name == kept
    assert written(kept) == kept
    full_width = typed.replace(" ", "　")
    assert " A " in kept or asked(kept.replace(" ", "　")) <= of_name(full_width)


@pytest.mark.parametrize("strange", ["\ue001", "\U000f0001", "\ufdd0", "\u200b"])
def test_a_character_that_shows_on_one_machine_only_is_refused_with_a_way_out(strange: str) -> None:
    with pytest.raises(FormFaults, match="同音字"):
        someone("姓名", f"王{strange}", PartyKind.PERSON, seeded_randomness(1))


def test_the_nearest_names_are_offered() -> None:
    assert like("王小名", ["王小明", "李四", "某某五金厂"]) == ["王小明"]
    assert like("完全不同", ["王小明"]) == []


@pytest.mark.parametrize(
    "typed",
    ["永开", "永开人调字第0012号", "人调字", "第12号", "2026", "0012", "12", "（2026）永开人调字第0012号", "开人调"],
)
def test_a_case_is_found_by_what_people_type_of_its_number(typed: str) -> None:
    assert asked(typed) <= of_number("（2026）永开人调字第0012号")


@pytest.mark.parametrize("typed", ["J33078400017", "j33078400017", "33078400017"])
def test_letters_of_a_number_may_be_typed_or_left_out(typed: str) -> None:
    assert asked(typed) <= of_number("J33078400017")
    assert asked("GD-9") <= of_number("四平台 GD-9")


def test_what_stands_in_every_number_is_kept_with_none() -> None:
    assert not [word for word in of_number("（2026）永开人调字第0012号") if "字" in word or "第" in word]
    assert asked("字典第一厂") <= of_name("永康字典第一厂")
    assert asked("第三建筑") <= of_name("第三建筑公司")
