"""更正 and 误录 on the console."""

from __future__ import annotations

from .test_console import Console, case, nowhere, one_case, root, staffed  # noqa: F401  (fixtures)


def test_only_what_was_wrong_is_filled_in_again(case: Console) -> None:  # noqa: F811
    case.do("记录付款", "--set", "金额=800", "--set", "凭证、说明=现金")
    line = len(case.lines())
    said = case("case", "correct", "A1", str(line), "--set", "金额=8000", "--reason", "少打了一个零", "--as", "li")
    assert "已更正" in said and "少打了一个零" in said
    shown = case("case", "show", "A1", "--as", "li")
    assert "￥8,000.00" in shown and "￥800.00" not in shown
    assert "没有发现问题" in case("audit", "A1") or "合规" in case("audit", "A1")


def test_a_step_that_never_happened_is_struck(case: Console) -> None:  # noqa: F811
    case.do("记录付款", "--set", "金额=800")
    line = len(case.lines())
    case("case", "strike", "A1", str(line), "--reason", "记错案子", "--preview", "--as", "li")
    assert len(case.lines()) == line
    assert "已作误录" in case("case", "strike", "A1", str(line), "--reason", "记错案子", "--as", "li")
    assert len(case.lines()) == line + 1


def test_what_was_done_together_is_told_to_be_struck_together(case: Console) -> None:  # noqa: F811
    case.do("告知权利义务", "--on", "王某", "--on", "某五金厂")
    last = len(case.lines())
    said = case("case", "strike", "A1", str(last), "--reason", "记错案子", "--as", "li")
    assert f"! 第{last - 1}—{last}条是同一次办理的，一并更正" in said


def test_the_auditor_lists_them_with_their_reasons(case: Console) -> None:  # noqa: F811
    assert "还没有更正过什么" in case("case", "corrections", "--as", "chen")
    case.do("记录付款", "--set", "金额=800")
    line = len(case.lines())
    case("case", "strike", "A1", str(line), "--reason", "记错案子", "--as", "li")
    said = case("case", "corrections", "--as", "chen")
    assert f"第{line}条" in said and "作误录" in said and "记错案子" in said
    (row,) = case.json("case", "corrections", "--as", "chen")
    assert (row["corrects"], row["struck"], row["reason"]) == (line, True, "记错案子")
    assert len(case.json("case", "corrections", "--skip", "1", "--as", "wang")) == 0


def test_under_the_same_number_it_is_done_once(case: Console) -> None:  # noqa: F811
    case.do("记录付款", "--set", "金额=800", "--set", "凭证、说明=现金")
    line = len(case.lines())
    words = ("case", "correct", "A1", str(line), "--set", "凭证、说明=转账", "--reason", "写错", "--as", "li")
    for _ in range(2):
        case(*words, "--command-id", "foo-00001")
    assert len(case.lines()) == line + 1


def test_a_reason_is_words_that_can_be_read(case: Console) -> None:  # noqa: F811
    case.do("记录付款", "--set", "金额=800")
    strike = ("case", "strike", "A1", str(len(case.lines())), "--as", "li", "--reason")
    assert "请写明更正的原因" in case(*strike, "   ", code=2)
    assert "不可显示的字符" in case(*strike, "\u202e写反了", code=2)
    assert "不能超过" in case(*strike, "长" * 1000, code=2)
    erase = ("text", "erase", "A1", case.text(), "--as", "wang", "--reason")
    assert "理由" in case(*erase, "  ", "--basis", "第47条", code=2)
    assert "不可显示的字符" in case(*erase, "本人申请", "--basis", "\u202e", code=2)


def test_whose_words_they_are_is_not_told_to_the_auditor(case: Console) -> None:  # noqa: F811
    assert "王某和调解员" in case("text", "list", "A1", "--as", "li")
    assert "王某和调解员" not in case("text", "list", "A1", "--as", "chen")


def test_what_cannot_be_corrected_is_told(case: Console) -> None:  # noqa: F811
    assert "不是可以更正的一步" in case("case", "strike", "A1", "999", "--reason", "x", "--as", "li", code=2)
    assert "误登记" in case("case", "strike", "A1", "1", "--reason", "x", "--as", "li", code=3)
    assert "--reason" in case("case", "strike", "A1", "1", "--as", "li", code=2)
    assert "与原来相同" in case("case", "correct", "A1", "1", "--reason", "x", "--as", "li", code=3)
