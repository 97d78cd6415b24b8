"""Writes what a party can and cannot do into docs/party_acts.md: ``make picture``; with ``--check`` compares only.

All of it comes from the tables: the rows of the machines, the powers that acts take, and the acts on the telephone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from mediation_engine.domain.command import Command
from mediation_engine.domain.guard import basis_words
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.roles import Office
from web.presenters.party_acts import ACTS, ANSWERS
from workflows.facts import POWER_OF
from workflows.rules_2026.consultation import CONSULTATION
from workflows.rules_2026.fast_track import FAST_TRACK
from workflows.vocabulary import Power

PAGE = Path(__file__).with_name("party_acts.md")
HEAD = """# 当事人能办什么，不能办什么

本文件由 `make picture` 从规则的表里生成，请勿手工修改。“当事人”指本人，或有效的代理人、代表；只能办自己一方的事。
“手机上”是凭当事人链接进去以后按的那个键；空着的，当面办，由调解员记。代理人的权限写在委托书上，法定代表人、监护人按法律。

*Made from the tables by `make picture`: what a party may do by itself, and below it what only the staff may do.*
"""
OWN = ("分项", "步骤", "手机上", "在什么状态", "不满足就不能办", "代理人要有的权限", "再输口令", "依据")


def machines() -> list[Machine]:
    """Those of both workflows, each once."""
    return list({m.name: m for w in (FAST_TRACK, CONSULTATION) for m in (*w.phases, *w.parts)}.values())


def rows_of(machine: Machine, command: type[Command]) -> list[T]:
    return [row for row in machine.rows if isinstance(row, T) and row.command is command]


def is_own(machine: Machine, command: type[Command]) -> bool:
    """Whether a party may give a command itself."""
    return any(Office.REPRESENTATIVE in row.by for row in rows_of(machine, command))


def pressed(command: type[Command]) -> tuple[str, str]:
    """What it is called on the telephone, and whether the PIN is asked for there."""
    own = [act for act in ACTS.values() if act.command is command]
    words = [*(act.words for act in own), *filter(None, [ANSWERS.get(command)])]
    asks = command in ANSWERS or any(act.asks_pin for act in own)
    return "、".join(words), "要" if asks else "不用" if words else ""


def own_rows() -> Iterator[Sequence[str]]:
    for machine in machines():
        for command in machine.commands:
            rows = [row for row in rows_of(machine, command) if Office.REPRESENTATIVE in row.by]
            if rows:
                words, pin = pressed(command)
                gates = dict.fromkeys(guard.sentence for row in rows for guard in row.only_if)
                states = dict.fromkeys(row.source.label if row.source else "新的" for row in rows)
                power = POWER_OF.get(command.name(), Power.TAKE_PART).label
                basis = dict.fromkeys(basis_words(row.basis) for row in rows)
                cells = ("、".join(states), "；".join(gates), power, pin, "、".join(basis))
                yield machine.label, command.label, words, *cells


def others() -> Iterator[tuple[str, str]]:
    """By machine: the steps that only the staff may take."""
    for machine in machines():
        left = [command.label for command in machine.commands if not is_own(machine, command)]
        if left:
            yield machine.label, "、".join(left)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *([cell.replace("|", "\\|") or "—" for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def drawn() -> str:
    """The page as the tables are today."""
    parts = [HEAD, "## 自己能办的", "", table(OWN, own_rows()), "", "## 只由本室的人办的", ""]
    return "\n".join([*parts, table(("分项", "步骤"), others()), ""])


def main(arguments: Iterable[str]) -> int:
    """Write, or with ``--check`` say whether the page is what the tables say."""
    new = drawn()
    if "--check" in arguments:
        return int(not PAGE.exists() or PAGE.read_text(encoding="utf-8") != new)
    PAGE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
