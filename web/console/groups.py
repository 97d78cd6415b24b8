"""click with its last English words in Chinese: those that are declared, not translated."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class Command(click.Command):
    """A command whose usage line reads 选项."""

    def __init__(self, *given: Any, **named: Any) -> None:
        named.setdefault("options_metavar", "[选项]")
        super().__init__(*given, **named)


class Group(click.Group):
    """A group of such commands; those elsewhere are read when they are called, since to read all takes a second."""

    command_class = Command
    group_class = type

    def __init__(self, *given: Any, elsewhere: Mapping[str, tuple[str, str]] | None = None, **named: Any) -> None:
        """Elsewhere is, by the name of each command, where it is declared, as in "module:name", and what it is for."""
        named.setdefault("options_metavar", "[选项]")
        named.setdefault("subcommand_metavar", "命令 [参数]...")
        super().__init__(*given, **named)
        self.elsewhere = dict(elsewhere or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*self.commands, *self.elsewhere})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.elsewhere:
            return super().get_command(ctx, cmd_name)
        module, _, name = self.elsewhere[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(f".{module}", __package__), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, none of them read for it."""
        named = {name: click.Command(name, short_help=purpose) for name, (_, purpose) in self.elsewhere.items()}
        click.Group(commands={**self.commands, **named}).format_commands(ctx, formatter)
