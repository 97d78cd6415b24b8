"""The fingerprint of rules: what decides changes it, and nothing else does."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from mediation_engine.domain.machine import DeclarationFault
from mediation_engine.rules.fingerprint import rule_lines

from .packages import package, texts

FILES = texts(Path(__file__).parent / "debts")


def lines(folder: Path, files: dict[str, str], module: str = "table", name: str = "WORKFLOW") -> list[str]:
    """All that the fingerprint of a workflow covers."""
    with package(folder, files) as made:
        workflow = getattr(importlib.import_module(f"{made.__name__}.{module}"), name)
        return list(rule_lines(workflow))


def changed(file: str, old: str, new: str) -> dict[str, str]:
    """The files with one place changed."""
    assert FILES[file].count(old) == 1, old
    return FILES | {file: FILES[file].replace(old, new)}


CHANGES = {
    "a condition": ("table.py", "<= LIMITS", "< LIMITS"),
    "a negation": ("table.py", '!= "  甲"', '== "  甲"'),
    "one space in a text": ("table.py", '"  甲"', '" 甲"'),
    "one space in a text elsewhere": ("sums.py", "应 付", "应付"),
    "a number in a collection": ("sums.py", "500", "501"),
    "the order of a collection": ("sums.py", "(1, 2)", "(2, 1)"),
    "a helper": ("sums.py", "amount * 2", "amount * 3"),
    "a helper's helper": ("days.py", "day > last", "day >= last"),
    "a constant of a helper's helper": ("days.py", "day != 13", "day != 14"),
    "a constant of a helper": ("days.py", "TERM = 30", "TERM = 31"),
    "a helper with the name of another": ("words.py", "// 2", "// 3"),
    "which of two helpers of one name": ("table.py", "least < half(sum)", "least < half_of_words(sum)"),
    "a default": ("sums.py", "by: int = 2", "by: int = 4"),
    "a default by keyword": ("table.py", "openly: bool = True", "openly: bool = False"),
    "what a function is given beforehand": ("table.py", "least=Grade.HIGH", "least=Grade.LOW"),
    "what a guard is made with": ("table.py", "at_least(100)", "at_least(101)"),
    "the code of a guard that is made": ("table.py", "least < half", "least > half"),
    "a lambda": ("table.py", "lambda s: MET", "lambda s: met_if(False)"),
    "a lambda in a row": ("table.py", "lambda case, key: None", "lambda case, key: Settled()"),
    "a cached helper": ("table.py", "day * 3", "day * 4"),
    "one of two helpers that use each other": ("table.py", "number == 0 or", "number == 1 or"),
    "the value of a member": ("sums.py", '"loan"', '"lent"'),
    "the value of another member": ("sums.py", 'LOW = "low"', 'LOW = "lowest"'),
    "a value that a member is compared with": ("table.py", '"wage"', '"wages"'),
    "a property of a value": ("sums.py", "is_past(self.amount, TERM)", "not is_past(self.amount, TERM)"),
    "how values are compared": ("sums.py", "self.share < other.share", "self.share > other.share"),
    "what a value is made with": ("sums.py", "amount: int = 9", "amount: int = 8"),
    "a property of the facts": ("sums.py", "self.debt is None", "self.debt is not None"),
    "what a fact is at first": ("sums.py", 'grade: str = "low"', 'grade: str = "high"'),
    "what an event finds out": ("table.py", "rate=7", "rate=8"),
    "what an event leaves": ("table.py", "amount=self.rate", "amount=self.rate + 1"),
    "what an event holds by default": ("table.py", "rate: int = 5", "rate: int = 6"),
    "a basis": ("table.py", "第3条", "第5条"),
    "the basis of a guard": ("table.py", '"某法 第1条")\ndef', '"某法 第6条")\ndef'),
    "the code of a guard": ("table.py", '"ranked"', '"rated"'),
    "who may": ("table.py", "S.PAID, LEAD", "S.PAID, MEDIATOR"),
    "a guard less": ("table.py", "(within_limit, small)", "(within_limit,)"),
    "a mark for a gate": ("table.py", 'NAMED), Paid, "某法 第2条", (RANKED,)', 'NAMED, RANKED), Paid, "某法 第2条"'),
    "where a row leads": ("table.py", "Follows(S.OWED, S.PAID, cleared", "Follows(S.OWED, S.OWED, cleared"),
    "a row less": ("table.py", '    Follows(S.OWED, S.PAID, cleared, Settled, "某法 第3条"),\n', ""),
    "where nothing waits": ("table.py", "final={S.PAID}", "final={S.PAID}, resting={S.OWED}"),
}
SAME = {
    "a sentence": ("table.py", "须不超过限额", "请不要超过限额"),
    "a label": ("table.py", "已付款", "款已付"),
    "the label of a member": ("sums.py", "借款", "借贷"),
    "a docstring": ("days.py", "Whether a day is past.", "Whether it is."),
    "a comment": ("sums.py", "# not more", "# never more"),
    "an annotation": ("sums.py", "def double(amount: int)", "def double(amount: float)"),
    "the name of a helper": (
        "table.py",
        "from .sums import double as twice",
        "from .sums import double\n\ntwice = double",
    ),
    "an alias": ("table.py", "half as half_of_words\n", "half as half_of_words\nfrom .words import half as _\n"),
    "what only tells": ("table.py", "return (Pay,)", "return ()"),
    "what only shows": ("sums.py", "元", "圆"),
    "a choice that nothing rests on": (
        "sums.py",
        'CASH = "cash", "现金"',
        'CASH = "cash", "现金"\n    CARD = "card", "卡"',
    ),
    "a field that nothing asks for": ("sums.py", "Manner | None = None", 'Manner | None = None\n    note: str = ""'),
    "a fact that nothing asks for": ("sums.py", "count: int = 0", "count: int = 1"),
    "what pages ask of the facts": ("sums.py", '("债",)', '("债务",)'),
    "a field of a command": ("table.py", '"付款"\n', '"付款"\n    note: str = ""\n'),
    "layout": (
        "table.py",
        "met_if(is_small(s.facts.debt.amount) or",
        "met_if(\n        is_small(s.facts.debt.amount)\n        or",
    ),
    "quotes": ("table.py", '== "wage"', "== 'wa' 'ge'"),
    "a statement that says nothing": ("days.py", "    return day", '    "one day more"\n    return day'),
}


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return lines(tmp_path_factory.mktemp("rules"), FILES)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_decides_changes_it(change: tuple[str, str, str], untouched: list[str], tmp_path: Path) -> None:
    assert lines(tmp_path, changed(*change)) != untouched


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_what_decides_nothing_does_not_change_it(
    change: tuple[str, str, str], untouched: list[str], tmp_path: Path
) -> None:
    assert lines(tmp_path, changed(*change)) == untouched


def test_the_order_of_rows_changes_it(untouched: list[str], tmp_path: Path) -> None:
    table = FILES["table.py"]
    first, second = [line for line in table.splitlines() if line.startswith("    Follows")]
    swapped = lines(
        tmp_path, FILES | {"table.py": table.replace(first, "FIRST").replace(second, first).replace("FIRST", second)}
    )
    assert sorted(swapped) == sorted(untouched)
    assert swapped != untouched


def test_a_label_that_code_rests_on_changes_it(tmp_path: Path) -> None:
    asking = FILES | {
        "table.py": FILES["table.py"].replace("s.facts.kind == Kind.LOAN.value", "s.facts.kind.label == '借'")
    }
    asking["table.py"] = asking["table.py"].replace('s.facts.kind == "wage"', "s.facts.kind is Kind.WAGE")
    other = asking | {"sums.py": asking["sums.py"].replace("借款", "借")}
    assert asking["table.py"].count("label == ") == asking["table.py"].count("is Kind.WAGE") == 1
    assert lines(tmp_path, asking) != lines(tmp_path, other)


@pytest.mark.parametrize(
    ("new", "fault"),
    [
        ("from .days import TERM\n    return amount < TERM", "an import of its own"),
        ("global TEXT\n    return amount < 50", "a global name of its own"),
        ("return amount < next(NUMBERS)", "cannot take in"),
        ("return UNWRITTEN(amount)", "source is not at hand"),
    ],
)
def test_what_cannot_be_pinned_is_refused(new: str, fault: str, tmp_path: Path) -> None:
    files = changed("sums.py", "return amount < 50", new)
    files["sums.py"] += "\nNUMBERS = iter((1, 2))\nUNWRITTEN = eval('lambda amount: amount < 5')\n"
    with pytest.raises(DeclarationFault, match=fault):
        lines(tmp_path, files)
