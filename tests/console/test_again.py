"""再起纠纷 on the console."""

from __future__ import annotations

from .test_console import Console, case, nowhere, one_case, root, staffed  # noqa: F401  (fixtures)


def test_a_closed_case_gives_its_parties_to_a_new_one_and_an_open_one_gives_none(case: Console) -> None:  # noqa: F811
    assert "还没有结案" in case("case", "again", "A1", "--as", "li", code=2)
    case.do("记录谈妥", "--set", '协议条款=[{"内容": "当面道歉"}]')
    case.do("按口头协议生效", "--on", "协议1")
    case.do("记录已履行", "--on", "协议义务1")
    case.do("履行完毕结案", "--set", "还没有做的走访=取消", "--set", "取消走访的原因=双方已搬离")
    case("case", "again", "A1", "--id", "A2", "--set", "简要情况=又吵起来了", "--as", "li")
    facts = case.json("case", "show", "A2", "--as", "li")["facts"]
    assert (facts["predecessor"], facts["repeats"]) == ("A1", True)
