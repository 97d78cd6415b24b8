"""click with its last English words in Chinese: those that are declared, not translated."""

from __future__ import annotations

from typing import Any

import click


class Command(click.Command):
    """A command whose usage line reads 选项."""

    def __init__(self, *given: Any, **named: Any) -> None:
        named.setdefault("options_metavar", "[选项]")
        super().__init__(*given, **named)


class Group(click.Group):
    """A group of such commands."""

    command_class = Command
    group_class = type

    def __init__(self, *given: Any, **named: Any) -> None:
        named.setdefault("options_metavar", "[选项]")
        named.setdefault("subcommand_metavar", "命令 [参数]...")
        super().__init__(*given, **named)
