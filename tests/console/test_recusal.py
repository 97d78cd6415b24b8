"""回避 on the console: who has stepped back is told who can act, and offered nothing but to hand the case on."""

from __future__ import annotations

from .test_console import Console, case, nowhere, one_case, root, staffed  # noqa: F401  (fixtures)


def test_who_has_stepped_back_is_refused_and_sees_why(case: Console) -> None:  # noqa: F811
    case.do("调解员回避", "--on", "承办1", "--set", "原因=与一方当事人有近亲属关系")
    said = case.do("补记情况", "--set", "情况=补一笔", code=3)
    assert "已回避本案的人不再办理" in said and "请由承办的人或室主任办理" in said
    rows = case.json("case", "available", "A1", "--as", "li")
    assert {row["label"] for row in rows if row["allowed"]} == {"当事人知情后仍同意其办理"}
    case.do("补记情况", "--set", "情况=补一笔", by="wang")
