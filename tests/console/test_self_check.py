"""自查 on the console: of one case, of all, set aside and taken back."""

from __future__ import annotations

import re

import pytest

from .test_console import Console, case, nowhere, one_case, root, staffed  # noqa: F401  (fixtures)

CASE = ("self-check", "A1", "--as")
ALL = ("self-check", "--all", "--as")


def test_a_case_is_told_with_why_and_how_it_is_put_right(case: Console) -> None:  # noqa: F811
    shown = case(*CASE, "li")
    for words in ("卷内缺材料", "3 当事人身份证明", "人民调解法 第27条", "收存材料"):
        assert words in shown


def test_it_can_be_narrowed_and_read_by_programs(case: Console) -> None:  # noqa: F811
    found = case.json(*CASE, "li", "--rule", "place_missing")
    assert {it["rule"] for it in found} == {"place_missing"}
    assert {it["about"] for it in found} >= {"identity", "rights"}
    assert {it["weight"] for it in case.json(*CASE, "li", "--weight", "轻")} == {"轻"}
    whole = case.json(*ALL, "wang")
    assert (whole["counted"], whole["unread"], whole["flags"]) == (1, 0, [])
    assert [it["case"] for it in whole["cases"]] == ["A1"]
    assert case.json(*ALL, "wang", "--month", "2020-01")["counted"] == 0
    assert case.json(*ALL, "wang", "--mediator", "wang")["counted"] == 0


def test_all_are_told_by_rule_and_by_case(case: Console) -> None:  # noqa: F811
    shown = case(*ALL, "wang")
    for words in ("看过 1 件", "不是说谁有错", "place_missing", "卷内缺材料"):
        assert words in shown


def test_the_lead_sets_one_aside_and_takes_it_back(case: Console) -> None:  # noqa: F811
    words = ("--set-aside", "place_missing", "--about", "identity", "--reason", "证件由公安留存")
    shown = case(*CASE, "wang", *words)
    assert "已说明 1 处" in shown
    assert "identity" not in {it["about"] for it in case.json(*CASE, "li") if "aside" not in it}
    [struck] = [it for it in case.json(*CASE, "li") if "aside" in it]
    assert (struck["aside"]["reason"], struck["aside"]["by"]) == ("证件由公安留存", "wang")
    assert "证件由公安留存" in case(*CASE, "li")
    id = re.search("处：([0-9a-zA-Z]+)。", shown)
    assert id
    case("self-check", "--undo", id[1], "--reason", "没有留存", "--as", "wang")
    assert "identity" in {it["about"] for it in case.json(*CASE, "li")}
    assert "还没撤回" in case("self-check", "--undo", id[1], "--reason", "再撤", "--as", "wang", code=2)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("self-check", "--as", "li"), 2, "请写明一件案件，或用 --all"),
        (("self-check", "A1", "--all", "--as", "li"), 2, "请写明一件案件，或用 --all"),
        (("self-check", "B9", "--as", "li"), 5, "B9"),
        ((*CASE, "li", "--set-aside", "place_missing", "--reason", "无"), 3, "室主任"),
        ((*CASE, "wang", "--set-aside", "place_missing"), 3, "请写明理由"),
        ((*CASE, "wang", "--set-aside", "place_missing", "--reason", "\u202e写反了"), 3, "不可显示的字符"),
    ],
)
def test_what_cannot_be_done_says_why(
    case: Console,  # noqa: F811
    words: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    assert said in case(*words, code=code)
