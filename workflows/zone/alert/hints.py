"""Hints drawn from the words of a settlement on the spot: that nobody is punished is not for us to promise."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.guard import Refusal
from mediation_engine.domain.workflow import HINT

from ...hints import found_in
from .outcome import SettleOnSpot


def unanswered(case: Case, command: Command, on: str | None, plain: Callable[[str], str]) -> Iterator[Refusal]:
    """The hints of what was agreed on the spot which nobody has answered."""
    if not isinstance(command, SettleOnSpot):
        return
    answered = {row.hint for row in command.hints}
    for hint in found_in([plain(command.words)]):
        if hint.kind not in answered:
            words = f"里面可能有“{hint.kind.label}”：{hint.means}；请改一改，或者在“核对提示”里答已看过"
            yield Refusal(f"{HINT}{hint.kind.code}", words, hint.basis)
